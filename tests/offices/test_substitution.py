"""Who acts for whom: chains of deputies, circles, overlaps (K23, PAN-14, GERA-3)."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from offices.rules.substitution import (
    Absence,
    deputies_on,
    first_circles,
    leading_to,
    standing_in_on,
)

DAY = date(2026, 11, 23)
NEXT = DAY + timedelta(1)

days = st.integers(-5, 5).map(lambda n: DAY + timedelta(n))
people = st.integers(1, 5)


@st.composite
def absences(draw) -> Absence:
    absent, deputy = draw(st.lists(people, min_size=2, max_size=2, unique=True))
    first, last = sorted((draw(days), draw(days)))
    return Absence(absent, deputy, first, last)


def away(absent: int, deputy: int, from_on: date = DAY, until_on: date = DAY) -> Absence:
    return Absence(absent, deputy, from_on, until_on)


def acting_for(person_id: int, entries: list[Absence], day: date) -> int | None:
    """The definition: follow the chain to somebody who is present; nobody where it comes back."""
    deputies, seen = deputies_on(entries, day), []
    while person_id in deputies and person_id not in seen:
        seen.append(person_id)
        person_id = deputies[person_id]
    return None if person_id in seen else person_id


def represented_by(deputy_id: int, entries: list[Absence], day: date) -> tuple[int, ...]:
    return tuple(sorted(who for who, acting in standing_in_on(entries, day).items() if acting == deputy_id))


def first_circle(person: int, entries: list[Absence], first: date, last: date) -> tuple[date, tuple[int, ...]] | None:
    (found,) = first_circles([(person, first, last)], entries)
    return found


def circle_on(person: int, entries: list[Absence], day: date) -> tuple[int, ...]:
    found = first_circle(person, entries, day, day)
    return found[1] if found else ()


def test_who_is_present_acts_for_themselves():
    assert acting_for(1, [], DAY) == 1
    assert represented_by(1, [], DAY) == ()


def test_deputy_acts_on_the_first_and_the_last_day_and_not_beside_them():
    entry = away(1, 2, DAY, NEXT)

    assert [acting_for(1, [entry], DAY + timedelta(n)) for n in (-1, 0, 1, 2)] == [1, 2, 2, 1]


def test_chain_leads_to_somebody_who_is_there():
    chain = [away(1, 2), away(2, 3), away(3, 4)]

    assert acting_for(1, chain, DAY) == 4
    assert represented_by(4, chain, DAY) == (1, 2, 3)


def test_whose_chain_leads_past_somebody_is_concerned_when_they_come_and_go():
    chain = [away(1, 2), away(5, 2), away(2, 3), away(4, 3)]

    assert [leading_to([person], chain, DAY) for person in (1, 2, 3)] == [{1}, {1, 2, 5}, {1, 2, 3, 4, 5}]
    assert leading_to([1], [away(1, 2), away(2, 1)], DAY) == {1, 2}


def test_deputy_who_is_absent_represents_nobody():
    assert represented_by(2, [away(1, 2), away(2, 3)], DAY) == ()


def test_circle_leaves_nobody():
    circle = [away(1, 2), away(2, 1)]

    assert acting_for(1, circle, DAY) is None
    assert represented_by(2, circle, DAY) == ()
    assert circle_on(1, circle, DAY) == (1, 2)


def test_who_hangs_on_a_circle_is_left_alone_too_and_the_circle_is_named_without_them():
    entries = [away(1, 2), away(2, 3), away(3, 2)]

    assert acting_for(1, entries, DAY) is None
    assert circle_on(1, entries, DAY) == (2, 3)


def test_of_two_overlapping_entries_the_one_that_began_last_counts():
    entries = [away(1, 2, DAY, NEXT), away(1, 3, NEXT, NEXT)]

    assert [acting_for(1, entries, day) for day in (DAY, NEXT)] == [2, 3]


def test_first_circle_is_found_on_the_day_the_second_absence_begins():
    entries = [away(1, 2, DAY, DAY + timedelta(9)), away(2, 1, DAY + timedelta(4), DAY + timedelta(6))]

    assert first_circle(1, entries, DAY, DAY + timedelta(9)) == (DAY + timedelta(4), (1, 2))
    assert first_circle(1, entries, DAY, DAY + timedelta(3)) is None


def test_first_circle_is_found_on_the_day_after_an_absence_that_broke_it():
    entries = [
        away(1, 2, DAY, DAY + timedelta(9)),
        away(2, 1, DAY, DAY + timedelta(9)),
        away(2, 3, DAY + timedelta(1), DAY + timedelta(3)),
    ]

    assert first_circle(1, entries, DAY + timedelta(1), DAY + timedelta(9)) == (DAY + timedelta(4), (1, 2))


@given(st.lists(absences(), max_size=8), people, days)
def test_who_acts_is_present_or_nobody_is(entries, person, day):
    acting = acting_for(person, entries, day)

    assert (acting is None) == bool(circle_on(person, entries, day))
    assert acting is None or acting not in deputies_on(entries, day)


@given(st.lists(absences(), max_size=8), people, days)
def test_representing_and_being_represented_are_two_sides_of_the_same(entries, person, day):
    others = [p for p in range(1, 6) if p != person and acting_for(p, entries, day) == person]

    assert list(represented_by(person, entries, day)) == others


@given(st.lists(absences(), max_size=8), days)
def test_who_stands_in_for_everybody_is_what_each_asked_alone_says(entries, day):
    assert standing_in_on(entries, day) == {p: acting_for(p, entries, day) for p in deputies_on(entries, day)}


def test_each_absence_is_looked_at_once_however_many_there_are():
    looks = []

    class Counted(Absence):
        def covers(self, day: date) -> bool:
            looks.append(self.absent_id)
            return super().covers(day)

    entries = [Counted(person, person + 1, DAY, DAY) for person in range(1, 1001)]

    assert represented_by(1001, entries, DAY) == tuple(range(1, 1001))
    assert len(looks) == len(entries)


def test_circles_of_a_thousand_are_looked_for_once_a_day():
    looks = []

    class Counted(Absence):
        def covers(self, day: date) -> bool:
            looks.append(self.absent_id)
            return super().covers(day)

    entries = [Counted(person, person % 1000 + 1, DAY, DAY + timedelta(9)) for person in range(1, 1001)]
    circles = first_circles([(entry.absent_id, entry.from_on, entry.until_on) for entry in entries], entries)

    assert {(found[0], frozenset(found[1])) for found in circles} == {(DAY, frozenset(range(1, 1001)))}
    assert len(looks) == len(entries)


@given(st.lists(absences(), max_size=8), people, days, days)
def test_first_circle_is_the_first_day_on_which_nobody_acts(entries, person, one, other):
    first, last = sorted((one, other))
    span = [first + timedelta(n) for n in range((last - first).days + 1)]
    expected = next((day for day in span if acting_for(person, entries, day) is None), None)
    found = first_circle(person, entries, first, last)

    assert (found and found[0]) == expected
