"""Petitions and their requests: what is entered, what is refused with which sentence, and what blocks closing."""

from datetime import date, timedelta

import pytest

from cases.closing.actions import close
from cases.models import Assignment, Deadline
from cases.rules.kinds import Kind, Outcome, Settlement
from cases.seams import closing_gaps
from offices.errors import NotAllowed
from offices.models import Office
from petitions.actions.chain import give_back, pass_on, start_chain, withdraw
from petitions.actions.opening import edit_petition, open_petition, register_petition
from petitions.actions.outcome import decide, dispatch, report_back, tell_petitioner, waive
from petitions.actions.requests import add_request, answer_request, extend_request, refuse_files
from petitions.actions.routes import name_representatives
from petitions.models import DecisionOption, Petition
from petitions.rules.requests import number_warning
from petitions.rules.vocabulary import (
    AnswerForm,
    Competence,
    DispatchWay,
    PetitionForm,
    Requester,
    RequestKind,
    StationRole,
)
from tests import make
from tests.cast import TODAY, actor
from tests.petitions import walk

pytestmark = pytest.mark.usefixtures("house")
TOMORROW, YESTERDAY = TODAY + timedelta(1), TODAY - timedelta(1)


@pytest.fixture
def krm(house):
    return actor("pankow.krm")


def refusal(action, **arguments) -> tuple[str, str | None]:
    with pytest.raises(NotAllowed) as refused:
        action(**arguments)
    return refused.value.reason, refused.value.field


# Opening


def test_a_petition_is_a_shell_around_its_case_and_before_the_management_the_same_day(krm):
    petition = walk.petition()
    assert (petition.case.petition, petition.kind) == (petition, "petition")
    asked = Assignment.objects.filter(case=petition.case, task__startswith="Sofortsache")
    assert sorted((a.user.username, a.due_on) for a in asked) == [("pankow.bl", TODAY), ("pankow.gf", TODAY)]


def test_only_a_petition_or_eingabe_is_opened_and_only_once(krm):
    complaint = make.case(krm)
    assert refusal(open_petition, by=krm, case=complaint, data=walk.data())[0] == (
        "Nur eine Petition oder Eingabe geht den Berichtsweg; bitte zuerst die Art ändern (GER-8)."
    )
    petition = walk.petition()
    assert refusal(open_petition, by=krm, case=petition.case, data=walk.data())[0] == (
        "Der Vorgang wird schon als Petition geführt."
    )
    with pytest.raises(NotAllowed):
        open_petition(by=actor("pankow.vz"), case=walk.case(krm), data=walk.data())


def test_it_is_registered_and_opened_at_once_or_not_at_all(krm):
    office = Office.objects.get(slug="pankow")
    entry = make.registration(office, kind=Kind.SUBMISSION)
    petition = register_petition(by=krm, office=office, registration=entry, data=walk.data(requester=Requester.BMAS))
    assert (petition.kind, petition.case.reference) == ("submission", "PAN-2026-00001")
    wrong = walk.data(supporters=3)
    assert refusal(register_petition, by=krm, office=office, registration=entry, data=wrong)[1] == "supporters"
    assert Petition.objects.count() == petition.case.office.cases.count() == 1


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"supporters": 2}, "supporters"),
        ({"form": PetitionForm.COLLECTIVE}, "supporters"),
        ({"parts": (Competence.FEDERAL,)}, "parts"),
        ({"competence": Competence.MIXED, "parts": (Competence.FEDERAL,)}, "parts"),
        ({"competence": Competence.MIXED, "parts": (Competence.FEDERAL, Competence.MIXED)}, "parts"),
    ],
)
def test_what_cannot_be_so_is_refused_at_its_field(krm, changes, field):
    assert refusal(open_petition, by=krm, case=walk.case(krm), data=walk.data(**changes))[1] == field


@pytest.mark.parametrize(
    ("requester", "number", "warns"),
    [
        (Requester.BUNDESTAG, "Pet 4-18-11-81501-011345", False),
        (Requester.BUNDESTAG, "4-18-11-81501-011345", True),
        (Requester.BUNDESTAG, "", False),
        (Requester.LANDTAG, "E-12/26", False),
    ],
)
def test_the_form_of_the_number_only_warns(requester, number, warns):
    assert (number_warning(requester, number) is not None) == warns


def test_identical_texts_are_joined_and_answered_once(krm):
    leading, joined, third = walk.petition(), walk.petition(), walk.petition()
    edit_petition(by=krm, petition=joined, data=walk.data(), joined_to=leading)
    joined.refresh_from_db()
    assert refusal(add_request, by=krm, petition=joined, data=walk.request_data())[0] == (
        f"Beantwortet wird sie mit „{leading}“; bitte die Anforderung dort eintragen."
    )
    assert refusal(edit_petition, by=krm, petition=third, data=walk.data(), joined_to=joined)[1] == "joined_to"
    assert refusal(edit_petition, by=krm, petition=leading, data=walk.data(), joined_to=third)[1] == "joined_to"
    assert refusal(edit_petition, by=krm, petition=third, data=walk.data(), joined_to=third)[1] == "joined_to"
    assert [gap.key for gap in closing_gaps(joined.case)] == ["joined"]


