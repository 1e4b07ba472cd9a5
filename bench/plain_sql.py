"""The same questions in SQL, as one would ask them without an application."""
# ruff: noqa: S608 - the parts of all statements are constants of this package

from dataclasses import dataclass
from datetime import date, datetime
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


FACTS = "FROM reporting_casefact WHERE office_id = %(office)s AND known_to IS NULL"
YEAR = "date_trunc('year', current_date)::date"
OPEN_NOW = "ended_on IS NULL"
LATE_NOW = f"{OPEN_NOW} AND decided_on IS NULL AND closure_due_on < current_date"


def board(facts: Facts) -> tuple[Sql, ...]:
    """What the dashboard of an office says of this year: by kind and unit, topics, months, days, what is open."""
    numbers = (
        f"count(*) FILTER (WHERE round = 1 AND received_on >= {YEAR}),"
        f" count(*) FILTER (WHERE \"end\" = 'closed' AND ended_on >= {YEAR}),"
        f" count(*) FILTER (WHERE \"end\" = 'closed' AND ended_on >= {YEAR} AND decided_on <= closure_due_on),"
        f" count(*) FILTER (WHERE {OPEN_NOW}), count(*) FILTER (WHERE {LATE_NOW})"
    )
    statements = (
        f"SELECT kind, unit_id, {numbers} {FACTS} AND position = 0 AND (ended_on IS NULL OR ended_on >= {YEAR})"
        " GROUP BY GROUPING SETS ((), (kind), (unit_id))",
        f"SELECT topic_id, received_on >= {YEAR}, count(*) {FACTS} AND position > 0 AND round = 1"
        f" AND (ended_on IS NULL OR ended_on >= {YEAR} - interval '1 year')"
        f" AND (received_on BETWEEN {YEAR} AND current_date OR received_on BETWEEN"
        f" {YEAR} - interval '1 year' AND current_date - interval '1 year') GROUP BY 1, 2",
        f"SELECT date_trunc('month', received_on), count(*) {FACTS} AND position = 0 AND round = 1"
        " AND (ended_on IS NULL OR ended_on >= current_date - interval '2 years')"
        " AND received_on >= current_date - interval '2 years' GROUP BY 1",
        f"SELECT kind, working_days, count(*) {FACTS} AND position = 0 AND \"end\" = 'closed' AND ended_on >= {YEAR}"
        " GROUP BY 1, 2",
        *_lying(f"f.office_id = {facts.office_id}"),
    )
    return tuple(Sql(statement, _values(facts)) for statement in statements)


def board_of_unit(facts: Facts) -> tuple[Sql, ...]:
    """The open work of a unit: with whom it lies, how much is late, what is due this week."""
    return tuple(Sql(statement, _values(facts)) for statement in _lying(f"f.unit_id = {facts.unit_id}"))


def _lying(part: str) -> tuple[str, ...]:
    return (
        f"SELECT c.status, f.unit_id, count(*), count(*) FILTER (WHERE {LATE_NOW}) FROM reporting_casefact f"
        f" JOIN cases_case c ON c.id = f.case_id WHERE {part} AND known_to IS NULL AND position = 0 AND {OPEN_NOW}"
        " GROUP BY 1, 2",
        f"SELECT count(*) FROM cases_case f WHERE {part} AND closed_on IS NULL"
        " AND next_due_on BETWEEN current_date AND current_date + 6",
    )


