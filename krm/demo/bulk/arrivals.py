"""When reactions come in: by year, season and weekday; and which of them are still open."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import accumulate
from random import Random

from krm.demo.bulk.house import RULES_SINCE, Place
from offices.calendars import Calendar

YEARS = 10
WEEKDAYS = (1.25, 1.1, 1.0, 1.0, 0.8, 0.08, 0.05)
MONTHS = (1.15, 1.0, 1.05, 0.95, 0.9, 0.95, 0.95, 0.9, 1.05, 1.05, 1.1, 0.95)
GROWTH = 0.03  # a year
OF_A_YEAR = {2020: 0.8, 2021: 0.9, 2023: 1.1}
ON_HOLIDAYS = 0.1
RAMP = 20  # days at the end in which fewer and fewer are closed already
AGES = ((0.6, 0, 14), (0.25, 14, 28), (0.12, 28, 65), (0.03, 65, 210))  # share of the open ones; days from, to


@dataclass(frozen=True)
class Arrival:
    """A reaction that is still open: where and when it came in, and the seed of all the rest."""

    place: Place
    day: int
    seed: str


def period(until: date) -> tuple[int, int]:
    """First and last day of the ten years up to `until`, as numbers; not before there were rules."""
    begin = until.replace(year=until.year - YEARS, day=min(until.day, 28))
    return max(begin, RULES_SINCE).toordinal() + 1, until.toordinal()


def spread(number: int, first: int, last: int) -> list[int]:
    """How many of `number` arrive on each day of the period; the sum is exact."""
    weights = list(accumulate(_weight(day, first, last) for day in range(first, last + 1)))
    shares = [round(number * weight / weights[-1]) for weight in weights]
    return [share - before for before, share in zip([0, *shares], shares, strict=False)]


def _weight(day: int, first: int, last: int) -> float:
    on = date.fromordinal(day)
    weight = WEEKDAYS[on.weekday()] * MONTHS[on.month - 1] * OF_A_YEAR.get(on.year, 1.0)
    weight *= 1 + GROWTH * (day - first) / 365
    weight *= min(1.0, (last - day + 1) / RAMP)
    return weight * (ON_HOLIDAYS if Calendar("BE").holiday_on(on) else 1.0)


def part_of(counts: list[int], part: int, parts: int) -> Iterator[int]:
    """The counts of every day for one of `parts`; together they are the counts."""
    total = 0
    for count in counts:
        yield (total + count - part + parts - 1) // parts - (total - part + parts - 1) // parts
        total += count


def still_open(number: int, seed: int, places: list[Place], last: int) -> list[Arrival]:
    """The open ones, the same whatever the number of closed ones beside them, in the order they came in."""
    rng = Random(f"{seed}/open")  # noqa: S311 - believable, not secret
    weights = list(accumulate(place.weight for place in places))
    found = []
    for index in range(number):
        (place,) = rng.choices(places, cum_weights=weights)
        found.append(Arrival(place, _day(rng, last), f"{seed}/open/{index}"))
    return sorted(found, key=lambda arrival: arrival.day)


def _day(rng: Random, last: int) -> int:
    while True:
        _, youngest, oldest = rng.choices(AGES, weights=[share for share, _, _ in AGES])[0]
        day = last - rng.randrange(youngest, oldest)
        if rng.random() < WEEKDAYS[date.fromordinal(day).weekday()]:
            return day
