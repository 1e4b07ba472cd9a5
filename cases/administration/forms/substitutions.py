"""The form for a Vertretung from-until."""

from django import forms
from django.db.models import Q, QuerySet

from offices.forms import DateField
from offices.models import Membership, User
from offices.models.days import ENDS_BEFORE_START
from offices.models.people import FOR_THEMSELVES
from offices.queries import Actor
from offices.roles import Permission


class SubstitutionForm(forms.Form):
    """For oneself; who may enter it for others chooses the absent person too."""

    absent = forms.ModelChoiceField(label="Abwesend", queryset=User.objects.none(), empty_label=None)
    deputy = forms.ModelChoiceField(
        label="Vertretung",
        queryset=User.objects.none(),
        empty_label="bitte wählen",
        error_messages={"required": "Bitte die Vertretung wählen."},
    )
    from_on = DateField(label="Von")
    until_on = DateField(label="Bis", help_text="letzter Tag der Abwesenheit")

    def __init__(self, *args, actor: Actor, **kwargs):
        super().__init__(*args, **kwargs)
        self.me = actor.user
        others = actor.office_ids(Permission.SUBSTITUTE_OTHERS)
        self.fields["deputy"].queryset = colleagues(actor, actor.office_ids())
        if others:
            self.fields["absent"].queryset = colleagues(actor, others) | User.objects.filter(pk=actor.user_id)
            self.fields["absent"].initial = actor.user_id
        else:
            del self.fields["absent"]

    def clean(self):
        data = super().clean()
        data.setdefault("absent", self.me)
        if data.get("absent") and data.get("absent") == data.get("deputy"):
            self.add_error("deputy", FOR_THEMSELVES)
        if data.get("from_on") and data.get("until_on") and data["until_on"] < data["from_on"]:
            self.add_error("until_on", ENDS_BEFORE_START)
        return data


def colleagues(actor: Actor, office_ids: frozenset[int]) -> QuerySet[User]:
    """Everybody with an open account and a seat in these offices, now or later."""
    lasting = Membership.objects.filter(
        Q(until_on__isnull=True) | Q(until_on__gte=actor.today), office__in=office_ids
    ).values("user")
    return User.objects.filter(is_active=True, pk__in=lasting)


class EndSubstitutionForm(forms.Form):
    last_day = DateField(label="Letzter Tag der Abwesenheit", help_text="Ab dem Tag danach ist die Person wieder da.")
