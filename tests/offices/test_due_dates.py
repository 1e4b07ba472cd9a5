"""The command due_dates: CSV in, the same rows with their due date out."""

import io
import os
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

HEADER = "state,received,days,unit,roll_forward,extra_closed"


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
        ("BE,2025-05-07,3,months,1,0", "unit ist „months“, erlaubt ist working oder calendar."),
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


def test_output_for_the_shared_vectors_equals_the_file():
    vectors = shared_data() / "deadline_vectors.csv"
    if not vectors.exists():
        pytest.skip(f"{vectors} is missing: the 5,000 vectors lie beside the checkout, not in it")
    assert run_on(vectors) == (vectors.read_text(encoding="utf-8"), "", None)
