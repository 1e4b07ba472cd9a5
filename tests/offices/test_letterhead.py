"""Letters as PDF: measured in mm, read back as text, looked through for what must not be there."""

import io
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

import pdfplumber
import pytest

from offices import typesetting
from offices.letterhead import LetterError, Letterhead, LetterPage, check_letter, render_letter, render_sheet

MM = 25.4 / 72
NEAR = 0.5  # mm
GLYPH_BOX = 1.2  # height from ascent to descent of Fira Sans, in em; it sits in the middle of its line

HEAD = Letterhead(
    office_name="Jobcenter Musterstadt",
    claim="Kundenreaktionsmanagement",
    sender_line="Jobcenter Musterstadt · Große Straße 1 · 10407 Musterstadt",
    street="Große Straße 1",
    postcode_city="10407 Musterstadt",
    phone="030 5555 34-0",
    fax="030 5555 34-99",
    email="post@jobcenter.example",
    web="www.jobcenter.example",
    opening_hours=("Mo bis Fr 8–12 Uhr",),
    bank=("IBAN DE00 0000 0000 0000 0000 00",),
)
LETTER = LetterPage(
    letterhead=HEAD,
    recipient=("Frau", "Aylin Şahin", "Lange Allee 12", "10405 Musterstadt"),
    info=(
        ("Ihr Zeichen", ""),
        ("Mein Zeichen", "II-6001 PAN-2026-00042"),
        ("Name", "Katharina Weiß"),
        ("Durchwahl", "030 5555 34-25"),
        ("Datum", "23.11.2026"),
    ),
    subject="Ihre Beschwerde vom 19.11.2026",
    salutation="Sehr geehrte Frau Şahin,",
    body=("vielen Dank für Ihr Schreiben.", "Sie erhalten bis zum 11.12.2026 eine Antwort."),
    signature_lines=("i. V.", "Katharina Weiß", "KRM-Beauftragte"),
    enclosures=("Merkblatt",),
    title="Eingangsbestätigung PAN-2026-00042",
)
PARAGRAPH = "Wir prüfen, was geschehen ist, und bitten die Kolleginnen und Kollegen um eine Stellungnahme. " * 3
WORDS = {"keep_blank_chars": True, "extra_attrs": ["size"], "x_tolerance": 2}


@contextmanager
def opened(page: LetterPage) -> Iterator[pdfplumber.PDF]:
    with pdfplumber.open(io.BytesIO(render_letter(page))) as pdf:
        yield pdf


def text_of(page: LetterPage) -> str:
    with opened(page) as pdf:
        return "\n".join(sheet.extract_text() for sheet in pdf.pages)


def find(sheet, text: str, line_height_mm: float) -> tuple[float, float]:
    """Left edge and top of the line box (not of the glyphs) of the one line that reads `text`, in mm."""
    found = [word for word in sheet.extract_words(**WORDS) if word["text"].strip() == text]
    assert len(found) == 1, f"{text}: {len(found)}"
    glyph_bottom, glyph_height = found[0]["bottom"] * MM, found[0]["size"] * MM * GLYPH_BOX
    return found[0]["x0"] * MM, glyph_bottom - (line_height_mm + glyph_height) / 2


def lines_in(sheet, left: float, top: float, right: float, bottom: float) -> list[str]:
    box = tuple(side / MM for side in (left, top, right, bottom))
    return sheet.within_bbox(box).extract_text().split("\n")


def test_the_address_field_lies_in_the_window_of_form_b():
    with opened(LETTER) as pdf:
        sheet = pdf.pages[0]
        assert lines_in(sheet, 25, 62.7, 105, 90) == list(LETTER.recipient)
        assert lines_in(sheet, 25, 45, 105, 62.7) == [HEAD.sender_line]
        for number, line in enumerate(LETTER.recipient):
            left, top = find(sheet, line, 4.55)
            assert (left, top) == pytest.approx((25, 62.7 + number * 4.55), abs=NEAR)


