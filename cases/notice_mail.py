"""The mail that tells somebody of deadlines: file references and dates, no names, and where to go on."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse

from cases.models import Deadline, Notice
from cases.rules.reminders import Urgency, urgency

ORDER = (Urgency.OVERDUE, Urgency.TODAY, Urgency.AHEAD)


@dataclass(frozen=True)
class Line:
    """One deadline in the mail, as it stands on the day of the mail."""

    what: str
    due_on: date
    raised: bool
    in_place: bool
    address: str


def about(deadline: Deadline) -> str:
    """„Abschluss PAN-2026-00042“, or what a deadline without a case says of itself."""
    return (
        f"{deadline.label} {deadline.case.reference}" if deadline.case_id else f"{deadline.label}: {deadline.subject}"
    )


def compose_mail(notices: Sequence[Notice], today: date) -> tuple[str, str]:
    """Subject and text for the notices of one person; the most urgent first, each deadline once."""
    latest = {notice.deadline_id: notice for notice in sorted(notices, key=lambda notice: notice.pk)}
    chosen = sorted(latest.values(), key=lambda notice: (notice.due_on, notice.pk))
    groups = [
        (urge, [_line(notice) for notice in chosen if urgency(notice.deadline.due_on, today) == urge]) for urge in ORDER
    ]
    context = {
        "groups": [(urge.label, lines) for urge, lines in groups if lines],
        "overview": full_address(reverse("cases:notices")),
        "choice": full_address(reverse("cases:notice_settings")),
    }
    return _subject(chosen, today), render_to_string("emails/notices.txt", context)


def full_address(path: str) -> str:
    return f"{settings.BASE_URL}{path}"


def _line(notice: Notice) -> Line:
    deadline = notice.deadline
    return Line(
        what=about(deadline),
        due_on=deadline.due_on,
        raised=not notice.own_level,
        in_place=notice.in_place_of_id is not None,
        address=full_address(deadline.get_absolute_url()),
    )


def _subject(notices: Sequence[Notice], today: date) -> str:
    if len(notices) == 1:
        deadline = notices[0].deadline
        return f"KRM: {about(deadline)} {urgency(deadline.due_on, today).label}"
    overdue = sum(notice.deadline.due_on < today for notice in notices)
    return f"KRM: {len(notices)} Fristen" + (f", davon {overdue} überfällig" if overdue else "")
