"""One function for every figure: counted over facts, for a period, as known at a moment, with the filters given."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import Count, F, Q, QuerySet, Sum
from django.db.models.functions import TruncMonth

from reporting.models import CaseFact, TallyFact, TransferFact
from reporting.rules.fact import THE_CASE
from reporting.rules.figures import FIGURES, AnyOf, Column, Condition, Figure, Subject, Where, value_of
from reporting.rules.periods import Period
from reporting.rules.quantiles import median, ninetieth
from reporting.rules.tables import Counted
from reporting.rules.vocabulary import Basis, Dimension, Unit

COLUMNS = {
    Dimension.KIND: "kind",
    Dimension.CHANNEL: "channel",
    Dimension.LEGAL_AREA: "legal_area",
    Dimension.UNIT: "unit_id",
    Dimension.TOPIC: "topic_id",
    Dimension.NATURE: "nature",
    Dimension.OUTCOME: "outcome",
    Dimension.SETTLEMENT: "settlement",
    Dimension.RUNG: "rung",
    Dimension.REASON: "reason",
    Dimension.OFFICE: "office_id",
    Dimension.MONTH: "month",
}
DAYS = {Basis.RECEIVED: "received_on", Basis.CLOSED: "ended_on", Basis.DUE: "standard_due_on"}
OPERATORS = {"=": "", "!=": "", "<": "__lt", "<=": "__lte", ">": "__gt", ">=": "__gte", "in": "__in"}


@dataclass(frozen=True)
class Rights:
    """What of an office's facts somebody may count, so that a number is a list they can open.

    Of the hidden cases those in `shown`, and none of those in `kept_out`; both by id and few.
    """

    shown: frozenset[int] = frozenset()
    kept_out: frozenset[int] = frozenset()
    transfers_kept_out: frozenset[int] = frozenset()

    def q(self) -> Q:
        seen = Q(is_hidden=False) | Q(case__in=self.shown) if self.shown else Q(is_hidden=False)
        return seen & ~Q(case__in=self.kept_out) if self.kept_out else seen


@dataclass(frozen=True)
class Question:
    """What is asked of the facts. `stand` is the day of the cut-off; with `known_at`, what was known at that moment.

    `filters` are values of dimensions; of units a set of ids, None among them for none. Without `rights` everything is
    counted, as for a report.
    `folded`: unit -> the unit with which it is counted, because alone it would be a person (B4-10).
    """

    offices: tuple[int, ...]
    period: Period
    stand: date
    known_at: datetime | None = None
    filters: Mapping[Dimension, Any] = field(default_factory=dict)
    rights: Rights | None = None
    folded: Mapping[int, int | None] = field(default_factory=dict)


def rows_of(subject: Subject, question: Question) -> QuerySet:
    """The facts that the question is about, before any figure chooses among them."""
    model = {Subject.TRANSFER: TransferFact, Subject.TALLY: TallyFact}.get(subject, CaseFact)
    rows = model.objects.known(question.known_at).filter(office__in=question.offices)
    if subject in (Subject.CASE, Subject.CONCERN):
        rows = rows.filter(position=THE_CASE) if subject == Subject.CASE else rows.filter(position__gt=THE_CASE)
        rows = rows.filter(
            Q(ended_on__isnull=True) | Q(ended_on__gte=question.period.from_on), opened_on__lte=question.period.until_on
        )
        if question.rights:
            rows = rows.filter(question.rights.q())
    elif subject == Subject.TRANSFER and question.rights:
        rows = rows.filter(is_hidden=False).exclude(transfer__in=question.rights.transfers_kept_out)
    for dimension, value in question.filters.items():
        rows = rows.filter(_filter(dimension, value))
    return rows


def _filter(dimension: Dimension, value: Any) -> Q:
    column = COLUMNS[dimension]
    if dimension == Dimension.UNIT:
        without = Q(unit__isnull=True) if None in value else Q(pk__in=[])
        return Q(unit__in=[pk for pk in value if pk is not None]) | without
    return Q(**{column: value})


def as_q(where: Where, question: Question) -> Q:
    """A condition of rules/figures.py as the database is asked."""
    found = Q()
    for condition in where:
        found &= _as_q(condition, question)
    return found


def _as_q(condition: Condition | AnyOf, question: Question) -> Q:
    if isinstance(condition, AnyOf):
        return reduce(or_, (_as_q(option, question) for option in condition.options))
    if condition.op in ("has", "lacks"):
        return Q(**{f"{condition.column}__isnull": condition.op == "lacks"})
    value = value_of(condition.value, question.period, question.stand)
    value = F(value.name) if isinstance(value, Column) else value
    found = Q(**{f"{condition.column}{OPERATORS[condition.op]}": value})
    return ~found if condition.op == "!=" else found


def count(keys: Iterable[str], question: Question, by: Dimension | None = None) -> Counted:
    """The figures of these keys, for each value of a dimension or („“) for all; a fixed number of queries.

    A figure that cannot be broken down by the dimension is left out.
    """
    figures = [figure for figure in map(FIGURES.__getitem__, keys) if by is None or by in figure.dimensions]
    found: dict[str, dict[str, tuple[int, int | None, float | None]]] = defaultdict(dict)
    grouped: dict[tuple[Subject, str], list[Figure]] = defaultdict(list)
    for figure in figures:
        grouped[figure.subject, day_of(figure) if by == Dimension.MONTH else ""].append(figure)
    for (subject, day), of_subject in grouped.items():
        rows = rows_of(subject, question)
        if day:
            rows = rows.annotate(month=TruncMonth(day))
        _count([f for f in of_subject if not f.of_days], rows, question, by, found)
        _days([f for f in of_subject if f.of_days], rows, question, by, found)
    return Counted(found)


def day_of(figure: Figure) -> str:
    """The column whose month counts."""
    if figure.subject == Subject.TALLY:
        return "on"
    return "opened_on" if figure.key == "reopened" else DAYS.get(figure.basis, "received_on")


def _count(figures: Sequence[Figure], rows: QuerySet, question: Question, by: Dimension | None, found: dict) -> None:
    if not figures:
        return
    counts: dict[str, Any] = {}
    for figure in figures:
        counts[f"{figure.key}_n"] = _aggregate(figure, figure.numerator, question)
        if figure.denominator is not None:
            counts[f"{figure.key}_d"] = _aggregate(figure, figure.denominator, question)
    sums: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    groups = rows.order_by().values(COLUMNS[by]).annotate(**counts) if by else [rows.order_by().aggregate(**counts)]
    for row in groups:
        key = key_of(row[COLUMNS[by]] if by else None, by, question)
        for name in counts:
            sums[key][name] += row[name] or 0
    for key, totals in sums.items():
        for figure in figures:
            numerator = totals[f"{figure.key}_n"]
            denominator = totals[f"{figure.key}_d"] if figure.denominator is not None else None
            if figure.denominator is None or numerator or denominator:
                found[key][figure.key] = (numerator, denominator, _value(figure, numerator, denominator))


def _aggregate(figure: Figure, where: Where, question: Question) -> Any:
    if figure.subject == Subject.TALLY:
        return Sum("count", filter=as_q(where, question))
    return Count("pk", filter=as_q(where, question))


def _value(figure: Figure, numerator: int, denominator: int | None) -> float | None:
    if denominator is None:
        return numerator
    if not denominator:
        return None
    return 100 * numerator / denominator if figure.unit == Unit.PERCENT else numerator / denominator


def _days(figures: Sequence[Figure], rows: QuerySet, question: Question, by: Dimension | None, found: dict) -> None:
    """From counts per Arbeitstag: exact, and added up where units are counted together."""
    if not figures:
        return
    rows = rows.filter(as_q(figures[0].numerator, question))
    histograms: dict[str, dict[int, int]] = defaultdict(lambda: defaultdict(int))
    columns = [COLUMNS[by], "working_days"] if by else ["working_days"]
    for row in rows.order_by().values(*columns).annotate(number=Count("pk")):
        key = key_of(row[COLUMNS[by]] if by else None, by, question)
        histograms[key][row["working_days"]] += row["number"]
    for key, counts in histograms.items():
        total = sum(counts.values())
        mean = sum(days * number for days, number in counts.items()) / total
        values = {"median": median(counts), "ninetieth": ninetieth(counts), "mean": round(mean, 1)}
        for figure in figures:
            found[key][figure.key] = (total, None, values[figure.of_days])


def key_of(value: Any, by: Dimension | None, question: Question) -> str:
    """The value of a dimension as tables have it; „“ for all, and for none."""
    if by is None or value is None:
        return ""
    if by == Dimension.UNIT:
        value = question.folded.get(value, value)
        return "" if value is None else str(value)
    return value.strftime("%Y-%m") if by == Dimension.MONTH else str(value)
