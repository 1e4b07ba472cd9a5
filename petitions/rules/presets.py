"""The routes shipped as data: one TOML file for each office that has a document, and the general one."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from offices.rules.parsing import INVALID, Errors, ParameterErrors, read_record
from petitions.rules.routes import Routes

FOLDER = Path(__file__).resolve().parent.parent / "presets"
GENERAL = "general"
BY_KEY = ("bodies", "routes")


@dataclass(frozen=True)
class About:
    """Where the routes come from and since when they hold; `state`: the Land of the office ("" for the general one).

    Where the office's document is silent the general routes hold, except those named in `without`.
    """

    title: str
    source: str
    valid_from: date
    note: str = ""
    state: str = ""
    without: tuple[str, ...] = ()


@dataclass(frozen=True)
class RoutesPreset:
    slug: str
    about: About
    routes: Routes


def offices() -> tuple[str, ...]:
    """The offices with routes of their own, by their short names."""
    return tuple(sorted(path.stem for path in FOLDER.glob("*.toml") if path.stem != GENERAL))


@cache
def load(slug: str) -> RoutesPreset:
    """The preset of that name; KeyError for an unknown one, ParameterErrors for a broken file."""
    if slug not in (*offices(), GENERAL):
        raise KeyError(slug)
    return parse(slug, _read(slug), _read(GENERAL)["document"])


def parse(slug: str, raw: Mapping[str, Any], general: Mapping[str, Any]) -> RoutesPreset:
    """A preset from its file's data, completed by the general document; ParameterErrors with all errors."""
    errors: Errors = {}
    about = read_record(About, {key: value for key, value in raw.items() if key != "document"}, "", errors)
    if about is INVALID:
        raise ParameterErrors(errors)
    document = _completed(raw.get("document", {}), general, about.without)
    return RoutesPreset(slug, about, Routes.from_dict(document))


def _completed(own: Mapping[str, Any], general: Mapping[str, Any], without: tuple[str, ...]) -> dict[str, Any]:
    """Own bodies and routes in the place of general ones with the same key, other own ones before them."""
    found = {**general, **own}
    for name in BY_KEY:
        mine = {entry["key"]: entry for entry in own.get(name, ())}
        theirs = [entry for entry in general[name] if entry["key"] not in without]
        known = {entry["key"] for entry in theirs}
        new = [entry for key, entry in mine.items() if key not in known]
        found[name] = [*new, *(mine.get(entry["key"], entry) for entry in theirs)]
    return found


def _read(slug: str) -> dict[str, Any]:
    return tomllib.loads((FOLDER / f"{slug}.toml").read_text(encoding="utf-8"))
