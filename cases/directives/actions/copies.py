"""Copies of what a unit is charged with, to those whom the office names (PAN-21)."""

from cases.asking import ask
from cases.directives.reading.directive import lgf_copies
from cases.models import Case
from cases.rules.assignments import AssignmentKind
from cases.rules.directives import LGF_COPY
from offices.models import Unit
from offices.queries import Actor


def copy_to_lgf(case: Case, unit: Unit, *, by: Actor) -> None:
    """The LGF is told of what goes to a Bereich that the office lists, once in each round (K19, PAN-21)."""
    told = case.assignments.filter(round=case.round, kind=AssignmentKind.TAKE_NOTE, cancelled_on=None)
    besides = {by.user_id, *told.filter(task=LGF_COPY).values_list("user", flat=True)}
    for user in lgf_copies(case, [unit], by.today):
        if user.pk not in besides:
            ask(case, AssignmentKind.TAKE_NOTE, user, by=by, task=LGF_COPY)
