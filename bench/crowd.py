"""Registering by many at once: all in one office beside each in an office of their own, the same entries both times."""

import uuid
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter

import psycopg

from bench.databases import Database, Unfit
from bench.questions import DESK, REGISTER_PATH, filled_in, look, send
from bench.servers import server
from bench.visiting import Visitor

OFFICES = (
    "SELECT o.slug FROM offices_office o JOIN offices_user u ON u.username = o.slug || %(desk)s"
    " ORDER BY (SELECT count(*) FROM cases_case c WHERE c.office_id = o.id) DESC, o.id LIMIT %(wanted)s"
)


@dataclass(frozen=True)
class Throughput:
    """Registrations per second of all clients together: in one office, and each in its own."""

    clients: int
    together: float
    apart: float

    @property
    def share(self) -> float:
        return self.together / self.apart


@dataclass(frozen=True)
class Client:
    """Somebody at the desk of one office with the form before them."""

    visitor: Visitor
    fields: dict[str, str]

    def register(self, times: int) -> None:
        for _ in range(times):
            send(self.visitor, REGISTER_PATH, self.fields | {"entry": str(uuid.uuid4())})


def throughput(database: Database, data_dir: Path, clients: int, each: int, progress: Callable[[], None]) -> Throughput:
    """So many clients take turns through as many offices; each registers `each` times in every one, together and apart.

    The server has a worker for each of them. Unfit where the database has fewer offices.
    """
    with psycopg.connect(database.url) as connection:
        slugs = [row[0] for row in connection.execute(OFFICES, {"desk": f".{DESK}", "wanted": clients})]
    if len(slugs) < clients:
        raise Unfit(f"{database.name} has fewer than {clients} offices with a desk")
    with (
        server(database, "bench.settings", data_dir, workers=clients) as port,
        ThreadPoolExecutor(clients) as pool,
    ):
        desks = [list(pool.map(lambda slug: _client(port, slug), [slug] * clients)) for slug in slugs]
        _round(pool, [desks[place][place] for place in range(clients)], 1)  # not counted
        together = apart = 0.0
        for turn in range(clients):
            together += _round(pool, desks[turn], each)
            apart += _round(pool, [desks[(place + turn) % clients][place] for place in range(clients)], each)
            progress()
    registered = clients * clients * each
    return Throughput(clients, registered / together, registered / apart)


def _client(port: int, slug: str) -> Client:
    visitor = Visitor(port)
    visitor.sign_in(f"{slug}.{DESK}")
    return Client(visitor, filled_in(look(visitor, REGISTER_PATH).text))


def _round(pool: ThreadPoolExecutor, clients: Sequence[Client], each: int) -> float:
    """Seconds until all have registered."""
    start = perf_counter()
    list(pool.map(lambda client: client.register(each), clients))
    return perf_counter() - start
