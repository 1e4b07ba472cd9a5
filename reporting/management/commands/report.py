"""`manage.py report quarter 2026-Q3 --office pankow --out DIR`: writes a report as PDF and XLSX.

The report that is there for this office and period, approved or not, else one made now and not kept.
"""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from offices.errors import NotAllowed
from offices.letterhead import LetterError
from offices.models import Office
from reporting.models import Report
from reporting.reading.content import content_of
from reporting.reading.report_files import report_pdf, report_xlsx
from reporting.rules.periods import LENGTHS, Period
from reporting.rules.vocabulary import Audience, ReportKind


class Command(BaseCommand):
    help = "Schreibt einen Bericht als PDF und XLSX in einen Ordner."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("kind", choices=[kind.value for kind in LENGTHS], metavar="ART",
                            help="quarter, half_year oder year")  # fmt: skip
        parser.add_argument("period", metavar="ZEITRAUM", help="2026-Q3, 2026-H1 oder 2025")
        parser.add_argument("--office", required=True, metavar="KURZNAME")
        parser.add_argument("--out", required=True, type=Path, metavar="ORDNER")
        parser.add_argument(
            "--audience", choices=[a.value for a in Audience], default=None, help="sonst wie der Bericht"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        office = Office.objects.filter(slug=options["office"]).first()
        if office is None:
            raise CommandError(f"Eine Dienststelle „{options['office']}“ gibt es nicht.")
        kind = ReportKind(options["kind"])
        try:
            period = Period.parse(kind, options["period"])
            report = self._report(office, kind, period, options["audience"])
            options["out"].mkdir(parents=True, exist_ok=True)
            for ending, content in (("pdf", report_pdf(report)), ("xlsx", report_xlsx(report))):
                path = options["out"] / f"{report.file_name}.{ending}"
                path.write_bytes(content)
                self.stdout.write(str(path))
        except (NotAllowed, LetterError, OSError) as error:
            raise CommandError(str(error)) from error

    def _report(self, office: Office, kind: ReportKind, period: Period, audience: str | None) -> Report:
        there = Report.objects.filter(office=office, kind=kind, from_on=period.from_on, until_on=period.until_on)
        there = there.filter(audience=audience) if audience else there
        found = there.exclude(content={}).order_by("-approved_at", "pk").first()
        if found:
            return found
        now = timezone.now()
        report = Report(
            office=office, kind=kind, from_on=period.from_on, until_on=period.until_on, created_at=now,
            recipient="ohne Empfänger", audience=audience or Audience.INTERNAL, stand_at=now,
        )  # fmt: skip
        report.content = content_of(report, now)
        return report
