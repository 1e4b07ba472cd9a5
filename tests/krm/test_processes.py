"""The supervisor's patience with a child that keeps dying."""

import sys
import time
from pathlib import Path

import pytest

from krm.operations.processes import STEADY_AFTER_SECONDS, Child

pytestmark = pytest.mark.once


@pytest.fixture
def dying(tmp_path: Path) -> Child:
    return Child("sterbend", [sys.executable, "-c", "raise SystemExit(3)"], tmp_path)


def die(child: Child) -> None:
    """Start the child, let it end, and have the supervisor notice."""
    child.due_at = 0.0
    child.keep_running()
    assert child.process
    child.process.wait(timeout=10)
    child.keep_running()


def test_the_pause_before_a_new_start_doubles_with_each_death(dying: Child) -> None:
    pauses = []
    for _ in range(3):
        pauses.append(dying.pause)
        die(dying)
    assert pauses == [0.5, 1.0, 2.0]
    assert dying.process is None


def test_a_child_that_had_run_steadily_gets_the_short_pause_again(dying: Child) -> None:
    die(dying)
    die(dying)
    dying.rest(time.monotonic() + STEADY_AFTER_SECONDS, 0)
    assert dying.due_at == pytest.approx(time.monotonic() + STEADY_AFTER_SECONDS + 0.5, abs=1)


def test_a_child_that_ignores_sigterm_is_killed_at_the_deadline(tmp_path: Path) -> None:
    stubborn = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print(flush=True); time.sleep(60)"
    child = Child("stur", [sys.executable, "-c", stubborn], tmp_path)
    child.keep_running()
    time.sleep(0.5)
    child.ask_to_end()
    child.end(time.monotonic() + 0.5)
    assert child.process
    assert child.process.returncode == -9
