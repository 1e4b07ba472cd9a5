"""The chain of one request: which station has it, what opens next, what a return or another route does to it.

A station is open when everything before it is done; that one sentence is `open_next`, and every step keeps to it. Rows
that are finished never change: what must be done again becomes a new row in a new round.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

from offices.errors import NotAllowed
from petitions.rules.planning import Plan, PlannedStation
from petitions.rules.vocabulary import Outcome, StationRole


@dataclass(frozen=True)
class Station:
    """A station's turn in one round; waits until it is opened. `returned_to` is the key of the one that gets it."""

    key: str
    round: int
    opened_on: date | None = None
    received_on: date | None = None
    done_on: date | None = None
    outcome: Outcome | None = None
    returned_to: str = ""
    reason: str = ""

    @property
    def is_open(self) -> bool:
        return self.opened_on is not None and self.outcome is None

    @property
    def is_done(self) -> bool:
        return self.outcome is not None


@dataclass(frozen=True)
class Chain:
    """All rows in the order they came to be, and every version of the plan, the last of which holds."""

    plans: tuple[Plan, ...]
    rows: tuple[Station, ...]
    withdrawn_on: date | None = None
    withdrawn_because: str = ""

    @property
    def planned(self) -> tuple[PlannedStation, ...]:
        return self.plans[-1].stations

    @property
    def round(self) -> int:
        return max(row.round for row in self.rows)

    @property
    def is_finished(self) -> bool:
        return all(self.current(station.key).is_done for station in self.planned)

    def current(self, key: str) -> Station:
        """The row of the latest round of this station."""
        return next(row for row in reversed(self.rows) if row.key == key)

    def station(self, key: str) -> PlannedStation:
        """Its entry in the plan that holds; NotAllowed where it is none of this route."""
        for station in self.planned:
            if station.key == key:
                return station
        raise NotAllowed("Diese Station gehört nicht zum Weg dieser Petition.")

    def before(self, station: PlannedStation) -> tuple[PlannedStation, ...]:
        """Everything that has to be done before it: its own part and the whole, no other part."""
        earlier = self.planned[: self.planned.index(station)]
        return tuple(other for other in earlier if other.is_part_of(station.part))

    def after(self, station: PlannedStation) -> tuple[PlannedStation, ...]:
        later = self.planned[self.planned.index(station) + 1 :]
        return tuple(other for other in later if other.is_part_of(station.part))


def open_next(chain: Chain) -> tuple[PlannedStation, ...]:
    """The stations whose turn it is: not done, and everything before them is. One in each branch, none at the end."""
    if chain.withdrawn_on:
        return ()
    waiting = [station for station in chain.planned if not chain.current(station.key).is_done]
    return tuple(
        station for station in waiting if all(chain.current(other.key).is_done for other in chain.before(station))
    )


# What can happen


def start(plan: Plan, on: date) -> Chain:
    """A chain in its first round; those through whom it came have passed it on, the first of the house has it."""
    rows = tuple(
        Station(station.key, 1, on, None, on, Outcome.PASSED_ON) if station.arrived else Station(station.key, 1)
        for station in plan.stations
    )
    return _settled(Chain((plan,), rows), on)


def confirm_receipt(chain: Chain, key: str, on: date) -> Chain:
    """A body outside has it in hand."""
    station, row = chain.station(key), _open(chain, key)
    if not station.is_outside:
        raise NotAllowed("Den Empfang bestätigen nur Stellen außerhalb des Hauses.")
    if row.received_on:
        raise NotAllowed(f"Der Empfang ist schon am {row.received_on:%d.%m.%Y} bestätigt.")
    return _with(chain, row, replace(row, received_on=_not_before(on, row.opened_on)))


def pass_on(chain: Chain, key: str, on: date) -> Chain:
    """The station is done with it; whoever only takes note has noted it."""
    station, row = chain.station(key), _open(chain, key)
    outcome = Outcome.NOTED if station.role == StationRole.NOTE else Outcome.PASSED_ON
    return _settled(_closed(chain, row, on, outcome), on)


def give_back(chain: Chain, key: str, to: str, reason: str, on: date) -> Chain:
    """To any station before it, with a note: a new round begins there, and what came after it is done again."""
    station, row, target = chain.station(key), _open(chain, key), chain.station(to)
    _require(reason, "Bitte sagen, warum es zurückgeht.")
    if target not in chain.before(station):
        raise NotAllowed("Zurück geht es nur an eine Station davor.")
    _refuse_skipped(chain, target)
    closed = _closed(chain, row, on, Outcome.RETURNED, to=to, reason=reason)
    return _settled(_again_from(closed, target, on, reason), on)


def skip(chain: Chain, key: str, reason: str, on: date) -> Chain:
    """Leaves a station out for good; it stays visible with the reason."""
    station, row = chain.station(key), chain.current(key)
    _refuse_withdrawn(chain)
    _require(reason, "Bitte sagen, warum die Station übersprungen wird.")
    if station.mandatory:
        raise NotAllowed(f"Diese Station darf nicht fehlen ({', '.join(station.rules)}).")
    if row.is_done:
        raise NotAllowed("Diese Station ist schon erledigt.")
    return _settled(_closed(chain, row, on, Outcome.SKIPPED, reason=reason), on)


