"""What every form of the house shares: dates as people type them, and a refusal shown in the form itself."""

from collections.abc import Callable
from typing import Any

from django import forms

from offices.errors import NotAllowed


class DateInput(forms.DateInput):
    """The browser's own date field."""

    input_type = "date"

    def __init__(self, **kwargs):
        super().__init__(format="%Y-%m-%d", **kwargs)
        self.attrs.setdefault("class", "krm-input--short")


class DateField(forms.DateField):
    """A day, from the browser's date field or typed as 23.11.2026, 23.11.26 or 2026-11-23."""

    widget = DateInput
    default_error_messages = {
        "required": "Bitte ein Datum angeben.",
        "invalid": "Dieses Datum gibt es nicht. Bitte als TT.MM.JJJJ angeben.",
    }

    def __init__(self, **kwargs):
        super().__init__(input_formats=["%Y-%m-%d", "%d.%m.%Y", "%d.%m.%y"], **kwargs)


def try_action(form: forms.BaseForm, action: Callable[..., Any], **kwargs) -> Any:
    """The action's result (True where it gives none); a refusal becomes an error of the form, and None comes back."""
    try:
        return action(**kwargs) or True
    except NotAllowed as refusal:
        form.add_error(None, refusal.reason)
        return None
