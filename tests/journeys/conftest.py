"""The demo house behind a live server, and people who sit down in front of it."""

from collections.abc import Callable
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import BrowserContext, Page, expect

from offices.models import User
from tests.journeys.desk import Desk

PATIENCE = 15_000  # milliseconds: a loaded machine is slow, not broken
expect.set_options(timeout=PATIENCE)


@pytest.fixture(scope="session")
def base_url(live_server: Any) -> str:
    return live_server.url


@pytest.fixture
def as_(house: dict, new_context: Callable[..., BrowserContext], base_url: str) -> Callable[..., Desk]:
    """Call with a username: somebody signed in, in a browser of their own."""

    def signed_in(username: str, **options: Any) -> Desk:
        client = Client()
        client.force_login(User.objects.get(username=username))
        session = client.cookies[settings.SESSION_COOKIE_NAME].value
        return Desk(_browser(session, **options))

    def _browser(session: str, **options: Any) -> Page:
        context = new_context(**options)
        context.set_default_timeout(PATIENCE)
        context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": base_url}])
        return context.new_page()

    return signed_in
