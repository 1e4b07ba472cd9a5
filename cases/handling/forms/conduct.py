"""Judging by content whether a complaint is a Dienstaufsichtsbeschwerde."""

from django import forms

from cases.handling.actions.approval import NO_RESULT
from cases.handling.actions.judge import NO_REASON_TO_JUDGE

CONDUCT, ORDINARY = "conduct", "ordinary"


class JudgeForm(forms.Form):
    is_conduct = forms.ChoiceField(
        label="Was ist es dem Inhalt nach?",
        choices=[
            (CONDUCT, "Dienstaufsichtsbeschwerde: Beanstandet wird das persönliche Verhalten von Beschäftigten"),
            (ORDINARY, "Beschwerde: Beanstandet wird die Sache oder eine fachliche Entscheidung"),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": "Bitte eine der beiden Möglichkeiten wählen."},
    )
    reason = forms.CharField(
        label="Warum?",
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="ein Satz genügt; er steht als interne Begründung im Verlauf",
        error_messages={"required": NO_REASON_TO_JUDGE},
    )

    def clean_is_conduct(self) -> bool:
        return self.cleaned_data["is_conduct"] == CONDUCT


class PresentResultForm(forms.Form):
    note = forms.CharField(
        label="Was ist das Ergebnis?",
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="steht als interne Begründung im Verlauf; wer billigt, liest es dort",
        error_messages={"required": NO_RESULT},
    )
