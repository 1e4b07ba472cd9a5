"""What one row of a list says about a case: what to do next, whose turn it is, until when, in whose place."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from functools import cache

from django.db.models import Exists, Expression, F, FilteredRelation, OuterRef, Q, Subquery

from cases.contributing import asked_only
from cases.models import Assignment, Case, Deadline, Letter, Person, Transfer
from cases.models.case import CaseQuerySet
from cases.rules.deadlines import Signal, signal
from cases.rules.kinds import CHANNEL_LABELS, KIND_LABELS
from cases.rules.lifecycle import STATUSES, TURN_LABELS, Status, Turn
from cases.workplace.reading.groups import KRM_OWES, Day, open_dates, open_pauses
from offices.models import Unit
from offices.queries import Seat
from offices.roles import Permission

ASKED = "Auftrag an Sie"
STATUS_KINDS = {Status.NEW: "info", Status.ANSWERED: "success"}


@dataclass(frozen=True)
class Row:
    """One case on a list: what to do next, whose turn it is, until when. `in_place_of` is whom the actor represents.

    With `asked_only` the actor was asked for something and does not settle the case: the row says no more than the
    page of the case does to them (K18).
    """

    case: Case
    to_do: str
    turn: str
    due_on: date | None
    due_for: str
    signal: Signal | None
    in_place_of: str
    rests: bool
    asked_only: bool = False

    @property
    def kind(self) -> str:
        return KIND_LABELS[self.case.kind]

    @property
    def channel(self) -> str:
        return CHANNEL_LABELS[self.case.channel]

    @property
    def turn_beside(self) -> str:
        """Whose turn it is, as far as the state beside it does not say so."""
        if self.asked_only:
            return ""
        if self.case.turn == Turn.UNIT and self.case.unit:
            return self.case.unit.number
        says_so = TURN_LABELS[self.case.turn] in self.stand or not self.case.is_open
        return "" if says_so else f"{TURN_LABELS[self.case.turn]} am Zug"

    @property
    def stand(self) -> str:
        if self.asked_only:
            return ASKED
        return "Ruht" if self.rests else STATUSES[Status(self.case.status)].label

    @property
    def stand_kind(self) -> str:
        return "neutral" if self.rests or self.asked_only else STATUS_KINDS.get(self.case.status, "neutral")

    @property
    def unit(self) -> Unit | None:
        return None if self.asked_only else self.case.unit

    @property
    def person(self) -> str:
        if self.asked_only:
            return ""
        if self.case.is_anonymous:
            return "anonym"
        name = f"{self.case.last_name or ''}, {self.case.first_name or ''}".strip(", ")
        return name or self.case.organisation or "ohne Angabe"


@dataclass(frozen=True)
class AskedRow:
    """Something asked of one person: the link leads to where it is done. `in_place_of` is whom the actor represents."""

    assignment: Assignment
    signal: Signal | None
    in_place_of: str

    @property
    def matter(self) -> Case | Transfer:
        return self.assignment.case or self.assignment.transfer


def asked_row(assignment: Assignment, day: Day) -> AskedRow:
    """The row of something asked, with matter and person loaded."""
    matter = assignment.case or assignment.transfer
    due_on = assignment.due_on
    of_other = assignment.user_id != day.actor.user_id
    return AskedRow(
        assignment,
        signal(day.calendars[matter.office_id], day.today, due_on) if due_on else None,
        str(assignment.user) if of_other else "",
    )


def with_details(cases: CaseQuerySet) -> CaseQuerySet:
    """The given cases with all that `rows_of` reads; a slice is taken first, and the caller orders again."""
    if cases.query.is_sliced:
        cases = Case.objects.filter(pk__in=cases.values("pk"))
    return (
        cases.select_related("unit")
        .defer("text", "outcome_reason", "file_reference", "import_key")
        .annotate(
            complainant=FilteredRelation("persons", condition=Q(persons__capacity=Person.Capacity.COMPLAINANT)),
            first_name=F("complainant__first_name"),
            last_name=F("complainant__last_name"),
            organisation=F("complainant__organisation"),
            **_lookups(),
        )
    )


@cache
def _lookups() -> dict[str, Expression]:
    """What is looked up beside each case; the same for every list, so it is put together once."""
    issued = Letter.objects.filter(case=OuterRef("pk"), issued_at__isnull=False, sent_on__isnull=True)
    return {
        "next_kind": Subquery(open_dates().values("kind")[:1]),
        "unit_kind": Subquery(open_dates().exclude(kind__in=list(KRM_OWES)).values("kind")[:1]),
        "rests": Exists(open_pauses()),
        "rests_until": Subquery(open_pauses().values("planned_until")[:1]),
        "issued_kind": Subquery(issued.order_by("pk").values("kind")[:1]),
    }


def rows_of(cases: Iterable[Case], day: Day) -> list[Row]:
    """A row for each case that comes from `with_details`, with its next date or that of what is asked."""
    cases = list(cases)
    asked = asked_only(day.actor, cases)
    return [
        _asked_row(case, day, asked[case.pk])
        if case.pk in asked
        else row_of(case, day, case.next_due_on, case.next_kind)
        for case in cases
    ]


def _asked_row(case: Case, day: Day, tasks: list[Assignment]) -> Row:
    due_on = min((task.due_on for task in tasks if task.due_on), default=None)
    own = signal_on(case, day, due_on) if due_on else None
    return replace(row_of(case, day, due_on, None), asked_only=True, due_on=due_on, signal=own, rests=False)


def row_of(case: Case, day: Day, due_on: date | None, due_kind: str | None, **changes) -> Row:
    """The row of a case from `with_details`, as seen by those for whom `due_on` is the next date."""
    if not case.is_open:
        due_on = None
    owed = case.is_open and not case.rests and case.status != Status.NEW and due_kind in KRM_OWES
    shown_on = day.today if case.rests else due_on
    values = {
        "to_do": KRM_OWES[due_kind] if owed else _to_do(case),
        "turn": TURN_LABELS[Turn.KRM] if owed else turn_of(case),
        "due_on": case.rests_until if case.rests else due_on,
        "due_for": Deadline.Kind(due_kind).label if due_on and due_kind and not case.rests else "",
        "signal": signal_on(case, day, shown_on, paused=case.rests) if shown_on else None,
        "in_place_of": _in_place_of(case, day),
        "rests": case.rests,
    }
    return Row(case=case, **values | changes)


def signal_on(case: Case, day: Day, due_on: date, *, paused: bool = False) -> Signal:
    return signal(day.calendars[case.office_id], day.today, due_on, paused=paused)


def _to_do(case: Case) -> str:
    if case.is_open and case.rests:
        return "ruht, Fortsetzung prüfen"
    return f"{Letter.Kind.FINAL.label} versenden" if _only_to_send(case) else case.next_step


def _only_to_send(case: Case) -> bool:
    return case.status == Status.WITH_KRM and case.issued_kind == Letter.Kind.FINAL


def turn_of(case: Case) -> str:
    """Whose turn it is: „KRM“, or the unit by number and name."""
    if case.turn == Turn.UNIT and case.unit:
        return str(case.unit)
    return TURN_LABELS[case.turn]


def _in_place_of(case: Case, day: Day) -> str:
    """Name of the person for whom the actor stands in with this case; empty where an own seat will do."""
    seats = [s for s in day.actor.seats_with(Permission.READ_CASES, case.office_id) if _reaches(s, case)]
    if not seats or any(s.holder_id == day.actor.user_id for s in seats):
        return ""
    return str(day.actor.holders[seats[0].holder_id])


def _reaches(seat: Seat, case: Case) -> bool:
    named = seat.holder_id in (case.handler_id, case.responsible_id)
    return named or seat.covers(case.office_id, {case.unit_id} - {None}, to_work=True)
