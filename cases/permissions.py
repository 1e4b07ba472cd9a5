"""Who may do what with a case, and why not: one German sentence that the page shows and the action raises."""

from django.db.models import prefetch_related_objects

from cases.models import Case
from offices.errors import NotAllowed
from offices.queries import Actor, Seat
from offices.roles import Permission, Scope

# What a grant on a single case brings with it: reading, and one's own contribution.
GRANTED = frozenset({Permission.READ_CASES, Permission.NOTE, Permission.WORK})


def seats_for(actor: Actor, permission: Permission, case: Case) -> tuple[Seat, ...]:
    """The seats from which the actor may do this with this case, own ones first."""
    unit_ids = {case.unit_id, *(c.unit_id for c in case.concerns.all())} - {None}
    to_work = permission != Permission.READ_CASES
    return tuple(
        seat
        for seat in actor.seats_with(permission, case.office_id)
        if seat.covers(case.office_id, unit_ids, to_work=to_work)
        or (seat.holder_id in (case.handler_id, case.responsible_id) and seat.scope != Scope.NONE)
    )


def why_may_not(actor: Actor, permission: Permission, case: Case) -> str | None:
    """The sentence why this person may not do it with this case; None where they may."""
    if case.is_sealed and not has_grant(actor, case):
        return "Der Vorgang ist geschützt; nur namentlich benannte Personen haben Zugriff."
    if seats_for(actor, permission, case):
        return None
    if permission in GRANTED and has_grant(actor, case):
        return None
    if actor.may(permission, case.office_id):
        return "Der Vorgang liegt bei einer anderen Einheit; Sie können ihn lesen, aber nicht bearbeiten."
    return f"Ihre Rolle umfasst nicht: {permission.label}."


def check_may(actor: Actor, permission: Permission, case: Case) -> None:
    """Raises NotAllowed with the sentence of `why_may_not`."""
    if reason := why_may_not(actor, permission, case):
        raise NotAllowed(reason)


def check_may_in(actor: Actor, permission: Permission, office_id: int) -> None:
    """The same for what is not about one case: registering, the desk, calendars, rules."""
    if not actor.may(permission, office_id):
        raise NotAllowed(f"Ihre Rolle umfasst in dieser Dienststelle nicht: {permission.label}.")


def has_grant(actor: Actor, case: Case) -> bool:
    """Whether the actor was named personally for this case."""
    prefetch_related_objects([case], "caseusergrant_set")  # once for all the questions a page asks
    return any(grant.user_id == actor.user_id for grant in case.caseusergrant_set.all())
