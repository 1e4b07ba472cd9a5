"""Forms of the page of one case: notes, Wiedervorlagen, who works on it, what was registered."""

from collections.abc import Collection

from django import forms
from django.db.models import OuterRef, Subquery

from cases.apart import deputies_of_named, kept_out
from cases.handling.actions.assign import NOTHING_DONE
from cases.handling.actions.notes import ONE_OF_BOTH
from cases.handling.reading.conduct import BY_JUDGEMENT, why_not_retype
from cases.models import Case, Document, Note, Person
from cases.rules.directives import NOTHING_TO_DO_THEN
from cases.rules.kinds import TALK_LABELS, Kind, choices
from cases.uploads import ACCEPT
from cases.workplace.actions import CASE_FIELDS, PERSON_FIELDS, PREFIXES
from offices.forms import DateField
from offices.models import Office, Unit, User
from offices.queries import Actor, memberships_on
from offices.roles import APART_FROM_CASES, WORKING_ROLES, Role

NOTE_CHOICES = [
    (Note.Kind.INTERNAL, "interner Vermerk"),
    (Note.Kind.CONTACT, "Gespräch oder Kontakt mit der Person"),
    (Note.Kind.WAIVER, "Verzicht der Person auf eine Antwort"),
]


def with_number(user: User) -> str:
    number = f" ({user.unit_number})" if user.unit_number else ""
    return f"{user.last_name}, {user.first_name}{number}"


class ManyPeopleField(forms.ModelMultipleChoiceField):
    """Several people with the number of their unit."""

    widget = forms.CheckboxSelectMultiple(attrs={"class": "krm-options--many"})

    def clean(self, value):
        """Only keys that were offered are looked up: no database takes a number beyond its own."""
        offered = {str(pk) for pk in self.queryset.values_list("pk", flat=True)} if value else set()
        for key in value or ():
            if str(key) not in offered:
                raise forms.ValidationError(self.error_messages["invalid_choice"], "invalid_choice", {"value": key})
        return super().clean(value)

    def label_from_instance(self, user: User) -> str:
        return with_number(user)


class NoteForm(forms.Form):
    kind = forms.ChoiceField(
        label="Was ist es?", choices=NOTE_CHOICES, widget=forms.RadioSelect, initial=Note.Kind.INTERNAL
    )
    text = forms.CharField(
        label="Vermerk",
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "Der Vermerk ist leer."},
    )
    mentions = ManyPeopleField(
        label="Kollegin oder Kollegen hinweisen",
        queryset=User.objects.none(),
        required=False,
        help_text="Wer hier angekreuzt ist, findet den Vermerk auf der eigenen Startseite.",
    )

    def __init__(self, *args, case: Case | None = None, actor: Actor | None = None, **kwargs):
        super().__init__(*args, **kwargs)
        if case and actor:
            self.fields["mentions"].queryset = staff(case, actor, WORKING_ROLES).exclude(pk=actor.user_id)
        else:
            del self.fields["mentions"]


class FollowUpForm(forms.Form):
    """For oneself, for those already named on the case, or for whoever is next."""

    task = forms.CharField(
        label="Was ist dann zu tun?",
        max_length=200,
        error_messages={"required": NOTHING_TO_DO_THEN},
    )
    working_days = forms.IntegerField(
        label="In wie vielen Arbeitstagen",
        required=False,
        min_value=1,
        max_value=260,
        widget=forms.NumberInput(attrs={"class": "krm-input--short"}),
    )
    due_on = DateField(label="oder am", required=False)
    assignee = forms.ChoiceField(label="Für", required=False)

    def __init__(self, *args, case: Case, actor: Actor, **kwargs):
        super().__init__(*args, **kwargs)
        named = (actor.user, case.handler, case.responsible)
        self.people = {str(user.pk): user for user in named if user}
        mine = str(actor.user_id)
        self.fields["assignee"].choices = [
            (mine, "mich"),
            *((key, str(user)) for key, user in self.people.items() if key != mine),
            ("", "wer dann am Zug ist"),
        ]
        self.fields["assignee"].initial = mine

    def clean_assignee(self) -> User | None:
        return self.people.get(self.cleaned_data["assignee"])

    def clean(self):
        data = super().clean()
        if not self.errors and (data.get("due_on") is None) == (data.get("working_days") is None):
            self.add_error("working_days", ONE_OF_BOTH)
        return data


