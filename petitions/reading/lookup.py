"""Petitions, requests and stations by their address, with what their pages show; strangers get 404."""

from django.db.models import Prefetch, QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404

from cases.lookup import visible_case
from offices.queries import Actor
from petitions.models import Decision, Dispatch, Petition, PlanVersion, Request, Station

STATIONS = Station.objects.select_related("done_by", "for_user", "keeper").prefetch_related("people")
# All that the picture of a request needs
PICTURED: tuple[Prefetch, ...] = (
    Prefetch("plans", PlanVersion.objects.select_related("made_by", "route_set")),
    Prefetch("stations", STATIONS.order_by("position")),
)
REQUESTS = Request.objects.select_related("document", "entered_by", "extends")
DISPATCHES = Dispatch.objects.select_related("entered_by").prefetch_related("documents")
DECISIONS = Decision.objects.select_related("option", "document", "entered_by")


def visible_petition(actor: Actor, reference: str) -> Petition:
    """The petition of a case that the actor sees as a whole, with the case as `visible_case` gives it."""
    case = visible_case(actor, reference)
    petition = get_object_or_404(_petitions(), case=case)
    petition.case = case
    return petition


def petition_of(case_id: int) -> Petition | None:
    """The petition of a case, None where it is none; for who has the case already."""
    return _petitions().filter(case=case_id).first()


def _petitions() -> QuerySet[Petition]:
    linked = ("repeats__case", "joined_to__case", "power_of_attorney", "waiver", "opened_by")
    return Petition.objects.select_related(*linked)


def visible_request(actor: Actor, pk: int) -> Request:
    """A request of a petition whose case the actor sees as a whole; what `visible_petition` gives comes with it."""
    found = REQUESTS.filter(pk=pk).select_related("petition__case").prefetch_related(*PICTURED).first()
    if found is None:
        raise Http404
    found.petition = visible_petition(actor, found.petition.case.reference)
    return found


def requests_of(petition: Petition) -> list[Request]:
    """All of them in their order, extensions too, each with its picture's rows and what was sent."""
    rows = REQUESTS.filter(petition=petition).prefetch_related(*PICTURED, Prefetch("dispatches", DISPATCHES))
    found = list(rows.order_by("position"))
    for request in found:
        request.petition = petition
    return found


def visible_station(actor: Actor, pk: int) -> Station:
    """A station the actor sees: of a case in sight, or had by the actor's office or the actor outside it."""
    seen = Station.objects.visible_to(actor).filter(pk=pk)
    related = ("request__petition__case__office", "request__petition__case__rule_set", "request__petition__case__unit")
    found = seen.select_related(*related, "done_by", "for_user", "keeper", "office", "deadline", "request__document")
    return get_object_or_404(found.prefetch_related("people", "documents", "remarks__by", "notices"))
