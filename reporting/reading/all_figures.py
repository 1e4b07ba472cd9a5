"""Every figure with every dimension it has, as plain rows; for `manage.py figures` and for comparing files with it."""

from collections.abc import Iterable, Iterator
from typing import Any

from offices.models import Office
from reporting.reading.disclosure import protected
from reporting.reading.figures import Question
from reporting.reading.tables import table, tables, totals
from reporting.rules.figures import FIGURES
from reporting.rules.tables import TOTAL, Cell, Row, Table, TableSpec, specs_for
from reporting.rules.vocabulary import Audience, Dimension


def all_figures(question: Question, office: Office, audience: Audience) -> list[dict[str, Any]]:
    """Internally all figures by all their dimensions; others get what the tables of their reports say, and no more."""
    if audience.is_outside:
        found = protected(tables(specs_for(audience), question), office, question.period, audience)
        return list(rows_of(found))
    return list(rows_of(_every_table(question)))


def _every_table(question: Question) -> Iterator[Table]:
    """All figures of everything, and for each dimension those that have it."""
    everything = totals(FIGURES, question)
    yield Table("", "", "", tuple(FIGURES), (Row(TOTAL, "gesamt", tuple(everything.values())),))
    for dimension in (d for d in Dimension if d != Dimension.OFFICE):
        keys = tuple(key for key, figure in FIGURES.items() if dimension in figure.dimensions)
        if keys:
            yield table(TableSpec("", "", dimension, keys, has_total=False), question)


def rows_of(found: Iterable[Table]) -> Iterator[dict[str, Any]]:
    """Each figure once for each value of a dimension, and once for all."""
    told: set[tuple[str, str, str]] = set()
    for each in found:
        for row in each.rows:
            for cell in row.cells:
                key = (cell.figure, "" if row.key == TOTAL else each.dimension, row.key)
                if key not in told:
                    told.add(key)
                    yield as_data(cell, each.dimension, row.key)


def as_data(cell: Cell, dimension: str, key: str) -> dict[str, Any]:
    figure = FIGURES[cell.figure]
    return {
        "figure": figure.key,
        "version": figure.version,
        "dimensions": {} if key == TOTAL else {dimension: key},
        "numerator": cell.numerator,
        "denominator": cell.denominator,
        "value": cell.value,
        "suppressed": cell.suppressed,
    }
