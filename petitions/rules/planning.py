"""From a route to the stations of one petition with their dates, counted backward from the day it is due outside.

Each station is done so early that the next has the time it needs (B2-7, B3-11); where a document lays down a date of
its own besides, the earlier binds (K15). What is planned never falls on a day on which the office does not work, and
never before the petition came.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta

from offices.calendars import Calendar, Period, due, due_backward
from offices.roles import Role
from petitions.rules.routes import InternalDate, Matter, Route, Routes
from petitions.rules.stops import SAME_DAY, Stop, stops
from petitions.rules.vocabulary import Competence, Direction, StationRole, Way

ONE_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Counted:
    """A date and how it was counted, so that everybody can count it again."""

    on: date
    period: Period
    direction: Direction
    counted_from: date


@dataclass(frozen=True)
class Binding:
    """A date laid down beside the plan, at the station it binds; with `binds` the earliest of this station."""

    station: str
    label: str
    counted: Counted
    binds: bool
    rules: tuple[str, ...]


@dataclass(frozen=True)
class PlannedStation:
    """One station in its place; `key` stays the same when the route of a petition changes.

    `needs`: the time from its opening until it is done. `arrived`: the petition has passed it when the house gets it.
    `part`: the competence whose branch it belongs to, None for what concerns the whole.
    """

    key: str
    body_key: str
    body: str
    role: StationRole
    way: Way
    rules: tuple[str, ...]
    planned: Counted
    needs: Period = SAME_DAY
    part: Competence | None = None
    desk: Role | None = None
    mandatory: bool = False
    arrived: bool = False

    @property
    def is_outside(self) -> bool:
        return self.desk is None

    @property
    def planned_on(self) -> date:
        return self.planned.on

    def is_part_of(self, part: Competence | None) -> bool:
        """Whether the branch of this part passes here; the whole passes everywhere."""
        return self.part is None or part is None or self.part == part


@dataclass(frozen=True)
class Plan:
    """The stations in order, beside them the dates the documents lay down; frozen when the chain starts."""

    route: Route
    stations: tuple[PlannedStation, ...]
    internal_dates: tuple[Binding, ...]


def plan(routes: Routes, matter: Matter, *, received_on: date, outside_due_on: date, calendar: Calendar) -> Plan:
    """The route of a matter with its dates, on the calendar of the office.

    Raises ValueError where the date outside lies before the Eingang or the years with known holidays are left.
    """
    if outside_due_on < received_on:
        raise ValueError(
            f"Die Stellungnahme kann nicht vor dem Eingang fällig sein ({outside_due_on:%d.%m.%Y} vor "
            f"{received_on:%d.%m.%Y})."
        )
    route = routes.route_for(matter)
    passed = stops(routes, route, matter)
    bindings = {
        stop.key: tuple(_bindings(stop, received_on=received_on, outside_due_on=outside_due_on, calendar=calendar))
        for stop in passed
    }
    arrived = Counted(first_worked(calendar, received_on), SAME_DAY, Direction.FORWARD, received_on)
    stations: list[PlannedStation] = []
    for stop in reversed(passed):
        later = [station for station in stations if station.is_part_of(stop.part)]
        if stop.arrived:
            counted, rules = arrived, ()
        else:
            counted, rules = _earliest(later, bindings[stop.key], outside_due_on, calendar)
            if counted.on < arrived.on:
                counted = arrived  # nobody can have done it before it came: at once, and squeezed from the start
        stations.insert(0, _planned(stop, counted, rules))
    return Plan(route, tuple(stations), tuple(binding for stop in passed for binding in bindings[stop.key]))


def first_worked(calendar: Calendar, day: date) -> date:
    """The day itself, or the first after it on which the office works."""
    while calendar.why_nobody_works(day):
        day += ONE_DAY
    return day


def _planned(stop: Stop, counted: Counted, rules: tuple[str, ...]) -> PlannedStation:
    return PlannedStation(
        key=stop.key,
        body_key=stop.body.key,
        body=stop.body.name,
        role=stop.line.role,
        way=stop.way,
        rules=tuple(dict.fromkeys((*stop.line.rules, *rules))),
        planned=counted,
        needs=stop.needs,
        part=stop.part,
        desk=stop.body.desk,
        mandatory=stop.line.mandatory,
        arrived=stop.arrived,
    )


def _earliest(
    later: list[PlannedStation],
    bindings: tuple[Binding, ...],
    outside_due_on: date,
    calendar: Calendar,
) -> tuple[Counted, tuple[str, ...]]:
    """The earliest of what the stations after it leave and what documents say, with the rules that say it.

    A date that runs forward may end on a dienstfreier Tag (B3-8); nobody can be planned to do it then, but before.
    """
    if later:
        left = min((_back(calendar, station.planned_on, station.needs) for station in later), key=lambda c: c.on)
    else:
        left = _back(calendar, outside_due_on, SAME_DAY)
    found: tuple[Counted, tuple[str, ...]] = left, ()
    for binding in bindings:
        on = _back(calendar, binding.counted.on, SAME_DAY).on
        if on <= found[0].on:
            found = replace(binding.counted, on=on), binding.rules
    return found


def _bindings(stop: Stop, *, received_on: date, outside_due_on: date, calendar: Calendar) -> Iterator[Binding]:
    counted = [_laid_down(calendar, entry, received_on, outside_due_on) for entry in stop.line.dates]
    first = min((c.on for c in counted), default=None)
    for entry, c in zip(stop.line.dates, counted, strict=True):
        yield Binding(stop.key, entry.label, c, c.on == first, entry.rules)


def _laid_down(calendar: Calendar, entry: InternalDate, received_on: date, outside_due_on: date) -> Counted:
    period = entry.period or SAME_DAY
    if entry.direction == Direction.BACK:
        return _back(calendar, outside_due_on, period)
    return Counted(due(calendar, received_on, period).due_on, period, Direction.FORWARD, received_on)


def _back(calendar: Calendar, end_on: date, period: Period) -> Counted:
    return Counted(due_backward(calendar, end_on, period).due_on, period, Direction.BACK, end_on)
