"""What is kept apart: from those who lead the house, from the case it came with, from what is no case at all."""

import re
from datetime import date

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from cases.handling.actions.assign import accept, hand_to_unit
from cases.handling.actions.notes import set_follow_up
from offices.models import Substitution, Unit
from tests import make
from tests.journeys.desk import ERIKA, Desk, Reaction, words_of
from tests.journeys.test_accessibility import flaws
from tests.journeys.test_pankow import (
    SECOND,
    TEAM,
    has_stated,
    is_answered,
    is_presented,
    issues,
    leaves_the_house,
)
from tests.scene import acting, person

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

LEADERS = ("gf", "lgf", "bl", "tl", "tl2", "vz")


def registered(krm: Desk, *, about: str = "", kind: str = "Beschwerde", **changes) -> str:
    """Registered on the page and taken over; the number of the case, whose page is open."""
    values = {"text": "Seit Wochen warte ich.", "received_on": timezone.localdate(), "sender": ERIKA}
    krm.open("/erfassen/")
    krm.fill_in(Reaction(**values | changes))
    krm.page.get_by_role("combobox", name="Art", exact=True).select_option(label=kind)
    if about:
        krm.page.get_by_text("Beschäftigte, um die es geht").click()
        first = krm.page.get_by_role("group", name="1. Person")
        first.get_by_role("combobox", name="Person").select_option(label=about)
    krm.press("Speichern")
    krm.is_told("ist erfasst.")
    reference = krm.reference()
    krm.accept()
    return reference


def hand_over(krm: Desk, way: str, said: str = "Abgegeben an:") -> bytes:
    """What is registered at the desk for Kein KRM leaves; its Beleg."""
    krm.choose("Weg", way)
    krm.press("Abgeben")
    krm.is_told(said)
    answer = krm.page.request.get(krm.page.get_by_role("link", name="Abgabe-Beleg (PDF)").get_attribute("href"))
    assert (answer.status, answer.headers["content-type"]) == (200, "application/pdf")
    return answer.body()


def numbers_of_the_day(desk: Desk) -> dict[str, str]:
    """What the start page counts."""
    desk.open("/")
    lines = desk.page.locator(".krm-counts li").all_inner_texts()
    return {label: number for number, label in (line.split("\n") for line in lines)}


def sees_nothing_of_it(desk: Desk, reference: str, paths: list[str]) -> None:
    """Not on the start page, not in a list or a search; and every page of it is as if there were none."""
    for path in paths:
        assert (path, desk.page.request.get(path).status) == (path, 404)
    for path in ("/", "/vorgaenge/?stand=alle", "/kein-krm/?stand=alle"):
        text = desk.page.request.get(path).text()
        assert [words for words in (reference, "Frau Falk") if words in text] == [], path
    assert desk.listed(f"/vorgaenge/?stand=alle&q={reference}") == []


