"""A computed deadline as calendar months: which day counted, which did not and why. Pure, for the page."""

from calendar import Calendar as Weeks
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from offices.calendars import CountedDay, Due, Unit

MONTHS = (
    "Januar",
    "Februar",
    "März",
    "April",
    "Mai",
    "Juni",
    "Juli",
    "August",
    "September",
    "Oktober",
    "November",
    "Dezember",
)
NUMBERED = {Unit.WEEKS: "Woche", Unit.MONTHS: "Monat"}
ALWAYS_SHOWN = 2


@dataclass(frozen=True)
class Cell:
    """One field of the month; `marks` are start, counted, skipped, rolled, raw, due, or out (of this month)."""

    on: date
    marks: tuple[str, ...] = ()
    words: tuple[str, ...] = ()

    @property
    def classes(self) -> str:
        return " ".join(f"is-{mark}" for mark in self.marks)


@dataclass(frozen=True)
class Month:
    """`is_aside`: in a long row of months neither near the beginning nor near the end."""

    name: str
    weeks: tuple[tuple[Cell, ...], ...]
    is_aside: bool


def cells_of(due: Due) -> tuple[Cell, ...]:
    """The days of the deadline in the order of counting, each in words; a day is listed once (B3-10)."""
    return tuple(_cell(due, day, is_first=index == 0) for index, day in enumerate(due.days))


def months_of(due: Due) -> tuple[Month, ...]:
    """The months from the first to the last day of the deadline, in the order of the calendar, weeks from Monday."""
    cells = {cell.on: cell for cell in cells_of(due)}
    first, last = min(cells), max(cells)
    wanted = range(first.year * 12 + first.month - 1, last.year * 12 + last.month)
    return tuple(
        Month(
            name=f"{MONTHS[index % 12]} {index // 12}",
            weeks=tuple(_weeks(index // 12, index % 12 + 1, cells)),
            is_aside=len(wanted) > 2 * ALWAYS_SHOWN and ALWAYS_SHOWN <= position < len(wanted) - ALWAYS_SHOWN,
        )
        for position, index in enumerate(wanted)
    )


def _weeks(year: int, month: int, cells: dict[date, Cell]) -> Iterator[tuple[Cell, ...]]:
    for week in Weeks().monthdatescalendar(year, month):
        yield tuple(cells.get(day, Cell(day)) if day.month == month else Cell(day, ("out",)) for day in week)


def _cell(due: Due, day: CountedDay, *, is_first: bool) -> Cell:
    is_end = day.on == due.due_on
    marks, words = [], []
    if is_first:
        marks.append("start")
        words.append("Fristende, zählt nicht" if due.is_backward else "Beginn, zählt nicht")
    elif day.number is not None:
        marks.append("counted")
        words.append(f"{NUMBERED.get(due.period.unit, 'Tag')} {day.number}")
    elif is_end:
        marks.append("rolled")
    else:
        marks.append("skipped")
        words.append(day.skipped_because)
    if day.on == due.raw_on and not is_end:
        marks.append("raw")
        words.append(f"rechnerisches Ende, {due.raw_end_is}")
    if is_end:
        marks.append("due")
        words.append("Frist endet" if "rolled" not in marks else "Ende rückt hierher: Frist endet")
    return Cell(day.on, tuple(marks), tuple(words))
