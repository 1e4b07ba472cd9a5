"""Who acts for whom on a day: deputies, chains of deputies, and circles that must end (K23, PAN-14, GERA-3)."""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache, partial


@dataclass(frozen=True)
class Absence:
    """`absent_id` is represented by `deputy_id` from `from_on` to `until_on`, both days included.

    `by_leaders`: entered by somebody near the Geschäftsführung (PAN-7).
    """

    absent_id: int
    deputy_id: int
    from_on: date
    until_on: date
    by_leaders: bool = False

    def covers(self, day: date) -> bool:
        return self.from_on <= day <= self.until_on


def deputies_on(absences: Iterable[Absence], day: date) -> Mapping[int, int]:
    """Absent person -> deputy for one day; of two overlapping entries the one that began last counts."""
    return {absent: entry.deputy_id for absent, entry in _current(absences, day).items()}


def _current(absences: Iterable[Absence], day: date) -> dict[int, Absence]:
    """Absent person -> the entry that counts on `day`."""
    return {a.absent_id: a for a in sorted((a for a in absences if a.covers(day)), key=lambda a: a.from_on)}


def standing_in_on(absences: Iterable[Absence], day: date) -> dict[int, int | None]:
    """Absent person -> who acts for them on `day`: the end of the chain, who is present; None where it is a circle.

    Every chain is gone once.
    """
    deputies = deputies_on(absences, day)
    found: dict[int, int | None] = {}
    for person in deputies:
        chain: dict[int, None] = {}
        while person in deputies and person not in found and person not in chain:
            chain[person] = None
            person = deputies[person]
        found.update(dict.fromkeys(chain, None if person in chain else found.get(person, person)))
    return found


def by_leaders_only(person_ids: Iterable[int], absences: Iterable[Absence], day: date) -> frozenset[int]:
    """Those of these people whose chain of deputies on `day` goes over an entry of the leadership (PAN-7)."""
    entries = tuple(absences)
    given = [absent for absent, entry in _current(entries, day).items() if entry.by_leaders]
    return leading_to(given, entries, day).intersection(person_ids)


def leading_to(people: Iterable[int], absences: Iterable[Absence], day: date) -> frozenset[int]:
    """These people and everybody whose chain of deputies on `day` leads to or past one of them."""
    represented: dict[int, list[int]] = defaultdict(list)
    for absent, deputy in deputies_on(absences, day).items():
        represented[deputy].append(absent)
    found = border = set(people)
    while border := {absent for deputy in border for absent in represented[deputy]} - found:
        found = found | border
    return frozenset(found)


def _circle(person_id: int, deputies: Mapping[int, int]) -> tuple[int, ...]:
    """The people who stand in for each other in a circle at the end of this person's chain; empty without one."""
    chain: dict[int, None] = {}
    while person_id in deputies and person_id not in chain:
        chain[person_id] = None
        person_id = deputies[person_id]
    people = tuple(chain)
    return people[people.index(person_id) :] if person_id in chain else ()


def first_circles(
    spans: Iterable[tuple[int, date, date]], absences: Iterable[Absence]
) -> list[tuple[date, tuple[int, ...]] | None]:
    """For each (person, first day, last day) the first of these days on which nobody acts for the person, and who is
    in the circle; None where somebody always does.

    Only the days on which an absence begins or has just ended can bring a change, so only these are looked at, and
    who stands in for whom on one of them is worked out once for all.
    """
    entries = tuple(absences)
    changes = sorted({a.from_on for a in entries} | {a.until_on + timedelta(days=1) for a in entries})
    deputies = cache(partial(deputies_on, entries))
    found = []
    for person_id, from_on, until_on in spans:
        days = [from_on, *changes[bisect_right(changes, from_on) : bisect_right(changes, until_on)]]
        circles = ((day, _circle(person_id, deputies(day))) for day in days)
        found.append(next(((day, circle) for day, circle in circles if circle), None))
    return found
