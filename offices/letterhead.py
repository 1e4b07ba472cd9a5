"""Letters in DIN 5008 form B and plain sheets with the head of the office: dataclass in, PDF bytes out.

The geometry (rulebook B5) stands in templates/letters/din5008.css. What has to be known before printing is
decided here: whether everything fits its field and whether the reader learns whom to call.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.template.loader import render_to_string

from offices.typesetting import typeset, width_mm

ADDRESS_WIDTH_MM = 80  # 85 mm of the field less 5 mm on the left
ADDRESS_LINES = 6
ADDRESS_POINTS = 10.5
ENDORSEMENT_LINES = 3
ENDORSEMENT_POINTS = 8.5
SENDER_POINTS = (7.5, 7, 6.5, 6)  # the largest that fits on one line
INFO_WIDTH_MM = 45  # 75 mm of the block less 30 mm for the label
INFO_LINES = 11  # more would reach the subject
INFO_POINTS = 9
INFO_NAME = ("Name",)
INFO_PHONE = ("Durchwahl", "Telefon")

FOOTER_WIDTH_MM = 165
FOOTER_GAP_MM = 5
FOOTER_POINTS = (7.5, 7, 6.5)

# Where a line may be broken without adding a sign to it.
AFTER_SPACE_OR_HYPHEN = re.compile(r"(?<=[\s/-])")
BEFORE_DOT = re.compile(r"(?=\.)")
ANYWHERE_SENSIBLE = re.compile(r"(?<=[\s/-])|(?=[@.])")


class LetterError(ValueError):
    """The letter cannot be printed as it stands; a German sentence for the person who writes it."""


@dataclass(frozen=True, kw_only=True)
class Letterhead:
    """What an office prints on each of its letters; `sender_line` is the Rücksendeangabe in the window."""

    office_name: str
    claim: str = ""
    sender_line: str
    street: str
    postcode_city: str
    phone: str
    fax: str = ""
    email: str = ""
    web: str = ""
    opening_hours: tuple[str, ...] = ()
    bank: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class LetterPage:
    """One letter as plain text; nothing in it is read as markup.

    `info` holds label and value in the order of printing; rows without a value are left out.
    """

    letterhead: Letterhead
    recipient: tuple[str, ...]
    endorsement: tuple[str, ...] = ()
    info: tuple[tuple[str, str], ...]
    subject: str
    salutation: str
    body: tuple[str, ...]
    closing: str = "Mit freundlichen Grüßen"
    signature_lines: tuple[str, ...] = ()
    enclosures: tuple[str, ...] = ()
    title: str = ""
    draft: bool = False
    language: str = "de"


def render_letter(page: LetterPage) -> bytes:
    """PDF/UA-1 bytes of the letter, in about 0.1 s once the fonts are loaded.

    Raises LetterError for the reasons of check_letter and for letters that no font can draw, and
    typesetting.CannotTypeset when the installation lacks something.
    """
    check_letter(page)
    return _print("letters/din5008.html", _layout(page), "letters/din5008.css", draft=page.draft)


def render_sheet(template_name: str, context: Mapping[str, Any], *further: str) -> bytes:
    """PDF/UA-1 bytes of a sheet without address field, such as an Abgabe-Beleg.

    The template extends letters/sheet.html; the context needs `letterhead` and `title`, and may set `draft`. `further`
    are stylesheets of its own. Errors as for render_letter.
    """
    if not isinstance(context.get("letterhead"), Letterhead) or not context.get("title"):
        raise LetterError("Dem Blatt fehlt der Briefkopf oder der Titel.")
    return _print(template_name, dict(context), "letters/sheet.css", *further, draft=bool(context.get("draft")))


def render_blank(template_name: str, context: Mapping[str, Any], stylesheet: str) -> bytes:
    """PDF/UA-1 bytes of a form on paper that nobody's head stands on; errors as for render_letter."""
    return _print(template_name, dict(context), stylesheet)


def _print(template_name: str, context: dict[str, Any], *styles: str, draft: bool = False) -> bytes:
    stylesheets = [*styles, "letters/draft.css"] if draft else list(styles)
    return typeset(render_to_string(template_name, context), stylesheets)


def check_letter(page: LetterPage) -> None:
    """Raise LetterError with the first reason why this letter must not or cannot be printed.

    GER-17: every letter names a contact person and a telephone number. B5: six address lines, no blank ones.
    """
    _check_head(page.letterhead)
    _check_texts(page)
    _sender_points(page.letterhead.sender_line)
    _address(page.recipient)
    _endorsement(page.endorsement)
    _info(page.info)
    _footer(page.letterhead)


def _check_head(head: Letterhead) -> None:
    required = {
        "der Name der Dienststelle": head.office_name,
        "die Rücksendeangabe": head.sender_line,
        "die Straße": head.street,
        "Postleitzahl und Ort": head.postcode_city,
        "die Telefonnummer": head.phone,
    }
    for what, value in required.items():
        if not value.strip():
            raise LetterError(f"Im Briefkopf fehlt {what}.")