def test_the_return_address_stands_right_above_the_address():
    with opened(LETTER) as pdf:
        left, top = find(pdf.pages[0], HEAD.sender_line, 4)
    assert (left, top) == pytest.approx((25, 57.7), abs=NEAR)


def test_three_endorsements_fit_between_return_address_and_address():
    endorsement = ("Persönlich", "Einschreiben", "Nicht nachsenden!")
    with opened(replace(LETTER, endorsement=endorsement)) as pdf:
        assert lines_in(pdf.pages[0], 25, 45, 105, 62.7) == [HEAD.sender_line, *endorsement]


def test_one_address_line_is_the_first_of_the_zone():
    with opened(replace(LETTER, recipient=("Łukasz Đoković",))) as pdf:
        sheet = pdf.pages[0]
        assert find(sheet, "Łukasz Đoković", 4.55) == pytest.approx((25, 62.7), abs=NEAR)
        assert lines_in(sheet, 20, 62.7, 105, 95) == ["Łukasz Đoković"]


def test_six_address_lines_end_within_the_window():
    six = ("Verein e. V.", "Kreisverband", "Herrn", "Max Groß", "Hauptstraße 1", "10963 Musterstadt")
    with opened(replace(LETTER, recipient=six)) as pdf:
        sheet = pdf.pages[0]
        assert lines_in(sheet, 25, 62.7, 105, 90) == list(six)
        assert find(sheet, six[5], 4.55) == pytest.approx((25, 62.7 + 5 * 4.55), abs=NEAR)


def test_a_long_name_is_wrapped_within_the_address_field():
    name = "Prof. Dr. Friederike-Charlotte Gräfin von Hohenzollern-Müllershausen"
    with opened(replace(LETTER, recipient=(name, "Allee 1", "10405 Musterstadt"))) as pdf:
        printed = lines_in(pdf.pages[0], 25, 62.7, 105, 90)
    assert printed == [
        "Prof. Dr. Friederike-Charlotte Gräfin von",
        "Hohenzollern-Müllershausen",
        "Allee 1",
        "10405 Musterstadt",
    ]


def test_the_information_block_begins_at_125_and_50_mm_and_leaves_out_what_is_empty():
    with opened(LETTER) as pdf:
        sheet = pdf.pages[0]
        assert find(sheet, "Mein Zeichen", 4.2) == pytest.approx((125, 50), abs=NEAR)
        assert find(sheet, "II-6001 PAN-2026-00042", 4.2) == pytest.approx((155, 50), abs=NEAR)
        assert lines_in(sheet, 124, 45, 200, 97) == [
            "Mein Zeichen II-6001 PAN-2026-00042",
            "Name Katharina Weiß",
            "Durchwahl 030 5555 34-25",
            "Datum 23.11.2026",
        ]


def test_a_long_email_address_is_broken_before_the_at_sign_and_never_hyphenated():
    info = (*LETTER.info, ("E-Mail", "krm-musterstadt.buero@jobcenter-muster.example"))
    with opened(replace(LETTER, info=info)) as pdf:
        printed = lines_in(pdf.pages[0], 154, 45, 201, 98)
    assert printed[-2:] == ["krm-musterstadt.buero", "@jobcenter-muster.example"]


def test_fold_marks_and_hole_mark_are_where_the_folding_machine_expects_them():
    with opened(LETTER) as pdf:
        marks = [rect for rect in pdf.pages[0].rects if rect["x0"] * MM < 20]
        found = [tuple(round(rect[side] * MM, 2) for side in ("x0", "top", "width")) for rect in marks]
    assert found == [(5, 105, 2.5), (5, 148.5, 4), (5, 210, 2.5)]