def test_a_complaint_against_the_management_is_seen_by_nobody_who_leads(as_):
    today = timezone.localdate()
    beside = make.case(acting("pankow.krm", today), received_on=today).reference
    krm, second = as_("pankow.krm"), as_("pankow.krm2")
    leaders = {who: as_(f"pankow.{who}") for who in LEADERS}
    second.is_away("Gudrun Falk", today, today)  # the Geschäftsführung stands in for the KRM
    before = {who: numbers_of_the_day(desk) for who, desk in leaders.items()}

    reference = registered(
        krm,
        text="Die Geschäftsführerin hat mich vor allen beleidigt.",
        subject="Über Frau Falk",
        kind="Dienstaufsichtsbeschwerde",
        about="Falk, Gudrun",
    )
    case = f"/vorgaenge/{reference}/"
    krm.follow("Dem Dienstherrn vorlegen")
    krm.press("Erfassen")
    krm.is_told("ist erfasst. Jetzt noch abgeben.")
    transfer = krm.page.url.split("/kein-krm/")[1].strip("/")
    receipt = words_of(hand_over(krm, "Post"))
    for words in (reference, "Dienstvorgesetzte/r der Geschäftsführung", "gegen die Geschäftsführung", "Karin Ahrens"):
        assert words in receipt

    krm.open(case)
    acknowledgement = words_of(krm.acknowledge())
    assert krm.next_step() == "Abschlussschreiben schreiben"
    krm.write_reply("Ihr Schreiben liegt dem Dienstherrn vor; von dort hören Sie das Ergebnis.")
    krm.press("Ausfertigen")
    krm.is_told("Das Schreiben ist ausgefertigt.")
    letter = krm.page.url.split("/schreiben/")[1].strip("/")
    paths = [
        case,
        *(f"{case}{page}/" for page in ("verfuegung", "betroffene")),
        f"{case}dokumentationsblatt.pdf",
        f"/kein-krm/{transfer}/",
        f"/kein-krm/{transfer}/beleg.pdf",
        f"/schreiben/{letter}/",
        f"/schreiben/{letter}/pdf/",
    ]
    assert {krm.page.request.get(path).status for path in paths} == {200}
    for who, desk in leaders.items():
        sees_nothing_of_it(desk, reference, paths)
        assert desk.listed("/vorgaenge/?stand=alle&q=Öztürk-Groß") == [beside], who
        assert numbers_of_the_day(desk) == before[who], who
    assert sorted(second.listed("/vorgaenge/?stand=alle")) == sorted([beside, reference])
    Substitution.objects.all().delete()
    leaders["gf"].is_away("Elke Xander", today, today)  # and somebody for the Geschäftsführung
    expert = as_("pankow.expert")
    sees_nothing_of_it(expert, reference, paths)
    assert expert.listed("/vorgaenge/?stand=alle") == [beside]

    reply = words_of(krm.send("Abschlussschreiben"))
    assert all("i. A. Karin Ahrens" in page and "Falk" not in page for page in (acknowledgement, reply))
    krm.sees_state("Beantwortet")
    krm.close(outcome="nicht bewertbar", reason="Darüber entscheidet der Dienstherr.", settlement="Abschlussschreiben")
    for desk in leaders.values():
        assert desk.page.request.get(case).status == 404


def split_off(krm: Desk, reason: str, part: str, decision_on: date | None = None) -> str:
    """A part of the case whose page is open becomes a matter of its own, whose page is open then; its number."""
    krm.follow("Abgeben oder Teil abtrennen")
    krm.follow(reason)
    krm.page.get_by_role("radio", name="nur ein Teil").check()
    krm.write("Welcher Teil wird abgetrennt?", part)
    if decision_on:
        krm.enter_day("Bescheid vom", decision_on)
    krm.press("Erfassen")
    krm.is_told("ist erfasst. Jetzt noch abgeben.")
    return krm.page.url.split("/kein-krm/")[1].strip("/")


def finish_text(desk: Desk, result: str) -> None:
    body = desk.page.get_by_role("textbox", name=re.compile("^Text"))
    body.fill(re.sub(r"\[Bitte ergänzen:[^\]]*\]", result, body.input_value()))


