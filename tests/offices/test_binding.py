"""PDFs bound to one: bookmarks and pages in order, and nothing of a hostile file but what its pages show."""

from io import BytesIO

import pytest
from pypdf import PdfReader, PdfWriter
from pypdf.generic import ArrayObject, DictionaryObject, FloatObject, NameObject, StreamObject, TextStringObject

from offices import binding
from offices.binding import CannotBind, bind, leaves, page_count


def pdf(pages: int = 1, change=None) -> bytes:
    writer = PdfWriter()
    for _ in range(pages):
        writer.add_blank_page(width=595, height=842)
    if change:
        change(writer)
    out = BytesIO()
    writer.write(out)
    return out.getvalue()


def raw(kids: str, count: int, more: str = "") -> bytes:
    """A file written by hand, whose page tree says what it likes; without a table of its objects."""
    return (
        b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"
        + f"2 0 obj<</Type/Pages/Kids[{kids}]/Count {count}>>endobj\n".encode()
        + b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>>endobj\n"
        + more.encode()
        + b"trailer<</Root 1 0 R/Size 9>>\nstartxref\n0\n%%EOF\n"
    )


def locked(writer: PdfWriter) -> None:
    writer.encrypt("geheim", algorithm="RC4-128")


NESTED = "".join(
    f"{n} 0 obj<</Type/Pages/Kids[{n + 1} 0 R]/Count 1/Parent {n - 1} 0 R>>endobj\n" for n in range(4, 900)
)


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", binding.NO_PDF),
        (b"PK\x03\x04 word", binding.NO_PDF),
        (b"%PDF-1.7 application", binding.BROKEN),
        (b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n", binding.BROKEN),
        (pdf(2)[:-200], binding.BROKEN),
        (pdf(change=locked), binding.ENCRYPTED),
        (pdf(binding.MOST_PAGES + 1), binding.TOO_LONG),
        (raw("3 0 R " * 20_000, 1), binding.TOO_LONG),
        (raw("3 0 R", 2_000_000_000), None),
        (raw("2 0 R 3 0 R", 2), binding.BROKEN),
        (raw("4 0 R", 1, NESTED), binding.BROKEN),
        (raw("9 0 R", 1), binding.BROKEN),
        (raw("(text) 7", 1), binding.BROKEN),
    ],
    ids=[
        "empty", "word", "only a beginning", "no pages", "cut off", "locked", "too long", "one page many times",
        "says it is long", "in a circle", "deep", "a page that is not there", "no page",
    ],
)  # fmt: skip
def test_what_cannot_be_bound_in_is_refused_with_a_reason_and_the_rest_is_read(content, reason):
    if reason is None:
        assert leaves(content).count >= 1
        return
    with pytest.raises(CannotBind) as refused:
        leaves(content)
    assert str(refused.value) == reason


def test_a_file_too_large_is_not_even_opened(monkeypatch):
    monkeypatch.setattr(binding, "LARGEST", 100)
    with pytest.raises(CannotBind, match=binding.TOO_LARGE):
        leaves(pdf())


def appearance(writer: PdfWriter):
    stream = StreamObject()
    stream.set_data(b"0 0 10 10 re f")
    stream[NameObject("/Subtype")] = NameObject("/Form")
    stream[NameObject("/BBox")] = ArrayObject(FloatObject(n) for n in (0, 0, 10, 10))
    return writer._add_object(stream)


def acting(writer: PdfWriter) -> None:
    """Scripts at every place that can have one, an attachment, a link, and a field that is filled in."""
    script = DictionaryObject(
        {NameObject("/S"): NameObject("/JavaScript"), NameObject("/JS"): TextStringObject("böse")}
    )
    rect = ArrayObject(FloatObject(n) for n in (10, 10, 50, 50))
    look = DictionaryObject({NameObject("/N"): appearance(writer)})
    link = {"/Subtype": NameObject("/Link"), "/Rect": rect, "/A": script}
    field = {"/Subtype": NameObject("/Widget"), "/Rect": rect, "/AP": look, "/AA": script, "/FT": NameObject("/Tx")}
    page = writer.pages[0]
    entries = [DictionaryObject({NameObject(k): v for k, v in entry.items()}) for entry in (link, field)]
    page[NameObject("/Annots")] = ArrayObject([*entries, TextStringObject("Unsinn")])
    page[NameObject("/AA")] = DictionaryObject({NameObject("/O"): script})
    writer.root_object[NameObject("/OpenAction")] = script
    writer.add_attachment("böse.exe", b"MZ")


def test_of_a_file_only_what_its_pages_show_is_taken_over():
    found = leaves(pdf(change=acting))
    reader = PdfReader(BytesIO(found.content))
    (shown,) = [entry.get_object() for entry in reader.pages[0]["/Annots"]]
    assert set(shown) == {"/Type", "/Subtype", "/F", "/Rect", "/AP"}
    assert shown["/AP"]["/N"].get_data() == b"0 0 10 10 re f"
    bound = bind(pdf(), [("Anlage", found)], "Akte")
    for word in (b"JavaScript", b"OpenAction", b"EmbeddedFile", b"/AA", b"/Link", "böse".encode("utf-16-be")):
        assert word not in found.content + bound


def test_the_bound_file_has_its_title_and_a_bookmark_on_the_first_page_of_each_part():
    def with_bookmark(writer: PdfWriter) -> None:
        writer.add_outline_item(title="Inhalt", page_number=0)

    parts = [("Stellungnahme", leaves(pdf(3))), ("Anlage (ü)", leaves(pdf(2)))]
    bound = bind(pdf(2, with_bookmark), parts, "Akte")
    reader = PdfReader(BytesIO(bound))
    bookmarks = [(entry.title, reader.get_destination_page_number(entry)) for entry in reader.outline]
    assert bookmarks == [("Inhalt", 0), ("Stellungnahme", 2), ("Anlage (ü)", 5)]
    assert (page_count(bound), reader.metadata.title) == (7, "Akte")
