"""`manage.py start`: the whole of the embedded mode, from an empty folder to the login page."""

import errno
import socket
import sys
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import connections

from cases.unit_of_work import unit_of_work
from krm import env
from krm.greeting import greeting
from krm.operations.processes import Child, supervise
from offices.models import Office

LOOPBACK = "127.0.0.1"


class Command(BaseCommand):
    help = "Startet KRM auf diesem Rechner: Datenbank, Beispieldienststellen, Webserver, Hintergrundarbeit."

    def handle(self, *args: Any, **options: Any) -> None:
        if settings.SERVED:
            raise CommandError("Mit KRM_MODE=served starten die Prozesse einzeln, siehe docker-compose.yml.")
        port = env.number("PORT", default=8000, least=1, most=65535)
        refuse_taken_port(port)
        call_command("prepare")
        if not Office.objects.exists():
            self.say("Lege die Beispieldienststellen an …")
            with unit_of_work():  # all of it or nothing: the next start would not fill a half
                call_command("demo")
        welcome = greeting(f"http://{LOOPBACK}:{port}")
        connections.close_all()
        children = [
            Child("Webserver", [sys.executable, "-m", "gunicorn", "krm.wsgi"], settings.BASE_DIR),
            Child("Hintergrundarbeit", [sys.executable, "manage.py", "worker"], settings.BASE_DIR),
        ]
        supervise(children, until_ready=lambda: answers(port), ready=lambda: self.say(welcome))
        self.say("KRM ist beendet.")

    def say(self, text: str) -> None:
        self.stdout.write(text)
        self.stdout.flush()


def answers(port: int) -> bool:
    """Whether somebody accepts connections there."""
    with socket.socket() as probe:
        probe.settimeout(0.2)
        return probe.connect_ex((LOOPBACK, port)) == 0


def refuse_taken_port(port: int) -> None:
    """Raises CommandError if another process listens there already, or if the port is not ours to take."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((LOOPBACK, port))
        except OSError as error:
            reason = "ist schon belegt" if error.errno == errno.EADDRINUSE else f"geht nicht ({error.strerror})"
            raise CommandError(f"Port {port} {reason}. Ein anderer geht so: PORT={port + 1} make start") from error
