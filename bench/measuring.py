"""Takes the times: each question in turn at all servers and in SQL, so that what disturbs one disturbs all alike."""

import json
import subprocess
import sys
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from math import ceil
from pathlib import Path
from statistics import median
from time import perf_counter

import psycopg
from psycopg import rows

from bench.databases import OFFICE, ROOT, Database, environment, vacuum
from bench.questions import BARE, CENTRE, DESK, ROLES, Question, Sql, look
from bench.visiting import Visitor

WARM_UP = 4  # rounds that are not counted: both workers have then seen each page
WRITTEN_BY_SWEEP = ("cases_deadline", "cases_notice", "cases_event", "offices_substitution")


Evaluations = dict[str, dict[str, dict[str, float]]]
Actions = dict[str, dict[str, float]]


@dataclass
class Series:
    """Milliseconds of one question at one place by the clock and of CPU, and the most queries that one answer took."""

    milliseconds: list[float] = field(default_factory=list)
    queries: int = 0
    cpu: list[float] = field(default_factory=list)

    def add(self, milliseconds: float, queries: int, cpu: float) -> None:
        self.milliseconds.append(milliseconds)
        self.queries = max(self.queries, queries)
        self.cpu.append(cpu)

    @property
    def median(self) -> float:
        return median(self.milliseconds)

    @property
    def p95(self) -> float:
        """The smallest time that at least 95 of 100 requests kept."""
        return sorted(self.milliseconds)[ceil(0.95 * len(self.milliseconds)) - 1]


@dataclass(frozen=True)
class Times:
    """What was measured of one question: size of the database -> series of KRM, of the floor, of plain SQL."""

    krm: dict[str, Series]
    floor: dict[str, Series]
    sql: dict[str, Series]


@dataclass(frozen=True)
class Place:
    """One database with its servers: who is signed in at KRM, the visitor of the floor, a connection for SQL."""

    size: str
    visitors: dict[str, Visitor]
    floor: Visitor
    connection: psycopg.Connection


def place(database: Database, port: int, floor_port: int) -> Place:
    """Everybody signed in by the page for it."""
    visitors = {who: signed_in(port, who) for who in (*ROLES, CENTRE)}
    connection = psycopg.connect(database.url, autocommit=True, row_factory=rows.tuple_row)
    return Place(database.size, visitors, signed_in(floor_port, DESK), connection)


def signed_in(port: int, who: str) -> Visitor:
    visitor = Visitor(port)
    visitor.sign_in(who if "." in who else f"{OFFICE}.{who}")
    return visitor


def measure(
    places: Sequence[Place], asked: dict[str, list[Question]], requests: int, progress: Callable[[], None]
) -> dict[str, Times]:
    """Question -> its times; `asked` are the questions of each size, `progress` is called after each round."""
    taken: dict[str, Times] = {}
    for together in zip(*asked.values(), strict=True):
        times = Times(defaultdict(Series), defaultdict(Series), defaultdict(Series))
        for number in range(WARM_UP + requests):
            order = list(zip(places, together, strict=True))
            for where, question in order if number % 2 else reversed(order):
                for kind, *found in _ask_all(where, question, number):
                    if number >= WARM_UP:
                        getattr(times, kind)[where.size].add(*found)
        taken[together[0].name] = times
        progress()
    return taken


def _ask_all(where: Place, question: Question, number: int) -> Iterator[tuple[str, float, int, float]]:
    """Once at KRM, once at the floor and once in SQL, as far as the question is asked there."""
    answer = (question.ask or look)(where.visitors[question.who], _turn(question.paths, number))
    yield "krm", answer.milliseconds, answer.queries, answer.cpu
    if question.floor:
        visitor = where.visitors[question.who] if question.floor == (BARE,) else where.floor
        answer = look(visitor, _turn(question.floor, number))
        yield "floor", answer.milliseconds, answer.queries, answer.cpu
    if question.sql:
        statements = _turn(question.sql, number)
        yield "sql", _sql(where.connection, statements), len(statements), 0


def _turn(ways: Sequence, number: int):
    return ways[number % len(ways)]


def _sql(connection: psycopg.Connection, statements: Sequence[Sql]) -> float:
    start = perf_counter()
    for each in statements:
        connection.execute(each.statement, each.values).fetchall()
    return (perf_counter() - start) * 1000


def evaluations(databases: Sequence[Database], data_dir: Path, times: int, progress: Callable[[], None]) -> Evaluations:
    """Size -> span -> milliseconds of a report's figures, at KRM and in SQL; the summary of all houses is made."""
    found = {}
    for database in databases:
        found[database.size] = _run(database, data_dir, "bench.evaluating", times)
        progress()
    return found


def actions(database: Database, data_dir: Path, times: int) -> Actions:
    """Registering and closing in one database, with the facts they write and without."""
    return _run(database, data_dir, "bench.acting", times)


@dataclass(frozen=True)
class Sweeps:
    """The sweeps in one case: how many deadlines were due and told of, in how many queries, how long each took.

    CPU is that of the sweeping process; that of the database is not in it.
    """

    due: int
    told: int
    series: Series

    @property
    def cpu(self) -> float:
        """The least of them, in milliseconds."""
        return min(self.series.cpu)


def sweeps(
    databases: Sequence[Database], data_dir: Path, due: int, absences: int, times: int, progress: Callable[[], None]
) -> dict[tuple[str, int], Sweeps]:
    """(size, absences) -> its sweeps, in turn, each from the same state; the first of each is not counted.

    Without anybody away at each size, and with so many in the first database.
    """
    cases = [*((database, 0) for database in databases), (databases[0], absences)]
    series: dict[tuple[str, int], Series] = defaultdict(Series)
    last: dict[tuple[str, int], dict] = {}
    for number in range(times + 1):
        for database, away in cases if number % 2 else reversed(cases):
            case = database.size, away
            last[case] = found = _sweep(database, data_dir, due, away)
            vacuum(database, *WRITTEN_BY_SWEEP)
            if number:
                series[case].add(found["milliseconds"], found["queries"], found["cpu"])
            progress()
    return {case: Sweeps(found["due"], found["told"], series[case]) for case, found in last.items()}


def _sweep(database: Database, data_dir: Path, due: int, absences: int) -> dict:
    return _run(database, data_dir, "bench.sweeping", due, absences)


def _run(database: Database, data_dir: Path, module: str, *arguments: int) -> dict:
    """What the process says on its last line."""
    done = subprocess.run(  # noqa: S603 - our own command
        [sys.executable, "-m", module, *map(str, arguments)],
        cwd=ROOT,
        env=environment(database, data_dir, "krm.settings") | {"KRM_LOG_LEVEL": "WARNING"},
        stdout=subprocess.PIPE,
        check=True,
        text=True,
    )
    return json.loads(done.stdout.splitlines()[-1])
