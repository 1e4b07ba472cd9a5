"""The command due_dates: CSV in, the same rows with their due date out."""

import io
import os
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

HEADER = "state,received,days,unit,roll_forward,extra_closed"
BOTH_WAYS = "state,start,amount,unit,direction,extra_closed"
# Counted by hand on a wall calendar; the first two are the golden dates of the rulebook (B3).
BY_HAND = """\
RP,2026-06-08,14,calendar,back,0,2026-05-22
RP,2026-06-15,14,calendar,back,0,2026-06-01
RP,2026-06-08,2,weeks,back,0,2026-05-22
RP,2026-06-08,10,working,back,0,2026-05-21
BE,2026-06-08,10,working,back,0,2026-05-22
RP,2026-06-05,1,working,back,0,2026-06-03
BE,2026-06-05,1,working,back,0,2026-06-04
BE,2026-06-08,1,weekdays,back,0,2026-06-05
BE,2026-06-08,2,weekdays,back,0,2026-06-05
BE,2026-06-08,3,weekdays,back,0,2026-06-04
RP,2026-06-08,3,weekdays,back,0,2026-06-03
BE,2026-06-07,1,working,back,0,2026-06-05
BE,2026-06-07,0,calendar,back,0,2026-06-05
BE,2026-06-08,0,calendar,back,0,2026-06-08
TH,2027-01-07,14,calendar,back,0,2026-12-24
TH,2027-01-07,14,calendar,back,1,2026-12-23
TH,2027-01-07,2,weeks,back,1,2026-12-23
TH,2027-01-07,3,working,back,0,2027-01-04
TH,2027-01-07,5,working,back,0,2026-12-30
TH,2027-01-07,4,working,back,0,2026-12-31
TH,2027-01-07,4,working,back,1,2026-12-30
TH,2027-01-07,5,weekdays,back,1,2026-12-30
TH,2027-01-24,1,months,back,1,2026-12-23
TH,2027-01-24,1,months,back,0,2026-12-24
BE,2026-03-31,1,months,back,0,2026-02-27
BE,2024-03-31,1,months,back,0,2024-02-29
BE,2026-05-30,3,months,back,0,2026-02-27
BE,2026-08-08,3,months,back,0,2026-05-08
BE,2025-08-08,3,months,back,0,2025-05-07
BB,2025-08-08,3,months,back,0,2025-05-08
SN,2026-11-25,1,weeks,back,0,2026-11-17
BE,2026-11-25,1,weeks,back,0,2026-11-18
BE,2026-03-20,6,weeks,forward,0,2026-05-04
BE,2026-01-31,1,months,forward,0,2026-03-02
BE,2024-01-31,1,months,forward,0,2024-02-29
BE,2026-11-20,3,weekdays,forward,0,2026-11-24
BE,2026-11-18,3,weekdays,forward,0,2026-11-23
BE,2026-11-20,3,working,forward,0,2026-11-25
RP,2026-12-10,2,weeks,forward,1,2026-12-24
BE,2026-12-18,10,working,forward,1,2027-01-07
"""


def shared_data() -> Path:
    """The folder with the test data that lies beside the checkout; KRM_SHARED_DATA names another one."""
    beside = Path(__file__).resolve().parents[2].parent / "shared" / "data"
    return Path(os.environ.get("KRM_SHARED_DATA") or beside)


@pytest.fixture
def answer(tmp_path):
    """Runs the command on a text; returns (stdout, stderr, closing error or None)."""

    def run(text: str | bytes) -> tuple[str, str, str | None]:
        file = tmp_path / "rows.csv"
        file.write_bytes(text if isinstance(text, bytes) else text.encode())
        return run_on(file)

    return run


def run_on(file: Path | str) -> tuple[str, str, str | None]:
    out, err = io.StringIO(), io.StringIO()
    try:
        call_command("due_dates", csv=str(file), stdout=out, stderr=err)
    except CommandError as error:
        return out.getvalue(), err.getvalue(), str(error)
    return out.getvalue(), err.getvalue(), None


def test_rows_come_back_with_their_due_date(answer):
    rows = [
        "BE,2025-05-07,3,working,1,0",
        "TH,2024-09-06,14,calendar,1,0",
        "TH,2024-09-06,14,calendar,0,0",
        "BE,2026-12-18,10,working,1,0",
        "BE,2026-12-18,10,working,1,1",
        "RP,2026-12-10,14,calendar,1,1",
    ]
    dues = ["2025-05-13", "2024-09-23", "2024-09-20", "2027-01-05", "2027-01-07", "2026-12-24"]
    expected = [f"{HEADER},due", *(f"{row},{due}" for row, due in zip(rows, dues, strict=True))]
    assert answer("\n".join([HEADER, *rows])) == ("\n".join(expected) + "\n", "", None)


def test_both_directions_and_all_units_end_where_the_wall_calendar_says(answer):
    rows = [row.rpartition(",")[0] for row in BY_HAND.splitlines()]
    assert answer("\n".join([BOTH_WAYS, *rows])) == (f"{BOTH_WAYS},due\n{BY_HAND}", "", None)


