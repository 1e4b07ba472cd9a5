"""gunicorn on loopback, one for each database and each of KRM and the floor."""

import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bench.databases import ROOT, Database, environment
from krm.operations.processes import PATIENCE_SECONDS

WORKERS = 2
START_SECONDS = 60


@contextmanager
def server(database: Database, settings: str, data_dir: Path, *, workers: int = WORKERS) -> Iterator[int]:
    """The port of a running server; it ends with the block. RuntimeError if it does not come up."""
    port = free_port()
    variables = environment(database, data_dir, settings) | {
        "KRM_WEB_WORKERS": str(workers),
        "KRM_LOG_LEVEL": "WARNING",
        "KRM_BIND": "127.0.0.1",
        "PORT": str(port),
    }
    command = [sys.executable, "-m", "gunicorn", "krm.wsgi"]
    process = subprocess.Popen(command, cwd=ROOT, env=variables)  # noqa: S603 - our own command
    try:
        _wait_for(process, port)
        yield port
    finally:
        process.terminate()
        try:
            process.wait(PATIENCE_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def _wait_for(process: subprocess.Popen[bytes], port: int) -> None:
    until = time.monotonic() + START_SECONDS
    while time.monotonic() < until and process.poll() is None:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    raise RuntimeError(f"gunicorn did not come up within {START_SECONDS} s")
