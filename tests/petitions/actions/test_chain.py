"""The chain by the hands of its stations: what each does to the rows, whom it asks, and why it is refused."""

from datetime import date, timedelta

import pytest

from cases.models import Assignment, Deadline, Event
from offices.errors import NotAllowed
from offices.models import Substitution, User
from petitions.actions.chain import (
    confirm_receipt,
    give_back,
    pass_on,
    read_notice,
    reopen,
    replan,
    skip,
    start_chain,
    withdraw,
)
from petitions.actions.opening import edit_petition
from petitions.actions.requests import extend_request
from petitions.models import Station, StationNotice
from petitions.rules.vocabulary import Competence, LegalArea, Outcome, Requester, RequestKind, StationRole, Topic
from tests.cast import TODAY, actor
from tests.petitions import walk

pytestmark = pytest.mark.usefixtures("house")
AGREE, CHECK, DRAFT, FORWARD, SIGN = (
    StationRole.AGREE,
    StationRole.CHECK,
    StationRole.DRAFT,
    StationRole.FORWARD,
    StationRole.SIGN,
)
RD = "regional_directorate"


@pytest.mark.parametrize(
    ("slug", "changes"),
    [
        ("pankow", {}),
        ("pankow", {"competence": Competence.OWNERS_ASSEMBLY, "topic": Topic.ORGANISATION}),
        ("pankow", {"competence": Competence.MIXED}),
        ("germersheim", {}),
        ("germersheim", {"competence": Competence.OWNERS_ASSEMBLY, "topic": Topic.ORGANISATION}),
        ("gera", {"requester": Requester.STATE_CHANCELLERY, "competence": Competence.MUNICIPAL}),
        ("berlin-nord", {"legal_area": LegalArea.SGB3}),
        ("berlin-nord", {"legal_area": LegalArea.SGB3, "topic": Topic.LABOUR_MARKET_ADMISSION}),
    ],
)
def test_every_route_is_walked_to_its_end_by_the_hands_of_its_stations(slug, changes):
    request = walk.finished(walk.started(slug, **changes))
    assert request.answered_on == TODAY
    assert not request.stations.filter(outcome="").exists()
    assert not request.petition.case.deadlines.open().filter(kind=Deadline.Kind.OTHER).exists()
    assert not request.petition.case.assignments.open().filter(kind="pass_station").exists()


def facts(request, *, done: bool = True) -> list[tuple]:
    """What the rows that are finished hold."""
    rows = request.stations.filter(done_on__isnull=not done).order_by("position")
    names = ("pk", "key", "round", "opened_on", "received_on", "done_on", "outcome", "returned_to", "reason", "done_by")
    return list(rows.values_list(*names))


def refusal(action, **arguments) -> str:
    with pytest.raises(NotAllowed) as refused:
        action(**arguments)
    return refused.value.reason


# Start


def test_the_start_freezes_the_plan_watches_every_date_and_asks_who_begins():
    request = walk.started()
    version = request.plans.get()
    planned = {entry.key: entry.planned_on for entry in version.plan.stations if not entry.arrived}
    watched = {s.key: s.deadline.due_on for s in request.stations.filter(deadline__isnull=False)}
    assert watched == planned
    assert (version.number, version.outside_due_on) == (1, walk.OUTSIDE)
    station = walk.the_open(request)
    assert (station.role, station.opened_on) == (StationRole.REGISTER, TODAY)
    asked = Assignment.objects.open().filter(kind="pass_station", case=request.petition.case)
    assert sorted(a.user.username for a in asked) == ["pankow.krm", "pankow.krm2"]
    assert Event.objects.filter(case=request.petition.case, code="petition.started").count() == 1


def test_what_waits_for_nobody_is_not_started():
    request = walk.started()
    krm = actor("pankow.krm")
    assert refusal(start_chain, by=krm, request=request) == "Der Berichtsweg hat schon begonnen."
    state = walk.request(request.petition, kind=RequestKind.STATE)
    assert refusal(start_chain, by=krm, request=state) == "Diese Anforderung wird ohne Berichtsweg beantwortet."
    other = walk.request(request.petition, kind=RequestKind.SUPPLEMENTARY)
    withdraw(by=krm, request=other, reason="Vom Ausschuss zurückgenommen.")
    assert refusal(start_chain, by=krm, request=other) == "Diese Anforderung ist schon beantwortet oder erledigt."


@pytest.mark.parametrize("name", ["tl", "vz", "gf", "ma"])
def test_only_the_desk_starts_a_chain(name):
    request = walk.request(walk.petition())
    with pytest.raises(NotAllowed):
        start_chain(by=actor(f"pankow.{name}"), request=request)
    assert not request.stations.exists()


# Passing on


