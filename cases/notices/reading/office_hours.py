"""When offices are at work: on Arbeitstagen that are no dienstfreie Tage, from the hour their rules name."""

import logging
from collections.abc import Iterable, Iterator
from datetime import date, datetime

from django.db import InterfaceError, OperationalError
from django.db.models import QuerySet
from django.utils import timezone

from offices.calendars import Calendar, next_working_day
from offices.models import Office
from offices.queries import calendars_for, reminders_in_force
from offices.rules.values import Reminders

log = logging.getLogger(__name__)


def at_work(offices: QuerySet[Office], now: datetime) -> list[tuple[Office, Calendar]]:
    """Those of the offices that work on this day and have reached their hour, each with the days it is there.

    A dienstfreier Tag is no such day, also where it counts for deadlines.
    """
    return [(office, calendar) for office, calendar, begins_at in _hours(offices, now) if begins_at <= now]


def work_begins(offices: QuerySet[Office], now: datetime) -> dict[int, datetime]:
    """Office id -> when it next is at work; not after `now` where it is."""
    return {office.pk: begins_at for office, _, begins_at in _hours(offices, now)}


def _hours(offices: QuerySet[Office], now: datetime) -> Iterator[tuple[Office, Calendar, datetime]]:
    local = timezone.localtime(now)
    reminders = _reminders_of_offices(offices, local.date())
    calendars = calendars_for(offices, closed_days_are_working_days=False)
    for office in offices:
        calendar, hour = calendars[office.pk], reminders.get(office.pk, Reminders()).hour
        day = local.date()
        if not calendar.is_working_day(day):
            day = next_working_day(calendar, day)
        yield office, calendar, datetime(day.year, day.month, day.day, hour, tzinfo=local.tzinfo)


def _reminders_of_offices(offices: Iterable[Office], today: date) -> dict[int, Reminders]:
    """Office id -> its reminders today; an office whose rules cannot be read goes by the defaults, and stops nobody."""
    offices = list(offices)
    try:
        return reminders_in_force(offices, today)
    except (InterfaceError, OperationalError):
        raise
    except Exception:
        if len(offices) == 1:
            log.exception("Das Regelwerk der Dienststelle %s ist nicht zu lesen.", offices[0].pk)
            return {}
    return {pk: found for office in offices for pk, found in _reminders_of_offices([office], today).items()}
