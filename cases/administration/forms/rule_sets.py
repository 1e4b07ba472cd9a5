"""The form in which an office lays down its next version of the rules."""

from typing import Any

from django import forms

from cases.administration.forms.reminders import EXAMPLE, GROUPS, StepsField
from offices.actions import NO_OCCASION
from offices.calendars import Unit
from offices.forms import DateField, number
from offices.forms.base import UNITS, fingerprint
from offices.models import RuleSet
from offices.roles import Visibility
from offices.rules.changes import OWN, with_changes
from offices.rules.describing import FILE_PLAN_WORDS, VISIBILITY_WORDS, describe
from offices.rules.parameters import Parameters
from offices.rules.parsing import LARGEST_NUMBER, ParameterErrors
from offices.rules.values import LAST_HOUR
from offices.rules.vocabulary import Recipient

PERIODS = {"acknowledgement": "Eingangsbestätigung", "closure": "Abschluss", "interim": "Zwischennachricht"}
PATHS = {
    "filing.retention_years": "retention_years",
    "practice.max_concerns": "max_concerns",
    "visibility.who": "visibility",
    "first_stop.must_present": "must_present",
    "first_stop.lgf_copy_units": "lgf_copy_units",
    "reminders.hour": "reminder_hour",
    "reminders.review_of_rest": "rest_review_amount",
    "reminders.review_of_rest.amount": "rest_review_amount",
    "reminders.review_of_rest.unit": "rest_review_unit",
    **{f"reminders.{name}": f"remind_{name}" for name in GROUPS},
    **{f"{name}.period": f"{name}_amount" for name in PERIODS},
    **{f"{name}.period.amount": f"{name}_amount" for name in PERIODS},
    **{f"{name}.period.unit": f"{name}_unit" for name in PERIODS},
}


class LinesField(forms.CharField):
    """One entry a line; blank lines and repeated entries fall away."""

    widget = forms.Textarea

    def __init__(self, *, longest: int, **kwargs: Any):
        super().__init__(required=False, widget=forms.Textarea(attrs={"rows": 4}), **kwargs)
        self.longest = longest

    def prepare_value(self, value: Any) -> Any:
        return value if isinstance(value, str) else "\n".join(value or ())

    def clean(self, value: Any) -> list[str]:
        lines = list(dict.fromkeys(" ".join(line.split()) for line in super().clean(value).splitlines()))
        entries = [line for line in lines if line]
        if any(len(line) > self.longest for line in entries):
            raise forms.ValidationError(f"Eine Zeile hat höchstens {self.longest} Zeichen.")
        return entries


