"""The units of an office whose figures are shown, and with which the others are counted (B4-10)."""

from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

from offices.models import Office, Unit
from offices.queries import memberships_on

SMALLEST_UNIT = 3  # people; below it a figure of a unit is a figure of a person


@dataclass(frozen=True)
class Units:
    """The units of an office, and with which each is counted: one with too few people with the unit above (B4-10)."""

    units: dict[int, Unit] = field(default_factory=dict)
    people: dict[int, int] = field(default_factory=dict)  # unit -> people in it and below

    @cached_property
    def folded(self) -> dict[int, int | None]:
        return {pk: self._large_enough(pk) for pk in self.units}

    @cached_property
    def shown(self) -> dict[int, Unit]:
        """Those with figures of their own."""
        return {pk: self.units[pk] for pk in self.units if self.folded[pk] == pk}

    def counted_with(self, unit_id: int | None) -> frozenset[int | None]:
        """All units whose cases are counted with this one; with None those that belong to no unit of its own."""
        found: set[int | None] = {pk for pk, target in self.folded.items() if target == unit_id}
        return frozenset(found | {None} if unit_id is None else found)

    def _large_enough(self, unit_id: int | None) -> int | None:
        while unit_id is not None and self.people.get(unit_id, 0) < SMALLEST_UNIT:
            unit_id = self.units[unit_id].parent_id
        return unit_id


def units_of(office: Office, day: date) -> Units:
    """Two queries."""
    units = {unit.pk: unit for unit in office.units.select_related("parent").order_by("number")}
    members: dict[int, set[int]] = {pk: set() for pk in units}
    for user_id, unit_id in _seats(office, day):
        while unit_id in units:
            members[unit_id].add(user_id)
            unit_id = units[unit_id].parent_id
    return Units(units, {pk: len(found) for pk, found in members.items()})


def _seats(office: Office, day: date) -> list[tuple[int, int | None]]:
    rows = memberships_on(day).filter(office=office, unit__isnull=False)
    return list(rows.values_list("user_id", "unit_id"))
