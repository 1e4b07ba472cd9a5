"""The served mode: the commands of docker-compose.yml, started here against a real PostgreSQL and Redis."""

import json
import re
import secrets
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import dj_database_url
import psycopg
import pytest
from django.conf import settings
from psycopg import sql

from tests.krm.running import environment, free_port, page, processes, running, wait_until

pytestmark = pytest.mark.once


def command_of(service: str) -> list[str]:
    """The command of a service of docker-compose.yml, with this interpreter for `python`."""
    compose = (settings.BASE_DIR / "docker-compose.yml").read_text(encoding="utf-8")
    found = re.search(rf"^  {service}:\n(?:    .*\n)*?    command: (\[.*\])$", compose, re.MULTILINE)
    assert found, service
    program, *arguments = json.loads(found[1])
    assert program == "python"
    return [sys.executable, *arguments]


@pytest.fixture
def database(postgresql_url: str) -> Iterator[str]:
    """An empty database of its own on the server of the tests."""
    server = dj_database_url.parse(postgresql_url)
    name = f"krm_served_{secrets.token_hex(4)}"
    account = {"host": server["HOST"], "port": server["PORT"] or 5432, "user": server["USER"]}
    with psycopg.connect(**account, password=server["PASSWORD"], dbname="postgres", autocommit=True) as connection:
        connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        yield f"{postgresql_url.rpartition('/')[0]}/{name}"
        connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


def test_the_processes_of_the_compose_file_serve_pages_and_do_the_background_work(
    database: str, redis_url: str, tmp_path: Path
) -> None:
    port = free_port()
    variables = environment(
        tmp_path,
        KRM_MODE="served",
        SECRET_KEY=secrets.token_urlsafe(64),
        ALLOWED_HOSTS="127.0.0.1",
        DATABASE_URL=database,
        REDIS_URL=redis_url,
        PORT=str(port),
    )
    log = tmp_path / "log"
    with running(command_of("prepare"), log, variables) as prepare:
        assert prepare.wait(timeout=60) == 0, log.read_text(encoding="utf-8")
    with ExitStack() as stack:
        for service in ("web", "worker", "beat"):
            stack.enter_context(running(command_of(service), log, variables))
        wait_until(lambda: page(port, **{"X-Forwarded-Proto": "https"})[0] == 200, "login page")
        done = re.compile(r"Task cases\.tasks\.render_letters\[[0-9a-f-]+\] succeeded")
        wait_until(lambda: done.search(log.read_text(encoding="utf-8")), "task sent by beat, done by the worker")
    assert processes(tmp_path) == {}
