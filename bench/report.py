"""The report in words and tables: bench/results.md."""

import os
import platform
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from importlib.metadata import version
from pathlib import Path
from statistics import median
from zoneinfo import ZoneInfo

import psycopg

from bench.absences import Compared
from bench.crowd import Throughput
from bench.databases import Database, Facts
from bench.measuring import WARM_UP, Actions, Evaluations, Series, Sweeps, Times
from bench.questions import Question

SMALL, LARGE = "small", "large"
MOST_GROWTH = 1.5
MOST_GROWTH_OF_SWEEP = 1.2
MOST_CPU_OF_SWEEP = 1.0  # milliseconds for a due deadline
MOST_GROWTH_BY_ABSENCES = 1.1
MOST_OF_FIGURES = 2  # times plain SQL
MOST_BY_FACTS = 1.15  # of registering and closing without them
LEAST_SHARE = 0.9  # of what clients register each in their own office, in one office together
DUE_FOR_A_QUERY = 10_000 / 1_500
PACKAGES = ("Django", "psycopg", "gunicorn")
PEER = (
    "Zum Vergleich der nächste Verwandte, django-helpdesk 2.6.1, mit ebenso vielen Tickets auf einer solchen Maschine: "
    "Liste der offenen 1.063 ms, erledigte einer Warteschlange 2.430 ms, einzelnes Ticket 57 ms (41 Abfragen), "
    "Durchlauf über 8.185 fällige 91 s (60.787 Abfragen)."
)


@dataclass(frozen=True)
class Run:
    """All that was measured; facts and questions by the size of the database, times by question.

    Sweeps by size and number of people away.
    """

    databases: Sequence[Database]
    facts: dict[str, Facts]
    questions: dict[str, list[Question]]
    times: dict[str, Times]
    sweeps: dict[tuple[str, int], Sweeps]
    throughput: Throughput
    compared: Sequence[Compared]
    evaluated: Evaluations
    acted: Actions
    absences: int
    requests: int


@dataclass(frozen=True)
class Judged:
    """One goal for one row: what was found beside what was promised."""

    row: str
    goal: str
    found: str
    held: bool


def report(run: Run) -> str:
    judged = list(_judged(run))
    missed = [entry for entry in judged if not entry.held]
    parts = [
        "# Messung",
        _introduction(run),
        "## Datenbanken",
        _databases(run),
        "## Seiten",
        _pages(run),
        "## Erfassen zugleich",
        _throughput(run.throughput),
        "## Abwesenheiten",
        _compared(run),
        "## Zahlen von Berichten",
        _evaluated(run),
        "## Mitschreiben der Fakten",
        _acted(run.acted),
        "## Durchlauf der Fristen",
        _sweep(run),
        "## Ziele",
        f"{len(judged) - len(missed)} von {len(judged)} gehalten.",
        _table(["Ziel", "gehalten", "nicht gehalten"], _summary(judged), numbers=(1, 2)),
        *(["Nicht gehalten:", _table(["Frage", "Ziel", "gemessen"], _rows(missed))] if missed else []),
        PEER,
    ]
    return "\n\n".join(parts) + "\n"


def _introduction(run: Run) -> str:
    day = datetime.now(ZoneInfo("Europe/Berlin"))
    return (
        f"Erzeugt von `make bench` am {day:%d.%m.%Y, %H:%M} Uhr: {_machine()}; {_versions(run)}. gunicorn mit 2 "
        f"Workern je Datenbank und je Anwendung auf Loopback, einzelne Anfragen nacheinander, {run.requests} gezählte "
        f"je Zeile und Größe nach {WARM_UP} zum Aufwärmen, abwechselnd klein, groß, Boden und SQL. Zeiten in ms, "
        "Median und 95-%-Wert, vom Absenden bis zum letzten Byte. CPU: die des Workers, Median. Abfragen: die meisten, "
        "die eine Antwort brauchte, Sitzung und Benutzer eingeschlossen.\n\n"
        "Boden: eine schlichte Ansicht in Django (`bench/floor.py`) mit denselben Zeilen und Spalten, angemeldet, mit "
        "der Middleware von `startproject`, ohne Sichtrechte, Filter und Oberfläche; "
        "bei der Auswertung eine leere Seite von KRM. SQL: dieselbe Frage mit psycopg, "
        "ohne Django."
    )


