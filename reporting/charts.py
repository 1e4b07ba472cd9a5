"""Charts as SVG of our own: bars, stacked bars and lines, the same in the page and in the PDF.

Each has a name and a description for who does not see it; its colours are those of print, and classes have them follow
the theme of a page, where no style may stand. Text is written beside what it says; the table of the same numbers
stands with it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import count
from textwrap import wrap

from django.utils.html import conditional_escape, format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from reporting.rules.tables import decimal

WIDTH = 420
LABEL_WIDTH = 150
SIGN_WIDTH, SHORTEST_VALUE = 6.6, 6  # of the words after a bar: in units, in signs
BAR, GAP, LINE_HEIGHT = 16, 10, 14
LETTERS = 24  # of a label in one line
PLOT_HEIGHT, PLOT_LEFT, PLOT_RIGHT, PLOT_TOP = 130, 34, 62, 12
PLACES = ("", " krm-chart__second")
INK, QUIET, LINE, DARK, LIGHT, WARNING = "#1a1a1a", "#4d4d4d", "#d0d4da", "#1d4f91", "#c5d4ea", "#a4000f"  # of print
FILLS, STROKES, DASHES = (DARK, LIGHT), (DARK, QUIET), ("none", "5 4")
_ids = count(1)


@dataclass(frozen=True)
class Bar:
    """One row; `parts` beside one another, the words after them."""

    label: str
    parts: tuple[float, ...]
    words: str


@dataclass(frozen=True)
class Series:
    """A line: one value for each label of the axis, None where there is none yet."""

    label: str
    values: tuple[float | None, ...]


@dataclass(frozen=True)
class Standard:
    """What the rules ask for, as a line across the bars."""

    label: str
    value: float


@dataclass(frozen=True)
class Chart:
    """`title` is the question it answers; `below` says of how many, of which time and of which day's data."""

    title: str
    description: str
    svg: SafeString
    below: str = ""
    legend: tuple[str, ...] = ()


def bars(title: str, rows: Sequence[Bar], *, legend: tuple[str, ...] = (), standard: Standard | None = None,
         below: str = "") -> Chart:  # fmt: skip
    """Horizontal bars, one below the other; with several parts stacked, each with a place in the legend."""
    most = max([sum(row.parts) for row in rows] + ([standard.value] if standard else []), default=0) or 1
    longest = max([len(row.words) for row in rows] + [SHORTEST_VALUE])
    room = WIDTH - LABEL_WIDTH - longest * SIGN_WIDTH - 6
    top, marks, words = (LINE_HEIGHT + 4 if standard else 0), [], []
    for row in rows:
        lines = wrap(row.label, LETTERS) or [""]
        height = max(BAR, LINE_HEIGHT * len(lines))
        mark, beside = _bar(row, lines, top, height, room / most)
        marks.append(mark)
        words.append(beside)
        top += height + GAP
    if not rows:
        marks.append(_none())
    if standard:  # over the bars, under the words
        marks.append(_standard(standard, LABEL_WIDTH + standard.value * room / most, top - GAP))
    description = "; ".join(f"{row.label}: {row.words}" for row in rows) or "Es gibt keine Werte."
    if standard:
        description += f"; {standard.label}"
    return Chart(title, description, _svg(title, description, max(top - GAP, BAR), marks + words), below, legend)


def _bar(row: Bar, lines: list[str], top: float, height: float, scale: float) -> tuple[SafeString, SafeString]:
    """The parts, and the words on both sides of them."""
    middle = top + height / 2
    first = middle - (len(lines) - 1) * LINE_HEIGHT / 2
    label = format_html_join(
        "", '<tspan x="{}" y="{}">{}</tspan>',
        ((LABEL_WIDTH - 8, f"{first + n * LINE_HEIGHT + 4:.1f}", line) for n, line in enumerate(lines)),
    )  # fmt: skip
    parts, left = [], float(LABEL_WIDTH)
    for place, value in enumerate(row.parts):
        width = value * scale
        if width > 0:
            parts.append(
                format_html(
                    '<rect class="krm-chart__mark{}" fill="{}" stroke="{}" x="{}" y="{}" width="{}" height="{}"/>',
                    PLACES[place],
                    FILLS[place],
                    DARK,
                    f"{left:.1f}",
                    f"{middle - BAR / 2:.1f}",
                    f"{max(width, 1):.1f}",
                    BAR,
                )  # fmt: skip
            )
            left += width
    words = format_html(
        '<text class="krm-chart__label" font-size="12.5" text-anchor="end" fill="{0}">{1}</text>'
        '<text class="krm-chart__value" font-size="12.5" fill="{0}" x="{2}" y="{3}">{4}</text>',
        INK, label, f"{left + 6:.1f}", f"{middle + 4:.1f}", row.words,
    )  # fmt: skip
    return mark_safe("".join(parts)), words  # noqa: S308 - made above


def _none() -> SafeString:
    words = '<text class="krm-chart__note" font-size="11.5" fill="{}" x="0" y="12">Keine Werte</text>'
    return format_html(words, QUIET)


