"""Plain data in, frozen records out and back; collects all errors as German sentences by key path."""

from collections.abc import Mapping
from dataclasses import MISSING, Field, fields, is_dataclass
from datetime import date, datetime
from enum import StrEnum
from functools import cache
from types import NoneType
from typing import Any, get_args, get_origin, get_type_hints

NO_GROUP = "Hier wird eine Gruppe von Angaben erwartet."

Errors = dict[str, str]
LARGEST_NUMBER = 365
EMPTY = "Dieser Text darf nicht leer sein."
INVALID = object()


class ParameterErrors(ValueError):
    """All that is wrong with a rule set; `errors` maps the key path ("closure.period.unit") to a sentence."""

    def __init__(self, errors: Errors) -> None:
        super().__init__("; ".join(f"{path}: {sentence}" for path, sentence in errors.items()))
        self.errors = errors


def read(kind: Any, raw: Any, path: str, errors: Errors) -> Any:
    """`raw` as a value of the annotated type `kind`, or INVALID with the reasons added to `errors`."""
    if NoneType in get_args(kind):
        (inner,) = (arg for arg in get_args(kind) if arg is not NoneType)
        return None if raw is None else read(inner, raw, path, errors)
    if get_origin(kind) is tuple:
        return _read_list(get_args(kind)[0], raw, path, errors)
    if is_dataclass(kind):
        return read_record(kind, raw, path, errors)
    if issubclass(kind, StrEnum):
        return _read_choice(kind, raw, path, errors)
    return SCALARS[kind](raw, path, errors)


def read_record(kind: Any, raw: Any, path: str, errors: Errors, ignored: frozenset[str] = frozenset()) -> Any:
    """A frozen dataclass from a mapping; keys it does not know are errors unless `ignored`."""
    if not isinstance(raw, Mapping):
        return _fail(path, NO_GROUP, errors)
    before = len(errors)
    hints, known = _hints(kind), {f.name: f for f in fields(kind)}
    for key in raw:
        if key not in known and key not in ignored:
            _fail(join(path, key), "Diese Angabe ist unbekannt.", errors)
    values = {}
    for name, entry in known.items():
        if name in raw:
            values[name] = read(hints[name], raw[name], join(path, name), errors)
            if _is_blank(values[name]) and _has_no_default(entry):
                _fail(join(path, name), EMPTY, errors)
        elif _has_no_default(entry):
            _fail(join(path, name), "Diese Angabe fehlt.", errors)
    if len(errors) > before:
        return INVALID
    return _checked(kind(**values), path, errors)


def dump(value: Any) -> Any:
    """A record as plain JSON data, the inverse of `read`."""
    if is_dataclass(value):
        return {f.name: dump(getattr(value, f.name)) for f in fields(value)}
    if isinstance(value, tuple):
        return [dump(item) for item in value]
    if isinstance(value, StrEnum):
        return value.value
    return value.isoformat() if isinstance(value, date) else value


def join(path: str, key: object) -> str:
    return f"{path}.{key}" if path else str(key)


def _checked(value: Any, path: str, errors: Errors) -> Any:
    problems = getattr(value, "problems", None)
    found = list(problems()) if problems else []
    for name, sentence in found:
        _fail(join(path, name), sentence, errors)
    return INVALID if found else value


def _read_list(kind: Any, raw: Any, path: str, errors: Errors) -> Any:
    if not isinstance(raw, list | tuple):
        return _fail(path, "Hier wird eine Liste erwartet.", errors)
    items = tuple(read(kind, item, join(path, index), errors) for index, item in enumerate(raw))
    for index, item in enumerate(items):
        if _is_blank(item):
            _fail(join(path, index), EMPTY, errors)
    return INVALID if INVALID in items else items


def _read_choice(kind: type[StrEnum], raw: Any, path: str, errors: Errors) -> Any:
    if isinstance(raw, str) and raw in {member.value for member in kind}:
        return kind(raw)
    allowed = ", ".join(member.value for member in kind)
    return _fail(path, f"„{raw}“ ist hier nicht möglich; erlaubt sind: {allowed}.", errors)


def _read_text(raw: Any, path: str, errors: Errors) -> Any:
    if isinstance(raw, str):
        return raw
    return _fail(path, f"Hier wird ein Text erwartet, nicht „{raw}“.", errors)


def _read_flag(raw: Any, path: str, errors: Errors) -> Any:
    if isinstance(raw, bool):
        return raw
    return _fail(path, f"Hier wird ja oder nein erwartet, nicht „{raw}“.", errors)


def _read_number(raw: Any, path: str, errors: Errors) -> Any:
    if not isinstance(raw, int) or isinstance(raw, bool):
        return _fail(path, f"Hier wird eine ganze Zahl erwartet, nicht „{raw}“.", errors)
    if not 1 <= raw <= LARGEST_NUMBER:
        return _fail(path, f"Die Zahl muss zwischen 1 und {LARGEST_NUMBER} liegen.", errors)
    return raw


def _read_date(raw: Any, path: str, errors: Errors) -> Any:
    if isinstance(raw, date) and not isinstance(raw, datetime):
        return raw
    try:
        return date.fromisoformat(raw)
    except (TypeError, ValueError):
        return _fail(path, f"„{raw}“ ist kein Datum (JJJJ-MM-TT).", errors)


SCALARS = {str: _read_text, bool: _read_flag, int: _read_number, date: _read_date}


def _fail(path: str, sentence: str, errors: Errors) -> object:
    errors.setdefault(path, sentence)
    return INVALID


def _is_blank(value: Any) -> bool:
    return isinstance(value, str) and not value.strip()


def _has_no_default(entry: Field) -> bool:
    return entry.default is MISSING and entry.default_factory is MISSING


@cache
def _hints(kind: type) -> dict[str, Any]:
    return get_type_hints(kind)