def _check_texts(page: LetterPage) -> None:
    info = {label: value.strip() for label, value in page.info}
    if not any(info.get(label) for label in INFO_NAME):
        raise LetterError("Im Schreiben fehlt der Name der Ansprechperson.")
    if not any(info.get(label) for label in INFO_PHONE):
        raise LetterError("Im Schreiben fehlt die Durchwahl der Ansprechperson.")
    if not page.subject.strip():
        raise LetterError("Der Betreff fehlt.")
    if not page.salutation.strip():
        raise LetterError("Die Anrede fehlt.")
    if not any(paragraph.strip() for paragraph in page.body):
        raise LetterError("Das Schreiben hat keinen Text.")


def _layout(page: LetterPage) -> dict[str, Any]:
    info = dict(page.info)
    references = (info.get("Mein Zeichen", ""), info.get("Datum", ""))
    return {
        "page": page,
        "letterhead": page.letterhead,
        "title": page.title or page.subject,
        "sender_points": str(_sender_points(page.letterhead.sender_line)),
        "endorsement": _endorsement(page.endorsement),
        "address": _address(page.recipient),
        "info": _info(page.info),
        "footer": _footer(page.letterhead),
        "body": [paragraph.strip() for paragraph in page.body if paragraph.strip()],
        "running_head": " · ".join(text for text in (page.letterhead.office_name, *references) if text),
    }


def _sender_points(line: str) -> float:
    for points in SENDER_POINTS:
        if width_mm(line, points) <= ADDRESS_WIDTH_MM:
            return points
    raise LetterError(f"Die Rücksendeangabe „{line}“ ist zu lang für eine Zeile des Anschriftfelds.")


def _address(recipient: tuple[str, ...]) -> list[str]:
    if not recipient:
        raise LetterError("Die Anschrift fehlt.")
    if any(not line.strip() for line in recipient):
        raise LetterError("In der Anschrift steht eine leere Zeile; das Anschriftfeld erlaubt keine.")
    lines = [part for line in recipient for part in _fold(line, ADDRESS_WIDTH_MM, ADDRESS_POINTS)]
    if len(lines) > ADDRESS_LINES:
        raise LetterError(
            f"Die Anschrift braucht {len(lines)} Zeilen, das Anschriftfeld hat {ADDRESS_LINES}. "
            "Bitte kürzen oder zusammenfassen."
        )
    return lines


def _endorsement(endorsement: tuple[str, ...]) -> list[str]:
    written = [line for line in endorsement if line.strip()]
    lines = [part for line in written for part in _fold(line, ADDRESS_WIDTH_MM, ENDORSEMENT_POINTS)]
    if len(lines) > ENDORSEMENT_LINES:
        raise LetterError(f"Die Vermerke über der Anschrift brauchen {len(lines)} Zeilen, es gibt {ENDORSEMENT_LINES}.")
    return lines


def _info(info: tuple[tuple[str, str], ...]) -> list[tuple[str, list[str]]]:
    rows = [(label, _fold_contact(value, INFO_WIDTH_MM, INFO_POINTS)) for label, value in info if value.strip()]
    if (lines := sum(len(values) for _, values in rows)) > INFO_LINES:
        raise LetterError(f"Der Informationsblock braucht {lines} Zeilen, Platz ist für {INFO_LINES}.")
    return rows


def _fold_contact(text: str, width: float, points: float) -> list[str]:
    """Like _fold, but an e-mail address is broken before its @, and only then before a dot."""
    if width_mm(text, points) <= width or "@" not in text:
        return _fold(text, width, points)
    user, at, domain = text.partition("@")
    return [line for part in (user, at + domain) for line in _fold(part, width, points, BEFORE_DOT)]


def _footer(head: Letterhead) -> dict[str, Any]:
    """The columns at the foot of page 1, as large as fits side by side; else narrower, lines broken."""
    columns = [
        [head.office_name, head.street, head.postcode_city],
        [f"Telefon {head.phone}", f"Telefax {head.fax}" if head.fax else "", head.email, head.web],
        ["Öffnungszeiten", *head.opening_hours] if head.opening_hours else [],
        ["Bankverbindung", *head.bank] if head.bank else [],
    ]
    columns = [[line for line in column if line.strip()] for column in columns if column]
    room = FOOTER_WIDTH_MM - FOOTER_GAP_MM * (len(columns) - 1)
    for points in FOOTER_POINTS:
        if sum(max(width_mm(line, points) for line in column) for column in columns) <= room:
            return {"points": str(points), "columns": columns}
    narrow = [
        [part for line in column for part in _fold_contact(line, room / len(columns), points)] for column in columns
    ]
    return {"points": str(points), "columns": narrow}


def _fold(text: str, width: float, points: float, breaks: re.Pattern[str] = AFTER_SPACE_OR_HYPHEN) -> list[str]:
    """The text in lines of at most `width` mm, broken at `breaks` or, if need be, at any sensible place.

    Raises LetterError if a part without such a place is wider than that.
    """
    lines = [""]
    for part in breaks.split(" ".join(text.split())):
        if width_mm((lines[-1] + part).rstrip(), points) <= width:
            lines[-1] += part
        elif width_mm(part.rstrip(), points) <= width:
            lines.append(part)
        elif breaks is not ANYWHERE_SENSIBLE:
            return _fold(text, width, points, ANYWHERE_SENSIBLE)
        else:
            raise LetterError(f"„{text}“ ist zu lang für eine Zeile. Bitte abkürzen oder trennen.")
    return [line.strip() for line in lines if line.strip()]
