"""The story of one case: its timeline, its deadlines and all that lies beside them, in two queries however long."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import BigIntegerField, OuterRef, Subquery, Value
from django.db.models.fields.json import KT
from django.db.models.functions import Cast, Concat

from cases import nested
from cases.lookup import case_calendar, deadline_signal
from cases.models import Case, Deadline, DeadlineExtension, Event, Note
from cases.nested import Part
from cases.rules.deadlines import Signal
from cases.rules.events import Category
from offices.models import User

NOTE_WORDS = {
    Note.Kind.INTERNAL: "Interner Vermerk, bleibt im Haus",
    Note.Kind.CONTACT: "Kontakt mit der Person",
    Note.Kind.REASON: "Begründung",
    Note.Kind.WAIVER: "Verzicht der Person auf eine Antwort",
}


LEAVING = frozenset({"letter.dispatched", "case.handed_over", "transfer.handed_over"})  # what has left the house


@dataclass(frozen=True)
class Entry:
    """One line of the timeline; `in_place_of` is the person for whom `by` acted „i. V.“."""

    at: datetime
    title: str
    by: str
    in_place_of: str
    kind: str
    body: str = ""
    note_kind: str = ""
    is_outgoing: bool = False

    @property
    def note_words(self) -> str:
        return NOTE_WORDS[Note.Kind(self.note_kind)] if self.note_kind else ""


@dataclass(frozen=True)
class DeadlineRow:
    deadline: Deadline
    signal: Signal
    extensions: tuple[DeadlineExtension, ...]

    @property
    def is_follow_up(self) -> bool:
        return self.deadline.kind == Deadline.Kind.FOLLOW_UP


PARTS = (
    Part("deadlines", joined=("assignee",), parts=(Part("extensions", joined=("by",)),)),
    Part("letters", without=frozenset({"recipient", "subject", "salutation", "body", "signature"})),
    Part("documents"),
    Part("directives", parts=(Part("points", joined=("unit", "statement")),)),
    Part(
        "statements",
        joined=("unit", "deadline"),
        parts=(Part("stations", joined=("user",)), Part("assignments")),
        without=frozenset({"question", "text"}),
    ),
    Part("escalations", joined=("person",)),
    Part("transfers", without=frozenset({"text"})),
)


def load(case: Case) -> None:
    """Fetch what the page of this case shows beside what `visible_case` brings, in one query, if it is not there."""
    nested.load(case, *PARTS)


def deadline_rows(case: Case, today: date) -> tuple[list[DeadlineRow], list[DeadlineRow]]:
    """Open deadlines, the next one first, and those that are met or fell away, the latest first; after `load`.

    `case` is as `visible_case` gives it.
    """
    calendar, rests = case_calendar(case), case.paused_since is not None
    rows = [
        DeadlineRow(
            deadline,
            deadline_signal(deadline, calendar, today, paused=rests and deadline.kind != Deadline.Kind.FOLLOW_UP),
            tuple(deadline.extensions.all()),
        )
        for deadline in case.deadlines.all()
    ]
    done = [row for row in rows if not row.deadline.is_open]
    return [row for row in rows if row.deadline.is_open], sorted(
        done, key=lambda row: row.deadline.met_on or row.deadline.cancelled_on, reverse=True
    )


def timeline(case: Case, category: Category | None = None) -> list[Entry]:
    """What happened, newest first, with the notes' texts; only one category where given. One query."""
    person = User.objects.filter(pk=OuterRef("person_id")).values(name=Concat("first_name", Value(" "), "last_name"))
    events = (
        Event.objects.filter(case=case)
        .select_related("by", "for_user", "note")
        .annotate(person_id=Cast(KT("data__person"), BigIntegerField()))
        .annotate(person_name=Subquery(person[:1]))
        .order_by("-seq")
    )
    return [_entry(event) for event in events if category in (None, event.category)]


def _entry(event: Event) -> Entry:
    return Entry(
        at=event.at,
        title=f"{event.sentence}: {event.person_name}" if event.person_name else event.sentence,
        by=str(event.by) if event.by_id else "",
        in_place_of=str(event.for_user) if event.for_user_id else "",
        kind="deadline" if event.code.startswith("deadline.") else event.category.value,
        body=event.note.text if event.note_id else "",
        note_kind=event.note.kind if event.note_id else "",
        is_outgoing=event.code in LEAVING,
    )
