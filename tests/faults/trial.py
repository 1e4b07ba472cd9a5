"""One trial: due deadlines, and processes that are killed and started again until everybody is told."""

import json
import os
import random
import re
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import psycopg

from tests.faults.victims import MailServer, Victim, postgresql, redis_server
from tests.krm.running import MANAGE, ROOT, environment, processes
from tests.sink import Sink

CLOCK = datetime(2026, 11, 23, 8, tzinfo=UTC)  # nine o'clock of a working day in every office
INSTALLATION = [sys.executable, "-m", "tests.faults.installation"]
CELERY = [sys.executable, "-m", "celery", "-A", "krm", "--quiet"]
ALONE = ["--without-gossip", "--without-mingle"]  # as in docker-compose.yml
CONCURRENCY = 2
WORKERS = BEATS = 2
DELAY = {"served": 0.1, "embedded": 0.02}  # seconds in which a kill makes a mail come again
COUNTS = {
    "told": "SELECT count(*) FROM cases_notice WHERE deadline_id IS NOT NULL",
    "to mail": "SELECT count(*) FROM cases_notice WHERE deadline_id IS NOT NULL AND mailing = 'waiting'",
    "mails": "SELECT count(*) FROM cases_mail",
    "to send": "SELECT count(*) FROM cases_mail WHERE state = 'queued'",
}
Count = Callable[[], dict[str, int] | None]
# What a worker may say of a database or a broker that was killed. Kombu may ask for the host of a connection that it
# has just given up; the worker ends of it and is started again, here as by the compose file.
NO_HOST = r"AttributeError\(\"'NoneType' object has no attribute 'hostname'\"\)"
OF_A_KILL = re.compile(
    r"(raised unexpected: (OperationalError|InterfaceError)|consumer: Cannot connect to .*"
    rf"|celery\.worker Unrecoverable error: {NO_HOST}|celery\.bootsteps Error on stopping Hub: {NO_HOST})$"
)


@dataclass(frozen=True)
class Plan:
    """How many due deadlines and kills; seconds until the last kill, and until all must be done."""

    mode: str
    deadlines: int
    seed: int
    kills: int
    kills_for: float
    at_most: float
    gap: tuple[float, float] = (0.1, 1.0)  # from a point of the work to the kill, and from one kill to the next
    down: tuple[float, float] = (0.0, 1.5)  # how long the killed one is away


FULL = {"deadlines": 1000, "kills": 40, "kills_for": 100, "at_most": 135}
SHORT = {"deadlines": 150, "kills": 15, "kills_for": 60, "at_most": 150}


@dataclass
class Outcome:
    """What was expected, what came of it, and the kills: (moment of the clock, name, mails in flight at most)."""

    plan: Plan
    expected: list = field(default_factory=list)
    found: dict = field(default_factory=dict)
    received: list = field(default_factory=list)
    kills: list[tuple[float, str, int]] = field(default_factory=list)
    ended_by_themselves: Counter = field(default_factory=Counter)
    left_over: dict[int, str] = field(default_factory=dict)
    errors: list[str] = field(default_factory=list)
    unfinished: str = ""
    seconds: float = 0.0

    def arrivals(self) -> dict[str, list[float]]:
        """When each mail reached the mail server, by the first part of its Message-ID."""
        arrivals: dict[str, list[float]] = {}
        for mail in self.received:
            arrivals.setdefault(mail.message_id.strip("<>").partition("@")[0], []).append(mail.at)
        return arrivals

    @property
    def in_flight(self) -> int:
        return sum(in_flight for _, _, in_flight in self.kills)

    def summary(self) -> str:
        killed = Counter(name.rstrip("0123456789 ") for _, name, _ in self.kills)
        twice = sum(len(moments) - 1 for moments in self.arrivals().values())
        lost = len(self.found["mails"].keys() - self.arrivals().keys())
        return (
            f"{self.plan.mode}, seed {self.plan.seed}: {self.plan.deadlines} due deadlines, "
            f"{len(self.found['notices'])} notices, {len(self.found['mails'])} mails, {lost} lost, {twice} sent again; "
            f"{len(self.kills)} kills ({', '.join(f'{name} {n}' for name, n in sorted(killed.items()))}) "
            f"with at most {self.in_flight} mails in flight; "
            f"{sum(self.ended_by_themselves.values())} ended by themselves; {self.seconds:.0f} s"
        )


