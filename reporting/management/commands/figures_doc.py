"""Writes docs/kennzahlen.md from the table of figures, so that what is documented is what is counted."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from reporting.rules import figures
from reporting.rules.figures import FIGURES, Figure
from reporting.rules.tables import SPECS, TableSpec

TARGET = Path("docs") / "kennzahlen.md"
HEAD = """# Kennzahlen

Diese Seite wird mit `python manage.py figures_doc` aus `reporting/rules/figures.py` erzeugt, der Tabelle, nach der
gezählt wird. `manage.py figures` gibt jede Kennzahl unter ihrem Schlüssel aus; dieselben Zahlen stehen auf den Seiten,
in den Berichten und in ihren Dateien.

## Was für alle gilt

"""
RULES = (
    "Ein Vorgang zählt am Tag seines Eingangs im Haus, wann immer er erfasst wurde; erster und letzter Tag eines "
    "Zeitraums zählen mit.",
    "Was am Stichtag offen ist, steht in keiner Quote nach Abschluss; offen und überfällig steht daneben.",
    "Wird ein Vorgang wieder aufgenommen, beginnt ein neuer Durchgang: Sein früherer Abschluss bleibt gezählt, der "
    "neue zählt noch einmal. Eingegangen ist er nur einmal.",
    "Ruhen zählt als Zeit. Verbundene Vorgänge zählen einzeln, anonyme wie alle anderen.",
    "Eine Meinungskarte ist eine eigene Art, was immer auf ihr steht (PAN-40).",
    "Berichtigte Angaben ersetzen die falschen, auch rückwirkend; „wie bekannt am“ zeigt, was damals bekannt war.",
    "Ob eine Frist gehalten wurde und wie viele Arbeitstage es waren, steht fest, sobald es geschehen ist; ein später "
    "eingetragener Feiertag ändert es nicht.",
    "Keine Kennzahl, kein Filter und keine Spalte ist eine Person (GER-34). Einheiten mit weniger als drei Personen "
    "werden bei der Einheit darüber mitgezählt.",
    "Außerhalb des Hauses werden Zahlen unter dem Mindestwert der Dienststelle nicht genannt, und nichts, woraus sie "
    "sich errechnen ließen; Regionaldirektion und Zentrale sehen auf fünf Gerundetes.",
)


class Command(BaseCommand):
    help = "Schreibt docs/kennzahlen.md."

    def handle(self, *args: Any, **options: Any) -> None:
        (settings.BASE_DIR / TARGET).write_text(text(), encoding="utf-8")
        self.stdout.write(str(TARGET))


def text() -> str:
    """The page as it belongs to the figures of this version."""
    assert figures.__doc__  # noqa: S101 - says the same in English
    rules = "".join(f"- {rule}\n" for rule in RULES)
    rows = "".join(_row(figure) for figure in FIGURES.values())
    tables = "".join(
        f"| {spec.title} | {spec.dimension.label} | {', '.join(FIGURES[key].label for key in spec.figures)} "
        f"| {_outside(spec)} |\n"
        for spec in SPECS.values()
    )
    return (
        f"{HEAD}{rules}\n## Jede Kennzahl\n\n"
        "| Schlüssel | Kennzahl | Gezählt wird | davon von | Maßgeblich | Nach | Fassung | Quelle |\n"
        f"| --- | --- | --- | --- | --- | --- | --- | --- |\n{rows}\n## Tabellen der Berichte\n\n"
        f"| Frage | Zeilen | Kennzahlen | außerhalb des Hauses |\n| --- | --- | --- | --- |\n{tables}"
    )


def _outside(spec: TableSpec) -> str:
    if not spec.for_outside:
        return "nein"
    return "nur gesamt" if spec.only_all_outside else "ja"


def _row(figure: Figure) -> str:
    by = ", ".join(dimension.label for dimension in figure.dimensions)
    cells = (f"`{figure.key}`", f"{figure.label} ({figure.unit.label})", figure.counts, figure.of or "–",
             figure.basis.label, by, str(figure.version), figure.source or "–")  # fmt: skip
    return f"| {' | '.join(cells)} |\n"
