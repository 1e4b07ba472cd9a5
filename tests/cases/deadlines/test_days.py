"""A change of the office's calendar: shown first, then moved with an entry in each open case (peers' pain no. 1)."""

from datetime import date, timedelta

import pytest

from cases.deadlines.actions.calendar_change import add_closing, remove_closing, shifts
from cases.deadlines.actions.moving import extend, pause, resume
from cases.models import Case, Deadline, Event
from offices.errors import NotAllowed
from offices.models import Closing
from tests import make
from tests.cast import actor

RECEIVED = date(2026, 11, 16)
pytestmark = pytest.mark.usefixtures("house")


def holiday(office, day=date(2026, 11, 20), kind=Closing.Kind.HOLIDAY, name="Stadtfeiertag"):
    return Closing(office=office, name=name, kind=kind, from_on=day, until_on=day)


def closure(case: Case) -> Deadline:
    return case.deadlines.get(kind=Deadline.Kind.CLOSURE)


def test_preview_names_the_deadlines_that_would_move_and_changes_nothing():
    case = make.case(actor("pankow.krm"), received_on=RECEIVED)

    would_move = shifts(case.office, [holiday(case.office)])

    assert [(s.deadline.kind, s.deadline.due_on, s.new_due_on) for s in would_move if s.deadline.kind == "closure"] == [
        ("closure", date(2026, 11, 30), date(2026, 12, 1))
    ]
    assert closure(case).due_on == date(2026, 11, 30)


def test_new_holiday_moves_open_deadlines_and_writes_the_old_and_new_date_into_the_case():
    krm = actor("pankow.krm")
    case = make.case(krm, received_on=RECEIVED)

    add_closing(by=krm, closing=holiday(case.office))

    assert closure(case).due_on == date(2026, 12, 1)
    entry = Event.objects.filter(case=case, code="deadline.moved", data__kind="Abschluss").get()
    assert (entry.data["old"], entry.data["new"]) == ("2026-11-30", "2026-12-01")
    case.refresh_from_db()
    assert case.next_due_on == min(d.due_on for d in case.deadlines.open())


def test_removing_the_holiday_moves_them_back():
    krm = actor("pankow.krm")
    case = make.case(krm, received_on=RECEIVED)
    closing = holiday(case.office)
    add_closing(by=krm, closing=closing)

    remove_closing(by=krm, closing=closing)

    assert closure(case).due_on == date(2026, 11, 30)


def test_holiday_of_one_office_moves_no_date_of_another():
    case = make.case(actor("pankow.krm"), received_on=RECEIVED)
    other = make.case(actor("berlin-nord.krm"), received_on=RECEIVED)

    add_closing(by=actor("berlin-nord.krm"), closing=holiday(other.office))

    assert closure(case).due_on == date(2026, 11, 30)


def test_closed_case_keeps_its_dates():
    krm = actor("pankow.krm")
    case = make.case(krm, received_on=RECEIVED)
    Case.objects.filter(pk=case.pk).update(status="closed", closed_on=RECEIVED, closed_by=krm.user)

    assert shifts(case.office, [holiday(case.office)]) == ()


def test_resting_case_keeps_its_dates():
    krm = actor("pankow.krm")
    case = make.case(krm, received_on=RECEIVED)
    pause(by=krm, case=case, category="other", reason="Akte liegt beim Gericht.", from_on=date(2026, 11, 18))

    assert shifts(case.office, [holiday(case.office)]) == ()


def test_extended_deadline_is_a_chosen_date_and_stays():
    krm = actor("pankow.krm")
    case = make.case(krm, received_on=RECEIVED)
    extend(by=krm, deadline=closure(case), new_due_on=date(2026, 12, 10), reason="Rückfrage beim Fachbereich.")

    moved = shifts(case.office, [holiday(case.office)])

    assert "closure" not in {s.deadline.kind for s in moved}


def test_what_a_past_rest_added_is_added_again():
    krm = actor("pankow.krm")
    case = make.case(krm, received_on=RECEIVED)
    pause(by=krm, case=case, category="other", reason="Akte liegt beim Gericht.", from_on=date(2026, 11, 18))
    resume(by=krm, case=case, resumed_on=date(2026, 11, 20))
    assert closure(case).due_on == date(2026, 12, 2)

    add_closing(by=krm, closing=holiday(case.office, date(2026, 11, 25)))

    assert closure(case).due_on == date(2026, 12, 3)


def test_closing_day_moves_nothing_where_it_counts_as_working_day():
    krm = actor("pankow.krm")
    case = make.case(krm, received_on=RECEIVED)

    moved = add_closing(by=krm, closing=holiday(case.office, kind=Closing.Kind.CLOSED))

    assert moved == ()


def test_end_before_begin_is_refused():
    krm = actor("pankow.krm")
    case = make.case(krm)
    wrong = Closing(office=case.office, name="x", kind="holiday", from_on=date(2026, 12, 2), until_on=date(2026, 12, 1))

    with pytest.raises(NotAllowed, match="Das Ende liegt vor dem Beginn"):
        add_closing(by=krm, closing=wrong)


def test_team_leader_may_not_change_the_calendar():
    case = make.case(actor("pankow.krm"))

    with pytest.raises(NotAllowed, match="Ihre Rolle umfasst"):
        add_closing(by=actor("pankow.tl"), closing=holiday(case.office))


def test_an_office_is_not_closed_for_years(house):
    by, office = actor("pankow.krm"), house["pankow"]
    closing = holiday(office, RECEIVED)
    closing.until_on = RECEIVED + timedelta(days=92)

    with pytest.raises(NotAllowed, match="höchstens 92 Tage"):
        add_closing(by=by, closing=closing)
