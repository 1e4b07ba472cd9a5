"""What a dashboard shows: office, period, unit and kind, all in the URL."""

from collections.abc import Sequence
from datetime import date

from django import forms

from offices.errors import NotAllowed
from offices.forms import DateField
from offices.models import Office
from reporting.reading.evaluating import View
from reporting.reading.units import Units
from reporting.rules.periods import Period
from reporting.rules.vocabulary import ReportedKind, ReportKind

FREE = "frei"
QUARTERS, HALF_YEARS, YEARS = 8, 4, 5


def named_periods(today: date) -> list[Period]:
    """The current ones and those before, the year first."""
    found = []
    for kind, number in ((ReportKind.YEAR, YEARS), (ReportKind.HALF_YEAR, HALF_YEARS), (ReportKind.QUARTER, QUARTERS)):
        period = Period.around(today, kind)
        for _ in range(number):
            found.append(period)
            period = period.before()
    return found


class HousesForm(forms.Form):
    """Whole quarters only: two free periods that differ by a day would tell what came on it."""

    dienststelle = forms.ChoiceField(label="Dienststellen von", required=False)
    zeitraum = forms.ChoiceField(label="Zeitraum", required=False)
    art = forms.ChoiceField(
        label="Art", required=False, choices=[("", "alle"), *((k.value, k.label) for k in ReportedKind)]
    )

    def __init__(self, *args, today: date, tops: Sequence[Office], **kwargs):
        super().__init__(*args, **kwargs)
        self.periods = {period.name: period for period in named_periods(today)}
        self.today, self.current = today, Period.around(today, ReportKind.YEAR)
        self.fields["zeitraum"].choices = [(name, period.label) for name, period in self.periods.items()]
        if len(tops) > 1:
            self.fields["dienststelle"].choices = [(office.slug, office.name) for office in tops]
        else:
            del self.fields["dienststelle"]

    @property
    def period(self) -> Period:
        chosen = self.cleaned_data.get("zeitraum") if self.is_valid() else ""
        return self.periods.get(chosen or "", self.current)

    @property
    def whole_period(self) -> str:
        return self.period.label + (", bis heute" if self.period.until_on > self.today else "")

    @property
    def kind(self) -> str:
        return self.cleaned_data.get("art", "") if self.is_valid() else ""


class EvaluationForm(forms.Form):
    """Nothing chosen means the current year, the whole office and every kind."""

    dienststelle = forms.ChoiceField(label="Dienststelle", required=False)
    zeitraum = forms.ChoiceField(label="Zeitraum", required=False)
    von = DateField(label="von", required=False)
    bis = DateField(label="bis", required=False)
    einheit = forms.ChoiceField(label="Einheit", required=False)
    art = forms.ChoiceField(
        label="Art", required=False, choices=[("", "alle"), *((k.value, k.label) for k in ReportedKind)]
    )

    def __init__(self, *args, today: date, views: Sequence[View], units: Units | None, **kwargs):
        super().__init__(*args, **kwargs)
        self.today, self.units = today, units
        periods = [(period.name, period.label) for period in named_periods(today)]
        self.fields["zeitraum"].choices = [("", "laufendes Jahr"), *periods, (FREE, "von … bis …")]
        if units is None:  # what is open in the own units is open now
            for name in ("zeitraum", "von", "bis"):
                del self.fields[name]
        if len(views) > 1:
            self.fields["dienststelle"].choices = [(view.office.slug, view.office.name) for view in views]
        else:
            del self.fields["dienststelle"]
        shown = units.shown if units else {}
        if shown:
            above = {unit.parent_id for unit in shown.values()}
            names = {
                pk: f"{unit} (ohne die Einheiten darunter)" if pk in above else str(unit) for pk, unit in shown.items()
            }
            self.fields["einheit"].choices = [("", "alle"), *((str(pk), name) for pk, name in names.items())]
        else:
            del self.fields["einheit"]

    def clean(self):
        data = super().clean()
        if data.get("zeitraum") == FREE and not self.errors:
            for name in ("von", "bis"):
                if not data.get(name):
                    self.add_error(name, "Bitte einen Tag angeben.")
            if not self.errors:
                try:
                    Period(data["von"], data["bis"])
                except NotAllowed as refusal:
                    self.add_error("bis", refusal.reason)
                if data["von"] > self.today:
                    self.add_error("von", "Der Zeitraum hat noch nicht begonnen.")
        elif data.get("von") or data.get("bis"):
            self.add_error("zeitraum", "Damit „von“ und „bis“ gelten, hier „von … bis …“ wählen.")
        return data

    @property
    def period(self) -> Period:
        """The period chosen, up to today where it goes on."""
        period = self._chosen
        return Period(period.from_on, min(period.until_on, max(self.today, period.from_on)))

    @property
    def whole_period(self) -> str:
        """What the chosen period is called, also while it goes on."""
        period = self._chosen
        return period.label + (", bis heute" if period.until_on > self.today else "")

    @property
    def _chosen(self) -> Period:
        data = self.cleaned_data if self.is_valid() else {}
        chosen = data.get("zeitraum") or ""
        if chosen == FREE:
            return Period(data["von"], data["bis"])
        named = {each.name: each for each in named_periods(self.today)}
        return named.get(chosen) or Period.around(self.today, ReportKind.YEAR)

    @property
    def kind(self) -> str:
        return self.cleaned_data.get("art", "") if self.is_valid() else ""

    @property
    def unit_id(self) -> int | None:
        chosen = self.cleaned_data.get("einheit") if self.is_valid() else ""
        return int(chosen) if chosen else None
