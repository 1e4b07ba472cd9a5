"""What every form of the house shares: dates and numbers as people type them, a refusal shown in the form itself."""

from collections.abc import Callable, Mapping
from datetime import date
from hashlib import sha256
from typing import Any

from django import forms

from offices.calendars import LAST_YEAR, Unit
from offices.errors import NotAllowed

NO_WHOLE_NUMBER = "Bitte eine ganze Zahl angeben."
EARLIEST_YEAR = 1900
LONGEST_NUMBER = 10  # digits: what every database keeps as an integer
UNITS = [
    (Unit.WORKING_DAYS.value, "Arbeitstage"),
    (Unit.WEEKDAYS.value, "Werktage"),
    (Unit.CALENDAR_DAYS.value, "Kalendertage"),
    (Unit.WEEKS.value, "Wochen"),
    (Unit.MONTHS.value, "Monate"),
]


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
        "year": f"Bitte ein Jahr von {EARLIEST_YEAR} bis {LAST_YEAR} angeben.",
    }

    def __init__(self, **kwargs):
        super().__init__(input_formats=["%Y-%m-%d", "%d.%m.%Y", "%d.%m.%y"], **kwargs)

    def to_python(self, value: Any) -> date | None:
        """ValidationError also for years in which nothing here can lie: no calendar counts in them."""
        day = super().to_python(value)
        if day and not EARLIEST_YEAR <= day.year <= LAST_YEAR:
            raise forms.ValidationError(self.error_messages["year"], code="year")
        return day


def number(label: str, largest: int, **kwargs: Any) -> forms.IntegerField:
    """A field for a whole number from 1 to `largest`."""
    return forms.IntegerField(
        label=label,
        min_value=1,
        max_value=largest,
        widget=forms.NumberInput(attrs={"class": "krm-input--short"}),
        error_messages={"required": "Bitte eine Zahl angeben.", "invalid": NO_WHOLE_NUMBER},
        **kwargs,
    )


def fingerprint(answers: Mapping[str, Any]) -> str:
    """The same for the same answers: what is confirmed is what was shown before."""
    return sha256(repr(sorted(answers.items())).encode()).hexdigest()


def whole_number(value: str | None) -> int:
    """A version or a count as a page sent it; 0, which is older than everything, for all that is no such number."""
    return int(value) if value and value.isascii() and value.isdigit() and len(value) < LONGEST_NUMBER else 0


def try_action(form: forms.BaseForm, action: Callable[..., Any], **kwargs) -> Any:
    """The action's result (True where it gives none); a refusal becomes an error of the form, and None comes back.

    It stands at the field it names where the form has that field.
    """
    try:
        return action(**kwargs) or True
    except NotAllowed as refusal:
        form.add_error(refusal.field if refusal.field in form.fields else None, refusal.reason)
        return None
