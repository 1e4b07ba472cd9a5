"""`python -m bench.evaluating TIMES`: the figures of reports of one office, and the same tables in SQL; prints JSON.

The database is that of DATABASE_URL. Both are taken in turn, the first of each is not counted. The summary over all
houses is made too, once.
"""

import json
import sys
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from statistics import median
from time import perf_counter

import django

django.setup()

from django.db import connection  # noqa: E402 - the models are there only after the set-up
from django.utils import timezone  # noqa: E402

from bench.databases import OFFICE  # noqa: E402
from bench.plain_sql import Sql, tables_of_report  # noqa: E402
from offices.models import Office  # noqa: E402
from reporting.actions.summary import summarise  # noqa: E402
from reporting.reading.figures import Question  # noqa: E402
from reporting.reading.tables import office_question, tables, totals  # noqa: E402
from reporting.rules.periods import Period  # noqa: E402
from reporting.rules.tables import specs_for  # noqa: E402
from reporting.rules.vocabulary import Audience  # noqa: E402

BY = 7  # columns before the counts
PLACES = {  # figure -> place of what it counts in bench.plain_sql.COUNTED
    "open_at_start": 0, "received": 1, "reopened": 2, "closed": 3, "handed_over": 4, "open_at_end": 5,
    "overdue_at_end": 6, "acknowledged_in_time": 8, "closed_in_time": 10, "closed_within_standard": 11,
    "interim_in_time": 13, "escalated": 14, "settled_at_first": 16, "repeated": 17, "upheld": 19,
    "partly_upheld": 20, "talks_held": 23, "talks_offered": 24, "alternatives_examined": 26,
}  # fmt: skip


@dataclass(frozen=True)
class Span:
    """Of which time a report tells, and as of which moment; None: as it is known now."""

    name: str
    period: Period
    known_at: datetime | None = None


def spans(today: date) -> list[Span]:
    year, decade = date(today.year - 1, 1, 1), date(today.year - 10, 1, 1)
    end = date(today.year - 1, 12, 31)
    a_year_ago = timezone.now() - timedelta(days=365)
    return [
        Span("ein Jahr", Period(year, end)),
        Span("zehn Jahre", Period(decade, end)),
        Span("ein Jahr, wie vor einem Jahr bekannt", Period(year, end), a_year_ago),
    ]


def main(times: int) -> dict[str, dict[str, float]]:
    """Name of the span -> milliseconds of KRM and of SQL, medians; and of the summary."""
    office, today = Office.objects.get(slug=OFFICE), timezone.localdate()
    found = {}
    for span in spans(today):
        question = office_question(office, span.period, None, stand=today, known_at=span.known_at)
        statements = tables_of_report(office.pk, span.period.from_on, span.period.until_on, today, span.known_at)
        _is_the_same(question, statements)
        taken: dict[str, list[float]] = {"krm": [], "sql": []}
        for number in range(times + 1):
            milliseconds = {
                "krm": took(lambda q=question: tables(specs_for(Audience.INTERNAL), q)),
                "sql": took(lambda s=statements: read(s)),
            }
            for name, value in milliseconds.items() if number else ():
                taken[name].append(value)
        found[span.name] = {name: median(values) for name, values in taken.items()}
    found["Zusammenfassung aller Häuser"] = {"krm": took(lambda: summarise(now=timezone.now()))}
    return found


def _is_the_same(question: Question, statements: tuple[Sql, ...]) -> None:
    """Both count alike; AssertionError where SQL asks something else."""
    asked = totals(PLACES, question)
    rows = read(statements[:1])[0]
    for key, cell in asked.items():
        found = max(row[BY + PLACES[key]] for row in rows)  # that of all is the largest
        if found != cell.numerator:
            raise AssertionError(f"{key}: {found} in SQL, {cell.numerator} at KRM")


def read(statements: tuple[Sql, ...]) -> list[list[tuple]]:
    found = []
    with connection.cursor() as cursor:
        for each in statements:
            cursor.execute(each.statement, each.values)
            found.append(cursor.fetchall())
    return found


def took(work: Callable[[], object]) -> float:
    start = perf_counter()
    work()
    return (perf_counter() - start) * 1000


if __name__ == "__main__":
    sys.stdout.write(json.dumps(main(int(sys.argv[1]))) + "\n")