def test_columns_have_an_older_and_a_newer_name_and_roll_forward_holds_forward_only(answer):
    text = (
        "state,received,amount,unit,roll_forward,direction,extra_closed\n"
        "TH,2024-09-06,14,calendar,0,forward,0\n"
        "TH,2024-09-06,14,calendar,1,forward,0\n"
        "RP,2026-06-08,14,calendar,0,back,0\n"
    )
    dues = [row.rpartition(",")[2] for row in answer(text)[0].splitlines()]
    assert dues == ["due", "2024-09-20", "2024-09-23", "2026-05-22"]


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("BE,2025-05-07,3,working,backward,0", "direction ist „backward“, erlaubt ist forward oder back."),
        ("BE,2025-05-07,3,working,,0", "direction ist „“, erlaubt ist forward oder back."),
        ("BE,07.05.2025,3,working,back,0", "start ist „07.05.2025“, erwartet wird ein Datum wie 2026-11-19."),
        ("BE,2025-05-07,1.5,weeks,back,0", "amount ist „1.5“, erwartet wird eine ganze Zahl."),
        (
            "BE,1991-01-02,1,months,back,0",
            "Für das Jahr 1990 sind keine Feiertage bekannt (1991 bis 2100).",
        ),
    ],
)
def test_bad_row_both_ways_is_named_by_the_column_as_the_file_calls_it(answer, row, reason):
    _, err, error = answer(f"{BOTH_WAYS}\n{row}\n")
    assert (err, error) == (f"Zeile 2: {reason}\n", "Nicht berechnete Zeilen: 1.")


def test_two_columns_that_say_the_same_are_refused(answer):
    _, _, error = answer("state,start,days,amount,unit,direction,extra_closed\n")
    assert error == "In der Kopfzeile stehen days und amount, die dasselbe sagen."


def test_due_column_that_is_already_there_is_overwritten_in_its_place(answer):
    text = f'due,note,{HEADER}\n1999-01-01,"a, b",BE,2025-05-07,3,working,1,0\n'
    assert answer(text) == (text.replace("1999-01-01", "2025-05-13"), "", None)


def test_byte_order_mark_windows_line_ends_and_blank_lines_are_no_trouble(answer):
    text = f"\ufeff{HEADER}\r\nBE,2025-05-07,3,working,1,0\r\n\r\n"
    assert answer(text) == (f"{HEADER},due\nBE,2025-05-07,3,working,1,0,2025-05-13\n", "", None)


def test_rows_are_read_from_standard_input(monkeypatch):
    text = f"{HEADER}\nRP,2025-05-07,3,working,1,0\n"
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(text.encode())))
    assert run_on("-") == (f"{HEADER},due\nRP,2025-05-07,3,working,1,0,2025-05-12\n", "", None)


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        (
            "XX,2025-05-07,3,working,1,0",
            "„XX“ ist kein Bundesland (erwartet: BB, BE, BW, BY, HB, HE, HH, MV, NI, NW, RP, SH, SL, SN, ST, TH).",
        ),
        (
            "BE,2025-02-30,3,working,1,0",
            "received ist „2025-02-30“, erwartet wird ein Datum wie 2026-11-19.",
        ),
        ("BE,2025-05-07,drei,working,1,0", "days ist „drei“, erwartet wird eine ganze Zahl."),
        ("BE,2025-05-07,-3,working,1,0", "Eine Frist hat 0 bis 9999 Einheiten, nicht -3."),
        (
            "BE,2025-05-07,3,years,1,0",
            "unit ist „years“, erlaubt ist working, calendar, weekdays, weeks oder months.",
        ),
        ("BE,2025-05-07,3,working,ja,0", "roll_forward ist „ja“, erlaubt ist 0 oder 1."),
        ("BE,2025-05-07,3,working,1,", "extra_closed ist „“, erlaubt ist 0 oder 1."),
        ("BE,2025-05-07,3,working,1", "Die Zeile hat nicht so viele Werte wie die Kopfzeile Spalten."),
        ("BE,2025-05-07,3,working,1,0,9", "Die Zeile hat nicht so viele Werte wie die Kopfzeile Spalten."),
    ],
)
def test_bad_row_is_named_with_its_line_and_the_others_are_answered(answer, row, reason):
    good = "RP,2025-05-07,3,working,1,0"
    out, err, error = answer(f"{HEADER}\n{good}\n{row}\n{good}\n")
    lines = out.splitlines()
    assert (lines[1], lines[3], len(lines)) == (f"{good},2025-05-12", f"{good},2025-05-12", 4)
    assert lines[2].endswith(",")
    assert err == f"Zeile 3: {reason}\n"
    assert error == "Nicht berechnete Zeilen: 1."


def test_missing_columns_are_named(answer):
    assert answer("state,received,days\n") == (
        "",
        "",
        "In der Kopfzeile fehlt: unit, roll_forward, extra_closed.",
    )


def test_empty_file_is_refused(answer):
    expected = "In der Kopfzeile fehlt: state, received, days, unit, roll_forward, extra_closed."
    assert answer("") == ("", "", expected)


def test_file_that_is_no_utf_8_is_refused(answer, tmp_path):
    assert answer(b"\xff\xfe\x00") == ("", "", f"„{tmp_path / 'rows.csv'}“ ist kein Text in UTF-8.")


def test_broken_quoting_is_refused_with_its_place(answer):
    _, _, error = answer(f'{HEADER}\n"BE"x,2025-05-07,3,working,1,0\n')
    assert error == "Nach Zeile 1 kein gültiges CSV: ',' expected after '\"'."


def test_missing_file_is_refused():
    assert run_on("gibt-es-nicht.csv") == (
        "",
        "",
        "„gibt-es-nicht.csv“ lässt sich nicht lesen: No such file or directory.",
    )


@pytest.mark.parametrize("name", ["deadline_vectors.csv", "backward_vectors.csv"])
def test_output_for_the_shared_vectors_equals_the_file(name):
    vectors = shared_data() / name
    if not vectors.exists():
        pytest.skip(f"{vectors} is missing: the vectors lie beside the checkout, not in it")
    assert run_on(vectors) == (vectors.read_text(encoding="utf-8"), "", None)
