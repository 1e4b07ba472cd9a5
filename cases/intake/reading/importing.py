"""Lists at the edge: the rows of a CSV file in, frozen entries ready for registering out."""

import csv
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from io import StringIO
from pathlib import Path

from django.utils import timezone

from cases.rules.kinds import Channel, LegalArea
from cases.rules.registration import ConcernData, Registration

Topic = tuple[str, str]  # group and name in the office's catalogue
FALLBACK: Topic = ("Sonstiges", "Sonstiges")
LONGEST_IDENTITY = 40
SURPLUS = ""  # key under which a row keeps what stands beyond its last named column


class ListUnreadable(Exception):
    """The file as a whole cannot be read; the message is a German sentence."""


class RowRefused(Exception):
    """One row cannot be registered; the message is a German sentence."""


@dataclass(frozen=True)
class Entry:
    """One row, understood: what came in, when, about what; `key` is unique in its source."""

    key: str
    received_on: date
    subject: str
    text: str
    topic: Topic
    summary: str = ""

    def registration(self, topics: Mapping[Topic, tuple[int, str]], legal_area: LegalArea) -> Registration:
        """For the action; `topics` is the office's catalogue: (group, name) -> (id, nature).

        RowRefused where the catalogue has neither the topic nor „Sonstiges“.
        """
        found = topics.get(self.topic) or topics.get(FALLBACK)
        if found is None:
            raise RowRefused("Der Themenkatalog kennt weder das Thema noch „Sonstiges“.")
        topic_id, nature = found
        return Registration(
            subject=self.subject,
            text=self.text,
            received_on=self.received_on,
            reached_krm_on=self.received_on,
            channel=Channel.ONLINE_FORM,
            legal_area=legal_area,
            is_anonymous=True,
            concerns=(ConcernData(nature, topic_id, summary=self.summary),),
            import_key=self.key,
        )


@dataclass(frozen=True)
class ListMap:
    """How the columns of one kind of list are read; `id_column` names the row in messages."""

    name: str
    id_column: str
    columns: tuple[str, ...]
    read: Callable[[Mapping[str, str]], Entry]

    def entry(self, row: Mapping[str, str]) -> Entry:
        """RowRefused where the row has no day, no words or more columns than the header."""
        if SURPLUS in row:
            raise RowRefused("Die Zeile hat mehr Spalten als die Kopfzeile.")
        return self.read(row)


# Category of the city's list -> topic of the catalogue; what is not named here is „Sonstiges“.
CITIZEN_REPORT_TOPICS: dict[str, Topic] = {
    "Beleuchtung": ("Organisation", "Räume und Barrierefreiheit"),
    "Müll/Sauberkeit": ("Organisation", "Räume und Barrierefreiheit"),
    "Öffentliche Orte/Ufer": ("Organisation", "Räume und Barrierefreiheit"),
    "Pflanzenwuchs": ("Erreichbarkeit", "persönlich"),
    "Straßen, Fahrrad & Verkehr": ("Erreichbarkeit", "persönlich"),
}
NO_DISTRICT = "Keine Angabe"


def citizen_report(row: Mapping[str, str]) -> Entry:
    """A report of the open data of a city: no person in it, category „Gruppe > Art“, department and district."""
    group, _, name = row["Kategorie"].partition(" > ")
    district = "" if row["Stadtteil"] == NO_DISTRICT else row["Stadtteil"]
    return Entry(
        key=f"citizen_reports:{_identity(row, 'ID')}",
        received_on=_day(_needed(row, "Gemeldet-am")),
        subject=(f"{group}: {name}" if name and name != group else group)[:200] or "Meldung ohne Kategorie",
        text=_needed(row, "Text"),
        topic=CITIZEN_REPORT_TOPICS.get(group, FALLBACK),
        summary=", ".join(filter(None, (" ".join(row["Gruppe"].split()), district)))[:200],
    )


MAPS = {
    "citizen_reports": ListMap(
        "citizen_reports",
        "ID",
        ("ID", "Gemeldet-am", "Kategorie", "Gruppe", "Stadtteil", "Text"),
        citizen_report,
    )
}


def rows(path: Path, list_map: ListMap) -> list[dict[str, str]]:
    """The rows of a UTF-8 file with a header; values without blanks at their ends. ListUnreadable with the reason."""
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except FileNotFoundError as error:
        raise ListUnreadable(f"Die Datei „{path}“ gibt es nicht.") from error
    except OSError as error:
        raise ListUnreadable(f"„{path}“ lässt sich nicht lesen.") from error
    except UnicodeDecodeError as error:
        raise ListUnreadable(f"„{path}“ ist nicht in UTF-8 geschrieben.") from error
    reader = csv.DictReader(StringIO(text.replace("\x00", ""), newline=""), restkey=SURPLUS, restval="", strict=True)
    try:
        header = reader.fieldnames or []
    except csv.Error as error:
        raise ListUnreadable(f"„{path}“ hat keine lesbare Kopfzeile.") from error
    missing = [column for column in list_map.columns if column not in header]
    if missing:
        expected = f"„{path}“ hat nicht die Spalten der Liste „{list_map.name}“"
        raise ListUnreadable(f"{expected}; es fehlt: {', '.join(missing)}.")
    try:
        return [{name: _trimmed(value) for name, value in row.items()} for row in reader]
    except csv.Error as error:
        where = f"„{path}“ ist ab Zeile {reader.line_num} keine gültige CSV-Datei"
        raise ListUnreadable(f"{where}{_why(error)}.") from error


def _why(error: csv.Error) -> str:
    """What is wrong, where the reader of CSV says it."""
    if "unexpected end of data" in str(error):
        return ": Ein Anführungszeichen wird nicht geschlossen"
    if "field limit" in str(error):
        return f": Ein Feld ist länger als {csv.field_size_limit():,} Zeichen".replace(",", ".")
    return ""


def _trimmed(value: str | list[str]) -> str:
    return (value if isinstance(value, str) else ",".join(value)).strip()


def _needed(row: Mapping[str, str], column: str) -> str:
    if not row[column]:
        raise RowRefused(f"Die Spalte „{column}“ ist leer.")
    return row[column]


def _identity(row: Mapping[str, str], column: str) -> str:
    """Short enough to be kept beside the case, and without signs that nobody sees."""
    value = _needed(row, column)
    if len(value) > LONGEST_IDENTITY or not value.isprintable():
        raise RowRefused(f"Die Spalte „{column}“ ist keine Nummer.")
    return value


def _day(value: str) -> date:
    """The day of „2020-01-07 08:12:00“ or „2020-01-07“; of a moment with its time zone, the day it was here."""
    try:
        moment = datetime.fromisoformat(value)
        return (moment.astimezone(timezone.get_default_timezone()) if moment.tzinfo else moment).date()
    except (OverflowError, ValueError):
        raise RowRefused(f"„{value}“ ist kein Datum.") from None
