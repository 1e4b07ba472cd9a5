"""A second installation for tests of backups, worked on by processes of its own: `python -m tests.krm.another WORK`.

Which one it is says the environment (KRM_DATA_DIR, DATABASE_URL), as for every process of KRM.
"""

import json
import os
import signal
import sys
from concurrent.futures import ThreadPoolExecutor
from hashlib import sha256
from pathlib import Path

import django

django.setup()

from django.apps import apps  # noqa: E402 - from here on there are models
from django.conf import settings  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.db import connection  # noqa: E402
from django.db.migrations.loader import MigrationLoader  # noqa: E402
from django.db.migrations.recorder import MigrationRecorder  # noqa: E402
from django.test import Client  # noqa: E402
from django.utils import timezone  # noqa: E402
from guardian.shortcuts import assign_perm  # noqa: E402

from cases import recording  # noqa: E402
from cases.documents import add_document  # noqa: E402
from cases.letters.actions.writing import draft_letter  # noqa: E402
from cases.models import CaseUserGrant, Letter  # noqa: E402
from cases.outbox.actions.heartbeat import beat, beat_of_worker  # noqa: E402
from cases.rules.registration import UploadedFile  # noqa: E402
from cases.signing.actions import issue_letter  # noqa: E402
from cases.tasks import render_letters  # noqa: E402
from krm.demo import house as demo_house  # noqa: E402
from krm.operations.backups.making import backup  # noqa: E402
from krm.operations.backups.restoring import restore  # noqa: E402
from offices.models import User  # noqa: E402
from tests import make  # noqa: E402
from tests.cast import TODAY, actor  # noqa: E402

recording.coin = lambda: 0  # numbers without gaps, so that tests can name them

PASSWORD = "ein-langes-Passwort"


def empty() -> None:
    """The tables of this version, without the minutes that all migrations take one after the other; a worker runs."""
    settings.MIGRATION_MODULES = {app.label: None for app in apps.get_app_configs()}
    call_command("migrate", run_syncdb=True, verbosity=0)
    settings.MIGRATION_MODULES = {}
    recorder = MigrationRecorder(connection)
    recorder.ensure_schema()
    for app, name in MigrationLoader(connection).disk_migrations:
        recorder.record_applied(app, name)
    beat_of_worker("here", timezone.now())


def filled() -> None:
    """An office with cases, a document, a letter with its PDF, and one grant; the mail server takes nothing."""
    empty()
    beat("outage", timezone.now())
    demo_house.build(("pankow",))
    krm = actor("pankow.krm")
    user = krm.user
    user.set_password(PASSWORD)
    user.save()
    first, second = make.case(krm), make.case(krm, text="Zeilen\r\nund „Zeichen“ \u2028 – 😀")
    content = b"Guten Tag"
    file = UploadedFile("brief.txt", "text/plain", content, sha256(content).hexdigest())
    add_document(by=krm, case=first, file=file)
    letter = draft_letter(by=krm, case=second, kind=Letter.Kind.ACKNOWLEDGEMENT)
    issue_letter(by=krm, letter=letter, expected_version=letter.version, dated_on=TODAY)
    render_letters()
    assign_perm("read_single_case", User.objects.get(username="pankow.ma"), first)


def told() -> None:
    """What is there and whether one can work with it, as JSON."""
    own = ("sessions.Session", "cases.Heartbeat")  # of each system
    models = [model for model in apps.get_models(include_auto_created=True) if model._meta.label not in own]
    facts = {
        "rows": {model._meta.label: model._base_manager.count() for model in models},
        "files": files(settings.MEDIA_ROOT),
        "grants": [[grant.permission.codename, grant.user.username] for grant in CaseUserGrant.objects.all()],
    }
    call_command("verify_events", stdout=sys.stderr)
    facts["signs in"] = Client(SERVER_NAME="127.0.0.1").login(username="pankow.krm", password=PASSWORD)
    facts["next case"] = make.case(actor("pankow.krm")).reference
    sys.stdout.write(json.dumps(facts))


def files(folder: Path) -> dict[str, str]:
    found = sorted(path for path in folder.rglob("*") if path.is_file())
    return {str(path.relative_to(folder)): sha256(path.read_bytes()).hexdigest() for path in found}


def killed(file: str, moment: str) -> None:
    """A restore that is killed when it says this line, or when the files are in their place but the rows are not."""

    def kill() -> None:
        os.kill(os.getpid(), signal.SIGKILL)

    if moment == "files moved":
        os.sync = kill
    restore(Path(file), say=lambda line: kill() if line.startswith(moment) else None)


def busy(file: str) -> None:
    """A backup during which somebody registers a case, after the first table is written."""

    def say(text: str) -> None:
        if text.startswith("offices.User:"):
            with ThreadPoolExecutor(1) as somebody:
                somebody.submit(register).result()

    backup(Path(file), now=timezone.localtime(), say=say)


def register() -> None:
    make.case(actor("pankow.krm"))
    connection.close()


if __name__ == "__main__":
    {"empty": empty, "filled": filled, "told": told, "killed": killed, "busy": busy}[sys.argv[1]](*sys.argv[2:])
