"""What came of the answer: decision, report back, the word to the petitioner, waiver."""

from django import forms

from cases.rules.kinds import SETTLEMENT_LABELS, choices
from offices.forms import DateField
from petitions.forms.petition import UploadField
from petitions.models import DecisionOption, Petition


class DecisionForm(forms.Form):
    option = forms.ModelChoiceField(label="Entscheidung", queryset=DecisionOption.objects.none())
    decided_on = DateField(label="Entschieden am")
    consequence = forms.CharField(
        label="Was daraus folgt", required=False, max_length=4000, widget=forms.Textarea(attrs={"rows": 3})
    )
    report_due_on = DateField(label="Bericht verlangt bis", required=False, help_text="leer: kein Bericht verlangt")
    file = UploadField(label="Beschluss", required=False)

    def __init__(self, *args, petition: Petition, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["option"].queryset = petition.decision_options


class ReportForm(forms.Form):
    on = DateField(label="Berichtet am")
    note = forms.CharField(label="Was berichtet wurde", max_length=4000, widget=forms.Textarea(attrs={"rows": 3}))


class ToldForm(forms.Form):
    on = DateField(label="Unterrichtet am", help_text="wer auch immer es getan hat")
    settlement = forms.ChoiceField(
        label="Art der Erledigung", choices=[("", "bitte wählen"), *choices(SETTLEMENT_LABELS)]
    )


class WaiverForm(forms.Form):
    on = DateField(label="Verzicht vom")
    reasons = forms.CharField(label="Konkrete Gründe", max_length=4000, widget=forms.Textarea(attrs={"rows": 4}))
    paper = UploadField(label="Unterschriebener Verzicht")
