"""`python -m tests.screenshots`: the pictures of docs/bilder, taken of the demo offices in a real browser.

`python -m tests.screenshots --look FOLDER` takes every page in every size and theme, to look at them.
"""

import argparse
import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "krm.settings")

from tests import services  # noqa: E402 - reads settings
from tests.krm.running import environment, free_port, page, running, wait_until  # noqa: E402 - reads settings

PICTURES = Path(__file__).resolve().parent.parent / "docs" / "bilder"
MANAGE = [sys.executable, str(Path(__file__).resolve().parent.parent / "manage.py")]
PASSWORD = "krm-demo-2026"


@dataclass(frozen=True)
class Picture:
    """A page as somebody sees it; `link` is clicked first, for pages whose address is not known beforehand."""

    name: str
    who: str
    path: str
    link: str = ""
    for_readme: bool = False


PICTURE_LIST = [
    Picture("mein-tag", "pankow.krm", "/", for_readme=True),
    Picture("liste", "pankow.krm", "/vorgaenge/", for_readme=True),
    Picture("vorgang", "pankow.krm", "/vorgaenge/?q=Grünwald", link="table tbody th a", for_readme=True),
    Picture("erfassen", "pankow.krm", "/erfassen/", for_readme=True),
    Picture(
        "fristenrechner", "pankow.krm", "/fristenrechner/?start_on=2026-12-18&amount=10&unit=working_days",
        for_readme=True,
    ),
    Picture("verfuegung", "pankow.gf", "/", link="#gruppe-auftraege ~ * a[href*=verfuegung]", for_readme=True),
    Picture("stellungnahme", "pankow.bl", "/", link="a[href*='/stellungnahmen/']", for_readme=True),
    Picture("zeichnen", "pankow.gf", "/zeichnen/", for_readme=True),
    Picture("mitteilungen", "pankow.krm", "/mitteilungen/"),
    Picture("petitionen", "pankow.krm", "/petitionen/"),
    Picture("petition", "pankow.krm", "/petitionen/", link="table tbody th a", for_readme=True),
    Picture("auswertung", "pankow.gf", "/auswertung/", for_readme=True),
    Picture("bericht", "pankow.krm", "/auswertung/berichte/", link="a >> text=Halbjahresbericht", for_readme=True),
    Picture("auswertung-krm", "pankow.krm", "/auswertung/"),
    Picture("auswertung-tl", "pankow.tl", "/auswertung/"),
    Picture("auswertung-rd", "rd-bb.gf", "/auswertung/"),
    Picture("haeuser", "rd-bb.gf", "/auswertung/haeuser/"),
    Picture("berichte", "pankow.krm", "/auswertung/berichte/"),
    Picture("kennzahlen", "pankow.krm", "/auswertung/kennzahlen/"),
    Picture("befragung", "pankow.controlling", "/auswertung/befragung/"),
    Picture("massnahmen", "pankow.krm", "/auswertung/massnahmen/"),
    Picture("mitteilungen-wahl", "pankow.krm", "/mitteilungen/einstellungen/"),
    Picture("technik", "pankow.admin", "/technik/"),
    Picture("mein-tag-tl", "pankow.tl", "/"),
    Picture("mein-tag-gf", "pankow.gf", "/"),
    Picture("mein-tag-ma", "pankow.ma", "/"),
    Picture("mein-tag-revision", "pankow.revision", "/"),
    Picture("kein-krm", "pankow.krm", "/kein-krm/"),
    Picture("kein-krm-abgabe", "pankow.krm", "/kein-krm/", link="table tbody th a"),
    Picture("vor-ort", "pankow.krm", "/vor-ort-erledigt/"),
    Picture("regelwerke", "pankow.krm", "/regelwerke/"),
    Picture("regelwerk", "pankow.krm", "/regelwerke/", link="table tbody th a"),
    Picture("rollen", "pankow.krm", "/rollen/"),
    Picture("kalender", "pankow.krm", "/kalender/"),
    Picture("vertretungen", "pankow.krm", "/vertretungen/"),
    Picture("themen", "pankow.krm", "/themen/"),
    Picture("personen", "pankow.admin", "/personen/"),
    Picture("protokoll", "pankow.revision", "/protokoll/"),
]  # fmt: skip
SIZES = [(390, 844), (1280, 900), (1920, 1080)]


@contextmanager
def demo_site() -> Iterator[str]:
    """The whole of KRM with its demo data in a folder of its own; yields the address."""
    with tempfile.TemporaryDirectory(prefix="krm-screenshots-") as folder:
        port = free_port()
        variables = environment(Path(folder) / "data", PORT=str(port))
        with running([*MANAGE, "start"], Path(folder) / "log", variables):
            wait_until(lambda: page(port)[0] == 200, "the login page")
            yield f"http://127.0.0.1:{port}"


def signed_in(browser: Browser, address: str, who: str, size: tuple[int, int], theme: str) -> Page:
    context = browser.new_context(
        viewport={"width": size[0], "height": size[1]}, color_scheme=theme, locale="de-DE", device_scale_factor=1
    )
    tab = context.new_page()
    tab.goto(f"{address}/anmelden/")
    tab.get_by_label("Benutzername").fill(who)
    tab.get_by_label("Passwort").fill(PASSWORD)
    tab.get_by_role("button", name="Anmelden").click()
    return tab


def take(tab: Page, address: str, picture: Picture, target: Path, *, whole_page: bool) -> None:
    tab.goto(address + picture.path)
    if picture.link:
        tab.goto(address + tab.locator(picture.link).first.get_attribute("href"))
    tab.screenshot(path=target, full_page=whole_page)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--look", type=Path, metavar="FOLDER")
    parser.add_argument("--only", default="")
    options = parser.parse_args()
    folder = options.look or PICTURES
    folder.mkdir(parents=True, exist_ok=True)
    variants = [(s, t) for s in SIZES for t in ("light", "dark")] if options.look else [((1280, 900), "light")]
    with demo_site() as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=services.browser().where,
            args=["--no-sandbox", "--lang=de"],
            env={**os.environ, "LANGUAGE": "de"},
        )
        for size, theme in variants:
            tabs: dict[str, Page] = {}
            for picture in PICTURE_LIST:
                if (not options.look and not picture.for_readme) or options.only not in picture.name:
                    continue
                tab = tabs.get(picture.who) or signed_in(browser, address, picture.who, size, theme)
                tabs[picture.who] = tab
                suffix = f"-{size[0]}-{theme}" if options.look else ""
                take(tab, address, picture, folder / f"{picture.name}{suffix}.png", whole_page=bool(options.look))
                sys.stdout.write(f"{picture.name}{suffix}\n")
        browser.close()


if __name__ == "__main__":
    main()
