"""Four weeks with a holiday, day by day: exactly the notices that docs/regeln.md lists, under each rule set."""

import re
from datetime import date, timedelta

import pytest
from django.conf import settings
from django.core.management import call_command

from cases.handling.actions.assign import accept, hand_to_unit
from cases.models import Notice
from offices.models import Office, Unit
from tests.cast import actor
from tests.make import case

pytestmark = pytest.mark.usefixtures("house")

ROOT = settings.BASE_DIR
HEADING = "## Vier Wochen Erinnerungen"
RECEIVED_ON, DAYS = date(2026, 12, 9), 28
SLUGS = {
    "Pankow": "pankow",
    "Germersheim": "germersheim",
    "Gera": "gera",
    "Berlin Nord (SGB III)": "berlin-nord",
}


def day(text: str) -> date:
    """`Mi 09.12.2026` as a date; the weekday is checked."""
    weekday, number = text.split()
    found = date(*(int(part) for part in reversed(number.split("."))))
    assert weekday == ("Mo", "Di", "Mi", "Do", "Fr", "Sa", "So")[found.weekday()], text
    return found


def listed(slug: str) -> list[tuple[date, str, str]]:
    """(day, person, deadline) of the table in the documentation."""
    text = (ROOT / "docs" / "regeln.md").read_text(encoding="utf-8").partition(HEADING)[2]
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in text.splitlines() if line[:1] == "|"]
    found = []
    for name, deadline, _due_on, *cells in rows[2:]:
        for cell in cells if SLUGS[name] == slug else []:
            if match := re.fullmatch(r"(\w\w [\d.]+): (.+)", cell):
                found += [(day(match[1]), f"{slug}.{person}", deadline) for person in match[2].split(", ")]
    return sorted(found)


@pytest.mark.parametrize("slug", SLUGS.values())
def test_a_case_that_nobody_touches_is_told_as_the_documentation_lists(slug, capsys):
    desk = actor(f"{slug}.krm", RECEIVED_ON)
    matter = accept(by=desk, case=case(desk, received_on=RECEIVED_ON))
    hand_to_unit(by=desk, case=matter, unit=Unit.objects.get(office=Office.objects.get(slug=slug), number="711"))
    for ordinal in range(DAYS + 1):
        call_command("sweep", at=f"{RECEIVED_ON + timedelta(days=ordinal)}T08:00")

    notices = Notice.objects.filter(deadline__isnull=False).select_related("deadline", "recipient")
    told = [(n.created_at.date(), n.recipient.username, n.deadline.get_kind_display()) for n in notices]
    assert sorted(told) == listed(slug)
    assert told
    assert not notices.filter(was_skipped=True).exists()
