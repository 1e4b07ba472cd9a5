"""How much fits on a screen: 25 cases on a large one, and nothing sticks out of a small one."""

from dataclasses import replace

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from cases.handling.actions.assign import accept
from cases.models import Case
from tests import make
from tests import scene as scenes

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

LARGE, SMALL = {"width": 1920, "height": 1080}, {"width": 390, "height": 844}
ENDLESS = "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft" * 2
LONG_WORDS = {
    "subject": ENDLESS,
    "text": ENDLESS * 3,
    "person": replace(make.PERSON, last_name=ENDLESS[:80], city=ENDLESS[:80], email=f"{ENDLESS[:60]}@beispiel.example"),
}


def registered(number: int, **changes) -> list[Case]:
    today = timezone.localdate()
    krm = scenes.acting("pankow.krm", today)
    return [make.case(krm, received_on=today, **changes) for _ in range(number)]


def test_a_clerk_sees_25_cases_at_once_on_a_large_screen(as_):
    registered(40)
    page = as_("pankow.krm", viewport=LARGE).page
    page.goto("/vorgaenge/")
    rows = page.locator("main tbody tr")
    expect(rows.nth(24)).to_be_visible()
    boxes = [row.bounding_box() for row in rows.all()]
    whole = [box for box in boxes if box["y"] >= 0 and box["y"] + box["height"] <= LARGE["height"]]

    assert len(whole) >= 25
    assert page.evaluate("window.scrollY") == 0


@pytest.mark.parametrize("size", [SMALL, LARGE], ids=["390", "1920"])
def test_endless_words_do_not_push_a_page_over_its_edge(as_, house, size):
    [case] = registered(1, **LONG_WORDS)
    accept(by=scenes.acting("pankow.krm", timezone.localdate()), case=case)
    krm = as_("pankow.krm", viewport=size)
    url = case.get_absolute_url()
    too_wide = {}
    for path in ("/", "/vorgaenge/", url, f"{url}bearbeiten/", f"{url}uebergeben/", f"{url}abschliessen/"):
        krm.open(path)
        too_wide[path] = sticks_out(krm.page)
    krm.open(url)
    krm.press("Eingangsbestätigung schreiben")
    too_wide["letter"] = sticks_out(krm.page)

    assert [path for path, pixels in too_wide.items() if pixels > 0] == []


def sticks_out(page) -> int:
    return page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
