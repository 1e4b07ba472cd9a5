"""Forms for moving deadlines and for the office's days."""

from django import forms

from cases.deadlines.actions.moving import NO_OCCASION_OF_REST, NO_REASON_TO_EXTEND, NO_REASON_TO_REST
from cases.models import Pause
from offices.forms import DateField
from offices.models import Closing, Office


class ExtendForm(forms.Form):
    new_due_on = DateField(label="Neue Frist")
    reason = forms.CharField(
        label="Begründung",
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": NO_REASON_TO_EXTEND},
    )


class PauseForm(forms.Form):
    category = forms.ChoiceField(
        label="Anlass",
        choices=[("", "bitte wählen"), *Pause.Category.choices],
        error_messages={"required": NO_OCCASION_OF_REST},
    )
    reason = forms.CharField(
        label="Begründung",
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": NO_REASON_TO_REST},
    )
    from_on = DateField(label="Ruht ab", help_text="Dieser Tag zählt schon nicht mehr.")
    planned_until = DateField(label="Voraussichtlich bis", required=False)


class ResumeForm(forms.Form):
    resumed_on = DateField(label="Fortgesetzt am", help_text="Ab diesem Tag laufen die Fristen weiter.")


class ClosingForm(forms.ModelForm):
    from_on = DateField(label="Von")
    until_on = DateField(label="Bis", required=False, help_text="leer: nur dieser eine Tag")

    class Meta:
        model = Closing
        fields = ["office", "name", "kind", "from_on", "until_on"]

    def __init__(self, *args, offices: frozenset[int], **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["office"].queryset = Office.objects.filter(pk__in=offices)
        self.fields["office"].empty_label = None

    def clean(self):
        data = super().clean()
        if data.get("from_on") and not data.get("until_on"):
            data["until_on"] = data["from_on"]
        return data
