"""The question put to the Fristenrechner."""

from datetime import date

from django import forms

from offices.calendars import FIRST_YEAR, LAST_YEAR, Calendar, Due, Period, Unit, due, due_backward
from offices.forms.base import NO_WHOLE_NUMBER, DateField
from offices.models import Office

UNITS = [
    (Unit.WORKING_DAYS.value, "Arbeitstage (Mo–Fr, ohne Feiertage)"),
    (Unit.WEEKDAYS.value, "Werktage (Mo–Sa, ohne Feiertage)"),
    (Unit.CALENDAR_DAYS.value, "Kalendertage"),
    (Unit.WEEKS.value, "Wochen"),
    (Unit.MONTHS.value, "Monate"),
]
LARGEST = {Unit.WEEKS: 104, Unit.MONTHS: 60}
LARGEST_IN_DAYS = 366
FORWARD, BACKWARD = "forward", "backward"
MOVE, STAY = "move", "stay"


class DueDateForm(forms.Form):
    """A GET form, so that a computed date can be passed on as a link."""

    office = forms.ModelChoiceField(
        label="Kalender von",
        queryset=Office.objects.none(),
        empty_label=None,
        error_messages={"invalid_choice": "Diese Dienststelle steht Ihnen nicht zur Verfügung."},
    )
    start_on = DateField(
        label="Ausgangstag", help_text="Vorwärts der Eingang, rückwärts das Fristende; er zählt nicht mit."
    )
    amount = forms.IntegerField(
        label="Anzahl",
        min_value=0,
        widget=forms.NumberInput(attrs={"class": "krm-input--short", "max": LARGEST_IN_DAYS}),
        error_messages={
            "required": "Bitte eine Anzahl angeben.",
            "invalid": NO_WHOLE_NUMBER,
            "min_value": "Eine Frist hat mindestens 0 Einheiten.",
        },
    )
    unit = forms.ChoiceField(label="Einheit", choices=UNITS)
    direction = forms.ChoiceField(
        label="Richtung",
        choices=[(FORWARD, "vorwärts: bis wann?"), (BACKWARD, "rückwärts: spätestens wann davor?")],
    )
    roll = forms.ChoiceField(
        label="Ende an einem freien Tag",
        choices=[(MOVE, "rückt auf den nächsten Werktag"), (STAY, "bleibt, wo es ist")],
        help_text="Gilt vorwärts. Rückwärts liegt das Ergebnis immer auf einem Tag, an dem gearbeitet wird.",
    )

    def __init__(self, *args, offices, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["office"].queryset = offices

    def clean_start_on(self) -> date:
        day = self.cleaned_data["start_on"]
        if not FIRST_YEAR <= day.year <= LAST_YEAR:
            raise forms.ValidationError(f"Feiertage sind für die Jahre {FIRST_YEAR} bis {LAST_YEAR} bekannt.")
        return day

    def clean(self):
        data = super().clean()
        amount, unit = data.get("amount"), data.get("unit")
        if amount is not None and unit and amount > (largest := LARGEST.get(Unit(unit), LARGEST_IN_DAYS)):
            self.add_error("amount", f"Hier sind höchstens {largest} möglich.")
        return data

    def compute(self, calendar: Calendar) -> Due | None:
        """The answer for a valid form; None with an error at the field where the years with holidays end."""
        data = self.cleaned_data
        period = Period(data["amount"], Unit(data["unit"]))
        try:
            if data["direction"] == BACKWARD:
                return due_backward(calendar, data["start_on"], period)
            return due(calendar, data["start_on"], period, roll_forward=data["roll"] == MOVE)
        except ValueError as error:
            self.add_error("amount", str(error))
            return None
