"""Statements asked for, given to somebody to write, withdrawn; statement_steps.py takes them along their way."""

from collections.abc import Sequence
from datetime import date

from django.utils import timezone

from cases.asking import ask, finish, take_back
from cases.directives.actions.copies import copy_to_lgf
from cases.handling.actions.assign import end_watch
from cases.handling.actions.notes import keep_note
from cases.lookup import case_calendar
from cases.models import Assignment, Case, Deadline, Note, Statement, StatementStation
from cases.permissions import FOREIGN_UNIT, why_not_co_sign
from cases.recording import locked, move, record, refresh_next_due, save
from cases.rules.assignments import AssignmentKind
from cases.rules.days import in_words, why_no_day
from cases.rules.directives import NO_QUESTION
from cases.rules.lifecycle import Status, Step
from cases.rules.statements import DRAFT_POSITION, Part, StatementKind, kinds_for, way
from cases.statements.reading.way import (
    drafter_for,
    may_write_instead,
    signs_it,
    station_of,
    still_working,
    usual_approver,
    why_ended,
    why_no_approver,
    why_no_delegate,
    why_no_station,
    why_over,
)
from cases.unit_of_work import action
from offices.errors import NotAllowed
from offices.models import Unit, User
from offices.queries import Actor, memberships_on
from offices.roles import Permission, Role

NO_REASON_TO_WITHDRAW = "Bitte begründen, warum die Stellungnahme nicht mehr gebraucht wird."
ASKED_OF = {
    Part.DRAFT: AssignmentKind.WRITE_STATEMENT,
    Part.CO_SIGN: AssignmentKind.CO_SIGN_STATEMENT,
    Part.APPROVE: AssignmentKind.APPROVE_STATEMENT,
}
VERBS = {Part.DRAFT: "schreiben", Part.CO_SIGN: "mitzeichnen", Part.APPROVE: "freigeben"}
MAY_STAY = (Status.WITH_UNIT, Status.WITH_MANAGEMENT)  # a statement is asked for without moving the case


def start_statement(
    case: Case,
    *,
    by: Actor,
    unit: Unit,
    question: str,
    due_on: date,
    kind: StatementKind = StatementKind.STATEMENT,
    co_signers: Sequence[User] = (),
    approver: User | None = None,
) -> Statement:
    """Ask the lead of a unit for a statement until the end of `due_on`, an Arbeitstag (GER-16, PAN-22).

    Without `approver` the lead above the unit approves, else the Geschäftsführung. The case is locked by the caller,
    who also moves and saves it. NotAllowed without a question, for an impossible day, where the same is already asked
    and still open, and for people who cannot be a station of this case.
    """
    _check_request(case, unit, question, due_on, kind, by.today)
    drafter = drafter_for(case, unit, by.today)
    for user in co_signers:
        if reason := why_no_station(case, user, by.today) or why_not_co_sign(case, user, by.today):
            raise NotAllowed(reason, "co_signers")
    if approver and (reason := why_no_approver(case, approver, by.today)):
        raise NotAllowed(reason, "approver")
    if approver is None:
        approver = usual_approver(case, unit, drafter, by.today)
    stations = way(drafter.pk, [user.pk for user in co_signers], approver.pk)
    statement = Statement.objects.create(
        case=case,
        round=case.round,
        kind=kind,
        unit=unit,
        question=question.strip(),
        deadline=new_deadline(case, unit, drafter, due_on, by=by),
        requested_at=timezone.now(),
        requested_by=by.user,
    )
    StatementStation.objects.bulk_create(
        StatementStation(statement=statement, position=position, part=part, user_id=user)
        for position, (part, user) in enumerate(stations, DRAFT_POSITION)
    )
    ask_station(statement, by=by)
    tell(statement, "statement.requested", by, due_on=due_on.isoformat())
    refresh_next_due(case)
    return statement