def test_the_subject_is_the_first_line_of_the_text_at_98_mm():
    with opened(LETTER) as pdf:
        sheet = pdf.pages[0]
        assert find(sheet, LETTER.subject, 14.5 * MM) == pytest.approx((25, 98.46), abs=NEAR)
        assert lines_in(sheet, 20, 97, 195, 255) == [
            LETTER.subject,
            LETTER.salutation,
            *LETTER.body,
            "Mit freundlichen Grüßen",
            *LETTER.signature_lines,
            "Anlage",
            "Merkblatt",
        ]


def test_all_text_keeps_to_the_margins():
    with opened(replace(LETTER, body=(PARAGRAPH * 3 + "x" * 200,) * 8)) as pdf:
        sheets = [[(c["x0"] * MM, c["x1"] * MM, c["bottom"] * MM) for c in page.chars] for page in pdf.pages]
    for sheet in sheets:
        assert min(left for left, _, _ in sheet) == pytest.approx(25, abs=NEAR)
        assert max(right for _, right, _ in sheet) <= 190 + NEAR
        assert max(bottom for _, _, bottom in sheet) <= 290


def test_the_foot_of_page_one_names_every_way_to_reach_the_office():
    with opened(LETTER) as pdf:
        printed = lines_in(pdf.pages[0], 20, 260, 195, 297)
    assert printed == [
        "Jobcenter Musterstadt Telefon 030 5555 34-0 Öffnungszeiten Bankverbindung",
        "Große Straße 1 Telefax 030 5555 34-99 Mo bis Fr 8–12 Uhr IBAN DE00 0000 0000 0000 0000 00",
        "10407 Musterstadt post@jobcenter.example",
        "www.jobcenter.example",
    ]


def test_a_long_letter_counts_its_pages_from_the_second_on():
    with opened(replace(LETTER, body=(PARAGRAPH,) * 12)) as pdf:
        first, second = pdf.pages
        assert "Seite" not in first.extract_text()
        lines = second.extract_text().split("\n")
        assert lines[0] == "Jobcenter Musterstadt · II-6001 PAN-2026-00042 · 23.11.2026"
        assert lines[-1] == "Seite 2 von 2"
        assert [rect for rect in second.rects if rect["x0"] * MM < 20] == []
        body = [c["top"] * MM for c in second.chars if c["size"] > 10]
        assert min(body) >= 20


@pytest.mark.parametrize("paragraphs", range(10, 24))
def test_the_closing_never_stands_alone_on_a_page(paragraphs):
    with opened(replace(LETTER, body=("Satz.",) * paragraphs)) as pdf:
        first_lines = [page.extract_text().split("\n")[1] for page in pdf.pages[1:]]
    assert first_lines == ["Satz."] * len(first_lines)


def test_letters_of_all_latin_alphabets_and_cyrillic_survive():
    text = "ÄÖÜäöüßẞ € Łódź Győző Şırnak Čapek Þór Nguyễn Thị Ưỹ ſ ə § „so“ – Привіт, Ёлка ☐"
    assert text in text_of(replace(LETTER, body=(text,)))


def test_letters_and_accents_typed_apart_are_printed_as_one():
    assert "Gräfin" in text_of(replace(LETTER, body=("Gra\u0308fin",)))


@pytest.mark.parametrize(
    ("typed", "printed"),
    [
        ("Guten Tag 中文!", "Guten Tag [U+4E2D][U+6587]!"),
        ("Danke \U0001f64f\ufe0f", "Danke [U+1F64F]"),
        ("\uf0b7 ein Punkt", "• ein Punkt"),
        ("\x93so\x94 kostet 5 \x80", "“so” kostet 5 €"),
        ("eins\u2028zwei", "eins zwei"),
        ("Ca\u200bfe\u0301", "Café"),
        ("Zahl \u0661", "Zahl \u0661"),
    ],
)
def test_any_character_that_can_be_typed_or_pasted_is_printed(typed, printed):
    assert printed in text_of(replace(LETTER, body=(typed,)))


def test_control_characters_are_dropped():
    assert "vor nach" in text_of(replace(LETTER, body=("vor\x00\x08 \x0cnach",)))


