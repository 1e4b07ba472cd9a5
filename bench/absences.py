"""The same pages with and without a thousand people away in all offices, as CPU of the worker that answers."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from math import ceil
from pathlib import Path

import psycopg

from bench.databases import OFFICE, Database
from bench.questions import DESK, LIST, ROLES, Question, look
from bench.servers import server
from bench.visiting import Visitor

ROUNDS = 4  # without and with in turn, so that what disturbs one disturbs the other
AWAY = (
    "WITH people AS (SELECT m.user_id, min(m.office_id) AS office_id FROM offices_membership m"
    " JOIN offices_user u ON u.id = m.user_id WHERE m.until_on IS NULL AND u.username <> ALL(%(apart_from)s)"
    " GROUP BY m.user_id), places AS (SELECT user_id, office_id,"
    " row_number() OVER (PARTITION BY office_id ORDER BY user_id DESC) AS place FROM people)"
    " INSERT INTO offices_substitution (absent_id, deputy_id, from_on, until_on, by_leaders, followed_on)"
    " SELECT absent.user_id, deputy.user_id, %(day)s, %(day)s, false, %(day)s FROM places absent"
    " JOIN places deputy ON deputy.office_id = absent.office_id AND deputy.place = absent.place + 1"
    " WHERE absent.place %% 2 = 1 ORDER BY absent.place, absent.office_id LIMIT %(rows)s RETURNING id"
)
STAND_IN = (
    "INSERT INTO offices_substitution (absent_id, deputy_id, from_on, until_on, by_leaders, followed_on)"
    " SELECT absent.id, deputy.id, %(day)s, %(day)s, false, %(day)s FROM offices_user absent"
    " JOIN offices_user deputy ON deputy.username = %(deputy)s WHERE absent.username = %(absent)s RETURNING id"
)
COLLEAGUES = "SELECT username FROM offices_user WHERE username LIKE %s AND username <> ALL(%s) ORDER BY id LIMIT %s"
BACK = "DELETE FROM offices_substitution WHERE id = ANY(%s)"
SUBSTITUTIONS = Question("Vertretungen (KRM-Beauftragte)", DESK, LIST, ("/vertretungen/",))


@dataclass(frozen=True)
class Cost:
    """The least milliseconds of CPU that a page took, and the most queries."""

    cpu: float
    queries: int


@dataclass(frozen=True)
class Compared:
    """A page of somebody who stands in for one colleague: with all these absences, and without."""

    page: str
    without: Cost
    among: Cost

    @property
    def growth(self) -> float:
        return self.among.cpu / self.without.cpu


def compare(
    database: Database,
    data_dir: Path,
    questions: Sequence[Question],
    absences: int,
    requests: int,
    progress: Callable[[], None],
) -> list[Compared]:
    """Every page asked `requests` times or up to three more each way; no absence stays behind."""
    rounds, asked, day = rounds_of(requests), [*(q for q in questions if q.who in ROLES), SUBSTITUTIONS], date.today()  # noqa: DTZ011 - the servers run here
    costs: dict[tuple[str, bool], list[Cost]] = defaultdict(list)
    with (
        psycopg.connect(database.url, autocommit=True) as connection,
        server(database, "bench.settings", data_dir, workers=1) as port,
    ):
        visitors = {who: Visitor(port) for who in ROLES}
        for who, visitor in visitors.items():
            visitor.sign_in(f"{OFFICE}.{who}")
        asking = [f"{OFFICE}.{who}" for who in ROLES]
        colleagues = [row[0] for row in connection.execute(COLLEAGUES, [f"{OFFICE}.ma%", asking, len(asking)])]
        pairs = [{"absent": a, "deputy": d, "day": day} for a, d in zip(colleagues, asking, strict=True)]
        thousand = {"rows": absences, "apart_from": [*asking, *colleagues], "day": day}
        with _entered(connection, STAND_IN, pairs):
            _ask_all(visitors, asked, 1)  # not counted
            for _ in range(rounds):
                for among in (False, True):
                    with _entered(connection, AWAY, [thousand] if among else []):
                        for name, found in _ask_all(visitors, asked, ceil(requests / rounds)):
                            costs[name, among].append(found)
                progress()
    return [Compared(q.name, *(_least(costs[q.name, among]) for among in (False, True))) for q in asked]


def rounds_of(requests: int) -> int:
    """How often `compare` reports progress."""
    return min(ROUNDS, requests)


def _ask_all(visitors: dict[str, Visitor], asked: Sequence[Question], times: int) -> list[tuple[str, Cost]]:
    found = []
    for question in asked:
        for number in range(times):
            path = question.paths[number % len(question.paths)]
            answer = (question.ask or look)(visitors[question.who], path)
            found.append((question.name, Cost(answer.cpu, answer.queries)))
    return found


def _least(costs: Sequence[Cost]) -> Cost:
    return Cost(min(cost.cpu for cost in costs), max(cost.queries for cost in costs))


@contextmanager
def _entered(connection: psycopg.Connection, statement: str, several: Sequence[dict]) -> Iterator[None]:
    """These absences are there in the block and gone after it."""
    ids = [row[0] for values in several for row in connection.execute(statement, values)]
    try:
        yield
    finally:
        connection.execute(BACK, [ids])