def _standard(standard: Standard, x: float, bottom: float) -> SafeString:
    anchor = "end" if x > WIDTH / 2 else "start"
    return format_html(
        '<line class="krm-chart__standard" stroke="{5}" stroke-width="1.5" stroke-dasharray="5 3" x1="{0}" x2="{0}" '
        'y1="{1}" y2="{2}"/><text class="krm-chart__note" font-size="11.5" fill="{6}" x="{0}" y="11" '
        'text-anchor="{3}">{4}</text>',
        f"{x:.1f}", LINE_HEIGHT, f"{bottom:.1f}", anchor, standard.label, WARNING, QUIET,
    )  # fmt: skip


def lines(title: str, axis: Sequence[str], series: Sequence[Series], *, below: str = "") -> Chart:
    """Values over time: the first line is what it is about, the others what it is compared with."""
    values = [value for each in series for value in each.values if value is not None]
    most = _nice(max(values, default=0))
    step = (WIDTH - PLOT_LEFT - PLOT_RIGHT) / max(len(axis) - 1, 1)
    drawn = [_grid(most), _axis(axis, step)]
    ends: list[float] = []
    for place, each in enumerate(series):
        drawn.append(_line(each, place, step, most, ends))
    height = PLOT_TOP + PLOT_HEIGHT + 22
    description = " ".join(
        f"{each.label}: "
        + ", ".join(f"{a} {decimal(v)}" for a, v in zip(axis, each.values, strict=True) if v is not None)
        + "."
        for each in series
    )
    return Chart(title, description, _svg(title, description, height, drawn), below)


def _nice(most: float) -> float:
    """The end of the axis: a round number at or above the highest value."""
    for step in (4, 8, 10, 20, 40, 80, 100, 200, 400, 800, 1_000, 2_000, 4_000, 8_000, 10_000):
        if most <= step:
            return step
    return -(-most // 10_000) * 10_000


def _y(value: float, most: float) -> float:
    return PLOT_TOP + PLOT_HEIGHT * (1 - value / most)


def _grid(most: float) -> SafeString:
    return format_html_join(
        "",
        '<line class="krm-chart__grid" stroke="{}" x1="{}" x2="{}" y1="{}" y2="{}"/>'
        '<text class="krm-chart__tick" font-size="11.5" text-anchor="end" fill="{}" x="{}" y="{}">{}</text>',
        (
            (LINE, PLOT_LEFT, WIDTH - PLOT_RIGHT, f"{_y(v, most):.1f}", f"{_y(v, most):.1f}", QUIET, PLOT_LEFT - 6,
             f"{_y(v, most) + 4:.1f}", decimal(v))
            for v in (0, most / 2, most)
        ),
    )  # fmt: skip


def _axis(axis: Sequence[str], step: float) -> SafeString:
    every = 1 if len(axis) <= 6 else 2 if len(axis) <= 13 else 3
    return format_html_join(
        "", '<text class="krm-chart__month" font-size="11.5" text-anchor="middle" fill="{}" x="{}" y="{}">{}</text>',
        (
            (QUIET, f"{PLOT_LEFT + n * step:.1f}", PLOT_TOP + PLOT_HEIGHT + 17, label)
            for n, label in enumerate(axis) if n % every == 0
        ),
    )  # fmt: skip


def _line(series: Series, place: int, step: float, most: float, ends: list[float]) -> SafeString:
    points = [(PLOT_LEFT + n * step, _y(v, most)) for n, v in enumerate(series.values) if v is not None]
    if not points:
        return SafeString("")
    x, y = points[-1]
    words_at = y + 4
    while any(abs(words_at - other) < LINE_HEIGHT for other in ends):
        words_at += LINE_HEIGHT  # labels of lines that end together stand below one another
    ends.append(words_at)
    return format_html(
        '<polyline class="krm-chart__line{}" fill="none" stroke="{}" stroke-width="2" stroke-dasharray="{}" '
        'points="{}"/><circle class="krm-chart__dot{}" fill="{}" cx="{}" cy="{}" r="3"/>'
        '<text class="krm-chart__end" font-size="12.5" fill="{}" x="{}" y="{}">{}</text>',
        PLACES[place], STROKES[place], DASHES[place], " ".join(f"{px:.1f},{py:.1f}" for px, py in points),
        PLACES[place], STROKES[place],
        f"{x:.1f}", f"{y:.1f}", INK, f"{x + 8:.1f}", f"{words_at:.1f}", series.label,
    )  # fmt: skip


def _svg(title: str, description: str, height: float, drawn: Sequence[SafeString]) -> SafeString:
    number = next(_ids)
    return format_html(
        '<svg class="krm-chart__drawing" viewBox="0 0 {} {}" role="img" aria-labelledby="chart-{}-t chart-{}-d" '
        'preserveAspectRatio="xMinYMin meet"><title id="chart-{}-t">{}</title><desc id="chart-{}-d">{}</desc>{}</svg>',
        WIDTH, f"{height:.0f}", number, number, number, title, number, description,
        mark_safe("".join(conditional_escape(part) for part in drawn)),  # noqa: S308 - each is safe or escaped here
    )  # fmt: skip
