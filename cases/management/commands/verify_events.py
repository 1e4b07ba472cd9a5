"""`manage.py verify_events`: walks every office's log and finds what was changed, removed, inserted or reordered."""

from collections.abc import Iterator
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from cases.models import Event, EventChain
from cases.rules.chain import GENESIS, Link, first_break
from offices.models import Office

CHUNK = 2_000


class Command(BaseCommand):
    help = "Prüft die Prüfsummen des Protokolls und nennt den ersten Eintrag, der nicht stimmt."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--office", metavar="KURZNAME", help="nur diese Dienststelle, z. B. pankow")

    def handle(self, *args: Any, **options: Any) -> None:
        offices = Office.objects.order_by("slug")
        if slug := options["office"]:
            offices = offices.filter(slug=slug)
            if not offices:
                raise CommandError(f"Eine Dienststelle „{slug}“ gibt es nicht.")
        broken = [office.slug for office in offices if not self._verify(office)]
        if broken:
            raise CommandError(f"Das Protokoll ist nicht unversehrt: {', '.join(broken)}.")

    def _verify(self, office: Office) -> bool:
        walk = Walk(office)
        found = first_break(walk) or walk.break_at_the_end()
        if found:
            self.stdout.write(f"{office.slug}: {found[1]}.")
        else:
            self.stdout.write(f"{office.slug}: {walk.count} Einträge, unversehrt.")
        return not found


class Walk:
    """An office's entries in their order, read in chunks; remembers how many there were and the last hash."""

    def __init__(self, office: Office):
        self.office = office
        self.count = 0
        self.last = GENESIS

    def __iter__(self) -> Iterator[Link]:
        events = Event.objects.filter(office=self.office).order_by("seq", "pk")
        for event in events.iterator(chunk_size=CHUNK):
            self.count, self.last = self.count + 1, event.hash
            yield Link(event.seq, event.content(), event.previous, event.hash)

    def break_at_the_end(self) -> tuple[int, str] | None:
        """What the chain itself cannot show: entries cut off at its end, seen from the head that is kept beside it."""
        head = EventChain.objects.filter(office=self.office).first()
        seq, last = (head.seq, head.head) if head else (0, GENESIS)
        if seq > self.count:
            return self.count + 1, f"Eintrag {self.count + 1} fehlt, nach dem Kopf der Kette gibt es {seq}"
        if (seq, last) != (self.count, self.last):
            return self.count, f"Eintrag {self.count} passt nicht zum Kopf der Kette"
        return None
