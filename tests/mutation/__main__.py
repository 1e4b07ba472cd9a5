"""`python -m tests.mutation`: of single changes, the share that the tests notice; below a goal the exit code is 1.

Which modules there are is read from the tree, by layer. Of each group `--of-each` changes are drawn by `--seed`, 0 for
all; `--only` takes the modules whose path contains a text, `--tests` other tests than those of cases and offices.
Works on a copy of the tree, and names every change that nobody noticed.
"""

import argparse
import os
import random
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.mutation.mutants import Mutant, mutants

ROOT = Path(__file__).parents[2]
APPS = ("cases", "offices")
WHO_MAY = re.compile(r"/(permissions|visibility|calendars|apart)\.py$")
ASKS_WHO_MAY = re.compile(r"\b(why_not_\w+|why_may_not|check_may\w*)\(")
GOALS = {"rules": 95, "who may": 95, "actions": 85}  # per cent noticed
PYTEST = [sys.executable, "-m", "pytest", "-q", "-x", "-n0", "-p", "no:cacheprovider"]
FAILED = (1, 2)  # exit codes of pytest: a test fails, or the changed module cannot even be imported


def group_of(path: str, source: str) -> str | None:
    """The group of a module by its place in the tree and by what it asks; None for the many others."""
    if "/rules/" in path:
        return "rules"
    if WHO_MAY.search(path):
        return "who may"
    is_action = "/actions/" in path or path.endswith("/actions.py")
    return "actions" if is_action and ASKS_WHO_MAY.search(source) else None


def drawn(tree: Path, options: argparse.Namespace) -> dict[str, list[tuple[str, Mutant]]]:
    """The changes to try, by group: (path of the module, change)."""
    found: dict[str, list[tuple[str, Mutant]]] = {name: [] for name in GOALS}
    for app in APPS:
        for module in sorted((tree / app).rglob("*.py")):
            path, source = module.relative_to(tree).as_posix(), module.read_text(encoding="utf-8")
            if options.only in path and (group := group_of(path, source)):
                found[group] += [(path, mutant) for mutant in mutants(source)]
    chance = random.Random(options.seed)  # noqa: S311 - is to be repeated
    if options.of_each:
        found = {name: chance.sample(all_, min(options.of_each, len(all_))) for name, all_ in found.items()}
    return found


def passes(tree: Path, tests: list[str]) -> bool:
    """Whether the tests pass in that tree, on SQLite."""
    given = {name: value for name, value in os.environ.items() if not name.startswith(("KRM_", "PYTEST_"))}
    code = subprocess.run([*PYTEST, *tests], cwd=tree, env=given, capture_output=True, check=False).returncode
    if code not in (0, *FAILED):
        raise SystemExit(f"pytest ended with {code}")
    return code == 0


def notices(tree: Path, path: str, mutant: Mutant, tests: list[str]) -> bool:
    """Whether a test fails with that change, which is then taken back."""
    module = tree / path
    before = module.read_text(encoding="utf-8")
    module.write_text(mutant.source, encoding="utf-8")
    try:
        return not passes(tree, tests)
    finally:
        module.write_text(before, encoding="utf-8")


def copied(folder: str) -> Path:
    """The tree of this clone with its environment, but for what is installed or made."""
    tree = Path(folder) / "krm"
    apart = shutil.ignore_patterns(".git", ".venv", "node_modules", "assets", "var", "__pycache__", ".pytest_cache")
    shutil.copytree(ROOT, tree, ignore=apart)
    for name in (".venv", "node_modules", "assets"):
        (tree / name).symlink_to((ROOT / name).resolve())
    return tree


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.mutation", description=__doc__)
    parser.add_argument("--of-each", type=int, default=60)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", default="")
    parser.add_argument("--tests", nargs="+", default=["tests/cases", "tests/offices"])
    options = parser.parse_args()
    is_good = True
    with tempfile.TemporaryDirectory(prefix="krm-mutation-") as folder:
        tree = copied(folder)
        if not passes(tree, options.tests):
            raise SystemExit("The tests fail before anything is changed.")
        for name, tried in drawn(tree, options).items():
            unnoticed = [(path, mutant) for path, mutant in tried if not notices(tree, path, mutant, options.tests)]
            if not tried:
                continue
            share = 100 * (len(tried) - len(unnoticed)) / len(tried)
            sys.stdout.write(f"{name}: {share:.0f} % of {len(tried)} noticed, goal {GOALS[name]} %\n")
            sys.stdout.writelines(f"  {path}:{mutant}\n" for path, mutant in unnoticed)
            sys.stdout.flush()
            is_good = is_good and share >= GOALS[name]
    return 0 if is_good else 1


if __name__ == "__main__":
    sys.exit(main())
