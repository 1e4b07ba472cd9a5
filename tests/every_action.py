"""Whether a whole run on PostgreSQL performed every action, so that none takes its locks unwatched.

A plugin of the suite: each worker says what it performed, and the run fails where an action is not among it.
"""

import ast
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from cases import unit_of_work

PARTS = ("cases", "petitions", "reporting", "krm/operations")
performed: set[str] = set()


def watch() -> None:
    """Remember from now on which actions are performed."""
    carry_out = unit_of_work._carry_out

    def watched(function: Callable[..., Any], args: tuple, kwargs: dict[str, Any]) -> Any:
        performed.add(f"{function.__module__}.{function.__qualname__}")
        return carry_out(function, args, kwargs)

    unit_of_work._carry_out = watched


def all_actions() -> set[str]:
    """Dotted names of the functions with `@action` in the code that offices run."""
    found = set()
    for path in [path for part in PARTS for path in settings.BASE_DIR.glob(f"{part}/**/*.py")]:
        module = ".".join(path.relative_to(settings.BASE_DIR).with_suffix("").parts).removesuffix(".__init__")
        found |= {f"{module}.{name}" for name in _decorated(path)}
    return found


def _decorated(path: Path) -> list[str]:
    nodes = ast.walk(ast.parse(path.read_text(encoding="utf-8")))
    functions = [node for node in nodes if isinstance(node, ast.FunctionDef)]
    return [f.name for f in functions if any(isinstance(d, ast.Name) and d.id == "action" for d in f.decorator_list)]


def pytest_sessionfinish(session: pytest.Session) -> None:
    output = getattr(session.config, "workeroutput", None)
    if output is not None:
        output["performed"] = sorted(performed)
    elif missing := all_actions() - performed:
        session.config.stash[MISSING] = sorted(missing)
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_testnodedown(node: Any) -> None:
    performed.update(node.workeroutput.get("performed", ()) if hasattr(node, "workeroutput") else ())


def pytest_terminal_summary(terminalreporter: Any, config: pytest.Config) -> None:
    for name in config.stash.get(MISSING, ()):
        terminalreporter.write_line(f"No test performs the action {name}.", red=True)


MISSING: pytest.StashKey[list[str]] = pytest.StashKey()
