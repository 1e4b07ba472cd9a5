"""Forms at the end of a case: oral answer, closing, re-opening."""

from django import forms

from cases.models import Case
from cases.rules.kinds import OUTCOME_LABELS, SETTLEMENT_LABELS, Outcome, choices
from offices.forms import DateField

JUDGEMENTS = [(value, label) for value, label in choices(OUTCOME_LABELS) if value != Outcome.NOT_APPLICABLE]


class AnswerForm(forms.Form):
    on = DateField(label="Tag des Gesprächs")
    note_text = forms.CharField(
        label="Gesprächsvermerk",
        help_text="Was wurde besprochen, und mit welchem Ergebnis?",
        widget=forms.Textarea(attrs={"rows": 6}),
        error_messages={"required": "Bitte kurz festhalten, was besprochen wurde."},
    )


class CloseForm(forms.Form):
    """What is missing is the business of rules/completeness.py, so no field is required here.

    A case with several concerns has a field for the outcome of each; praise and suggestions are not judged.
    """

    outcome = forms.ChoiceField(
        label="Ergebnis",
        choices=[("", "bitte wählen"), *JUDGEMENTS],
        required=False,
        help_text="für den ganzen Vorgang",
    )
    outcome_reason = forms.CharField(
        label="Begründung des Ergebnisses",
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="bleibt im Haus; woran lag es, und wonach wurde entschieden?",
    )
    settlement = forms.ChoiceField(
        label="Art der Erledigung",
        required=False,
        choices=[("", "bitte wählen"), *choices(SETTLEMENT_LABELS)],
        help_text="wie die Person vom Ergebnis erfahren hat",
    )
    repeated_reference = forms.CharField(
        label="Früherer Bescheid",
        required=False,
        max_length=60,
        help_text="nur bei Wiederholung: Vorgangsnummer und Datum",
    )

    def __init__(self, *args, case: Case, **kwargs):
        super().__init__(*args, **kwargs)
        self.concerns = list(case.concerns.all()) if case.is_judged and case.concerns.count() > 1 else []
        if not case.is_judged:
            del self.fields["outcome"]
            self.fields["outcome_reason"].label = "Anmerkung zum Abschluss"
        for concern in self.concerns:
            self.fields[f"concern_{concern.pk}"] = forms.ChoiceField(
                label=f"Anliegen {concern.position}: {concern.topic}",
                choices=[("", "wie der ganze Vorgang"), *JUDGEMENTS],
                required=False,
            )

    @property
    def concern_fields(self) -> list[forms.BoundField]:
        return [self[f"concern_{concern.pk}"] for concern in self.concerns]

    @property
    def entered(self) -> dict[str, str]:
        """The values as the action and rules/completeness.py take them, also before anything is submitted."""
        names = ("outcome", "outcome_reason", "settlement", "repeated_reference")
        return {name: (self[name].value() or "") if name in self.fields else "" for name in names}

    @property
    def concern_outcomes(self) -> dict[int, str]:
        return {concern.pk: self.cleaned_data[f"concern_{concern.pk}"] for concern in self.concerns}


class ReopenForm(forms.Form):
    reason = forms.CharField(
        label="Begründung",
        help_text="Warum wird der Vorgang wieder aufgenommen?",
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": "Bitte begründen, warum der Vorgang wieder aufgenommen wird."},
    )
