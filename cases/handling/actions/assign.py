"""Who works on a case: taken by the KRM, handed to a unit, given back, given to a person."""

from datetime import date

from django.db.models import Q

from cases.apart import why_at_the_desk
from cases.asking import finish
from cases.deadlines.actions.ending import mark_met
from cases.directives.actions.copies import copy_to_lgf
from cases.handling.actions.in_advance import is_withheld, tell
from cases.handling.actions.notes import keep_note, next_look
from cases.handling.actions.talk import note_talk
from cases.lookup import case_calendar
from cases.models import Case, Deadline, DirectivePoint
from cases.permissions import (
    FOREIGN_UNIT,
    check_may_move,
    lead_is_concerned,
    why_may_not,
    why_not_decide,
    why_not_opened,
    works_on_nothing,
)
from cases.recording import locked, move, record, refresh_next_due, save
from cases.rules.assignments import AssignmentKind
from cases.rules.directives import PointKind
from cases.rules.lifecycle import Status, Step
from cases.unit_of_work import action
from offices.calendars import next_working_day, previous_working_day
from offices.errors import NotAllowed
from offices.models import Unit, User
from offices.queries import Actor, leads_of, memberships_on, nearest_leads, unit_and_below
from offices.roles import WORKING_ROLES, Permission

NOTHING_DONE = "Bitte vermerken, was getan wurde und wo der Nachweis liegt."
RETURN_WATCH = "GERA-19"  # rule_key of the Wiedervorlage that is set with a hand-over
TALK_FIELDS = {"on": "talk_on", "note": "talk_note"}  # of note_talk -> of return_to_krm


@action
def accept(*, by: Actor, case: Case) -> Case:
    """The KRM takes a new case; the acting person works on it from now on.

    Whom a hint to a confidential matter kept from being told in advance is told now.
    """
    case = locked(case, by=by, permission=Permission.TRIAGE)
    move(case, Step.ACCEPT, by=by)
    if reason := why_not_decide(case, by.user, by.today):
        raise NotAllowed(reason)
    case.handler = by.user
    save(case)
    _record("case.accepted", case, by, Permission.TRIAGE)
    if case.round == 1 and not case.is_sealed and is_withheld(case):
        tell(case, by=by)
    return case


@action
def hand_to_unit(*, by: Actor, case: Case, unit: Unit, handler: User | None = None, note: str = "") -> Case:
    """Give the case to a unit of the office; who leads the unit becomes responsible (PAN-12, PAN-21, GERA-10),
    and the LGF above it is told where K19 says so.

    `handler` holds a seat in the unit or below it. The desk gets a Wiedervorlage before the closure is due
    (GERA-19). NotAllowed for a unit whose lead the reaction is about, for anybody complained about (B4-8), and for the
    Fachbereich while the case lies with the KRM (GER-15).
    """
    case = locked(case, by=by, permission=Permission.ASSIGN)
    check_may_move(by, Permission.ASSIGN, case)
    move(case, Step.HAND_TO_UNIT, by=by)
    if unit.office_id != case.office_id or not unit.is_active:
        raise NotAllowed(FOREIGN_UNIT)
    responsible = responsible_for(case, unit, by.today)
    if handler:
        _check_handler(case, handler, by.today, unit)
    elif case.is_sealed:
        raise NotAllowed("Der Vorgang ist geschützt; bitte eine namentlich benannte Person auswählen.")
    if case.unit_id != unit.pk:
        case.turn_since = by.today
    case.unit, case.handler, case.responsible = unit, handler, responsible
    save(case)
    case.deadlines.open().in_new_hands()
    kept = keep_note(case, note, by=by) if note.strip() else None
    person = handler.pk if handler else None
    _record("case.handed_to_unit", case, by, Permission.ASSIGN, note=kept, unit=unit.number, person=person)
    copy_to_lgf(case, unit, by=by)
    watch_return(case, by)
    return case


@action
def return_to_krm(
    *, by: Actor, case: Case, note: str, talk: str = "", talk_on: date | None = None, talk_note: str = ""
) -> Case:
    """Give the case back with what was done (GERA-21): answer, conversation, draft of a statement.

    With `talk` it says as well what became of the personal talk, as actions.talk.note_talk does (GERA-11, GERA-25).
    What the Verfügung asked of this unit ends with it, and the rung of the ladder on which they stood (K4); what it
    asked of others stays open (GERA-10).
    """
    if talk:
        _note_talk(by, case, talk, talk_on or by.today, talk_note)
    case = locked(case, by=by, permission=Permission.WORK)
    move(case, Step.RETURN_TO_KRM, by=by)
    if not note.strip():
        raise NotAllowed(NOTHING_DONE, "note")
    _end_handling(case, by)
    case.handler = None
    refresh_next_due(case)
    save(case)
    _record("case.returned_to_krm", case, by, Permission.WORK, note=keep_note(case, note, by=by))
    end_watch(case, by)
    return case


