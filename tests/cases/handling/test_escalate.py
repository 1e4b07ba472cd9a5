"""Climbing the ladder: who stands where, what each rung does with the case, and who never stands on one."""

from datetime import date, timedelta

import pytest

from cases.access import grant, seal
from cases.closing.actions import answer_orally, close
from cases.handling.actions.assign import accept, hand_to_unit, return_to_krm
from cases.handling.actions.escalate import climb
from cases.handling.reading.ladder import default_seat, is_on_ladder, ladder, seats_on
from cases.intake.actions.register import register
from cases.lookup import visible_case
from cases.models import Case, Escalation, Event
from cases.rules.kinds import Channel, Kind
from cases.rules.registration import EmployeeData
from cases.workplace.reading.steps import steps
from offices.errors import NotAllowed
from offices.models import Membership, Office, Substitution, Unit, User
from tests import make
from tests.cast import TODAY, actor

pytestmark = pytest.mark.usefixtures("house")
TRIED = "Zweimal am Telefon erläutert; die Kundin will die Entscheidung nicht hinnehmen."


def person(username: str) -> User:
    return User.objects.get(username=username)


def unit(slug: str, number: str) -> Unit:
    return Unit.objects.get(office__slug=slug, number=number)


def new_case(slug: str, channel: Channel = Channel.PHONE, number: str = "711", **changes) -> Case:
    return make.case(actor(f"{slug}.krm"), channel=channel, unit_id=unit(slug, number).pk, **changes)


def up(case: Case, number: int, who: str = "krm", **changes) -> Escalation:
    """The rung, entered by somebody of the case's office."""
    values = {"on": TODAY, "way": "phone", "note": TRIED} | changes
    return climb(by=actor(f"{case.office.slug}.{who}"), case=case, number=number, **values)


def asked(case: Case) -> list[tuple]:
    """(who, what, whether done) for the rungs."""
    rows = case.assignments.filter(kind="take_rung").order_by("pk")
    return [(row.user.username.partition(".")[2], row.task, not row.is_open) for row in rows]


def lies_with(case: Case) -> tuple:
    case.refresh_from_db()
    names = [user.username.partition(".")[2] if user else None for user in (case.handler, case.responsible)]
    return case.status, case.unit.number, *names


def test_pankow_climbs_from_the_team_to_the_division_to_the_management():
    case = new_case("pankow", Channel.LETTER)

    up(case, 1)
    assert lies_with(case) == ("with_unit", "711", "tl", "tl")
    up(case, 2, who="tl", way="in_person")
    assert lies_with(case) == ("with_unit", "71", "bl", "bl")
    up(case, 3, who="bl", way="written")
    assert lies_with(case) == ("with_krm", "71", None, "bl")

    rungs = [(e.number, e.label, e.person.username, e.way) for e in case.escalations.all()]
    assert rungs == [
        (1, "Teamleitung als unmittelbare/r Vorgesetzte/r", "pankow.tl", "phone"),
        (2, "Bereichsleitung", "pankow.bl", "in_person"),
        (3, "Geschäftsführung", "pankow.gf", "written"),
    ]
    assert asked(case) == [
        ("tl", "Stufe 1: Teamleitung als unmittelbare/r Vorgesetzte/r", True),
        ("bl", "Stufe 2: Bereichsleitung", True),
        ("gf", "Stufe 3: Geschäftsführung", False),
    ]


def test_germersheim_lets_a_team_lead_see_the_case_only_from_the_rung_on():
    case = new_case("germersheim", Channel.IN_PERSON)

    def seen_by(*names: str) -> list[str]:
        return [n for n in names if Case.objects.visible_to(actor(f"germersheim.{n}")).filter(pk=case.pk).exists()]

    assert seen_by("ma", "tl", "tl2", "bl") == []
    up(case, 1)
    assert seen_by("ma", "tl", "tl2", "bl") == ["ma", "tl"]  # the lead is responsible
    up(case, 2)
    assert lies_with(case) == ("with_unit", "711", "tl", "tl")
    assert seen_by("ma", "tl", "tl2", "bl") == ["tl"]
    up(case, 3, who="tl", person=person("germersheim.krm2"))
    assert lies_with(case) == ("with_krm", "711", "krm2", "tl")
    assert seen_by("tl", "tl2", "gf") == ["gf"]  # it left the unit, and with the task ended the access (K18)


def test_germersheim_may_go_to_the_management_at_once_and_the_krm_keeps_the_case():
    case = new_case("germersheim")
    accept(by=actor("germersheim.krm"), case=case)

    up(case, 3, person=person("germersheim.gf"))

    assert lies_with(case) == ("with_krm", "711", "krm", None)
    assert asked(case) == [("gf", "Stufe 3: KRM-Beauftragte/r oder Geschäftsführung", False)]


