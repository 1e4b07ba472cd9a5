"""Forms at the end of a case: oral answer, closing, re-opening."""

from collections.abc import Sequence
from datetime import date

from django import forms

from cases.closing.actions import NO_REASON_TO_GO_ON, NO_REASON_TO_REOPEN
from cases.handling.actions.talk import NO_WORDS_OF_TALK
from cases.models import Case
from cases.rules.kinds import OUTCOME_LABELS, SETTLEMENT_LABELS, Outcome, choices
from cases.rules.signing import consultation
from offices.forms import DateField
from offices.roles import Role

JUDGEMENTS = [(value, label) for value, label in choices(OUTCOME_LABELS) if value != Outcome.NOT_APPLICABLE]


class AnswerForm(forms.Form):
    """`to_consult` are those whom the KRM talks to first; without any there is nothing to confirm."""

    on = DateField(label="Tag des Gesprächs")
    note_text = forms.CharField(
        label="Gesprächsvermerk",
        help_text="Was wurde besprochen, und mit welchem Ergebnis?",
        widget=forms.Textarea(attrs={"rows": 6}),
        error_messages={"required": NO_WORDS_OF_TALK},
    )
    consulted = forms.BooleanField(required=False)

    def __init__(self, *args, to_consult: tuple[Role, ...], **kwargs):
        super().__init__(*args, **kwargs)
        if to_consult:
            self.fields["consulted"].label = consultation(to_consult)
        else:
            del self.fields["consulted"]


class CloseForm(forms.Form):
    """What is missing is the business of rules/completeness.py, so no field is required here.

    A case with several concerns has a field for the outcome of each; praise and suggestions are not judged.
    `objections` are the numbers of the Widersprüche that are concluded together with it.
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
    alternatives = forms.CharField(
        label="Welche Alternativen wurden geprüft? Oder warum gab es keine?",
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="nötig, wenn dem Wunsch nicht entsprochen wird („unberechtigt“)",
    )
    repeated_reference = forms.CharField(
        label="Früherer Bescheid",
        required=False,
        max_length=60,
        help_text="nur bei Wiederholung: Nummer des Vorgangs oder der Abgabe; sonst, wo er zu finden ist",
    )
    repeated_on = DateField(
        label="Früherer Bescheid vom", required=False, help_text="nur, wenn der Bescheid nicht in KRM steht"
    )
    verbis = forms.BooleanField(label="Die abschließende Bearbeitung ist in VerBIS vermerkt", required=False)
    objection_settled = forms.BooleanField(
        label="Der Widerspruch ist abgeschlossen oder wird einheitlich mit beschieden", required=False
    )

    def __init__(self, *args, case: Case, objections: Sequence[str] = (), **kwargs):
        super().__init__(*args, **kwargs)
        self.concerns = list(case.concerns.all()) if case.is_judged and case.concerns.count() > 1 else []
        if not case.is_judged:
            del self.fields["outcome"], self.fields["alternatives"]
            self.fields["outcome_reason"].label = "Anmerkung zum Abschluss"
        if not case.rule_set.parameters.documentation.verbis_tick:
            del self.fields["verbis"]
        if not objections:
            del self.fields["objection_settled"]
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
    def entered(self) -> dict[str, str | bool | date | None]:
        """The values as the action and rules/completeness.py take them, also before anything is submitted."""
        texts = ("outcome", "outcome_reason", "settlement", "repeated_reference", "alternatives")
        ticks = ("verbis", "objection_settled")
        day = self.cleaned_data.get("repeated_on") if self.is_bound else None
        entered = {name: self._value(name) or "" for name in texts} | {name: bool(self._value(name)) for name in ticks}
        return entered | {"repeated_on": day}

    def _value(self, name: str):
        return self[name].value() if name in self.fields else None

    @property
    def concern_outcomes(self) -> dict[int, str]:
        return {concern.pk: self.cleaned_data[f"concern_{concern.pk}"] for concern in self.concerns}


class GoOnForm(forms.Form):
    reason = forms.CharField(
        label="Begründung",
        help_text="Was fehlt noch, obwohl die Person schon eine Antwort hat?",
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": NO_REASON_TO_GO_ON},
    )


class ReopenForm(forms.Form):
    reason = forms.CharField(
        label="Begründung",
        help_text="Warum wird der Vorgang wieder aufgenommen?",
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": NO_REASON_TO_REOPEN},
    )
