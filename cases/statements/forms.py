"""Forms of statements: asked for, written, signed, returned, given to somebody else."""

from collections.abc import Iterable

from django import forms

from cases.handling.actions.notes import ONE_OF_BOTH
from cases.lookup import case_calendar
from cases.models import Case, StatementStation
from cases.rules.directives import NO_QUESTION
from cases.rules.registration import UploadedFile
from cases.statements.actions.asking import NO_REASON_TO_WITHDRAW
from cases.statements.actions.way import NO_CHANGE_ASKED
from cases.statements.reading.way import APPROVING_ROLES
from cases.uploads import ACCEPT, parse
from cases.workplace.forms.case import ManyPeopleField, PersonChoiceField, staff
from offices.calendars import Period, due
from offices.calendars import Unit as TimeUnit
from offices.errors import NotAllowed
from offices.forms import DateField
from offices.models import Unit, User
from offices.queries import Actor

LONGEST = 60  # Arbeitstage


class RequestForm(forms.Form):
    """Which unit is asked what, until when, and who signs; the day by date or as a number of Arbeitstage."""

    unit = forms.ModelChoiceField(
        label="Welche Einheit nimmt Stellung?",
        queryset=Unit.objects.none(),
        empty_label="bitte wählen",
        help_text="Es schreibt die Leitung; sie kann es jemandem der Einheit übertragen.",
    )
    question = forms.CharField(
        label="Wozu soll sie Stellung nehmen?",
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": NO_QUESTION},
    )
    working_days = forms.IntegerField(
        label="Frist in Arbeitstagen",
        required=False,
        min_value=1,
        max_value=LONGEST,
        widget=forms.NumberInput(attrs={"class": "krm-input--short"}),
        help_text="gezählt ab morgen",
    )
    due_on = DateField(label="oder bis zum", required=False)
    approver = PersonChoiceField(
        label="Wer gibt frei?",
        queryset=User.objects.none(),
        required=False,
        help_text="wie üblich: die Leitung über der Einheit, sonst die Geschäftsführung; nie, wer schreibt",
    )
    co_signers = ManyPeopleField(label="Wer zeichnet vorher mit?", queryset=User.objects.none(), required=False)

    def __init__(self, *args, case: Case, actor: Actor, **kwargs):
        super().__init__(*args, **kwargs)
        self.case, self.today = case, actor.today
        self.fields["unit"].queryset = case.office.units.filter(is_active=True)
        for name in ("approver", "co_signers"):
            self.fields[name].queryset = staff(case, actor, APPROVING_ROLES)
        self.fields["approver"].empty_label = "wie üblich"

    def clean(self):
        data = super().clean()
        days, day = data.pop("working_days", None), data.get("due_on")
        if not {"working_days", "due_on"} & set(self.errors):
            if (days is None) == (day is None):
                self.add_error("working_days", ONE_OF_BOTH)
            elif days:
                data["due_on"] = due(case_calendar(self.case), self.today, Period(days, TimeUnit.WORKING_DAYS)).due_on
        return data


class StatementForm(forms.Form):
    text = forms.CharField(label="Stellungnahme", required=False, widget=forms.Textarea(attrs={"rows": 18}))


class StatementFileForm(forms.Form):
    """Stands in the form of the text, whose other buttons need no file."""

    use_required_attribute = False

    files = forms.FileField(
        label="Anlage",
        widget=forms.FileInput(attrs={"accept": ACCEPT}),
        help_text="Sie gehört zu dem, was gezeichnet wird.",
        error_messages={"required": "Bitte eine Datei auswählen."},
    )

    def clean_files(self) -> UploadedFile:
        try:
            return parse(self.cleaned_data["files"])
        except NotAllowed as refusal:
            raise forms.ValidationError(refusal.reason) from refusal


class SignForm(forms.Form):
    """Only says yes; the version of the page comes beside it."""


class ReturnStatementForm(forms.Form):
    to_position = forms.TypedChoiceField(label="An wen zurück?", coerce=int)
    note = forms.CharField(
        label="Hinweis: Was ist zu ändern?",
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": NO_CHANGE_ASKED},
    )

    def __init__(self, *args, stations: Iterable[StatementStation], **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["to_position"].choices = [(s.position, f"{s.user} ({s.get_part_display()})") for s in stations]


class WithdrawStatementForm(forms.Form):
    reason = forms.CharField(
        label="Warum wird sie nicht mehr gebraucht?",
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": NO_REASON_TO_WITHDRAW},
    )


class DelegateForm(forms.Form):
    user = forms.ModelChoiceField(label="Wer schreibt?", queryset=User.objects.none(), empty_label="bitte wählen")

    def __init__(self, *args, people, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["user"].queryset = people
