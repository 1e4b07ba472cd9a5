"""One function for every figure: counted over facts, for a period, as known at a moment, with the filters given.

The definitions are data, so they are written as SQL here and not through Django's queries: one statement answers all
tables of a report about the same subject, which reads the rows once. What is written into the text of a statement are
names of columns from the definitions; every value is a parameter.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import connection

from reporting.reading.figures import COLUMNS, MODELS, Question, asked_about, day_of, key_of
from reporting.rules.figures import FIGURES, AnyOf, Column, Condition, Figure, Subject, Where, value_of
from reporting.rules.quantiles import median, ninetieth
from reporting.rules.tables import Counted
from reporting.rules.vocabulary import Dimension, Unit

Value = tuple[int, int | None, float | None]  # numerator, denominator, and what the figure is
Values = dict[str, dict[str, Value]]  # value of the dimension -> figure


@dataclass(frozen=True)
class Asked:
    """Some figures, for each value of a dimension or for all; one that has no such dimension is left out."""

    keys: tuple[str, ...]
    by: Dimension | None = None

    @property
    def figures(self) -> list[Figure]:
        return [figure for figure in map(FIGURES.__getitem__, self.keys) if self.by in (None, *figure.dimensions)]


@dataclass(frozen=True)
class Part:
    """One grouping of a statement: the figures counted in it, and where they go."""

    figures: tuple[Figure, ...]
    by: Dimension | None
    day: str  # the column whose month counts, where months are asked for
    found: Values

    @property
    def column(self) -> str:
        """What is grouped by; empty for all."""
        return self.day or (COLUMNS[self.by] if self.by else "")


def count(keys: Iterable[str], question: Question, by: Dimension | None = None) -> Counted:
    """The figures of these keys, for each value of a dimension or („“) for all."""
    return count_all([Asked(tuple(keys), by)], question)[0]


def count_all(asked: Sequence[Asked], question: Question) -> list[Counted]:
    """What is asked, each its own answer: one statement for each subject, and one for what comes from Arbeitstage."""
    answers: list[Values] = [defaultdict(dict) for _ in asked]
    parts: dict[tuple[Subject, Where], list[Part]] = defaultdict(list)
    for each, found in zip(asked, answers, strict=True):
        for source, figures in _by_source(each).items():
            subject, day, only = source
            parts[subject, only].append(Part(tuple(figures), each.by, day, found))
    with connection.cursor() as cursor:
        for (subject, only), of_subject in parts.items():
            work = _Days if only else _Counts
            work(subject, only, of_subject, question).answer(cursor)
    return [Counted(found) for found in answers]


def _by_source(asked: Asked) -> dict[tuple[Subject, str, Where], list[Figure]]:
    """Subject, the day whose month counts, and for values of Arbeitstage the rows they come from."""
    found: dict[tuple[Subject, str, Where], list[Figure]] = defaultdict(list)
    for figure in asked.figures:
        day = day_of(figure) if asked.by == Dimension.MONTH else ""
        found[figure.subject, day, figure.numerator if figure.of_days else ()].append(figure)
    return found


class _Statement:
    """All parts about the rows of one subject: the rows are read once, with columns that say which of the conditions
    hold for each, and grouped once for each part."""

    def __init__(self, subject: Subject, only: Where, parts: list[Part], question: Question):
        self.subject, self.only, self.parts, self.question = subject, only, parts, question
        self.name = connection.ops.quote_name
        self.values: list[Any] = []

    def read(self, cursor: Any, columns: Iterable[str], flags: dict[Where, str], selects: Iterable[str]) -> list[tuple]:
        """The answer to all parts; `flags`: condition -> the column that says whether it holds."""
        named = dict.fromkeys([*columns, *(part.column for part in self.parts if part.column)])
        chosen = [*map(self.name, named), *(f"{self._text(where)} AS {flag}" for where, flag in flags.items())]
        table = self.name(MODELS[self.subject]._meta.db_table)
        where = self._text((*asked_about(self.subject, self.question), *self.only))
        rows = f"SELECT {', '.join(chosen)} FROM {table} WHERE {where}"  # noqa: S608 - names, no values
        cursor.execute(f"WITH facts AS ({rows}) {' UNION ALL '.join(selects)}", self.values)
        found: list[tuple] = cursor.fetchall()
        return found

    def key(self, part: Part, value: str | None) -> str:
        if part.day:
            return value or ""
        return key_of(int(value) if value and part.by == Dimension.UNIT else value, part.by, self.question)

    def grouped_by(self, part: Part) -> str:
        """As text, so that all parts fit into one statement."""
        if not part.column:
            return "CAST(NULL AS text)"
        text = f"CAST({self.name(part.column)} AS text)"
        return f"substr({text}, 1, 7)" if part.day else text

    def _text(self, where: Where) -> str:
        """A condition as SQL; its values follow in the order of the text."""
        return " AND ".join(self._any(condition) for condition in where)

    def _any(self, condition: Condition | AnyOf) -> str:
        if isinstance(condition, AnyOf):
            return f"({' OR '.join(map(self._one, condition.options))})"
        return self._one(condition)

    def _one(self, condition: Condition) -> str:
        column, op = self.name(condition.column), condition.op
        if op in ("has", "lacks"):
            return f"{column} IS {'NOT ' * (op == 'has')}NULL"
        value = value_of(condition.value, self.question.period, self.question.stand)
        if isinstance(value, Column):
            return f"{column} {op} {self.name(value.name)}"
        if op in ("in", "not in"):
            if not value:
                return "1 = 0" if op == "in" else "1 = 1"
            self.values += map(_adapted, value)
            return f"{column} {op.upper()} ({', '.join(['%s'] * len(value))})"
        self.values.append(_adapted(value))
        return f"{column} {'<>' if op == '!=' else op} %s"


class _Counts(_Statement):
    """How many rows each figure counts, and of how many."""

    def answer(self, cursor: Any) -> None:
        flags: dict[Where, str] = {}
        of: dict[str, list[str]] = {}  # figure -> the flags of its numerator and its denominator
        for figure in (figure for part in self.parts for figure in part.figures if figure.key not in of):
            wheres = [where for where in (figure.numerator, figure.denominator) if where is not None]
            of[figure.key] = [flags.setdefault(where, f"is_{len(flags)}") for where in wheres]
        columns = ["count"] if self.subject == Subject.TALLY else []
        selects = [self._select(number, part, of, list(flags.values())) for number, part in enumerate(self.parts)]
        sums: list[dict[str, dict[str, int]]] = [defaultdict(lambda: defaultdict(int)) for _ in self.parts]
        for number, value, *counts in self.read(cursor, columns, flags, selects):
            of_key = sums[number][self.key(self.parts[number], value)]
            for flag, counted in zip(flags.values(), counts, strict=True):
                of_key[flag] += counted or 0
        for part, of_part in zip(self.parts, sums, strict=True):
            for key, totals in of_part.items():
                for figure in part.figures:
                    _keep(part.found[key], figure, [totals[flag] for flag in of[figure.key]])

    def _select(self, number: int, part: Part, of: dict[str, list[str]], flags: list[str]) -> str:
        """What the part does not ask for is 0 there."""
        wanted = {flag for figure in part.figures for flag in of[figure.key]}
        counted = f"sum({self.name('count')})" if self.subject == Subject.TALLY else "count(*)"
        counts = ", ".join(f"{counted} FILTER (WHERE {flag})" if flag in wanted else "0" for flag in flags)
        grouped = " GROUP BY 2" if part.by else ""
        return f"SELECT {number}, {self.grouped_by(part)}, {counts} FROM facts{grouped}"  # noqa: S608 - names, no values


class _Days(_Statement):
    """From counts per Arbeitstag: exact, and added up where units are counted together."""

    def answer(self, cursor: Any) -> None:
        selects = [
            f"SELECT {number}, {self.grouped_by(part)}, working_days, count(*) FROM facts GROUP BY 2, 3"  # noqa: S608 - names, no values
            for number, part in enumerate(self.parts)
        ]
        days: list[dict[str, dict[int, int]]] = [defaultdict(lambda: defaultdict(int)) for _ in self.parts]
        for number, value, working_days, counted in self.read(cursor, ["working_days"], {}, selects):
            days[number][self.key(self.parts[number], value)][working_days] += counted
        for part, of_part in zip(self.parts, days, strict=True):
            for key, counts in of_part.items():
                total = sum(counts.values())
                mean = sum(each * number for each, number in counts.items()) / total
                values = {"median": median(counts), "ninetieth": ninetieth(counts), "mean": round(mean, 1)}
                part.found[key].update({figure.key: (total, None, values[figure.of_days]) for figure in part.figures})


def _keep(found: dict[str, Value], figure: Figure, counts: list[int]) -> None:
    """A share of nothing is left out."""
    numerator, denominator = (*counts, None)[:2]
    if denominator is None:
        found[figure.key] = (numerator, None, numerator)
    elif denominator or numerator:
        whole = 100 if figure.unit == Unit.PERCENT else 1
        found[figure.key] = (numerator, denominator, whole * numerator / denominator if denominator else None)


def _adapted(value: Any) -> Any:
    """As the driver takes it."""
    if isinstance(value, datetime):
        return connection.ops.adapt_datetimefield_value(value)
    if isinstance(value, date):
        return connection.ops.adapt_datefield_value(value)
    return str(value) if isinstance(value, str) else value
