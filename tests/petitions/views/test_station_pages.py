"""A station: what lies there, and nothing else; passed on, given back, skipped, sent, remarked."""

import pytest
from django.urls import reverse
from django.utils import timezone

from cases.documents import add_document
from petitions.models import Station
from petitions.rules.vocabulary import Competence, Outcome, StationRole, Topic
from tests.petitions import walk
from tests.scene import person

pytestmark = pytest.mark.usefixtures("house")


@pytest.fixture
def as_user(client):
    def signed_in(username: str):
        client.force_login(person(username))
        return client

    return signed_in


def at_rd() -> Station:
    return walk.until(walk.started(), StationRole.AGREE, "regional_directorate")


def url(name: str, station: Station) -> str:
    return reverse(f"petitions:{name}", args=[station.pk])


def test_a_body_outside_sees_the_request_and_what_was_passed_and_nothing_else_of_the_case(as_user):
    station = at_rd()
    petition = station.request.petition
    secret = add_document(by=walk.desk(petition), case=petition.case, file=walk.file("intern.pdf"))
    passed = station.documents.get()
    rd = as_user("rd-bb.krm")
    page = rd.get(station.get_absolute_url()).content.decode()

    assert passed.name in page
    assert secret.name not in page
    assert petition.case.subject not in page
    assert "Zustimmen und weitergeben" in page
    downloaded = rd.get(reverse("petitions:document", args=[station.pk, passed.pk]))
    assert b"".join(downloaded.streaming_content) == walk.file("ganz.pdf").content
    for address in (
        reverse("petitions:document", args=[station.pk, secret.pk]),
        reverse("cases:document", args=[passed.pk]),
        petition.case.get_absolute_url(),
        petition.get_absolute_url(),
        station.request.get_absolute_url(),
        *(s.get_absolute_url() for s in station.request.stations.exclude(keeper=station.keeper)),
    ):
        assert rd.get(address).status_code == 404, address


def test_a_body_outside_confirms_remarks_and_agrees_and_keeps_only_what_it_had(as_user):
    station = at_rd()
    rd = as_user("rd-bb.krm")
    rd.post(url("receive", station), {})
    rd.post(url("remark", station), {"text": "Auf Seite 2 fehlt ein Datum, das ist unschädlich."})
    rd.post(url("pass_on", station), {"documents": [station.documents.get().pk]})
    station.refresh_from_db()

    assert (station.received_on, station.outcome) == (timezone.localdate(), Outcome.PASSED_ON)
    page = rd.get(station.get_absolute_url()).content.decode()
    assert "das ist unschädlich" in page
    assert "Zustimmen und weitergeben" not in page
    assert rd.post(url("remark", station), {"text": "Noch etwas."}).status_code == 422
    krm = as_user("pankow.krm")
    assert "das ist unschädlich" in krm.get(station.get_absolute_url()).content.decode()


def test_a_return_needs_its_reason_and_shows_it_to_whoever_gets_it(as_user):
    station = at_rd()
    rd = as_user("rd-bb.krm")
    to = {"to": "all/house/team_lead/draft"}
    refused = rd.post(url("give_back", station), to | {"reason": ""})
    assert refused.status_code == 422
    rd.post(url("give_back", station), to | {"reason": "Wann ging der Antrag ein?"})
    again = walk.the_open(station.request)

    assert (again.round, again.key) == (2, to["to"])
    assert "Wann ging der Antrag ein?" in as_user("pankow.tl").get(again.get_absolute_url()).content.decode()


def test_whose_turn_it_is_not_is_told_so_and_does_nothing(as_user):
    station = at_rd()
    krm = as_user("pankow.krm")
    page = krm.get(station.get_absolute_url()).content.decode()
    assert "Was „RD BB“ getan hat, trägt ein: Regionaldirektion Berlin-Brandenburg." in page

    answer = krm.post(url("pass_on", station), {"documents": []})
    assert answer.status_code == 422
    assert walk.the_open(station.request) == station
    assert as_user("gera.krm").get(station.get_absolute_url()).status_code == 404


def test_the_desk_leaves_a_station_out_with_a_reason_that_stays(as_user):
    request = walk.started()
    bl = request.stations.get(desk="division_lead")
    krm = as_user("pankow.krm")
    assert krm.post(url("skip", bl), {"reason": " "}).status_code == 422
    krm.post(url("skip", bl), {"reason": "Die Leitung ist im Urlaub."})
    bl.refresh_from_db()

    assert bl.outcome == Outcome.SKIPPED
    assert "Die Leitung ist im Urlaub." in krm.get(request.get_absolute_url()).content.decode()
    sign = request.stations.get(role=StationRole.SIGN)
    assert "Diese Station darf nicht fehlen" in krm.post(url("skip", sign), {"reason": "eilt"}).content.decode()


def test_only_what_everybody_approved_is_sent_and_it_stays_as_it_was_sent(as_user):
    station = walk.until(walk.started(), StationRole.DISPATCH)
    approved = station.documents.get()
    other = walk.paper(station.request.petition, "andere.pdf")
    krm = as_user("pankow.krm")
    sent = {"copies": 1, "way": "post", "sent_on": timezone.localdate().isoformat(), "addressee": ""}

    refused = krm.post(url("dispatch", station), sent | {"documents": [other.pk]})
    assert refused.status_code == 422
    assert "galt einer anderen Fassung" in refused.content.decode()
    krm.post(url("dispatch", station), sent | {"documents": [approved.pk]})
    dispatch = station.request.dispatches.get()
    assert list(dispatch.documents.all()) == [approved]
    page = krm.get(station.request.get_absolute_url()).content.decode()
    assert dispatch.content_hash[:16] in page


def test_who_is_asked_in_the_house_by_name_sees_the_station_as_long_as_it_is_theirs(as_user):
    request = walk.started(competence=Competence.OWNERS_ASSEMBLY, topic=Topic.ORGANISATION)
    station = walk.until(request, StationRole.DRAFT)
    expert = as_user("pankow.expert")
    assert expert.get(station.get_absolute_url()).status_code == 200


def test_a_certain_person_can_be_asked_next(as_user):
    station = walk.until(walk.started(), StationRole.FORWARD)
    bl = as_user(station.people.get().username)
    page = bl.get(station.get_absolute_url()).content.decode()
    assert "Als Nächstes gefragt" in page

    bl.post(url("pass_on", station), {"documents": [], "asked": [person("pankow.tl2").pk]})
    assert [user.username for user in walk.the_open(station.request).people.all()] == ["pankow.tl2"]


def test_an_impossible_day_is_an_error_at_its_field(as_user):
    station = at_rd()
    answer = as_user("rd-bb.krm").post(url("receive", station), {"on": "2026-02-30"})

    assert answer.status_code == 422
    assert "Dieses Datum gibt es nicht." in answer.content.decode()
    assert "2026-02-30" in answer.content.decode()
