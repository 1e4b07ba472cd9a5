"""What is asked of the routes: the way of a matter to try it out, and who acts for a body outside the house."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from django import forms
from django.http import QueryDict

from offices.calendars import FIRST_YEAR, LAST_YEAR, Calendar
from offices.forms import DateField
from offices.models import Office, User
from petitions.forms.words import options
from petitions.rules.planning import Plan, plan
from petitions.rules.requests import PetitionData
from petitions.rules.routes import Matter, Routes
from petitions.rules.vocabulary import Competence, LegalArea, PetitionKind, Requester, Topic

USUAL_PERIOD = timedelta(weeks=8)
PARTS = [(word.value, word.label) for word in Competence if word != Competence.MIXED]


class MatterForm(forms.Form):
    """A GET form, so that a plan that was tried out can be passed on as a link."""

    requester = forms.ChoiceField(label="Anfordernde Stelle", choices=options(Requester))
    kind = forms.ChoiceField(label="Art", choices=options(PetitionKind))
    competence = forms.ChoiceField(label="Zuständigkeit", choices=options(Competence))
    parts = forms.MultipleChoiceField(
        label="Teile",
        choices=PARTS,
        required=False,
        widget=forms.CheckboxSelectMultiple(attrs={"class": "krm-options--inline"}),
        help_text="nur bei mehreren Zuständigkeiten; ohne Angabe die des Weges",
    )
    topic = forms.ChoiceField(label="Gegenstand", choices=options(Topic))
    legal_area = forms.ChoiceField(label="Rechtskreis", choices=options(LegalArea))
    received_on = DateField(label="Eingang")
    outside_due_on = DateField(label="Frist der anfordernden Stelle", help_text="wie sie in der Anforderung steht")

    def clean_received_on(self) -> date:
        day: date = self.cleaned_data["received_on"]
        if not FIRST_YEAR <= day.year <= LAST_YEAR:
            raise forms.ValidationError(f"Feiertage sind für die Jahre {FIRST_YEAR} bis {LAST_YEAR} bekannt.")
        return day

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if "competence" in data and "parts" in data and "requester" in data:
            parts = tuple(Competence(part) for part in data["parts"])
            entered = PetitionData(Requester(data["requester"]), Competence(data["competence"]), parts=parts)
            for field, sentence in entered.problems():
                self.add_error(field, sentence)
        return data

    @property
    def matter(self) -> Matter:
        data = self.cleaned_data
        return Matter(
            PetitionKind(data["kind"]),
            Requester(data["requester"]),
            Competence(data["competence"]),
            Topic(data["topic"]),
            LegalArea(data["legal_area"]),
            tuple(Competence(part) for part in data["parts"]),
        )

    def plan(self, routes: Routes, calendar: Calendar) -> Plan | None:
        """The plan for a valid form; None with the sentence at its field where there cannot be one."""
        data = self.cleaned_data
        try:
            return plan(
                routes,
                self.matter,
                received_on=data["received_on"],
                outside_due_on=data["outside_due_on"],
                calendar=calendar,
            )
        except ValueError as error:
            self.add_error("outside_due_on", str(error))
            return None


def matter_form(asked: QueryDict, today: date) -> MatterForm:
    """Unbound without a question; what a question leaves out is taken from a usual matter that came today."""
    usual = {
        "requester": Requester.BUNDESTAG.value,
        "kind": PetitionKind.PETITION.value,
        "competence": Competence.FEDERAL.value,
        "topic": Topic.BENEFITS.value,
        "legal_area": LegalArea.SGB2.value,
        "received_on": today.isoformat(),
        "outside_due_on": (today + USUAL_PERIOD).isoformat(),
    }
    if not asked.keys() & {*usual, "parts"}:
        return MatterForm(initial=usual)
    data = asked.copy()
    for name, value in usual.items():
        data.setdefault(name, value)
    return MatterForm(data)


class RepresentativeForm(forms.Form):
    at = forms.ModelChoiceField(
        label="Dienststelle, die KRM nutzt",
        queryset=Office.objects.none(),
        required=False,
        empty_label="keine",
        help_text="Dort kommt die Sache als eigene Arbeit an.",
    )
    users = forms.ModelMultipleChoiceField(
        label="Einzelne Personen",
        queryset=User.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple(attrs={"class": "krm-options--many"}),
        help_text="Sie sehen nur, was dieser Stelle vorgelegt wird.",
        error_messages={"invalid_choice": "Diese Person steht hier nicht zur Wahl."},
    )

    def __init__(self, *args: Any, office: Office, people: Iterable[tuple[str, list[User]]], **kwargs: Any):
        super().__init__(*args, **kwargs)
        groups = list(people)
        offered = [user.pk for _, users in groups for user in users]
        self.fields["at"].queryset = Office.objects.exclude(pk=office.pk)
        self.fields["users"].queryset = User.objects.filter(pk__in=offered)
        self.fields["users"].choices = [(label, [(user.pk, str(user)) for user in users]) for label, users in groups]
