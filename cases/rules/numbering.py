"""How many numbers stay unused between two cases or Abgaben: as a coin falls, so that no gap tells anything (B4-1)."""

from collections.abc import Callable


def skipped(coin: Callable[[], int]) -> int:
    """How often `coin` shows 1 before it shows 0: each further number with half the chance, without an upper end.

    Every gap can be mere chance, however wide it is; with an upper end, a wider one would prove a hidden case.
    """
    count = 0
    while coin():
        count += 1
    return count
