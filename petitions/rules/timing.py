"""Three dates a station: planned, which is frozen; possible now, which moves as others are late; done."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from offices.calendars import Calendar, due, working_days_until
from petitions.rules.chain import Chain, Station
from petitions.rules.planning import PlannedStation, first_worked


@dataclass(frozen=True)
class Dates:
    """`possible_on`: the earliest day the station can be done if everybody before it takes the time it needs.

    `days_left`: Arbeitstage from the day it gets its turn (today, where it has it) to the planned day, negative when
    that is over. Both are None once it is done, and where the chain is withdrawn.
    """

    key: str
    planned_on: date
    possible_on: date | None = None
    done_on: date | None = None
    days_left: int | None = None

    @property
    def is_squeezed(self) -> bool:
        """Whether it has less time than it needs („nur noch 1 AT“)."""
        return self.possible_on is not None and self.possible_on > self.planned_on


@dataclass(frozen=True)
class Round:
    """What one round cost: from its first opening to its last end, in Kalendertage, the first day not counted."""

    number: int
    from_on: date
    until_on: date

    @property
    def days(self) -> int:
        return (self.until_on - self.from_on).days


def dates(chain: Chain, today: date, calendar: Calendar) -> tuple[Dates, ...]:
    """The dates of every station of the plan that holds, in its order."""
    found: dict[str, Dates] = {}
    for station in chain.planned:
        row = chain.current(station.key)
        if row.is_done:
            found[station.key] = Dates(station.key, station.planned_on, done_on=row.done_on)
        elif chain.withdrawn_on:
            found[station.key] = Dates(station.key, station.planned_on)
        else:
            turn_on = max([today, *_ends(chain, station, found)])
            begun_on = row.opened_on or turn_on
            found[station.key] = Dates(
                station.key,
                station.planned_on,
                possible_on=first_worked(calendar, max(today, due(calendar, begun_on, station.needs).due_on)),
                days_left=working_days_until(calendar, turn_on, station.planned_on),
            )
    return tuple(found.values())


def rounds(chain: Chain, today: date) -> tuple[Round, ...]:
    """All rounds in which somebody had it; one that goes on lasts until today."""
    found = []
    for number in range(1, chain.round + 1):
        had = [row for row in chain.rows if row.round == number and row.opened_on]
        if had:
            found.append(Round(number, min(r.opened_on for r in had), max(_end(r, chain, today) for r in had)))
    return tuple(found)


def _end(row: Station, chain: Chain, today: date) -> date:
    return row.done_on or chain.withdrawn_on or today


def _ends(chain: Chain, station: PlannedStation, found: dict[str, Dates]) -> Iterator[date]:
    for other in chain.before(station):
        if found[other.key].possible_on:
            yield found[other.key].possible_on
