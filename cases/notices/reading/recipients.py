"""Who is told about a deadline: whoever has it in hand, then the line upwards, each by their deputy while absent.

Nobody is told of a case or an Abgabe that they may not see: the person it complains about, the leaders in a case
against the Geschäftsführung, anybody without a grant on a sealed one. Where a level has nobody, the next one above is
told.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from cases.models import Deadline, Statement
from cases.rules.lifecycle import Status
from cases.visibility import Facts, Sight, TransferFacts
from offices.models import Unit, User
from offices.queries import absences_on, actors_for, memberships_on
from offices.roles import Role
from offices.rules.substitution import standing_in_on
from offices.rules.values import ReminderStep
from offices.rules.vocabulary import Recipient

LINE = (Recipient.TEAM_LEAD, Recipient.DIVISION_LEAD, Recipient.MANAGEMENT, Recipient.KRM_OFFICER)
ROLE_OF = {
    Recipient.TEAM_LEAD: Role.TEAM_LEAD,
    Recipient.DIVISION_LEAD: Role.DIVISION_LEAD,
    Recipient.MANAGEMENT: Role.MANAGEMENT,
    Recipient.KRM_OFFICER: Role.KRM_OFFICER,
}
BY_UNIT = frozenset({Recipient.TEAM_LEAD, Recipient.DIVISION_LEAD})
ABOVE = {Recipient.ONE_ABOVE: 1, Recipient.TWO_ABOVE: 2, Recipient.THREE_ABOVE: 3}
WITH_THE_UNIT = frozenset({Deadline.Kind.CLOSURE, Deadline.Kind.OTHER})


@dataclass(frozen=True)
class Told:
    """One person to tell; `in_place_of` is the absent one, `own_level` False where it was raised to them."""

    user_id: int
    in_place_of: int | None
    own_level: bool


class House:
    """The people of an office on a day: who holds which role at which unit."""

    def __init__(self) -> None:
        self.parents: dict[int, int | None] = {}
        self.holders: dict[Role, list[tuple[int, int | None]]] = defaultdict(list)
        self.units: dict[int, int] = {}

    @cached_property
    def krm_officers(self) -> frozenset[int]:
        return frozenset(self.with_role(Role.KRM_OFFICER))

    def with_role(self, role: Role) -> list[int]:
        return [user_id for user_id, _ in self.holders[role]]

    def leading(self, role: Role, unit_id: int | None) -> list[int]:
        """The holders of a role at the nearest unit that has one, from `unit_id` upwards."""
        seen = set()
        while unit_id and unit_id not in seen:
            if found := [user_id for user_id, own in self.holders[role] if own == unit_id]:
                return found
            seen.add(unit_id)
            unit_id = self.parents.get(unit_id)
        return []


class Houses:
    """The houses of many offices and what their people see today, each read once for all the deadlines of a sweep."""

    def __init__(self, today: date) -> None:
        self.today = today
        self.absences = absences_on(today)
        self.standing_in = standing_in_on(self.absences, today)
        self._houses: dict[int, House] = {}
        self._sights: dict[int, Sight | None] = {}  # None for who no longer works here

    def read(self, office_ids: Iterable[int]) -> None:
        """Have the houses of these offices at hand, in two queries for all that are new."""
        houses = {office_id: House() for office_id in set(office_ids) - self._houses.keys()}
        if not houses:
            return
        for office_id, pk, parent_id in Unit.objects.filter(office__in=houses).values_list("office", "pk", "parent"):
            houses[office_id].parents[pk] = parent_id
        seats = memberships_on(self.today).filter(office__in=houses).order_by("from_on", "pk")
        for office_id, user_id, role, unit_id in seats.values_list("office", "user", "role", "unit"):
            houses[office_id].holders[Role(role)].append((user_id, unit_id))
            if unit_id:
                houses[office_id].units.setdefault(user_id, unit_id)
        self._houses |= houses

    def of(self, office_id: int) -> House:
        self.read([office_id])
        return self._houses[office_id]

    def present(self, user_id: int) -> int | None:
        """Who acts for this person today; None where everybody stands in for everybody."""
        return self.standing_in.get(user_id, user_id)

    def look_with(self, user_ids: Iterable[int]) -> None:
        """Have at hand what these people see, in a fixed number of queries for all that are new."""
        if missing := set(user_ids) - self._sights.keys():
            users = User.objects.filter(pk__in=missing, is_active=True)
            actors = actors_for(users, self.today, self.absences)
            sights = {user_id: Sight.of(actor) for user_id, actor in actors.items()}
            self._sights |= {user_id: sights.get(user_id) for user_id in missing}

    def sight_of(self, user_id: int) -> Sight | None:
        self.look_with([user_id])
        return self._sights[user_id]


class Recipients:
    """Answers for a batch of deadlines; the number of queries is the same however many deadlines and people it is."""

    def __init__(self, houses: Houses, deadlines: Sequence[Deadline]) -> None:
        self.houses = houses
        self.facts = Facts({deadline.case_id for deadline in deadlines} - {None})
        self.transfers = TransferFacts({deadline.transfer_id for deadline in deadlines} - {None})
        asked = Statement.objects.filter(deadline__in=[d.pk for d in deadlines if d.kind == Deadline.Kind.STATEMENT])
        self.unit_asked = dict(asked.values_list("deadline", "unit"))
        houses.read({deadline.office_id for deadline in deadlines})
        named = self._may_be_named(deadlines)
        houses.look_with((named | {houses.present(user_id) for user_id in named}) - {None})

    def _may_be_named(self, deadlines: Sequence[Deadline]) -> set[int]:
        """Whoever a step can lead to."""
        named = {d.assignee_id for d in deadlines} | {user for users in self.facts.granted.values() for user in users}
        named |= {user_id for d in deadlines if (c := d.case) for user_id in (c.handler_id, c.responsible_id)}
        roles = {(d.office_id, role) for d in deadlines for role in ROLE_OF.values()}
        roles |= {(d.office_id, Role(d.role)) for d in deadlines if d.role}
        return (named - {None}).union(*(self.houses.of(office_id).with_role(role) for office_id, role in roles))

    def of(self, deadline: Deadline, step: ReminderStep) -> list[Told]:
        """Whom this step tells: each person once, in their own hands before raised, for themselves before „i. V.“."""
        found: dict[int, Told] = {}
        for recipient in step.tells:
            own = recipient == Recipient.RESPONSIBLE
            for user_id, in_place_of in self._reached(deadline, recipient):
                told = Told(user_id, in_place_of, own)
                if user_id not in found or _rank(told) < _rank(found[user_id]):
                    found[user_id] = told
        return list(found.values())

    def _reached(self, deadline: Deadline, recipient: Recipient) -> list[tuple[int, int | None]]:
        """The people of this level; where it has nobody who is there and sees the case, those of the next."""
        for candidates in self._levels(deadline, recipient):
            if reached := [pair for user_id in candidates if (pair := self._standing_in(deadline, user_id))]:
                return reached
        return []

    def _levels(self, deadline: Deadline, recipient: Recipient) -> Iterator[list[int]]:
        if recipient == Recipient.RESPONSIBLE:
            yield self._responsible(deadline)
            of_a_matter = deadline.case_id or deadline.transfer_id
            line: Iterable[Recipient] = (Recipient.KRM_OFFICER, Recipient.MANAGEMENT) if of_a_matter else ()
        elif recipient in ABOVE:
            line = (*self._above(deadline, ABOVE[recipient]), Recipient.KRM_OFFICER)
        else:
            line = (*LINE[LINE.index(recipient) :], Recipient.MANAGEMENT)
        for level in line:
            yield self._at(level, deadline)
        if deadline.case_id:
            yield self.facts.granted[deadline.case_id]

    def _at(self, level: Recipient, deadline: Deadline) -> list[int]:
        if level in BY_UNIT:
            return self._house(deadline).leading(ROLE_OF[level], self._unit(deadline))
        return self._house(deadline).with_role(ROLE_OF[level])

    def _above(self, deadline: Deadline, levels: int) -> tuple[Recipient, ...]:
        """The line from so many levels above whoever has it in hand; the Geschäftsführung ends it, and is above a desk.

        Of several who have it in hand the highest in the line counts.
        """
        holders = set(self._responsible(deadline))
        if holders <= self._house(deadline).krm_officers:
            return (Recipient.MANAGEMENT,)
        line = LINE[: LINE.index(Recipient.MANAGEMENT) + 1]
        held = [place for place, level in enumerate(line) if holders & set(self._at(level, deadline))]
        first = max(held, default=-1) + levels
        return line[min(first, len(line) - 1) :]

    def _responsible(self, deadline: Deadline) -> list[int]:
        """Who has it in hand: the person named, the holders of the role named, else the desk of the case.

        The desk is the KRM officer who works on the case, else all of them; what ends a case that lies with a unit is
        also in the hands of who works on it there.
        """
        if deadline.assignee_id:
            return [deadline.assignee_id]
        if deadline.role:
            return self._house(deadline).with_role(Role(deadline.role))
        case, house = deadline.case, self._house(deadline)
        desk = house.with_role(Role.KRM_OFFICER)
        if case.handler_id in house.krm_officers:
            return [case.handler_id]
        at_unit = case.status == Status.WITH_UNIT and deadline.kind in WITH_THE_UNIT
        named = case.handler_id or case.responsible_id
        return [named, *desk] if at_unit and named else desk

    def _unit(self, deadline: Deadline) -> int | None:
        """Where the line upwards begins: the unit asked, that of the person named, that of the case."""
        asked = self.unit_asked.get(deadline.pk) or self._house(deadline).units.get(deadline.assignee_id)
        return asked or (deadline.case.unit_id if deadline.case_id else None)

    def _standing_in(self, deadline: Deadline, user_id: int) -> tuple[int, int | None] | None:
        """(who is told, for whom) for one candidate; None where nobody is there or the case is out of their sight."""
        acting = self.houses.present(user_id)
        if acting is None or not self._may_know(deadline, user_id) or not self._may_know(deadline, acting):
            return None
        return acting, None if acting == user_id else user_id

    def _may_know(self, deadline: Deadline, user_id: int) -> bool:
        if (sight := self.houses.sight_of(user_id)) is None:
            return False
        if deadline.transfer_id:
            return self.transfers.seen_by(sight, deadline.transfer_id)
        return deadline.case_id is None or self.facts.seen_by(sight, deadline.case)

    def _house(self, deadline: Deadline) -> House:
        return self.houses.of(deadline.office_id)


def _rank(told: Told) -> tuple[bool, bool]:
    return not told.own_level, told.in_place_of is not None
