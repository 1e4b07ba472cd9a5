"""The question who answers for a matter: its tasks, its Rechtskreis, the office."""

from typing import Any

from django import forms

from offices.models import Office
from offices.models.units import OfficeType
from petitions.forms.words import options
from petitions.rules.competence import BASIS, Finding, Task, competence
from petitions.rules.vocabulary import Competence, LegalArea

GROUPS = {
    Competence.FEDERAL: "Lebensunterhalt und Arbeit",
    Competence.MUNICIPAL: "Unterkunft, Betreuung, Bildung",
    Competence.OWNERS_ASSEMBLY: "Die Dienststelle selbst",
}
TASKS = [(label, [(t.value, t.label) for t in Task if BASIS[t][0] == who]) for who, label in GROUPS.items()]


class CompetenceForm(forms.Form):
    """A GET form, so that a finding can be passed on as a link."""

    tasks = forms.MultipleChoiceField(
        label="Worum geht es?", choices=TASKS, required=False, widget=forms.CheckboxSelectMultiple
    )
    legal_area = forms.ChoiceField(label="Rechtskreis", choices=options(LegalArea))
    office = forms.ModelChoiceField(
        label="Dienststelle",
        queryset=Office.objects.none(),
        empty_label=None,
        error_messages={"invalid_choice": "Diese Dienststelle steht Ihnen nicht zur Verfügung."},
    )

    def __init__(self, *args: Any, offices: list[Office], **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["office"].queryset = Office.objects.filter(pk__in=[office.pk for office in offices])

    @property
    def finding(self) -> Finding:
        data = self.cleaned_data
        office = data["office"]
        return competence(
            (Task(task) for task in data["tasks"]),
            legal_area=LegalArea(data["legal_area"]),
            is_licensed=office.type == OfficeType.MUNICIPAL_JOBCENTER,
        )