def test_gera_proposes_for_the_last_rung_who_did_not_stand_on_the_ladder_yet():
    case = new_case("gera")
    for number in (1, 2, 3, 4):
        up(case, number)

    people = [e.person.username for e in case.escalations.all()]
    assert people == ["gera.ma", "gera.tl", "gera.krm", "gera.bl"]


def test_a_rung_outside_the_house_is_entered_and_nothing_moves():
    case = new_case("berlin-nord", Channel.EMAIL)
    up(case, 1)
    before = lies_with(case)

    step = up(case, 2, note="Rechtsfrage von grundsätzlicher Bedeutung; Unterlagen an die RD.")

    assert (step.label, step.person, step.unit) == ("Regionaldirektion (hoher Schwierigkeitsgrad)", None, None)
    assert lies_with(case) == before
    assert [done for *_, done in asked(case)] == [True]


def test_no_rung_is_skipped_where_the_office_forbids_it():
    case = new_case("pankow")
    with pytest.raises(NotAllowed) as refusal:
        up(case, 3)
    assert refusal.value.reason == (
        "Die Eskalationsleiter dieser Dienststelle erlaubt kein Überspringen: Zuerst kommt Stufe 1, Teamleitung als "
        "unmittelbare/r Vorgesetzte/r (K4, Konzept März 2019, 4.1 und 4.6)."
    )
    assert not case.escalations.exists()


def test_a_second_click_enters_nothing():
    case = new_case("pankow")
    up(case, 1)
    with pytest.raises(NotAllowed, match="Stufe 1 ist schon erreicht"):
        up(case, 1)
    assert (case.escalations.count(), len(asked(case))) == (1, 1)


def test_a_letter_to_gera_climbs_no_ladder():
    with pytest.raises(NotAllowed, match="gilt für persönlich oder telefonisch vorgetragene"):
        up(new_case("gera", Channel.LETTER), 1)


@pytest.mark.parametrize(
    ("changes", "sentence", "field"),
    [
        ({"note": "  "}, "was versucht wurde", "note"),
        ({"on": TODAY + timedelta(days=1)}, "liegt in der Zukunft", "on"),
        ({"on": TODAY - timedelta(days=1)}, "liegt vor dem Eingang", "on"),
        ({"way": "smoke"}, "wie die Person davon erfahren hat", "way"),
        ({"number": 9}, "Diese Stufe gibt es auf der Eskalationsleiter der Dienststelle nicht", None),
    ],
)
def test_what_cannot_be_is_refused(changes, sentence, field):
    case = new_case("pankow")
    number = changes.pop("number", 1)
    with pytest.raises(NotAllowed, match=sentence) as refusal:
        up(case, number, **changes)
    assert refusal.value.field == field
    assert not case.escalations.exists()


def test_no_rung_is_dated_before_the_one_below_it_k4():
    case = new_case("pankow", received_on=TODAY - timedelta(days=3))
    up(case, 1)
    with pytest.raises(NotAllowed, match="vor dem der letzten Stufe .23.11.2026.") as refusal:
        up(case, 2, on=TODAY - timedelta(days=1))
    assert refusal.value.field == "on"
    up(case, 2)


def test_only_who_holds_a_role_of_the_rung_stands_on_it():
    case = new_case("pankow")
    with pytest.raises(NotAllowed) as refusal:
        up(case, 1, person=person("pankow.gf"))
    assert refusal.value.reason == "Gudrun Falk steht nicht auf dieser Stufe; dafür vorgesehen ist: Teamleitung."


def test_whose_seat_has_ended_stands_on_no_rung():
    case = new_case("pankow")
    Membership.objects.filter(user=person("pankow.tl")).update(until_on=TODAY - timedelta(days=1))
    with pytest.raises(NotAllowed, match="steht nicht auf dieser Stufe"):
        up(case, 1, person=person("pankow.tl"))


def test_without_a_unit_somebody_has_to_be_named():
    case = make.case(actor("pankow.krm"))
    with pytest.raises(NotAllowed, match="Bitte angeben, wer auf Stufe 1 übernimmt"):
        up(case, 1)
    up(case, 1, person=person("pankow.tl2"))
    assert lies_with(case) == ("with_unit", "712", "tl2", "tl2")


def test_the_unit_says_which_of_two_teams_of_one_lead_is_meant():
    case = new_case("pankow")
    team = unit("pankow", "712")
    Membership.objects.create(
        user=person("pankow.tl"), office=case.office, unit=team, role="team_lead", from_on=date(2020, 1, 1)
    )
    up(case, 1, person=person("pankow.tl"), unit=team)
    assert lies_with(case)[1:3] == ("712", "tl")


