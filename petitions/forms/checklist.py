"""What was found of a point of the checklist, and the points of an office's own list."""

from django import forms

from offices.models import Office
from offices.queries import Actor
from offices.roles import Permission
from petitions.models import ChecklistItem
from petitions.reading.checklist import Row
from petitions.rules.checklist import Point

OK, NOT_OK = "ok", "note"


class FoundForm(forms.Form):
    found = forms.ChoiceField(
        label="Befund",
        choices=[(OK, "in Ordnung"), (NOT_OK, "nicht in Ordnung")],
        required=False,
        widget=forms.RadioSelect(attrs={"class": "krm-options--inline"}),
    )
    note = forms.CharField(
        label="Hinweis, was nicht stimmt",
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 1}),
    )

    def __init__(self, *args, row: Row, **kwargs):
        point = row.point
        found = {None: "", True: OK, False: NOT_OK}[point.is_ok]
        kwargs |= {"prefix": f"punkt-{row.item.pk}", "initial": {"found": found, "note": point.note}}
        super().__init__(*args, **kwargs)
        self.row = row
        self.fields["found"].label = row.item.text

    @property
    def point(self) -> Point:
        entered = self.cleaned_data
        is_ok = {OK: True, NOT_OK: False}.get(entered["found"])
        return Point(self.row.item.text, is_ok, entered["note"])


class ChecklistItemForm(forms.ModelForm):
    class Meta:
        model = ChecklistItem
        fields = ["office", "area", "text", "position", "is_active"]
        help_texts = {
            "text": "Ein Satz, der stimmt oder nicht. Geändert wird er überall neu geprüft, wo die Prüfung noch läuft.",
            "is_active": "Was nicht mehr geprüft wird, bleibt stehen, wo es geprüft wurde.",
        }

    def __init__(self, *args, actor: Actor, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["office"].queryset = Office.objects.filter(pk__in=actor.office_ids(Permission.CHANGE_RULES))
        self.fields["office"].empty_label = None
        self.fields["position"].widget.attrs["class"] = "krm-input--short"
        del self.fields["office" if self.instance.pk else "is_active"]
