"""`manage.py facts --check`: whether the facts say what the cases say; `--rebuild` makes them anew."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from offices.models import Office
from reporting.actions.facts import check, rebuild


class Command(BaseCommand):
    help = "Prüft die Fakten der Auswertung gegen die Vorgänge oder legt sie neu an."

    def add_arguments(self, parser: CommandParser) -> None:
        what = parser.add_mutually_exclusive_group(required=True)
        what.add_argument("--check", action="store_true", help="nennt Abweichungen und endet dann mit 1")
        what.add_argument("--rebuild", action="store_true", help="für ein System aus der Zeit vor der Auswertung")
        parser.add_argument("--office", metavar="KURZNAME", help="nur diese Dienststelle")

    def handle(self, *args: Any, **options: Any) -> None:
        offices = Office.objects.order_by("pk")
        if slug := options["office"]:
            offices = offices.filter(slug=slug)
            if not offices:
                raise CommandError(f"Eine Dienststelle „{slug}“ gibt es nicht.")
        if options["rebuild"]:
            cases = sum(rebuild(office) for office in offices)
            self.stdout.write(f"Fakten von {cases} Vorgängen angelegt.")
            return
        wrong = 0
        for office in offices:
            for found in check(office):
                wrong += 1
                columns = ", ".join(found.columns) or "fehlt oder ist zu viel"
                self.stdout.write(f"{office.slug}: {found.what} {found.pk} {found.key}: {columns}")
        if wrong:
            raise CommandError(f"{wrong} Abweichungen.")
        self.stdout.write("Die Fakten stimmen mit den Vorgängen überein.")
