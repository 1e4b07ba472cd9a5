"""Rows of a CSV file, for commands that answer each of them or say what is wrong with which."""

import csv
import io
import sys
from abc import ABC, abstractmethod
from argparse import ArgumentParser
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

Row = dict[str, str]


class RowsCommand(ABC, BaseCommand):
    """Reads a CSV file; `write` answers its rows and returns how many it had to refuse."""

    requires_system_checks: list[str] = []  # Plain arithmetic: it must also run without a database.

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--csv", required=True, metavar="FILE|-", help="CSV-Datei, - für die Standardeingabe")

    def handle(self, *args: Any, **options: Any) -> None:
        rows = csv.DictReader(io.StringIO(_read_text(options["csv"]), newline=""), strict=True)
        try:
            refused = self.write(rows)
        except csv.Error as error:
            raise CommandError(f"Nach Zeile {rows.line_num} kein gültiges CSV: {error}.") from error
        if refused:
            raise CommandError(f"Nicht berechnete Zeilen: {refused}.")

    @abstractmethod
    def write(self, rows: csv.DictReader) -> int: ...

    def answers(self, rows: csv.DictReader, answer: Callable[[Row], Any]) -> Iterator[tuple[Row, Any]]:
        """Each row with its answer, or with the ValueError that says what is wrong and is told with its line."""
        for row in rows:
            try:
                if None in row or None in row.values():
                    raise ValueError("Die Zeile hat nicht so viele Werte wie die Kopfzeile Spalten.")
                found = answer(row)
            except ValueError as error:
                found = error
                self.stderr.write(f"Zeile {rows.line_num}: {error}")
            yield row, found


def require(given: list[str], columns: tuple[str, ...]) -> None:
    """Raises CommandError with the columns the head lacks."""
    if missing := [column for column in columns if column not in given]:
        raise CommandError(f"In der Kopfzeile fehlt: {', '.join(missing)}.")


def choice(row: Row, column: str, values: Mapping[str, Any]) -> Any:
    """What the text of a column stands for; ValueError names those that are possible."""
    text = row[column].strip()
    if text not in values:
        *first, last = values
        raise ValueError(f"{column} ist „{text}“, erlaubt ist {', '.join(first)} oder {last}.")
    return values[text]


def whole_number(row: Row, column: str) -> int:
    try:
        return int(row[column])
    except ValueError:
        raise ValueError(f"{column} ist „{row[column]}“, erwartet wird eine ganze Zahl.") from None


def day(row: Row, column: str) -> date:
    try:
        return date.fromisoformat(row[column].strip())
    except ValueError:
        raise ValueError(f"{column} ist „{row[column]}“, erwartet wird ein Datum wie 2026-11-19.") from None


def _read_text(source: str) -> str:
    """The whole text of a UTF-8 file, or of standard input for "-"."""
    try:
        content = sys.stdin.buffer.read() if source == "-" else Path(source).read_bytes()
        return content.decode("utf-8-sig")
    except OSError as error:
        raise CommandError(f"„{source}“ lässt sich nicht lesen: {error.strerror}.") from error
    except UnicodeDecodeError as error:
        raise CommandError(f"„{source}“ ist kein Text in UTF-8.") from error
