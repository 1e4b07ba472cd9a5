"""What a system holds, walked through in one fixed order: for the backup itself and for the check after a restore."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO

from cases.models import Document
from krm.operations.backups.archive import BLOCK, BackupError
from krm.operations.backups.tables import ROWS, columns, saved_models


@dataclass
class Count:
    """How many, and a checksum over all of them in their order."""

    number: int = 0
    size: int = 0
    hash: Any = field(default_factory=hashlib.sha256)

    def add(self, content: bytes, *, number: int, size: int) -> None:
        self.number += number
        self.size += size
        self.hash.update(content)

    def as_dict(self) -> dict[str, Any]:
        return {"count": self.number, "bytes": self.size, "sha256": self.hash.hexdigest()}


class Tally:
    """Counts and checksums of everything that passed by; two tallies are equal if the contents are."""

    def __init__(self) -> None:
        self.tables = {model._meta.label: Count() for model in saved_models()}
        self.documents = Count()

    def add_slice(self, label: str, content: bytes) -> None:
        self.tables[label].add(content, number=content.count(b"\n"), size=len(content))

    def add_document(self, name: str, sha256: str, size: int) -> None:
        self.documents.add(f"{sha256}  {name}\n".encode(), number=1, size=size)

    def as_dict(self) -> dict[str, Any]:
        return {
            "tables": {label: count.as_dict() for label, count in self.tables.items()},
            "documents": self.documents.as_dict(),
        }


@dataclass(frozen=True)
class StoredFile:
    """A document's file, opened; `intact` if it is what was filed."""

    name: str
    stream: BinaryIO
    sha256: str
    size: int
    intact: bool


def shape() -> dict[str, list[str]]:
    """Tables and their columns, as this version of KRM has them."""
    return {model._meta.label: columns(model) for model in saved_models()}


def stored_files(folder: Path, missing: list[str]) -> Iterator[StoredFile]:
    """The files of all documents by ascending key of the document; names of files that are not there are noted."""
    found = Document.objects.exclude(file="").order_by("pk").values_list("file", "sha256")
    for name, filed in found.iterator(chunk_size=ROWS):
        try:
            stream = (folder / name).open("rb")
        except FileNotFoundError:
            missing.append(name)
            continue
        except OSError as error:
            raise BackupError(f"Die Datei {name} der Unterlagen lässt sich nicht lesen: {error.strerror}.") from error
        with stream:
            sha256, size = checksum(stream)
            yield StoredFile(name, stream, sha256, size, intact=filed in ("", sha256))


def checksum(stream: BinaryIO) -> tuple[str, int]:
    """SHA-256 and size in bytes."""
    hashed, size = hashlib.sha256(), 0
    while block := stream.read(BLOCK):
        hashed.update(block)
        size += len(block)
    return hashed.hexdigest(), size
