"""What people do at the stations of a petition, in their own browsers, by labels and buttons as somebody reads them."""

import re
from collections.abc import Callable
from datetime import date

from django.utils import timezone

from petitions.models import Petition, Request
from tests.journeys.desk import Desk
from tests.petitions import walk

WRITING = re.compile("entwirft die Stellungnahme|schreibt die Stellungnahme|führt die Teile zusammen")
FACTS = "Der Antrag ging im Oktober ein und blieb drei Wochen liegen."


class Chain:
    """A petition whose stations are passed by hand; `as_` gives the browser of a person, one for each."""

    def __init__(self, as_: Callable[..., Desk], request: Request):
        self._as, self.request, self._desks = as_, request, {}

    @property
    def reference(self) -> str:
        return self.request.petition.case.reference

    def desk(self, username: str) -> Desk:
        if username not in self._desks:
            self._desks[username] = self._as(username)
        return self._desks[username]

    def does(self, username: str, to_do: str, button: str = "", **asked: str) -> Desk:
        """Takes it up from the start page and does what the station is for."""
        who = self.desk(username)
        who.take_up(to_do, self.reference)
        return self._works(who, to_do, button, **asked)

    def enters(self, username: str, body: str, **asked: str) -> Desk:
        """What a body without KRM did, entered by the house: found on the page of the petition."""
        who = self.desk(username)
        who.open(self.request.petition.get_absolute_url())
        with who.page.expect_navigation():
            who.page.locator("#stand").get_by_role("link", name=body, exact=True).click()
        return self._works(who, body, **asked)

    def _works(self, who: Desk, to_do: str, button: str = "", **asked: str) -> Desk:
        if WRITING.search(to_do):
            self._writes(who)
        if who.page.get_by_role("link", name="Prüfliste ausfüllen").count():
            self._checks(who)
        for label, words in asked.items():
            who.write({"person": "Wer dort"}[label], words)
        if who.page.get_by_role("heading", name="Versenden", exact=True).count():
            who.choose("Versandweg", "Post")
            who.press("Versand eintragen")
            who.is_told("Der Versand ist eingetragen")
            return who
        primary = who.page.locator("form[action$='weitergeben/'] button")
        assert button in ("", primary.inner_text())
        primary.click()
        who.is_told("Weitergegeben.")
        return who

    def _writes(self, who: Desk) -> None:
        who.follow("Stellungnahme schreiben")
        for label in ("Kurzfassung", "Sachverhalt", "Rechtslage", "Ergebnis"):
            box = who.page.get_by_role("textbox", name=re.compile(f"^{label}"))
            if not box.input_value():
                box.fill(f"{label}: {FACTS}")
        who.press("Als PDF übernehmen")
        if not who.page.get_by_role("heading", name="Was hier vorliegt", exact=True).count():
            who.follow("Zur Station")
        who.open(who.page.url.split("stellungnahme/")[0])

    def _checks(self, who: Desk) -> None:
        who.follow("Prüfliste ausfüllen")
        for box in who.page.get_by_role("radio", name="in Ordnung", exact=True).all():
            box.check()
        who.press("Speichern")
        who.is_told("Alles ist geprüft.")
        who.follow("Zur Station")

    def gives_back(self, username: str, to_do: str, to: str, reason: str) -> Desk:
        who = self.desk(username)
        who.take_up(to_do, self.reference)
        who.choose("Zurück an", to)
        who.write("Warum, und was zu ändern ist", reason)
        who.press("Zurückgeben")
        who.is_told("Mit Ihrem Hinweis zurückgegeben.")
        return who

    def is_answered(self) -> None:
        self.request.refresh_from_db()
        assert self.request.answered_on == timezone.localdate()


def begun(as_: Callable[..., Desk], slug: str, *, originals: int = 1, **changes) -> Chain:
    """A petition whose chain the desk begins by hand on the page of its request."""
    today = timezone.localdate()
    petition = walk.petition_on(today, slug, **changes)
    request = walk.request_on(today, petition, originals=originals)
    chain = Chain(as_, request)
    krm = chain.desk(f"{slug}.krm")
    krm.open(request.get_absolute_url())
    krm.press("Berichtsweg beginnen")
    krm.is_told("Der Berichtsweg hat begonnen")
    return chain


def opens(krm: Desk, reference: str, *, originals: int, due_on: date) -> Petition:
    """Fills in the page on which a case becomes a petition."""
    krm.open(f"/vorgaenge/{reference}/")
    assert krm.next_step() == "Als Petition führen"
    krm.follow("Als Petition führen")
    krm.choose("Anfordernde Stelle", "Petitionsausschuss des Deutschen Bundestages")
    krm.write("Nummer der anfordernden Stelle", "Pet 4-20-11-81501-011345")
    krm.choose("Zuständigkeit", "Bundesagentur für Arbeit")
    krm.choose("Gegenstand", "Leistungen zum Lebensunterhalt")
    krm.enter_day("Schreiben vom", timezone.localdate())
    krm.enter_day("Frist der anfordernden Stelle", due_on)
    krm.page.get_by_role("spinbutton", name="Zahl der Originale").fill(str(originals))
    krm.press("Anlegen")
    krm.is_told("Die Petition ist angelegt.")
    return Petition.objects.get(case__reference=reference)
