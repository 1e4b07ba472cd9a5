"""What of petitions somebody has to do today: it comes first on „Mein Tag“ (GER-25, PAN-28)."""

from dataclasses import dataclass
from datetime import date

from django.db.models import F, Q
from django.urls import reverse

from cases.models import Assignment, Case
from cases.rules.assignments import AssignmentKind
from cases.rules.deadlines import Signal, signal
from offices.calendars import Calendar
from offices.queries import Actor, calendars_for
from offices.roles import Permission
from petitions.models import Petition, Request, Station
from petitions.reading.page import is_on_route
from petitions.rules.requests import IMMEDIATE

BEGIN, ANSWER = "Berichtsweg beginnen", "Antwort eintragen"


@dataclass(frozen=True)
class Task:
    """One thing to do: where, on what, until when. `in_place_of` is whom the actor represents."""

    to_do: str
    url: str
    reference: str
    subject: str
    requester: str
    since_on: date
    due_on: date | None
    signal: Signal | None
    in_place_of: str = ""


def worklist(actor: Actor) -> list[Task]:
    """What is to be seen the same day, stations that lie with the actor, in the house or outside it, and what the desk
    has still to begin; in a fixed number of queries, the nearest day first."""
    stations, immediate = _stations(actor), _immediate(actor)
    requests = _not_begun(actor)
    cases = [s.request.petition.case for s in stations] + [r.petition.case for r in requests]
    offices = {case.office for case in cases} | {asked.case.office for asked in immediate if asked.case}
    calendars = calendars_for(offices) if offices else {}
    found = [_to_see(actor, asked, calendars) for asked in immediate]
    found += [_of_station(actor, station, calendars) for station in stations]
    found += [_of_request(actor, request, calendars) for request in requests]
    return sorted(found, key=lambda task: (task.due_on or date.max, task.reference))


def _stations(actor: Actor) -> list[Station]:
    keeping = frozenset(seat.office_id for seat in actor.seats_with(Permission.TRIAGE))
    kept = Q(keeper__in=keeping, desk="") & ~Q(keeper=F("request__petition__case__office"))
    rows = Station.objects.open().visible_to(actor).filter(kept | Q(people__in=actor.holder_ids))
    related = ("request__petition__case__office", "deadline")
    return list(rows.select_related(*related).prefetch_related("people").distinct())


def _immediate(actor: Actor) -> list[Assignment]:
    """Sofortsachen that Geschäftsführung and Bereichsleitung have still to take note of."""
    asked = Assignment.objects.open().filter(user__in=actor.holder_ids, kind=AssignmentKind.TAKE_NOTE)
    seen = Case.objects.visible_to(actor).order_by().values("pk")
    rows = asked.filter(task=IMMEDIATE, case__petition__isnull=False, case__in=seen)
    return list(rows.select_related("case__petition", "case__office", "user"))


def _not_begun(actor: Actor) -> list[Request]:
    offices = frozenset(seat.office_id for seat in actor.seats_with(Permission.TRIAGE))
    if not offices:
        return []
    waiting = Request.objects.open().filter(petition__case__office__in=offices, stations__isnull=True)
    seen = Petition.objects.visible_to(actor).filter(case__closed_on__isnull=True).values("pk")
    return list(waiting.filter(petition__in=seen).select_related("petition__case__office"))


def _to_see(actor: Actor, asked: Assignment, calendars: dict[int, Calendar]) -> Task:
    case = asked.case
    assert case is not None  # noqa: S101 - asked for by its petition
    return Task(
        to_do=IMMEDIATE,
        url=case.get_absolute_url(),
        reference=case.reference,
        subject=case.subject,
        requester=case.petition.addressee,
        since_on=asked.since_on,
        due_on=asked.due_on,
        signal=signal(calendars[case.office_id], actor.today, asked.due_on) if asked.due_on else None,
        in_place_of="" if asked.user_id == actor.user_id else str(asked.user),
    )


def _of_station(actor: Actor, station: Station, calendars: dict[int, Calendar]) -> Task:
    petition = station.request.petition
    due_on = station.deadline.due_on if station.deadline else None
    named = {user.pk: user for user in station.people.all()}
    stands_in = named and actor.user_id not in named
    is_ours = petition.case.office_id in actor.offices
    part = f", Teil {station.get_part_display()}" if station.part else ""  # one person may have several of them
    return Task(
        to_do=f"{station.body_name}: {station.get_role_display()}{part}",
        url=station.get_absolute_url(),
        reference=petition.case.reference,
        subject=petition.case.subject if is_ours else "",
        requester=petition.addressee,
        since_on=station.opened_on or actor.today,
        due_on=due_on,
        signal=signal(calendars[petition.case.office_id], actor.today, due_on) if due_on else None,
        in_place_of=str(named[min(named.keys() & actor.holder_ids, default=min(named))]) if stands_in else "",
    )


def _of_request(actor: Actor, request: Request, calendars: dict[int, Calendar]) -> Task:
    case = request.petition.case
    return Task(
        to_do=BEGIN if is_on_route(request) else ANSWER,
        url=reverse("petitions:request", args=[request.pk]),
        reference=case.reference,
        subject=case.subject,
        requester=request.petition.addressee,
        since_on=request.received_on,
        due_on=request.due_on,
        signal=signal(calendars[case.office_id], actor.today, request.due_on) if request.due_on else None,
    )
