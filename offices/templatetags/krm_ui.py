"""The components pages are built from: `{% load krm_ui %}`.

    {% page_header "Vorgänge" lead="142 laufende" %}…actions…{% end_page_header %}  the page's only <h1>
    {% card "Nächster Schritt" kind="next" %}…{% endcard %}                         kind: "", "next", "plain"
    {% badge "in Bearbeitung" kind="info" %}                                        symbol, word and colour
    {% action_button "Abschließen" url post=True prominent=True why_not=reason %}   a link or an own form
    {% deadline_signal deadline %}                                                  level, symbol and text
    {% icon "calendar-today" %}                                                     a decorative icon of KERN
    {% sort_header "Eingang" "received_on" %}                                       <th> that sorts by ?sort=
    {{ day|day }}  {{ moment|day_time }}  {{ day|distance:request.today }}

Dates are written „Mo 23.11.2026“. A button that cannot be used stays visible and says why.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from typing import Any
from zlib import crc32

from django import template
from django.core.paginator import Page, Paginator
from django.forms import BaseForm
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

register = template.Library()

WEEKDAYS = ("Mo", "Di", "Mi", "Do", "Fr", "Sa", "So")
BADGES = {"info": "info", "success": "success", "warning": "warning", "danger": "danger", "neutral": ""}
CARDS = ("", "next", "plain")
SIGNAL_LEVELS = ("overdue", "today", "soon", "later", "paused", "met")


def _local(moment: date | datetime) -> date | datetime:
    aware = isinstance(moment, datetime) and timezone.is_aware(moment)
    return timezone.localtime(moment) if aware else moment


@register.filter
def day(value: date | datetime | None) -> str:
    """„Mo 23.11.2026“; a moment is taken in local time, nothing gives nothing."""
    if not value:
        return ""
    value = _local(value)
    return f"{WEEKDAYS[value.weekday()]} {value:%d.%m.%Y}"


@register.filter
def day_time(value: datetime | None) -> str:
    """„Mo 23.11.2026, 14:05 Uhr“ in local time."""
    return f"{day(value)}, {_local(value):%H:%M} Uhr" if value else ""


@register.filter
def breakable(text: object) -> SafeString:
    """The words, which may go on in the next line after a slash."""
    return format_html_join(mark_safe("/<wbr>"), "{}", ((part,) for part in str(text).split("/")))  # noqa: S308 - ours


@register.filter
def distance(value: date | datetime | None, today: date) -> str:
    """How far a day is from today in calendar days: „in 3 Tagen“, „morgen“, „heute“, „vor 2 Tagen“."""
    if not value:
        return ""
    value = _local(value)
    days = ((value.date() if isinstance(value, datetime) else value) - today).days
    near = {-1: "gestern", 0: "heute", 1: "morgen"}
    return near.get(days) or (f"in {days} Tagen" if days > 0 else f"vor {-days} Tagen")


@register.simple_tag
@cache
def assets() -> SafeString:
    """Styles and scripts of every page; their names change with a new version only, so they are looked up once."""
    return render_to_string("_partials/assets.html")


@register.simple_tag
def icon(name: str) -> SafeString:
    return format_html('<span class="kern-icon kern-icon--{}" aria-hidden="true"></span>', name)


@register.simple_tag
def badge(text: str, kind: str = "neutral") -> SafeString:
    symbol = icon(BADGES[kind]) if BADGES[kind] else ""
    return format_html('<span class="krm-badge krm-badge--{}">{}{}</span>', kind, symbol, text)


@register.simple_tag
def deadline_signal(value: object) -> SafeString | str:
    """Symbol and words of a signal, or of something that has one: „● noch 2 AT“."""
    signal: Any = getattr(value, "signal", value)
    if not signal:
        return ""
    level = str(getattr(signal.level, "value", signal.level))
    return format_html(
        '<span class="krm-signal krm-signal--{}">'
        '<span class="krm-signal__symbol" aria-hidden="true">{}</span> {}</span>',
        level if level in SIGNAL_LEVELS else "later",
        signal.symbol,
        signal.text,
    )


@register.simple_block_tag(end_name="end_page_header")
def page_header(content, title, lead="", back_url="", back_label="Zurück", kicker=""):
    parts = {"title": title, "lead": lead, "back_url": back_url, "back_label": back_label, "kicker": kicker}
    return render_to_string("_partials/page_header.html", {"content": content, **parts})


@register.simple_block_tag
def card(content, title="", level=2, id="", kind=""):
    if kind not in CARDS:
        raise template.TemplateSyntaxError(f"card: kind ist eines von {CARDS}, nicht {kind!r}")
    parts = {"title": title, "level": level, "id": id, "kind": kind}
    return render_to_string("_partials/card.html", {"content": content, **parts})


@register.inclusion_tag("_partials/action_button.html")
def action_button(
    label,
    url,
    post=False,
    prominent=False,
    why_not=None,
    name="",
    value="",
    small=False,
    danger=False,
    icon="",
):
    """A link, or with `post` a form of its own (so never inside another form).

    With `why_not`, a sentence, the button is shown but dead and the sentence stands below it.
    """
    classes = ["kern-btn", "kern-btn--primary" if prominent else "kern-btn--secondary"]
    classes += ["kern-btn--x-small"] * bool(small) + ["krm-btn--danger"] * bool(danger)
    return {
        "label": label,
        "url": url,
        "post": post,
        "why_not": why_not,
        "why_id": f"warum-{crc32(f'{label} {url} {value}'.encode()):08x}",
        "name": name,
        "value": value,
        "classes": " ".join(classes),
        "icon_name": icon,
    }


@register.inclusion_tag("_partials/sort_header.html", takes_context=True)
def sort_header(context, label, field, numeric=False):
    """A column head that sorts by `field`, the second time the other way round, from the first page."""
    query = context["request"].GET.copy()
    current = query.get("sort", "")
    directions = {field: "ascending", f"-{field}": "descending"}
    query["sort"] = f"-{field}" if current == field else field
    query.pop("page", None)
    return {
        "label": label,
        "url": f"?{query.urlencode()}",
        "numeric": numeric,
        "direction": directions.get(current, ""),
    }


@register.filter
def page_numbers(page: Page) -> Iterator[int | None]:
    """The numbers to offer around this page; None stands for a gap."""
    for number in page.paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1):
        yield None if number == Paginator.ELLIPSIS else number


@dataclass(frozen=True)
class Problem:
    """One error of a form: the field's label, the message, and where on the page it stands ("" for none)."""

    label: str
    message: str
    anchor: str


@register.simple_tag
def form_problems(form: BaseForm | str, forms: Iterable[BaseForm] | str = "") -> list[Problem]:
    """All errors of a form, or of several, in the order of the fields; those of the whole form come last."""
    return [problem for each in (forms or [form]) if each for problem in _problems_of(each)]


def _problems_of(form: BaseForm) -> Iterator[Problem]:
    if not form.is_bound:
        return
    for field in form:
        anchor = "" if field.is_hidden else field.id_for_label or field.auto_id
        for message in field.errors:
            yield Problem(field.label, message, anchor)
    for message in form.non_field_errors():
        yield Problem("", message, "")
