"""Background work of figures and reports: looks into the database for what is due; running twice does no harm."""

import logging

from celery import shared_task
from django.utils import timezone

from offices.models import Office
from offices.queries import Actor
from reporting.actions.facts import check
from reporting.actions.reports import count_waiting, draft_owed
from reporting.actions.summary import summarise

log = logging.getLogger(__name__)
DAYS_OF_A_ROUND = 7  # in so many nights every office was checked once


@shared_task
def draft_reports() -> int:
    """Draft the reports that are owed since today; how many were made."""
    by = Actor(user=None, today=timezone.localdate())
    return sum(draft_owed(by=by, office=office) for office in Office.objects.order_by("pk"))


@shared_task
def count_reports() -> int:
    """Make the figures of reports that wait for them; how many were made."""
    return count_waiting(timezone.now())


@shared_task
def summarise_houses() -> int:
    """Count the months of all houses anew; how many rows the summary has."""
    return summarise(now=timezone.now())


@shared_task
def check_facts() -> int:
    """Compare the facts of the offices whose night it is with their cases; how many differences there are."""
    night = timezone.localdate().toordinal() % DAYS_OF_A_ROUND
    wrong = 0
    for office in Office.objects.order_by("pk"):
        if office.pk % DAYS_OF_A_ROUND == night:
            found = sum(1 for _ in check(office))
            if found:
                log.error(
                    "Die Fakten der Dienststelle %s weichen an %s Stellen von ihren Vorgängen ab.", office.slug, found
                )
            wrong += found
    return wrong
