"""The list of events: its sentences, and that the code uses exactly what is in it."""

import ast

import pytest
from django.conf import settings

from cases.rules.events import CATEGORY_LABELS, EVENTS, Category, add, sentence

ROOT = settings.BASE_DIR
APPS = ("cases", "petitions", "reporting", "offices", "krm")
LISTS = (ROOT / "cases/rules/events.py", ROOT / "petitions/rules/events.py", ROOT / "reporting/rules/events.py")


def strings_in_code() -> dict[str, str]:
    """Every string of the code outside the lists themselves -> where it stands."""
    found = {}
    for app in APPS:
        for path in sorted((ROOT / app).rglob("*.py")):
            if path in LISTS or "migrations" in path.parts:
                continue
            for node in ast.walk(ast.parse(path.read_text())):
                if isinstance(node, ast.Constant) and isinstance(node.value, str):
                    found[node.value] = f"{path.relative_to(ROOT)}:{node.lineno}"
    return found


def recorded_codes() -> dict[str, str]:
    """The codes in calls such as record("…") and _record(letter, "…") -> where they stand."""
    found = {}
    for path in (path for app in ("cases", "petitions", "reporting") for path in sorted((ROOT / app).rglob("*.py"))):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and _name(node.func).lstrip("_").startswith("record"):
                for argument in node.args:
                    if isinstance(argument, ast.Constant) and isinstance(argument.value, str):
                        found[argument.value] = f"{path.relative_to(ROOT)}:{node.lineno}"
    return found


def _name(function: ast.expr) -> str:
    return getattr(function, "id", None) or getattr(function, "attr", "")


def test_every_recorded_code_is_in_the_list():
    assert {code: where for code, where in recorded_codes().items() if code not in EVENTS} == {}


def test_every_code_of_the_list_is_used():
    assert sorted(EVENTS.keys() - strings_in_code().keys()) == []


def test_an_event_is_taken_in_once():
    with pytest.raises(ValueError, match=r"case\.closed: there already"):
        add({"case.closed": EVENTS["case.closed"]})


def test_every_category_has_a_label():
    assert set(CATEGORY_LABELS) == set(Category)


@pytest.mark.parametrize("code", EVENTS)
def test_every_sentence_reads_without_data(code):
    assert sentence(code, {}) != ""
    assert "{" not in sentence(code, {})


def test_dates_are_written_the_german_way():
    said = sentence("deadline.extended", {"kind": "Abschluss", "old": "2026-11-23", "new": "2026-12-01"})
    assert said == "Frist Abschluss vom Mo 23.11.2026 auf den Di 01.12.2026 verlängert"


def test_lists_are_written_with_commas():
    assert sentence("case.edited", {"fields": ["Betreff", "Eingang"]}) == "Angaben geändert: Betreff, Eingang"


def test_what_is_missing_or_unknown_breaks_nothing():
    assert sentence("deadline.set", {"due_on": None, "more": {"a": 1}}) == "Frist … bis … gesetzt"
    assert (
        sentence("deadline.set", {"kind": "{due_on}", "due_on": "2026-99-99"})
        == "Frist {due_on} bis 2026-99-99 gesetzt"
    )
    assert sentence("case.of_a_later_version", {}) == "case.of_a_later_version"
