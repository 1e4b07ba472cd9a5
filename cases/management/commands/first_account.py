"""`manage.py first_account`: the first office and the first administrator of a real installation, and their link."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from cases.administration.actions.first_account import open_house
from offices.calendars import STATES
from offices.errors import NotAllowed
from offices.models import Office, User
from offices.models.units import Employer, OfficeType
from offices.queries import Actor
from offices.rules import presets

OF_OFFICE = ("code", "slug", "name", "type", "state", "street", "postcode", "city", "phone", "management_employer")


class Command(BaseCommand):
    help = "Legt die erste Dienststelle und ihr erstes Konto an und nennt den einmaligen Link zum Passwort."

    def add_arguments(self, parser: CommandParser) -> None:
        office = parser.add_argument_group("Dienststelle")
        office.add_argument("--name", required=True, help="etwa „Jobcenter Musterstadt“")
        office.add_argument("--code", required=True, help="Kürzel vor jeder Vorgangsnummer, etwa MUS")
        office.add_argument("--slug", required=True, help="Kurzname in Befehlen, etwa musterstadt")
        office.add_argument("--type", choices=OfficeType.values, default=OfficeType.JOBCENTER.value)
        office.add_argument("--state", choices=list(STATES), required=True, help="Land, für die Feiertage")
        office.add_argument("--street", required=True)
        office.add_argument("--postcode", required=True)
        office.add_argument("--city", required=True)
        office.add_argument("--phone", default="")
        office.add_argument(
            "--management-employer",
            choices=Employer.values,
            default=Employer.FEDERAL_AGENCY.value,
            help="Dienstherr der Geschäftsführung",
        )
        office.add_argument("--preset", choices=presets.slugs(), required=True, help="das Regelwerk am Anfang")
        person = parser.add_argument_group("erste technische Administration")
        person.add_argument("--login", required=True, help="Anmeldename")
        person.add_argument("--first-name", required=True)
        person.add_argument("--last-name", required=True)
        person.add_argument("--email", default="", help="dienstliche Adresse der Person")

    def handle(self, *args: Any, **options: Any) -> None:
        person = User(
            username=options["login"],
            first_name=options["first_name"],
            last_name=options["last_name"],
            email=options["email"],
        )
        office = Office(**{name: options[name] for name in OF_OFFICE})
        by = Actor(user=None, today=timezone.localdate())
        try:
            link = open_house(by=by, office=office, preset=options["preset"], person=person)
        except NotAllowed as refusal:
            raise CommandError(refusal.reason) from refusal
        self.stdout.write(
            f"{office.name} ist angelegt, dazu das Konto {person.username}.\n\n"
            f"Passwort wählen, einmal und innerhalb von drei Tagen:\n{link}\n\n"
            "Danach unter „Personen“ und „Einheiten“ alle übrigen eintragen."
        )
