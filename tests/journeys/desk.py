"""What the KRM desk does on the pages, in its own words: by labels and buttons, as somebody reads them."""

import re
from dataclasses import dataclass
from datetime import date
from io import BytesIO

import pdfplumber
from playwright.sync_api import Locator, Page, expect


@dataclass(frozen=True)
class Sender:
    """An invented person who wrote."""

    salutation: str
    first_name: str
    last_name: str
    street: str
    postcode: str
    city: str

    @property
    def address(self) -> str:
        name = f"{self.salutation} {self.first_name} {self.last_name}"
        return f"{name}\n{self.street}\n{self.postcode} {self.city}"


@dataclass(frozen=True)
class Reaction:
    """What somebody at the desk has in her hands; without a sender it is anonymous."""

    text: str
    received_on: date
    sender: Sender | None
    subject: str = "Unzufrieden"
    channel: str = "Brief"
    topic: str = "Räume und Barrierefreiheit"
    unit: str = ""


ERIKA = Sender("Frau", "Erika", "Öztürk-Groß", "Lindenstraße 7", "13187", "Berlin")


class Desk:
    """One person in front of one browser."""

    def __init__(self, page: Page):
        self.page = page

    # Small things

    def open(self, path: str) -> None:
        self.page.goto(path)

    def press(self, name: str, *, within: Locator | None = None) -> None:
        (within or self.page).get_by_role("button", name=name, exact=True).click()

    def follow(self, name: str) -> None:
        self._go(self.page.get_by_role("link", name=name, exact=True))

    def _go(self, link: Locator) -> None:
        """Click, and wait until the other page is there: what is read next is not the page one comes from."""
        with self.page.expect_navigation():
            link.click()

    def write(self, label: str, words: str) -> None:
        self.page.get_by_role("textbox", name=label).fill(words)

    def choose(self, label: str, option: str) -> None:
        self.page.get_by_role("combobox", name=label).select_option(label=option)

    def enter_day(self, label: str, day: date) -> None:
        self.page.get_by_label(label).fill(day.isoformat())

    def is_told(self, sentence: str) -> None:
        expect(self.page.locator("#meldungen")).to_contain_text(sentence)

    # The way of a case

    def register(self, reaction: Reaction) -> str:
        """The page for registering, saved; the number of the new case, whose page is then open."""
        self.open("/erfassen/")
        self.fill_in(reaction)
        self.press("Speichern")
        self.is_told("ist erfasst.")
        return self.reference()

    def fill_in(self, reaction: Reaction) -> None:
        self.choose("Eingangsweg", reaction.channel)
        for label in ("Schreiben vom", "Eingang im Haus", "Eingang beim KRM"):
            self.enter_day(label, reaction.received_on)
        if reaction.sender:
            self.choose("Anrede", reaction.sender.salutation)
            self.write("Vorname", reaction.sender.first_name)
            self.write("Nachname", reaction.sender.last_name)
            self.write("Straße und Hausnummer", reaction.sender.street)
            self.write("Postleitzahl", reaction.sender.postcode)
            self.page.get_by_role("textbox", name=re.compile(r"^Ort\b")).fill(reaction.sender.city)
        else:
            self.page.get_by_label("anonym", exact=True).check()
        self.write("Betreff", reaction.subject)
        self.write("Wortlaut oder Gesprächsnotiz", reaction.text)
        self.choose("Thema", reaction.topic)
        if reaction.unit:
            self.choose("Betroffene Einheit", reaction.unit)

    def reference(self) -> str:
        return self.page.url.split("/vorgaenge/")[1].split("/")[0]

    def accept(self) -> None:
        self.press("Übernehmen")
        self.sees_state("In Bearbeitung beim KRM")

    def acknowledge(self) -> bytes:
        """Eingangsbestätigung, from draft to dispatch; its PDF."""
        self.press("Eingangsbestätigung schreiben")
        return self._issue_and_send("Eingangsbestätigung")

    def reply(self, result: str) -> bytes:
        """Abschlussschreiben with its gap filled, from draft to dispatch by one's own signature; its PDF."""
        self.write_reply(result)
        return self._issue_and_send("Abschlussschreiben")

    def write_reply(self, result: str) -> None:
        """The draft of the Abschlussschreiben with its gap filled, the Rücksprache ticked where it is asked for."""
        self.press("Abschlussschreiben schreiben")
        body = self.page.get_by_role("textbox", name=re.compile("^Text"))
        body.fill(re.sub(r"\[Bitte ergänzen:[^\]]*\]", result, body.input_value()))
        for box in self.page.get_by_role("checkbox", name=re.compile("^Rücksprache")).all():
            box.check()

    def give_to_signature(self, *, agreed_with: str = "") -> None:
        """The draft that is open goes to those who co-sign and sign it."""
        if agreed_with:
            self.choose("Abgestimmt mit", agreed_with)
        self.press("Zur Zeichnung geben")
        self.is_told("Das Schreiben ist zur Zeichnung gegeben")

    def sign_next(self, button: str = "Zeichnen") -> None:
        """What lies first on the desk for signatures."""
        self.open("/zeichnen/")
        self.press(button)
        self.is_told("gezeichnet")

    def send(self, kind: str) -> bytes:
        """The signed letter whose page is open leaves the house; its PDF."""
        pdf = self.pdf_of_this_letter()
        self.choose("Versandweg", "Post")
        self.press("Versand vermerken")
        self.is_told(f"{kind}: Der Versand ist vermerkt.")
        return pdf

    def _issue_and_send(self, kind: str) -> bytes:
        self.press("Ausfertigen")
        self.is_told("Das Schreiben ist ausgefertigt.")
        return self.send(kind)

    def pdf_of_this_letter(self) -> bytes:
        return self.pdf_behind("PDF ansehen")

    def pdf_behind(self, link: str) -> bytes:
        address = self.page.get_by_role("link", name=link, exact=True).get_attribute("href")
        answer = self.page.request.get(address)
        assert (answer.status, answer.headers["content-type"]) == (200, "application/pdf")
        return answer.body()

    def note_talk(self, what: str, note: str = "") -> None:
        """Whether a personal talk was offered or held; the case is open on the screen."""
        self.follow("Persönliches Gespräch")
        self.page.get_by_role("radio", name=what).check()
        self.write("Vermerk", note)
        self.press("Vermerken")
        self.is_told("persönliches Gespräch")

    def close(
        self, *, outcome: str, reason: str, settlement: str = "", alternatives: str = "", in_verbis: bool = False
    ) -> None:
        self.follow("Abschließen")
        self.choose("Ergebnis", outcome)
        self.write("Begründung des Ergebnisses", reason)
        if settlement:
            self.choose("Art der Erledigung", settlement)
        if alternatives:
            self.write("Welche Alternativen wurden geprüft?", alternatives)
        if in_verbis:
            self.page.get_by_role("checkbox", name="in VerBIS vermerkt").check()
        self.press("Abschließen")
        self.is_told("ist abgeschlossen (z.d.A.).")
        self.sees_state("Abgeschlossen (z.d.A.)")

    # Whose turn it is, and who knows nothing of it

    def asked_to_do(self) -> list[str]:
        """What the start page says waits for this person, with the number of the case; in its order."""
        self.open("/")
        asked = re.compile("Worum Sie gebeten sind|Was Ihnen zur Kenntnis ist")
        return self.page.get_by_role("table", name=asked).locator("td a").all_text_contents()

    def finds_nothing(self, *paths: str) -> None:
        """Each page is answered as if there were none."""
        answers = {path: self.page.goto(path).status for path in paths}
        assert answers == dict.fromkeys(paths, 404)

    def take_up(self, to_do: str, reference: str) -> None:
        """Open what is asked, from the start page."""
        self.open("/")
        self._go(self.page.get_by_role("link").filter(has_text=f"{to_do}, {reference}"))

    def takes_note(self, to_do: str, reference: str) -> None:
        """What is for their information: they open the case and say that they have seen it."""
        self.take_up(to_do, reference)
        assert self.next_step() == to_do
        self.press(to_do)

    def is_away(self, deputy: str, from_on: date, until_on: date) -> None:
        """The person enters who stands in for them."""
        self.open("/vertretungen/neu/")
        self.choose("Vertretung", deputy)
        self.enter_day("Von", from_on)
        self.enter_day("Bis", until_on)
        self.press("Eintragen")
        self.is_told("Eingetragen:")

    # What stands on the page of a case

    def sees_state(self, label: str) -> None:
        expect(self.page.locator(".krm-badge").first).to_have_text(label)

    def sees_turn(self, who: str) -> None:
        expect(self.page.locator("#abschluss")).to_contain_text(f"Am Zug: {who}")

    def next_step(self) -> str:
        """What the one prominent button says."""
        return self.page.locator("#abschluss .kern-btn--primary").inner_text()

    def deadlines(self) -> dict[str, str]:
        """What is due when, as it is shown; only what is open."""
        rows = self.page.locator("#fristen .krm-due").all()
        return {row.locator("strong").first.inner_text(): row.locator(".krm-nowrap").first.inner_text() for row in rows}

    def facts(self) -> dict[str, str]:
        rows = self.page.locator("#eckdaten dl > div").all()
        return {row.locator("dt").inner_text(): row.locator("dd").inner_text() for row in rows}

    def listed(self, path: str) -> list[str]:
        """The numbers that a list shows."""
        self.open(path)
        return self.page.locator("table tbody th a").all_inner_texts()


def words_of(pdf: bytes) -> str:
    with pdfplumber.open(BytesIO(pdf)) as file:
        return "\n".join(page.extract_text() for page in file.pages)
