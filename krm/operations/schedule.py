"""Celery's schedule without a broker: the embedded mode runs each due task in its own process."""

import threading
from collections.abc import Mapping
from typing import Any

from celery import Celery
from celery.beat import ScheduleEntry
from django.db import close_old_connections

LONGEST_SLEEP_SECONDS = 5.0
SHORTEST_SLEEP_SECONDS = 0.05


class Timetable:
    """The entries of Celery's beat schedule with the time each last ran.

    At the start every task runs once: what became due while the machine was off is found at once.
    The tasks look into the database for what is due, so a run too many does no harm.
    """

    def __init__(self, app: Celery, entries: Mapping[str, Mapping[str, Any]]) -> None:
        """Raises LookupError if an entry names a task that no app provides."""
        app.loader.import_default_modules()
        self.app = app
        self.entries = [ScheduleEntry(app=app, name=name, **entry) for name, entry in entries.items()]
        unknown = sorted({entry.task for entry in self.entries} - set(app.tasks))
        if unknown:
            raise LookupError(f"Der Zeitplan nennt Aufgaben, die es nicht gibt: {', '.join(unknown)}")

    def run_all(self) -> None:
        self.entries = [self.run(entry) for entry in self.entries]

    def run_due(self) -> float:
        """Run what is due; returns the seconds until something may be due again."""
        waits = []
        for place, entry in enumerate(self.entries):
            due, wait = entry.is_due()
            if due:
                self.entries[place] = self.run(entry)
            waits.append(wait)
        return max(SHORTEST_SLEEP_SECONDS, min(waits, default=LONGEST_SLEEP_SECONDS))

    def run(self, entry: ScheduleEntry) -> ScheduleEntry:
        """Run the task here and now; Celery logs an error, and the next run tries again."""
        close_old_connections()
        self.app.tasks[entry.task].apply(args=entry.args, kwargs=entry.kwargs)
        close_old_connections()
        return entry.next()


def run_until(stop: threading.Event, timetable: Timetable) -> None:
    """Run tasks as they become due until `stop` is set; a running task is finished first."""
    timetable.run_all()
    while not stop.is_set():
        stop.wait(min(timetable.run_due(), LONGEST_SLEEP_SECONDS))
