"""What happens to a request besides its chain: extended, answered, refused, ended, planned anew, taken up again."""

from django import forms

from offices.forms import DateField
from petitions.forms.petition import UploadField
from petitions.reading.picture import Picture


def _reason(label: str, help_text: str = "") -> forms.CharField:
    return forms.CharField(label=label, max_length=2000, help_text=help_text, widget=forms.Textarea(attrs={"rows": 3}))


class ExtensionForm(forms.Form):
    new_due_on = DateField(label="Neue Frist", help_text="wie im Schreiben; die bisherige bleibt daneben stehen")
    reason = _reason("Womit verlängert wurde", "zum Beispiel das Schreiben und seine Begründung")
    dated_on = DateField(label="Schreiben vom")
    received_on = DateField(label="Eingang im Haus")
    file = UploadField(label="Schreiben", required=False)


class AnswerForm(forms.Form):
    on = DateField(label="Beantwortet am")
    note = _reason("Wie und durch wen")


class RefusalForm(forms.Form):
    on = DateField(label="Abgelehnt am")
    authority = forms.CharField(label="Entschieden hat", max_length=160, help_text="die oberste Aufsichtsbehörde")
    reason = _reason("Gesetzlicher Grund der Geheimhaltung")


class ReasonForm(forms.Form):
    reason = _reason("Grund")


class ReopenForm(forms.Form):
    key = forms.ChoiceField(label="Station")
    reason = _reason("Grund")

    def __init__(self, *args, picture: Picture, **kwargs):
        super().__init__(*args, **kwargs)
        had = [row for row in picture.rows if row.station and row.station.opened_on and not row.station.is_open]
        self.fields["key"].choices = [
            ("", "bitte wählen"),
            *((row.entry.key, f"{row.entry.body}: {row.entry.role.label}") for row in reversed(had)),
        ]
