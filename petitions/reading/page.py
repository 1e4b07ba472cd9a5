"""What the page of a petition shows, and what can be done next on it and on its requests."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Exists, OuterRef
from django.urls import reverse

from cases.lookup import case_calendar
from cases.models import Case
from cases.permissions import why_may_not
from cases.rules.deadlines import Signal, signal
from cases.rules.kinds import Kind
from cases.seams import AddedStep, Panel
from offices.calendars import Calendar
from offices.errors import NotAllowed
from offices.queries import Actor
from offices.roles import Permission
from petitions.models import Petition, Request, Station
from petitions.reading.lookup import petition_of, requests_of
from petitions.reading.picture import Picture, picture, preview
from petitions.reading.routes import planned
from petitions.rules.requests import goes_the_route
from petitions.rules.states import request_state
from petitions.rules.vocabulary import AnswerForm, RequestKind

KINDS = (Kind.PETITION, Kind.SUBMISSION)


@dataclass(frozen=True)
class Button:
    """Something that can be done now."""

    label: str
    url: str
    prominent: bool = False
    post: bool = False


@dataclass(frozen=True)
class RequestRow:
    """A request with its picture, or the sentence why none can be drawn, and what can be done with it."""

    request: Request
    signal: Signal | None
    picture: Picture | None
    why_no_picture: str
    buttons: tuple[Button, ...]
    extensions: tuple[Request, ...]

    @property
    def state(self) -> str:
        request = self.request
        return request_state(
            has_begun=bool(self.picture and not self.picture.is_preview),
            answered_on=request.answered_on,
            refused_on=request.refused_on,
            withdrawn_on=request.withdrawn_on,
        ).label


def request_rows(actor: Actor, petition: Petition, requests: list[Request] | None = None) -> list[RequestRow]:
    """The requests without the extensions, which stand with the request they extend; in a fixed number of queries."""
    found = requests_of(petition) if requests is None else requests
    calendar = case_calendar(petition.case)
    return [
        _row(actor, request, [e for e in found if e.extends_id == request.pk], calendar)
        for request in found
        if request.kind != RequestKind.EXTENSION
    ]


def _row(actor: Actor, request: Request, extensions: list[Request], calendar: Calendar) -> RequestRow:
    drawn, why_not = picture_or_preview(request, actor.today, calendar)
    due = signal(calendar, actor.today, request.due_on) if request.is_open and request.due_on else None
    return RequestRow(request, due, drawn, why_not, tuple(buttons(actor, request, drawn)), tuple(extensions))


def picture_or_preview(request: Request, today: date, calendar: Calendar) -> tuple[Picture | None, str]:
    """The chain as it stands, before its start as it would be; without either the sentence why not."""
    drawn = picture(request, today, calendar)
    if drawn or not is_on_route(request):
        return drawn, ""
    if not request.is_open:
        return None, ""
    try:
        return preview(request, planned(request.petition, request, today).plan, today, calendar), ""
    except NotAllowed as refusal:
        return None, refusal.reason


def is_on_route(request: Request) -> bool:
    return goes_the_route(RequestKind(request.kind), AnswerForm(request.answer_form))


def buttons(actor: Actor, request: Request, drawn: Picture | None) -> list[Button]:
    """What the desk can do with a request as a whole; nothing for others."""
    if why_may_not(actor, Permission.TRIAGE, request.petition.case) or not request.petition.case.is_open:
        return []
    begun = drawn is not None and not drawn.is_preview

    def button(label: str, name: str, **kind: bool) -> Button:
        return Button(label, reverse(f"petitions:{name}", args=[request.pk]), **kind)

    found = []
    if request.is_open:
        if is_on_route(request) and not begun:
            found.append(button("Berichtsweg beginnen", "start", prominent=True, post=True))
        if not is_on_route(request):
            found.append(button("Antwort eintragen", "answer", prominent=True))
        if request.kind == RequestKind.FILES:
            found.append(button("Akten ablehnen", "refuse"))
        if request.due_on:
            found.append(button("Fristverlängerung eintragen", "extend"))
        if begun:
            found.append(button("Weg und Termine neu planen", "replan"))
        found.append(button("Ohne Antwort beenden", "withdraw"))
    if begun and not request.refused_on:
        found.append(button("Station noch einmal öffnen", "reopen"))
    return found


# On the page of the case


def added_steps(actor: Actor, case: Case) -> list[AddedStep]:
    """What comes next of a petition, among the steps of its case; one query for what is none."""
    if case.kind not in KINDS:
        return []
    why_not = why_may_not(actor, Permission.TRIAGE, case) or (None if case.is_open else "Der Vorgang ist beendet.")
    petition = petition_of(case.pk)
    if petition is None:
        url = reverse("petitions:open", args=[case.reference])
        label = f"Als {case.get_kind_display()} führen"
        return [AddedStep("petition_open", label, url, why_not=why_not, is_next=why_not is None)]
    petition.case = case
    label, url, is_next = _next(petition)
    return [AddedStep("petition", label, url, is_next=is_next and why_not is None)]


def _next(petition: Petition) -> tuple[str, str, bool]:
    """What the desk does next, where, and whether it comes before everything else."""
    page = petition.get_absolute_url()
    begun = Exists(Station.objects.filter(request=OuterRef("pk")))
    requests = list(petition.requests.exclude(kind=RequestKind.EXTENSION).annotate(has_begun=begun))
    if petition.joined_to_id or petition.waived_on:
        return "Petition ansehen", page, False
    if not requests:
        return "Anforderung eintragen", reverse("petitions:request_new", args=[petition.case.reference]), True
    for request in requests:
        if request.is_open and not is_on_route(request):
            return "Antwort eintragen", reverse("petitions:request", args=[request.pk]), True
        if request.is_open and not request.has_begun:
            return "Berichtsweg beginnen", reverse("petitions:request", args=[request.pk]), True
    if not any(request.is_open for request in requests) and _awaits_decision(petition):
        return "Entscheidung eintragen", reverse("petitions:decision_new", args=[petition.case.reference]), False
    return "Petition ansehen", page, False


def _awaits_decision(petition: Petition) -> bool:
    return not petition.decisions.exists() and petition.decision_options.exists()


def panels(actor: Actor, case: Case) -> list[Panel]:
    """The card of a petition: who requested, until when, and the chain of what is open."""
    if case.kind not in KINDS:
        return []
    petition = petition_of(case.pk)
    if petition is None:
        return []
    petition.case = case
    rows = request_rows(actor, petition)
    shown = next((row for row in rows if row.request.is_open), rows[-1] if rows else None)
    context = {"petition": petition, "row": shown, "more": len(rows) - 1}
    return [Panel("petition", case.get_kind_display(), "petitions/_panel.html", context, wide=True)]
