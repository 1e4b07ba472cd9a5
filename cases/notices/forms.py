"""How somebody wants to be told by mail."""

from django import forms

from cases.rules.reminders import MailChoice


class MailChoiceForm(forms.Form):
    mail = forms.TypedChoiceField(
        label="Wie oft",
        choices=[(choice.value, choice.label) for choice in MailChoice],
        coerce=MailChoice,
        widget=forms.RadioSelect,
        error_messages={"required": "Bitte wählen, wie oft die E-Mails kommen."},
    )
