"""Five real reports, one under each rule set in force and one anonymous, from Eingang to z.d.A. in the browser."""

import csv
import os
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import pytest
from django.conf import settings
from django.utils import timezone

from cases.models import Case
from krm.demo.letters import directed
from offices.models import User
from offices.queries import actor_for
from tests.journeys.desk import Desk, Reaction, Sender, words_of

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

SHARED = Path(os.environ.get("KRM_SHARED_DATA") or settings.BASE_DIR.parent / "shared" / "data")
RULES = settings.BASE_DIR / "docs" / "regeln.md"
KINDS = ("Eingangsbestätigung", "Zwischennachricht", "Abschluss")


@dataclass(frozen=True)
class Report:
    """One row of the list; `due` is computed by hand, `filed_under` is the office's Aktenplan."""

    office: str
    place: str
    received_on: date
    channel: str
    due: dict[str, str]
    filed_under: str
    legal_area: str = "SGB II"
    sender: Sender | None = None
    contact: tuple[str, ...] = field(default=())


REPORTS = {
    "3371": Report(
        office="pankow",
        place="Pankow",
        received_on=date(2020, 5, 1),
        channel="Brief",
        due={
            "Eingangsbestätigung": "Mi 06.05.2020",
            "Zwischennachricht": "Mo 18.05.2020",
            "Abschluss": "Mo 18.05.2020",
        },
        filed_under="II-6001 PAN",
        sender=Sender("Frau", "Rosalie", "Dünnebier", "Parkstraße 12", "13086", "Berlin"),
        contact=("Karin Ahrens", "030 5550-101"),
    ),
    "3444": Report(
        office="germersheim",
        place="Germersheim",
        received_on=date(2020, 5, 29),
        channel="Brief",
        due={"Eingangsbestätigung": "Mi 10.06.2020", "Abschluss": "Mo 22.06.2020"},
        filed_under="II-6000 GER",
        sender=Sender("Herr", "Anatol", "Weißhaupt", "Am Rheinufer 3", "76726", "Germersheim"),
        contact=("Karin Ahrens", "07274 5550-101"),
    ),
    "5335": Report(
        office="gera",
        place="Gera",
        received_on=date(2021, 9, 6),
        channel="Brief",
        due={"Zwischennachricht": "Di 21.09.2021", "Abschluss": "Di 21.09.2021"},
        filed_under="II-6000 GERA",
        sender=Sender("Frau", "Yıldız", "Großmann", "Sorge 41", "07545", "Gera"),
        contact=("Karin Ahrens", "0365 5550-101"),
    ),
    "4586": Report(
        office="berlin-nord",
        place="Agentur Berlin Nord (SGB III)",
        received_on=date(2021, 3, 4),
        channel="Brief",
        due={"Eingangsbestätigung": "Mi 10.03.2021", "Abschluss": "Do 18.03.2021"},
        filed_under="II-6000 AAN",
        legal_area="SGB III",
        sender=Sender("Herr", "Łukasz", "Jabłoński", "Storkower Straße 120", "10407", "Berlin"),
        contact=("Karin Ahrens", "030 5550-101"),
    ),
    "5710": Report(
        office="pankow",
        place="Pankow",
        received_on=date(2021, 12, 12),
        channel="Onlineformular",
        due={"Abschluss": "Fr 24.12.2021"},
        filed_under="II-6001 PAN",
    ),
}
WITH_SENDER = [number for number, report in REPORTS.items() if report.sender]


@pytest.fixture(scope="module")
def texts() -> dict[str, str]:
    """ID -> what was reported, unchanged."""
    if not SHARED.is_dir():
        pytest.skip(f"Die Beispieldaten liegen nicht in {SHARED} (KRM_SHARED_DATA nennt einen anderen Ort).")
    with (SHARED / "citizen_reports.csv").open(encoding="utf-8-sig", newline="") as file:
        return {row["ID"]: row["Text"].strip() for row in csv.DictReader(file)}


def registered(as_: Callable[..., Desk], number: str, texts: dict[str, str]) -> tuple[Desk, str]:
    """At the desk of the report's office, its case open on the screen."""
    report = REPORTS[number]
    krm = as_(f"{report.office}.krm")
    reference = krm.register(
        Reaction(text=texts[number], received_on=report.received_on, sender=report.sender, channel=report.channel)
    )
    return krm, reference


def sees_what_was_registered(krm: Desk, number: str, text: str) -> None:
    report = REPORTS[number]
    facts = krm.facts()
    day = f"{report.received_on:%d.%m.%Y}"
    days = {label: words.split()[1] for label, words in facts.items() if label.startswith(("Schreiben", "Eingang"))}
    assert days == {"Schreiben vom": day, "Eingang im Haus": day, "Eingang beim KRM": day}
    assert (facts["Weg"], facts["Rechtskreis"]) == (report.channel, report.legal_area)
    assert " ".join(krm.page.locator("blockquote").inner_text().split()) == " ".join(text.split())
    assert krm.deadlines() == report.due