def test_a_petition_out_of_sight_is_no_link(krm):
    foreign = walk.petition("gera")
    mine = walk.petition()
    assert refusal(edit_petition, by=krm, petition=mine, data=walk.data(), repeats=foreign) == (
        "Diese Petition gibt es nicht.",
        "repeats",
    )


# Requests


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"received_on": TOMORROW}, "received_on"),
        ({"dated_on": TODAY, "received_on": YESTERDAY}, "dated_on"),
        ({"due_on": None}, "due_on"),
        ({"due_on": YESTERDAY}, "due_on"),
        ({"due_on": date(2999, 1, 1)}, "due_on"),
        ({"originals": 0}, "originals"),
        ({"kind": RequestKind.EXTENSION}, "kind"),
    ],
)
def test_impossible_requests_are_refused_at_their_field(krm, changes, field):
    petition = walk.petition()
    assert refusal(add_request, by=krm, petition=petition, data=walk.request_data(**changes))[1] == field
    assert not petition.requests.exists()


def test_several_requests_stand_under_one_number_each_with_its_day(krm):
    petition = walk.petition()
    first = walk.request(petition)
    assert refusal(add_request, by=krm, petition=petition, data=walk.request_data())[1] == "kind"
    more = walk.request(petition, kind=RequestKind.SUPPLEMENTARY, due_on=date(2027, 3, 31))
    state = walk.request(petition, kind=RequestKind.STATE, due_on=None)
    assert [r.position for r in (first, more, state)] == [1, 2, 3]
    assert [r.deadline and r.deadline.due_on for r in (first, more, state)] == [walk.OUTSIDE, date(2027, 3, 31), None]
    assert first.deadline.kind == Deadline.Kind.OTHER


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"new_due_on": walk.OUTSIDE}, "new_due_on"),
        ({"new_due_on": date(2999, 1, 1)}, "new_due_on"),
        ({"reason": " "}, "reason"),
        ({"received_on": TOMORROW}, "received_on"),
        ({"received_on": YESTERDAY}, "dated_on"),
    ],
)
def test_an_extension_that_is_none_is_refused(krm, changes, field):
    request = walk.request(walk.petition())
    values = {"new_due_on": date(2027, 4, 30), "reason": "Wie erbeten.", "dated_on": TODAY, "received_on": TODAY}
    assert refusal(extend_request, by=krm, request=request, **(values | changes))[1] == field
    request.refresh_from_db()
    assert request.due_on == walk.OUTSIDE


def test_an_extension_before_the_start_moves_the_watched_day(krm):
    request = walk.request(walk.petition())
    later = date(2027, 4, 30)
    extend_request(by=krm, request=request, new_due_on=later, reason="Wie erbeten.", dated_on=TODAY, received_on=TODAY)
    request.refresh_from_db()
    assert (request.deadline.due_on, request.deadline.is_open) == (later, True)
    assert [d.due_on for d in request.petition.case.deadlines.open().filter(kind="other")] == [later]


def test_a_word_on_the_state_is_given_without_a_route_and_a_statement_is_not(krm):
    petition = walk.petition()
    full, state = walk.request(petition), walk.request(petition, kind=RequestKind.STATE, answer_form=AnswerForm.ORAL)
    assert refusal(answer_request, by=krm, request=full, on=TODAY, note="Am Telefon.")[0] == (
        "Eine Stellungnahme geht den Berichtsweg; beantwortet ist sie, wenn dort alle fertig sind."
    )
    assert refusal(answer_request, by=krm, request=state, on=TODAY, note=" ")[1] == "note"
    assert refusal(answer_request, by=krm, request=state, on=TOMORROW, note="Am Telefon.")[1] == "on"
    answered = answer_request(by=krm, request=state, on=TODAY, note="Am Telefon.")
    assert (answered.answered_on, answered.deadline.met_on) == (TODAY, TODAY)
    assert refusal(answer_request, by=krm, request=state, on=TODAY, note="Noch einmal.")[0] == (
        "Diese Anforderung ist schon beantwortet oder erledigt."
    )


