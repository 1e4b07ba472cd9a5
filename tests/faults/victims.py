"""What is killed in a trial, and how it is started again: processes of KRM, PostgreSQL, Redis, the mail server."""

import os
import shutil
import signal
import subprocess
from collections.abc import Callable
from pathlib import Path

import psycopg
import redis

from tests.krm.running import ROOT, free_port, wait_until
from tests.services import Service
from tests.sink import Sink

HOST = "127.0.0.1"
DATABASE_USER = "postgres"
POSTGRESQL_PROGRAMS = sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)  # Debian keeps them off the PATH


class Victim:
    """A process of its own session. `in_flight`: mails that may be on their way when it is killed."""

    def __init__(self, name: str, command: list[str], log: Path, *, in_flight: int = 0, **options) -> None:
        self.name, self.command, self.log, self.in_flight = name, command, log, in_flight
        self.options = {"cwd": ROOT} | options
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                self.command, stdout=log, stderr=log, start_new_session=True, **self.options
            )

    def kill(self) -> None:
        """SIGKILL to the process and all it has started."""
        if self.process:
            try:
                os.killpg(self.process.pid, signal.SIGKILL)
            except ProcessLookupError:
                self.log.open("ab").close()
            self.process.wait()
        self.process = None

    def has_died(self) -> bool:
        return self.process is not None and self.process.poll() is not None


class Answering(Victim):
    """One that is up when it answers."""

    def __init__(self, *args, answers: Callable[[], bool], **options) -> None:
        super().__init__(*args, **options)
        self.answers = answers

    def start(self) -> None:
        wait_until(self.is_up, f"{self.name} answers")

    def is_up(self) -> bool:
        """Starts it where it does not run: a PostgreSQL killed shortly before refuses to, until the rest is gone."""
        if self.process is None or self.has_died():
            super().start()
        return self.answers()


class MailServer(Victim):
    """The sink, under the same handles."""

    def __init__(self, sink: Sink, *, in_flight: int) -> None:
        self.name, self.sink, self.in_flight = "sink", sink, in_flight

    def start(self) -> None:
        self.sink.start()

    def kill(self) -> None:
        self.sink.kill()

    def has_died(self) -> bool:
        return self.sink.process is not None and self.sink.process.poll() is not None


def program(name: str) -> str:
    """Path of a program of PostgreSQL or Redis; empty where this machine has none."""
    places = [*map(str, POSTGRESQL_PROGRAMS), os.environ.get("PATH", "")]
    return shutil.which(name, path=os.pathsep.join(places)) or ""


def servers() -> Service:
    """Whether this machine can start a PostgreSQL and a Redis for a trial."""
    missing = [name for name in ("initdb", "postgres", "redis-server") if not program(name)]
    if missing:
        return Service("PostgreSQL and Redis of one's own", missing=f"no {', '.join(missing)}")
    return Service("PostgreSQL and Redis of one's own", where=program("postgres"))


def postgresql(folder: Path, *, in_flight: int) -> tuple[Answering, str]:
    """A PostgreSQL with its files in `folder`, not yet started, and the URL of its database."""
    data, port = folder / "data", free_port()
    account = {"user": DATABASE_USER, "group": DATABASE_USER, "extra_groups": []} if os.geteuid() == 0 else {}
    folder.mkdir()
    if account:  # PostgreSQL does not run as root
        shutil.chown(folder, DATABASE_USER)
    made = [program("initdb"), "-D", str(data), "-U", DATABASE_USER, "--auth=trust", "--encoding=UTF8", "--no-sync"]
    subprocess.run(made, check=True, capture_output=True, cwd=folder, **account)
    connect = {"host": HOST, "port": port, "user": DATABASE_USER, "dbname": "postgres", "connect_timeout": 3}
    command = [
        program("postgres"), "-D", str(data), "-p", str(port), "-h", HOST, "-k", str(folder),
        "-c", "fsync=off",  # what is killed is the process, not the machine
    ]  # fmt: skip
    server = Answering(
        "database", command, folder.parent / "database.log",
        in_flight=in_flight, cwd=folder, answers=lambda: _database_answers(connect), **account,
    )  # fmt: skip
    return server, f"postgresql://{DATABASE_USER}@{HOST}:{port}/postgres"


def redis_server(folder: Path) -> tuple[Answering, str]:
    """A Redis that keeps nothing, and its URL."""
    port = free_port()
    url = f"redis://{HOST}:{port}/0"
    command = [program("redis-server"), "--bind", HOST, "--port", str(port), "--save", "", "--dir", str(folder)]
    return Answering("broker", command, folder / "broker.log", answers=lambda: _broker_answers(url)), url


def _database_answers(connect: dict) -> bool:
    try:
        psycopg.connect(**connect).close()
    except psycopg.OperationalError:
        return False
    return True


def _broker_answers(url: str) -> bool:
    try:
        with redis.Redis.from_url(url, socket_connect_timeout=3) as client:
            return client.ping()
    except redis.RedisError:
        return False
