"""What changes hands when somebody leaves or a unit is dissolved, and what stays where it is, with the reason.

The page lists with the same functions the action carries out; each works on a slice of cases in a fixed number of
queries, whatever their number.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, fields
from datetime import date

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from cases.apart import why_at_the_desk
from cases.leaving.reading.successor import Successor
from cases.models import (
    Assignment,
    Case,
    CaseUserGrant,
    Concern,
    ConcernedEmployee,
    Deadline,
    StatementStation,
    Transfer,
)
from cases.permissions import lead_is_concerned, needs_grant
from cases.rules.assignments import GIVING_ACCESS, AssignmentKind
from cases.rules.lifecycle import Status
from cases.rules.statements import Part
from offices.models import Membership, Office, Unit, User
from offices.queries import Actor

SLICE = 200  # cases that are locked, changed and recorded together
ON_STATEMENTS = {
    AssignmentKind.WRITE_STATEMENT: Part.DRAFT,
    AssignmentKind.CO_SIGN_STATEMENT: Part.CO_SIGN,
    AssignmentKind.APPROVE_STATEMENT: Part.APPROVE,
}


@dataclass(frozen=True)
class Left:
    """Something that stays where it is; the reason is a German sentence."""

    case: Case
    reason: str


@dataclass
class Move:
    """Rows of one slice that change hands, not changed yet, and what stays; `doubles` the successor has already.

    `among`: the cases of the slice by id.
    """

    among: dict[int, Case]
    cases: list[Case] = field(default_factory=list)
    assignments: list[Assignment] = field(default_factory=list)
    doubles: list[Assignment] = field(default_factory=list)
    passing: list[Assignment] = field(default_factory=list)
    follow_ups: list[Deadline] = field(default_factory=list)
    stations: list[StatementStation] = field(default_factory=list)
    concerns: list[Concern] = field(default_factory=list)
    left: list[Left] = field(default_factory=list)

    @property
    def touched(self) -> list[int]:
        """Ids of the cases in which something changes hands, in order."""
        rows: tuple[Assignment | Deadline | Concern, ...]
        rows = (*self.assignments, *self.doubles, *self.passing, *self.follow_ups, *self.concerns)
        ids = {case.pk for case in self.cases} | {row.case_id for row in rows}
        return sorted(ids | {station.statement.case_id for station in self.stations})

    @property
    def work_list(self) -> "WorkList":
        """What changes hands in each of the cases, and what stays."""
        words: dict[int, list[str]] = {pk: [] for pk in self.touched}
        for case in self.cases:
            words[case.pk].append("Vorgang")
        for concern in self.concerns:
            words[concern.case_id].append("Anliegen")
        for asked in (*self.assignments, *self.doubles):
            words[asked.case_id].append(asked.get_kind_display())
        for station in self.stations:
            words[station.statement.case_id].append(f"{station.get_part_display()} einer Stellungnahme")
        for look in self.follow_ups:
            words[look.case_id].append(look.get_kind_display())
        lines = (Line(self.among[pk], tuple(dict.fromkeys(told))) for pk, told in words.items() if told)
        return WorkList(lines=tuple(lines), left=tuple(self.left))


@dataclass(frozen=True)
class Line:
    """A case in which something changes hands, and what, each word once."""

    case: Case
    what: tuple[str, ...]


@dataclass(frozen=True)
class WorkList:
    """What changes hands, what stays and why; of what the acting person sees, and nothing tells of the rest.

    A list to work on and no figure about a person: nothing in it is counted. What was asked `on_transfers` stays and
    is handed on one by one.
    """

    lines: tuple[Line, ...] = ()
    left: tuple[Left, ...] = ()
    on_transfers: tuple[Transfer, ...] = ()

    def __add__(self, other: "WorkList") -> "WorkList":
        return WorkList(*(getattr(self, f.name) + getattr(other, f.name) for f in fields(self)))


def slices(ids: list[int]) -> Iterator[list[int]]:
    return (ids[start : start + SLICE] for start in range(0, len(ids), SLICE))


def cases_of_person(office: Office, leaver: User) -> QuerySet[Case]:
    """Open cases of the office in which something lies in this person's hands."""
    here = {"case": OuterRef("pk")}
    in_hand = (
        Q(handler=leaver)
        | Q(responsible=leaver)
        | Exists(Assignment.objects.open().filter(Q(user=leaver) | Q(pass_to=leaver), **here))
        | Exists(Deadline.objects.open().filter(assignee=leaver, **here))
        | Exists(_open_stations(leaver).filter(statement__case=OuterRef("pk")))
    )
    return Case.objects.filter(in_hand, office=office).open()


