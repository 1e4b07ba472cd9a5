"""The suite's ground: which database, which browser, and how somebody is signed in."""

import gc
import os
import tempfile
from collections.abc import Callable, Iterator
from functools import cache
from typing import Any

import pytest
from playwright.sync_api import BrowserContext

from tests import services

DATABASE = os.environ.get("KRM_TEST_DATABASE", "sqlite")
PART = os.environ.get("KRM_TEST_PART", "")  # of the tests, see `of_this_pass`
WORKER = os.environ.get("PYTEST_XDIST_WORKER", "")  # workers inherit the environment set below
DATA_DIR = None if WORKER else tempfile.TemporaryDirectory(prefix="krm-tests-")
FROM_OUTSIDE = ("ALLOWED_HOSTS", "DATABASE_URL", "KRM_DEBUG", "KRM_LOG", "KRM_MODE", "PORT", "REDIS_URL", "SECRET_KEY")

if DATA_DIR:
    for name in FROM_OUTSIDE:
        os.environ.pop(name, None)
    os.environ["DJANGO_SETTINGS_MODULE"] = "krm.settings"
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"  # Playwright keeps an event loop in the tests' thread
    os.environ["KRM_DATA_DIR"] = DATA_DIR.name
    if DATABASE == "postgresql":
        os.environ["DATABASE_URL"] = services.POSTGRESQL_URL

import django  # noqa: E402 - from here on the environment set above is read
from django.conf import settings  # noqa: E402

settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # quick
settings.STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
settings.STATIC_ROOT.mkdir(exist_ok=True)
settings.MEDIA_ROOT = settings.DATA_DIR / f"documents{WORKER}"
if DATABASE == "postgresql":  # nobody needs these rows after a power cut
    settings.DATABASES["default"]["OPTIONS"]["options"] += " -c synchronous_commit=off"
if DATABASE == "sqlite":  # nor these
    settings.DATABASES["default"]["OPTIONS"]["init_command"] = "PRAGMA journal_mode=WAL; PRAGMA synchronous=OFF;"
    # a file, so that threads of a live server have connections of their own
    settings.DATABASES["default"].setdefault("TEST", {})["NAME"] = str(settings.DATA_DIR / "test.sqlite3")
django.setup()

from django.db import connection  # noqa: E402
from django.db.migrations.loader import MigrationLoader  # noqa: E402
from django.db.migrations.recorder import MigrationRecorder  # noqa: E402
from django.test import Client, TransactionTestCase  # noqa: E402

from cases import recording  # noqa: E402
from krm.demo import house as demo_house  # noqa: E402
from offices import letterhead, typesetting  # noqa: E402
from offices.models import Office  # noqa: E402
from tests import every_action  # noqa: E402
from tests import scene as scenes  # noqa: E402
from tests.lock_order import LockOrder  # noqa: E402
from tests.snapshot import Snapshot  # noqa: E402

LONG = ("tests/test_hostile.py", "tests/test_permissions.py", "tests/journeys/", "tests/krm/test_served.py")
_typeset_once = cache(typesetting.typeset)  # the same text gives the same PDF, and takes the time of ten requests
letterhead.typeset = lambda html, stylesheets: _typeset_once(html, tuple(stylesheets))
recording.coin = lambda: 0  # numbers without gaps, so that tests can name them


def pytest_configure(config: pytest.Config) -> None:
    if DATABASE == "postgresql" and services.postgresql().missing:
        raise pytest.UsageError(f"PostgreSQL: {services.postgresql().missing}")
    if services.REQUIRE_ALL and services.left_out():
        raise pytest.UsageError(f"KRM_REQUIRE_ALL=1, but missing: {services.left_out()}")
    if DATABASE == "postgresql" and services.IS_WHOLE:
        every_action.watch()
        config.pluginmanager.register(every_action)


def pytest_unconfigure() -> None:
    if DATA_DIR:
        DATA_DIR.cleanup()


