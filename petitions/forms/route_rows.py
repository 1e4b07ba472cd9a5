"""The rows in which an office lays down its next routes: a body, a route, a line, a date; and the head of the page."""

from typing import Any

from django import forms
from django.forms import BaseFormSet, formset_factory

from offices.actions import NO_OCCASION
from offices.forms import DateField, number
from offices.forms.base import UNITS
from offices.roles import ROLES
from offices.rules.parsing import LARGEST_NUMBER
from petitions.forms.words import options
from petitions.rules.describing import OF_THE_HOUSE
from petitions.rules.vocabulary import Competence, Direction, LegalArea, PetitionKind, Requester, StationRole, Topic

MOST_BODIES, MOST_ROUTES, MOST_LINES, MOST_DATES = 80, 40, 300, 100
MORE = 20  # rows read beyond what fits, so that too many are said and not cut off
CONDITIONS = {
    "kinds": ("Art", PetitionKind),
    "requesters": ("Anfordernde Stelle", Requester),
    "competences": ("Zuständigkeit", Competence),
    "topics": ("Gegenstand", Topic),
    "legal_areas": ("Rechtskreis", LegalArea),
}
ENDS = (StationRole.REQUEST, StationRole.RECEIVE)  # of every way; no line of a list
TASKS = [(role.value, role.label) for role in StationRole if role not in ENDS]
COUNTED = [
    ("", "Termin entfällt"),
    (Direction.FORWARD.value, "nach dem Eingang"),
    (Direction.BACK.value, "vor der Frist der anfordernden Stelle"),
]
PARTS = [(word.value, word.label) for word in Competence if word != Competence.MIXED]


class HeadForm(forms.Form):
    valid_from = DateField(label="Gilt ab", help_text="heute oder später; begonnene Wege behalten ihren Plan")
    reason = forms.CharField(
        label="Anlass der Fassung",
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": NO_OCCASION},
    )


class RulesField(forms.CharField):
    """Rules and sources, separated by commas."""

    def __init__(self, **kwargs: Any):
        super().__init__(label="Regeln", required=False, max_length=200, **kwargs)

    def prepare_value(self, value: Any) -> Any:
        return value if isinstance(value, str) else ", ".join(value or ())


def rules_of(entered: str) -> list[str]:
    return list(dict.fromkeys(" ".join(part.split()) for part in entered.split(",") if part.strip()))


def position() -> forms.IntegerField:
    return number("Nr.", 999, required=False)


def words_to_tick(label: str, choices: list[tuple[str, str]]) -> forms.MultipleChoiceField:
    return forms.MultipleChoiceField(label=label, choices=choices, required=False, widget=forms.CheckboxSelectMultiple)


class ConditionalForm(forms.Form):
    """A row that may hold for some matters only; the fields for that stand on the page where they are wanted."""

    is_limited = forms.BooleanField(required=False, widget=forms.HiddenInput)
    asks_always = False

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        if self.asks_always or self.fields["is_limited"].to_python(self["is_limited"].value()):
            for name, (label, words) in CONDITIONS.items():
                self.fields[name] = words_to_tick(label, options(words))

    @property
    def conditions(self) -> list[forms.BoundField]:
        return [self[name] for name in CONDITIONS if name in self.fields]

    @property
    def condition(self) -> dict[str, list[str]]:
        """What was ticked, as plain data; nothing where it holds for all matters."""
        return {name: self.cleaned_data[name] for name in CONDITIONS if name in self.fields}


class BodyForm(ConditionalForm):
    is_new = False  # what a body is stays; of one that is added it is asked

    key = forms.CharField(max_length=40, widget=forms.HiddenInput)
    name = forms.CharField(label="Name", max_length=160, required=False)
    desk = forms.ChoiceField(
        label="wo",
        choices=[("", "außerhalb des Hauses"), *((role.value, f"im Haus: {role.label}") for role in ROLES)],
        required=False,
    )


class RouteForm(ConditionalForm):
    asks_always = True

    key = forms.CharField(max_length=40, widget=forms.HiddenInput)
    position = position()
    label = forms.CharField(label="Name des Weges", max_length=200, required=False)
    rules = RulesField(help_text="durch Kommas getrennt")
    confirmed = forms.BooleanField(label="durch ein Dokument belegt", required=False)
    note = forms.CharField(
        label="Hinweis",
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="was angenommen ist, wo kein Dokument es sagt",
    )
    is_removed = forms.BooleanField(label="Weg entfällt", required=False)

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["parts"] = words_to_tick("Teile, jeder mit eigenem Zweig der Bearbeitung", PARTS)
        for name in OF_THE_HOUSE:
            self.fields[f"own_{name}"] = forms.BooleanField(
                label="eigene Zeilen statt der im Haus üblichen; ohne Zeile entfällt dieser Abschnitt", required=False
            )


class LineForm(ConditionalForm):
    was = forms.CharField(max_length=120, required=False, widget=forms.HiddenInput)
    place = forms.CharField(max_length=60, widget=forms.HiddenInput)
    position = position()
    body = forms.ChoiceField(label="Stelle", required=False)
    role = forms.ChoiceField(label="Aufgabe", choices=TASKS)
    amount = number("braucht", LARGEST_NUMBER, required=False)
    unit = forms.ChoiceField(label="Einheit", choices=UNITS)
    mandatory = forms.BooleanField(label="zwingend", required=False)
    rules = RulesField()

    def __init__(self, *args: Any, bodies: list[tuple[str, str]], **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["body"].choices = [("", "Zeile entfällt"), *bodies]
        self.dates: list[DateForm] = []  # what binds the line besides

    def clean(self) -> dict[str, Any]:
        """A line that is added falls away only while nothing stands in it."""
        data = super().clean() or {}
        is_filled = data.get("amount") or data.get("rules") or any(data.get(name) for name in CONDITIONS) or self.dates
        if "body" in data and not data["body"] and not data.get("was") and is_filled:
            self.add_error("body", "Bitte die Stelle wählen; eine Zeile ohne alle Angaben fällt weg.")
        return data

    @property
    def is_wrong(self) -> bool:
        return bool(self.errors) or any(date.errors for date in self.dates)


class DateForm(forms.Form):
    """A date that a document lays down beside the plan of one line, the row with the prefix `line`."""

    line = forms.CharField(max_length=20, widget=forms.HiddenInput)
    label = forms.CharField(label="Termin", max_length=200, required=False)
    amount = number("Anzahl", LARGEST_NUMBER, required=False)
    unit = forms.ChoiceField(label="Einheit", choices=UNITS)
    direction = forms.ChoiceField(label="gezählt", choices=COUNTED, required=False)
    rules = RulesField()


class Rows(BaseFormSet):
    default_error_messages = {
        **BaseFormSet.default_error_messages,
        "too_many_forms": "Das sind zu viele Zeilen; möglich sind %(num)d.",
    }

    @property
    def in_order(self) -> list[forms.Form]:
        """By their numbers; those without a number stay where they stand."""
        rows = [(form.cleaned_data.get("position") or place, place, form) for place, form in enumerate(self, 1)]
        return [form for _, _, form in sorted(rows, key=lambda row: row[:2])]


def rows_of(form: type[forms.Form], most: int) -> type[Rows]:
    made: type[Rows] = formset_factory(
        form, formset=Rows, extra=0, max_num=most, absolute_max=most + MORE, validate_max=True
    )
    return made


BodyRows = rows_of(BodyForm, MOST_BODIES)
RouteRows = rows_of(RouteForm, MOST_ROUTES)
LineRows = rows_of(LineForm, MOST_LINES)
DateRows = rows_of(DateForm, MOST_DATES)
