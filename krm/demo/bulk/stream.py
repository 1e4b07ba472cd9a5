"""One part of the offices, day by day: what comes in is drawn, goes its way and is written in batches."""

from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import accumulate
from random import Random

from cases.models import Counter, EventChain
from krm.demo.bulk import ways
from krm.demo.bulk.arrivals import Arrival, part_of
from krm.demo.bulk.courses import Course, Desk
from krm.demo.bulk.house import Place
from krm.demo.bulk.intake import reaction
from krm.demo.bulk.log import Log
from krm.demo.bulk.plans import Planner
from krm.demo.bulk.rows import Rows
from krm.demo.bulk.writing import Table, write_all
from offices.models import Office
from reporting.actions.facts import rebuild

BATCH = 4_000  # cases


@dataclass(frozen=True)
class Work:
    """What is to be made: `closed` per day from `first` on, the open ones of all offices, for these offices."""

    seed: int
    places: tuple[Place, ...]
    first: int
    last: int
    closed: tuple[int, ...]
    still_open: tuple[Arrival, ...]
    first_numbers: dict[type, int]
    parts: int

    def places_of(self, part: int) -> tuple[Place, ...]:
        return self.places[part :: self.parts]


def run(work: Work, part: int) -> Iterator[int]:
    """Make and write one of the parts; gives after each batch how many cases it held."""
    places = work.places_of(part)
    rows, log = Rows(work.first_numbers, part, work.parts), Log()
    desk = Desk(Planner(list(places), work.first, work.last), rows, log, work.last)
    for day in _days(work, part, places, desk):
        log.close_day(day)
        if len(rows.cases.rows) >= BATCH:
            yield _write(rows, log)
    yield finish_part(rows, log)
    for office in Office.objects.filter(pk__in=[place.office_id for place in places]):
        rebuild(office)


def _days(work: Work, part: int, places: tuple[Place, ...], desk: Desk) -> Iterator[int]:
    """The days of the period, each after everything that came in on it went its way."""
    rng = Random(f"{work.seed}/closed/{part}")  # noqa: S311 - believable, not secret
    weights = list(accumulate(place.weight for place in places))
    own = [arrival for arrival in work.still_open if arrival.place.number % work.parts == part]
    span = work.last - work.first
    for day, number in zip(range(work.first, work.last + 1), part_of(list(work.closed), part, work.parts), strict=True):
        progress = (day - work.first) / span
        for place in rng.choices(places, cum_weights=weights, k=number):
            ways.closed(Course(desk, rng, place, day, reaction(rng, place, progress)), progress)
        for arrival in own[bisect_left(own, day, key=_day) : bisect_left(own, day + 1, key=_day)]:
            own_rng = Random(arrival.seed)  # noqa: S311 - the same whatever comes beside it
            ways.still_open(Course(desk, own_rng, arrival.place, day, reaction(own_rng, arrival.place, 1.0)))
        yield day


def _day(arrival: Arrival) -> int:
    return arrival.day


def _write(rows: Rows, log: Log) -> int:
    number = len(rows.cases.rows)
    rows.events.rows, log.rows = log.rows, []
    write_all(rows.tables)
    return number


def finish_part(rows: Rows, log: Log) -> int:
    """The last batch and, with it, where counters and logs stand: without them the data are not whole."""
    if not log.is_empty:
        raise AssertionError("something is said to have happened after the last day")
    number = len(rows.cases.rows)
    rows.events.rows, log.rows = log.rows, []
    counters = Table(Counter, ("office_id", "year", "last"))
    counters.rows = [(office, year, last) for (office, year), last in rows.counters.items()]
    heads = Table(EventChain, ("office_id", "seq", "head"))
    heads.rows = [(office, seq, head) for office, (seq, head) in log.heads.items()]
    write_all([*rows.tables, counters, heads])
    return number
