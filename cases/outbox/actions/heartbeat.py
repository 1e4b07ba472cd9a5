"""Signs of life: each part of the background work notes when it last did its round."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.utils import timezone

from cases.models import Heartbeat
from cases.outbox.reading import TROUBLE, UNREACHED, WORKER

FORGOTTEN_AFTER = timedelta(days=1)  # a worker that is gone: machines and containers get new names
LONGEST = Heartbeat._meta.get_field("name").max_length


def beat(name: str, now: datetime) -> None:
    """Note that the part `name` („sweep“, „mail“, „worker HOST“) is at work at `now`; one row for each name."""
    Heartbeat.objects.update_or_create(name=name[:LONGEST], defaults={"at": now})


def beat_of_worker(host: str, now: datetime) -> None:
    """The same for a worker on the machine `host`; workers not heard of for a day are forgotten."""
    beat(f"{WORKER}{host}", now)
    Heartbeat.objects.filter(name__startswith=WORKER, at__lt=now - FORGOTTEN_AFTER).delete()


def note_trouble(name: str, now: datetime, *, is_there: bool) -> None:
    """Whether single rows of a part gave trouble in its last round, beside its sign of life; „sweep trouble“."""
    if is_there:
        beat(f"{name}{TROUBLE}", now)
    else:
        Heartbeat.objects.filter(name=f"{name}{TROUBLE}").delete()


def note_unreached(office_id: int, now: datetime) -> None:
    """A look at the deadlines of an office found one that reaches nobody."""
    beat(f"{UNREACHED}{office_id}", now)


def note_reached(office_ids: Iterable[int], now: datetime) -> None:
    """A look at the deadlines of these offices found none such.

    Such a deadline is looked at once a day, so the sign stays until a look on a later day finds none.
    """
    day_begins = timezone.localtime(now).replace(hour=0, minute=0, second=0, microsecond=0)
    Heartbeat.objects.filter(name__in=[f"{UNREACHED}{pk}" for pk in office_ids], at__lt=day_begins).delete()
