"""The list behind a number: the very rows that were counted, as cases that the same person can open."""

from calendar import monthrange
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from typing import Any
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.urls import reverse

from cases.models import Case, Transfer
from offices.queries import Actor
from reporting.reading.evaluating import View, rights_of
from reporting.reading.figures import Question, as_q, day_of, rows_of
from reporting.reading.units import Units
from reporting.rules.figures import FIGURES, Figure, Subject
from reporting.rules.periods import Period
from reporting.rules.vocabulary import Dimension, Labelled

PARAMETERS = {  # of the address, in the words of the list of cases where it has them
    Dimension.KIND: "art",
    Dimension.CHANNEL: "weg",
    Dimension.LEGAL_AREA: "rechtskreis",
    Dimension.UNIT: "einheit",
    Dimension.MONTH: "monat",
    Dimension.TOPIC: "thema",
    Dimension.NATURE: "anliegen",
    Dimension.OUTCOME: "ergebnis",
    Dimension.SETTLEMENT: "erledigung",
    Dimension.RUNG: "stufe",
    Dimension.REASON: "grund",
}
NONE = "ohne"  # in the address for what has no value


class Part(Labelled):
    """Which rows of a share."""

    COUNTED = "zaehler", "was gezählt ist"
    OF = "nenner", "wovon"
    REST = "rest", "der Rest"


@dataclass(frozen=True)
class Scope:
    """What a page is about, as it stands in the address of each of its numbers."""

    office: str
    period: Period
    kind: str = ""
    unit_id: int | None = None

    @property
    def is_narrowed(self) -> bool:
        return bool(self.kind or self.unit_id)

    def url(self, figure: str, dimension: str = "", key: str = "", part: Part = Part.COUNTED, **more: str) -> str:
        asked: dict[str, Any] = {"kennzahl": figure}
        if dimension:
            asked[PARAMETERS[Dimension(dimension)]] = key or NONE
        if part != Part.COUNTED:
            asked["teil"] = part.value
        return f"{self._url}&{urlencode(asked | more)}"

    @cached_property
    def _url(self) -> str:
        """What the addresses of all its numbers begin with."""
        asked: dict[str, Any] = {
            "dienststelle": self.office,
            "von": self.period.from_on.isoformat(),
            "bis": self.period.until_on.isoformat(),
        }
        if self.kind:
            asked["art"] = self.kind
        if self.unit_id:
            asked["einheit"] = self.unit_id
        return f"{reverse('reporting:number')}?{urlencode(asked)}"


@dataclass(frozen=True)
class Number:
    """How many rows a figure counts, and the cases or Abgaben they are about."""

    figure: Figure
    part: Part
    number: int
    cases: "QuerySet[Case] | None"
    transfers: "QuerySet[Transfer] | None"


def question_of(actor: Actor, view: View, units: Units, scope: Scope) -> Question:
    """The question of a page; who sees their own units only asks about those."""
    filters: dict[Dimension, Any] = {}
    if scope.kind:
        filters[Dimension.KIND] = scope.kind
    if scope.unit_id:
        filters[Dimension.UNIT] = units.counted_with(scope.unit_id)
    if view.unit_ids is not None:
        own = view.unit_ids
        filters[Dimension.UNIT] = filters.get(Dimension.UNIT, own) & own
    return Question(
        (view.office.pk,),
        scope.period,
        actor.today,
        filters=filters,
        rights=rights_of(actor, (view.office.pk,)),
        units=units,
    )


OPEN_WORK = ("open_at_end", "overdue_at_end", "resting_at_end")


def is_open_work(figure: str, scope: Scope, today: date) -> bool:
    """Whether a number is about what is open now: all that who leads a unit sees of it (GER-32, GER-34)."""
    return figure in OPEN_WORK and scope.period.until_on >= today


def has_dimension(figure: str, dimension: Dimension) -> bool:
    """Whether a figure can be asked for one value of a dimension; of kinds and units all can."""
    return dimension in (Dimension.KIND, Dimension.UNIT, *FIGURES[figure].dimensions)


def number(actor: Actor, question: Question, key: str, part: Part, month: str = "", status: str = "") -> Number:
    """The rows of a figure; `month` as „2026-04“, `status` that of open cases today."""
    figure = FIGURES[key]
    rows = rows_of(figure.subject, question)
    if part == Part.COUNTED or figure.denominator is None:
        rows = rows.filter(as_q(figure.numerator, question))
    else:
        rows = rows.filter(as_q(figure.denominator, question))
        if part == Part.REST:
            rows = rows.exclude(pk__in=rows.filter(as_q(figure.numerator, question)).values("pk"))
    if month:
        rows = rows.filter(**{f"{day_of(figure)}__range": _month(month)})
    if status:
        rows = rows.filter(case__status=status)
    found = rows.count()
    if figure.subject == Subject.TRANSFER:
        seen = Transfer.objects.visible_to(actor).filter(pk__in=rows.values("transfer"))
        return Number(figure, part, found, None, seen)
    seen_cases = Case.objects.visible_to(actor).filter(pk__in=rows.values("case"))
    return Number(figure, part, found, seen_cases, None)


def _month(name: str) -> tuple[date, date]:
    year, month = map(int, name.split("-"))
    return date(year, month, 1), date(year, month, monthrange(year, month)[1])


def narrowed(question: Question, dimension: Dimension, value: Any) -> Question:
    """The same question about one value of a dimension."""
    return replace(question, filters={**question.filters, dimension: value})
