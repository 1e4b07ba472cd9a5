"""Reading the ladder of a case: who stands on which rung, what is reached, who can take the next one."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import prefetch_related_objects

from cases.apart import deputies_of_named, kept_out
from cases.models import Case, Escalation
from cases.rules.escalation import next_rungs, why_no_ladder, why_not_now, why_not_rung
from cases.rules.kinds import Channel, Kind
from cases.rules.lifecycle import Status
from offices.models import Membership, Unit
from offices.queries import memberships_on, upwards
from offices.roles import Role
from offices.rules.values import Rung


@dataclass(frozen=True)
class LadderRow:
    """One rung: `reached` tells who, when and how; otherwise `why_not` says why it does not come now, if so."""

    rung: Rung
    reached: Escalation | None
    why_not: str | None

    @property
    def is_possible(self) -> bool:
        return self.reached is None and self.why_not is None


@dataclass(frozen=True)
class LadderView:
    """The office's ladder as this case has climbed it; `why_not` where it is not climbed at all, or not now."""

    rows: tuple[LadderRow, ...]
    applies: bool
    why_not: str | None

    @property
    def next(self) -> LadderRow | None:
        """The rung that comes next; of several possible ones the lowest."""
        return next((row for row in self.rows if row.is_possible), None)


def is_on_ladder(case: Case) -> bool:
    """Whether the page of the case shows the ladder: where it is for such a reaction, or was climbed."""
    return has_ladder(case) or bool(escalations(case))


def has_ladder(case: Case) -> bool:
    stranger = why_no_ladder(Kind(case.kind), Channel(case.channel), case.rule_set.parameters)
    return stranger is None and not case.against_management


def ladder(case: Case, today: date) -> LadderView:
    """The ladder of the case's rule set with the state of each rung in the current round.

    Two queries at most where the case has its parts (`queries.PARTS`, `story.PARTS`).
    """
    parameters = case.rule_set.parameters
    reached = {step.number: step for step in escalations(case)}
    stranger = why_no_ladder(Kind(case.kind), Channel(case.channel), parameters)
    why_not = stranger or why_not_now(Status(case.status))
    passed = barred(case, today) if why_not is None else frozenset()
    rows = tuple(
        LadderRow(
            rung, reached.get(rung.number), why_not or why_not_rung(rung.number, reached.keys(), parameters, passed)
        )
        for rung in parameters.ladder.rungs
    )
    if why_not is None and not next_rungs(parameters.ladder, reached.keys(), passed):
        why_not = "Höher führt die Eskalationsleiter dieser Dienststelle nicht."
    return LadderView(rows, has_ladder(case), why_not)


def escalations(case: Case) -> list[Escalation]:
    """The rungs reached in the current round, lowest first."""
    prefetch_related_objects([case], "escalations__person")  # nothing where the page brought them along
    return [step for step in case.escalations.all() if step.round == case.round]


def barred(case: Case, today: date) -> frozenset[int]:
    """Numbers of the rungs on which nobody may take the case: all who would be meant are kept out (B4-8, PAN-7).

    Meant are those above the case's unit; where none are, everybody of the office with a role of the rung.
    """
    ladder = case.rule_set.parameters.ladder
    seats = list(_seats(case, {role for rung in ladder.rungs for role in rung.roles}, today))
    out, above = kept_out(case, today) | deputies_of_named(case, today), _above(case.unit)
    return frozenset(rung.number for rung in ladder.rungs if rung.roles and not _free(rung, seats, out, above))


def _free(rung: Rung, seats: Iterable[Membership], out: Collection[int], above: list[int]) -> list[Membership]:
    on_rung = [seat for seat in seats if seat.role in rung.roles]
    meant = [seat for seat in on_rung if seat.unit_id is None or seat.unit_id in above] or on_rung
    return [seat for seat in meant if seat.user_id not in out]


def seats_on(case: Case, rung: Rung, today: date) -> list[Membership]:
    """Who can take the rung today, nearest to the case's unit first; never somebody who must not handle the case.

    In the order of the rung's roles, of equals the longest in office first; who stood on a lower rung comes last.
    """
    out, above = kept_out(case, today) | deputies_of_named(case, today), _above(case.unit)
    earlier = {step.person_id for step in escalations(case)}

    def distance(seat: Membership) -> tuple:
        near = above.index(seat.unit_id) if seat.unit_id in above else len(above)
        far = seat.unit_id is not None and seat.unit_id not in above
        return (far, seat.user_id in earlier, seat.user_id != case.handler_id, rung.roles.index(seat.role), near)

    free = [seat for seat in _seats(case, rung.roles, today) if seat.user_id not in out]
    return sorted(free, key=distance)


def default_seat(case: Case, rung: Rung, seats: list[Membership]) -> Membership | None:
    """The first of `seats_on` who stands above the case's unit and not yet on the ladder; else nobody is proposed."""
    above = _above(case.unit)
    earlier = {step.person_id for step in escalations(case)}
    near = [seat for seat in seats if seat.unit_id is None or seat.unit_id in above]
    return next((seat for seat in near if seat.user_id not in earlier), None)


def _seats(case: Case, roles: Collection[Role], today: date):
    seats = memberships_on(today).filter(office=case.office_id, role__in=list(roles))
    return seats.select_related("user", "unit").order_by("from_on", "pk")


def _above(unit: Unit | None) -> list[int]:
    """Ids of the unit and of what it belongs to, nearest first."""
    return [higher.pk for higher in upwards(unit)]
