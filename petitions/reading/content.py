"""The checksum of what is approved and sent, from rows."""

from collections.abc import Iterable

from cases.models import Document
from petitions.models import Request
from petitions.rules.content import content_hash


def content_of(request: Request, documents: Iterable[Document]) -> str:
    """Over these files, with the originals and the requester the request names."""
    petition = request.petition
    return content_hash(
        [document.sha256 for document in documents],
        copies=request.originals,
        addressee=petition.requester_name or petition.get_requester_display(),
    )
