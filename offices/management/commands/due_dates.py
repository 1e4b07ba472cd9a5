"""Computes due dates for the rows of a CSV file, to check the calendar engine against other sources."""

import csv
import io
import sys
from argparse import ArgumentParser
from collections.abc import Iterator
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from offices.calendars import FIRST_YEAR, LAST_YEAR, Calendar, ClosedDay, Period, Unit, due

COLUMNS = ("state", "received", "days", "unit", "roll_forward", "extra_closed")
UNITS = {"working": Unit.WORKING_DAYS, "calendar": Unit.CALENDAR_DAYS}
FLAGS = {"0": False, "1": True}


class Command(BaseCommand):
    help = (
        "Liest state,received,days,unit,roll_forward,extra_closed und schreibt dieselben Zeilen mit due. "
        "unit: working (Arbeitstage) oder calendar (Kalendertage). "
        "extra_closed=1: 24.12. und 31.12. sind dienstfrei und keine Arbeitstage."
    )
    requires_system_checks: list[str] = []  # Plain arithmetic: it must also run without a database.

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--csv", required=True, metavar="FILE|-", help="CSV-Datei, - für die Standardeingabe")

    def handle(self, *args: Any, **options: Any) -> None:
        rows = csv.DictReader(io.StringIO(read_text(options["csv"]), newline=""), strict=True)
        try:
            refused = self.write(rows)
        except csv.Error as error:
            raise CommandError(f"Nach Zeile {rows.line_num} kein gültiges CSV: {error}.") from error
        if refused:
            raise CommandError(f"Nicht berechnete Zeilen: {refused}.")

    def write(self, rows: csv.DictReader) -> int:
        """Writes each row with its due date and returns how many had to be refused."""
        given = rows.fieldnames or []
        missing = [column for column in COLUMNS if column not in given]
        if missing:
            raise CommandError(f"In der Kopfzeile fehlt: {', '.join(missing)}.")
        columns = [*given] if "due" in given else [*given, "due"]
        writer = csv.DictWriter(self.stdout, columns, extrasaction="ignore", lineterminator="\n")
        writer.writeheader()
        refused = 0
        for line, row, answer in answers(rows):
            if isinstance(answer, ValueError):
                refused += 1
                self.stderr.write(f"Zeile {line}: {answer}")
            # A refused row keeps its place with an empty due, so that input and output stay row by row.
            writer.writerow({**row, "due": answer.isoformat() if isinstance(answer, date) else ""})
        return refused


def read_text(source: str) -> str:
    """The whole text of a UTF-8 file, or of standard input for "-"."""
    try:
        content = sys.stdin.buffer.read() if source == "-" else Path(source).read_bytes()
        return content.decode("utf-8-sig")
    except OSError as error:
        raise CommandError(f"„{source}“ lässt sich nicht lesen: {error.strerror}.") from error
    except UnicodeDecodeError as error:
        raise CommandError(f"„{source}“ ist kein Text in UTF-8.") from error


def answers(rows: csv.DictReader) -> Iterator[tuple[int, dict[str, str], date | ValueError]]:
    """For each row its line number in the file and the due date, or the error that says what is wrong."""
    for row in rows:
        try:
            answer: date | ValueError = due_date(row)
        except ValueError as error:
            answer = error
        yield rows.line_num, row, answer


def due_date(row: dict[str, str]) -> date:
    """The due date of one row; raises ValueError with a German sentence about the first wrong value."""
    if None in row or None in row.values():
        raise ValueError("Die Zeile hat nicht so viele Werte wie die Kopfzeile Spalten.")
    calendar = calendar_of(row["state"].strip(), choice(row, "extra_closed", FLAGS))
    period = Period(whole_number(row["days"]), choice(row, "unit", UNITS))
    roll_forward = choice(row, "roll_forward", FLAGS)
    return due(calendar, day(row["received"]), period, roll_forward=roll_forward).due_on


@cache
def calendar_of(state: str, extra_closed: bool) -> Calendar:
    closed = [
        ClosedDay(name, date(year, 12, day_of_month), date(year, 12, day_of_month), is_public_holiday=False)
        for year in range(FIRST_YEAR, LAST_YEAR + 1)
        for name, day_of_month in (("Heiligabend", 24), ("Silvester", 31))
    ]
    return Calendar(state, tuple(closed) if extra_closed else (), closed_days_are_working_days=False)


def choice(row: dict[str, str], column: str, values: dict[str, Any]) -> Any:
    text = row[column].strip()
    if text not in values:
        raise ValueError(f"{column} ist „{text}“, erlaubt ist {' oder '.join(values)}.")
    return values[text]


def whole_number(text: str) -> int:
    try:
        return int(text)
    except ValueError:
        raise ValueError(f"days ist „{text}“, erwartet wird eine ganze Zahl.") from None


def day(text: str) -> date:
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        raise ValueError(f"received ist „{text}“, erwartet wird ein Datum wie 2026-11-19.") from None
