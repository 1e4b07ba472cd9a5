"""Forms of the technical administration: people, their roles, the units of the house."""

from django import forms

from offices.forms import DateField
from offices.models import Membership, Office, Unit, User
from offices.models.people import NAME_TAKEN
from offices.queries import Actor
from offices.roles import Permission


def offices_of(actor: Actor):
    return Office.objects.filter(pk__in=actor.office_ids(Permission.CHANGE_PEOPLE))


class PersonForm(forms.ModelForm):
    class Meta:
        model = User
        fields = ["first_name", "last_name", "username", "email", "phone", "room", "function", "is_active"]
        labels = {"username": "Anmeldename", "email": "E-Mail", "is_active": "Konto ist offen"}
        help_texts = {
            "username": "",
            "is_active": "Ein geschlossenes Konto kann sich nicht anmelden; alles, was die Person getan hat, bleibt.",
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name in ("first_name", "last_name"):
            self.fields[name].required = True
        if self.instance.pk is None:
            del self.fields["is_active"]

    def clean_username(self) -> str:
        name = User.normalize_username(self.cleaned_data["username"])
        if User.objects.exclude(pk=self.instance.pk).filter(username=name).exists():
            raise forms.ValidationError(NAME_TAKEN)
        return name

    @property
    def changed_labels(self) -> list[str]:
        return [str(self.fields[name].label) for name in self.changed_data]


class MembershipForm(forms.ModelForm):
    from_on = DateField(label="Von")
    until_on = DateField(label="Bis", required=False, help_text="leer: auf Weiteres")

    class Meta:
        model = Membership
        fields = ["office", "role", "unit", "from_on", "until_on"]
        help_texts = {"unit": "leer: ganze Dienststelle"}

    def __init__(self, *args, actor: Actor, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["office"].queryset = offices = offices_of(actor)
        self.fields["office"].empty_label = None
        self.fields["unit"].queryset = Unit.objects.filter(office__in=offices, is_active=True)
        self.fields["unit"].empty_label = "ganze Dienststelle"
        self.fields["role"].choices = [("", "bitte wählen"), *Membership._meta.get_field("role").choices]
        self.initial["from_on"] = self.initial.get("from_on") or actor.today

    def clean(self):
        data = super().clean()
        unit, office = data.get("unit"), data.get("office")
        if unit and office and unit.office_id != office.pk:
            self.add_error("unit", "Diese Einheit gehört zu einer anderen Dienststelle.")
        return data


class EndForm(forms.Form):
    until_on = DateField(label="Letzter Tag", help_text="Dieser Tag gehört noch dazu.")


class UnitForm(forms.ModelForm):
    class Meta:
        model = Unit
        fields = ["office", "number", "name", "kind", "parent", "is_active"]
        help_texts = {
            "number": "so wie im Haus üblich, zum Beispiel 711 oder 610.L",
            "is_active": "Was nicht mehr besteht, bleibt bei alten Vorgängen stehen und wird nicht mehr angeboten.",
        }

    def __init__(self, *args, actor: Actor, **kwargs):
        super().__init__(*args, **kwargs)
        offices = offices_of(actor)
        self.fields["office"].queryset = offices
        self.fields["office"].empty_label = None
        self.fields["parent"].queryset = Unit.objects.filter(office__in=offices).exclude(pk=self.instance.pk)
        self.fields["parent"].empty_label = "keiner anderen Einheit"
        if self.instance.pk:
            del self.fields["office"]
        else:
            del self.fields["is_active"]
