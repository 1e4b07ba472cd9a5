"""What is around every page: navigation by role, office, own role, and for whom somebody stands in."""

from datetime import date

import pytest
from django.urls import reverse

from krm.navigation import PLACES, places_for
from offices.models import Substitution, User
from offices.roles import Role
from tests.cast import actor

pytestmark = pytest.mark.usefixtures("house")
RULES = ["Fristenrechner", "Kalender", "Regelwerke", "Berichtswege", "Rollen"]
FIRST = ["Mein Tag", "Mitteilungen"]
DESK = [*FIRST, "Vorgänge", "Petitionen", "Auswertung", "Erfassen", "Zeichnen", "Kein KRM", "Vor Ort erledigt"]
EVERYBODY_AT_WORK = ["Erfassen", "Vor Ort erledigt", *RULES, "Vertretungen"]


def labels(name: str) -> list[str]:
    return [place.label for place in places_for(actor(f"pankow.{name}"), "/")]


def test_every_place_leads_to_a_page():
    assert [place.url_name for place in PLACES if not reverse(place.url_name).startswith("/")] == []


@pytest.mark.parametrize(
    ("name", "places"),
    [
        ("krm", [*DESK, *RULES, "Vertretungen", "Themen", "Übergaben", "Textbausteine", "Prüfliste"]),
        ("gf", [*DESK, *RULES, "Vertretungen", "Übergaben"]),
        (
            "vz",
            [
                "Mein Tag",
                "Mitteilungen",
                "Vorgänge",
                "Petitionen",
                "Erfassen",
                "Kein KRM",
                "Vor Ort erledigt",
                *RULES,
                "Vertretungen",
            ],
        ),
        (
            "tl",
            [
                "Mein Tag",
                "Mitteilungen",
                "Vorgänge",
                "Petitionen",
                "Auswertung",
                "Erfassen",
                "Zeichnen",
                "Vor Ort erledigt",
                *RULES,
                "Vertretungen",
            ],
        ),
        ("ma", [*FIRST, "Vorgänge", "Petitionen", *EVERYBODY_AT_WORK]),
        ("expert", [*FIRST, *EVERYBODY_AT_WORK]),
        ("controlling", [*FIRST, "Kundenbefragung", *RULES, "Vertretungen"]),
        ("dsb", [*FIRST, "Vorgänge", "Kein KRM", *RULES, "Vertretungen"]),
    ],
)
def test_navigation_shows_what_the_role_can_use(name, places):
    assert labels(name) == places


def test_log_is_there_for_the_revision_only():
    people = User.objects.filter(username__startswith="pankow.").values_list("username", flat=True)
    assert [p for p in people if "Protokoll" in labels(p.removeprefix("pankow."))] == ["pankow.revision"]


def test_page_one_is_on_is_marked_with_all_below_it():
    krm = actor("pankow.krm")

    def active(path: str) -> list[str]:
        return [place.label for place in places_for(krm, path) if place.active]

    assert active("/") == ["Mein Tag"]
    assert active("/vorgaenge/") == ["Vorgänge"]
    assert active("/vorgaenge/PAN-2026-00001/") == ["Vorgänge"]
    assert active("/unbekannt/") == []


def test_page_names_office_and_role(client):
    client.force_login(User.objects.get(username="pankow.tl"))
    context = client.get(reverse("home")).context
    assert (str(context["office_name"]), str(context["user_role"])) == ("Jobcenter Berlin Pankow", Role.TEAM_LEAD.label)
    assert list(context["deputy_for"]) == []


def test_deputy_is_told_for_whom_on_every_page(client):
    absent, deputy = (User.objects.get(username=f"pankow.{name}") for name in ("krm", "expert"))
    Substitution.objects.create(absent=absent, deputy=deputy, from_on=date(2020, 1, 1), until_on=date(2099, 12, 31))
    client.force_login(deputy)
    answer = client.get(reverse("offices:roles"))
    assert list(answer.context["deputy_for"]) == ["Karin Ahrens"]
    assert str(answer.context["user_role"]) == Role.EXPERT.label
    assert "für Karin Ahrens" in answer.content.decode()


def test_who_is_not_signed_in_sees_no_navigation(client):
    assert "nav" not in client.get(reverse("login")).context
