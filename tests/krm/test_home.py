"""The start page as each role gets it."""

import re
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from django.urls import reverse
from django.utils import timezone

from cases.handling.actions.assign import accept, hand_to_unit
from cases.models import Case
from cases.rules.kinds import Channel
from offices.models import Substitution, Unit, User
from tests import make
from tests.cast import TODAY, actor

pytestmark = pytest.mark.usefixtures("house")
NUMBER = re.compile(
    r'<a class="krm-count[^"]*" href="([^"]+)">\s*<span class="krm-count__number[^"]*">(\d+)</span>\s*'
    r'<span class="krm-count__label">([^<]+)</span>'
)


@pytest.fixture(autouse=True)
def today(monkeypatch):
    """The pages ask the clock; these tests are about Monday, 23.11.2026."""
    monkeypatch.setattr(timezone, "now", lambda: datetime(2026, 11, 23, 9, tzinfo=ZoneInfo("Europe/Berlin")))


@pytest.fixture
def krm(house):
    return actor("pankow.krm")


def home(client, name: str) -> str:
    client.force_login(User.objects.get(username=f"pankow.{name}"))
    answer = client.get(reverse("home"))
    assert answer.status_code == 200
    return answer.content.decode()


def told(krm, day: int) -> Case:
    return accept(by=krm, case=make.case(krm, channel=Channel.PHONE, received_on=TODAY.replace(day=day)))


def test_numbers_at_the_top_are_links_to_lists_of_as_many_cases(client, krm):
    for day in (4, 5, 9, 11, 16):
        told(krm, day)
    make.case(krm, channel=Channel.PHONE)
    unit = Unit.objects.get(office__slug="pankow", number="711")
    hand_to_unit(by=krm, case=told(krm, 17), unit=unit)
    numbers = {label: int(count) for _, count, label in NUMBER.findall(home(client, "krm"))}
    assert numbers == {
        "überfällig": 2,
        "heute fällig": 1,
        "wartet auf mich": 0,
        "zu versenden": 0,
        "Wiedervorlagen": 0,
        "neu": 1,
        "bald fällig": 1,
        "später oder ohne Frist": 1,
        "wartet auf andere": 1,
        "zur Kenntnis": 0,
    }
    for url, count, label in NUMBER.findall(home(client, "krm")):
        assert client.get(url).context["page"].paginator.count == int(count), label


def test_row_says_what_to_do_whose_turn_and_until_when(client, krm):
    case = told(krm, 9)
    page = home(client, "krm")
    cells = re.findall(r'<t[dh][^>]* data-label="([^"]+)"[^>]*>(.*?)</t[dh]>', page, re.DOTALL)
    words = {label: " ".join(re.sub(r"<[^>]+>", " ", cell).split()) for label, cell in cells}
    assert words == {
        "Vorgang": case.reference,
        "Zu tun": "beantworten",
        "Am Zug": "KRM",
        "Seit": "Mo 23.11.2026",
        "Bis": "Mo 23.11.2026",
        "Frist": "◆ heute Abschluss",
    }


def test_deputy_reads_for_whom_she_acts(client, krm):
    told(krm, 9)
    absent, deputy = (User.objects.get(username=f"pankow.{name}") for name in ("krm", "expert"))
    Substitution.objects.create(absent=absent, deputy=deputy, from_on=TODAY, until_on=TODAY)
    page = home(client, "expert")
    assert '<abbr title="in Vertretung">i.&nbsp;V.</abbr> für Karin Ahrens</span>' in page
    assert "Karin Ahrens" not in home(client, "krm2")


def test_quiet_day_says_so(client):
    assert "Heute ist nichts für Sie zu tun" in home(client, "krm")


@pytest.mark.parametrize(
    ("name", "duty", "places"),
    [
        (
            "revision",
            "liest das Protokoll",
            [
                "Mitteilungen",
                "Protokoll",
                "Fristenrechner",
                "Kalender",
                "Regelwerke",
                "Berichtswege",
                "Rollen",
                "Vertretungen",
            ],
        ),
        (
            "controlling",
            "wertet Zahlen aus",
            [
                "Mitteilungen",
                "Kundenbefragung",
                "Fristenrechner",
                "Kalender",
                "Regelwerke",
                "Berichtswege",
                "Rollen",
                "Vertretungen",
            ],
        ),
    ],
)
def test_roles_without_cases_are_led_to_what_is_theirs(client, krm, name, duty, places):
    told(krm, 4)
    page = home(client, name)
    assert duty in page
    assert NUMBER.findall(page) == []
    assert re.findall(r'<h3><a href="[^"]+">([^<]+)</a></h3>', page) == places


def test_somebody_without_a_role_is_told(client):
    client.force_login(User.objects.create_user("neu", password="x"))
    page = client.get(reverse("home")).content.decode()
    assert "Sie haben heute keine Rolle" in page
    assert client.get(reverse("cases:list")).context["rows"] == []


@pytest.mark.parametrize("name", ["krm", "tl", "gf", "vz", "ma", "revision"])
def test_start_page_asks_as_many_queries_for_one_case_as_for_thirty(
    client, krm, name, django_assert_max_num_queries, django_assert_num_queries
):
    told(krm, 9)
    home(client, name)
    with django_assert_max_num_queries(15) as first:
        client.get(reverse("home"))
    for n in range(29):
        told(krm, 4 + n % 14)
    with django_assert_num_queries(len(first)):
        client.get(reverse("home"))


def test_office_whose_rules_have_expired_is_told_so_in_one_sentence(client, house):
    pages = {}
    for name in ("rd-bb.krm", "pankow.krm"):
        client.force_login(User.objects.get(username=name))
        pages[name] = client.get(reverse("home")).content.decode()
    sentence = (
        "Für „Regionaldirektion Berlin-Brandenburg“ ist am 23.11.2026 kein Regelwerk in Kraft. "
        "Das letzte galt bis 31.12.2019; erfasst wird erst wieder mit einer neuen Fassung."
    )
    assert [sentence in page for page in pages.values()] == [True, False]
