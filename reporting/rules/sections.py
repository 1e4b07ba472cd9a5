"""What is written beside the figures, for each kind of report (PAN-40, GER-3), and the figures cited in it."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from reporting.rules.figures import FIGURES
from reporting.rules.tables import TOTAL, Cell, Table
from reporting.rules.vocabulary import ReportKind

NO_BREAK = "\N{NO-BREAK SPACE}"
LONGEST_SHOWN = 40  # signs of an unknown placeholder in a refusal
_PLACEHOLDER = re.compile(r"\{([^{}\n]*)\}")


@dataclass(frozen=True)
class Section:
    """`after` is the key of the table behind which it stands; first of all where that is empty."""

    key: str
    title: str
    asks: str
    after: str = ""


SUMMARY = Section("summary", "Zusammenfassung", "Das Wichtigste in drei Sätzen.")
REMARKABLE = Section("remarkable", "Auffälligkeiten", "Was aus dem Rahmen fällt, und warum.", "on_the_spot")
BY_KIND = (
    Section("complaint", "Beschwerden", "Woran es lag, was sich wiederholt.", "deadlines"),
    Section("praise", "Lob", "Wofür gedankt wurde.", "deadlines"),
    Section("opinion_card", "Meinungskarten", "Was auf den Karten stand.", "deadlines"),
    Section("submission", "Eingaben", "Worum es ging, wie sie ausgingen.", "deadlines"),
    Section("petition", "Petitionen", "Worum es ging, wie entschieden wurde.", "deadlines"),
)
SECTIONS: dict[ReportKind, tuple[Section, ...]] = {
    ReportKind.QUARTER: (SUMMARY, Section("topics", "Schwerpunkte", "Welche Themen, in welchen Einheiten.", "topics"),
                         REMARKABLE),
    ReportKind.HALF_YEAR: (SUMMARY, Section("topics", "Struktur", "Was sich an der Struktur geändert hat.", "topics"),
                           REMARKABLE),
    ReportKind.YEAR: (SUMMARY, Section("topics", "Schwerpunkte", "Welche Themen das Jahr bestimmten.", "topics"),
                      *BY_KIND,
                      Section("improvement", "Optimierung", "Was geändert wurde und was noch zu ändern ist.",
                              "quality"),
                      REMARKABLE),
    ReportKind.ON_REQUEST: (SUMMARY, REMARKABLE),
}  # fmt: skip


@dataclass(frozen=True)
class Cited:
    """A figure that may be cited: what it is, and what is put in."""

    label: str
    words: str


def cited(tables: Iterable[Table]) -> dict[str, Cited]:
    """What may stand in braces in a text: „received“, „received:complaint“; those of all first."""
    of_all: dict[str, Cited] = {}
    of_rows: dict[str, Cited] = {}
    for table in tables:
        for row in table.rows:
            for cell in row.cells:
                label = FIGURES[cell.figure].label
                if row.key == TOTAL:
                    of_all.setdefault(cell.figure, Cited(label, _words(cell)))
                elif row.key:
                    of_rows.setdefault(f"{cell.figure}:{row.key}", Cited(f"{label}, {row.label}", _words(cell)))
    return of_all | of_rows


def _words(cell: Cell) -> str:
    return "(nicht angegeben)" if cell.suppressed else cell.words


def unknown(text: str, names: Iterable[str]) -> list[str]:
    """What stands in braces and is no figure of the report, as it is written."""
    known = set(names)
    return [found[:LONGEST_SHOWN] for found in _PLACEHOLDER.findall(text) if found not in known]


def has_loose_brace(text: str) -> bool:
    """Whether a brace is left over when all that stands in braces is taken out."""
    return any(brace in _PLACEHOLDER.sub("", text) for brace in "{}")


def filled(text: str, values: Mapping[str, Cited]) -> str:
    """The text with the figures in it, each kept in one line; what is unknown stays as it is written."""

    def words(match: re.Match[str]) -> str:
        return values[match[1]].words.replace(" ", NO_BREAK) if match[1] in values else match[0]

    return _PLACEHOLDER.sub(words, text)
