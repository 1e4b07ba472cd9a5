"""The files of a report: PDF to be printed and read aloud, XLSX to be calculated with; both from its frozen data."""

from datetime import date, datetime
from io import BytesIO
from typing import Any

from django.utils import timezone
from openpyxl import Workbook
from openpyxl.chart import BarChart, Reference
from openpyxl.chart.label import DataLabelList
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from offices.letterhead import render_blank
from reporting.models import Report
from reporting.reading.report_page import Page, contents, page_of_report
from reporting.rules.figures import FIGURES
from reporting.rules.tables import SUPPRESSED, Cell, Table
from reporting.rules.vocabulary import Audience, Unit

BOLD, WRAPPED = Font(bold=True), Alignment(wrap_text=True, vertical="top")
FORMULA = ("=", "+", "-", "@", "\t", "\r")
LONGEST_SHEET_NAME, WIDEST = 31, 60
NUMBER, SHARE, DECIMAL = "#,##0", "0.0%", "0.0"


def report_pdf(report: Report) -> bytes:
    """PDF/UA-1 with cover, contents, figures, charts, words, definitions; errors as offices.letterhead names them."""
    page = page_of_report(report)
    context = {
        "report": report,
        "title": str(report),
        "page": page,
        "contents": list(contents(page)),
        "content": report.content,
        "is_outside": Audience(report.audience).is_outside,
    }
    return render_blank("reporting/report_pdf.html", context, "reporting/report_pdf.css")


def report_xlsx(report: Report) -> bytes:
    """One sheet a table with real numbers, a first one about the report, a last one with the definitions."""
    book, page = Workbook(), page_of_report(report)
    book.properties.title, book.properties.language = str(report), "de"
    book.properties.creator = report.office.name
    _cover(book.active, report, page)
    for part in page.parts:
        _table(book.create_sheet(_sheet_name(part.table.title)), part.table, report)
    _texts(book.create_sheet("Texte"), page)
    _definitions(book.create_sheet("Definitionen"), page)
    buffer = BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def _cover(sheet: Worksheet, report: Report, page: Page) -> None:
    sheet.title = "Bericht"
    rows: list[tuple[str, Any]] = [
        ("Bericht", str(report)),
        ("Dienststelle", report.office.name),
        ("Empfänger", report.recipient),
        ("Zeitraum von", report.from_on),
        ("Zeitraum bis", report.until_on),
        ("Zahlen vom", timezone.localtime(report.stand_at).replace(tzinfo=None) if report.stand_at else ""),
        ("Stand", report.get_state_display()),
        ("Freigegeben am", timezone.localdate(report.approved_at) if report.approved_at else "noch nicht"),
        ("Prüfsumme", report.digest or "–"),
        *(("Erfassungsumfang", line) for line in report.content.get("practice", [])),
        *(("Vergleichbarkeit", line) for line in report.content.get("breaks", [])),
    ]
    if report.content.get("per_thousand"):
        rows.append(("Beschwerden je 1.000 Bedarfsgemeinschaften", report.content["per_thousand"]))
    if report.content.get("suppressed"):
        rows.append(
            ("Nicht angegeben", f"{report.content['suppressed']} Werte ({SUPPRESSED}), damit niemand zu erkennen ist")
        )
    for label, value in rows:
        sheet.append([label, value])
    _dates(sheet)
    _overview(sheet, report, len(rows) + 2)
    _finish(sheet, head=0)


def _overview(sheet: Worksheet, report: Report, row: int) -> None:
    """Outside the house only the period itself; numbers as numbers, where they were kept as such."""
    columns = [("label", "Kennzahl"), ("now", report.period.label)]
    if not Audience(report.audience).is_outside:
        columns += [("before", "davor"), ("change", "Veränderung"), ("year_before", "vor einem Jahr")]
    for place, (_, words) in enumerate(columns, start=1):
        sheet.cell(row, place, words).font = BOLD
    for entry in report.content.get("overview", []):
        row += 1
        numbers = dict(zip(("now", "before", "year_before"), entry.get("values", ()), strict=False))
        for place, (name, _) in enumerate(columns, start=1):
            number = numbers.get(name)
            cell = sheet.cell(row, place, entry[name] if number is None else number)
            if number is not None:
                share = entry["unit"] == Unit.PERCENT
                cell.value = number / 100 if share else number
                cell.number_format = SHARE if share else NUMBER if float(number).is_integer() else DECIMAL


def _dates(sheet: Worksheet) -> None:
    for (cell,) in sheet.iter_rows(min_col=2, max_col=2):
        cell.alignment = WRAPPED
        if isinstance(cell.value, datetime):
            cell.number_format = "DD.MM.YYYY HH:MM"
        elif isinstance(cell.value, date):
            cell.number_format = "DD.MM.YYYY"


