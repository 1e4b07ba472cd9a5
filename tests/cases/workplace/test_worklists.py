"""The groups of the start page: which case stands where, for whom, and what its row says."""

from dataclasses import replace
from datetime import date

import pytest
from django.urls import reverse

from cases.access import grant, seal
from cases.asking import ask, take_back, take_note, tick
from cases.deadlines.actions.moving import pause
from cases.directives.actions.drafting import draft_directive, present_directive
from cases.handling.actions.assign import accept, hand_to_unit
from cases.handling.actions.notes import set_follow_up
from cases.letters.actions.writing import dispatch_letter, draft_letter
from cases.models import Assignment, Case, Event
from cases.rules.assignments import AssignmentKind
from cases.rules.deadlines import Level
from cases.rules.kinds import Channel
from cases.rules.lifecycle import STATUSES, Turn
from cases.rules.registration import EmployeeData
from cases.statements.actions.asking import request_statement
from cases.workplace.reading.groups import UNIT_STATUSES, Group, day_of, in_group, visible_cases
from cases.workplace.reading.start_page import ROWS_A_GROUP, start_page
from krm.demo.letters import submitted
from offices.errors import NotAllowed
from offices.models import Substitution, Unit, User
from tests import make
from tests.cast import TODAY, actor

pytestmark = [pytest.mark.both_databases, pytest.mark.usefixtures("house")]

# Told by telephone nothing is to be confirmed; the closure is due 10 Arbeitstage later (pankow, K2).
RECEIVED = {
    Group.OVERDUE: date(2026, 11, 6),
    Group.TODAY: date(2026, 11, 9),
    Group.SOON: date(2026, 11, 11),
    Group.ONGOING: date(2026, 11, 16),
}
CASE_GROUPS = (Group.OVERDUE, Group.TODAY, Group.NEW, Group.SOON, Group.ONGOING, Group.WAITING)


@pytest.fixture
def krm(house):
    return actor("pankow.krm")


def unit(number: str) -> Unit:
    return Unit.objects.get(office__slug="pankow", number=number)


def told(krm, group: Group = Group.ONGOING, **changes) -> Case:
    return make.case(krm, channel=Channel.PHONE, received_on=RECEIVED[group], **changes)


def with_unit(krm, number: str = "711", group: Group = Group.ONGOING, **changes) -> Case:
    return hand_to_unit(by=krm, case=accept(by=krm, case=told(krm, group, **changes)), unit=unit(number))


def groups(name: str, today: date = TODAY) -> dict[Group, list[str]]:
    """Group -> references of its rows; empty groups are left out."""
    page = start_page(day_of(actor(f"pankow.{name}", today)))
    return {g.group: [row.case.reference for row in g.rows] for g in page if g.rows}


def row(name: str, group: Group):
    (found,) = next(g for g in start_page(day_of(actor(f"pankow.{name}"))) if g.group == group).rows
    return found


def test_states_in_which_it_is_the_units_turn_come_from_the_table():
    assert {s for s, entry in STATUSES.items() if entry.turn == Turn.UNIT} == UNIT_STATUSES


@pytest.mark.parametrize("group", RECEIVED)
def test_accepted_case_stands_in_the_group_of_its_next_date(krm, group):
    case = accept(by=krm, case=told(krm, group))
    assert groups("krm") == {group: [case.reference]}


def test_new_case_is_new_until_it_is_due_today(krm):
    new, urgent = told(krm, Group.SOON), told(krm, Group.TODAY)
    assert groups("krm") == {Group.NEW: [new.reference], Group.TODAY: [urgent.reference]}


def test_case_with_a_unit_waits_for_others_at_the_desk_and_is_the_units_turn(krm):
    case = with_unit(krm)
    assert groups("krm") == {Group.WAITING: [case.reference]}
    assert groups("gf") == {Group.WAITING: [case.reference]}
    assert groups("tl") == {Group.ONGOING: [case.reference]}
    assert groups("bl") == {Group.ONGOING: [case.reference]}
    assert groups("tl2") == {}


