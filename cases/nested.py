"""A row with the rows that belong to it in one query: they travel as JSON lists and become models again.

Django's own prefetching asks one query for each relation; the page of a case has more of them than it may ask. Single
rows come the same way, because PostgreSQL takes long to find the best order of many joins.
"""

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cache
from typing import Any

from django.db import connections, models
from django.db.models import Expression, F, Func, JSONField, QuerySet

LEFT_OUT = frozenset({"password"})  # leaves its table only for a login


OWNER = "krm_owner"  # in a subquery's text: the column it is looked up by


@dataclass(frozen=True)
class Part:
    """The rows of a reverse relation, in the order of their model, or the one row of a foreign key.

    `joined` are foreign keys whose rows come along, `parts` what belongs to each row in turn. Columns in `without`
    are fetched only when somebody asks for them.
    """

    relation: str
    joined: tuple[str, ...] = ()
    parts: tuple["Part", ...] = ()
    without: frozenset[str] = frozenset()


class _Columns(Func):
    """The columns of one row as a JSON list."""

    function = "JSON_ARRAY"
    output_field = JSONField()

    def as_postgresql(self, compiler, connection, **context):
        return self.as_sql(compiler, connection, function="JSONB_BUILD_ARRAY", **context)


class _Owner(Expression):
    """Stands for the column of the surrounding query."""

    def as_sql(self, compiler, connection):
        return OWNER, ()


class _Rows(Expression):
    """The rows of a part as a JSON list, of a foreign key as one row or nothing."""

    output_field = JSONField()

    def __init__(self, model: type[models.Model], part: Part):
        super().__init__()
        self.model, self.part = model, part
        relation = model._meta.get_field(part.relation)
        self.column = F(relation.attname if relation.many_to_one else "pk")

    def get_source_expressions(self):
        return [self.column]

    def set_source_expressions(self, expressions):
        (self.column,) = expressions

    def as_sql(self, compiler, connection):
        column, parameters = compiler.compile(self.column)
        return _subquery(self.model, self.part, connection.alias).replace(OWNER, column), parameters


def first_with(queryset: QuerySet, *parts: Part) -> Any | None:
    """The first object with its parts, in one query; `.all()` of their relations asks nothing more."""
    return next(iter(all_with(queryset[:1], *parts)), None)


def all_with(queryset: QuerySet, *parts: Part) -> list:
    """All objects with their parts, in one query."""
    found = list(queryset.annotate(**_lists(queryset.model, parts)))
    for owner in found:
        for part in parts:
            _attach(owner, part, owner.__dict__.pop(_name(part)))
    return found


def load(owner: models.Model, *parts: Part) -> None:
    """The parts with which the object did not come, in one query."""
    missing = [part for part in parts if not is_loaded(owner, part.relation)]
    if missing:
        lists = _lists(type(owner), missing)
        found = type(owner)._base_manager.filter(pk=owner.pk).values(**lists).get()
        for part in missing:
            _attach(owner, part, found[_name(part)])


def is_loaded(owner: models.Model, relation: str) -> bool:
    """Whether what the relation leads to came along, so that asking for it is no query."""
    field = type(owner)._meta.get_field(relation)
    if field.many_to_one:
        return field.is_cached(owner)
    return field.cache_name in getattr(owner, "_prefetched_objects_cache", {})


def _name(part: Part) -> str:
    return f"nested_{part.relation}"


def _lists(model: type[models.Model], parts: Iterable[Part]) -> dict[str, _Rows]:
    return {_name(part): _Rows(model, part) for part in parts}


