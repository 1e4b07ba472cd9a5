"""`python -m tests`: the whole suite on SQLite, then on PostgreSQL, and one line on what was left out.

Journeys in a browser, and tests that use no database, run once. Arguments are passed on to pytest.
"""

import os
import subprocess
import sys

from tests.services import REQUIRE_ALL, left_out, postgresql

PYTEST = [sys.executable, "-m", "pytest", "-n", "2", "--dist", "loadgroup", "-q"]
NO_TESTS = 5  # pytest's exit code when a selection by the caller matches nothing on this database


def run(database: str) -> int:
    """Exit code of pytest on one kind of database."""
    sys.stdout.write(f"\n== {database} ==\n")
    sys.stdout.flush()
    environment = {**os.environ, "KRM_TEST_DATABASE": database}
    code = subprocess.run([*PYTEST, *sys.argv[1:]], env=environment, check=False).returncode
    return 0 if code == NO_TESTS and database == "postgresql" else code


def main() -> int:
    missing = left_out()
    reasons = "; ".join(f"{service.name} ({service.missing})" for service in missing)
    if missing and REQUIRE_ALL:
        sys.stdout.write(f"KRM_REQUIRE_ALL=1, but these cannot be used: {reasons}\n")
        return 1
    codes = [run("sqlite")]
    if not postgresql().missing:
        codes.append(run("postgresql"))
    sys.stdout.write(f"\nLeft out: {reasons or 'nothing'}\n")
    return max(codes)


if __name__ == "__main__":
    sys.exit(main())
