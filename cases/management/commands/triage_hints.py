"""Says of the texts in a CSV file what their words point to, to try the table of signs on texts of one's own."""

import csv
from collections import Counter
from collections.abc import Iterable

from cases.rules.signs import Label, labels
from offices.management.rows import Row, RowsCommand, require

COLUMNS = ("id", "channel", "text")
EXPECTED = "labels"


class Command(RowsCommand):
    help = (
        "Liest id,channel,text und schreibt id,labels: worauf die Wörter deuten, durch Semikolon getrennt, leer für "
        "eine gewöhnliche Beschwerde. Steht in der Datei schon eine Spalte labels, folgt auf dem Fehlerkanal eine "
        "Tabelle: wie viele je Merkmal erkannt wurden, und wie viele gewöhnliche Texte einen Hinweis bekamen."
    )

    def write(self, rows: csv.DictReader) -> int:
        given = list(rows.fieldnames or [])
        require(given, COLUMNS)
        writer = csv.writer(self.stdout, lineterminator="\n")
        writer.writerow(["id", EXPECTED])
        refused, compared = 0, []
        for row, answer in self.answers(rows, compare):
            is_refused = isinstance(answer, ValueError)
            refused += is_refused
            found, wanted = ([], None) if is_refused else answer
            writer.writerow([row["id"], ";".join(found)])
            if wanted is not None:
                compared.append((wanted, found))
        if compared:
            self.stderr.write("\n".join(table(compared)))
        return refused


def compare(row: Row) -> tuple[list[Label], list[Label] | None]:
    """What the words point to, and what the file says itself, None where it does not; ValueError for no such label."""
    found = labels(row["text"])
    wanted = [word.strip() for word in row.get(EXPECTED, "").split(";") if word.strip()]
    if unknown := [word for word in wanted if word not in list(Label)]:
        raise ValueError(f"labels nennt „{unknown[0]}“, das gibt es nicht.")
    return [label for label in Label if label in found], [Label(w) for w in wanted] if EXPECTED in row else None


def table(compared: Iterable[tuple[list[Label], list[Label]]]) -> list[str]:
    """One line for each label: how many have it, how many of them were found, how many others were taken for it."""
    there, found, others, plain, hinted = Counter(), Counter(), Counter(), 0, 0
    for wanted, answered in compared:
        there.update(wanted)
        found.update(set(wanted) & set(answered))
        others.update(set(answered) - set(wanted))
        plain += not wanted
        hinted += not wanted and bool(answered)
    head = f"{'Merkmal':20} {'Texte':>6} {'erkannt':>8} {'Anteil':>7} {'zu viel':>8}"
    lines = [
        f"{label:20} {there[label]:6} {found[label]:8} {_share(found[label], there[label]):>7} {others[label]:8}"
        for label in Label
    ]
    return [head, *lines, f"{'ohne Merkmal':20} {plain:6} {hinted:8} {_share(hinted, plain):>7}  mit Hinweis"]


def _share(part: int, whole: int) -> str:
    return f"{100 * part / whole:.0f} %" if whole else "–"