def test_who_does_not_hold_the_function_does_not_pass_it_on():
    request = walk.started()
    station = walk.until(request, StationRole.DIRECT)
    assert refusal(pass_on, by=actor("pankow.krm"), station=station) == "Das ist Sache von: Geschäftsführung."
    assert refusal(pass_on, by=actor("gera.gf"), station=station) == "Die Petition ist nicht (mehr) zugänglich."


def test_a_station_that_had_its_turn_is_not_passed_on_again():
    request = walk.started()
    station = walk.the_open(request)
    pass_on(by=actor("pankow.krm"), station=station)
    assert refusal(pass_on, by=actor("pankow.krm"), station=station) == "Diese Station ist nicht an der Reihe."


def test_it_is_not_passed_on_in_the_future():
    request = walk.started()
    tomorrow = {"station": walk.the_open(request), "on": TODAY + timedelta(1)}
    assert refusal(pass_on, by=actor("pankow.krm"), **tomorrow) == "Das kann nicht in der Zukunft liegen."


def test_the_next_can_be_asked_by_name_and_only_with_the_function():
    request = walk.started()
    station = walk.until(request, FORWARD, "division_lead")
    other, clerk = (User.objects.get(username=f"pankow.{name}") for name in ("tl2", "ma"))
    bl = actor("pankow.bl")
    assert refusal(pass_on, by=bl, station=station, asked=[clerk]) == (
        "Dort handelt nur, wer diese Funktion hat: Teamleitung."
    )
    pass_on(by=bl, station=station, asked=[other])
    assert [user.username for user in walk.the_open(request).people.all()] == ["pankow.tl2"]


def test_without_a_unit_somebody_has_to_be_named():
    petition = walk.petition()
    petition.case.unit = None
    petition.case.save(update_fields=["unit"])
    request = walk.request(petition)
    start_chain(by=actor("pankow.krm"), request=request)
    station = walk.until(request, StationRole.DIRECT)
    gf, bl = actor("pankow.gf"), User.objects.get(username="pankow.bl")
    assert refusal(pass_on, by=gf, station=station) == (
        "Als Nächstes: Bereichsleitung leitet weiter. "
        "Bitte die Person angeben oder die federführende Einheit eintragen."
    )
    pass_on(by=gf, station=station, asked=[bl])
    assert walk.the_open(request).people.get() == bl


def test_the_deputy_passes_it_on_and_both_are_named():
    request = walk.started()
    station = walk.until(request, DRAFT)
    tl, deputy = (User.objects.get(username=f"pankow.{name}") for name in ("tl", "tl2"))
    Substitution.objects.create(absent=tl, deputy=deputy, from_on=TODAY, until_on=TODAY)
    pass_on(by=actor("pankow.tl2"), station=station, documents=[walk.paper(request.petition)])
    station.refresh_from_db()
    assert (station.done_by, station.for_user) == (deputy, tl)
    event = Event.objects.get(code="petition.passed_on", data__key=station.key)
    assert (event.by, event.for_user) == (deputy, tl)


def test_an_approval_names_the_version_it_is_of():
    request = walk.started()
    station = walk.until(request, DRAFT)
    pass_on(by=walk.hand_of(station), station=station)
    check = walk.the_open(request)
    assert (check.role, list(check.documents.all())) == (CHECK, [])
    assert refusal(pass_on, by=actor("pankow.krm"), station=check) == (
        "Bitte die Unterlage angeben, der zugestimmt wird; sie liegt hier noch nicht vor."
    )
    walk.checked(check)
    pass_on(by=actor("pankow.krm"), station=check, documents=[walk.paper(request.petition)])
    check.refresh_from_db()
    assert len(check.content_hash) == 64


def test_the_parts_of_a_mixed_one_are_joined_with_all_their_files():
    request = walk.started("pankow", competence=Competence.MIXED)
    join = walk.until(request, StationRole.JOIN)
    names = sorted(document.name for document in join.documents.all())
    assert names == ["federal.pdf", "municipal.pdf", "owners_assembly.pdf"]


# Outside


@pytest.fixture
def at_rd():
    """A BA matter of Pankow that the AA has agreed to and the RD has before it."""
    return walk.until(walk.started(), AGREE, RD)


def test_a_body_that_uses_krm_is_that_office_and_the_next_without_is_kept_by_it(at_rd):
    rows = {s.key: s.keeper.slug for s in at_rd.request.stations.filter(desk="", outcome="")}
    assert rows == {
        "all/up/regional_directorate/agree": "rd-bb",
        "all/up/regional_directorate/forward": "rd-bb",
        "all/up/bmas/forward": "rd-bb",
        "all/up/bundestag/receive": "rd-bb",
    }


