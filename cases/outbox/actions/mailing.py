"""From notices to mails: each person gets them as chosen, on Arbeitstagen of the office, and none where nothing is new.

What is overdue in one's own hands is mailed at once whatever was chosen; „einmal am Tag“ still bundles it. What waited
while somebody went away or came back goes to who is there now, and what waits unsent is put together anew. While the
sweep is still at an office its mails wait, and the one mail of the day waits for all offices of the person.
"""

import logging
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import InterfaceError, OperationalError
from django.db.models import Q, QuerySet
from django.utils import timezone

from cases.models import Case, Mail, Notice, NoticeSettings, Pause, Transfer
from cases.notices.actions.sweep import offices_with_due
from cases.notices.reading.mail import compose_mail
from cases.notices.reading.office_hours import work_begins
from cases.rules.reminders import EVEN_WHILE_RESTING, MailChoice, digest_is_due, to_mail_now
from cases.unit_of_work import action
from offices.models import Membership, Office, User
from offices.queries import acting_on, actor_for, memberships_on

MATTERS = (
    "deadline__case",
    "deadline__transfer",
    "assignment__case",
    "assignment__transfer",
)  # what a notice may be about
log = logging.getLogger(__name__)


@dataclass(frozen=True)
class ComposeReport:
    """Mails made; people for whom none could be made, of which the log says why."""

    made: int = 0
    failed: int = 0


def compose(now: datetime, *, troubled: frozenset[int] = frozenset()) -> ComposeReport:
    """Make the mails that are due at `now` (aware). The outbox sends them.

    `troubled` are offices with deadlines that no sweep gets done with: their mails do not wait for it.
    """
    waiting, today = Notice.objects.to_mail(), timezone.localtime(now).date()
    in_sweep = frozenset(offices_with_due(today).values_list("pk", flat=True)) - troubled
    turn = whose_turn(waiting.order_by().values_list("office", "recipient").distinct(), now, in_sweep)
    _follow_absences(turn.offices, acting_on(today), now)
    mine = waiting.filter(office__in=turn.offices)
    made = failed = 0
    for user_id in list(mine.order_by("recipient").values_list("recipient", flat=True).distinct()):
        try:
            made += _mail_to(user_id, turn, now)
        except (InterfaceError, OperationalError):  # the database is away: the next run finds it all again
            raise
        except Exception:
            log.exception("Für die Person Nr. %s lässt sich keine E-Mail zusammenstellen.", user_id)
            failed += 1
    return ComposeReport(made, failed)


@dataclass(frozen=True)
class Turn:
    """The offices whose notices are mailed now, and those of which their people may hear more today, by id."""

    offices: list[int]
    untold: frozenset[int]
    today: date

    def hears_more(self, user_id: int) -> bool:
        return bool(self.untold) and _seats_of([user_id], self.today).filter(office__in=self.untold).exists()


def whose_turn(waiting: Iterable[tuple[int, int]], now: datetime, in_sweep: frozenset[int]) -> Turn:
    """Of the offices of waiting notices, given as (office, recipient), those at work that the sweep is done with.

    More is heard from the other offices of the recipients that begin later today or are `in_sweep`.
    """
    today, waiting = timezone.localtime(now).date(), set(waiting)
    seats = _seats_of([user_id for _, user_id in waiting], today)
    concerned = Q(pk__in=[office_id for office_id, _ in waiting]) | Q(pk__in=seats.values("office"))
    begins = work_begins(Office.objects.filter(concerned).order_by("pk"), now)
    told = [pk for pk, begins_at in begins.items() if begins_at <= now and pk not in in_sweep]
    later = {pk for pk, begins_at in begins.items() if begins_at > now and begins_at.date() == today}
    return Turn(told, frozenset(later | {pk for pk in in_sweep & begins.keys() if begins[pk] <= now}), today)


def _seats_of(people: Sequence[int], today: date) -> QuerySet[Membership]:
    return memberships_on(today).filter(user__in=people).order_by()