def cases_of_unit(unit: Unit) -> QuerySet[Case]:
    """Open cases that lie with this very unit or have an Anliegen there."""
    concerns = Concern.objects.filter(case=OuterRef("pk"), unit=unit)
    return Case.objects.filter(Q(unit=unit) | Exists(concerns), office=unit.office_id).open()


def seen(actor: Actor, cases: QuerySet[Case]) -> list[int]:
    """Ids of those the actor sees, in order: nothing else is listed or moved."""
    visible = Case.objects.visible_to(actor).values("pk")
    return list(cases.filter(pk__in=visible).order_by("pk").values_list("pk", flat=True))


def asked_on_transfers(actor: Actor, office: Office, leaver: User) -> tuple[Transfer, ...]:
    """The Abgaben that the actor sees, on which something is still asked of this person."""
    asked = Assignment.objects.open().filter(user=leaver, transfer__isnull=False)
    visible = Transfer.objects.visible_to(actor).filter(office=office, pk__in=asked.values("transfer"))
    return tuple(visible.order_by("pk"))


def still_open(office: Office, leaver: User) -> list[str]:
    """What kinds of work still lie with somebody in an office, in words and without numbers.

    For the administration, which sees no cases: nothing of sealed ones or those against the Geschäftsführung counts,
    nor of Abgaben against it or out of such a case.
    """
    cases = Case.objects.open_to_talk_of().filter(office=office).open()
    transfers = Transfer.objects.pending().open_to_talk_of().filter(office=office)
    asked = Q(case__in=cases) | Q(transfer__in=transfers)
    kinds = {
        "Vorgänge": cases.filter(Q(handler=leaver) | Q(responsible=leaver)),
        "Aufträge": Assignment.objects.open().filter(asked, Q(user=leaver) | Q(pass_to=leaver)),
        "Wiedervorlagen": Deadline.objects.open().filter(assignee=leaver, case__in=cases),
        "Stationen von Stellungnahmen": _open_stations(leaver).filter(statement__case__in=cases),
    }
    return [words for words, rows in kinds.items() if rows.exists()]


def plan_person(cases: list[Case], leaver: User, to: Successor) -> Move:
    """The leaver's open work in these cases as it will lie with the successor; about a dozen queries, none saved."""
    move = Move({case.pk: case for case in cases})
    about, granted = _about(cases, [to.user]), _granted(cases, [to.user])
    free = {}
    for case in cases:
        who = (case.pk, to.user.pk)
        if reason := to.why_not(case, leaver, is_about=who in about, is_granted=who in granted):
            move.left.append(Left(case, reason))
        else:
            free[case.pk] = case
    for case in free.values():
        if leaver.pk in (case.handler_id, case.responsible_id):
            case.handler_id = to.user.pk if case.handler_id == leaver.pk else case.handler_id
            case.responsible_id = to.user.pk if case.responsible_id == leaver.pk else case.responsible_id
            move.cases.append(case)
    visible = _plan_assignments(move, free, leaver, to, _plan_stations(move, free, leaver, to))
    for look in Deadline.objects.open().filter(assignee=leaver, case__in=free).order_by("pk"):
        if look.case_id in visible:
            look.assignee = to.user
            move.follow_ups.append(look)
        else:
            move.left.append(Left(free[look.case_id], f"Wiedervorlage: {to.user} sieht diesen Vorgang nicht."))
    move.passing = list(
        Assignment.objects.open().select_related("case").filter(pass_to=leaver, case__in=free).order_by("pk")
    )
    for row in move.passing:
        row.pass_to = to.user
    return move


