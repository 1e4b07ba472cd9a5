"""Restoring a backup into an empty system: all of it or nothing, checked before and after."""

import json
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.apps import apps
from django.conf import settings
from django.core.exceptions import SuspiciousOperation, ValidationError
from django.core.files.utils import validate_file_name
from django.db import DatabaseError, connection, transaction

from krm.operations.backups.archive import BackupError, Part, parts
from krm.operations.backups.contents import Tally, shape, stored_files
from krm.operations.backups.making import EVERY, FORMAT, VERSION, Say, refuse_other_version
from krm.operations.backups.tables import insert, migrations, reset_sequences, saved_models, slices

# Inside the folder of the documents, so that moving out of it never crosses a file system. As long as it is there, the
# restore is not complete, and whatever lies beside it comes from that restore.
STAGING = ".restoring"

Contents = dict[str, Any]


def check(path: Path, *, say: Say) -> Contents:
    """Read the whole file and compare every checksum; returns the manifest.

    Raises BackupError if it is no intact backup, or one of another version of KRM.
    """
    tally, head, manifest = Tally(), None, None
    for part in parts(path):
        if head is None:
            head = _head(part)
        elif manifest is not None:
            raise BackupError("Die Sicherung ist beschädigt: Nach ihrem Verzeichnis steht noch etwas.")
        elif part.name == "manifest.json":
            manifest = _object(part)
        else:
            _count(part, tally)
    if head is None or manifest is None:
        raise BackupError("Die Sicherung ist abgeschnitten: Ihr Verzeichnis fehlt.")
    if manifest != head | tally.as_dict():
        raise BackupError("Die Sicherung ist beschädigt: Was darin liegt, passt nicht zu ihrem Verzeichnis.")
    say(f"Die Sicherung vom {manifest['created_at']} ({manifest['database']}) ist unversehrt.")
    return manifest


def restore(path: Path, *, say: Say) -> None:
    """Fill the empty system; interrupted at any moment, it is as empty as before and the restore can be repeated.

    Raises BackupError as `check` does, and if the system is not empty or does not take what the backup holds.
    """
    refuse_other_version()
    refuse_people_or_cases()
    expected = check(path, say=say)
    with nothing_or_all(settings.MEDIA_ROOT) as staging:
        try:
            _load(path, staging, say)
            connection.check_constraints()
        except (DatabaseError, ValidationError, ValueError) as error:
            sentence = "Diese Datenbank nimmt die Zeilen der Sicherung nicht an. Nichts ist geschrieben."
            raise BackupError(sentence) from error
        reset_sequences()
        if _written(staging).as_dict() != {key: expected[key] for key in ("tables", "documents")}:
            raise BackupError("Nach dem Schreiben stimmen die Prüfsummen nicht. Nichts ist geschrieben.")
        say("Alle Prüfsummen stimmen auch nach dem Schreiben.")
    say(f"Zurückgespielt: {expected['documents']['count']} Unterlagen und alle Tabellen.")


def refuse_people_or_cases() -> None:
    """Raises BackupError unless every table is empty that a backup fills: no offices, no people, no cases."""
    for model in (*apps.get_app_config("offices").get_models(), *saved_models()):
        if model._base_manager.exists():
            name = model._meta.verbose_name_plural
            raise BackupError(f"Zurückgespielt wird nur in ein leeres KRM; hier gibt es schon etwas unter „{name}“.")


@contextmanager
def nothing_or_all(folder: Path) -> Iterator[Path]:
    """A transaction, and beside it a folder whose files move to the documents just before the commit."""
    staging = folder / STAGING
    try:
        with transaction.atomic():
            _lock()
            refuse_people_or_cases()
            _clear(folder)
            folder.mkdir(mode=settings.FILE_UPLOAD_DIRECTORY_PERMISSIONS, parents=True, exist_ok=True)
            staging.mkdir(mode=settings.FILE_UPLOAD_DIRECTORY_PERMISSIONS)
            try:
                yield staging
                for entry in sorted(staging.iterdir()):
                    entry.rename(folder / entry.name)
                os.sync()
            except BaseException:
                _clear(folder)
                raise
        staging.rmdir()
    except OSError as error:
        raise BackupError(f"Die Unterlagen lassen sich nicht schreiben: {error.strerror or error}.") from error


