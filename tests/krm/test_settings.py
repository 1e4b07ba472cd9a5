"""An installation that is not safe does not start, and says in one sentence what is missing."""

import stat
from pathlib import Path

import pytest
from django.test import Client

from tests.krm.running import manage

SERVED = {
    "KRM_MODE": "served",
    "ALLOWED_HOSTS": "krm.example.org",
    "SECRET_KEY": "for-this-test-only-0123456789-abcdefghijklmnopqrstuvwxyz-ABCDEFG",
    "DATABASE_URL": "postgresql://krm@127.0.0.1:1/krm",
    "REDIS_URL": "redis://127.0.0.1:1/0",
}
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'; object-src 'none'; "
    "manifest-src 'self'"
)


@pytest.mark.once
@pytest.mark.parametrize("missing", ["SECRET_KEY", "ALLOWED_HOSTS", "DATABASE_URL", "REDIS_URL"])
def test_production_does_not_start_without(missing: str, tmp_path: Path) -> None:
    result = manage("check", data_dir=tmp_path, **{**SERVED, missing: ""})
    assert result.returncode == 1
    assert f"ImproperlyConfigured: {missing} fehlt: " in result.stderr.splitlines()[-1]


@pytest.mark.once
def test_production_does_not_start_with_debug(tmp_path: Path) -> None:
    result = manage("check", data_dir=tmp_path, **SERVED, KRM_DEBUG="1")
    assert (result.returncode, "KRM_DEBUG verrät Interna" in result.stderr) == (1, True)


@pytest.mark.once
def test_production_settings_pass_the_deployment_check_without_a_word(tmp_path: Path) -> None:
    result = manage("check", "--deploy", "--fail-level", "DEBUG", data_dir=tmp_path, **SERVED)
    assert (result.returncode, result.stderr) == (0, "")


@pytest.mark.once
def test_an_embedded_installation_keeps_a_secret_key_of_its_own(tmp_path: Path) -> None:
    manage("check", data_dir=tmp_path)
    key = tmp_path / "secret_key"
    first = key.read_text(encoding="ascii")
    manage("check", data_dir=tmp_path)
    assert (len(first), stat.S_IMODE(key.stat().st_mode)) == (50, 0o600)
    assert key.read_text(encoding="ascii") == first


@pytest.mark.once
def test_what_was_confirmed_on_one_machine_is_still_there_after_a_power_cut(tmp_path: Path) -> None:
    ask = "from django.db import connection as c; print(*c.cursor().execute('PRAGMA {}').fetchone())"
    found = {}
    for name in ("journal_mode", "synchronous"):
        result = manage("shell", "--no-imports", "-c", ask.format(name), data_dir=tmp_path)
        found[name] = result.stdout.split()[-1:]
    assert found == {"journal_mode": ["wal"], "synchronous": ["2"]}  # FULL: every commit is on the disk


@pytest.mark.django_db
def test_pages_carry_the_strict_headers(client: Client) -> None:
    headers = client.get("/anmelden/").headers
    policy = {part.strip() for part in headers["Content-Security-Policy"].split(";")}
    assert policy == set(POLICY.split("; "))
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Permissions-Policy"].split(", ")[0] == "camera=()"
    assert "no-store" in headers["Cache-Control"]


@pytest.mark.django_db
def test_whoever_is_not_signed_in_is_sent_to_the_login_page(client: Client) -> None:
    response = client.get("/")
    assert (response.status_code, response.headers["Location"]) == (302, "/anmelden/?next=/")
