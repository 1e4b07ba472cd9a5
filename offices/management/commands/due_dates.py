"""Computes due dates for the rows of a CSV file, to check the calendar engine against other sources."""

import csv
from datetime import date
from functools import cache

from django.core.management.base import CommandError

from offices.calendars import FIRST_YEAR, LAST_YEAR, Calendar, ClosedDay, Period, Unit, due, due_backward
from offices.management.rows import Row, RowsCommand, choice, day, require, whole_number

SAME = {"received": "start", "days": "amount"}  # an older and a newer name of the same column
UNITS = {
    "working": Unit.WORKING_DAYS,
    "calendar": Unit.CALENDAR_DAYS,
    "weekdays": Unit.WEEKDAYS,
    "weeks": Unit.WEEKS,
    "months": Unit.MONTHS,
}
DIRECTIONS = {"forward": False, "back": True}
FLAGS = {"0": False, "1": True}


class Command(RowsCommand):
    help = (
        "Liest state,start,amount,unit,direction,extra_closed und schreibt dieselben Zeilen mit due. "
        "unit: working (Arbeitstage), calendar (Kalendertage), weekdays (Werktage), weeks oder months. "
        "direction: forward oder back, spätestens so lange davor; ohne die Spalte vorwärts. "
        "roll_forward=0: ein Ende vorwärts bleibt, wo es ist; mit der Spalte direction darf sie fehlen. "
        "extra_closed=1: 24.12. und 31.12. sind dienstfrei und keine Arbeitstage. "
        "start darf auch received heißen, amount auch days."
    )

    def write(self, rows: csv.DictReader) -> int:
        given = list(rows.fieldnames or [])
        check_head(given)
        columns = given if "due" in given else [*given, "due"]
        writer = csv.DictWriter(self.stdout, columns, extrasaction="ignore", lineterminator="\n")
        writer.writeheader()
        refused = 0
        for row, answer in self.answers(rows, due_date):
            refused += isinstance(answer, ValueError)
            # A refused row keeps its place with an empty due, so that input and output stay row by row.
            writer.writerow({**row, "due": answer.isoformat() if isinstance(answer, date) else ""})
        return refused


def check_head(given: list[str]) -> None:
    for column, other in SAME.items():
        if column in given and other in given:
            raise CommandError(f"In der Kopfzeile stehen {column} und {other}, die dasselbe sagen.")
    names = [other if other in given else column for column, other in SAME.items()]
    rolls = () if "direction" in given else ("roll_forward",)
    require(given, ("state", *names, "unit", *rolls, "extra_closed"))


def due_date(row: Row) -> date:
    """The due date of one row; raises ValueError with a German sentence about the first wrong value."""
    calendar = calendar_of(row["state"].strip(), choice(row, "extra_closed", FLAGS))
    start, amount = (other if other in row else column for column, other in SAME.items())
    period = Period(whole_number(row, amount), choice(row, "unit", UNITS))
    roll_forward = choice(row, "roll_forward", FLAGS) if "roll_forward" in row else True
    if "direction" in row and choice(row, "direction", DIRECTIONS):
        return due_backward(calendar, day(row, start), period).due_on
    return due(calendar, day(row, start), period, roll_forward=roll_forward).due_on


@cache
def calendar_of(state: str, extra_closed: bool) -> Calendar:
    closed = [
        ClosedDay(name, date(year, 12, day_of_month), date(year, 12, day_of_month), is_public_holiday=False)
        for year in range(FIRST_YEAR, LAST_YEAR + 1)
        for name, day_of_month in (("Heiligabend", 24), ("Silvester", 31))
    ]
    return Calendar(state, tuple(closed) if extra_closed else (), closed_days_are_working_days=False)
