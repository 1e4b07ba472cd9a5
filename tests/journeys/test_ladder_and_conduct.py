"""Rung by rung up the ladder, an answer agreed, a Dienstaufsichtsbeschwerde from two contributions, a Lob, a delay."""

import re
from datetime import date, timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from cases.handling.actions.assign import accept, hand_to_unit
from cases.models import Case
from offices.models import Unit
from tests import make
from tests.journeys.desk import ERIKA, Desk, Reaction, words_of
from tests.journeys.test_accessibility import flaws
from tests.scene import acting, person

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

TEAM, HANDLER = "711 Team Vermittlung A", "Adler, Marta (711)"
WEEKDAYS = ("Mo", "Di", "Mi", "Do", "Fr", "Sa", "So")
SENT_AWAY = "Am Empfang wurde ich dreimal weggeschickt, obwohl ich einen Termin hatte."
HER_WORDS = "Frau Adler hat erklärt, dass sie über etwas anderes gelacht hat; es tut ihr leid."
ASSESSMENT = "Der Ton war unangemessen. Die Führungskraft hat mit Frau Adler gesprochen."


def came_in(krm: Desk, *, kind: str = "Beschwerde", about: str = "", **changes) -> str:
    """Registered on the page, with the team it is about; the number of the case, whose page is open."""
    values = {"text": SENT_AWAY, "received_on": timezone.localdate(), "sender": ERIKA, "unit": TEAM}
    krm.open("/erfassen/")
    krm.fill_in(Reaction(**values | changes))
    krm.page.get_by_role("combobox", name="Art", exact=True).select_option(label=kind)
    if about:
        krm.page.get_by_text("Beschäftigte, um die es geht").click()
        krm.page.get_by_role("combobox", name="Person").first.select_option(label=about)
    krm.press("Speichern")
    krm.is_told("ist erfasst.")
    return krm.reference()


def climb(desk: Desk, number: int, takes_over: str, tried: str, way: str) -> None:
    """The next rung, from the page of the case."""
    desk.follow("Nächste Stufe der Leiter")
    expect(desk.page.get_by_role("heading", name=f"Stufe {number} eintragen")).to_be_visible()
    desk.choose("Wer übernimmt?", takes_over)
    desk.page.get_by_role("radio", name=way).check()
    desk.write("Was wurde versucht", tried)
    desk.press(f"Stufe {number} eintragen")
    desk.is_told(f"Stufe {number} ist eingetragen.")


def rungs(desk: Desk) -> list[str]:
    """What the ladder says of the rungs that are reached: when, who, told how."""
    return desk.page.locator("#leiter .krm-muted").all_inner_texts()


def tells_of_the_deputy(desk: Desk, deputy: str, absent: str) -> None:
    """The newest line of the story."""
    newest = desk.page.get_by_role("region", name="Verlauf").get_by_role("listitem").first
    expect(newest).to_contain_text(re.compile(rf"{deputy}\s+i\.\sV\. für {absent}"))


def in_words(day: date) -> str:
    return f"{WEEKDAYS[day.weekday()]} {day:%d.%m.%Y}"


def files_in_gera(desk: Desk, outcome: str, reason: str) -> None:
    """Closed with the tick that Gera asks for; the page of closing is open."""
    desk.choose("Ergebnis", outcome)
    desk.write("Begründung des Ergebnisses", reason)
    desk.page.get_by_role("checkbox", name="in VerBIS vermerkt").check()
    desk.press("Abschließen")
    desk.sees_state("Abgeschlossen (z.d.A.)")


def missing(desk: Desk) -> str:
    return desk.page.get_by_role("heading", name="Noch nötig").locator("..").inner_text()


