"""Median and 90-%-value from counts per Arbeitstag: exact, and additive over units and months."""

from collections.abc import Mapping

ROUNDING = 1e-9  # 0.9 of a number of tens is not always exact


def quantile(counts: Mapping[int, int], share: float) -> int | None:
    """The smallest value that at least `share` (above 0, at most 1) of all do not exceed; None of nothing."""
    total = sum(counts.values())
    if not total:
        return None
    reached = 0
    for value in sorted(counts):
        reached += counts[value]
        if reached >= share * total - ROUNDING:
            return value
    return max(counts)


def median(counts: Mapping[int, int]) -> int | None:
    """The lower of the two middle ones where there are two."""
    return quantile(counts, 0.5)


def ninetieth(counts: Mapping[int, int]) -> int | None:
    return quantile(counts, 0.9)
