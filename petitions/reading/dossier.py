"""The file of a petition as one PDF: data, index, route with dates, approvals, and behind them what was passed on.

Who sees the petition as a whole gets all of it. Who has a station of it gets that station and what was passed to it.
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from cases.letters.reading.paper import letterhead_of
from cases.models import Document
from offices.binding import TOO_LARGE, CannotBind, Leaves, bind, leaves, page_count
from offices.letterhead import render_sheet
from offices.queries import Actor
from petitions.models import Petition, PlanVersion, Request, StatementPaper, Station
from petitions.reading.statement import petitioner_of, sees_whole
from petitions.rules.vocabulary import Outcome, StationRole

MOST_PAGES = 1_500  # bound in altogether
MOST_BYTES = 150 * 1024 * 1024
MISSING = "Datei fehlt"
STYLE = "petitions/dossier.css"


@dataclass(frozen=True)
class Leg:
    """A station's turn in one round with its day in the plan that holds."""

    station: Station
    planned_on: date | None


@dataclass(frozen=True)
class RequestFile:
    """One request with its way and who agreed; `plans` are the versions of the plan, the last of which holds."""

    request: Request
    legs: list[Leg]
    plans: Sequence[PlanVersion] = ()

    @property
    def approvals(self) -> list[Station]:
        """Who said yes to which version, in the order of the days."""
        rows = [leg.station for leg in self.legs if leg.station.outcome == Outcome.PASSED_ON]
        agreed = [row for row in rows if row.content_hash or StationRole(row.role).is_approval]
        return sorted(agreed, key=lambda row: (row.done_on, row.position))


@dataclass(frozen=True)
class Enclosure:
    """A file in its place: on which page it begins, or why it only lies beside."""

    title: str
    document: Document
    why_not: str = ""
    page: int = 0
    bound: Leaves | None = None


@dataclass(frozen=True)
class Dossier:
    petition: Petition
    requests: list[RequestFile]
    enclosures: list[Enclosure]
    is_whole: bool

    @property
    def name(self) -> str:
        """Another house's number stays there."""
        return str(self.petition) if self.is_whole else self.petition.number or "Petition"


def petition_dossier(petition: Petition) -> Dossier:
    """All requests with all that belongs to them, for somebody who sees the petition as a whole."""
    return _whole(petition, list(petition.requests.order_by("position")))


def station_dossier(actor: Actor, station: Station) -> Dossier:
    """The request of a station for who sees the whole; for everybody else that station and what was passed to it."""
    request, petition = station.request, station.request.petition
    if sees_whole(actor, petition.case):
        return _whole(petition, [request])
    plan = request.plans.order_by("number").last()
    file = RequestFile(request, [Leg(station, _planned(plan).get(station.key))])
    return Dossier(petition, [file], list(_titled(_passed([station]), is_whole=False)), is_whole=False)


def dossier_pdf(dossier: Dossier) -> bytes:
    """PDF bytes; a file that cannot be bound in is listed. LetterError as for every sheet."""
    enclosures = _bound(dossier.enclosures)
    front, count = b"", 0
    for _ in range(3):  # the index says on which page something begins, and may itself become a page longer
        front = render_sheet("petitions/dossier.html", _context(dossier, _numbered(enclosures, count + 1)), STYLE)
        if page_count(front) == count:
            break
        count = page_count(front)
    parts = [(enclosure.title, enclosure.bound) for enclosure in enclosures if enclosure.bound]
    return bind(front, parts, _title(dossier))


def _whole(petition: Petition, requests: Collection[Request]) -> Dossier:
    files = [_request_file(request) for request in requests]
    documents = {document.pk: (title, document) for title, document in _named(petition, requests)}
    stations = [leg.station for file in files for leg in file.legs]
    for document in _passed(stations):
        documents.setdefault(document.pk, ("", document))
    for request in requests:
        for sent in request.dispatches.prefetch_related("documents"):
            for document in sent.documents.all():
                documents.setdefault(document.pk, ("", document))
    named = {pk: title for pk, (title, _) in documents.items() if title}
    enclosures = _titled([document for _, document in documents.values()], is_whole=True, named=named)
    return Dossier(petition, files, list(enclosures), is_whole=True)


