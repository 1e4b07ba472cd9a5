"""What somebody does at a station: passes on, gives back, skips, sends, remarks."""

from collections.abc import Iterable
from typing import Any

from django import forms

from cases.models import Document
from offices.forms import DateField
from offices.models import User
from petitions.forms.petition import labelled
from petitions.reading.station import Desk, to_pass
from petitions.rules.vocabulary import DispatchWay


class FilesField(forms.ModelMultipleChoiceField):
    """Which files go on; each is one box to tick."""

    def __init__(self, **kwargs):
        super().__init__(
            queryset=Document.objects.none(), required=False, widget=forms.CheckboxSelectMultiple, **kwargs
        )

    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.name} ({obj.get_category_display()})"

    def offer(self, documents: Iterable[Document]) -> None:
        rows = list(documents)
        self.queryset = Document.objects.filter(pk__in=[document.pk for document in rows])
        self.choices = [(row.pk, self.label_from_instance(row)) for row in rows]


class AskedField(forms.ModelMultipleChoiceField):
    def __init__(self, **kwargs):
        super().__init__(queryset=User.objects.none(), required=False, widget=forms.CheckboxSelectMultiple, **kwargs)

    def offer(self, users: Iterable[User]) -> None:
        rows = list(users)
        self.queryset = User.objects.filter(pk__in=[user.pk for user in rows])
        self.choices = [(user.pk, str(user)) for user in rows]


class _AtStation(forms.Form):
    def __init__(self, *args, desk: Desk, **kwargs):
        super().__init__(*args, **kwargs)
        self.desk = desk
        self._offer()

    def _offer(self) -> None:
        """Fills what depends on the station, and leaves out what it does not need."""
        desk = self.desk
        if "documents" in self.fields:
            self.fields["documents"].offer(to_pass(desk))
            self.initial.setdefault("documents", [document.pk for document in desk.station.documents.all()])
        if "asked" in self.fields:
            if desk.next_desk and len(desk.asked) > 1:
                self.fields["asked"].offer(desk.asked)
                self.fields["asked"].help_text = f"{desk.next_desk.label}; ohne Auswahl alle, die es sonst sind"
            else:
                del self.fields["asked"]
        if "person" in self.fields and not desk.is_kept_for_others:
            del self.fields["person"]


def _on(label: str) -> DateField:
    return DateField(label=label, required=False, help_text="leer: heute")


def _person() -> forms.CharField:
    return forms.CharField(label="Wer dort", required=False, max_length=160, help_text="Name der Person")


class PassOnForm(_AtStation):
    documents = FilesField(label="Was weitergegeben wird")
    on = _on("Am")
    person = _person()
    asked = AskedField(label="Als Nächstes gefragt")


class GiveBackForm(_AtStation):
    to = forms.ChoiceField(label="Zurück an")
    reason = forms.CharField(
        label="Warum, und was zu ändern ist", max_length=2000, widget=forms.Textarea(attrs={"rows": 3})
    )
    on = _on("Am")
    person = _person()

    def _offer(self) -> None:
        super()._offer()
        self.fields["to"].choices = [("", "bitte wählen"), *self.desk.targets]


class ReceiptForm(_AtStation):
    on = _on("Empfangen am")


class SkipForm(forms.Form):
    reason = forms.CharField(label="Warum", max_length=2000, widget=forms.Textarea(attrs={"rows": 2}))


class DispatchForm(_AtStation):
    documents = FilesField(label="Was versandt wird")
    copies = forms.IntegerField(
        label="Zahl der Originale",
        min_value=1,
        max_value=99,
        widget=forms.NumberInput(attrs={"class": "krm-input--short"}),
    )
    way = forms.ChoiceField(label="Versandweg", choices=labelled(DispatchWay))
    sent_on = DateField(label="Versandt am")
    addressee = forms.CharField(label="An", required=False, max_length=200)
    asked = AskedField(label="Als Nächstes gefragt")

    def __init__(self, *args, desk: Desk, **kwargs):
        super().__init__(*args, desk=desk, **kwargs)
        self.initial.setdefault("copies", desk.request.originals)
        self.initial.setdefault("sent_on", desk.actor.today)
        self.initial.setdefault("addressee", desk.petition.addressee)


class RemarkForm(forms.Form):
    text = forms.CharField(label="Anmerkung", max_length=4000, widget=forms.Textarea(attrs={"rows": 3}))