def test_without_a_person_a_unit_given_is_the_one_that_takes_it():
    case = new_case("pankow")
    up(case, 1, unit=unit("pankow", "712"))
    assert lies_with(case) == ("with_unit", "712", "tl2", "tl2")


def test_in_a_unit_in_which_nobody_holds_the_role_somebody_has_to_be_named():
    case = new_case("pankow")
    with pytest.raises(NotAllowed, match="Bitte angeben, wer auf Stufe 1 übernimmt"):
        up(case, 1, unit=unit("pankow", "71"))


def test_nobody_takes_it_in_a_unit_in_which_they_hold_no_role_of_the_rung():
    case = new_case("pankow")
    with pytest.raises(NotAllowed, match="steht nicht auf dieser Stufe"):
        up(case, 1, person=person("pankow.tl"), unit=unit("pankow", "712"))
    assert not case.escalations.exists()


@pytest.mark.parametrize(("number", "since"), [("711", TODAY - timedelta(days=3)), ("712", TODAY)])
def test_the_unit_is_on_turn_since_the_day_it_got_the_case(number, since):
    case = new_case("pankow", received_on=TODAY - timedelta(days=3))
    hand_to_unit(by=actor("pankow.krm"), case=case, unit=unit("pankow", "711"), handler=person("pankow.ma"))
    Case.objects.filter(pk=case.pk).update(turn_since=TODAY - timedelta(days=3))
    up(case, 1, unit=unit("pankow", number))
    case.refresh_from_db()
    assert (case.unit.number, case.turn_since) == (number, since)


def test_who_is_complained_about_stands_on_no_rung_and_the_rung_is_passed_over():
    case = new_case("pankow", employees=(EmployeeData(user_id=person("pankow.tl").pk),))
    with pytest.raises(NotAllowed, match="Tobias Lindner ist von der Kundenreaktion selbst betroffen"):
        up(case, 2, person=person("pankow.tl"))
    with pytest.raises(NotAllowed, match="Auf Stufe 1 ist niemand, der den Vorgang übernehmen darf"):
        up(case, 1)

    up(case, 2)

    assert lies_with(case) == ("with_unit", "71", "bl", "bl")


def test_a_complaint_against_the_management_finds_nobody_on_the_ladder():
    case = new_case("pankow")
    Case.objects.filter(pk=case.pk).update(against_management=True)
    case.refresh_from_db()
    view = ladder(case, TODAY)
    assert view.why_not == "Höher führt die Eskalationsleiter dieser Dienststelle nicht."
    assert [row.is_possible for row in view.rows] == [False, False, False]
    assert seats_on(case, view.rows[0].rung, TODAY) == []


def test_a_sealed_case_goes_up_only_to_somebody_with_single_access():
    case = new_case("pankow")
    krm = actor("pankow.krm")
    seal(by=krm, case=case)
    with pytest.raises(NotAllowed, match="braucht zuerst einen Einzelzugriff"):
        up(case, 1)
    grant(by=krm, case=case, user=person("pankow.tl"))
    up(case, 1)
    assert lies_with(case)[2] == "tl"


def test_answering_ends_what_was_asked_on_the_rung():
    case = new_case("pankow")
    up(case, 1)
    answer_orally(by=actor("pankow.tl"), case=case, on=TODAY, note_text="Erklärt, die Kundin ist einverstanden.")
    assert [done for *_, done in asked(case)] == [True]
    with pytest.raises(NotAllowed, match="er hat den Stand „Beantwortet“"):
        up(case, 2)


@pytest.mark.parametrize("who", ["tl", "krm"])
def test_giving_it_back_ends_it_whoever_enters_the_return(who):
    case = new_case("pankow")
    up(case, 1)
    return_to_krm(by=actor(f"pankow.{who}"), case=case, note="Erläutert, die Kundin bleibt unzufrieden.")
    assert [done for *_, done in asked(case)] == [True]


def test_closing_ends_it_as_well():
    case = new_case("pankow", is_anonymous=True, person=None)
    for number in (1, 2, 3):
        up(case, number)
    close(
        by=actor("pankow.krm"),
        case=case,
        outcome="upheld",
        outcome_reason="Erläutert.",
        settlement="none_needed",
    )
    assert [done for *_, done in asked(case)] == [True, True, True]


def test_a_deputy_climbs_in_place_of_the_team_lead():
    Substitution.objects.create(
        absent=person("pankow.tl"), deputy=person("pankow.expert"), from_on=TODAY, until_on=TODAY
    )
    case = new_case("pankow")
    up(case, 1)
    up(case, 2, who="expert")

    event = Event.objects.filter(case=case, code="case.escalated").last()
    assert (event.by, event.for_user) == (person("pankow.expert"), person("pankow.tl"))


