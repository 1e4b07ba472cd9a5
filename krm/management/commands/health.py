"""`manage.py health`: what /health/ready answers, for a terminal, a container's own check, or a machine without web."""

from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from krm.operations.health.report import PARTS, WORDS, State, report_with_database


class Command(BaseCommand):
    help = "Zeigt den Zustand von KRM; Ausgang 1, wenn etwas gestört ist."
    requires_system_checks = ()  # it is asked often

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("part", nargs="*", choices=[[], *(part.name for part in PARTS)], metavar="TEIL")

    def handle(self, *args: Any, **options: Any) -> None:
        wanted = options["part"]
        findings = report_with_database(timezone.now(), timedelta.max).findings  # when KRM was started is not known
        shown = [finding for finding in findings if not wanted or finding.part.name in wanted]
        for finding in shown:
            self.stdout.write(f"{WORDS[finding.state]:<10}  {finding.part.label}: {finding.sentence}")
        if broken := [finding.part.label for finding in shown if finding.state in (State.RED, State.UNKNOWN)]:
            raise CommandError(f"Gestört: {', '.join(broken)}.")
