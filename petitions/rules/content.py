"""The checksum of what is approved and sent: its files, the number of copies and the addressee."""

import hashlib
import json
from collections.abc import Iterable


def content_hash(files: Iterable[str], *, copies: int, addressee: str) -> str:
    """SHA-256 over the checksums of the files in any order, copies and addressee: another one of them, another hash."""
    content = json.dumps([sorted(files), copies, addressee], ensure_ascii=False)
    return hashlib.sha256(content.encode()).hexdigest()
