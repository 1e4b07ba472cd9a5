"""What Geschäftsführung, KRM, Controlling and team leader do with figures and reports, in their browsers."""

import re
from datetime import timedelta
from io import BytesIO

import pytest
from django.utils import timezone
from openpyxl import load_workbook
from playwright.sync_api import expect
from pypdf import PdfReader

from cases.rules.kinds import Kind
from cases.workplace.actions import edit_case
from krm.demo import cases as demo_cases
from reporting.models import Report
from reporting.reading.content import tables_in
from reporting.rules.periods import Period
from reporting.rules.tables import SUPPRESSED
from reporting.rules.vocabulary import ReportKind
from reporting.tasks import count_reports, draft_reports, summarise_houses
from tests import make
from tests.scene import acting

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_the_geschaeftsfuehrung_comes_from_a_number_to_its_cases(as_, house):
    demo_cases.populate(house["pankow"], timezone.localdate(), lambda: None)
    gf = as_("pankow.gf")
    gf.open("/auswertung/")
    for place in range(gf.page.locator("a.krm-headline__number").count()):
        link = gf.page.locator("a.krm-headline__number").nth(place)
        if "%" in link.inner_text():
            continue
        number = re.match(r"[\d.]+", link.inner_text())[0]
        gf._go(link)
        total = gf.page.locator("[data-number], .krm-toolbar__count strong").first
        expect(total).to_have_text(number)
        gf.page.go_back()
    picture = gf.page.get_by_role("img", name=re.compile("^Worum geht es am häufigsten"))
    expect(picture).to_be_visible()
    gf.page.get_by_text("Als Tabelle").nth(2).click()
    expect(gf.page.get_by_role("table", name="Worum geht es?")).to_be_visible()


def test_a_half_yearly_report_is_drafted_written_approved_and_stays(as_, house, monkeypatch):
    """PAN-39: to the Trägerversammlung; both files say what the page says, and a correction shows as a difference."""
    today = timezone.localdate()
    period = Period.around(today, ReportKind.HALF_YEAR).before()
    desk = acting("pankow.krm", today)
    day = period.until_on - timedelta(days=20)
    cases = [make.case(desk, received_on=day - timedelta(days=n), kind=Kind.COMPLAINT) for n in range(8)]
    assert draft_reports() > 0
    count_reports()

    krm = as_("pankow.krm")
    krm.open("/auswertung/berichte/")
    krm._go(krm.page.get_by_role("link", name=re.compile("^Halbjahresbericht")))
    krm.follow("Texte schreiben")
    krm.write("Zusammenfassung", "Es gingen {received} Vorgänge ein.")
    krm.write("Auffälligkeiten", "Es sind {persons}.")
    krm.press("Speichern")
    expect(krm.page.get_by_role("alert")).to_contain_text("{persons}")
    expect(krm.page.get_by_role("textbox", name="Zusammenfassung")).to_have_value("Es gingen {received} Vorgänge ein.")
    krm.write("Auffälligkeiten", "Keine.")
    krm.press("Speichern")
    krm.is_told("Die Texte sind gespeichert.")
    expect(krm.page.get_by_text("Es gingen 8 Vorgänge ein.")).to_be_visible()
    krm.press("Der Geschäftsführung vorlegen")
    krm.is_told("liegt der Geschäftsführung vor")

    gf = as_("pankow.gf")
    gf.open(krm.page.url)
    gf.press("Freigeben")
    gf.is_told("freigegeben und ändert sich nicht mehr")
    report = Report.objects.get(kind=ReportKind.HALF_YEAR)
    pdf, xlsx = (gf.page.request.get(f"{krm.page.url}bericht.{ending}").body() for ending in ("pdf", "xlsx"))
    words = "".join(page.extract_text() for page in PdfReader(BytesIO(pdf)).pages)
    sheet = load_workbook(BytesIO(xlsx))["Wie hat sich der Bestand verände"[:31]]
    assert "Es gingen 8 Vorgänge ein." in words
    assert tables_in(report)[0].cell("total", "received").value == 8
    assert 8 in [cell.value for row in sheet.iter_rows() for cell in row]

    for case in cases[:4]:
        case.refresh_from_db()
        edit_case(by=desk, case=case, expected_version=case.version, changes={"kind": "suggestion"})
    gf.open(krm.page.url)
    expect(gf.page.get_by_role("heading", name="Was heute anders gezählt wird")).to_be_visible()
    krm.open(krm.page.url)
    krm.write("auf dem Weg", "E-Mail")
    krm.press("Abgabe vermerken")
    krm.is_told("Die Abgabe ist vermerkt.")


