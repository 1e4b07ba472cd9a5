"""What the Geschäftsführung, the desk and those who lead a unit see of the figures: what needs a decision first."""

from dataclasses import dataclass, replace
from datetime import timedelta

from django.db.models import Count, F
from django.urls import reverse

from cases.models import Case
from cases.rules.lifecycle import STATUSES, TURN_LABELS, Status
from offices.calendars import Period as Length
from offices.calendars import Unit as CalendarUnit
from offices.errors import NotAllowed
from offices.queries import Actor, rule_set_in_force
from petitions.models import Petition
from petitions.reading.register import registered
from reporting.charts import Bar, Chart, Series, Standard, bars, lines
from reporting.reading.counting import Asked, count, count_all
from reporting.reading.evaluating import View
from reporting.reading.figures import Question, as_q, rows_of
from reporting.reading.labels import labels_of
from reporting.reading.numbers import Part, Scope
from reporting.reading.tables import table, tables_and_totals, totals
from reporting.reading.units import Units
from reporting.rules.comparing import Change
from reporting.rules.figures import OVERDUE_AT_END, Subject
from reporting.rules.periods import MONTHS, Period
from reporting.rules.tables import SPECS, Cell, Counted, Table, decimal
from reporting.rules.vocabulary import Dimension

GREW, SHOWN_TOPICS, SHOWN_PETITIONS = 5, 8, 5
BOARD = ("stock", "deadlines", "topics", "units", "durations")
HEADLINES = (
    "open_at_end", "overdue_at_end", "resting_at_end", "received", "closed", "acknowledged_in_time", "closed_in_time",
    "closed_within_standard", "median_days", "p90_days",
)  # fmt: skip


@dataclass(frozen=True)
class Headline:
    """One of the large numbers: what it is, what it was, and where it leads."""

    label: str
    words: str
    url: str
    note: str = ""
    kind: str = ""  # how it is to be taken: overdue, or as it comes


@dataclass(frozen=True)
class Line:
    """One line of a list of numbers."""

    label: str
    number: int
    url: str
    note: str = ""


@dataclass(frozen=True)
class Picture:
    """A chart with the table of the same numbers."""

    chart: Chart
    table: Table
    scope: Scope


@dataclass(frozen=True)
class Dashboard:
    headlines: list[Headline]
    standstill: list[Line]
    load: list[Line]
    grew: list[Line]
    petitions: list[Petition]
    open_petitions: int
    pictures: list[Picture]
    stock: Table | None
    scope: Scope

    @property
    def is_idle(self) -> bool:
        """Whether there is nothing to show but numbers that are zero."""
        return not self.pictures and not self.load

    @property
    def is_blank(self) -> bool:
        """Whether nothing was open, came or went, so that its pictures would be empty."""
        return self.stock is not None and not any(cell.value for row in self.stock.rows for cell in row.cells)


def dashboard(actor: Actor, view: View, units: Units, question: Question, scope: Scope) -> Dashboard:
    """All of it in a fixed number of queries."""
    if not view.is_whole:
        return _own_units(actor, view, question, scope)
    before = replace(question, period=question.period.a_year_before())
    found, cells = tables_and_totals([SPECS[key] for key in BOARD], HEADLINES, question)
    board = {table.key: table for table in found}
    earlier, topics = count_all([Asked(("received",)), Asked(("concerns_received",), Dimension.TOPIC)], before)
    standard = _standard(view, actor)
    petitions = registered(actor).filter(case__office=view.office, case__closed_on__isnull=True)
    if scope.is_narrowed or not is_current(question):
        petitions = petitions.none()
    return Dashboard(
        headlines=_headlines(actor, view, cells, earlier, scope, standard, is_now=is_current(question)),
        standstill=_standstill(question, scope) if is_current(question) else [],
        load=_load(question, scope) if is_current(question) else [],
        grew=_grew(board["topics"], topics, scope),
        petitions=list(
            petitions.select_related("case").order_by(F("due_on").asc(nulls_last=True), "pk")[:SHOWN_PETITIONS]
        ),
        open_petitions=petitions.count(),
        pictures=_pictures(board, question, scope, standard),
        stock=board["stock"],
        scope=scope,
    )


def is_current(question: Question) -> bool:
    """Whether the period goes up to today: only then it can be said with whom something lies."""
    return question.period.until_on >= question.stand


def _own_units(actor: Actor, view: View, question: Question, scope: Scope) -> Dashboard:
    """Open work of the own units, and nothing that measures how it was done."""
    cells = totals(("open_at_end", "overdue_at_end", "resting_at_end"), question)
    return Dashboard(
        headlines=[*_open(cells, scope), *([] if scope.kind else [_due_this_week(actor, view, question)])],
        standstill=_standstill(question, scope),
        load=_load(question, scope),
        grew=[],
        petitions=[],
        open_petitions=0,
        pictures=[],
        stock=None,
        scope=scope,
    )