@action
def assign_handler(*, by: Actor, case: Case, handler: User) -> Case:
    """Say who works on the case; who is responsible stays (PAN-12). While a unit has it, somebody of that unit.

    While the KRM has it, not by the Fachbereich (GER-15).
    """
    case = locked(case, by=by, permission=Permission.ASSIGN)
    check_may_move(by, Permission.ASSIGN, case)
    _check_handler(case, handler, by.today, case.unit if case.status == Status.WITH_UNIT else None)
    if case.handler_id == handler.pk:
        raise NotAllowed(f"{handler} bearbeitet den Vorgang schon.")
    case.handler = handler
    save(case)
    case.deadlines.open().in_new_hands()
    _record("case.assigned", case, by, Permission.ASSIGN, person=handler.pk)
    return case


def complained_about_ids(case: Case) -> frozenset[int]:
    """Ids of the people of the house whom the reaction is about."""
    return frozenset(case.complained_about.exclude(user=None).values_list("user", flat=True))


def _check_handler(case: Case, handler: User, today: date, unit: Unit | None) -> None:
    if reason := why_not_decide(case, handler, today):
        raise NotAllowed(reason)
    seats = memberships_on(today).filter(user=handler, office=case.office_id)
    if not any(seat.role in WORKING_ROLES for seat in seats):
        raise NotAllowed(works_on_nothing(handler))
    if unit and not seats.filter(unit__in=unit_and_below(unit)).exists():
        leads = ", ".join(str(lead) for lead in leads_of(unit, today))
        hint = f" Die Leitung hat: {leads}." if leads else ""
        raise NotAllowed(f"{handler} gehört nicht zur Einheit „{unit}“.{hint}")
    if reason := why_not_opened(case, handler):
        raise NotAllowed(reason)


def responsible_for(case: Case, unit: Unit, today: date) -> User | None:
    """The lead of the unit, else of the next one above that has a lead; never somebody kept out (B4-8, PAN-7)."""
    if reason := why_at_the_desk(case):
        raise NotAllowed(reason)
    concerned = complained_about_ids(case)
    leads = nearest_leads(unit, today)
    free = [lead for lead in leads if lead.pk not in concerned]
    if leads and not free:
        hint = f" Bitte an die übergeordnete Einheit „{unit.parent}“ geben." if unit.parent else ""
        raise NotAllowed(f"{lead_is_concerned(unit)}{hint}")
    return free[0] if free else None


def watch_return(case: Case, by: Actor) -> None:
    """The desk looks again on the last working day before the closure is due, once per hand-over (GERA-19)."""
    closure = case.deadlines.open().filter(kind=Deadline.Kind.CLOSURE).first()
    watched = case.deadlines.open().filter(rule_key=RETURN_WATCH).exists()
    if not closure or watched or why_may_not(by, Permission.TRIAGE, case):
        return
    calendar = case_calendar(case)
    due_on = previous_working_day(calendar, closure.due_on)
    if due_on <= by.today:
        due_on = next_working_day(calendar, by.today)
    look = next_look(case, by=by, due_on=due_on, task=f"Rücklauf von {case.unit.number} prüfen", assignee=by.user)
    look.rule = "Der Vorgang liegt beim Fachbereich; das KRM sieht vor Ablauf der Abschlussfrist nach."
    look.rule_key = RETURN_WATCH
    look.save(update_fields=["rule", "rule_key"])


def end_watch(case: Case, by: Actor) -> None:
    """The case is back from the unit: nothing is left to look after."""
    for deadline in case.deadlines.open().filter(rule_key=RETURN_WATCH):
        mark_met(deadline, by.today, by=by, permission=Permission.WORK)


def _note_talk(by: Actor, case: Case, talk: str, on: date, note: str) -> None:
    """The talk, with a refusal at the field that has it on the page of the return."""
    try:
        note_talk(by=by, case=case, talk=talk, on=on, note=note)
    except NotAllowed as refusal:
        raise NotAllowed(refusal.reason, TALK_FIELDS.get(refusal.field, "talk")) from refusal


def _end_handling(case: Case, by: Actor) -> None:
    """What was asked of those who give back, and the points of the Verfügung for their unit with their dates."""
    people = {case.handler_id, case.responsible_id, *by.holder_ids} - {None}
    finish(case, AssignmentKind.HANDLE, AssignmentKind.TAKE_RUNG, by=by, user__in=people)
    points = DirectivePoint.objects.filter(
        Q(unit=case.unit_id) | Q(unit=None, person__in=people) | Q(unit=None, person=None),
        directive__case=case, directive__round=case.round, directive__issued_at__isnull=False, kind=PointKind.HANDLE,
        done_on=None,
    ).select_related("directive", "deadline")  # fmt: skip
    for point in points:
        point.done_on, point.done_by = by.today, by.user
        point.save(update_fields=["done_on", "done_by"])
        _record(
            "directive.point_done", case, by, Permission.WORK, directive=str(point.directive), position=point.position
        )
        if point.deadline:
            mark_met(point.deadline, by.today, by=by)


def _record(code: str, case: Case, by: Actor, permission: Permission, **data) -> None:
    record(code, by=by, permission=permission, office_id=case.office_id, case=case, **data)
