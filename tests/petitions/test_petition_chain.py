"""The command petition_chain: CSV in, for each row the stations and dates as JSON out."""

import io
import json
from datetime import date
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from hypothesis import given, settings
from hypothesis import strategies as st

from offices.calendars import Calendar, Period, due, due_backward
from offices.management.commands.due_dates import UNITS
from petitions.management.commands.petition_chain import COLUMNS, WORDS, chain
from petitions.rules.presets import load, offices
from tests.petitions.by_hand import ROWS

HEADER = ",".join(COLUMNS)
GOOD = ROWS[0][0]


def run_on(file: Path) -> tuple[list[dict], str, str | None]:
    """Answers, errors of rows, closing error or None."""
    out, err, closing = io.StringIO(), io.StringIO(), None
    try:
        call_command("petition_chain", csv=str(file), stdout=out, stderr=err)
    except CommandError as error:
        closing = str(error)
    return [json.loads(line) for line in out.getvalue().splitlines()], err.getvalue(), closing


@pytest.fixture
def answer(tmp_path):
    def run(*rows: str, header: str = HEADER) -> tuple[list[dict], str, str | None]:
        file = tmp_path / "rows.csv"
        file.write_text("\n".join([header, *rows]), encoding="utf-8")
        return run_on(file)

    return run


def station_words(station: dict) -> str:
    part = f"[{station['part']}] " if station["part"] else ""
    return f"{part}{station['body']} {station['role']}"


def date_words(entry: dict) -> str:
    return f"{'!' * entry['binds']}{entry['planned_on']} {','.join(entry['rules'])}"


@pytest.mark.parametrize("row", ROWS, ids=[row[0] for row in ROWS])
def test_route_and_dates_are_those_worked_out_by_hand(answer, row):
    asked, stations, dates, rules, internal = row
    (found,), err, closing = answer(asked)
    year = asked.rpartition(",")[2][:4]
    expected = [text if len(text) > len("07-15") else f"{year}-{text}" for text in dates.split()]
    assert (err, closing) == ("", None)
    assert [station_words(s) for s in found["stations"]] == stations.split(" > ")
    assert [s["planned_on"] for s in found["stations"]][-len(expected) :] == expected
    assert found["rules"] == rules.split()
    assert [date_words(entry) for entry in found["internal_dates"]] == internal.split("; ")


def test_table_by_hand_has_every_office_every_route_and_both_legal_areas():
    asked = [dict(zip(COLUMNS, row[0].split(","), strict=True)) for row in ROWS]
    assert len(ROWS) >= 40
    assert {row["office"] for row in asked} == set(offices())
    assert {row["legal_area"] for row in asked} == {"sgb2", "sgb3"}
    keys = {chain(row)["route"] for row in asked}
    assert keys == {route.key for slug in offices() for route in load(slug).routes.routes}


def test_station_says_how_its_date_was_counted_and_by_which_rules(answer):
    (found,), _, _ = answer("germersheim,petition,bundestag,owners_assembly,organisation,sgb2,2026-04-20,2026-06-08")
    by_role = {station["role"]: station for station in found["stations"]}
    assert by_role["dispatch"] == {
        "body": "Geschäftsführung",
        "role": "dispatch",
        "way": "house",
        "part": None,
        "planned_on": "2026-05-22",
        "days": 14,
        "unit": "calendar",
        "direction": "back",
        "counted_from": "2026-06-08",
        "rules": ["GER-28", "K15"],
    }
    assert found["internal_dates"][1] == {
        "label": "14 Tage vor Ablauf der Frist des Petitionsausschusses",
        "body": "Geschäftsführung",
        "role": "dispatch",
        "planned_on": "2026-05-22",
        "days": 14,
        "unit": "calendar",
        "direction": "back",
        "counted_from": "2026-06-08",
        "binds": True,
        "rules": ["GER-28", "K15"],
    }


def test_both_dates_of_germersheim_stand_beside_each_other_and_the_earlier_binds_k15(answer):
    (found,), _, _ = answer("germersheim,petition,bundestag,federal,benefits,sgb2,2026-05-22,2026-08-31")
    two = [entry for entry in found["internal_dates"] if "K15" in entry["rules"]]
    assert [(e["days"], e["unit"], e["direction"], e["planned_on"], e["binds"], e["rules"]) for e in two] == [
        (2, "weeks", "forward", "2026-06-05", True, ["GER-26", "K15"]),
        (14, "working", "forward", "2026-06-15", False, ["GER-27", "K15"]),
    ]
    dispatch = next(s for s in found["stations"] if s["role"] == "dispatch")
    assert (dispatch["planned_on"], dispatch["rules"]) == ("2026-06-05", ["GER-26", "K15"])


