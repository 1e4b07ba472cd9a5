"""Making a backup: one snapshot of the database and the documents it names."""

import json
import tomllib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection, models, transaction
from django.db.migrations.executor import MigrationExecutor

from krm.operations.backups.archive import BackupError, Writer, written
from krm.operations.backups.contents import Tally, shape, stored_files
from krm.operations.backups.tables import migrations, saved_models, slices

FORMAT = "krm-backup"
VERSION = 1
EVERY = 1_000  # documents between two lines of progress

Say = Callable[[str], None]


def backup(path: Path, *, now: datetime, say: Say) -> None:
    """Write everything into a new file while people go on working; `say` takes lines of progress.

    Raises BackupError if the file exists or cannot be written, or if the database is not of this version of KRM.
    """
    refuse_other_version()
    tally, damage = Tally(), []
    with written(path) as archive, snapshot():
        head = head_of(now)
        archive.add("head.json", _json(head))
        for model in saved_models():
            _add_table(archive, model, tally)
            say(f"{model._meta.label}: {tally.tables[model._meta.label].number} Zeilen")
        _add_documents(archive, tally, damage, say)
        archive.add("manifest.json", _json(head | tally.as_dict()))
    say(f"{tally.documents.number} Unterlagen, {tally.documents.size} Byte")
    for sentence in damage:
        say(f"Achtung: {sentence}")
    say(f"{path} ist fertig.")


def refuse_other_version() -> None:
    """Raises BackupError if `migrate` has something to do."""
    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        raise BackupError("Die Datenbank ist nicht auf dem Stand dieser Fassung von KRM; erst „manage.py prepare“.")


def head_of(now: datetime) -> dict[str, Any]:
    """What a backup is, before its contents: for people, and for the decision whether it fits."""
    project = tomllib.loads((settings.BASE_DIR / "pyproject.toml").read_text(encoding="utf-8"))
    return {
        "format": FORMAT,
        "version": VERSION,
        "created_at": now.isoformat(),
        "krm": project["project"]["version"],
        "database": connection.vendor,
        "migrations": migrations(),
        "columns": shape(),
    }


@contextmanager
def snapshot() -> Iterator[None]:
    """Inside, the database looks as it did at the beginning, and nobody has to wait for the reader."""
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("BEGIN DEFERRED")  # Django's own transactions begin as those of a writer
            try:
                yield
            finally:
                cursor.execute("ROLLBACK")
    else:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            yield


def _add_table(archive: Writer, model: type[models.Model], tally: Tally) -> None:
    label = model._meta.label
    for number, content in enumerate(slices(model), start=1):
        archive.add(f"tables/{label}/{number:06}.ndjson", content)
        tally.add_slice(label, content)


def _add_documents(archive: Writer, tally: Tally, damage: list[str], say: Say) -> None:
    missing: list[str] = []
    for file in stored_files(settings.MEDIA_ROOT, missing):
        archive.add_file(f"documents/{file.name}", file.stream, file.sha256)
        tally.add_document(file.name, file.sha256, file.size)
        if not file.intact:
            damage.append(f"Die Datei {file.name} ist nicht mehr die, die abgelegt wurde.")
        if tally.documents.number % EVERY == 0:
            say(f"{tally.documents.number} Unterlagen …")
    damage.extend(f"Die Datei {name} fehlt im Ordner der Unterlagen." for name in missing)


def _json(content: dict[str, Any]) -> bytes:
    return json.dumps(content, ensure_ascii=False, indent=1).encode()