def test_a_part_about_data_protection_goes_its_own_way(as_):
    krm, officer, lead, tl, bl = (as_(f"pankow.{part}") for part in ("krm", "dsb", "gf", "tl", "bl"))
    rest, part = "Seit sechs Wochen höre ich nichts zu meinem Antrag.", "Meine Akte lag offen am Tresen."
    reference = registered(krm, text=f"{rest} {part}", subject="Mein Antrag und meine Akte", unit=TEAM)
    case = f"/vorgaenge/{reference}/"
    number = split_off(krm, "Datenschutz", part)
    matter = f"/kein-krm/{number}/"
    assert officer.page.request.get(matter).status == 404
    hand_over(krm, "Hauspost", said="Im Haus übergeben an: Dirk Schubert.")
    expect(krm.page.get_by_text("Hat das Haus verlassen")).to_have_count(0)
    krm.follow(reference)
    krm.sees_state("In Bearbeitung beim KRM")
    expect(krm.page.get_by_role("link", name=number, exact=True)).to_be_visible()

    assert officer.asked_to_do() == [f"Abgabe übernehmen, {number}"]
    assert flaws(officer.page) == []
    officer.take_up("Abgabe übernehmen", number)
    officer.press("Übernommen")
    officer.is_told("übernommen")
    assert officer.asked_to_do() == []
    assert officer.listed("/kein-krm/") == [number]
    officer.follow(number)
    words = officer.page.locator("main").inner_text()
    assert [each in words for each in (reference, part, rest)] == [True, True, False]
    assert officer.page.get_by_role("link", name=reference).count() == 0
    assert flaws(officer.page) == []
    officer.press("Antwort schreiben")
    finish_text(officer, "Die Akten stehen jetzt im verschlossenen Schrank.")
    officer.give_to_signature()

    assert lead.asked_to_do() == [f"Schreiben zeichnen, {number}"]
    lead.take_up("Schreiben zeichnen", number)
    expect(lead.page.get_by_role("link", name="Zur Abgabe")).to_be_visible()
    expect(lead.page.get_by_role("button", name="Zurück zum Entwurf")).to_be_hidden()
    lead.press("Zeichnen")
    lead.is_told("gezeichnet")
    krm.open("/kein-krm/")
    krm.follow(f"Antwort zum Datenschutz, {number}")
    answer = words_of(krm.send("Antwort zum Datenschutz"))
    for words in ("verschlossenen Schrank", "Gudrun Falk", number):
        assert words in answer
    assert [words in answer for words in (rest, "i. A.", "i. V.")] == [False, False, False]
    assert officer.listed("/kein-krm/") == []
    assert officer.listed("/kein-krm/?stand=alle") == [number]

    krm.open(case)
    is_presented(krm, "Bereichsleitung")
    issues(lead, reference)
    krm.open(case)
    krm.acknowledge()
    bl.takes_note("Vorab: neue Kundenreaktion für Ihren Bereich", reference)
    has_stated(tl, bl, reference)
    reply = " ".join(is_answered(krm, bl, reference).split())
    assert [words in reply for words in ("i. A. Birgit Lorenz Bereichsleitung", SECOND, part)] == [True, True, False]
    krm.close(outcome="berechtigt", reason="Der Antrag blieb liegen.")
    assert officer.listed("/vorgaenge/?stand=alle") == []
    officer.finds_nothing(case, f"{case}dokumentationsblatt.pdf")


