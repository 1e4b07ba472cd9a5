"""Climbing the office's ladder: the next rung is entered with who, when and how told, and takes the case (K4)."""

from datetime import date

from django.utils import timezone

from cases.asking import ask, finish
from cases.handling.actions.assign import end_watch, responsible_for, watch_return
from cases.handling.actions.notes import keep_note
from cases.handling.reading.ladder import default_seat, escalations, ladder, seats_on
from cases.models import Case, Escalation
from cases.permissions import why_not_decide
from cases.recording import locked, move, record, represented, save
from cases.rules.assignments import AssignmentKind
from cases.rules.escalation import NO_SUCH_RUNG, task_of
from cases.rules.intake import day_problem
from cases.rules.lifecycle import Status, Step
from cases.unit_of_work import action
from offices.errors import NotAllowed
from offices.models import Membership, Unit, User
from offices.queries import Actor
from offices.roles import Permission, Role
from offices.rules.values import Rung

NOTHING_TRIED = "Bitte festhalten, was versucht wurde und womit die Person unzufrieden bleibt."


@action
def climb(
    *,
    by: Actor,
    case: Case,
    number: int,
    person: User | None = None,
    unit: Unit | None = None,
    on: date,
    way: str,
    note: str,
) -> Escalation:
    """Enter that a rung of the ladder is reached (GER-10 to GER-12, GERA-7, GERA-25, PAN-16, PAN-34).

    `person` holds one of the rung's roles today, in `unit` where given; without a person the first free one above the
    case's unit is meant. `on` lies between Eingang or the last rung and today, `way` is how the complainant learnt it,
    `note` what was tried before. Teamleitung, Bereichsleitung and Mitarbeiter/in get the case into their unit, the KRM
    gets it back, the Geschäftsführung is asked while it lies with the KRM; a rung outside the house is entered only.
    NotAllowed for a rung that does not come now, for impossible days, without a note, and for people kept out of the
    case (B4-8).
    """
    case = locked(case, by=by, permission=Permission.WORK)
    rung = _rung(case, number, by.today)
    _check(case, on, way, note, by.today)
    in_place_of = represented(by, Permission.WORK, case.office_id, case)
    seat = _seat(case, rung, person, unit, by.today) if rung.roles else None
    kept = keep_note(case, note, by=by)
    finish(case, AssignmentKind.TAKE_RUNG, by=by)
    if seat:
        _hand(case, seat, by)
        ask(case, AssignmentKind.TAKE_RUNG, seat.user, by=by, task=task_of(rung))
        save(case)
    in_unit = seat and seat.role not in (Role.KRM_OFFICER, Role.MANAGEMENT)
    step = Escalation.objects.create(
        case=case,
        round=case.round,
        number=rung.number,
        label=rung.label[:200],
        person=seat.user if seat else None,
        unit=seat.unit if in_unit else None,
        on=on,
        way=way,
        note=kept,
        entered_at=timezone.now(),
        entered_by_id=by.user_id,
    )
    _record(step, by, in_place_of)
    return step


def _rung(case: Case, number: int, today: date) -> Rung:
    """The rung, if it comes now; else NotAllowed with the sentence that the page shows."""
    view = ladder(case, today)
    row = next((row for row in view.rows if row.rung.number == number), None)
    if row is None:
        raise NotAllowed(NO_SUCH_RUNG)
    if row.why_not:
        raise NotAllowed(row.why_not)
    return row.rung


def _check(case: Case, on: date, way: str, note: str, today: date) -> None:
    if problem := day_problem(on, received_on=case.received_on, today=today):
        raise NotAllowed(problem, "on")
    last = max((step.on for step in escalations(case)), default=on)
    if on < last:
        raise NotAllowed(f"Der Tag liegt vor dem der letzten Stufe ({last:%d.%m.%Y}).", "on")
    if way not in Escalation.Way.values:
        raise NotAllowed("Bitte angeben, wie die Person davon erfahren hat.", "way")
    if not note.strip():
        raise NotAllowed(NOTHING_TRIED, "note")


def _seat(case: Case, rung: Rung, person: User | None, unit: Unit | None, today: date) -> Membership:
    if person and (reason := why_not_decide(case, person, today)):
        raise NotAllowed(reason)
    seats = seats_on(case, rung, today)
    if unit:
        seats = [seat for seat in seats if seat.unit_id == unit.pk]
    if person is None:
        found = default_seat(case, rung, seats) or (seats[0] if unit and seats else None)
        if found is None:
            raise NotAllowed(f"Bitte angeben, wer auf Stufe {rung.number} übernimmt.")
        return found
    own = [seat for seat in seats if seat.user_id == person.pk]
    if not own:
        roles = " oder ".join(role.label for role in rung.roles)
        raise NotAllowed(f"{person} steht nicht auf dieser Stufe; dafür vorgesehen ist: {roles}.")
    return own[0]


def _hand(case: Case, seat: Membership, by: Actor) -> None:
    """The case goes where the rung stands; not saved."""
    if seat.role == Role.KRM_OFFICER:
        move(case, Step.DIRECT_TO_KRM, by=by)
        case.handler = seat.user
        end_watch(case, by)
    elif seat.role == Role.MANAGEMENT or seat.unit is None:
        if case.status == Status.WITH_UNIT:
            case.handler = None
        move(case, Step.DIRECT_TO_KRM, by=by)
        end_watch(case, by)
    else:
        move(case, Step.DIRECT_TO_UNIT, by=by)
        if case.unit_id != seat.unit_id:
            case.turn_since = by.today
        case.responsible = responsible_for(case, seat.unit, by.today)
        case.unit, case.handler = seat.unit, seat.user
        watch_return(case, by)
    case.deadlines.open().in_new_hands()


def _record(step: Escalation, by: Actor, in_place_of: int | None) -> None:
    record(
        "case.escalated",
        by=by,
        permission=Permission.WORK,
        in_place_of=in_place_of,
        office_id=step.case.office_id,
        case=step.case,
        note=step.note,
        number=step.number,
        on=step.on.isoformat(),
        way=step.get_way_display(),
        person=step.person_id,
    )