def _lock() -> None:
    """A second restore waits for the first; SQLite has one writer at a time anyway."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("LOCK TABLE offices_office IN EXCLUSIVE MODE")


def _clear(folder: Path) -> None:
    """Removes what an interrupted restore left. Raises BackupError if files lie there that are not of a restore."""
    if not folder.exists() or not any(folder.iterdir()):
        return
    staging = folder / STAGING
    if not staging.exists():
        raise BackupError(f"In {folder} liegen schon Dateien. Bitte vorher ansehen und woandershin legen.")
    for entry in folder.iterdir():
        if entry.is_dir() and entry != staging:
            shutil.rmtree(entry)
        elif entry != staging:
            entry.unlink()
    shutil.rmtree(staging)  # last: it says that the rest may go


def _load(path: Path, staging: Path, say: Say) -> None:
    models = {model._meta.label: model for model in saved_models()}
    label, number = "", 0
    for part in parts(path):
        kind, _, name = part.name.partition("/")
        if kind == "tables":
            if label != (label := name.partition("/")[0]):
                say(f"{label} …")
            insert(models[label], part.read())
        elif kind == "documents":
            _store(part, staging / name)
            number += 1
            if number % EVERY == 0:
                say(f"{number} Unterlagen …")


def _store(part: Part, path: Path) -> None:
    path.parent.mkdir(mode=settings.FILE_UPLOAD_DIRECTORY_PERMISSIONS, parents=True, exist_ok=True)
    with open(os.open(path, os.O_CREAT | os.O_TRUNC | os.O_WRONLY, settings.FILE_UPLOAD_PERMISSIONS), "wb") as file:
        for block in part.blocks():
            file.write(block)


def _written(staging: Path) -> Tally:
    """What lies in the database and in the folder now."""
    tally = Tally()
    for model in saved_models():
        for content in slices(model):
            tally.add_slice(model._meta.label, content)
    for file in stored_files(staging, missing=[]):
        tally.add_document(file.name, file.sha256, file.size)
    return tally


def _head(part: Part) -> Contents:
    """The first part. Raises BackupError if this is not a backup, or not one for this version of KRM."""
    head = _object(part) if part.name == "head.json" else {}
    if head.get("format") != FORMAT:
        raise BackupError("Das ist keine Sicherung von KRM.")
    if head.get("version") != VERSION:
        raise BackupError(
            f"Die Sicherung hat das Format {head.get('version')}; diese Fassung von KRM liest nur Format {VERSION}."
        )
    if head.get("migrations") != migrations() or head.get("columns") != shape():
        raise BackupError(
            f"Die Sicherung stammt aus KRM {head.get('krm')} mit anderem Aufbau der Datenbank. Bitte mit derselben "
            "Fassung von KRM zurückspielen und danach aktualisieren."
        )
    return head


def _count(part: Part, tally: Tally) -> None:
    kind, _, name = part.name.partition("/")
    label = name.partition("/")[0]
    if kind == "tables" and label in tally.tables:
        tally.add_slice(label, part.read())
    elif kind == "documents" and _is_harmless(name):
        tally.add_document(name, part.expected, part.size)
    else:
        raise BackupError("Die Sicherung ist beschädigt: Sie enthält etwas, das nicht hineingehört.")


def _is_harmless(name: str) -> bool:
    """Whether the file stays inside the folder and is not hidden."""
    try:
        validate_file_name(name, allow_relative_path=True)
    except SuspiciousOperation:
        return False
    return not any(piece.startswith(".") for piece in name.split("/"))


def _object(part: Part) -> Contents:
    try:
        found = json.loads(part.read())
    except ValueError as error:
        raise BackupError(f"Die Sicherung ist beschädigt: {part.name} ist nicht lesbar.") from error
    return found if isinstance(found, dict) else {}
