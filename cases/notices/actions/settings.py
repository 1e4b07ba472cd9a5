"""What somebody does with what they are told: read it, choose how, and carry the own dates into a calendar.

Each of these is about the acting person alone and leaves nothing in the log.
"""

import secrets

from django.utils import timezone

from cases.models import Notice, NoticeSettings
from cases.notices.reading.calendar_feed import hash_of
from cases.rules.reminders import MailChoice
from cases.unit_of_work import action
from offices.errors import NotAllowed
from offices.queries import Actor

TOKEN_BYTES = 32


@action
def mark_read(*, by: Actor, notice: Notice) -> None:
    """The notice is read, and with it all that `by` was told of the same before; the first time counts.

    NotAllowed for a notice to somebody else.
    """
    if notice.recipient_id != by.user_id:
        raise NotAllowed("Diese Mitteilung ist an jemand anderen gerichtet.")
    earlier = Notice.objects.filter(recipient=by.user_id, pk__lte=notice.pk)
    earlier = earlier.filter(deadline=notice.deadline_id, assignment=notice.assignment_id)
    earlier.filter(read_at__isnull=True).update(read_at=timezone.now())


@action
def mark_all_read(*, by: Actor, until: int) -> int:
    """Everything told to `by` up to the notice with the id `until` is read; returns how many were not.

    What came in after the page was shown stays unread.
    """
    unread = Notice.objects.filter(recipient=by.user_id, pk__lte=until, read_at__isnull=True)
    return unread.update(read_at=timezone.now())


@action
def choose_mail(*, by: Actor, choice: MailChoice) -> NoticeSettings:
    """How `by` wants notices by mail from now on."""
    return _save(by, mail=choice)


@action
def new_calendar_address(*, by: Actor) -> str:
    """The secret part of a new calendar address; an address made before ends at once.

    Only its SHA-256 is kept, so it is shown now or never.
    """
    token = secrets.token_urlsafe(TOKEN_BYTES)
    _save(by, calendar_hash=hash_of(token), calendar_made_at=timezone.now())
    return token


@action
def revoke_calendar_address(*, by: Actor) -> None:
    """No calendar address of `by` holds any more; harmless where there was none."""
    NoticeSettings.objects.filter(user=by.user_id).update(calendar_hash=None, calendar_made_at=None)


def _save(by: Actor, **changes) -> NoticeSettings:
    settings, _ = NoticeSettings.objects.update_or_create(user=by.user, defaults=changes)
    return settings
