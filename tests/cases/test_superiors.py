"""Nobody decides about their superior, nor about whom they stand in for: each place where it could be, by its action.

Complained about is the Bereichsleitung (71), above the Teamleitungen of 711 and 712, or the Teamleitung (711), for whom
the Mitarbeiterin there stands in (B4-8).
"""

from dataclasses import replace
from datetime import timedelta

import pytest

from cases.directives.actions.drafting import draft_directive, issue_directive, present_directive, save_directive
from cases.directives.reading.directive import proposal
from cases.leaving.actions.hand_on import hand_on_person
from cases.models import Assignment, Case, ConcernedEmployee, DirectivePoint, Letter, Statement, StatementStation
from cases.rules.directives import PointData, PointKind
from cases.rules.registration import EmployeeData
from cases.rules.statements import Part
from cases.signing.actions import co_sign_letter
from cases.statements.actions.asking import request_statement
from cases.statements.actions.way import sign_statement
from offices.calendars import next_working_day
from offices.errors import NotAllowed
from offices.models import Membership, Office, Substitution, Unit, User
from offices.queries import calendar_for
from tests import make
from tests.cast import TODAY, actor

pytestmark = [pytest.mark.both_databases, pytest.mark.usefixtures("house")]
BENEATH = "unterstellt oder vertritt sie"


def person(name: str) -> User:
    return User.objects.get(username=f"pankow.{name}")


def unit(number: str = "711") -> Unit:
    return Unit.objects.get(office__slug="pankow", number=number)


def stands_in(absent: str, deputy: str) -> None:
    Substitution.objects.create(absent=person(absent), deputy=person(deputy), from_on=TODAY, until_on=TODAY)


def about(*names: str, **changes) -> Case:
    employees = tuple(EmployeeData(user_id=person(name).pk) for name in names)
    return make.case(actor("pankow.krm"), received_on=TODAY, unit_id=unit().pk, employees=employees, **changes)


@pytest.fixture
def krm(house):
    return actor("pankow.krm")


@pytest.fixture
def day(house):
    return next_working_day(calendar_for(Office.objects.get(slug="pankow")), TODAY + timedelta(days=2))


# Who is beneath: (who complained about, who is asked, whether they stand in for them)
PLACES = pytest.mark.parametrize(
    ("named", "who", "deputises"),
    [("bl", "tl", False), ("bl", "tl2", False), ("tl2", "tl", True)],
    ids=["same line", "other team", "deputy"],
)


@PLACES
@pytest.mark.parametrize("part", ["co_signers", "approver"])
def test_is_not_asked_for_a_statement(krm, day, named, who, deputises, part):
    if deputises:
        stands_in(named, who)
    asked = {"case": about(named), "unit": unit("721"), "question": "Was war?", "due_on": day}
    Membership.objects.filter(user=person("ma2")).update(unit=unit("721"), role="team_lead")
    chosen = {"co_signers": [person(who)]} if part == "co_signers" else {"approver": person(who)}

    with pytest.raises(NotAllowed, match=BENEATH) as refusal:
        request_statement(by=krm, **asked, **chosen)
    assert refusal.value.field == part
    assert not Statement.objects.exists()


def test_is_passed_over_as_usual_approver(krm, day):
    """The lead above would approve; here it stands in for who is complained about, so the Geschäftsführung does."""
    stands_in("tl2", "bl")
    (asked,) = request_statement(by=krm, case=about("tl2"), unit=unit(), question="Was war?", due_on=day)

    assert [station.user for station in asked.stations.all()] == [person("tl"), person("gf")]


def stated(case: Case, *stations: tuple[Part, str], position: int = 2) -> Statement:
    """As it lies with a station from before anybody knew."""
    krm = person("krm")
    found = Statement.objects.create(
        case=case, unit=unit(), question="Was war?", text="So war es.", position=position, requested_by=krm,
        requested_at=case.registered_at,
    )  # fmt: skip
    for number, (part, name) in enumerate(stations, start=1):
        StatementStation.objects.create(statement=found, position=number, part=part, user=person(name))
        if number == position:
            kind = {Part.CO_SIGN: "co_sign_statement", Part.APPROVE: "approve_statement"}[part]
            Assignment.objects.create(case=case, statement=found, kind=kind, user=person(name), since_on=TODAY)
    return found


@pytest.mark.parametrize("part", [Part.CO_SIGN, Part.APPROVE])
@PLACES
def test_does_not_sign_a_statement(krm, named, who, deputises, part):
    case = about()
    found = stated(case, (Part.DRAFT, "ma"), (part, who), (Part.APPROVE, "gf"))
    ConcernedEmployee.objects.create(case=case, user=person(named))
    if deputises:
        stands_in(named, who)

    with pytest.raises(NotAllowed, match=BENEATH):
        sign_statement(by=actor(f"pankow.{who}"), statement=found, expected_version=found.version)


@pytest.mark.parametrize("part", [Part.CO_SIGN, Part.APPROVE])
def test_nor_does_anybody_in_their_place(krm, part):
    """Who deputises signs in the name of the absent person; what she may not sign nobody signs for her."""
    case = about()
    found = stated(case, (Part.DRAFT, "ma"), (part, "tl"), (Part.APPROVE, "gf"))
    ConcernedEmployee.objects.create(case=case, user=person("bl"))
    stands_in("tl", "krm2")

    with pytest.raises(NotAllowed, match="Tobias Lindner ist einer betroffenen Person unterstellt"):
        sign_statement(by=actor("pankow.krm2"), statement=found, expected_version=found.version)


