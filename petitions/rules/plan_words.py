"""A plan in German words: each station with its day and how it was counted, beside it what documents lay down."""

from dataclasses import dataclass
from datetime import date

from petitions.rules.planning import Binding, Counted, Plan, PlannedStation
from petitions.rules.vocabulary import Direction


@dataclass(frozen=True)
class DateRow:
    """A date laid down beside a station; `how` says how it was counted."""

    label: str
    on: date
    how: str
    binds: bool
    rules: tuple[str, ...]


@dataclass(frozen=True)
class PlanRow:
    """One station with its day, its part of a mixed statement, and the dates laid down beside it."""

    station: str
    part: str
    planned_on: date
    how: str
    rules: tuple[str, ...]
    dates: tuple[DateRow, ...]


def plan_rows(plan: Plan) -> list[PlanRow]:
    """The stations from the house on, in order; a date that a document lays down stands at the station it binds."""
    return [_row(station, plan) for station in plan.stations if not station.arrived]


def had_it_before(plan: Plan) -> list[str]:
    """The bodies that the petition has passed when the house gets it."""
    return [station.body for station in plan.stations if station.arrived]


def counted_words(counted: Counted) -> str:
    """„3 Arbeitstage vor dem 12.06.2026“."""
    if counted.direction == Direction.FORWARD:
        return f"{counted.period.words} nach dem Eingang" if counted.period.amount else "am Tag des Eingangs"
    day = f"{counted.counted_from:%d.%m.%Y}"
    return f"{counted.period.words} vor dem {day}" if counted.period.amount else f"spätestens am {day}"


def _row(station: PlannedStation, plan: Plan) -> PlanRow:
    return PlanRow(
        station=f"{station.body} {station.role.label}",
        part=station.part.label if station.part else "",
        planned_on=station.planned_on,
        how=counted_words(station.planned),
        rules=station.rules,
        dates=tuple(_date(entry) for entry in plan.internal_dates if entry.station == station.key),
    )


def _date(entry: Binding) -> DateRow:
    return DateRow(entry.label, entry.counted.on, counted_words(entry.counted), entry.binds, entry.rules)