def test_files_are_refused_with_who_decided_and_why(krm):
    petition = walk.petition()
    first, files = walk.request(petition), walk.request(petition, kind=RequestKind.FILES)
    why = {"on": TODAY, "authority": "BMAS", "reason": "§ 35 SGB I"}
    assert refusal(refuse_files, by=krm, request=first, **why)[0] == (
        "Abgelehnt werden kann nur eine Aktenanforderung (B2-5)."
    )
    assert refusal(refuse_files, by=krm, request=files, **(why | {"authority": ""}))[1] == "authority"
    assert refusal(refuse_files, by=krm, request=files, **(why | {"reason": ""}))[1] == "reason"
    assert refuse_files(by=krm, request=files, **why).is_open is False


# Dispatch


def at_dispatch(**changes):
    return walk.until(walk.started(**changes), StationRole.DISPATCH)


def sending(station, **changes) -> dict:
    files = list(station.documents.all())
    values = {"station": station, "documents": files, "copies": 1, "way": DispatchWay.POST, "sent_on": TODAY}
    return values | changes


def test_what_goes_out_is_frozen_and_passes_the_station_on(krm):
    station = at_dispatch()
    sent = dispatch(by=krm, **sending(station))
    assert (sent.copies, sent.addressee, sent.entered_by) == (1, str(Requester.BUNDESTAG.label), krm.user)
    assert len(sent.content_hash) == 64
    assert list(sent.documents.all()) == list(station.documents.all())
    assert walk.the_open(station.request).body == "regional_directorate"
    for attempt in (sent.save, sent.delete):
        with pytest.raises(TypeError):
            attempt()


def test_nothing_goes_out_before_its_turn_or_without_being_entered(krm):
    early = walk.until(walk.started(), StationRole.SIGN)
    waiting = early.request.stations.get(role=StationRole.DISPATCH)
    files = [walk.paper(early.request.petition)]
    assert refusal(dispatch, by=krm, **sending(waiting, documents=files))[0] == (
        "Versandt wird, wenn diese Station an der Reihe ist und alle davor fertig sind."
    )
    assert refusal(pass_on, by=krm, station=at_dispatch())[0] == (
        "Bitte den Versand eintragen; damit ist die Station erledigt."
    )


def test_too_few_originals_no_file_and_the_future_are_refused(krm):
    petition = walk.petition()
    request = walk.request(petition, originals=3)
    start_chain(by=krm, request=request)
    station = walk.until(request, StationRole.DISPATCH)
    assert refusal(dispatch, by=krm, **sending(station, copies=2)) == (
        "Angefordert sind 3 Originale (PAN-30).",
        "copies",
    )
    assert refusal(dispatch, by=krm, **sending(station, copies=3, documents=[]))[1] == "documents"
    assert refusal(dispatch, by=krm, **sending(station, copies=3, sent_on=TOMORROW))[1] == "sent_on"
    foreign = walk.paper(walk.petition("gera"))
    assert refusal(dispatch, by=krm, **sending(station, copies=3, documents=[foreign]))[1] == "documents"


def test_any_change_voids_the_approvals(krm):
    station = at_dispatch()
    other = walk.paper(station.request.petition, "geändert.pdf")
    reason, field = refusal(dispatch, by=krm, **sending(station, documents=[other]))
    assert (reason[:28], field) == ("„KRM prüft Form und Inhalt“ ", "documents")
    give_back(by=krm, station=station, to="all/house/krm/check", reason="Neue Fassung.")
    walk.checked(walk.the_open(station.request))
    pass_on(by=krm, station=walk.the_open(station.request), documents=[other])
    again = walk.until(station.request, StationRole.DISPATCH)
    assert dispatch(by=krm, **sending(again)).documents.get() == other


@pytest.mark.parametrize(("changes", "field"), [({"copies": 3}, "copies"), ({"addressee": "Frau Muster"}, "addressee")])
def test_an_approval_is_of_the_copies_and_the_addressee_too(krm, changes, field):
    station = at_dispatch()
    assert refusal(dispatch, by=krm, **sending(station, **changes)) == (
        "„KRM prüft Form und Inhalt“ galt dem Versand 1-fach an Petitionsausschuss des Deutschen Bundestages."
        " Bitte so versenden.",
        field,
    )
    assert not station.request.dispatches.exists()


def test_for_another_person_nothing_goes_out_without_the_vollmacht(krm):
    station = at_dispatch(is_for_other=True)
    assert refusal(dispatch, by=krm, **sending(station))[0] == (
        "Für eine andere Person braucht es deren Vollmacht; sie liegt noch nicht vor (B2-8)."
    )
    petition = station.request.petition
    paper = walk.paper(petition, "vollmacht.pdf")
    edit_petition(by=krm, petition=petition, data=walk.data(is_for_other=True), power_of_attorney=paper)
    assert dispatch(by=krm, **sending(station)).number == 1


# Afterwards


def option(label: str = "Material", requester: Requester = Requester.BUNDESTAG, slug: str = "pankow") -> DecisionOption:
    return DecisionOption.objects.get(office__slug=slug, requester=requester, label=label)


