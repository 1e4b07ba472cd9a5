"""A report as it is read: its parts in order, each with figures, chart and words; page and files take it from here."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from reporting.charts import Bar, Chart, bars
from reporting.models import Report
from reporting.reading.content import tables_in
from reporting.reading.dashboard import chart_of_days, chart_of_deadlines, chart_of_topics
from reporting.rules.figures import FIGURES, Figure
from reporting.rules.sections import SECTIONS, Cited, Section, cited, filled
from reporting.rules.tables import Table
from reporting.rules.vocabulary import ReportKind, Unit

MOST_BARS = 12


@dataclass(frozen=True)
class Written:
    """A section with what stands in it; `text` with its figures put in, `raw` as it is written."""

    section: Section
    raw: str
    text: str

    @property
    def paragraphs(self) -> list[str]:
        return [part.strip() for part in self.text.split("\n") if part.strip()]


@dataclass(frozen=True)
class Part:
    """A table with its chart, and the sections that stand behind it."""

    table: Table
    chart: Chart | None
    sections: tuple[Written, ...]


@dataclass(frozen=True)
class Page:
    """`first` are the sections before any table; `names` what may be cited, with its words."""

    first: tuple[Written, ...]
    parts: tuple[Part, ...]
    last: tuple[Written, ...]
    names: dict[str, Cited]
    figures: tuple[Figure, ...]

    @property
    def written(self) -> list[Written]:
        """All of them in the order in which they are printed."""
        return [*self.first, *(each for part in self.parts for each in part.sections), *self.last]


def page_of_report(report: Report) -> Page:
    """One query for the texts."""
    tables = tables_in(report)
    names = cited(tables)
    texts = {text.section: text.text for text in report.texts.all()} if report.pk else {}
    written = [
        Written(section, texts.get(section.key, ""), filled(texts.get(section.key, ""), names))
        for section in SECTIONS[ReportKind(report.kind)]
    ]
    keys = {table.key for table in tables}
    parts = tuple(
        Part(table, chart_of(table, report), tuple(w for w in written if w.section.after == table.key))
        for table in tables
    )
    return Page(
        first=tuple(w for w in written if not w.section.after),
        parts=parts,
        last=tuple(w for w in written if w.section.after and w.section.after not in keys),
        names=names,
        figures=tuple(FIGURES[key] for key in dict.fromkeys(key for table in tables for key in table.columns)),
    )


def chart_of(table: Table, report: Report) -> Chart | None:
    """The chart of a table; None where it would say no more than its numbers, or some of them are not told."""
    below = f"{report.period.label}, Stand {report.stand_at:%d.%m.%Y}" if report.stand_at else report.period.label
    if table.key == "deadlines":
        return chart_of_deadlines(table, below) if _has(table, "closed_in_time") else None
    if table.key == "topics":
        return chart_of_topics(table, below)
    if table.key == "durations":
        return chart_of_days(table, below, None) if _has(table, "median_days") else None
    plain = len(table.columns) == 1 and FIGURES[table.columns[0]].is_count
    if not plain or table.dimension == "month" or len(table.body) < 2:
        return None
    return _plain(table, below)


def _has(table: Table, figure: str) -> bool:
    return any(cell.value is not None for _, cell in table.column(figure))


def _plain(table: Table, below: str) -> Chart | None:
    figure = FIGURES[table.columns[0]]
    rows = [Bar(row.label, (cell.value,), cell.words) for row, cell in table.column(figure.key) if cell.value]
    if len(rows) < 2:
        return None
    total = table.total.cells[0].words if table.total else ""
    of = f"n = {total} {figure.unit.label}, " if total else ""
    return bars(table.title, rows[:MOST_BARS], below=f"{of}{figure.basis.label}, {below}")


def contents(page: Page) -> Iterator[tuple[str, str]]:
    """Anchor and title of each part that is printed, in order."""
    yield from _written(page.first)
    for part in page.parts:
        yield f"tabelle-{part.table.key}", part.table.title
    yield from _written(page.last)


def _written(sections: Iterable[Written]) -> Iterator[tuple[str, str]]:
    return ((f"text-{each.section.key}", each.section.title) for each in sections if each.paragraphs)


def is_number(figure: Figure) -> bool:
    """Whether a spreadsheet keeps it as a whole number."""
    return figure.unit not in (Unit.PERCENT, Unit.RATIO, Unit.WORKING_DAYS)
