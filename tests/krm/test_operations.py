"""docs/betrieb.md, .env.example and docker-compose.yml say what the code reads, starts and was tested with."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
import redis
from django.conf import settings

pytestmark = pytest.mark.once

READERS = {"text", "secret", "flag", "number", "choice", "words", "address", "folder"}
IN_COMPOSE_ONLY = {"POSTGRES_PASSWORD"}
ONLY_FOR_DEVELOPING = {"KRM_DEBUG"}


def read(name: str) -> str:
    return (settings.BASE_DIR / name).read_text(encoding="utf-8")


def variables_read() -> set[str]:
    """Names of the environment variables that settings, web server and commands read."""
    files = [
        Path("gunicorn.conf.py"),
        *(p.relative_to(settings.BASE_DIR) for p in (settings.BASE_DIR / "krm").rglob("*.py")),
    ]
    return {name for file in files for name in _read_in(ast.parse(read(str(file))))}


def _read_in(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in READERS:
            module = node.func.value
            if isinstance(module, ast.Name) and module.id == "env" and isinstance(node.args[0], ast.Constant):
                yield node.args[0].value


def image_of(service: str) -> str:
    [version] = re.findall(rf"^    image: {service}:([\d.]+)$", read("docker-compose.yml"), re.MULTILINE)
    return version


def test_every_setting_is_described() -> None:
    described = set(re.findall(r"^\| `([A-Z_]+)` \|", read("docs/betrieb.md"), re.MULTILINE))

    assert described == variables_read()


def test_the_example_sets_what_there_is_to_set() -> None:
    example = set(re.findall(r"^(?:# )?([A-Z_]+)=", read(".env.example"), re.MULTILINE))

    assert example == variables_read() - ONLY_FOR_DEVELOPING | IN_COMPOSE_ONLY


def test_every_task_of_the_schedule_is_described() -> None:
    described = re.findall(r"^\| `((?:cases|reporting)\.tasks\.\w+)` \|", read("docs/betrieb.md"), re.MULTILINE)

    assert sorted(described) == sorted(entry["task"] for entry in settings.CELERY_BEAT_SCHEDULE.values())


def test_every_image_from_elsewhere_has_its_exact_version() -> None:
    images = re.findall(r"^    image: (.+)$", read("docker-compose.yml"), re.MULTILINE)

    assert [image for image in images if not re.fullmatch(r"[\w/]+:\d+(\.\d+)+", image)] == []


def test_the_database_of_the_compose_file_is_the_one_of_the_tests(postgresql_url: str) -> None:
    with psycopg.connect(f"{postgresql_url.rpartition('/')[0]}/postgres") as connection:
        major = connection.info.server_version // 10_000

    assert image_of("postgres").partition(".")[0] == str(major)


def test_the_broker_of_the_compose_file_is_the_one_of_the_tests(redis_url: str) -> None:
    with redis.Redis.from_url(redis_url) as client:
        major = client.info("server")["redis_version"].partition(".")[0]

    assert image_of("redis").partition(".")[0] == major


@pytest.mark.parametrize("service", ["web", "worker", "beat", "database", "broker"])
def test_every_service_that_stays_says_whether_it_is_well(service: str) -> None:
    compose = read("docker-compose.yml")
    [block] = re.findall(rf"^  {service}:\n((?:    .*\n)+)", compose, re.MULTILINE)

    assert "healthcheck:" in block
