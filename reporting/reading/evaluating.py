"""Who evaluates what: the whole house, the own unit's open work, the houses below, or nothing (GER-32, K18, B4-10)."""

from dataclasses import dataclass

from django.http import Http404

from cases import visibility
from cases.models import Case, ConcernedEmployee
from offices.models import Office
from offices.queries import Actor
from offices.roles import Permission, Scope
from reporting.reading.figures import Rights


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


def has_houses_below(actor: Actor) -> bool:
    """Whether `houses_below` finds any; one query, however many there are."""
    mine = {seat.office_id for seat in actor.seats_with(Permission.EVALUATE)}
    return bool(mine) and Office.objects.filter(parent__in=mine).exists()


def rights_of(actor: Actor, offices: tuple[int, ...]) -> Rights:
    """What of the facts of these offices is a case that the person can open; three queries, few ids."""
    hidden = visibility.hidden()
    shown = Case.objects.visible_to(actor).filter(hidden, office__in=offices).values_list("pk", flat=True)
    about = ConcernedEmployee.objects.filter(user=actor.user_id)
    out = about.filter(case__office__in=offices).values_list("case", flat=True)
    transfers = about.filter(transfer__office__in=offices).values_list("transfer", flat=True)
    return Rights(frozenset(shown), frozenset(out), frozenset(transfers))
