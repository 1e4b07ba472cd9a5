"""Who may see a case, decided in Python for many people and cases at once: the other form of Case.visible_to.

The SQL of models/case.py and this say the same for every role and kind of case; tests/cases/test_visibility.py asks
both. A page asks the SQL; this is for the background work, which asks about the same cases for one person after the
other.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from cases.models import Assignment, Case, CaseUserGrant, Concern, ConcernedEmployee
from cases.models.case import desk_offices
from cases.rules.lifecycle import Status
from offices.queries import Actor, Seat
from offices.roles import Permission, Scope


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
    left the house as a whole; `granting`: where a single grant holds."""

    user_id: int | None
    all: Reach
    apart: Reach
    led: frozenset[int]
    desk: frozenset[int]
    granting: frozenset[int]

    @classmethod
    def of(cls, actor: Actor) -> "Sight":
        seats = actor.seats_with(Permission.READ_CASES)
        return cls(
            user_id=actor.user_id,
            all=Reach.of(seats),
            apart=Reach.of([s for s in seats if s.is_apart]),
            led=actor.offices_led(),
            desk=desk_offices(actor),
            granting=actor.offices_granting(),
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


def _by_case(rows, case: str, other: str) -> dict[int, list[int]]:
    """Case id -> what stands beside it in these rows, in the order they were made."""
    found: dict[int, list[int]] = defaultdict(list)
    for case_id, value in rows.order_by("pk").values_list(case, other):
        found[case_id].append(value)
    return found