def _machine() -> str:
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return f"{_processor()}, {os.cpu_count()} Kerne, {memory:.0f} GB Speicher, {platform.system()} {platform.machine()}"


def _processor() -> str:
    """Its name where Linux tells it."""
    told = Path("/proc/cpuinfo")
    lines = told.read_text(encoding="utf-8").splitlines() if told.exists() else []
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.processor() or "unbekannter Prozessor"


def _versions(run: Run) -> str:
    with psycopg.connect(run.databases[0].url) as connection:
        server = connection.info.server_version
    packages = ", ".join(f"{name} {version(name)}" for name in PACKAGES)
    return f"Python {platform.python_version()}, {packages}, PostgreSQL {server // 10000}.{server % 10000}"


def _databases(run: Run) -> str:
    words = {
        "cases": "Vorgänge",
        "open_cases": "davon laufend",
        "deadlines": "Fristen",
        "events": "Ereignisse",
        "persons": "Personen",
        "offices": "Dienststellen",
    }
    of_office = {
        "all": "Vorgänge der fragenden Dienststelle",
        "open": "laufende der Dienststelle",
        "closed_in_unit": "erledigte der Einheit",
    }
    facts = [run.facts[SMALL], run.facts[LARGE]]
    rows = [[word, *(_count(f.counts[name]) for f in facts)] for name, word in words.items()]
    rows += [[word, *(_count(f.in_office[name]) for f in facts)] for name, word in of_office.items()]
    rows.append(["Größe", *(f"{f.bytes / 2**20:,.0f} MB".replace(",", ".") for f in facts)])
    return _table(["", "klein", "groß"], rows, numbers=(1, 2))


def _pages(run: Run) -> str:
    head = [
        "Frage",
        "klein",
        "groß",
        "Wachstum",
        "CPU klein",
        "CPU groß",
        "Abfragen",
        "Boden klein",
        "Boden groß",
        "× Boden",
        "SQL klein",
        "SQL groß",
    ]
    rows = [_page_row(run, pair) for pair in _pairs(run)]
    late = "Späte Seite: die letzte, die es gibt, höchstens 400; klein " + _late_pages(run, SMALL)
    return f"{_table(head, rows, numbers=range(1, 12))}\n\n{late}, groß {_late_pages(run, LARGE)}."


def _page_row(run: Run, pair: tuple[Question, Question]) -> list[str]:
    times = run.times[pair[0].name]
    return [
        pair[0].name,
        _both(times.krm[SMALL]),
        _both(times.krm[LARGE]),
        _times(_growth(times.krm)),
        _number(median(times.krm[SMALL].cpu)),
        _number(median(times.krm[LARGE].cpu)),
        str(_queries(times)),
        _both(times.floor.get(SMALL)),
        _both(times.floor.get(LARGE)),
        _times(_to_floor(times)) if times.floor else "–",
        _both(times.sql.get(SMALL)),
        _both(times.sql.get(LARGE)),
    ]


def _late_pages(run: Run, size: str) -> str:
    return ", ".join(str(question.page) for question in run.questions[size] if question.page)


def _pairs(run: Run) -> list[tuple[Question, Question]]:
    return list(zip(run.questions[SMALL], run.questions[LARGE], strict=True))


def _throughput(found: Throughput) -> str:
    head = ["", "Vorgänge in der Sekunde"]
    rows = [
        [f"{found.clients} in einer Dienststelle", _number(found.together)],
        [f"{found.clients} in {found.clients} Dienststellen", _number(found.apart)],
    ]
    words = (
        f"Verhältnis {_times(found.share)}. Kleine Datenbank, {found.clients} Worker, ausgefüllte Seiten auf einmal "
        "abgesandt, in beiden Fällen dieselben in denselben Dienststellen."
    )
    return f"{_table(head, rows, numbers=(1,))}\n\n{words}"