def test_desk_watches_a_case_with_a_unit_once_it_is_overdue(krm):
    case = with_unit(krm, group=Group.OVERDUE)
    found = row("krm", Group.OVERDUE)
    assert (found.case, found.turn, found.to_do) == (case, "711 Team Vermittlung A", "bearbeiten und zurückgeben")
    assert (found.due_on, found.due_for, found.signal.text) == (date(2026, 11, 20), "Abschluss", "überfällig seit 1 AT")


def test_unit_is_not_late_with_the_confirmation_that_the_desk_owes(krm):
    written = make.case(krm, received_on=date(2026, 11, 16), unit_id=unit("711").pk)
    hand_to_unit(by=krm, case=written, unit=unit("711"))
    at_the_desk, at_the_unit = row("krm", Group.OVERDUE), row("tl", Group.ONGOING)
    assert (at_the_desk.to_do, at_the_desk.turn) == ("Eingang bestätigen", "KRM")
    assert (at_the_unit.to_do, at_the_unit.turn) == ("bearbeiten und zurückgeben", "711 Team Vermittlung A")
    assert (at_the_unit.due_on, at_the_unit.due_for) == (date(2026, 11, 30), "Abschluss")


def test_resting_case_waits_however_old_it_is(krm):
    case = accept(by=krm, case=told(krm, Group.OVERDUE))
    pause(by=krm, case=case, category="other", reason="Gutachten", from_on=TODAY, planned_until=date(2026, 12, 4))
    assert groups("krm") == {Group.WAITING: [case.reference]}
    found = row("krm", Group.WAITING)
    assert (found.signal.level, found.to_do) == (Level.PAUSED, "ruht, Fortsetzung prüfen")
    assert found.due_on == date(2026, 12, 4)


def test_issued_letter_is_to_be_sent_until_its_dispatch_is_noted(krm):
    case = accept(by=krm, case=make.case(krm))
    letter = draft_letter(by=krm, case=case, kind="acknowledgement")
    assert Group.DISPATCH not in groups("vz")
    letter = make.signed(krm, letter)
    assert groups("vz") == {Group.DISPATCH: [case.reference]}
    assert row("krm", Group.DISPATCH).to_do == "Eingangsbestätigung versenden"
    assert Group.DISPATCH not in groups("gf")
    dispatch_letter(by=krm, letter=letter, sent_on=TODAY, way="post")
    assert groups("vz") == {}


def test_follow_up_is_shown_to_its_person_from_two_working_days_before(krm):
    case = told(krm)
    set_follow_up(by=krm, case=case, task="Rückruf der Kundin abwarten", working_days=3, assignee=krm.user)
    assert Group.FOLLOW_UP not in groups("krm")
    assert groups("krm", date(2026, 11, 24))[Group.FOLLOW_UP] == [case.reference]
    assert Group.FOLLOW_UP not in groups("krm2", date(2026, 11, 24))
    found = next(g for g in start_page(day_of(replace(krm, today=date(2026, 11, 24)))) if g.group == Group.FOLLOW_UP)
    assert [(r.to_do, r.due_on, r.signal.text) for r in found.rows] == [
        ("Rückruf der Kundin abwarten", date(2026, 11, 26), "noch 2 AT")
    ]


def test_follow_up_of_nobody_is_shown_to_those_whose_turn_it_is(krm):
    case = with_unit(krm)
    set_follow_up(by=krm, case=case, task="Nachfragen", working_days=1)
    assert groups("tl")[Group.FOLLOW_UP] == [case.reference]
    assert Group.FOLLOW_UP not in groups("krm")


def test_rows_of_a_deputy_say_for_whom(krm):
    case = with_unit(krm)
    tl, tl2 = (User.objects.get(username=f"pankow.{name}") for name in ("tl", "tl2"))
    Substitution.objects.create(absent=tl, deputy=tl2, from_on=TODAY, until_on=TODAY)
    own = with_unit(krm, "712")
    found = next(g for g in start_page(day_of(actor("pankow.tl2"))) if g.group == Group.ONGOING)
    assert {r.case.reference: r.in_place_of for r in found.rows} == {
        case.reference: "Tobias Lindner",
        own.reference: "",
    }


