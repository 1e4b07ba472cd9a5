"""What single persons are asked to do: asked, done, taken back. Called by actions on a case they have locked."""

from collections.abc import Collection, Iterable
from datetime import date

from django.db.models import Max, Q, QuerySet
from django.utils import timezone

from cases.models import (
    Assignment,
    Case,
    Deadline,
    Directive,
    DirectivePoint,
    Letter,
    Note,
    Notice,
    Statement,
    Transfer,
)
from cases.permissions import why_not_ask
from cases.recording import GONE, locked, record
from cases.rules.assignments import ASSIGNMENTS, AssignmentKind
from cases.rules.reminders import Urgency
from cases.unit_of_work import action
from offices.errors import NotAllowed
from offices.models import User
from offices.queries import Actor
from offices.roles import Permission

DONE_BEFORE = "Das ist schon erledigt."


def ask(
    case: Case,
    kind: AssignmentKind,
    user: User,
    *,
    by: Actor,
    task: str = "",
    due_on: date | None = None,
    directive: Directive | None = None,
    statement: Statement | None = None,
    letter: Letter | None = None,
    note: Note | None = None,
    pass_to: User | None = None,
    path: str = "",
) -> Assignment:
    """Put something into a person's hands until the end of `due_on`; the same twice is one row. `path` is the page on
    which it is done, where that is none of the case.

    NotAllowed for somebody kept out of the case (B4-8, PAN-7), and for a sealed case without a grant of their own.
    """
    if reason := why_not_ask(case, user, by.today):
        raise NotAllowed(reason)
    about = {"directive": directive, "statement": statement, "letter": letter, "note": note}
    existing = case.assignments.open().filter(kind=kind, user=user, round=case.round, task=task, **about).first()
    if existing:
        return existing
    asked = Assignment.objects.create(
        case=case,
        round=case.round,
        kind=kind,
        user=user,
        task=task,
        since_on=by.today,
        due_on=due_on,
        pass_to=pass_to,
        path=path,
        **about,
    )
    tell_asked(asked, by=by)
    record_asked("assignment.made", asked, by, person=user.pk)
    return asked


def ask_each(case: Case, wanted: Iterable[tuple[AssignmentKind, User, str]], *, by: Actor) -> None:
    """Put a task into the hands of each of several people, the same twice is one row; in a fixed number of queries.

    The calling action has left out who is kept out, and the case is not sealed.
    """
    about_nothing = {"directive": None, "statement": None, "letter": None, "note": None}
    rows = case.assignments.open().filter(round=case.round, **about_nothing)
    existing = set(rows.values_list("kind", "user", "task"))
    asked = Assignment.objects.bulk_create(
        Assignment(case=case, round=case.round, kind=kind, user=user, task=task, since_on=by.today)
        for kind, user, task in dict.fromkeys(wanted)
        if (kind, user.pk, task) not in existing
    )
    tell_asked(*asked, by=by)
    for each in asked:
        record_asked("assignment.made", each, by, person=each.user_id)


def ask_on_transfer(
    transfer: Transfer,
    kind: AssignmentKind,
    user: User,
    *,
    by: Actor,
    task: str = "",
    due_on: date | None = None,
    letter: Letter | None = None,
) -> Assignment:
    """The same on an Abgabe; who may be asked there is for the calling action to know."""
    asked = Assignment.objects.create(
        transfer=transfer, letter=letter, kind=kind, user=user, task=task, since_on=by.today, due_on=due_on
    )
    tell_asked(asked, by=by)
    record_asked("assignment.made", asked, by, person=user.pk)
    return asked


def tell_asked(*asked: Assignment, by: Actor) -> None:
    """Leave the notices that become mails: once to each person, and not to who asks it of themselves (PAN-19, PAN-21).

    Who stands in for somebody away gets it when mails are made.
    """
    now = timezone.now()
    notices = [
        Notice(
            assignment=each,
            recipient_id=each.user_id,
            office_id=(each.case or each.transfer).office_id,
            due_on=each.due_on,
            urgency=Urgency.ASKED,
            created_at=now,
        )
        for each in asked
        if each.user_id != by.user_id
    ]
    Notice.objects.bulk_create(notices, ignore_conflicts=True)


def move_dates(deadline: Deadline, old_on: date, new_on: date, *, by: Actor) -> None:
    """A deadline moves from `old_on`: what was asked of people until then moves along, and they are told.

    Once for each change, with both dates, and not who changes it themselves. The case or Abgabe is locked.
    """
    moved = list(_asked_until(deadline, old_on).select_related("case", "transfer").order_by("pk"))
    changes = dict(Notice.objects.filter(assignment__in=moved).values_list("assignment").annotate(Max("change")))
    for asked in moved:
        asked.due_on = min([new_on, *_others_to_handle(asked, deadline)])
    moved = [asked for asked in moved if asked.due_on != old_on]
    Assignment.objects.bulk_update(moved, ["due_on"])
    now = timezone.now()
    notices = [
        Notice(
            assignment=asked,
            recipient_id=asked.user_id,
            office_id=deadline.office_id,
            due_on=asked.due_on,
            formerly_on=old_on,
            change=changes.get(asked.pk, 0) + 1,
            urgency=Urgency.MOVED,
            created_at=now,
        )
        for asked in moved
        if asked.user_id != by.user_id
    ]
    Notice.objects.bulk_create(notices)