def test_line_breaks_within_a_paragraph_are_kept():
    assert "Montag\nDienstag\n" in text_of(replace(LETTER, body=("Montag\r\nDienstag",)))


def test_all_fonts_are_embedded():
    with opened(replace(LETTER, body=("Fira und ☐",))) as pdf:
        fonts = {char["fontname"] for char in pdf.pages[0].chars}
    assert {name.partition("+")[2] for name in fonts} == {"Fira-Sans", "Fira-Sans-Semi-Bold", "DejaVu-Sans"}
    assert all(len(name.partition("+")[0]) == 6 for name in fonts)  # the tag of an embedded subset


def test_the_pdf_is_tagged_and_knows_its_language_and_title():
    with opened(LETTER) as pdf:
        catalog = pdf.doc.catalog
        assert pdf.metadata["Title"] == "Eingangsbestätigung PAN-2026-00042"
        assert pdf.metadata["Author"] == "Jobcenter Musterstadt"
        assert catalog["Lang"] == b"de"
        assert catalog["MarkInfo"] == {"Marked": True}
        assert catalog["ViewerPreferences"]["DisplayDocTitle"] is True
        assert b'pdfuaid:part="1"' in catalog["Metadata"].resolve().get_data()
        assert headings(pdf.structure_tree) == 1


def headings(nodes: list[dict]) -> int:
    """How many H1 a structure tree holds."""
    return sum((node["type"] == "H1") + headings(node.get("children", [])) for node in nodes)


def test_without_a_title_the_subject_is_the_title():
    with opened(replace(LETTER, title="")) as pdf:
        assert pdf.metadata["Title"] == LETTER.subject


def test_markup_in_any_field_is_printed_as_text():
    hostile = "<script>alert(1)</script>"
    page = replace(
        LETTER,
        recipient=("<b>Frau</b>", "Allee 1"),
        endorsement=("<i>x</i>",),
        subject=f"Betreff {hostile}",
        salutation=hostile,
        body=("<img src=file:///etc/passwd>", "{{ page }} {% debug %}"),
        closing=hostile,
        signature_lines=(hostile,),
        enclosures=("<link rel=attachment href=file:///etc/passwd>",),
    )
    with opened(page) as pdf:
        text = pdf.pages[0].extract_text()
        assert (pdf.pages[0].images, "Names" in pdf.doc.catalog) == ([], False)
    assert text.count(hostile) == 4
    for printed in ("<b>Frau</b>", "<i>x</i>", "<img src=file:///etc/passwd>", "{{ page }} {% debug %}"):
        assert printed in text


def test_nothing_is_fetched_even_if_the_html_asks_for_it(tmp_path):
    secret = tmp_path / "secret.svg"
    secret.write_text('<svg xmlns="http://www.w3.org/2000/svg"><text y="20">geheim</text></svg>')
    pdf = typesetting.typeset(
        f'<html lang="de"><title>T</title><p>Text<img src="{secret.as_uri()}" alt="Bild">'
        f'<link rel="attachment" href="{secret.as_uri()}"></html>',
        [],
    )
    with pdfplumber.open(io.BytesIO(pdf)) as read:
        assert "geheim" not in read.pages[0].extract_text()
        assert "Names" not in read.doc.catalog


