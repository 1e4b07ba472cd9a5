"""What somebody was told: the notices in sight, each as a row in words, and how many are unread."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from django.db import connection
from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import Coalesce
from django.utils.text import capfirst

from cases.models import Assignment, Case, Deadline, Notice, Pause, Transfer
from cases.models.notice import NoticeQuerySet
from cases.rules.deadlines import SYMBOLS, Level, Signal, signal
from cases.rules.reminders import EVEN_WHILE_RESTING
from cases.visibility import Sight, cases_in, transfers_in
from offices.queries import Actor, calendars_for

LONG_TEXTS = ("text", "outcome_reason", "alternatives")
COUNTED = 99  # unread notices in the header; beyond that it is „99+“


@dataclass(frozen=True)
class Unread:
    """How many notices are unread; counted to COUNTED + 1 at most."""

    count: int

    @property
    def label(self) -> str:
        return f"{COUNTED}+" if self.count > COUNTED else str(self.count)

    @property
    def words(self) -> str:
        if self.count > COUNTED:
            return f"mehr als {COUNTED} ungelesene Mitteilungen"
        return "1 ungelesene Mitteilung" if self.count == 1 else f"{self.count} ungelesene Mitteilungen"


@dataclass(frozen=True)
class NoticeRow:
    """One notice with what it is about as that stands today."""

    notice: Notice
    signal: Signal | None

    @property
    def about(self) -> Deadline | Assignment:
        return self.notice.about

    @property
    def label(self) -> str:
        """Which deadline, or what is asked."""
        if asked := self.notice.assignment:
            return capfirst(str(asked))
        return self.notice.deadline.label

    @property
    def matter(self) -> str:
        """The reference of the case, or what a deadline without a case says of itself; never a name."""
        if asked := self.notice.assignment:
            return (asked.case or asked.transfer).reference
        deadline = self.notice.deadline
        return deadline.case.reference if deadline.case_id else deadline.subject

    @property
    def is_unread(self) -> bool:
        """As `NoticeQuerySet.unread`: what has ended needs no reading any more."""
        return self.notice.read_at is None and self.about.is_open

    @property
    def has_remarks(self) -> bool:
        return not self.notice.own_level or self.notice.in_place_of_id is not None or self.formerly_due_on is not None

    @property
    def formerly_due_on(self) -> date | None:
        """The day it was due when this was told, where it has been moved since; or of which move this tells."""
        if self.notice.due_on != self.about.due_on:
            return self.notice.due_on
        return self.notice.formerly_on


def in_sight(actor: Actor) -> NoticeQuerySet:
    """What the actor was told, newest first: of cases and Abgaben that the actor sees today, and what has neither."""
    return _told(Sight.of(actor))


def _told(sight: Sight) -> NoticeQuerySet:
    case = Coalesce(OuterRef("deadline__case"), OuterRef("assignment__case"))
    transfer = Coalesce(OuterRef("deadline__transfer"), OuterRef("assignment__transfer"))
    seen = cases_in(sight, Case.objects.filter(pk=case))
    handed = transfers_in(sight, Transfer.objects.filter(pk=transfer))
    of_neither = Q(deadline__isnull=False, deadline__case__isnull=True, deadline__transfer__isnull=True)
    on_transfer = Q(assignment__transfer__isnull=False) | Q(deadline__transfer__isnull=False)
    of_transfer = on_transfer & Exists(handed)
    return Notice.objects.told().filter(of_neither | Exists(seen) | of_transfer, recipient=sight.user_id)


def unread_of(actor: Actor) -> Unread:
    """In one query that reads no more rows than are counted."""
    rows, values = _unread(Sight.of(actor))
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT COUNT(*) FROM ({rows}) AS unread", values)  # noqa: S608 - made below
        return Unread(cursor.fetchone()[0])


@lru_cache(maxsize=512)
def _unread(sight: Sight) -> tuple[str, tuple]:
    """The rows to count as SQL with its values, kept: every page asks, and to put a sight into SQL takes half the time
    of an ordinary page. What it says depends on the sight alone, and neither on the day nor on what is in the tables.
    """
    return _told(sight).unread().order_by().values("pk")[: COUNTED + 1].query.sql_with_params()


def with_details(notices: NoticeQuerySet) -> NoticeQuerySet:
    """The notices with all that `rows_of` reads."""
    resting = Pause.objects.filter(case=OuterRef("deadline__case"), resumed_on__isnull=True)
    return (
        notices.select_related("deadline__case", "assignment__case", "assignment__transfer", "in_place_of", "office")
        .defer(*(f"{matter}__case__{text}" for matter in ("deadline", "assignment") for text in LONG_TEXTS))
        .annotate(rests=Exists(resting))
    )


def rows_of(notices: Iterable[Notice], today: date) -> list[NoticeRow]:
    """A row for each notice that comes from `with_details`, in one more query for the calendars."""
    notices = list(notices)
    calendars = calendars_for({notice.office for notice in notices})
    return [NoticeRow(notice, _signal(notice, calendars, today)) for notice in notices]


def _signal(notice: Notice, calendars: dict, today: date) -> Signal | None:
    """How it stands; None for what is asked without a date."""
    asked, deadline = notice.assignment, notice.deadline
    if not notice.about.is_open:
        is_done = asked.done_on if asked else deadline.met_on
        return Signal(Level.MET, SYMBOLS[Level.MET], "inzwischen erledigt" if is_done else "inzwischen entfallen")
    if asked:
        return signal(calendars[notice.office_id], today, asked.due_on) if asked.due_on else None
    rests = notice.rests and deadline.kind not in EVEN_WHILE_RESTING
    return signal(calendars[notice.office_id], today, deadline.due_on, paused=rests)
