"""Who is told about a deadline: whoever has it in hand, then the line upwards, each by their deputy while absent.

Nobody is told of a case that they may not see: the person it complains about, the leaders in a case against the
Geschäftsführung, anybody without a grant on a sealed one. Where a level has nobody, the next one above is told.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from cases.models import Case, CaseUserGrant, Deadline, Statement
from cases.rules.lifecycle import Status
from offices.models import Office, Unit, User
from offices.queries import Actor, acting_on, actor_for, memberships_on
from offices.roles import Role
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
    """The people of an office on a day, read once for all the deadlines of a sweep."""

    def __init__(self, office: Office, today: date, standing_in: Mapping[int, int | None] | None = None) -> None:
        self.today = today
        self.standing_in = acting_on(today) if standing_in is None else standing_in
        self.parents = dict(Unit.objects.filter(office=office).values_list("pk", "parent_id"))
        self.holders: dict[Role, list[tuple[int, int | None]]] = defaultdict(list)
        self.units: dict[int, int] = {}
        self.actors: dict[int, Actor] = {}
        seats = memberships_on(today).filter(office=office).order_by("from_on", "pk")
        for user_id, role, unit_id in seats.values_list("user", "role", "unit"):
            self.holders[Role(role)].append((user_id, unit_id))
            if unit_id:
                self.units.setdefault(user_id, unit_id)
        self.krm_officers = frozenset(user_id for user_id, _ in self.holders[Role.KRM_OFFICER])

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

    def present(self, user_id: int) -> int | None:
        """Who acts for this person today; None where everybody stands in for everybody."""
        return self.standing_in.get(user_id, user_id)

    def actor(self, user: User) -> Actor:
        if user.pk not in self.actors:
            self.actors[user.pk] = actor_for(user, self.today)
        return self.actors[user.pk]


class Recipients:
    """Answers for a batch of deadlines of one office; the queries follow the people asked, not the deadlines."""

    def __init__(self, house: House, deadlines: Sequence[Deadline]) -> None:
        self.house = house
        self.case_ids = {deadline.case_id for deadline in deadlines} - {None}
        self.people: dict[int, User | None] = {}
        self.visible: dict[int, frozenset[int]] = {}
        asked = Statement.objects.filter(deadline__in=[d.pk for d in deadlines if d.kind == Deadline.Kind.STATEMENT])
        self.unit_asked = dict(asked.values_list("deadline", "unit"))
        named = {d.assignee_id for d in deadlines} | {c.handler_id for d in deadlines if (c := d.case)}
        self._load(named - {None})

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
            line: Iterable[Recipient] = (Recipient.KRM_OFFICER, Recipient.MANAGEMENT) if deadline.case_id else ()
        elif recipient in ABOVE:
            line = (*self._above(deadline, ABOVE[recipient]), Recipient.KRM_OFFICER)
        else:
            line = (*LINE[LINE.index(recipient) :], Recipient.MANAGEMENT)
        for level in line:
            yield self._at(level, deadline)
        if deadline.case_id:
            yield list(CaseUserGrant.objects.filter(content_object=deadline.case_id).values_list("user", flat=True))

    def _at(self, level: Recipient, deadline: Deadline) -> list[int]:
        if level in BY_UNIT:
            return self.house.leading(ROLE_OF[level], self._unit(deadline))
        return self.house.with_role(ROLE_OF[level])

    def _above(self, deadline: Deadline, levels: int) -> tuple[Recipient, ...]:
        """The line from so many levels above whoever has it in hand; the Geschäftsführung ends it, and is above a desk.

        Of several who have it in hand the highest in the line counts.
        """
        holders = set(self._responsible(deadline))
        if holders <= self.house.krm_officers:
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
            return self.house.with_role(Role(deadline.role))
        case, desk = deadline.case, self.house.with_role(Role.KRM_OFFICER)
        if case.handler_id in self.house.krm_officers:
            return [case.handler_id]
        at_unit = case.status == Status.WITH_UNIT and deadline.kind in WITH_THE_UNIT
        named = case.handler_id or case.responsible_id
        return [named, *desk] if at_unit and named else desk

    def _unit(self, deadline: Deadline) -> int | None:
        """Where the line upwards begins: the unit asked, that of the person named, that of the case."""
        asked = self.unit_asked.get(deadline.pk) or self.house.units.get(deadline.assignee_id)
        return asked or (deadline.case.unit_id if deadline.case_id else None)

    def _standing_in(self, deadline: Deadline, user_id: int) -> tuple[int, int | None] | None:
        """(who is told, for whom) for one candidate; None where nobody is there or the case is out of their sight."""
        acting = self.house.present(user_id)
        if acting is None or not self._may_know(deadline, user_id) or not self._may_know(deadline, acting):
            return None
        return acting, None if acting == user_id else user_id

    def _may_know(self, deadline: Deadline, user_id: int) -> bool:
        self._load({user_id})
        user = self.people[user_id]
        if user is None:
            return False
        if deadline.case_id is None:
            return True
        if user_id not in self.visible:
            seen = Case.objects.visible_to(self.house.actor(user)).filter(pk__in=self.case_ids)
            self.visible[user_id] = frozenset(seen.values_list("pk", flat=True))
        return deadline.case_id in self.visible[user_id]

    def _load(self, user_ids: set[int]) -> None:
        missing = user_ids - self.people.keys()
        if missing:
            found = User.objects.filter(pk__in=missing, is_active=True).in_bulk()
            self.people |= {user_id: found.get(user_id) for user_id in missing}


def _rank(told: Told) -> tuple[bool, bool]:
    return not told.own_level, told.in_place_of is not None
