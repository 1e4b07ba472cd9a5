"""A report from draft to hand-over: drafted by itself, written, approved and frozen; its files say what it says."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from io import BytesIO, StringIO

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone
from openpyxl import load_workbook
from pypdf import PdfReader

from cases.models import Deadline
from cases.rules.kinds import Kind
from cases.workplace.actions import edit_case
from offices.errors import NotAllowed
from offices.models import Office
from offices.queries import Actor
from reporting.actions.reports import (
    approve_report,
    count_anew,
    count_report,
    count_waiting,
    discard_report,
    draft_owed,
    edit_texts,
    move_report,
    note_sent,
    present_report,
    request_report,
    return_report,
    stop_counting,
)
from reporting.models import CaseFact, Report
from reporting.reading.all_figures import all_figures
from reporting.reading.content import differences, tables_in
from reporting.reading.report_files import report_pdf, report_xlsx
from reporting.reading.tables import office_question
from reporting.rules.periods import Period
from reporting.rules.tables import TOTAL
from reporting.rules.vocabulary import Audience, ReportState, Work
from tests import make
from tests.cast import TODAY
from tests.reporting.test_figures import drawn, kept
from tests.scene import acting

pytestmark = pytest.mark.django_db
QUARTER = Period(date(2026, 4, 1), date(2026, 6, 30))


@pytest.fixture
def krm(house):
    return acting("pankow.krm", TODAY)


@pytest.fixture
def gf(house):
    return acting("pankow.gf", TODAY)


def asked_for(krm, office: Office, *, audience=Audience.INTERNAL, period=QUARTER, **more) -> Report:
    return request_report(by=krm, office=office, recipient="Beirat", audience=audience, period=period, **more)


def on_request(krm, office: Office, **more) -> Report:
    report = asked_for(krm, office, **more)
    count_report(report.pk)
    report.refresh_from_db()
    return report


def approved(krm, gf, office: Office, **more) -> Report:
    report = on_request(krm, office, **more)
    present_report(by=krm, report=report, expected_version=report.version)
    report.refresh_from_db()
    return approve_report(by=gf, report=report, expected_version=report.version)


@pytest.mark.parametrize(
    ("today", "made"),
    [
        (date(2026, 7, 1), {("quarter", "2026-Q2"), ("half_year", "2026-H1"), ("year", "2025")}),
        (date(2027, 1, 4), {("quarter", "2026-Q4"), ("half_year", "2026-H2"), ("year", "2026")}),
        (date(2027, 1, 1), {("quarter", "2026-Q3"), ("half_year", "2026-H1"), ("year", "2025")}),
    ],
)
def test_the_reports_of_pankow_are_drafted_on_the_first_working_day_after_their_period(house, today, made):
    """PAN-39, PAN-40: quarterly to the GF, half-yearly to the Trägerversammlung, yearly to the RD. New Year is none."""
    if today == date(2027, 1, 1):
        draft_owed(by=Actor(user=None, today=date(2026, 12, 31)), office=house["pankow"])
        assert draft_owed(by=Actor(user=None, today=today), office=house["pankow"]) == 0
    else:
        draft_owed(by=Actor(user=None, today=today), office=house["pankow"])

    assert {(r.kind, r.period.name) for r in Report.objects.all()} == made


def test_a_report_is_drafted_once_and_its_day_is_watched(house):
    by = Actor(user=None, today=date(2026, 7, 1))
    assert draft_owed(by=by, office=house["pankow"]) == 3
    assert draft_owed(by=by, office=house["pankow"]) == 0

    half_year = Report.objects.get(kind="half_year")
    assert (half_year.recipient, half_year.audience) == ("Trägerversammlung", Audience.ASSEMBLY)
    deadline = Deadline.objects.get(pk=half_year.deadline_id)
    assert (deadline.role, deadline.path, deadline.due_on) == (
        "krm_officer",
        half_year.get_absolute_url(),
        date(2026, 7, 28),
    )


def test_every_demo_office_reports_what_its_rules_say(house):
    """GER-9, GER-37, H-5: yearly in Germersheim to Trägerversammlung and RD; Gera only on request."""
    by = Actor(user=None, today=date(2026, 7, 1))
    assert {slug: draft_owed(by=by, office=house[slug]) for slug in ("germersheim", "gera", "berlin-nord")} == {
        "germersheim": 2, "gera": 0, "berlin-nord": 1,
    }  # fmt: skip


def test_the_figures_are_made_in_the_background_as_of_one_moment(krm, house):
    kept(drawn(house["pankow"], 80))
    report = request_report(
        by=krm, office=house["pankow"], recipient="Beirat", audience=Audience.INTERNAL, period=QUARTER
    )
    assert (report.work, report.content) == (Work.WAITING, {})

    assert count_waiting(timezone.now()) == 1
    assert count_waiting(timezone.now()) == 0
    report.refresh_from_db()
    assert (report.work, report.progress, tables_in(report)[0].key) == ("", 100, "stock")


def test_what_is_being_counted_can_be_broken_off(krm, house):
    report = request_report(
        by=krm, office=house["pankow"], recipient="Beirat", audience=Audience.INTERNAL, period=QUARTER
    )
    stop_counting(by=krm, report=report)
    assert not count_report(report.pk)
    count_anew(by=krm, report=report)
    assert count_report(report.pk)


def test_a_worker_that_died_over_a_report_is_followed_by_the_next(krm, house):
    report = request_report(
        by=krm, office=house["pankow"], recipient="Beirat", audience=Audience.INTERNAL, period=QUARTER
    )
    Report.objects.update(work=Work.RUNNING, work_since_at=timezone.now())
    assert count_waiting(timezone.now()) == 0
    Report.objects.update(work_since_at=timezone.now() - timedelta(hours=1))
    assert count_waiting(timezone.now()) == 1
    report.refresh_from_db()
    assert report.content


def test_a_report_that_contradicts_itself_keeps_no_other_waiting(krm, house, caplog):
    first, second = (request_report(
        by=krm, office=house["pankow"], recipient=name, audience=Audience.INTERNAL, period=period
    ) for name, period in (("Beirat", QUARTER), ("Personalrat", QUARTER.before())))  # fmt: skip
    fact = next(fact for fact in drawn(house["pankow"], 1) if fact.position == 0)
    days = {"received_on": QUARTER.from_on, "opened_on": QUARTER.from_on, "ended_on": QUARTER.until_on}
    kept([replace(fact, round=1, end="", **days)])  # gone without an end that is counted

    assert count_waiting(timezone.now()) == 1
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.work, first.content, second.work, second.content != {}) == (Work.RUNNING, {}, "", True)
    assert f"Die Zahlen des Berichts {first.pk} lassen sich nicht zählen." in caplog.text


def test_texts_cite_figures_that_stay_true(krm, house):
    make.case(krm, received_on=date(2026, 5, 4))
    report = on_request(krm, house["pankow"])
    edit_texts(by=krm, report=report, expected_version=report.version, texts={"summary": "Es kamen {received}."})
    make.case(krm, received_on=date(2026, 5, 5))
    report.refresh_from_db()
    count_anew(by=krm, report=report)
    count_report(report.pk)

    pdf = "".join(page.extract_text() for page in PdfReader(BytesIO(report_pdf(Report.objects.get()))).pages)
    assert "Es kamen 2." in pdf


def test_a_figure_that_the_report_does_not_have_is_refused(krm, house):
    report = on_request(krm, house["pankow"])
    with pytest.raises(NotAllowed, match=r"\{persons\}") as refusal:
        edit_texts(by=krm, report=report, expected_version=report.version, texts={"summary": "Es sind {persons}."})
    assert refusal.value.field == "summary"


def test_an_approved_report_is_frozen_and_a_correction_shows_as_a_difference(krm, gf, house):
    case = make.case(krm, received_on=date(2026, 5, 4))
    report = approved(krm, gf, house["pankow"])
    digest, content = report.digest, report.content
    case.refresh_from_db()
    edit_case(by=krm, case=case, expected_version=case.version, changes={"kind": "suggestion"})
    late = make.case(krm, received_on=date(2026, 5, 6), kind=Kind.PRAISE)

    report.refresh_from_db()
    assert (report.digest, report.content) == (digest, content)
    changed = {
        (row.figure.split(",")[0], row.row, row.then, row.now, row.difference)
        for row in differences(report, timezone.now())
    }
    assert ("eingegangen", "gesamt", "1", "2", "+1") in changed
    assert ("eingegangen", "Beschwerde", "1", "0", "−1") in changed
    assert late.pk
    for forbidden in (
        lambda: edit_texts(by=krm, report=report, expected_version=report.version, texts={}),
        lambda: count_anew(by=krm, report=report),
        lambda: present_report(by=krm, report=report, expected_version=report.version),
        lambda: discard_report(by=krm, report=report),
        lambda: return_report(by=gf, report=report, note="doch nicht"),
    ):
        with pytest.raises(NotAllowed):
            forbidden()


def test_a_small_correction_of_a_report_outside_only_says_that_it_changed(krm, gf, house):
    kept(drawn(house["pankow"], 400))
    report = approved(krm, gf, house["pankow"], audience=Audience.ASSEMBLY)
    make.case(krm, received_on=date(2026, 5, 6))

    assert {(row.now, row.difference) for row in differences(report, timezone.now())} == {("geändert", "geändert")}


def test_only_what_was_presented_is_approved_and_what_is_returned_goes_on(krm, gf, house):
    report = on_request(krm, house["pankow"])
    with pytest.raises(NotAllowed, match="nicht vor"):
        approve_report(by=gf, report=report, expected_version=report.version)
    with pytest.raises(NotAllowed):
        approve_report(by=krm, report=report, expected_version=report.version)
    present_report(by=krm, report=report, expected_version=report.version)
    return_report(by=gf, report=report, note="Bitte die Petitionen erläutern.")
    report.refresh_from_db()
    assert (report.state, report.returned_note, report.presented_by) == (
        ReportState.DRAFT, "Bitte die Petitionen erläutern.", None,
    )  # fmt: skip


def test_it_is_handed_in_after_the_approval_and_its_day_ends(krm, gf, house):
    report = approved(krm, gf, house["pankow"], due_on=TODAY + timedelta(days=3))
    with pytest.raises(NotAllowed, match="Zukunft"):
        note_sent(by=krm, report=report, on=TODAY + timedelta(days=1), way="E-Mail")
    note_sent(by=krm, report=report, on=TODAY, way="E-Mail")
    assert Deadline.objects.get(cancelled_on=None).met_on == TODAY


def test_the_day_can_be_moved_or_taken_away(krm, house):
    report = on_request(krm, house["pankow"], due_on=TODAY + timedelta(days=3))
    move_report(by=krm, report=report, due_on=TODAY + timedelta(days=9))
    assert list(Deadline.objects.open().values_list("due_on", flat=True)) == [TODAY + timedelta(days=9)]
    report.refresh_from_db()
    move_report(by=krm, report=report, due_on=None)
    assert not Deadline.objects.open().exists()


def test_a_draft_on_request_can_be_thrown_away_and_one_that_is_owed_cannot(krm, house):
    discard_report(by=krm, report=on_request(krm, house["pankow"], due_on=TODAY))
    assert not Report.objects.exists()
    draft_owed(by=Actor(user=None, today=TODAY), office=house["pankow"])
    with pytest.raises(NotAllowed, match="Regelwerk"):
        discard_report(by=krm, report=Report.objects.first())


# The files


def cells_of(report: Report) -> dict[tuple[str, str], tuple]:
    return {
        (cell.figure, "" if row.key == TOTAL else f"{table.dimension}={row.key}"): (cell.numerator, cell.denominator)
        for table in tables_in(report)
        for row in table.rows
        for cell in row.cells
    }


def test_the_report_and_the_figures_of_the_command_agree_cell_by_cell(krm, house):
    kept(drawn(house["pankow"], 150))
    report = on_request(krm, house["pankow"])
    asked = office_question(house["pankow"], QUARTER, None, stand=timezone.localdate(report.stand_at))
    figures = {
        (row["figure"], ",".join(f"{k}={v}" for k, v in row["dimensions"].items())): (
            row["numerator"],
            row["denominator"],
        )
        for row in all_figures(asked, house["pankow"], Audience.INTERNAL)
    }
    found = cells_of(report)
    assert len(found) > 100
    assert {key: value for key, value in found.items() if figures.get(key, (0, None)) != value and value[0]} == {}


def test_the_spreadsheet_holds_the_same_numbers_as_numbers(krm, house):
    kept(drawn(house["pankow"], 150))
    report = on_request(krm, house["pankow"])
    book = load_workbook(BytesIO(report_xlsx(report)))
    tables = {table.title[:31].replace("?", ""): table for table in tables_in(report)}

    assert len(set(book.sheetnames) & set(tables)) == len(tables)
    for name, table in tables.items():
        sheet = book[name]
        for place, row in enumerate(table.rows, start=3):
            assert sheet.cell(place, 1).value == row.label
            column = 2
            for cell in row.cells:
                value = sheet.cell(place, column).value
                if cell.denominator is None:
                    assert value == cell.value
                    column += 1
                else:
                    assert (sheet.cell(place, column + 1).value, sheet.cell(place, column + 2).value) == (
                        cell.numerator, cell.denominator,
                    )  # fmt: skip
                    column += 3
            if table.has_shares:
                assert sheet.cell(place, column).value == pytest.approx(table.parts[place - 3])
        assert sheet.freeze_panes
        assert sheet.print_area
    assert isinstance(book["Bericht"]["B4"].value, datetime)


def test_text_that_a_spreadsheet_would_take_for_a_formula_is_text(krm, house):
    report = on_request(krm, house["pankow"])
    for text in ("=1+1", "+49", "-3", "@a"):
        edit_texts(by=krm, report=report, expected_version=report.version, texts={"summary": text})
        report.refresh_from_db()
        cells = [c for sheet in load_workbook(BytesIO(report_xlsx(report))) for row in sheet.iter_rows() for c in row]
        (cell,) = [c for c in cells if c.value == text]
        assert (cell.data_type, cell.quotePrefix) == ("s", True)


@pytest.mark.parametrize("text", ["Es kamen {received", "}received{", "{received}}"])
def test_a_brace_that_stands_alone_is_refused(krm, house, text):
    report = on_request(krm, house["pankow"])
    with pytest.raises(NotAllowed) as refusal:
        edit_texts(by=krm, report=report, expected_version=report.version, texts={"summary": text})
    assert refusal.value.field == "summary"


def test_who_has_it_is_told(krm, gf, house):
    """Presented it lies with the Geschäftsführung, sent back or approved with the KRM."""
    report = on_request(krm, house["pankow"])
    assert not Deadline.objects.open().exists()
    present_report(by=krm, report=report, expected_version=report.version)
    assert list(Deadline.objects.open().values_list("role", "task", "due_on")) == [
        ("management", "Bericht freigeben", krm.today)
    ]
    return_report(by=gf, report=report, note="Bitte den Anlass nennen.")
    assert list(Deadline.objects.open().values_list("role", "task")) == [("krm_officer", "Bericht abgeben")]


def test_what_left_the_house_meanwhile_asks_for_new_figures(krm, gf, house):
    """Two reports made side by side tell together what neither tells alone."""
    kept(drawn(house["pankow"], 40))
    outside = {"audience": Audience.ASSEMBLY}
    first = on_request(krm, house["pankow"], period=QUARTER, **outside)
    second = on_request(krm, house["pankow"], period=QUARTER.before(), **outside)
    present_report(by=krm, report=second, expected_version=second.version)
    second.refresh_from_db()
    present_report(by=krm, report=first, expected_version=first.version)
    first.refresh_from_db()
    approve_report(by=gf, report=first, expected_version=first.version)

    with pytest.raises(NotAllowed, match="neu zählen"):
        approve_report(by=gf, report=second, expected_version=second.version)
    return_report(by=gf, report=second, note="Neu zählen.")
    second.refresh_from_db()
    with pytest.raises(NotAllowed, match="neu zählen"):
        present_report(by=krm, report=second, expected_version=second.version)
    count_anew(by=krm, report=second)
    count_report(second.pk)
    second.refresh_from_db()
    present_report(by=krm, report=second, expected_version=second.version)
    second.refresh_from_db()
    assert approve_report(by=gf, report=second, expected_version=second.version).is_frozen


def test_the_pdf_has_its_parts_and_numbers_its_pages(krm, gf, house):
    kept(drawn(house["pankow"], 150))
    report = approved(krm, gf, house["pankow"])
    pages = [page.extract_text() for page in PdfReader(BytesIO(report_pdf(report))).pages]
    assert "Erfassungsumfang" in pages[0]
    assert "Inhalt" in pages[1]
    entries = [line for line in pages[1].splitlines() if ". ." in line]
    assert entries
    assert [line for line in entries if not line.strip()[-1].isdigit()] == []
    assert "Wie hat sich der Bestand verändert?" in pages[2]
    assert all(f"Seite {n} von {len(pages)}" in text for n, text in enumerate(pages, start=1))
    assert "Was die Kennzahlen zählen" in "".join(pages[3:])


def test_the_command_writes_both_files(krm, house, tmp_path):
    make.case(krm, received_on=date(2026, 5, 4))
    out = StringIO()
    call_command("report", "quarter", "2026-Q2", "--office", "pankow", "--out", str(tmp_path), stdout=out)
    assert sorted(path.suffix for path in tmp_path.iterdir()) == [".pdf", ".xlsx"]
    with pytest.raises(CommandError, match="2026-Q3, 2026-H1"):
        call_command("report", "quarter", "2026-H1", "--office", "pankow", "--out", str(tmp_path))


def test_no_report_is_made_of_figures_that_contradict_each_other(krm, house):
    """A row that ends before it begins would be counted out of a stock it never was in."""
    kept(drawn(house["pankow"], 20))
    wrong = CaseFact.objects.filter(position=0, ended_on__range=(QUARTER.from_on, QUARTER.until_on)).first()
    CaseFact.objects.filter(pk=wrong.pk).update(opened_on=QUARTER.until_on, received_on=date(2026, 3, 1), round=1)
    report = request_report(
        by=krm, office=house["pankow"], recipient="Beirat", audience=Audience.INTERNAL, period=QUARTER
    )
    with pytest.raises(ArithmeticError):
        count_report(report.pk)
