"""`python -m bench.sweeping ROWS AWAY`: one sweep over that many due deadlines while so many people are away, taken
back afterwards; prints JSON.

The database is that of DATABASE_URL. All open deadlines are set aside but ROWS of those of cases; these fall due on the
day of the sweep, and nobody has been told of them. Nobody else is away, and a sweep before has followed who is. All
happens in one transaction that is rolled back.
"""

import json
import sys
from datetime import date, datetime, time, timedelta
from time import perf_counter, process_time

import django

django.setup()

from django.db import connection, transaction  # noqa: E402 - the models are there only after the set-up
from django.utils import timezone  # noqa: E402

from bench.absences import AWAY  # noqa: E402
from bench.counting import Counter  # noqa: E402
from cases.notices.actions.sweep import sweep  # noqa: E402
from offices.models import Office  # noqa: E402
from offices.queries import calendars_for  # noqa: E402

SET_ASIDE = (
    "UPDATE cases_deadline SET next_step_on = NULL"
    " WHERE met_on IS NULL AND cancelled_on IS NULL AND next_step_on IS NOT NULL"
)
FALL_DUE = (
    "UPDATE cases_deadline SET next_step_on = %(day)s, next_step = 0, due_on = %(day)s WHERE id IN"
    " (SELECT id FROM cases_deadline WHERE met_on IS NULL AND cancelled_on IS NULL AND case_id IS NOT NULL"
    " ORDER BY office_id, id LIMIT %(rows)s)"
)
NOON = time(12)


def main(rows: int, away: int) -> dict[str, float]:
    """Milliseconds by the clock and of CPU, queries, and what the sweep says it did."""
    day = working_day()
    counter = Counter()
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(SET_ASIDE)
            cursor.execute(FALL_DUE, {"day": day, "rows": rows})
            due = cursor.rowcount
            cursor.execute("DELETE FROM offices_substitution")
            cursor.execute(AWAY, {"rows": away, "apart_from": [], "day": day})
            cursor.execute("ANALYZE cases_deadline, offices_substitution")
        start, cpu = perf_counter(), process_time()
        with connection.execute_wrapper(counter):
            report = sweep(timezone.make_aware(datetime.combine(day, NOON)))
        milliseconds, cpu = (perf_counter() - start) * 1000, (process_time() - cpu) * 1000
        transaction.set_rollback(True)
    return {
        "due": due,
        "milliseconds": milliseconds,
        "cpu": cpu,
        "queries": counter.count,
        "looked_at": report.looked_at,
        "told": report.told,
    }


def working_day() -> date:
    """The first day from today on which all offices work."""
    calendars, day = calendars_for(Office.objects.all()).values(), timezone.localdate()
    while not all(calendar.is_working_day(day) for calendar in calendars):
        day += timedelta(days=1)
    return day


if __name__ == "__main__":
    sys.stdout.write(json.dumps(main(*map(int, sys.argv[1:]))) + "\n")
