"""Reading: who acts, with which seats; which rules and which calendar hold on a day."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date

from django.db.models import OuterRef, Q, QuerySet, Subquery, TextField
from django.db.models.functions import Cast

from offices.calendars import Calendar, ClosedDay
from offices.errors import NotAllowed
from offices.models import Closing, Membership, Office, RuleSet, Substitution, Unit, User
from offices.roles import (
    ADMINISTRATIVE,
    APART_FROM_CASES,
    LEADERS,
    NEAR_MANAGEMENT,
    ROLES,
    Permission,
    Role,
    Scope,
    Visibility,
    are_kept_apart,
    reach,
)
from offices.rules.parameters import Parameters, parameters_from
from offices.rules.substitution import Absence, by_leaders_only, standing_in_on
from offices.rules.values import Reminders
from offices.rules.vocabulary import DeputyScope


@dataclass(frozen=True)
class Seat:
    """A role held in an office today. `unit_ids` is the own unit and all below it, empty for the whole office.

    `holder_id` is the person whose seat it is; where it is not the acting user, the user acts „i. V.“. With
    `administration_only` the deputy keeps the files of the seat and decides nothing (K23, PAN-14). `by_leaders`: it is
    held by a Vertretung that the leadership entered, which reaches nothing against the Geschäftsführung (PAN-7).
    """

    role: Role
    office_id: int
    unit_ids: frozenset[int]
    scope: Scope
    holder_id: int
    administration_only: bool = False
    by_leaders: bool = False

    @property
    def is_apart(self) -> bool:
        """Whether it reaches what is against the Geschäftsführung: neither near to it nor given by it (PAN-7)."""
        return self.role not in NEAR_MANAGEMENT and not self.by_leaders

    def may(self, permission: Permission) -> bool:
        allowed = permission in ROLES[self.role].permissions
        return allowed and (permission in ADMINISTRATIVE or not self.administration_only)

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

    `offices` are those of the seats and `holders` the people whose seats they are, both by id; in those
    `without_rules`, by name, no rule set is in force today.
    """

    user: User | None
    today: date
    seats: tuple[Seat, ...] = ()
    offices: dict[int, Office] = field(default_factory=dict, compare=False, repr=False)
    holders: dict[int, User] = field(default_factory=dict, compare=False, repr=False)
    without_rules: tuple[Office, ...] = field(default=(), compare=False, repr=False)

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

    def offices_granting(self) -> frozenset[int]:
        """Offices in which a single grant opens a case today: those of own seats; none for who runs, checks or
        measures a house (B4-1, B4-12)."""
        own = [s for s in self.seats if s.holder_id == self.user_id]
        return frozenset() if any(s.role in APART_FROM_CASES for s in own) else frozenset(s.office_id for s in own)

    def offices_led(self) -> frozenset[int]:
        """Offices in which the acting person, by an own seat, leads or sits before the leaders' door (PAN-7)."""
        own = (s for s in self.seats if s.holder_id == self.user_id)
        return frozenset(s.office_id for s in own if s.role in NEAR_MANAGEMENT)

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


ABSENCE_FIELDS = ("absent_id", "deputy_id", "from_on", "until_on", "by_leaders")


CHAINS_TO = """
    WITH RECURSIVE reached (person_id) AS (
        SELECT CAST(%(person)s AS bigint)
        UNION
        SELECT absent_id FROM offices_substitution JOIN reached ON deputy_id = person_id
        WHERE from_on <= %(day)s AND until_on >= %(day)s
    )
    SELECT id, absent_id, deputy_id, from_on, until_on, by_leaders FROM offices_substitution
    WHERE absent_id IN (SELECT person_id FROM reached) AND from_on <= %(day)s AND until_on >= %(day)s
    ORDER BY id
"""