@action
def request_statement(
    *,
    by: Actor,
    case: Case,
    unit: Unit,
    question: str,
    due_on: date,
    co_signers: Sequence[User] = (),
    approver: User | None = None,
) -> list[Statement]:
    """Ask a unit for its statement; a case that lies with the KRM goes to the Fachbereich.

    For a Dienstaufsichtsbeschwerde the lead writes both contributions, the employee's and the own assessment
    (GERA-27), because the person complained about has no access. Errors as in `start_statement`.
    """
    case = locked(case, by=by, permission=Permission.DIRECT)
    asked = {"unit": unit, "question": question, "due_on": due_on, "co_signers": co_signers, "approver": approver}
    statements = [start_statement(case, by=by, kind=kind, **asked) for kind in kinds_for(case.kind)]
    if case.status not in MAY_STAY:
        move(case, Step.DIRECT_TO_UNIT, by=by)
        case.unit, case.handler = case.unit or unit, None
        if case.unit_id != unit.pk:  # gave it back before, and is not asked now
            case.responsible = None
        case.deadlines.open().in_new_hands()
    save(case)
    copy_to_lgf(case, unit, by=by)
    return statements


@action
def delegate(*, by: Actor, statement: Statement, user: User) -> Statement:
    """Let somebody of the unit write; the day stays, and who gave it away keeps sight of the case.

    By whose turn it is to write, or by a lead of the unit. NotAllowed once it was handed on, for people outside the
    unit, those kept out, and those who co-sign or approve it.
    """
    statement = locked_statement(statement, by=by)
    check_open(statement)
    if reason := why_no_delegate(by, statement):
        raise NotAllowed(reason)
    if reason := why_no_station(statement.case, user, by.today):
        raise NotAllowed(reason, "user")
    station = station_of(statement)
    if station.user_id == user.pk:
        raise NotAllowed(f"{user} schreibt die Stellungnahme schon.", "user")
    if any(other.user_id == user.pk for other in statement.stations.all()):
        raise NotAllowed(signs_it(user), "user")
    if user != by.user and not may_write_instead(statement, by).filter(pk=user.pk).exists():
        raise NotAllowed(f"{user} gehört nicht zur Einheit „{statement.unit}“.", "user")
    finish(statement.case, AssignmentKind.WRITE_STATEMENT, by=by, statement=statement)
    station.user = user
    station.save(update_fields=["user"])
    ask_station(statement, by=by)
    tell(statement, "statement.delegated", by, person=user.pk)
    return statement


@action
def withdraw_statement(*, by: Actor, statement: Statement, reason: str) -> Statement:
    """The statement is no longer needed; what was asked of people ends, and their access with it.

    `reason` stays as a note. The case returns to the KRM when nothing else is open. NotAllowed for approved ones.
    """
    statement = locked_statement(statement, by=by, permission=Permission.DIRECT)
    check_open(statement)
    if not reason.strip():
        raise NotAllowed(NO_REASON_TO_WITHDRAW, "reason")
    withdraw(statement, by, keep_note(statement.case, reason, by=by, kind=Note.Kind.REASON))
    return_when_all_are_in(statement.case, by=by)
    return statement


def withdraw_open(case: Case, *, by: Actor) -> None:
    """A case that ends takes its open statements with it; on a case the caller has locked and saves."""
    for statement in case.statements.filter(approved_at__isnull=True, withdrawn_on__isnull=True):
        statement.case = case
        withdraw(statement, by)


def locked_statement(statement: Statement, *, by: Actor, permission: Permission = Permission.READ_CASES) -> Statement:
    """The statement as it is now, behind the lock of its case; NotAllowed for one of a former round."""
    case = locked(statement.case, by=by, permission=permission)
    current = Statement.objects.select_for_update(no_key=True).get(pk=statement.pk)
    current.case = case
    if reason := why_over(current):
        raise NotAllowed(reason)
    return current


def check_open(statement: Statement) -> None:
    if reason := why_ended(statement):
        raise NotAllowed(reason)


