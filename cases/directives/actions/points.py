"""What the points of an issued Verfügung become, and how they end: requests, dates, copies, ticks (GERA-19, PAN-21)."""

from datetime import date

from cases.asking import ask, finish
from cases.deadlines.actions.ending import mark_met
from cases.directives.reading.directive import handler_for, lead_for, why_not_tick
from cases.handling.actions.notes import next_look
from cases.models import Case, Deadline, Directive, DirectivePoint
from cases.permissions import why_not_ask
from cases.recording import locked, record
from cases.rules.assignments import AssignmentKind
from cases.rules.directives import PointKind
from cases.rules.kinds import Kind
from cases.rules.statements import kinds_for
from cases.statements.actions.asking import return_when_all_are_in, start_statement
from cases.unit_of_work import action
from offices.errors import NotAllowed
from offices.models import User
from offices.queries import Actor
from offices.roles import Permission


@action
def finish_point(*, by: Actor, point: DirectivePoint) -> DirectivePoint:
    """Tick off a point of an issued Verfügung, once: by the KRM, or by whom it is for.

    NotAllowed for a Stellungnahme, which ends with its approval.
    """
    case = locked(point.directive.case, by=by, permission=Permission.READ_CASES)
    point = (
        DirectivePoint.objects.select_for_update(of=("self",), no_key=True)
        .select_related("directive", "deadline")
        .get(pk=point.pk)
    )
    if reason := why_not_tick(by, point, case):
        raise NotAllowed(reason)
    point.done_on, point.done_by_id = by.today, by.user_id
    point.save(update_fields=["done_on", "done_by"])
    if point.deadline and mark_met(point.deadline, by.today, by=by) and point.kind == PointKind.HANDLE:
        _end_handling(case, point, by)
    record_directive("directive.point_done", point.directive, by, position=point.position)
    return point


def _end_handling(case: Case, point: DirectivePoint, by: Actor) -> None:
    """What the person was asked ends with the last of their points; the case goes back when nobody else has it."""
    if not _has_more_to_handle(point):
        finish(case, AssignmentKind.HANDLE, by=by, directive=point.directive, user=point.deadline.assignee)
    return_when_all_are_in(case, by=by)


def take_effect(case: Case, directive: Directive, point: DirectivePoint, by: Actor) -> None:
    """What a point of a Verfügung just issued asks for: statement, Auftrag with its date, copy, Wiedervorlage."""
    match point.kind:
        case PointKind.STATEMENT:
            asked = {"unit": point.unit, "question": point.text, "due_on": point.due_on}
            for kind in kinds_for(Kind(case.kind)):  # both contributions to a Dienstaufsichtsbeschwerde (GERA-27)
                statement = start_statement(case, by=by, kind=kind, **asked)
            point.statement, point.deadline = statement, statement.deadline
        case PointKind.HANDLE:
            lead = point.person or (handler_for(case, point.unit, by.today) if point.unit else None)
            ask(case, AssignmentKind.HANDLE, lead, by=by, due_on=point.due_on, directive=directive)
            point.deadline = _date_of(case, point, lead, by.today)
        case PointKind.COPY:
            if user := _told(case, point, by.today):
                ask(case, AssignmentKind.TAKE_NOTE, user, by=by, task=point.text[:200], directive=directive)
        case PointKind.FOLLOW_UP:
            point.deadline = next_look(
                case,
                by=by,
                due_on=point.due_on,
                task=f"Wv. nach Verfügung: {point.text}"[:200].rstrip(": "),
                assignee=directive.drafted_by,
            )
        case _:
            return
    point.save(update_fields=["statement", "deadline"])


def _date_of(case: Case, point: DirectivePoint, lead: User, today: date) -> Deadline:
    return Deadline.objects.create(
        office_id=case.office_id,
        case=case,
        round=case.round,
        kind=Deadline.Kind.DIRECTIVE,
        start_on=today,
        raw_on=point.due_on,
        due_on=point.due_on,
        rule=f"In der Verfügung bestimmt, Punkt {point.position}.",
        assignee=lead,
        task=point.text[:200],
    )


def _told(case: Case, point: DirectivePoint, today: date) -> User | None:
    """Who gets a copy: the person named, else the lead of the unit; nobody kept out (B4-8)."""
    user = point.person or lead_for(case, point.unit, today)
    return user if user and why_not_ask(case, user, today) is None else None


def _has_more_to_handle(point: DirectivePoint) -> bool:
    """Whether the same person has another point of this Verfügung to handle; they were asked once for all."""
    others = point.directive.points.filter(kind=PointKind.HANDLE, done_on__isnull=True).exclude(pk=point.pk)
    return others.filter(deadline__assignee=point.deadline.assignee).exists()


def record_directive(code: str, directive: Directive, by: Actor, **data) -> None:
    """An entry about a Verfügung on the story of its case."""
    record(
        code,
        by=by,
        permission=Permission.DIRECT,
        office_id=directive.case.office_id,
        case=directive.case,
        directive=str(directive),
        **data,
    )
