"""`python -m tests.mutation`: of single changes, the share that the tests notice; below a goal the exit code is 1.

Which modules there are is read from the tree, by layer. Of each group `--of-each` changes are drawn by `--seed`, 0 for
all; `--only` takes the modules whose path contains a text, `--tests` other tests than those of cases and offices.
Works on a copy of the tree, on SQLite, and names every change that nobody noticed. Once for each tree all tests run, to
note in the folder `--map` which lines they run; then for each change those that run its lines, the nearest first, at
most `--seconds` of processor time.
"""

import argparse
import random
import re
import shutil
import sys
import tempfile
from pathlib import Path

from tests.mutation.mutants import Mutant, mutants
from tests.mutation.running import Chosen, run, selection
from tests.mutation.selection import Selection

ROOT = Path(__file__).parents[2]
APPS = ("cases", "offices")
WHO_MAY = re.compile(r"/(permissions|visibility|calendars|apart)\.py$")
ASKS_WHO_MAY = re.compile(r"\b(why_not_\w+|why_may_not|check_may\w*)\(")
GOALS = {"rules": 95, "who may": 95, "actions": 85}  # per cent noticed
PATIENCE = 10  # times as long as usual may tests take before what they run counts as never ending


def group_of(path: str, source: str) -> str | None:
    """The group of a module by its place in the tree and by what it asks; None for the many others."""
    if "/rules/" in path:
        return "rules"
    if WHO_MAY.search(path):
        return "who may"
    is_action = "/actions/" in path or path.endswith("/actions.py")
    return "actions" if is_action and ASKS_WHO_MAY.search(source) else None


def modules(tree: Path) -> dict[str, str]:
    """Of each module that has a group: path and group."""
    paths = [path.relative_to(tree).as_posix() for app in APPS for path in sorted((tree / app).rglob("*.py"))]
    found = {path: group_of(path, (tree / path).read_text(encoding="utf-8")) for path in paths}
    return {path: group for path, group in found.items() if group}


def drawn(tree: Path, groups: dict[str, str], options: argparse.Namespace) -> dict[str, list[tuple[str, Mutant]]]:
    """The changes to try, by group: (path of the module, change)."""
    found: dict[str, list[tuple[str, Mutant]]] = {name: [] for name in GOALS}
    for path, group in groups.items():
        if options.only in path:
            found[group] += [(path, mutant) for mutant in mutants((tree / path).read_text(encoding="utf-8"))]
    chance = random.Random(options.seed)  # noqa: S311 - is to be repeated
    if options.of_each:
        found = {name: chance.sample(all_, min(options.of_each, len(all_))) for name, all_ in found.items()}
    return found


def notices(tree: Path, path: str, mutant: Mutant, known: Selection, at_most: float) -> bool:
    """Whether a test fails with that change, which is then taken back."""
    module = tree / path
    before = module.read_text(encoding="utf-8")
    module.write_text(mutant.source, encoding="utf-8")
    try:
        for part in known.parts(known.running(path, mutant.lines), at_most):
            files = sorted({test.partition("::")[0] for test in part})
            usual = 20 + sum(known.seconds[test] for test in part)
            if not run(tree, files, Chosen(part, known.seconds), PATIENCE * usual):
                return True
        return False
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


def say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.mutation", description=__doc__)
    parser.add_argument("--of-each", type=int, default=60)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", default="")
    parser.add_argument("--tests", nargs="+", default=["tests/cases", "tests/offices"])
    parser.add_argument("--map", type=Path, default=ROOT / "var" / "mutation")
    parser.add_argument("--seconds", type=int, default=60)
    options = parser.parse_args()
    is_good = True
    with tempfile.TemporaryDirectory(prefix="krm-mutation-") as folder:
        tree = copied(folder)
        groups = modules(tree)
        known = selection(tree, list(groups), options.tests, options.map)
        for name, tried in drawn(tree, groups, options).items():
            unnoticed = 0
            for path, mutant in tried:
                if not notices(tree, path, mutant, known, options.seconds):
                    unnoticed += 1
                    say(f"  {path}:{mutant}")
            if tried:
                share = 100 * (len(tried) - unnoticed) / len(tried)
                say(f"{name}: {share:.0f} % of {len(tried)} noticed, goal {GOALS[name]} %")
                is_good = is_good and share >= GOALS[name]
    return 0 if is_good else 1


if __name__ == "__main__":
    sys.exit(main())
