"""What every action on a chain stands on: case, petition, request and stations, locked in this order."""

from dataclasses import dataclass, field
from functools import cached_property

from cases.models import Case
from cases.recording import hold_still, locked
from cases.rules.lifecycle import Status, check_is_open
from offices.errors import NotAllowed
from offices.queries import Actor
from offices.roles import Permission
from petitions.models import Petition, Representative, Request, Station, chain_of
from petitions.rules.chain import Chain

GONE = "Die Petition ist nicht (mehr) zugänglich."
NOT_STARTED = "Der Berichtsweg hat noch nicht begonnen."


@dataclass
class Held:
    """A request with its case and petition, all locked; `stations` are the rows in the order they came to be."""

    case: Case
    petition: Petition
    request: Request
    stations: list[Station] = field(default_factory=list)

    @cached_property
    def chain(self) -> Chain:
        """The chain as the rows said it when they were locked; NotAllowed before it was started."""
        found = chain_of(self.request, self.stations)
        if found is None:
            raise NotAllowed(NOT_STARTED)
        return found

    @cached_property
    def representatives(self) -> list[Representative]:
        """Who acts for the bodies of the office's routes."""
        return list(Representative.objects.filter(office=self.case.office_id).select_related("at", "user"))


def held_petition(
    petition: Petition, *, by: Actor, permission: Permission, must_be_open: bool = True
) -> tuple[Case, Petition]:
    """Case and petition, locked, after asking whether `by` sees the case and may do this; else NotAllowed."""
    case = locked(petition.case, by=by, permission=permission, must_be_open=must_be_open)
    current = Petition.objects.select_for_update(no_key=True).get(pk=petition.pk)
    current.case = case
    return case, current


def held_request(request: Request, *, by: Actor, permission: Permission) -> Held:
    """A request with its stations, locked; for those who have the permission on the case, else NotAllowed."""
    case, petition = held_petition(request.petition, by=by, permission=permission)
    return _held(case, petition, request.pk)


def held_at(station: Station, *, by: Actor) -> tuple[Held, Station]:
    """The same for who has a station in sight, also from another house; with the station as it is now.

    Whether they may act there is asked by the calling action.
    """
    found = Station.objects.filter(pk=station.pk).values_list("request__petition__case", "request").first()
    if found is None:
        raise NotAllowed(GONE)
    case_id, request_id = found
    hold_still(case_id)
    if not Station.objects.visible_to(by).filter(pk=station.pk).exists():
        raise NotAllowed(GONE)
    case = Case.objects.select_related("office", "unit", "rule_set").get(pk=case_id)
    check_is_open(Status(case.status))
    petition = Petition.objects.select_for_update(no_key=True).get(case=case)
    petition.case = case
    held = _held(case, petition, request_id)
    return held, next(row for row in held.stations if row.pk == station.pk)


def _held(case: Case, petition: Petition, request_id: int) -> Held:
    request = Request.objects.select_for_update(no_key=True).get(pk=request_id)
    request.petition = petition
    rows = Station.objects.select_for_update(of=("self",), no_key=True).filter(request=request)
    stations = list(rows.select_related("deadline").order_by("position"))
    for station in stations:
        station.request = request
    return Held(case, petition, request, stations)
