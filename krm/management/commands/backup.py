"""`manage.py backup FILE`: database and documents in one file."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from krm.operations.backups.archive import BackupError
from krm.operations.backups.making import backup


class Command(BaseCommand):
    help = "Sichert Datenbank und Unterlagen in eine neue Datei, auch während gearbeitet wird."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", metavar="DATEI", type=Path, help="etwa krm-2026-11-23.tar.gz; darf nicht da sein")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            backup(options["file"], now=timezone.localtime(), say=self.say)
        except BackupError as error:
            raise CommandError(str(error)) from error

    def say(self, line: str) -> None:
        self.stdout.write(line)
        self.stdout.flush()