def test_employee_sees_only_what_is_in_her_name(krm):
    with_unit(krm)
    ma = User.objects.get(username="pankow.ma")
    mine = hand_to_unit(by=krm, case=told(krm), unit=unit("711"), handler=ma)
    assert groups("ma") == {Group.ONGOING: [mine.reference]}


def test_data_protection_officer_sees_what_was_granted(krm):
    case = told(krm)
    assert groups("dsb") == {}
    grant(by=krm, case=case, user=User.objects.get(username="pankow.dsb"))
    assert groups("dsb") == {Group.WAITING: [case.reference]}


def test_sealed_case_and_case_about_oneself_are_neither_shown_nor_counted(krm):
    seal(by=krm, case=told(krm))
    about_krm2 = EmployeeData(user_id=User.objects.get(username="pankow.krm2").pk)
    told(krm, employees=(about_krm2,))
    assert sum(g.count for g in start_page(day_of(actor("pankow.krm2")))) == 0
    assert sum(g.count for g in start_page(day_of(krm))) == 2


@pytest.mark.parametrize("name", ["revision", "admin", "controlling", "expert", "traeger"])
def test_roles_without_cases_have_no_groups(krm, name):
    told(krm)
    assert start_page(day_of(actor(f"pankow.{name}"))) == ()


def test_other_offices_see_nothing_of_it(krm):
    told(krm)
    assert sum(g.count for g in start_page(day_of(actor("gera.krm")))) == 0


def many(krm, count: int) -> None:
    for n in range(count):
        case = accept(by=krm, case=told(krm, tuple(RECEIVED)[n % 4]))
        if n % 3 == 0:
            hand_to_unit(by=krm, case=case, unit=unit("711"))
        if n % 5 == 0:
            set_follow_up(by=krm, case=case, task="Nachsehen", working_days=1, assignee=krm.user)
    told(krm)


def test_every_open_case_stands_in_exactly_one_group_of_the_desk(krm):
    many(krm, 12)
    found = [r for group in CASE_GROUPS for r in groups("krm").get(group, [])]
    assert sorted(found) == sorted(Case.objects.open().values_list("reference", flat=True))


def test_groups_are_capped_and_still_counted_in_full(krm):
    for _ in range(ROWS_A_GROUP + 2):
        told(krm)
    (new,) = [g for g in start_page(day_of(krm)) if g.group == Group.NEW]
    assert (new.count, len(new.rows), new.is_capped) == (ROWS_A_GROUP + 2, ROWS_A_GROUP, True)


def test_rows_of_a_group_begin_with_the_most_urgent(krm):
    late = [told(krm, group) for group in (Group.SOON, Group.ONGOING, Group.SOON)]
    assert groups("krm")[Group.NEW] == [late[0].reference, late[2].reference, late[1].reference]


def test_counts_equal_the_lists_of_the_groups(krm):
    many(krm, 12)
    for name in ("krm", "tl", "gf", "vz", "ma"):
        day = day_of(actor(f"pankow.{name}"))
        for group in start_page(day):
            assert in_group(visible_cases(day), group.group, day).count() == group.count, (name, group.group)


@pytest.mark.parametrize(("name", "queries"), [("krm", 7), ("vz", 5), ("tl", 6)])
def test_start_page_asks_as_many_queries_for_one_case_as_for_thirty(krm, name, queries, django_assert_num_queries):
    many(krm, 1)
    by = actor(f"pankow.{name}")
    with django_assert_num_queries(queries):
        start_page(day_of(by))
    many(krm, 29)
    with django_assert_num_queries(queries):
        start_page(day_of(by))