@cache
def _subquery(model: type[models.Model], part: Part, database: str) -> str:
    """The text of the part's subquery, which never changes; OWNER stands where the surrounding column goes."""
    relation, connection = model._meta.get_field(part.relation), connections[database]
    below = relation.related_model
    columns = [field.attname for field in _fields(below, part.without)]
    columns += [f"{name}__{field.attname}" for name in part.joined for field in _fields(_target(below, name))]
    lists = [_Rows(below, inner) for inner in part.parts]
    if relation.many_to_one:
        rows = below._base_manager.filter(pk=_Owner()).order_by()
    else:
        rows = below._base_manager.filter(**{relation.field.name: _Owner()}).order_by(*below._meta.ordering, "pk")
    query = rows.values(entry=_Columns(*columns, *lists)).query
    text, parameters = query.get_compiler(connection=connection).as_sql()
    tables = {query.alias_map[alias].table_name for alias, uses in query.alias_refcount.items() if uses}
    if parameters or model._meta.db_table in tables:  # a table inside would hide the owner's outside
        raise TypeError(f"{model.__name__}.{part.relation}: lässt sich so nicht mitnehmen.")
    if relation.many_to_one:
        return f"({text})"
    if connection.vendor == "postgresql":
        return f"(SELECT COALESCE(JSONB_AGG(entry), '[]') FROM ({text}) entries)"  # noqa: S608 - text by Django
    return f"(SELECT JSON_GROUP_ARRAY(JSON(entry)) FROM ({text}))"  # noqa: S608 - text by Django


def _target(model: type[models.Model], name: str) -> type[models.Model]:
    return model._meta.get_field(name).related_model


@cache
def _fields(model: type[models.Model], without: frozenset[str] = frozenset()) -> tuple[models.Field, ...]:
    return tuple(field for field in model._meta.concrete_fields if field.name not in without | LEFT_OUT)


def _attach(owner: models.Model, part: Part, found: list | str | None) -> None:
    """Put the rows where `prefetch_related` would have put them, a single one where `select_related` would."""
    relation = type(owner)._meta.get_field(part.relation)
    if relation.many_to_one:
        entry = _loaded(found)
        row = entry and _built(relation.related_model, part, iter(entry), owner._state.db)
        relation.set_cached_value(owner, row)
        return
    rows = [_built(relation.related_model, part, iter(entry), owner._state.db) for entry in _loaded(found)]
    for row in rows:
        relation.field.set_cached_value(row, owner)
    queryset = getattr(owner, relation.accessor_name).get_queryset()
    queryset._result_cache, queryset._prefetch_done = rows, True
    owner.__dict__.setdefault("_prefetched_objects_cache", {})[relation.cache_name] = queryset


def _built(model: type[models.Model], part: Part, values: Iterator, database: str) -> models.Model:
    row = _instance(model, _fields(model, part.without), values, database)
    for name in part.joined:
        target = _target(model, name)
        joined = _instance(target, _fields(target), values, database)
        model._meta.get_field(name).set_cached_value(row, joined if joined.pk is not None else None)
    for inner in part.parts:
        _attach(row, inner, next(values))
    return row


def _instance(
    model: type[models.Model], fields: tuple[models.Field, ...], values: Iterator, database: str
) -> models.Model:
    read = [_reader(field)(next(values)) for field in fields]
    return model.from_db(database, [field.attname for field in fields], read)


def _loaded(value: Any) -> Any:
    """SQLite hands nested JSON on as text."""
    return json.loads(value) if isinstance(value, str) else value


def _moment(value: str) -> datetime:
    """SQLite keeps moments in UTC and does not say so."""
    moment = datetime.fromisoformat(value)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


@cache
def _reader(field: models.Field) -> Callable[[Any], Any]:
    """What makes a value of the field from its JSON; TypeError for a field that no part has had so far."""
    kind = field.target_field if field.is_relation else field
    for type_, read in _READERS.items():
        if isinstance(kind, type_):
            return lambda value: None if value is None else read(value)
    raise TypeError(f"{field}: kein Weg aus JSON zurück.")


_READERS: dict[type[models.Field], Callable[[Any], Any]] = {
    models.DateTimeField: _moment,  # before DateField, of which it is one
    models.DateField: date.fromisoformat,
    models.BooleanField: bool,
    models.JSONField: _loaded,
    models.IntegerField: int,
    models.CharField: str,
    models.TextField: str,
    models.FileField: str,
}