def test_a_complaint_brought_in_person_climbs_all_three_rungs(as_):
    today = timezone.localdate()
    krm, clerk, lead, deputy, management = (as_(f"germersheim.{who}") for who in ("krm", "ma", "tl", "tl2", "gf"))
    reference = came_in(krm, channel="persönlich")
    case = f"/vorgaenge/{reference}/"
    pages = (case, f"{case}eskalation/")
    for stranger in (clerk, lead, deputy):
        stranger.finds_nothing(*pages)
    krm.open(case)
    krm.accept()
    climb(krm, 1, HANDLER, "Am Empfang erklärt; die Kundin will wissen, warum.", "persönlich")
    krm.sees_state("Beim Fachbereich")

    assert clerk.asked_to_do() == [f"Stufe 1: Mitarbeiter/in, möglichst vor Ort, {reference}"]
    deputy.finds_nothing(*pages)
    clerk.open(case)
    assert clerk.next_step() == "Gespräch vermerken und beantworten"
    climb(clerk, 2, "Lindner, Tobias (711)", "Den Termin bestätigt; sie bleibt unzufrieden.", "persönlich")

    lead.is_away("Tanja Liebig", today, today)
    deputy.take_up("Stufe 2: Teamleitung oder deren Vertretung", reference)
    way = "telefonisch"
    climb(deputy, 3, "Falk, Gudrun (Geschäftsführung)", "Entschuldigt; sie will zur Leitung.", way)
    for former in (clerk, lead, deputy):  # with the task the access ended (K18)
        former.finds_nothing(*pages)

    management.take_up("Stufe 3: KRM-Beauftragte/r oder Geschäftsführung", reference)
    tells_of_the_deputy(management, "Tanja Liebig", "Tobias Lindner")
    day = in_words(today)
    assert rungs(management) == [
        f"{day}, Marta Adler; der Person persönlich mitgeteilt",
        f"{day}, Tobias Lindner; der Person persönlich mitgeteilt",
        f"{day}, Gudrun Falk; der Person telefonisch mitgeteilt",
    ]
    management.follow("Gespräch vermerken und beantworten")
    management.write("Gesprächsvermerk", "Mit der Kundin gesprochen; sie nimmt die Entschuldigung an.")
    management.press("Gespräch vermerken")
    management.sees_state("Beantwortet")
    assert management.asked_to_do() == []
    krm.open(pages[1])
    expect(krm.page.get_by_role("main")).to_contain_text("solange der Vorgang beim KRM oder im Fachbereich liegt")
    assert flaws(krm.page) == []
    krm.open(case)
    krm.close(outcome="berechtigt", reason="Der Empfang kannte die Termine nicht.")
    expect(krm.page.locator("#schreiben")).to_contain_text("Keine.")


@pytest.mark.parametrize(("office", "first"), [("gera", "Mitarbeiter/in"), ("pankow", "Teamleitung")])
def test_nobody_is_sent_past_a_rung_where_the_office_forbids_it(as_, office, first):
    today = timezone.localdate()
    unit = Unit.objects.get(office__slug=office, number="711")
    case = make.case(acting(f"{office}.krm", today), received_on=today, channel="in_person", unit_id=unit.pk)
    krm = as_(f"{office}.krm")
    krm.open(f"{case.get_absolute_url()}eskalation/?number=3")

    refusal = f"Die Eskalationsleiter dieser Dienststelle erlaubt kein Überspringen: Zuerst kommt Stufe 1, {first}"
    expect(krm.page.get_by_role("main")).to_contain_text(refusal)
    expect(krm.page.get_by_role("button", name="Stufe 3 eintragen")).to_have_count(0)
    krm.open(f"{case.get_absolute_url()}eskalation/")
    expect(krm.page.get_by_role("button", name="Stufe 1 eintragen")).to_be_visible()


