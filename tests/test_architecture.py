"""Reads the imports of the code and holds them to docs/adr; the path names layer and subject.

Between apps krm may import petitions, petitions cases, and cases offices, never the reverse. Inside an app the path
names the layer (`letters/actions/writing.py` is an action, `closing/views.py` a view); a module at the top of an app is
shared ground. Each layer imports itself and the layers below it, in its own subject and in every other. Pure modules
know neither Django nor the clock. An exception carries its reason in the line above the import: `# layer: …`.
"""

import ast
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
APPS = ("offices", "cases", "petitions", "reporting", "krm")  # lowest first
LAYERED = ("offices", "cases", "petitions", "reporting")
# What a petition may know of a case: the ground all stand on, and the doors of a few subjects.
GROUND = (
    "apart",
    "models",
    "rules",
    "visibility",
    "lookup",
    "permissions",
    "recording",
    "asking",
    "documents",
    "uploads",
    "paging",
    "seams",
    "unit_of_work",
)
DOORS = ("intake.actions.register", "deadlines.actions.watch", "statements", "signing", "letters")
PURE_PACKAGES = {"holidays"}  # besides the standard library
ORDER = ["rules", "models", "shared", "reading", "actions", "forms", "views", "urls"]  # lowest first
OUTSIDE = {"tasks", "management", "middleware", "context_processors", "templatetags", "apps"}  # Django's own names
EXCEPTION = "# layer: "
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

    @property
    def is_exception(self) -> bool:
        above = self.path.read_text().splitlines()[self.line - 2]
        return above.startswith(EXCEPTION) and len(above) > len(EXCEPTION) + 20


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
    """`from cases import lookup` means the module cases.lookup where there is one, else names of `cases`."""
    inner = {f"{node.module}.{alias.name}" for alias in node.names}
    return {name if path_of(name) else str(node.module) for name in inner}


def path_of(module: str) -> Path | None:
    base = ROOT / module.replace(".", "/")
    return next((path for path in (base.with_suffix(".py"), base / "__init__.py") if path.exists()), None)


def module_of(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def layer_of(module: str) -> str | None:
    """The layer that a module's path names; None for an app itself and for the package of a subject."""
    app, *parts = module.split(".")
    if app not in LAYERED or not parts:
        return None
    if OUTSIDE & set(parts):
        return "forms"  # above what they call, below the pages
    named = [part for part in parts if part in ORDER]
    if named:
        return named[0]
    path = path_of(module)
    return "shared" if len(parts) == 1 and path and path.name != "__init__.py" else None


@cache
def is_pure(module: str) -> bool:
    """Whether it stands on nothing but the standard library, however far one follows its imports."""
    path = path_of(module)
    if path is None or module.split(".")[0] not in LAYERED:
        top = module.split(".")[0]
        return top in PURE_PACKAGES or (top in sys.stdlib_module_names and top not in ("os", "socket", "subprocess"))
    return all(is_pure(found.module) for found in imports(path))


def height(layer: str) -> int:
    return ORDER.index(layer)


def test_apps_import_only_apps_below_them():
    wrong = [
        found.where
        for app in APPS
        for path in sources(app)
        for found in imports(path)
        if found.module.split(".")[0] in APPS[APPS.index(app) + 1 :]
    ]
    assert wrong == []


def test_petitions_know_of_cases_only_the_ground_and_the_doors():
    allowed = tuple(f"cases.{name}" for name in (*GROUND, *DOORS))
    wrong = [
        found.where
        for path in sources("petitions")
        for found in imports(path)
        if found.module.split(".")[0] == "cases" and not f"{found.module}.".startswith(tuple(f"{a}." for a in allowed))
    ]
    assert wrong == []


# What reporting may know of the apps below: the ground, what a case's list shows, and how a date is watched.
READ = ("models", "rules", "visibility", "lookup", "permissions", "recording", "paging", "seams", "unit_of_work",
        "deadlines.actions.watch", "workplace.reading")  # fmt: skip
REGISTER = ("models", "rules", "reading.register")


def test_reporting_reads_cases_and_petitions_and_changes_neither():
    allowed = (*(f"cases.{name}" for name in READ), *(f"petitions.{name}" for name in REGISTER))
    wrong = [
        found.where
        for path in sources("reporting")
        for found in imports(path)
        if found.module.split(".")[0] in ("cases", "petitions")
        and not f"{found.module}.".startswith(tuple(f"{name}." for name in allowed))
    ]
    assert wrong == []


def test_the_path_of_every_module_names_its_layer():
    modules = [module_of(path) for path in sources(*LAYERED) if path.name != "__init__.py"]
    assert [module for module in modules if layer_of(module) is None] == []


@pytest.mark.parametrize("app", LAYERED)
def test_layers_import_only_themselves_and_layers_below_them(app):
    """Also into the app below; what is pure may be imported by everybody."""
    wrong = []
    for path in sources(app):
        own = layer_of(module_of(path))
        for found in imports(path):
            other = layer_of(found.module)
            if own and other and height(other) > height(own) and not is_pure(found.module) and not found.is_exception:
                wrong.append(f"{found.where}: {own} may not import {other}")
    assert wrong == []


def test_rules_stand_on_the_standard_library_and_on_each_other():
    wrong = [
        found.where
        for path in sources(*LAYERED)
        if layer_of(module_of(path)) == "rules"
        for found in imports(path)
        if not is_pure(found.module)
    ]
    assert wrong == []


def test_pure_modules_do_not_ask_the_clock():
    wrong = [
        f"{path.relative_to(ROOT)}:{node.lineno} asks the clock"
        for path in sources(*LAYERED)
        if is_pure(module_of(path))
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in CLOCKS
    ]
    assert wrong == []


def test_only_the_edges_ask_which_day_it_is():
    """Below middleware, tasks and commands the day is an argument; a moment for a record is not a day."""
    wrong = [
        f"{path.relative_to(ROOT)}:{node.lineno} asks which day it is"
        for path in sources(*LAYERED)
        if not OUTSIDE & set(module_of(path).split("."))
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in {"today", "localdate"}
        and not node.args  # of a moment that is given it is the day of that moment
    ]
    assert wrong == []


def test_nothing_is_imported_inside_functions():
    wrong = [found.where for path in sources(*APPS) for found in imports(path) if found.inside_function]
    assert wrong == []


def test_views_and_forms_write_through_actions_only():
    """No view, form or filter saves, creates, updates or deletes a row by itself."""
    writing = {"save", "create", "bulk_create", "update_or_create", "get_or_create", "bulk_update", "delete"}
    wrong = [
        f"{path.relative_to(ROOT)}:{node.lineno} calls {node.func.attr}()"
        for path in sources(*APPS)
        if {"views", "forms"} & {path.stem, *path.parts}
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
