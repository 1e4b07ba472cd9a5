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


def test_all_changes_are_told_apart_in_a_long_text_too():
    old = [f"Wort{number}" for number in range(3_000)]
    new = ["Anfang", *old[:1_500], "Mitte", *old[1_501:], "Ende"]
    changed = [piece for piece in word_diff(" ".join(old), " ".join(new)) if piece.kind != "same"]

    assert changed == [
        Piece("added", "Anfang "), Piece("removed", "Wort1500"), Piece("added", "Mitte"), Piece("added", " Ende"),
    ]  # fmt: skip


def test_of_endless_texts_all_between_the_first_and_the_last_change_is_new():
    old, new = "Anfang " + "a " * 6_000 + "Ende", "Anfang " + "b a " * 6_000 + "Ende"

    assert [(p.kind, len(p.text)) for p in word_diff(old, new)] == [
        ("same", 7), ("removed", 11_997), ("added", 23_997), ("same", 7),
    ]  # fmt: skip


@given(st.text(), st.text())
def test_the_pieces_give_both_texts_back(old, new):
    pieces = word_diff(old, new)

    assert "".join(p.text for p in pieces if p.kind != "added") == old
    assert "".join(p.text for p in pieces if p.kind != "removed") == new