def test_the_controlling_enters_a_grade_and_the_team_lead_sees_only_open_work(as_, house):
    today = timezone.localdate()
    make.case(acting("pankow.krm", today), received_on=today, unit_id=house["pankow"].units.get(number="711").pk)
    controlling = as_("pankow.controlling")
    controlling.open("/")
    controlling.page.get_by_role("navigation", name="Hauptnavigation").get_by_role(
        "link", name="Kundenbefragung"
    ).click()
    controlling.follow("Ergebnis eintragen")
    controlling.page.get_by_label("Jahr", exact=True).fill(str(today.year - 1))
    controlling.write("Gesamtnote", "2,4")
    controlling.page.get_by_label("Befragte").fill("100")
    controlling.press("Eintragen")
    controlling.is_told("Das Ergebnis ist eingetragen.")
    expect(controlling.page.get_by_role("cell", name="2,4")).to_be_visible()

    lead = as_("pankow.tl")
    lead.open("/auswertung/")
    expect(lead.page.get_by_text("Offene Arbeit Ihrer Einheiten")).to_be_visible()
    expect(lead.page.locator(".krm-headline")).to_have_count(3)
    expect(lead.page.get_by_text("Fristen gehalten")).to_have_count(0)


def test_a_measure_is_planned_and_its_effect_entered(as_, house):
    today = timezone.localdate()
    krm = as_("pankow.krm")
    krm.open("/auswertung/massnahmen/")
    krm.follow("Maßnahme planen")
    krm.write("Anlass", "Lange Wartezeit am Telefon")
    krm.page.get_by_role("textbox", name=re.compile("^Maßnahme")).fill("Zweite Leitung am Vormittag")
    krm.enter_day("umzusetzen bis", today)
    krm.enter_day("Wirkung prüfen am", today)
    krm.press("Planen")
    krm.is_told("Die Maßnahme ist geplant.")
    krm.follow("Zweite Leitung am Vormittag")
    krm.press("Umsetzung eintragen")
    krm.write("Was hat sich geändert?", "Die Wartezeit ist halbiert.")
    krm.press("Wirkung eintragen")
    krm.is_told("Die Wirkung ist eingetragen.")


def test_the_regional_directorate_sees_its_houses_rounded_and_no_case(as_, house):
    """H-5: sums of whole houses, rounded to five, with their Stand; nothing of it leads to a case."""
    today = timezone.localdate()
    for _ in range(7):
        make.case(acting("pankow.krm", today), received_on=today)
    summarise_houses()
    directorate = as_("rd-bb.gf")
    directorate.open("/auswertung/")
    directorate.follow("Zu den Häusern")
    table = directorate.page.get_by_role("table")
    row = table.get_by_role("row", name=re.compile("^Jobcenter Berlin Pankow"))
    expect(row.get_by_role("cell").first).to_have_text(re.compile("^(5|10)$"))
    expect(table.locator("td a")).to_have_count(0)
    expect(directorate.page.get_by_text("auf fünf gerundet").first).to_be_visible()


def test_the_report_of_a_tiny_office_keeps_its_secrets(as_, house):
    """B4-10: what would say something of one person is a dot, on the page and in both files."""
    today = timezone.localdate()
    desk = acting("pankow.krm", today)
    day = Period.around(today, ReportKind.HALF_YEAR).before().until_on - timedelta(days=20)
    for kind in (Kind.COMPLAINT, Kind.COMPLAINT, Kind.COMPLAINT, Kind.COMPLAINT, Kind.PRAISE):
        make.case(desk, received_on=day, kind=kind)
    draft_reports()
    count_reports()

    krm = as_("pankow.krm")
    krm.open("/auswertung/berichte/")
    krm._go(krm.page.get_by_role("link", name=re.compile("^Halbjahresbericht")))
    row = krm.page.get_by_role("table", name="Wie hat sich der Bestand verändert?").get_by_role("row", name="Lob")
    assert SUPPRESSED in row.get_by_role("cell").all_inner_texts()
    assert "1" not in row.get_by_role("cell").all_inner_texts()
    pdf, xlsx = (krm.page.request.get(f"{krm.page.url}bericht.{ending}").body() for ending in ("pdf", "xlsx"))
    sheet = load_workbook(BytesIO(xlsx))["Wie hat sich der Bestand verände"[:31]]
    of_praise = next(cells for cells in sheet.iter_rows(values_only=True) if cells[0] == "Lob")
    assert SUPPRESSED in of_praise
    assert 1 not in of_praise
    lines = [line for page in PdfReader(BytesIO(pdf)).pages for line in page.extract_text().splitlines()]
    assert any(SUPPRESSED in line for line in lines if line.startswith("Lob"))
