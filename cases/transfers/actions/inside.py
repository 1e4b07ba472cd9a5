"""What is handed over inside the house is a task with a date: who takes it over, by name, until when."""

from datetime import date

from cases.asking import ask_on_transfer, move_dates, withdraw_on_transfer
from cases.lookup import office_calendar
from cases.models import Deadline, Transfer
from cases.models.deadline import UNPLANNED
from cases.permissions import check_may_in
from cases.recording import locked_transfer, record
from cases.rules.assignments import AssignmentKind
from cases.rules.days import in_words, why_no_day
from cases.rules.reminders import dump_steps
from cases.rules.transfers import TAKE_OVER_STEPS
from cases.transfers.reading.receivers import receivers, role_words, taken_over_by, why_not_change_receiver
from cases.unit_of_work import action
from offices.errors import NotAllowed
from offices.models import User
from offices.queries import Actor
from offices.roles import Permission

NO_DAY = "Bitte angeben, bis wann die Abgabe zu übernehmen ist."


def check_receiver(transfer: Transfer, receiver: User, due_on: date | None, today: date) -> None:
    """NotAllowed for somebody whom the rules do not name or who is kept out, and without an Arbeitstag from today."""
    if not receivers(transfer, today).filter(pk=receiver.pk).exists():
        raise NotAllowed(f"{receiver} kann diese Abgabe nicht übernehmen.", "receiver")
    if due_on is None:
        raise NotAllowed(NO_DAY, "due_on")
    if why := why_no_day(office_calendar(transfer.office), due_on, today):
        raise NotAllowed(why, "due_on")


def give(transfer: Transfer, receiver: User, due_on: date, *, by: Actor) -> None:
    """Put a locked Abgabe into somebody's hands until the end of `due_on`; both have been checked."""
    Deadline.objects.create(
        office_id=transfer.office_id,
        transfer=transfer,
        kind=Deadline.Kind.TRANSFER,
        subject=transfer.reference,
        path=transfer.get_absolute_url(),
        start_on=by.today,
        raw_on=due_on,
        due_on=due_on,
        rule=f"Bei der Übergabe gesetzt auf {in_words(due_on)}.",
        assignee=receiver,
        steps=dump_steps(TAKE_OVER_STEPS),
    )
    ask_on_transfer(transfer, AssignmentKind.TAKE_OVER, receiver, by=by, due_on=due_on)


@action
def change_receiver(*, by: Actor, transfer: Transfer, receiver: User, due_on: date) -> None:
    """Give what was handed over inside the house to somebody else, or set another day.

    Who had it before no longer sees it; a new day is told to who has it. NotAllowed where it left the house, once it
    is taken over, and for whoever cannot take it over.
    """
    current = locked_transfer(transfer, by=by)
    check_may_in(by, Permission.TRIAGE, current.office_id)
    if reason := why_not_change_receiver(current):
        raise NotAllowed(reason)
    asked = taken_over_by(current)
    check_receiver(current, receiver, due_on, by.today)
    if asked and asked.user_id == receiver.pk:
        _set_day(current, due_on, by)
        return
    if asked:
        withdraw_on_transfer(current, {asked.user_id}, by=by, kind=AssignmentKind.TAKE_OVER)
    record_inside(current, role_words(current, receiver, by.today), by=by)
    give(current, receiver, due_on, by=by)


def record_inside(transfer: Transfer, to: str, *, by: Actor) -> None:
    """The entry of the hand-over in the log; `to` is a role."""
    record(
        "transfer.handed_inside",
        by=by,
        permission=Permission.TRIAGE,
        office_id=transfer.office_id,
        case=transfer.case,
        transfer=transfer,
        to=to,
    )


def _set_day(transfer: Transfer, due_on: date, by: Actor) -> None:
    for deadline in transfer.deadlines.open().select_for_update(no_key=True).exclude(due_on=due_on):
        old_on = deadline.due_on
        deadline.due_on, deadline.next_step, deadline.next_step_on = due_on, 0, UNPLANNED
        deadline.save(update_fields=["due_on", "next_step", "next_step_on"])
        move_dates(deadline, old_on, due_on, by=by)
        record(
            "deadline.changed",
            by=by,
            permission=Permission.TRIAGE,
            office_id=transfer.office_id,
            transfer=transfer,
            kind=deadline.label,
            old=old_on.isoformat(),
            new=due_on.isoformat(),
        )
