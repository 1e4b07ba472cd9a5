"""Tables of figures: which there are, and one that is filled. The same table feeds page, chart, XLSX, PDF and JSON."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Self

from reporting.rules.figures import FIGURES, STOCK, Figure
from reporting.rules.vocabulary import Audience, Dimension, Unit

D = Dimension
TOTAL = "total"  # key of the row of all
SUPPRESSED = "•"  # what is printed for what is not told


@dataclass(frozen=True)
class TableSpec:
    """`figures` are the columns, `dimension` the rows; `title` is the question that the table answers.

    `for_outside` says whether it may leave the house at all; with `only_all_outside` without its rows.
    """

    key: str
    title: str
    dimension: Dimension
    figures: tuple[str, ...]
    note: str = ""
    has_total: bool = True
    for_outside: bool = True
    only_all_outside: bool = False


SPECS: dict[str, TableSpec] = {
    spec.key: spec
    for spec in (
        TableSpec("stock", "Wie hat sich der Bestand verändert?", D.KIND, (*STOCK, "overdue_at_end"),
                  "Offen zu Beginn + eingegangen + wieder aufgenommen − abgeschlossen − abgegeben = offen am Ende."),
        TableSpec("channels", "Auf welchem Weg kommen die Kundenreaktionen?", D.CHANNEL, ("received",)),
        TableSpec("legal_areas", "Wie verteilen sie sich auf die Rechtskreise?", D.LEGAL_AREA,
                  ("received", "closed", "closed_in_time")),
        TableSpec("months", "Wie viele kamen und gingen in den Monaten?", D.MONTH, ("received", "closed"),
                  for_outside=False),
        TableSpec("natures", "Geht es um die Sache oder um Verhalten?", D.NATURE, ("concerns_received",)),
        TableSpec("topics", "Worum geht es?", D.TOPIC, ("concerns_received",),
                  "Ein Vorgang hat eines oder mehrere Anliegen; die Summe ist nicht die Zahl der Vorgänge."),
        TableSpec("outcomes", "Was kam heraus?", D.OUTCOME, ("closed",)),
        TableSpec("deadlines", "Wie viele Fristen wurden gehalten?", D.KIND,
                  ("acknowledged_in_time", "closed_in_time", "closed_within_standard", "interim_in_time",
                   "overdue_at_end"),
                  "Die Quoten zählen, was bestätigt oder abgeschlossen ist; offen und überfällig steht daneben."),
        TableSpec("durations", "Wie lange dauert es?", D.KIND, ("median_days", "p90_days", "mean_days"),
                  "In Arbeitstagen."),
        TableSpec("findings", "Wie viele waren berechtigt?", D.KIND, ("upheld", "partly_upheld", "remedied"),
                  only_all_outside=True),
        TableSpec("quality", "Wie wurde erledigt?", D.KIND, ("escalated", "settled_at_first", "repeated"),
                  only_all_outside=True),
        TableSpec("talks", "Wurde miteinander gesprochen?", D.KIND,
                  ("talks_offered", "talks_held", "alternatives_examined"), only_all_outside=True),
        TableSpec("settlements", "Wie erfuhren die Menschen das Ergebnis?", D.SETTLEMENT, ("closed",)),
        TableSpec("rungs", "Bis zu welcher Stufe ging es?", D.RUNG, ("closed",)),
        TableSpec("units", "Wo liegt die Arbeit?", D.UNIT, ("received", "open_at_end", "overdue_at_end"),
                  "Einheiten mit weniger als drei Personen sind bei der Einheit darüber mitgezählt.",
                  for_outside=False),
        TableSpec("transfers", "Was war kein KRM?", D.REASON, ("transfers_received",)),
        TableSpec("on_the_spot", "Was wurde vor Ort erledigt?", D.CHANNEL, ("settled_on_the_spot",)),
    )
}  # fmt: skip


@dataclass(frozen=True)
class Cell:
    """One figure for one row. Of a share `numerator` of `denominator`; of Arbeitstagen `numerator` is their number."""

    figure: str
    numerator: int | None
    denominator: int | None = None
    value: float | None = None
    suppressed: bool = False

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing of which the figure could say something."""
        return self.value is None and not self.suppressed

    @property
    def label(self) -> str:
        return FIGURES[self.figure].label

    def hidden(self) -> Self:
        return replace(self, numerator=None, denominator=None, value=None, suppressed=True)

    @property
    def words(self) -> str:
        """As it is printed: „1.234“, „87,5 %“, „12“, „•“ where it is not told, „–“ where there is nothing."""
        if self.suppressed:
            return SUPPRESSED
        if self.value is None:
            return "–"
        unit = FIGURES[self.figure].unit
        if unit == Unit.PERCENT:
            return f"{decimal(self.value, 1)} %"
        places = 1 if unit == Unit.RATIO or not float(self.value).is_integer() else 0
        return decimal(self.value, places)


@dataclass(frozen=True)
class Row:
    """`key` is the value of the dimension as figures have it, `label` as people read it."""

    key: str
    label: str
    cells: tuple[Cell, ...]