def test_the_answer_leaves_germersheim_once_the_fachkraft_has_agreed(as_):
    krm, lead = as_("germersheim.krm"), as_("germersheim.tl")
    reference = came_in(krm)
    case = f"/vorgaenge/{reference}/"
    krm.accept()
    lead.finds_nothing(case)

    krm.write_reply("Der Empfang hat jetzt eine Liste der Termine.")
    krm.give_to_signature(agreed_with="Tobias Lindner")
    expect(krm.page.get_by_role("button", name="Zeichnen", exact=True)).to_have_count(0)
    letter = krm.page.url
    assert lead.asked_to_do() == [f"Schreiben mitzeichnen, {reference}"]
    lead.take_up("Schreiben mitzeichnen", reference)
    lead.write("Was ist zu ändern?", "Bitte sagen, seit wann.")
    lead.press("Mit Hinweis zurückgeben")
    krm.take_up("Vermerk lesen", reference)
    expect(krm.page.locator("#verlauf")).to_contain_text("Bitte sagen, seit wann.")
    krm.press("Vermerk lesen")
    krm.open(letter)
    body = krm.page.get_by_role("textbox", name=re.compile("^Text"))
    body.fill(body.input_value().replace("hat jetzt eine Liste", "hat seit Montag eine Liste"))
    krm.give_to_signature(agreed_with="Tobias Lindner")
    lead.sign_next("Mitzeichnen")

    assert krm.asked_to_do() == [f"Schreiben zeichnen, {reference}"]
    krm.open(letter)
    krm.press("Zeichnen")
    answer = words_of(krm.send("Abschlussschreiben"))
    for words in ("Der Empfang hat seit Montag eine Liste der Termine.", "i. A. Karin Ahrens", "07274 5550-101"):
        assert words in answer
    krm.follow("Abschließen")
    krm.choose("Ergebnis", "unberechtigt")
    krm.press("Abschließen")
    expect(krm.page.get_by_role("alert")).to_contain_text("welche Alternativen geprüft wurden. (GER-22, BLOG-2)")
    krm.write("Begründung des Ergebnisses", "Der Termin war abgesagt.")
    krm.write("Welche Alternativen wurden geprüft?", "Ein neuer Termin am selben Tag wurde angeboten.")
    krm.press("Abschließen")
    krm.sees_state("Abgeschlossen (z.d.A.)")


def test_gera_answers_a_dienstaufsichtsbeschwerde_from_two_contributions(as_):
    today = timezone.localdate()
    krm, management, lead, division, deputy, clerk = (
        as_(f"gera.{who}") for who in ("krm", "gf", "tl", "bl", "tl2", "ma")
    )
    own = case_of_the_clerk(today)
    before = counts(clerk)
    reference = came_in(
        krm,
        kind="Dienstaufsichtsbeschwerde",
        about=HANDLER,
        topic="Freundlichkeit",
        text="Frau Adler hat mich vor allen ausgelacht.",
        subject="Ausgelacht",
    )
    case = f"/vorgaenge/{reference}/"
    management.takes_note("Kundenreaktion zur Kenntnis nehmen", reference)
    krm.open(case)
    krm.accept()
    judges(krm)
    krm.follow("Verfügung schreiben")
    krm.press("Verfügung beginnen")
    krm.press("Abverfügen")
    krm.sees_turn(TEAM)

    division.is_away("Tanja Liebig", today, today)
    both = {"Stellungnahme der betroffenen Person": HER_WORDS, "Fachliche Abschlusswertung": ASSESSMENT}
    assert lead.asked_to_do() == [f"{kind} schreiben, {reference}" for kind in both]
    statements = [contributes(lead, reference, kind, text) for kind, text in both.items()]
    expect(lead.page.get_by_role("button", name="Freigeben")).to_have_count(0)
    for kind in both:
        deputy.take_up(f"{kind} freigeben", reference)
        deputy.press("Freigeben")
        deputy.is_told(f"{kind} ist freigegeben.")
        expect(deputy.page.get_by_role("main")).to_contain_text(re.compile(r"durch Tanja Liebig i\.\sV\."))
    assert flaws(deputy.page) == []

    krm.open(case)
    krm.sees_state("In Bearbeitung beim KRM")
    krm.write_reply("Der Vorfall ist aufgeklärt.")
    for kind in ("Stellungnahme von Marta Adler", "Fachliche Abschlusswertung"):
        approved = krm.page.get_by_role("region", name=f"Freigegeben: {kind}")
        krm.press("Wörtlich einfügen und speichern", within=approved)
        krm.is_told("wörtlich eingefügt")
    assert flaws(krm.page) == []
    krm.give_to_signature()
    letter = krm.page.url
    management.sign_next()
    krm.open(letter)
    answer = words_of(krm.send("Abschlussschreiben"))
    for words in (*f"{HER_WORDS} {ASSESSMENT}".split(), "Gudrun Falk"):
        assert words in answer
    assert "i. V." not in answer
    knows_nothing(clerk, reference, own, [case, *statements, letter, f"{letter}pdf/", f"{case}dokumentationsblatt.pdf"])
    assert counts(clerk) == before

    krm.open(f"{case}abschliessen/")
    assert [words in missing(krm) for words in ("persönliches Gespräch", "VerBIS")] == [True, True]
    krm.open(case)
    krm.note_talk("angeboten und abgelehnt")
    krm.follow("Abschließen")
    files_in_gera(krm, "berechtigt", "Der Ton war unangemessen.")
    expect(krm.page.locator("#weg")).not_to_contain_text("noch offen")


