"""The page of a Verfügung: its head, and one row for each point; rows that were emptied fall away."""

from collections.abc import Callable
from datetime import date

from django import forms
from django.db.models import QuerySet
from django.forms import BaseFormSet, formset_factory

from cases.directives.actions.drafting import NOTHING_TO_CHANGE
from cases.directives.reading.directive import problems_of
from cases.models import Case, Directive, DirectivePoint
from cases.rules.directives import POINT_LABELS, PointData, PointKind
from cases.rules.kinds import choices
from cases.workplace.forms.case import PersonChoiceField, staff, with_number
from offices.calendars import Calendar, Period, Unit, due
from offices.forms import DateField
from offices.models import Unit as HouseUnit
from offices.models import User
from offices.queries import Actor
from offices.roles import WORKING_ROLES, Role

SPARE_ROWS = 2
MOST_ROWS = 40
READ_AT_MOST = 60  # rows of a request; a few more than fit, so that one too many is said and not cut off
LONGEST_TEXT = 2000
FIELDS = {"to": "unit"}  # where a row has more fields than the point of the rules


class PointForm(forms.Form):
    position = forms.IntegerField(
        label="Nummer",
        min_value=1,
        max_value=99,
        required=False,
        widget=forms.NumberInput(attrs={"class": "krm-input--short"}),
    )
    kind = forms.ChoiceField(label="Art", choices=[("", "kein Punkt"), *choices(POINT_LABELS)], required=False)
    text = forms.CharField(
        label="Text", required=False, max_length=LONGEST_TEXT, widget=forms.Textarea(attrs={"rows": 1})
    )
    unit = forms.ModelChoiceField(
        label="Einheit", queryset=HouseUnit.objects.none(), required=False, empty_label="keine"
    )
    person = PersonChoiceField(label="Person", queryset=User.objects.none(), required=False)
    working_days = forms.IntegerField(
        label="in AT",
        required=False,
        min_value=1,
        max_value=260,
        widget=forms.NumberInput(attrs={"class": "krm-input--short"}),
    )
    due_on = DateField(label="oder bis", required=False)

    def __init__(self, *args, units, people, calendar: Calendar, today: date, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["unit"].queryset, self.fields["unit"].choices = units
        self.fields["person"].queryset, self.fields["person"].choices = people
        self.calendar, self.today = calendar, today

    @property
    def point(self) -> PointData | None:
        """What was entered; None for a row that was left or made empty. A number of Arbeitstage counts from today."""
        entered = self.cleaned_data
        if not entered.get("kind"):
            return None
        due_on = entered["due_on"]
        if days := entered["working_days"]:
            due_on = due(self.calendar, self.today, Period(days, Unit.WORKING_DAYS)).due_on
        return PointData(
            kind=PointKind(entered["kind"]),
            text=entered["text"],
            unit_id=entered["unit"].pk if entered["unit"] else None,
            person_id=entered["person"].pk if entered["person"] else None,
            due_on=due_on,
        )


class PointRows(BaseFormSet):
    default_error_messages = {
        **BaseFormSet.default_error_messages,
        "too_many_forms": "Eine Verfügung hat höchstens %(num)d Punkte.",
    }

    @property
    def filled(self) -> list[PointForm]:
        """The rows with a point in the order of their numbers; those without a number stay where they stand."""
        rows = [(form.cleaned_data.get("position") or place, place, form) for place, form in enumerate(self, 1)]
        return [form for _, _, form in sorted(rows, key=lambda row: row[:2]) if form.point]

    @property
    def points(self) -> list[PointData]:
        return [form.point for form in self.filled]


PointFormSet = formset_factory(
    PointForm, formset=PointRows, extra=SPARE_ROWS, max_num=MOST_ROWS, absolute_max=READ_AT_MOST, validate_max=True
)


class DirectiveForm(forms.Form):
    lead_unit = forms.ModelChoiceField(
        label="Federführung", queryset=HouseUnit.objects.none(), required=False, empty_label="keine Einheit"
    )
    signature_level = forms.ChoiceField(label="Wer das Abschlussschreiben zeichnet", required=False)
    must_present = forms.ChoiceField(
        label="Vorlagepflichtig wegen",
        required=False,
        help_text="Liste der Dienststelle; dann zeichnet die Geschäftsführung diese Verfügung.",
    )

    def __init__(self, *args, case: Case, levels: tuple[Role, ...], **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["lead_unit"].queryset = case.office.units.filter(is_active=True)
        self.fields["signature_level"].choices = [
            ("", "wie im Regelwerk"),
            *((role.value, role.label) for role in levels),
        ]
        entries = case.rule_set.parameters.first_stop.must_present
        self.fields["must_present"].choices = [("", "nicht vorlagepflichtig"), *((entry, entry) for entry in entries)]
        if not entries:
            self.fields["must_present"].help_text = "Die Liste der Dienststelle ist leer (Regelwerk K19)."


class ReturnDirectiveForm(forms.Form):
    note = forms.CharField(
        label="Was ist zu ändern?",
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": NOTHING_TO_CHANGE},
    )


class DirectiveForms:
    """Head and rows of one page, bound together or not at all; what somebody else changed meanwhile beside them."""

    differences: dict[str, tuple[str, str]]
    seen_version: int

    def __init__(self, directive: Directive, *, actor: Actor, levels: tuple[Role, ...], calendar: Calendar, data=None):
        case = self.case = directive.case
        self.today = actor.today
        head = {name: getattr(directive, name) for name in ("lead_unit", "signature_level", "must_present")}
        self.head = DirectiveForm(data, case=case, levels=levels, initial=head)
        shared = {
            "units": _offered(case.office.units.filter(is_active=True), "keine"),
            "people": _offered(staff(case, actor, WORKING_ROLES), "niemand", with_number),
            "calendar": calendar,
            "today": actor.today,
        }
        rows = [_initial(point) for point in directive.points.all()]
        self.rows = PointFormSet(data, initial=rows, form_kwargs=shared, prefix="punkt")

    @property
    def all(self) -> list[forms.Form]:
        return [self.head, *self.rows.forms]

    def are_valid(self) -> bool:
        return all([self.head.is_valid(), self.rows.is_valid()])

    @property
    def entered(self) -> dict:
        return {**self.head.cleaned_data, "points": self.rows.points}

    def are_complete(self) -> bool:
        """Whether nothing is missing to present or issue it; what is missing stands at its field afterwards."""
        head, points, filled = self.head.cleaned_data, self.rows.points, self.rows.filled or self.rows.forms
        problems = problems_of(self.case, points, head["lead_unit"], head["signature_level"], self.today)
        for problem in problems:
            if problem.index is None:
                self.head.add_error(problem.field, problem.sentence)
            else:
                number = filled[problem.index].cleaned_data.get("position") or problem.index + 1
                field = FIELDS.get(problem.field, problem.field)
                filled[problem.index].add_error(field, f"Punkt {number}: {problem.sentence}")
        return not problems


def _offered(rows: QuerySet, nothing: str, words: Callable = str) -> tuple[QuerySet, list[tuple]]:
    """What a field looks an answer up in, and its options, read once for all rows of the page."""
    return rows, [("", nothing), *((row.pk, words(row)) for row in rows)]


def _initial(point: DirectivePoint) -> dict:
    return {
        "position": point.position,
        "kind": point.kind,
        "text": point.text,
        "unit": point.unit_id,
        "person": point.person_id,
        "due_on": point.due_on,
    }
