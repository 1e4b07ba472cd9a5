"""Knows of each day whether it is an Arbeitstag of an office, and if not, why.

Two notions of "working day" are kept apart on purpose (rulebook B3-8, B3-9):

* An end moves off Saturdays, Sundays and public holidays (gesetzliche Feiertage), § 26 Abs. 3 SGB X.
* An Arbeitstag is Monday to Friday without public holidays and, where the office says so, without its
  own dienstfreie Tage. Dienstfreie Tage therefore never move the end of any other period that runs forward;
  one that is counted backward ends on a day on which somebody works (B3-11).
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cache, cached_property

from holidays.countries.germany import Germany

STATES = {
    "BB": "Brandenburg",
    "BE": "Berlin",
    "BW": "Baden-Württemberg",
    "BY": "Bayern",
    "HB": "Bremen",
    "HE": "Hessen",
    "HH": "Hamburg",
    "MV": "Mecklenburg-Vorpommern",
    "NI": "Niedersachsen",
    "NW": "Nordrhein-Westfalen",
    "RP": "Rheinland-Pfalz",
    "SH": "Schleswig-Holstein",
    "SL": "Saarland",
    "SN": "Sachsen",
    "ST": "Sachsen-Anhalt",
    "TH": "Thüringen",
}
FIRST_YEAR, LAST_YEAR = Germany.start_year, Germany.end_year
WEEKDAYS = ("Montag", "Dienstag", "Mittwoch", "Donnerstag", "Freitag", "Samstag", "Sonntag")
SATURDAY, SUNDAY = 5, 6


class Unit(StrEnum):
    """What a period is counted in; WEEKDAYS are Werktage (Mon-Sat), WORKING_DAYS Arbeitstage (Mon-Fri)."""

    CALENDAR_DAYS = "calendar_days"
    WEEKDAYS = "weekdays"
    WORKING_DAYS = "working_days"
    WEEKS = "weeks"
    MONTHS = "months"


@dataclass(frozen=True)
class ClosedDay:
    """A day or span (both ends included) on which an office is closed beyond the holidays of its state.

    is_public_holiday: True for a gesetzlicher Feiertag of the municipality (moves ends, is no Arbeitstag),
    False for a dienstfreier Tag of the office such as 24.12. Raises ValueError if it ends before it begins.
    """

    name: str
    from_on: date
    until_on: date
    is_public_holiday: bool

    def __post_init__(self) -> None:
        if self.until_on < self.from_on:
            raise ValueError(f"„{self.name}“ endet vor dem Beginn.")


@dataclass(frozen=True)
class Calendar:
    """The calendar of one office: its state and its own days (rulebook B3-7, B3-8, K24).

    closed_days_are_working_days: dienstfreie Tage count as Arbeitstage (default) or are skipped in them.
    Raises ValueError for an unknown state.
    """

    state: str
    closed_days: tuple[ClosedDay, ...] = ()
    closed_days_are_working_days: bool = True

    def __post_init__(self) -> None:
        if self.state not in STATES:
            raise ValueError(f"„{self.state}“ ist kein Bundesland (erwartet: {', '.join(STATES)}).")
        object.__setattr__(self, "closed_days", tuple(self.closed_days))

    def holiday_on(self, day: date) -> str | None:
        """Name of the gesetzlicher Feiertag on this day in the state or municipality, else None."""
        name = _holidays_of(self.state, day.year).get(day)
        return name or self._own_day_on(day, is_public_holiday=True)

    def holidays_in(self, year: int) -> tuple[tuple[date, str], ...]:
        """The public holidays of the whole state in a year, in order; the office's own days are not among them."""
        return tuple(sorted(_holidays_of(self.state, year).items()))

    def closed_on(self, day: date) -> str | None:
        """Name of the dienstfreier Tag of the office on this day, else None; holidays are not meant."""
        return self._own_day_on(day, is_public_holiday=False)

    def is_working_day(self, day: date) -> bool:
        """Whether this day is an Arbeitstag of the office (B3-9)."""
        return self.why_not_counted(day, Unit.WORKING_DAYS) is None

    def why_not_counted(self, day: date, unit: Unit = Unit.WORKING_DAYS) -> str | None:
        """Why this day does not count in the unit ("Samstag", a holiday, "dienstfrei: …"), else None."""
        if unit not in (Unit.WORKING_DAYS, Unit.WEEKDAYS):
            return None
        if unit == Unit.WORKING_DAYS:
            return self.why_end_moves(day) if self.closed_days_are_working_days else self.why_nobody_works(day)
        return WEEKDAYS[SUNDAY] if day.weekday() == SUNDAY else self.holiday_on(day)

    def why_end_moves(self, day: date) -> str | None:
        """Why no period can end on this day by § 26 Abs. 3 SGB X (weekend or holiday), else None."""
        if day.weekday() >= SATURDAY:
            return WEEKDAYS[day.weekday()]
        return self.holiday_on(day)

    def why_nobody_works(self, day: date) -> str | None:
        """Why the office is closed on this day (weekend, holiday, "dienstfrei: …"), counted as Arbeitstag or not."""
        if reason := self.why_end_moves(day):
            return reason
        name = self.closed_on(day)
        return f"dienstfrei: {name}" if name else None

    def _own_day_on(self, day: date, *, is_public_holiday: bool) -> str | None:
        for own in self._own_days_by_year.get(day.year, ()):
            if own.is_public_holiday == is_public_holiday and own.from_on <= day <= own.until_on:
                return own.name
        return None

    @cached_property
    def _own_days_by_year(self) -> dict[int, list[ClosedDay]]:
        by_year: dict[int, list[ClosedDay]] = {}
        for own in self.closed_days:
            for year in range(max(own.from_on.year, FIRST_YEAR), min(own.until_on.year, LAST_YEAR) + 1):
                by_year.setdefault(year, []).append(own)
        return by_year


@cache
def _holidays_of(state: str, year: int) -> dict[date, str]:
    """Public holidays of the whole state; municipal ones differ within it and are left to ClosedDay."""
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise ValueError(f"Für das Jahr {year} sind keine Feiertage bekannt ({FIRST_YEAR} bis {LAST_YEAR}).")
    return dict(Germany(subdiv=state, years=year, expand=False, language="de"))
