"""The chain of a request as it is drawn: its stations in order with their three dates, its rounds, what they cost."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from itertools import groupby

from cases.rules.deadlines import Level, Signal, signal
from offices.calendars import Calendar
from petitions.models import PlanVersion, Request, Station, chain_of
from petitions.rules import chain as steps
from petitions.rules.chain import Chain
from petitions.rules.planning import Binding, Plan, PlannedStation
from petitions.rules.timing import Dates, dates, rounds
from petitions.rules.vocabulary import Competence, Outcome, Way


class State(StrEnum):
    """How far a station is; symbol and words stand beside each other, so that no colour has to be seen."""

    WAITING = "waiting"
    OPEN = "open"
    DONE = "done"
    SKIPPED = "skipped"


STATES = {
    State.WAITING: ("○", "kommt noch"),
    State.OPEN: ("▶", "an der Reihe"),
    State.DONE: ("✓", "erledigt"),
    State.SKIPPED: ("⤼", "übersprungen"),
}


@dataclass(frozen=True)
class StationRow:
    """One station of the plan that holds; `station` is its latest row, None before the chain was started."""

    entry: PlannedStation
    dates: Dates
    state: State
    signal: Signal | None
    station: Station | None = None

    @property
    def symbol(self) -> str:
        return STATES[self.state][0]

    @property
    def words(self) -> str:
        if self.station and self.station.outcome == Outcome.NOTED:
            return Outcome.NOTED.label
        return STATES[self.state][1]

    @property
    def part(self) -> str:
        return self.entry.part.label if self.entry.part else ""

    @property
    def is_late(self) -> bool:
        return (
            self.signal is not None and self.signal.level == Level.OVERDUE and self.state in (State.OPEN, State.WAITING)
        )

    @property
    def is_squeezed(self) -> bool:
        return self.dates.is_squeezed and not self.is_late

    @property
    def squeeze(self) -> str:
        """What is left, in words, for a station that has less time than it needs."""
        left = self.dates.days_left or 0
        return f"nur noch {left} AT" if left > 0 else "keine Zeit mehr"

    @property
    def who(self) -> str:
        """Who did it or is to do it, with names where there are any."""
        if self.station is None:
            return ""
        if self.station.person:
            return self.station.person
        if self.station.done_by:
            stands_in = f" i. V. für {self.station.for_user}" if self.station.for_user else ""
            return f"{self.station.done_by}{stands_in}"
        return ", ".join(str(user) for user in self.station.people.all())

    @property
    def entered_by(self) -> str:
        """The office that enters what a body without KRM does; empty for all others."""
        station = self.station
        if station is None or station.desk or station.office_id or self.entry.arrived or station.people.all():
            return ""
        return str(station.keeper)


@dataclass(frozen=True)
class Segment:
    """Neighbouring stations of one branch; `part` is empty for what concerns the whole."""

    part: str
    rows: tuple[StationRow, ...]


@dataclass(frozen=True)
class RoundRow:
    """A round, what it cost, and the returns that began the next one."""

    number: int
    from_on: date
    until_on: date
    days: int
    returned: tuple[Station, ...]


@dataclass(frozen=True)
class Picture:
    """`branches`: consecutive segments that go side by side stand in one list. `is_preview`: nothing has begun."""

    request: Request
    plan: Plan
    rows: tuple[StationRow, ...]
    branches: tuple[tuple[Segment, ...], ...]
    rounds: tuple[RoundRow, ...] = ()
    versions: tuple[PlanVersion, ...] = ()
    is_preview: bool = False

    @property
    def open_rows(self) -> list[StationRow]:
        return [row for row in self.rows if row.state == State.OPEN]

    @property
    def to_come(self) -> list[StationRow]:
        return [row for row in self.rows if row.state == State.WAITING]

    @property
    def former(self) -> list[PlanVersion]:
        return list(self.versions[:-1])

    @property
    def contradictions(self) -> list[tuple[PlannedStation, list[Binding]]]:
        """Stations for which documents lay down more than one date (K15), with all of them."""
        found = []
        for row in self.rows:
            bindings = [binding for binding in self.plan.internal_dates if binding.station == row.entry.key]
            if bindings:
                found.append((row.entry, bindings))
        return found

    @property
    def possible_on(self) -> date | None:
        """The day the answer can be with who requested, as things stand; None once it is there."""
        found = [row.dates.possible_on for row in self.rows if row.dates.possible_on]
        return max(found, default=None)

    @property
    def is_in_danger(self) -> bool:
        return bool(self.possible_on and self.request.due_on and self.possible_on > self.request.due_on)


def preview(request: Request, plan: Plan, today: date, calendar: Calendar) -> Picture:
    """The picture of a plan before anything has begun."""
    chain = steps.start(plan, request.received_on)
    return _picture(request, chain, {}, (), today, calendar, is_preview=True)


def picture(request: Request, today: date, calendar: Calendar) -> Picture | None:
    """The picture of a chain; None before it was started. `request` comes with `plans` and `stations`."""
    stations = sorted(request.stations.all(), key=lambda station: station.position)
    chain = chain_of(request, stations)
    if chain is None:
        return None
    latest = {station.key: station for station in stations}
    return _picture(request, chain, latest, stations, today, calendar)


def _picture(
    request: Request,
    chain: Chain,
    latest: dict[str, Station],
    stations: Iterable[Station],
    today: date,
    calendar: Calendar,
    *,
    is_preview: bool = False,
) -> Picture:
    found = {entry.key: entry for entry in dates(chain, today, calendar)}
    rows = tuple(
        StationRow(
            entry,
            found[entry.key],
            _state(chain, entry, is_preview),
            _signal(chain, entry, found[entry.key], today, calendar),
            latest.get(entry.key),
        )
        for entry in chain.planned
    )
    versions = () if is_preview else tuple(sorted(request.plans.all(), key=lambda version: version.number))
    return Picture(
        request,
        chain.plans[-1],
        rows,
        tuple(_branches(rows)),
        () if is_preview else tuple(_rounds(chain, stations, today)),
        versions,
        is_preview,
    )


def _state(chain: Chain, entry: PlannedStation, is_preview: bool) -> State:
    row = chain.current(entry.key)
    if row.outcome == Outcome.SKIPPED:
        return State.SKIPPED
    if row.is_done:
        return State.DONE
    return State.OPEN if row.is_open and not is_preview and not chain.withdrawn_on else State.WAITING


def _signal(chain: Chain, entry: PlannedStation, found: Dates, today: date, calendar: Calendar) -> Signal | None:
    """The distance to the planned day of what is still to be done."""
    if found.done_on or chain.withdrawn_on:
        return None
    return signal(calendar, today, entry.planned_on)


def _branches(rows: Iterable[StationRow]) -> Iterator[tuple[Segment, ...]]:
    """What goes one after the other, and side by side where a mixed statement is written in parts."""
    for has_part, neighbours in groupby(rows, key=lambda row: row.entry.part is not None):
        if not has_part:
            for way, same in groupby(neighbours, key=lambda row: row.entry.way):
                yield (Segment(WAY_WORDS[way], tuple(same)),)
            continue
        parts: dict[Competence | None, list[StationRow]] = {}
        for row in neighbours:
            parts.setdefault(row.entry.part, []).append(row)
        yield tuple(Segment(f"Teil {found[0].part}", tuple(found)) for found in parts.values())


WAY_WORDS = {Way.DOWN: "Abwärts", Way.HOUSE: "Im Haus", Way.UP: "Aufwärts"}


def _rounds(chain: Chain, stations: Iterable[Station], today: date) -> Iterator[RoundRow]:
    returned = [station for station in stations if station.outcome == Outcome.RETURNED]
    for found in rounds(chain, today):
        of_this = tuple(station for station in returned if station.round == found.number)
        yield RoundRow(found.number, found.from_on, found.until_on, found.days, of_this)