def _table(sheet: Worksheet, table: Table, report: Report) -> None:
    """Title, head, rows; of a share the two counts stand beside it."""
    sheet.append([table.title])
    sheet["A1"].font = BOLD
    head = [""]
    for key in table.columns:
        figure = FIGURES[key]
        head += [figure.label] if figure.denominator is None else [figure.label, "gezählt", "von"]
    sheet.append([*head, "Anteil"] if table.has_shares else head)
    for row, part in zip((*table.body, *filter(None, (table.total,))), table.parts, strict=True):
        sheet.append([row.label])
        place = 2
        for cell in row.cells:
            for value, shape in _values(cell):
                target = sheet.cell(sheet.max_row, place, value)
                target.number_format = shape
                place += 1
        if table.has_shares:
            sheet.cell(sheet.max_row, place, part).number_format = SHARE
    for cell in sheet[2]:
        cell.font, cell.alignment = BOLD, WRAPPED
    if table.note:
        sheet.append([])
        sheet.append([table.note])
    _finish(sheet, head=2)
    _chart(sheet, table)


def _values(cell: Cell) -> list[tuple[Any, str]]:
    figure = FIGURES[cell.figure]
    parts = 1 if figure.denominator is None else 3
    if cell.suppressed:
        return [(SUPPRESSED, "@")] * parts
    if figure.denominator is None:
        return [(cell.value, DECIMAL if figure.unit == Unit.WORKING_DAYS else NUMBER)]
    share = None if cell.value is None else cell.value / 100 if figure.unit == Unit.PERCENT else cell.value
    shape = SHARE if figure.unit == Unit.PERCENT else DECIMAL
    return [(share, shape), (cell.numerator, NUMBER), (cell.denominator, NUMBER)]


def _chart(sheet: Worksheet, table: Table) -> None:
    """A chart of a table with one column of counts, named for who does not see it."""
    told = [cell for _, cell in table.column(table.columns[0])]
    if len(table.columns) != 1 or not FIGURES[table.columns[0]].is_count or len(told) < 2:
        return
    if any(cell.suppressed for cell in told):
        return
    chart = BarChart()
    chart.type, chart.style, chart.title, chart.legend = "bar", 10, table.title, None
    chart.add_data(Reference(sheet, min_col=2, min_row=3, max_row=2 + len(told)))
    chart.set_categories(Reference(sheet, min_col=1, min_row=3, max_row=2 + len(told)))
    chart.dataLabels = DataLabelList(showVal=True)
    chart.x_axis.delete = chart.y_axis.delete = False
    chart.y_axis.majorGridlines = None
    chart.x_axis.scaling.orientation = "maxMin"
    chart.height, chart.width = max(6, 0.7 * len(told) + 3), 18
    sheet.add_chart(chart, "D3")


def _texts(sheet: Worksheet, page: Page) -> None:
    sheet.append(["Abschnitt", "Text"])
    for written in page.written:
        sheet.append([written.section.title, written.text])
        sheet.cell(sheet.max_row, 2).alignment = WRAPPED
    _finish(sheet, head=1)


def _definitions(sheet: Worksheet, page: Page) -> None:
    sheet.append(["Kennzahl", "Fassung", "gezählt wird", "davon von", "maßgeblich", "Quelle"])
    for figure in page.figures:
        sheet.append([figure.label, figure.version, figure.counts, figure.of, figure.basis.label, figure.source])
        for cell in sheet[sheet.max_row]:
            cell.alignment = WRAPPED
    _finish(sheet, head=1)


def _finish(sheet: Worksheet, *, head: int) -> None:
    """Widths, a head that stays, what is printed and how."""
    widths: dict[int, int] = {}
    for row in sheet.iter_rows(min_row=head or 1):
        for cell in row:
            if cell.value is not None:
                widths[cell.column] = max(widths.get(cell.column, 0), len(str(cell.value)))
            if isinstance(cell.value, str) and cell.value.startswith(FORMULA):
                cell.data_type, cell.quotePrefix = "s", True  # text, also for who edits it
    for column, width in widths.items():
        sheet.column_dimensions[get_column_letter(column)].width = min(max(width + 2, 10), WIDEST)
    if head:
        sheet.freeze_panes = sheet.cell(head + 1, 2 if head == 2 else 1)
        sheet.print_title_rows = f"1:{head}"
        for cell in sheet[head]:
            cell.font = BOLD
    sheet.print_area = sheet.dimensions
    sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", sheet.PAPERSIZE_A4
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.oddFooter.right.text = "Seite &P von &N"


def _sheet_name(title: str) -> str:
    return "".join(sign for sign in title if sign not in r"[]:*?/\\")[:LONGEST_SHEET_NAME]
