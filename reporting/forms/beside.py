"""Forms of what is entered beside the figures."""

import csv
from decimal import Decimal, InvalidOperation
from io import StringIO

from django import forms
from django.db.models import QuerySet

from cases.models import Case
from offices.forms import DateField
from offices.models import Office, Unit
from reporting.actions.beside import SurveyRow

MOST_ROWS = 200
COLUMNS = 4


class GradeField(forms.DecimalField):
    """A grade typed as 2,4 or 2.4."""

    def to_python(self, value):
        return super().to_python(value.replace(",", ".") if isinstance(value, str) else value)


class SurveyForm(forms.Form):
    year = forms.IntegerField(label="Jahr", widget=forms.NumberInput(attrs={"class": "krm-input--short"}))
    half = forms.ChoiceField(label="Halbjahr", choices=[("1", "1. Halbjahr"), ("2", "2. Halbjahr")])
    grade = GradeField(
        label="Gesamtnote", max_digits=2, decimal_places=1, min_value=1, max_value=6, localize=True,
        widget=forms.TextInput(attrs={"class": "krm-input--short", "inputmode": "decimal"}),
        help_text="Schulnote mit einer Stelle nach dem Komma",
    )  # fmt: skip
    answers = forms.IntegerField(
        label="Befragte", min_value=1, max_value=100_000, widget=forms.NumberInput(attrs={"class": "krm-input--short"})
    )

    @property
    def row(self) -> SurveyRow:
        data = self.cleaned_data
        return SurveyRow(data["year"], int(data["half"]), data["grade"], data["answers"])


class SurveyImportForm(forms.Form):
    """Several half-years at once, as they stand in a table."""

    rows = forms.CharField(
        label="Zeilen",
        widget=forms.Textarea(attrs={"rows": 8}),
        max_length=20_000,
        help_text="Je Zeile: Jahr; Halbjahr; Gesamtnote; Befragte. Aus einer Tabelle kopiert oder mit Semikolon.",
    )

    def clean_rows(self) -> list[SurveyRow]:
        text = self.cleaned_data["rows"]
        delimiter = "\t" if "\t" in text else ";"
        found, problems = [], []
        for number, cells in enumerate(csv.reader(StringIO(text), delimiter=delimiter), start=1):
            cells = [cell.strip() for cell in cells]
            if not any(cells) or (number == 1 and not cells[0].isdigit()):
                continue  # blank, or the heads of the columns
            row = _row(cells)
            if row is None:
                problems.append(f"Zeile {number} ist nicht zu verstehen: „{' '.join(cells)[:60]}“.")
            else:
                found.append(row)
        if not found and not problems:
            problems.append("Hier steht keine Zeile mit Zahlen.")
        if len(found) > MOST_ROWS:
            problems.append(f"Bitte höchstens {MOST_ROWS} Zeilen auf einmal.")
        if problems:
            raise forms.ValidationError(problems[:10])
        return found


def _row(cells: list[str]) -> SurveyRow | None:
    if len(cells) < COLUMNS:
        return None
    year, half, grade, answers = cells[:COLUMNS]
    try:
        return SurveyRow(int(year), int(half.rstrip(". ").removeprefix("H")), Decimal(grade.replace(",", ".")),
                         int(answers.replace(".", "")))  # fmt: skip
    except (ValueError, InvalidOperation):
        return None


class HouseholdsForm(forms.Form):
    year = forms.IntegerField(label="Jahr", widget=forms.NumberInput(attrs={"class": "krm-input--short"}))
    number = forms.IntegerField(
        label="Bedarfsgemeinschaften", min_value=1, max_value=10_000_000, help_text="im Durchschnitt des Jahres",
        widget=forms.NumberInput(attrs={"class": "krm-input--short"}),
    )  # fmt: skip


class MeasureForm(forms.Form):
    cause = forms.CharField(
        label="Anlass", widget=forms.Textarea(attrs={"rows": 3}), help_text="was die Reaktionen gezeigt haben"
    )
    what = forms.CharField(label="Maßnahme", widget=forms.Textarea(attrs={"rows": 3}), help_text="was geändert wird")
    unit = forms.ModelChoiceField(
        label="Verantwortliche Einheit", queryset=Unit.objects.none(), required=False, empty_label="die Dienststelle"
    )
    due_on = DateField(label="umzusetzen bis")
    check_on = DateField(label="Wirkung prüfen am")
    case = forms.CharField(
        label="aus Vorgang", required=False, max_length=24, help_text="Vorgangsnummer, wenn es einen gibt"
    )

    def __init__(self, *args, office: Office, cases: QuerySet[Case], **kwargs):
        super().__init__(*args, **kwargs)
        self.cases = cases
        self.fields["unit"].queryset = office.units.filter(is_active=True)

    def clean_case(self) -> Case | None:
        reference = self.cleaned_data["case"].strip().upper()
        if not reference:
            return None
        found = None if "\x00" in reference else self.cases.filter(reference=reference).first()
        if found is None:
            raise forms.ValidationError("Diesen Vorgang gibt es nicht, oder Sie sehen ihn nicht.")
        return found


class DoneForm(forms.Form):
    on = DateField(label="umgesetzt am")


class EffectForm(forms.Form):
    effect = forms.CharField(label="Was hat sich geändert?", widget=forms.Textarea(attrs={"rows": 3}))


class ReliefForm(forms.Form):
    reason = forms.CharField(
        label="Warum sehen Sie nach?",
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Das KRM erfährt davon, mit diesem Grund.",
        error_messages={"required": "Bitte angeben, warum Sie nachsehen."},
    )
