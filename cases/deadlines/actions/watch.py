"""Dates that other parts of KRM have watched like the deadlines of a case; they register them as data.

Whoever owns such a date says when it is done; the sweep reminds of it until then.
"""

from collections.abc import Sequence
from datetime import date
from typing import Any

from cases.deadlines.actions.ending import fall_away, mark_met
from cases.models import Case, Deadline
from cases.recording import record
from cases.rules.reminders import dump_steps, read_steps
from cases.unit_of_work import action
from offices.calendars import LAST_YEAR
from offices.errors import NotAllowed
from offices.models import Office, User
from offices.queries import Actor
from offices.roles import Role
from offices.rules.values import ReminderStep


@action
def watch(
    *,
    by: Actor,
    office: Office,
    label: str,
    due_on: date,
    case: Case | None = None,
    subject: str = "",
    path: str = "",
    assignee: User | None = None,
    role: Role | None = None,
    steps: Sequence[ReminderStep] | None = None,
    rule: str = "",
) -> Deadline:
    """Have a date watched; `label` says what is due and `subject`, where there is no case, of what: both without
    personal data. `path` is the page on which it is done.

    Reminded are `assignee`, else the holders of `role`, else who works on `case`. Without `steps` those of
    the rule set for the closure of a case hold. NotAllowed for a date that names nobody and nothing, beyond the years
    that the calendar knows, or in too many words; ParameterErrors for steps that make no sense.
    """
    if due_on.year > LAST_YEAR:
        raise NotAllowed(f"Der Kalender reicht bis {LAST_YEAR}.")
    for text, name in ((label, "task"), (subject, "subject"), (path, "path")):
        column: Any = Deadline._meta.get_field(name)
        most = column.max_length
        if len(text) > most:
            raise NotAllowed(f"Höchstens {most} Zeichen: „{text[:40]} …“")
    if case is None and not (subject and (assignee or role)):
        raise NotAllowed("Ein Termin ohne Vorgang braucht einen Gegenstand und jemanden, der zuständig ist.")
    data = None
    if steps is not None:
        data = dump_steps(steps)
        read_steps(data)
    deadline = Deadline.objects.create(
        office=office,
        case=case,
        round=case.round if case else 1,
        kind=Deadline.Kind.OTHER,
        subject=subject,
        path=path,
        start_on=by.today,
        raw_on=due_on,
        due_on=due_on,
        rule=rule,
        assignee=assignee,
        role=role or "",
        task=label,
        steps=data,
    )
    record("deadline.set", by=by, office_id=office.pk, case=case, kind=label, due_on=due_on.isoformat())
    return deadline


@action
def done(*, by: Actor, deadline: Deadline) -> bool:
    """A watched date is done today; False where it had ended already."""
    return mark_met(deadline, by.today, by=by)


@action
def call_off(*, by: Actor, deadline: Deadline) -> bool:
    """A watched date is no longer needed from today on; False where it had ended already."""
    return fall_away(deadline, by=by)
