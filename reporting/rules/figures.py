"""Every figure with its definition: what is counted, of what, by which day; docs/kennzahlen.md is made from this table.

A condition is data, so that one definition is asked of the database, of rows in memory, and printed. Fixed for all:

- A case is counted on its day of Eingang in the house, whenever it was registered; both ends of a period are included.
- What is open on the Stichtag stays out of rates by Abschluss; open and overdue stands beside them.
- A case that was taken up again is a new round: its former end stays counted, its new end is counted again.
- Resting time counts as time. Linked cases are counted each, anonymous ones as all others.
- Corrected values replace the wrong ones, also for the past; figures „as known at“ keep what was known then.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Any

from reporting.rules.periods import Period
from reporting.rules.vocabulary import Basis, Dimension, End, ReportedKind, Unit

SETTLED_DAYS = 30  # Kalendertage after which a settled case counts as settled for good (B7-4)


class Mark(StrEnum):
    """A day that the question brings."""

    FROM = "from"
    UNTIL = "until"
    STAND = "stand"
    SETTLED = "settled"  # the last day from which on nothing came back by the Stand, 30 Kalendertage before it


@dataclass(frozen=True)
class Column:
    """Another column of the same row."""

    name: str


@dataclass(frozen=True)
class Condition:
    """One comparison; `op` is one of = != < <= > >= in „not in“ has lacks."""

    column: str
    op: str
    value: Any = None


@dataclass(frozen=True)
class AnyOf:
    """Holds where one of its conditions does."""

    options: tuple[Condition, ...]


Where = tuple[Condition | AnyOf, ...]  # all of them


class Subject(StrEnum):
    """Which rows a figure counts."""

    CASE = "case"
    CONCERN = "concern"
    TRANSFER = "transfer"
    TALLY = "tally"


@dataclass(frozen=True)
class Figure:
    """`numerator` is counted; with a `denominator`, of whose rows the numerator is a part, the figure is a share.

    `of_days` instead gives a value of the Arbeitstage of the counted rows: median, ninetieth or mean.
    """

    key: str
    label: str
    unit: Unit
    basis: Basis
    subject: Subject
    numerator: Where
    counts: str
    denominator: Where | None = None
    of: str = ""
    of_days: str = ""
    dimensions: tuple[Dimension, ...] = ()
    source: str = ""
    version: int = 1

    @property
    def is_count(self) -> bool:
        return self.denominator is None and not self.of_days


def value_of(value: Any, period: Period, stand: date) -> Any:
    """A day that stands for a mark; everything else is what it is."""
    if not isinstance(value, Mark):
        return value
    return {
        Mark.FROM: period.from_on,
        Mark.UNTIL: period.until_on,
        Mark.STAND: stand,
        Mark.SETTLED: stand - timedelta(days=SETTLED_DAYS),
    }[value]


def holds(row: Any, where: Where, period: Period, stand: date) -> bool:
    """Whether a row in memory is one of those counted: the same as the database is asked."""
    return all(_holds(row, condition, period, stand) for condition in where)


def _holds(row: Any, condition: Condition | AnyOf, period: Period, stand: date) -> bool:
    if isinstance(condition, AnyOf):
        return any(_holds(row, option, period, stand) for option in condition.options)
    found, value = getattr(row, condition.column), value_of(condition.value, period, stand)
    value = getattr(row, value.name) if isinstance(value, Column) else value
    if condition.op in ("has", "lacks"):
        return (found is None) == (condition.op == "lacks")
    if condition.op in ("in", "not in"):
        return (found in value) == (condition.op == "in")
    if found is None or value is None:
        return False
    return {
        "=": lambda: found == value,
        "!=": lambda: found != value,
        "<": lambda: found < value,
        "<=": lambda: found <= value,
        ">": lambda: found > value,
        ">=": lambda: found >= value,
    }[condition.op]()


C = Condition
K, D = ReportedKind, Dimension
OF_CASES = (D.KIND, D.CHANNEL, D.LEGAL_AREA, D.UNIT, D.MONTH, D.OFFICE)
OF_STOCK = (D.KIND, D.CHANNEL, D.LEGAL_AREA, D.UNIT, D.OFFICE)
OF_CLOSED = (*OF_CASES, D.OUTCOME, D.SETTLEMENT, D.RUNG)
OF_CONCERNS = (*OF_CASES, D.TOPIC, D.NATURE)

RECEIVED: Where = (C("round", "=", 1), C("received_on", ">=", Mark.FROM), C("received_on", "<=", Mark.UNTIL))
CLOSED: Where = (C("end", "=", End.CLOSED), C("ended_on", ">=", Mark.FROM), C("ended_on", "<=", Mark.UNTIL))
REOPENED: Where = (C("round", ">", 1), C("opened_on", ">=", Mark.FROM), C("opened_on", "<=", Mark.UNTIL))
HANDED_OVER: Where = (
    C("end", "=", End.TRANSFERRED), C("ended_on", ">=", Mark.FROM), C("ended_on", "<=", Mark.UNTIL),
)  # fmt: skip
OPEN_AT_START: Where = (
    C("opened_on", "<", Mark.FROM), AnyOf((C("ended_on", "lacks"), C("ended_on", ">=", Mark.FROM))),
)  # fmt: skip
OPEN_AT_END: Where = (
    C("opened_on", "<=", Mark.UNTIL), AnyOf((C("ended_on", "lacks"), C("ended_on", ">", Mark.UNTIL))),
)  # fmt: skip
OVERDUE_AT_END: Where = (
    *OPEN_AT_END,
    C("closure_due_on", "<", Mark.UNTIL),
    AnyOf((C("decided_on", "lacks"), C("decided_on", ">", Mark.UNTIL))),
)
ASSESSED = ("upheld", "partly_upheld", "not_upheld")
ANSWERABLE: Where = (C("is_anonymous", "=", False), C("kind", "!=", K.OPINION_CARD))

OPEN_START_KEY, RECEIVED_KEY, REOPENED_KEY = "open_at_start", "received", "reopened"
CLOSED_KEY, HANDED_OVER_KEY, OPEN_END_KEY = "closed", "handed_over", "open_at_end"
# Open at the beginning + new + taken up again − closed − handed over = open at the end
STOCK = {
    OPEN_START_KEY: 1, RECEIVED_KEY: 1, REOPENED_KEY: 1, CLOSED_KEY: -1, HANDED_OVER_KEY: -1, OPEN_END_KEY: -1,
}  # fmt: skip


def _count(key, label, basis, numerator, counts, dimensions, *, unit=Unit.CASES, subject=Subject.CASE, source=""):
    return Figure(key, label, unit, basis, subject, numerator, counts, dimensions=dimensions, source=source)


def _share(key, label, basis, numerator, counts, denominator, of, dimensions=OF_CASES, *, subject=Subject.CASE,
           source="B7-4"):  # fmt: skip
    return Figure(
        key, label, Unit.PERCENT, basis, subject, (*denominator, *numerator), counts, denominator, of,
        dimensions=dimensions, source=source,
    )  # fmt: skip


def _days(key, label, which, counts):
    return Figure(
        key, label, Unit.WORKING_DAYS, Basis.CLOSED, Subject.CASE, (*CLOSED, C("working_days", "has")), counts,
        of_days=which, dimensions=OF_CASES, source="B7-4",
    )  # fmt: skip


_ACK_OWED: Where = (
    *RECEIVED,
    C("acknowledgement_due_on", "has"),
    AnyOf((C("acknowledged_on", "has"), C("acknowledgement_due_on", "<", Mark.STAND))),
)
_WITH_PERIOD: Where = (*CLOSED, C("closure_due_on", "has"))
_MISSED: Where = (
    C("standard_due_on", ">=", Mark.FROM),
    C("standard_due_on", "<=", Mark.UNTIL),
    C("standard_due_on", "<", Mark.STAND),
    C("interim_due_on", "has"),
    AnyOf((C("decided_on", "lacks"), C("decided_on", ">", Column("standard_due_on")))),
    AnyOf((C("ended_on", "lacks"), C("ended_on", ">", Column("standard_due_on")))),
)
_FOR_GOOD: Where = (*CLOSED, C("ended_on", "<=", Mark.SETTLED))
_ASSESSABLE: Where = (*CLOSED, C("outcome", "in", ASSESSED))
_JUDGED: Where = (*CLOSED, C("outcome", "in", (*ASSESSED, "not_assessable")))
_DAYS = "Arbeitstage vom Eingang (zählt nicht) bis zum Abschluss (zählt), Ruhen eingeschlossen"

FIGURES: dict[str, Figure] = {
    figure.key: figure
    for figure in (
        # The Bestandsrechnung
        _count(OPEN_START_KEY, "offen zu Beginn", Basis.STOCK, OPEN_AT_START,
               "Vorgänge, die am Tag vor dem Zeitraum offen waren", OF_STOCK),
        _count(RECEIVED_KEY, "eingegangen", Basis.RECEIVED, RECEIVED,
               "Vorgänge mit Eingang im Zeitraum, Meinungskarten eingeschlossen, Abgaben (Kein KRM) nicht", OF_CASES,
               source="BLOG-8, PAN-40"),
        _count(REOPENED_KEY, "wieder aufgenommen", Basis.RECEIVED, REOPENED,
               "Durchgänge, die im Zeitraum wieder begonnen haben", OF_CASES),
        _count(CLOSED_KEY, "abgeschlossen", Basis.CLOSED, CLOSED,
               "Durchgänge, die im Zeitraum abgeschlossen wurden (z.d.A.)", OF_CLOSED),
        _count(HANDED_OVER_KEY, "abgegeben", Basis.CLOSED, HANDED_OVER,
               "Vorgänge, die im Zeitraum als Kein KRM abgegeben wurden", OF_CASES),
        _count(OPEN_END_KEY, "offen am Ende", Basis.STOCK, OPEN_AT_END,
               "Vorgänge, die am letzten Tag des Zeitraums offen waren", OF_STOCK),
        _count("overdue_at_end", "davon überfällig", Basis.STOCK, OVERDUE_AT_END,
               "offene Vorgänge ohne Antwort, deren Abschlussfrist vor dem letzten Tag des Zeitraums endete", OF_STOCK),
        _count("resting_at_end", "davon ruhend", Basis.STOCK,
               (*OPEN_AT_END, C("rests_since_on", "<=", Mark.UNTIL)),
               "offene Vorgänge, die nach dem Stand der Daten seit dem letzten Tag oder länger ruhen", OF_STOCK),
        # Fristen
        _share("acknowledged_in_time", "Eingangsbestätigung rechtzeitig", Basis.RECEIVED,
               (C("acknowledged_on", "<=", Column("acknowledgement_due_on")),),
               "Bestätigungen am letzten Tag der Frist oder davor", _ACK_OWED,
               "Vorgänge mit Eingang im Zeitraum und Pflicht zur Bestätigung, die bestätigt sind oder deren Frist "
               "vor dem Stand endete", source="B7-4, K1"),
        _share("closed_in_time", "Abschluss rechtzeitig", Basis.CLOSED,
               (C("decided_on", "<=", Column("closure_due_on")),),
               "beantwortet am letzten Tag der Frist oder davor, Verlängerungen eingerechnet", _WITH_PERIOD,
               "abgeschlossene Vorgänge mit Abschlussfrist", source="B7-4, K2"),
        _share("closed_within_standard", "Abschluss ohne Verlängerung rechtzeitig", Basis.CLOSED,
               (C("decided_on", "<=", Column("standard_due_on")),),
               "beantwortet am letzten Tag der ersten Frist oder davor", _WITH_PERIOD,
               "abgeschlossene Vorgänge mit Abschlussfrist", source="B7-4, K2"),
        _share("interim_in_time", "Zwischennachricht rechtzeitig", Basis.DUE,
               (C("interim_on", "<=", Column("interim_due_on")),),
               "Zwischennachrichten am letzten Tag ihrer Frist oder davor", _MISSED,
               "Vorgänge, deren erste Abschlussfrist im Zeitraum endete und nicht gehalten wurde", source="B7-4, K3"),
        # Dauer
        _days("median_days", "Durchlaufzeit, Median", "median", f"{_DAYS}: die Hälfte dauerte höchstens so lang"),
        _days("p90_days", "Durchlaufzeit, 90 %", "ninetieth", f"{_DAYS}: neun von zehn dauerten höchstens so lang"),
        _days("mean_days", "Durchlaufzeit, Durchschnitt", "mean", f"{_DAYS}: im Mittel"),
        # Was daraus wurde
        _share("escalated", "Eskalationsquote", Basis.CLOSED, (C("rung", ">=", 2),),
               "Vorgänge, die Stufe 2 oder höher erreichten", CLOSED, "abgeschlossene Vorgänge", source="B7-4, K4"),
        _share("settled_at_first", "Erstlösungsquote", Basis.CLOSED,
               (C("rung", "<=", 1), AnyOf((C("reopened_after", "lacks"), C("reopened_after", ">", SETTLED_DAYS)))),
               "auf Stufe 1 erledigt und in 30 Kalendertagen nicht wieder aufgenommen", _FOR_GOOD,
               "Vorgänge, deren Abschluss am Stand mindestens 30 Kalendertage her ist"),
        _share("repeated", "Folgebeschwerdequote", Basis.CLOSED, (C("settlement", "=", "repeated"),),
               "als Wiederholung einer schon beschiedenen Sache erledigt (von Hand zugeordnet)", CLOSED,
               "abgeschlossene Vorgänge", source="B7-4, B2-2"),
        _share("upheld", "berechtigt", Basis.CLOSED, (C("outcome", "=", "upheld"),), "Ergebnis „berechtigt“",
               _ASSESSABLE, "bewertbare abgeschlossene Vorgänge", source="B7-4, GER-3"),
        _share("partly_upheld", "teilweise berechtigt", Basis.CLOSED, (C("outcome", "=", "partly_upheld"),),
               "Ergebnis „teilweise berechtigt“", _ASSESSABLE, "bewertbare abgeschlossene Vorgänge"),
        _share("remedied", "Abhilfequote", Basis.CLOSED, (C("outcome", "in", ("upheld", "partly_upheld")),),
               "Ergebnis „berechtigt“ oder „teilweise berechtigt“", _JUDGED,
               "abgeschlossene Vorgänge mit Bewertung, nicht bewertbare eingeschlossen"),
        _share("talks_held", "Gesprächsquote", Basis.CLOSED, (C("talk", "=", "held"),),
               "persönliches Gespräch hat stattgefunden", (*CLOSED, *ANSWERABLE),
               "abgeschlossene Vorgänge mit bekannter Person", source="B7-4, GERA-11"),
        _share("talks_offered", "Gespräch angeboten", Basis.CLOSED, (C("talk", "in", ("offered", "held", "declined")),),
               "persönliches Gespräch angeboten oder geführt", (*CLOSED, *ANSWERABLE),
               "abgeschlossene Vorgänge mit bekannter Person", source="GERA-11"),
        _share("alternatives_examined", "Alternativprüfungsquote", Basis.CLOSED, (C("has_alternatives", "=", True),),
               "Alternativen geprüft",
               (*CLOSED, C("kind", "in", (K.COMPLAINT, K.SUGGESTION)), C("outcome", "in", ("not_upheld",
                                                                                           "partly_upheld"))),
               "abgeschlossene Beschwerden, denen nicht oder nur teilweise entsprochen wurde", source="B7-4, GER-22"),
        Figure("praise_ratio", "Lob je Beschwerde", Unit.RATIO, Basis.RECEIVED, Subject.CASE,
               (*RECEIVED, C("kind", "=", K.PRAISE)), "eingegangenes Lob",
               (*RECEIVED, C("kind", "=", K.COMPLAINT)), "eingegangene Beschwerden",
               dimensions=(D.LEGAL_AREA, D.UNIT, D.MONTH, D.OFFICE), source="B7-4"),
        # Anliegen
        _count("concerns_received", "Anliegen", Basis.RECEIVED, RECEIVED,
               "Anliegen der Vorgänge mit Eingang im Zeitraum; ein Vorgang hat eines oder mehrere", OF_CONCERNS,
               unit=Unit.CONCERNS, subject=Subject.CONCERN, source="B1-1, BLOG-8"),
        _count("concerns_closed", "Anliegen, abgeschlossen", Basis.CLOSED, CLOSED,
               "Anliegen der im Zeitraum abgeschlossenen Vorgänge", (*OF_CONCERNS, D.OUTCOME),
               unit=Unit.CONCERNS, subject=Subject.CONCERN, source="B1-1"),
        _share("concerns_upheld", "Anliegen, berechtigt", Basis.CLOSED, (C("outcome", "=", "upheld"),),
               "Ergebnis des Anliegens „berechtigt“", _ASSESSABLE, "bewertbare abgeschlossene Anliegen",
               (*OF_CONCERNS,), subject=Subject.CONCERN, source="B1-1, GER-3"),
        # Neben den Vorgängen
        _count("transfers_received", "Abgaben (Kein KRM)", Basis.RECEIVED,
               (C("received_on", ">=", Mark.FROM), C("received_on", "<=", Mark.UNTIL)),
               "Abgaben mit Eingang im Zeitraum", (D.REASON, D.CHANNEL, D.MONTH, D.OFFICE), unit=Unit.TRANSFERS,
               subject=Subject.TRANSFER, source="K6"),
        _count("settled_on_the_spot", "vor Ort erledigt", Basis.RECEIVED,
               (C("on", ">=", Mark.FROM), C("on", "<=", Mark.UNTIL)),
               "anonym gezählte Reaktionen, die sofort erledigt wurden", (D.CHANNEL, D.UNIT, D.MONTH, D.OFFICE),
               unit=Unit.TALLIES, subject=Subject.TALLY, source="GER-10, GER-31"),
    )
}  # fmt: skip


def of_subject(keys: Iterator[str] | tuple[str, ...], subject: Subject) -> list[Figure]:
    return [FIGURES[key] for key in keys if FIGURES[key].subject == subject]