def test_the_geschaeftsfuehrung_watches_dates_and_takes_nothing_over(krm):
    new, accepted = told(krm), accept(by=krm, case=told(krm))
    soon, late = told(krm, Group.SOON), told(krm, Group.OVERDUE)
    assert groups("gf") == {
        Group.OVERDUE: [late.reference],
        Group.SOON: [soon.reference],
        Group.WAITING: [new.reference, accepted.reference],
    }
    assert Group.NEW not in day_of(actor("pankow.gf")).groups


def test_issued_answer_is_to_be_sent_wherever_the_case_is_listed(krm):
    case = accept(by=krm, case=told(krm, Group.SOON))
    make.signed(krm, make.answer(krm, case))
    assert [row("krm", group).to_do for group in (Group.DISPATCH, Group.SOON)] == ["Abschlussschreiben versenden"] * 2


def in_words(name: str, wanted: Group) -> list[str]:
    """What the rows of a group that was asked of a person say."""
    found = next(g for g in start_page(day_of(actor(f"pankow.{name}"))) if g.group == wanted)
    assert found.count == len(found.rows)
    return [row.assignment.to_do for row in found.rows]


def test_what_is_to_be_known_is_a_group_of_its_own_and_no_work(krm):
    case = told(krm)
    ask(case, AssignmentKind.TAKE_NOTE, person("tl"), by=krm, task="Kopie")
    ask(case, AssignmentKind.HANDLE, person("tl"), by=krm)
    assert in_words("tl", Group.ASKED) == ["nach Verfügung bearbeiten"]
    assert in_words("tl", Group.TO_KNOW) == ["Kopie"]
    assert [g.group for g in start_page(day_of(actor("pankow.tl"))) if not g.is_work] == [Group.TO_KNOW]


@pytest.mark.parametrize("group", [Group.SOON, Group.ONGOING])
def test_what_is_to_be_known_displaces_no_work(krm, group):
    case = accept(by=krm, case=told(krm, group))
    ask(case, AssignmentKind.TAKE_NOTE, person("krm"), by=krm, task="Kopie")
    assert row("krm", group).case == case


def test_several_are_taken_note_of_at_once(krm, client):
    for _ in range(2):
        ask(told(krm), AssignmentKind.TAKE_NOTE, person("tl"), by=krm, task="Kopie")
    rows = Assignment.objects.filter(user=person("tl"))
    client.force_login(person("tl"))
    page = client.get(reverse("home")).content.decode()
    assert all(f'name="auftrag" value="{row.pk}"' in page for row in rows)

    client.post(reverse("cases:assignments_noted"), {"auftrag": [row.pk for row in rows]})

    assert {(row.is_open, row.done_by) for row in rows.all()} == {(False, person("tl"))}
    assert in_words("tl", Group.TO_KNOW) == []
    assert Event.objects.filter(code="assignment.done", by=person("tl")).count() == 2


def test_work_and_what_others_are_told_is_not_ticked_with_it(krm):
    case = told(krm)
    work = ask(case, AssignmentKind.HANDLE, person("tl"), by=krm)
    of_other = ask(case, AssignmentKind.TAKE_NOTE, person("gf"), by=krm, task="Kopie")
    for row in (work, of_other):
        with pytest.raises(NotAllowed):
            take_note(by=actor("pankow.tl"), assignments=[row])
        assert Assignment.objects.get(pk=row.pk).is_open


def test_what_is_to_be_known_ends_with_the_case(krm):
    case = make.seen(krm)
    ask(case, AssignmentKind.TAKE_NOTE, person("tl"), by=krm, task="Kopie")
    make.answered(krm, accept(by=krm, case=case))
    make.closed(krm, Case.objects.get(pk=case.pk))
    assert in_words("tl", Group.TO_KNOW) == []


def asked_of(name: str) -> list[tuple[str, str, str]]:
    """What waits for a person: what to do, where the row leads, in whose place."""
    found = [row for g in start_page(day_of(actor(f"pankow.{name}"))) if g.is_asked for row in g.rows]
    return [(r.assignment.to_do, r.assignment.get_absolute_url(), r.in_place_of) for r in found]


