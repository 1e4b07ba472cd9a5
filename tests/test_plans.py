"""How PostgreSQL answers what the main pages and the sweep really ask, among many closed cases.

No table that grows with the years is read from end to end. Proved by taking away an index and finding out.
"""

import json
from collections.abc import Iterator
from datetime import datetime, time
from typing import Any
from unittest import mock

import pytest
from django.db import connection, models, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from cases.models import Case, Concern, Deadline, Event, Notice, Person
from cases.notices.actions.sweep import sweep
from krm.demo import house as demo_house
from offices.models import Office, Unit, User
from tests import make
from tests.cast import TODAY, actor

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.xdist_group("plans"),  # one worker makes the many cases
    pytest.mark.skipif(connection.vendor != "postgresql", reason="asks the planner of PostgreSQL"),
]
CLOSED = 6_000  # a fifth of them in Pankow
NUMBER = 42  # of a copy in Pankow
FEW = 500  # rows read for a page that shows open cases, one case or nothing
GROWING = {model._meta.db_table for model in (Case, Deadline, Event, Notice)}
SCANS = ("Seq Scan", "Index Scan", "Index Only Scan", "Bitmap Index Scan", "Bitmap Heap Scan")
OF_OPEN_CASES = {
    "Mein Tag": "/",
    "laufende": "/vorgaenge/",
    "Suche": "/vorgaenge/?q=PAN-1999-00042",
    "Suche nach der laufenden Nummer": "/vorgaenge/?q=42",
    "Suche nach dem Namen": "/vorgaenge/?q=Niemand",
    "Vorgang, abgeschlossen": "/vorgaenge/PAN-1999-00042/",
}
OF_ALL_CASES = {
    "alle": "/vorgaenge/?stand=alle",
    "erledigte": "/vorgaenge/?stand=erledigt",
    "erledigte, späte Seite": "/vorgaenge/?stand=erledigt&page=40",
}
MISSING = [  # table, the column by which nothing finds its rows any more, page
    ("cases_case", "office_id", "/vorgaenge/?stand=alle"),
    ("cases_event", "case_id", "/vorgaenge/PAN-1999-00042/"),
    ("cases_deadline", "case_id", "/vorgaenge/PAN-1999-00042/"),
]