def plan_unit(cases: list[Case], unit: Unit, new: Unit, leads: list[User], today: date) -> Move:
    """The cases and Anliegen of a unit as they will lie with another one, of whose `leads` the first free one answers.

    Who worked on it in the old unit no longer does: the new one decides, in a sealed case its lead. None saved.
    """
    move, staying = Move({case.pk: case for case in cases}), set()
    about, granted = _about(cases, leads), _granted(cases, leads)
    staff = set(Membership.objects.filter(unit=unit).values_list("user", flat=True))
    for case in (case for case in cases if case.unit_id == unit.pk):
        lead = next((lead for lead in leads if (case.pk, lead.pk) not in about), None)
        if reason := _why_not_unit(case, new, lead, granted):
            move.left.append(Left(case, reason))
            staying.add(case.pk)
            continue
        case.unit, case.responsible = new, lead
        if case.status == Status.WITH_UNIT:
            case.turn_since = today
            if case.handler_id in staff:
                case.handler = lead if case.is_sealed else None
        move.cases.append(case)
    move.concerns = list(Concern.objects.filter(case__in=cases, unit=unit).exclude(case__in=staying).order_by("pk"))
    for concern in move.concerns:
        concern.unit = new
    return move


def _why_not_unit(case: Case, new: Unit, lead: User | None, granted: set[tuple[int, int]]) -> str | None:
    if reason := why_at_the_desk(case):
        return reason
    if lead is None:
        return lead_is_concerned(new)
    if case.is_sealed and (case.pk, lead.pk) not in granted:
        return needs_grant(lead)
    return None


def _plan_stations(move: Move, free: dict[int, Case], leaver: User, to: Successor) -> set[tuple[int, str]]:
    """Stations of open statements that are still ahead; gives back (statement, part) of those that stay.

    Nobody comes to co-sign or approve what they have written, nor to write what they will sign (GER-16, B4-8).
    """
    rows = _open_stations(leaver).filter(statement__case__in=free).select_related("statement").order_by("pk")
    staying = set()
    for station in rows.prefetch_related("statement__stations", "statement__authors"):
        if reason := to.why_no_station(station, free[station.statement.case_id]):
            move.left.append(Left(free[station.statement.case_id], reason))
            staying.add((station.statement_id, station.part))
        else:
            station.user = to.user
            move.stations.append(station)
    return staying


def _plan_assignments(move: Move, free: dict[int, Case], leaver: User, to: Successor, staying: set) -> set[int]:
    """What was asked of the leaver; gives back the ids of the cases that the successor will then see."""
    open_rows = Assignment.objects.open().filter(case__in=free).select_related("letter", "case")
    theirs = {_same(row) for row in open_rows.filter(user=to.user)}
    visible = set(Case.objects.visible_to(to.actor).filter(pk__in=free).values_list("pk", flat=True))
    visible |= {case.pk for case in move.cases}
    # What opens the case comes first, so that a mention in the same case goes with it.
    for row in sorted(open_rows.filter(user=leaver), key=lambda row: (row.kind not in GIVING_ACCESS, row.pk)):
        if (row.statement_id, ON_STATEMENTS.get(AssignmentKind(row.kind))) in staying:
            continue  # said with its station
        if reason := to.why_not_asked(row, free[row.case_id], row.case_id in visible):
            move.left.append(Left(free[row.case_id], reason))
        elif _same(row) in theirs:
            move.doubles.append(row)
        else:
            row.user = to.user
            theirs.add(_same(row))
            move.assignments.append(row)
            visible |= {row.case_id} if row.kind in GIVING_ACCESS else set()
    return visible


def _same(row: Assignment) -> tuple:
    """What makes two assignments one, as actions/assignments.py asks it."""
    return (
        row.case_id, row.kind, row.round, row.task, row.directive_id, row.statement_id, row.letter_id, row.note_id,
    )  # fmt: skip


def _open_stations(leaver: User) -> QuerySet[StatementStation]:
    ahead = StatementStation.objects.filter(user=leaver, position__gte=F("statement__position"))
    return ahead.filter(statement__approved_at__isnull=True, statement__withdrawn_on__isnull=True)


def _about(cases: Iterable[Case], people: Iterable[User]) -> set[tuple[int, int]]:
    """(case, person) by id, where the reaction is about the person."""
    rows = ConcernedEmployee.objects.filter(case__in=cases, user__in=people)
    return set(rows.values_list("case", "user"))


def _granted(cases: Iterable[Case], people: Iterable[User]) -> set[tuple[int, int]]:
    rows = CaseUserGrant.objects.filter(content_object__in=cases, user__in=people)
    return set(rows.values_list("content_object", "user"))
