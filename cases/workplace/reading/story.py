"""The story of one case: its timeline, its deadlines and what lies beside them, in a fixed number of queries."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import BigIntegerField, OuterRef, Prefetch, Subquery, Value, prefetch_related_objects
from django.db.models.fields.json import KT
from django.db.models.functions import Cast, Concat

from cases.lookup import case_calendar, deadline_signal
from cases.models import (
    Case,
    Deadline,
    DeadlineExtension,
    Directive,
    DirectivePoint,
    Escalation,
    Event,
    Letter,
    Note,
    Statement,
    StatementStation,
    Transfer,
)
from cases.rules.deadlines import Signal
from cases.rules.events import Category
from offices.models import User

NOTE_WORDS = {
    Note.Kind.INTERNAL: "Interner Vermerk, bleibt im Haus",
    Note.Kind.CONTACT: "Kontakt mit der Person",
    Note.Kind.REASON: "Begründung",
    Note.Kind.WAIVER: "Verzicht der Person auf eine Antwort",
}


LEAVING = frozenset({"letter.dispatched", "transfer.handed_over"})  # what has left the house


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
    Prefetch(
        "deadlines",
        Deadline.objects.select_related("assignee").prefetch_related(
            Prefetch("extensions", DeadlineExtension.objects.select_related("by"))
        ),
    ),
    Prefetch("letters", Letter.objects.defer("recipient", "subject", "salutation", "body", "signature")),
    "documents",
    Prefetch(
        "directives",
        Directive.objects.prefetch_related(
            Prefetch("points", DirectivePoint.objects.select_related("unit", "statement"))
        ),
    ),
    Prefetch(
        "statements",
        Statement.objects.select_related("unit", "deadline")
        .defer("question", "text")
        .prefetch_related(Prefetch("stations", StatementStation.objects.select_related("user")), "assignments"),
    ),
    Prefetch("escalations", Escalation.objects.select_related("person")),
    Prefetch("transfers", Transfer.objects.defer("text")),
)


def load(case: Case) -> None:
    """Fetch what the page of this case shows beside what `visible_case` brings, one query each, if it is not there."""
    prefetch_related_objects([case], *PARTS)


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


def timeline(case: Case, category: Category | None = None, hidden: Collection[Transfer] = ()) -> list[Entry]:
    """What happened, newest first, with the notes' texts; only one category where given. One query.

    Nothing tells of the Abgaben that are `hidden` from the reader (B4-8, PAN-7).
    """
    ids, numbers = {transfer.pk for transfer in hidden}, {transfer.reference for transfer in hidden}
    person = User.objects.filter(pk=OuterRef("person_id")).values(name=Concat("first_name", Value(" "), "last_name"))
    events = (
        Event.objects.filter(case=case)
        .select_related("by", "for_user", "note")
        .annotate(person_id=Cast(KT("data__person"), BigIntegerField()))
        .annotate(person_name=Subquery(person[:1]))
        .order_by("-seq")
    )
    shown = (e for e in events if e.transfer_id not in ids and e.data.get("transfer_reference") not in numbers)
    return [_entry(event) for event in shown if category in (None, event.category)]


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
