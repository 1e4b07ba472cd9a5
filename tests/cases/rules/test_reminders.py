"""Which step is told when: tables over the calendar, and what catching up passes over."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases.rules.reminders import (
    MailChoice,
    Urgency,
    digest_is_due,
    dump_steps,
    look,
    read_steps,
    step_day,
    steps_for,
    to_mail_now,
    urgency,
)
from offices.calendars import Calendar
from offices.rules.parsing import ParameterErrors
from offices.rules.values import ONE_S_OWN, UP_THE_LINE, Reminders
from offices.workdays import ClosedDay

BERLIN = Calendar("BE")
CLOSED = Calendar("BE", (ClosedDay("Brückentag", date(2026, 12, 24), date(2026, 12, 24), False),), False)


@pytest.mark.parametrize(
    ("due_on", "offset", "day"),
    [
        (date(2026, 11, 25), -2, date(2026, 11, 23)),  # Wed: Tue, Mon
        (date(2026, 11, 23), -2, date(2026, 11, 19)),  # Mon: Fri, Thu; the week-end is no Arbeitstag
        (date(2026, 11, 23), 0, date(2026, 11, 23)),
        (date(2026, 11, 27), 1, date(2026, 11, 30)),  # Fri: Mon
        (date(2026, 12, 24), 1, date(2026, 12, 28)),  # Thu: 25 and 26 December, then the week-end
        (date(2026, 11, 28), 0, date(2026, 11, 27)),  # a Saturday is recalled on Friday
        (date(2026, 11, 28), -2, date(2026, 11, 25)),
        (date(2026, 11, 28), 1, date(2026, 11, 30)),
    ],
)
def test_steps_are_counted_in_arbeitstage_of_the_office(due_on, offset, day):
    assert step_day(BERLIN, due_on, offset) == day


def test_nobody_is_reminded_on_a_dienstfreier_tag():
    assert step_day(CLOSED, date(2026, 12, 24), 0) == date(2026, 12, 23)
    assert step_day(CLOSED, date(2026, 12, 23), 1) == date(2026, 12, 28)


@pytest.mark.parametrize(
    ("today", "next_step", "told", "passed", "next_on"),
    [
        (date(2026, 11, 20), 0, None, (), date(2026, 11, 23)),  # too early: only planned
        (date(2026, 11, 23), 0, 0, (), date(2026, 11, 25)),
        (date(2026, 11, 24), 1, None, (), date(2026, 11, 25)),
        (date(2026, 11, 25), 1, 1, (), date(2026, 11, 26)),
        (date(2026, 11, 26), 2, 2, (), date(2026, 11, 30)),
        (date(2026, 11, 30), 0, 3, (0, 1, 2), date(2026, 12, 2)),  # nobody looked for a week: one step, three passed
        (date(2026, 12, 2), 4, 4, (), None),
        (date(2027, 1, 4), 5, None, (), None),  # all told
    ],
)
def test_of_several_steps_the_most_urgent_is_told(today, next_step, told, passed, next_on):
    found = look(UP_THE_LINE, BERLIN, date(2026, 11, 25), next_step, today)
    assert (found.told, found.passed, found.next_on) == (told, passed, next_on)


DAYS = st.dates(date(2026, 1, 1), date(2028, 12, 31))


@given(due_on=DAYS, looks=st.lists(st.integers(1, 12), min_size=1, max_size=40))
def test_however_irregularly_somebody_looks_each_step_comes_up_exactly_once(due_on, looks):
    today, next_step, seen = due_on - timedelta(days=20), 0, []
    for days in [*looks, 60]:
        today += timedelta(days=days)
        found = look(UP_THE_LINE, BERLIN, due_on, next_step, today)
        seen += [*found.passed, *([found.told] if found.told is not None else [])]
        assert found.next_on is None or found.next_on > today
        next_step = found.next_step
    assert seen == list(range(len(UP_THE_LINE)))


@given(due_on=DAYS)
def test_steps_follow_each_other_on_arbeitstagen(due_on):
    days = [step_day(BERLIN, due_on, step.offset) for step in UP_THE_LINE]
    assert days == sorted(set(days))
    assert all(BERLIN.is_working_day(day) for day in days)


def test_each_kind_of_deadline_has_its_steps_and_own_ones_win():
    assert steps_for(Reminders(), "closure") == UP_THE_LINE
    assert steps_for(Reminders(), "follow_up") == ONE_S_OWN
    assert steps_for(Reminders(), "closure", dump_steps(ONE_S_OWN)) == ONE_S_OWN


def test_steps_as_data_survive_and_nonsense_is_refused():
    assert read_steps(dump_steps(UP_THE_LINE)) == UP_THE_LINE
    with pytest.raises(ParameterErrors) as error:
        read_steps([{"moment": "before", "tells": []}])
    assert "steps.0.tells" in error.value.errors


def test_urgency_is_seen_from_today():
    due_on = date(2026, 11, 25)
    seen = [urgency(due_on, due_on + timedelta(days=days)) for days in (-1, 0, 1)]
    assert seen == [Urgency.AHEAD, Urgency.TODAY, Urgency.OVERDUE]


@pytest.mark.parametrize(
    ("choice", "last_on", "is_due"),
    [
        (MailChoice.DAILY, None, True),
        (MailChoice.DAILY, date(2026, 11, 24), True),
        (MailChoice.DAILY, date(2026, 11, 25), False),
        (MailChoice.WEEKLY, date(2026, 11, 23), False),
        (MailChoice.WEEKLY, date(2026, 11, 20), True),
        (MailChoice.WEEKLY, None, True),
        (MailChoice.NEVER, None, False),
        (MailChoice.AT_ONCE, None, False),
    ],
)
def test_one_mail_a_day_or_a_week(choice, last_on, is_due):
    assert digest_is_due(choice, last_on, date(2026, 11, 25)) is is_due


@pytest.mark.parametrize("choice", list(MailChoice))
def test_overdue_in_ones_own_hands_cannot_be_switched_off(choice):
    today, late, ahead = date(2026, 11, 25), date(2026, 11, 24), date(2026, 11, 26)
    digest = choice == MailChoice.DAILY
    assert to_mail_now(choice, digest, own_level=True, due_on=late, today=today)
    silent = choice in (MailChoice.WEEKLY, MailChoice.NEVER)
    assert to_mail_now(choice, digest, own_level=False, due_on=late, today=today) is not silent
    assert to_mail_now(choice, digest, own_level=True, due_on=ahead, today=today) is not silent
