"""Ending deadlines: met by what was done, or no longer needed. Called by actions on a case they have locked."""

from collections.abc import Iterable
from datetime import date

from cases.actions.record import record
from cases.models import Case, Deadline
from offices.queries import Actor

OF_THE_CASE = tuple(kind for kind in Deadline.Kind if kind != Deadline.Kind.OTHER)


def meet(case: Case, kind: Deadline.Kind, on: date, *, by: Actor) -> None:
    """The open deadline of this kind in the current round is met on `on`; nothing happens where there is none."""
    for deadline in case.deadlines.open().filter(round=case.round, kind=kind):
        deadline.met_on = on
        deadline.met_by_id = by.user_id
        deadline.save(update_fields=["met_on", "met_by"])
        _record(deadline, "deadline.met", by, met_on=on.isoformat())


def cancel(case: Case, *, by: Actor, kinds: Iterable[Deadline.Kind] = OF_THE_CASE) -> None:
    """All open deadlines of these kinds fall away today; whether one was late by then stays readable.

    Dates that other parts of KRM have watched end only when those say so.
    """
    for deadline in case.deadlines.open().filter(kind__in=list(kinds)):
        deadline.cancelled_on = by.today
        deadline.save(update_fields=["cancelled_on"])
        _record(deadline, "deadline.cancelled", by)


def meet_by_answer(case: Case, on: date, *, by: Actor) -> None:
    """An answer ends the closure deadline (K2); as first reaction also the acknowledgement; no interim is owed now."""
    meet(case, Deadline.Kind.CLOSURE, on, by=by)
    meet(case, Deadline.Kind.ACKNOWLEDGEMENT, on, by=by)
    cancel(case, by=by, kinds=[Deadline.Kind.INTERIM])


def _record(deadline: Deadline, code: str, by: Actor, **data: str) -> None:
    record(
        code,
        by=by,
        office_id=deadline.case.office_id,
        case=deadline.case,
        kind=deadline.get_kind_display(),
        due_on=deadline.due_on.isoformat(),
        **data,
    )
