"""The one place that opens the transaction of an action, and what comes and goes with it.

Files go with their rows. Entries for the log are held back and written at the very end, so that an office's chain,
which everybody there waits for, is locked last and briefly. Before that whoever keeps something by the cases (the
projections of `seams`) is told once which of them changed.
"""

import copy
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from functools import wraps
from typing import Any, ParamSpec, TypeVar

from django.core.files.storage import default_storage
from django.db import Error, OperationalError, connection, models, transaction

from cases.log import append
from cases.models import Document, Event
from cases.seams import Changes, project
from offices.errors import NotAllowed

P = ParamSpec("P")
R = TypeVar("R")

LOST_STATES = ("40001", "40P01")  # PostgreSQL: serialisation failure, deadlock
LOST_NAMES = ("SQLITE_BUSY", "SQLITE_BUSY_SNAPSHOT")
AT_ONCE = "Gerade wurde an denselben Daten gearbeitet, deshalb ist nichts gespeichert. Bitte senden Sie noch einmal ab."


class Busy(NotAllowed):
    """Two people met and the database let the other one go first, twice; nothing was changed."""

    def __init__(self) -> None:
        super().__init__(AT_ONCE)


@dataclass
class Work:
    """What an action has done so far that is no row yet, or would outlive its rows."""

    files: list[str] = field(default_factory=list)  # names in the storage
    entries: list[Event] = field(default_factory=list)  # not saved
    case_ids: dict[int, None] = field(default_factory=dict)  # changed, each once, in order
    transfer_ids: dict[int, None] = field(default_factory=dict)
    tally_ids: dict[int, None] = field(default_factory=dict)

    def take(self, part: "Work") -> None:
        self.files += part.files
        self.entries += part.entries
        self.case_ids |= part.case_ids
        self.transfer_ids |= part.transfer_ids
        self.tally_ids |= part.tally_ids

    def finish(self) -> None:
        project(Changes(tuple(self.case_ids), tuple(self.transfer_ids), tuple(self.tally_ids)))
        append(self.entries)


_running: ContextVar[Work | None] = ContextVar("running", default=None)


def project_new(case_id: int) -> None:
    """Tell of a case that this action makes before its end, so that nobody waits for a number meanwhile."""
    project(Changes(cases=(case_id,), are_new=True))
    if work := _running.get():
        work.case_ids.pop(case_id, None)


def running() -> Work | None:
    """The work of the action that is going on."""
    return _running.get()


@contextmanager
def unit_of_work() -> Iterator[None]:
    """A transaction whose files and entries go with its rows: what is rolled back leaves none behind.

    Within another one it is a savepoint. Rows are asked once more before a file goes: where the connection broke at
    the commit nobody knows whether they are there. If they cannot be asked either, the file stays.
    """
    outer, work = _running.get(), Work()
    token = _running.set(work)
    is_kept = False
    try:
        # transaction: this is the place
        with transaction.atomic():
            yield
            is_rolled_back = transaction.get_rollback()  # by `set_rollback`, without an error
            if outer is None and not is_rolled_back:
                work.finish()
        is_kept = not is_rolled_back
    finally:
        _running.reset(token)
        if not is_kept:
            _remove(work.files)
        elif outer is not None:
            outer.take(work)


def action(function: Callable[P, R]) -> Callable[P, R]:
    """A function that writes: all of it or nothing, in a transaction of its own or as a part of the one around it.

    Where the database ends it in favour of somebody else (deadlock, lost serialisation) it is tried once more from
    the start, with arguments as they were; Busy, a refusal like any other, when that happens again.
    """

    @wraps(function)
    def act(*args: P.args, **kwargs: P.kwargs) -> R:
        if connection.in_atomic_block:
            return _carry_out(function, args, kwargs)
        before = [(instance, _state(instance)) for instance in _instances((args, kwargs))]
        try:
            return _carry_out(function, args, kwargs)
        except OperationalError as error:
            if not _is_lost(error):
                raise
        for instance, state in before:
            instance.__dict__.clear()
            instance.__dict__.update(state)
        try:
            return _carry_out(function, args, kwargs)
        except OperationalError as error:
            if not _is_lost(error):
                raise
            raise Busy from error

    return act


def _carry_out(function: Callable[..., R], args: tuple, kwargs: dict[str, Any]) -> R:
    with unit_of_work():
        return function(*args, **kwargs)


def _is_lost(error: OperationalError) -> bool:
    cause = error.__cause__
    return getattr(cause, "sqlstate", None) in LOST_STATES or getattr(cause, "sqlite_errorname", None) in LOST_NAMES


def _instances(value: Any) -> Iterator[models.Model]:
    """Rows among the arguments, also those in a list."""
    if isinstance(value, models.Model):
        yield value
    elif isinstance(value, Mapping):
        yield from _instances(list(value.values()))
    elif isinstance(value, list | tuple | set):
        for part in value:
            yield from _instances(part)


def _state(instance: models.Model) -> dict[str, Any]:
    return {**instance.__dict__, "_state": copy.copy(instance._state)}  # noqa: SLF001  (whether it is a new row)


def _remove(names: list[str]) -> None:
    """Remove those of the files that no row names."""
    if not names:
        return
    try:
        # transaction: a savepoint to ask in
        with transaction.atomic():
            named = set(Document.objects.filter(file__in=names).values_list("file", flat=True))
    except Error:
        return
    for name in set(names) - named:
        default_storage.delete(name)
