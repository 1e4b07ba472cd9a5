"""The order in which every action takes its locks: case, what belongs to it, counter of numbers, event chain.

Whoever takes them in another order waits one day for somebody who waits for them. Only PostgreSQL locks rows.
"""

import re
from collections.abc import Callable
from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper
from psycopg.pq import TransactionStatus

CHAIN, COUNTERS = "cases_eventchain", ("cases_counter", "petitions_fifthcount")
LOCK = re.compile(r"\bFOR (?:NO KEY )?UPDATE\b(?! .*SKIP LOCKED)")  # who passes over what is locked waits for nobody
TABLE = re.compile(r'\b(?:FROM|INTO|UPDATE) "([a-z_]+)"')
CHANGES = ("DELETE", "UPDATE")
OWN_LOCKS = frozenset({"cases_case", "cases_transfer", *COUNTERS, "offices_office", "offices_unit", "offices_user"})


class LockOrder:
    """Watches the statements of a connection, to be given to `execute_wrapper`; what was wrong stands in `wrong`.

    An action is a transaction, or in a test that never commits all between two savepoints of the outermost kind.
    """

    def __init__(self, connection: BaseDatabaseWrapper) -> None:
        self.outside = len(connection.savepoint_ids) if connection.in_atomic_block else None
        self.held: set[str] = set()
        self.rows: set[str] = set()  # locked by these very words before the chain: to say it again waits for nobody
        self.wrong: list[str] = []

    def __call__(self, execute: Callable[..., Any], sql: str, params: Any, many: bool, context: dict) -> Any:
        connection = context["connection"]
        if _is_first(connection):
            self.held, self.rows = set(), set()
        if len(connection.savepoint_ids) == self.outside:
            self.held, self.rows = set(), set()
        elif sql.startswith(("INSERT", *CHANGES)):
            self._take(TABLE.search(sql).group(1), sql)
        elif LOCK.search(sql) and (said := f"{sql} {params}") not in self.rows:
            self.rows.add(said)
            self._take(TABLE.search(sql).group(1), sql)
        return execute(sql, params, many, context)

    def _take(self, table: str, sql: str) -> None:
        """New rows are nobody else's; changes wait for who holds the row, unless that table is held already."""
        waits = not sql.startswith(CHANGES) or (table in OWN_LOCKS and table not in self.held)
        before = next((last for last in (CHAIN, *COUNTERS) if last in self.held), None)
        if waits and before and not sql.startswith("INSERT") and table not in (CHAIN, before):
            self.wrong.append(f"{table} after {before}: {sql[:60]}")
        self.held.add(table)


def _is_first(connection: BaseDatabaseWrapper) -> bool:
    """Whether the next statement begins a transaction."""
    return connection.connection is None or connection.connection.info.transaction_status == TransactionStatus.IDLE
