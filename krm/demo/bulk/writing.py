"""Writing many rows at once: COPY on PostgreSQL, executemany elsewhere; values are those that the database stores."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from django.core.management.color import no_style
from django.db import connection, models, transaction

SQLITE_CACHE_KIB = 256 * 1024


@dataclass
class Table:
    """Rows of a model that wait to be written; columns that are not named get the default of their field."""

    model: type[models.Model]
    columns: tuple[str, ...]
    rows: list[tuple] = field(default_factory=list)

    def __post_init__(self) -> None:
        others = [f for f in self.model._meta.concrete_fields if f.attname not in self.columns and not f.primary_key]
        by_attname = {f.attname: f for f in self.model._meta.concrete_fields}
        names = [by_attname[name].column for name in self.columns] + [f.column for f in others]
        self._constants = tuple(f.get_db_prep_save(f.get_default(), connection) for f in others)
        self._names = ", ".join(connection.ops.quote_name(name) for name in names)
        self._places = ", ".join(["%s"] * len(names))
        self._table = connection.ops.quote_name(self.model._meta.db_table)

    def write(self) -> None:
        """Write and forget the waiting rows; call inside a transaction."""
        if not self.rows:
            return
        rows = [row + self._constants for row in self.rows] if self._constants else self.rows
        with connection.cursor() as cursor:
            if connection.vendor == "postgresql":
                with cursor.copy(f"COPY {self._table} ({self._names}) FROM STDIN") as copy:
                    for row in rows:
                        copy.write_row(row)
            else:
                cursor.executemany(f"INSERT INTO {self._table} ({self._names}) VALUES ({self._places})", rows)  # noqa: S608
        self.rows = []


@transaction.atomic
def write_all(tables: Sequence[Table]) -> None:
    """All of them or none, in their order."""
    for table in tables:
        table.write()


def make_room() -> None:
    """SQLite keeps so few pages in memory that it would read the indexes again and again; until the connection ends."""
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute(f"PRAGMA cache_size = -{SQLITE_CACHE_KIB}")


def next_id(model: type[models.Model]) -> int:
    """A number from which on no row of the model has one."""
    last = model._base_manager.aggregate(last=models.Max("pk"))["last"]
    return (last or 0) + 1


def finish(written: Sequence[type[models.Model]]) -> None:
    """New rows get numbers after the written ones, and the planner of the database learns how much there is."""
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), list(written)):
            cursor.execute(statement)
        cursor.execute("ANALYZE")