def judges(krm: Desk) -> None:
    krm.follow("Beurteilen: Verhalten oder Sache")
    expect(krm.page.get_by_role("main")).to_contain_text("Frau Adler hat mich vor allen ausgelacht.")
    krm.page.get_by_role("radio", name="Dienstaufsichtsbeschwerde").check()
    krm.write("Warum?", "Beanstandet wird, wie sie die Kundin behandelt hat.")
    krm.press("Beurteilung festhalten")
    krm.is_told("Beurteilt als Dienstaufsichtsbeschwerde.")


def contributes(lead: Desk, reference: str, kind: str, text: str) -> str:
    """Written and handed on; the address of the statement."""
    lead.take_up(f"{kind} schreiben", reference)
    lead.write("Stellungnahme", text)
    lead.press("Weitergeben")
    lead.is_told(f"{kind} liegt jetzt bei Birgit Lorenz (Freigabe).")
    return lead.page.url


def case_of_the_clerk(today: date) -> str:
    """Something she does work on, so that her lists are not empty."""
    krm = acting("gera.krm", today)
    own = make.case(krm, received_on=today)
    accept(by=krm, case=own)
    hand_to_unit(by=krm, case=own, unit=Unit.objects.get(office__slug="gera", number="711"), handler=person("gera.ma"))
    return own.reference


def counts(desk: Desk) -> list[str]:
    desk.open("/")
    return desk.page.locator(".krm-counts li").all_inner_texts()


def knows_nothing(clerk: Desk, reference: str, own: str, paths: list[str]) -> None:
    """The person complained about neither opens it nor finds it in a list or by its words."""
    answers = {path: clerk.page.request.get(path).status for path in paths}
    assert answers == dict.fromkeys(paths, 404)
    for query in ("", f"&q={reference}", "&q=Ausgelacht"):
        assert reference not in clerk.listed(f"/vorgaenge/?stand=alle{query}")
    assert clerk.listed("/vorgaenge/?stand=alle") == [own]


def test_a_lob_reaches_the_fuehrungskraft_through_the_management_of_germersheim(as_):
    krm, management, lead = (as_(f"germersheim.{who}") for who in ("krm", "gf", "tl"))
    reference = came_in(krm, kind="Lob", text="Frau Adler hat sich viel Zeit genommen.", subject="Danke")
    case = f"/vorgaenge/{reference}/"
    krm.accept()
    krm.open(f"{case}abschliessen/")
    assert "Das Lob ist noch nicht bei der Führungskraft angekommen. (K14, GER-24, PAN-18)" in missing(krm)
    passes_on(krm, case, "Gudrun Falk")
    lead.finds_nothing(case)

    takes_note(management, reference)
    assert lead.asked_to_do() == [f"Lob zur Kenntnis nehmen, {reference}"]
    takes_note(lead, reference)
    is_filed_unjudged(krm, case)