IN = "BETWEEN %(from)s AND %(until)s"
IS_CLOSED = f"\"end\" = 'closed' AND ended_on {IN}"
IS_RECEIVED = f"round = 1 AND received_on {IN}"
AT_END = "opened_on <= %(until)s AND (ended_on IS NULL OR ended_on > %(until)s)"
IS_LATE = (
    f"standard_due_on {IN} AND standard_due_on < %(stand)s AND interim_due_on IS NOT NULL"
    " AND (decided_on IS NULL OR decided_on > standard_due_on) AND (ended_on IS NULL OR ended_on > standard_due_on)"
)
IS_OWED = (
    f"{IS_RECEIVED} AND acknowledgement_due_on IS NOT NULL"
    " AND (acknowledged_on IS NOT NULL OR acknowledgement_due_on < %(stand)s)"
)
IS_FINAL = f"{IS_CLOSED} AND ended_on <= %(stand)s::date - 30"
IS_ASSESSED = f"{IS_CLOSED} AND outcome IN ('upheld', 'partly_upheld', 'not_upheld')"
IS_REFUSED = f"{IS_CLOSED} AND kind IN ('complaint', 'suggestion') AND outcome IN ('not_upheld', 'partly_upheld')"
COUNTED = (  # as reporting/rules/figures.py
    "opened_on < %(from)s AND (ended_on IS NULL OR ended_on >= %(from)s)",
    IS_RECEIVED,
    f"round > 1 AND opened_on {IN}",
    IS_CLOSED,
    f"\"end\" = 'transferred' AND ended_on {IN}",
    AT_END,
    f"{AT_END} AND closure_due_on < %(until)s AND (decided_on IS NULL OR decided_on > %(until)s)",
    IS_OWED,
    f"{IS_OWED} AND acknowledged_on <= acknowledgement_due_on",
    f"{IS_CLOSED} AND closure_due_on IS NOT NULL",
    f"{IS_CLOSED} AND decided_on <= closure_due_on",
    f"{IS_CLOSED} AND closure_due_on IS NOT NULL AND decided_on <= standard_due_on",
    IS_LATE,
    f"{IS_LATE} AND interim_on <= interim_due_on",
    f"{IS_CLOSED} AND rung >= 2",
    IS_FINAL,
    f"{IS_FINAL} AND rung <= 1 AND (reopened_after IS NULL OR reopened_after > 30)",
    f"{IS_CLOSED} AND settlement = 'repeated'",
    IS_ASSESSED,
    f"{IS_ASSESSED} AND outcome = 'upheld'",
    f"{IS_ASSESSED} AND outcome = 'partly_upheld'",
    f"{IS_CLOSED} AND outcome IN ('upheld', 'partly_upheld', 'not_upheld', 'not_assessable')",
    f"{IS_CLOSED} AND NOT is_anonymous AND kind <> 'opinion_card'",
    f"{IS_CLOSED} AND NOT is_anonymous AND kind <> 'opinion_card' AND talk = 'held'",
    f"{IS_CLOSED} AND NOT is_anonymous AND kind <> 'opinion_card' AND talk IN ('offered', 'held', 'declined')",
    IS_REFUSED,
    f"{IS_REFUSED} AND has_alternatives",
)


def tables_of_report(
    office_id: int, from_on: date, until_on: date, stand: date, known_at: datetime | None
) -> tuple[Sql, ...]:
    """The tables of a report for the own house: one statement for cases, one each for months, days, concerns and what
    is no case."""
    known = "known_to IS NULL"
    if known_at:
        known = "known_from <= %(known_at)s AND (known_to IS NULL OR known_to > %(known_at)s)"
    values = {"office": office_id, "from": from_on, "until": until_on, "stand": stand, "known_at": known_at}
    rows = (
        f"FROM reporting_casefact WHERE office_id = %(office)s AND {known} AND opened_on <= %(until)s"
        " AND (ended_on IS NULL OR ended_on >= %(from)s)"
    )
    others = f"WHERE office_id = %(office)s AND {known}"
    counts = ", ".join(f"count(*) FILTER (WHERE {where})" for where in COUNTED)
    columns = ("kind", "channel", "legal_area", "unit_id", "outcome", "settlement", "rung")
    statements = (
        f"SELECT {', '.join(columns)}, {counts} {rows} AND position = 0"
        f" GROUP BY GROUPING SETS ((), {', '.join(f'({column})' for column in columns)})",
        f"SELECT date_trunc('month', received_on), count(*) {rows} AND position = 0 AND {IS_RECEIVED} GROUP BY 1",
        f"SELECT date_trunc('month', ended_on), count(*) {rows} AND position = 0 AND {IS_CLOSED} GROUP BY 1",
        f"SELECT kind, working_days, count(*) {rows} AND position = 0 AND {IS_CLOSED} GROUP BY 1, 2",
        f"SELECT topic_id, nature, count(*) {rows} AND position > 0 AND {IS_RECEIVED}"
        " GROUP BY GROUPING SETS ((), (topic_id), (nature))",
        f"SELECT reason, count(*) FROM reporting_transferfact {others} AND received_on {IN} GROUP BY 1",
        f'SELECT channel, sum(count) FROM reporting_tallyfact {others} AND "on" {IN} GROUP BY 1',
    )
    return tuple(Sql(statement, values) for statement in statements)
