"""The short form of `make test-faults`, in both modes."""

import pytest

from tests.faults.trial import SHORT, Plan, check, run
from tests.faults.victims import servers
from tests.services import REQUIRE_ALL

pytestmark = pytest.mark.once


@pytest.mark.parametrize("mode", [pytest.param("served", marks=pytest.mark.long), "embedded"])
def test_through_kills_everybody_is_told_once_and_no_mail_is_lost(mode):
    if mode == "served" and servers().missing and not REQUIRE_ALL:
        pytest.skip(servers().missing)
    outcome = run(Plan(mode=mode, seed=1, **SHORT), print)

    print(outcome.summary())  # noqa: T201 - shown where it fails
    assert outcome.kills, "nobody was killed"
    check(outcome)