def test_a_widerspruch_leaves_with_its_beleg_and_is_concluded_with_the_case(as_):
    krm, lead = as_("pankow.krm"), as_("pankow.gf")
    received_on, decision_on = date(2026, 1, 20), date(2026, 1, 5)  # known on 9 January, so until 9 February
    reference = registered(krm, received_on=received_on, text="Gegen den Bescheid, und niemand ruft zurück.")
    case = f"/vorgaenge/{reference}/"
    number = split_off(krm, "Widerspruch", "Ich lege Widerspruch ein.", decision_on)
    page = krm.page.locator("main").inner_text()
    for words in ("bis Mo 09.02.2026", "Der Eingang bei uns am Di 20.01.2026 wahrt die Frist", "Aus Vorgang"):
        assert words in page
    receipt = words_of(hand_over(krm, "E-Akte"))
    for words in (
        "Rechtsbehelfsstelle 791/792",
        "Di 20.01.2026",
        "Mo 05.01.2026",
        "Mo 09.02.2026",
        reference,
        "E-Akte",
    ):
        assert words in receipt
    krm.press("Abgabenachricht schreiben")
    notice = words_of(krm._issue_and_send("Abgabenachricht"))
    assert "20.01.2026" in notice
    expect(krm.page.locator(".krm-period")).to_contain_text("gewahrt")
    assert flaws(krm.page) == []

    krm.open(case)
    is_presented(krm)
    lead.take_up("Verfügung prüfen und abverfügen", reference)
    lead.press("Abverfügen")
    lead.is_told("Die Verfügung ist abverfügt.")
    krm.open(case)
    krm.acknowledge()
    krm.open(case)
    krm.write_reply("Der Rückruf wurde vergessen; wir haben Sie heute angerufen.")
    krm.give_to_signature()
    lead.sign_next()
    leaves_the_house(krm, reference)
    expect(krm.page.locator("#abgaben")).to_contain_text(f"{number} Widerspruch")
    krm.follow("Abschließen")
    krm.choose("Ergebnis", "berechtigt")
    krm.write("Begründung des Ergebnisses", "Der Rückruf wurde vergessen.")
    krm.press("Abschließen")
    expect(krm.page.get_by_role("alert")).to_contain_text(f"Daneben läuft ein Widerspruch ({number})")
    assert flaws(krm.page) == []
    krm.page.get_by_role("checkbox", name=re.compile("^Der Widerspruch ist abgeschlossen")).check()
    krm.press("Abschließen")
    krm.sees_state("Abgeschlossen (z.d.A.)")


def test_the_vorzimmer_takes_a_complaint_only_when_the_fachbereich_was_there_that_day(as_):
    front, krm = as_("pankow.vz"), as_("pankow.krm")
    front.open("/erfassen/")
    front.fill_in(
        Reaction(
            text="Am Tresen: Niemand war zuständig.",
            received_on=timezone.localdate(),
            sender=ERIKA,
            channel="persönlich",
        )
    )
    front.press("Speichern")
    refusal = front.page.get_by_role("alert")
    expect(refusal).to_contain_text("nur auf, wenn der Fachbereich noch am selben Tag damit befasst war")
    assert krm.listed("/vorgaenge/") == []
    front.page.get_by_label("Der Fachbereich war heute damit befasst").check()
    front.press("Speichern")
    front.is_told("ist erfasst.")
    reference = front.reference()
    assert front.facts()["Fachbereich befasst"]

    krm.open(f"/vorgaenge/{reference}/")
    krm.accept()
    krm.follow("Gespräch vermerken und beantworten")
    krm.write("Gesprächsvermerk", "Die Teamleitung hat sich entschuldigt und den Antrag angenommen.")
    krm.press("Gespräch vermerken")
    krm.sees_state("Beantwortet")
    krm.close(outcome="berechtigt", reason="Der Empfang war nicht besetzt.", settlement="Gespräch mit Vermerk")


def test_a_leader_in_gera_counts_what_was_settled_on_the_spot_only_with_a_reason(as_):
    lead = as_("gera.tl")
    lead.open("/vor-ort-erledigt/")
    lead.choose("Einheit", "711 Team Vermittlung A")
    lead.choose("Wer hat es geklärt?", "Teamleitung")
    lead.press("Eins zählen")
    expect(lead.page.get_by_role("alert")).to_contain_text("nur ohne neuen Sachvortrag und mit Begründung")
    lead.write("Ohne neuen Sachvortrag, weil", "Dieselbe Frage wie gestern, schon beantwortet.")
    assert flaws(lead.page) == []
    lead.press("Eins zählen")
    lead.is_told("Gezählt: persönlich, 711 Team Vermittlung A.")
    row = lead.page.get_by_role("row", name=re.compile("711 Team Vermittlung A"))
    assert row.get_by_role("cell").all_inner_texts() == ["persönlich", "1", "1"]
    assert as_("gera.krm").listed("/vorgaenge/?stand=alle") == []


