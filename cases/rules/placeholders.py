"""Placeholders of text blocks: a fixed list in German, checked when a block is saved, filled once when it is used.

What people have written is only ever put in as a value, never read as a template. What is not known becomes a gap,
and a letter with a gap cannot be issued.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from cases.rules.letter_texts import GAP, QUESTIONS

LONGEST_SHOWN = 40  # signs of an unknown placeholder in a refusal
_KNOWN = re.compile(r"\{([a-z_]+)\}")
_BRACES = re.compile(r"\{+[^{}\n]*\}*|[^\s{}]*\}+")
_GAPS = re.compile(rf"({re.escape(GAP)}[^\]\n]*\]?)")
_BLANK_LINE = re.compile(r"\n[^\S\n]*\n")


@dataclass(frozen=True)
class Placeholder:
    """`label` names the value where it is missing, `text` says what is put in."""

    label: str
    text: str


PLACEHOLDERS: dict[str, Placeholder] = {
    "anrede": Placeholder("Anrede", "Anrede mit Komma, zum Beispiel „Sehr geehrte Frau Muster,“"),
    "name": Placeholder("Name", "Vor- und Nachname, an wen das Schreiben geht"),
    "vorgangsnummer": Placeholder("Vorgangsnummer", "Nummer des Vorgangs oder der Abgabe"),
    "aktenzeichen": Placeholder("Aktenzeichen", "Aktenzeichen nach dem Aktenplan der Dienststelle"),
    "eingang": Placeholder("Eingang", "Tag, an dem die Kundenreaktion im Haus eingegangen ist"),
    "schreiben_vom": Placeholder("Schreiben vom", "Datum, das das Schreiben der Kundin oder des Kunden trägt"),
    "betreff": Placeholder("Betreff", "Betreff der Kundenreaktion, wie er erfasst ist"),
    "frist_abschluss": Placeholder("Frist für den Abschluss", "Tag, bis zu dem der Vorgang abzuschließen ist"),
    "antwort_bis": Placeholder("Antwort bis", "Tag, bis zu dem voraussichtlich geantwortet wird"),
    "ansprechperson": Placeholder("Ansprechperson", "Name der Ansprechperson im Schreiben"),
    "durchwahl": Placeholder("Durchwahl", "Telefonnummer der Ansprechperson"),
    "einheit": Placeholder("Einheit", "federführende Einheit mit Nummer"),
    "dienststelle": Placeholder("Dienststelle", "Name der Dienststelle"),
    "heute": Placeholder("heute", "heutiges Datum"),
}  # fmt: skip


def unknown(text: str) -> tuple[str, ...]:
    """What stands in braces and is no placeholder of the list, as it is written, each once and in order.

    Near misses are unknown too: {Name}, { name }, {{name}}, and a brace without its other half.
    """
    found = (match.group() for match in _BRACES.finditer(text))
    return tuple(dict.fromkeys(part.strip()[:LONGEST_SHOWN] for part in found if not _is_known(part)))


def fill(text: str, values: Mapping[str, str]) -> str:
    """Put the values in once; braces and placeholders inside a value stay as they are.

    A value that is missing or blank becomes „[Bitte ergänzen: Schreiben vom]“. KeyError for an unknown placeholder.
    """
    return _KNOWN.sub(lambda match: values.get(match[1], "").strip() or gap(match[1]), text)


def gap(name: str) -> str:
    """What stands in a letter for a placeholder without a value."""
    return f"{GAP} {PLACEHOLDERS[name].label}]"


def by_gaps(text: str) -> list[str]:
    """The text cut at its gaps: what is to be kept and what is to be added take turns, beginning with the former."""
    return _GAPS.split(text)


def with_paragraph(body: str, paragraph: str) -> str:
    """The body of a letter with one more part before the closing „Haben Sie Fragen?“, else at its end."""
    closing = QUESTIONS.partition("?")[0]
    parts = [part for part in _BLANK_LINE.split(body.strip()) if part.strip()]
    place = next((i for i, part in enumerate(parts) if part.lstrip().startswith(closing)), len(parts))
    return "\n\n".join([*parts[:place], paragraph.strip(), *parts[place:]])


def _is_known(part: str) -> bool:
    match = _KNOWN.fullmatch(part)
    return match is not None and match[1] in PLACEHOLDERS
