"""Who evaluates what: the whole house, the own unit's open work, the houses below, or nothing (GER-32, K18, B4-10)."""

from dataclasses import dataclass
from datetime import date
from functools import cached_property

from django.http import Http404

from cases import visibility
from cases.models import Case, ConcernedEmployee
from offices.models import Office, Unit
from offices.queries import Actor, memberships_on
from offices.roles import Permission, Scope
from reporting.reading.figures import Rights

SMALLEST_UNIT = 3  # people; below it a figure of a unit is a figure of a person


@dataclass(frozen=True)
class View:
    """What one person may count in one office: all of it, or of their own units what is open there."""

    office: Office
    unit_ids: frozenset[int] | None = None  # None: the whole office

    @property
    def is_whole(self) -> bool:
        return self.unit_ids is None


def views_of(actor: Actor) -> list[View]:
    """One for each office whose figures the person sees, by name; the wider of two."""
    found: dict[int, View] = {}
    for seat in actor.seats_with(Permission.EVALUATE_UNIT):
        if seat.scope in (Scope.UNITS, Scope.OFFICE) and seat.unit_ids:
            before = found.get(seat.office_id)
            units = seat.unit_ids | (before.unit_ids or frozenset() if before else frozenset())
            found[seat.office_id] = View(actor.offices[seat.office_id], units)
    for seat in actor.seats_with(Permission.EVALUATE):
        found[seat.office_id] = View(actor.offices[seat.office_id])
    return sorted(found.values(), key=lambda view: view.office.name)


def view_of(actor: Actor, slug: str = "", *, whole: bool = False) -> View:
    """The one asked for, else the first; Http404 where the person sees no figures of it."""
    found = [view for view in views_of(actor) if slug in ("", view.office.slug) and (view.is_whole or not whole)]
    if not found:
        raise Http404
    return found[0]


def houses_below(actor: Actor) -> dict[Office, list[Office]]:
    """Office of the actor -> the offices below it, however deep, for who evaluates there; none without such."""
    mine = {seat.office_id for seat in actor.seats_with(Permission.EVALUATE)}
    children: dict[int, list[Office]] = {}
    for office in Office.objects.filter(parent__isnull=False).order_by("name"):
        children.setdefault(office.parent_id or 0, []).append(office)

    def below(office_id: int) -> list[Office]:
        own = children.get(office_id, [])
        return [*own, *(deeper for child in own for deeper in below(child.pk))]

    return {actor.offices[pk]: found for pk in sorted(mine) if (found := below(pk))}


def rights_of(actor: Actor, offices: tuple[int, ...]) -> Rights:
    """What of the facts of these offices is a case that the person can open; three queries, few ids."""
    hidden = visibility.hidden()
    shown = Case.objects.visible_to(actor).filter(hidden, office__in=offices).values_list("pk", flat=True)
    about = ConcernedEmployee.objects.filter(user=actor.user_id)
    out = about.filter(case__office__in=offices).values_list("case", flat=True)
    transfers = about.filter(transfer__office__in=offices).values_list("transfer", flat=True)
    return Rights(frozenset(shown), frozenset(out), frozenset(transfers))


@dataclass(frozen=True)
class Units:
    """The units of an office, and with which each is counted: one with too few people with the unit above (B4-10)."""

    units: dict[int, Unit]
    people: dict[int, int]  # unit -> people in it and below

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
