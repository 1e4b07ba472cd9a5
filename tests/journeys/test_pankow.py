"""Reactions at Pankow, by the hands of everybody in them: a letter, two e-mails, a case that comes back."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from cases.models import Case
from tests import make
from tests.cast import actor
from tests.journeys.desk import ERIKA, Desk, Reaction, words_of
from tests.journeys.test_accessibility import STICKS_OUT, flaws

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

TEAM = "711 Team Vermittlung A"
TABLET = {"width": 820, "height": 1180}
WROTE = "Ich wurde im Februar zweimal zum selben Termin geladen, und niemand war da."
SCROLLS = "() => [...document.querySelectorAll('.krm-table-scroll')].filter(e => e.scrollWidth > e.clientWidth).length"
FIRST = "Die Kundin wurde zweimal eingeladen."
SECOND = "Die Kundin wurde versehentlich zweimal eingeladen. Der Termin am Dienstag gilt; wir bedauern den Fehler."


def came_in(krm: Desk, **changes) -> str:
    """Registered today with the team it is about."""
    values = {"text": WROTE, "received_on": timezone.localdate(), "sender": ERIKA, "subject": "Zweimal geladen"}
    return krm.register(Reaction(**values | {"unit": TEAM, "topic": "Termine"} | changes))


def case_of(reference: str) -> str:
    return f"/vorgaenge/{reference}/"


def draws_up(krm: Desk, level: str) -> None:
    """The draft of the Verfügung as the rules propose it, with who signs the answer."""
    krm.follow("Verfügung schreiben")
    krm.press("Verfügung beginnen")
    krm.choose("Wer das Abschlussschreiben zeichnet", level)


def is_presented(krm: Desk, level: str = "Geschäftsführung") -> None:
    """The Verfügung, with who signs the answer, goes to the Geschäftsführung; the case is open on the screen."""
    draws_up(krm, level)
    krm.press("Der Geschäftsführung vorlegen")
    krm.is_told("Die Verfügung liegt jetzt der Geschäftsführung vor.")
    krm.sees_state("Bei der Geschäftsführung")


def issues(who: Desk, reference: str) -> str:
    """Verfügungsblatt of what they find on their start page and issue."""
    assert who.asked_to_do() == [f"Verfügung prüfen und abverfügen, {reference}"]
    who.take_up("Verfügung prüfen und abverfügen", reference)
    who.press("Abverfügen")
    return issued_sheet(who)


def issued_sheet(who: Desk) -> str:
    who.is_told("Die Verfügung ist abverfügt.")
    who.sees_state("Beim Fachbereich")
    who.sees_turn(TEAM)
    return " ".join(words_of(who.pdf_behind("Verfügungsblatt (PDF)")).split())


def is_answered(krm: Desk, signer: Desk, reference: str) -> str:
    """The answer, signed by whom the Verfügung names, leaves the house; the words of its PDF."""
    goes_to_signature(krm, reference)
    assert signer.asked_to_do() == [f"Schreiben zeichnen, {reference}"]
    signer.sign_next()
    return leaves_the_house(krm, reference)


def goes_to_signature(krm: Desk, reference: str) -> None:
    krm.open(case_of(reference))
    krm.sees_state("In Bearbeitung beim KRM")
    krm.write_reply("Das Team hat sich dazu geäußert:")
    krm.page.get_by_role("button", name="Wörtlich einfügen und speichern").click()
    krm.give_to_signature()
    krm.open(case_of(reference))
    krm.sees_state("Zur Zeichnung")
    krm.sees_turn("Zeichnende")


def leaves_the_house(krm: Desk, reference: str) -> str:
    krm.open(case_of(reference))
    assert krm.next_step() == "Abschlussschreiben versenden"
    krm.follow("Abschlussschreiben versenden")
    answer = krm.send("Abschlussschreiben")
    krm.sees_state("Beantwortet")
    return words_of(answer)


def has_stated(tl: Desk, bl: Desk, reference: str) -> None:
    """The Teamleitung writes and the Bereichsleitung approves."""
    tl.take_up("Stellungnahme schreiben", reference)
    tl.write("Stellungnahme", SECOND)
    tl.press("Weitergeben")
    tl.is_told("liegt jetzt bei Birgit Lorenz (Freigabe)")
    bl.take_up("Stellungnahme freigeben", reference)
    bl.press("Freigeben")
    bl.is_told("ist freigegeben")


def test_a_letter_goes_by_verfuegung_to_the_team_and_is_signed_by_the_geschaeftsfuehrung(as_):
    krm, gf, lgf, bl, tl = (as_(f"pankow.{part}") for part in ("krm", "gf", "lgf", "bl", "tl"))
    reference = came_in(krm)
    for stranger in ("pankow.ma2", "germersheim.krm"):
        as_(stranger).finds_nothing(case_of(reference))
    takes_note(bl, "Vorab: neue Kundenreaktion für Ihren Bereich", reference)

    krm.open(case_of(reference))
    krm.accept()
    is_directed(krm, gf, reference)
    takes_note(lgf, "Kopie an die LGF", reference)
    is_acknowledged_by_the_deputy(krm, as_("pankow.expert"), reference)
    states_after_a_return(tl, bl, reference)
    goes_to_signature(krm, reference)
    signs_on_a_tablet(as_("pankow.gf", viewport=TABLET), reference)
    answer = leaves_the_house(krm, reference)
    krm.close(outcome="berechtigt", reason="Zweimal geladen, ein Versehen des Teams.")

    assert SECOND in " ".join(answer.split())
    assert "Gudrun Falk\nGeschäftsführung" in answer
    assert krm.deadlines() == {}
    assert [desk.asked_to_do() for desk in (krm, gf, lgf, bl, tl)] == [[]] * 5


def takes_note(who: Desk, to_do: str, reference: str) -> None:
    """What is for their information: they read the case and say so."""
    assert who.asked_to_do() == [f"{to_do}, {reference}"]
    who.takes_note(to_do, reference)
    assert who.asked_to_do() == []


def is_directed(krm: Desk, gf: Desk, reference: str) -> None:
    """The KRM draws the Verfügung up, the Geschäftsführung issues it; the sheet says who does what until when."""
    assert krm.next_step() == "Verfügung schreiben"
    is_presented(krm)
    krm.sees_turn("Geschäftsführung")

    sheet = issues(gf, reference)
    due = gf.deadlines()
    assert set(due) == {"Eingangsbestätigung", "Zwischennachricht", "Abschluss", "Stellungnahme", "Wiedervorlage"}
    for words in (
        "Intern, nicht zur Herausgabe",
        "Schlusszeichnung Geschäftsführung",
        "Kopie an die LGF Lars Gerber",
        f"Rücklauf und Abschluss prüfen {due['Wiedervorlage']}",
        due["Stellungnahme"],
        "Uhr von Gudrun Falk.",
    ):
        assert words in sheet


def is_acknowledged_by_the_deputy(krm: Desk, expert: Desk, reference: str) -> None:
    """The KRM-Beauftragte is away for the day; the Fachexpertin BGF confirms the Eingang „i. V.“ (PAN-14)."""
    expert.finds_nothing(case_of(reference))
    today = timezone.localdate()
    krm.is_away("Elke Xander", today, today + timedelta(days=1))
    expert.open(case_of(reference))
    assert "i. V. Elke Xander" in words_of(expert.acknowledge())
    expert.open(case_of(reference))
    expect(expert.page.locator("#verlauf-liste")).to_contain_text("Elke Xander i. V. für Karin Ahrens")
    assert "Eingangsbestätigung" not in expert.deadlines()


def states_after_a_return(tl: Desk, bl: Desk, reference: str) -> None:
    """The Teamleitung writes, the Bereichsleitung gives it back once, then approves the text as it stands."""
    assert tl.asked_to_do() == [f"Stellungnahme schreiben, {reference}"]
    tl.take_up("Stellungnahme schreiben", reference)
    tl.write("Stellungnahme", FIRST)
    tl.press("Weitergeben")
    tl.is_told("liegt jetzt bei Birgit Lorenz (Freigabe)")

    assert bl.asked_to_do() == [f"Stellungnahme freigeben, {reference}"]
    bl.take_up("Stellungnahme freigeben", reference)
    bl.write("Hinweis: Was ist zu ändern?", "Bitte sagen, welcher Termin gilt.")
    bl.press("Mit Hinweis zurückgeben")
    bl.is_told("liegt jetzt bei Tobias Lindner (Entwurf)")

    tl.take_up("Stellungnahme schreiben", reference)
    expect(tl.page.get_by_text("Bitte sagen, welcher Termin gilt.")).to_be_visible()
    assert flaws(tl.page) == []
    tl.write("Stellungnahme", SECOND)
    tl.press("Weitergeben")
    tl.is_told("liegt jetzt bei Birgit Lorenz (Freigabe)")

    bl.take_up("Stellungnahme freigeben", reference)
    expect(bl.page.get_by_label("Text der Stellungnahme")).to_contain_text(SECOND)
    bl.press("Freigeben")
    bl.is_told("ist freigegeben")


def signs_on_a_tablet(gf: Desk, reference: str) -> None:
    """The letter as it will look, the case in five lines, who approved; nothing of it sticks out."""
    assert gf.asked_to_do() == [f"Schreiben zeichnen, {reference}"]
    assert gf.page.evaluate(SCROLLS) == 0
    gf.open("/zeichnen/")
    assert gf.page.evaluate(STICKS_OUT) == []
    expect(gf.page.get_by_role("article", name="Ansicht des Schreibens")).to_contain_text(SECOND)
    expect(gf.page.get_by_role("complementary", name="Wer zugestimmt hat")).to_contain_text("Birgit Lorenz freigegeben")
    assert flaws(gf.page) == []
    gf.sign_next()
    expect(gf.page.locator("main")).to_contain_text("Gerade liegt nichts zur Zeichnung bei Ihnen.")


def test_a_vorlagepflichtige_email_goes_to_the_geschaeftsfuehrung_who_is_away(as_):
    krm, gf, lgf, bl, tl = (as_(f"pankow.{part}") for part in ("krm", "gf", "lgf", "bl", "tl"))
    enters_on_the_list(krm, "Presse und Öffentlichkeit")
    today = timezone.localdate()
    gf.is_away("Lars Gerber", today, today + timedelta(days=1))
    reference = came_in(krm, channel="E-Mail")
    assert krm.facts()["Regelwerk"].startswith("Fassung 2")
    krm.accept()
    draws_up(krm, "Geschäftsführung")
    krm.choose("Vorlagepflichtig wegen", "Presse und Öffentlichkeit")
    krm.press("Abverfügen")
    expect(krm.page.get_by_role("alert")).to_contain_text("Abverfügt wird hier von der Geschäftsführung (K19).")
    krm.press("Der Geschäftsführung vorlegen")
    krm.is_told("Die Verfügung liegt jetzt der Geschäftsführung vor.")

    sheet = issues(lgf, reference)
    assert "Vorlagepflichtig Presse und Öffentlichkeit" in sheet
    assert "von Lars Gerber i. V. für Gudrun Falk." in sheet
    expect(lgf.page.locator("#verlauf-liste")).to_contain_text("Lars Gerber i. V. für Gudrun Falk")
    lgf.press("Kopie an die LGF")

    has_stated(tl, bl, reference)
    assert "i. V. Lars Gerber" in is_answered(krm, lgf, reference)
    krm.close(outcome="teilweise berechtigt", reason="Zweimal geladen, aber rechtzeitig bemerkt.")


def enters_on_the_list(krm: Desk, entry: str) -> None:
    """A case more is vorlagepflichtig from today on, by a new version of the rules."""
    krm.open("/regelwerke/")
    krm.page.get_by_role("region", name="Fassungen, Jobcenter Berlin Pankow").get_by_role("link").first.click()
    krm.follow("Neue Fassung anlegen")
    krm.enter_day("Gilt ab", timezone.localdate())
    krm.write("Anlass der Fassung", "Anlage 2 des Konzepts ergänzt")
    krm.write("Vorlagepflichtige Fälle (K19)", entry)
    krm.press("Änderungen zeigen")
    expect(krm.page.get_by_role("region", name="Tabelle der Änderungen")).to_contain_text(entry)
    krm.press("Fassung anlegen")
    krm.is_told("Fassung 2 ist angelegt.")


def test_any_other_email_is_issued_by_the_krm_and_signed_by_the_teamleitung(as_):
    krm, gf, bl, tl = (as_(f"pankow.{part}") for part in ("krm", "gf", "bl", "tl"))
    reference = came_in(krm, channel="E-Mail")
    assert "Eingangsbestätigung" not in krm.deadlines()
    krm.accept()
    assert krm.next_step() == "Verfügung schreiben"
    draws_up(krm, "Teamleitung")
    krm.press("Abverfügen")
    sheet = issued_sheet(krm)
    assert "Schlusszeichnung Teamleitung" in sheet
    assert "Uhr von Karin Ahrens." in sheet
    assert gf.asked_to_do() == []

    has_stated(tl, bl, reference)
    assert "i. A. Tobias Lindner\nTeamleitung" in is_answered(krm, tl, reference)
    krm.close(outcome="unberechtigt", reason="Beide Einladungen waren nötig.", alternatives="Ein gemeinsamer Termin.")
    assert [desk.asked_to_do() for desk in (krm, gf, tl)] == [[]] * 3


def test_a_closed_case_comes_back_goes_a_second_round_and_keeps_its_first_result(as_):
    reference = closed_case().reference
    krm, gf, bl, tl = as_("pankow.krm"), as_("pankow.gf", viewport=TABLET), as_("pankow.bl"), as_("pankow.tl")
    krm.open(case_of(reference))
    krm.sees_state("Abgeschlossen (z.d.A.)")
    assert krm.deadlines() == {}

    krm.follow("Wieder aufnehmen")
    krm.write("Begründung", "Frau Öztürk-Groß legt einen neuen Bescheid vor.")
    krm.press("Wieder aufnehmen")
    krm.is_told("Der Vorgang ist wieder aufgenommen; neue Fristen laufen ab heute.")
    krm.sees_state("In Bearbeitung beim KRM")
    assert krm.facts()["Durchgang"] == "2"
    assert set(krm.deadlines()) == {"Zwischennachricht", "Abschluss"}

    draws_up(krm, "Geschäftsführung")
    krm.press("Der Geschäftsführung vorlegen")
    issues(gf, reference)
    gf.follow("Zur Verfügung")
    assert gf.page.evaluate(SCROLLS) == 0
    assert flaws(gf.page) == []
    expect(gf.page.get_by_role("row", name="Schlusszeichnung")).to_contain_text("Geschäftsführung")
    assert gf.page.get_by_role("link", name="Verfügung, Durchgang 1 (PDF)").count() == 1
    has_stated(tl, bl, reference)
    is_answered(krm, gf, reference)
    krm.close(outcome="berechtigt", reason="Der neue Bescheid war zu spät.")

    story = krm.page.locator("#verlauf-liste")
    for words in ("Frau Öztürk-Groß legt einen neuen Bescheid vor.", "(Durchgang 1): teilweise berechtigt."):
        expect(story).to_contain_text(words)
    sent = krm.page.locator("#schreiben").get_by_role("link", name="Abschlussschreiben")
    assert sent.count() == 2


def closed_case() -> Case:
    """Received, answered and closed today."""
    today = timezone.localdate()
    krm = actor("pankow.krm", today)
    unit = krm.offices[min(krm.office_ids())].units.get(number="711")
    case = make.case(krm, received_on=today, unit_id=unit.pk)
    make.answered(krm, case)
    return make.closed(krm, case)