def is_filed(krm: Desk, number: str, reference: str) -> None:
    """Aktenzeichen and retention stand on the page, nothing is open, and the list of open cases has let go of it."""
    report = REPORTS[number]
    assert krm.facts()["Aufbewahren bis"].split()[1] == f"31.12.{timezone.localdate().year + 10}"
    number_of_case = reference.split("-", 1)[1]
    assert f"Aktenzeichen {report.filed_under}-{number_of_case}." in krm.page.locator("#abschluss").inner_text()
    assert krm.deadlines() == {}
    assert krm.listed("/vorgaenge/") == []


def answered(as_: Callable[..., Desk], krm: Desk, number: str, reference: str) -> bytes:
    """The answer leaves the house, signed by the hands that the office's rules name; its PDF."""
    office, result = REPORTS[number].office, "Das Hindernis ist seit gestern beseitigt."
    if office == "pankow":  # PAN-23: the Verfügung says that the Geschäftsführung signs
        by = actor_for(User.objects.get(username="pankow.krm"), timezone.localdate())
        directed(by, Case.objects.get(reference=reference))
        krm.open(f"/vorgaenge/{reference}/")
    if office not in ("pankow", "germersheim"):
        return krm.reply(result)
    krm.write_reply(result)
    if office == "germersheim":  # GER-21: agreed with the Fachkraft, then signed by the KRM
        krm.give_to_signature(agreed_with="Tobias Lindner")
        as_("germersheim.tl").sign_next("Mitzeichnen")
        krm.page.reload()
        krm.press("Zeichnen")
    else:
        krm.give_to_signature()
        as_("pankow.gf").sign_next()
        krm.page.reload()
    return krm.send("Abschlussschreiben")


@pytest.mark.parametrize("number", WITH_SENDER)
def test_a_report_goes_from_eingang_to_zda_with_both_letters(as_, texts, number):
    krm, reference = registered(as_, number, texts)
    sees_what_was_registered(krm, number, texts[number])
    assert krm.listed("/vorgaenge/") == [reference]

    krm.open(f"/vorgaenge/{reference}/")
    krm.accept()
    acknowledgement = krm.acknowledge()
    answer = answered(as_, krm, number, reference)
    krm.sees_state("Beantwortet")
    in_gera = REPORTS[number].office == "gera"  # GERA-11, GERA-16
    if in_gera:
        as_("gera.gf").takes_note("Kundenreaktion zur Kenntnis nehmen", reference)
        krm.note_talk("angeboten und abgelehnt")
    krm.close(outcome="berechtigt", reason="Die Stelle war nicht gesichert.", in_verbis=in_gera)

    is_filed(krm, number, reference)
    letters = words_of(acknowledgement), words_of(answer)
    for line in (*REPORTS[number].sender.address.splitlines(), *REPORTS[number].contact, reference):
        assert [line in letter for letter in letters] == [True, True], line
    assert ["Das Hindernis ist seit gestern beseitigt." in letter for letter in letters] == [False, True]


def test_an_anonymous_report_is_closed_without_an_answer(as_, texts):
    krm, reference = registered(as_, "5710", texts)
    sees_what_was_registered(krm, "5710", texts["5710"])
    assert krm.listed("/vorgaenge/") == [reference]

    krm.open(f"/vorgaenge/{reference}/")
    krm.accept()
    writing = krm.page.get_by_role("button", name=re.compile("schreiben$"))
    assert writing.all_inner_texts() == []
    krm.close(outcome="nicht bewertbar", reason="Niemand ist zu fragen.", settlement="keine Antwort nötig")

    is_filed(krm, "5710", reference)


def test_the_dates_computed_by_hand_are_those_of_the_document():
    lines = RULES.read_text(encoding="utf-8").split("## Von Hand gerechnet")[1].splitlines()
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines if re.match(r"\| \d+ \|", line)]
    found = {
        number: (place, {kind: day[1] for kind, words in zip(KINDS, cells, strict=True) if (day := bold(words))})
        for number, place, *cells in rows
    }

    assert found == {number: (in_words(report), report.due) for number, report in REPORTS.items()}


def bold(words: str) -> re.Match | None:
    return re.search(r"\*\*(.+?)\*\*", words)


def in_words(report: Report) -> str:
    weekday = ("Mo", "Di", "Mi", "Do", "Fr", "Sa", "So")[report.received_on.weekday()]
    how = report.channel if report.sender else f"{report.channel}, anonym"
    return f"{report.place}, {weekday} {report.received_on:%d.%m.%Y} ({how})"
