"""The page for registering: several small forms in the order of the paper, together one Registration."""

import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from django import forms

from cases.intake.actions.register import NO_PERSON, NO_SUBJECT
from cases.lookup import usual_legal_area
from cases.models import Topic
from cases.models.concern import Nature
from cases.rules.intake import date_problems, missing_text
from cases.rules.kinds import CHANNEL_LABELS, KIND_LABELS, LEGAL_AREA_LABELS, Channel, Kind, LegalArea, choices
from cases.rules.registration import ConcernData, EmployeeData, Registration, UploadedFile
from cases.transfers.forms import PersonForm
from cases.uploads import parse
from cases.workplace.forms.case import ManyFilesField
from offices.errors import NotAllowed
from offices.forms import DateField
from offices.models import Office
from offices.queries import memberships_on

EMPLOYEE_ROWS = 3
NOT_OFFERED = "Diese Auswahl gibt es hier nicht."
NO_TOPIC = "Bitte ein Thema wählen."


@dataclass(frozen=True)
class OfficeChoices:
    """What the office offers, read once for all forms of the page."""

    topics: list
    units: list
    people: list
    natures: Mapping[int, str]

    @classmethod
    def of(cls, office: Office, today: date) -> "OfficeChoices":
        topics = list(Topic.objects.filter(office=office, is_active=True))
        people = memberships_on(today).filter(office=office).order_by("user__last_name", "user__first_name")
        seats = people.values_list("user", "user__last_name", "user__first_name", "unit__number")
        return cls(
            topics=[
                (group, [(topic.pk, topic.name) for topic in found])
                for group, found in groupby(topics, key=lambda topic: topic.group)
            ],
            units=[(unit.pk, str(unit)) for unit in office.units.filter(is_active=True)],
            people=list({pk: (pk, _person(last, first, unit)) for pk, last, first, unit in seats}.values()),
            natures={topic.pk: topic.nature for topic in topics},
        )


def _person(last_name: str, first_name: str, unit: str | None) -> str:
    return f"{last_name}, {first_name} ({unit})" if unit else f"{last_name}, {first_name}"


class IdField(forms.TypedChoiceField):
    """One of the office's rows by its id, or none."""

    def __init__(self, *, empty_label: str = "—", **kwargs):
        messages = {"invalid_choice": NOT_OFFERED} | kwargs.pop("error_messages", {})
        super().__init__(coerce=int, empty_value=None, error_messages=messages, **kwargs)
        self.empty_label = empty_label

    def offer(self, rows: list) -> None:
        self.choices = [("", self.empty_label), *rows]


class UploadsField(ManyFilesField):
    """Checked uploads; every refused file is named with its reason."""

    def clean(self, data, initial=None) -> tuple[UploadedFile, ...]:
        checked, problems = [], []
        for upload in filter(None, super().clean(data, initial)):
            try:
                checked.append(parse(upload))
            except NotAllowed as refusal:
                problems.append(refusal.reason)
        if problems:
            raise forms.ValidationError(problems)
        return tuple(checked)


class MatterForm(forms.Form):
    """The reaction itself: how and when it came, what it says."""

    office = forms.CharField(widget=forms.HiddenInput)
    entry = forms.UUIDField(widget=forms.HiddenInput)
    channel = forms.ChoiceField(label="Eingangsweg", choices=choices(CHANNEL_LABELS), initial=Channel.LETTER)
    kind = forms.ChoiceField(label="Art", choices=choices(KIND_LABELS), initial=Kind.COMPLAINT)
    written_on = DateField(label="Schreiben vom", required=False)
    received_on = DateField(label="Eingang im Haus")
    reached_krm_on = DateField(label="Eingang beim KRM")
    legal_area = forms.ChoiceField(label="Rechtskreis", choices=choices(LEGAL_AREA_LABELS))
    is_anonymous = forms.BooleanField(label="anonym", required=False)
    is_sealed = forms.BooleanField(
        label="betrifft Beschäftigte als Kundin oder Kunden",
        required=False,
        help_text="Der Vorgang wird geschützt: Nur namentlich benannte Personen sehen ihn.",
    )
    subject = forms.CharField(label="Betreff", max_length=200, error_messages={"required": NO_SUBJECT})
    text = forms.CharField(
        label="Wortlaut oder Gesprächsnotiz",
        widget=forms.Textarea(attrs={"rows": 7}),
        help_text="Bei Telefon, Gespräch und Ticket ist die Gesprächsnotiz mit dem Inhalt Pflicht.",
    )
    unit_dealt = forms.BooleanField(
        label="Der Fachbereich war heute damit befasst",
        required=False,
        help_text="am Tag des Eingangs; Pflicht bei Beschwerden, die persönlich oder am Telefon vorgebracht werden",
    )
    unit = IdField(label="Betroffene Einheit", required=False, empty_label="noch nicht bekannt")
    wants_acknowledgement = forms.BooleanField(label="Eingangsbestätigung gewünscht", required=False)
    files = UploadsField(
        label="Anlagen",
        required=False,
        help_text="Auswählen oder hierher ziehen. Gespeichert werden sie erst mit dem Vorgang.",
    )

    def __init__(self, *args, today: date, offered: OfficeChoices, front_office: bool, **kwargs):
        super().__init__(*args, **kwargs)
        self.today = today
        if not front_office:
            del self.fields["unit_dealt"]
        self.fields["unit"].offer(offered.units)
        channel = self.data.get("channel")
        known = Channel(channel) if channel in list(Channel) else Channel.LETTER
        self.fields["text"].error_messages["required"] = missing_text(known)

    def clean(self):
        data = super().clean()
        dates = {name: data.get(name) for name in ("written_on", "received_on", "reached_krm_on")}
        for name, problem in date_problems(**dates, today=self.today).items():
            self.add_error(name, problem)
        return data

    @property
    def values(self) -> dict:
        """Fields of Registration by the same names."""
        data = self.cleaned_data
        typed = {"kind": Kind(data["kind"]), "channel": Channel(data["channel"])}
        apart = ("office", "entry", "unit", "unit_dealt", "legal_area", *typed)
        others = {k: v for k, v in data.items() if k not in apart}
        return {
            **typed,
            **others,
            "legal_area": LegalArea(data["legal_area"]),
            "unit_id": data["unit"],
            "unit_dealt_on": data["received_on"] if data.get("unit_dealt") else None,
            "import_key": entry_key(data["entry"]),
        }


