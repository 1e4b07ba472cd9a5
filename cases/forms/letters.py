"""Forms of a letter: its text while a draft, its date when issued, its dispatch."""

from django import forms

from cases.models import Letter
from offices.forms import DateField

LONGEST = {"recipient": 600, "body": 20_000, "signature": 400}  # about eight pages, as long to print as a breath


def _text(name: str, rows: int = 0, **kwargs) -> forms.CharField:
    """A field of the letter; what must not be empty is asked when it is issued, a draft may be half done."""
    field = Letter._meta.get_field(name)
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
    recipient = _text("recipient", rows=5)
    subject = _text("subject")
    salutation = _text("salutation")
    body = _text("body", rows=18)
    contact_name = _text("contact_name", help_text="wen die Leserin oder der Leser anrufen kann")
    contact_phone = _text("contact_phone", help_text="Durchwahl; ohne sie lässt sich nichts ausfertigen")
    signature = _text("signature", rows=2, help_text="Name und Funktion, eine Zeile je Angabe")


class IssueForm(forms.Form):
    dated_on = DateField(label="Datum des Schreibens")


class DispatchForm(forms.Form):
    sent_on = DateField(label="Versandt am")
    way = forms.ChoiceField(
        label="Versandweg",
        choices=[("", "bitte wählen"), *Letter.Way.choices],
        error_messages={"required": "Bitte den Versandweg wählen."},
    )
