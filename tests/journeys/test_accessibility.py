"""Every page for those who read it: axe-core finds nothing, light and dark, nothing sticks out, no policy is broken."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from django.conf import settings
from django.urls import reverse
from playwright.sync_api import ConsoleMessage, Page

from cases.deadlines.actions.moving import pause
from cases.transfers.actions.triage import hand_over
from tests import scene as scenes
from tests.journeys.desk import Desk
from tests.scene import Scene
from tests.test_permissions import HOUSE, ROWS

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

AXE = (settings.BASE_DIR / "node_modules" / "axe-core" / "axe.min.js").read_text(encoding="utf-8")
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
COLOURS = ["color-contrast", "link-in-text-block"]  # all that the dark theme changes
WIDE, NARROW = {"width": 1280, "height": 900}, {"width": 390, "height": 844}
DOWNLOADS = {
    "cases:letter_pdf", "cases:document", "cases:documentation_sheet", "cases:directive_sheet", "petitions:document",
    "petitions:station_dossier", "petitions:dossier", "petitions:waiver_form",
    "reporting:report_pdf", "reporting:report_xlsx",
}  # fmt: skip
WITH_MANY_FACES = {"home", "cases:list", "cases:detail"}
ON_THE_MOVE = WITH_MANY_FACES | {"cases:register", "cases:letter", "cases:close", "cases:transfers", "cases:transfer"}
READERS_BY_PREFERENCE = ["krm", "admin", "revision", *sorted(HOUSE - {"krm", "admin", "revision"})]
FIND = """async options => (await axe.run(document, options)).violations.map(
    found => `${found.id}: ${found.nodes.map(node => node.target.join(" ")).join(" | ")}`)"""
UNFOLD = "() => document.querySelectorAll('main details').forEach(part => { part.open = true })"
STICKS_OUT = """() => {
  const { scrollWidth, clientWidth } = document.documentElement;
  return scrollWidth > clientWidth ? [`${scrollWidth - clientWidth} px too wide`] : [];
}"""
SHAPE = """() => [...document.querySelectorAll("body *")].map(element =>
    element.cloneNode().outerHTML.replace(/[0-9]+|value="[^"]*"/g, "") + !element.textContent.trim()).join()"""


def reader_of(name: str) -> str | None:
    """The one who looks at a page in the name of all who read it."""
    row = ROWS[name]
    return next((who for who in READERS_BY_PREFERENCE if who in row.reads and not row.post_only), None)


PAGES = {name: who for name in ROWS if name not in DOWNLOADS and (who := reader_of(name))}


def address(name: str, scene: Scene) -> str:
    return reverse(name, args=ROWS[name].args(scene))


def flaws(page: Page, *, narrow: bool = False, dark: bool = True) -> list[str]:
    """What is wrong with the page that is open; `narrow` applies all rules to the small screen, too."""
    page.evaluate(UNFOLD)
    page.evaluate(AXE)
    found = page.evaluate(FIND, {"runOnly": {"type": "tag", "values": TAGS}})
    if dark:
        page.emulate_media(color_scheme="dark")
        found += [f"dark, {flaw}" for flaw in page.evaluate(FIND, {"runOnly": {"type": "rule", "values": COLOURS}})]
        page.emulate_media(color_scheme="light")
    page.set_viewport_size(NARROW)
    found += [f"390 px, {flaw}" for flaw in page.evaluate(STICKS_OUT)]
    if narrow:
        found += [f"390 px, {flaw}" for flaw in page.evaluate(FIND, {"runOnly": {"type": "tag", "values": TAGS}})]
    page.set_viewport_size(WIDE)
    return found


@contextmanager
def complaints(page: Page) -> Iterator[list[str]]:
    """What the browser itself objects to: errors of scripts, refusals by the Content Security Policy, missing files."""
    heard: list[str] = []

    def listen(message: ConsoleMessage) -> None:
        is_the_page_itself = message.location["url"] == page.url  # a 404 or 422 with a page of its own
        if message.type in ("error", "warning") and not is_the_page_itself:
            heard.append(message.text)

    page.on("console", listen)
    page.on("pageerror", lambda error: heard.append(str(error)))
    yield heard


def looking(as_: Callable[..., Desk], who: str) -> Page:
    return as_(f"pankow.{who}", viewport=WIDE, reduced_motion="reduce").page


@pytest.mark.parametrize("part", range(4))
def test_every_page_is_accessible_to_somebody_who_reads_it(as_, scene, part):
    """In four parts, so that they can be tried side by side; the pages of one reader follow each other."""
    found = {}
    pages = dict(sorted(PAGES.items(), key=lambda page: page[1])[part::4])
    for who in dict.fromkeys(pages.values()):
        page = looking(as_, who)
        with complaints(page) as heard:
            for name in (name for name, reader in pages.items() if reader == who):
                assert page.goto(address(name, scene)).status == 200, (name, who)
                found[name] = flaws(page, narrow=name in ON_THE_MOVE) + heard
                heard.clear()

    assert with_flaws(found) == {}


def test_pages_that_differ_by_role_are_accessible_to_every_role(as_, scene):
    """What is built of the same elements as a page already looked at is not looked at again."""
    found, shapes = {}, set()
    for who in sorted(HOUSE):
        page = looking(as_, who)
        with complaints(page) as heard:
            for name in sorted(WITH_MANY_FACES):
                if who in ROWS[name].reads and who != PAGES[name]:
                    page.goto(address(name, scene))
                    shape = page.evaluate(SHAPE)
                    found[f"{name} as {who}"] = heard + ([] if shape in shapes else flaws(page, dark=False))
                    shapes.add(shape)
                    heard.clear()

    assert with_flaws(found) == {}


def test_every_state_of_a_case_a_letter_and_a_transfer_is_accessible(as_, scene):
    krm = scenes.acting("pankow.krm", scene.today)
    pause(by=krm, case=scene.at_unit, category="other", reason="Akte beim Gericht", from_on=scene.today)
    hand_over(by=krm, transfer=scene.transfer, way="Hauspost")
    paths = [
        *(case.get_absolute_url() for case in (scene.new, scene.at_unit, scene.answered, scene.closed, scene.sealed)),
        *(reverse("cases:letter", args=[letter.pk]) for letter in (scene.issued, scene.answered.letters.get())),
        reverse("cases:transfer", args=[scene.transfer.reference]),
        f"{reverse('cases:transfer_new')}?reason=objection",
        f"{reverse('cases:transfer_new')}?case={scene.working.reference}",
        f"{reverse('offices:due_dates')}?start_on=2026-12-18&amount=10&unit=working_days",
        f"{reverse('cases:list')}?stand=alle&q=Lange",
        f"{reverse('cases:list')}?q=nirgends",
    ]

    page = looking(as_, "krm")
    assert with_flaws(visited(page, paths, 200)) == {}


def test_pages_that_say_no_are_accessible(as_, scene):
    krm, front_office = looking(as_, "krm"), looking(as_, "vz")
    found = visited(krm, ["/vorgaenge/PAN-2026-99999/", "/gibt-es-nicht/"], 404)
    found |= visited(front_office, [reverse("cases:edit", args=[scene.working.reference])], 409)

    assert with_flaws(found) == {}


def visited(page: Page, paths: list[str], status: int) -> dict[str, list[str]]:
    found = {}
    with complaints(page) as heard:
        for path in paths:
            assert page.goto(path).status == status, path
            found[path] = flaws(page) + heard
            heard.clear()
    return found


def test_forms_with_errors_are_accessible(as_, scene):
    page = looking(as_, "krm")
    forms = {
        reverse("cases:register"): "Speichern",
        reverse("cases:close", args=[scene.answered.reference]): "Abschließen",
        reverse("cases:letter", args=[scene.draft.pk]): "Ausfertigen",
        reverse("cases:letter", args=[scene.issued.pk]): "Versand vermerken",
        reverse("cases:deadline_extend", args=[scene.deadline.pk]): "Frist verlängern",
        reverse("cases:case_pause", args=[scene.working.reference]): "Ruhen lassen",
        reverse("cases:edit", args=[scene.working.reference]): "Speichern",
        f"{reverse('cases:transfer_new')}?reason=objection": "Erfassen",
        reverse("cases:answer", args=[scene.working.reference]): "Gespräch vermerken",
    }
    found = {}
    with complaints(page) as heard:
        for path, button in forms.items():
            page.goto(path)
            send_empty(page, button)
            found[path] = flaws(page) + heard
            heard.clear()

    assert with_flaws(found) == {}


def send_empty(page: Page, button: str) -> None:
    """Past what the browser would check itself, so that the answer of the server is on the page."""
    form = page.locator("main form.krm-form").filter(has=page.get_by_role("button", name=button, exact=True)).first
    form.evaluate("""form => {
        form.noValidate = true;
        form.querySelectorAll("input:not([type=hidden]):not([type=checkbox]), textarea").forEach(e => { e.value = "" });
    }""")
    form.get_by_role("button", name=button, exact=True).click()
    page.locator(".krm-error-summary").first.wait_for()


def test_the_login_page_is_accessible_also_after_a_wrong_password(page):
    page.emulate_media(reduced_motion="reduce")
    with complaints(page) as heard:
        page.goto("/anmelden/")
        found = {"empty": flaws(page, narrow=True) + heard}
        page.get_by_label("Benutzername").fill("pankow.krm")
        page.get_by_label("Passwort").fill("falsch")
        page.get_by_role("button", name="Anmelden").click()
        page.get_by_role("alert").wait_for()
        found["refused"] = flaws(page, narrow=True) + heard

    assert with_flaws(found) == {}


def test_open_menus_are_accessible(as_, scene):
    page = looking(as_, "krm")
    page.goto("/")
    page.locator("header summary", has_text="Karin Ahrens").click()
    found = {"account": flaws(page)}
    page.set_viewport_size(NARROW)
    page.locator("header summary", has_text="Menü").click()
    found["menu"] = page.evaluate(FIND, {"runOnly": {"type": "tag", "values": TAGS}}) + page.evaluate(STICKS_OUT)

    assert with_flaws(found) == {}


def with_flaws(found: dict[str, list[str]]) -> dict[str, list[str]]:
    return {name: flaws for name, flaws in found.items() if flaws}
