"""What hands do: keys instead of a mouse, a reload too early, a click too many, two people at the same case."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Locator, Page, expect

from cases.models import Case, Event
from tests import make
from tests import scene as scenes
from tests.journeys.desk import ERIKA, Desk, Reaction, words_of

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

MANY = 150  # more stops than any page has
IS_MARKED = """() => {
  const marked = element => {
    const style = getComputedStyle(element);
    return (style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0) || style.boxShadow !== "none";
  };
  return marked(document.activeElement) || marked(document.activeElement.parentElement);
}"""


@pytest.fixture
def case(house) -> Case:
    """Just come in at Pankow."""
    today = timezone.localdate()
    return make.case(scenes.acting("pankow.krm", today), received_on=today)


class Keyboard:
    """Only Tab, Enter, Space and letters; every stop has to show that it is one.

    A field for a date is several stops, of which the button of its calendar draws its own mark, unseen by scripts.
    """

    def __init__(self, page: Page):
        self.page = page
        self.marked: dict[str, bool] = {}

    @property
    def unmarked(self) -> list[str]:
        return [stop for stop, marked in self.marked.items() if not marked]

    def to(self, target: Locator) -> None:
        for _ in range(MANY):
            self.page.keyboard.press("Tab")
            stop = self.page.evaluate("() => document.activeElement.outerHTML.slice(0, 160)")
            self.marked[stop] = self.page.evaluate(IS_MARKED) or self.marked.get(stop, False)
            if target.evaluate("element => element === document.activeElement"):
                return
        raise AssertionError(f"not reached by Tab: {target}")

    def field(self, label: str, words: str, role: str = "textbox") -> None:
        self.to(self.page.get_by_role(role, name=label).first)
        self.page.keyboard.type(words)

    def select(self, label: str, beginning: str) -> None:
        self.field(label, beginning, "combobox")

    def enter(self, name: str, role: str = "button") -> None:
        self.to(self.page.get_by_role(role, name=name, exact=True).first)
        self.page.keyboard.press("Enter")


def test_a_case_is_registered_answered_and_closed_by_keyboard_alone(as_):
    krm = as_("pankow.krm")
    keys = Keyboard(krm.page)
    krm.open("/")
    keys.enter("Erfassen", "link")
    expect(krm.page.get_by_role("heading", level=1)).to_have_text("Erfassen")
    keys.select("Eingangsweg", "E-Mail")
    keys.select("Anrede", "Frau")
    keys.field("Vorname", "Erika")
    keys.field("Nachname", "Öztürk-Groß")
    keys.field("Betreff", "Rampe zu steil")
    keys.field("Wortlaut oder Gesprächsnotiz", "Die Rampe am Eingang ist zu steil.")
    keys.select("Thema", "Räume")
    keys.to(krm.page.get_by_label("Eingangsbestätigung gewünscht"))
    krm.page.keyboard.press("Space")
    keys.enter("Speichern")
    krm.is_told("ist erfasst.")

    keys.enter("Übernehmen")
    krm.sees_state("In Bearbeitung beim KRM")
    keys.enter("Gespräch vermerken und beantworten", "link")
    expect(krm.page.get_by_role("heading", level=1)).to_contain_text("Im Gespräch beantworten")
    keys.field("Gesprächsvermerk", "Am Telefon erläutert, dass die Rampe umgebaut wird.")
    keys.enter("Gespräch vermerken")
    krm.sees_state("Beantwortet")
    keys.enter("Abschließen", "link")
    expect(krm.page.get_by_role("heading", level=1)).to_contain_text("Vorgang abschließen")
    keys.select("Ergebnis", "teilweise")
    keys.field("Begründung des Ergebnisses", "Die Rampe ist alt.")
    keys.enter("Abschließen")
    krm.sees_state("Abgeschlossen (z.d.A.)")

    case = Case.objects.get()
    assert (case.subject, case.wants_acknowledgement, case.outcome) == ("Rampe zu steil", True, "partly_upheld")
    assert keys.unmarked == []


def test_the_first_stop_of_every_page_leads_past_the_navigation(as_):
    krm = as_("pankow.krm")
    krm.open("/vorgaenge/")
    skip = krm.page.get_by_role("link", name="Zum Inhalt springen")
    expect(skip).not_to_be_in_viewport()
    krm.page.keyboard.press("Tab")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport()
    krm.page.keyboard.press("Enter")
    expect(krm.page.locator("main")).to_be_focused()


def test_a_half_filled_form_survives_a_reload(as_):
    krm = as_("pankow.krm")
    krm.open("/erfassen/")
    krm.choose("Eingangsweg", "Fax")
    krm.write("Wortlaut oder Gesprächsnotiz", "Seit Wochen keine Antwort.")
    with krm.page.expect_response(lambda answer: "Zuletzt" in (answer.request.post_data or "") and answer.ok):
        krm.write("Betreff", "Zuletzt getippt")
    expect(krm.page.locator(".krm-savebar__status")).to_contain_text("zwischengespeichert um")
    krm.page.reload()

    expect(krm.page.get_by_role("textbox", name="Betreff")).to_have_value("Zuletzt getippt")
    expect(krm.page.get_by_role("textbox", name="Wortlaut")).to_have_value("Seit Wochen keine Antwort.")
    expect(krm.page.get_by_role("combobox", name="Eingangsweg")).to_have_value("fax")


def test_the_second_of_two_people_sees_the_difference_and_loses_nothing(as_, case):
    first, second = as_("pankow.krm"), as_("pankow.krm2")
    for desk in (first, second):
        desk.open(f"{case.get_absolute_url()}bearbeiten/")
    first.write("Betreff", "Antrag liegt seit sechs Wochen")
    first.press("Speichern")
    first.is_told("Die Angaben sind gespeichert.")

    second.write("Betreff", "Weiterbewilligung dauert")
    second.press("Speichern")
    warning = second.page.get_by_role("alert")
    expect(warning).to_contain_text("Jemand anderes hat inzwischen gespeichert")
    expect(warning.locator("del")).to_have_text(["Antrag liegt seit sechs Wochen"])
    expect(warning.locator("ins")).to_have_text(["Weiterbewilligung dauert"])
    expect(second.page.get_by_role("textbox", name="Betreff")).to_have_value("Weiterbewilligung dauert")
    case.refresh_from_db()
    assert case.subject == "Antrag liegt seit sechs Wochen"

    second.press("Meine Angaben speichern")
    second.is_told("Die Angaben sind gespeichert.")
    case.refresh_from_db()
    assert case.subject == "Weiterbewilligung dauert"


def test_what_the_second_person_did_not_touch_stays_as_the_first_one_saved_it(as_, case):
    first, second = as_("pankow.krm"), as_("pankow.krm2")
    for desk in (first, second):
        desk.open(f"{case.get_absolute_url()}bearbeiten/")
    first.write("Wortlaut", "Seit acht Wochen höre ich nichts.")
    first.write("Grund der Berichtigung", "Am Telefon falsch verstanden.")
    first.press("Speichern")
    first.is_told("Die Angaben sind gespeichert.")
    second.write("Betreff", "Weiterbewilligung dauert")
    second.press("Speichern")
    expect(second.page.get_by_role("alert").locator("ins")).to_have_text(["Weiterbewilligung dauert"])
    expect(second.page.get_by_role("textbox", name="Wortlaut")).to_have_value("Seit acht Wochen höre ich nichts.")
    second.press("Meine Angaben speichern")
    second.is_told("Die Angaben sind gespeichert.")
    case.refresh_from_db()

    assert (case.subject, case.text) == ("Weiterbewilligung dauert", "Seit acht Wochen höre ich nichts.")


def test_a_double_click_does_one_thing(as_, scene):
    dispatched, closed = (Event.objects.filter(code=code).count() for code in ("letter.dispatched", "case.closed"))
    krm = as_("pankow.krm")
    krm.open(f"/schreiben/{scene.issued.pk}/")
    krm.choose("Versandweg", "Post")
    krm.page.get_by_role("button", name="Versand vermerken").dblclick()
    krm.is_told("Abschlussschreiben: Der Versand ist vermerkt.")
    krm.open(f"{scene.answered.get_absolute_url()}abschliessen/")
    krm.choose("Ergebnis", "berechtigt")
    krm.write("Begründung des Ergebnisses", "Es hat zu lange gedauert.")
    krm.page.get_by_role("button", name="Abschließen").dblclick()
    krm.sees_state("Abgeschlossen (z.d.A.)")

    found = (Event.objects.filter(code=code).count() for code in ("letter.dispatched", "case.closed"))
    assert tuple(found) == (dispatched + 1, closed + 1)


def test_the_same_page_sent_twice_registers_one_case(as_):
    krm = as_("pankow.krm")
    krm.open("/erfassen/")
    krm.fill_in(Reaction("Die Rampe ist zu steil.", timezone.localdate(), ERIKA))
    krm.page.get_by_role("button", name="Speichern", exact=True).dblclick()
    krm.is_told("ist erfasst.")

    assert Case.objects.count() == 1


def test_a_widerspruch_is_noticed_while_typing_and_leaves_with_a_receipt(as_):
    krm = as_("pankow.krm")
    words = "Hiermit lege ich Widerspruch gegen Ihren Bescheid ein."
    krm.open("/erfassen/")
    krm.fill_in(Reaction(words, timezone.localdate(), ERIKA, subject="Gegen den Bescheid"))
    hint = krm.page.locator("#hinweise-liste")
    expect(hint.get_by_role("heading", name="Widerspruch?")).to_be_visible()
    krm.press("Als Kein KRM abgeben: Widerspruch")

    goes_to_the_kein_krm_desk(krm, words)
    receipt = krm.page.get_by_role("link", name="Abgabe-Beleg (PDF)").get_attribute("href")
    answer = krm.page.request.get(receipt)
    text = words_of(answer.body())
    expected = (
        krm.page.url.rstrip("/").split("/")[-1],
        f"{timezone.localdate():%d.%m.%Y}",
        "Hauspost",
        ERIKA.last_name,
    )
    assert [part for part in expected if part not in text] == []
    assert Case.objects.count() == 0


def goes_to_the_kein_krm_desk(krm: Desk, words: str) -> None:
    """With what was typed already there; only the Bescheid is added before it is handed over."""
    expect(krm.page.get_by_role("heading", level=1)).to_have_text("Kein KRM: abgeben")
    expect(krm.page.get_by_role("textbox", name="Wortlaut")).to_have_value(words)
    expect(krm.page.get_by_role("textbox", name="Nachname")).to_have_value(ERIKA.last_name)
    krm.enter_day("Bescheid vom", timezone.localdate() - timedelta(days=10))
    krm.press("Erfassen")
    expect(krm.page.get_by_text("Widerspruchsfrist läuft bis")).to_be_visible()
    krm.choose("Weg", "Hauspost")
    krm.press("Abgeben")
    krm.is_told("Abgegeben an:")
