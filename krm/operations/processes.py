"""Keeps the processes of the embedded mode alive together, and ends them together.

A child that dies is started again after a growing pause. SIGTERM or Ctrl-C to the parent ends all; should the
parent be killed, the kernel of Linux ends its children.
"""

import ctypes
import logging
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from types import FrameType

logger = logging.getLogger(__name__)

POLL_SECONDS = 0.2
FIRST_PAUSE_SECONDS = 0.5
LONGEST_PAUSE_SECONDS = 60.0
STEADY_AFTER_SECONDS = 30.0
PATIENCE_SECONDS = 5.0  # what a task has not finished by then is found again at the next start
PR_SET_PDEATHSIG = 1
LIBC = ctypes.CDLL(None) if sys.platform == "linux" else None


class Child:
    """One process that is to run all the time."""

    def __init__(self, name: str, command: Sequence[str], folder: Path) -> None:
        self.name = name
        self.command = command
        self.folder = folder
        self.process: subprocess.Popen[bytes] | None = None
        self.pause = FIRST_PAUSE_SECONDS
        self.started_at = 0.0
        self.due_at = 0.0

    def keep_running(self) -> None:
        """Start the process if it does not run and its pause is over; never blocks."""
        now = time.monotonic()
        if self.process and self.process.poll() is not None:
            self.rest(now, self.process.returncode)
        if self.process is None and now >= self.due_at:
            self.started_at = now
            parent = os.getpid()
            self.process = subprocess.Popen(  # noqa: S603 - our own command, no input of others in it
                self.command,
                cwd=self.folder,
                start_new_session=True,  # Ctrl-C reaches only the parent, which then ends the children
                preexec_fn=lambda: die_with_parent(parent),
            )

    def rest(self, now: float, code: int) -> None:
        """Note the death; the pause doubles each time unless the process had run steadily."""
        self.process = None
        if now - self.started_at >= STEADY_AFTER_SECONDS:
            self.pause = FIRST_PAUSE_SECONDS
        self.due_at = now + self.pause
        logger.warning("%s ist mit Code %s beendet, neuer Start in %.1f s", self.name, code, self.pause)
        self.pause = min(self.pause * 2, LONGEST_PAUSE_SECONDS)

    def ask_to_end(self) -> None:
        if self.process and self.process.poll() is None:
            self.process.terminate()

    def end(self, deadline: float) -> None:
        """Wait until the deadline (monotonic seconds), then kill."""
        if self.process is None:
            return
        try:
            self.process.wait(max(0.0, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            logger.warning("%s endet nicht von selbst und wird abgebrochen", self.name)
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()


def die_with_parent(parent: int) -> None:
    """Runs in a new child: have the kernel send it SIGTERM when the parent is gone, however that happens."""
    if LIBC is not None:
        LIBC.prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
        if os.getppid() != parent:
            os._exit(1)


def supervise(children: Sequence[Child], *, until_ready: Callable[[], bool], ready: Callable[[], None]) -> None:
    """Keep the children running until SIGTERM or Ctrl-C, then end them all.

    `until_ready` is asked again and again until it is true for the first time; then `ready` runs once.
    """
    stopping = announced = False

    def stop(_signal: int, _frame: FrameType | None) -> None:
        nonlocal stopping
        stopping = True

    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, stop)
    try:
        while not stopping:
            for child in children:
                child.keep_running()
            if not announced and until_ready():
                announced = True
                ready()
            time.sleep(POLL_SECONDS)
    finally:
        end_all(children)


def end_all(children: Sequence[Child]) -> None:
    """Ask all of them to end, and kill those that have not after a while."""
    for child in children:
        child.ask_to_end()
    deadline = time.monotonic() + PATIENCE_SECONDS
    for child in children:
        child.end(deadline)
