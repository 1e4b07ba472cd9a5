"""The text of a Stellungnahme as pages and actions ask for it: who writes where, its versions, the whole, the paper."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from cases.letters.reading.paper import letterhead_of
from cases.models import Case, Person
from cases.rules.retention import file_reference
from cases.rules.word_diff import Piece, word_diff
from offices.letterhead import render_sheet
from offices.queries import Actor
from petitions.models import Request, StatementPaper, StatementText, Station
from petitions.permissions import why_not_act
from petitions.rules.statement import WRITING, Sections, joined, paragraphs, title_of
from petitions.rules.vocabulary import Competence, Outcome, StationRole

SIGNING = (StationRole.SIGN, StationRole.AUTHORISE)
NOTHING_WRITTEN = "An dieser Station wird die Stellungnahme nicht geschrieben."
NOT_ITS_TURN = "Diese Station ist nicht an der Reihe; geschrieben wird, wo die Stellungnahme gerade liegt."


def sees_whole(actor: Actor, case: Case) -> bool:
    """Whether the petition is the actor's as a whole: not for who has only a station of it or was only asked (K18)."""
    return Case.objects.whole_to(actor).filter(pk=case.pk).exists()


def is_written_at(station: Station) -> bool:
    """Whether the text has a place here: drafted, written, joined, and checked by the house, which mends its form."""
    return station.role in WRITING and (station.role != StationRole.CHECK or bool(station.desk))


def why_not_write(actor: Actor, station: Station, case: Case) -> str | None:
    """The sentence why this person does not write at this station now; None where they do."""
    if not is_written_at(station):
        return NOTHING_WRITTEN
    if not station.is_open or station.request.withdrawn_on or not case.is_open:
        return NOT_ITS_TURN
    return why_not_act(actor, station, case)


def text_of(request: Request, part: str) -> StatementText | None:
    """What is written on this request for this part, or for the whole."""
    return StatementText.objects.filter(request=request, part=part).select_related("changed_by").first()


@dataclass(frozen=True)
class VersionRow:
    """A version with what changed since the one before; the first has no differences."""

    paper: StatementPaper
    differences: list[Piece]


def version_rows(text: StatementText, among: Collection[int] | None = None) -> list[VersionRow]:
    """The versions, newest first; with `among` those whose file is one of these."""
    papers = text.papers.select_related("document", "made_by").order_by("number")
    shown = [paper for paper in papers if among is None or paper.document_id in among]
    rows = []
    for before, paper in zip([None, *shown], shown, strict=False):
        rows.append(VersionRow(paper, word_diff(before.sections.as_text, paper.sections.as_text) if before else []))
    return rows[::-1]


def unsaved_differences(text: StatementText, rows: Collection[VersionRow]) -> list[Piece]:
    """What changed since the last version was typeset; nothing before the first."""
    last = next(iter(rows), None)
    if last is None or last.paper.sections == text.sections:
        return []
    return word_diff(last.paper.sections.as_text, text.sections.as_text)


def paper_among(text: StatementText | None, documents: Collection[int]) -> StatementPaper | None:
    """The newest version of a text whose file is one of these."""
    if text is None:
        return None
    return text.papers.filter(document__in=documents).order_by("-number").first()


@dataclass(frozen=True)
class ApprovedPart:
    """What a part says as all of its stations let it pass; without a paper it came as a file."""

    competence: Competence
    paper: StatementPaper | None


def approved_parts(station: Station) -> list[ApprovedPart]:
    """The parts whose stations are done, in the order of the chain, as they lie at the station that joins them."""
    if station.role != StationRole.JOIN:
        return []
    rows = {row.key: row for row in station.request.stations.exclude(part="").order_by("position")}
    parts = dict.fromkeys(row.part for row in rows.values())
    done = [part for part in parts if all(row.outcome for row in rows.values() if row.part == part)]
    passed = [document.pk for document in station.documents.all()]
    papers = StatementPaper.objects.of(station.request).filter(document__in=passed).select_related("text", "document")
    newest = {paper.text.part: paper for paper in papers.order_by("number")}
    return [ApprovedPart(Competence(part), newest.get(part)) for part in done]


def proposal(parts: Collection[ApprovedPart]) -> Sections:
    """The whole as it can be put together from its parts (B2-9)."""
    return joined((part.competence, part.paper.sections if part.paper else None) for part in parts)


def statement_pdf(station: Station, part: str, sections: Sections) -> bytes:
    """PDF bytes with the head of the office that writes, the same for the same text; LetterError as for every sheet."""
    return render_sheet("petitions/statement_paper.html", statement_page(station, part, sections))


def statement_page(station: Station, part: str, sections: Sections) -> dict[str, Any]:
    """What the paper says. In another house it names only the number of who requests, for nothing else of the petition
    is seen there; a body without KRM is named under the head of the office that enters what it writes."""
    request, petition = station.request, station.request.petition
    case, office = petition.case, station.keeper
    is_ours = office.pk == case.office_id
    plan = case.rule_set.parameters.file_plan
    return {
        "letterhead": letterhead_of(office),
        "title": title_of(office.name if station.desk or station.office_id else station.body_name),
        "petition": petition,
        "request": request,
        "part": Competence(part).label if part else "",
        "case": case if is_ours else None,
        "file_reference": file_reference(plan, case.kind, case.reference) if is_ours else "",
        "petitioner": petitioner_of(case) if is_ours else None,
        "sections": [(section.label, list(paragraphs(text))) for section, text in sections.written],
        "place": office.city,
        "signers": [] if part else _signers(request),
    }


def petitioner_of(case: Case) -> Person | None:
    """Whose petition it is, not who stands in for them."""
    people = sorted(case.persons.all(), key=lambda person: person.capacity != Person.Capacity.COMPLAINANT)
    return next(iter(people), None)


def _signers(request: Request) -> list[str]:
    """Who signs or authorises the whole, by the names of the bodies, in their order."""
    rows = request.stations.filter(role__in=SIGNING, part="").exclude(outcome=Outcome.SKIPPED).order_by("position")
    return list(dict.fromkeys(rows.values_list("body_name", flat=True)))
