"""The text of a Stellungnahme: written where it lies in the chain, and typeset to the paper that is passed on."""

from dataclasses import fields
from hashlib import sha256

from django.utils import timezone

from cases.documents import add_file
from cases.models import Document
from cases.recording import record
from cases.rules.registration import UploadedFile
from cases.unit_of_work import action
from offices.errors import ChangedMeanwhile, NotAllowed
from offices.letterhead import LetterError
from offices.queries import Actor
from offices.typesetting import CannotTypeset
from petitions.holding import Held, held_at
from petitions.models import StatementPaper, StatementText, Station
from petitions.permissions import stands_in_for
from petitions.reading.statement import statement_pdf, text_of, why_not_write
from petitions.rules.statement import LONGEST, Sections, tidy, why_no_paper
from petitions.rules.vocabulary import AnswerForm, Section, StationRole

STILL_EMPTY = "Die Stellungnahme ist noch leer."


@action
def edit_statement_text(*, by: Actor, station: Station, expected_version: int, sections: Sections) -> StatementText:
    """Save what is written at an open station; papers made before stay as they are, and approvals of them with them.

    By whoever acts there. ChangedMeanwhile with the stored and the submitted sections where somebody saved in between;
    nothing is written then. `expected_version` is 0 before the first saving.
    """
    held, current = _held(station, by)
    sections = tidy(sections)
    for section, words in sections.written:
        if len(words) > LONGEST:
            raise NotAllowed(f"{section.label}: Möglich sind {LONGEST} Zeichen.", section)
    text = _locked(held, current) or StatementText(request=held.request, part=current.part)
    if sections == text.sections:
        return text
    if text.version != expected_version:
        raise ChangedMeanwhile(_differences(text.sections, sections), text.version)
    for field in fields(sections):
        setattr(text, field.name, getattr(sections, field.name))
    text.version += 1
    text.changed_at, text.changed_by_id = timezone.now(), by.user_id
    text.save()
    return text


def take_as_paper(*, by: Actor, station: Station, expected_version: int) -> StatementPaper:
    """Typeset what stands as the next version and lay it with what this station passes on, in place of the former one.

    At the station that joins the parts their papers give way too; all files stay with the case. The same text again
    gives the paper that is there. NotAllowed where a section is missing or cannot be printed; ChangedMeanwhile where
    somebody saved in between. The PDF is made before any lock, because that takes a moment.
    """
    if reason := why_not_write(by, station, station.request.petition.case):
        raise NotAllowed(reason)
    text = text_of(station.request, station.part)
    if text is None:
        raise NotAllowed(STILL_EMPTY)
    if text.version != expected_version:
        raise ChangedMeanwhile({}, text.version)
    if problem := why_no_paper(text.sections, AnswerForm(station.request.answer_form)):
        raise NotAllowed(*problem)
    try:
        pdf = statement_pdf(station, station.part, text.sections)
    except (LetterError, CannotTypeset) as error:
        raise NotAllowed(str(error)) from error
    return file_paper(by=by, station=station, expected_version=expected_version, pdf=pdf)


@action
def file_paper(*, by: Actor, station: Station, expected_version: int, pdf: bytes) -> StatementPaper:
    """Keep the PDF of the text as version `expected_version`; see `take_as_paper`."""
    held, current = _held(station, by)
    text = _locked(held, current)
    if text is None:
        raise NotAllowed(STILL_EMPTY)
    if text.version != expected_version:
        raise ChangedMeanwhile({}, text.version)
    checksum = sha256(pdf).hexdigest()
    last = text.papers.select_related("document").order_by("number").last()
    if last is None or last.sections != text.sections or last.document.sha256 != checksum:
        last = _filed(held, current, text, pdf, checksum, number=last.number + 1 if last else 1, by=by)
    _swap(current, last)
    return last


def _filed(
    held: Held, station: Station, text: StatementText, pdf: bytes, checksum: str, *, number: int, by: Actor
) -> StatementPaper:
    name = f"{text}, Fassung {number}.pdf"
    file = UploadedFile(name=name, content_type="application/pdf", content=pdf, sha256=checksum)
    paper = StatementPaper.objects.create(
        text=text,
        number=number,
        document=add_file(file, by=by, case=held.case, category=Document.Category.OUTGOING),
        made_at=timezone.now(),
        made_by_id=by.user_id,
        **{section: getattr(text, section) for section in Section},
    )
    record(
        "petition.paper_made",
        by=by,
        in_place_of=stands_in_for(by, station, held.case),
        office_id=held.case.office_id,
        case=held.case,
        request=held.request.pk,
        station=str(station),
        part=text.part,
        number=number,
        document=paper.document_id,
    )
    return paper


def _swap(station: Station, paper: StatementPaper) -> None:
    former = StatementPaper.objects.of(station.request).exclude(pk=paper.pk)
    if station.role != StationRole.JOIN:
        former = former.filter(text=paper.text)
    station.documents.remove(*former.values_list("document", flat=True))
    station.documents.add(paper.document_id)


def _held(station: Station, by: Actor) -> tuple[Held, Station]:
    held, current = held_at(station, by=by)
    if reason := why_not_write(by, current, held.case):
        raise NotAllowed(reason)
    return held, current


def _locked(held: Held, station: Station) -> StatementText | None:
    texts = StatementText.objects.select_for_update(no_key=True)
    return texts.filter(request=held.request, part=station.part).first()


def _differences(stored: Sections, submitted: Sections) -> dict[str, tuple[str, str]]:
    pairs = ((section, getattr(stored, section), getattr(submitted, section)) for section in Section)
    return {section.label: (before, after) for section, before, after in pairs if before != after}