def _compared(run: Run) -> str:
    rows = [
        [
            found.page,
            _number(found.without.cpu),
            _number(found.among.cpu),
            _times(found.growth),
            str(found.without.queries),
            str(found.among.queries),
        ]
        for found in run.compared
    ]
    head = ["Seite", "ohne", f"mit {_count(run.absences)}", "Wachstum", "Abfragen ohne", "mit"]
    words = (
        "CPU des Workers in ms, die kleinste. Kleine Datenbank; wer fragt, vertritt in beiden Fällen eine Kollegin, "
        "die Abwesenden gehören zu allen Dienststellen."
    )
    return f"{_table(head, rows, numbers=range(1, 6))}\n\n{words}"


def _evaluated(run: Run) -> str:
    small, large = run.evaluated[SMALL], run.evaluated[LARGE]
    rows = [
        [
            name,
            *(_number(found[name]["krm"]) for found in (small, large)),
            *(_number(found[name]["sql"]) if "sql" in found[name] else "–" for found in (small, large)),
            _times(large[name]["krm"] / large[name]["sql"]) if "sql" in large[name] else "–",
        ]
        for name in large
    ]
    words = (
        "Alle Tabellen eines Berichts für das eigene Haus, Zeiten in ms, Median; SQL: dieselben Tabellen mit "
        "GROUPING SETS in sieben Anweisungen, ohne Django."
    )
    return f"{_table(['', 'klein', 'groß', 'SQL klein', 'SQL groß', '× SQL'], rows, numbers=range(1, 6))}\n\n{words}"


def _acted(acted: Actions) -> str:
    rows = [
        [
            name,
            *(_number(found[f"{way}_{what}"]) for what in ("ms", "cpu") for way in ("without", "with")),
            _times(found["with_ms"] / found["without_ms"]),
            *(f"{found[f'{way}_queries']:.0f}" for way in ("without", "with")),
        ]
        for name, found in acted.items()
    ]
    head = ["", "ohne", "mit", "CPU ohne", "CPU mit", "Verhältnis", "Abfragen ohne", "mit"]
    words = "Absenden der Seite in einem Prozess, in ms, Median. Kleine Datenbank, ohne Netz."
    return f"{_table(head, rows, numbers=range(1, 8))}\n\n{words}"


def _sweep(run: Run) -> str:
    cases = [("klein", SMALL, 0), ("groß", LARGE, 0), ("klein", SMALL, run.absences)]
    rows = []
    for words, size, away in cases:
        found = run.sweeps[size, away]
        rows.append(
            [
                f"{words}, {_count(away)} abwesend" if away else words,
                _count(run.facts[size].counts["cases"]),
                _count(found.due),
                _count(found.told),
                f"{found.series.median / 1000:.2f} s".replace(".", ","),
                _count(found.series.queries),
                f"{found.cpu / 1000:.2f} s".replace(".", ","),
            ]
        )
    head = ["", "Vorgänge", "fällige Fristen", "Mitteilungen", "Median", "Abfragen", "CPU"]
    small, large = run.sweeps[SMALL, 0].series, run.sweeps[LARGE, 0].series
    growth = _times(large.median / small.median)
    words = f"Wachstum {growth}, {len(small.milliseconds)} gezählte Durchläufe je Zeile aus demselben Zustand."
    return f"{_table(head, rows, numbers=range(1, 7))}\n\n{words}"