@pytest.mark.parametrize("slug", ["pankow", "germersheim"])
def test_a_deputy_who_leads_another_team_still_climbs_in_place_of_this_one(slug):
    absent, deputy = person(f"{slug}.tl"), person(f"{slug}.tl2")
    Substitution.objects.create(absent=absent, deputy=deputy, from_on=TODAY, until_on=TODAY)
    case = new_case(slug, Channel.IN_PERSON)
    below = 1 if slug == "germersheim" else 0
    for number in range(1, below + 2):
        up(case, number)

    up(case, below + 2, who="tl2")

    event = Event.objects.filter(case=case, code="case.escalated").latest("seq")
    assert (event.by, event.for_user) == (deputy, absent)


@pytest.mark.parametrize(
    ("channel", "label"),
    [(Channel.IN_PERSON, "Gespräch vermerken und beantworten"), (Channel.LETTER, "An KRM zurückgeben")],
)
def test_who_stands_on_a_rung_is_led_to_the_talk_where_it_was_brought_orally(channel, label):
    case, lead = new_case("pankow", channel), actor("pankow.tl")
    up(case, 1)

    assert [s.label for s in steps(lead, visible_case(lead, case.reference)) if s.prominent] == [label]


@pytest.mark.parametrize(
    ("who", "sentence"), [("tl2", "bei einer anderen Einheit"), ("vz", "Ihre Rolle umfasst nicht")]
)
def test_who_does_not_work_on_the_case_enters_no_rung(who, sentence):
    with pytest.raises(NotAllowed, match=sentence):
        up(new_case("pankow"), 1, who=who)


def test_the_log_tells_number_day_and_way_and_points_at_the_note():
    case = new_case("pankow", received_on=TODAY - timedelta(days=3))
    step = up(case, 1, on=TODAY - timedelta(days=3))

    event = Event.objects.get(case=case, code="case.escalated")
    assert event.data == {
        "number": 1, "on": "2026-11-20", "way": "telefonisch", "person": person("pankow.tl").pk,
    }  # fmt: skip
    assert (event.note, event.note.text, event.note.kind) == (step.note, TRIED, "internal")
    assert event.sentence == "Stufe 1 der Eskalationsleiter erreicht am Fr 20.11.2026 (telefonisch)"


def test_the_desk_watches_the_return_from_the_unit_and_stops_when_the_krm_has_it_back():
    case = new_case("pankow")
    up(case, 1)
    up(case, 2)
    assert [look.is_open for look in case.deadlines.filter(rule_key="GERA-19")] == [True]
    up(case, 3)
    assert [look.is_open for look in case.deadlines.filter(rule_key="GERA-19")] == [False]


def test_what_is_handed_to_the_unit_already_stays_with_it():
    case = new_case("pankow")
    hand_to_unit(by=actor("pankow.krm"), case=case, unit=unit("pankow", "711"), handler=person("pankow.ma"))
    up(case, 1, who="ma")
    assert lies_with(case) == ("with_unit", "711", "tl", "tl")


def test_the_ladder_shows_each_rung_with_its_state():
    case = new_case("pankow")
    up(case, 1)
    view = ladder(Case.objects.get(pk=case.pk), TODAY)

    assert [(row.rung.number, bool(row.reached), row.is_possible) for row in view.rows] == [
        (1, True, False), (2, False, True), (3, False, False),
    ]  # fmt: skip
    assert (view.next.rung.number, view.applies, view.why_not) == (2, True, None)
    assert view.rows[2].why_not.endswith("Zuerst kommt Stufe 2, Bereichsleitung (K4, Konzept März 2019, 4.1 und 4.6).")


def test_nearest_to_the_unit_come_first_and_nobody_of_elsewhere_is_proposed():
    case = new_case("pankow", number="712")
    rung = case.rule_set.parameters.ladder.rungs[0]
    seats = seats_on(case, rung, TODAY)
    assert [seat.user.username for seat in seats] == ["pankow.tl2", "pankow.tl"]
    assert default_seat(case, rung, seats).user.username == "pankow.tl2"
    away = new_case("pankow", number="721")
    assert default_seat(away, rung, seats_on(away, rung, TODAY)) is None


def test_a_lob_has_no_ladder():
    office = Office.objects.get(slug="pankow")
    case = register(by=actor("pankow.krm"), office=office, registration=make.registration(office, kind=Kind.PRAISE))
    view = ladder(case, TODAY)
    assert (view.applies, is_on_ladder(case), view.next) == (False, False, None)