class RuleSetForm(forms.Form):
    """After validation `parameters` holds the rules of the next version, read back by the rules themselves."""

    valid_from = DateField(label="Gilt ab", help_text="heute oder später; für Eingänge ab diesem Tag")
    review_on = DateField(label="Zu überprüfen am", required=False)
    reason = forms.CharField(
        label="Anlass der Fassung",
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": NO_OCCASION},
    )
    participation_body = forms.CharField(
        label="Beteiligtes Gremium", required=False, max_length=120, help_text="zum Beispiel Personalrat"
    )
    participation_on = DateField(label="Beteiligt am", required=False)
    interim_required = forms.BooleanField(label="Zwischennachricht ist vorgeschrieben", required=False)
    visibility = forms.ChoiceField(
        label="Wer die Vorgänge sieht (K18)", choices=[(v.value, VISIBILITY_WORDS[v]) for v in Visibility]
    )
    max_concerns = number("Anliegen je Vorgang, höchstens", 20)
    closed_days_are_working_days = forms.BooleanField(
        label="Dienstfreie Tage zählen als Arbeitstage",
        required=False,
        help_text="Das Ende einer Frist verschieben dienstfreie Tage nie.",
    )
    retention_years = number("Aufbewahrung in Jahren", 100)
    must_present = LinesField(
        label="Vorlagepflichtige Fälle (K19)",
        longest=200,
        help_text="Eine Zeile je Fall; die Geschäftsführung zeichnet deren Verfügung auf jedem Eingangsweg.",
    )
    lgf_copy_units = LinesField(
        label="Bereiche, deren Verfügungen die LGF in Kopie bekommt (K19)",
        longest=16,
        help_text="Eine Nummer je Zeile, zum Beispiel 71; die Einheiten darunter gehören dazu.",
    )
    reminder_hour = number("Stunde, ab der erinnert wird", LAST_HOUR, help_text="an Arbeitstagen der Dienststelle")
    rest_review_amount = number("Ruhen ohne Ende wird geprüft nach: Anzahl", LARGEST_NUMBER)
    rest_review_unit = forms.ChoiceField(label="Ruhen ohne Ende wird geprüft nach: Einheit", choices=UNITS)

    def __init__(self, *args, base: RuleSet, **kwargs):
        self.base = base
        rules = base.parameters
        super().__init__(*args, initial=_initial(base), **kwargs)
        for name, label in PERIODS.items():
            required = name == "closure" and not rules.provenance[name].readings
            self.fields[f"{name}_amount"] = number(f"{label}: Anzahl", LARGEST_NUMBER, required=required)
            self.fields[f"{name}_unit"] = forms.ChoiceField(label=f"{label}: Einheit", choices=UNITS)
        for entry in describe(rules):
            if entry.readings:
                own = [(OWN, "eigene Frist der Dienststelle")] if entry.name in PERIODS else []
                self.fields[f"{entry.name}_reading"] = forms.ChoiceField(
                    label=f"{entry.title} ({entry.key}): Lesart",
                    widget=forms.RadioSelect,
                    choices=[*((r.key, f"{r.label}: {r.value}") for r in entry.readings), *own],
                    initial=entry.chosen,
                    help_text="Das Dokument widerspricht sich; eine Lesart gilt.",
                )
        for name, label in GROUPS.items():
            self.fields[f"remind_{name}"] = StepsField(label=label, initial=getattr(rules.reminders, name))
        for kind, word in FILE_PLAN_WORDS.items():
            self.fields[f"file_{kind}"] = forms.CharField(
                label=word,
                max_length=20,
                required=kind == "general",
                initial=getattr(rules.file_plan, kind),
                widget=forms.TextInput(attrs={"class": "krm-input--short"}),
            )

    @property
    def periods(self) -> list[dict]:
        """The fields of K1 to K3 as the page groups them."""
        return [
            {
                "label": label,
                "required": self["interim_required"] if name == "interim" else None,
                "reading": self[f"{name}_reading"] if f"{name}_reading" in self.fields else None,
                "amount": self[f"{name}_amount"],
                "unit": self[f"{name}_unit"],
            }
            for name, label in PERIODS.items()
        ]

    @property
    def other_readings(self) -> list[forms.BoundField]:
        names = [n for n in self.fields if n.endswith("_reading") and n.removesuffix("_reading") not in PERIODS]
        return [self[name] for name in names]

    @property
    def reminder_groups(self) -> list[forms.BoundField]:
        return [self[f"remind_{name}"] for name in GROUPS]

    @property
    def reminder_example(self) -> str:
        return EXAMPLE

    @property
    def reminded(self) -> list[str]:
        """The words that may stand behind the colon of a reminder step."""
        return [recipient.label for recipient in Recipient]

    @property
    def file_numbers(self) -> list[forms.BoundField]:
        return [self[f"file_{kind}"] for kind in FILE_PLAN_WORDS]

    @property
    def participation(self) -> list[dict]:
        """Who took part in this version, as the rule set stores it (H-17)."""
        body, on = self.cleaned_data["participation_body"], self.cleaned_data["participation_on"]
        return [{"body": body, "on": on.isoformat() if on else None}] if body else []

    @property
    def fingerprint(self) -> str:
        """The same for the same answers: what was confirmed is what was shown before."""
        return fingerprint(self.cleaned_data)

    def clean(self):
        data = super().clean()
        for name in PERIODS:
            reading = data.get(f"{name}_reading", OWN)
            if reading != OWN and data.get(f"{name}_amount"):
                self.add_error(f"{name}_amount", "Bitte „eigene Frist“ wählen oder dieses Feld leer lassen.")
        if data.get("participation_on") and not data.get("participation_body"):
            self.add_error("participation_body", "Bitte das Gremium nennen, das beteiligt war.")
        if not self.errors:
            self.parameters = self._parameters(data)
        return data

    def _parameters(self, data: dict) -> Parameters | None:
        readings = {n.removesuffix("_reading"): key for n, key in data.items() if n.endswith("_reading")}
        source = f"Festlegung der Dienststelle, gültig ab {data['valid_from']:%d.%m.%Y}"
        try:
            return with_changes(self.base.parameters, readings=readings, values=_values(data, readings), source=source)
        except ParameterErrors as problems:
            for path, sentence in problems.errors.items():
                self.add_error(PATHS.get(path), sentence)
            return None


def _initial(base: RuleSet) -> dict[str, Any]:
    rules = base.parameters
    initial = {
        "review_on": base.review_on,
        "interim_required": rules.interim.required,
        "visibility": rules.visibility.who,
        "max_concerns": rules.max_concerns,
        "closed_days_are_working_days": rules.closed_days_are_working_days,
        "retention_years": rules.retention_years,
        "must_present": rules.first_stop.must_present,
        "lgf_copy_units": rules.first_stop.lgf_copy_units,
        "reminder_hour": rules.reminders.hour,
        "rest_review_amount": rules.reminders.review_of_rest.amount,
        "rest_review_unit": rules.reminders.review_of_rest.unit.value,
    }
    for name in PERIODS:
        initial[f"{name}_unit"] = Unit.WORKING_DAYS.value
        period = getattr(rules, name).period
        if period and not rules.provenance[name].readings:
            initial |= {f"{name}_amount": period.amount, f"{name}_unit": period.unit.value}
    return initial


def _values(data: dict, readings: dict[str, str]) -> dict[str, dict[str, Any]]:
    """What the office lays down itself, as plain data for `with_changes`."""
    values: dict[str, dict[str, Any]] = {
        "visibility": {"who": data["visibility"]},
        "practice": {
            "max_concerns": data["max_concerns"],
            "closed_days_are_working_days": data["closed_days_are_working_days"],
        },
        "filing": {
            "file_plan": {kind: data[f"file_{kind}"] for kind in FILE_PLAN_WORDS},
            "retention_years": data["retention_years"],
        },
        "interim": {"required": data["interim_required"]},
        "first_stop": {"must_present": data["must_present"], "lgf_copy_units": data["lgf_copy_units"]},
        "reminders": {
            "hour": data["reminder_hour"],
            "review_of_rest": {"amount": data["rest_review_amount"], "unit": data["rest_review_unit"]},
            **{name: data[f"remind_{name}"] for name in GROUPS},
        },
    }
    for name in PERIODS:
        amount = data[f"{name}_amount"]
        if readings.get(name, OWN) == OWN:
            period = {"amount": amount, "unit": data[f"{name}_unit"]} if amount else None
            values[name] = values.get(name, {}) | {"period": period}
    return values
