"""Gaps between numbers follow the coin and have no upper end."""

import pytest

from cases.rules.numbering import skipped


@pytest.mark.parametrize(("falls", "count"), [([0], 0), ([1, 0], 1), ([1, 1, 1, 0], 3), ([1] * 40 + [0], 40)])
def test_as_many_numbers_are_left_out_as_the_coin_says(falls, count):
    assert skipped(iter(falls).__next__) == count
