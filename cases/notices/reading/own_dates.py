"""One's own dates: the open deadlines that somebody has in hand today, as recipients.py finds them."""

from django.db.models import Exists, OuterRef, Q, QuerySet

from cases.models import Case, Deadline, Pause, Transfer
from cases.notices.reading.recipients import WITH_THE_UNIT
from cases.rules.lifecycle import Status
from cases.rules.reminders import EVEN_WHILE_RESTING
from offices.queries import Actor, memberships_on
from offices.roles import Role


def own_dates(actor: Actor) -> QuerySet[Deadline]:
    """Open deadlines in the hands of the actor or of somebody the actor stands in for, the earliest first.

    Assigned by name or by role; of what is left the desk has all that no other KRM officer works on, and whoever works
    on a case in a unit what ends it. Only of cases and Abgaben in sight; what rests has no date.
    """
    in_hand = _by_name(actor) | _by_role(actor) | _of_the_case(actor)
    in_reach = Q(office__in=list(actor.offices)) | _by_name(actor)  # changes nothing, and is what an index finds
    seen = Case.objects.visible_to(actor).filter(pk=OuterRef("case"))
    handed = Transfer.objects.visible_to(actor).filter(pk=OuterRef("transfer"))
    in_sight = Q(case__isnull=True, transfer__isnull=True) | Exists(seen) | Exists(handed)
    resting = Pause.objects.filter(case=OuterRef("case"), resumed_on__isnull=True)
    return (
        Deadline.objects.open()
        .filter(in_reach, in_hand, in_sight)
        .exclude(~Q(kind__in=EVEN_WHILE_RESTING) & Exists(resting))
        .order_by("due_on", "pk")
    )


def _by_name(actor: Actor) -> Q:
    return Q(assignee__in=actor.holder_ids)


def _by_role(actor: Actor) -> Q:
    found = Q(pk__in=[])
    for office_id, role in {(seat.office_id, seat.role) for seat in actor.seats}:
        found |= Q(office=office_id, role=role)
    return found & Q(assignee__isnull=True)


def _of_the_case(actor: Actor) -> Q:
    """What names neither person nor role: the desk's, and in a unit that of who works on the case."""
    people = actor.holder_ids
    found = Q(case__status=Status.WITH_UNIT, kind__in=WITH_THE_UNIT) & (
        Q(case__handler__in=people) | Q(case__handler__isnull=True, case__responsible__in=people)
    )
    officers = memberships_on(actor.today).filter(role=Role.KRM_OFFICER).exclude(user__in=people)
    for office_id in {seat.office_id for seat in actor.seats if seat.role == Role.KRM_OFFICER}:
        colleagues = officers.filter(office=office_id).values("user")
        found |= Q(office=office_id) & ~Q(case__handler__in=colleagues)
    return found & Q(assignee__isnull=True, role="", case__isnull=False)