def test_a_draft_says_so_on_each_page_and_a_letter_does_not():
    body = (PARAGRAPH,) * 12
    with opened(replace(LETTER, body=body, draft=True)) as pdf:
        assert [page.extract_text().count("Entwurf") for page in pdf.pages] == [1, 1]
    assert "Entwurf" not in text_of(replace(LETTER, body=body))


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"recipient": ()}, "Die Anschrift fehlt."),
        ({"recipient": ("Zeile",) * 7}, "Die Anschrift braucht 7 Zeilen, das Anschriftfeld hat 6."),
        ({"recipient": ("Frau", " ", "Ort")}, "In der Anschrift steht eine leere Zeile"),
        ({"recipient": ("W" * 60,)}, "ist zu lang für eine Zeile"),
        ({"endorsement": ("Eins", "Zwei", "Drei", "Vier")}, "brauchen 4 Zeilen, es gibt 3."),
        ({"info": (("Name", " "), ("Durchwahl", "1"))}, "Im Schreiben fehlt der Name der Ansprechperson."),
        ({"info": (("Name", "K. Weiß"),)}, "Im Schreiben fehlt die Durchwahl der Ansprechperson."),
        (
            {"info": (*LETTER.info, *(("E-Mail", "a@b"),) * 8)},
            "Der Informationsblock braucht 12 Zeilen, Platz ist für 11.",
        ),
        ({"subject": " "}, "Der Betreff fehlt."),
        ({"salutation": ""}, "Die Anrede fehlt."),
        ({"body": ("", " ")}, "Das Schreiben hat keinen Text."),
        ({"letterhead": replace(HEAD, phone="")}, "Im Briefkopf fehlt die Telefonnummer."),
        ({"letterhead": replace(HEAD, sender_line="Jobcenter " * 12)}, "ist zu lang für eine Zeile"),
    ],
)
def test_a_letter_that_cannot_be_printed_says_why(change, sentence):
    with pytest.raises(LetterError) as refusal:
        check_letter(replace(LETTER, **change))
    assert sentence in str(refusal.value)


def test_a_return_address_too_long_for_its_size_is_set_smaller():
    long = "Jobcenter Musterstadt · Johannes-Großmann-Straße 133 · 10407 Musterstadt"
    with opened(replace(LETTER, letterhead=replace(HEAD, sender_line=long))) as pdf:
        line = next(w for w in pdf.pages[0].extract_words(**WORDS) if w["text"].strip() == long)
    assert 6 <= line["size"] < 7.5
    assert line["x1"] * MM <= 105


def test_a_sheet_carries_the_head_of_the_office_and_escapes_its_values(settings, tmp_path):
    (tmp_path / "slip.html").write_text(
        '{% extends "letters/sheet.html" %}{% block content %}<p>An {{ name }}</p>{% endblock %}'
    )
    settings.TEMPLATES = [{**settings.TEMPLATES[0], "DIRS": [settings.BASE_DIR / "templates", tmp_path]}]
    pdf = render_sheet("slip.html", {"letterhead": HEAD, "title": "Abgabe-Beleg", "name": "<b>Groß</b>"})
    with pdfplumber.open(io.BytesIO(pdf)) as read:
        assert read.pages[0].extract_text().split("\n") == [
            "Jobcenter Musterstadt",
            "Große Straße 1 · 10407 Musterstadt · Telefon 030 5555 34-0",
            "Abgabe-Beleg",
            "An <b>Groß</b>",
        ]
        assert read.metadata["Title"] == "Abgabe-Beleg"


def test_a_sheet_without_letterhead_or_title_is_refused():
    with pytest.raises(LetterError, match=r"^Dem Blatt fehlt der Briefkopf oder der Titel\.$"):
        render_sheet("letters/sheet.html", {"title": "Beleg"})


def test_missing_fonts_are_explained_with_the_command_to_type(settings, tmp_path):
    settings.ASSETS_DIR = tmp_path
    typesetting._fonts.cache_clear()
    with pytest.raises(typesetting.CannotTypeset, match=r"Bitte eingeben: make env$"):
        typesetting.typeset('<html lang="de"><title>T</title>', [])


def test_missing_pango_is_explained_with_the_command_to_type(monkeypatch):
    def without_pango(name: str):
        raise OSError("cannot load library 'libgobject-2.0-0'")

    monkeypatch.setattr(typesetting.importlib, "import_module", without_pango)
    typesetting._weasyprint.cache_clear()
    with pytest.raises(typesetting.CannotTypeset, match="apt-get install libpango-1.0-0 libpangoft2-1.0-0$"):
        typesetting.typeset('<html lang="de"><title>T</title>', [])
