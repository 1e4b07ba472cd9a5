"""Fills a database that holds the demo house: the nationwide house first, then the cases, on both cores if possible."""

import multiprocessing
import traceback
from collections.abc import Callable, Iterator
from datetime import date
from multiprocessing.connection import Connection, wait

from django.db import connection, connections

from cases.models import Event, EventChain
from krm.demo.bulk import arrivals, house
from krm.demo.bulk.rows import first_numbers
from krm.demo.bulk.stream import Work, run
from krm.demo.bulk.writing import finish, make_room
from offices.models import Office

PARTS = 2  # the offices fall into so many parts, whoever makes them: one seed, one result


class Interrupted(Exception):
    """A part ended early, with why; what is written is not whole."""


def is_half_made() -> bool:
    """Whether filling was broken off: a log without the head that is written last."""
    return (
        Office.objects.filter(pk__in=Event.objects.values("office"))
        .exclude(pk__in=EventChain.objects.values("office"))
        .exists()
    )


def fill(
    *, cases: int, open_cases: int, seed: int, until: date, progress: Callable[[int], object], side_by_side: bool
) -> int:
    """Add a house and so many cases up to `until`; the number of its offices.

    `progress` is called with the number of cases after each batch. `side_by_side`: in processes of their own, each
    with a connection of its own. Raises Interrupted where one of them ends early.
    """
    places = house.build(seed, house.size(cases, open_cases))
    first, last = arrivals.period(until)
    work = Work(
        seed=seed,
        places=tuple(places),
        first=first,
        last=last,
        closed=tuple(arrivals.spread(cases - open_cases, first, last)),
        still_open=tuple(arrivals.still_open(open_cases, seed, places, last)),
        first_numbers=first_numbers(),
        parts=PARTS,
    )
    for number in _in_processes(work) if side_by_side else _in_turns(work):
        progress(number)
    finish([*work.first_numbers])
    return len(places)


def _in_turns(work: Work) -> Iterator[int]:
    """A batch of each part after the other, so that all offices grow together."""
    make_room()
    parts = [run(work, part) for part in range(PARTS)]
    while parts:
        for part in list(parts):
            number = next(part, None)
            if number is None:
                parts.remove(part)
            else:
                yield number


def _in_processes(work: Work) -> Iterator[int]:
    connections.close_all()  # a connection is not to be shared with a fork
    context = multiprocessing.get_context("fork")
    running = {}
    for part in range(PARTS):
        receiver, sender = context.Pipe(duplex=False)
        process = context.Process(target=_work, args=(work, part, sender))
        process.start()
        sender.close()
        running[receiver] = process
    try:
        while running:
            for receiver in wait(list(running)):
                try:
                    report = receiver.recv()
                except EOFError:
                    process = running.pop(receiver)
                    process.join()
                    if process.exitcode:
                        raise Interrupted(f"Exit code {process.exitcode}") from None
                    continue
                if isinstance(report, str):
                    raise Interrupted(report)
                yield report
    finally:
        for process in running.values():
            process.terminate()
            process.join()


def _work(work: Work, part: int, sender: Connection) -> None:
    for inherited in connections.all(initialized_only=True):
        del connections[inherited.alias]  # the other process closes it; this one opens its own
    with sender:
        try:
            for number in run(work, part):
                sender.send(number)
        except Exception:  # noqa: BLE001 - the process that asked for it says why
            sender.send(traceback.format_exc())
    connection.close()