def _open(cells: dict[str, Cell], scope: Scope) -> list[Headline]:
    resting = cells["resting_at_end"].numerator
    return [
        Headline("offen", cells["open_at_end"].words, scope.url("open_at_end"), f"davon ruhend: {resting}"),
        Headline("Abschluss überfällig", cells["overdue_at_end"].words, scope.url("overdue_at_end"),
                 "Abschlussfrist vorbei, noch keine Antwort", "overdue" if cells["overdue_at_end"].numerator else ""),
    ]  # fmt: skip


def _headlines(
    actor: Actor,
    view: View,
    cells: dict[str, Cell],
    earlier: Counted,
    scope: Scope,
    standard: Length | None,
    *,
    is_now: bool,
) -> list[Headline]:
    kept = cells["closed_in_time"]
    return [
        *_open(cells, scope),
        *([] if scope.is_narrowed or not is_now else [_due_this_week(actor, view, None)]),
        Headline("eingegangen", cells["received"].words, scope.url("received"),
                 f"{Change(cells['received'].value or 0, earlier.cell('', 'received').value or 0).words} zum Vorjahr"),
        Headline("Fristen gehalten", kept.words, scope.url("closed_in_time", part=Part.REST),
                 f"{kept.numerator} von {kept.denominator} Abschlüssen{f', Frist {standard.words}' if standard else ''}"
                 if kept.denominator else "noch nichts mit Frist abgeschlossen"),
    ]  # fmt: skip


def _standard(view: View, actor: Actor) -> Length | None:
    """The period for the closure; None where no rules are in force."""
    try:
        return rule_set_in_force(view.office, actor.today).parameters.closure.period
    except NotAllowed:
        return None


def _due_this_week(actor: Actor, view: View, question: Question | None) -> Headline:
    """As the list of cases says it."""
    until = actor.today + timedelta(days=6 - actor.today.weekday())
    due = Case.objects.visible_to(actor).open().filter(office=view.office, next_due_on__range=(actor.today, until))
    query = f"frist=woche&dienststelle={view.office.slug}" if len(actor.offices) > 1 else "frist=woche"
    if question is not None:
        due = due.filter(unit__in=view.unit_ids or ())
        query += f"&einheit={_top(view)}" if _top(view) else ""
    return Headline("diese Woche fällig", decimal(due.count()), f"{reverse('cases:list')}?{query}", "nächste Frist")


def _top(view: View) -> int | None:
    """The unit to which all others of the view belong; None where there are several."""
    tops = list(view.office.units.filter(pk__in=view.unit_ids or ()).exclude(parent__in=view.unit_ids or ()))
    return tops[0].pk if len(tops) == 1 else None


def _standstill(question: Question, scope: Scope) -> list[Line]:
    """With whom what is overdue lies: the station, and where it is the Fachbereich's turn the unit; never a person."""
    rows = rows_of(Subject.CASE, question).filter(as_q(OVERDUE_AT_END, question)).order_by()
    found: dict[tuple[str, str], int] = {}
    for row in rows.values("case__status", "unit_id").annotate(number=Count("pk")):
        status = row["case__status"] or ""
        unit = ""
        if status == Status.WITH_UNIT and row["unit_id"]:
            target = question.units.folded.get(row["unit_id"], row["unit_id"])
            unit = str(target) if target else ""
        found[status, unit] = found.get((status, unit), 0) + row["number"]
    names = labels_of(Dimension.UNIT, question)
    lines_: list[Line] = []
    for (status, unit), number in sorted(found.items(), key=lambda item: (-item[1], item[0])):
        if not status:
            continue
        label = TURN_LABELS[STATUSES[Status(status)].turn]
        more = {"stand": status}
        if status == Status.WITH_UNIT:
            label = names.get(unit, label) if unit else "Fachbereich ohne eigene Zahlen"
            more["einheit"] = unit or "ohne"
        lines_.append(Line(label, number, scope.url("overdue_at_end", **more), STATUSES[Status(status)].label))
    return lines_


def _load(question: Question, scope: Scope) -> list[Line]:
    """How much lies where, of what is open."""
    rows = rows_of(Subject.CASE, question).filter(ended_on__isnull=True).order_by()
    counts = {row["case__status"]: row["number"] for row in rows.values("case__status").annotate(number=Count("pk"))}
    return [
        Line(STATUSES[status].label, counts[status], scope.url("open_at_end", stand=status.value))
        for status in Status
        if counts.get(status)
    ]


def _grew(topics: Table, before: Counted, scope: Scope) -> list[Line]:
    """The topics of which more came than in the same time a year before."""
    rows = [
        (row, Change(cell.numerator or 0, before.cell(row.key, "concerns_received").numerator or 0))
        for row, cell in topics.column("concerns_received")
    ]
    grown = sorted((each for each in rows if each[1].difference > 0), key=lambda e: (-e[1].difference, e[0].label))
    return [
        Line(
            row.label, int(change.now), scope.url("concerns_received", "topic", row.key), f"{change.words} zum Vorjahr"
        )
        for row, change in grown[:GREW]
    ]


