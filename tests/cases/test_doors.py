"""Who has left, stands in, or runs the house reaches no case by an old grant or a Vertretung, reading and writing."""

from datetime import timedelta
from functools import partial

import pytest
from django.urls import reverse
from django.utils import timezone
from guardian.shortcuts import assign_perm

from cases.access import grant
from cases.administration.actions.people import add_membership
from cases.administration.actions.substitutions import cancel_substitution, end_substitution, enter_substitution
from cases.handling.actions.notes import add_note, set_follow_up
from cases.models import Case, Event, Note, Transfer
from cases.permissions import why_may_not
from cases.recusal.actions.complained_about import unname_employee
from cases.rules.registration import EmployeeData
from offices.errors import NotAllowed
from offices.models import Membership, Office, Substitution, Unit, User
from offices.roles import APART, Permission
from tests import make
from tests.cast import actor as actor_on

pytestmark = pytest.mark.usefixtures("house")
TODAY = timezone.localdate()
YESTERDAY = TODAY - timedelta(1)


def acting(name: str, office: str = "pankow"):
    return actor_on(f"{office}.{name}", TODAY)


def person(name: str, office: str = "pankow") -> User:
    return User.objects.get(username=f"{office}.{name}")


def office(slug: str = "pankow") -> Office:
    return Office.objects.get(slug=slug)


def unit(number: str = "711") -> Unit:
    return Unit.objects.get(office__slug="pankow", number=number)


def leaves(name: str) -> None:
    Membership.objects.filter(user=person(name)).update(from_on=YESTERDAY, until_on=YESTERDAY)


def becomes(name: str, role: str, slug: str = "pankow") -> None:
    """As a row of the past says it, whatever the actions say today."""
    Membership.objects.create(user=person(name), office=office(slug), role=role, from_on=TODAY)


def deputise(absent: str, deputy: str, **values) -> Substitution:
    return Substitution.objects.create(
        absent=person(absent), deputy=person(deputy), from_on=TODAY, until_on=TODAY, **values
    )


def is_shut(name: str, case: Case) -> bool:
    """Neither in the list nor by the sentence of the page, neither reading nor writing; both ways say the same."""
    actor = acting(name)
    by_list = Case.objects.visible_to(actor).filter(pk=case.pk).exists()
    by_page = why_may_not(actor, Permission.READ_CASES, Case.objects.get(pk=case.pk)) is None
    assert by_list == by_page
    if not by_list:
        assert not Transfer.objects.visible_to(actor).exists()
        with pytest.raises(NotAllowed):
            add_note(by=actor, case=case, kind=Note.Kind.INTERNAL, text="darf nicht bleiben")
    return not by_list


@pytest.fixture
def case(house) -> Case:
    return make.case(acting("krm"), unit_id=unit().pk, received_on=TODAY)


@pytest.fixture
def granted(case) -> Case:
    for name in ("expert", "ma"):
        grant(by=acting("krm"), case=case, user=person(name))
    return case


# A seat of one's own


def test_a_grant_holds_while_the_seat_lasts(granted):
    assert not is_shut("expert", granted)


@pytest.mark.parametrize("sealed", [False, True])
def test_a_grant_ends_with_the_last_seat(granted, sealed):
    Case.objects.filter(pk=granted.pk).update(is_sealed=sealed)
    leaves("expert")

    assert is_shut("expert", granted)


def test_a_grant_is_of_no_use_from_a_seat_in_another_office(granted):
    leaves("expert")
    becomes("expert", "krm_officer", "gera")

    assert is_shut("expert", granted)


def test_a_leaver_stands_in_for_nobody(case):
    deputise("krm", "expert")
    assert not is_shut("expert", case)

    leaves("expert")
    assert acting("expert").seats == ()
    assert is_shut("expert", case)


def test_a_vertretung_reaches_only_the_offices_of_the_deputy(case):
    becomes("krm", "krm_officer", "gera")
    deputise("krm", "expert")

    assert {seat.office_id for seat in acting("expert").seats} == {case.office_id}


def test_a_chain_of_deputies_ends_with_somebody_who_has_a_seat(case):
    deputise("krm", "krm2")
    deputise("krm2", "expert")
    leaves("expert")

    assert is_shut("expert", case)


# Apart from the cases


