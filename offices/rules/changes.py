"""From one version of the rules to the next: applying what somebody decided, and saying what became different."""

from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

from offices.rules.describing import describe
from offices.rules.parameters import PROVENANCE_KEYS, Parameters

OWN = "own"  # chosen instead of a reading: the office lays down its own value


@dataclass(frozen=True)
class Difference:
    """One parameter in words before and after; `anchor` is its place on the page of the rule set."""

    key: str
    anchor: str
    title: str
    old: str
    new: str


def with_changes(
    parameters: Parameters,
    *,
    readings: Mapping[str, str],
    values: Mapping[str, Mapping[str, Any]],
    source: str,
) -> Parameters:
    """The parameters with other readings chosen and other values laid down.

    `readings`: field -> key of a reading, or OWN; `values`: field -> plain data that replaces parts of its value.
    A value laid down by the office itself gets `source` and counts as confirmed; its readings end, because nothing is
    left to choose. Raises ParameterErrors with key paths as `Parameters.from_dict` does.
    """
    raw = deepcopy(parameters.to_dict())
    for name, key in readings.items():
        if key != OWN and raw[name]["readings"]:
            raw[name]["chosen"] = key
    for name, value in values.items():
        entry = raw[name]
        chosen = entry["readings"].get(entry["chosen"], {}).get("value", entry)
        if all(chosen.get(part) == new for part, new in value.items()):
            continue
        kept = {part: old for part, old in chosen.items() if part not in PROVENANCE_KEYS}
        raw[name] = kept | dict(value) | {"source": source, "note": _formerly(entry["source"])}
    return Parameters.from_dict(raw)


def _formerly(source: str) -> str:
    return f"Abweichend von: {source}" if source.strip() else ""


def differences(old: Parameters, new: Parameters) -> tuple[Difference, ...]:
    """Every parameter that reads differently, in the order of the rulebook."""
    pairs = zip(describe(old), describe(new), strict=True)
    return tuple(
        Difference(before.key, before.anchor, before.title, before.value, after.value)
        for before, after in pairs
        if getattr(old, before.name) != getattr(new, after.name)
    )
