"""The pages of the technical administration: people, roles, units."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from cases.models import Event
from offices.models import Unit, User

pytestmark = pytest.mark.usefixtures("house")


def user(name: str) -> User:
    return User.objects.get(username=f"pankow.{name}")


def client_of(name: str) -> Client:
    client = Client()
    client.force_login(user(name))
    return client


def last_event() -> Event:
    return Event.objects.order_by("pk").last()


class TestPeoplePages:
    def test_list_finds_by_parts_of_the_name(self):
        page = client_of("admin").get("/personen/", {"suche": "tan lieb"}).context["page"]

        assert [str(person) for person in page] == ["Tanja Liebig"]

    def test_whole_way_of_a_new_person(self):
        client, office = client_of("admin"), user("ma").memberships.get().office
        data = {
            "first_name": "Nora",
            "last_name": "Uhl",
            "username": "pankow.neu",
            "office": office.pk,
            "role": "employee",
            "unit": Unit.objects.get(office=office, number="711").pk,
            "from_on": timezone.localdate().isoformat(),
        }
        created = client.post("/personen/neu/", data)
        person = user("neu")
        assert created.url == f"/personen/{person.pk}/zugangslink/"

        client.post(f"/personen/{person.pk}/rolle/", data | {"role": "team_lead"})
        seat = person.memberships.get(role="team_lead")
        client.post(f"/personen/rollen/{seat.pk}/beenden/", {"until_on": timezone.localdate().isoformat()})
        assert person.memberships.get(role="team_lead").until_on == timezone.localdate()

        kept = {"first_name": "Nora", "last_name": "Uhl", "username": "pankow.neu", "room": "2.17", "is_active": "on"}
        client.post(f"/personen/{person.pk}/", kept)
        assert User.objects.get(pk=person.pk).room == "2.17"
        assert last_event().data == {"user": person.pk, "fields": ["Zimmer"]}

    def test_username_that_is_taken_is_an_error_at_its_field(self):
        response = client_of("admin").post("/personen/neu/", {"username": "Pankow.KRM"})

        assert response.status_code == 422
        assert list(response.context["account"].errors) == ["first_name", "last_name", "username"]

    def test_people_and_units_of_another_office_are_not_there(self):
        client, stranger = client_of("admin"), User.objects.get(username="gera.ma")
        seat = stranger.memberships.get()
        urls = [
            f"/personen/{stranger.pk}/",
            f"/personen/{stranger.pk}/zugangslink/",
            f"/personen/{stranger.pk}/rolle/",
            f"/personen/rollen/{seat.pk}/beenden/",
            f"/einheiten/{seat.unit_id}/",
        ]

        assert [client.get(url).status_code for url in urls] == [404] * 5

    @pytest.mark.parametrize("url", ["/personen/", "/personen/neu/", "/einheiten/", "/einheiten/neu/"])
    def test_only_the_administration_gets_there(self, url):
        found = {name: client_of(name).get(url).status_code for name in ("admin", "krm", "gf", "ma", "revision")}

        assert found == {"admin": 200, "krm": 404, "gf": 404, "ma": 404, "revision": 404}

    def test_unit_is_renamed_and_retired(self):
        unit = Unit.objects.get(office__slug="pankow", number="722")
        data = {"number": "722", "name": "Team Leistung C", "kind": "team", "parent": unit.parent_id}
        client_of("admin").post(f"/einheiten/{unit.pk}/", data)

        unit.refresh_from_db()
        assert (unit.name, unit.is_active) == ("Team Leistung C", False)
        assert last_event().code == "unit.changed"

    def test_as_many_queries_for_few_people_as_for_many(self):
        def queries(wanted: str) -> int:
            client = client_of("admin")
            with CaptureQueriesContext(connection) as captured:
                client.get("/personen/", {"suche": wanted})
            return len(captured)

        assert queries("Tanja") == queries("a")
