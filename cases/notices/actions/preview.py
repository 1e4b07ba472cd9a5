"""What a run would tell and mail, worked out as the sweep and the mailing do it; nothing is written and nobody waits.

Its notices are not saved; they are numbered on from those that are there, as they would come.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.utils import timezone

from cases.models import Case, Deadline, Notice
from cases.notices.actions.standing_in import told_once_more, told_to_deputies
from cases.notices.actions.sweep import Batch, Run, SweepReport, due_steps, look_through, offices_of, run_at, work_out
from cases.notices.reading.mail import compose_mail
from cases.outbox.actions.mailing import MATTERS, Turn, acting_instead, choose, to_tell, untried, whose_turn
from offices.models import User
from offices.queries import acting_on


@dataclass(frozen=True)
class Preview:
    """What would be told, and the mails with their subjects."""

    report: SweepReport
    notices: list[Notice]
    mails: list[tuple[User, str]]


def preview(now: datetime) -> Preview:
    """What `sweep` and then `compose` would do at `now` (aware)."""
    report, notices = _sweep(now)
    last = Notice.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    for number, notice in enumerate(notices, start=last + 1):
        notice.pk = number
    return Preview(report, notices, list(_mails(notices, now)))


def _sweep(now: datetime) -> tuple[SweepReport, list[Notice]]:
    today, notices = timezone.localtime(now).date(), told_to_deputies(now)
    report = SweepReport(told=len(notices))
    again = told_once_more(today)
    due = due_steps(today) | Deadline.objects.open().filter(pk__in=again)

    def look_at(batch: Batch, run: Run) -> SweepReport:
        cases = Case.objects.defer("text", "outcome_reason").in_bulk({case_id for *_, case_id in batch if case_id})
        deadlines = list(Deadline.objects.filter(pk__in=[pk for _, pk, _ in batch]).order_by("office", "pk"))
        for deadline in deadlines:
            if deadline.pk in again:
                deadline.next_step = max(0, deadline.next_step - 1)
        found = work_out(deadlines, cases, run)
        notices.extend(found.notices)
        return found.report()

    for found in look_through(run_at(now, offices_of(due)), due, look_at):
        report += found
    return report, notices


def _mails(notices: list[Notice], now: datetime) -> Iterator[tuple[User, str]]:
    """The mails to the people of these notices and of those that wait already, as `compose` would make them."""
    today = timezone.localtime(now).date()
    standing_in, waiting = acting_on(today), Notice.objects.to_mail()
    new = [notice for notice in notices if not notice.was_skipped]
    stored = set(waiting.order_by().values_list("office", "recipient"))
    turn = whose_turn(stored | {(n.office_id, n.recipient_id) for n in new}, now, in_sweep=frozenset())
    told = [n for n in new if n.office_id in turn.offices]
    for notice in waiting.filter(office__in=turn.offices).select_related(*MATTERS).order_by("pk"):
        told.append(_in_hands_of_today(notice, standing_in, today))
    people = User.objects.in_bulk({notice.recipient_id for notice in told})
    for user_id in sorted(people):
        mine = [notice for notice in told if notice.recipient_id == user_id]
        found = choose(people[user_id], mine + _unsent(user_id, turn), turn)
        if found.new:
            yield people[user_id], compose_mail(found.told, today)[0]


def _in_hands_of_today(notice: Notice, standing_in: Mapping[int, int | None], today: date) -> Notice:
    if acting := acting_instead(notice, standing_in, today):
        notice.recipient_id, notice.in_place_of_id = acting
    return notice


def _unsent(user_id: int, turn: Turn) -> list[Notice]:
    """What stands in mails that nobody has tried to send; it goes into the new mail."""
    unsent = list(untried(user_id).values_list("pk", flat=True))
    return list(to_tell(user_id, unsent, turn).filter(mail__in=unsent))
