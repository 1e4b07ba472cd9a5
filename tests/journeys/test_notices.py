"""The KRM officer is reminded: a number in the header, the list, the case, and the dates in a calendar program."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from icalendar import Calendar
from playwright.sync_api import expect

from cases.models import Notice
from offices.models import User
from tests import scene as scenes
from tests.journeys.test_accessibility import WIDE, complaints, flaws, send_empty
from tests.scene import Scene

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def scene(house) -> Scene:
    """With the one notice of the working case: what else people were told is gone."""
    built = scenes.build()
    Notice.objects.exclude(pk=built.notice.pk).delete()
    return built


@pytest.fixture
def page(as_):
    return as_("pankow.krm", viewport=WIDE, reduced_motion="reduce").page


def test_from_the_number_in_the_header_to_the_case_and_the_number_is_gone(page, scene):
    page.goto("/")
    count = page.get_by_role("link", name="1 ungelesene Mitteilung")
    count.click()
    page.get_by_role("button", name=f"Ungelesen: Abschluss {scene.working.reference}").click()
    page.wait_for_url(f"**{scene.working.get_absolute_url()}")
    expect(count).to_have_count(0)
    page.get_by_role("link", name="Mitteilungen").first.click()
    expect(page.get_by_text("Nichts Ungelesenes")).to_be_visible()
    page.get_by_role("link", name="Alle zeigen").click()
    expect(page.get_by_role("button", name=f"Abschluss {scene.working.reference}")).to_be_visible()


def test_calendar_address_is_made_copied_and_read_by_a_program(page, scene):
    page.goto("/mitteilungen/einstellungen/")
    page.get_by_role("button", name="Kalenderadresse anlegen").click()
    address = page.get_by_label("Kalenderadresse", exact=True)
    expect(address).to_be_focused()
    url = address.input_value()
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.get_by_role("button", name="Kopieren").click()
    expect(page.get_by_role("button", name="Kopiert")).to_be_visible()
    assert page.evaluate("() => navigator.clipboard.readText()") == url

    content = Client().get(url).content
    assert f"Frist Abschluss {scene.working.reference}" in [
        str(event["SUMMARY"]) for event in Calendar.from_ical(content).walk("VEVENT")
    ]


def test_every_face_of_the_notices_is_accessible(page, scene):
    """Read and unread, raised, for somebody else, moved, done; the address that is shown once; an empty choice."""
    krm, gf = (User.objects.get(username=f"pankow.{name}") for name in ("krm", "gf"))
    values = {
        "deadline": scene.deadline, "office": scene.deadline.office, "recipient": krm, "urgency": "ahead",
        "created_at": timezone.now(),
    }  # fmt: skip
    Notice.objects.create(**values, due_on=scene.today, step=0, own_level=False, in_place_of=gf)
    Notice.objects.create(**values, due_on=scene.deadline.due_on, step=1, read_at=timezone.now())
    done = scene.answered.deadlines.order_by("pk")[0]
    Notice.objects.create(**values | {"deadline": done}, due_on=done.due_on - timedelta(days=1), step=0)
    found = {}
    with complaints(page) as heard:
        page.goto("/mitteilungen/?zeige=alle")
        found["list"] = flaws(page, narrow=True) + heard
        page.goto("/mitteilungen/einstellungen/")
        page.get_by_role("button", name="Kalenderadresse anlegen").click()
        page.get_by_label("Kalenderadresse", exact=True).wait_for()
        found["address"] = flaws(page, narrow=True) + heard
        page.goto("/mitteilungen/einstellungen/")
        send_empty(page, "Speichern")
        found["refused"] = flaws(page, narrow=True) + heard

    assert found == {"list": [], "address": [], "refused": []}