@action
def _follow_absences(office_ids: Sequence[int], standing_in: Mapping[int, int | None], now: datetime) -> None:
    """What waits for somebody who is away, or who no longer stands in, goes to who acts now in their place.

    Where that person may not see the case, or everybody stands in for everybody, it stays where it is.
    """
    today = timezone.localtime(now).date()
    concerned = Notice.objects.to_mail().filter(Q(recipient__in=list(standing_in)) | Q(in_place_of__isnull=False))
    rows = concerned.filter(office__in=office_ids).select_for_update(skip_locked=True, of=("self",), no_key=True)
    for notice in rows.select_related("deadline", "assignment").order_by("pk"):
        if (instead := acting_instead(notice, standing_in, today)) is None:
            continue
        acting, in_place_of = instead
        Notice.objects.filter(pk=notice.pk).update(mailing=Notice.Mailing.NONE)
        Notice.objects.get_or_create(
            **_key(notice),
            recipient_id=acting,
            defaults={
                "due_on": notice.due_on,
                "formerly_on": notice.formerly_on,
                "office_id": notice.office_id,
                "urgency": notice.urgency,
                "in_place_of_id": in_place_of,
                "own_level": notice.own_level,
                "created_at": now,
            },
        )


def _key(notice: Notice) -> dict[str, Any]:
    """What, together with the recipient, makes a notice one and the same."""
    if notice.assignment_id:
        return {"assignment": notice.assignment, "change": notice.change}
    return {"deadline": notice.deadline, "due_on": notice.due_on, "step": notice.step}


def acting_instead(notice: Notice, standing_in: Mapping[int, int | None], today: date) -> tuple[int, int | None] | None:
    """(who acts now, for whom) where that is somebody else than the recipient; None where they may not see the case."""
    holder = notice.in_place_of_id or notice.recipient_id
    acting = standing_in.get(holder, holder)
    if acting in (None, notice.recipient_id) or not _sees(acting, notice, today):
        return None
    return acting, None if acting == holder else holder


def _sees(user_id: int, notice: Notice, today: date) -> bool:
    return notice in in_sight_of(User.objects.get(pk=user_id), [notice], today)


@action
def _mail_to(user_id: int, turn: Turn, now: datetime) -> bool:
    """One mail with what this person is to know now; what is not to be mailed is marked so.

    A mail that waits in the outbox and was never tried is replaced: what it says stands in the new one. Of several
    that do this at once one gets the person; else each could take some of the notices and make a mail of them.
    """
    user = User.objects.select_for_update(skip_locked=True, no_key=True).filter(pk=user_id).first()
    if user is None:
        return False
    unsent = list(untried(user_id).select_for_update(skip_locked=True, no_key=True).values_list("pk", flat=True))
    notices = to_tell(user_id, unsent, turn).select_for_update(skip_locked=True, of=("self",), no_key=True)
    found = choose(user, list(notices), turn)
    Notice.objects.filter(pk__in=[n.pk for n in found.silent]).update(mailing=Notice.Mailing.NONE)
    if not found.new:
        return False
    mail = _queue(user, found.told, turn.today, now)
    told = Q(pk__in=[n.pk for n in found.new]) | Q(mail__in=unsent)
    Notice.objects.filter(told).update(mailing=Notice.Mailing.MAILED, mail=mail)
    Mail.objects.filter(pk__in=unsent).delete()
    if found.is_digest:
        NoticeSettings.objects.filter(user=user).update(last_digest_on=turn.today)
    return True


@dataclass(frozen=True)
class Chosen:
    """Of the notices of a person: what the mail tells, which of that is `new`, and what stays without a mail."""

    told: list[Notice]
    new: list[Notice]
    silent: list[Notice]
    is_digest: bool


