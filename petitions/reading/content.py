"""The checksum of what is approved and sent, from rows."""

from collections.abc import Iterable

from cases.models import Document
from petitions.models import Request
from petitions.rules.content import content_hash


def content_of(
    request: Request, documents: Iterable[Document], *, copies: int | None = None, addressee: str = ""
) -> str:
    """Over these files; the copies and the addressee are those the request names where no others are given."""
    return content_hash(
        [document.sha256 for document in documents],
        copies=request.originals if copies is None else copies,
        addressee=addressee or request.petition.addressee,
    )
