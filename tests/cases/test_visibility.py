"""Who sees which case or Abgabe, as SQL and in Python: K18, units, hand-overs, deputies, people complained about."""

from datetime import date, timedelta

import pytest
from django.urls import reverse
from guardian.shortcuts import assign_perm

from cases.asking import ask
from cases.models import Assignment, Case, Concern, ConcernedEmployee, Topic, Transfer
from cases.rules.assignments import AssignmentKind
from cases.rules.lifecycle import Status
from cases.rules.registration import ConcernData, EmployeeData
from cases.rules.transfers import TransferData
from cases.rules.triage import Reason
from cases.transfers.actions.triage import hand_over_case, register_transfer, split_off
from cases.transfers.reading.receivers import why_nobody_receives
from cases.visibility import Facts, Sight, TransferFacts
from offices.models import Membership, Office, Substitution, Unit, User
from offices.queries import Actor
from tests import make
from tests.cast import TODAY, actor

TOMORROW = TODAY + timedelta(days=1)

pytestmark = [pytest.mark.both_databases, pytest.mark.usefixtures("house")]

EVERYBODY = [
    "krm", "krm2", "gf", "lgf", "bl", "tl", "tl2", "ma", "ma2", "expert", "vz", "dsb", "traeger", "controlling",
    "revision", "admin",
]  # fmt: skip


def sees(username: str, case: Case, today: date = TODAY) -> bool:
    return Case.objects.visible_to(actor(username, today)).filter(pk=case.pk).exists()


def unit(office: str, number: str) -> Unit:
    return Unit.objects.get(office__slug=office, number=number)


def user(username: str) -> User:
    return User.objects.get(username=username)


def case_of(office: str, number: str = "711", **changes) -> Case:
    return make.case(actor(f"{office}.krm"), unit_id=unit(office, number).pk, **changes)


@pytest.mark.parametrize(
    ("office", "readers"),
    [
        pytest.param("pankow", {"krm", "krm2", "gf", "lgf", "bl", "tl", "tl2", "vz"}, id="PAN-36 all leaders"),
        pytest.param("germersheim", {"krm", "krm2", "gf"}, id="GER-33 only KRM and management"),
    ],
)
def test_k18_decides_which_leaders_see_a_case(office, readers):
    case = case_of(office)

    assert {who for who in EVERYBODY if sees(f"{office}.{who}", case)} == readers


def test_where_leaders_see_their_own_units_the_tree_below_counts():
    case = case_of("gera", "711")

    assert {who for who in EVERYBODY if sees(f"gera.{who}", case)} == {"krm", "krm2", "gf", "lgf", "bl", "tl", "vz"}


def test_unit_of_any_concern_is_enough():
    topic = Topic.objects.filter(office__slug="gera").first()
    concern = ConcernData("matter", topic.pk, unit("gera", "712").pk)

    case = case_of("gera", "721", concerns=(concern,))

    assert [sees("gera.tl", case), sees("gera.tl2", case)] == [False, True]


def test_nobody_of_another_office_sees_it():
    case = case_of("pankow")

    assert [who for who in EVERYBODY if sees(f"gera.{who}", case)] == []


def test_employee_sees_only_what_is_assigned_to_them():
    case = case_of("pankow")
    Case.objects.filter(pk=case.pk).update(handler=user("pankow.ma"))

    assert [sees("pankow.ma", case), sees("pankow.ma2", case)] == [True, False]


@pytest.mark.parametrize("who", ["krm", "gf", "bl", "tl", "vz", "ma"])
def test_the_person_complained_about_never_sees_the_case(who):
    case = case_of("pankow", employees=(EmployeeData(user_id=user(f"pankow.{who}").pk),))
    Case.objects.filter(pk=case.pk).update(handler=user("pankow.ma"))

    assert not sees(f"pankow.{who}", case)
    assert sees("pankow.krm2", case)


def test_a_grant_does_not_open_the_case_to_the_person_complained_about():
    case = case_of("pankow", employees=(EmployeeData(user_id=user("pankow.tl").pk),))

    assign_perm("read_single_case", user("pankow.tl"), case)

    assert not sees("pankow.tl", case)


def test_sealed_case_is_visible_by_grant_alone():
    case = case_of("pankow", is_sealed=True)
    assert {who for who in EVERYBODY if sees(f"pankow.{who}", case)} == {"krm"}

    assign_perm("read_single_case", user("pankow.dsb"), case)

    assert {who for who in EVERYBODY if sees(f"pankow.{who}", case)} == {"krm", "dsb"}


