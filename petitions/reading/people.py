"""Who holds the functions of the house that the stations name."""

from datetime import date

from cases.models import Case
from cases.permissions import why_not_ask
from offices.models import User
from offices.queries import division_leads, memberships_on, nearest_leads
from offices.roles import Role


def usual_people(case: Case, desk: Role, today: date) -> list[User]:
    """Who holds a function of the house for this case today: leads those of its unit, else all of the office."""
    if desk == Role.TEAM_LEAD:
        return nearest_leads(case.unit, today)
    if desk == Role.DIVISION_LEAD:
        return division_leads(case.unit, today) if case.unit else []
    seats = memberships_on(today).filter(office=case.office_id, role=desk).select_related("user")
    return [seat.user for seat in seats.order_by("from_on", "pk")]


def may_be_asked(case: Case, desk: Role, today: date) -> list[User]:
    """All of the office who hold the function and are not kept out of the case (B4-8), those of its unit first."""
    first = usual_people(case, desk, today)
    seats = memberships_on(today).filter(office=case.office_id, role=desk).select_related("user")
    everybody = dict.fromkeys([*first, *(seat.user for seat in seats.order_by("user__last_name", "pk"))])
    return [user for user in everybody if not why_not_ask(case, user, today)]