def sheet(krm, case: Case, *points: PointData) -> dict:
    """A draft Verfügung and what stands on its page."""
    draft = draft_directive(by=krm, case=case)
    return {
        "by": krm, "directive": draft, "expected_version": draft.version, "lead_unit": None, "must_present": "",
        "signature_level": draft.signature_level, "points": (*points, PointData(PointKind.FILE)),
    }  # fmt: skip


@PLACES
def test_is_not_put_into_a_verfuegung_to_co_sign(krm, named, who, deputises):
    if deputises:
        stands_in(named, who)
    with pytest.raises(NotAllowed, match=BENEATH):
        save_directive(**sheet(krm, about(named), PointData(PointKind.CO_SIGN, person_id=person(who).pk)))


def test_nor_where_the_same_person_has_to_handle_something_too(krm, day):
    both = (
        PointData(PointKind.HANDLE, "anrufen", person_id=person("tl").pk, due_on=day),
        PointData(PointKind.CO_SIGN, person_id=person("tl").pk),
    )
    with pytest.raises(NotAllowed, match=BENEATH):
        save_directive(**sheet(krm, about("bl"), *both))


@pytest.mark.parametrize("step", ["present", "issue"])
@pytest.mark.parametrize("how", ["person", "unit"])
def test_a_verfuegung_that_names_them_is_neither_presented_nor_issued(krm, step, how):
    """It was drafted before anybody knew whom it is about; a unit is one whose lead is beneath, and nobody above."""
    case = about()
    point = {"person_id": person("tl").pk} if how == "person" else {"unit_id": unit().pk}
    saved = save_directive(**sheet(krm, case, PointData(PointKind.CO_SIGN, **point)))
    by = krm
    if step == "issue":
        saved = present_directive(by=krm, directive=saved, expected_version=saved.version)
        by = actor("pankow.gf")
    ConcernedEmployee.objects.create(case=case, user=person("bl"))
    act = {"present": present_directive, "issue": issue_directive}[step]

    with pytest.raises(NotAllowed, match=BENEATH if how == "person" else "hat keine Leitung, die das übernehmen"):
        act(by=by, directive=saved, expected_version=saved.version)


def test_is_not_proposed_to_co_sign(krm):
    """Two teams are concerned; the second would co-sign, were its lead not beneath who is complained about."""
    (first,) = make.registration(Office.objects.get(slug="pankow")).concerns
    concerns = tuple(replace(first, unit_id=unit(number).pk) for number in ("711", "712"))

    def co_signs(case: Case) -> list[int | None]:
        return [p.unit_id for p in proposal(case, TODAY).points if p.kind == PointKind.CO_SIGN]

    assert co_signs(about(concerns=concerns)) == [unit("712").pk]
    assert co_signs(about("bl", concerns=concerns)) == []


def test_does_not_co_sign_a_letter_nor_does_anybody_in_their_place(krm):
    case = about()
    make.directed(
        krm, case, points=(PointData(PointKind.CO_SIGN, person_id=person("tl").pk), PointData(PointKind.FILE))
    )
    letter = make.answer(krm, case)
    Letter.objects.filter(pk=letter.pk).update(submitted_at=case.registered_at, submitted_by=krm.user)
    Assignment.objects.create(case=case, letter=letter, kind="agree_letter", user=person("tl"), since_on=TODAY)
    ConcernedEmployee.objects.create(case=case, user=person("bl"))
    stands_in("tl", "krm2")

    for name in ("tl", "krm2"):
        with pytest.raises(NotAllowed, match="Tobias Lindner ist einer betroffenen Person unterstellt"):
            co_sign_letter(by=actor(f"pankow.{name}"), letter=letter, expected_version=letter.version)


@pytest.mark.parametrize("part", [Part.CO_SIGN, Part.APPROVE])
def test_does_not_come_to_sign_when_work_is_handed_on(krm, part):
    case = about("bl")
    found = stated(case, (Part.DRAFT, "ma"), (part, "gf"), (Part.APPROVE, "krm"))
    Membership.objects.filter(user=person("gf")).update(until_on=TODAY)
    people = {"leaver": person("gf"), "successor": person("tl")}
    done = hand_on_person(by=krm, office=case.office, **people)

    assert {left.reason.partition(";")[0] for left in done.left} == {
        "Tobias Lindner ist einer betroffenen Person unterstellt oder vertritt sie"
    }
    assert found.stations.get(position=2).user == person("gf")
    assert Assignment.objects.get(statement=found).user == person("gf")


def test_does_not_come_to_co_sign_a_letter_when_work_is_handed_on(krm):
    case = about("bl")
    letter = make.answer(krm, case)
    asked = Assignment.objects.create(case=case, letter=letter, kind="agree_letter", user=person("gf"), since_on=TODAY)
    Membership.objects.filter(user=person("gf")).update(until_on=TODAY)
    done = hand_on_person(by=krm, office=case.office, leaver=person("gf"), successor=person("tl"))

    asked.refresh_from_db()
    assert asked.user == person("gf")
    assert any("unterstellt" in left.reason for left in done.left)
    assert not DirectivePoint.objects.filter(person=person("tl")).exists()