class PersonChoiceField(forms.ModelChoiceField):
    """People of an office who may work on this case, with the number of their unit."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, empty_label="bitte wählen", **kwargs)

    def label_from_instance(self, user: User) -> str:
        return with_number(user)


def staff(case: Case, actor: Actor, roles: Collection[Role]):
    """Who holds one of the roles in the case's office today, without those who are kept out (B4-8, PAN-7)."""
    return members(case, actor, roles).exclude(pk__in=kept_out(case, actor.today))


def handlers(case: Case, actor: Actor):
    """Who may handle the case: of the staff nobody who stands in for a person complained about (B4-8)."""
    return staff(case, actor, WORKING_ROLES).exclude(pk__in=deputies_of_named(case, actor.today))


def members(case: Case, actor: Actor, roles: Collection[Role]):
    """Who holds one of the roles in the case's office today, with the number of their unit."""
    seats = memberships_on(actor.today).filter(office=case.office_id, role__in=roles)
    number = seats.filter(user=OuterRef("pk")).values("unit__number")
    return (
        User.objects.filter(pk__in=seats.values("user"))
        .annotate(unit_number=Subquery(number[:1]))
        .order_by("last_name", "first_name")
    )


class AssignForm(forms.Form):
    handler = PersonChoiceField(label="Wer bearbeitet den Vorgang?", queryset=User.objects.none())

    def __init__(self, *args, case: Case, actor: Actor, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["handler"].queryset = handlers(case, actor)


class HandToUnitForm(forms.Form):
    unit = forms.ModelChoiceField(
        label="Einheit",
        queryset=Unit.objects.none(),
        empty_label="bitte wählen",
        help_text="Ihre Leitung wird verantwortlich.",
    )
    handler = PersonChoiceField(
        label="Wer bearbeitet den Vorgang?",
        queryset=User.objects.none(),
        required=False,
        help_text="leer: Die Einheit entscheidet selbst.",
    )
    note = forms.CharField(
        label="Auftrag oder Hinweis",
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="steht als interner Vermerk im Verlauf",
    )

    def __init__(self, *args, case: Case, actor: Actor, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["unit"].queryset = case.office.units.filter(is_active=True)
        self.fields["handler"].queryset = handlers(case, actor)


class ReturnForm(forms.Form):
    note = forms.CharField(
        label="Was wurde getan, wo liegt der Nachweis?",
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text="Alles, was unternommen wurde; es steht so auf dem Dokumentationsblatt.",
        error_messages={"required": NOTHING_DONE},
    )
    talk = forms.ChoiceField(
        label="Persönliches Gespräch",
        choices=[("", "keine Angabe, oder schon vermerkt"), *choices(TALK_LABELS)],
        required=False,
    )
    talk_on = DateField(label="Gespräch am", required=False, help_text="leer: heute")
    talk_note = forms.CharField(
        label="Was wurde besprochen, oder warum gab es kein Gespräch?",
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="nur zum Gespräch; was besprochen wurde, steht als Kontakt mit der Person im Verlauf",
    )


class GrantForm(forms.Form):
    user = PersonChoiceField(label="Wer bekommt Zugriff?", queryset=User.objects.none())

    def __init__(self, *args, case: Case, actor: Actor, **kwargs):
        super().__init__(*args, **kwargs)
        named = case.caseusergrant_set.values("user")
        roles = set(Role) - APART_FROM_CASES
        self.fields["user"].queryset = staff(case, actor, roles).exclude(pk__in=named)


class NameEmployeeForm(forms.Form):
    """Somebody of the house, or only a name as the reaction gives it."""

    user = PersonChoiceField(label="Person der Dienststelle", queryset=User.objects.none(), required=False)
    name = forms.CharField(
        label="oder Name laut Schreiben", required=False, max_length=120, help_text="wenn niemand zuzuordnen ist"
    )

    def __init__(self, *args, case: Case, actor: Actor, **kwargs):
        super().__init__(*args, **kwargs)
        named = case.complained_about.exclude(user=None).values("user")
        self.fields["user"].queryset = members(case, actor, set(Role)).exclude(pk__in=named)


class ManyFilesInput(forms.FileInput):
    allow_multiple_selected = True


class ManyFilesField(forms.FileField):
    """Any number of files, each checked as Django checks one."""

    widget = ManyFilesInput(attrs={"accept": ACCEPT})

    def clean(self, data, initial=None):
        return [super(ManyFilesField, self).clean(file, initial) for file in data or [None]]


class DocumentForm(forms.Form):
    files = ManyFilesField(
        label="Dateien",
        help_text="auswählen oder hierher ziehen",
        error_messages={"required": "Bitte mindestens eine Datei auswählen."},
    )
    category = forms.ChoiceField(label="Einordnung", choices=Document.Category.choices)


class TouchedForm(forms.ModelForm):
    """Knows what the page showed, so that only what was changed on it is sent on; the action compares and saves."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.show_hidden_initial = True

    def _post_clean(self):
        """The row itself stays as it was read."""

    @property
    def touched(self) -> dict:
        return {name: value for name, value in self.cleaned_data.items() if name in self.changed_data}


class CorrectionForm(forms.Form):
    """Beside a `text` that was there before; whether the reason is missing says the action, which compares."""

    correction_reason = forms.CharField(
        label="Grund der Berichtigung",
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="nötig, wenn der Wortlaut geändert wird; der bisherige bleibt als frühere Fassung erhalten",
    )

    def clean_correction_reason(self) -> str:
        reason = self.cleaned_data["correction_reason"]
        if reason and "text" not in self.changed_data:
            raise forms.ValidationError("Der Wortlaut ist nicht geändert; festgehalten wird ein Grund nur dazu.")
        return reason


class CaseFieldsForm(TouchedForm, CorrectionForm):
    class Meta:
        model = Case
        fields = CASE_FIELDS
        field_classes = {"written_on": DateField}
        widgets = {"text": forms.Textarea(attrs={"rows": 10})}

    def __init__(self, *args, office: Office, why_not_retype: str | None, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["unit"].queryset = office.units.filter(is_active=True)
        self.fields["unit"].empty_label = "noch keine"
        kind = self.fields["kind"]
        if why_not_retype:
            kind.disabled, kind.help_text = True, why_not_retype
        else:
            kind.choices = [choice for choice in kind.choices if choice[0] != Kind.CONDUCT_COMPLAINT]
            kind.help_text = BY_JUDGEMENT


class PersonFieldsForm(TouchedForm):
    class Meta:
        model = Person
        fields = PERSON_FIELDS


class EditForms:
    """The case's own fields, its person and, where there is one, the Bevollmächtigte/r: three forms of one page."""

    def __init__(self, case: Case, actor: Actor, data=None):
        self.actor = actor
        persons = {person.capacity: person for person in case.persons.all()}
        shared = {"office": case.office, "why_not_retype": why_not_retype(actor, case)}
        self.case = CaseFieldsForm(data, instance=case, **shared)
        self.persons = {
            prefix: PersonFieldsForm(data, instance=persons.get(capacity), prefix=prefix)
            for prefix, capacity in PREFIXES.items()
            if Person.Capacity.COMPLAINANT in persons
        }

    @property
    def all(self) -> list[forms.ModelForm]:
        return [self.case, *self.persons.values()]

    def are_valid(self) -> bool:
        return all([form.is_valid() for form in self.all])

    @property
    def changes(self) -> dict:
        """For the action: what was changed on the page, under the action's names."""
        persons = {f"{p}_{name}": value for p, form in self.persons.items() for name, value in form.touched.items()}
        matter = {name: value for name, value in self.case.touched.items() if name in CASE_FIELDS}
        return matter | persons

    @property
    def correction_reason(self) -> str:
        return self.case.cleaned_data["correction_reason"]

    def rebased(self, case: Case) -> "EditForms":
        """The page after somebody else saved: their values, except where something was changed here."""
        data = self.case.data.copy()
        for mine, theirs in zip(self.all, EditForms(case, self.actor).all, strict=True):
            for field in theirs:
                stored = "" if field.value() is None else str(field.value())
                data[field.html_initial_name] = stored
                if field.name not in mine.changed_data:
                    data[field.html_name] = stored
        return EditForms(case, self.actor, data)
