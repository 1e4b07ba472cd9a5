"""Runs tests on a tree in a fork of this process: what takes long to import and never changes is in place there."""

import hashlib
import json
import os
import resource
import sys
import time
from collections.abc import Generator
from functools import _lru_cache_wrapper
from pathlib import Path
from typing import Any

import hypothesis  # noqa: F401 - like the next one and the last one, for the forks
import playwright.sync_api  # noqa: F401
import pytest
import weasyprint  # noqa: F401
from coverage import Coverage, CoverageData

from tests.mutation.selection import GROUND, Selection

# Examples of hypothesis are the same each time and may take as long as they like
OPTIONS = ["-q", "-x", "-n0", "--assert=plain", "-p", "no:cacheprovider", "--hypothesis-profile=ci"]
SHARED = ("session", "scene")  # fixtures of this scope or name are made once, for many tests
PASSED = (pytest.ExitCode.OK, pytest.ExitCode.NO_TESTS_COLLECTED)  # or the change took away what the test was made for
BROKEN = 70  # exit code of a fork that did not come to running tests


def run(tree: Path, tests: list[str], plugin: object, seconds: float = 0) -> bool:
    """Whether the tests pass; with seconds of processor time, also within these, and silently."""
    fork = os.fork()
    if not fork:
        code = BROKEN
        try:
            _enter(tree)
            if seconds:
                _limit(int(seconds))
            code = pytest.main([*OPTIONS, *tests], plugins=[plugin])
        finally:
            os._exit(code)
    code = os.waitstatus_to_exitcode(os.waitpid(fork, 0)[1])
    if code == BROKEN:
        raise SystemExit("No test could be run.")
    return code in PASSED


def _enter(tree: Path) -> None:
    """As if Python had just been started there."""
    os.chdir(tree)
    sys.path[0] = str(tree)
    sys.dont_write_bytecode = True  # of a module that is changed a moment later
    for name in [name for name in sys.modules if name.partition(".")[0] == "tests"]:
        del sys.modules[name]
    for name in [name for name in os.environ if name.startswith(("KRM_", "PYTEST_"))]:
        del os.environ[name]


def _limit(seconds: int) -> None:
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    silent = os.open(os.devnull, os.O_WRONLY)
    os.dup2(silent, 1)
    os.dup2(silent, 2)


class Chosen:
    """For pytest: runs only these tests, in this order, and those that there would not be but for the change."""

    def __init__(self, tests: list[str], known: dict[str, float]) -> None:
        self.place, self.known = {test: place for place, test in enumerate(tests)}, known

    @pytest.hookimpl(trylast=True)
    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        chosen = [item for item in items if item.nodeid in self.place or item.nodeid not in self.known]
        items[:] = sorted(chosen, key=lambda item: self.place.get(item.nodeid, -1))


class Noting:
    """For pytest: notes in a folder which tests run which lines of the modules, and their seconds of processor time."""

    def __init__(self, folder: Path, modules: list[str], key: str) -> None:
        self.folder, self.modules, self.key = folder, modules, key
        self.seconds: dict[str, float] = {}
        self.kept: list[Any] = []

    def pytest_load_initial_conftests(self) -> None:
        self.coverage = Coverage(self.folder / "lines", include=self.modules, config_file=False)
        self.coverage.set_option("run:relative_files", True)
        self.coverage.set_option("run:core", "ctrace")  # knows contexts
        self.coverage.erase()
        self.coverage.start()

    def pytest_collection_finish(self) -> None:
        ours = [module for name, module in sys.modules.items() if name.startswith(("cases.", "offices."))]
        self.kept = [it for module in ours for it in vars(module).values() if isinstance(it, _lru_cache_wrapper)]

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Generator[None, Any, Any]:
        for function in self.kept:  # so that each test runs what it needs itself
            function.cache_clear()
        self.coverage.switch_context(item.nodeid)
        start = time.process_time()
        try:
            return (yield)
        finally:
            self.seconds[item.nodeid] = time.process_time() - start
            self.coverage.switch_context(GROUND)

    @pytest.hookimpl(wrapper=True)
    def pytest_fixture_setup(self, fixturedef: pytest.FixtureDef) -> Generator[None, Any, Any]:
        if fixturedef.scope not in SHARED and fixturedef.argname not in SHARED:
            return (yield)
        test = self.coverage.switch_context(GROUND)
        try:
            return (yield)
        finally:
            self.coverage.switch_context(test)

    def pytest_sessionfinish(self, exitstatus: int) -> None:
        self.coverage.stop()
        self.coverage.save()
        if exitstatus == pytest.ExitCode.OK:
            (self.folder / "tests.json").write_text(json.dumps({"key": self.key, "seconds": self.seconds}))


def selection(tree: Path, modules: list[str], tests: list[str], folder: Path) -> Selection:
    """What the folder has noted for this very tree, or else what a run of the tests notes now."""
    noted = folder / "tests.json"
    key = _key(tree, modules, tests)
    if not noted.exists() or json.loads(noted.read_text())["key"] != key:
        noted.unlink(missing_ok=True)
        folder.mkdir(parents=True, exist_ok=True)
        if not run(tree, tests, Noting(folder, modules, key)):
            raise SystemExit("The tests fail before anything is changed.")
    lines = CoverageData(str(folder / "lines"))
    lines.read()
    by_line = {it: {line: set(tests) for line, tests in lines.contexts_by_lineno(it).items()} for it in modules}
    return Selection(json.loads(noted.read_text())["seconds"], by_line)


def _key(tree: Path, modules: list[str], tests: list[str]) -> str:
    found = hashlib.sha256(repr((modules, tests)).encode())
    for path in sorted(path for suffix in ("py", "html") for path in tree.rglob(f"*.{suffix}")):
        if path.parent != tree / "tests" / "mutation":
            found.update(f"{path.relative_to(tree)}\0".encode() + path.read_bytes())
    return found.hexdigest()