def _asked_until(deadline: Deadline, old_on: date) -> QuerySet[Assignment]:
    """What ends with this deadline: its statement, points of a Verfügung, the Abgabe, letters until the answer."""
    found = Q(statement__deadline=deadline)
    if deadline.kind == Deadline.Kind.DIRECTIVE:
        directives = DirectivePoint.objects.filter(deadline=deadline).values("directive")
        found |= Q(kind=AssignmentKind.HANDLE, directive__in=directives, user=deadline.assignee)
    if deadline.kind == Deadline.Kind.TRANSFER:
        found |= Q(kind=AssignmentKind.TAKE_OVER, transfer=deadline.transfer)
    if deadline.kind == Deadline.Kind.CLOSURE:
        letters = (AssignmentKind.AGREE_LETTER, AssignmentKind.SIGN_LETTER)
        found |= Q(kind__in=letters, case=deadline.case, letter__round=deadline.round)
    return Assignment.objects.open().filter(found, due_on=old_on)


def _others_to_handle(asked: Assignment, deadline: Deadline) -> Iterable[date]:
    """A person is asked once for all their points of a Verfügung: the other dates of hers that are open."""
    if asked.kind != AssignmentKind.HANDLE:
        return ()
    points = DirectivePoint.objects.filter(directive=asked.directive_id).exclude(deadline=deadline).values("deadline")
    others = Deadline.objects.open().filter(pk__in=points, kind=Deadline.Kind.DIRECTIVE, assignee=asked.user_id)
    return others.values_list("due_on", flat=True)


def finish(case: Case, *kinds: AssignmentKind, by: Actor, **which) -> int:
    """Mark what was asked as done today; `which` are filters such as letter=…; returns how many rows it was."""
    done = list(case.assignments.open().filter(kind__in=kinds, **which))
    for asked in done:
        asked.done_on, asked.done_by_id = by.today, by.user_id
        asked.save(update_fields=["done_on", "done_by"])
    return len(done)


def take_back(case: Case, *kinds: AssignmentKind, by: Actor, **which) -> None:
    """What was asked is no longer needed: the rows stay, and with them ends the access they gave."""
    for asked in case.assignments.open().filter(kind__in=kinds or list(AssignmentKind), **which):
        asked.cancelled_on = by.today
        asked.save(update_fields=["cancelled_on"])


def withdraw_on_transfer(transfer: Transfer, people: Collection[int], *, by: Actor, **which) -> None:
    """What these people (ids) were asked on an Abgabe is no longer theirs, nor is the day until which it was.

    `which` are filters such as kind=….
    """
    for asked in transfer.assignments.open().filter(user__in=people, **which).select_related("transfer"):
        asked.cancelled_on = by.today
        asked.save(update_fields=["cancelled_on"])
        record_asked("assignment.cancelled", asked, by)
    transfer.deadlines.open().filter(assignee__in=people).update(cancelled_on=by.today)


@action
def tick(*, by: Actor, assignment: Assignment) -> Assignment:
    """Say that something was taken note of, once; what is passed on goes to the next person (K14, GER-24).

    NotAllowed for somebody else's assignment, for one that ends with its own action, and for one done already.
    """
    case = locked(assignment.case, by=by, permission=Permission.READ_CASES, must_be_open=False)
    current = Assignment.objects.select_for_update(of=("self",), no_key=True).filter(pk=assignment.pk).first()
    if current is None or current.user_id not in by.holder_ids:
        raise NotAllowed(GONE)
    if not current.ends_by_tick:
        raise NotAllowed("Dieser Auftrag endet, wenn er ausgeführt ist.")
    if not current.is_open:
        raise NotAllowed(DONE_BEFORE)
    current.done_on, current.done_by_id = by.today, by.user_id
    current.save(update_fields=["done_on", "done_by"])
    record_asked("assignment.done", current, by, in_place_of=current.user_id if current.user_id != by.user_id else None)
    if current.pass_to:
        ask(case, AssignmentKind(current.kind), current.pass_to, by=by, task=current.task, note=current.note)
    return current


@action
def take_note(*, by: Actor, assignments: Collection[Assignment]) -> int:
    """Say of several things told „zur Kenntnis“ that they were taken note of; returns how many it was of.

    What was ticked meanwhile, or ended with its case, is passed over. NotAllowed for somebody else's and for work.
    """
    for case in sorted({a.case for a in assignments if a.case}, key=lambda case: case.pk):
        locked(case, by=by, permission=Permission.READ_CASES, must_be_open=False)
    rows = Assignment.objects.filter(pk__in=[a.pk for a in assignments]).select_related("case", "transfer")
    found = list(rows.select_for_update(of=("self",), no_key=True).order_by("pk"))
    if any(a.user_id not in by.holder_ids for a in found):
        raise NotAllowed(GONE)
    if not all(a.is_for_information for a in found):
        raise NotAllowed("Auf einmal abgehakt wird nur, was zur Kenntnis ist.")
    noted = [a for a in found if a.is_open]
    for current in noted:
        current.done_on, current.done_by_id = by.today, by.user_id
        current.save(update_fields=["done_on", "done_by"])
    for current in noted:
        in_place_of = current.user_id if current.user_id != by.user_id else None
        record_asked("assignment.done", current, by, in_place_of=in_place_of)
    return len(noted)


def record_asked(code: str, asked: Assignment, by: Actor, *, in_place_of: int | None = None, **data) -> None:
    """The entry in the log of the case or the Abgabe."""
    matter: Case | Transfer = asked.case or asked.transfer
    record(
        code,
        by=by,
        permission=Permission.READ_CASES if asked.case else None,
        in_place_of=in_place_of,
        office_id=matter.office_id,
        case=asked.case,
        transfer=asked.transfer,
        kind=ASSIGNMENTS[AssignmentKind(asked.kind)].label,
        assignment=asked.pk,
        **data,
    )
