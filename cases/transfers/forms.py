"""Forms of the Kein-KRM desk; they check shape and dates, the actions decide."""

from collections.abc import Iterable
from datetime import date

from django import forms
from django.db.models import OuterRef, Subquery

from cases.intake.actions.register import NO_SUBJECT
from cases.models import Person, Transfer
from cases.rules.kinds import CHANNEL_LABELS, Channel, choices
from cases.rules.registration import EmployeeData, PersonData
from cases.rules.transfers import TransferData, transfer_problems
from cases.rules.triage import REASON_LABELS, SETTLERS, Reason
from cases.transfers.actions.inside import NO_DAY
from cases.transfers.actions.triage import NO_PART, NO_RECIPIENT
from cases.transfers.reading.data_protection import leads_to_ask
from cases.transfers.reading.receivers import goes_inside, receivers, taken_over_by, usual_day, usual_receiver
from cases.uploads import parse
from cases.workplace.forms.case import CorrectionForm, ManyFilesField, PersonChoiceField
from offices.errors import NotAllowed
from offices.forms import DateField
from offices.models import Office, User
from offices.queries import leads_of, memberships_on
from offices.roles import Role
from offices.rules.values import OralRegistration

WAYS = ("Hauspost", "E-Akte", "persönlich übergeben", "interne E-Mail", "Post", "Fax")
WHOLE, PART = "whole", "part"


class PersonForm(forms.ModelForm):
    """Who wrote, as far as it is known; all empty means nobody."""

    class Meta:
        model = Person
        fields = (
            "salutation", "first_name", "last_name", "organisation", "street", "postcode", "city", "country",
            "email", "phone", "customer_number", "language", "accessible_form",
        )  # fmt: skip

    def clean(self):
        data = super().clean()
        if any(data.values()) and not (data.get("last_name") or data.get("organisation")):
            self.add_error("last_name", "Bitte den Nachnamen oder eine Organisation angeben.")
        return data

    @property
    def person(self) -> PersonData | None:
        return PersonData(**self.cleaned_data) if any(self.cleaned_data.values()) else None


class MatterForm(forms.Form):
    """What every transfer is asked: why, to whom, and for a Widerspruch against which Bescheid."""

    reason = forms.ChoiceField(label="Grund", choices=choices(REASON_LABELS))
    recipient = forms.CharField(
        label="Empfänger",
        max_length=200,
        help_text="Vorschlag des Regelwerks; er lässt sich ändern.",
        error_messages={"required": NO_RECIPIENT},
    )
    decision_on = DateField(
        label="Bescheid vom",
        required=False,
        help_text="bei einem Widerspruch: Daraus wird die Widerspruchsfrist berechnet.",
    )

    def __init__(self, *args, today, **kwargs):
        super().__init__(*args, **kwargs)
        self.today = today

    def clean_reason(self) -> Reason:
        return Reason(self.cleaned_data["reason"])

    def check_dates(self, written_on, received_on):
        problems = transfer_problems(
            written_on=written_on,
            received_on=received_on,
            decision_on=self.cleaned_data.get("decision_on"),
            today=self.today,
        )
        for name, sentence in problems.items():
            self.add_error(name if name in self.fields else None, sentence)


class TransferForm(MatterForm):
    """Something new that is no case."""

    channel = forms.ChoiceField(label="Eingangsweg", choices=choices(CHANNEL_LABELS))
    received_on = DateField(label="Eingang im Haus", help_text="der Tag des Eingangsstempels; er gilt auf dem Beleg")
    written_on = DateField(label="Schreiben vom", required=False)
    subject = forms.CharField(label="Betreff", max_length=200, error_messages={"required": NO_SUBJECT})
    text = forms.CharField(
        label="Wortlaut oder Gesprächsnotiz", required=False, widget=forms.Textarea(attrs={"rows": 6})
    )
    files = ManyFilesField(label="Unterlagen", required=False, help_text="auswählen oder hierher ziehen")

    def clean_files(self):
        try:
            return tuple(parse(file) for file in self.cleaned_data["files"] if file)
        except NotAllowed as refusal:
            raise forms.ValidationError(refusal.reason) from refusal

    def clean(self):
        data = super().clean()
        self.check_dates(data.get("written_on"), data.get("received_on"))
        return data

    def transfer(self, person: PersonData | None, employees: Iterable[EmployeeData]) -> TransferData:
        values = self.cleaned_data | {"channel": Channel(self.cleaned_data["channel"])}
        return TransferData(person=person, employees=tuple(employees), **values)


