"""Which routes hold, and the plan they give: before a chain starts a preview, at its start what is frozen."""

from dataclasses import dataclass
from datetime import date

from cases.lookup import case_calendar
from offices.errors import NotAllowed
from offices.models import Office
from petitions.models import Petition, Request, RouteSet
from petitions.rules.planning import Plan, plan


@dataclass(frozen=True)
class Planned:
    """A plan and the version of the routes it comes from."""

    route_set: RouteSet
    plan: Plan


def routes_in_force(office: Office, day: date) -> RouteSet:
    """The version that holds at `office` on `day`, of several the one that began last; NotAllowed if there is none."""
    found = office.route_sets.in_force(day).order_by("-valid_from", "-version").first()
    if found is None:
        raise NotAllowed(f"Für „{office}“ sind am {day:%d.%m.%Y} keine Berichtswege in Kraft.")
    return found


def planned(petition: Petition, request: Request, today: date, *, due_on: date | None = None) -> Planned:
    """The plan for a request by the routes of today; `due_on` in place of its own deadline.

    NotAllowed without routes or a deadline, and beyond the years whose holidays are known.
    """
    outside_due_on = due_on or request.due_on
    if outside_due_on is None:
        raise NotAllowed("Bitte zuerst die Frist aus der Anforderung eintragen (B2-7).")
    route_set = routes_in_force(petition.case.office, today)
    try:
        found = plan(
            route_set.routes,
            petition.matter,
            received_on=request.received_on,
            outside_due_on=outside_due_on,
            calendar=case_calendar(petition.case),
        )
    except ValueError as error:
        raise NotAllowed(str(error)) from error
    return Planned(route_set, found)
