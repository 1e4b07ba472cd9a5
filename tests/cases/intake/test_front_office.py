"""The Vorzimmer registers: what is negative only when the Fachbereich dealt with it the same day (PAN-35)."""

from contextlib import nullcontext
from datetime import timedelta

import pytest
from django.utils import timezone

from cases.models import Case, Topic
from cases.rules.kinds import Channel, Kind
from offices.errors import NotAllowed
from offices.models import Substitution, User
from tests import make
from tests.cast import TODAY, actor

pytestmark = pytest.mark.usefixtures("house")
URL = "/erfassen/"
FIRST_THE_UNIT = "Bitte zuerst den Fachbereich einschalten"


def registered(who: str, **changes) -> Case:
    return make.case(actor(who), **({"channel": Channel.IN_PERSON} | changes))


@pytest.mark.parametrize("kind", [Kind.COMPLAINT, Kind.CONDUCT_COMPLAINT])
def test_a_complaint_is_refused_until_the_unit_dealt_with_it(kind):
    with pytest.raises(NotAllowed, match=FIRST_THE_UNIT) as refusal:
        registered("pankow.vz", kind=kind)
    assert (refusal.value.field, Case.objects.count()) == ("unit_dealt", 0)

    assert registered("pankow.vz", kind=kind, unit_dealt_on=TODAY).unit_dealt_on == TODAY


def test_the_day_before_is_not_the_same_day():
    with pytest.raises(NotAllowed, match=FIRST_THE_UNIT):
        registered("pankow.vz", unit_dealt_on=TODAY - timedelta(days=1))


@pytest.mark.parametrize("changes", [{"kind": Kind.PRAISE}, {"channel": Channel.LETTER}])
def test_a_lob_and_a_letter_are_taken_in_at_once(changes):
    assert registered("pankow.vz", **changes).unit_dealt_on is None


@pytest.mark.parametrize("who", ["pankow.krm", "pankow.ma", "pankow.gf", "gera.vz"])
def test_others_and_other_offices_know_no_such_rule(who):
    assert registered(who).unit_dealt_on is None


def test_whoever_stands_in_for_the_vorzimmer_is_bound_by_it():
    username = "pankow.dsb"  # who registers nothing from the own seat
    Substitution.objects.create(
        absent=User.objects.get(username="pankow.vz"),
        deputy=User.objects.get(username=username),
        from_on=TODAY,
        until_on=TODAY,
    )
    with pytest.raises(NotAllowed, match=FIRST_THE_UNIT):
        registered(username)


@pytest.mark.parametrize(("absent", "is_bound"), [("pankow.krm", True), ("pankow.tl", False)])
def test_the_vorzimmer_keeps_the_files_of_the_krm_and_stays_the_vorzimmer_k23(absent, is_bound):
    Substitution.objects.create(
        absent=User.objects.get(username=absent),
        deputy=User.objects.get(username="pankow.vz"),
        from_on=TODAY,
        until_on=TODAY,
    )
    with pytest.raises(NotAllowed, match=FIRST_THE_UNIT) if is_bound else nullcontext():
        registered("pankow.vz")


# The page


@pytest.fixture
def sign(client):
    def as_person(username):
        client.force_login(User.objects.get(username=username))
        return client

    return as_person


def sent(**changes) -> dict:
    today = timezone.localdate().isoformat()
    return {
        "office": "pankow",
        "entry": "0b8f6c1e-4a57-4c0e-9a3e-5d1c8f1f2a3b",
        "channel": "in_person",
        "kind": "complaint",
        "legal_area": "sgb2",
        "received_on": today,
        "reached_krm_on": today,
        "last_name": "Öztürk-Groß",
        "subject": "Lange Bearbeitung",
        "text": "Wartet seit sechs Wochen.",
        "concern-0-topic": Topic.objects.get(office__slug="pankow", name="Bearbeitungsdauer").pk,
    } | changes


@pytest.mark.parametrize(
    ("who", "is_asked"), [("pankow.vz", True), ("pankow.krm", False), ("pankow.ma", False), ("gera.vz", False)]
)
def test_only_the_vorzimmer_of_such_an_office_is_asked(sign, who, is_asked):
    assert ("Der Fachbereich war heute damit befasst" in sign(who).get(URL).content.decode()) is is_asked


def test_the_refusal_stands_at_the_tick(sign):
    response = sign("pankow.vz").post(URL, sent())
    assert response.context["forms"].matter.errors.keys() == {"unit_dealt"}
    assert Case.objects.count() == 0


def test_with_the_tick_the_day_is_kept_and_shown(sign):
    sign("pankow.vz").post(URL, sent(unit_dealt="on"))
    case = Case.objects.get()
    assert case.unit_dealt_on == case.received_on
    assert "Fachbereich befasst" in sign("pankow.krm").get(case.get_absolute_url()).content.decode()
