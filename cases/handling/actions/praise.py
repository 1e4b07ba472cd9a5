"""A Lob reaches the Führungskraft of those it is about, through the Geschäftsführung where the office wants it so."""

from datetime import date

from cases.asking import ask
from cases.models import Assignment, Case
from cases.permissions import FOREIGN_UNIT, why_kept_out
from cases.recording import locked
from cases.rules.assignments import AssignmentKind
from cases.rules.kinds import Kind
from cases.unit_of_work import action
from offices.errors import NotAllowed
from offices.models import Unit, User
from offices.queries import Actor, leads_above, memberships_on
from offices.roles import Permission, Role


def check_is_praise(case: Case) -> None:
    if case.kind != Kind.PRAISE:
        raise NotAllowed("Weitergegeben wird auf diesem Weg nur ein Lob (K14).")


@action
def pass_on_praise(*, by: Actor, case: Case, unit: Unit) -> Assignment:
    """Ask the unit's Führungskraft, as K14 names it, to take note of a Lob (GER-24, PAN-18); who gets it first is told.

    Where K14 goes through the Geschäftsführung, she is asked, and her tick passes it on; whoever holds that seat and
    passes it on in person has done so already. Where K14 names nobody, the lead of the unit is told. NotAllowed for
    other kinds, for a foreign unit or one without a lead, and for what is passed on already.
    """
    case = locked(case, by=by, permission=Permission.ASSIGN)
    check_is_praise(case)
    if unit.office_id != case.office_id or not unit.is_active:
        raise NotAllowed(FOREIGN_UNIT, "unit")
    rule = case.rule_set.parameters.praise
    lead = _lead(case, unit, rule.informs, by.today)
    _check_not_twice(case, lead)
    goes_through_her = any(by.has_role(role, case.office_id) for role in rule.via)
    if not goes_through_her and (first := _holder(case, rule.via, by.today)):
        return ask(case, AssignmentKind.PASS_ON_PRAISE, first, by=by, pass_to=lead)
    return ask(case, AssignmentKind.PASS_ON_PRAISE, lead, by=by)


def _lead(case: Case, unit: Unit, roles: tuple[Role, ...], today: date) -> User:
    """Who leads the unit, else the next one above; never somebody kept out of the case."""
    for above, leads in leads_above(unit, today):
        seats = (
            memberships_on(today).filter(unit=above, role__in=roles).select_related("user").order_by("from_on", "pk")
        )
        found = [seat.user for seat in seats] or leads
        if free := [user for user in found if not why_kept_out(case, user, today)]:
            return free[0]
    raise NotAllowed(f"Für die Einheit „{unit}“ ist keine Führungskraft eingetragen, die davon erfahren kann.", "unit")


def _holder(case: Case, roles: tuple[Role, ...], today: date) -> User | None:
    seats = memberships_on(today).filter(office=case.office_id, role__in=roles).select_related("user")
    people = [seat.user for seat in seats.order_by("from_on", "pk")]
    return next((user for user in people if not why_kept_out(case, user, today)), None)


def _check_not_twice(case: Case, lead: User) -> None:
    told = case.assignments.filter(kind=AssignmentKind.PASS_ON_PRAISE, round=case.round, cancelled_on__isnull=True)
    if earlier := told.filter(user=lead, pass_to__isnull=True).first():
        raise NotAllowed(f"{lead} hat das Lob seit dem {earlier.since_on:%d.%m.%Y}.")
    if earlier := told.filter(pass_to=lead).select_related("user").first():
        raise NotAllowed(
            f"Das Lob liegt seit dem {earlier.since_on:%d.%m.%Y} bei {earlier.user} und geht dann an {lead}."
        )
