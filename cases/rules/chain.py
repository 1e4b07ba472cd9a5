"""The hash chain of the event log: each entry carries the hash of its predecessor in the same office."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

GENESIS = "0" * 64


def digest(previous: str, content: Mapping) -> str:
    """SHA-256 over the predecessor's hash and the entry's content in a canonical form."""
    canonical = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(f"{previous}\n{canonical}".encode()).hexdigest()


@dataclass(frozen=True)
class Link:
    """One stored entry as read back: its place, its content, and the two hashes it carries."""

    seq: int
    content: Mapping
    previous: str
    hash: str


def first_break(links: Iterable[Link]) -> tuple[int, str] | None:
    """Place and German reason of the first entry that was changed, removed, inserted or reordered; None if sound."""
    expected_seq, previous = 1, GENESIS
    for link in links:
        if link.seq != expected_seq:
            return expected_seq, f"Eintrag {expected_seq} fehlt, gefunden wurde {link.seq}"
        if link.previous != previous:
            return link.seq, f"Eintrag {link.seq} schließt nicht an seinen Vorgänger an"
        if digest(previous, link.content) != link.hash:
            return link.seq, f"Eintrag {link.seq} wurde verändert"
        expected_seq, previous = link.seq + 1, link.hash
    return None
