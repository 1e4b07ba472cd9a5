"""The embedded mode as one command: it comes up, stays up, and leaves nothing running."""

import os
import signal
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from subprocess import Popen

import pytest

from tests.krm.running import MANAGE, environment, free_port, manage, page, processes, running, wait_until

pytestmark = [pytest.mark.once, pytest.mark.xdist_group("start")]  # one demo for all of them


@pytest.fixture(scope="module")
def data_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("installation")


@contextmanager
def started(data_dir: Path) -> Iterator[tuple[Popen[bytes], int]]:
    """KRM with its web page answering and its worker at work; gives the supervisor and the port."""
    port = free_port()
    log = data_dir / "log"
    with running([*MANAGE, "start"], log, environment(data_dir, PORT=str(port))) as process:
        wait_until(lambda: page(port)[0] == 200 or process.poll() is not None, "login page")
        assert process.poll() is None, log.read_text(encoding="utf-8")
        wait_until(lambda: worker_of(data_dir), "worker")
        yield process, port


def worker_of(data_dir: Path) -> int | None:
    return next((pid for pid, command in processes(data_dir).items() if command.endswith("manage.py worker ")), None)


def test_a_fresh_folder_becomes_a_login_page_and_sigterm_ends_all_processes(data_dir: Path) -> None:
    with started(data_dir) as (process, port):
        assert 'name="username"' in page(port)[1]
        # supervisor, gunicorn with two workers, background work; what only helped them to start has ended
        wait_until(lambda: len(processes(data_dir)) == 5, "five processes")
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=30) == 0
        assert processes(data_dir) == {}
    assert f"http://127.0.0.1:{port}" in (data_dir / "log").read_text(encoding="utf-8")


def test_a_second_start_is_quick_and_keeps_the_data(data_dir: Path) -> None:
    with started(data_dir):
        pass
    offices = "from offices.models import Office; print(Office.objects.count())"
    before = manage("shell", "-v0", "-c", offices, data_dir=data_dir).stdout
    collected_at = (data_dir / "static" / ".collected").stat().st_mtime
    (data_dir / "log").unlink()
    began = time.monotonic()
    with started(data_dir):
        seconds = time.monotonic() - began
    assert seconds < 30  # on a busy machine; 4 on an idle one
    assert "Beispieldienststellen" not in (data_dir / "log").read_text(encoding="utf-8")
    assert (data_dir / "static" / ".collected").stat().st_mtime == collected_at
    assert int(before) > 0
    assert manage("shell", "-v0", "-c", offices, data_dir=data_dir).stdout == before


def test_a_killed_worker_is_started_again_while_the_pages_go_on(data_dir: Path) -> None:
    with started(data_dir) as (_, port):
        first = worker_of(data_dir)
        assert first
        os.kill(first, signal.SIGKILL)
        wait_until(lambda: worker_of(data_dir) not in {None, first}, "new worker")
        assert page(port)[0] == 200


def test_a_killed_supervisor_leaves_no_orphans(data_dir: Path) -> None:
    with started(data_dir) as (process, _):
        process.kill()
        process.wait(timeout=10)
        wait_until(lambda: processes(data_dir) == {}, "end of all processes")


def test_a_taken_port_is_said_in_one_sentence(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        result = manage("start", data_dir=tmp_path, PORT=str(port))
    sentence = f"CommandError: Port {port} ist schon belegt. Ein anderer geht so: PORT={port + 1} make start\n"
    assert (result.returncode, result.stderr) == (1, sentence)
