"""What somebody writes down on a case: notes, records of contacts, Wiedervorlagen."""

from collections.abc import Sequence
from datetime import date

from django.utils import timezone

from cases.asking import ask
from cases.deadlines.actions.ending import mark_met
from cases.lookup import case_calendar
from cases.models import Case, Deadline, Note
from cases.permissions import foreign, why_kept_out, why_not_tick_off
from cases.recording import locked, record
from cases.rules.assignments import AssignmentKind
from cases.rules.days import in_words, why_no_day
from cases.rules.directives import NOTHING_TO_DO_THEN
from cases.unit_of_work import action
from offices.calendars import (
    Period,
    Unit,
    due,
)
from offices.errors import NotAllowed
from offices.models import User
from offices.queries import Actor, actor_for, memberships_on
from offices.roles import Permission

LONGEST_FOLLOW_UP = 260  # Arbeitstage, about a year
CODES = {
    Note.Kind.INTERNAL: "note.added",
    Note.Kind.CONTACT: "note.contact",
    Note.Kind.WAIVER: "note.waiver",
}

ONE_OF_BOTH = "Bitte entweder eine Zahl von Arbeitstagen oder einen Tag angeben."


@action
def add_note(*, by: Actor, case: Case, kind: str, text: str, mentions: Sequence[User] = ()) -> Note:
    """An internal note, or the record of a talk with the person or that they want no answer (GERA-21, PAN-24, B2-2).

    `mentions` are asked to read it. A mention opens nothing: NotAllowed at `mentions` for who does not see the case
    today, or is kept out of it (B4-8, PAN-7); then nothing is kept.
    """
    case = locked(case, by=by, permission=Permission.NOTE)
    if kind not in CODES:
        raise NotAllowed("Bitte die Art des Vermerks wählen.")
    if not text.strip():
        raise NotAllowed("Der Vermerk ist leer.")
    for user in mentions:
        _check_sees(case, user, by.today)
    note = keep_note(case, text, by=by, kind=kind)
    record(CODES[kind], by=by, permission=Permission.NOTE, office_id=case.office_id, case=case, note=note)
    for user in mentions:
        ask(case, AssignmentKind.READ_MENTION, user, by=by, note=note)
    return note


def keep_note(case: Case, text: str, *, by: Actor, kind: str = Note.Kind.INTERNAL) -> Note:
    """The text as a row of its own, for an event of the calling action to point at."""
    return Note.objects.create(
        case=case, round=case.round, kind=kind, text=text.strip(), at=timezone.now(), by_id=by.user_id
    )


@action
def set_follow_up(
    *,
    by: Actor,
    case: Case,
    task: str,
    due_on: date | None = None,
    working_days: int | None = None,
    assignee: User | None = None,
) -> Deadline:
    """A Wiedervorlage on a day, or in a number of Arbeitstage from tomorrow on; without `assignee` for whoever is next.

    NotAllowed for a day that is past or no Arbeitstag (the previous one is offered, B3-5), for both or neither of
    day and number, without a task, and for a person complained about.
    """
    case = locked(case, by=by, permission=Permission.NOTE)
    if not task.strip():
        raise NotAllowed(NOTHING_TO_DO_THEN)
    if (due_on is None) == (working_days is None):
        raise NotAllowed(ONE_OF_BOTH, "working_days")
    if assignee:
        _check_assignee(case, assignee, by.today)
    calendar = case_calendar(case)
    if due_on:
        if reason := why_no_day(calendar, due_on, by.today):
            raise NotAllowed(reason)
        return next_look(case, by=by, due_on=due_on, task=task, assignee=assignee)
    if not 1 <= working_days <= LONGEST_FOLLOW_UP:
        raise NotAllowed(f"Eine Wiedervorlage ist in 1 bis {LONGEST_FOLLOW_UP} Arbeitstagen möglich.")
    end = due(calendar, by.today, Period(working_days, Unit.WORKING_DAYS), counted_from="dem Eintrag")
    look = next_look(case, by=by, due_on=end.due_on, task=task, assignee=assignee)
    look.amount, look.unit, look.rule = working_days, Unit.WORKING_DAYS, end.sentence
    look.save(update_fields=["amount", "unit", "rule"])
    return look


def next_look(case: Case, *, by: Actor, due_on: date, task: str, assignee: User | None) -> Deadline:
    """The row of a Wiedervorlage on a checked day, on a case the calling action has locked."""
    look = Deadline.objects.create(
        office_id=case.office_id,
        case=case,
        round=case.round,
        kind=Deadline.Kind.FOLLOW_UP,
        start_on=by.today,
        raw_on=due_on,
        due_on=due_on,
        rule=f"Von Hand gesetzt auf {in_words(due_on)}.",
        task=task.strip(),
        assignee=assignee,
    )
    record(
        "follow_up.set",
        by=by,
        permission=Permission.NOTE,
        office_id=case.office_id,
        case=case,
        due_on=due_on.isoformat(),
        deadline=look.pk,
    )
    return look


@action
def finish_follow_up(*, by: Actor, deadline: Deadline) -> Deadline:
    """Mark a Wiedervorlage as done, once: an old page or a second click is told so and changes nothing.

    NotAllowed for what is somebody else's by name, except at the desk.
    """
    case = locked(deadline.case, by=by, permission=Permission.NOTE, must_be_open=False)
    current = Deadline.objects.select_for_update(no_key=True).get(pk=deadline.pk)
    if current.kind != Deadline.Kind.FOLLOW_UP:
        raise NotAllowed("Diese Frist endet mit dem Schreiben oder dem Abschluss, nicht von Hand.")
    if reason := why_not_tick_off(by, case, current):
        raise NotAllowed(reason)
    current.case = case
    if not mark_met(current, by.today, by=by, permission=Permission.NOTE):
        raise NotAllowed("Diese Wiedervorlage ist schon erledigt.")
    return current


def _check_assignee(case: Case, assignee: User, today: date) -> None:
    if reason := why_kept_out(case, assignee, today):
        raise NotAllowed(reason)
    if not memberships_on(today).filter(user=assignee, office=case.office_id).exists():
        raise NotAllowed(foreign(assignee))


def _check_sees(case: Case, user: User, today: date) -> None:
    if not Case.objects.visible_to(actor_for(user, today)).filter(pk=case.pk).exists():
        raise NotAllowed(f"{user} sieht diesen Vorgang nicht; ein Hinweis öffnet ihn nicht.", "mentions")