class EmployeeForm(forms.Form):
    """Somebody of the house whom it is about, or only a name as the letter gives it; all empty means nobody."""

    user = PersonChoiceField(label="Person der Dienststelle", queryset=User.objects.none(), required=False)
    name = forms.CharField(
        label="oder Name laut Schreiben", required=False, max_length=120, help_text="wenn niemand zuzuordnen ist"
    )

    def __init__(self, *args, office: Office, today, besides: Iterable[int] = (), **kwargs):
        super().__init__(*args, **kwargs)
        seats = memberships_on(today).filter(office=office)
        number = seats.filter(user=OuterRef("pk")).values("unit__number")
        found = User.objects.filter(pk__in=seats.values("user")).exclude(pk__in=besides)
        found = found.annotate(unit_number=Subquery(number[:1]))
        self.fields["user"].queryset = found.order_by("last_name", "first_name")

    @property
    def employee(self) -> EmployeeData | None:
        user, name = self.cleaned_data["user"], self.cleaned_data["name"]
        return EmployeeData(user.pk if user else None, "" if user else name) if user or name else None


class TransferEditForm(MatterForm, CorrectionForm):
    """What was forgotten or mistaken; the Eingang stays as it was entered."""

    # Compared with what the page showed, so that nobody takes back unawares what somebody else corrected meanwhile.
    text = forms.CharField(
        label="Wortlaut oder Gesprächsnotiz",
        required=False,
        widget=forms.Textarea(attrs={"rows": 6}),
        show_hidden_initial=True,
    )

    subject = forms.CharField(label="Betreff", max_length=200, error_messages={"required": NO_SUBJECT})
    written_on = DateField(label="Schreiben vom", required=False)

    field_order = ("reason", "recipient", "decision_on", "subject", "written_on", "text", "correction_reason")

    def __init__(self, *args, received_on, **kwargs):
        super().__init__(*args, **kwargs)
        self.received_on = received_on
        self.fields["recipient"].help_text = ""

    def clean(self):
        data = super().clean()
        self.check_dates(data.get("written_on"), self.received_on)
        return data

    @property
    def changes(self) -> dict:
        """For the action: the wording only where it was changed on the page."""
        left_out = {"correction_reason"} if "text" in self.changed_data else {"correction_reason", "text"}
        return {name: value for name, value in self.cleaned_data.items() if name not in left_out}

    def rebased(self, text: str) -> "TransferEditForm":
        """The page after somebody else saved: their wording, except where it was changed here."""
        data = self.data.copy()
        data[self["text"].html_initial_name] = text
        if "text" not in self.changed_data:
            data[self["text"].html_name] = text
        return TransferEditForm(data, initial=self.initial, received_on=self.received_on, today=self.today)


class CaseTransferForm(MatterForm):
    """A registered case, or a part of it, leaves."""

    extent = forms.ChoiceField(
        label="Was wird abgegeben?",
        choices=[
            (WHOLE, "der ganze Vorgang; er endet hier und seine Fristen entfallen"),
            (PART, "nur ein Teil; der Vorgang geht weiter"),
        ],
        widget=forms.RadioSelect,
    )
    text = forms.CharField(
        label="Welcher Teil wird abgetrennt?",
        required=False,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text="nur, wenn ein Teil abgetrennt wird: was die empfangende Stelle wissen muss, nicht mehr",
    )

    field_order = ("extent", "text", "reason", "recipient", "decision_on")

    def __init__(self, *args, case, proposal, **kwargs):
        super().__init__(*args, **kwargs)
        self.case = case
        self.initial["extent"] = PART if proposal.splits or proposal.keeps_case else WHOLE
        if proposal.keeps_case:
            self._offer_the_whole_text()

    def _offer_the_whole_text(self):
        """The wording leaves as it is; the case stays for what the house keeps of it (BLOG-5, PAN-7)."""
        self.initial["text"] = self.case.text
        self.fields["extent"].choices = [
            (PART, "der Wortlaut; der Vorgang bleibt hier und wird hier abgeschlossen"),
            (WHOLE, "der ganze Vorgang; er endet hier und seine Fristen entfallen"),
        ]
        self.fields["text"].label = "Was geht hinaus?"
        self.fields["text"].help_text = "vorgegeben ist der ganze Wortlaut"

    @property
    def is_part(self) -> bool:
        return self.cleaned_data["extent"] == PART

    @property
    def arguments(self) -> dict:
        """For the action; a whole case brings its own text along."""
        left_out = {"extent"} if self.is_part else {"extent", "text"}
        return {name: value for name, value in self.cleaned_data.items() if name not in left_out}

    def clean(self):
        data = super().clean()
        self.check_dates(self.case.written_on, self.case.received_on)
        if data.get("extent") == PART and not data.get("text", "").strip():
            self.add_error("text", NO_PART)
        return data


