"""What the tests can use on this machine, and why not where they cannot."""

import os
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache

import dj_database_url
import psycopg
import redis
from psycopg import sql

POSTGRESQL_URL = os.environ.get("KRM_TEST_DATABASE_URL") or "postgresql://postgres@127.0.0.1:5432/krm"
REDIS_URL = os.environ.get("KRM_TEST_REDIS_URL") or "redis://127.0.0.1:6379/15"
BROWSERS = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
REQUIRE_ALL = os.environ.get("KRM_REQUIRE_ALL") == "1"
WHOLE = "KRM_TEST_WHOLE"  # set to 1 where no test was chosen
IS_WHOLE = os.environ.get(WHOLE) == "1"


@dataclass(frozen=True)
class Service:
    """Something outside of Python: where it is, or why it cannot be used."""

    name: str
    where: str = ""
    missing: str = ""


@cache
def postgresql() -> Service:
    """A server where the user may create databases; Django makes and drops its own there."""
    settings = dj_database_url.parse(POSTGRESQL_URL)
    try:
        with psycopg.connect(
            host=settings["HOST"],
            port=settings["PORT"] or 5432,
            user=settings["USER"],
            password=settings["PASSWORD"],
            dbname="postgres",
            connect_timeout=3,
        ) as connection:
            row = connection.execute(
                "SELECT rolcreatedb OR rolsuper FROM pg_roles WHERE rolname = current_user"
            ).fetchone()
    except psycopg.OperationalError as error:
        return Service("PostgreSQL", missing=str(error).splitlines()[0])
    if row != (True,):
        return Service("PostgreSQL", missing=f"{settings['USER']} may not create databases")
    return Service("PostgreSQL", where=POSTGRESQL_URL)


@contextmanager
def own_database(url: str) -> Iterator[str]:
    """An empty database on that server, dropped at the end."""
    server = dj_database_url.parse(url)
    name = f"krm_own_{secrets.token_hex(4)}"
    account = {"host": server["HOST"], "port": server["PORT"] or 5432, "user": server["USER"]}
    with psycopg.connect(**account, password=server["PASSWORD"], dbname="postgres", autocommit=True) as connection:
        connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        try:
            yield f"{url.rpartition('/')[0]}/{name}"
        finally:
            connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


@cache
def redis_server() -> Service:
    try:
        with redis.Redis.from_url(REDIS_URL, socket_connect_timeout=3) as client:
            client.ping()
    except redis.RedisError as error:
        return Service("Redis", missing=str(error).splitlines()[0])
    return Service("Redis", where=REDIS_URL)


@cache
def browser() -> Service:
    path = next(filter(None, map(shutil.which, BROWSERS)), None)
    return Service("browser", where=path) if path else Service("browser", missing="no Chromium on the PATH")


def left_out() -> list[Service]:
    """Services that cannot be used here."""
    return [service for service in (postgresql(), redis_server(), browser()) if service.missing]
