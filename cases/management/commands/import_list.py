"""Registers the rows of a list through the same action as the page; a second run registers nothing twice."""

import sys
from collections import Counter
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone
from tqdm import tqdm

from cases.intake.actions.register import AlreadyRegistered, register
from cases.intake.reading.importing import LONGEST_IDENTITY, MAPS, ListUnreadable, RowRefused, rows
from cases.lookup import usual_legal_area
from cases.models import Case, Topic
from cases.unit_of_work import unit_of_work
from offices.errors import NotAllowed
from offices.models import Office, User
from offices.queries import Actor, actor_for, memberships_on
from offices.roles import Permission, Role

NEW, KNOWN, REFUSED = "new", "known", "refused"


class Command(BaseCommand):
    help = "Erfasst die Zeilen einer Liste als Vorgänge; was schon erfasst ist, wird übergangen."

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path, metavar="DATEI", help="CSV-Datei in UTF-8 mit Kopfzeile")
        parser.add_argument("--office", required=True, metavar="KURZNAME", help="Dienststelle, zum Beispiel pankow")
        parser.add_argument("--map", required=True, metavar="LISTE", help=f"Art der Liste: {', '.join(MAPS)}")
        parser.add_argument("--by", metavar="BENUTZERNAME", help="wer erfasst; sonst die erste KRM-Beauftragte Person")
        parser.add_argument("--dry-run", action="store_true", help="prüft jede Zeile und ändert nichts")

    def handle(self, *, file, office, by, dry_run, **options):
        list_map = MAPS.get(options["map"])
        if list_map is None:
            raise CommandError(f"Eine Liste „{options['map']}“ ist nicht bekannt; möglich ist: {', '.join(MAPS)}.")
        found = Office.objects.filter(slug=office).first()
        if found is None:
            slugs = ", ".join(Office.objects.order_by("slug").values_list("slug", flat=True))
            raise CommandError(f"Eine Dienststelle „{office}“ gibt es nicht; vorhanden: {slugs or 'keine'}.")
        try:
            todo = rows(file, list_map)
        except ListUnreadable as error:
            raise CommandError(str(error)) from error
        self.importer = _Importer(found, _actor(found, by), list_map, dry_run=dry_run)
        try:
            self._import(todo, list_map)
        except KeyboardInterrupt:
            raise CommandError(f"Abgebrochen. {self._summary(dry_run)} Ein neuer Lauf macht dort weiter.") from None
        self.stdout.write(self._summary(dry_run))

    def _import(self, todo, list_map):
        for number, row in enumerate(tqdm(todo, unit=" Zeilen", file=sys.stderr, disable=None), start=1):
            if reason := self.importer.take(row):
                with tqdm.external_write_mode(file=sys.stderr):
                    identity = "".join(filter(str.isprintable, row[list_map.id_column]))[:LONGEST_IDENTITY] or "ohne"
                    self.stdout.write(f"Zeile {number}, {list_map.id_column} {identity}: {reason}")

    def _summary(self, dry_run):
        counts = self.importer.counts
        verb = "wären neu zu erfassen (Probelauf, nichts geändert)" if dry_run else "neu erfasst"
        return f"{counts[NEW]} {verb}, {counts[KNOWN]} schon vorhanden, {counts[REFUSED]} abgelehnt."


class _Importer:
    """Takes row after row, each in a transaction of its own, and counts what became of them."""

    def __init__(self, office: Office, by: Actor, list_map, *, dry_run: bool):
        self.office, self.by, self.list_map, self.dry_run = office, by, list_map, dry_run
        self.legal_area = usual_legal_area(office)
        topics = Topic.objects.filter(office=office, is_active=True)
        self.topics = {(topic.group, topic.name): (topic.pk, topic.nature) for topic in topics}
        source = f"{list_map.name}:"
        known = Case.objects.filter(office=office, import_key__startswith=source)
        self.known = set(known.values_list("import_key", flat=True))
        self.counts = Counter()

    def take(self, row: dict[str, str]) -> str | None:
        """Register the row unless it is known; the German sentence why it was refused, else None."""
        try:
            outcome = self._register(row)
        except (RowRefused, NotAllowed) as refusal:
            self.counts[REFUSED] += 1
            return str(refusal)
        self.counts[outcome] += 1
        return None

    def _register(self, row: dict[str, str]) -> str:
        entry = self.list_map.entry(row)
        if entry.key in self.known:
            return KNOWN
        registration = entry.registration(self.topics, self.legal_area)
        try:
            with unit_of_work():
                register(by=self.by, office=self.office, registration=registration)
                transaction.set_rollback(self.dry_run)
        except AlreadyRegistered:  # by another run at the same time
            return KNOWN
        self.known.add(entry.key)
        return NEW


def _actor(office: Office, username: str | None) -> Actor:
    """Who registers: the named person, else the office's first KRM officer; CommandError where nobody may."""
    today = timezone.localdate()
    if username:
        user = User.objects.filter(username=username, is_active=True).first()
        if user is None:
            raise CommandError(f"Eine Person „{username}“ gibt es nicht.")
    else:
        officers = memberships_on(today).filter(office=office, role=Role.KRM_OFFICER).order_by("pk")
        seat = officers.select_related("user").first()
        if seat is None:
            raise CommandError(f"„{office}“ hat keine KRM-Beauftragten; bitte mit --by angeben, wer erfasst.")
        user = seat.user
    actor = actor_for(user, today)
    if not actor.may(Permission.REGISTER, office.pk):
        raise CommandError(f"„{user.username}“ darf in dieser Dienststelle nicht erfassen.")
    return actor
