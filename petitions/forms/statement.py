"""The sections of a Stellungnahme as they are typed in."""

from django import forms

from petitions.rules.statement import LONGEST, Sections
from petitions.rules.vocabulary import Section

HELP = {
    Section.SUMMARY: "Worum es geht und was herausgekommen ist, in wenigen Sätzen; ohne das Übrige verständlich.",
    Section.FACTS: "Was war, in der Reihenfolge der Zeit.",
    Section.LAW: "Welche Vorschriften gelten und was sie hier bedeuten.",
    Section.RESULT: "Was daraus folgt.",
    Section.CLOSING: "Nur wenn nötig: eine Frage an die anfordernde Stelle, wie es weitergeht.",
}
ROWS = {Section.FACTS: 12, Section.LAW: 8}
ROWS_USUALLY = 4


class StatementTextForm(forms.Form):
    """All of it may be half written; what a paper needs is said when one is made.

    `differences` and `seen_version` are there where somebody else saved in between.
    """

    differences: dict[str, tuple[str, str]] | None = None
    seen_version: int | None = None

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for section in Section:
            self.fields[section.value] = forms.CharField(
                label=section.label,
                required=False,
                max_length=LONGEST,
                help_text=HELP[section],
                widget=forms.Textarea(attrs={"rows": ROWS.get(section, ROWS_USUALLY)}),
            )

    @property
    def sections(self) -> Sections:
        return Sections(**self.cleaned_data)
