"""The file of a backup: a compressed tar archive in which every part carries its SHA-256."""

import gzip
import hashlib
import io
import os
import tarfile
import time
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

BLOCK = 1024 * 1024
CHECKSUM = "comment"  # header of a part; every tar program knows it
COMPRESSION = 3
ONLY_OWNER = 0o600
BROKEN = (tarfile.TarError, gzip.BadGzipFile, EOFError, zlib.error, ValueError)


class BackupError(Exception):
    """A backup or a restore is not possible; the text is a German sentence for the administrator."""


class Part:
    """One part while it streams by: its bytes are hashed as they are read."""

    def __init__(self, member: tarfile.TarInfo, stream: BinaryIO) -> None:
        self.name = member.name
        self.size = member.size
        self.expected = member.pax_headers.get(CHECKSUM, "")
        self._stream = stream
        self._hash = hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        with told_as_damage():
            data = self._stream.read(size)
        self._hash.update(data)
        return data

    def blocks(self) -> Iterator[bytes]:
        while data := self.read(BLOCK):
            yield data

    def refuse_wrong_checksum(self) -> None:
        """Reads what nobody has read, then raises BackupError if the content is not what was written."""
        for _ in self.blocks():
            pass
        if self._hash.hexdigest() != self.expected:
            raise BackupError(f"Die Sicherung ist beschädigt: Die Prüfsumme von {self.name} stimmt nicht.")


class Writer:
    """Adds parts one after the other."""

    def __init__(self, tar: tarfile.TarFile) -> None:
        self._tar = tar

    def add(self, name: str, content: bytes) -> None:
        self._add(name, len(content), hashlib.sha256(content).hexdigest(), io.BytesIO(content))

    def add_file(self, name: str, file: BinaryIO, sha256: str) -> None:
        """The file from its beginning; `sha256` is its checksum, read before."""
        file.seek(0)
        self._add(name, os.fstat(file.fileno()).st_size, sha256, file)

    def _add(self, name: str, size: int, sha256: str, stream: BinaryIO) -> None:
        member = tarfile.TarInfo(name)
        member.size, member.mode, member.mtime = size, ONLY_OWNER, int(time.time())
        member.pax_headers = {CHECKSUM: sha256}
        self._tar.addfile(member, stream)
        self._tar.members.clear()  # type: ignore[attr-defined]  # it is there: tarfile would remember every part


@contextmanager
def written(path: Path) -> Iterator[Writer]:
    """A new archive that nobody else can read; it has its name only once it is complete.

    Raises BackupError if there is such a file already or if it cannot be written.
    """
    if path.exists():
        raise BackupError(f"{path} gibt es schon und wird nicht überschrieben.")
    unfinished = path.with_name(f"{path.name}.part")
    try:
        descriptor = os.open(unfinished, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, ONLY_OWNER)
        try:
            with os.fdopen(descriptor, "wb") as raw:
                os.fchmod(raw.fileno(), ONLY_OWNER)  # also where an interrupted backup had left its file
                with (
                    gzip.GzipFile(fileobj=raw, mode="wb", filename="", compresslevel=COMPRESSION) as packed,
                    tarfile.open(fileobj=packed, mode="w|", format=tarfile.PAX_FORMAT) as tar,
                ):
                    yield Writer(tar)
                raw.flush()
                os.fsync(raw.fileno())
            unfinished.rename(path)
        finally:
            unfinished.unlink(missing_ok=True)
    except OSError as error:
        raise BackupError(f"{path} lässt sich nicht schreiben: {error.strerror or error}.") from error


def parts(path: Path) -> Iterator[Part]:
    """The parts in their order, each checked after its turn. Raises BackupError for what is not an intact archive."""
    try:
        raw = path.open("rb")
    except OSError as error:
        raise BackupError(f"{path} lässt sich nicht lesen: {error.strerror or error}.") from error
    with raw, gzip.GzipFile(fileobj=raw) as packed:
        with told_as_damage():
            tar = tarfile.open(fileobj=packed, mode="r|")  # noqa: SIM115 - closed with the file it reads
        while member := _next(tar):
            stream = tar.extractfile(member) if member.isreg() else None
            if stream is None:
                raise BackupError(f"Das ist keine Sicherung von KRM: {member.name} ist keine Datei.")
            part = Part(member, stream)
            yield part
            part.refuse_wrong_checksum()
        with told_as_damage():
            while packed.read(BLOCK):  # so that the checksum of the compression is seen too
                pass


def _next(tar: tarfile.TarFile) -> tarfile.TarInfo | None:
    with told_as_damage():
        member = tar.next()
    tar.members.clear()  # type: ignore[attr-defined]  # it is there: tarfile would remember every part
    return member


@contextmanager
def told_as_damage() -> Iterator[None]:
    try:
        yield
    except BROKEN as error:
        raise BackupError("Die Datei ist beschädigt, abgeschnitten oder keine Sicherung von KRM.") from error