class AskLeadForm(forms.Form):
    """Which Führungskraft takes part in the answer to the Datenschutz (K11)."""

    user = PersonChoiceField(label="Wer soll beitragen?", queryset=None)
    task = forms.CharField(label="Was wird erbeten?", max_length=200, initial="zum Datenschutz Stellung nehmen")

    def __init__(self, *args, transfer, actor, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["user"].queryset = leads_to_ask(transfer, actor.today)
        if transfer.case_id and transfer.case.unit:
            self.fields["user"].initial = next(iter(leads_of(transfer.case.unit, actor.today)), None)


class ReceiverForm(forms.Form):
    """Who in the house takes an Abgabe over, and until when."""

    receiver = PersonChoiceField(label="Wer im Haus übernimmt?", queryset=None)
    due_on = DateField(label="bis", help_text="ein Arbeitstag; vorgeschlagen sind drei Arbeitstage")

    def __init__(self, *args, transfer: Transfer, today: date, **kwargs):
        super().__init__(*args, **kwargs)
        candidates = receivers(transfer, today)
        self.fields["receiver"].queryset = candidates
        asked = taken_over_by(transfer)
        self.initial["receiver"] = asked.user if asked else usual_receiver(transfer, candidates, today)
        self.initial["due_on"] = asked.due_on if asked else usual_day(transfer, today)


class HandOverForm(ReceiverForm):
    """How it is handed over; where the rules know nobody in the house for it, nothing more is asked."""

    way = forms.ChoiceField(label="Weg", choices=[(way, way) for way in WAYS])

    field_order = ("receiver", "due_on", "way")

    def __init__(self, *args, transfer: Transfer, today: date, **kwargs):
        super().__init__(*args, transfer=transfer, today=today, **kwargs)
        receiver = self.fields["receiver"]
        if not receiver.queryset.exists():
            del self.fields["receiver"], self.fields["due_on"]
        elif not goes_inside(transfer):  # the desk entered another recipient
            receiver.required = self.fields["due_on"].required = False
            receiver.empty_label = "niemand: Die Sache verlässt das Haus"
            self.initial["receiver"] = None

    def clean(self):
        data = super().clean()
        if data.get("receiver") and "due_on" not in self.errors and not data.get("due_on"):
            self.add_error("due_on", NO_DAY)
        return data


class OnTheSpotForm(forms.Form):
    """One more on the tally; there is no field for anything about anybody."""

    channel = forms.ChoiceField(label="Weg", choices=[(c.value, c.label) for c in Channel if c.is_oral])
    unit = forms.ModelChoiceField(label="Einheit", queryset=None, required=False, empty_label="ohne Einheit")
    settled_by = forms.ChoiceField(
        label="Wer hat es geklärt?", choices=[(role.value, role.label) for role in SETTLERS], initial=Role.EMPLOYEE
    )
    nothing_new = forms.CharField(
        label="Ohne neuen Sachvortrag, weil",
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="nur, wenn eine Führungskraft es geklärt hat; bitte ohne Namen",
    )
    on = DateField(label="Tag", help_text="bis zu 31 Tage zurück")

    def __init__(self, *args, office, rule: OralRegistration, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["unit"].queryset = office.units.filter(is_active=True)
        if rule.always_from is None:
            del self.fields["settled_by"]
        if not rule.except_without_substance:
            del self.fields["nothing_new"]

    def clean_channel(self) -> Channel:
        return Channel(self.cleaned_data["channel"])

    def clean_settled_by(self) -> Role:
        return Role(self.cleaned_data["settled_by"])

    @property
    def arguments(self) -> dict:
        """For the action."""
        unit = self.cleaned_data["unit"]
        values = {name: value for name, value in self.cleaned_data.items() if name != "unit"}
        return values | {"unit_id": unit.pk if unit else None}
