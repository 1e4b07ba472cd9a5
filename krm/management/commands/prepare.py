"""`manage.py prepare`: database, facts and static files as this version of KRM needs them."""

from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand

from krm.staticfiles import collect_if_changed
from reporting.actions.facts import rebuild_missing


class Command(BaseCommand):
    help = "Bringt Datenbank und statische Dateien auf den Stand dieser Version, auch mehrmals."

    def handle(self, *args: Any, **options: Any) -> None:
        call_command("migrate", interactive=False, verbosity=0)
        rebuild_missing()
        collect_if_changed()
