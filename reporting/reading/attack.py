"""What somebody knows of untold counts who calculates with all that is told: the least and the most of each."""

import importlib
from collections.abc import Iterable, Mapping
from functools import cache
from types import ModuleType
from typing import Any

from reporting.rules.disclosure import Node, Relation

NO_LIMIT = 1e9
EXACT = 1e-6


def bounds(
    known: Mapping[Node, int], relations: Iterable[Relation], least: Mapping[Node, int], wanted: Iterable[Node]
) -> dict[Node, tuple[float, float]]:
    """The least and the most that each wanted count can be, by linear programming over the links.

    Counts are not negative; those in `least` are known to be at least so much. What is known is put in.
    """
    wanted = list(wanted)
    if not wanted:
        return {}
    highspy = _highspy()
    model, places = _quiet()(), {}
    model.silent()
    rows: list[tuple[dict[int, float], float]] = []
    for relation in relations:
        row: dict[int, float] = {}
        right = 0.0
        for node, factor in relation:
            if node in known:
                right -= factor * known[node]
            else:
                place = places.setdefault(node, len(places))
                row[place] = row.get(place, 0) + factor
        if row:
            rows.append((row, right))
    for node in wanted:
        places.setdefault(node, len(places))
    for node in places:
        model.addVar(float(least.get(node, 0)), NO_LIMIT)
    for row, right in rows:
        model.addRow(right, right, len(row), list(row), list(row.values()))
    return {node: (_best(model, highspy, places[node], 1), _best(model, highspy, places[node], -1)) for node in wanted}


@cache
def _highspy() -> ModuleType:
    return importlib.import_module("highspy")  # with NumPy, which only this needs


@cache
def _quiet() -> Any:
    """A solver that calls nobody back: whoever asks it to, it greets on standard output."""
    return type("Quiet", (_highspy().Highs,), {"enableCallbacks": lambda self: None})


def _best(model: Any, highspy: Any, place: int, sign: int) -> float:
    """The least (1) or the most (-1) of one count, to the whole numbers that are possible."""
    model.changeColCost(place, float(sign))
    model.run()
    if model.getModelStatus() != highspy.HighsModelStatus.kOptimal:
        raise ArithmeticError(f"The links contradict each other: {model.getModelStatus()}")
    value = model.getSolution().col_value[place]
    model.changeColCost(place, 0.0)
    return float(-(-(value - EXACT) // 1)) if sign == 1 else float((value + EXACT) // 1)
