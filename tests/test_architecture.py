"""Reads the imports of the code and holds them to docs/adr and the order of the layers; a failure names file and line.

Between apps krm may import cases, and cases may import offices, never the reverse. Inside an app each layer imports
itself and the layers above it. Pure modules know neither Django nor the clock.
"""

import ast
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
APPS = ("offices", "cases", "krm")  # lowest first
PURE_PACKAGES = {"holidays"}  # besides the standard library

# Layer -> the modules and packages that belong to it; every module of cases and offices stands in exactly one.
LAYERS: list[tuple[str, set[str]]] = [
    ("pure", {"rules", "calendars", "workdays", "roles", "errors", "due_months"}),
    ("edge", {"mailbox", "uploads", "importing", "typesetting", "letterhead"}),
    ("models", {"models"}),
    (
        "reading",
        {"queries", "permissions", "letters", "letters_transfer", "groups", "rows", "worklists", "steps", "story",
         "seams",
         "paging", "nested", "apart", "data_protection", "conduct", "sheets", "rule_lines", "directives", "statements",
         "statement_page", "signing", "sign_desk", "escalation", "access_links",
         "text_blocks", "handing_on", "successors", "recipients", "notice_mail", "technical",
         "notices", "own_dates", "calendar_feed", "office_hours", "visibility"},
    ),
    ("actions", {"actions"}),
    (
        "outside",
        {"notifications", "tasks", "forms", "filters", "admin", "management", "middleware", "context_processors",
         "templatetags", "apps"},
    ),
    ("views", {"views"}),
    ("urls", {"urls"}),
]  # fmt: skip
ORDER = [name for name, _ in LAYERS]
CLOCKS = {"today", "now", "localdate", "localtime", "utcnow"}


@dataclass(frozen=True)
class Import:
    """One imported module as it stands in a file."""

    path: Path
    line: int
    module: str
    inside_function: bool

    @property
    def where(self) -> str:
        return f"{self.path.relative_to(ROOT)}:{self.line} imports {self.module}"


def sources(*apps: str) -> list[Path]:
    return [path for app in apps for path in sorted((ROOT / app).rglob("*.py")) if "migrations" not in path.parts]


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text())


@cache
def imports(path: Path) -> tuple[Import, ...]:
    return tuple(_imports(path, tree(path), inside_function=False))


def _imports(path: Path, node: ast.AST, *, inside_function: bool) -> Iterator[Import]:
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.Import):
            yield from (Import(path, child.lineno, alias.name, inside_function) for alias in child.names)
        elif isinstance(child, ast.ImportFrom):
            assert child.level == 0, f"{path}:{child.lineno} imports relatively"
            yield from (Import(path, child.lineno, module, inside_function) for module in _modules(child))
        else:
            function = isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda)
            yield from _imports(path, child, inside_function=inside_function or function)


def _modules(node: ast.ImportFrom) -> set[str]:
    """`from cases import letters` means the module cases.letters where there is one, else names of `cases`."""
    modules = set()
    for alias in node.names:
        inner = f"{node.module}.{alias.name}"
        file = ROOT / inner.replace(".", "/")
        modules.add(inner if file.is_dir() or file.with_suffix(".py").exists() else node.module)
    return modules


def layer_of(module: str) -> str | None:
    """The layer of a module such as cases.rules.chain; None for the package itself."""
    parts = module.split(".")
    if len(parts) < 2:
        return None
    found = [name for name, members in LAYERS if parts[1] in members]
    return found[0] if found else "unknown"


def height(layer: str) -> int:
    return ORDER.index(layer) if layer in ORDER else -1


def module_of(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def test_apps_import_only_apps_below_them():
    wrong = [
        found.where
        for app in APPS
        for path in sources(app)
        for found in imports(path)
        if found.module.split(".")[0] in APPS[APPS.index(app) + 1 :]
    ]
    assert wrong == []


def test_every_module_belongs_to_one_layer():
    modules = [module_of(path) for path in sources("offices", "cases")]
    assert [module for module in modules if layer_of(module) == "unknown"] == []
    members = [member for _, members in LAYERS for member in members]
    assert sorted(members) == sorted(set(members))


@pytest.mark.parametrize("app", ["offices", "cases"])
def test_layers_import_only_layers_above_them(app):
    wrong = []
    for path in sources(app):
        own = layer_of(module_of(path))
        for found in imports(path):
            other = layer_of(found.module) if found.module.split(".")[0] == app else None
            if own and other and height(other) > height(own):
                wrong.append(f"{found.where}: {own} may not import {other}")
    assert wrong == []


@pytest.mark.parametrize("app", ["offices", "cases"])
def test_layers_reach_into_the_app_below_no_higher_than_reading_or_their_own_height(app):
    """A rule of cases may read the rules of offices, an action its actions; models know who acts (`visible_to`)."""
    wrong = []
    for path in sources(app):
        own = layer_of(module_of(path))
        highest = max(own or "", "reading", key=height) if own != "pure" else own
        for found in imports(path):
            other = layer_of(found.module) if found.module.split(".")[0] in APPS else None
            if own and other and height(other) > height(highest):
                wrong.append(f"{found.where}: {own} may not import {other}")
    assert wrong == []


def test_pure_modules_import_the_standard_library_and_each_other():
    wrong = []
    for path in sources("offices", "cases"):
        if layer_of(module_of(path)) != "pure":
            continue
        for found in imports(path):
            top = found.module.split(".")[0]
            allowed = top in sys.stdlib_module_names or top in PURE_PACKAGES or layer_of(found.module) == "pure"
            if not allowed or top in ("os", "socket", "urllib", "sqlite3", "subprocess"):
                wrong.append(found.where)
    assert wrong == []


def test_pure_modules_do_not_ask_the_clock():
    wrong = [
        f"{path.relative_to(ROOT)}:{node.lineno} asks the clock"
        for path in sources("offices", "cases")
        if layer_of(module_of(path)) == "pure"
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in CLOCKS
    ]
    assert wrong == []


def test_only_the_edges_ask_which_day_it_is():
    """Below middleware, tasks and commands the day is an argument; a moment for a record is not a day."""
    wrong = [
        f"{path.relative_to(ROOT)}:{node.lineno} asks which day it is"
        for path in sources("offices", "cases")
        if layer_of(module_of(path)) != "outside"
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in {"today", "localdate"}
    ]
    assert wrong == []


def test_nothing_is_imported_inside_functions():
    wrong = [found.where for path in sources(*APPS) for found in imports(path) if found.inside_function]
    assert wrong == []


def test_views_write_through_actions_only():
    """No view, form or filter saves, creates, updates or deletes a row by itself."""
    writing = {"save", "create", "bulk_create", "update_or_create", "get_or_create", "bulk_update", "delete"}
    wrong = [
        f"{path.relative_to(ROOT)}:{node.lineno} calls {node.func.attr}()"
        for path in sources("offices", "cases", "krm")
        if path.parts[-2] in ("views", "forms") or path.name in ("views.py", "filters.py")
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in writing
    ]
    assert wrong == []


def test_no_signals():
    wrong = [
        found.where
        for path in sources(*APPS)
        for found in imports(path)
        if "signals" in found.module.split(".") or found.module == "django.dispatch"
    ]
    assert wrong == []
