"""Ending deadlines: met by what was done, or no longer needed. Called by actions on a case they have locked."""

from collections.abc import Iterable
from datetime import date

from cases.models import Case, Deadline
from cases.recording import record
from offices.queries import Actor
from offices.roles import Permission

OF_THE_CASE = tuple(kind for kind in Deadline.Kind if kind != Deadline.Kind.OTHER)


def meet(case: Case, kind: Deadline.Kind, on: date, *, by: Actor) -> None:
    """The open deadline of this kind in the current round is met on `on`; nothing happens where there is none."""
    for deadline in case.deadlines.open().filter(round=case.round, kind=kind):
        mark_met(deadline, on, by=by)


def mark_met(deadline: Deadline, on: date, *, by: Actor, permission: Permission | None = None) -> bool:
    """A deadline is met on `on`, with its entry in the log; False, and nothing written, where it had ended already.

    The only place that writes it. A Wiedervorlage has words of its own; `permission` as `record` takes it.
    """
    if not Deadline.objects.open().filter(pk=deadline.pk).update(met_on=on, met_by=by.user_id):
        return False
    deadline.met_on, deadline.met_by_id = on, by.user_id
    if deadline.kind == Deadline.Kind.FOLLOW_UP:
        _record(deadline, "follow_up.done", by, permission, deadline=deadline.pk)
    else:
        _record(deadline, "deadline.met", by, permission, kind=deadline.label, met_on=on.isoformat())
    return True


def cancel(case: Case, *, by: Actor, kinds: Iterable[Deadline.Kind] = OF_THE_CASE) -> None:
    """All open deadlines of these kinds fall away today; whether one was late by then stays readable.

    Dates that other parts of KRM have watched end only when those say so.
    """
    for deadline in case.deadlines.open().filter(kind__in=list(kinds)):
        fall_away(deadline, by=by)


def fall_away(deadline: Deadline, *, by: Actor) -> bool:
    """A deadline falls away today, with its entry in the log; False, and nothing written, where it had ended before."""
    if not Deadline.objects.open().filter(pk=deadline.pk).update(cancelled_on=by.today):
        return False
    deadline.cancelled_on = by.today
    _record(deadline, "deadline.cancelled", by, kind=deadline.label)
    return True


def meet_by_answer(case: Case, on: date, *, by: Actor) -> None:
    """An answer ends the closure deadline (K2); as first reaction also the acknowledgement; no interim is owed now."""
    meet(case, Deadline.Kind.CLOSURE, on, by=by)
    meet(case, Deadline.Kind.ACKNOWLEDGEMENT, on, by=by)
    cancel(case, by=by, kinds=[Deadline.Kind.INTERIM])


def _record(of: Deadline, code: str, by: Actor, permission: Permission | None = None, **data: str | int) -> None:
    record(
        code,
        by=by,
        permission=permission,
        office_id=of.office_id,
        case=of.case,
        transfer=of.transfer,
        due_on=of.due_on.isoformat(),
        **data,
    )