@pytest.mark.parametrize(
    ("name", "sees"),
    [
        ("rd-bb.krm", ["all/up/regional_directorate/agree"]),
        ("berlin-nord.krm", ["all/up/agency/agree"]),
        ("rd-bb.gf", []),
        ("gera.krm", []),
        ("pankow.revision", []),
    ],
)
def test_an_office_outside_sees_its_own_station_and_nothing_else_of_the_case(at_rd, name, sees):
    by = actor(name)
    found = Station.objects.filter(request=at_rd.request).visible_to(by).order_by("position")
    assert [station.key for station in found] == sees
    assert not type(at_rd.request.petition).objects.visible_to(by).exists()
    assert not type(at_rd.request.petition.case).objects.visible_to(by).exists()


def test_the_house_sees_the_petition_and_all_its_stations(at_rd):
    for name in ("krm", "gf"):
        by = actor(f"pankow.{name}")
        assert type(at_rd.request.petition).objects.visible_to(by).get() == at_rd.request.petition
        assert Station.objects.visible_to(by).count() == at_rd.request.stations.count()


def test_an_office_outside_has_a_date_of_its_own_that_ends_with_its_turn(at_rd):
    deadline = at_rd.body_deadlines.get()
    assert (deadline.office.slug, deadline.case, deadline.due_on) == ("rd-bb", None, at_rd.deadline.due_on)
    assert deadline.path == at_rd.get_absolute_url()
    pass_on(by=actor("rd-bb.krm"), station=at_rd)
    deadline.refresh_from_db()
    assert deadline.met_on == TODAY


def test_an_office_outside_confirms_the_receipt_and_gives_back_to_any_station_before(at_rd):
    by, before = actor("rd-bb.krm"), facts(at_rd.request)
    confirm_receipt(by=by, station=at_rd)
    opened = give_back(
        by=by, station=at_rd, to="all/house/team_lead/draft", reason="Der Sachverhalt ist unvollständig."
    )
    assert (opened.key, opened.round, opened.opened_on) == ("all/house/team_lead/draft", 2, TODAY)
    assert [user.username for user in opened.people.all()] == ["pankow.tl"]
    assert facts(at_rd.request)[: len(before)] == before
    at_rd.refresh_from_db()
    assert (at_rd.outcome, at_rd.returned_to, at_rd.received_on) == (Outcome.RETURNED, opened.key, TODAY)
    assert at_rd.deadline.cancelled_on == TODAY
    assert walk.finished(at_rd.request).answered_on == TODAY


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("pankow.krm", "Was „RD BB“ getan hat, trägt ein: Regionaldirektion Berlin-Brandenburg."),
        ("berlin-nord.krm", "Die Petition ist nicht (mehr) zugänglich."),
    ],
)
def test_nobody_else_acts_for_an_office_outside(at_rd, name, reason):
    assert refusal(pass_on, by=actor(name), station=at_rd) == reason


def test_an_office_outside_passes_on_nothing_it_was_not_given(at_rd):
    secret = walk.paper(at_rd.request.petition, "intern.pdf")
    assert refusal(pass_on, by=actor("rd-bb.krm"), station=at_rd, documents=[secret]) == (
        "Diese Unterlage liegt nicht bei diesem Vorgang."
    )


def test_it_goes_back_only_to_a_station_before_and_with_a_reason(at_rd):
    by = actor("rd-bb.krm")
    later = {"station": at_rd, "to": "all/house/management/sign", "reason": "Noch einmal."}
    assert refusal(give_back, by=by, **later) == "Zurück geht es nur an eine Station davor."
    silent = {"station": at_rd, "to": "all/house/krm/check", "reason": " "}
    assert refusal(give_back, by=by, **silent) == "Bitte sagen, warum es zurückgeht."


# Skip, withdraw, reopen


def test_a_station_left_out_is_final_and_both_neighbours_are_told():
    request = walk.started()
    station = walk.until(request, CHECK, "krm")
    skip(by=actor("pankow.krm"), station=station, reason="Schon geprüft.")
    station.refresh_from_db()
    assert (station.outcome, station.reason) == (Outcome.SKIPPED, "Schon geprüft.")
    told = Assignment.objects.filter(kind="take_note", task__startswith="Ihre Station wurde übersprungen")
    assert [row.user.username for row in told] == ["pankow.krm2"]  # not who does it
    notice = StationNotice.objects.get()
    assert (notice.station, notice.kind) == (walk.the_open(request), StationNotice.Kind.BEFORE_SKIPPED)
    krm = actor("pankow.krm")
    assert refusal(reopen, by=krm, request=request, key=station.key, reason="Doch.") == (
        "Eine übersprungene Station bleibt übersprungen."
    )


def test_what_a_rule_demands_is_not_left_out(at_rd):
    assert refusal(skip, by=actor("pankow.krm"), station=at_rd, reason="Eilt.") == (
        "Diese Station darf nicht fehlen (PAN-30)."
    )


