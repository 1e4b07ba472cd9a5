"""`manage.py demo`: five offices with people, and cases in every state in those whose rules are in force.

With `--cases` a nationwide house beyond them and as many cases as wanted, spread over ten years.
"""

import sys
import time
from argparse import ArgumentTypeError
from datetime import date, datetime, timedelta
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection
from django.utils import timezone
from tqdm import tqdm

from cases.notices.actions.sweep import sweep
from krm.demo import cases as demo_cases
from krm.demo import history as demo_history
from krm.demo import house as demo_house
from krm.demo import petitions as demo_petitions
from krm.demo import reports as demo_reports
from krm.demo import staff as demo_staff
from krm.demo.bulk import filling
from krm.demo.bulk.house import RULES_SINCE
from krm.demo.bulk.progress import Progress
from offices.models import Office
from offices.workdays import SATURDAY
from reporting.actions.summary import summarise

OPEN_SHARE = 100  # every so manieth case stays open
HALF_MADE = (
    "Hier wurde das Anlegen vieler Vorgänge abgebrochen; die Daten sind unvollständig und nicht zu gebrauchen. "
    "Bitte mit einer leeren Datenbank neu beginnen."
)
NOT_SERVED = (
    "Mit KRM_MODE=served gibt es keine Beispiele: Ihre Anmeldungen haben alle ein bekanntes Passwort. "
    "Die erste Dienststelle und ihr erstes Konto legt „manage.py first_account“ an."
)


class Command(BaseCommand):
    help = "Legt Beispieldienststellen mit Personen und Vorgängen an, wenn die Datenbank leer ist."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--cases", type=_number, metavar="N", help="dazu ein Haus über alle Länder mit N Vorgängen aus zehn Jahren"
        )
        parser.add_argument("--open", type=_number, metavar="M", help="davon noch offen (sonst jeder hundertste)")
        parser.add_argument("--seed", type=int, default=1, metavar="S", help="gleiche Zahl, gleiche Vorgänge (sonst 1)")
        parser.add_argument(
            "--until", type=_day, metavar="JJJJ-MM-TT", help="letzter Tag, an dem etwas geschah (sonst gestern)"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if settings.SERVED:
            raise CommandError(NOT_SERVED)
        today = timezone.localdate()
        self._check(options, today)
        if filling.is_half_made():
            raise CommandError(HALF_MADE)
        if Office.objects.exists():
            raise CommandError("Es gibt schon Dienststellen; die Beispiele kommen nur in eine leere Datenbank.")
        self._build_demo_house(today)
        if options["cases"] is not None:
            self._fill(options)

    def _check(self, options: dict[str, Any], today: date) -> None:
        """Fill in what was not said; CommandError for what cannot be."""
        if options["cases"] is None:
            if options["open"] is not None or options["until"]:
                raise CommandError("--open und --until gehören zu --cases.")
            return
        options["until"] = until = options["until"] or today - timedelta(days=1)
        earliest = RULES_SINCE.replace(year=RULES_SINCE.year + 1)
        if not earliest <= until < today:
            raise CommandError(f"Der letzte Tag liegt zwischen dem {earliest:%d.%m.%Y} und gestern.")
        if options["open"] is None:
            options["open"] = options["cases"] // OPEN_SHARE
        if options["open"] > options["cases"]:
            raise CommandError("Es können nicht mehr Vorgänge offen sein, als es gibt.")

    def _build_demo_house(self, today: date) -> None:
        offices = demo_house.build().values()
        in_force = [office for office in offices if office.rule_sets.in_force(today).exists()]
        petitions = sum(len(demo_petitions.STORIES.get(office.slug, ())) for office in in_force)
        total = len(in_force) * len(demo_cases.STORIES) + petitions
        for office in in_force:
            demo_staff.join(office)
        past = demo_history.write(in_force, today)
        with tqdm(total=total, desc="Vorgänge", unit="", file=sys.stderr, disable=None) as bar:
            for office in in_force:
                demo_cases.populate(office, today, bar.update)
                demo_petitions.populate(office, today, bar.update)
                if office.slug in demo_history.A_YEAR:
                    demo_reports.populate(office, today)
        summarise(now=timezone.now())
        sweep(last_morning(timezone.localtime()))
        self.stdout.write(f"{len(demo_house.OFFICES)} Dienststellen und {past + total} Vorgänge angelegt.")

    def _fill(self, options: dict[str, Any]) -> None:
        began = time.monotonic()
        try:
            with Progress("Vorgänge", options["cases"], sys.stderr) as bar:
                offices = filling.fill(
                    cases=options["cases"],
                    open_cases=options["open"],
                    seed=options["seed"],
                    until=options["until"],
                    progress=bar.add,
                    side_by_side=connection.vendor == "postgresql" and not connection.in_atomic_block,
                )
        except (filling.Interrupted, KeyboardInterrupt) as error:
            self.stderr.write(str(error))
            raise CommandError(f"Abgebrochen. {HALF_MADE}") from error
        minutes, seconds = divmod(round(time.monotonic() - began), 60)
        self.stdout.write(
            f"Dazu {offices} Dienststellen mit {options['cases']} Vorgängen, davon {options['open']} offen, "
            f"in {minutes} min {seconds} s."
        )


def last_morning(now: datetime) -> datetime:
    """Eight o'clock of the last Monday to Friday that has begun at `now`: people find what they were told then."""
    morning = now.replace(hour=8, minute=0, second=0, microsecond=0)
    while morning > now or morning.weekday() >= SATURDAY:
        morning -= timedelta(days=1)
    return morning


def _number(text: str) -> int:
    if not text.isdecimal():
        raise ArgumentTypeError(f"„{text}“ ist keine Anzahl")
    return int(text)


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise ArgumentTypeError(f"„{text}“ ist kein Tag in der Form 2026-11-23") from None
