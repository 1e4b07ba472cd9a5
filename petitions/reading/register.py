"""The register: which petitions there are, who has each since when, what remains for the others, until when."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, F, OuterRef, Prefetch, Q, QuerySet, Subquery

from cases.lookup import case_calendar
from cases.rules.deadlines import Signal, signal
from offices.calendars import Calendar, working_days_until
from offices.queries import Actor
from offices.roles import Permission
from petitions.models import Petition, Request, Station
from petitions.reading.lookup import PICTURED
from petitions.reading.page import is_on_route
from petitions.reading.picture import Picture, StationRow, picture
from petitions.rules.vocabulary import RequestKind


def registered(actor: Actor) -> QuerySet[Petition]:
    """Petitions in sight with `due_on`, the nearest day of what is still owed."""
    owed = Request.objects.open().filter(petition=OuterRef("pk")).order_by(F("due_on").asc(nulls_last=True), "position")
    return Petition.objects.visible_to(actor).annotate(due_on=Subquery(owed.values("due_on")[:1]))


def with_chains(petitions: QuerySet[Petition]) -> QuerySet[Petition]:
    """With all that the rows read, in a fixed number of queries."""
    requests = Request.objects.exclude(kind=RequestKind.EXTENSION).prefetch_related(*PICTURED).order_by("position")
    return petitions.select_related("case__office", "case__rule_set", "case__unit").prefetch_related(
        Prefetch("requests", requests), "case__persons"
    )


@dataclass(frozen=True)
class RegisterRow:
    """One petition; `picture` is of the request that is shown: the open one that is due first, else the last."""

    petition: Petition
    request: Request | None
    picture: Picture | None
    signal: Signal | None
    working_days_left: int | None

    @property
    def due_on(self) -> date | None:
        return self.request.due_on if self.request and self.request.is_open else None

    @property
    def having_it(self) -> list[StationRow]:
        return self.picture.open_rows if self.picture else []

    @property
    def state(self) -> str:
        """In words, where no station has it."""
        if not self.petition.case.is_open:
            return "abgeschlossen"
        if self.petition.joined_to_id:
            return f"beantwortet mit {self.petition.joined_to}"
        if self.request is None:
            return "Anforderung fehlt noch"
        if not self.request.is_open:
            return "beantwortet" if self.request.answered_on else "beendet"
        return "Berichtsweg nicht begonnen" if is_on_route(self.request) else "ohne Berichtsweg zu beantworten"

    @property
    def remaining(self) -> int:
        """How many stations come after those that have it."""
        return len(self.picture.to_come) if self.picture else 0

    @property
    def is_in_danger(self) -> bool:
        return bool(self.picture and self.picture.is_in_danger)


def register_rows(petitions: Iterable[Petition], today: date) -> list[RegisterRow]:
    """A row for each petition that comes from `with_chains`."""
    calendars: dict[tuple[int, bool], Calendar] = {}
    rows = []
    for petition in petitions:
        case = petition.case
        key = (case.office_id, case.rule_set.parameters.closed_days_are_working_days)
        if key not in calendars:
            calendars[key] = case_calendar(case)
        calendar = calendars[key]
        requests = list(petition.requests.all())
        owed = sorted((r for r in requests if r.is_open), key=lambda r: (r.due_on or date.max, r.position))
        shown = (owed or requests[-1:] or [None])[0]
        drawn = picture(shown, today, calendar) if shown else None
        due_on = shown.due_on if shown and shown.is_open else None
        rows.append(
            RegisterRow(
                petition,
                shown,
                drawn,
                signal(calendar, today, due_on) if due_on else None,
                working_days_until(calendar, today, due_on) if due_on else None,
            )
        )
    return rows


def at_bodies(actor: Actor) -> QuerySet[Station]:
    """Stations outside the house that the actor acts for or whose office the actor's desk keeps, and whose turn it
    has been; the open ones first, the nearest day first."""
    keeping = frozenset(seat.office_id for seat in actor.seats_with(Permission.TRIAGE))
    mine = Q(keeper__in=keeping) & ~Q(keeper=F("request__petition__case__office"))
    found = Station.objects.visible_to(actor).filter(mine | Q(people__in=actor.holder_ids, desk=""))
    return found.filter(opened_on__isnull=False).distinct()


def counted(actor: Actor) -> dict[str, int]:
    """How many stations outside the house lie with the actor now, and how many there have been."""
    return (
        at_bodies(actor)
        .order_by()
        .aggregate(now=Count("pk", filter=Q(outcome="", request__withdrawn_on__isnull=True)), all=Count("pk"))
    )
