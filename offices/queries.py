"""Reading: who acts, with which seats; which rules and which calendar hold on a day."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from django.db.models import Q, QuerySet

from offices.calendars import Calendar, ClosedDay
from offices.errors import NotAllowed
from offices.models import Closing, Membership, Office, RuleSet, Substitution, Unit, User
from offices.roles import LEADERS, ROLES, Permission, Role, Scope, Visibility, reach
from offices.rules.substitution import Absence, acting_for, represented_by


@dataclass(frozen=True)
class Seat:
    """A role held in an office today. `unit_ids` is the own unit and all below it, empty for the whole office.

    `holder_id` is the person whose seat it is; where it is not the acting user, the user acts „i. V.“.
    """

    role: Role
    office_id: int
    unit_ids: frozenset[int]
    scope: Scope
    holder_id: int

    def may(self, permission: Permission) -> bool:
        return permission in ROLES[self.role].permissions

    def covers(self, office_id: int, unit_ids: Iterable[int], *, to_work: bool = False) -> bool:
        """Whether a case of this office and these units lies in the part of the house this seat sees.

        With `to_work`: in which it also acts. Leaders who see all cases (K18) act on those of their own units only.
        """
        if office_id != self.office_id:
            return False
        scope = Scope.UNITS if to_work and self.scope == Scope.OFFICE and self.role in LEADERS else self.scope
        return scope == Scope.OFFICE or (scope == Scope.UNITS and not self.unit_ids.isdisjoint(unit_ids))


@dataclass(frozen=True)
class Actor:
    """Who acts, on which day, from which seats; own seats come before those held „i. V.“.

    `offices` are those of the seats and `holders` the people whose seats they are, both by id.
    """

    user: User | None
    today: date
    seats: tuple[Seat, ...] = ()
    offices: dict[int, Office] = field(default_factory=dict, compare=False, repr=False)
    holders: dict[int, User] = field(default_factory=dict, compare=False, repr=False)

    @property
    def user_id(self) -> int | None:
        return self.user.pk if self.user else None

    def seats_with(self, permission: Permission, office_id: int | None = None) -> tuple[Seat, ...]:
        return tuple(s for s in self.seats if s.may(permission) and office_id in (None, s.office_id))

    def may(self, permission: Permission, office_id: int | None = None) -> bool:
        return bool(self.seats_with(permission, office_id))

    def office_ids(self, permission: Permission | None = None) -> frozenset[int]:
        return frozenset(s.office_id for s in self.seats if permission is None or s.may(permission))

    def has_role(self, role: Role, office_id: int | None = None) -> bool:
        return any(s.role == role and office_id in (None, s.office_id) for s in self.seats)

    @property
    def holder_ids(self) -> frozenset[int]:
        """The acting user and everybody for whom the user stands in today."""
        return frozenset(s.holder_id for s in self.seats) | ({self.user_id} if self.user_id else frozenset())

    def acts_for(self, permission: Permission, office_id: int) -> int | None:
        """Id of the person represented when the permission is held only „i. V.“; None when it is one's own."""
        seats = self.seats_with(permission, office_id)
        if not seats or any(s.holder_id == self.user_id for s in seats):
            return None
        return seats[0].holder_id


def absences_on(today: date) -> tuple[Absence, ...]:
    rows = Substitution.objects.filter(from_on__lte=today, until_on__gte=today)
    return tuple(Absence(*row) for row in rows.values_list("absent_id", "deputy_id", "from_on", "until_on"))


def deputy_of(user: User, today: date) -> User | None:
    """The person who acts for `user` today: the user when present, None when a circle leaves nobody."""
    acting_id = acting_for(user.pk, absences_on(today), today)
    return user if acting_id == user.pk else User.objects.filter(pk=acting_id).first()


def actor_for(user: User, today: date) -> Actor:
    """The actor with all seats of the day, own ones first, in three or four queries whatever the size of the house."""
    holders = (user.pk, *represented_by(user.pk, absences_on(today), today))
    memberships = list(
        Membership.objects.filter(
            Q(until_on__isnull=True) | Q(until_on__gte=today), user__in=holders, from_on__lte=today
        ).select_related("office", "user")
    )
    offices = {m.office_id: m.office for m in memberships}
    below = _unit_trees(m for m in memberships if m.unit_id)
    visibility = visibility_by_office(offices.keys(), today)
    seats = [
        Seat(
            role=Role(m.role),
            office_id=m.office_id,
            unit_ids=below.get(m.unit_id, frozenset()),
            scope=reach(Role(m.role), visibility[m.office_id]),
            holder_id=m.user_id,
        )
        for m in memberships
    ]
    return Actor(
        user=user,
        today=today,
        seats=tuple(sorted(seats, key=lambda s: (s.holder_id != user.pk, s.role))),
        offices=offices,
        holders={m.user_id: m.user for m in memberships},
    )


