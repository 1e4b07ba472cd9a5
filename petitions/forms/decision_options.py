"""The list of what a requester can decide: one row for each entry, two more for new ones."""

from typing import Any

from django import forms
from django.forms import BaseFormSet, formset_factory

from petitions.actions.decision_options import OptionData
from petitions.models import DecisionOption

SPARE_ROWS = 2
MOST_ROWS = 60
LONGEST = 120


class OptionForm(forms.Form):
    option = forms.IntegerField(required=False, widget=forms.HiddenInput)
    position = forms.IntegerField(
        label="Nr.",
        min_value=1,
        max_value=999,
        required=False,
        widget=forms.NumberInput(attrs={"class": "krm-input--short"}),
    )
    label = forms.CharField(label="Entscheidung", max_length=LONGEST, required=False)
    is_active = forms.BooleanField(label="wird angeboten", required=False, initial=True)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("option") and not data.get("label") and "label" not in self.errors:
            self.add_error("label", "Nichts wird gelöscht; was nicht mehr gilt, wird nicht mehr angeboten.")
        return data


class OptionRows(BaseFormSet):
    default_error_messages = {
        **BaseFormSet.default_error_messages,
        "too_many_forms": "Eine Liste hat höchstens %(num)d Entscheidungen.",
    }

    @property
    def filled(self) -> list[OptionForm]:
        """The rows with an entry in the order of their numbers; those without a number stay where they stand."""
        rows = [(form.cleaned_data.get("position") or place, place, form) for place, form in enumerate(self, 1)]
        return [form for _, _, form in sorted(rows, key=lambda row: row[:2]) if form.cleaned_data.get("label")]

    @property
    def options(self) -> list[OptionData]:
        entered = [form.cleaned_data for form in self.filled]
        return [OptionData(data["label"], data["is_active"], data["option"]) for data in entered]


OptionFormSet = formset_factory(
    OptionForm, formset=OptionRows, extra=SPARE_ROWS, max_num=MOST_ROWS, absolute_max=MOST_ROWS + 40, validate_max=True
)


def initial_of(options: list[DecisionOption]) -> list[dict[str, Any]]:
    return [
        {"option": option.pk, "position": place, "label": option.label, "is_active": option.is_active}
        for place, option in enumerate(options, start=1)
    ]
