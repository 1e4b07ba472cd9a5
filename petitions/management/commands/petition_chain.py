"""Answers the rows of a CSV file with the route of a petition and its dates, to check them against other sources."""

import csv
import json
from typing import Any

from offices.calendars import Calendar, Unit
from offices.management.commands.due_dates import UNITS
from offices.management.rows import Row, RowsCommand, choice, day, require
from petitions.rules.planning import Binding, Counted, Plan, PlannedStation, plan
from petitions.rules.presets import load, offices
from petitions.rules.routes import Matter
from petitions.rules.vocabulary import Competence, LegalArea, PetitionKind, Requester, Topic

WORDS = {
    "kind": PetitionKind,
    "requester": Requester,
    "competence": Competence,
    "topic": Topic,
    "legal_area": LegalArea,
}
COLUMNS = ("office", *WORDS, "received_on", "outside_due_on")
UNIT_NAMES: dict[Unit, str] = {unit: name for name, unit in UNITS.items()}


class Command(RowsCommand):
    help = (
        f"Liest {','.join(COLUMNS)} und schreibt zu jeder Zeile ein JSON: die Stationen in ihrer Folge mit Datum und "
        "Regeln, daneben die Termine der Dokumente. Gerechnet wird mit den ausgelieferten Wegen und den Feiertagen "
        "des Landes. Eine Zeile mit Fehlern behält ihren Platz und trägt ihn als error."
    )

    def write(self, rows: csv.DictReader) -> int:
        require(list(rows.fieldnames or []), COLUMNS)
        refused = 0
        for _, answer in self.answers(rows, chain):
            is_refused = isinstance(answer, ValueError)
            refused += is_refused
            found = {"line": rows.line_num, "error": str(answer)} if is_refused else answer
            self.stdout.write(json.dumps(found, ensure_ascii=False))
        return refused


def chain(row: Row) -> dict[str, Any]:
    """The stations and dates of one row; raises ValueError with a German sentence about the first wrong value."""
    slug = choice(row, "office", {name: name for name in offices()})
    matter = Matter(**{column: choice(row, column, {word.value: word for word in WORDS[column]}) for column in WORDS})
    preset = load(slug)
    found = plan(
        preset.routes,
        matter,
        received_on=day(row, "received_on"),
        outside_due_on=day(row, "outside_due_on"),
        calendar=Calendar(preset.about.state),
    )
    return {"office": slug, **_plan(found)}


def _plan(found: Plan) -> dict[str, Any]:
    route, stations = found.route, {station.key: station for station in found.stations}
    return {
        "route": route.key,
        "label": route.label,
        "rules": list(route.rules),
        "confirmed": route.confirmed,
        "note": route.note,
        "stations": [_station(station) for station in found.stations],
        "internal_dates": [_date(binding, stations[binding.station]) for binding in found.internal_dates],
    }


def _station(station: PlannedStation) -> dict[str, Any]:
    return {
        "body": station.body,
        "role": station.role,
        "way": station.way,
        "part": station.part,
        **_counted(station.planned),
        "rules": list(station.rules),
    }


def _date(binding: Binding, station: PlannedStation) -> dict[str, Any]:
    return {
        "label": binding.label,
        "body": station.body,
        "role": station.role,
        **_counted(binding.counted),
        "binds": binding.binds,
        "rules": list(binding.rules),
    }


def _counted(counted: Counted) -> dict[str, Any]:
    return {
        "planned_on": counted.on.isoformat(),
        "days": counted.period.amount,
        "unit": UNIT_NAMES[counted.period.unit],
        "direction": counted.direction,
        "counted_from": counted.counted_from.isoformat(),
    }
