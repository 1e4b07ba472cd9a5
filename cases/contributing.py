"""Which part of a case somebody sees who is not of those that see cases, and only has something to do there (K18).

GER-33 gives the list to the KRM and the Geschäftsführung alone, PAN-36 to the KRM and the leaders; § 35 Abs. 1 SGB I
lets nobody else see Sozialdaten but as far as a task needs them. So whoever sees a case through no part of the house
and no single grant, but because something was asked of them or it was given into their hands, sees the reaction, what
is asked, and their own part. This says which that is; a page shows it, and every other address of the case is 404.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from enum import StrEnum

from django.db.models import F, Model, Q

from cases.apart import counts
from cases.models import Assignment, Case, Deadline, DirectivePoint, Document, Letter, Statement, StatementStation
from cases.models.case import CaseQuerySet
from cases.permissions import has_grant, why_may_not
from cases.rules.assignments import ASSIGNMENTS, SETTLING, AssignmentKind
from cases.rules.directives import PointKind
from cases.visibility import in_hand_of
from offices.queries import Actor, Seat
from offices.roles import Permission, Scope

IN_HAND = "um die Bearbeitung"
ANSWERS = (Letter.Kind.FINAL, Letter.Kind.INTERIM)
OF_WHO_SETTLES = (Deadline.Kind.CLOSURE, Deadline.Kind.OTHER, Deadline.Kind.FOLLOW_UP)


class Contributors(StrEnum):
    """To which of them an address of a case is open: to everybody with a task, or to who settles it as well."""

    ASKED = "asked"
    SETTLING = "settling"


@dataclass(frozen=True)
class Part:
    """What somebody's tasks open of a case.

    Everybody sees the reaction in its words, with kind and Eingang, what is asked of them, and what they wrote or filed
    themselves. What comes with a task:

    * a statement, with its files, for who has it before them or had it, never that of somebody else;
    * a letter for who signs or co-signs it: the address stands in it, so nothing more of the person is needed;
    * with `settles` (the case was given to them to work on, or to clear up on their rung, or the Verfügung asks them to
      handle it): who wrote and how to reach them, because they talk to the person; the concerns; what came in with the
      reaction, the scanned letter too; the days that run; and with `writes` the answer of this round that is not sent.

    The scan of the reaction goes to nobody else: it shows the address. Nobody of them is shown the Verlauf, others'
    notes and statements, whom it complains about, the confirmation or what the KRM filed. `people` are the ids of who
    acts and of those they stand in for.
    """

    case: Case
    tasks: tuple[Assignment, ...]
    people: frozenset[int]
    works_on_it: bool
    writes: bool = False

    @property
    def settles(self) -> bool:
        return self.works_on_it or any(task.kind in SETTLING for task in self.tasks)

    @property
    def why(self) -> str:
        """One German sentence why they see the case, and how long."""
        asked = [IN_HAND] if self.works_on_it else []
        asked += [ASSIGNMENTS[AssignmentKind(task.kind)].asked_for for task in self.tasks]
        return (
            f"Sie sehen diesen Vorgang, weil Sie {' und '.join(dict.fromkeys(asked))} gebeten wurden. "
            "Gezeigt wird, was Sie dafür brauchen; ist es erledigt, endet der Zugriff."
        )

    def is_among(self, contributors: Contributors | None) -> bool:
        """Whether an address is theirs that is open to these contributors; None: to none."""
        return contributors == Contributors.ASKED or (contributors == Contributors.SETTLING and self.settles)

    @property
    def statements(self) -> Q:
        """Of the statements: what lies with them, or went through their hands."""
        stations = StatementStation.objects.filter(user__in=self.people, position__lte=F("statement__position"))
        return Q(case=self.case) & Q(pk__in=stations.values("statement"))

    @property
    def letters(self) -> Q:
        """Of the letters: what they sign, and for who writes it the answer in hand."""
        signed = Q(pk__in=[task.letter_id for task in self.tasks if task.letter_id])
        answer = Q(kind__in=ANSWERS, round=self.case.round, sent_on__isnull=True)
        return Q(case=self.case) & (signed | answer if self.settles and self.writes else signed)

    @property
    def documents(self) -> Q:
        """Of the files: their own, those of the statements that are theirs, and for who settles it what came in."""
        own = Q(added_by__in=self.people) | Q(statement__in=Statement.objects.filter(self.statements))
        came_in = Q(category=Document.Category.INCOMING, statement__isnull=True)
        return Q(case=self.case) & (own | came_in if self.settles else own)

    @property
    def notes(self) -> Q:
        """Of the notes: what they wrote, and what was written to them with a task."""
        to_them = Q(pk__in=[task.note_id for task in self.tasks if task.note_id])
        return Q(case=self.case) & (Q(by__in=self.people) | to_them)

    @property
    def deadlines(self) -> Q:
        """Of the days: those in their name; for who settles it also what ends the case and names nobody."""
        own = Q(assignee__in=self.people)
        of_the_case = Q(assignee__isnull=True, role="", kind__in=OF_WHO_SETTLES)
        return Q(case=self.case) & (own | of_the_case if self.settles else own)

    @property
    def assignments(self) -> Q:
        """Of what was asked: what was asked of them."""
        return Q(case=self.case, user__in=self.people)

    @property
    def points(self) -> Q:
        """Of the points of the Verfügung: those by which they are asked to handle something."""
        asked = [task.directive_id for task in self.tasks if task.kind == AssignmentKind.HANDLE]
        return Q(directive__in=asked, kind=PointKind.HANDLE, deadline__assignee__in=self.people)

    def opens(self, row: Model) -> bool:
        """Whether this row of the case is among what they see."""
        return type(row)._default_manager.filter(OPENED[type(row)](self), pk=row.pk).exists()


# Row of a case -> which of them a part opens
OPENED: dict[type[Model], Callable[[Part], Q]] = {
    Assignment: lambda part: part.assignments,
    Deadline: lambda part: part.deadlines,
    DirectivePoint: lambda part: part.points,
    Document: lambda part: part.documents,
    Letter: lambda part: part.letters,
    Statement: lambda part: part.statements,
}


def sees_whole(actor: Actor, case: Case) -> bool:
    """Whether somebody who sees the case sees it as a whole: it lies in the part of the house that K18 and the role
    give them, or the KRM named them for it (B4-1). `visibility.whole_cases` says the same."""
    unit_ids = {case.unit_id, *(concern.unit_id for concern in case.concerns.all())} - {None}
    seats = actor.seats_with(Permission.READ_CASES, case.office_id)
    reaches = any(seat.covers(case.office_id, unit_ids) and counts(seat, case) for seat in seats)
    return (reaches and not case.is_sealed) or has_grant(actor, case)


def part_of(actor: Actor, case: Case) -> Part | None:
    """The part of a case in sight that a contributor sees; None for who sees it as a whole."""
    if sees_whole(actor, case):
        return None
    writes = why_may_not(actor, Permission.WRITE_LETTERS, case) is None
    return _part(actor, case, case.assignments.all(), writes=writes)


def is_shown(actor: Actor, case: Case | None, row: Model) -> bool:
    """Whether somebody who sees the case is shown this row of it; what belongs to no case is shown to who sees it."""
    part = part_of(actor, case) if case else None
    return part is None or part.opens(row)


def is_open_to(actor: Actor, case: Case, contributors: Contributors | None) -> bool:
    """Whether an address of a case in sight is open to the actor; `contributors` as `visible_case` takes it."""
    part = part_of(actor, case)
    return part is None or part.is_among(contributors)


def asked_only(actor: Actor, cases: Collection[Case]) -> dict[int, list[Assignment]]:
    """Of those cases in sight by id that the actor neither sees as a whole nor settles: what is asked; in one query."""
    found: dict[int, list[Assignment]] = defaultdict(list)
    by_id = {case.pk: case for case in cases}
    if not by_id or not contributes(actor):
        return found
    whole = Case.objects.whole_to(actor).filter(pk__in=list(by_id)).order_by().values("pk")
    asked = Assignment.objects.open().filter(case__in=list(by_id), user__in=actor.holder_ids).exclude(case__in=whole)
    for assignment in asked:
        found[assignment.case_id].append(assignment)
    return {pk: tasks for pk, tasks in found.items() if not _part(actor, by_id[pk], tasks).settles}


def seeing_who_wrote(actor: Actor, cases: CaseQuerySet) -> CaseQuerySet:
    """Of the cases in sight those in which the actor is shown who wrote, in which unit and about which topics.

    Asked of searches and filters that would tell it: nobody finds by a name what does not show them the name.
    """
    if not contributes(actor):
        return cases
    people = actor.holder_ids
    settling = Assignment.objects.open().filter(kind__in=SETTLING, user__in=people, case__isnull=False)
    in_hand = in_hand_of(people) | Q(pk__in=settling.values("case"))
    return cases.filter(Q(pk__in=Case.objects.whole_to(actor).order_by().values("pk")) | in_hand)


def contributes(actor: Actor) -> bool:
    """Whether there may be cases of which the actor sees a part only: not with seats that see all of their offices."""
    seats = actor.seats_with(Permission.READ_CASES)
    return _see_part(seats) or _see_part([seat for seat in seats if seat.is_apart])


def _see_part(seats: Collection[Seat]) -> bool:
    return not {s.office_id for s in seats} <= {s.office_id for s in seats if s.scope == Scope.OFFICE}


def _part(actor: Actor, case: Case, assignments: Iterable[Assignment], *, writes: bool = False) -> Part:
    people = actor.holder_ids
    tasks = tuple(a for a in assignments if a.is_open and a.user_id in people)
    return Part(case, tasks, people, works_on_it=not case.in_hand_of.isdisjoint(people), writes=writes)
