"""Figures in pages: `{% load krm_figures %}`.

{% figure_cell cell scope dimension key %}   a number with the link to its list
{% chart picture.chart %}                    a chart with its name, its legend and what it counts
"""

from django import template
from django.template.loader import render_to_string
from django.utils.html import format_html
from django.utils.safestring import SafeString

from reporting.charts import Chart
from reporting.reading.numbers import Part, Scope
from reporting.rules.figures import FIGURES, Subject
from reporting.rules.tables import TOTAL, Cell, decimal

register = template.Library()


@register.simple_tag
def figure_cell(cell: Cell, scope: Scope | None = None, dimension: str = "", key: str = TOTAL) -> SafeString:
    """A count links to what was counted; of a share both numbers are said and linked."""
    if cell.suppressed:
        return format_html('<abbr title="nicht angegeben, damit niemand zu erkennen ist">{}</abbr>', cell.words)
    figure = FIGURES[cell.figure]
    if figure.of_days:
        number = decimal(cell.numerator or 0)
        counted = _linked(number, scope, cell, dimension, key) if scope and cell.numerator else number
        return (
            format_html('{} <span class="krm-of">aus {}</span>', cell.words, counted) if cell.numerator else cell.words
        )
    if figure.denominator is None:
        is_linked = scope and cell.numerator and figure.subject != Subject.TALLY
        return _linked(cell.words, scope, cell, dimension, key) if is_linked else format_html("{}", cell.words)
    if cell.value is None:
        return format_html("{}", cell.words)
    counted, of = decimal(cell.numerator or 0), decimal(cell.denominator or 0)
    if scope and figure.key != "praise_ratio":
        counted = _linked(counted, scope, cell, dimension, key) if cell.numerator else counted
        of = _linked(of, scope, cell, dimension, key, Part.OF)
    return format_html('{} <span class="krm-of">{} von {}</span>', cell.words, counted, of)


@register.simple_tag
def plain_cell(cell: Cell) -> str:
    """As it is printed: of a share both numbers are said."""
    if cell.suppressed or cell.denominator is None or cell.value is None:
        return cell.words
    return f"{cell.words} ({decimal(cell.numerator or 0)} von {decimal(cell.denominator)})"


def _linked(words: str, scope: Scope, cell: Cell, dimension: str, key: str, part: Part = Part.COUNTED) -> SafeString:
    is_total = key == TOTAL
    url = scope.url(cell.figure, "" if is_total else dimension, "" if is_total else key, part)
    return format_html('<a href="{}">{}</a>', url, words)


@register.simple_tag
def chart(drawn: Chart) -> SafeString:
    return SafeString(render_to_string("reporting/_chart.html", {"chart": drawn}))


@register.filter
def german(value: float) -> str:
    """„1.234“."""
    return decimal(value, 0 if float(value).is_integer() else 1)
