"""Backup and restore: everything comes back, on either kind of database, and a half restore is none."""

import gzip
import io
import json
import shutil
import sqlite3
import subprocess
import sys
import tarfile
import zlib
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

from krm.operations.backups.archive import BackupError
from krm.operations.backups.restoring import check
from tests.krm.running import environment, manage
from tests.services import own_database

pytestmark = [pytest.mark.once, pytest.mark.xdist_group("backups")]  # one filled installation for all of them


def work(*arguments: str, data_dir: Path, expected: int = 0, **variables: str) -> str:
    """Standard output of a process in that installation."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.krm.another", *arguments],
        cwd=settings.BASE_DIR,
        env=environment(data_dir, **variables),
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == expected, done.stderr
    return done.stdout


def told(data_dir: Path, **variables: str) -> dict:
    return json.loads(work("told", data_dir=data_dir, **variables))


def command(name: str, *arguments: object, data_dir: Path, **variables: str) -> str:
    """Standard output of a command that does its work, or the sentence of one that refuses."""
    done = manage(name, *map(str, arguments), data_dir=data_dir, **variables)
    assert done.returncode == 0 or done.stderr.startswith("CommandError: "), done.stderr
    return done.stdout if done.returncode == 0 else done.stderr.removeprefix("CommandError: ").strip()


@pytest.fixture(scope="module")
def empty_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("empty")
    work("empty", data_dir=folder)
    return folder


@pytest.fixture
def empty(empty_folder: Path, tmp_path: Path) -> Path:
    """An installation on SQLite with tables and nothing in them."""
    return shutil.copytree(empty_folder, tmp_path / "empty")


@pytest.fixture(scope="module")
def backup(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The backup of a filled installation on SQLite."""
    folder = tmp_path_factory.mktemp("filled")
    work("filled", data_dir=folder)
    file = folder / "krm.tar.gz"
    said = command("backup", file, data_dir=folder)
    assert "cases.Case: 2 Zeilen" in said
    assert "2 Unterlagen" in said
    assert "Achtung" not in said
    return file


@pytest.fixture(scope="module")
def before(backup: Path, tmp_path_factory: pytest.TempPathFactory) -> dict:
    """What was there when the backup was made."""
    return told(shutil.copytree(backup.parent, tmp_path_factory.mktemp("before") / "system"))


@pytest.fixture
def postgresql(postgresql_url: str) -> Iterator[str]:
    with own_database(postgresql_url) as url:
        yield url


def test_everything_comes_back(backup, before, empty):
    said = command("restore", backup, data_dir=empty)
    after = told(empty)

    assert "Alle Prüfsummen stimmen auch nach dem Schreiben." in said
    assert after == before
    assert (len(after["files"]), after["grants"], after["signs in"]) == (
        2,
        [["read_single_case", "pankow.ma"]],
        True,
    )
    modes = {path.stat().st_mode & 0o077 for path in (empty / "documents").rglob("*")}
    assert modes == {0}


def test_to_postgresql_and_back(backup, before, empty, tmp_path, postgresql):
    served = {"data_dir": tmp_path / "served", "DATABASE_URL": postgresql}
    work("empty", **served)
    command("restore", backup, **served)
    back = tmp_path / "back.tar.gz"
    work("busy", str(back), **served)
    command("restore", back, data_dir=empty)
    gone_on = told(**served)

    assert told(empty) == before
    assert (gone_on["signs in"], gone_on["files"]) == (True, before["files"])
    assert gone_on["rows"]["cases.Case"] == before["rows"]["cases.Case"] + 1


@pytest.mark.django_db
def test_backup_is_one_moment_and_nobody_waits_for_it(backup, tmp_path):
    system = shutil.copytree(backup.parent, tmp_path / "system", ignore=shutil.ignore_patterns("*.gz"))
    file = tmp_path / "busy.tar.gz"
    work("busy", str(file), data_dir=system)

    def rows(path: Path) -> dict:
        return check(path, say=lambda line: None)["tables"]

    assert rows(file) == rows(backup)
    with closing(sqlite3.connect(system / "krm.sqlite3")) as after:
        assert after.execute("SELECT count(*) FROM cases_case").fetchone() == (rows(backup)["cases.Case"]["count"] + 1,)