def _unit_trees(memberships: Iterable[Membership]) -> dict[int, frozenset[int]]:
    """Unit id -> the unit and everything below it, for the units of these memberships."""
    wanted = {m.unit_id: m.office_id for m in memberships}
    if not wanted:
        return {}
    children = defaultdict(list)
    for pk, parent_id in Unit.objects.filter(office__in=set(wanted.values())).values_list("pk", "parent_id"):
        children[parent_id].append(pk)

    def tree(root: int) -> frozenset[int]:
        found, todo = set(), [root]
        while todo:
            unit_id = todo.pop()
            if unit_id not in found:
                found.add(unit_id)
                todo += children[unit_id]
        return frozenset(found)

    return {unit_id: tree(unit_id) for unit_id in wanted}


def visibility_by_office(office_ids: Iterable[int], today: date) -> dict[int, Visibility]:
    """K18 per office; the narrowest reading where an office has no rule set in force."""
    found = dict.fromkeys(office_ids, Visibility.KRM_AND_MANAGEMENT_ONLY)
    for rule_set in RuleSet.objects.in_force(today).filter(office__in=office_ids).order_by("valid_from", "version"):
        found[rule_set.office_id] = rule_set.parameters.visibility.who
    return found


def rule_set_in_force(office: Office, day: date) -> RuleSet:
    """The version that holds at `office` on `day`, of several the one that began last; NotAllowed if there is none."""
    found = office.rule_sets.in_force(day).order_by("-valid_from", "-version").first()
    if found is None:
        raise NotAllowed(why_no_rules(office, day))
    return found


def why_no_rules(office: Office, day: date) -> str:
    """The German sentence for an office without a rule set on `day`; it names the last one that has expired (H-2)."""
    sentence = f"Für „{office}“ ist am {day:%d.%m.%Y} kein Regelwerk in Kraft."
    last = office.rule_sets.filter(valid_until__lt=day).order_by("-valid_until").first()
    if last is None:
        return sentence
    return (
        f"{sentence} Das letzte galt bis {last.valid_until:%d.%m.%Y}; erfasst wird erst wieder mit einer neuen Fassung."
    )


def offices_without_rules(actor: Actor) -> list[Office]:
    """The actor's offices in which no rule set is in force today, in one query."""
    in_force = RuleSet.objects.in_force(actor.today).values("office")
    return list(Office.objects.filter(pk__in=actor.offices).exclude(pk__in=in_force).order_by("name"))


def latest_version(office: Office) -> RuleSet | None:
    """The version that begins last, which may still lie ahead; a new version is made from it."""
    return office.rule_sets.order_by("-valid_from", "-version").first()


def calendar_for(office: Office, *, closed_days_are_working_days: bool = True) -> Calendar:
    """The office's calendar: holidays of its Land, its municipal holidays and its dienstfreie Tage."""
    return Calendar(
        state=office.state,
        closed_days=tuple(closed_day(c) for c in office.closings.order_by("from_on", "pk")),
        closed_days_are_working_days=closed_days_are_working_days,
    )


def calendars_for(offices: Iterable[Office]) -> dict[int, Calendar]:
    """Office id -> its calendar for distances on lists, in one query for all of them."""
    offices = list(offices)
    closings = defaultdict(list)
    for closing in Closing.objects.filter(office__in=offices).order_by("from_on", "pk"):
        closings[closing.office_id].append(closed_day(closing))
    return {o.pk: Calendar(state=o.state, closed_days=tuple(closings[o.pk])) for o in offices}


def closed_day(closing: Closing) -> ClosedDay:
    return ClosedDay(closing.name, closing.from_on, closing.until_on, closing.kind == Closing.Kind.HOLIDAY)


def memberships_on(day: date) -> QuerySet[Membership]:
    """The seats held on `day` by people who still work here."""
    return Membership.objects.filter(
        Q(until_on__isnull=True) | Q(until_on__gte=day), from_on__lte=day, user__is_active=True
    )


def unit_and_below(unit: Unit) -> frozenset[int]:
    """Ids of the unit and of everything that belongs to it."""
    found, level = {unit.pk}, {unit.pk}
    while level := set(Unit.objects.filter(parent__in=level).values_list("pk", flat=True)) - found:
        found |= level
    return frozenset(found)


def leads_of(unit: Unit, day: date) -> list[User]:
    """Who leads this very unit on `day`: Teamleitung or Bereichsleitung, longest in office first (PAN-12)."""
    seats = memberships_on(day).filter(unit=unit, role__in=(Role.TEAM_LEAD, Role.DIVISION_LEAD))
    return [m.user for m in seats.select_related("user").order_by("from_on", "pk")]
