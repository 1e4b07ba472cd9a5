"""What somebody knows of untold counts who calculates with all that is told: the least and the most of each."""

import importlib
from collections.abc import Iterable, Mapping
from functools import cache
from types import ModuleType
from typing import Any

from reporting.rules.disclosure import Sums

NO_LIMIT = 1e9
EXACT = 1e-6
Point = dict[int, float]  # a state of the untold counts that fits all that is told


class Attack:
    """Linear programming over the links of one set of tables.

    It remembers for each count two states that fit what is told, in which the count differs: as long as what is told
    still fits both, nobody can work it out, and nothing has to be solved again.
    """

    def __init__(self) -> None:
        self._seen: dict[int, tuple[Point, Point]] = {}

    def __call__(
        self,
        known: Mapping[int, int],
        relations: Sums,
        least: Mapping[int, int],
        wanted: Iterable[int],
    ) -> dict[int, tuple[float, float]]:
        """The least and the most that each wanted count can be, to the whole numbers that are possible.

        Counts are not negative; those in `least` are known to be at least so much. ArithmeticError where what is told
        contradicts the links.
        """
        found, unclear = {}, []
        for node in wanted:
            points = self._seen.get(node)
            if points and all(_fits(point, known) for point in points):
                found[node] = (points[0][node], points[1][node])
            else:
                unclear.append(node)
        if unclear:
            program = _Program(known, relations, least, unclear)
            for node in unclear:
                low, high = program.least(node), program.most(node)
                found[node] = _whole(low[node], high[node])
                if found[node][1] - found[node][0] >= 1:
                    self._seen[node] = (low, high)
        return found


def _fits(point: Point, known: Mapping[int, int]) -> bool:
    return all(node not in known or abs(known[node] - value) < EXACT for node, value in point.items())


def _whole(low: float, high: float) -> tuple[float, float]:
    return float(-(-(low - EXACT) // 1)), float((high + EXACT) // 1)


class _Program:
    """The untold counts as unknowns, what is told put in."""

    def __init__(
        self,
        known: Mapping[int, int],
        relations: Sums,
        least: Mapping[int, int],
        wanted: Iterable[int],
    ) -> None:
        self._places: dict[int, int] = {}
        rows: list[tuple[dict[int, float], float]] = []
        for relation in relations:
            row: dict[int, float] = {}
            right = 0.0
            for node, factor in relation:
                if node in known:
                    right -= factor * known[node]
                else:
                    place = self._places.setdefault(node, len(self._places))
                    row[place] = row.get(place, 0) + factor
            if row:
                rows.append((row, right))
        for node in wanted:
            self._places.setdefault(node, len(self._places))
        self._model = _quiet()()
        self._model.silent()
        for node in self._places:
            self._model.addVar(float(least.get(node, 0)), NO_LIMIT)
        for row, right in rows:
            self._model.addRow(right, right, len(row), list(row), list(row.values()))

    def least(self, node: int) -> Point:
        return self._best(node, 1.0)

    def most(self, node: int) -> Point:
        return self._best(node, -1.0)

    def _best(self, node: int, cost: float) -> Point:
        place = self._places[node]
        self._model.changeColCost(place, cost)
        self._model.run()
        if self._model.getModelStatus() != _highspy().HighsModelStatus.kOptimal:
            raise ArithmeticError(f"The links contradict each other: {self._model.getModelStatus()}")
        self._model.changeColCost(place, 0.0)
        return dict(zip(self._places, self._model.getSolution().col_value, strict=True))


@cache
def _highspy() -> ModuleType:
    return importlib.import_module("highspy")  # with NumPy, which only this needs


@cache
def _quiet() -> Any:
    """A solver that calls nobody back: whoever asks it to, it greets on standard output."""
    return type("Quiet", (_highspy().Highs,), {"enableCallbacks": lambda self: None})