@pytest.mark.parametrize("reason", [Reason.CORRUPTION, Reason.DATA_PROTECTION, Reason.BENEFIT_FRAUD])
def test_what_left_as_a_whole_is_seen_and_found_by_the_desk_alone(client, reason):
    case = case_of("pankow", text="Herr Fuchs nimmt Schmiergeld.")
    Case.objects.filter(pk=case.pk).update(handler=user("pankow.ma"), responsible=user("pankow.tl"))
    assign_perm("read_single_case", user("pankow.dsb"), case)
    ask(case, AssignmentKind.TAKE_NOTE, user("pankow.bl"), by=actor("pankow.krm"))
    assert sees("pankow.ma", case)

    hand_over_case(by=actor("pankow.krm"), case=case, reason=reason)

    assert {who for who in EVERYBODY if sees(f"pankow.{who}", case)} == {"krm", "krm2", "gf", "vz"}
    for who, found in (("tl", False), ("krm", True)):
        client.force_login(user(f"pankow.{who}"))
        page = client.get(reverse("cases:list"), {"q": "Öztürk", "stand": "alle"}).content.decode()
        assert (case.reference in page) is found, who


def test_a_case_that_only_a_part_left_is_seen_as_before():
    case = case_of("pankow")

    split_off(by=actor("pankow.krm"), case=case, reason=Reason.DATA_PROTECTION, text="Offene Akten.")

    assert sees("pankow.tl", case)


def test_deputy_sees_what_the_absent_person_sees_and_only_in_time():
    case = case_of("germersheim")
    Substitution.objects.create(
        absent=user("germersheim.krm"), deputy=user("germersheim.expert"), from_on=TODAY, until_on=TODAY
    )
    around = [TODAY - timedelta(days=1), TODAY, TODAY + timedelta(days=1)]

    assert [sees("germersheim.expert", case, day) for day in around] == [False, True, False]


def test_person_complained_about_does_not_see_it_as_deputy_either():
    case = case_of("germersheim", employees=(EmployeeData(user_id=user("germersheim.expert").pk),))
    Substitution.objects.create(
        absent=user("germersheim.krm"), deputy=user("germersheim.expert"), from_on=TODAY, until_on=TODAY
    )

    assert not sees("germersheim.expert", case)


def test_a_role_that_has_ended_shows_nothing():
    case = case_of("pankow")

    Membership.objects.filter(user__username="pankow.krm2").update(until_on=TODAY - timedelta(days=1))

    assert not sees("pankow.krm2", case)


def test_a_case_appears_once_however_many_concerns_and_people_it_has():
    topic = Topic.objects.filter(office__slug="gera").first()
    here = unit("gera", "711").pk
    case = case_of("gera", concerns=tuple(ConcernData("matter", topic.pk, here) for _ in range(3)))
    ConcernedEmployee.objects.bulk_create(ConcernedEmployee(case=case, name=f"Person {n}") for n in range(3))

    assert list(Case.objects.visible_to(actor("gera.tl"))) == [case]


PLACED = ("nobody", "handler", "responsible", "asked", "taken back", "granted")


def like(case: Case, number: int) -> Case:
    """One more that differs in its number alone: with the rows that decide who sees it."""
    new = Case.objects.get(pk=case.pk)
    new.pk, new.reference, new._state.adding = None, f"{case.reference}-{number}", True
    new.save()
    for model in (Concern, ConcernedEmployee, Assignment):
        rows = list(model.objects.filter(case=case))
        for row in rows:
            row.pk, row.case = None, new
        model.objects.bulk_create(rows)
    return new


def every_kind_of_case(office: str) -> list[Case]:
    """One case for each thing that decides who sees it, and for each two of them."""
    topic = Topic.objects.filter(office__slug=office).first()
    other_unit = ConcernData("matter", topic.pk, unit(office, "712").pk)
    named = {who: EmployeeData(user_id=user(f"{office}.{who}").pk) for who in ("gf", "tl", "ma", "krm2")}
    registered = [
        {},
        {"is_sealed": True},
        {"concerns": (other_unit,)},
        {"number": "721"},
        {"employees": (named["tl"],)},
        {"employees": (named["ma"], named["krm2"])},
        {"employees": (named["gf"],)},
        {"employees": (named["gf"],), "is_sealed": True},
        {"employees": (named["gf"],), "concerns": (other_unit,)},
    ]
    left = [{}, {"is_sealed": True}, {"employees": (named["gf"],)}]
    cases = []
    for number, given in enumerate([*registered, *left]):
        first = case_of(office, **given)
        others = [like(first, turn) for turn in range(1, 6)]
        for found, placed in zip([first, *others], PLACED, strict=True):
            place(found, office, placed)
            cases.append(found)
            if number >= len(registered):
                Case.objects.filter(pk=found.pk).update(
                    status=Status.TRANSFERRED, closed_on=TODAY, closed_by=found.registered_by
                )
    Case.objects.filter(pk=cases[0].pk).update(unit=None)
    return list(Case.objects.filter(pk__in=[found.pk for found in cases]))


