"""What is asked of the facts: for which houses and which period, as known when, by whom; and the rows it is about."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import F, Q, QuerySet

from reporting.models import CaseFact, TallyFact, TransferFact
from reporting.models.fact import KnownFact
from reporting.reading.units import Units
from reporting.rules.fact import THE_CASE
from reporting.rules.figures import AnyOf, Column, Condition, Figure, Mark, Subject, Where, value_of
from reporting.rules.figures import Condition as C
from reporting.rules.periods import Period
from reporting.rules.vocabulary import Basis, Dimension

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
OPERATORS = {"=": "", "!=": "", "<": "__lt", "<=": "__lte", ">": "__gt", ">=": "__gte", "in": "__in", "not in": "__in"}


@dataclass(frozen=True)
class Rights:
    """What of an office's facts somebody may count, so that a number is a list they can open.

    Of the hidden cases those in `shown`, and none of those in `kept_out`; both by id and few.
    """

    shown: frozenset[int] = frozenset()
    kept_out: frozenset[int] = frozenset()
    transfers_kept_out: frozenset[int] = frozenset()


@dataclass(frozen=True)
class Question:
    """What is asked of the facts. `stand` is the day of the cut-off; with `known_at`, what was known at that moment.

    `filters` are values of dimensions; of units a set of ids, None among them for none. Without `rights` everything is
    counted, as for a report.
    `units`: those of the office, of which one that would be a person is counted with the unit above it (B4-10).
    """

    offices: tuple[int, ...]
    period: Period
    stand: date
    known_at: datetime | None = None
    filters: Mapping[Dimension, Any] = field(default_factory=dict)
    rights: Rights | None = None
    units: Units = field(default_factory=Units)


MODELS: dict[Subject, type[KnownFact]] = {
    Subject.CASE: CaseFact,
    Subject.CONCERN: CaseFact,
    Subject.TRANSFER: TransferFact,
    Subject.TALLY: TallyFact,
}


def asked_about(subject: Subject, question: Question) -> Where:
    """Which facts the question is about, before any figure chooses among them."""
    found: list[Condition | AnyOf] = [C("office_id", "in", question.offices), *_known(question.known_at)]
    if subject in (Subject.CASE, Subject.CONCERN):
        found += [
            C("position", "=" if subject == Subject.CASE else ">", THE_CASE),
            C("opened_on", "<=", Mark.UNTIL),
            AnyOf((C("ended_on", "lacks"), C("ended_on", ">=", Mark.FROM))),
        ]
        if question.rights:
            found += [
                AnyOf((C("is_hidden", "=", False), C("case_id", "in", question.rights.shown))),
                AnyOf((C("case_id", "lacks"), C("case_id", "not in", question.rights.kept_out))),
            ]
    elif subject == Subject.TRANSFER and question.rights:
        found += [
            C("is_hidden", "=", False),
            AnyOf((C("transfer_id", "lacks"), C("transfer_id", "not in", question.rights.transfers_kept_out))),
        ]
    return (*found, *(_filter(dimension, value) for dimension, value in question.filters.items()))


def rows_of(subject: Subject, question: Question) -> QuerySet:
    """The facts that the question is about, as a query."""
    return MODELS[subject].objects.filter(as_q(asked_about(subject, question), question))


def _known(at: datetime | None) -> Where:
    """What is known now, or what was known at that moment."""
    if at is None:
        return (C("known_to", "lacks"),)
    return (C("known_from", "<=", at), AnyOf((C("known_to", "lacks"), C("known_to", ">", at))))


def _filter(dimension: Dimension, value: Any) -> Condition | AnyOf:
    column = COLUMNS[dimension]
    if dimension != Dimension.UNIT:
        return C(column, "=", value)
    units = C(column, "in", tuple(pk for pk in value if pk is not None))
    return AnyOf((units, C(column, "lacks"))) if None in value else units


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
    return ~found if condition.op in ("!=", "not in") else found


def day_of(figure: Figure) -> str:
    """The column whose month counts."""
    if figure.subject == Subject.TALLY:
        return "on"
    return "opened_on" if figure.key == "reopened" else DAYS.get(figure.basis, "received_on")


def key_of(value: Any, by: Dimension | None, question: Question) -> str:
    """The value of a dimension as tables have it; „“ for all, and for none."""
    if by is None or value is None:
        return ""
    if by == Dimension.UNIT:
        value = question.units.folded.get(value, value)
        return "" if value is None else str(value)
    return value.strftime("%Y-%m") if by == Dimension.MONTH else str(value)
