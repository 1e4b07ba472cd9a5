"""Who or which unit hands on its open work, and to whom."""

from django import forms
from django.db.models import OuterRef, Subquery

from cases.leaving.actions.give_reason import NO_REASON_TO_HAND_ON
from cases.workplace.forms.case import PersonChoiceField
from offices.models import Membership, Office, Unit, User
from offices.queries import Actor, memberships_on
from offices.roles import WORKING_ROLES, Permission


class PersonHandOnForm(forms.Form):
    office = forms.ModelChoiceField(label="Dienststelle", queryset=Office.objects.none(), empty_label=None)
    leaver = PersonChoiceField(label="Bisher bei", queryset=User.objects.none())
    successor = PersonChoiceField(
        label="Künftig bei",
        queryset=User.objects.none(),
        help_text="jemand mit einer Rolle, die Vorgänge bearbeitet",
    )

    def __init__(self, *args, actor: Actor, **kwargs):
        super().__init__(*args, **kwargs)
        offices = actor.office_ids(Permission.HAND_ON)
        today = memberships_on(actor.today).filter(office__in=offices)
        ever = Membership.objects.filter(office__in=offices)
        self.fields["leaver"].queryset = _people(ever, today)
        self.fields["successor"].queryset = _people(today.filter(role__in=WORKING_ROLES), today)
        self.fields["office"].queryset = Office.objects.filter(pk__in=offices)
        if len(offices) == 1:
            self.fields["office"].widget = forms.HiddenInput()
            self.fields["office"].initial = min(offices)

    @property
    def names(self) -> tuple[User, User]:
        return self.cleaned_data["leaver"], self.cleaned_data["successor"]


class ReasonForm(forms.Form):
    reason = forms.CharField(
        label="Warum wird die Arbeit übergeben?",
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Die Person erfährt Grund und Namen sofort per E-Mail. Bitte nichts über ihre Gesundheit.",
        error_messages={"required": NO_REASON_TO_HAND_ON},
    )


class UnitHandOnForm(forms.Form):
    unit = forms.ModelChoiceField(label="Bisherige Einheit", queryset=Unit.objects.none(), empty_label="bitte wählen")
    successor_unit = forms.ModelChoiceField(
        label="Künftige Einheit",
        queryset=Unit.objects.none(),
        empty_label="bitte wählen",
        help_text="Ihre Leitung wird verantwortlich.",
    )

    def __init__(self, *args, actor: Actor, **kwargs):
        super().__init__(*args, **kwargs)
        units = Unit.objects.filter(office__in=actor.office_ids(Permission.HAND_ON)).order_by("office", "number")
        self.fields["unit"].queryset = units
        self.fields["successor_unit"].queryset = units.filter(is_active=True)

    @property
    def names(self) -> tuple[Unit, Unit]:
        return self.cleaned_data["unit"], self.cleaned_data["successor_unit"]


def _people(seats, today):
    number = today.filter(user=OuterRef("pk")).values("unit__number")
    people = User.objects.filter(pk__in=seats.values("user")).annotate(unit_number=Subquery(number[:1]))
    return people.order_by("last_name", "first_name")
