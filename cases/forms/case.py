"""Forms of the page of one case: notes, Wiedervorlagen, who works on it, what was registered."""

from collections.abc import Collection

from django import forms
from django.db.models import OuterRef, Subquery

from cases.actions.edit import CASE_FIELDS, PERSON_FIELDS, PREFIXES
from cases.models import Case, Document, Note, Person
from cases.uploads import ACCEPT
from offices.forms import DateField
from offices.models import Office, Unit, User
from offices.queries import Actor, memberships_on
from offices.roles import APART_FROM_CASES, WORKING_ROLES, Role

NOTE_CHOICES = [(Note.Kind.INTERNAL, "interner Vermerk"), (Note.Kind.CONTACT, "Gespräch oder Kontakt mit der Person")]


class NoteForm(forms.Form):
    kind = forms.ChoiceField(
        label="Was ist es?", choices=NOTE_CHOICES, widget=forms.RadioSelect, initial=Note.Kind.INTERNAL
    )
    text = forms.CharField(
        label="Vermerk",
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "Der Vermerk ist leer."},
    )


class FollowUpForm(forms.Form):
    """For oneself, for those already named on the case, or for whoever is next."""

    task = forms.CharField(
        label="Was ist dann zu tun?",
        max_length=200,
        error_messages={"required": "Bitte angeben, was dann zu tun ist."},
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
            self.add_error("working_days", "Bitte entweder eine Zahl von Arbeitstagen oder einen Tag angeben.")
        return data


class PersonChoiceField(forms.ModelChoiceField):
    """People of an office who may work on this case, with the number of their unit."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, empty_label="bitte wählen", **kwargs)

    def label_from_instance(self, user: User) -> str:
        number = f" ({user.unit_number})" if user.unit_number else ""
        return f"{user.last_name}, {user.first_name}{number}"


def staff(case: Case, actor: Actor, roles: Collection[Role]):
    """Who holds one of the roles in the case's office today, without those the reaction is about (B4-8)."""
    seats = memberships_on(actor.today).filter(office=case.office_id, role__in=roles)
    number = seats.filter(user=OuterRef("pk")).values("unit__number")
    return (
        User.objects.filter(pk__in=seats.values("user"))
        .exclude(pk__in=case.complained_about.exclude(user=None).values("user"))
        .annotate(unit_number=Subquery(number[:1]))
        .order_by("last_name", "first_name")
    )


class AssignForm(forms.Form):
    handler = PersonChoiceField(label="Wer bearbeitet den Vorgang?", queryset=User.objects.none())

    def __init__(self, *args, case: Case, actor: Actor, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["handler"].queryset = staff(case, actor, WORKING_ROLES)


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
        self.fields["handler"].queryset = staff(case, actor, WORKING_ROLES)


class ReturnForm(forms.Form):
    note = forms.CharField(
        label="Was wurde getan, wo liegt der Nachweis?",
        widget=forms.Textarea(attrs={"rows": 5}),
        error_messages={"required": "Bitte vermerken, was getan wurde und wo der Nachweis liegt."},
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
        self.fields["user"].queryset = staff(case, actor, set(Role))


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


class CaseFieldsForm(TouchedForm):
    class Meta:
        model = Case
        fields = CASE_FIELDS
        field_classes = {"written_on": DateField}
        widgets = {"text": forms.Textarea(attrs={"rows": 10})}

    def __init__(self, *args, office: Office, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["unit"].queryset = office.units.filter(is_active=True)
        self.fields["unit"].empty_label = "noch keine"


class PersonFieldsForm(TouchedForm):
    class Meta:
        model = Person
        fields = PERSON_FIELDS


class EditForms:
    """The case's own fields, its person and, where there is one, the Bevollmächtigte/r: three forms of one page."""

    def __init__(self, case: Case, data=None):
        persons = {person.capacity: person for person in case.persons.all()}
        self.case = CaseFieldsForm(data, instance=case, office=case.office)
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
        return self.case.touched | persons

    def rebased(self, case: Case) -> "EditForms":
        """The page after somebody else saved: their values, except where something was changed here."""
        data = self.case.data.copy()
        for mine, theirs in zip(self.all, EditForms(case).all, strict=True):
            for field in theirs:
                stored = "" if field.value() is None else str(field.value())
                data[field.html_initial_name] = stored
                if field.name not in mine.changed_data:
                    data[field.html_name] = stored
        return EditForms(case, data)