@pytest.mark.django_db
def test_backup_is_for_its_owner_alone_and_never_overwrites(backup):
    with pytest.raises(CommandError, match="krm.tar.gz gibt es schon und wird nicht überschrieben"):
        call_command("backup", str(backup))
    assert backup.stat().st_mode & 0o777 == 0o600


@pytest.mark.usefixtures("house")
def test_who_has_people_or_cases_is_not_overwritten(backup):
    with pytest.raises(CommandError, match="nur in ein leeres KRM; hier gibt es schon etwas unter „Dienststellen“"):
        call_command("restore", str(backup))


@pytest.mark.parametrize("moment", ["cases.Letter", "files moved"])
def test_killed_restore_leaves_an_empty_system_that_can_be_restored(moment, backup, empty):
    work("killed", str(backup), moment, data_dir=empty, expected=-9)
    said = command("restore", backup, data_dir=empty)

    assert "Zurückgespielt: 2 Unterlagen und alle Tabellen." in said
    assert [path.name for path in (empty / "documents").iterdir() if path.name.startswith(".")] == []


def test_files_that_are_not_of_a_restore_stay_where_they_are(backup, empty):
    (empty / "documents").mkdir()
    (empty / "documents" / "andere").write_text("etwas")
    said = command("restore", backup, data_dir=empty)

    assert said.startswith(f"In {empty / 'documents'} liegen schon Dateien.")
    assert (empty / "documents" / "andere").read_text() == "etwas"


def refused(file: Path) -> str:
    with pytest.raises(BackupError) as found:
        check(file, say=lambda line: None)
    return str(found.value)


def changed(backup: Path, target: Path, name: str, *changes: tuple[bytes, bytes]) -> Path:
    """The archive with one part changed, but its checksum as it was."""
    with tarfile.open(backup) as old, tarfile.open(target, "w:gz") as new:
        for member in old.getmembers():
            content = old.extractfile(member).read()
            if member.name.startswith(name):
                for before, after in changes:
                    assert before in content
                    content = content.replace(before, after)
            member.size = len(content)
            new.addfile(member, io.BytesIO(content))
    return target


@pytest.mark.django_db
def test_what_is_no_backup_is_refused_with_a_sentence(backup, tmp_path):
    content = backup.read_bytes()
    words = {}
    for name, data in {
        "no archive": b"Guten Tag",
        "nothing": b"",
        "another archive": gzip.compress(b"Guten Tag" * 200),
        "first half": content[: len(content) // 2],
        "without its end": content[:-1],
    }.items():
        file = tmp_path / "file"
        file.write_bytes(data)
        words[name] = refused(file)

    assert set(words.values()) == {"Die Datei ist beschädigt, abgeschnitten oder keine Sicherung von KRM."}


@pytest.mark.django_db
def test_a_changed_byte_anywhere_is_found(backup, tmp_path):
    content = backup.read_bytes()
    file = tmp_path / "file"
    for place in range(10, len(content), len(content) // 40):
        damaged = bytearray(content)
        damaged[place] ^= 0xFF
        if unpacked(damaged) != unpacked(content):
            file.write_bytes(damaged)
            assert refused(file), place


def unpacked(content: bytes) -> bytes:
    """Compression may say the same thing in two ways."""
    try:
        return gzip.decompress(content)
    except (OSError, EOFError, zlib.error):
        return b""


@pytest.mark.django_db
def test_changed_content_is_found_behind_intact_compression(backup, tmp_path):
    target = tmp_path / "file"
    sentence = refused(changed(backup, target, "tables/cases.Person", (b"Erika", b"Erna")))
    assert sentence == "Die Sicherung ist beschädigt: Die Prüfsumme von tables/cases.Person/000001.ndjson stimmt nicht."


@pytest.mark.django_db
def test_newer_format_and_other_migrations_are_refused(backup, tmp_path):
    target = tmp_path / "file"
    newer = refused(changed(backup, target, "head.json", (b'"version": 1', b'"version": 2')))
    other = refused(changed(backup, target, "head.json", (b"cases.0001_initial", b"cases.0001_other")))

    assert newer == "Die Sicherung hat das Format 2; diese Fassung von KRM liest nur Format 1."
    assert other.startswith("Die Sicherung stammt aus KRM 0.1.0 mit anderem Aufbau der Datenbank.")
