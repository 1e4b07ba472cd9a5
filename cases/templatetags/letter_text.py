"""Text of letters on pages: `{% load letter_text %}{{ paragraph|gaps|linebreaksbr }}`."""

from django import template
from django.utils.html import conditional_escape, format_html, format_html_join
from django.utils.safestring import SafeString

from cases.rules.placeholders import by_gaps

register = template.Library()


@register.filter
def gaps(text: str) -> SafeString:
    """The text with what is still to be added marked, in colour and by the word „fehlt“; everything is escaped."""
    parts = by_gaps(str(text))
    marked = (_mark(part) if index % 2 else conditional_escape(part) for index, part in enumerate(parts))
    return format_html_join("", "{}", ((part,) for part in marked))


def _mark(part: str) -> SafeString:
    return format_html('<mark class="krm-gap"><strong>fehlt</strong> {}</mark>', part)