def person(name: str) -> User:
    return User.objects.get(username=f"pankow.{name}")


def test_what_waits_for_me_leads_to_where_it_is_done(krm):
    case = make.case(krm)
    present_directive(by=krm, directive=draft_directive(by=krm, case=case), expected_version=1)
    asked = told(krm)
    (statement,) = request_statement(by=krm, case=asked, unit=unit("711"), question="?", due_on=date(2026, 11, 30))
    letter = submitted(krm, make.answer(krm, told(krm)))
    ask(case, AssignmentKind.TAKE_NOTE, person("tl"), by=krm, task="Kopie")
    assert set(asked_of("gf")) >= {
        ("Verfügung prüfen und abverfügen", f"/vorgaenge/{case.reference}/verfuegung/", ""),
        ("Schreiben zeichnen", f"/schreiben/{letter.pk}/", ""),
    }
    assert set(asked_of("tl")) == {
        ("Stellungnahme schreiben", f"/stellungnahmen/{statement.pk}/", ""),
        ("Kopie", f"/vorgaenge/{case.reference}/", ""),
    }


def test_what_a_verfuegung_gives_to_handle_is_ticked_off_on_its_page(krm):
    case = told(krm)
    directive = draft_directive(by=krm, case=case)
    ask(case, AssignmentKind.HANDLE, person("tl"), by=krm, directive=directive)
    assert asked_of("tl") == [("nach Verfügung bearbeiten", f"/vorgaenge/{case.reference}/verfuegung/", "")]


def test_whoever_stands_in_has_it_i_v_and_nobody_else(krm):
    case = told(krm)
    ask(case, AssignmentKind.TAKE_NOTE, person("tl"), by=krm, task="Kopie")
    assert (asked_of("tl2"), asked_of("krm")) == ([], [])
    Substitution.objects.create(absent=person("tl"), deputy=person("tl2"), from_on=TODAY, until_on=TODAY)

    assert asked_of("tl2") == [("Kopie", f"/vorgaenge/{case.reference}/", "Tobias Lindner")]
    assert asked_of("tl") == [("Kopie", f"/vorgaenge/{case.reference}/", "")]


def test_a_mention_of_who_does_not_see_the_case_is_no_row_and_opens_nothing(krm):
    case = told(krm)
    ask(case, AssignmentKind.READ_MENTION, person("ma"), by=krm)
    assert asked_of("ma") == []
    assert not Case.objects.visible_to(actor("pankow.ma")).exists()
    ask(case, AssignmentKind.READ_MENTION, person("gf"), by=krm)
    assert asked_of("gf") == [("Vermerk lesen", f"/vorgaenge/{case.reference}/", "")]


def test_what_is_done_or_taken_back_waits_no_longer(krm):
    case = told(krm)
    done = ask(case, AssignmentKind.TAKE_NOTE, person("tl"), by=krm, task="eins")
    ask(case, AssignmentKind.TAKE_NOTE, person("tl"), by=krm, task="zwei")
    ask(case, AssignmentKind.HANDLE, person("tl"), by=krm)
    tick(by=actor("pankow.tl"), assignment=done)
    take_back(case, AssignmentKind.HANDLE, by=krm)
    assert [to_do for to_do, *_ in asked_of("tl")] == ["zwei"]


def test_the_most_urgent_waits_first_and_what_has_no_day_last(krm):
    case = told(krm)
    for task, due_on in (("ohne", None), ("später", date(2026, 11, 27)), ("bald", date(2026, 11, 24))):
        ask(case, AssignmentKind.TAKE_NOTE, person("tl"), by=krm, task=task, due_on=due_on)
    assert [to_do for to_do, *_ in asked_of("tl")] == ["bald", "später", "ohne"]


def test_what_waits_in_a_sealed_case_is_gone_from_the_list_of_whoever_has_no_grant(krm):
    case = told(krm)
    ask(case, AssignmentKind.TAKE_NOTE, person("tl"), by=krm)
    seal(by=krm, case=case)
    assert asked_of("tl") == []
