"""What is typed in about a petition and its requests, and the German sentences why it cannot be so."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from offices.calendars import LAST_YEAR
from petitions.rules.vocabulary import AnswerForm, Competence, PetitionForm, Requester, RequestKind, Topic

NUMBER = re.compile(r"Pet \d-\d{2}-\d{2}-\d{3,5}-\d{6}")  # one sample was found (B2-6): it warns, it refuses nothing
WITHOUT_CHAIN = (RequestKind.STATE, RequestKind.FILES)

IMMEDIATE = "Sofortsache: Petition, heute zur Kenntnis nehmen"
IN_THE_FUTURE = "Das kann nicht in der Zukunft liegen."
ENDED = "Diese Anforderung ist schon beantwortet oder erledigt."
FOREIGN_DOCUMENT = "Diese Unterlage liegt nicht bei diesem Vorgang."
BEYOND_THE_CALENDAR = f"Der Kalender reicht bis {LAST_YEAR}."
RECEIVED_LATER = "Der Eingang kann nicht in der Zukunft liegen."
WRITTEN_LATER = "Das Schreiben kann nicht nach seinem Eingang geschrieben sein."

Problems = Iterator[tuple[str, str]]


@dataclass(frozen=True)
class PetitionData:
    """As it is entered; `supporters`: how many have signed a Sammelpetition or sent the same text."""

    requester: Requester
    competence: Competence
    topic: Topic = Topic.OTHER
    requester_name: str = ""
    number: str = ""
    legislative_period: int | None = None
    form: PetitionForm = PetitionForm.SINGLE
    supporters: int = 1
    parts: tuple[Competence, ...] = ()
    is_for_other: bool = False
    repeats_reference: str = ""
    repeats_decided_on: date | None = None
    is_immediate: bool = True

    def problems(self) -> Problems:
        """Field and sentence of everything that cannot be so."""
        if self.form == PetitionForm.SINGLE and self.supporters != 1:
            yield "supporters", "Hinter einer Einzelpetition steht genau eine Person."
        if self.form != PetitionForm.SINGLE and self.supporters < 2:  # noqa: PLR2004
            yield "supporters", "Bitte angeben, wie viele Personen dahinterstehen."
        if self.competence == Competence.MIXED and len(set(self.parts)) == 1:
            yield "parts", "Bei mehreren Zuständigkeiten sind es mindestens zwei Teile."
        if self.competence != Competence.MIXED and self.parts:
            yield "parts", "Teile gibt es nur bei mehreren Zuständigkeiten."
        if Competence.MIXED in self.parts:
            yield "parts", "Ein Teil hat eine einzige Zuständigkeit."


@dataclass(frozen=True)
class RequestData:
    """As it is entered; `due_on` is the day the requester names and is never computed (B2-7)."""

    kind: RequestKind
    dated_on: date
    received_on: date
    due_on: date | None = None
    answer_form: AnswerForm = AnswerForm.FULL
    originals: int = 1
    text: str = ""

    def problems(self, today: date) -> Problems:
        """Field and sentence of everything that cannot be so."""
        if self.kind == RequestKind.EXTENSION:
            yield "kind", "Eine Verlängerung wird bei der Anforderung eingetragen, die sie verlängert."
        if self.received_on > today:
            yield "received_on", RECEIVED_LATER
        if self.dated_on > self.received_on:
            yield "dated_on", WRITTEN_LATER
        if self.due_on is None and goes_the_route(self.kind, self.answer_form):
            yield "due_on", "Bitte die Frist aus der Anforderung eintragen; berechnet wird sie nicht (B2-7)."
        if self.due_on and self.due_on < self.received_on:
            yield "due_on", "Die Frist kann nicht vor dem Eingang enden."
        if self.due_on and self.due_on.year > LAST_YEAR:
            yield "due_on", BEYOND_THE_CALENDAR
        if self.originals < 1:
            yield "originals", "Mindestens ein Original wird versandt."


def goes_the_route(kind: RequestKind, form: AnswerForm) -> bool:
    """Whether the answer passes the stations: a Stellungnahme does, a word on the state or files need not."""
    return kind not in WITHOUT_CHAIN and form in (AnswerForm.FULL, AnswerForm.SHORT)


def number_warning(requester: Requester, number: str) -> str | None:
    """The sentence for a number of the Bundestag that looks unlike the known ones; it may be right all the same."""
    if requester != Requester.BUNDESTAG or not number or NUMBER.fullmatch(number.strip()):
        return None
    return "Nummern des Bundestages sehen meist so aus: Pet 4-18-11-81501-011345. Bitte vergleichen Sie noch einmal."
