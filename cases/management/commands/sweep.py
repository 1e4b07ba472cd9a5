"""`manage.py sweep`: one run of the Fristenwächter by hand, also at another time or only to see what it would do."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from cases.models import Mail, Notice
from cases.notices.actions.preview import preview
from cases.notices.actions.sweep import SweepReport, sweep
from cases.notices.reading.mail import about
from cases.outbox.actions.mailing import MATTERS, compose
from offices.models import User


class Command(BaseCommand):
    help = "Sieht einmal nach, was fällig ist, und teilt es mit."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--at", metavar="ISO", help="als wäre es dieser Zeitpunkt, z. B. 2026-11-23T08:00")
        parser.add_argument("--dry-run", action="store_true", help="nur zeigen, was mitgeteilt und versandt würde")

    def handle(self, *args: Any, at: str | None, dry_run: bool, **options: Any) -> None:
        now = moment(at) if at else timezone.now()
        if dry_run:
            found = preview(now)
            self.show(found.notices, found.mails)
            self.say(found.report, len(found.mails))
            self.stdout.write("Nur gezeigt: nichts davon ist geschehen.")
            failed = found.report.failed, 0
        else:
            first_notice, first_mail = _last(Notice), _last(Mail)
            report = sweep(now)
            mails = compose(now, troubled=report.troubled)
            self.show(_after(first_notice), _mails_after(first_mail))
            self.say(report, mails.made)
            failed = report.failed, mails.failed
        if any(failed):
            raise CommandError(
                f"{failed[0]} Fristen und {failed[1]} E-Mails ließen sich nicht bearbeiten; "
                "das Protokoll nennt die Gründe."
            )

    def say(self, report: SweepReport, mails: int) -> None:
        self.stdout.write(
            f"{report.looked_at} Fristen angesehen, {report.told} Mitteilungen, "
            f"{report.passed} übersprungen, {mails} E-Mails"
        )
        if report.unreached:
            self.stdout.write(f"{report.unreached} Fristen, von denen sich niemand unterrichten lässt")

    def show(self, notices: Sequence[Notice], mails: Sequence[tuple[User, str]]) -> None:
        """What this run made, a line each: deadlines by reference and people by account, no names."""
        accounts = dict(User.objects.filter(pk__in=_people(notices)).values_list("pk", "username"))
        for notice in notices:
            whom = accounts[notice.recipient_id]
            if notice.in_place_of_id:
                whom += f" i. V. {accounts[notice.in_place_of_id]}"
            what = "übersprungen" if notice.was_skipped else notice.get_urgency_display()
            until = f"fällig {notice.due_on:%d.%m.%Y}" if notice.due_on else "ohne Frist"
            self.stdout.write(f"{whom}: {about(notice)}, {until}, {what}")
        for to, subject in mails:
            self.stdout.write(f"E-Mail an {to.username}: {subject}")


def moment(text: str) -> datetime:
    """An ISO time, in the office's zone where it names none; CommandError for anything else."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError as error:
        raise CommandError(f"„{text}“ ist kein Zeitpunkt; erwartet wird z. B. 2026-11-23T08:00.") from error
    return found if timezone.is_aware(found) else timezone.make_aware(found)


def _last(model: type[Notice] | type[Mail]) -> int:
    return model.objects.order_by("-pk").values_list("pk", flat=True).first() or 0


def _after(first: int) -> list[Notice]:
    return list(Notice.objects.filter(pk__gt=first).select_related(*MATTERS).order_by("pk"))


def _mails_after(first: int) -> list[tuple[User, str]]:
    return [(mail.to, mail.subject) for mail in Mail.objects.filter(pk__gt=first).select_related("to").order_by("pk")]


def _people(notices: Sequence[Notice]) -> set[int]:
    return {pk for notice in notices for pk in (notice.recipient_id, notice.in_place_of_id) if pk}