def test_work_of_somebody_who_leaves_goes_on_with_a_colleague_who_was_told(as_):
    today = timezone.localdate()
    by = acting("pankow.krm", today)
    unit = Unit.objects.get(office__slug="pankow", number="711")
    found = [make.case(by, received_on=today) for _ in range(2)]
    for case in found:
        accept(by=by, case=case)
        hand_to_unit(by=by, case=case, unit=unit)
    set_follow_up(by=by, case=found[0], working_days=1, task="nachfragen", assignee=person("pankow.tl"))
    numbers = [case.reference for case in found]
    krm, leaver, colleague = as_("pankow.krm"), as_("pankow.tl"), as_("pankow.bl")

    krm.open(f"/vorgaenge/{numbers[0]}/")
    krm.press("Abschlussschreiben schreiben")
    krm.page.get_by_role("combobox", name="Textbaustein").select_option(label="Dank für den Hinweis")
    krm.press("Einfügen und speichern")
    krm.is_told("Der Textbaustein ist eingefügt")
    body = krm.page.get_by_role("textbox", name=re.compile("^Text"))
    assert "Ich habe ihn mit der Einheit 711 Team Vermittlung A besprochen." in body.input_value()
    krm.follow("Zur Verfügung")
    expect(krm.page.get_by_role("heading", name=f"{numbers[0]} Verfügung")).to_be_visible()
    krm.page.go_back()
    assert flaws(krm.page) == []

    krm.open(f"/vorgaenge/{numbers[0]}/")
    krm.page.get_by_text("Vermerk schreiben").click()
    krm.page.get_by_role("textbox", name="Vermerk", exact=True).fill("Bitte vor dem Wechsel noch ansehen.")
    krm.page.get_by_role("checkbox", name="Lindner, Tobias (711)").check()
    krm.press("Vermerk speichern")
    krm.is_told("Der Vermerk steht im Verlauf.")
    assert leaver.asked_to_do() == [f"Vermerk lesen, {numbers[0]}"]
    leaver.take_up("Vermerk lesen", numbers[0])
    expect(leaver.page.locator(".krm-note--internal")).to_contain_text("Bitte vor dem Wechsel noch ansehen.")
    leaver.press("Vermerk lesen")
    assert leaver.asked_to_do() == []

    krm.open("/uebergaben/")
    krm.choose("Bisher bei", "Lindner, Tobias (711)")
    krm.choose("Künftig bei", "Liebig, Tanja (712)")
    krm.press("Ansehen, was übergeben wird")
    expect(krm.page.get_by_role("alert")).to_contain_text("kein Ende der Rolle eingetragen")
    krm.write("Warum wird die Arbeit übergeben?", "Wechselt ins Projekt Familienberatung.")
    assert flaws(krm.page) == []
    krm.press("Grund angeben und ansehen")
    expect(krm.page.get_by_role("row", name=numbers[1])).to_contain_text("Tanja Liebig gehört nicht zur Einheit")
    krm.follow("Anders wählen")
    krm.choose("Bisher bei", "Lindner, Tobias (711)")
    krm.choose("Künftig bei", "Lorenz, Birgit (71)")
    krm.press("Ansehen, was übergeben wird")
    rows = krm.page.get_by_role("region", name="Was übergeben wird").locator("tbody tr")
    assert [row.split() for row in rows.all_inner_texts()] == [
        [numbers[0], "Vorgang,", "Wiedervorlage"], [numbers[1], "Vorgang"]
    ]  # fmt: skip
    assert flaws(krm.page) == []
    krm.press("Jetzt übergeben")
    krm.is_told("Die Arbeit von Tobias Lindner ist übergeben.")
    expect(krm.page.get_by_text("Mehr ist nicht zu übergeben.")).to_be_visible()
    colleague.open(f"/vorgaenge/{numbers[0]}/")
    expect(colleague.page.locator("#beteiligte")).to_contain_text("Birgit Lorenz")
    expect(colleague.page.get_by_text("nachfragen")).to_be_visible()
