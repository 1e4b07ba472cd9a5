"""The register and „Mein Tag“: who has which petition since when, and what is one's own to do."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from cases.access import seal
from cases.asking import tick
from petitions.rules.requests import IMMEDIATE
from petitions.rules.vocabulary import Competence, Requester, StationRole
from tests.cast import actor
from tests.petitions import walk
from tests.scene import person

pytestmark = pytest.mark.usefixtures("house")
REGISTER = "/petitionen/"
SEEN = f"<strong>{IMMEDIATE}</strong>"


@pytest.fixture
def as_user(client):
    def signed_in(username: str):
        client.force_login(person(username))
        return client

    return signed_in


def listed(client, query: str = "") -> list[str]:
    answer = client.get(f"{REGISTER}{query}")
    assert answer.status_code == 200
    return [row.petition.case.reference for row in answer.context["rows"]]


def test_the_first_column_says_who_has_it_and_the_last_until_when(as_user):
    request = walk.started()
    walk.until(request, StationRole.AGREE, "agency")
    page = as_user("pankow.krm").get(REGISTER).content.decode()

    assert page.index('<th scope="col">Liegt bei') < page.index('<th scope="col">Anfordernde Stelle')
    assert "AA Berlin Nord" in page
    assert "Fr 26.02.2027" in page


def test_filters_narrow_it_down_and_nonsense_is_said_and_left_out(as_user):
    federal = walk.started().petition
    municipal = walk.petition(competence=Competence.MUNICIPAL, requester=Requester.LANDTAG, number="P 12/3")
    client = as_user("pankow.krm")
    one, other = federal.case.reference, municipal.case.reference

    assert set(listed(client)) == {one, other}
    assert listed(client, "?zustaendigkeit=municipal") == [other]
    assert listed(client, "?anfordernde=bundestag") == [one]
    assert listed(client, "?bei=haus") == [one]
    assert listed(client, "?bei=ausserhalb") == []
    assert listed(client, "?bei=aufgabe-register") == [one]
    assert listed(client, "?q=p 12") == [other]
    assert listed(client, "?von=2027-02-26&bis=2027-02-26") == [one]
    assert listed(client, "?bis=2027-02-25") == []
    answer = client.get(f"{REGISTER}?von=2027-02-30")
    assert "Dieses Datum gibt es nicht." in answer.content.decode()


def test_nobody_finds_what_they_do_not_see(as_user):
    hidden = walk.started().petition
    seal(by=walk.desk(hidden), case=hidden.case)

    assert listed(as_user("pankow.krm2")) == []
    assert listed(as_user("gera.krm")) == []
    assert listed(as_user("pankow.admin")) == []


def test_the_register_asks_as_often_for_three_as_for_one(as_user):
    client = as_user("pankow.krm")
    counts = []
    for number in (1, 2):
        for _ in range(number):
            walk.until(walk.started(), StationRole.DRAFT)
        with CaptureQueriesContext(connection) as queries:
            client.get(REGISTER)
        counts.append(len(queries))

    assert counts[0] == counts[1]


def test_a_body_outside_finds_its_stations_first_on_mein_tag_and_in_its_own_list(as_user):
    request = walk.started()
    station = walk.until(request, StationRole.AGREE, "agency")
    agency = as_user("berlin-nord.krm")
    start = agency.get(reverse("home")).content.decode()
    listed_there = agency.get(f"{REGISTER}?bei-uns=offen").content.decode()

    assert start.index(station.get_absolute_url()) < start.index("krm-counts")
    assert station.get_absolute_url() in listed_there
    assert request.petition.case.subject not in start + listed_there
    assert listed(agency) == []


def test_what_lies_with_somebody_stands_once_and_first_on_mein_tag(as_user):
    station = walk.until(walk.started(), StationRole.DRAFT)
    page = as_user("pankow.tl").get(reverse("home")).content.decode()

    assert page.count(station.get_absolute_url()) == 1
    assert page.index(station.get_absolute_url()) < page.index("krm-counts")


def test_a_request_whose_chain_has_not_begun_lies_with_the_desk(as_user):
    request = walk.request(walk.petition())

    assert request.get_absolute_url() in as_user("pankow.krm").get(reverse("home")).content.decode()
    assert request.get_absolute_url() not in as_user("pankow.tl").get(reverse("home")).content.decode()


def test_a_sofortsache_stands_first_with_geschaeftsfuehrung_and_bereichsleitung_until_they_have_seen_it(as_user):
    case = walk.petition().case

    for username in ("pankow.gf", "pankow.bl"):
        page = as_user(username).get(reverse("home")).content.decode()
        assert page.index(SEEN) < page.index("krm-counts")
        tick(by=actor(username), assignment=case.assignments.open().get(user=person(username), task=IMMEDIATE))
        assert SEEN not in as_user(username).get(reverse("home")).content.decode()
    assert SEEN not in as_user("pankow.tl").get(reverse("home")).content.decode()
