"""The address of a number: which figure, of which period, restricted to which values."""

from typing import Any

from django import forms

from cases.models import Topic
from cases.models.concern import Nature
from cases.rules.kinds import CHANNEL_LABELS, LEGAL_AREA_LABELS, OUTCOME_LABELS, SETTLEMENT_LABELS, choices
from cases.rules.lifecycle import STATUSES
from cases.rules.triage import REASON_LABELS
from offices.errors import NotAllowed
from offices.forms import DateField
from reporting.reading.evaluating import View
from reporting.reading.numbers import NONE, PARAMETERS, Part, Scope
from reporting.reading.units import Units
from reporting.rules.figures import FIGURES, Subject
from reporting.rules.periods import FIRST_YEAR, LAST_YEAR, Period
from reporting.rules.vocabulary import Dimension, ReportedKind

LISTED = [(key, figure.label) for key, figure in FIGURES.items() if figure.subject != Subject.TALLY]


PLAIN = (  # dimensions whose value stands in the address as it is in the facts
    Dimension.KIND, Dimension.CHANNEL, Dimension.LEGAL_AREA, Dimension.NATURE, Dimension.OUTCOME,
    Dimension.SETTLEMENT, Dimension.REASON,
)  # fmt: skip


def _one_of(options: list[tuple[str, str]], label: str) -> forms.ChoiceField:
    return forms.ChoiceField(label=label, required=False, choices=[("", "alle"), *options])


class NumberForm(forms.Form):
    """Comes from links; what somebody types into the address is checked all the same."""

    kennzahl = forms.ChoiceField(label="Kennzahl", choices=LISTED)
    teil = _one_of([(part.value, part.label) for part in Part], "Teil")
    von = DateField(label="von")
    bis = DateField(label="bis")
    art = _one_of([(kind.value, kind.label) for kind in ReportedKind], "Art")
    weg = _one_of(choices(CHANNEL_LABELS), "Eingangsweg")
    rechtskreis = _one_of(choices(LEGAL_AREA_LABELS), "Rechtskreis")
    anliegen = _one_of(list(Nature.choices), "Anliegen")
    ergebnis = _one_of([*choices(OUTCOME_LABELS), (NONE, "ohne Bewertung")], "Ergebnis")
    erledigung = _one_of([*choices(SETTLEMENT_LABELS), (NONE, "ohne Angabe")], "Art der Erledigung")
    grund = _one_of(choices(REASON_LABELS), "Grund der Abgabe")
    stand = _one_of([(status.value, entry.label) for status, entry in STATUSES.items()], "Stand")
    stufe = forms.IntegerField(label="Stufe", required=False, min_value=0, max_value=9)
    monat = forms.RegexField(r"^\d{4}-(0[1-9]|1[0-2])$", label="Monat", required=False)
    thema = forms.ChoiceField(label="Thema", required=False)
    einheit = forms.ChoiceField(label="Einheit", required=False)

    def __init__(self, *args, view: View, units: Units, **kwargs):
        super().__init__(*args, **kwargs)
        self.view, self.units = view, units
        topics = Topic.objects.filter(office=view.office).order_by("group", "name")
        self.fields["thema"].choices = [("", "alle"), *((str(topic.pk), str(topic)) for topic in topics)]
        shown = units.units if view.unit_ids is not None else units.shown
        self.fields["einheit"].choices = [("", "alle"), (NONE, "ohne Einheit"),
                                          *((str(pk), str(unit)) for pk, unit in shown.items())]  # fmt: skip

    def clean(self):
        data = super().clean()
        if data.get("von") and data.get("bis"):
            try:
                Period(data["von"], data["bis"])
            except NotAllowed as refusal:
                self.add_error("bis", refusal.reason)
        month = data.get("monat")
        if month and not FIRST_YEAR <= int(month[:4]) <= LAST_YEAR:
            self.add_error("monat", f"Bitte ein Jahr von {FIRST_YEAR} bis {LAST_YEAR} angeben.")
        return data

    @property
    def scope(self) -> Scope:
        data = self.cleaned_data
        return Scope(self.view.office.slug, Period(data["von"], data["bis"]))

    @property
    def filters(self) -> dict[Dimension, Any]:
        """Values of the dimensions asked for."""
        data, found = self.cleaned_data, {}
        for dimension in PLAIN:
            if value := data[PARAMETERS[dimension]]:
                found[dimension] = "" if value == NONE else value
        if data["stufe"] is not None:
            found[Dimension.RUNG] = data["stufe"]
        if data["thema"]:
            found[Dimension.TOPIC] = int(data["thema"])
        if data["einheit"]:
            found[Dimension.UNIT] = self.units.counted_with(None if data["einheit"] == NONE else int(data["einheit"]))
        return found

    @property
    def chips(self) -> list[str]:
        """What it is restricted to, in words."""
        said = []
        for name in self.fields:
            value = self.cleaned_data.get(name)
            if name in ("kennzahl", "teil", "von", "bis") or value in (None, ""):
                continue
            field = self.fields[name]
            words = dict(field.choices).get(value, value) if isinstance(field, forms.ChoiceField) else value
            said.append(f"{field.label}: {words}")
        return said
