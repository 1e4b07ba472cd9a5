"""Who may see a case, decided in Python for many people and cases at once: the other form of Case.visible_to.

The SQL of models/case.py and this say the same for every role and kind of case; tests/cases/test_visibility.py asks
both. A page asks the SQL; this is for the background work, which asks about the same cases for one person after the
other. So it is for Abgaben and models/transfer.py.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from cases.models import Assignment, Case, CaseUserGrant, Concern, ConcernedEmployee, Transfer
from cases.models.case import desk_offices
from cases.models.transfer import dpo_offices
from cases.rules.lifecycle import Status
from cases.rules.triage import Reason
from offices.models import Membership
from offices.queries import Actor, Seat
from offices.roles import Permission, Role, Scope


@dataclass(frozen=True)
class Reach:
    """What a set of seats reaches: whole offices, units, and what lies with its people by name in `offices`."""

    whole: frozenset[int]
    units: frozenset[int]
    holders: frozenset[int]
    offices: frozenset[int]

    @classmethod
    def of(cls, seats: Collection[Seat]) -> "Reach":
        whole = frozenset(s.office_id for s in seats if s.scope == Scope.OFFICE)
        rest = [s for s in seats if s.office_id not in whole]
        return cls(
            whole,
            frozenset(unit_id for s in rest if s.scope == Scope.UNITS for unit_id in s.unit_ids),
            frozenset(s.holder_id for s in rest),
            frozenset(s.office_id for s in rest),
        )


@dataclass(frozen=True)
class Sight:
    """What decides of a person which cases they see: `apart` is the reach of the seats that are apart from the
    Geschäftsführung. `led`: the offices in which they lead or sit before the leaders' door; `desk`: where they see what
    left the house as a whole; `granting`: where a single grant holds.

    Of Abgaben: `desk_apart` are the desks apart from the Geschäftsführung, `dpo` the offices with the Datenschutz, and
    `holders` and `holders_apart` those whose seats reach what was asked by name."""

    user_id: int | None
    all: Reach
    apart: Reach
    led: frozenset[int]
    desk: frozenset[int]
    granting: frozenset[int]
    desk_apart: frozenset[int]
    dpo: frozenset[int]
    holders: frozenset[int]
    holders_apart: frozenset[int]

    @classmethod
    def of(cls, actor: Actor) -> "Sight":
        seats = actor.seats_with(Permission.READ_CASES)
        reaching = [s for s in seats if s.scope != Scope.NONE]
        return cls(
            user_id=actor.user_id,
            all=Reach.of(seats),
            apart=Reach.of([s for s in seats if s.is_apart]),
            led=actor.offices_led(),
            desk=desk_offices(actor),
            granting=actor.offices_granting(),
            desk_apart=desk_offices(actor, apart=True),
            dpo=dpo_offices(actor),
            holders=frozenset(s.holder_id for s in reaching),
            holders_apart=frozenset(s.holder_id for s in reaching if s.is_apart),
        )


class Facts:
    """What decides of these cases who sees them, read in four queries however many they are."""

    def __init__(self, case_ids: Iterable[int]) -> None:
        ids = list(case_ids)
        self.granted = _by_case(CaseUserGrant.objects.filter(content_object__in=ids), "content_object", "user")
        self.concerned = _by_case(ConcernedEmployee.objects.filter(case__in=ids, user__isnull=False), "case", "user")
        self.units = _by_case(Concern.objects.filter(case__in=ids, unit__isnull=False), "case", "unit")
        self.asked = _by_case(Assignment.objects.giving_access().filter(case__in=ids), "case", "user")

    def seen_by(self, sight: Sight, case: Case) -> bool:
        """Whether somebody sees one of these cases; as `Case.objects.visible_to` says it."""
        if sight.user_id is None or sight.user_id in self.concerned[case.pk]:
            return False
        if case.against_management and case.office_id in sight.led:
            return False
        if case.status == Status.TRANSFERRED and case.office_id not in sight.desk:
            return False
        if case.office_id in sight.granting and sight.user_id in self.granted[case.pk]:
            return True
        return not case.is_sealed and self._reached(sight.apart if case.against_management else sight.all, case)

    def _reached(self, reach: Reach, case: Case) -> bool:
        if case.office_id in reach.whole or not reach.units.isdisjoint({case.unit_id, *self.units[case.pk]}):
            return True
        named = {*case.in_hand_of, *self.asked[case.pk]}
        return case.office_id in reach.offices and not reach.holders.isdisjoint(named)


class TransferFacts:
    """The same for these Abgaben, in eight queries; `seen_by` says what `Transfer.objects.visible_to` does."""

    def __init__(self, transfer_ids: Iterable[int]) -> None:
        ids = list(transfer_ids)
        found = Transfer.objects.defer("text", "case__text", "case__outcome_reason").select_related("case")
        self.transfers = found.in_bulk(ids)
        self.cases = Facts({t.case_id for t in self.transfers.values() if t.case_id})
        named = ConcernedEmployee.objects.filter(transfer__in=ids, user__isnull=False)
        self.named = _by_case(named, "transfer", "user")
        self.asked = _by_case(Assignment.objects.giving_access().filter(transfer__in=ids), "transfer", "user")
        people = {user_id for users in self.named.values() for user_id in users}
        seats = Membership.objects.filter(user__in=people, role=Role.MANAGEMENT)
        self.led = list(seats.values_list("office", "user", "until_on"))

    def seen_by(self, sight: Sight, transfer_id: int) -> bool:
        transfer = self.transfers.get(transfer_id)
        if transfer is None or sight.user_id is None or sight.user_id in self.named[transfer.pk]:
            return False
        against = self._is_against_management(transfer)
        return self._at_the_desk(sight, transfer, against) or self._in_hand(sight, transfer, against)

    def _is_against_management(self, transfer: Transfer) -> bool:
        return transfer.reason == Reason.AGAINST_MANAGEMENT or any(
            office_id == transfer.office_id
            and user_id in self.named[transfer.pk]
            and (until_on is None or until_on >= transfer.received_on)
            for office_id, user_id, until_on in self.led
        )

    def _at_the_desk(self, sight: Sight, transfer: Transfer, against: bool) -> bool:
        case, desk = transfer.case, sight.desk_apart if against else sight.desk
        return transfer.office_id in desk & sight.desk and (case is None or self.cases.seen_by(sight, case))

    def _in_hand(self, sight: Sight, transfer: Transfer, against: bool) -> bool:
        case, leads = transfer.case, transfer.office_id in sight.led
        if case and (sight.user_id in self.cases.concerned[case.pk] or (case.against_management and leads)):
            return False
        if against and leads:
            return False
        if transfer.reason == Reason.DATA_PROTECTION and transfer.handed_over_at and transfer.office_id in sight.dpo:
            return True
        only_apart = against or bool(case and case.against_management)
        return not (sight.holders_apart if only_apart else sight.holders).isdisjoint(self.asked[transfer.pk])


def _by_case(rows, case: str, other: str) -> dict[int, list[int]]:
    """Id of a case or an Abgabe -> what stands beside it in these rows, in the order they were made."""
    found: dict[int, list[int]] = defaultdict(list)
    for case_id, value in rows.order_by("pk").values_list(case, other):
        found[case_id].append(value)
    return found
