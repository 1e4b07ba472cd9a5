"""A new holiday or closing day: first which open deadlines would move, then moving them with an entry in each case."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from cases.asking import move_dates
from cases.models import Case, Deadline, Pause
from cases.models.deadline import UNPLANNED
from cases.permissions import check_may_in
from cases.recording import GONE_ENTRY, record, refresh_next_due
from cases.rules.deadlines import after_pause
from cases.unit_of_work import action
from offices.actions import save_checked
from offices.calendars import Calendar, Due, Period, Unit, due
from offices.errors import NotAllowed
from offices.models import Closing, Office
from offices.queries import Actor, closed_day
from offices.roles import Permission

LONGEST_CLOSING = 92  # Kalendertage; with no end of free days no deadline would have one


@dataclass(frozen=True)
class Shift:
    """One open deadline that a calendar change moves; `due` explains the end before any resting."""

    deadline: Deadline
    due: Due
    new_due_on: date


def shifts(office: Office, closings: list[Closing]) -> tuple[Shift, ...]:
    """The open deadlines of the office that would end on another day if `closings` were its days.

    Only computed deadlines move: follow-ups are typed in, and an extended deadline is a date that somebody chose.
    Closed and resting cases keep theirs; what a past rest added is added again.
    """
    days = tuple(closed_day(c) for c in closings)
    calendars = {counts: Calendar(office.state, days, counts) for counts in (True, False)}
    counting: dict[int, bool] = {}
    found = []
    for deadline in _computed_deadlines(office):
        rule_set = deadline.case.rule_set
        if rule_set.pk not in counting:
            counting[rule_set.pk] = rule_set.parameters.closed_days_are_working_days
        shift = _recompute(deadline, calendars[counting[rule_set.pk]])
        if shift.new_due_on != deadline.due_on:
            found.append(shift)
    return tuple(found)


def _computed_deadlines(office: Office) -> QuerySet[Deadline]:
    resting = Pause.objects.filter(case=OuterRef("case"), resumed_on__isnull=True)
    return (
        Deadline.objects.open()
        .filter(~Exists(resting), case__office=office, case__closed_on__isnull=True, amount__isnull=False)
        .filter(extensions__isnull=True)
        .select_related("case__rule_set")
        .prefetch_related("case__pauses")
        .order_by("due_on", "pk")
    )


def _recompute(deadline: Deadline, calendar: Calendar) -> Shift:
    computed = due(calendar, deadline.start_on, Period(deadline.amount, Unit(deadline.unit)))
    new_due_on = computed.due_on
    for rest in deadline.case.pauses.all():
        if rest.from_on >= deadline.start_on:
            new_due_on = after_pause(calendar, new_due_on, rest.from_on, rest.resumed_on)
    return Shift(deadline, computed, new_due_on)


@action
def add_closing(*, by: Actor, closing: Closing) -> tuple[Shift, ...]:
    """Enter a day (or days) and move the open deadlines it moves; the shifts that happened.

    NotAllowed for impossible dates and for whom the calendar is not part of the role.
    """
    check_may_in(by, Permission.CHANGE_DAYS, closing.office_id)
    if (closing.until_on - closing.from_on).days >= LONGEST_CLOSING:
        raise NotAllowed(f"Am Stück sind höchstens {LONGEST_CLOSING} Tage möglich.")
    closing.created_at = timezone.now()
    closing.created_by_id = by.user_id
    save_checked(closing)
    return _move_all(closing.office, "days.added", by=by)


@action
def remove_closing(*, by: Actor, closing: Closing) -> tuple[Shift, ...]:
    """Take a day back and move the open deadlines the other way."""
    check_may_in(by, Permission.CHANGE_DAYS, closing.office_id)
    office = closing.office
    deleted, _ = Closing.objects.filter(pk=closing.pk).delete()
    if not deleted:
        raise NotAllowed(GONE_ENTRY)
    return _move_all(office, "days.removed", by=by)


def _move_all(office: Office, code: str, *, by: Actor) -> tuple[Shift, ...]:
    closings = list(office.closings.order_by("from_on", "pk"))
    # All cases before their deadlines and the first entry in the log, as every other action does it: nobody waits for
    # each other.
    open_cases = (
        Case.objects.select_for_update(no_key=True).filter(office=office, closed_on__isnull=True).order_by("pk")
    )
    list(open_cases.values_list("pk", flat=True))
    of_open_ones = Q(case__isnull=True) | Q(case__closed_on__isnull=True) | Q(kind=Deadline.Kind.OTHER)
    Deadline.objects.open().filter(of_open_ones, office=office, next_step_on__isnull=False).replan()  # their steps move
    found = {shift.deadline.case_id for shift in shifts(office, closings)}
    cases = {case.pk: case for case in Case.objects.select_for_update(no_key=True).filter(pk__in=found).order_by("pk")}
    moved = tuple(shift for shift in shifts(office, closings) if shift.deadline.case_id in cases)
    for shift in moved:
        case = cases[shift.deadline.case_id]
        Deadline.objects.filter(pk=shift.deadline.pk).update(
            due_on=shift.new_due_on,
            raw_on=shift.due.raw_on,
            rule=shift.due.sentence,
            next_step=0,
            next_step_on=UNPLANNED,  # also where all its steps were told of the old day
        )
        move_dates(shift.deadline, shift.deadline.due_on, shift.new_due_on, by=by)
        record(
            "deadline.moved",
            by=by,
            permission=Permission.CHANGE_DAYS,
            office_id=office.pk,
            case=case,
            kind=shift.deadline.get_kind_display(),
            old=shift.deadline.due_on.isoformat(),
            new=shift.new_due_on.isoformat(),
        )
        refresh_next_due(case)
        case.save(update_fields=["next_due_on"])
    record(code, by=by, permission=Permission.CHANGE_DAYS, office_id=office.pk)
    return moved