def check(outcome: Outcome) -> None:
    """Raises AssertionError for whatever must not happen."""
    assert not outcome.unfinished, f"not done in {outcome.plan.at_most:.0f} s: {outcome.unfinished}"
    expected, notices = Counter(map(tuple, outcome.expected)), Counter(map(tuple, outcome.found["notices"]))
    keys = Counter(row[:4] for row in notices.elements())
    assert [key for key, count in keys.items() if count > 1] == [], "a notice more than once"
    assert expected - notices == Counter(), "somebody was not told"
    assert notices - expected == Counter(), "somebody was told what nobody had to tell them"
    assert outcome.found["without mail"] == 0
    assert outcome.found["mailed to others"] == 0
    assert outcome.found["mails about nothing"] == 0, "the same notices in two mails"
    assert outcome.found["entries"] == len({row[0] for row in outcome.expected}), (
        "an entry of the log for each deadline"
    )
    mails, arrivals = outcome.found["mails"], outcome.arrivals()
    assert {state for state, _ in mails.values()} == {"sent"}
    assert arrivals.keys() == mails.keys(), "a mail was lost, or came under another Message-ID"
    addresses = {mail.message_id.strip("<>").partition("@")[0]: mail.to for mail in outcome.received}
    assert addresses == {message_id: address for message_id, (_, address) in mails.items()}
    check_repeated(outcome, arrivals)
    assert outcome.left_over == {}
    assert not outcome.errors, "failed, and no kill explains it:\n" + "\n".join(outcome.errors)


def check_repeated(outcome: Outcome, arrivals: dict[str, list[float]]) -> None:
    """A mail comes again only after a kill of something that a mail was passing through, and no more than that."""
    fatal = [(moment, in_flight) for moment, _, in_flight in outcome.kills if in_flight]
    again = 0
    for moments in arrivals.values():
        for first, second in zip(moments, moments[1:], strict=False):
            again += 1
            assert [moment for moment, _ in fatal if first - 1 <= moment <= second], "a mail came twice without a kill"
    assert again <= outcome.in_flight


def run(plan: Plan, say: Callable[[str], None], logs: Path | None = None) -> Outcome:
    """Fill an installation, let it work while its processes are killed, end them, and read what came of it.

    `logs`: a folder for the logs of its processes.
    """
    outcome, chance = Outcome(plan), random.Random(plan.seed)  # noqa: S311 - the same kills for the same seed
    with own_folder() as folder, victims_of(plan, folder) as (victims, variables, count):
        facts = folder / "expected.json"
        _installation(variables, "fill", str(plan.deadlines), str(plan.seed), str(facts))
        outcome.expected = json.loads(facts.read_text(encoding="utf-8"))
        say(f"{len(outcome.expected)} notices to come")
        began = time.monotonic()
        _work(plan, outcome, victims, count, chance)
        outcome.seconds = time.monotonic() - began
        for victim in victims:
            if victim.name != "database":
                victim.kill()
        outcome.left_over = processes(folder)
        outcome.found = json.loads(_installation(variables, "told"))
        outcome.received = next(v for v in victims if isinstance(v, MailServer)).sink.received()
        outcome.errors = errors(folder / "worker.log")
        if logs:
            for log in folder.glob("*.log"):
                shutil.copy(log, logs)
    return outcome


def errors(log: Path) -> list[str]:
    """The errors in the log of the workers that no kill explains."""
    lines = [line for line in log.read_text(encoding="utf-8").splitlines() if " ERROR " in line or " CRITICAL " in line]
    return [line for line in lines if not OF_A_KILL.search(line.rstrip(". "))]


def _work(plan: Plan, outcome: Outcome, victims: list[Victim], count: Count, chance: random.Random) -> None:
    """Kill at random points of the work and start again, until all is told and sent or the time is over."""
    points = sorted(chance.uniform(-0.1, 1) for _ in range(plan.kills))  # the first while all are still starting
    began = time.monotonic()
    back = {victim: began for victim in victims if victim.name != "database"}
    kill_at, done = began + chance.uniform(*plan.gap), 0.0
    while (now := time.monotonic()) < began + plan.at_most:
        _start_again(victims, back, outcome)
        alive = [victim for victim in victims if victim not in back]
        if points and points[0] <= done and kill_at <= now < began + plan.kills_for and alive:
            del points[0]
            [victim] = chance.choices(alive, [3 if victim.in_flight else 1 for victim in alive])
            outcome.kills.append((time.time(), victim.name, victim.in_flight))
            victim.kill()
            back[victim] = now + chance.uniform(*plan.down)
            kill_at = now + chance.uniform(*plan.gap)
        if counts := count():
            done = _part_done(counts, len(outcome.expected))
            outcome.unfinished = "" if done == 1 else f"{counts} of {len(outcome.expected)} notices"
            if done == 1 and not back:
                return
        time.sleep(0.05)