class ConcernForm(forms.Form):
    topic = IdField(label="Thema", empty_label="bitte wählen", error_messages={"required": NO_TOPIC})
    nature = forms.ChoiceField(
        label="Art des Anliegens", required=False, choices=[("", "wie beim Thema"), *Nature.choices]
    )
    summary = forms.CharField(label="Kurzfassung", required=False, max_length=200)
    unit = IdField(label="Einheit, wenn abweichend", required=False)

    def __init__(self, *args, offered: OfficeChoices, required: bool, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["topic"].required = required
        self.fields["topic"].offer(offered.topics)
        self.fields["unit"].offer(offered.units)
        self.natures = offered.natures

    def clean(self):
        data = super().clean()
        if any(data.values()) and not data.get("topic") and "topic" not in self.errors:
            self.add_error("topic", NO_TOPIC)
        return data

    @property
    def concern(self) -> ConcernData | None:
        data = self.cleaned_data
        if not data.get("topic"):
            return None
        nature = data["nature"] or self.natures[data["topic"]]
        return ConcernData(nature, data["topic"], data["unit"], data["summary"])


class EmployeeForm(forms.Form):
    user = IdField(label="Person", required=False, empty_label="nicht in der Liste")
    name = forms.CharField(label="oder Name laut Schreiben", required=False, max_length=120)

    def __init__(self, *args, offered: OfficeChoices, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["user"].offer(offered.people)

    @property
    def employee(self) -> EmployeeData | None:
        data = EmployeeData(self.cleaned_data["user"], self.cleaned_data["name"])
        return data if data.user_id or data.name else None


class RegisterForms:
    """All forms of the page. `typed` fills them without judging: what a draft kept, or what stays for the next one."""

    def __init__(
        self,
        office: Office,
        *,
        today: date,
        max_concerns: int,
        front_office: bool = False,
        typed: Mapping[str, str] | None = None,
        data=None,
        files=None,
    ):
        offered = OfficeChoices.of(office, today)
        initial = {
            "received_on": today,
            "reached_krm_on": today,
            "legal_area": usual_legal_area(office),
            **(typed or {}),
            "office": office.slug,
            "entry": (typed or {}).get("entry") or uuid.uuid4(),
        }
        self.matter = MatterForm(data, files, initial=initial, today=today, offered=offered, front_office=front_office)
        self.person = PersonForm(data, initial=initial)
        self.representative = PersonForm(data, prefix="rep", initial=_below("rep", initial))
        self.concerns = [
            ConcernForm(data, prefix=prefix, initial=_below(prefix, initial), offered=offered, required=not number)
            for number, prefix in _prefixes("concern", max_concerns)
        ]
        self.employees = [
            EmployeeForm(data, prefix=prefix, initial=_below(prefix, initial), offered=offered)
            for _, prefix in _prefixes("employee", EMPLOYEE_ROWS)
        ]

    @property
    def all(self) -> list[forms.BaseForm]:
        return [self.matter, self.person, self.representative, *self.concerns, *self.employees]

    def are_valid(self) -> bool:
        if not all([form.is_valid() for form in self.all]):
            return False
        self._check_people()
        return all(form.is_valid() for form in self.all)

    def _check_people(self) -> None:
        data, person, representative = self.matter.cleaned_data, self.person.person, self.representative.person
        if data["is_anonymous"]:
            if person or representative:
                self.matter.add_error(
                    "is_anonymous",
                    "„Anonym“ heißt: keine Angaben zur Person. Bitte den Haken oder die Angaben entfernen.",
                )
        elif not person and (representative or data["channel"] != Channel.OPINION_CARD):
            self.person.add_error("last_name", NO_PERSON)

    @property
    def further_concerns(self) -> list[ConcernForm]:
        return self.concerns[1:]

    @property
    def opens_representative(self) -> bool:
        return _is_filled(self.representative)

    @property
    def opens_concerns(self) -> bool:
        return any(map(_is_filled, self.further_concerns))

    @property
    def opens_employees(self) -> bool:
        return any(map(_is_filled, self.employees))

    @property
    def registration(self) -> Registration:
        return Registration(
            **self.matter.values,
            person=self.person.person,
            representative=self.representative.person,
            concerns=tuple(filter(None, (form.concern for form in self.concerns))),
            employees=tuple(filter(None, (form.employee for form in self.employees))),
        )


def _is_filled(form: forms.BaseForm) -> bool:
    """Whether somebody typed something into it, so that the page shows it unfolded."""
    return any(field.value() for field in form)


def entry_key(entry: object) -> str:
    """What makes one filled page registrable once, however often it is sent."""
    return f"entry:{entry}" if entry else ""


def _prefixes(name: str, count: int) -> Iterator[tuple[int, str]]:
    return ((number, f"{name}-{number}") for number in range(count))


def _below(prefix: str, values: Mapping) -> dict:
    """The values of a form with this prefix, by the names of its fields."""
    return {name.removeprefix(f"{prefix}-"): v for name, v in values.items() if name.startswith(f"{prefix}-")}
