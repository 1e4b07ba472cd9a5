"""Forms of the ladder, the personal talk and the Lob; they check shape, the actions decide."""

from django import forms

from cases.handling.actions.escalate import NOTHING_TRIED
from cases.handling.actions.talk import NO_TALK
from cases.handling.reading.ladder import default_seat, seats_on
from cases.models import Case, Escalation
from cases.rules.kinds import TALK_LABELS, choices
from offices.forms import DateField
from offices.models import Membership, Unit
from offices.queries import Actor
from offices.roles import Role
from offices.rules.values import Rung


class EscalateForm(forms.Form):
    """The next rung: who takes over, and when and how the person was told."""

    number = forms.IntegerField(widget=forms.HiddenInput)
    seat = forms.TypedChoiceField(
        label="Wer übernimmt?",
        coerce=int,
        error_messages={
            "required": "Bitte angeben, wer auf dieser Stufe übernimmt.",
            "invalid_choice": "Diese Person steht nicht auf dieser Stufe.",
        },
    )
    on = DateField(label="Der Person mitgeteilt am")
    way = forms.ChoiceField(
        label="Wie hat die Person davon erfahren?", choices=Escalation.Way.choices, widget=forms.RadioSelect
    )
    note = forms.CharField(
        label="Was wurde versucht, womit bleibt die Person unzufrieden?",
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text="steht als interner Vermerk im Verlauf; wer übernimmt, liest ihn zuerst",
        error_messages={"required": NOTHING_TRIED},
    )

    def __init__(self, *args, case: Case, rung: Rung, actor: Actor, **kwargs):
        super().__init__(*args, initial={"number": rung.number, "on": actor.today}, **kwargs)
        if not rung.roles:
            del self.fields["seat"]
            return
        seats = seats_on(case, rung, actor.today)
        self.seats = {seat.pk: seat for seat in seats}
        self.fields["seat"].choices = [("", "bitte wählen"), *((seat.pk, _on_rung(seat, rung)) for seat in seats)]
        proposed = default_seat(case, rung, seats)
        self.initial["seat"] = proposed.pk if proposed else None

    @property
    def arguments(self) -> dict:
        """For the action."""
        values = {name: value for name, value in self.cleaned_data.items() if name != "seat"}
        seat = self.seats[self.cleaned_data["seat"]] if "seat" in self.fields else None
        return values | {"person": seat.user if seat else None, "unit": seat.unit if seat else None}


def _on_rung(seat: Membership, rung: Rung) -> str:
    words = [Role(seat.role).label] if len(rung.roles) > 1 else []
    words += [seat.unit.number] if seat.unit else []
    return f"{seat.user.last_name}, {seat.user.first_name}" + (f" ({', '.join(words)})" if words else "")


class TalkForm(forms.Form):
    talk = forms.ChoiceField(
        label="Was ist aus dem Gespräch geworden?",
        choices=choices(TALK_LABELS),
        widget=forms.RadioSelect,
        error_messages={"required": NO_TALK},
    )
    on = DateField(label="Am")
    note = forms.CharField(
        label="Vermerk",
        required=False,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text="Pflicht, wenn das Gespräch stattgefunden hat oder nicht möglich ist. Ein geführtes Gespräch steht "
        "als Kontakt im Verlauf, alles andere als interner Vermerk.",
    )


class PraiseForm(forms.Form):
    unit = forms.ModelChoiceField(
        label="Wem gilt das Lob?",
        queryset=Unit.objects.none(),
        empty_label="bitte wählen",
        help_text="die Einheit; ihre Führungskraft erfährt davon",
        error_messages={"required": "Bitte die Einheit wählen."},
    )

    def __init__(self, *args, case: Case, **kwargs):
        super().__init__(*args, initial={"unit": case.unit_id}, **kwargs)
        self.fields["unit"].queryset = case.office.units.filter(is_active=True)
