"""What single persons are asked to do: asked once, never of somebody kept out, done once, and what it opens."""

from datetime import date

import pytest

from cases.access import grant, seal
from cases.asking import ask, finish, take_back, tick
from cases.models import Assignment, Case, Event
from cases.recusal.actions.complained_about import name_employee
from cases.rules.assignments import AssignmentKind
from cases.rules.registration import EmployeeData
from offices.errors import NotAllowed
from offices.models import Substitution, User
from tests import make
from tests.cast import TODAY, actor

pytestmark = pytest.mark.usefixtures("house")

NOTE, HANDLE = AssignmentKind.TAKE_NOTE, AssignmentKind.HANDLE


def person(name: str) -> User:
    return User.objects.get(username=f"pankow.{name}")


def sees(name: str, case: Case) -> bool:
    return Case.objects.visible_to(actor(f"pankow.{name}")).filter(pk=case.pk).exists()


def now(asked: Assignment) -> Assignment:
    return Assignment.objects.get(pk=asked.pk)


@pytest.fixture
def krm(house):
    return actor("pankow.krm")


@pytest.fixture
def case(krm) -> Case:
    return make.case(krm)


def test_the_same_asked_twice_is_one_row_and_one_entry_in_the_log(krm, case):
    first = ask(case, NOTE, person("ma"), by=krm, task="Kopie")
    assert ask(case, NOTE, person("ma"), by=krm, task="Kopie") == first
    assert Event.objects.filter(case=case, code="assignment.made").count() == 1
    others = {
        ask(case, NOTE, person("ma"), by=krm, task="anderes"),
        ask(case, NOTE, person("ma2"), by=krm, task="Kopie"),
    }
    assert len({first, *others}) == 3


def test_what_was_done_may_be_asked_again(krm, case):
    first = ask(case, NOTE, person("ma"), by=krm)
    tick(by=actor("pankow.ma"), assignment=first)
    assert ask(case, NOTE, person("ma"), by=krm) != first


def test_it_stands_there_since_today_until_its_day(krm, case):
    asked = now(ask(case, HANDLE, person("ma"), by=krm, due_on=date(2026, 11, 27)))
    assert (asked.since_on, asked.due_on, asked.is_open) == (TODAY, date(2026, 11, 27), True)


def test_nobody_complained_about_is_asked_b4_8(krm):
    case = make.case(krm, employees=(EmployeeData(user_id=person("ma").pk),))
    with pytest.raises(NotAllowed, match="selbst betroffen"):
        ask(case, NOTE, person("ma"), by=krm)
    assert not case.assignments.filter(user=person("ma")).exists()


def test_no_leader_is_asked_where_it_is_about_the_geschaeftsfuehrung_pan7(krm):
    case = make.case(krm, employees=(EmployeeData(user_id=person("gf").pk),))
    with pytest.raises(NotAllowed, match="gehört zur Leitung"):
        ask(case, NOTE, person("tl"), by=krm)
    assert ask(case, NOTE, person("ma"), by=krm).is_open


def test_a_sealed_case_is_put_into_the_hands_of_those_named_only(krm, case):
    seal(by=krm, case=case)
    case.refresh_from_db()
    with pytest.raises(NotAllowed, match="Einzelzugriff"):
        ask(case, NOTE, person("ma"), by=krm)
    grant(by=krm, case=case, user=person("ma"))
    assert ask(case, NOTE, person("ma"), by=krm).is_open


def test_it_is_ticked_off_once(krm, case):
    asked = ask(case, NOTE, person("gf"), by=krm)

    done = tick(by=actor("pankow.gf"), assignment=asked)

    assert (done.done_on, done.done_by) == (TODAY, person("gf"))
    with pytest.raises(NotAllowed, match="schon erledigt"):
        tick(by=actor("pankow.gf"), assignment=asked)
    assert Event.objects.filter(case=case, code="assignment.done").count() == 1


def test_that_of_somebody_else_is_not_ticked_off_except_in_their_absence(krm, case):
    asked = ask(case, NOTE, person("tl"), by=krm)
    for other in ("krm", "tl2", "gf"):
        with pytest.raises(NotAllowed):
            tick(by=actor(f"pankow.{other}"), assignment=asked)
    assert now(asked).is_open
    Substitution.objects.create(absent=person("tl"), deputy=person("tl2"), from_on=TODAY, until_on=TODAY)

    assert tick(by=actor("pankow.tl2"), assignment=asked).done_by == person("tl2")


def test_what_ends_with_its_own_action_is_not_ticked_off(krm, case):
    asked = ask(case, HANDLE, person("ma"), by=krm)
    with pytest.raises(NotAllowed, match="wenn er ausgeführt ist"):
        tick(by=actor("pankow.ma"), assignment=asked)
    assert (finish(case, HANDLE, by=krm), finish(case, HANDLE, by=krm)) == (1, 0)
    assert now(asked).done_by == krm.user


def test_a_tick_passes_on_what_stands_behind_it_k14(krm, case):
    asked = ask(case, NOTE, person("gf"), by=krm, task="Lob", pass_to=person("tl"))

    tick(by=actor("pankow.gf"), assignment=asked)

    (then,) = case.assignments.open().filter(user=person("tl"))
    assert (then.kind, then.task, then.pass_to) == (NOTE, "Lob", None)


def test_nothing_is_passed_on_to_whom_it_turned_out_to_be_about_b4_8(krm, case):
    asked = ask(case, NOTE, person("gf"), by=krm, pass_to=person("tl"))
    name_employee(by=krm, case=case, user=person("tl"))
    tick(by=actor("pankow.gf"), assignment=asked)
    assert (now(asked).is_open, case.assignments.filter(user=person("tl")).exists()) == (False, False)


def test_what_is_asked_opens_the_case_until_it_is_done_or_taken_back(krm, case):
    before = sees("ma", case)
    asked = ask(case, NOTE, person("ma"), by=krm)
    while_open = sees("ma", case)
    tick(by=actor("pankow.ma"), assignment=asked)
    again = ask(case, HANDLE, person("ma2"), by=krm)
    assert (before, while_open, sees("ma", case), sees("ma2", case)) == (False, True, False, True)

    take_back(case, HANDLE, by=krm)

    assert (now(again).cancelled_on, now(again).is_open, sees("ma2", case), sees("ma", case)) == (
        TODAY, False, False, False,
    )  # fmt: skip


def test_only_what_is_named_is_taken_back(krm, case):
    kept = ask(case, NOTE, person("ma"), by=krm)
    ask(case, HANDLE, person("ma"), by=krm)
    ask(case, HANDLE, person("ma2"), by=krm)

    take_back(case, HANDLE, by=krm, user=person("ma"))

    mine = case.assignments.open().filter(user__username__in=["pankow.ma", "pankow.ma2"])
    assert set(mine.values_list("kind", "user__username")) == {(NOTE, "pankow.ma"), (HANDLE, "pankow.ma2")}
    assert now(kept).is_open


def test_a_mention_opens_nothing(krm, case):
    ask(case, AssignmentKind.READ_MENTION, person("ma"), by=krm)
    assert not sees("ma", case)