@pytest.mark.parametrize("role", ["sysadmin", "audit", "controlling"])
def test_who_comes_to_run_or_check_the_house_loses_grant_and_vertretung(granted, role):
    deputise("krm", "expert")
    Membership.objects.filter(user=person("expert")).update(role=role)

    assert is_shut("expert", granted)
    assert {seat.role for seat in acting("expert").seats} == {role}


def test_nobody_at_a_desk_gets_the_keys_of_the_house_by_a_chain(case):
    deputise("admin", "revision")
    deputise("revision", "krm")

    assert not acting("krm").may(Permission.CHANGE_PEOPLE)
    assert not acting("krm").may(Permission.READ_LOG)
    assert not is_shut("krm", case)


def test_a_vertretung_for_the_administration_by_the_revision_still_works(case):
    deputise("admin", "revision")

    assert acting("revision").may(Permission.CHANGE_PEOPLE)


@pytest.mark.parametrize("role", ["sysadmin", "audit", "controlling"])
@pytest.mark.parametrize("way", ["deputy", "absent"])
def test_who_stands_in_for_the_desk_is_not_made_administrator(case, role, way):
    stranger = User.objects.create(username="pankow.neu", first_name="Neu", last_name="Hier")
    Membership.objects.create(
        user=stranger, office=office(), role="expert", from_on=YESTERDAY, until_on=TODAY - timedelta(1)
    )
    absent, deputy = (person("krm"), stranger) if way == "deputy" else (stranger, person("krm"))
    Substitution.objects.create(absent=absent, deputy=deputy, from_on=TODAY, until_on=TODAY + timedelta(7))
    seat = Membership(user=stranger, office=office(), role=role, from_on=TODAY + timedelta(7))

    with pytest.raises(NotAllowed, match=APART):
        add_membership(by=acting("admin"), membership=seat)
    seat.from_on = TODAY + timedelta(8)
    assert add_membership(by=acting("admin"), membership=seat).pk


@pytest.mark.parametrize(("absent", "deputy"), [("admin", "krm"), ("krm", "revision"), ("revision", "vz")])
def test_the_administration_enters_no_vertretung_that_brings_both_together(case, absent, deputy):
    with pytest.raises(NotAllowed, match=APART):
        enter_substitution(
            by=acting("admin"), absent=person(absent), deputy=person(deputy), from_on=TODAY, until_on=TODAY
        )


def test_a_grant_to_somebody_apart_from_the_cases_opens_nothing(case):
    for name in ("admin", "revision", "controlling"):
        assign_perm("read_single_case", person(name), case)
        assert is_shut(name, case)


# What is somebody else's


@pytest.mark.parametrize(("who", "may"), [("gf", False), ("vz", False), ("tl", True), ("krm", True), ("krm2", True)])
def test_a_wiedervorlage_is_ticked_off_by_whose_it_is_or_by_the_desk(client, case, who, may):
    look = set_follow_up(by=acting("krm"), case=case, working_days=2, task="nachfragen", assignee=person("tl"))
    client.force_login(person(who))

    client.post(reverse("cases:follow_up_done", args=[look.pk]))

    look.refresh_from_db()
    assert look.is_open is not may


# Against the Geschäftsführung


@pytest.fixture
def against(house) -> Case:
    return make.case(
        acting("krm"), employees=(EmployeeData(user_id=person("gf").pk),), received_on=TODAY, unit_id=unit().pk
    )


def enter(by: str, absent: str, deputy: str, **days) -> Substitution:
    days = {"from_on": TODAY, "until_on": TODAY + timedelta(7)} | days
    return enter_substitution(by=acting(by), absent=person(absent), deputy=person(deputy), **days)


@pytest.mark.parametrize(
    ("by", "sees_it"),
    [("gf", False), ("krm", True), ("krm2", True), ("admin", True)],
    ids=["gf", "self", "krm2", "adm"],
)
def test_a_deputy_for_the_desk_entered_by_the_leadership_reaches_nothing_against_it(case, against, by, sees_it):
    entry = enter(by, "krm", "expert")

    assert not is_shut("expert", case)
    assert is_shut("expert", against) is not sees_it
    assert entry.by_leaders is not sees_it


def test_who_stands_in_for_the_geschaeftsfuehrung_enters_for_it(against):
    deputise("gf", "ma2")

    assert enter("ma2", "krm", "expert").by_leaders
    assert is_shut("expert", against)


