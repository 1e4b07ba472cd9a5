"""Counts deadlines on the calendar of an office and explains each day it counted or left out.

Forward and backward, in Kalendertage, Werktage, Arbeitstage, weeks and months; rulebook B3.
Which days an office works is known in workdays.py; its names are offered here too, for a single import.
"""

from calendar import monthrange
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from offices.workdays import FIRST_YEAR, LAST_YEAR, STATES, WEEKDAYS, Calendar, ClosedDay, Unit

__all__ = [
    "FIRST_YEAR",
    "LAST_YEAR",
    "STATES",
    "Calendar",
    "ClosedDay",
    "CountedDay",
    "Due",
    "Period",
    "Unit",
    "due",
    "due_backward",
    "next_working_day",
    "previous_working_day",
    "working_days_until",
]

LARGEST_AMOUNT = 9_999
ONE_DAY = timedelta(days=1)

_UNIT_WORDS = {
    Unit.CALENDAR_DAYS: ("Kalendertag", "Kalendertage"),
    Unit.WEEKDAYS: ("Werktag", "Werktage"),
    Unit.WORKING_DAYS: ("Arbeitstag", "Arbeitstage"),
    Unit.WEEKS: ("Woche", "Wochen"),
    Unit.MONTHS: ("Monat", "Monate"),
}


@dataclass(frozen=True)
class Period:
    """A length of time such as 10 Arbeitstage; raises ValueError for a negative or absurdly large amount."""

    amount: int
    unit: Unit

    def __post_init__(self) -> None:
        if self.unit not in list(Unit):
            raise ValueError(f"„{self.unit}“ ist keine Einheit für eine Frist.")
        if not 0 <= self.amount <= LARGEST_AMOUNT:
            raise ValueError(f"Eine Frist hat 0 bis {LARGEST_AMOUNT} Einheiten, nicht {self.amount}.")

    @property
    def words(self) -> str:
        singular, plural = _UNIT_WORDS[self.unit]
        return f"{self.amount} {singular if self.amount == 1 else plural}"


@dataclass(frozen=True)
class CountedDay:
    """One line of the explanation: the day with its number, or why it carries none."""

    on: date
    number: int | None
    skipped_because: str | None


@dataclass(frozen=True)
class Due:
    """A computed deadline: raw_on is where the count ends, due_on where the deadline ends (both inclusive).

    days: every day from start_on to due_on in the order of counting; for weeks and months only the day on
    which each of them is full. As many days carry a number as the period has units.
    raw_end_is: why the period cannot end on raw_on, or None. counted_from: start_on in words (dative).
    """

    start_on: date
    period: Period
    raw_on: date
    due_on: date
    days: tuple[CountedDay, ...]
    raw_end_is: str | None = None
    is_backward: bool = False
    counted_from: str = "dem Eingang"

    @property
    def sentence(self) -> str:
        """The rule and its result in one German sentence, for the page and the log (B3-10)."""
        return f"{self._rule}; {self._end}."

    @property
    def _rule(self) -> str:
        start = _in_words(self.start_on)
        if self.is_backward:
            return f"{self.period.words} vor {start}"
        if self.period.amount == 0:
            return f"{self.period.words} ab {self.counted_from} ({start})"
        return f"{self.period.words} ab dem Tag nach {self.counted_from} ({start})"

    @property
    def _end(self) -> str:
        raw, end = _in_words(self.raw_on), _in_words(self.due_on)
        if self.raw_end_is and self.raw_end_is not in WEEKDAYS:
            raw += f" ({self.raw_end_is})"
        if self.due_on == self.raw_on:
            return f"das Ende fällt auf {raw}" + (", und bleibt dort" if self.raw_end_is else "")
        if self.is_backward:
            return f"das Ende fiel auf {raw}, und wird vorgezogen auf {end}"
        law = "" if self.period.unit == Unit.WORKING_DAYS else " (§ 26 Abs. 3 SGB X)"
        return f"das Ende fiel auf {raw}, und rückt auf {end}{law}"


def due(
    calendar: Calendar,
    start_on: date,
    period: Period,
    *,
    roll_forward: bool = True,
    counted_from: str = "dem Eingang",
) -> Due:
    """The end of a period that begins on the day after start_on (§§ 187, 188 BGB; § 26 SGB X; B3-2 to B3-10).

    start_on never counts, whatever day it is. With roll_forward an end on a Saturday, Sunday or public
    holiday moves to the next day that is none; without, it stays. Arbeitstage always end on an Arbeitstag.
    counted_from says in the dative what start_on is, for periods that do not begin with the Eingang.
    Raises ValueError where the period leaves the years with known holidays.
    """
    _check_day(start_on)
    counted = list(_count(calendar, start_on, period, direction=1))
    raw_on = counted[-1].on if counted else start_on
    why_not = calendar.why_not_counted if period.unit == Unit.WORKING_DAYS else calendar.why_end_moves
    obstacle = why_not(raw_on)
    moved: list[CountedDay] = []
    if obstacle and (roll_forward or period.unit == Unit.WORKING_DAYS):
        moved = _moved_end(why_not, raw_on, direction=1)
    of_the_start = "Tag des Eingangs" if counted_from == "dem Eingang" else "Der Anfangstag"
    first = CountedDay(start_on, None, f"{of_the_start} zählt nicht")
    days = (first, *counted, *moved)
    return Due(start_on, period, raw_on, days[-1].on, days, obstacle, counted_from=counted_from)


