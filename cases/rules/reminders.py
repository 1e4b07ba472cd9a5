"""Which reminder step of a deadline is told on a day, and which were passed over; all days are Arbeitstage.

The steps come from the rule set of the case (`Reminders`) and so stay what they were at Eingang. They are counted on
the days on which somebody is there: a dienstfreier Tag is never one, even where it counts for the deadline itself.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from offices.calendars import Calendar, next_working_day, previous_working_day
from offices.rules.parsing import INVALID, Errors, ParameterErrors, dump, read
from offices.rules.values import Reminders, ReminderStep
from offices.rules.vocabulary import Labelled

OF_KIND = {
    "acknowledgement": "desk",
    "interim": "desk",
    "closure": "closure",
    "statement": "statements",
    "directive": "directives",
    "follow_up": "follow_ups",
    "rest": "rests",
    "presentation": "presentation",
    "other": "closure",
    "transfer": "closure",
}
EVEN_WHILE_RESTING = frozenset({"follow_up", "rest", "other"})  # "other": dates of other parts know no rest


class Urgency(Labelled):
    AHEAD = "ahead", "bald fällig"
    TODAY = "today", "heute fällig"
    OVERDUE = "overdue", "überfällig"
    ASKED = "asked", "erbeten"  # told when it was asked, whatever the day
    MOVED = "moved", "Datum geändert"  # of what was asked, told once for each change


class MailChoice(Labelled):
    """How somebody wants to be told by mail; what is overdue in one's own hands is mailed whatever is chosen."""

    AT_ONCE = "at_once", "sofort"
    DAILY = "daily", "einmal am Tag"
    WEEKLY = "weekly", "einmal in der Woche"
    NEVER = "never", "nicht"


@dataclass(frozen=True)
class Round:
    """What one look at a deadline finds: steps by their place in the list.

    `told` is the most urgent step whose day has come, None where there is none; `passed` are those before it that
    nobody told. `next_step` and `next_on` say where the next look begins; `next_on` is None when all are told.
    """

    told: int | None
    passed: tuple[int, ...]
    next_step: int
    next_on: date | None


def steps_for(reminders: Reminders, kind: str, own: Sequence[Any] | None = None) -> tuple[ReminderStep, ...]:
    """The steps of a kind of deadline; `own` are steps as data that a deadline brings along.

    Raises ParameterErrors for `own` steps that make no sense.
    """
    return read_steps(own) if own is not None else getattr(reminders, OF_KIND[kind])


def read_steps(raw: Sequence[Any]) -> tuple[ReminderStep, ...]:
    """Steps from plain data; raises ParameterErrors."""
    errors: Errors = {}
    steps = read(tuple[ReminderStep, ...], raw, "steps", errors)
    if steps is INVALID:
        raise ParameterErrors(errors)
    return steps


def dump_steps(steps: Iterable[ReminderStep]) -> list[Any]:
    return dump(tuple(steps))


def step_day(calendar: Calendar, due_on: date, offset: int) -> date:
    """The Arbeitstag `offset` Arbeitstage from the day it is due, which does not count.

    A deadline that ends on a day on which nobody is there is recalled on the Arbeitstag before.
    """
    day = due_on
    if offset > 0:
        for _ in range(offset):
            day = next_working_day(calendar, day)
        return day
    if not calendar.is_working_day(day):
        day = previous_working_day(calendar, day)
    for _ in range(-offset):
        day = previous_working_day(calendar, day)
    return day


def look(steps: Sequence[ReminderStep], calendar: Calendar, due_on: date, next_step: int, today: date) -> Round:
    """What is to be told today of the steps from `next_step` on: of several at once only the most urgent."""
    days = [step_day(calendar, due_on, step.offset) for step in steps]
    reached = [place for place in range(next_step, len(steps)) if days[place] <= today]
    following = reached[-1] + 1 if reached else next_step
    return Round(
        told=reached[-1] if reached else None,
        passed=tuple(reached[:-1]),
        next_step=following,
        next_on=days[following] if following < len(steps) else None,
    )


def urgency(due_on: date, today: date) -> Urgency:
    """How a deadline stands today, whatever step brings it up."""
    if due_on < today:
        return Urgency.OVERDUE
    return Urgency.TODAY if due_on == today else Urgency.AHEAD


def digest_is_due(choice: MailChoice, last_on: date | None, today: date) -> bool:
    """Whether the one mail of the day or the week is still to come; the week begins on Monday."""
    if choice == MailChoice.DAILY:
        return last_on != today
    if choice == MailChoice.WEEKLY:
        return last_on is None or last_on.isocalendar()[:2] != today.isocalendar()[:2]
    return False


def to_mail_now(choice: MailChoice, digest_due: bool, *, own_level: bool, due_on: date | None, today: date) -> bool:
    """Whether a notice goes into a mail now, `due_on` None for what has no date.

    Overdue in one's own hands always does, also after the mail of the day.
    """
    if choice == MailChoice.AT_ONCE or digest_due:
        return True
    return own_level and due_on is not None and urgency(due_on, today) == Urgency.OVERDUE
