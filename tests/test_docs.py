"""docs/regeln.md keeps its promises: one row for each rule, and every file and test it names is there."""

import re
from collections import Counter
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
CAPABILITIES = ("Bearbeitung", "Fristenwächter", "Post", "Petitionen", "Auswertung", "Akte", "Zugang")
LAST = {"H": 17, "GER": 39, "BLOG": 8, "GERA": 28, "PAN": 42}
RULES = [f"{source}-{n}" for source, last in LAST.items() for n in range(1, last + 1)]
RULES += [f"K{n}" for n in range(1, 25)]
ROW = re.compile(r"^\| ((?:H|GER|BLOG|GERA|PAN)-\d+|K\d+) \|(.*)\|$", re.MULTILINE)
_LATER = rf"(?:{'|'.join(CAPABILITIES)})(?:, (?:{'|'.join(CAPABILITIES)}))*"
STATUS = re.compile(rf"jetzt|ohne Umsetzung|später: {_LATER}|[\w ]+ jetzt, [\w ]+ später: {_LATER}")


def rows() -> list[tuple[str, list[str]]]:
    """Rule id and the cells after it: content, code, test, status."""
    text = (ROOT / "docs" / "regeln.md").read_text(encoding="utf-8")
    return [(rule, [cell.strip() for cell in rest.split("|")]) for rule, rest in ROW.findall(text)]


def references() -> list[str]:
    return sorted({name for _, cells in rows() for cell in cells[1:3] for name in re.findall(r"`([^`]+)`", cell)})


def test_every_rule_has_exactly_one_row():
    assert Counter(rule for rule, _ in rows()) == Counter(RULES)


def test_every_row_has_its_five_cells_and_a_known_status():
    wrong = [rule for rule, cells in rows() if len(cells) != 4 or not cells[0] or not STATUS.fullmatch(cells[3])]
    assert wrong == []


def test_what_holds_now_names_its_code_and_its_test():
    silent = [rule for rule, cells in rows() if "jetzt" in cells[3] and ("`" not in cells[1] or "`" not in cells[2])]
    assert silent == []


@pytest.mark.parametrize("name", references())
def test_what_the_table_names_is_there(name):
    path, _, function = name.partition("::")
    assert (ROOT / path).is_file(), f"{path} fehlt"
    if function:
        assert re.search(rf"^def {function}\(", (ROOT / path).read_text(encoding="utf-8"), re.MULTILINE)


def test_the_readme_names_what_is_there():
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    named = re.findall(r"`((?:bench|cases|docs|krm|offices|petitions|tests)/[a-z_/]*(?:\.\w+)?)`", text)
    assert len(named) > 10
    assert [name for name in named if not (ROOT / name).exists()] == []