def test_the_whole_chain_counts(against):
    enter("gf", "krm2", "expert")
    enter("krm", "krm", "krm2")

    assert {seat.holder_id for seat in acting("expert").seats} >= {person("krm").pk, person("krm2").pk}
    assert is_shut("expert", against)


def test_the_leadership_does_not_send_away_who_stands_in_for_the_desk(against):
    enter("krm", "krm", "expert")

    with pytest.raises(NotAllowed, match="vertritt in dieser Zeit das KRM"):
        enter("gf", "expert", "ma")
    assert not is_shut("expert", against)


@pytest.mark.parametrize("coming", [False, True])
def test_the_leadership_ends_no_vertretung_for_the_desk_of_others(against, coming):
    first = TODAY + timedelta(1 if coming else 0)
    entry = enter("krm", "krm", "expert", from_on=first)

    end = partial(cancel_substitution) if coming else partial(end_substitution, last_day=TODAY)
    with pytest.raises(NotAllowed, match="für das KRM"):
        end(by=acting("gf"), entry=entry)
    assert Substitution.objects.get(pk=entry.pk).until_on == TODAY + timedelta(7)


def test_the_leadership_ends_its_own_entry_and_those_of_others_who_are_not_at_the_desk(case):
    for entry in (enter("gf", "krm", "expert"), enter("krm", "tl", "bl")):
        assert end_substitution(by=acting("gf"), entry=entry, last_day=TODAY).until_on == TODAY


def test_removing_somebody_of_the_leadership_needs_a_second_person(against):
    entry = against.complained_about.get()

    assert unname_employee(by=acting("krm"), case=against, entry=entry) is False
    assert unname_employee(by=acting("krm"), case=against, entry=entry) is False
    assert is_shut("gf", against)
    assert Event.objects.filter(case=against, code="case.employee_removal_asked").count() == 1

    assert unname_employee(by=acting("krm2"), case=against, entry=entry) is True
    assert not is_shut("gf", against)


def test_a_deputy_entered_by_the_leadership_is_no_second_person(against):
    entry = against.complained_about.get()
    unname_employee(by=acting("krm"), case=against, entry=entry)
    enter("gf", "krm2", "expert")

    with pytest.raises(NotAllowed):
        unname_employee(by=acting("expert"), case=against, entry=entry)
    assert against.complained_about.exists()


def test_a_deputy_does_not_confirm_what_they_asked_for_in_anothers_place(against):
    entry = against.complained_about.get()
    enter("krm", "krm", "expert")
    unname_employee(by=acting("expert"), case=against, entry=entry)

    assert unname_employee(by=acting("expert"), case=against, entry=entry) is False
    assert unname_employee(by=acting("krm"), case=against, entry=entry) is False
    assert unname_employee(by=acting("krm2"), case=against, entry=entry) is True


def test_the_page_says_that_a_second_person_is_needed(client, against):
    url = reverse("cases:employee_remove", args=[against.reference, against.complained_about.get().pk])
    client.force_login(person("krm"))
    assert "zweite Person" in client.post(url, follow=True).text

    client.force_login(person("krm2"))
    assert "Rücknahme bestätigen" in client.get(reverse("cases:employees", args=[against.reference])).text
    client.post(url)
    assert not against.complained_about.exists()


# The pages


@pytest.mark.parametrize("who", ["leaver", "deputy by the leadership", "administrator with a Vertretung"])
def test_no_page_of_the_case_is_there_to_read_or_to_write(client, case, against, who):
    shut = against if who == "deputy by the leadership" else case
    if who == "leaver":
        grant(by=acting("krm"), case=case, user=person("expert"))
    enter("gf" if who == "deputy by the leadership" else "krm", "krm", "expert")
    if who == "leaver":
        leaves("expert")
    elif who == "administrator with a Vertretung":
        Membership.objects.filter(user=person("expert")).update(role="sysadmin")
    client.force_login(person("expert"))
    before = Event.objects.count()

    for name in ("detail", "edit", "hand_to_unit", "assign", "employees", "access", "close"):
        url = reverse(f"cases:{name}", args=[shut.reference])
        written = 405 if name == "detail" else 404  # the page itself is only read
        assert [client.get(url).status_code, client.post(url).status_code] == [404, written], name
    for name in ("note", "follow_up", "document_add"):
        assert client.post(reverse(f"cases:{name}", args=[shut.reference]), {"text": "x"}).status_code == 404, name
    assert Event.objects.count() == before
