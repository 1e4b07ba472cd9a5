"""Forms of the text blocks: keeping them, looking at them filled, choosing one for a letter."""

from django import forms
from django.http import Http404

from cases.letters.reading.blocks import blocks_for
from cases.lookup import visible_case
from cases.models import Case, Letter, TextBlock
from offices.models import Office
from offices.queries import Actor
from offices.roles import Permission

LONGEST_TEXT = 4_000  # signs, more than a page


class TextBlockForm(forms.ModelForm):
    """Knows which text its page showed, so that nobody's change is overwritten unseen."""

    class Meta:
        model = TextBlock
        fields = ["office", "name", "kind", "text", "is_active"]
        widgets = {"text": forms.Textarea(attrs={"rows": 10})}
        help_texts = {
            "kind": "leer: Der Baustein wird in allen Schreiben angeboten.",
            "text": "Platzhalter stehen in geschweiften Klammern und sind unten aufgeführt.",
            "is_active": "Was nicht mehr angeboten wird, bleibt in alten Schreiben stehen.",
        }

    def __init__(self, *args, actor: Actor, **kwargs):
        super().__init__(*args, **kwargs)
        offices = Office.objects.filter(pk__in=actor.office_ids(Permission.CHANGE_TEXT_BLOCKS))
        self.fields["office"].queryset = offices
        self.fields["office"].empty_label = None
        self.fields["kind"].choices = [("", "alle Schreiben"), *Letter.Kind.choices]
        self.fields["text"].max_length = LONGEST_TEXT
        self.fields["text"].show_hidden_initial = True
        if self.instance.pk:
            del self.fields["office"]
        else:
            del self.fields["is_active"]

    @property
    def seen_text(self) -> str | None:
        """The text as the page showed it; None on a page that has none yet."""
        return self.data.get("initial-text") if self.instance.pk else None

    def show_again(self, stored: TextBlock) -> None:
        """After a refusal the page shows what is stored now, and the next saving means to replace it."""
        self.data = self.data.copy()
        self.data["initial-text"] = stored.text


class PreviewForm(forms.Form):
    vorgang = forms.CharField(
        label="Vorgangsnummer",
        max_length=24,
        help_text="ein Vorgang, den Sie sehen",
        widget=forms.TextInput(attrs={"class": "krm-input--short"}),
    )

    def __init__(self, *args, actor: Actor, office: Office, **kwargs):
        super().__init__(*args, **kwargs)
        self.actor, self.office = actor, office

    def clean_vorgang(self) -> Case:
        try:
            case = visible_case(self.actor, self.cleaned_data["vorgang"])
        except Http404:
            case = None
        if case is None or case.office_id != self.office.pk:
            raise forms.ValidationError("Einen Vorgang mit dieser Nummer sehen Sie hier nicht.")
        return case


class ChooseBlockForm(forms.Form):
    """Belongs to the form of the letter, which stands elsewhere on the page."""

    use_required_attribute = False  # it stands in the form of the letter, whose other buttons need no block

    block = forms.ModelChoiceField(
        label="Textbaustein",
        queryset=TextBlock.objects.none(),
        empty_label="bitte wählen",
        error_messages={"required": "Bitte einen Textbaustein wählen."},
    )

    def __init__(self, *args, letter: Letter, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["block"].queryset = blocks_for(letter)
        self.fields["block"].widget.attrs["form"] = "schreiben-entwurf"
