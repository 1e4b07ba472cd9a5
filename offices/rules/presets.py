"""The published rule sets shipped as data: one TOML file each, read into a frozen Preset."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from offices.rules.parameters import Parameters
from offices.rules.parsing import INVALID, Errors, ParameterErrors, read_record
from offices.rules.vocabulary import Binding, LegalArea

FOLDER = Path(__file__).resolve().parent.parent / "presets"
SILENT = "Das Dokument sagt dazu nichts."


@dataclass(frozen=True)
class Participation:
    """A body that took part before publication; `on` is None where no date is given (H-17, GER-38)."""

    body: str
    on: date | None = None


@dataclass(frozen=True)
class About:
    """The head of a published instruction (H-1, H-3, H-15, H-17, PAN-42).

    `fill_gaps_from` names the preset that answers where this document is silent. `valid_until` is inclusive.
    """

    title: str
    issuer: str
    valid_from: date
    legal_areas: tuple[LegalArea, ...]
    binding: Binding
    reference: str = ""
    valid_until: date | None = None
    note: str = ""
    based_on: tuple[str, ...] = ()
    revokes: tuple[str, ...] = ()
    lapsed: tuple[str, ...] = ()
    revoked_by: str = ""
    review_on: date | None = None
    review_note: str = ""
    participation: tuple[Participation, ...] = ()
    fill_gaps_from: str = ""

    def is_expired(self, today: date) -> bool:
        """Whether the last day of validity has passed (H-2)."""
        return self.valid_until is not None and self.valid_until < today


@dataclass(frozen=True)
class Preset:
    slug: str
    about: About
    parameters: Parameters


def slugs() -> tuple[str, ...]:
    return tuple(sorted(path.stem for path in FOLDER.glob("*.toml")))


@cache
def load(slug: str) -> Preset:
    """The preset of that name; KeyError for an unknown one, ParameterErrors for a broken file."""
    if slug not in slugs():
        raise KeyError(slug)
    return parse(slug, tomllib.loads((FOLDER / f"{slug}.toml").read_text(encoding="utf-8")))


def parse(slug: str, raw: Mapping[str, Any]) -> Preset:
    """A preset from its file's data; raises ParameterErrors with all errors of its head or its parameters."""
    errors: Errors = {}
    head = {key: value for key, value in raw.items() if key != "parameters"}
    about = read_record(About, head, "", errors)
    if about is INVALID:
        raise ParameterErrors(errors)
    parameters = dict(raw.get("parameters", {}))
    if about.fill_gaps_from:
        parameters = _with_gaps_filled(parameters, load(about.fill_gaps_from))
    return Preset(slug, about, Parameters.from_dict(parameters))


def _with_gaps_filled(parameters: dict[str, Any], base: Preset) -> dict[str, Any]:
    """Every parameter the document is silent on, taken from `base` and marked as not confirmed."""
    taken = {}
    for name, entry in base.parameters.to_dict().items():
        note = f"{SILENT} Vorläufig übernommen aus „{base.about.title}“; bitte vor Ort festlegen."
        taken[name] = {**entry, "confirmed": False, "note": f"{note} {entry['note']}".strip()}
    return {**taken, **parameters}
