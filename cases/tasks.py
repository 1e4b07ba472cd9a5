"""Background work: looks into the database for what is due, so running twice, late or not to the end does no harm."""

import logging

from celery import shared_task
from django.utils import timezone

from cases.actions.letters import store_pdf
from cases.letters import letter_pdf
from cases.models import Letter
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


def _render(letter: Letter, by: Actor) -> bool:
    try:
        return store_pdf(by=by, letter=letter, pdf=letter_pdf(letter))
    except LetterError:
        log.error("Das Schreiben %s lässt sich nicht drucken.", letter.pk)
        return False
