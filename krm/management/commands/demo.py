"""`manage.py demo`: five offices with people, and cases in every state in those whose rules are in force."""

import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from tqdm import tqdm

from krm import demo_cases, demo_house
from offices.models import Office


class Command(BaseCommand):
    help = "Legt Beispieldienststellen mit Personen und Vorgängen an, wenn die Datenbank leer ist."

    def handle(self, *args: Any, **options: Any) -> None:
        if Office.objects.exists():
            raise CommandError("Es gibt schon Dienststellen; die Beispiele kommen nur in eine leere Datenbank.")
        today = timezone.localdate()
        offices = demo_house.build().values()
        in_force = [office for office in offices if office.rule_sets.in_force(today).exists()]
        total = len(in_force) * len(demo_cases.STORIES)
        with tqdm(total=total, desc="Vorgänge", unit="", file=sys.stderr, disable=None) as bar:
            for office in in_force:
                demo_cases.populate(office, today, bar.update)
        self.stdout.write(f"{len(demo_house.OFFICES)} Dienststellen und {total} Vorgänge angelegt.")