@pytest.fixture(scope="module")
def many_cases(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """One open case in Pankow among thousands of closed ones of a team there, all gone at the end of the module."""
    with django_db_blocker.unblock(), transaction.atomic():
        if not Office.objects.exists():
            demo_house.build()
        desk = actor("pankow.krm")
        unit = Unit.objects.get(office__slug="pankow", number="711")
        closed = make.case(desk, unit_id=unit.pk)
        make.answered(desk, closed)
        make.closed(desk, Case.objects.get(pk=closed.pk))
        tell(closed.pk)
        multiply(closed.pk)
        make.case(desk, unit_id=unit.pk)
        run("ANALYZE")
        connection.check_constraints()  # once, and not after each test
        yield
        transaction.set_rollback(True)


@pytest.fixture(autouse=True)
def a_monday() -> Iterator[None]:
    with mock.patch("django.utils.timezone.localdate", return_value=TODAY):
        yield


def tell(case_id: int) -> None:
    """Somebody was told of each deadline of the case and read it."""
    now = timezone.now()
    Notice.objects.bulk_create(
        Notice(
            deadline=deadline,
            office_id=deadline.office_id,
            due_on=deadline.due_on,
            step=0,
            urgency="due",
            recipient=User.objects.get(username="pankow.krm"),
            created_at=now,
            read_at=now,
            mailing=Notice.Mailing.NONE,
        )
        for deadline in Deadline.objects.filter(case=case_id)
    )


def multiply(case_id: int) -> None:
    """CLOSED copies of a closed case with what belongs to it, spread over all offices, each by another person."""
    offices = "(SELECT array_agg(id) FROM offices_office WHERE slug <> 'pankow')"
    in_pankow = f"n %% 5 = {NUMBER % 5}"
    copy(
        Case,
        "FROM cases_case o, generate_series(1, %s) AS n WHERE o.id = %s",
        [CLOSED, case_id],
        reference="'PAN-1999-' || lpad(n::text, 5, '0')",
        import_key="''",
        office_id=f"CASE WHEN {in_pankow} THEN o.office_id ELSE ({offices})[1 + n %% 4] END",
        unit_id=f"CASE WHEN {in_pankow} THEN o.unit_id END",
        received_on="o.received_on - n %% 3000",
    )
    copies = "FROM {table} o, cases_case n WHERE o.case_id = %s AND n.reference LIKE 'PAN-1999-%%'"
    copy(Person, copies.format(table="cases_person"), [case_id], case_id="n.id", search_name="'person ' || n.id")
    copy(Concern, copies.format(table="cases_concern"), [case_id], case_id="n.id", unit_id="n.unit_id")
    copy(Deadline, copies.format(table="cases_deadline"), [case_id], case_id="n.id", office_id="n.office_id")
    numbered = {"case_id": "n.id", "office_id": "n.office_id", "seq": "100000 + row_number() OVER ()"}
    copy(Event, copies.format(table="cases_event"), [case_id], **numbered)
    told = (
        "FROM cases_notice o JOIN cases_deadline d ON d.id = o.deadline_id, cases_deadline n WHERE d.case_id = %s"
        " AND n.kind = d.kind AND n.case_id IN (SELECT id FROM cases_case WHERE reference LIKE 'PAN-1999-%%')"
    )
    copy(Notice, told, [case_id], deadline_id="n.id", office_id="n.office_id")


def copy(model: type[models.Model], source: str, values: list, **changed: str) -> None:
    """Insert what `source` gives as `o`, with the columns of `changed` as SQL."""
    columns = [field.column for field in model._meta.concrete_fields if not field.primary_key]
    names = ", ".join(f'"{column}"' for column in columns)
    taken = ", ".join(changed.get(column, f'o."{column}"') for column in columns)
    run(f'INSERT INTO "{model._meta.db_table}" ({names}) SELECT {taken} {source}', values)  # noqa: S608 - columns


def run(statement: str, values: list | None = None) -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return cursor.fetchall() if cursor.description else []


def asked_by_page(username: str, path: str) -> list[str]:
    """The SELECTs of a page that answered."""
    client = Client()
    client.force_login(User.objects.get(username=username))
    unit = Unit.objects.get(office__slug="pankow", number="711")
    with CaptureQueriesContext(connection) as captured:
        response = client.get(path.format(unit=unit.pk))
    assert response.status_code == 200
    return selects(captured)


def asked_by_sweep() -> list[str]:
    """The SELECTs of a sweep on a day on which it has something to tell."""
    noon = timezone.make_aware(datetime.combine(TODAY, time(12)))
    with transaction.atomic(), CaptureQueriesContext(connection) as captured:
        report = sweep(noon)
        transaction.set_rollback(True)
    assert report.looked_at
    return selects(captured)


def selects(captured: CaptureQueriesContext) -> list[str]:
    found = [query["sql"] for query in captured.captured_queries if query["sql"].startswith("SELECT")]
    assert found
    return found


def nodes(statement: str) -> Iterator[dict[str, Any]]:
    """All steps of the plan by which PostgreSQL answers, with what each of them read."""
    ((plans,),) = run(f"EXPLAIN (ANALYZE, FORMAT JSON) {statement}")
    todo = [plan["Plan"] for plan in (plans if isinstance(plans, list) else json.loads(plans))]
    while todo:
        node = todo.pop()
        todo += node.get("Plans", [])
        yield node


def indexes() -> dict[str, tuple[str, bool]]:
    """Index -> its table, and whether it holds only some of its rows."""
    statement = (
        "SELECT i.relname, t.relname, x.indpred IS NOT NULL FROM pg_index x"
        " JOIN pg_class i ON i.oid = x.indexrelid JOIN pg_class t ON t.oid = x.indrelid"
    )
    return {index: (table, partial) for index, table, partial in run(statement)}


def drop_indexes(table: str, column: str) -> None:
    """All that begin with the column; they are there again when the test is over."""
    statement = (
        "SELECT i.relname FROM pg_index x JOIN pg_class i ON i.oid = x.indexrelid"
        " JOIN pg_attribute a ON a.attrelid = x.indrelid AND a.attnum = x.indkey[0]"
        " WHERE x.indrelid = %s::regclass AND a.attname = %s AND i.oid NOT IN (SELECT conindid FROM pg_constraint)"
    )
    for (index,) in run(statement, [table, column]):
        run(f'DROP INDEX "{index}"')


def whole_reads(statements: list[str]) -> list[str]:
    """Where a growing table is read from end to end: without an index, or all of an index that holds all rows."""
    known, wrong = indexes(), []
    for statement in statements:
        for node in nodes(statement):
            index = node.get("Index Name", "")
            table, partial = known.get(index, (node.get("Relation Name", ""), False))
            by_index = "Index" in node["Node Type"] and ("Index Cond" in node or partial)
            if table in GROWING and node["Node Type"] in SCANS and not (by_index or "Bitmap Heap" in node["Node Type"]):
                wrong.append(f"{node['Node Type']} {index} of {table}: {statement}")
    return wrong


def rows_read(statements: list[str]) -> int:
    """Of growing tables, also those that were looked at and left out."""
    return sum(
        (node["Actual Rows"] + node.get("Rows Removed by Filter", 0)) * node["Actual Loops"]
        for statement in statements
        for node in nodes(statement)
        if node.get("Relation Name") in GROWING
    )


@pytest.fixture
def by_index() -> Iterator[None]:
    """Where most rows of a table are wanted its end-to-end reading is right; here it counts whether there is a way."""
    run("SET LOCAL enable_seqscan = off")
    yield
    run("SET LOCAL enable_seqscan = on")


@pytest.mark.usefixtures("many_cases")
@pytest.mark.parametrize("username", ["pankow.krm", "pankow.tl"])
@pytest.mark.parametrize("path", OF_OPEN_CASES.values(), ids=OF_OPEN_CASES)
def test_pages_about_open_cases_or_one_case_read_few_rows(username: str, path: str) -> None:
    statements = asked_by_page(username, path)

    assert whole_reads(statements) == []
    assert rows_read(statements) < FEW


@pytest.mark.usefixtures("many_cases", "by_index")
@pytest.mark.parametrize("username", ["pankow.krm", "pankow.tl"])
@pytest.mark.parametrize("path", OF_ALL_CASES.values(), ids=OF_ALL_CASES)
def test_lists_of_all_cases_have_an_index(username: str, path: str) -> None:
    assert whole_reads(asked_by_page(username, path)) == []


@pytest.mark.usefixtures("many_cases")
def test_the_sweep_reads_what_is_due() -> None:
    statements = asked_by_sweep()

    assert whole_reads(statements) == []
    assert rows_read(statements) < FEW


@pytest.mark.usefixtures("many_cases", "by_index")
@pytest.mark.parametrize(
    ("table", "column", "path"), MISSING, ids=[f"{table}, {column}" for table, column, _ in MISSING]
)
def test_a_missing_index_is_found_out(table: str, column: str, path: str) -> None:
    asked = asked_by_page("pankow.krm", path)
    before = whole_reads(asked)
    drop_indexes(table, column)

    assert (before, whole_reads(asked) != []) == ([], True)
