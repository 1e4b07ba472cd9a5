"""What changed between two texts, word by word."""

import re
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import takewhile

_WORDS = re.compile(r"\w+|\s+|[^\w\s]")
# Pairs of words between the first and the last change: up to which every one is compared, and up to which any is.
CLOSELY, AT_ALL = 1_000_000, 100_000_000


@dataclass(frozen=True)
class Piece:
    """A stretch of text: `kind` is „same“, „added“ or „removed“."""

    kind: str
    text: str


def word_diff(old: str, new: str) -> list[Piece]:
    """The pieces in reading order; without the added ones they give `old`, without the removed ones `new`.

    Long texts that differ in many places are compared by their rarer words, very long ones not at all: then all
    between the first and the last change is removed and added.
    """
    before, after = _WORDS.findall(old), _WORDS.findall(new)
    start = _alike(before, after)
    end = _alike(before[start:][::-1], after[start:][::-1])
    stop_before, stop_after = len(before) - end, len(after) - end
    pieces = [
        Piece("same", "".join(before[:start])),
        *_changes(before[start:stop_before], after[start:stop_after]),
        Piece("same", "".join(before[stop_before:])),
    ]
    return [piece for piece in pieces if piece.text]


def _alike(one: list[str], other: list[str]) -> int:
    """How many words both begin with."""
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False)))


def _changes(before: list[str], after: list[str]) -> list[Piece]:
    pairs, pieces = len(before) * len(after), []
    whole = [("replace", 0, len(before), 0, len(after))]
    codes = whole if pairs > AT_ALL else SequenceMatcher(None, before, after, pairs > CLOSELY).get_opcodes()
    for tag, i1, i2, j1, j2 in codes:
        if tag == "equal":
            pieces.append(Piece("same", "".join(before[i1:i2])))
        else:
            pieces += [Piece("removed", "".join(before[i1:i2])), Piece("added", "".join(after[j1:j2]))]
    return pieces