def choose(user: User, notices: Sequence[Notice], turn: Turn) -> Chosen:
    """What this person is mailed now of notices that wait or stand in an unsent mail; only reads."""
    settings = NoticeSettings.objects.filter(user=user).first() or NoticeSettings(user=user)
    choice = MailChoice(settings.mail)
    is_digest = digest_is_due(choice, settings.last_digest_on, turn.today) and not turn.hears_more(user.pk)
    true = still_true(user, notices, turn.today)
    waiting = [n for n in true if n.mail_id is None]
    new = [
        n for n in waiting if to_mail_now(choice, is_digest, own_level=n.own_level, due_on=n.due_on, today=turn.today)
    ]
    silent = [n for n in notices if n.mail_id is None and n not in true]
    if choice == MailChoice.NEVER:
        silent += [n for n in waiting if n not in new]
    return Chosen([n for n in true if n.mail_id is not None or n in new], new, silent, is_digest)


def to_tell(user_id: int, unsent: Sequence[int], turn: Turn) -> QuerySet[Notice]:
    """What waits for a mail to this person, and what stands in these unsent ones."""
    waiting = Q(mailing=Notice.Mailing.WAITING, office__in=turn.offices)
    found = Notice.objects.filter(waiting | Q(mail__in=unsent), recipient=user_id)
    return found.select_related(*MATTERS).order_by("pk")


def untried(user_id: int) -> QuerySet[Mail]:
    """Mails to this person that tell of notices and that nobody has tried to send yet."""
    waiting = Mail.objects.filter(to=user_id, state=Mail.State.QUEUED, attempts=0, claim__isnull=True)
    return waiting.filter(is_about_account=False)


def still_true(user: User, notices: Iterable[Notice], today: date) -> list[Notice]:
    """Those of which there is still something to tell: open, not moved meanwhile, not resting, and in sight."""
    if not user.is_active:
        return []
    notices = list(notices)
    case_ids = [n.about.case_id for n in notices if n.about.case_id]
    resting = frozenset(Pause.objects.filter(case__in=case_ids, resumed_on__isnull=True).values_list("case", flat=True))
    return [n for n in in_sight_of(user, notices, today) if _is_true(n, resting)]


def _is_true(notice: Notice, resting: frozenset[int]) -> bool:
    if (asked := notice.assignment) is not None:
        is_theirs = asked.user_id in (notice.recipient_id, notice.in_place_of_id)
        return asked.is_open and notice.due_on == asked.due_on and is_theirs
    deadline = notice.deadline
    rests = deadline.case_id in resting and deadline.kind not in EVEN_WHILE_RESTING
    return deadline.is_open and notice.due_on == deadline.due_on and not rests


def in_sight_of(user: User, notices: Sequence[Notice], today: date) -> list[Notice]:
    """Those whose case or Abgabe this person may see today; what belongs to neither is for everybody."""
    case_ids = {n.about.case_id for n in notices if n.about.case_id}
    transfer_ids = {n.about.transfer_id for n in notices if n.about.transfer_id}
    actor = actor_for(user, today) if case_ids or transfer_ids else None
    cases = _ids(Case.objects.visible_to(actor).filter(pk__in=case_ids)) if case_ids else frozenset()
    transfers = _ids(Transfer.objects.visible_to(actor).filter(pk__in=transfer_ids)) if transfer_ids else frozenset()
    outside = (case_ids - cases, transfer_ids - transfers)
    return [n for n in notices if n.about.case_id not in outside[0] and n.about.transfer_id not in outside[1]]


def _ids(rows: QuerySet) -> frozenset[int]:
    return frozenset(rows.values_list("pk", flat=True))


def _queue(user: User, notices: Sequence[Notice], today: date, now: datetime) -> Mail:
    words = worded(notices, today)
    return Mail.objects.create(to=user, address=user.email, created_at=now, next_try_at=now, **words)


def worded(notices: Sequence[Notice], today: date) -> dict[str, str]:
    """Subject and text of a mail as its row holds them."""
    subject, text = compose_mail(notices, today)
    return {"subject": subject[: Mail._meta.get_field("subject").max_length], "text": text}
