"""Attributes and options of form widgets: `{% load krm_forms %}`, for templates/django/forms/ only.

Written here and not in a template: a page offers hundreds of options, and a template takes a dozen steps for each.
"""

from collections.abc import Iterable, Mapping
from html import escape

from django import template
from django.utils.safestring import SafeString, mark_safe

register = template.Library()


@register.simple_tag
def attributes(attrs: Mapping[str, object]) -> SafeString:
    """Each as ` name="value"`, True as the bare name, False not at all; `class` is the template's own affair."""
    given = ((name, value) for name, value in attrs.items() if value is not False and name != "class")
    parts = (f" {name}" if value is True else f' {name}="{escape(str(value))}"' for name, value in given)
    return mark_safe("".join(parts))  # noqa: S308 - names are ours, values are escaped


@register.simple_tag
def choice(option: Mapping) -> SafeString:
    """One box of several to tick, or one radio button, with its label."""
    attrs, kind = option["attrs"], option["type"]
    classes = f"kern-form-check__{kind} {attrs.get('class', '')}".rstrip()
    box = f'<input type="{kind}" class="{escape(classes)}" name="{escape(option["name"])}"'
    box += f' value="{escape(str(option["value"]))}"{attributes(attrs)}>'
    label_for = f' for="{escape(attrs["id"])}"' if "id" in attrs else ""
    label = f'<label class="kern-label"{label_for}>{escape(str(option["label"]))}</label>'
    return mark_safe(f'<div class="kern-form-check">{box}{label}</div>')  # noqa: S308 - each value is escaped


@register.simple_tag
def options(optgroups: Iterable[tuple[str | None, Iterable[Mapping], int]]) -> SafeString:
    """The options of a select, those of a named group inside their <optgroup>."""
    parts = []
    for name, group, _ in optgroups:
        within = "".join(
            f'<option value="{escape(str(option["value"]))}"{attributes(option["attrs"])}>'
            f"{escape(str(option['label']))}</option>"
            for option in group
        )
        parts.append(f'<optgroup label="{escape(str(name))}">{within}</optgroup>' if name else within)
    return mark_safe("".join(parts))  # noqa: S308 - each value is escaped
