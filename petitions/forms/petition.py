"""The petition itself and its first request, as they are typed in from the letter of who requests."""

from typing import Any

from django import forms

from cases.models import Case, Document
from cases.rules.kinds import choices
from cases.uploads import ACCEPT, parse
from offices.errors import NotAllowed
from offices.forms import DateField
from offices.queries import Actor
from petitions.models import Petition
from petitions.rules.requests import PetitionData, RequestData
from petitions.rules.vocabulary import (
    AnswerForm,
    Competence,
    PetitionForm,
    Requester,
    RequestKind,
    Topic,
)

PARTS = [(c.value, c.label) for c in Competence if c != Competence.MIXED]
NO_SUCH = "Diese Petition gibt es hier nicht; bitte die Vorgangsnummer oder die Nummer der anfordernden Stelle angeben."
SEVERAL = "Diese Nummer tragen mehrere Petitionen; bitte die Vorgangsnummer angeben."


def labelled(words: Any) -> list[tuple[str, str]]:
    return [(word.value, word.label) for word in words]


class PetitionField(forms.CharField):
    """Another petition in sight, by the number of its case or that of who requests; None where nothing is typed."""

    def __init__(self, *, actor: Actor | None = None, **kwargs):
        super().__init__(required=False, max_length=60, **kwargs)
        self.actor = actor

    def clean(self, value: Any) -> Petition | None:
        typed = super().clean(value).strip()
        if not typed or self.actor is None:
            return None
        seen = Petition.objects.visible_to(self.actor).select_related("case")
        found = list(seen.filter(case__reference__iexact=typed)) or list(seen.filter(number__iexact=typed)[:2])
        if not found:
            raise forms.ValidationError(NO_SUCH)
        if len(found) > 1:
            raise forms.ValidationError(SEVERAL)
        return found[0]

    def prepare_value(self, value: Any) -> Any:
        return value.case.reference if isinstance(value, Petition) else value


class UploadField(forms.FileField):
    """One file, checked by what it is; its cleaned value is an `UploadedFile` of the rules, or None."""

    def __init__(self, **kwargs):
        super().__init__(widget=forms.FileInput(attrs={"accept": ACCEPT}), **kwargs)

    def clean(self, data: Any, initial: Any = None) -> Any:
        upload = super().clean(data, initial)
        if not upload:
            return None
        try:
            return parse(upload)
        except NotAllowed as refusal:
            raise forms.ValidationError(refusal.reason) from refusal


