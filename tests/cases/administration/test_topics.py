"""The catalogue of topics, kept by the KRM desk (B1-13)."""

import pytest
from django.test import Client

from cases.administration.actions.topics import save_topic
from cases.models import Event, Topic
from offices.errors import NotAllowed
from offices.models import User
from tests.cast import actor

pytestmark = pytest.mark.usefixtures("house")


def user(name: str) -> User:
    return User.objects.get(username=f"pankow.{name}")


def client_of(name: str) -> Client:
    client = Client()
    client.force_login(user(name))
    return client


class TestTopics:
    def test_topic_is_added_renamed_and_retired(self):
        client = client_of("krm")
        office = user("krm").memberships.get().office
        client.post("/themen/neu/", {"office": office.pk, "group": "Leistung", "name": "Vorschuss", "nature": "matter"})
        topic = Topic.objects.get(name="Vorschuss")
        client.post(f"/themen/{topic.pk}/", {"group": "Leistung", "name": "Vorschüsse", "nature": "matter"})

        topic.refresh_from_db()
        assert (topic.office, topic.name, topic.is_active) == (office, "Vorschüsse", False)
        codes = Event.objects.order_by("pk").values_list("code", flat=True)
        assert list(codes) == ["topic.added", "topic.changed"]

    def test_same_topic_twice_is_refused_in_the_form(self):
        office = user("krm").memberships.get().office
        data = {"office": office.pk, "group": "Leistung", "name": "Auszahlung", "nature": "matter"}
        response = client_of("krm").post("/themen/neu/", data)

        assert response.context["form"].non_field_errors() == ["Dieses Thema gibt es in der Gruppe schon."]

    def test_topic_of_another_office_is_not_there(self):
        topic = Topic.objects.filter(office__slug="gera").first()

        assert client_of("krm").get(f"/themen/{topic.pk}/").status_code == 404

    @pytest.mark.parametrize("name", ["gf", "tl", "admin"])
    def test_only_krm_keeps_the_catalogue(self, name):
        topic = Topic.objects.filter(office__slug="pankow").first()

        assert client_of(name).get("/themen/").status_code == 404
        with pytest.raises(NotAllowed, match="Ihre Rolle umfasst"):
            save_topic(by=actor(f"pankow.{name}"), topic=topic)
