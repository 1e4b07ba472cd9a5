"""`manage.py start`: the whole of the embedded mode, from an empty folder to the login page."""

import errno
import socket
import sys
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from krm import env
from krm.processes import Child, supervise
from offices.models import Office

LOOPBACK = "127.0.0.1"
MANAGE = settings.BASE_DIR / "manage.py"


class Command(BaseCommand):
    help = "Startet KRM auf diesem Rechner: Datenbank, Beispieldienststellen, Webserver, Hintergrundarbeit."

    def handle(self, *args: Any, **options: Any) -> None:
        if settings.SERVED:
            raise CommandError("Mit KRM_MODE=served starten die Prozesse einzeln, siehe docker-compose.yml.")
        port = env.number("PORT", default=8000, least=1, most=65535)
        refuse_taken_port(port)
        call_command("prepare")
        if not Office.objects.exists():
            self.stdout.write("Lege die Beispieldienststellen an …")
            call_command("demo")
        children = [
            Child("Webserver", [sys.executable, "-m", "gunicorn", "krm.wsgi"], settings.BASE_DIR),
            Child("Hintergrundarbeit", [sys.executable, str(MANAGE), "worker"], settings.BASE_DIR),
        ]
        supervise(children, on_poll=Greeting(self, port))
        self.stdout.write("KRM ist beendet.")


class Greeting:
    """Says once where KRM is to be found, as soon as it answers there."""

    def __init__(self, command: Command, port: int) -> None:
        self.command = command
        self.port = port
        self.said = False

    def __call__(self) -> None:
        if self.said or not answers(self.port):
            return
        self.said = True
        self.command.stdout.write(f"\nKRM läuft: http://{LOOPBACK}:{self.port}\nBeenden mit Strg-C.\n")
        self.command.stdout.flush()


def answers(port: int) -> bool:
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
            reason = (
                "ist schon belegt" if error.errno == errno.EADDRINUSE else f"geht nicht ({error.strerror})"
            )
            raise CommandError(
                f"Port {port} {reason}. Ein anderer geht so: PORT={port + 1} make start"
            ) from error
