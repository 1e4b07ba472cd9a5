"""Differences between two texts, word by word."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases.rules.word_diff import Piece, word_diff


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("", "", []),
        ("Gut.", "Gut.", [Piece("same", "Gut.")]),
        ("", "Neu", [Piece("added", "Neu")]),
        ("Ja, klar", "Ja klar", [Piece("same", "Ja"), Piece("removed", ","), Piece("same", " klar")]),
        (
            "seit drei Wochen", "seit vier Wochen",
            [Piece("same", "seit "), Piece("removed", "drei"), Piece("added", "vier"), Piece("same", " Wochen")],
        ),
    ],
)  # fmt: skip
def test_what_is_new_and_what_is_gone(old, new, expected):
    assert word_diff(old, new) == expected


@given(st.text(), st.text())
def test_the_pieces_give_both_texts_back(old, new):
    pieces = word_diff(old, new)

    assert "".join(p.text for p in pieces if p.kind != "added") == old
    assert "".join(p.text for p in pieces if p.kind != "removed") == new
