"""Starts KRM's processes for a test, on free loopback ports, and finds whatever they leave behind."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
MANAGE = [sys.executable, str(ROOT / "manage.py")]
PATIENCE_SECONDS = 180  # a busy machine makes the demo offices in a minute or two
OF_THE_TESTS = {"DATABASE_URL", "DJANGO_ALLOW_ASYNC_UNSAFE"}


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def environment(data_dir: Path, **variables: str) -> dict[str, str]:
    """The environment of an installation of its own; what concerns only the tests does not reach it."""
    inherited = {name: value for name, value in os.environ.items() if name not in OF_THE_TESTS}
    return {**inherited, "KRM_DATA_DIR": str(data_dir), **variables}


def manage(*arguments: str, data_dir: Path, **variables: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*MANAGE, *arguments],
        env=environment(data_dir, **variables),
        capture_output=True,
        text=True,
        timeout=PATIENCE_SECONDS,
        check=False,
    )


def wait_until(true: Callable[[], object], what: str) -> None:
    """Returns as soon as the condition holds; fails after PATIENCE_SECONDS, saying what did not happen."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline:
        if true():
            return
        time.sleep(0.1)
    raise AssertionError(f"did not happen within {PATIENCE_SECONDS} s: {what}")


def processes(data_dir: Path) -> dict[int, str]:
    """Command lines of all living processes of the installation, by id."""
    mark = f"KRM_DATA_DIR={data_dir}\0".encode()
    found = {}
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            if mark in (folder / "environ").read_bytes() + b"\0":
                found[int(folder.name)] = (folder / "cmdline").read_bytes().replace(b"\0", b" ").decode()
        except OSError:  # ended meanwhile, or somebody else's
            continue
    return found


def page(port: int, path: str = "/anmelden/", **headers: str) -> tuple[int, str]:
    """Status and body; status 0 while nobody answers."""
    request = urllib.request.Request(f"http://127.0.0.1:{port}{path}", headers=headers)  # noqa: S310 - loopback
    try:
        with urllib.request.urlopen(request, timeout=10) as response:  # noqa: S310 - loopback
            return response.status, response.read().decode()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.read().decode()
    except OSError:
        return 0, ""


@contextmanager
def running(command: list[str], log: Path, variables: dict[str, str]) -> Iterator[subprocess.Popen[bytes]]:
    """The process with its output in a file; killed at the end if it still lives."""
    with (
        log.open("ab") as output,
        subprocess.Popen(command, env=variables, cwd=ROOT, stdout=output, stderr=output) as process,
    ):
        try:
            yield process
        finally:
            if process.poll() is None:
                process.send_signal(signal.SIGTERM)
                try:
                    process.wait(timeout=30)
                except subprocess.TimeoutExpired:
                    process.kill()