def due_backward(calendar: Calendar, end_on: date, period: Period) -> Due:
    """The last day on which the office works that lies the whole period before end_on (B3-11, GER-28).

    Counted as in a mirror: end_on itself never counts. A result on a Saturday, Sunday, public holiday or
    dienstfreier Tag goes to the day before on which the office works, never after, so that it cannot be late;
    also where the office counts its dienstfreie Tage as Arbeitstage, for nobody is there to keep the date.
    In the result start_on is end_on. Raises ValueError where the period leaves the years with known holidays.
    """
    _check_day(end_on)
    counted = list(_count(calendar, end_on, period, direction=-1))
    raw_on = counted[-1].on if counted else end_on
    obstacle = calendar.why_nobody_works(raw_on)
    moved = _moved_end(calendar.why_nobody_works, raw_on, direction=-1) if obstacle else []
    days = (CountedDay(end_on, None, "Tag des Fristendes zählt nicht"), *counted, *moved)
    return Due(end_on, period, raw_on, days[-1].on, days, obstacle, is_backward=True)


def working_days_until(calendar: Calendar, today: date, due_on: date) -> int:
    """Signed distance from today to due_on in Arbeitstage: 0 only today, negative when overdue.

    The later day counts, the earlier does not. A distance without any Arbeitstag, as from Friday to Saturday,
    is 1 or -1, so that the sign always tells whether the deadline is open, of today or overdue.
    """
    if today == due_on:
        return 0
    first, last = sorted((today, due_on))
    days = range(first.toordinal() + 1, last.toordinal() + 1)
    distance = max(1, sum(calendar.is_working_day(date.fromordinal(day)) for day in days))
    return distance if due_on > today else -distance


def previous_working_day(calendar: Calendar, day: date) -> date:
    """The last Arbeitstag before this day, the day itself excluded (B3-5)."""
    return _next_working_day(calendar, day, direction=-1)


def next_working_day(calendar: Calendar, day: date) -> date:
    """The first Arbeitstag after this day, the day itself excluded."""
    return _next_working_day(calendar, day, direction=1)


def _next_working_day(calendar: Calendar, day: date, *, direction: int) -> date:
    day += direction * ONE_DAY
    while not calendar.is_working_day(day):
        day += direction * ONE_DAY
    return day


def _count(calendar: Calendar, start_on: date, period: Period, *, direction: int) -> Iterator[CountedDay]:
    """The days after (or before) start_on up to the one with the last number."""
    if period.unit in (Unit.WEEKS, Unit.MONTHS):
        for number in range(1, period.amount + 1):
            yield CountedDay(_same_day(start_on, direction * number, period.unit), number, None)
        return
    day, number = start_on, 0
    while number < period.amount:
        day += direction * ONE_DAY
        reason = calendar.why_not_counted(day, period.unit)
        number += reason is None
        yield CountedDay(day, None if reason else number, reason)


def _same_day(start_on: date, amount: int, unit: Unit) -> date:
    """Same weekday or same number; a number the month lacks becomes its last day (§ 188 Abs. 2, 3 BGB)."""
    if unit == Unit.WEEKS:
        return start_on + timedelta(weeks=amount)
    year, month_index = divmod(start_on.year * 12 + start_on.month - 1 + amount, 12)
    last = monthrange(year, month_index + 1)[1]
    return date(year, month_index + 1, min(start_on.day, last))


def _moved_end(why_not: Callable[[date], str | None], raw_on: date, *, direction: int) -> list[CountedDay]:
    """The days from the raw end, excluded, to the first on which the period may end."""
    days, day = [], raw_on + direction * ONE_DAY
    while reason := why_not(day):
        days.append(CountedDay(day, None, reason))
        day += direction * ONE_DAY
    return [*days, CountedDay(day, None, "Ende rückt auf diesen Tag")]


def _check_day(day: date) -> None:
    # A moment belongs to different days in different time zones; which one counts is not decided here.
    if isinstance(day, datetime):
        raise ValueError("Fristen rechnen mit einem Tag ohne Uhrzeit.")
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise ValueError(f"Fristen werden für {FIRST_YEAR} bis {LAST_YEAR} berechnet, nicht für {day.year}.")


def _in_words(day: date) -> str:
    return f"{WEEKDAYS[day.weekday()]}, {day:%d.%m.%Y}"
