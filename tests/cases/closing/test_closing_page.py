"""The pages at the end of a case."""

import pytest
from django.urls import reverse
from django.utils import timezone

from cases.closing.actions import answer_orally, close
from cases.models import Case
from cases.rules.registration import ConcernData
from offices.models import User
from offices.queries import actor_for
from tests import make

pytestmark = pytest.mark.usefixtures("house")


def person(username):
    return actor_for(User.objects.get(username=username), timezone.localdate())


@pytest.fixture
def krm(client, house):
    client.force_login(User.objects.get(username="pankow.krm"))
    return client


@pytest.fixture
def case(house) -> Case:
    return make.seen(person("pankow.krm"), received_on=timezone.localdate())


def url(name: str, case: Case) -> str:
    return reverse(f"cases:{name}", args=[case.reference])


def answered(case: Case) -> Case:
    answer_orally(by=person("pankow.krm"), case=case, on=timezone.localdate(), note_text="Besprochen.")
    return case


def closed(case: Case) -> Case:
    return close(
        by=person("pankow.krm"), case=answered(case), outcome="upheld", outcome_reason="Zu lange.",
        settlement="conversation",
    )  # fmt: skip


def missing(response) -> list[str]:
    return [gap["key"] for gap in response.context["gaps"]]


def test_the_talk_is_entered_and_leads_back_to_the_case(krm, case):
    response = krm.post(url("answer", case), {"on": timezone.localdate().isoformat(), "note_text": "Alles erklärt."})
    case.refresh_from_db()
    assert (response.status_code, response.url, case.status) == (302, case.get_absolute_url(), "answered")


def test_the_talk_says_that_the_verfuegung_is_still_to_come_pan20(krm, case):
    letter = make.case(person("pankow.krm"), received_on=timezone.localdate())
    pages = {each: krm.get(url("answer", each)).content.decode() for each in (case, letter)}
    assert ["erst nach der Verfügung" in pages[each] for each in (case, letter)] == [False, True]


def test_the_ruecksprache_is_a_box_of_the_talk_where_the_rules_ask_for_it_gera5(client, krm, case):
    assert "consulted" not in krm.get(url("answer", case)).context["form"].fields
    gera = make.seen(person("gera.krm"), received_on=timezone.localdate())
    client.force_login(User.objects.get(username="gera.krm"))
    typed = {"on": timezone.localdate().isoformat(), "note_text": "Alles erklärt."}

    page = client.post(url("answer", gera), typed)

    assert page.context["form"].errors == {
        "consulted": ["Bitte zuerst bestätigen: Rücksprache mit Teamleitung ist gehalten."]
    }
    assert "ist gehalten" in page.context["rule_line"].text
    assert client.post(url("answer", gera), typed | {"consulted": "on"}).status_code == 302


def test_an_earlier_answer_outside_krm_is_entered_with_its_day_b2_2(krm, case):
    typed = {
        "outcome": "upheld",
        "outcome_reason": "Zu lange.",
        "settlement": "repeated",
        "repeated_reference": "Akte 12",
    }
    assert missing(krm.post(url("close", case), typed)) == ["answer_repeated"]
    assert missing(krm.post(url("close", case), typed | {"repeated_on": "kein Tag"})) == ["answer_repeated"]
    assert krm.post(url("close", case), typed | {"repeated_on": "2021-03-05"}).status_code == 302


def test_a_talk_without_words_is_an_error_of_its_field(krm, case):
    response = krm.post(url("answer", case), {"on": timezone.localdate().isoformat(), "note_text": ""})
    assert response.context["form"].errors == {"note_text": ["Bitte kurz festhalten, was besprochen wurde."]}


def test_the_page_says_what_is_missing_and_where_it_is_entered(krm, case):
    response = krm.get(url("close", case))
    assert missing(response) == ["outcome", "reason", "settlement"]
    response = krm.post(url("close", case), {"outcome": "upheld", "outcome_reason": "Ja.", "settlement": "letter"})
    assert missing(response) == ["answer_letter"]
    assert f'<a href="{case.get_absolute_url()}#schreiben">' in response.content.decode()
    assert response.context["form"].non_field_errors() == ["Das Abschlussschreiben ist noch nicht versandt."]


def test_what_was_typed_survives_a_refusal(krm, case):
    response = krm.post(url("close", case), {"outcome": "not_upheld", "outcome_reason": "Alles richtig."})
    form = response.context["form"]
    assert [form[name].value() for name in ("outcome", "outcome_reason")] == ["not_upheld", "Alles richtig."]


def test_a_complete_case_is_closed_from_the_page(krm, case):
    answered(case)
    response = krm.get(url("close", case))
    assert (missing(response), response.context["form"]["settlement"].value()) == (
        ["outcome", "reason"],
        "conversation",
    )
    response = krm.post(
        url("close", case), {"outcome": "upheld", "outcome_reason": "Zu lange.", "settlement": "conversation"}
    )
    case.refresh_from_db()
    assert (response.url, case.status) == (case.get_absolute_url(), "closed")


def test_several_concerns_have_a_field_each(krm):
    by = person("pankow.krm")
    topics = list(by.offices[min(by.office_ids())].topics.order_by("pk")[:2])
    concerns = tuple(ConcernData(nature=t.nature, topic_id=t.pk) for t in topics)
    case = answered(make.seen(by, received_on=timezone.localdate(), concerns=concerns))
    first, second = case.concerns.all()
    krm.post(
        url("close", case),
        {
            "outcome": "partly_upheld",
            "outcome_reason": "Teils.",
            "settlement": "conversation",
            f"concern_{second.pk}": "not_upheld",
        },
    )
    assert [c.outcome for c in case.concerns.all()] == ["partly_upheld", "not_upheld"]


def test_praise_has_no_outcome_to_choose_and_needs_no_answer(krm):
    case = make.seen(person("pankow.krm"), received_on=timezone.localdate(), kind="praise")
    response = krm.get(url("close", case))
    assert ("outcome" in response.context["form"].fields, missing(response)) == (False, [])
    krm.post(url("close", case), {"settlement": "none_needed"})
    case.refresh_from_db()
    assert (case.status, case.outcome) == ("closed", "not_applicable")


def test_closing_from_two_open_pages_happens_once(krm, case):
    closed(case)
    response = krm.post(url("close", case), {"outcome": "upheld", "outcome_reason": "x", "settlement": "conversation"})
    assert response.status_code == 409
    assert case.events.filter(code="case.closed").count() == 1


def test_a_closed_case_is_taken_up_again_with_a_reason(krm, case):
    closed(case)
    assert krm.post(url("reopen", case), {"reason": ""}).context["form"].errors == {
        "reason": ["Bitte begründen, warum der Vorgang wieder aufgenommen wird."]
    }
    response = krm.post(url("reopen", case), {"reason": "Neue Unterlagen."})
    case.refresh_from_db()
    assert (response.url, case.status, case.round) == (case.get_absolute_url(), "with_krm", 2)


@pytest.mark.parametrize("name", ["answer", "close", "reopen"])
def test_strangers_find_nothing(client, case, name):
    client.force_login(User.objects.get(username="gera.krm"))
    assert client.get(url(name, case)).status_code == 404


@pytest.mark.parametrize(("role", "name"), [("vz", "answer"), ("gf", "close"), ("vz", "reopen")])
def test_who_may_not_is_told_why(client, case, role, name):
    client.force_login(User.objects.get(username=f"pankow.{role}"))
    response = client.get(url(name, case))
    assert (response.status_code, "Ihre Rolle umfasst nicht" in response.content.decode()) == (409, True)