def _judged(run: Run) -> Iterator[Judged]:
    for question, _ in _pairs(run):
        times, sort = run.times[question.name], question.sort
        growth = _growth(times.krm)
        yield Judged(
            question.name, f"Seite wächst höchstens {_times(MOST_GROWTH)}", _times(growth), growth <= MOST_GROWTH
        )
        if sort.floor and times.floor:
            factor = _to_floor(times)
            words = f"{sort.word} höchstens {_times(sort.floor)} Boden"
            yield Judged(question.name, words, _times(factor), factor <= sort.floor)
        if sort.sql:
            most = sort.sql * times.sql[LARGE].median + times.floor[LARGE].median
            words = f"{sort.word} höchstens {_times(sort.sql)} SQL und der Boden"
            found = f"{_number(times.krm[LARGE].median)} statt {_number(most)} ms"
            yield Judged(question.name, words, found, times.krm[LARGE].median <= most)
        if sort.queries:
            words = f"{sort.word} höchstens {sort.queries} Abfragen"
            yield Judged(question.name, words, str(_queries(times)), _queries(times) <= sort.queries)
    for name, figures in run.evaluated[LARGE].items():
        if "sql" in figures:
            factor = figures["krm"] / figures["sql"]
            words = f"Zahlen eines Berichts höchstens {_times(MOST_OF_FIGURES)} SQL"
            yield Judged(f"Zahlen von Berichten, {name}", words, _times(factor), factor <= MOST_OF_FIGURES)
    for name, found in run.acted.items():
        factor = found["with_ms"] / found["without_ms"]
        words = f"Fakten kosten höchstens {_times(MOST_BY_FACTS)}"
        yield Judged(name, words, _times(factor), factor <= MOST_BY_FACTS)
    share, clients = run.throughput.share, run.throughput.clients
    words = f"{clients} Erfassende in einer Dienststelle mindestens {_times(LEAST_SHARE)} in {clients}"
    yield Judged("Erfassen zugleich", words, _times(share), share >= LEAST_SHARE)
    words = f"Seite mit {_count(run.absences)} Abwesenden höchstens {_times(MOST_GROWTH_BY_ABSENCES)} CPU"
    for compared in run.compared:
        yield Judged(compared.page, words, _times(compared.growth), compared.growth <= MOST_GROWTH_BY_ABSENCES)
    growth = run.sweeps[SMALL, run.absences].cpu / run.sweeps[SMALL, 0].cpu
    words = f"Durchlauf mit {_count(run.absences)} Abwesenden höchstens {_times(MOST_GROWTH_BY_ABSENCES)} CPU"
    yield Judged("Durchlauf der Fristen", words, _times(growth), growth <= MOST_GROWTH_BY_ABSENCES)
    growth = run.sweeps[LARGE, 0].series.median / run.sweeps[SMALL, 0].series.median
    words = f"Durchlauf der Fristen wächst höchstens {_times(MOST_GROWTH_OF_SWEEP)}"
    yield Judged("Durchlauf der Fristen", words, _times(growth), growth <= MOST_GROWTH_OF_SWEEP)
    for found in run.sweeps.values():
        cpu, due_for_a_query = found.cpu / found.due, found.due / found.series.queries
        words = "Durchlauf der Fristen höchstens 1 ms CPU je fälliger Frist"
        yield Judged("Durchlauf der Fristen", words, f"{cpu:.2f} ms".replace(".", ","), cpu <= MOST_CPU_OF_SWEEP)
        words = "Durchlauf der Fristen höchstens 1.500 Abfragen für 10.000 fällige Fristen"
        per_10_000 = _count(round(10_000 / due_for_a_query))
        yield Judged("Durchlauf der Fristen", words, per_10_000, due_for_a_query >= DUE_FOR_A_QUERY)


def _summary(judged: Sequence[Judged]) -> list[list[str]]:
    goals = dict.fromkeys(entry.goal for entry in judged)
    return [
        [goal, *(str(sum(entry.held is held for entry in judged if entry.goal == goal)) for held in (True, False))]
        for goal in goals
    ]


def _rows(missed: Sequence[Judged]) -> list[list[str]]:
    return [[entry.row, entry.goal, entry.found] for entry in missed]


def _growth(series: dict[str, Series]) -> float:
    return series[LARGE].median / series[SMALL].median


def _to_floor(times: Times) -> float:
    return times.krm[LARGE].median / times.floor[LARGE].median


def _queries(times: Times) -> int:
    return max(series.queries for series in times.krm.values())


def _both(series: Series | None) -> str:
    return f"{_number(series.median)} / {_number(series.p95)}" if series else "–"


def _number(milliseconds: float) -> str:
    return f"{milliseconds:.1f}".replace(".", ",")


def _times(factor: float) -> str:
    return f"{factor:.2f} ×".replace(".", ",")


def _count(number: int) -> str:
    return f"{number:,}".replace(",", ".")


def _table(head: Sequence[str], rows: Sequence[Sequence[str]], numbers: Sequence[int] = ()) -> str:
    rule = ["--:" if column in numbers else "---" for column in range(len(head))]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in (head, rule, *rows))