@dataclass(frozen=True)
class Table:
    """A table that is filled; the row of all, where there is one, comes last and has the key TOTAL."""

    key: str
    title: str
    dimension: str
    columns: tuple[str, ...]
    rows: tuple[Row, ...]
    note: str = ""

    @property
    def figures(self) -> list[Figure]:
        return [FIGURES[key] for key in self.columns]

    @property
    def head(self) -> str:
        """What its rows are."""
        return Dimension(self.dimension).label if self.dimension else ""

    @property
    def body(self) -> tuple[Row, ...]:
        return tuple(row for row in self.rows if row.key != TOTAL)

    @property
    def total(self) -> Row | None:
        return next((row for row in self.rows if row.key == TOTAL), None)

    @property
    def suppressed(self) -> int:
        return sum(cell.suppressed for row in self.rows for cell in row.cells)

    @property
    def is_empty(self) -> bool:
        return not any(cell.value or cell.suppressed for row in self.rows for cell in row.cells)

    def column(self, figure: str) -> list[tuple[Row, Cell]]:
        """The cells of one figure, without the row of all."""
        place = self.columns.index(figure)
        return [(row, row.cells[place]) for row in self.body]

    def cell(self, row_key: str, figure: str) -> Cell | None:
        row = next((row for row in self.rows if row.key == row_key), None)
        return row.cells[self.columns.index(figure)] if row else None

    @property
    def has_shares(self) -> bool:
        """Whether each row is a part of the row of all, of which the share says more than the number."""
        return len(self.columns) == 1 and FIGURES[self.columns[0]].is_count and self.total is not None

    @property
    def parts(self) -> list[float | None]:
        """What part of the row of all each row is, that row last; None where either is not told."""
        whole = self.total.cells[0].value if self.has_shares and self.total else None
        values = [row.cells[0].value for row in (*self.body, *filter(None, (self.total,)))]
        return [None if value is None or not whole else value / whole for value in values]

    @property
    def shares(self) -> list[str]:
        """The parts as they are printed."""
        return ["–" if part is None else f"{decimal(100 * part, 1)} %" for part in self.parts]

    @property
    def with_shares(self) -> list[tuple[Row, str]]:
        """The rows without that of all, each with its share."""
        return list(zip(self.body, self.shares, strict=False))

    def to_data(self) -> dict[str, Any]:
        """Plain JSON data."""
        return {
            "key": self.key,
            "title": self.title,
            "dimension": self.dimension,
            "columns": list(self.columns),
            "note": self.note,
            "rows": [
                {
                    "key": row.key,
                    "label": row.label,
                    "cells": [[c.figure, c.numerator, c.denominator, c.value, c.suppressed] for c in row.cells],
                }
                for row in self.rows
            ],
        }

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> Self:
        """The inverse of `to_data`."""
        rows = tuple(Row(row["key"], row["label"], tuple(Cell(*cell) for cell in row["cells"])) for row in data["rows"])
        return cls(data["key"], data["title"], data["dimension"], tuple(data["columns"]), rows, data["note"])


def decimal(value: float, places: int = 0) -> str:
    """„1.234,5“."""
    text = f"{value:,.{places}f}"
    return text.translate(str.maketrans(",.", ".,")).replace("-", "−")


def specs_for(audience: Audience, keys: Iterable[str] = SPECS) -> list[TableSpec]:
    """Those of the tables that this audience may read at all."""
    return [SPECS[key] for key in keys if SPECS[key].for_outside or not audience.is_outside]


@dataclass(frozen=True)
class Broken:
    """An identity that does not hold: the table of the Bestandsrechnung contradicts itself."""

    row: str
    opening: int
    closing: int


def broken_identities(stock: Table) -> list[Broken]:
    """Rows in which what was open, came and went does not give what is open, and sums that are none (B7-4)."""
    found = []
    for row in stock.rows:
        counts = {cell.figure: cell.numerator or 0 for cell in row.cells}
        if any(cell.suppressed for cell in row.cells):
            continue
        rest = sum(sign * counts[key] for key, sign in STOCK.items())
        if rest:
            found.append(Broken(row.key, counts["open_at_start"], counts["open_at_end"]))
    if stock.total and not any(cell.suppressed for row in stock.rows for cell in row.cells):
        for place, cell in enumerate(stock.total.cells):
            if (cell.numerator or 0) != sum(row.cells[place].numerator or 0 for row in stock.body):
                found.append(Broken(TOTAL, place, place))
    return found


@dataclass(frozen=True)
class Counted:
    """What the database answered: value of the dimension -> figure -> (numerator, denominator, value)."""

    values: Mapping[str, Mapping[str, tuple[int, int | None, float | None]]] = field(default_factory=dict)

    def cell(self, key: str, figure: str) -> Cell:
        numerator, denominator, value = self.values.get(key, {}).get(figure, (0, None, None))
        if key not in self.values or figure not in self.values[key]:
            definition = FIGURES[figure]
            return Cell(figure, 0, None if definition.is_count else 0, 0 if definition.is_count else None)
        return Cell(figure, numerator, denominator, value)


def filled(spec: TableSpec, counted: Counted, labels: Mapping[str, str], total: Counted | None) -> Table:
    """The rows in the order of `labels`; those of which there is nothing at all are left out."""
    rows = [
        Row(key, label, tuple(counted.cell(key, figure) for figure in spec.figures))
        for key, label in labels.items()
        if any(counted.cell(key, figure).numerator for figure in spec.figures)
    ]
    if spec.has_total and total is not None:
        rows.append(Row(TOTAL, "gesamt", tuple(total.cell("", figure) for figure in spec.figures)))
    return Table(spec.key, spec.title, spec.dimension.value, spec.figures, tuple(rows), spec.note)


def cells_of(tables: Iterable[Table]) -> Iterator[tuple[Table, Row, Cell]]:
    for table in tables:
        for row in table.rows:
            for cell in row.cells:
                yield table, row, cell