def reopen(chain: Chain, key: str, reason: str, on: date) -> Chain:
    """Takes a withdrawn or finished chain, or one still under way, up again at a station that had it once."""
    station, row = chain.station(key), chain.current(key)
    _require(reason, "Bitte sagen, warum es noch einmal geöffnet wird.")
    if row.opened_on is None and not row.is_done:
        raise NotAllowed("Diese Station war noch nicht an der Reihe.")
    _refuse_skipped(chain, station)
    if row.is_open and not chain.withdrawn_on:
        raise NotAllowed("Diese Station ist schon an der Reihe.")
    chain = replace(chain, withdrawn_on=None, withdrawn_because="")
    return chain if row.is_open else _settled(_again_from(chain, station, on, reason), on)


def withdraw(chain: Chain, reason: str, on: date) -> Chain:
    """Ends the chain as it stands, its rows with it; whoever had it has it no longer."""
    _refuse_withdrawn(chain)
    _refuse_finished(chain)
    _require(reason, "Bitte sagen, warum es nicht weitergeht.")
    return replace(chain, withdrawn_on=on, withdrawn_because=reason)


def replan(chain: Chain, plan: Plan, reason: str, on: date) -> Chain:
    """Another route, or the same with other dates after an extension: a new version of the plan.

    The way it came stays as it was. What is done stays done as long as everything before it on the new route is; the
    rest has its turn (again).
    """
    _refuse_withdrawn(chain)
    _refuse_finished(chain)
    _require(reason, "Bitte sagen, warum sich der Weg oder die Termine ändern.")
    came = (station for station in chain.planned if station.arrived)
    plan = replace(plan, stations=(*came, *(station for station in plan.stations if not station.arrived)))
    known, wanted = {row.key for row in chain.rows}, {station.key for station in plan.stations}
    new = tuple(Station(station.key, chain.round) for station in plan.stations if station.key not in known)
    changed = replace(chain, plans=(*chain.plans, plan), rows=(*chain.rows, *new))
    again = [station.key for station in plan.stations if _is_ahead(changed, station)]
    again += [row.key for row in chain.rows if row.is_open and row.key not in wanted]  # should the route come back
    for key in again:
        if changed.current(key).is_open:
            changed = _closed(changed, changed.current(key), on, Outcome.NOTED, reason=reason)
    return _settled(_afresh(changed, again), on)


# How


def _settled(chain: Chain, on: date) -> Chain:
    """Opens what is open next."""
    for station in open_next(chain):
        row = chain.current(station.key)
        if not row.is_open:
            chain = _with(chain, row, replace(row, opened_on=on))
    return chain


def _again_from(chain: Chain, target: PlannedStation, on: date, reason: str) -> Chain:
    """A new round for the station and for all after it that had it; who still has it gives it back."""
    later = [s for s in chain.after(target) if not _is_waiting(chain, s)]
    for station in later:
        row = chain.current(station.key)
        if row.is_open:
            chain = _closed(chain, row, on, Outcome.RETURNED, to=target.key, reason=reason)
    again = [s.key for s in (target, *later) if chain.current(s.key).outcome != Outcome.SKIPPED]
    return _afresh(chain, again)


def _afresh(chain: Chain, keys: Iterable[str]) -> Chain:
    number = chain.round + 1
    return replace(chain, rows=(*chain.rows, *(Station(key, number) for key in keys)))


def _is_waiting(chain: Chain, station: PlannedStation) -> bool:
    row = chain.current(station.key)
    return row.opened_on is None and not row.is_done


def _is_ahead(chain: Chain, station: PlannedStation) -> bool:
    """Whether it had its turn although, on the new route, something before it had not; what is skipped stays so."""
    row = chain.current(station.key)
    if _is_waiting(chain, station) or row.outcome == Outcome.SKIPPED:
        return False
    return not all(chain.current(other.key).is_done for other in chain.before(station))


def _open(chain: Chain, key: str) -> Station:
    _refuse_withdrawn(chain)
    row = chain.current(key)
    if not row.is_open:
        raise NotAllowed("Diese Station ist nicht an der Reihe.")
    return row


def _closed(chain: Chain, row: Station, on: date, outcome: Outcome, *, to: str = "", reason: str = "") -> Chain:
    done_on = _not_before(on, row.received_on or row.opened_on)
    return _with(chain, row, replace(row, done_on=done_on, outcome=outcome, returned_to=to, reason=reason.strip()))


def _with(chain: Chain, old: Station, new: Station) -> Chain:
    index = len(chain.rows) - 1 - chain.rows[::-1].index(old)
    return replace(chain, rows=(*chain.rows[:index], new, *chain.rows[index + 1 :]))


def _not_before(on: date, earlier: date | None) -> date:
    if earlier and on < earlier:
        raise NotAllowed(f"Das kann nicht vor dem {earlier:%d.%m.%Y} gewesen sein.")
    return on


def _require(reason: str, sentence: str) -> None:
    if not reason.strip():
        raise NotAllowed(sentence, field="reason")


def _refuse_skipped(chain: Chain, station: PlannedStation) -> None:
    if chain.current(station.key).outcome == Outcome.SKIPPED:
        raise NotAllowed("Eine übersprungene Station bleibt übersprungen.")


def _refuse_withdrawn(chain: Chain) -> None:
    if chain.withdrawn_on:
        raise NotAllowed("Hier geht es nicht weiter; es lässt sich wieder öffnen.")


def _refuse_finished(chain: Chain) -> None:
    if chain.is_finished:
        raise NotAllowed("Alle Stationen sind erledigt; es lässt sich wieder öffnen.")
