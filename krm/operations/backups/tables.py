"""Rows of the database as lines of JSON, the same for every kind of database, and back."""

import json
from collections.abc import Iterator
from datetime import date, datetime, time
from decimal import Decimal
from graphlib import TopologicalSorter
from typing import Any
from uuid import UUID

from django.apps import apps
from django.contrib.auth.models import Permission
from django.contrib.contenttypes.models import ContentType
from django.contrib.sessions.models import Session
from django.core.management.color import no_style
from django.db import connection, models
from django.db.migrations.recorder import MigrationRecorder

from cases.models import Heartbeat
from krm.operations.backups.archive import BackupError

# Sessions end with the system, signs of life are those of this one; the two others are made by `migrate` and named
# here, since their ids differ.
LEFT_OUT = (Session, Heartbeat, ContentType, Permission)
NAMES = {
    ContentType: ("app_label", "model"),
    Permission: ("content_type__app_label", "content_type__model", "codename"),
}
ROWS = 2_000
SLICE_BYTES = 4 * 1024 * 1024

Model = type[models.Model]


def saved_models() -> list[Model]:
    """All tables of a backup, each after those its rows refer to; a table may refer to itself."""
    saved = [model for model in apps.get_models(include_auto_created=True) if model not in LEFT_OUT]
    graph = {model: [other for other in targets(model) if other not in (model, *LEFT_OUT)] for model in saved}
    return list(TopologicalSorter(graph).static_order())


def targets(model: Model) -> list[Model]:
    return [field.related_model for field in model._meta.concrete_fields if field.is_relation]


def columns(model: Model) -> list[str]:
    return [field.attname for field in model._meta.concrete_fields]


def migrations() -> list[str]:
    """The migrations that this database has gone through, such as cases.0001_initial."""
    return sorted(f"{app}.{name}" for app, name in MigrationRecorder(connection).applied_migrations())


def slices(model: Model) -> Iterator[bytes]:
    """The rows by ascending key, a line each; a slice has up to 2,000 lines and about 4 MB."""
    lines, size = [], 0
    for line in _lines(model):
        lines.append(line)
        size += len(line)
        if len(lines) == ROWS or size >= SLICE_BYTES:
            yield b"".join(lines)
            lines, size = [], 0
    if lines:
        yield b"".join(lines)


def _lines(model: Model) -> Iterator[bytes]:
    named = [(place, _names(field.related_model)) for place, field in _named_fields(model)]
    rows = model._base_manager.order_by("pk").values_list(*columns(model))
    for row in rows.iterator(chunk_size=ROWS):
        values = list(row)
        for place, names in named:
            values[place] = names.get(values[place])
        yield json.dumps(values, ensure_ascii=False, sort_keys=True, default=_text).encode() + b"\n"


def _named_fields(model: Model) -> list[tuple[int, models.Field]]:
    """The columns that refer to a row by its name, with their place."""
    fields = enumerate(model._meta.concrete_fields)
    return [(place, field) for place, field in fields if field.related_model in NAMES]


def _names(model: Model) -> dict[Any, list[str]]:
    rows = model._base_manager.values_list("pk", *NAMES[model])
    return {key: list(name) for key, *name in rows}


def _text(value: Any) -> str:
    if isinstance(value, date | datetime | time):
        return value.isoformat()
    if isinstance(value, Decimal | UUID):
        return str(value)
    raise TypeError(f"{type(value).__name__} has no form in a backup")


def insert(model: Model, lines: bytes) -> None:
    """Write one slice of a table; call inside a transaction."""
    fields = model._meta.concrete_fields
    named = {
        field.attname: {tuple(name): key for key, name in _names(field.related_model).items()}
        for _, field in _named_fields(model)
    }
    rows = []
    for line in lines.splitlines():
        row = {field.attname: _value(field, value) for field, value in zip(fields, json.loads(line), strict=True)}
        for name, keys in named.items():
            row[name] = _key(keys, row[name])
        rows.append(model(**row))
    model._base_manager.bulk_create(rows)
    if connection.vendor == "postgresql" and model not in targets(model):
        connection.check_constraints()  # PostgreSQL would keep every row in mind until the end of the transaction


def _value(field: Any, value: Any) -> Any:
    """The value of this column; keys that stand as a name are looked up later."""
    if field.related_model in NAMES or isinstance(field, models.JSONField):
        return value
    return field.target_field.to_python(value) if field.is_relation else field.to_python(value)


def _key(keys: dict[tuple[str, ...], Any], name: list[str] | None) -> Any:
    if name is None:
        return None
    if tuple(name) not in keys:
        raise BackupError(f"Die Sicherung nennt ein Recht, das es in dieser Fassung von KRM nicht gibt: {name[-1]}.")
    return keys[tuple(name)]


def reset_sequences() -> None:
    """New rows get numbers after those that were restored."""
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), saved_models()):
            cursor.execute(statement)