def _pictures(board: dict[str, Table], question: Question, scope: Scope, standard: Length | None) -> list[Picture]:
    kinds, topics, units, days = (board[key] for key in ("deadlines", "topics", "units", "durations"))
    stand = f"Stand {question.stand:%d.%m.%Y}"
    period = f"{question.period.label}, {stand}"
    return [
        _of_months(question, scope, stand),
        Picture(chart_of_deadlines(kinds, period), kinds, scope),
        Picture(chart_of_topics(topics, period), topics, scope),
        Picture(chart_of_units(units, period), units, scope),
        Picture(chart_of_days(days, period, _working_days(standard)), days, scope),
    ]


def _of_months(question: Question, scope: Scope, stand: str) -> Picture:
    """Twelve months up to the end of the period, beside the twelve before."""
    end = question.period.until_on
    year = Period(Period.year_up_to(end).from_on, end)
    asked = replace(question, period=year)
    months = table(SPECS["months"], asked)
    then = count(["received"], replace(question, period=year.a_year_before()), Dimension.MONTH)
    axis = [day.strftime("%Y-%m") for day in year.month_starts()]
    now = {row.key: cell.value for row, cell in months.column("received")}
    chart = lines(
        "Kommen mehr Kundenreaktionen als im Jahr davor?",
        [MONTHS[int(key[5:]) - 1][:3] for key in axis],
        [
            Series("zuletzt", tuple(now.get(key) or 0 for key in axis)),
            Series("davor", tuple(then.cell(f"{int(key[:4]) - 1}{key[4:]}", "received").value or 0 for key in axis)),
        ],
        below=f"n = {decimal(sum(value or 0 for value in now.values()))} Vorgänge nach Eingang, {year.label}, {stand}",
    )
    return Picture(chart, months, replace(scope, period=year))


def chart_of_deadlines(found: Table, below: str) -> Chart:
    rows, total = [], 0
    for row, cell in found.column("closed_in_time"):
        if cell.denominator:
            total += cell.denominator
            late = cell.denominator - (cell.numerator or 0)
            rows.append(Bar(row.label, (cell.numerator or 0, late), f"{cell.words}"))
    without = ", ohne Arten, deren Zahlen nicht angegeben sind" if found.suppressed else ""
    return bars("Wie viele Abschlussfristen wurden gehalten?", rows, legend=("gehalten", "nicht gehalten"),
                below=f"n = {decimal(total)} abgeschlossene Vorgänge mit Frist{without}, {below}")  # fmt: skip


def chart_of_topics(found: Table, below: str) -> Chart:
    counts = sorted(found.column("concerns_received"), key=lambda each: -(each[1].value or 0))[:SHOWN_TOPICS]
    rows = [Bar(row.label, (cell.value or 0,), cell.words) for row, cell in counts if not cell.suppressed]
    total = found.total.cells[0].words if found.total else "0"
    return bars("Worum geht es am häufigsten?", rows, below=f"n = {total} Anliegen nach Eingang, {below}")


def chart_of_units(found: Table, below: str) -> Chart:
    rows = []
    for row in found.body:
        open_, late = (found.cell(row.key, key).value or 0 for key in ("open_at_end", "overdue_at_end"))
        if open_:
            words = f"{decimal(open_)}" + (f" ({decimal(late)} überfällig)" if late else "")
            rows.append(Bar(row.label, (late, open_ - late), words))
    total = found.cell("total", "open_at_end").words
    return bars("Wo liegt die offene Arbeit?", rows, legend=("überfällig", "in der Frist"),
                below=f"n = {total} offene Vorgänge, {below}")  # fmt: skip


def chart_of_days(found: Table, below: str, standard: int | None) -> Chart:
    rows, total, is_whole = [], 0, True
    for row in found.body:
        middle, most = found.cell(row.key, "median_days"), found.cell(row.key, "p90_days")
        if middle and middle.value is not None and most and most.value is not None:
            total, is_whole = total + (middle.numerator or 0), is_whole and middle.numerator is not None
            words = f"{decimal(middle.value)} / {decimal(most.value)} AT"
            rows.append(Bar(row.label, (middle.value, most.value - middle.value), words))
    line = Standard(f"Standard {standard} AT", standard) if standard else None
    return bars("Wie lange dauert es bis zum Abschluss?", rows, legend=("die Hälfte", "neun von zehn"), standard=line,
                below=(f"n = {decimal(total)} abgeschlossene Vorgänge, in " if is_whole else "In ")
                + f"Arbeitstagen (AT), {below}")  # fmt: skip


def _working_days(length: Length | None) -> int | None:
    return length.amount if length and length.unit == CalendarUnit.WORKING_DAYS else None