def test_a_notice_is_read_once_by_the_body_it_is_for():
    request = walk.started()
    skip(by=actor("pankow.krm"), station=walk.until(request, CHECK, "krm"), reason="Schon geprüft.")
    notice = StationNotice.objects.get()
    with pytest.raises(NotAllowed):
        read_notice(by=actor("rd-bb.krm"), notice=notice)
    read = read_notice(by=actor("berlin-nord.krm"), notice=notice)
    assert read_notice(by=actor("berlin-nord.krm"), notice=notice).read_at == read.read_at


def test_a_withdrawn_chain_is_nobodys_and_can_be_reopened(at_rd):
    krm, request, rows = actor("pankow.krm"), at_rd.request, facts(at_rd.request)
    withdraw(by=krm, request=request, reason="Der Ausschuss hat sie zurückgezogen.")
    request.refresh_from_db()
    assert (request.withdrawn_on, request.is_open) == (TODAY, False)
    assert walk.open_stations(request) == []
    assert not request.petition.case.deadlines.open().filter(kind=Deadline.Kind.OTHER).exists()
    assert StationNotice.objects.get().kind == StationNotice.Kind.WITHDRAWN
    assert (
        refusal(pass_on, by=actor("rd-bb.krm"), station=at_rd)
        == "Hier geht es nicht weiter; es lässt sich wieder öffnen."
    )
    reopen(by=krm, request=request, key=at_rd.key, reason="Doch noch gebraucht.")
    request.refresh_from_db()
    assert (request.is_open, walk.the_open(request)) == (True, at_rd)
    assert facts(request) == rows
    assert request.deadline.is_open
    assert walk.finished(request).answered_on == TODAY


def test_a_finished_chain_is_reopened_in_a_new_round():
    request = walk.finished(walk.started())
    rows = facts(request)
    station = reopen(by=actor("pankow.krm"), request=request, key="all/house/krm/check", reason="Anlage fehlte.")
    request.refresh_from_db()
    assert (station.round, station.is_open, request.answered_on) == (2, True, None)
    assert facts(request) == rows
    assert walk.finished(request).answered_on == TODAY


# Other dates, another route


def test_an_extension_keeps_the_old_day_and_makes_a_new_plan(at_rd):
    request, krm = at_rd.request, actor("pankow.krm")
    later = date(2027, 4, 30)
    extension = extend_request(
        by=krm, request=request, new_due_on=later, reason="Wie erbeten.", dated_on=TODAY, received_on=TODAY
    )
    request.refresh_from_db()
    assert (request.due_on, extension.old_due_on, extension.extends) == (later, walk.OUTSIDE, request)
    first, second = request.plans.order_by("number")
    assert (first.outside_due_on, second.outside_due_on) == (walk.OUTSIDE, later)
    planned = {entry.key: entry.planned_on for entry in second.plan.stations}
    open_dates = request.stations.filter(outcome="").values_list("key", "deadline__due_on")
    assert dict(open_dates) == {key: planned[key] for key, _ in open_dates}
    told = StationNotice.objects.filter(kind=StationNotice.Kind.REPLANNED).order_by("pk")
    assert [notice.station.body for notice in told] == ["agency", RD]
    assert walk.the_open(request) == at_rd


def test_another_route_keeps_what_is_done_and_frees_who_is_no_longer_on_it(at_rd):
    request, krm = at_rd.request, actor("pankow.krm")
    rows = facts(request)
    edit_petition(by=krm, petition=request.petition, data=walk.data(competence=Competence.MUNICIPAL))
    version = replan(by=krm, request=request, reason="Es geht nur um Unterkunft.")
    assert version.plan.route.key == "municipal"
    assert facts(request)[: len(rows)] == rows
    at_rd.refresh_from_db()
    assert (at_rd.outcome, at_rd.body_deadlines.get().cancelled_on) == (Outcome.NOTED, TODAY)
    assert walk.finished(request).answered_on == TODAY


def test_a_new_plan_needs_a_reason(at_rd):
    assert refusal(replan, by=actor("pankow.krm"), request=at_rd.request, reason="") == (
        "Bitte sagen, warum sich der Weg oder die Termine ändern."
    )


def test_finished_rows_never_change_whatever_happens():
    request = walk.started()
    seen: dict[int, tuple] = {}
    station = walk.until(request, AGREE, "agency")
    give_back(by=actor("berlin-nord.krm"), station=station, to="all/house/krm/check", reason="Unklar.")
    for _ in range(60):
        for row in facts(request):
            assert seen.setdefault(row[0], row) == row
        if not walk.open_stations(request):
            break
        walk.one_step(walk.open_stations(request)[0])
    assert len(seen) == request.stations.count()
