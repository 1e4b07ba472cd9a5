"""Background work: looks into the database for what is due, so running twice, late or not to the end does no harm."""

import logging

from celery import Task, shared_task
from django.utils import timezone

from cases.letters.actions.writing import store_pdf
from cases.letters.reading.paper import letter_pdf
from cases.models import Letter
from cases.notices.actions.sweep import sweep
from cases.outbox.actions.heartbeat import beat, beat_of_worker, note_trouble
from cases.outbox.actions.mailing import compose
from cases.outbox.actions.sending import send_due
from offices.letterhead import LetterError
from offices.queries import Actor

log = logging.getLogger(__name__)


@shared_task
def render_letters() -> int:
    """Make the PDF of every issued letter that has none; returns how many were made."""
    by = Actor(user=None, today=timezone.localdate())
    waiting = Letter.objects.filter(issued_at__isnull=False, pdf__isnull=True).order_by("issued_at")
    related = ("case__office", "case__rule_set", "transfer__office")
    return sum(_render(letter, by) for letter in waiting.select_related(*related))


@shared_task
def watch_deadlines() -> int:
    """Tell what has come due and make the mails about it; returns how many mails were made."""
    now = timezone.now()
    report = sweep(now)
    mails = compose(now, troubled=report.troubled)
    beat("sweep", now)
    note_trouble("sweep", now, is_there=bool(report.failed or mails.failed))
    return mails.made


@shared_task
def send_mail() -> int:
    """Send the mails that are due; returns how many the mail server took."""
    return send_due(timezone.now()).sent


@shared_task(bind=True)
def heartbeat(self: Task) -> None:
    """A worker took this from the schedule and reached the database: the health page looks for it."""
    beat_of_worker(self.request.hostname, timezone.now())


def _render(letter: Letter, by: Actor) -> bool:
    try:
        return store_pdf(by=by, letter=letter, pdf=letter_pdf(letter))
    except LetterError:
        log.error("Das Schreiben %s lässt sich nicht drucken.", letter.pk)
        return False
