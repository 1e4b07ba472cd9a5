"""Settled on the spot: counted where the office's rules allow it, and nothing else is kept."""

from datetime import timedelta

import pytest
from django.urls import reverse

from cases.models import Event, OnTheSpotCount, OnTheSpotException
from cases.rules.kinds import Channel
from cases.transfers.actions.triage import count_on_the_spot
from offices.errors import NotAllowed
from offices.models import Unit
from offices.roles import Role
from tests.cast import TODAY, actor

URL = "/vor-ort-erledigt/"


@pytest.fixture
def team(house) -> Unit:
    return house["germersheim"].units.get(number="711")


def count(house, slug="germersheim", who="ma", **changes) -> OnTheSpotCount:
    values = {"unit_id": None, "channel": Channel.IN_PERSON, "on": TODAY} | changes
    return count_on_the_spot(by=actor(f"{slug}.{who}"), office=house[slug], **values)


def test_everybody_counts_and_the_same_day_adds_up(house, team):
    count(house, unit_id=team.pk)
    count(house, who="tl", unit_id=team.pk, count=3)
    count(house)
    assert sorted(OnTheSpotCount.objects.values_list("unit__number", "channel", "count"), key=str) == [
        ("711", "in_person", 4),
        (None, "in_person", 1),
    ]


def test_the_log_knows_only_that_something_was_counted(house):
    tally = count(house)
    event = Event.objects.get(code="tally.counted")
    assert (event.case, event.transfer, event.data) == (None, None, {"tally": tally.pk, "count": 1})


@pytest.mark.parametrize("slug", ["germersheim", "gera"])
def test_oral_ones_are_counted_where_k5_allows_it(house, slug):
    assert count(house, slug).count == 1


@pytest.mark.parametrize("slug", ["pankow", "berlin-nord"])
def test_where_all_oral_ones_are_registered_nothing_is_counted(house, slug):
    with pytest.raises(NotAllowed, match="immer erfasst"):
        count(house, slug)
    assert OnTheSpotCount.objects.count() == 0


@pytest.mark.parametrize("channel", [c for c in Channel if not c.is_oral])
def test_what_came_in_writing_is_never_only_counted(house, channel):
    with pytest.raises(NotAllowed, match="Schriftliche Kundenreaktionen werden immer erfasst"):
        count(house, channel=channel)


def test_calls_that_the_krm_took_are_registered_in_germersheim(house, team):
    with pytest.raises(NotAllowed, match="Anrufe beim KRM werden immer erfasst"):
        count(house, channel=Channel.PHONE)
    assert count(house, channel=Channel.PHONE, unit_id=team.pk).count == 1


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"on": TODAY + timedelta(days=1)}, "Zukunft"),
        ({"on": TODAY - timedelta(days=32)}, "höchstens 31 Tage"),
        ({"count": 0}, "1 bis 99"),
        ({"count": 100}, "1 bis 99"),
    ],
)
def test_impossible_days_and_numbers_are_refused(house, changes, sentence):
    with pytest.raises(NotAllowed, match=sentence):
        count(house, **changes)


def test_31_days_back_can_still_be_added(house):
    assert count(house, on=TODAY - timedelta(days=31)).count == 1


def test_a_unit_of_another_office_is_refused(house):
    with pytest.raises(NotAllowed, match="gehört nicht zur Dienststelle"):
        count(house, unit_id=house["gera"].units.first().pk)


def test_who_does_not_serve_people_does_not_count(house):
    with pytest.raises(NotAllowed, match="sofort Erledigtes anonym zählen"):
        count(house, who="revision")


REASON = "dieselbe Frage wie am 16.11., dort schon erläutert"


def test_what_a_leader_settled_in_gera_is_counted_with_its_reason_only(house):
    with pytest.raises(NotAllowed, match="gezählt wird es nur ohne neuen Sachvortrag") as refusal:
        count(house, "gera", settled_by=Role.TEAM_LEAD)
    assert (refusal.value.field, OnTheSpotCount.objects.count()) == ("nothing_new", 0)

    tally = count(house, "gera", "tl", settled_by=Role.TEAM_LEAD, nothing_new=f" {REASON} ")

    exception = OnTheSpotException.objects.get()
    assert (exception.tally, exception.reason, exception.by.username) == (tally, REASON, "gera.tl")
    assert Event.objects.get(code="tally.counted").data == {"tally": tally.pk, "count": 1}


@pytest.mark.parametrize(("slug", "settled_by"), [("gera", Role.EMPLOYEE), ("germersheim", Role.MANAGEMENT)])
def test_no_reason_is_kept_where_none_is_asked_for(house, slug, settled_by):
    count(house, slug, settled_by=settled_by, nothing_new=REASON)
    assert OnTheSpotException.objects.count() == 0


# The page


@pytest.fixture
def sign_on(client, house):
    def as_user(username):
        client.force_login(actor(username).user)
        return client

    return as_user


def test_the_page_counts_with_one_button_and_shows_the_sum(sign_on, team):
    client = sign_on("germersheim.ma")
    today = client.get(URL).wsgi_request.today
    sent = {"channel": "in_person", "unit": team.pk, "on": today.isoformat()}
    response = client.post(URL, sent, follow=True)
    assert response.redirect_chain == [(f"{URL}?office=germersheim&channel=in_person&unit={team.pk}", 302)]
    assert response.context["rows"] == [
        {"unit": "711 Team Vermittlung A", "channel": "persönlich", "today": 1, "month": 1}
    ]
    assert response.context["total"] == {"today": 1, "month": 1}
    assert list(response.context["form"].fields) == ["channel", "unit", "on"]


def test_a_refusal_is_shown_in_the_form(sign_on):
    client = sign_on("germersheim.krm")
    today = client.get(URL).wsgi_request.today
    response = client.post(URL, {"channel": "phone", "unit": "", "on": today.isoformat()})
    assert response.context["form"].non_field_errors() == [
        "Anrufe beim KRM werden immer erfasst (K5). Bitte die Einheit wählen, die den Anruf angenommen hat."
    ]
    assert OnTheSpotCount.objects.count() == 0


def test_gera_asks_who_settled_it_and_shows_the_refusal_at_the_reason(sign_on):
    client = sign_on("gera.ma")
    today = client.get(URL).wsgi_request.today
    sent = {"channel": "in_person", "unit": "", "on": today.isoformat(), "settled_by": "division_lead"}
    response = client.post(URL, sent)
    assert list(response.context["form"].errors) == ["nothing_new"]
    assert client.post(URL, sent | {"nothing_new": REASON}).status_code == 302
    assert OnTheSpotException.objects.get().reason == REASON


@pytest.mark.parametrize("word", ["querulatorisch", "Querulant"])
def test_nobody_is_called_names(sign_on, word):
    assert word not in sign_on("gera.krm").get(URL).content.decode()


def test_where_nothing_is_counted_the_page_says_why_and_has_no_button(sign_on):
    page = sign_on("pankow.ma").get(URL).content.decode()
    assert "zählt nicht, sondern erfasst" in page
    assert "Eins zählen" not in page


@pytest.mark.parametrize("who", ["pankow.revision", "pankow.dsb", "pankow.controlling", "pankow.admin"])
def test_strangers_find_no_such_page(sign_on, who):
    assert sign_on(who).get(reverse("cases:on_the_spot")).status_code == 404
