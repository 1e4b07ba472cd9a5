"""Moving deadlines: extension with reason, resting and going on, and what a change of the calendar does."""

from datetime import date, timedelta

from django.utils import timezone

from cases.asking import move_dates
from cases.deadlines.actions.ending import meet
from cases.lookup import case_calendar
from cases.models import Case, Deadline, DeadlineExtension, Pause
from cases.models.deadline import UNPLANNED
from cases.recording import locked, record, refresh_next_due, save
from cases.rules.days import why_no_day
from cases.rules.deadlines import after_pause, check_pause, check_resume
from cases.unit_of_work import action
from offices.calendars import due
from offices.errors import NotAllowed
from offices.queries import Actor
from offices.roles import Permission

NO_REASON_TO_REST = "Bitte das Ruhen begründen."
NO_OCCASION_OF_REST = "Bitte den Anlass des Ruhens wählen."
NO_REASON_TO_EXTEND = "Bitte die Verlängerung begründen."


@action
def extend(*, by: Actor, deadline: Deadline, new_due_on: date, reason: str) -> DeadlineExtension:
    """Move an open deadline to a later working day, also after it has passed (§ 26 Abs. 7 SGB X, B3-6).

    The former date, the reason and the person stay beside it. NotAllowed for an earlier date, a day that is no
    Arbeitstag (another one is offered, B3-5), a missing reason, a deadline that is met, or a Wiedervorlage.
    """
    case = locked(deadline.case, by=by, permission=Permission.EXTEND)
    deadline = Deadline.objects.select_for_update(no_key=True).get(pk=deadline.pk)
    check_may_be_extended(deadline)
    if not reason.strip():
        raise NotAllowed(NO_REASON_TO_EXTEND, "reason")
    if new_due_on <= deadline.due_on:
        raise NotAllowed(f"Die neue Frist muss nach dem {deadline.due_on:%d.%m.%Y} liegen.")
    if why := why_no_day(case_calendar(case), new_due_on, deadline.due_on + timedelta(days=1)):
        raise NotAllowed(why)
    extension = lengthen(deadline, new_due_on, reason, by=by, permission=Permission.EXTEND)
    refresh_next_due(case)
    save(case)
    return extension


def check_may_be_extended(deadline: Deadline) -> None:
    """NotAllowed for what has ended, and for a Wiedervorlage, which belongs to whom it is for."""
    if not deadline.is_open:
        raise NotAllowed("Die Frist ist schon erledigt oder entfallen.")
    if deadline.kind == Deadline.Kind.FOLLOW_UP:
        raise NotAllowed("Eine Wiedervorlage wird nicht verlängert: bitte erledigen und eine neue setzen.")


def lengthen(
    deadline: Deadline, new_due_on: date, reason: str, *, by: Actor, permission: Permission
) -> DeadlineExtension:
    """Move a deadline of a case the calling action has locked to a later day it has checked."""
    extension = DeadlineExtension.objects.create(
        deadline=deadline,
        old_due_on=deadline.due_on,
        new_due_on=new_due_on,
        reason=reason.strip(),
        at=timezone.now(),
        by_id=by.user_id,
    )
    _move(deadline, new_due_on, "deadline.extended", by=by, permission=permission)
    return extension


@action
def pause(
    *, by: Actor, case: Case, category: str, reason: str, from_on: date, planned_until: date | None = None
) -> Pause:
    """Let the case rest from `from_on`, inclusive; its deadlines stand still until it is resumed.

    NotAllowed while it already rests, without category or reason, and for impossible dates.
    """
    case = locked(case, by=by, permission=Permission.EXTEND)
    if category not in Pause.Category.values:
        raise NotAllowed(NO_OCCASION_OF_REST, "category")
    if not reason.strip():
        raise NotAllowed(NO_REASON_TO_REST, "reason")
    if case.pauses.filter(resumed_on__isnull=True).exists():
        raise NotAllowed("Der Vorgang ruht schon.")
    last = case.pauses.order_by("-resumed_on").first()
    check_pause(from_on, by.today, case.received_on, last.resumed_on if last else None)
    if planned_until and planned_until <= by.today:
        raise NotAllowed("Das voraussichtliche Ende muss in der Zukunft liegen.")
    rest = Pause.objects.create(
        case=case,
        category=category,
        reason=reason.strip(),
        from_on=from_on,
        planned_until=planned_until,
        at=timezone.now(),
        by_id=by.user_id,
    )
    record(
        "case.paused",
        by=by,
        permission=Permission.EXTEND,
        office_id=case.office_id,
        case=case,
        from_on=from_on.isoformat(),
        category=category,
    )
    _watch_end(case, rest, by)
    refresh_next_due(case)
    save(case)
    return rest


def _watch_end(case: Case, rest: Pause, by: Actor) -> None:
    """Somebody is reminded when the rest should end; where nobody knows when, of looking at it again."""
    review = due(case_calendar(case), by.today, case.rule_set.parameters.reminders.review_of_rest)
    due_on = rest.planned_until or review.due_on
    Deadline.objects.create(
        office_id=case.office_id,
        case=case,
        round=case.round,
        kind=Deadline.Kind.REST,
        start_on=by.today,
        raw_on=due_on,
        due_on=due_on,
        rule="Voraussichtliches Ende des Ruhens." if rest.planned_until else f"Ruhen prüfen: {review.sentence}"[:300],
        task="Ruhen prüfen und Bearbeitung fortsetzen",
    )


@action
def resume(*, by: Actor, case: Case, resumed_on: date) -> Pause:
    """Go on from `resumed_on`; every deadline still open moves by the Arbeitstage of the rest.

    Not so the dates that somebody else set: Wiedervorlagen, and those that other parts of KRM have watched.
    """
    case = locked(case, by=by, permission=Permission.EXTEND)
    rest = case.pauses.select_for_update(no_key=True).filter(resumed_on__isnull=True).first()
    if rest is None:
        raise NotAllowed("Der Vorgang ruht nicht.")
    check_resume(resumed_on, by.today, rest.from_on)
    rest.resumed_on = resumed_on
    rest.save(update_fields=["resumed_on"])
    record(
        "case.resumed",
        by=by,
        permission=Permission.EXTEND,
        office_id=case.office_id,
        case=case,
        resumed_on=resumed_on.isoformat(),
    )
    meet(case, Deadline.Kind.REST, resumed_on, by=by)
    calendar = case_calendar(case)
    open_ones = case.deadlines.open().exclude(kind__in=(Deadline.Kind.FOLLOW_UP, Deadline.Kind.OTHER))
    open_ones.replan()
    for deadline in open_ones:
        new_due_on = after_pause(calendar, deadline.due_on, rest.from_on, resumed_on)
        if new_due_on != deadline.due_on:
            _move(deadline, new_due_on, "deadline.resumed", by=by, permission=Permission.EXTEND)
    refresh_next_due(case)
    save(case)
    return rest


def _move(deadline: Deadline, new_due_on: date, code: str, *, by: Actor, permission: Permission) -> None:
    old = deadline.due_on
    deadline.due_on, deadline.next_step, deadline.next_step_on = new_due_on, 0, UNPLANNED
    deadline.save(update_fields=["due_on", "next_step", "next_step_on"])
    move_dates(deadline, old, new_due_on, by=by)
    record(
        code,
        by=by,
        permission=permission,
        office_id=deadline.case.office_id,
        case=deadline.case,
        kind=deadline.get_kind_display(),
        old=old.isoformat(),
        new=new_due_on.isoformat(),
    )