def gaps(petition: Petition) -> list[str]:
    return [gap.key.split("-")[0] for gap in closing_gaps(Petition.objects.get(pk=petition.pk).case)]


def test_closing_waits_for_answer_decision_report_and_word_to_the_petitioner(krm):
    petition = walk.petition()
    assert gaps(petition) == ["request"]
    request = walk.request(petition)
    assert gaps(petition) == ["request", "answer", "decision"]
    start_chain(by=krm, request=request)
    walk.finished(request)
    assert gaps(petition) == ["decision"]
    decision = decide(
        by=krm, petition=petition, option=option(), decided_on=TODAY, report_due_on=TOMORROW, consequence="Bericht."
    )
    assert decision.deadline.due_on == TOMORROW
    assert gaps(petition) == ["report", "told"]
    reported = report_back(by=krm, decision=decision, on=TODAY, note="Umgesetzt.")
    assert reported.deadline.met_on == TODAY
    assert gaps(petition) == ["told"]
    tell_petitioner(by=krm, decision=decision, on=TODAY, settlement=Settlement.LETTER)
    assert gaps(petition) == []


def test_the_gap_is_said_where_the_case_is_closed(krm):
    petition = walk.petition()
    walk.request(petition)
    result = {"outcome": Outcome.UPHELD, "outcome_reason": "So war es.", "settlement": Settlement.LETTER}
    make.answered(krm, petition.case)
    reason, _ = refusal(close, by=krm, case=petition.case, **result)
    assert "Noch nicht beantwortet: Anforderung einer Stellungnahme vom 23.11.2026." in reason
    assert "Die Entscheidung der anfordernden Stelle fehlt noch." in reason


def test_an_eingabe_waits_for_no_decision(krm):
    petition = walk.petition("gera", requester=Requester.STATE_CHANCELLERY)
    request = walk.request(petition)
    start_chain(by=walk.desk(petition), request=request)
    walk.finished(request)
    assert gaps(petition) == []


def test_without_an_answer_it_ends_with_the_signed_waiver_only(krm):
    petition = walk.petition()
    request = walk.request(petition)
    withdraw(by=krm, request=request, reason="Erledigt.")
    assert "answer" in gaps(petition)
    paper = {"on": TODAY, "paper": walk.file("verzicht.pdf")}
    assert refusal(waive, by=krm, petition=petition, reasons=" ", **paper)[1] == "reasons"
    waived = waive(by=krm, petition=petition, reasons="Der Bescheid ist geändert.", **paper)
    assert (waived.waiver.name, waived.waiver.category) == ("verzicht.pdf", "evidence")
    assert gaps(petition) == []
    assert refusal(waive, by=krm, petition=petition, reasons="Noch einmal.", **paper)[0] == (
        "Der Verzicht vom 23.11.2026 liegt schon vor."
    )


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"decided_on": TOMORROW}, "decided_on"),
        ({"decided_on": YESTERDAY}, "decided_on"),
        ({"report_due_on": YESTERDAY}, "report_due_on"),
        ({"report_due_on": date(2999, 1, 1)}, "report_due_on"),
    ],
)
def test_impossible_decisions_are_refused_at_their_field(krm, changes, field):
    values = {"option": option(), "decided_on": TODAY} | changes
    assert refusal(decide, by=krm, petition=walk.petition(), **values)[1] == field


def test_a_decision_comes_from_the_list_of_who_decides(krm):
    petition = walk.petition()
    for wrong in (option(requester=Requester.LANDTAG), option(slug="gera")):
        assert refusal(decide, by=krm, petition=petition, option=wrong, decided_on=TODAY)[1] == "option"


# Bodies


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"body": "krm", "at": "rd-bb"}, "body"),
        ({"body": "nobody", "at": "rd-bb"}, "body"),
        ({"body": "agency", "at": "pankow"}, "at"),
        ({"body": "agency", "users": "pankow.admin"}, "users"),
        ({"body": "agency", "at": "rd-bb", "users": "pankow.tl"}, "at"),
    ],
)
def test_who_acts_for_a_body_is_checked(krm, changes, field):
    values = {
        "body": changes["body"],
        "at": Office.objects.filter(slug=changes.get("at", "")).first(),
        "users": [actor(changes["users"]).user] if "users" in changes else [],
    }
    office = Office.objects.get(slug="pankow")
    assert refusal(name_representatives, by=krm, office=office, **values)[1] == field


# Queries


def test_gaps_are_asked_in_a_fixed_number_of_queries(krm, django_assert_num_queries):
    petition = walk.petition()
    walk.request(petition)
    with django_assert_num_queries(4):
        closing_gaps(petition.case)
    for _ in range(3):
        walk.request(petition, kind=RequestKind.SUPPLEMENTARY)
    with django_assert_num_queries(4):
        closing_gaps(petition.case)
