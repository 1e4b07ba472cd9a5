"""HTML to tagged PDF: own fonts embedded, text measured before it is printed, nothing ever fetched."""

import importlib
import logging
import threading
import unicodedata
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string

from offices.tagging import with_scopes

# Letters that Fira Sans lacks (some of Latin Extended Additional, Arabic, tick boxes) come from DejaVu Sans,
# which Pango's packages bring along; it is embedded in the same way.
FACES = (
    (400, "fira-sans/FiraSans-Regular.woff2"),
    (600, "fira-sans/FiraSans-SemiBold.woff2"),
)
MM_PER_POINT = 25.4 / 72

# What nobody sees is dropped; what programs write in the place of a sign becomes that sign.
READ_AS: dict[int, str | None] = {
    **{code: None for code in range(32) if chr(code) not in "\t\n\r"},
    **{code: bytes([code]).decode("cp1252", "ignore") for code in range(0x80, 0xA0)},  # Windows, taken for Latin-1
    0x2028: "\n",
    0x2029: "\n",
    0xF0B7: "•",  # the bullet of a word processor's symbol font
    **dict.fromkeys((0x200B, 0x200D, 0x2060, 0xFE0E, 0xFE0F, 0xFEFF)),
}

# Pango's font map is shared by all letters of a process and must not be used by two threads at once.
_press = threading.Lock()


class CannotTypeset(RuntimeError):
    """Something of the installation is missing; the sentence says what to type."""


@dataclass(frozen=True)
class _Type:
    configuration: Any
    faces: Any


def typeset(html: str, stylesheets: Sequence[str]) -> bytes:
    """PDF/UA-1 bytes of a whole HTML document; `stylesheets` are template names of CSS files.

    Language and title come from the document. No address in it is followed, not even file: or data:. In the place of
    a letter that no font here has stands its number, „[U+4E2D]“, so that nothing makes a sheet impossible.
    Raises CannotTypeset when fonts or Pango are missing on this machine.
    """
    text = unicodedata.normalize("NFC", html).translate(READ_AS)
    pdf, missing = _pressed(text, stylesheets)
    if missing:
        pdf, _ = _pressed(text.translate({ord(letter): f"[U+{ord(letter):04X}]" for letter in missing}), stylesheets)
    return with_scopes(pdf) if "<th" in text else pdf


def _pressed(text: str, stylesheets: Sequence[str]) -> tuple[bytes, set[str]]:
    """The document, and the letters in it that were drawn as empty boxes."""
    weasyprint, fetcher = _weasyprint(), _fetcher(allowed=())
    with _press, _missing_letters() as missing:
        fonts = _fonts()
        pdf = weasyprint.HTML(string=text, url_fetcher=fetcher).write_pdf(
            stylesheets=[fonts.faces, *(_stylesheet(name) for name in stylesheets)],
            font_config=fonts.configuration,
            pdf_variant="pdf/ua-1",
        )
    return pdf, missing


def width_mm(text: str, points: float) -> float:
    """Width in mm of one line set in the regular face; letters it lacks count as one em."""
    widths = _glyph_widths()
    return sum(widths.get(ord(sign), 1.0) for sign in unicodedata.normalize("NFC", text)) * points * MM_PER_POINT


@cache
def _weasyprint() -> ModuleType:
    # Imported on first use: without Pango the import fails, and manage.py has to work there nevertheless.
    try:
        return importlib.import_module("weasyprint")
    except OSError as error:
        raise CannotTypeset(
            "PDF lassen sich hier nicht erzeugen, weil Pango fehlt. "
            "Bitte eingeben: apt-get install libpango-1.0-0 libpangoft2-1.0-0"
        ) from error


@contextmanager
def _missing_letters() -> Iterator[set[str]]:
    """Collects the letters drawn as empty boxes: WeasyPrint tells of them in its log and nowhere else."""
    missing: set[str] = set()
    handler = logging.Handler()
    handler.emit = lambda record: missing.add(record.args[0]) if ".notdef" in record.msg else None
    log = logging.getLogger("weasyprint")
    level, propagate = log.level, log.propagate
    log.addHandler(handler)
    log.setLevel(logging.WARNING)
    log.propagate = False  # a letter's text must not reach the log
    try:
        yield missing
    finally:
        log.removeHandler(handler)
        log.setLevel(level)
        log.propagate = propagate


def _fetcher(allowed: tuple[str, ...]) -> Any:
    return importlib.import_module("weasyprint.urls").URLFetcher(allowed_protocols=allowed, allow_redirects=False)


def _font_file(path: str) -> Path:
    file = Path(settings.ASSETS_DIR) / "kern" / "fonts" / path
    if not file.is_file():
        raise CannotTypeset(f"Die Schriftdatei {path} fehlt. Bitte eingeben: make env")
    return file


@cache
def _fonts() -> _Type:
    """The faces, unpacked once per process: that is most of the time of a first letter."""
    weasyprint = _weasyprint()
    configuration = importlib.import_module("weasyprint.text.fonts").FontConfiguration()
    rules = "".join(
        f"@font-face {{ font-family: 'Fira Sans'; font-weight: {weight}; src: url('{_font_file(path).as_uri()}') }}"
        for weight, path in FACES
    )
    faces = weasyprint.CSS(string=rules, font_config=configuration, url_fetcher=_fetcher(allowed=("file",)))
    return _Type(configuration, faces)


@cache
def _stylesheet(name: str) -> Any:
    return _weasyprint().CSS(string=render_to_string(name), url_fetcher=_fetcher(allowed=()))


@cache
def _glyph_widths() -> dict[int, float]:
    """Code point -> advance width in em of the regular face."""
    fonttools = importlib.import_module("fontTools.ttLib")  # comes with WeasyPrint, and is as slow to import
    with fonttools.TTFont(_font_file(FACES[0][1]), lazy=True) as font:
        advances, em = font["hmtx"].metrics, font["head"].unitsPerEm
        return {code: advances[glyph][0] / em for code, glyph in font.getBestCmap().items()}
