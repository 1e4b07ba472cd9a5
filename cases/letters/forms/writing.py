"""Forms of a letter: its text while a draft, its date when issued, its dispatch."""

from typing import Any

from django import forms

from cases.letters.actions.writing import NO_WAY
from cases.models import Letter
from cases.rules.signing import consultation
from cases.signing.reading.signers import is_agreed_with_specialist, specialists, to_consult
from cases.statements.actions.way import NO_CHANGE_ASKED
from offices.forms import DateField
from offices.models import User
from offices.queries import Actor

LONGEST = {"recipient": 600, "body": 20_000}  # about eight pages, as long to print as a breath


def _text(name: str, rows: int = 0, **kwargs) -> forms.CharField:
    """A field of the letter; what must not be empty is asked when it is issued, a draft may be half done."""
    field: Any = Letter._meta.get_field(name)
    widget = forms.Textarea(attrs={"rows": rows}) if rows else forms.TextInput()
    help_text = kwargs.pop("help_text", field.help_text)
    return forms.CharField(
        label=field.verbose_name,
        help_text=help_text,
        max_length=field.max_length or LONGEST[name],
        required=False,
        widget=widget,
        **kwargs,
    )


class LetterForm(forms.Form):
    """What is asked only of some letters is a field only there: the day promised, the Rücksprache, the Fachkraft."""

    recipient = _text("recipient", rows=5)
    subject = _text("subject")
    salutation = _text("salutation")
    body = _text("body", rows=18)
    contact_name = _text("contact_name", help_text="wen die Leserin oder der Leser anrufen kann")
    contact_phone = _text("contact_phone", help_text="Durchwahl; ohne sie lässt sich nichts ausfertigen")
    expected_on = DateField(
        label=Letter._meta.get_field("expected_on").verbose_name.capitalize(),
        required=False,
        help_text="ein Arbeitstag; der Text nennt ihn",
    )
    consulted = forms.BooleanField(required=False)
    specialist = forms.ModelChoiceField(
        label="Abgestimmt mit (Fachkraft)",
        queryset=User.objects.none(),
        required=False,
        empty_label="bitte wählen",
        help_text="zeichnet vor dem Versand mit",
    )

    def __init__(self, *args, letter: Letter, actor: Actor, **kwargs):
        super().__init__(*args, **kwargs)
        if letter.kind != Letter.Kind.INTERIM:
            del self.fields["expected_on"]
        if roles := to_consult(letter):
            self.fields["consulted"].label = consultation(roles)
        else:
            del self.fields["consulted"]
        if is_agreed_with_specialist(letter):
            people = specialists(letter, actor.today)
            self.fields["specialist"].queryset = User.objects.filter(pk__in=[user.pk for user in people])
            self.fields["specialist"].initial = people[0].pk if people and letter.case.unit else None
        else:
            del self.fields["specialist"]

    @property
    def entered(self) -> dict:
        """What is saved with the letter itself."""
        return {name: value for name, value in self.cleaned_data.items() if name != "specialist"}


class IssueForm(forms.Form):
    dated_on = DateField(label="Datum des Schreibens")


class DispatchForm(forms.Form):
    sent_on = DateField(label="Versandt am")
    way = forms.ChoiceField(
        label="Versandweg",
        choices=[("", "bitte wählen"), *Letter.Way.choices],
        error_messages={"required": NO_WAY},
    )


class WithdrawLetterForm(forms.Form):
    """Whether words are needed depends on the letter: the action says so."""

    note = forms.CharField(
        label="Warum wird es zurückgenommen?",
        help_text="bleibt im Haus; wer gezeichnet hat, erfährt es",
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class ReturnLetterForm(forms.Form):
    note = forms.CharField(
        label="Was ist zu ändern?",
        help_text="bleibt im Haus",
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": NO_CHANGE_ASKED},
    )