def place(case: Case, office: str, placed: str) -> None:
    people = [user(f"{office}.{who}") for who in ("ma", "tl", "dsb", "expert", "gf", "admin", "vz")]
    if placed in ("handler", "responsible"):
        chosen = people[case.pk % len(people)]
        Case.objects.filter(pk=case.pk).update(**{placed: chosen})
    elif placed == "granted":
        for one in people:
            assign_perm("read_single_case", one, case)
    elif placed != "nobody":
        kinds = ("take_note", "co_sign")
        Assignment.objects.bulk_create(
            Assignment(
                case=case, kind=kinds[n % 2], user=one, since_on=TODAY,
                cancelled_on=TODAY if placed == "taken back" else None,
            )
            for n, one in enumerate(people)
        )  # fmt: skip


@pytest.mark.parametrize("office", ["pankow", "germersheim", "gera"])
def test_python_and_sql_say_the_same_for_every_role_and_kind_of_case(office):
    cases = every_kind_of_case(office) + [case_of("pankow" if office == "gera" else "gera")]
    elsewhere = "gera" if office == "pankow" else "pankow"
    stranger = user(f"{elsewhere}.ma")
    for found in cases[:12]:
        assign_perm("read_single_case", stranger, found)
    away = [
        ("krm", "expert"),
        ("krm2", "ma"),
        ("gf", "bl"),
        ("tl2", "ma2"),
        ("tl", "vz"),
        ("bl", "dsb"),
        ("lgf", "admin"),
    ]
    Substitution.objects.bulk_create(
        Substitution(
            absent=user(f"{office}.{a}"),
            deputy=user(f"{office}.{d}"),
            from_on=TODAY,
            until_on=TODAY,
            by_leaders=a in ("krm2", "tl2"),
        )
        for a, d in away
    )
    Substitution.objects.create(absent=user(f"{office}.expert"), deputy=stranger, from_on=TOMORROW, until_on=TOMORROW)
    Substitution.objects.create(absent=user(f"{office}.krm"), deputy=stranger, from_on=TOMORROW, until_on=TOMORROW)
    facts, answers = Facts(found.pk for found in cases), set()
    for who in [*(f"{office}.{who}" for who in EVERYBODY), stranger.username]:
        for day in (TODAY, TOMORROW):  # with what they stand in for, and without
            by = actor(who, day)
            in_python = {found.pk for found in cases if facts.seen_by(Sight.of(by), found)}
            in_sql = set(Case.objects.visible_to(by).filter(pk__in=[c.pk for c in cases]).values_list("pk", flat=True))
            assert in_python == in_sql, (who, day)
            answers.add(frozenset(in_python))
    assert len(answers) > 5
    assert not any(facts.seen_by(Sight.of(Actor(user=None, today=TODAY)), found) for found in cases)


@pytest.mark.parametrize("about", [None, "tl", "gf", "dsb", "krm2"])
@pytest.mark.parametrize("origin", ["alone", "whole case", "part of a case", "part of a sealed case"])
@pytest.mark.parametrize("reason", [Reason.INQUIRY, Reason.DATA_PROTECTION, Reason.AGAINST_MANAGEMENT])
def test_python_and_sql_say_the_same_of_an_abgabe(reason, origin, about):
    krm = actor("pankow.krm")
    employees = (EmployeeData(user_id=user(f"pankow.{about}").pk),) if about else ()
    if origin == "alone":
        data = TransferData(
            reason=reason, subject="Eine Frage", text="Wortlaut", received_on=TODAY, employees=employees
        )
        transfer = register_transfer(by=krm, office=Office.objects.get(slug="pankow"), data=data)
    elif origin == "whole case":
        transfer = hand_over_case(by=krm, case=case_of("pankow", employees=employees), reason=reason)
    else:
        case = case_of("pankow", employees=employees, is_sealed="sealed" in origin)
        transfer = split_off(by=krm, case=case, reason=reason, text="Ein Teil davon.")
    if why_nobody_receives(transfer, TODAY) is None:
        make.handed_over(krm, transfer)
    Substitution.objects.bulk_create(
        Substitution(absent=user(f"pankow.{a}"), deputy=user(f"pankow.{d}"), from_on=TODAY, until_on=TODAY)
        for a, d in (("tl", "ma"), ("krm2", "expert"), ("dsb", "traeger"))
    )
    facts = TransferFacts([transfer.pk])
    by_name = {name: actor(f"pankow.{name}") for name in EVERYBODY}

    in_python = {name for name, by in by_name.items() if facts.seen_by(Sight.of(by), transfer.pk)}
    in_sql = {n for n, by in by_name.items() if Transfer.objects.visible_to(by).filter(pk=transfer.pk).exists()}

    assert in_python == in_sql
