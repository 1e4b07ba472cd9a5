"""The rule set of an office: parameters K1-K24, where each comes from, how contradictions were decided.

Plain data looks like this; with readings the value stands in each of them, else beside the provenance:

    {"closure": {"period": {"amount": 10, "unit": "working_days"}, "applies_to": "all",
                 "source": "Konzept, 4.2", "note": "", "confirmed": true, "chosen": null, "readings": {}}, …}
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from functools import lru_cache
from typing import Any, Self, get_type_hints

from offices.rules import values as v
from offices.rules.parsing import INVALID, NO_GROUP, Errors, ParameterErrors, dump, join, read, read_record

__all__ = ["FIELDS", "ParameterErrors", "Parameters", "Provenance", "Reading"]

PROVENANCE_KEYS = frozenset({"source", "note", "confirmed", "chosen", "readings"})


@dataclass(frozen=True)
class Reading:
    """One way to read a document that contradicts itself."""

    key: str
    label: str
    source: str
    value: Any


@dataclass(frozen=True)
class Provenance:
    """Where a parameter comes from; not `confirmed` where the document is silent and the value assumed."""

    source: str
    note: str = ""
    confirmed: bool = True
    chosen: str | None = None
    readings: tuple[Reading, ...] = ()


@dataclass(frozen=True)
class Parameters:
    """The values of all parameters, each typed by itself; `provenance` has one entry per field name."""

    acknowledgement: v.Acknowledgement
    closure: v.Closure
    interim: v.Interim
    ladder: v.Ladder
    oral_registration: v.OralRegistration
    registration: v.Registration
    conduct_complaint: v.ConductComplaint
    supervision_complaint: v.SupervisionComplaint
    inquiry: v.Inquiry
    objection: v.Objection
    data_protection: v.DataProtection
    misconduct: v.Misconduct
    anonymous: v.Anonymous
    praise: v.Praise
    petition_deadline: v.PetitionDeadline
    petition_route: v.PetitionRoute
    owners_assembly: v.OwnersAssembly
    visibility: v.CaseVisibility
    first_stop: v.FirstStop
    reports: v.Reports
    signature: v.Signature
    documentation: v.Documentation
    deputies: v.Deputies
    state: v.HolidayState
    filing: v.Filing
    practice: v.Practice
    reminders: v.Reminders
    provenance: Mapping[str, Provenance] = field(hash=False)

    @classmethod
    def from_dict(cls, raw: Mapping[str, Any]) -> Self:
        """Parameters from plain data; raises ParameterErrors with every error found, not only the first."""
        errors: Errors = {}
        if not isinstance(raw, Mapping):
            raise ParameterErrors({"": "Ein Regelwerk ist eine Gruppe von Angaben."})
        for name in raw:
            if name not in FIELDS:
                errors[str(name)] = "Dieser Parameter ist unbekannt."
        values, provenance = {}, {}
        for name, kind in FIELDS.items():
            if name in raw:
                values[name], provenance[name] = _read_parameter(kind, raw[name], name, errors)
            else:
                errors[name] = "Dieser Parameter fehlt."
        if errors:
            raise ParameterErrors(errors)
        return cls(**values, provenance=provenance)

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON data, the inverse of `from_dict`."""
        return {name: _dump_parameter(getattr(self, name), self.provenance[name]) for name in FIELDS}

    @property
    def max_concerns(self) -> int:
        return self.practice.max_concerns

    @property
    def file_plan(self) -> v.FilePlan:
        return self.filing.file_plan

    @property
    def retention_years(self) -> int:
        return self.filing.retention_years

    @property
    def closed_days_are_working_days(self) -> bool:
        return self.practice.closed_days_are_working_days


@lru_cache(maxsize=512)
def parameters_from(document: str) -> Parameters:
    """Parameters from their JSON text; every request needs those of its offices, which change once in a year or two."""
    return Parameters.from_dict(json.loads(document))


FIELDS: dict[str, type] = {
    entry.name: kind
    for entry, kind in zip(fields(Parameters), get_type_hints(Parameters).values(), strict=True)
    if entry.name != "provenance"
}


def _read_parameter(kind: type, raw: Any, path: str, errors: Errors) -> tuple[Any, Any]:
    if not isinstance(raw, Mapping):
        errors[path] = NO_GROUP
        return INVALID, INVALID
    provenance = _read_provenance(kind, raw, path, errors)
    if not raw.get("readings"):
        return read_record(kind, raw, path, errors, ignored=PROVENANCE_KEYS), provenance
    for key in raw:
        if key not in PROVENANCE_KEYS:
            errors[join(path, key)] = "Wo es mehrere Lesarten gibt, steht der Wert in jeder Lesart."
    if provenance is INVALID:
        return INVALID, INVALID
    values = {reading.key: reading.value for reading in provenance.readings}
    return values.get(provenance.chosen, INVALID), provenance


def _read_provenance(kind: type, raw: Mapping[str, Any], path: str, errors: Errors) -> Any:
    before = len(errors)
    plain = {key: raw[key] for key in ("source", "note", "confirmed", "chosen") if key in raw}
    found = read_record(Provenance, plain, path, errors)
    readings = _read_readings(kind, raw.get("readings") or {}, join(path, "readings"), errors)
    if len(errors) > before:
        return INVALID
    for key, sentence in _contradictions(found, {r.key for r in readings}):
        errors[join(path, key)] = sentence
    return Provenance(found.source, found.note, found.confirmed, found.chosen, readings)


def _contradictions(provenance: Provenance, keys: set[str]) -> v.Problems:
    if not provenance.confirmed and not provenance.note.strip():
        yield "note", "Ein nicht belegter Wert braucht einen Hinweis, woher er stammt."
    if len(keys) == 1:
        yield "readings", "Eine einzelne Lesart ist keine Wahl; es braucht mindestens zwei."
    if keys and provenance.chosen not in keys:
        yield "chosen", f"Eine der Lesarten muss gewählt sein: {', '.join(sorted(keys))}."
    if not keys and provenance.chosen is not None:
        yield "chosen", "Ohne Lesarten gibt es nichts zu wählen."


def _read_readings(kind: type, raw: Any, path: str, errors: Errors) -> tuple[Reading, ...]:
    if not isinstance(raw, Mapping):
        errors[path] = "Hier wird eine Gruppe von Lesarten erwartet."
        return ()
    readings = []
    for key, entry in raw.items():
        here = join(path, key)
        texts = read_record(_ReadingTexts, entry, here, errors, ignored=frozenset({"value"}))
        value = read(kind, entry.get("value"), join(here, "value"), errors) if texts is not INVALID else INVALID
        if value is not INVALID:
            readings.append(Reading(str(key), texts.label, texts.source, value))
    return tuple(readings)


@dataclass(frozen=True)
class _ReadingTexts:
    label: str
    source: str


def _dump_parameter(value: Any, provenance: Provenance) -> dict[str, Any]:
    readings = {r.key: {"label": r.label, "source": r.source, "value": dump(r.value)} for r in provenance.readings}
    return {
        **({} if readings else dump(value)),
        "source": provenance.source,
        "note": provenance.note,
        "confirmed": provenance.confirmed,
        "chosen": provenance.chosen,
        "readings": readings,
    }
