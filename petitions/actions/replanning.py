"""A new version of a plan, after an extension or for another route. Called by actions on a chain they have locked."""

from cases.recording import record
from offices.queries import Actor
from offices.roles import Permission
from petitions.actions.telling import tell_station
from petitions.actions.writing import freeze, write
from petitions.holding import Held
from petitions.models import PlanVersion, StationNotice
from petitions.reading.routes import planned
from petitions.rules import chain as steps


def planned_anew(held: Held, reason: str, *, by: Actor) -> PlanVersion:
    """The plan by the routes and with the dates of today; what is done stays done, and bodies that had it are told."""
    before = held.chain
    found = planned(held.petition, held.request, by.today)
    after = steps.replan(before, found.plan, reason, by.today)
    version = freeze(held, found, after.plans[-1], reason, by=by)
    record(
        "petition.replanned",
        by=by,
        permission=Permission.TRIAGE,
        office_id=held.case.office_id,
        case=held.case,
        request=held.request.pk,
        number=version.number,
        route=found.plan.route.label,
    )
    had_it = {row.key for row in before.rows if row.opened_on} - {s.key for s in before.planned if s.arrived}
    write(held, before, after, on=by.today, by=by)
    latest = {station.key: station for station in held.stations}
    for key in sorted(had_it, key=lambda key: latest[key].position):
        if not latest[key].desk:
            tell_station(latest[key], held.case, StationNotice.Kind.REPLANNED, by=by)
    return version
