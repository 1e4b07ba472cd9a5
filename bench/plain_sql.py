"""The same questions in SQL, as one would ask them without an application."""
# ruff: noqa: S608 - the parts of all statements are constants of this package

from dataclasses import dataclass
from typing import Any

from bench.databases import Facts
from cases.paging import COUNT_LIMIT, PAGE_SIZE

COLUMNS = (
    "c.reference, c.received_on, c.kind, c.channel, c.subject, p.last_name, p.first_name, u.number, c.status,"
    " c.next_due_on"
)
TABLES = (
    "cases_case c LEFT JOIN offices_unit u ON u.id = c.unit_id"
    " LEFT JOIN cases_person p ON p.case_id = c.id AND p.capacity = 'complainant'"
)
THE_CASE = "case_id = (SELECT id FROM cases_case WHERE reference = %(number)s)"
OF_ONE_CASE = (
    f"SELECT c.*, u.number FROM {TABLES} WHERE c.reference = %(number)s",
    f"SELECT * FROM cases_person WHERE {THE_CASE}",
    f"SELECT * FROM cases_concern JOIN cases_topic t ON t.id = topic_id WHERE {THE_CASE}",
    f"SELECT * FROM cases_deadline WHERE {THE_CASE} ORDER BY due_on",
    f"SELECT * FROM cases_letter WHERE {THE_CASE}",
    f"SELECT * FROM cases_document WHERE {THE_CASE}",
    f"SELECT * FROM cases_event e LEFT JOIN offices_user u ON u.id = e.by_id WHERE {THE_CASE} ORDER BY seq DESC",
)


@dataclass(frozen=True)
class Sql:
    """A statement with its values; all its rows are read."""

    statement: str
    values: dict[str, Any]


def day(facts: Facts, part: str) -> tuple[Sql, ...]:
    """How many open cases in each state, how many overdue, and the 20 most urgent of each state."""
    is_open = f"{part} AND closed_on IS NULL"
    counts = (
        "SELECT status, count(*), count(*) FILTER (WHERE next_due_on < current_date) FROM cases_case"
        f" WHERE {is_open} GROUP BY status"
    )
    first = (
        "SELECT reference, subject, status, next_due_on FROM (SELECT *, row_number() OVER"
        " (PARTITION BY status ORDER BY next_due_on, received_on, id) AS place FROM cases_case"
        f" WHERE {is_open}) AS ranked WHERE place <= 20"
    )
    return tuple(Sql(statement, _values(facts)) for statement in (counts, first))


def page_of_list(facts: Facts, where: str, page: int) -> tuple[Sql, ...]:
    """How many there are, counted as far as KRM counts, and the rows of one page."""
    values = _values(facts) | {"limit": PAGE_SIZE, "offset": (page - 1) * PAGE_SIZE, "most": COUNT_LIMIT + 1}
    rows = (
        f"SELECT {COLUMNS} FROM {TABLES} WHERE {where} ORDER BY c.received_on DESC, c.id DESC"
        " LIMIT %(limit)s OFFSET %(offset)s"
    )
    count = f"SELECT count(*) FROM (SELECT 1 FROM cases_case c WHERE {where} LIMIT %(most)s) AS found"
    return Sql(count, values), Sql(rows, values)


def searched(number: str) -> tuple[Sql, ...]:
    return (Sql(f"SELECT {COLUMNS} FROM {TABLES} WHERE c.reference = %(number)s", {"number": number}),)


def one_case(number: str) -> tuple[Sql, ...]:
    """The case and each sort of related rows."""
    return tuple(Sql(statement, {"number": number}) for statement in OF_ONE_CASE)


def _values(facts: Facts) -> dict[str, Any]:
    return {"office": facts.office_id, "unit": facts.unit_id}
