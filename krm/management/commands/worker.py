"""`manage.py worker`: the background work of the embedded mode in one process."""

import signal
import threading
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from krm.celery import app
from krm.operations.schedule import Timetable, run_until


class Command(BaseCommand):
    help = "Führt die Hintergrundarbeit ohne Broker aus, nach demselben Zeitplan wie Celery."

    def handle(self, *args: Any, **options: Any) -> None:
        if settings.SERVED:
            raise CommandError("Mit KRM_MODE=served laufen dafür „celery -A krm worker“ und „celery -A krm beat“.")
        try:
            timetable = Timetable(app, app.conf.beat_schedule)
        except LookupError as error:
            raise CommandError(str(error)) from error
        stop = threading.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: stop.set())
        run_until(stop, timetable)
