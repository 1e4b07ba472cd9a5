"""Several PDFs bound to one, with a bookmark for each; what cannot be opened safely is refused with the reason.

Files come from anywhere. Of each only what its pages show is taken over: no actions, scripts, links or attachments.
"""

import logging
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from io import BytesIO

from pypdf import PageObject, PdfReader, PdfWriter
from pypdf.generic import ArrayObject, DictionaryObject, NameObject, NumberObject, PdfObject

MOST_PAGES = 300  # of one file
LARGEST = 50 * 1024 * 1024  # bytes of one file
PRINTED = 4  # the flag of an annotation that is shown and printed
NOT_SHOWN = 2 | 32
LEFT_OUT = ("/AA", "/Annots", "/B", "/Metadata", "/PieceInfo", "/StructParents", "/Thumb")

NO_PDF = "kein PDF"
TOO_LARGE = "zu groß zum Einbinden"
TOO_LONG = f"mehr als {MOST_PAGES} Seiten"
ENCRYPTED = "mit Kennwort geschützt"
BROKEN = "lässt sich nicht lesen"

logging.getLogger("pypdf").setLevel(logging.CRITICAL)  # what is wrong with a file says something of what is in it


class CannotBind(ValueError):
    """The file cannot be bound in; a few German words say why."""


@dataclass(frozen=True)
class Leaves:
    """The pages of a file as a PDF of their own, with nothing else in it."""

    content: bytes
    count: int


def page_count(pdf: bytes) -> int:
    """Of a PDF that was made here."""
    return len(PdfReader(BytesIO(pdf)).pages)


def leaves(content: bytes) -> Leaves:
    """What a file from anywhere shows; CannotBind where it is no PDF, locked, damaged, too large or too long."""
    if not content.startswith(b"%PDF-"):
        raise CannotBind(NO_PDF)
    if len(content) > LARGEST:
        raise CannotBind(TOO_LARGE)
    try:
        return _copied(content)
    except CannotBind:
        raise
    except (Exception, RecursionError) as error:  # noqa: BLE001 - there is no end to what can be wrong with a PDF
        raise CannotBind(BROKEN) from error


def bind(front: bytes, parts: Sequence[tuple[str, Leaves]], title: str) -> bytes:
    """`front`, made here, and behind it the leaves of each part under a bookmark with its name."""
    writer = PdfWriter(clone_from=BytesIO(front))
    writer.root_object.pop("/Metadata", None)  # which says that the whole is PDF/UA, and only the front is
    for name, part in parts:
        writer.append(BytesIO(part.content), outline_item=name, import_outline=False)
    writer.add_metadata({"/Title": title})
    return _written(writer)


def _copied(content: bytes) -> Leaves:
    reader = PdfReader(BytesIO(content))
    if reader.is_encrypted:
        raise CannotBind(ENCRYPTED)
    count = _counted(reader)
    writer = PdfWriter()
    for page in reader.pages:
        copy = writer.add_page(page, excluded_keys=LEFT_OUT)
        copy[NameObject("/Annots")] = ArrayObject(_shown_annotations(page, writer))
    written = _written(writer)
    if not count or page_count(written) != count:
        raise CannotBind(BROKEN)
    return Leaves(written, count)


def _counted(reader: PdfReader) -> int:
    """The pages, counted one by one as far as `MOST_PAGES`: the number that stands in the file may be another."""
    waiting, seen, count = [reader.root_object["/Pages"]], set(), 0
    while waiting:
        node = waiting.pop().get_object()
        if not isinstance(node, DictionaryObject) or id(node) in seen or len(seen) > MOST_PAGES:
            raise CannotBind(BROKEN)
        if "/Kids" in node:
            seen.add(id(node))
            waiting += node["/Kids"][: MOST_PAGES + 1]
        else:
            count += 1
        if count > MOST_PAGES:
            raise CannotBind(TOO_LONG)
    return count


def _shown_annotations(page: PageObject, writer: PdfWriter) -> Iterator[PdfObject]:
    """Filled fields, stamps and remarks as they look on the page, without what they do."""
    for entry in page.get("/Annots", ArrayObject()).get_object():
        found = entry.get_object()
        if not isinstance(found, DictionaryObject) or not {"/AP", "/Rect"} <= found.keys():
            continue
        if int(found.get("/F", 0)) & NOT_SHOWN:
            continue
        kept = {
            "/Type": NameObject("/Annot"),
            "/Subtype": NameObject("/Stamp"),
            "/F": NumberObject(PRINTED),
            "/Rect": found["/Rect"].clone(writer),
            "/AP": found["/AP"].clone(writer),
        }
        if "/AS" in found:
            kept["/AS"] = found["/AS"].clone(writer)
        yield DictionaryObject({NameObject(key): value for key, value in kept.items()})


def _written(writer: PdfWriter) -> bytes:
    out = BytesIO()
    writer.write(out)
    return out.getvalue()
