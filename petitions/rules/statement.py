"""The text of a Stellungnahme: its fixed sections, what they still lack, and how parts become one whole (B2-9, B2-10).

No document lays down what who requests expects of the form. Usual is a neutral third person, facts in their order, law,
result, a short summary, and the file number of who requests.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, fields

from petitions.rules.vocabulary import AnswerForm, Competence, Section, StationRole

LONGEST = 20_000  # signs of one section
GAP = "[Bitte ergänzen:"  # what the writer still has to say; with it no paper is made
WRITING = (StationRole.DRAFT, StationRole.WRITE, StationRole.CHECK, StationRole.JOIN)
NEEDED = {
    AnswerForm.FULL: (Section.SUMMARY, Section.FACTS, Section.LAW, Section.RESULT),
    AnswerForm.SHORT: (Section.FACTS, Section.RESULT),
}
HEADINGS = frozenset(competence.label for competence in Competence)
NEUTER, FEMININE = ("Jobcenter",), ("Agentur", "Regionaldirektion", "Familienkasse")

_QUOTED = re.compile(r"„[^“”]*[“”]|»[^«]*«|\"[^\"]*\"")
# „Er meine, …“ and „Sie meinen, …“ are no first person; before a noun it is somebody's own.
_FIRST_PERSON = re.compile(
    r"(?<![-\w])(?:[Ii]ch|[Mm](?:ich|ir)|[Ww]ir|[Uu]ns|[Mm]ein(?:er|em|es)?|[Mm]einen?(?=\s+[A-ZÄÖÜ])"
    r"|[Uu]nse?r(?:e[mnrs]?|s)?)(?![-\w])"
)


@dataclass(frozen=True)
class Sections:
    """What stands in each section; the last asks or says how it goes on, and may be left out."""

    summary: str = ""
    facts: str = ""
    law: str = ""
    result: str = ""
    closing: str = ""

    @property
    def written(self) -> tuple[tuple[Section, str], ...]:
        """The sections in which something stands, in their order."""
        return tuple((section, getattr(self, section)) for section in Section if getattr(self, section))

    @property
    def as_text(self) -> str:
        """All of it in one text, for comparing."""
        return "\n\n".join(f"{section.label}\n{text}" for section, text in self.written)


@dataclass(frozen=True)
class Paragraph:
    text: str
    is_heading: bool = False


def tidy(sections: Sections) -> Sections:
    """Without blanks at the ends of lines and of the text, with one kind of line ends."""
    return Sections(**{field.name: _tidy(getattr(sections, field.name)) for field in fields(sections)})


def first_person(text: str) -> tuple[str, ...]:
    """The words by which the writer speaks as „ich“ or „wir“, each once, in order; what is quoted is not the writer's.

    A hint, no more: words are found, sentences are not understood.
    """
    found = _FIRST_PERSON.findall(_QUOTED.sub(" ", text))
    return tuple(dict.fromkeys(word.lower() for word in found))


def hints(sections: Sections) -> list[str]:
    """What the form of a Stellungnahme asks for and this text does not keep to, one sentence a section (B2-10)."""
    return [
        f"{section.label}: Hier steht {_listed(words)}; üblich ist die neutrale dritte Person (B2-10)."
        for section, text in sections.written
        if (words := first_person(text))
    ]


def why_no_paper(sections: Sections, form: AnswerForm) -> tuple[str, Section] | None:
    """The sentence why this is no finished text yet, and the section it is about; None where it is one."""
    for section in NEEDED.get(form, NEEDED[AnswerForm.FULL]):
        if not getattr(sections, section):
            return f"Es fehlt noch: {section.label}.", section
    for section, text in sections.written:
        if GAP in text:
            return f"{section.label}: Hier ist noch etwas zu ergänzen; dort steht „{GAP} …]“.", section
    return None


def joined(parts: Iterable[tuple[Competence, Sections | None]]) -> Sections:
    """The proposal for the whole: each section of every part below the name of its competence (B2-9).

    None is a part that came as a file; what it says is to be put in by hand.
    """
    blocks: dict[str, list[str]] = {section: [] for section in Section}
    for competence, sections in parts:
        if sections is None:
            for section in NEEDED[AnswerForm.FULL]:
                blocks[section].append(f"{competence.label}\n\n{GAP} Dieser Teil liegt als Datei vor.]")
            continue
        for section, text in sections.written:
            blocks[section].append(f"{competence.label}\n\n{text}")
    return Sections(**{section: "\n\n".join(found) for section, found in blocks.items()})


def paragraphs(text: str) -> Iterator[Paragraph]:
    """Parted by blank lines; one that is nothing but the name of a competence is a heading."""
    for part in re.split(r"\n\s*\n", text.strip()):
        if part.strip():
            yield Paragraph(part.strip(), part.strip() in HEADINGS)


def title_of(office: str) -> str:
    """„Stellungnahme des Jobcenters Gera“; where the genitive is not known, with a colon."""
    if office.startswith(NEUTER):
        return f"Stellungnahme des Jobcenters{office.removeprefix('Jobcenter')}"
    return f"Stellungnahme der {office}" if office.startswith(FEMININE) else f"Stellungnahme: {office}"


def _tidy(text: str) -> str:
    return "\n".join(line.rstrip() for line in text.strip().splitlines())


def _listed(words: tuple[str, ...]) -> str:
    quoted = [f"„{word}“" for word in words]
    return quoted[0] if len(quoted) == 1 else f"{', '.join(quoted[:-1])} und {quoted[-1]}"
