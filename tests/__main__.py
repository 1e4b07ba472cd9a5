"""`python -m tests`: the suite on PostgreSQL, the rest of it on SQLite, and one line on what was left out.

The rest is what has no database or one of its own, journeys in a browser, and what is marked `both_databases`. Where
PostgreSQL cannot be reached everything runs on SQLite. `--long` adds what is marked `long`, and runs everything on
both databases. Other arguments are passed on to pytest.
"""

import os
import subprocess
import sys

from tests.services import REQUIRE_ALL, WHOLE, left_out, postgresql

PYTEST = [sys.executable, "-m", "pytest", "-n", "2", "--dist", "loadgroup", "-q"]
LONG = "--long"
NO_TESTS = 5  # pytest's exit code when a selection by the caller matches nothing in this pass


def run(database: str, part: str, arguments: list[str]) -> int:
    """Exit code of pytest on one kind of database."""
    sys.stdout.write(f"\n== {database} ==\n")
    sys.stdout.flush()
    environment = {**os.environ, "KRM_TEST_DATABASE": database, "KRM_TEST_PART": part}
    return subprocess.run([*PYTEST, *arguments], env=environment, check=False).returncode


def main(arguments: list[str]) -> int:
    missing = left_out()
    reasons = "; ".join(f"{service.name} ({service.missing})" for service in missing)
    if missing and REQUIRE_ALL:
        sys.stdout.write(f"KRM_REQUIRE_ALL=1, but these cannot be used: {reasons}\n")
        return 1
    part = "long" if LONG in arguments else ""
    arguments = [argument for argument in arguments if argument != LONG]
    os.environ[WHOLE] = "" if arguments else "1"
    if postgresql().missing:
        codes = [run("sqlite", part, arguments)]
    else:
        codes = [run("postgresql", part, arguments), run("sqlite", part or "rest", arguments)]
    sys.stdout.write(f"\nLeft out: {reasons or 'nothing'}\n")
    ran = [code for code in codes if code != NO_TESTS]
    return max(ran, default=NO_TESTS)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
