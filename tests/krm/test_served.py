"""The served mode: the commands of docker-compose.yml, started here against a real PostgreSQL and Redis."""

import json
import re
import secrets
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, closing
from http.client import HTTPConnection
from http.cookies import SimpleCookie
from pathlib import Path
from urllib.parse import urlencode

import pytest
from django.conf import settings

from tests.faults.victims import program, redis_server
from tests.krm.another import PASSWORD
from tests.krm.running import ROOT, environment, free_port, page, processes, running, wait_until
from tests.services import REQUIRE_ALL, own_database

pytestmark = pytest.mark.once


def command_of(service: str) -> list[str]:
    """The command of a service of docker-compose.yml, with this interpreter for `python`."""
    compose = (settings.BASE_DIR / "docker-compose.yml").read_text(encoding="utf-8")
    found = re.search(rf"^  {service}:\n(?:    .*\n)*?    command: (\[.*\])$", compose, re.MULTILINE)
    assert found, service
    program, *arguments = json.loads(found[1])
    assert program == "python"
    return [sys.executable, *arguments]


def check_of(service: str, port: int) -> list[str]:
    """What the compose file asks a service to see whether it is well, for this interpreter and port."""
    compose = (settings.BASE_DIR / "docker-compose.yml").read_text(encoding="utf-8")
    found = re.search(rf"^  {service}:\n(?:    .*\n)*?    healthcheck:.*\n      test: (\[.*\])$", compose, re.MULTILINE)
    assert found, service
    form, *words = json.loads(found[1].replace("$$", "$").replace(":8000/", f":{port}/"))
    if form == "CMD-SHELL":
        return ["sh", "-c", words[0].replace("exec python ", f"exec {sys.executable} ")]
    assert words[0] == "python"
    return [sys.executable, *words[1:]]


def is_well(service: str, port: int, variables: dict[str, str]) -> bool:
    check = subprocess.run(
        check_of(service, port), env=variables, cwd=settings.BASE_DIR, capture_output=True, timeout=60, check=False
    )
    return check.returncode == 0


def served(folder: Path, port: int, database: str, broker: str, **more: str) -> dict[str, str]:
    """The variables of the compose file, with its own folder, port, database and broker."""
    return environment(
        folder,
        KRM_MODE="served",
        SECRET_KEY=secrets.token_urlsafe(64),
        ALLOWED_HOSTS="127.0.0.1",
        DATABASE_URL=database,
        REDIS_URL=broker,
        PORT=str(port),
        **more,
    )


@pytest.fixture
def database(postgresql_url: str) -> Iterator[str]:
    with own_database(postgresql_url) as url:
        yield url


def test_the_processes_of_the_compose_file_serve_pages_and_do_the_background_work(
    database: str, redis_url: str, tmp_path: Path
) -> None:
    port = free_port()
    root = {"PYTHONWARNINGS": "ignore"}  # Celery's, that the tests may run as root
    variables = served(tmp_path, port, database, redis_url, **root)
    log = tmp_path / "log"
    with running(command_of("prepare"), log, variables) as prepare:
        assert prepare.wait(timeout=600) == 0, log.read_text(encoding="utf-8")
    with ExitStack() as stack:
        for service in ("web", "worker", "beat"):
            stack.enter_context(running(command_of(service), log, variables))
        wait_until(lambda: page(port, **{"X-Forwarded-Proto": "https"})[0] == 200, "login page")
        done = re.compile(r"Task cases\.tasks\.render_letters\[[0-9a-f-]+\] succeeded")
        wait_until(lambda: done.search(log.read_text(encoding="utf-8")), "task sent by beat, done by the worker")
        wait_until(lambda: is_well("beat", port, variables), "sign of life of a worker, sent for by beat")
        parts = json.loads(page(port, "/health/ready")[1])["parts"]
        assert [parts[name]["state"] for name in ("database", "broker", "worker")] == ["ok"] * 3
        assert [is_well(service, port, variables) for service in ("web", "worker")] == [True, True]
    assert [is_well(service, port, variables) for service in ("web", "worker")] == [False, False]
    assert processes(tmp_path) == {}
    lines = [line for line in log.read_text(encoding="utf-8").splitlines() if line.strip()]
    assert [line for line in lines if not is_entry(line) and not line.startswith("worker: ")] == []  # its farewell


@pytest.mark.long
@pytest.mark.skipif(not program("redis-server") and not REQUIRE_ALL, reason="no redis-server of one's own")
def test_a_broker_that_is_down_stops_no_page(database: str, tmp_path: Path) -> None:
    broker, broker_url = redis_server(tmp_path)
    port = free_port()
    variables = served(tmp_path, port, database, broker_url)
    made = [sys.executable, "-m", "tests.krm.another", "filled"]
    subprocess.run(made, env=variables, cwd=ROOT, check=True, capture_output=True, timeout=300)
    collected = [sys.executable, "manage.py", "collectstatic", "--no-input"]
    subprocess.run(collected, env=variables, cwd=ROOT, check=True, capture_output=True, timeout=300)
    log = tmp_path / "log"
    broker.start()
    try:
        with running(command_of("web"), log, variables):
            wait_until(lambda: page(port, **BEHIND_HTTPS)[0] == 200, "login page")
            broker.kill()
            browser = Browser(port)
            assert browser.post("/anmelden/", username="pankow.krm", password=PASSWORD) == 302
            assert [browser.get(url) for url in ("/", "/vorgaenge/", "/vorgaenge/PAN-2026-00001/")] == [200] * 3
            assert page(port, "/health/live")[0] == 200
            status, answer = page(port, "/health/ready")
            assert (status, json.loads(answer)["parts"]["broker"]["state"]) == (503, "red")
    finally:
        broker.kill()


BEHIND_HTTPS = {"X-Forwarded-Proto": "https"}


class Browser:
    """Somebody at a page, behind a proxy that ends HTTPS; answers are status codes."""

    def __init__(self, port: int) -> None:
        self.port, self.cookies = port, SimpleCookie()

    def get(self, path: str) -> int:
        return self._ask("GET", path)

    def post(self, path: str, **data: str) -> int:
        self.get(path)
        token = self.cookies["csrftoken"].value
        return self._ask("POST", path, urlencode({"csrfmiddlewaretoken": token, **data}))

    def _ask(self, method: str, path: str, body: str | None = None) -> int:
        headers = {
            **BEHIND_HTTPS,
            "Cookie": "; ".join(f"{name}={morsel.value}" for name, morsel in self.cookies.items()),
            "Referer": f"https://127.0.0.1:{self.port}{path}",
            "Content-Type": "application/x-www-form-urlencoded",
        }
        with closing(HTTPConnection("127.0.0.1", self.port, timeout=20)) as connection:
            connection.request(method, path, body, headers)
            with connection.getresponse() as answer:
                answer.read()
                for cookie in answer.headers.get_all("Set-Cookie") or []:
                    self.cookies.load(cookie)
                return answer.status


def is_entry(line: str) -> bool:
    """Whether this is a line of the log in its form for machines."""
    try:
        return {"time", "level", "logger", "message"} <= json.loads(line).keys()
    except ValueError:
        return False
