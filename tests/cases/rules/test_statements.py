"""Stations of a statement: their order, who is next, to whom it may go back, and what a signature belongs to."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases.rules.kinds import Kind
from cases.rules.statements import (
    Part,
    StatementKind,
    asked_again,
    content_hash,
    earlier_positions,
    kinds_for,
    next_position,
    way,
)
from offices.errors import NotAllowed

D, C, A = Part.DRAFT, Part.CO_SIGN, Part.APPROVE


@pytest.mark.parametrize(
    ("drafter", "co_signers", "approver", "expected"),
    [
        (1, [], 2, ((D, 1), (A, 2))),
        (1, [3, 4], 2, ((D, 1), (C, 3), (C, 4), (A, 2))),
        (1, [4, 3, 4], 2, ((D, 1), (C, 4), (C, 3), (A, 2))),
        (1, [1, 3, 2], 2, ((D, 1), (C, 3), (A, 2))),
    ],
)
def test_drafter_then_co_signers_then_approver_nobody_twice(drafter, co_signers, approver, expected):
    assert way(drafter, co_signers, approver) == expected


def test_nobody_approves_what_they_write():
    with pytest.raises(NotAllowed, match="nicht selbst freigeben") as refusal:
        way(1, [2], 1)
    assert refusal.value.field == "approver"


@pytest.mark.parametrize(
    ("parts", "signed", "expected"),
    [
        ([D, A], set(), 2),
        ([D, C, C, A], set(), 2),
        ([D, C, C, A], {2}, 3),
        ([D, C, C, A], {3}, 2),
        ([D, C, C, A], {2, 3}, 4),
        ([D, C, C, A], {2, 3, 4}, 4),
    ],
)
def test_it_goes_to_the_first_signature_that_is_missing(parts, signed, expected):
    assert next_position(parts, signed) == expected


@pytest.mark.parametrize(
    ("position", "is_approved", "expected"),
    [(1, False, []), (2, False, [1]), (4, False, [1, 2, 3]), (4, True, [1, 2, 3, 4])],
)
def test_it_goes_back_to_any_earlier_station_and_from_the_krm_to_all(position, is_approved, expected):
    assert list(earlier_positions(position, stations=4, is_approved=is_approved)) == expected


def test_a_return_asks_its_station_and_the_approval_again():
    assert asked_again([D, C, C, A], 3) == {3, 4}


@pytest.mark.parametrize("kind", Kind)
def test_only_a_conduct_complaint_needs_two_contributions(kind):
    both = (StatementKind.EMPLOYEE, StatementKind.ASSESSMENT)
    assert kinds_for(kind) == (both if kind == Kind.CONDUCT_COMPLAINT else (StatementKind.STATEMENT,))


texts, checksums = st.text(max_size=80), st.lists(st.text("0123456789abcdef", min_size=64, max_size=64), max_size=3)


@given(texts, checksums, st.data())
def test_any_change_of_one_character_gives_another_checksum(text, files, data):
    place = data.draw(st.integers(0, len(text)))
    character = data.draw(st.characters())
    inserted = text[:place] + character + text[place:]

    assert content_hash(inserted, files) != content_hash(text, files)
    if place < len(text) and text[place] != character:
        assert content_hash(text[:place] + character + text[place + 1 :], files) != content_hash(text, files)


@given(texts, checksums, st.text("0123456789abcdef", min_size=64, max_size=64))
def test_any_file_more_or_less_gives_another_checksum_but_their_order_does_not(text, files, another):
    assert content_hash(text, [*files, another]) != content_hash(text, files)
    assert content_hash(text, [another, *files]) == content_hash(text, [*files, another])


def test_a_text_that_names_a_checksum_is_not_taken_for_a_file():
    checksum = "a" * 64
    assert content_hash(f"Text\x1f{checksum}", []) != content_hash("Text", [checksum])


@given(st.integers(0, 5), st.sets(st.integers(1, 7)))
def test_a_text_that_everybody_signs_ends_at_the_approval_and_skips_nobody(co_signers, signed_before):
    parts = [D, *[C] * co_signers, A]
    signed, passed, position = set(signed_before), [], 1
    while parts[position - 1] != A:
        position = next_position(parts, signed)
        passed.append(position)
        signed.add(position)

    assert passed[-1] == len(parts)
    assert passed == sorted(set(passed))
    assert set(range(2, len(parts))) <= signed_before | set(passed)