def test_route_that_no_document_confirms_says_so_h12(answer):
    (found,), _, _ = answer("gera,petition,bundestag,federal,child_benefit,sgb2,2026-05-22,2026-08-31")
    assert (found["confirmed"], found["note"][:54]) == (False, "Die HEGA sagt nur, dass es eigene Wege gibt, getrennt ")


WORDS_OF = {column: " oder ".join(", ".join(WORDS[column]).rsplit(", ", 1)) for column in WORDS}


@pytest.mark.parametrize(
    ("column", "value", "reason"),
    [
        ("office", "köln", "office ist „köln“, erlaubt ist berlin-nord, gera, germersheim, pankow oder rd-bb."),
        ("office", "general", "office ist „general“, erlaubt ist berlin-nord, gera, germersheim, pankow oder rd-bb."),
        ("kind", "complaint", f"kind ist „complaint“, erlaubt ist {WORDS_OF['kind']}."),
        ("requester", "", f"requester ist „“, erlaubt ist {WORDS_OF['requester']}."),
        ("competence", "BA", f"competence ist „BA“, erlaubt ist {WORDS_OF['competence']}."),
        ("topic", "weather", f"topic ist „weather“, erlaubt ist {WORDS_OF['topic']}."),
        ("legal_area", "sgb12", "legal_area ist „sgb12“, erlaubt ist sgb2 oder sgb3."),
        ("received_on", "04.05.2026", "received_on ist „04.05.2026“, erwartet wird ein Datum wie 2026-11-19."),
        ("outside_due_on", "", "outside_due_on ist „“, erwartet wird ein Datum wie 2026-11-19."),
        (
            "outside_due_on",
            "2026-05-03",
            "Die Stellungnahme kann nicht vor dem Eingang fällig sein (03.05.2026 vor 04.05.2026).",
        ),
        (
            "outside_due_on",
            "2101-01-05",
            "Fristen werden für 1991 bis 2100 berechnet, nicht für 2101.",
        ),
    ],
)
def test_bad_row_is_named_with_its_line_and_the_others_are_answered(answer, column, value, reason):
    bad = dict(zip(COLUMNS, GOOD.split(","), strict=True)) | {column: value}
    found, err, closing = answer(GOOD, ",".join(bad.values()), GOOD)
    assert (err, closing) == (f"Zeile 3: {reason}\n", "Nicht berechnete Zeilen: 1.")
    assert found[1] == {"line": 3, "error": reason}
    assert found[0] == found[2]
    assert found[0]["route"] == "federal"


def test_row_with_too_few_values_is_named(answer):
    found, err, _ = answer(GOOD.rpartition(",")[0])
    assert err == "Zeile 2: Die Zeile hat nicht so viele Werte wie die Kopfzeile Spalten.\n"
    assert [set(entry) for entry in found] == [{"line", "error"}]


def test_missing_columns_are_named(answer):
    assert answer(header="office,kind,topic") == (
        [],
        "",
        "In der Kopfzeile fehlt: requester, competence, legal_area, received_on, outside_due_on.",
    )


# Whatever is asked


asked_rows = st.fixed_dictionaries(
    {
        "office": st.sampled_from(offices()),
        **{column: st.sampled_from([str(word) for word in WORDS[column]]) for column in WORDS},
        "received_on": st.dates(date(2012, 1, 1), date(2033, 12, 31)).map(date.isoformat),
        "days": st.integers(3, 200),
    }
)


@settings(deadline=None)
@given(asked_rows)
def test_every_date_can_be_counted_again_and_the_office_works_on_it(row):
    """In the order of the stations, from the Eingang to the day it is due; each names its rules."""
    received_on = date.fromisoformat(row["received_on"])
    outside = date.fromordinal(received_on.toordinal() + row.pop("days"))
    calendar = Calendar(load(row["office"]).about.state)
    found = chain({**row, "outside_due_on": outside.isoformat()})
    for entry in (*found["stations"], *found["internal_dates"]):
        period = Period(entry["days"], UNITS[entry["unit"]])
        count = due_backward if entry["direction"] == "back" else due
        planned_on = date.fromisoformat(entry["planned_on"])
        assert planned_on == count(calendar, date.fromisoformat(entry["counted_from"]), period).due_on
        assert calendar.why_nobody_works(planned_on) is None
        assert entry["rules"]
    for part in {None, *(station["part"] for station in found["stations"])}:
        branch = [s["planned_on"] for s in found["stations"] if s["part"] in (None, part)]
        assert branch == sorted(branch)
    first = due(calendar, received_on, Period(0, UNITS["calendar"])).due_on
    assert first <= date.fromisoformat(found["stations"][-1]["planned_on"]) <= max(first, outside)