def absences_on(today: date) -> tuple[Absence, ...]:
    """Those of all offices, in the order they were entered."""
    rows = Substitution.objects.filter(from_on__lte=today, until_on__gte=today).order_by("pk")
    return tuple(Absence(*row) for row in rows.values_list(*ABSENCE_FIELDS))


def _absences_before(user: User, today: date) -> tuple[Absence, ...]:
    """Those of this person and of everybody whose chain of deputies may lead here today, however long it is.

    The others change nothing in whom this person stands in for, and a house has many.
    """
    rows = Substitution.objects.raw(CHAINS_TO, {"person": user.pk, "day": today})
    return tuple(Absence(*(getattr(row, name) for name in ABSENCE_FIELDS)) for row in rows)


def acting_on(today: date) -> dict[int, int | None]:
    """Absent person -> who acts for them today, None in a circle; who is not in it acts for themselves."""
    return standing_in_on(absences_on(today), today)


def actor_for(user: User, today: date) -> Actor:
    """The actor with all seats of the day, own ones first, in two or three queries whatever the size of the house.

    A Vertretung reaches the offices in which the deputy has a seat of their own today, and never brings together what
    is kept apart, in whatever order it was entered (B4-12).
    """
    return actors_for([user], today, _absences_before(user, today))[user.pk]


def actors_for(users: Iterable[User], today: date, absences: Iterable[Absence]) -> dict[int, Actor]:
    """The same for many people, by id, in the same number of queries; `absences` are all those of the day.

    All that lead to one of these people are enough.
    """
    entries, people = tuple(absences), {user.pk: user for user in users}
    standing_in = standing_in_on(entries, today)
    represented = frozenset(absent for absent, acting in standing_in.items() if acting in people)
    by_leaders = by_leaders_only(represented, entries, today)
    memberships = list(
        Membership.objects.filter(
            Q(until_on__isnull=True) | Q(until_on__gte=today),
            user__in=represented | people.keys(),
            from_on__lte=today,
        )
        .select_related("office", "user")
        .annotate(rules=Subquery(_newest_in_force(today).values("as_text")[:1]))
    )
    below = _unit_trees(m for m in memberships if m.unit_id)
    rules = {m.office_id: parameters_from(m.rules) for m in memberships if m.rules}
    held: dict[int, list[Membership]] = defaultdict(list)
    for membership in memberships:
        for user_id in {membership.user_id, standing_in.get(membership.user_id)} & people.keys():
            held[user_id].append(membership)
    return {
        user_id: _actor(user, today, _reached_by(user, held[user_id]), by_leaders, below, rules)
        for user_id, user in people.items()
    }


def _actor(
    user: User,
    today: date,
    memberships: list[Membership],
    by_leaders: frozenset[int],
    below: dict[int, frozenset[int]],
    rules: dict[int, Parameters],
) -> Actor:
    offices = {m.office_id: m.office for m in memberships}
    own_roles = {(m.office_id, Role(m.role)) for m in memberships if m.user_id == user.pk}
    seats = [
        Seat(
            role=Role(m.role),
            office_id=m.office_id,
            unit_ids=below.get(m.unit_id, frozenset()),
            scope=reach(Role(m.role), _visibility(rules.get(m.office_id))),
            holder_id=m.user_id,
            by_leaders=m.user_id != user.pk and m.user_id in by_leaders,
            administration_only=m.user_id != user.pk and _keeps_files_only(m, own_roles, rules.get(m.office_id)),
        )
        for m in memberships
    ]
    return Actor(
        user=user,
        today=today,
        seats=tuple(sorted(seats, key=lambda s: (s.holder_id != user.pk, s.role))),
        offices=offices,
        holders={m.user_id: m.user for m in memberships},
        without_rules=tuple(sorted((o for o in offices.values() if o.pk not in rules), key=lambda o: o.name)),
    )


