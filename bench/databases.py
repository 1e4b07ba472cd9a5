"""The two databases: made with `manage.py demo`, or taken as they stand; and what they hold."""

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg
from psycopg import sql

ROOT = Path(__file__).resolve().parents[1]
FROM_OUTSIDE = ("ALLOWED_HOSTS", "KRM_DEBUG", "KRM_LOG", "KRM_MODE", "REDIS_URL", "SECRET_KEY", "SECRET_KEY_FILE")
OFFICE, TEAM = "jc-k", "711"  # whose people ask: the largest office that `manage.py demo --cases` makes
TOP = "rd-bb"  # above all others for the measurement


class Unfit(RuntimeError):
    """A database in which there is nothing to measure."""


@dataclass(frozen=True)
class Database:
    """One of the two: `cases` are asked for when it is made, and `open_cases` of them open."""

    size: str
    name: str
    server: str
    cases: int
    open_cases: int

    @property
    def url(self) -> str:
        return at(self.server, self.name)


@dataclass(frozen=True)
class Facts:
    """What one database holds. `closed_in_unit` counts what the unit closed; numbers of cases spread over the years."""

    office_id: int
    unit_id: int
    counts: dict[str, int]
    in_office: dict[str, int]
    open_numbers: tuple[str, ...]
    closed_numbers: tuple[str, ...]
    bytes: int


def at(server: str, name: str) -> str:
    return urlunsplit(urlsplit(server)._replace(path=f"/{name}"))


def environment(database: Database, data_dir: Path, settings: str) -> dict[str, str]:
    """For a process of KRM on this database, whatever stands in the environment of the caller."""
    inherited = {name: value for name, value in os.environ.items() if name not in FROM_OUTSIDE}
    return inherited | {
        "DATABASE_URL": database.url,
        "DJANGO_SETTINGS_MODULE": settings,
        "KRM_DATA_DIR": str(data_dir),
    }


def exists(database: Database) -> bool:
    with psycopg.connect(at(database.server, "postgres")) as connection:
        return bool(connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [database.name]).fetchone())


def provide(database: Database, data_dir: Path, seed: int, *, reuse: bool) -> None:
    """Have the database there and up to date; without `reuse` one of that name is dropped before."""
    made = False
    if not (reuse and exists(database)):
        _create_anew(database)
        made = True
    manage(database, data_dir, "prepare")
    if made:
        sizes = ["--cases", str(database.cases), "--open", str(database.open_cases), "--seed", str(seed)]
        manage(database, data_dir, "demo", *sizes)
    with psycopg.connect(database.url) as connection:
        connection.execute(BELOW_ONE, [TOP, TOP])
    vacuum(database)


def manage(database: Database, data_dir: Path, *arguments: str) -> None:
    command = [sys.executable, "manage.py", *arguments]
    subprocess.run(command, cwd=ROOT, env=environment(database, data_dir, "krm.settings"), check=True)  # noqa: S603


def vacuum(database: Database, *tables: str) -> None:
    """As autovacuum would after a while; without names all tables."""
    with psycopg.connect(database.url, autocommit=True) as connection:
        for table in tables or [""]:
            connection.execute(sql.SQL("VACUUM (ANALYZE) {}").format(sql.Identifier(table) if table else sql.SQL("")))


def _create_anew(database: Database) -> None:
    name = sql.Identifier(database.name)
    with psycopg.connect(at(database.server, "postgres"), autocommit=True) as connection:
        connection.execute(sql.SQL("DROP DATABASE IF EXISTS {}").format(name))
        connection.execute(sql.SQL("CREATE DATABASE {}").format(name))


BELOW_ONE = "UPDATE offices_office SET parent_id = (SELECT id FROM offices_office WHERE slug = %s) WHERE slug <> %s"
COUNTS = {
    "cases": "SELECT count(*) FROM cases_case",
    "open_cases": "SELECT count(*) FROM cases_case WHERE closed_on IS NULL",
    "deadlines": "SELECT count(*) FROM cases_deadline",
    "events": "SELECT count(*) FROM cases_event",
    "persons": "SELECT count(*) FROM cases_person",
    "offices": "SELECT count(*) FROM offices_office",
}
IN_OFFICE = {
    "all": "SELECT count(*) FROM cases_case WHERE office_id = %(office)s",
    "open": "SELECT count(*) FROM cases_case WHERE office_id = %(office)s AND closed_on IS NULL",
    "closed_in_unit": "SELECT count(*) FROM cases_case WHERE unit_id = %(unit)s AND closed_on IS NOT NULL"
    " AND NOT is_sealed AND NOT against_management",
}
ASKED_OF = (
    "SELECT u.id, o.id FROM offices_unit u JOIN offices_office o ON o.id = u.office_id"
    " WHERE o.slug = %s AND u.number = %s"
)
IS_WHOLE = "SELECT 1 FROM cases_eventchain WHERE office_id = %(office)s"  # written last
NUMBERS = (
    "SELECT reference FROM (SELECT reference, row_number() OVER (ORDER BY id) AS place, count(*) OVER () AS total"
    " FROM cases_case WHERE unit_id = %(unit)s AND NOT is_sealed AND NOT against_management AND closed_on IS {state}"
    " NULL) AS numbered WHERE (place - 1) %% greatest(total / %(wanted)s, 1) = 0 LIMIT %(wanted)s"
)


def facts_of(database: Database, wanted: int) -> Facts:
    """Counts, and the numbers of `wanted` open and closed cases spread over the unit's. Unfit where it has none."""
    with psycopg.connect(database.url) as connection:
        unit_id, office_id = connection.execute(ASKED_OF, [OFFICE, TEAM]).fetchone() or (None, None)
        values = {"office": office_id, "unit": unit_id, "wanted": wanted}
        numbers = [_column(connection, NUMBERS.format(state=state), values) for state in ("", "NOT")]
        if not all(numbers) or not connection.execute(IS_WHOLE, values).fetchone():
            raise Unfit(
                f"{database.name} is not finished, or has no open or no closed cases of team {TEAM} in {OFFICE}"
            )
        return Facts(
            office_id=office_id,
            unit_id=unit_id,
            counts={name: connection.execute(query).fetchone()[0] for name, query in COUNTS.items()},
            in_office={name: connection.execute(query, values).fetchone()[0] for name, query in IN_OFFICE.items()},
            open_numbers=numbers[0],
            closed_numbers=numbers[1],
            bytes=connection.execute("SELECT pg_database_size(current_database())").fetchone()[0],
        )


def _column(connection: psycopg.Connection, query: str, values: dict) -> tuple[str, ...]:
    return tuple(row[0] for row in connection.execute(query, values))