class PetitionDataForm(forms.Form):
    """What is known of a petition; `data` are the fields of the rules, `links` what it is tied to."""

    requester = forms.ChoiceField(label="Anfordernde Stelle", choices=[("", "bitte wählen"), *labelled(Requester)])
    requester_name = forms.CharField(
        label="Name der Stelle", required=False, max_length=160, help_text="wie im Schreiben, wo er abweicht"
    )
    number = forms.CharField(
        label="Nummer der anfordernden Stelle",
        required=False,
        max_length=60,
        help_text="zum Beispiel Pet 4-20-11-81501-011345",
    )
    legislative_period = forms.IntegerField(
        label="Wahlperiode",
        required=False,
        min_value=1,
        max_value=99,
        help_text="bleibt stehen; die Petition verfällt mit ihr nicht",
        widget=forms.NumberInput(attrs={"class": "krm-input--short"}),
    )
    competence = forms.ChoiceField(label="Zuständigkeit", choices=[("", "bitte wählen"), *labelled(Competence)])
    parts = forms.MultipleChoiceField(
        label="Teile, bei mehreren Zuständigkeiten",
        choices=PARTS,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    topic = forms.ChoiceField(label="Gegenstand", choices=labelled(Topic), initial=Topic.OTHER)
    form = forms.ChoiceField(label="Form", choices=labelled(PetitionForm), initial=PetitionForm.SINGLE)
    supporters = forms.IntegerField(
        label="Zahl der Personen dahinter",
        min_value=1,
        max_value=10_000_000,
        initial=1,
        widget=forms.NumberInput(attrs={"class": "krm-input--short"}),
    )
    is_for_other = forms.BooleanField(label="für eine andere Person eingelegt", required=False)
    power_of_attorney = forms.ModelChoiceField(
        label="Vollmacht",
        queryset=Document.objects.none(),
        required=False,
        empty_label="liegt noch nicht vor",
        help_text="ohne sie wird nichts versandt",
    )
    repeats = PetitionField(label="Wiederholt die Petition", help_text="Vorgangsnummer, wenn die frühere in KRM steht")
    repeats_reference = forms.CharField(label="oder früherer Bescheid, Aktenzeichen", required=False, max_length=120)
    repeats_decided_on = DateField(label="früherer Bescheid vom", required=False)
    joined_to = PetitionField(
        label="Verbunden mit", help_text="gleicher Text: beantwortet wird einmal, bei der hier genannten Petition"
    )
    is_immediate = forms.BooleanField(
        label="Sofortsache: heute der Geschäftsführung und vorab der Bereichsleitung", required=False, initial=True
    )

    def __init__(self, *args, case: Case, actor: Actor, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["power_of_attorney"].queryset = case.documents.all()
        for name in ("repeats", "joined_to"):
            self.fields[name].actor = actor

    @property
    def entered(self) -> dict[str, Any]:
        """The arguments of the actions, from a valid form."""
        values = dict(self.cleaned_data)
        links = {name: values.pop(name) for name in ("repeats", "joined_to", "power_of_attorney")}
        data = PetitionData(
            requester=Requester(values.pop("requester")),
            competence=Competence(values.pop("competence")),
            topic=Topic(values.pop("topic")),
            form=PetitionForm(values.pop("form")),
            parts=tuple(Competence(part) for part in values.pop("parts")),
            **values,
        )
        return {"data": data, **links}

    @staticmethod
    def initial_of(petition: Petition) -> dict[str, Any]:
        """What stands in the form of a petition that is there."""
        plain = [name for name in PetitionDataForm.base_fields if name not in ("parts",)]
        return {name: getattr(petition, name) for name in plain} | {"parts": petition.parts}


class RequestForm(forms.Form):
    """A request as the letter says it; the day until which is typed in and never computed (B2-7)."""

    kind = forms.ChoiceField(
        label="Art", choices=[c for c in labelled(RequestKind) if c[0] != RequestKind.EXTENSION.value]
    )
    answer_form = forms.ChoiceField(label="Form der Antwort", choices=labelled(AnswerForm), initial=AnswerForm.FULL)
    dated_on = DateField(label="Schreiben vom")
    received_on = DateField(label="Eingang im Haus")
    due_on = DateField(
        label="Frist der anfordernden Stelle", required=False, help_text="wie im Schreiben; sie wird nicht berechnet"
    )
    originals = forms.IntegerField(
        label="Zahl der Originale",
        min_value=1,
        max_value=99,
        initial=1,
        widget=forms.NumberInput(attrs={"class": "krm-input--short"}),
    )
    text = forms.CharField(
        label="Was angefordert ist", required=False, max_length=10_000, widget=forms.Textarea(attrs={"rows": 4})
    )
    file = UploadField(label="Anforderungsschreiben", required=False)

    def __init__(self, *args, is_first: bool = False, **kwargs):
        super().__init__(*args, **kwargs)
        if is_first:
            self.fields["kind"].choices = choices({RequestKind.FIRST: RequestKind.FIRST.label})
        else:
            self.initial.setdefault("kind", RequestKind.SUPPLEMENTARY)

    @property
    def entered(self) -> dict[str, Any]:
        values = dict(self.cleaned_data)
        file = values.pop("file")
        values["kind"], values["answer_form"] = RequestKind(values["kind"]), AnswerForm(values["answer_form"])
        return {"data": RequestData(**values), "file": file}