def _request_file(request: Request) -> RequestFile:
    plans = list(request.plans.select_related("made_by").order_by("number"))
    planned = _planned(plans[-1]) if plans else {}
    related = ("done_by", "for_user")
    rows = list(request.stations.select_related(*related).prefetch_related("documents").order_by("position"))
    places = {key: place for place, key in enumerate(planned)}
    rows.sort(key=lambda row: (places.get(row.key, len(places)), row.round))
    return RequestFile(request, [Leg(row, planned.get(row.key)) for row in rows], plans)


def _planned(version: PlanVersion | None) -> dict[str, date]:
    """Key of each station -> its day, in the order of the way."""
    return {entry.key: entry.planned_on for entry in version.plan.stations} if version else {}


def _passed(stations: Collection[Station]) -> list[Document]:
    """The files that lie at these stations, each once, in the order in which they came to the case."""
    found = {document.pk: document for station in stations for document in station.documents.all()}
    return [found[pk] for pk in sorted(found)]


def _named(petition: Petition, requests: Collection[Request]) -> Iterator[tuple[str, Document]]:
    """The files that say by their place what they are."""
    for request in requests:
        if request.document:
            yield f"Anforderung {request.position}: {request}", request.document
    if petition.power_of_attorney:
        yield "Vollmacht", petition.power_of_attorney
    for decision in petition.decisions.select_related("option", "document"):
        if decision.document:
            yield f"Beschluss: {decision}", decision.document
    if petition.waiver:
        yield "Verzicht auf eine Antwort", petition.waiver


def _titled(
    documents: Collection[Document], *, is_whole: bool, named: dict[int, str] | None = None
) -> Iterator[Enclosure]:
    """The Stellungnahmen first, the last version before those it replaced, then the rest as it came."""
    papers = StatementPaper.objects.filter(document__in=[document.pk for document in documents])
    by_document = {paper.document_id: paper for paper in papers.select_related("text")}
    last = {paper.text_id: paper.number for paper in sorted(by_document.values(), key=lambda paper: paper.number)}
    places = {document.pk: place for place, document in enumerate(documents)}

    def place(document: Document) -> tuple:
        paper = by_document.get(document.pk)
        return (0, paper.text.part, -paper.number) if paper else (1, "", places[document.pk])

    for document in sorted(documents, key=place):
        title = (named or {}).get(document.pk) or document.name
        if paper := by_document.get(document.pk):
            is_former = is_whole and paper.number < last[paper.text_id]
            title = f"{paper.text}, {paper}{', ersetzt' if is_former else ''}"
        yield Enclosure(title, document)


def _bound(enclosures: Collection[Enclosure]) -> list[Enclosure]:
    found, pages, size = [], 0, 0
    for enclosure in enclosures:
        try:
            if size + enclosure.document.size > MOST_BYTES:
                raise CannotBind(TOO_LARGE)
            part = leaves(_content(enclosure.document))
            if pages + part.count > MOST_PAGES:
                raise CannotBind(TOO_LARGE)
        except CannotBind as reason:
            found.append(replace(enclosure, why_not=str(reason)))
            continue
        pages, size = pages + part.count, size + len(part.content)
        found.append(replace(enclosure, bound=part))
    return found


def _content(document: Document) -> bytes:
    try:
        with document.file.open("rb") as file:
            return file.read()
    except OSError as error:
        raise CannotBind(MISSING) from error


def _numbered(enclosures: Collection[Enclosure], first: int) -> Iterator[Enclosure]:
    for enclosure in enclosures:
        yield replace(enclosure, page=first)
        first += enclosure.bound.count if enclosure.bound else 0


def _title(dossier: Dossier) -> str:
    return f"Akte zur {dossier.petition.kind.label} {dossier.name}"


def _context(dossier: Dossier, numbered: Iterator[Enclosure]) -> dict[str, Any]:
    petition, enclosures = dossier.petition, list(numbered)
    return {
        "letterhead": letterhead_of(petition.case.office),
        "title": _title(dossier),
        "petition": petition,
        "case": petition.case if dossier.is_whole else None,
        "petitioner": petitioner_of(petition.case) if dossier.is_whole else None,
        "requests": dossier.requests,
        "enclosures": enclosures,
        "beside": [enclosure for enclosure in enclosures if not enclosure.bound],
        "is_whole": dossier.is_whole,
    }
