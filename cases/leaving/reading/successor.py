"""Whether something may be put into the hands of a successor, and why not: one German sentence each."""

from datetime import date

from cases.models import Assignment, Case, StatementStation
from cases.permissions import needs_grant, why_kept_out_as, why_not_co_sign
from cases.rules.assignments import GIVING_ACCESS, AssignmentKind
from cases.rules.lifecycle import Status
from cases.rules.statements import Part
from cases.signing.reading.signers import author_ids
from cases.statements.reading.way import APPROVING_ROLES, signs_it
from offices.models import Membership, Office, Unit, User
from offices.queries import actor_for, memberships_on
from offices.roles import ROLES, WORKING_ROLES, Permission, Role, Scope

NEEDS = {
    AssignmentKind.ISSUE_DIRECTIVE: Permission.DIRECT,
    AssignmentKind.SIGN_LETTER: Permission.SIGN,
    AssignmentKind.AGREE_LETTER: Permission.SIGN,
}


class Successor:
    """Who takes over from `leaver` in an office on a day; what decides is asked once for all cases."""

    def __init__(self, user: User, leaver: User, office: Office, today: date):
        self.user, self.actor = user, actor_for(user, today)
        self.seats = [s for s in self.actor.seats if s.holder_id == user.pk and s.office_id == office.pk]
        self.roles = {seat.role for seat in self.seats}
        own = memberships_on(today).filter(user=user, office=office, role__in=WORKING_ROLES)
        self._units = _with_those_above(own.values_list("unit", flat=True), office)
        held = Membership.objects.filter(user=leaver, office=office).values_list("role", flat=True)
        self._levels = {Role(role) for role in held if Permission.SIGN in ROLES[Role(role)].permissions}

    @property
    def works(self) -> bool:
        return not WORKING_ROLES.isdisjoint(self.roles)

    def why_not(self, case: Case, leaver: User, *, is_about: bool, is_granted: bool) -> str | None:
        """Why nothing of this case goes over: as permissions.why_kept_out says it, sealed, or with another unit.

        While a unit has the case, whoever works on it or answers for it belongs to that unit or stands above it.
        """
        if reason := why_kept_out_as(case, self.user, is_about=is_about, roles=self.roles):
            return reason
        if case.is_sealed and not is_granted:
            return needs_grant(self.user)
        named = leaver.pk in (case.handler_id, case.responsible_id)
        if named and case.status == Status.WITH_UNIT and case.unit and not self._covers(case.unit):
            return f"{self.user} gehört nicht zur Einheit „{case.unit}“."
        return None

    def why_no_station(self, station: StatementStation, case: Case) -> str | None:
        """Nobody comes to sign what they have written, nor to write what they will sign, nor to sign about their
        superior (GER-16, B4-8)."""
        if station.part != Part.DRAFT and (reason := self._why_no_say(case)):
            return reason
        others = [s for s in station.statement.stations.all() if s.user_id == self.user.pk]
        wrote = self.user in station.statement.authors.all() or any(s.part == Part.DRAFT for s in others)
        if station.part != Part.DRAFT and wrote:
            return f"{self.user} hat die Stellungnahme geschrieben und kann sie nicht selbst zeichnen."
        if station.part == Part.DRAFT and any(s.part != Part.DRAFT for s in others):
            return signs_it(self.user)
        if station.part == Part.APPROVE and self.roles.isdisjoint(APPROVING_ROLES):
            return f"{self.user} hat keine Rolle, die Stellungnahmen freigibt."
        return None

    def why_not_asked(self, asked: Assignment, case: Case, sees_the_case: bool) -> str | None:
        """Why the successor cannot do what was asked of the leaver; a hint on a note opens no case."""
        kind = AssignmentKind(asked.kind)
        needed = NEEDS.get(kind)
        if needed and not any(seat.may(needed) for seat in self.seats):
            return f"{asked.get_kind_display()}: Die Rolle von {self.user} umfasst nicht: {needed.label}."
        if kind == AssignmentKind.SIGN_LETTER and self._levels.isdisjoint(self.roles):
            return f"{asked.get_kind_display()}: {self.user} zeichnet nicht auf dieser Ebene."
        if kind == AssignmentKind.AGREE_LETTER and self.user.pk in author_ids(asked.letter):
            return f"{asked.get_kind_display()}: {self.user} hat an dem Schreiben selbst geschrieben."
        if kind == AssignmentKind.AGREE_LETTER and (reason := self._why_no_say(case)):
            return reason
        if kind not in GIVING_ACCESS and not sees_the_case:
            return f"{asked.get_kind_display()}: {self.user} sieht diesen Vorgang nicht."
        return None

    def _why_no_say(self, case: Case) -> str | None:
        """As permissions.why_not_co_sign says it; asked only where the reaction is about somebody of the house."""
        if any(entry.user_id for entry in case.complained_about.all()):
            return why_not_co_sign(case, self.user, self.actor.today)
        return None

    def _covers(self, unit: Unit) -> bool:
        """Whether the person sits in the unit or below it, leads above it, or works for the whole office."""
        wide = any(ROLES[seat.role].scope == Scope.OFFICE for seat in self.seats)
        return wide or unit.pk in self._units or any(unit.pk in seat.unit_ids for seat in self.seats)


def _with_those_above(unit_ids, office: Office) -> set[int]:
    parents = dict(Unit.objects.filter(office=office).values_list("pk", "parent"))
    found, level = set(), set(unit_ids) - {None}
    while level := level - found - {None}:
        found |= level
        level = {parents[pk] for pk in level}
    return found
