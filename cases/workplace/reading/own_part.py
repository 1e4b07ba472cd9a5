"""What the page of a case shows to who only contributes to it: their tasks, their own part, their steps (K18)."""

from dataclasses import dataclass
from datetime import date

from django.urls import reverse
from django.utils.text import capfirst

from cases.contributing import Part
from cases.directives.reading.directive import why_not_tick
from cases.lookup import case_calendar, deadline_signal
from cases.models import Assignment, Case, Deadline, DirectivePoint, Document, Letter, Note, Statement
from cases.permissions import why_not_tick_off
from cases.rules.deadlines import Signal
from cases.statements.reading.page import StatementRow, statement_row
from cases.workplace.reading import story
from cases.workplace.reading.steps import NextStep, steps_in_part
from offices.calendars import Calendar
from offices.queries import Actor


@dataclass(frozen=True)
class TaskRow:
    """Something asked, in the words in which it was asked on `asked_on`; `url` is empty where the steps end it."""

    assignment: Assignment
    question: str
    asked_on: date
    url: str

    @property
    def label(self) -> str:
        return capfirst(self.assignment.to_do)


@dataclass(frozen=True)
class DayRow:
    deadline: Deadline
    signal: Signal
    is_to_tick: bool


@dataclass(frozen=True)
class OwnPart:
    """Everything of the case that is theirs, besides the reaction; the lists of the page in their order."""

    tasks: list[TaskRow]
    steps: list[NextStep]
    points: list[DirectivePoint]
    statements: list[StatementRow]
    letters: list[Letter]
    days: list[DayRow]
    documents: list[Document]
    notes: list[Note]


def own_part(actor: Actor, part: Part) -> OwnPart:
    """In a fixed number of queries, and no more of the case than `part` opens; `part.case` as `visible_case` gives."""
    case = part.case
    if part.settles:
        story.load(case)
    statements = list(_statements(part))
    notes = list(Note.objects.filter(part.notes).select_related("by").order_by("-at"))
    documents = Document.objects.filter(part.documents)
    letters = Letter.objects.filter(part.letters).defer("recipient", "subject", "salutation", "body", "signature")
    return OwnPart(
        tasks=[_task_row(task, statements, notes) for task in part.tasks],
        steps=steps_in_part(actor, case, part),
        points=_points(actor, part),
        statements=[statement_row(statement) for statement in statements],
        letters=list(letters.order_by("pk")),
        days=_days(actor, part),
        documents=list(documents.order_by("pk")),
        notes=notes,
    )


def _statements(part: Part):
    found = Statement.objects.filter(part.statements).select_related("unit", "deadline")
    return found.prefetch_related("stations__user", "assignments").order_by("pk")


def _task_row(task: Assignment, statements: list[Statement], notes: list[Note]) -> TaskRow:
    statement = next((one for one in statements if one.pk == task.statement_id), None)
    note = next((one for one in notes if one.pk == task.note_id), None)
    asked = [statement.question] if statement else []
    asked += [note.text] if note else []
    asked_on = statement.requested_at.date() if statement else task.since_on
    return TaskRow(task, "\n\n".join(asked), asked_on, _url(task))


def _url(task: Assignment) -> str:
    """Where it is done; a tick is a POST there. Empty for what ends with giving the case back or with a point."""
    if task.ends_by_tick:
        return reverse("cases:assignment_done", args=[task.pk])
    return task.get_absolute_url() if task.statement_id or task.letter_id or task.path else ""


def _points(actor: Actor, part: Part) -> list[DirectivePoint]:
    related = ("directive", "deadline", "unit")
    open_ones = DirectivePoint.objects.filter(part.points, done_on__isnull=True).select_related(*related)
    return [point for point in open_ones.order_by("pk") if why_not_tick(actor, point, part.case) is None]


def _days(actor: Actor, part: Part) -> list[DayRow]:
    """The open ones, the next one first."""
    case, calendar = part.case, case_calendar(part.case)
    found = Deadline.objects.open().filter(part.deadlines).select_related("assignee").order_by("due_on", "pk")
    return [_day_row(actor, case, deadline, calendar) for deadline in found]


def _day_row(actor: Actor, case: Case, deadline: Deadline, calendar: Calendar) -> DayRow:
    is_look = deadline.kind == Deadline.Kind.FOLLOW_UP
    rests = case.paused_since is not None and not is_look
    signal = deadline_signal(deadline, calendar, actor.today, paused=rests)
    return DayRow(deadline, signal, is_look and why_not_tick_off(actor, case, deadline) is None)
