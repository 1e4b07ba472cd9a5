"""The log as the Revision reads it, and nobody else."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from django.urls import reverse
from django.utils import timezone

from cases.administration.views import log
from cases.handling.actions.assign import accept
from cases.models import Case, Event
from offices.models import Membership, Office, Substitution, User
from offices.roles import Role
from tests import make
from tests.cast import TODAY, actor

pytestmark = pytest.mark.usefixtures("house")


@pytest.fixture(autouse=True)
def today(monkeypatch):
    """The pages ask the clock; these tests are about Monday, 23.11.2026."""
    monkeypatch.setattr(timezone, "now", lambda: datetime(2026, 11, 23, 9, tzinfo=ZoneInfo("Europe/Berlin")))


@pytest.fixture
def krm(house):
    return actor("pankow.krm")


@pytest.fixture
def show(client):
    client.force_login(User.objects.get(username="pankow.revision"))

    def get(**query):
        answer = client.get(reverse("cases:log"), query)
        assert answer.status_code == 200
        return answer

    return get


def sentences(answer) -> list[str]:
    return [event.sentence for event in answer.context["events"]]


def test_log_tells_what_happened_newest_first(krm, show):
    accept(by=krm, case=make.case(krm))
    assert sentences(show()) == [
        "Vom KRM übernommen",
        "Frist Abschluss bis Mo 07.12.2026 gesetzt",
        "Frist Zwischennachricht bis Mo 07.12.2026 gesetzt",
        "Frist Eingangsbestätigung bis Do 26.11.2026 gesetzt",
        "Eingegangen am Mo 23.11.2026 und erfasst",
    ]


def test_log_names_the_case_without_leading_to_it(krm, show):
    case = make.case(krm)
    page = show().content.decode()
    assert page.count(f">{case.reference}<") == Event.objects.count()
    assert case.get_absolute_url() not in page
    assert case.subject not in page
    assert "Öztürk" not in page


def test_log_says_who_and_in_whose_place(krm, show):
    absent, deputy = (User.objects.get(username=f"pankow.{name}") for name in ("krm", "expert"))
    Substitution.objects.create(absent=absent, deputy=deputy, from_on=TODAY, until_on=TODAY)
    accept(by=actor("pankow.expert"), case=make.case(krm))
    answer = show(nummer=Case.objects.get().reference)
    event = answer.context["events"][0]
    assert (str(event.by), str(event.for_user)) == ("Elke Xander", "Karin Ahrens")
    assert "i.&nbsp;V.</abbr> für Karin Ahrens" in answer.content.decode()


@pytest.mark.parametrize("query", [{}, {"ereignis": "case.accepted"}, {"von": "2026-11-01"}, {"nummer": " "}])
def test_no_name_stands_in_the_log_beyond_one_case(krm, show, query):
    """Else what each employee does could be counted, act by act (B4-10)."""
    accept(by=krm, case=make.case(krm))
    page = show(**query).content.decode()
    assert "Vom KRM übernommen" in page
    assert "Karin Ahrens" not in page


@pytest.mark.parametrize("name", ["krm", "gf", "tl", "admin", "dsb", "controlling", "vz"])
def test_log_does_not_exist_for_others(krm, client, name):
    client.force_login(User.objects.get(username=f"pankow.{name}"))
    assert client.get(reverse("cases:log")).status_code == 404


def test_log_of_another_office_is_not_shown(krm, show):
    make.case(actor("gera.krm"))
    assert sentences(show()) == []
    assert sentences(show(dienststelle="gera")) == []


def test_revision_of_two_offices_reads_them_one_by_one(krm, show):
    gera = Office.objects.get(slug="gera")
    revision = User.objects.get(username="pankow.revision")
    Membership.objects.create(user=revision, office=gera, role=Role.AUDIT, from_on=TODAY)
    here, there = make.case(krm), make.case(actor("gera.krm"))
    assert {e.case_id for e in show().context["events"]} == {here.pk}
    assert {e.case_id for e in show(dienststelle="gera").context["events"]} == {there.pk}


def test_log_is_filtered_by_number_event_and_day(krm, show):
    first, second = make.case(krm), make.case(krm)
    accept(by=krm, case=second)
    assert {e.case_id for e in show(nummer=first.reference.lower()).context["events"]} == {first.pk}
    assert sentences(show(ereignis="case.accepted")) == ["Vom KRM übernommen"]
    everything = Event.objects.count()
    assert len(sentences(show(von="2026-11-23", bis="2026-11-23"))) == everything
    assert sentences(show(von="2026-11-24")) == []
    assert sentences(show(bis="2026-11-22")) == []


def test_pages_follow_each_other_without_gap_or_double(krm, show, monkeypatch):
    monkeypatch.setattr(log, "PAGE_SIZE", 3)
    make.case(krm)
    make.case(krm)
    seen, answer = [], show(nummer="")
    while True:
        seen += [event.seq for event in answer.context["events"]]
        if not answer.context["older_url"]:
            break
        answer = answer.client.get(reverse("cases:log") + answer.context["older_url"])
    assert seen == list(range(Event.objects.count(), 0, -1))
    assert answer.context["newest_url"] == "?nummer="


@pytest.mark.parametrize(
    "query",
    [{"von": "x"}, {"ereignis": "x"}, {"vor": "x"}, {"vor": "9" * 30}, {"nummer": "a\0b"}, {"nummer": "x" * 99}],
)
def test_what_cannot_be_is_told_and_left_out(krm, show, query):
    make.case(krm)
    answer = show(**query)
    assert answer.context["form"].errors != {}
    assert len(answer.context["events"]) == Event.objects.count()


def test_log_asks_as_many_queries_for_four_entries_as_for_forty(krm, show, django_assert_num_queries):
    make.case(krm)
    with django_assert_num_queries(6):
        show()
    for _ in range(9):
        make.case(krm)
    with django_assert_num_queries(6):
        show()
