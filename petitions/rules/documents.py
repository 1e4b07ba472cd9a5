"""A plan as plain data and back: what was frozen is read as it stood, whatever the rules for new routes say today."""

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import date
from functools import cache
from types import NoneType
from typing import Any, get_args, get_origin, get_type_hints

from offices.rules.parsing import dump
from petitions.rules.planning import Plan


def dump_plan(plan: Plan) -> dict[str, Any]:
    """Plain JSON data, the inverse of `read_plan`."""
    return dump(plan)


def read_plan(raw: Mapping[str, Any]) -> Plan:
    """The plan that `dump_plan` wrote; anything else is a bug."""
    return _read(Plan, raw)


def _read(kind: Any, raw: Any) -> Any:
    if NoneType in get_args(kind):
        (inner,) = (arg for arg in get_args(kind) if arg is not NoneType)
        return None if raw is None else _read(inner, raw)
    if get_origin(kind) is tuple:
        return tuple(_read(get_args(kind)[0], item) for item in raw)
    if isinstance(kind, type) and is_dataclass(kind):
        hints = _hints(kind)
        return kind(**{f.name: _read(hints[f.name], raw[f.name]) for f in fields(kind) if f.name in raw})
    return date.fromisoformat(raw) if kind is date else kind(raw)


@cache
def _hints(kind: Any) -> dict[str, Any]:
    return get_type_hints(kind)
