"""The mail about deadlines and what is asked of somebody: file references and dates, no names, where to go on."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse

from cases.models import Notice
from cases.rules.assignments import ASSIGNMENTS, AssignmentKind
from cases.rules.reminders import Urgency, urgency

ORDER = (Urgency.OVERDUE, Urgency.TODAY, Urgency.AHEAD, Urgency.MOVED, Urgency.ASKED)


@dataclass(frozen=True)
class Line:
    """One deadline, or one thing asked, as it stands on the day of the mail; `due_on` None where it has no date.

    `formerly_on`: the date that a change of what is asked has replaced.
    """

    what: str
    due_on: date | None
    formerly_on: date | None
    raised: bool
    in_place: bool
    address: str


def about(notice: Notice) -> str:
    """„Abschluss PAN-2026-00042“, „Stellungnahme schreiben PAN-2026-00042“, or what a deadline without a case says.

    What is asked is named by its kind: words of its own could hold a name.
    """
    if asked := notice.assignment:
        return f"{ASSIGNMENTS[AssignmentKind(asked.kind)].to_do} {(asked.case or asked.transfer).reference}"
    deadline = notice.deadline
    return (
        f"{deadline.label} {deadline.case.reference}" if deadline.case_id else f"{deadline.label}: {deadline.subject}"
    )


def compose_mail(notices: Sequence[Notice], today: date) -> tuple[str, str]:
    """Subject and text for the notices of one person; the most urgent first, each deadline once, then what is asked."""
    ordered = sorted(notices, key=lambda notice: notice.pk)
    latest = {(notice.deadline_id, notice.assignment_id): notice for notice in ordered}
    chosen = sorted(latest.values(), key=lambda notice: (notice.about.due_on or date.max, notice.pk))
    groups = [(urge, [_line(notice) for notice in chosen if _urgency(notice, today) == urge]) for urge in ORDER]
    context = {
        "groups": [(urge.label, lines) for urge, lines in groups if lines],
        "overview": full_address(reverse("cases:notices")),
        "choice": full_address(reverse("cases:notice_settings")),
    }
    return _subject(chosen, today), render_to_string("emails/notices.txt", context)


def _urgency(notice: Notice, today: date) -> Urgency:
    return Urgency(notice.urgency) if notice.assignment_id else urgency(notice.deadline.due_on, today)


def full_address(path: str) -> str:
    return f"{settings.BASE_URL}{path}"


def _line(notice: Notice) -> Line:
    return Line(
        what=about(notice),
        due_on=notice.about.due_on,
        formerly_on=notice.formerly_on,
        raised=not notice.own_level,
        in_place=notice.in_place_of_id is not None,
        address=full_address(notice.about.get_absolute_url()),
    )


def _subject(notices: Sequence[Notice], today: date) -> str:
    if len(notices) == 1:
        return f"KRM: {about(notices[0])} {_urgency(notices[0], today).label}"
    asked = sum(notice.assignment_id is not None for notice in notices)
    overdue = sum(_urgency(notice, today) == Urgency.OVERDUE for notice in notices)
    parts = [_count(len(notices) - asked, "Frist", "Fristen"), f"davon {overdue} überfällig" if overdue else ""]
    return f"KRM: {', '.join(filter(None, [*parts, _count(asked, 'Auftrag', 'Aufträge')]))}"


def _count(number: int, one: str, many: str) -> str:
    return f"{number} {one if number == 1 else many}" if number else ""