def _reached_by(user: User, memberships: list[Membership]) -> list[Membership]:
    """The own ones, and of those represented what lies in an own office and may meet with the own roles."""
    own = [m for m in memberships if m.user_id == user.pk]
    office_ids, roles = {m.office_id for m in own}, [Role(m.role) for m in own]
    return [
        m
        for m in memberships
        if m.user_id == user.pk or (m.office_id in office_ids and not are_kept_apart([*roles, Role(m.role)]))
    ]


def _newest_in_force(today: date) -> QuerySet[RuleSet]:
    """The rules of the office of a surrounding query, as text; of several versions the one that began last first."""
    found = RuleSet.objects.in_force(today).filter(office=OuterRef("office")).order_by("-valid_from", "-version")
    return found.annotate(as_text=Cast("document", TextField()))


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
    rules = _rules_by_office(office_ids, today)
    return {office_id: _visibility(rules.get(office_id)) for office_id in office_ids}


def _rules_by_office(office_ids: Iterable[int], today: date) -> dict[int, Parameters]:
    """Of several versions in force the one that began last."""
    found = RuleSet.objects.in_force(today).filter(office__in=office_ids).order_by("valid_from", "version")
    return {rule_set.office_id: rule_set.parameters for rule_set in found}


def reminders_in_force(offices: Iterable[Office], today: date) -> dict[int, Reminders]:
    """Office id -> what its rules of the day say about reminders; nothing where no rule set is in force."""
    rules = _rules_by_office([office.pk for office in offices], today)
    return {office_id: parameters.reminders for office_id, parameters in rules.items()}


def _visibility(parameters: Parameters | None) -> Visibility:
    return parameters.visibility.who if parameters else Visibility.KRM_AND_MANAGEMENT_ONLY


def _keeps_files_only(held: Membership, own_roles: set[tuple[int, Role]], parameters: Parameters | None) -> bool:
    """Whether the office's rules give whoever stands in for this seat, by the own role, the administration only."""
    entries = parameters.deputies.entries if parameters else ()
    scopes = [e.scope for e in entries if e.role == held.role and (held.office_id, e.deputy) in own_roles]
    return bool(scopes) and all(scope == DeputyScope.ADMINISTRATION for scope in scopes)


def upwards(unit: Unit | None) -> list[Unit]:
    """The unit and everything it belongs to, the nearest first; nothing for none."""
    found: list[Unit] = []
    while unit and unit not in found:
        found.append(unit)
        unit = unit.parent
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


def calendars_for(offices: Iterable[Office], *, closed_days_are_working_days: bool = True) -> dict[int, Calendar]:
    """Office id -> its calendar, in one query for all of them."""
    offices = list(offices)
    closings = defaultdict(list)
    for closing in Closing.objects.filter(office__in=offices).order_by("from_on", "pk"):
        closings[closing.office_id].append(closed_day(closing))
    return {o.pk: Calendar(o.state, tuple(closings[o.pk]), closed_days_are_working_days) for o in offices}


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


def leads_above(unit: Unit | None, day: date) -> Iterator[tuple[Unit, list[User]]]:
    """The unit and each one above it, the nearest first, with who leads it on `day`; read one by one, as asked for."""
    for above in upwards(unit):
        yield above, leads_of(above, day)


def nearest_leads(unit: Unit | None, day: date) -> list[User]:
    """Who leads the unit on `day`, else the next one above that has a lead (PAN-12)."""
    return next((leads for _, leads in leads_above(unit, day) if leads), [])


def division_leads(unit: Unit, day: date) -> list[User]:
    """Who leads the nearest Bereich, the unit itself or one above it, on `day` (PAN-19)."""
    line = upwards(unit)
    seats = memberships_on(day).filter(unit__in=line, role=Role.DIVISION_LEAD).select_related("user")
    found: dict[int | None, list[User]] = defaultdict(list)
    for seat in seats.order_by("from_on", "pk"):
        found[seat.unit_id].append(seat.user)
    return next((found[each.pk] for each in line if each.pk in found), [])
