"""`manage.py figures`: every figure of an office and a period as one JSON list, exact or as an audience may have it."""

import json
import sys
from datetime import date, datetime, time, timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction
from django.utils import timezone
from django.utils.dateparse import parse_date, parse_datetime

from offices.errors import NotAllowed
from offices.models import Office
from reporting.reading.all_figures import all_figures
from reporting.reading.tables import office_question
from reporting.rules.periods import Period
from reporting.rules.vocabulary import Audience


class Command(BaseCommand):
    help = "Gibt alle Kennzahlen einer Dienststelle für einen Zeitraum aus."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--office", required=True, metavar="KURZNAME")
        parser.add_argument("--from", required=True, dest="from_on", metavar="JJJJ-MM-TT", help="erster Tag")
        parser.add_argument("--to", required=True, dest="until_on", metavar="JJJJ-MM-TT", help="letzter Tag")
        parser.add_argument(
            "--as-known-at", metavar="T", help="was zu diesem Zeitpunkt bekannt war; ein Tag meint sein Ende"
        )
        parser.add_argument("--audience", choices=[a.value for a in Audience], default=Audience.INTERNAL.value)
        parser.add_argument("--json", action="store_true", required=True, help="als JSON auf die Standardausgabe")

    def handle(self, *args: Any, **options: Any) -> None:
        office = Office.objects.filter(slug=options["office"]).first()
        if office is None:
            raise CommandError(f"Eine Dienststelle „{options['office']}“ gibt es nicht.")
        known_at = _moment(options["as_known_at"]) if options["as_known_at"] else None
        stand = timezone.localdate(known_at) if known_at else timezone.localdate()
        try:
            period = Period(_day(options["from_on"]), _day(options["until_on"]))
        except NotAllowed as refusal:
            raise CommandError(refusal.reason) from None
        question = office_question(office, period, None, stand=stand, known_at=known_at)
        with transaction.atomic():
            rows = all_figures(question, office, Audience(options["audience"]))
        json.dump(rows, sys.stdout if self.stdout is None else self.stdout, ensure_ascii=False, indent=1)
        self.stdout.write("")


def _day(text: str) -> date:
    try:
        found = parse_date(text)
    except ValueError:
        found = None
    if found is None:
        raise CommandError(f"„{text}“ ist kein Tag in der Form 2026-11-23.")
    return found


def _moment(text: str) -> datetime:
    try:
        moment = parse_datetime(text) if len(text) > len("2026-11-23") else None
        if moment is None:
            return timezone.make_aware(datetime.combine(_day(text) + timedelta(days=1), time()))
    except ValueError:
        raise CommandError(f"„{text}“ ist kein Zeitpunkt in der Form 2026-11-23T14:00.") from None
    return moment if timezone.is_aware(moment) else timezone.make_aware(moment)
