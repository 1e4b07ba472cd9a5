"""Who acts for whom on a day: deputies, chains of deputies, and circles that must end (K23, PAN-14, GERA-3)."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta


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


def circle_on(person_id: int, absences: Iterable[Absence], day: date) -> tuple[int, ...]:
    """The people who stand in for each other in a circle at the end of this person's chain; empty without one."""
    deputies = deputies_on(absences, day)
    chain = [person_id]
    while chain[-1] in deputies:
        following = deputies[chain[-1]]
        if following in chain:
            return tuple(chain[chain.index(following) :])
        chain.append(following)
    return ()


def first_circle(
    person_id: int, absences: Iterable[Absence], from_on: date, until_on: date
) -> tuple[date, tuple[int, ...]] | None:
    """The first day from `from_on` to `until_on` (both included) on which nobody acts for this person, and who is in
    the circle; None where somebody always does.

    Only the days on which an absence begins or has just ended can bring a change, so only these are looked at.
    """
    entries = tuple(absences)
    changes = {a.from_on for a in entries} | {a.until_on + timedelta(days=1) for a in entries}
    for day in sorted({from_on} | {day for day in changes if from_on <= day <= until_on}):
        if circle := circle_on(person_id, entries, day):
            return day, circle
    return None
