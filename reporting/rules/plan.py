"""Which reports an office owes, to whom, about which period, until when (K20; H-5, GER-9, GERA-4, PAN-39, PAN-40)."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from offices.calendars import Calendar, Unit, due
from offices.calendars import Period as Length
from offices.rules.values import Report, Reports
from offices.rules.vocabulary import Rhythm
from reporting.rules.periods import Period, ended_before
from reporting.rules.vocabulary import Audience, ReportKind

DUE_AFTER = Length(20, Unit.WORKING_DAYS)  # after the period; the sources name no day but „zu Beginn des Folgejahres“
KINDS = {
    Rhythm.QUARTERLY: ReportKind.QUARTER,
    Rhythm.HALF_YEARLY: ReportKind.HALF_YEAR,
    Rhythm.YEARLY: ReportKind.YEAR,
}
SURVEY = "Kundenbefragung"  # an entry that is brought, not written
ASSEMBLY = "Trägerversammlung"
OUTSIDE = ("RD ", "AA ", "Regionaldirektion", "Agentur", "übergeordnete", "Führungsberatung")


@dataclass(frozen=True)
class Owed:
    """One report that is owed; `begins_on` is the first Arbeitstag after its period, on which it is drafted."""

    kind: ReportKind
    recipient: str
    via: str
    asked: str
    audience: Audience
    period: Period
    begins_on: date
    due_on: date


def owed_on(reports: Reports, calendar: Calendar, today: date) -> Iterator[Owed]:
    """The reports about the last ended quarter, half-year and year; those at any time are on request."""
    for entry in reports.entries:
        kind = KINDS.get(entry.rhythm)
        if kind is None or is_survey(entry):
            continue
        period = ended_before(today, kind)
        begins_on = due(calendar, period.until_on, Length(1, Unit.WORKING_DAYS)).due_on
        yield Owed(
            kind, entry.recipient, entry.via, entry.content, audience_of(entry.recipient), period, begins_on,
            due(calendar, period.until_on, DUE_AFTER).due_on,
        )  # fmt: skip


def on_request(reports: Reports) -> list[Report]:
    """To whom it is reported from time to time or when asked."""
    return [entry for entry in reports.entries if entry.rhythm not in KINDS and not is_survey(entry)]


def is_survey(entry: Report) -> bool:
    return SURVEY in entry.content


def audience_of(recipient: str) -> Audience:
    """Who reads what such a recipient gets; the Trägerversammlung and bodies above are outside the house."""
    if recipient.startswith(ASSEMBLY):
        return Audience.ASSEMBLY
    return Audience.DIRECTORATE if recipient.startswith(OUTSIDE) else Audience.INTERNAL
