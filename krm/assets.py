"""Copies what the pages need from the package of the KERN design system into assets/.

The style sheet, the faces of Fira Sans that the package's font sheet names, the licences; no more.
Runs at set-up as `python -m krm.assets`, without a database.
"""

import re
import shutil
import sys
from pathlib import Path

from fontTools.ttLib import TTFont

BASE_DIR = Path(__file__).resolve().parent.parent
PACKAGE = BASE_DIR / "node_modules" / "@kern-ux" / "native"
TARGET = BASE_DIR / "assets" / "kern"
FONT_SHEET = "fonts/fira-sans.css"
COPYRIGHT, LICENCE, LICENCE_URL = 0, 13, 14  # entries of a font's name table


def wanted(package: Path) -> dict[str, Path]:
    """Where each file is to stand below assets/kern/, and where it comes from."""
    dist = package / "dist"
    faces = re.findall(r'url\("?\./([^")]+)"?\)', (dist / FONT_SHEET).read_text(encoding="utf-8"))
    return {
        "kern.min.css": dist / "kern.min.css",
        FONT_SHEET: dist / FONT_SHEET,
        **{f"fonts/{face}": dist / "fonts" / face for face in faces},
        "LICENSE.md": package / "LICENSE.md",
    }


def font_licence(face: Path) -> str:
    """The licence notice that a font file carries in its name table."""
    with TTFont(face) as font:
        notices = (font["name"].getDebugName(entry) for entry in (COPYRIGHT, LICENCE, LICENCE_URL))
        return "\n\n".join(notice.strip() for notice in notices if notice) + "\n"


def copy_assets(package: Path, target: Path) -> int:
    """Replace the target folder by a fresh copy; returns the number of files.

    Raises FileNotFoundError, before anything is replaced, if the package lacks a file.
    """
    files = wanted(package)
    fresh = target.with_name(target.name + ".new")
    shutil.rmtree(fresh, ignore_errors=True)
    for name, source in files.items():
        (fresh / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source, fresh / name)
    face = next(source for name, source in files.items() if name.endswith("Regular.woff2"))
    (fresh / "fonts" / "LICENSE.txt").write_text(font_licence(face), encoding="utf-8")
    shutil.rmtree(target, ignore_errors=True)
    fresh.rename(target)
    return len(files) + 1


if __name__ == "__main__":
    try:
        count = copy_assets(PACKAGE, TARGET)
    except FileNotFoundError as error:
        sys.exit(f"Es fehlt {error.filename}: Bitte zuerst „npm ci“ ausführen.")
    sys.stdout.write(f"{count} Dateien von KERN nach {TARGET.relative_to(BASE_DIR)}/ kopiert.\n")