def _start_again(victims: list[Victim], back: dict[Victim, float], outcome: Outcome) -> None:
    """Start whose time away is over; what ended without a kill is started again after a second."""
    now = time.monotonic()
    for victim in [victim for victim, moment in back.items() if moment <= now]:
        victim.start()
        del back[victim]
    for victim in victims:
        if victim not in back and victim.has_died():
            outcome.ended_by_themselves[victim.name] += 1
            back[victim] = now + 1


def _part_done(counts: dict[str, int], expected: int) -> float:
    """From 0 to 1: told, put into mails, and, for the most part, sent."""
    told = counts["told"] / expected
    put = (counts["told"] - counts["to mail"]) / expected
    sent = (counts["mails"] - counts["to send"]) / counts["mails"] if counts["mails"] else 0.0
    return 1 if told == put == sent == 1 else 0.1 * told + 0.2 * put + 0.7 * put * sent


@contextmanager
def own_folder() -> Iterator[Path]:
    """A folder that PostgreSQL's user may pass through."""
    with tempfile.TemporaryDirectory(prefix="krm-faults-") as name:
        os.chmod(name, 0o711)  # noqa: S103
        yield Path(name)


@contextmanager
def victims_of(plan: Plan, folder: Path) -> Iterator[tuple[list[Victim], dict[str, str], Count]]:
    """The processes of the mode, the environment they run in, and how to count what is left to do.

    The database is started already; at the end all of them are killed.
    """
    senders = CONCURRENCY * WORKERS if plan.mode == "served" else 1
    sink = MailServer(Sink(folder), in_flight=senders)
    sink.sink.behave(delay=DELAY[plan.mode])
    variables = {
        "DJANGO_SETTINGS_MODULE": "tests.faults.settings",
        "KRM_FAULTS_SHIFT": str((CLOCK - datetime.now(UTC)).total_seconds()),
        "KRM_LOG": "text",
        "EMAIL_HOST": "127.0.0.1",
        "EMAIL_PORT": str(sink.sink.port),
        "PYTHONWARNINGS": "ignore",  # Celery's, that the tests may run as root
    }
    make = _served if plan.mode == "served" else _embedded
    victims, variables, count = make(folder, variables, senders)
    victims.append(sink)
    try:
        yield victims, variables, count
    finally:
        for victim in victims:
            victim.kill()


def _served(folder: Path, variables: dict[str, str], senders: int):
    database, database_url = postgresql(folder / "postgresql", in_flight=senders)
    broker, broker_url = redis_server(folder)
    database.start()
    variables = environment(
        folder,
        KRM_MODE="served",
        SECRET_KEY="only-for-the-trial-0123456789-abcdefghijklmnopqrstuvwxyz",
        ALLOWED_HOSTS="127.0.0.1",
        DATABASE_URL=database_url,
        REDIS_URL=broker_url,
        **variables,
    )
    worker = [*CELERY, "worker", *ALONE, "--loglevel", "INFO", "--concurrency", str(CONCURRENCY)]
    beat = [*CELERY, "beat", "--loglevel", "INFO"]
    workers = [
        Victim(f"worker {n}", [*worker, "-n", f"w{n}@%h"], folder / "worker.log", in_flight=CONCURRENCY, env=variables)
        for n in range(WORKERS)
    ]
    beats = [Victim(f"beat {n}", beat, folder / "beat.log", env=variables) for n in range(BEATS)]
    return [database, broker, *workers, *beats], variables, lambda: _count_postgresql(database_url)


def _embedded(folder: Path, variables: dict[str, str], senders: int):
    variables = environment(folder, KRM_MODE="embedded", **variables)
    worker = Victim("worker", [*MANAGE, "worker"], folder / "worker.log", in_flight=senders, env=variables)
    return [worker], variables, lambda: _count_sqlite(folder / "krm.sqlite3")


def _count_postgresql(url: str) -> dict[str, int] | None:
    """None while the database is away."""
    try:
        with psycopg.connect(url, connect_timeout=3) as connection:
            return {name: connection.execute(query).fetchone()[0] for name, query in COUNTS.items()}
    except psycopg.OperationalError:
        return None


def _count_sqlite(file: Path) -> dict[str, int]:
    with closing(sqlite3.connect(file, timeout=20)) as connection:
        return {name: connection.execute(query).fetchone()[0] for name, query in COUNTS.items()}


def _installation(variables: dict[str, str], *arguments: str) -> str:
    done = subprocess.run(
        [*INSTALLATION, *arguments], env=variables, cwd=ROOT, capture_output=True, text=True, timeout=300, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout
