"""Periods of figures: quarters, half-years, years, or any two days, both included."""

import re
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Self

from offices.errors import NotAllowed
from reporting.rules.vocabulary import ReportKind

MONTHS = ("Januar", "Februar", "März", "April", "Mai", "Juni", "Juli", "August", "September", "Oktober", "November",
          "Dezember")  # fmt: skip
ONE_DAY = timedelta(days=1)
FIRST_YEAR, LAST_YEAR = 1990, 2099
LENGTHS = {ReportKind.QUARTER: 3, ReportKind.HALF_YEAR: 6, ReportKind.YEAR: 12}  # months
NAMES = {
    ReportKind.QUARTER: re.compile(r"(\d{4})-Q([1-4])"),
    ReportKind.HALF_YEAR: re.compile(r"(\d{4})-H([12])"),
    ReportKind.YEAR: re.compile(r"(\d{4})()"),
}


@dataclass(frozen=True, order=True)
class Period:
    """From the first day to the last, both included; NotAllowed where the last lies before the first."""

    from_on: date
    until_on: date

    def __post_init__(self) -> None:
        if self.until_on < self.from_on:
            raise NotAllowed("Der Zeitraum endet, bevor er beginnt.", "until_on")
        if not FIRST_YEAR <= self.from_on.year <= self.until_on.year <= LAST_YEAR:
            raise NotAllowed(f"Ein Zeitraum liegt zwischen {FIRST_YEAR} und {LAST_YEAR}.", "from_on")

    @classmethod
    def of_months(cls, year: int, month: int, length: int) -> Self:
        """`length` whole months from that one on."""
        return cls(date(year, month, 1), _first_of(year, month + length) - ONE_DAY)

    @classmethod
    def year_up_to(cls, day: date) -> Self:
        """Twelve whole months, the last of which is that of the day."""
        first = _number(day) - 11
        return cls.of_months(first // 12, first % 12 + 1, 12)

    @classmethod
    def around(cls, day: date, kind: ReportKind) -> Self:
        """The quarter, half-year or year in which a day lies."""
        length = LENGTHS[kind]
        return cls.of_months(day.year, (day.month - 1) // length * length + 1, length)

    @classmethod
    def parse(cls, kind: ReportKind, name: str) -> Self:
        """A period by its name: „2026-Q3“, „2026-H1“, „2026“; NotAllowed for any other."""
        match = NAMES[kind].fullmatch(name.strip()) if kind in NAMES else None
        if match is None:
            raise NotAllowed("Ein Zeitraum heißt zum Beispiel 2026-Q3, 2026-H1 oder 2026.")
        length = LENGTHS[kind]
        return cls.of_months(int(match[1]), (int(match[2] or 1) - 1) * length + 1, length)

    @property
    def months(self) -> int | None:
        """How many whole months it has; None where it does not begin and end with one."""
        is_whole = self.from_on.day == 1 and (self.until_on + ONE_DAY).day == 1
        return _number(self.until_on) - _number(self.from_on) + 1 if is_whole else None

    @property
    def kind(self) -> ReportKind | None:
        """Which kind of report is about such a period."""
        for kind in LENGTHS:
            if self == Period.around(self.from_on, kind):
                return kind
        return None

    @property
    def name(self) -> str:
        """As `parse` reads it; of any other period its two days."""
        kind, year = self.kind, self.from_on.year
        if kind == ReportKind.QUARTER:
            return f"{year}-Q{(self.from_on.month + 2) // 3}"
        if kind == ReportKind.HALF_YEAR:
            return f"{year}-H{1 if self.from_on.month == 1 else 2}"
        return str(year) if kind else f"{self.from_on.isoformat()}–{self.until_on.isoformat()}"

    @property
    def label(self) -> str:
        kind, year = self.kind, self.from_on.year
        if kind == ReportKind.QUARTER:
            return f"{(self.from_on.month + 2) // 3}. Quartal {year}"
        if kind == ReportKind.HALF_YEAR:
            return f"{1 if self.from_on.month == 1 else 2}. Halbjahr {year}"
        if kind:
            return f"Jahr {year}"
        if self.months == 1:
            return f"{MONTHS[self.from_on.month - 1]} {year}"
        return f"{self.from_on:%d.%m.%Y} bis {self.until_on:%d.%m.%Y}"

    @property
    def days(self) -> int:
        return (self.until_on - self.from_on).days + 1

    def before(self) -> "Period":
        """The period of the same length that ends the day before it begins."""
        if self.months:
            first = _number(self.from_on) - self.months
            return Period.of_months(first // 12, first % 12 + 1, self.months)
        return Period(self.from_on - timedelta(days=self.days), self.from_on - ONE_DAY)

    def a_year_before(self) -> "Period":
        """The same period of the year before."""
        if self.months:
            return Period.of_months(self.from_on.year - 1, self.from_on.month, self.months)
        return Period(_year_before(self.from_on), _year_before(self.until_on))

    def month_starts(self) -> list[date]:
        """The first day of each month that it touches."""
        first, last = _number(self.from_on), _number(self.until_on)
        return [date(number // 12, number % 12 + 1, 1) for number in range(first, last + 1)]

    def has_whole(self, other: "Period") -> bool:
        return self.from_on <= other.from_on and other.until_on <= self.until_on

    def has(self, day: date | None) -> bool:
        return day is not None and self.from_on <= day <= self.until_on


def ended_before(day: date, kind: ReportKind) -> Period:
    """The last quarter, half-year or year that had ended before this day."""
    return Period.around(day, kind).before()


def month_label(first: date) -> str:
    return f"{MONTHS[first.month - 1][:3]} {first.year}"


def _first_of(year: int, month: int) -> date:
    years, index = divmod(month - 1, 12)
    return date(year + years, index + 1, 1)


def _number(day: date) -> int:
    return day.year * 12 + day.month - 1


def _year_before(day: date) -> date:
    return date(day.year - 1, day.month, 28 if (day.month, day.day) == (2, 29) else day.day)
