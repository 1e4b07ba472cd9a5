"""What somebody was told: the notices in sight, each as a row in words, and how many are unread."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Exists, OuterRef, Q

from cases.models import Case, Deadline, Notice, Pause
from cases.models.notice import NoticeQuerySet
from cases.rules.deadlines import SYMBOLS, Level, Signal, signal
from cases.rules.reminders import EVEN_WHILE_RESTING
from offices.queries import Actor, calendars_for

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
    """One notice with the deadline as it stands today."""

    notice: Notice
    signal: Signal

    @property
    def deadline(self) -> Deadline:
        return self.notice.deadline

    @property
    def matter(self) -> str:
        """The reference of the case, or what a deadline without a case says of itself; never a name."""
        return self.deadline.case.reference if self.deadline.case_id else self.deadline.subject

    @property
    def is_unread(self) -> bool:
        """As `NoticeQuerySet.unread`: what has ended needs no reading any more."""
        return self.notice.read_at is None and self.deadline.is_open

    @property
    def has_remarks(self) -> bool:
        return not self.notice.own_level or self.notice.in_place_of_id is not None or self.formerly_due_on is not None

    @property
    def formerly_due_on(self) -> date | None:
        """The day it was due when this was told, where it has been moved since."""
        return self.notice.due_on if self.notice.due_on != self.deadline.due_on else None


def in_sight(actor: Actor) -> NoticeQuerySet:
    """What the actor was told, newest first: of cases that the actor sees today, and of what has no case."""
    seen = Case.objects.visible_to(actor).filter(pk=OuterRef("deadline__case"))
    return Notice.objects.told().filter(Q(deadline__case__isnull=True) | Exists(seen), recipient=actor.user_id)


def unread_of(actor: Actor) -> Unread:
    """In one query that reads no more rows than are counted."""
    return Unread(in_sight(actor).unread().order_by()[: COUNTED + 1].count())


def with_details(notices: NoticeQuerySet) -> NoticeQuerySet:
    """The notices with all that `rows_of` reads."""
    resting = Pause.objects.filter(case=OuterRef("deadline__case"), resumed_on__isnull=True)
    return (
        notices.select_related("deadline__case", "in_place_of", "office")
        .defer("deadline__case__text", "deadline__case__outcome_reason", "deadline__case__alternatives")
        .annotate(rests=Exists(resting))
    )


def rows_of(notices: Iterable[Notice], today: date) -> list[NoticeRow]:
    """A row for each notice that comes from `with_details`, in one more query for the calendars."""
    notices = list(notices)
    calendars = calendars_for({notice.office for notice in notices})
    return [NoticeRow(notice, _signal(notice, calendars, today)) for notice in notices]


def _signal(notice: Notice, calendars: dict, today: date) -> Signal:
    deadline = notice.deadline
    if not deadline.is_open:
        return Signal(
            Level.MET, SYMBOLS[Level.MET], "inzwischen erledigt" if deadline.met_on else "inzwischen entfallen"
        )
    rests = notice.rests and deadline.kind not in EVEN_WHILE_RESTING
    return signal(calendars[notice.office_id], today, deadline.due_on, paused=rests)
