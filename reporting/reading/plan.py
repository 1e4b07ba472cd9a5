"""The plan of reports: what is owed next and what was drafted of it (K20)."""

from dataclasses import dataclass
from datetime import date

from offices.errors import NotAllowed
from offices.models import Office
from offices.queries import calendar_for, rule_set_in_force
from offices.rules.values import Report as Entry
from reporting.models import Report
from reporting.rules.periods import Period
from reporting.rules.plan import KINDS, audience_of, on_request, owed_on
from reporting.rules.vocabulary import Audience, ReportKind


@dataclass(frozen=True)
class PlanEntry:
    """One report that is owed: about the period that ended last, and from when on about the next."""

    office: Office
    kind: ReportKind | None
    recipient: str
    via: str
    asked: str
    rhythm: str
    audience: Audience
    period: Period | None = None
    due_on: date | None = None
    report: Report | None = None
    next_period: Period | None = None


def plan_of(office: Office, today: date) -> list[PlanEntry]:
    """Empty where no rules are in force; three queries."""
    try:
        reports = rule_set_in_force(office, today).parameters.reports
    except NotAllowed:
        return []
    rhythms = {KINDS[entry.rhythm]: entry.rhythm.label for entry in reports.entries if entry.rhythm in KINDS}
    made = {(r.kind, r.recipient, r.from_on): r for r in Report.objects.filter(office=office).defer("content")}
    found = []
    for owed in owed_on(reports, calendar_for(office), today):
        report = made.get((owed.kind, owed.recipient, owed.period.from_on))
        found.append(
            PlanEntry(office, owed.kind, owed.recipient, owed.via, owed.asked, rhythms[owed.kind], owed.audience,
                      owed.period, report.due_on if report else owed.due_on, report,
                      Period.around(today, owed.kind))
        )  # fmt: skip
    return found + [_asked(office, entry) for entry in on_request(reports)]


def _asked(office: Office, entry: Entry) -> PlanEntry:
    return PlanEntry(
        office, None, entry.recipient, entry.via, entry.content, entry.rhythm.label, audience_of(entry.recipient)
    )
