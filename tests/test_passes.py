"""What `python -m tests` runs: each test in one pass at least, and all of them where there is no PostgreSQL."""

import os
import re
import subprocess
import sys

import pytest
from django.conf import settings

from tests.services import postgresql

pytestmark = pytest.mark.once
NOWHERE = "postgresql://nobody@127.0.0.1:1/krm"
# No database, the tests' database, both databases
SELECTION = [
    "tests/offices/test_roles_doc.py",
    "tests/cases/administration/test_topics.py",
    "tests/cases/leaving/test_occasion.py",
]


def run(*arguments: str, **variables: str) -> str:
    """What a run of the suite of its own says; it must end well."""
    own = ("DJANGO_", "KRM_", "PYTEST_")  # of this run
    given = {name: value for name, value in os.environ.items() if not name.startswith(own)}
    command = [sys.executable, "-m", "tests", "-n0", *arguments]
    done = subprocess.run(
        command, env=given | variables, cwd=settings.BASE_DIR, capture_output=True, text=True, timeout=300, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def collected(**variables: str) -> list[set[str]]:
    """The tests of each pass over the selection."""
    said = run("--collect-only", *SELECTION, **variables)
    return [set(re.findall(r"^tests/\S+::.+$", part, re.MULTILINE)) for part in re.split("^== ", said, flags=re.M)[1:]]


def test_without_postgresql_everything_runs_on_sqlite():
    said = run(*SELECTION, KRM_TEST_DATABASE_URL=NOWHERE)

    assert re.findall(r"^== (.*) ==$", said, re.MULTILINE) == ["sqlite"]
    assert re.search(r"^\d+ passed in", said, re.MULTILINE)  # none skipped, none deselected
    assert re.search(r"^Left out: PostgreSQL \(", said, re.MULTILINE)


@pytest.mark.usefixtures("postgresql_url")
def test_with_postgresql_each_test_runs_there_or_on_sqlite_and_marked_ones_on_both():
    (all_of_them,) = collected(KRM_TEST_DATABASE_URL=NOWHERE)
    on_postgresql, on_sqlite = collected(KRM_TEST_DATABASE_URL=postgresql().where)

    assert on_postgresql | on_sqlite == all_of_them
    assert {name.split("::")[0] for name in on_postgresql} == {SELECTION[1], SELECTION[2]}
    assert {name.split("::")[0] for name in on_sqlite} == {SELECTION[0], SELECTION[2]}