def ask_station(statement: Statement, *, by: Actor, note: Note | None = None) -> Assignment:
    """Put the statement into the hands of the station it lies with now, with its day."""
    station, deadline = StatementStation.objects.get(statement=statement, position=statement.position), None
    if statement.deadline_id:
        deadline = statement.deadline
        Deadline.objects.filter(pk=deadline.pk).in_new_hands(assignee=station.user)
    kind, due_on = ASKED_OF[Part(station.part)], deadline.due_on if deadline else None
    task = _which_of_two(statement, Part(station.part))
    return ask(statement.case, kind, station.user, by=by, task=task, due_on=due_on, statement=statement, note=note)


def _which_of_two(statement: Statement, part: Part) -> str:
    """What to do, naming the contribution where a person has two before them (GERA-27); else empty."""
    if statement.kind == StatementKind.STATEMENT:
        return ""
    return f"{statement.get_kind_display()} {VERBS[part]}"


def new_deadline(case: Case, unit: Unit, assignee: User, due_on: date, *, by: Actor) -> Deadline:
    """The day until which a unit's statement is expected, as a row beside the other deadlines."""
    deadline = Deadline.objects.create(
        office_id=case.office_id,
        case=case,
        round=case.round,
        kind=Deadline.Kind.STATEMENT,
        start_on=by.today,
        raw_on=due_on,
        due_on=due_on,
        rule=f"Für die Stellungnahme von {unit.number} gesetzt auf {in_words(due_on)}.",
        assignee=assignee,
        task=f"Stellungnahme von {unit.number}",
    )
    kind = deadline.get_kind_display()
    record("deadline.set", by=by, office_id=case.office_id, case=case, kind=kind, due_on=due_on.isoformat())
    return deadline


def return_when_all_are_in(case: Case, *, by: Actor) -> None:
    """The case goes back to the KRM once the contributions of the round are in and nobody else works on it.

    Saves the locked case in any event.
    """
    if case.status == Status.WITH_UNIT and not still_working(case, by.today):
        move(case, Step.RETURN_TO_KRM, by=by)
        desk = memberships_on(by.today).filter(office=case.office_id, role=Role.KRM_OFFICER)
        if not desk.filter(user=case.handler_id).exists():
            case.handler = None
        record("case.returned_to_krm", by=by, office_id=case.office_id, case=case)
        end_watch(case, by=by)
    refresh_next_due(case)
    save(case)


def tell(
    statement: Statement, code: str, by: Actor, *, note: Note | None = None, in_place_of: int | None = None, **data
) -> None:
    """The entry in the log, with kind and unit of the statement."""
    record(
        code,
        by=by,
        office_id=statement.case.office_id,
        case=statement.case,
        note=note,
        in_place_of=in_place_of,
        kind=statement.get_kind_display(),
        unit=statement.unit.number,
        statement=statement.pk,
        **data,
    )


def _check_request(case: Case, unit: Unit, question: str, due_on: date, kind: StatementKind, today: date) -> None:
    if unit.office_id != case.office_id or not unit.is_active:
        raise NotAllowed(FOREIGN_UNIT, "unit")
    if not question.strip():
        raise NotAllowed(NO_QUESTION, "question")
    if reason := why_no_day(case_calendar(case), due_on, today):
        raise NotAllowed(reason, "due_on")
    same = case.statements.filter(
        round=case.round, unit=unit, kind=kind, question=question.strip(), withdrawn_on=None, approved_at=None
    )
    if same.exists():
        raise NotAllowed(f"Diese Stellungnahme ist von {unit.number} schon angefordert.")


def withdraw(statement: Statement, by: Actor, note: Note | None = None) -> None:
    """End a statement whose case the calling action has locked, with its day and what was asked of people."""
    statement.withdrawn_on = by.today
    statement.version += 1
    statement.save()
    take_back(statement.case, *ASKED_OF.values(), by=by, statement=statement)
    deadline = statement.deadline
    if deadline and deadline.is_open:
        deadline.cancelled_on = by.today
        deadline.save(update_fields=["cancelled_on"])
    tell(statement, "statement.withdrawn", by, note=note)
