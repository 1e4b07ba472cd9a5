"""One's own dates as a calendar that Outlook and Thunderbird subscribe to (RFC 5545), without any personal data."""

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from hashlib import sha256
from hmac import compare_digest

from django.db.models import BooleanField, ExpressionWrapper, Q, QuerySet
from icalendar import Calendar, Event, vDuration

from cases.models import Deadline, NoticeSettings
from cases.notices.reading.own_dates import own_dates
from offices.models import User
from offices.queries import Actor

MOST = 500  # dates in one calendar
EVERY = timedelta(hours=1)  # how often programs are asked to look again


def hash_of(token: str) -> str:
    """What is kept of the secret part of an address."""
    return sha256(token.encode("utf-8", "replace")).hexdigest()


def holder_of(token: str) -> User | None:
    """Whose calendar address it is; None for an unknown or revoked one and for a closed account.

    Looked up by the hash, and that compared in constant time.
    """
    asked = hash_of(token)
    found = NoticeSettings.objects.select_related("user").filter(calendar_hash=asked, user__is_active=True).first()
    return found.user if found and compare_digest(found.calendar_hash, asked) else None


def dates_of(actor: Actor) -> QuerySet[Deadline]:
    """At most MOST dates, those still to come before those overdue; nothing of protected cases (B4-8)."""
    is_past = ExpressionWrapper(Q(due_on__lt=actor.today), output_field=BooleanField())
    dates = own_dates(actor).exclude(case__is_sealed=True).select_related("case", "office")
    return dates.defer("case__text", "case__outcome_reason").order_by(is_past, "due_on", "pk")[:MOST]


def calendar_of(deadlines: Iterable[Deadline], full_address: Callable[[str], str], host: str, now: datetime) -> bytes:
    """The calendar file; `full_address` makes an address from a path, `host` keeps the ids of installations apart."""
    calendar = Calendar()
    calendar.add("prodid", "-//KRM//Fristen//DE")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", "KRM-Fristen")
    calendar.add("refresh-interval", EVERY, parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", vDuration(EVERY))
    for deadline in deadlines:
        calendar.add_component(_event(deadline, full_address(deadline.get_absolute_url() or "/"), host, now))
    return calendar.to_ical()


def _event(deadline: Deadline, address: str, host: str, now: datetime) -> Event:
    """A whole day that leaves one free for other things; Outlook shows the address only in the description."""
    event = Event()
    event.add("uid", f"frist-{deadline.pk}@{host}")
    event.add("dtstamp", now)
    event.add("summary", summary_of(deadline))
    event.add("dtstart", deadline.due_on)
    event.add("dtend", deadline.due_on + timedelta(days=1))
    event.add("description", f"{deadline.office}\n{address}")
    event.add("url", address)
    event.add("class", "PRIVATE")
    event.add("transp", "TRANSPARENT")
    return event


def summary_of(deadline: Deadline) -> str:
    """„Frist Abschluss PAN-2026-00042“, „Wiedervorlage PAN-2026-00042“; without a case what it says of itself."""
    what = deadline.label if deadline.kind == Deadline.Kind.FOLLOW_UP else f"Frist {deadline.label}"
    return f"{what} {deadline.case.reference}" if deadline.case_id else f"{what}: {deadline.subject}"
