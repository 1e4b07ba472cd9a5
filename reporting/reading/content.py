"""What a report says in figures: made once as of a moment, kept as data, and printed from there."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from offices.errors import NotAllowed
from offices.models import Office, RuleSet
from offices.queries import rule_set_in_force
from offices.rules.parameters import Parameters
from reporting.models import Households, Measure, Report, SurveyResult
from reporting.reading.disclosure import minimum_of, protected
from reporting.reading.tables import office_question, tables, totals
from reporting.rules.comparing import Change
from reporting.rules.disclosure import Earlier
from reporting.rules.figures import FIGURES
from reporting.rules.periods import Period
from reporting.rules.tables import SPECS, Cell, Table, broken_identities, decimal, specs_for
from reporting.rules.vocabulary import Audience, Unit

OVERVIEW = (
    "received", "closed", "open_at_end", "overdue_at_end", "acknowledged_in_time", "closed_in_time", "median_days",
    "p90_days", "escalated", "settled_at_first", "upheld", "remedied", "concerns_received", "transfers_received",
    "settled_on_the_spot", "praise_ratio",
)  # fmt: skip


A_DAY = timedelta(days=1)


class Contradiction(ArithmeticError):
    """The Bestandsrechnung does not add up: nothing is printed that contradicts itself."""


@dataclass(frozen=True)
class ChangeRow:
    """One figure of the overview beside what it was: before, and a year before."""

    figure: str
    label: str
    basis: str
    now: str
    before: str
    change: str
    year_before: str
    values: tuple[float | None, ...] = ()  # now, before and a year before, for the spreadsheet
    unit: str = ""


def content_of(report: Report, stand_at: datetime) -> dict[str, Any]:
    """Tables, overview and all that is printed beside them, as plain data.

    Raises Contradiction where the Bestandsrechnung does not hold.
    """
    office, period, audience = report.office, report.period, Audience(report.audience)
    stand = timezone.localdate(stand_at)
    question = office_question(office, period, None, stand=stand)
    exact = tables(specs_for(audience), question)
    if broken := broken_identities(exact[0]):
        raise Contradiction(str(broken))
    found = protected(exact, office, period, audience, earlier_reports(report))
    now = {} if audience.is_outside else totals(OVERVIEW, question)
    before = None if audience.is_outside else totals(OVERVIEW, replace(question, period=period.before()))
    year = None if audience.is_outside else totals(OVERVIEW, replace(question, period=period.a_year_before()))
    return {
        "tables": [each.to_data() for each in found if not each.is_empty],
        "overview": [asdict(row) for row in _overview(found, now, before, year)],
        "practice": list(_practice(office, stand)),
        "breaks": list(_breaks(office, period)),
        "measures": [] if audience.is_outside else [_measure(m) for m in measures_in(office, period)],
        "surveys": [[str(r), decimal(float(r.grade), 1), r.answers] for r in surveys_until(office, period)],
        "per_thousand": _per_thousand(office, period, found),
        "suppressed": sum(each.suppressed for each in found),
        "minimum": minimum_of(office, period.until_on) if audience.is_outside else None,
    }


def tables_in(report: Report) -> list[Table]:
    return [Table.from_data(data) for data in report.content.get("tables", [])]


def earlier_reports(report: Report) -> tuple[Earlier, ...]:
    """What has left the house before about a part of this time, about more of which this is a part, or about the day
    with which this one begins or ends."""
    found = (_as_earlier(each, report) for each in _told_outside(report))
    return tuple(each for each in found if each is not None)


def told_since(report: Report) -> bool:
    """Whether something left the house after the figures of this report were made, that would have to be heeded."""
    later = _told_outside(report).filter(approved_at__gt=report.stand_at)
    return any(_as_earlier(each, report) for each in later)


def _told_outside(report: Report) -> QuerySet[Report]:
    if not Audience(report.audience).is_outside:
        return Report.objects.none()
    told = Report.objects.frozen().filter(office=report.office).exclude(audience=Audience.INTERNAL)
    return told.exclude(pk=report.pk).exclude(from_on=report.from_on, until_on=report.until_on).order_by("pk")


def _as_earlier(told: Report, report: Report) -> Earlier | None:
    """How it bears upon the report; None where it does not."""
    then, now = told.period, report.period
    overlaps = then.has_whole(now) or now.has_whole(then)
    shared = {
        "same_start": then.from_on == now.from_on,
        "same_end": then.until_on == now.until_on,
        "ends_before": then.until_on + A_DAY == now.from_on,
        "begins_after": now.until_on + A_DAY == then.from_on,
    }
    if not overlaps and not any(shared.values()):
        return None
    return Earlier(then.name, tuple(tables_in(told)), contains=then.has_whole(now), overlaps=overlaps, **shared)


def _overview(
    found: list[Table], exact: dict[str, Cell], before: dict[str, Cell] | None, year: dict[str, Cell] | None
) -> Iterator[ChangeRow]:
    """Outside the house only what its tables tell; inside also what stands in none."""
    for key in OVERVIEW:
        cell = exact.get(key) or next((table.total.cells[table.columns.index(key)] for table in found
                     if table.total and key in table.columns), None)  # fmt: skip
        if cell is None and before is None:
            continue
        now, unit = cell.words if cell else "–", FIGURES[key].unit.value
        was, was_year = (before or {}).get(key), (year or {}).get(key)
        if cell is None or was is None or was_year is None:
            values = (cell.value if cell else None, None, None)
            yield ChangeRow(key, FIGURES[key].label, FIGURES[key].basis.label, now, "–", "–", "–", values, unit)
            continue
        basis, values = FIGURES[key].basis.label, (cell.value, was.value, was_year.value)
        change = _change(cell, was)
        yield ChangeRow(key, FIGURES[key].label, basis, now, was.words, change, was_year.words, values, unit)


def _change(now: Cell, before: Cell) -> str:
    if now.value is None or before.value is None:
        return "–"
    figure = FIGURES[now.figure]
    if figure.unit == Unit.PERCENT:
        points = now.value - before.value
        return (
            "unverändert" if not round(points, 1) else f"{'+' if points > 0 else '−'}{decimal(abs(points), 1)} Punkte"
        )
    return Change(now.value, before.value).words


def _practice(office: Office, day: date) -> Iterator[str]:
    """What is registered here at all: without it no number can be compared (K5, K6, BLOG-3)."""
    try:
        rules = rule_set_in_force(office, day).parameters
    except NotAllowed:
        yield "Am Stand ist kein Regelwerk in Kraft."
        return
    yield _registered(rules)
    yield f"Mündliche Kundenreaktionen {rules.oral_registration.rule.label}."
    if not rules.anonymous.registered:
        yield "Anonyme Kundenreaktionen werden nicht erfasst."
    yield "Was zu einer anderen Stelle gehört (Widerspruch, Nachfrage, Datenschutz), steht unter „Kein KRM“."


def _registered(rules: Parameters) -> str:
    duty = "werden verpflichtend" if rules.registration.mandatory else "werden freiwillig"
    return f"Kundenreaktionen {duty} erfasst: {rules.registration.register}."


def _breaks(office: Office, period: Period) -> Iterator[str]:
    """Changes of the rules in the period or the year before it, which make numbers hard to compare."""
    since = period.a_year_before().from_on
    changed = RuleSet.objects.filter(office=office, valid_from__gt=since, valid_from__lte=period.until_on)
    for rule_set in changed.order_by("valid_from"):
        yield f"Seit {rule_set.valid_from:%d.%m.%Y} gilt: {rule_set}. Zahlen davor sind nur bedingt vergleichbar."


def measures_in(office: Office, period: Period) -> list[Measure]:
    """Planned or due in the period, or not yet carried out before it."""
    rows = Measure.objects.filter(office=office, planned_at__date__lte=period.until_on).select_related("unit")
    return [m for m in rows if m.checked_on is None or m.checked_on >= period.from_on]


def _measure(measure: Measure) -> list[str]:
    unit = str(measure.unit) if measure.unit else "Dienststelle"
    return [measure.cause, measure.what, unit, f"{measure.due_on:%d.%m.%Y}", measure.state, measure.effect]


def surveys_until(office: Office, period: Period) -> list[SurveyResult]:
    """The last four half-years up to the end of the period, the oldest first."""
    rows = SurveyResult.objects.filter(office=office, year__lte=period.until_on.year)
    last = 1 if period.until_on.month <= 6 else 2
    found = [r for r in rows if (r.year, r.half) <= (period.until_on.year, last)]
    return sorted(found, key=lambda r: (r.year, r.half))[-4:]


def _per_thousand(office: Office, period: Period, found: list[Table]) -> str:
    """Complaints per 1,000 Bedarfsgemeinschaften; empty where their number or that of complaints is not there."""
    households = Households.objects.filter(office=office, year=period.from_on.year).first()
    stock = next((table for table in found if table.key == SPECS["stock"].key), None)
    complaints = stock.cell("complaint", "received") if stock else None
    if not households or complaints is None or complaints.value is None or period.from_on.year != period.until_on.year:
        return ""
    return f"{decimal(1000 * complaints.value / households.number, 1)} (bei {decimal(households.number)} im Jahr)"


@dataclass(frozen=True)
class LaterRow:
    """A figure of a frozen report that would be another today, and why."""

    figure: str
    row: str
    then: str
    now: str
    difference: str


def differences(report: Report, stand_at: datetime) -> list[LaterRow]:
    """What counts otherwise today than when the report was frozen; below the minimum only that it changed."""
    office, audience = report.office, Audience(report.audience)
    then = tables_in(report)
    question = office_question(office, report.period, None, stand=timezone.localdate(report.stand_at or stand_at))
    now = {table.key: table for table in tables([SPECS[table.key] for table in then], question)}
    smallest = minimum_of(office, report.until_on) if audience.is_outside else 0
    return [row for table in then for row in _later(table, now[table.key], smallest)]


def _later(then: Table, now: Table, smallest: int) -> Iterator[LaterRow]:
    """What differs between two states of a table; of numbers under `smallest` only that they do."""
    more = () if smallest else now.body  # outside the house nothing is told that the report did not tell
    rows = {row.key: row.label for row in (*then.body, *more, *filter(None, (then.total,)))}
    for key, label in rows.items():
        for figure in then.columns:
            before, after = (table.cell(key, figure) or Cell(figure, 0, None, 0) for table in (then, now))
            if before.suppressed or before.value == after.value or FIGURES[figure].of_days:
                continue
            amount = (after.numerator or 0) - (before.numerator or 0)
            said = f"{FIGURES[figure].label}, {then.title}"
            if abs(amount) < smallest:
                yield LaterRow(said, label, before.words, "geändert", "geändert")
            else:
                sign = "+" if amount > 0 else "−" if amount < 0 else "±"
                yield LaterRow(said, label, before.words, after.words, f"{sign}{abs(amount)}")
