"""What has to be right before a station passes it on. Called by actions on a chain they have locked."""

from collections.abc import Collection

from cases.models import Document
from offices.errors import NotAllowed
from petitions.models import Station
from petitions.reading.checklist import checklist, why_not_checked
from petitions.reading.statement import is_written_at, paper_among, text_of


def check_passable(station: Station, documents: Collection[Document]) -> None:
    """Raises NotAllowed while KRM has not checked all of its list (PAN-29), and for a paper that its text has left
    behind: nobody may believe a change went along that did not."""
    if reason := why_not_checked(checklist(station)):
        raise NotAllowed(reason)
    if not is_written_at(station):
        return
    text = text_of(station.request, station.part)
    paper = paper_among(text, [document.pk for document in documents])
    if text and paper and paper.sections != text.sections:
        raise NotAllowed(
            f"Der Text wurde nach {paper} noch geändert. Bitte als PDF übernehmen oder die Änderung zurücknehmen.",
            "documents",
        )
