"""The dates of petitions as the Fristenwächter watches them. Called by actions on what they have locked."""

from datetime import date
from typing import Any

from cases.deadlines.actions.watch import call_off, done, watch
from cases.lookup import office_calendar
from cases.models import Case, Deadline
from offices.calendars import working_days_until
from offices.queries import Actor
from offices.roles import Role
from offices.rules.values import ReminderStep
from offices.rules.vocabulary import Moment, Recipient
from petitions.models import Request, Station

WHO = (Recipient.RESPONSIBLE, Recipient.KRM_OFFICER)
OUTSIDE_RULE = "Frist aus der Anforderung, eingetragen und nicht berechnet (B2-7)."


def kept(
    deadline: Deadline | None,
    case: Case,
    label: str,
    due_on: date | None,
    *,
    by: Actor,
    is_done: bool,
    role: Role | None = None,
    rule: str = "",
) -> Deadline | None:
    """The watched date as it is to be: until `due_on`, or none with None; then it is met where `is_done`."""
    if deadline and deadline.is_open:
        if deadline.due_on == due_on:
            return deadline
        if due_on is None and is_done:
            done(by=by, deadline=deadline)
            return deadline
        call_off(by=by, deadline=deadline)
    if due_on is None:
        return deadline
    return watch(by=by, office=case.office, case=case, label=label, due_on=due_on, role=role, rule=rule[:300])


def keep_outside_date(request: Request, case: Case, *, by: Actor) -> None:
    """The day the requester names is watched while an answer is owed; the request is saved where that changed."""
    due_on = request.due_on if request.is_open else None
    is_done = bool(request.answered_on or request.refused_on)
    label = f"Petition, Anforderung {request.position}: {request.get_kind_display()}"
    found = kept(
        request.deadline, case, label, due_on, by=by, is_done=is_done, role=Role.KRM_OFFICER, rule=OUTSIDE_RULE
    )
    if found != request.deadline:
        request.deadline = found
        request.save(update_fields=["deadline"])


def watch_at_body(station: Station, case: Case, due_on: date, *, by: Actor) -> None:
    """A body outside that has the matter is told at the next sweep, and reminded there: the desk of the office that
    it is, or the persons who act for it."""
    days = working_days_until(office_calendar(station.keeper), by.today, due_on)
    steps = [ReminderStep(Moment.ON_THE_DAY, WHO), ReminderStep(Moment.AFTER, WHO, 1)]
    if days > 0:
        steps.insert(0, ReminderStep(Moment.BEFORE, WHO, days))
    persons = list(station.people.all())
    reminded: list[dict[str, Any]] = [{"assignee": user} for user in persons] or [{"role": Role.KRM_OFFICER}]
    station.body_deadlines.set(
        watch(
            by=by,
            office=station.keeper,
            label=str(station)[:200],
            due_on=due_on,
            subject=f"Petition {case.reference}",
            path=station.get_absolute_url(),
            steps=steps,
            **who,
        )
        for who in reminded
    )


def end_at_body(station: Station, *, by: Actor, is_done: bool) -> None:
    """The turn of a body outside is over, and with it the dates there."""
    for deadline in station.body_deadlines.all():
        if deadline.is_open:
            (done if is_done else call_off)(by=by, deadline=deadline)
