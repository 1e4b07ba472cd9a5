"""`manage.py restore FILE`: a backup into an empty KRM, on whichever kind of database."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from krm.operations.backups.archive import BackupError
from krm.operations.backups.restoring import check, restore


class Command(BaseCommand):
    help = "Spielt eine Sicherung in ein leeres KRM zurück: alles oder nichts."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", metavar="DATEI", type=Path)
        parser.add_argument("--check", action="store_true", help="nur die Prüfsummen prüfen, nichts schreiben")

    def handle(self, *args: Any, **options: Any) -> None:
        work = check if options["check"] else restore
        try:
            work(options["file"], say=self.say)
        except BackupError as error:
            raise CommandError(str(error)) from error

    def say(self, line: str) -> None:
        self.stdout.write(line)
        self.stdout.flush()
