"""Forms of reports: asked for, written, given back, handed in."""

from datetime import date

from django import forms

from offices.forms import DateField
from offices.models import Office
from reporting.models import Report
from reporting.reading.report_page import Written
from reporting.rules.periods import Period
from reporting.rules.vocabulary import Audience


class RequestForm(forms.Form):
    """A report about any period."""

    office = forms.ModelChoiceField(label="Dienststelle", queryset=Office.objects.none(), empty_label=None)
    recipient = forms.CharField(label="Empfänger", max_length=200)
    via = forms.CharField(
        label="über", max_length=200, required=False, help_text="wenn eine andere Stelle ihn weiterleitet"
    )
    audience = forms.ChoiceField(
        label="Wer liest ihn?",
        choices=[("", "bitte wählen"), *((a.value, a.label) for a in Audience)],
        help_text="Außerhalb des Hauses werden kleine Zahlen nicht genannt.",
    )
    from_on = DateField(label="von")
    until_on = DateField(label="bis")
    due_on = DateField(label="abzugeben bis", required=False)

    def __init__(self, *args, offices: list[Office], **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["office"].queryset = Office.objects.filter(pk__in=[o.pk for o in offices]).order_by("name")
        self.fields["office"].initial = offices[0] if offices else None
        if len(offices) == 1:
            self.fields["office"].widget = forms.HiddenInput()

    @property
    def period(self) -> Period:
        """NotAllowed where it ends before it begins."""
        return Period(self.cleaned_data["from_on"], self.cleaned_data["until_on"])


class TextsForm(forms.Form):
    """One field for each section of the report."""

    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args, report: Report, written: list[Written], **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["version"].initial = report.version
        for each in written:
            self.fields[each.section.key] = forms.CharField(
                label=each.section.title, help_text=each.section.asks, required=False, initial=each.raw,
                widget=forms.Textarea(attrs={"rows": 5}), max_length=20_000,
            )  # fmt: skip

    @property
    def texts(self) -> dict[str, str]:
        return {name: text for name, text in self.cleaned_data.items() if name != "version"}


class ReturnForm(forms.Form):
    note = forms.CharField(
        label="Was ist zu ändern?",
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "Bitte angeben, was zu ändern ist."},
    )


class SentForm(forms.Form):
    on = DateField(label="abgegeben am")
    way = forms.CharField(label="auf dem Weg", max_length=120, help_text="zum Beispiel E-Mail oder Hauspost")

    def __init__(self, *args, today: date, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["on"].initial = today


class DueForm(forms.Form):
    due_on = DateField(label="abzugeben bis", required=False, help_text="leer: kein Termin")
