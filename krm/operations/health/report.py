"""Runs the checks side by side, so that a part that hangs holds up neither the others nor the answer.

Each lane has one thread for all probes of the process: what hangs there is reported as such until it moves again,
and no probe leaves a thread behind.
"""

import logging
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from django.db import connections
from health_check.exceptions import HealthCheckException, ServiceWarning

from krm.operations.health.checks import Broker, Database, Disk, Files, Holidays, Mails, Part, Rules, Sweep, Worker

log = logging.getLogger(__name__)
PATIENCE_SECONDS = 4.0

PARTS: tuple[type[Part], ...] = (Database, Broker, Worker, Sweep, Mails, Rules, Holidays, Disk, Files)
IN_DATABASE = (Database, Worker, Sweep, Mails, Rules)  # one after the other: without the first nothing is known
LANES: dict[str, tuple[type[Part], ...]] = {
    "database": IN_DATABASE,
    "broker": (Broker,),
    "disk": (Holidays, Disk),
    "files": (Files,),  # asks both, so it is apart from either: a disk that hangs is no database that hangs
}
THREADS = {lane: ThreadPoolExecutor(max_workers=1, thread_name_prefix=f"health-{lane}") for lane in LANES}


class State(StrEnum):
    OK = "ok"
    WARN = "warn"
    RED = "red"
    UNKNOWN = "unknown"


WORDS = {State.OK: "in Ordnung", State.WARN: "Achtung", State.RED: "gestört", State.UNKNOWN: "unbekannt"}


@dataclass(frozen=True)
class Finding:
    """What was found about one part."""

    part: type[Part]
    state: State
    sentence: str
    figures: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Report:
    findings: tuple[Finding, ...]

    @property
    def broken(self) -> list[str]:
        """The names of the red parts."""
        return [finding.part.name for finding in self.findings if finding.state == State.RED]

    @property
    def state(self) -> State:
        """The worst of all parts; what is unknown is so because something else is red."""
        states = {finding.state for finding in self.findings}
        return next(state for state in (State.RED, State.WARN, State.OK) if state in states or state == State.OK)


def report(now: datetime, up_for: timedelta) -> Report:
    """All parts at `now`, within a few seconds whatever hangs; `up_for`: see Part."""
    return _together({lane: _submit(lane, now, up_for) for lane in LANES})


def report_with_database(now: datetime, up_for: timedelta) -> Report:
    """The same for a page or a command, which ask the database by their own connection."""
    apart = {lane: _submit(lane, now, up_for) for lane in LANES if lane != "database"}
    found: list[Finding] = []
    _examine_each(IN_DATABASE, now, up_for, found)
    return _together(apart, found)


@dataclass(frozen=True)
class _Run:
    future: Future[None]
    found: list[Finding]


def _submit(lane: str, now: datetime, up_for: timedelta) -> _Run:
    found: list[Finding] = []
    return _Run(THREADS[lane].submit(_in_own_thread, LANES[lane], now, up_for, found), found)


def _in_own_thread(parts: Sequence[type[Part]], now: datetime, up_for: timedelta, found: list[Finding]) -> None:
    try:
        _examine_each(parts, now, up_for, found)
    finally:
        connections.close_all()


def _examine_each(parts: Sequence[type[Part]], now: datetime, up_for: timedelta, found: list[Finding]) -> None:
    for part in parts:
        found.append(examine(part(now=now, up_for=up_for)))
        if part is Database and found[-1].state == State.RED:
            return


def examine(check: Part) -> Finding:
    """Run one check; an error nobody foresaw is red too, and its words stay in the log."""
    try:
        check.run()
    except ServiceWarning as warning:
        return Finding(type(check), State.WARN, warning.message, check.figures)
    except HealthCheckException as error:
        return Finding(type(check), State.RED, error.message, check.figures)
    except Exception:
        log.exception("Die Prüfung von %s ist gescheitert.", check.name)
        return Finding(type(check), State.RED, "Die Prüfung ist gescheitert; das Protokoll nennt den Grund.")
    return Finding(type(check), State.OK, check.sentence, check.figures)


def _together(runs: dict[str, _Run], found: Sequence[Finding] = ()) -> Report:
    wait([run.future for run in runs.values()], timeout=PATIENCE_SECONDS)
    findings = {finding.part: finding for finding in found}
    for lane, run in runs.items():
        is_late = not run.future.done()
        run.future.cancel()  # where another probe hangs before it
        findings |= {finding.part: finding for finding in tuple(run.found)}
        missing = [part for part in LANES[lane] if part not in findings]
        if is_late and missing:
            sentence = f"Antwortet nicht innerhalb von {PATIENCE_SECONDS:.0f} Sekunden."
            findings[missing[0]] = Finding(missing[0], State.RED, sentence)
    if Database in findings and findings[Database].state == State.RED:
        findings.pop(Files, None)
    unknown = "Nicht bekannt, solange die Datenbank nicht antwortet."
    return Report(tuple(findings.get(part) or Finding(part, State.UNKNOWN, unknown) for part in PARTS))