def pytest_report_header() -> list[str]:
    found = (services.browser(), services.redis_server())
    return [f"database: {DATABASE}", *(f"{it.name}: {it.where or f'left out, {it.missing}'}" for it in found)]


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what this pass or this machine cannot run; `python -m tests` says at the end what and why."""
    if unmarked := [item.nodeid for item in items if opens_browser(item) and not item.get_closest_marker("browser")]:
        raise pytest.UsageError(f"Tests with a browser need the marker: {unmarked}")
    runs = [item for item in items if of_this_pass(item) and all(service.where for service in needs(item))]
    config.hook.pytest_deselected(items=[item for item in items if item not in set(runs)])
    items[:] = sorted(runs, key=lambda item: not item.nodeid.startswith(LONG))  # so that workers end together


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Iterator[None]:
    """Whatever actions a test performs: each takes its locks in the one order (on PostgreSQL, which locks rows)."""
    if DATABASE != "postgresql":
        return (yield)
    watched = LockOrder(connection)
    with connection.execute_wrapper(watched):
        result = yield
    assert watched.wrong == [], "locks out of order"
    return result


def pytest_collection_finish() -> None:
    """What is there by now stays: no need to look again and again for what could be thrown away."""
    gc.collect()
    gc.freeze()


def opens_browser(item: pytest.Item) -> bool:
    return "playwright" in getattr(item, "fixturenames", ())


def of_this_pass(item: pytest.Item) -> bool:
    """Whether it is for this database, and for this part of the tests.

    PostgreSQL gets what uses the tests' database; SQLite gets everything, or "rest": what PostgreSQL does not get, and
    `both_databases`. What is marked `long` is for the part "long" alone, and for whoever asks for it by `-m long`.
    """
    if item.get_closest_marker("long") and PART != "long" and "long" not in item.config.option.markexpr:
        return False
    if item.get_closest_marker("postgresql"):
        return DATABASE == "postgresql"
    if DATABASE == "sqlite" and (PART != "rest" or item.get_closest_marker("both_databases")):
        return True
    return uses_the_database(item) == (DATABASE == "postgresql")


def uses_the_database(item: pytest.Item) -> bool:
    """Whether it uses the tests' database, be it of one kind or the other."""
    if item.get_closest_marker("browser") or item.get_closest_marker("once"):
        return False
    return bool(item.get_closest_marker("django_db")) or "django_db_setup" in getattr(item, "fixturenames", ())


def needs(item: pytest.Item) -> list[services.Service]:
    """The services that a test uses: by its marker or by the fixtures it asks for."""
    found = [services.browser()] if item.get_closest_marker("browser") else []
    fixtures = {"redis_url": services.redis_server, "postgresql_url": services.postgresql}
    return found + [service() for name, service in fixtures.items() if name in getattr(item, "fixturenames", ())]


@pytest.fixture(scope="session")
def redis_url() -> str:
    """A Redis for tests; who uses it runs only where there is one."""
    return services.redis_server().where


@pytest.fixture(scope="session")
def postgresql_url() -> str:
    """A PostgreSQL server where tests may create databases; who uses it runs only where there is one."""
    return services.postgresql().where


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    flags = ["--no-sandbox"] if os.geteuid() == 0 else []  # Chromium's sandbox refuses to work for root
    return {**browser_type_launch_args, "executable_path": services.browser().where, "args": flags}


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args: dict[str, Any]) -> dict[str, Any]:
    return {**browser_context_args, "locale": "de-DE", "timezone_id": "Europe/Berlin"}


@pytest.fixture
def sign_in(context: BrowserContext, live_server: Any) -> Iterator[Callable[[Any], None]]:
    """Call with a user: the browser is that user's from then on, without the login page."""

    def as_user(user: Any) -> None:
        client = Client()
        client.force_login(user)
        session = client.cookies[settings.SESSION_COOKIE_NAME].value
        context.clear_cookies()
        context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": live_server.url}])

    yield as_user
    context.clear_cookies()


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> None:
    """Every test finds the demo offices in place, under the same keys: also after one that has really committed."""
    with django_db_blocker.unblock():
        _record_migrations()
        demo_house.build()
        snapshot = Snapshot.take()
    TransactionTestCase._fixture_teardown = lambda self: snapshot.put_back()  # in place of emptying all tables


def _record_migrations() -> None:
    """As if they had run: the tables are those of the models (--nomigrations), and backups name the migrations."""
    settings.MIGRATION_MODULES = {}
    recorder = MigrationRecorder(connection)
    recorder.ensure_schema()
    for app, name in MigrationLoader(None, ignore_no_migrations=True).disk_migrations:
        recorder.record_applied(app, name)


@pytest.fixture
def house(db: None) -> dict[str, Any]:
    """The demo offices with all their people; slug -> Office."""
    return {office.slug: office for office in Office.objects.all()}


@pytest.fixture
def scene(house: dict[str, Any]) -> scenes.Scene:
    """A case in each state, and all that belongs to them."""
    return scenes.fresh()