def test_a_lob_in_pankow_goes_straight_to_the_team_lead_and_her_deputy_reads_it(as_):
    today = timezone.localdate()
    krm, lead, deputy = (as_(f"pankow.{who}") for who in ("krm", "tl", "tl2"))
    reference = came_in(krm, kind="Lob", text="Frau Adler hat sich viel Zeit genommen.", subject="Danke")
    case = f"/vorgaenge/{reference}/"
    krm.accept()
    passes_on(krm, case, "Tobias Lindner")
    lead.is_away("Tanja Liebig", today, today)
    takes_note(deputy, reference)
    krm.open(case)
    tells_of_the_deputy(krm, "Tanja Liebig", "Tobias Lindner")
    is_filed_unjudged(krm, case)
    assert lead.asked_to_do() == []


def passes_on(krm: Desk, case: str, told: str) -> None:
    krm.open(case)
    krm.follow("Lob weitergeben")
    expect(krm.page.get_by_role("combobox", name="Wem gilt das Lob?")).not_to_have_value("")
    krm.press("Weitergeben")
    krm.is_told(f"Das Lob liegt jetzt bei {told}.")


def takes_note(desk: Desk, reference: str) -> None:
    desk.take_up("Lob zur Kenntnis nehmen", reference)
    desk.press("Lob zur Kenntnis nehmen")
    desk.is_told("Erledigt:")
    assert desk.asked_to_do() == []


def is_filed_unjudged(krm: Desk, case: str) -> None:
    krm.open(f"{case}abschliessen/")
    expect(krm.page.get_by_role("combobox", name="Ergebnis")).to_have_count(0)
    krm.choose("Art der Erledigung", "keine Antwort nötig")
    krm.press("Abschließen")
    krm.sees_state("Abgeschlossen (z.d.A.)")


def test_an_interim_letter_from_gera_says_how_long_it_takes_and_moves_the_day(as_):
    today = timezone.localdate()
    krm, deputy = as_("gera.krm"), as_("gera.expert")
    reference = came_in(krm, received_on=today - timedelta(days=13))
    case = f"/vorgaenge/{reference}/"
    krm.accept()
    due = krm.deadlines()
    assert due["Zwischennachricht"] == due["Abschluss"]
    krm.is_away("Elke Xander", today, today)

    deputy.open(case)
    deputy.press("Zwischennachricht schreiben")
    promised = deputy.page.get_by_label("Antwort voraussichtlich bis")
    day = date.fromisoformat(promised.input_value())
    assert due["Abschluss"] != in_words(day)
    promised.fill("")
    deputy.press("Ausfertigen")
    expect(deputy.page.get_by_role("alert")).to_contain_text("voraussichtlich")
    promised.fill(day.isoformat())
    deputy.press("Ausfertigen")
    interim = words_of(deputy.send("Zwischennachricht"))
    for words in (f"voraussichtlich bis zum {day:%d.%m.%Y}", "i. V. Elke Xander", "0365 5550-110"):
        assert words in interim
    assert deputy.deadlines()["Abschluss"] == in_words(day)
    assert "Zwischennachricht" not in deputy.deadlines()
    expect(deputy.page.locator("#fristen")).to_contain_text(f"Zwischennachricht vom {today:%d.%m.%Y}")

    answer = words_of(deputy.reply("Der Empfang hat jetzt eine Liste der Termine."))
    assert "i. V. Elke Xander" in answer
    deputy.note_talk("hat stattgefunden", "Am Telefon erklärt.")
    deputy.open(f"{case}abschliessen/")
    assert "noch nicht zur Kenntnis genommen: Gudrun Falk" in missing(deputy)
    as_("gera.gf").takes_note("Kundenreaktion zur Kenntnis nehmen", reference)
    deputy.open(f"{case}abschliessen/")
    files_in_gera(deputy, "teilweise berechtigt", "Der Empfang kannte die Termine nicht.")
    assert Case.objects.get(reference=reference).closed_by == person("gera.expert")
    tells_of_the_deputy(deputy, "Elke Xander", "Karin Ahrens")
