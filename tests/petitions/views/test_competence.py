"""The aid for the competence as a page: tasks in, finding with paragraphs out (B2-9)."""

import pytest
from django.test import Client

from offices.models import Office, User
from offices.models.units import OfficeType
from petitions.rules.vocabulary import Competence

pytestmark = pytest.mark.usefixtures("house")
URL = "/petitionen/zustaendigkeit/"


def asked(who: str = "pankow.krm", **query):
    client = Client()
    client.force_login(User.objects.get(username=who))
    return client.get(URL, query)


def test_without_a_question_there_is_the_form_alone():
    answer = asked()
    assert (answer.status_code, answer.context["finding"]) == (200, None)


def test_tasks_of_two_owners_give_two_parts_with_their_paragraphs_and_the_way_of_such_a_petition():
    answer = asked(tasks=["housing", "benefits"])
    assert answer.context["finding"].parts == (Competence.FEDERAL, Competence.MUNICIPAL)
    assert "§ 6 Abs. 1 S. 1 Nr. 2, § 22 SGB II" in answer.text
    way = answer.client.get(answer.context["try_url"])
    assert way.context["plan"].route.key == "mixed"
    assert {station.part for station in way.context["plan"].stations if station.part} == {
        Competence.FEDERAL,
        Competence.MUNICIPAL,
    }


def test_sgb_iii_is_the_ba_whatever_is_ticked():
    assert asked(tasks="housing", legal_area="sgb3").context["finding"].competence == Competence.FEDERAL


def test_a_zugelassener_kommunaler_traeger_answers_alone():
    Office.objects.filter(slug="gera").update(type=OfficeType.MUNICIPAL_JOBCENTER)
    answer = asked("gera.krm", tasks="benefits")
    assert answer.context["finding"].competence == Competence.LICENSED
    assert "§§ 6a, 6b, 48 SGB II" in answer.text


def test_nothing_ticked_is_asked_for():
    answer = asked(legal_area="sgb2")
    assert (answer.context["finding"].competence, answer.context["try_url"]) == (None, "")
    assert "Bitte mindestens eine Aufgabe ankreuzen." in answer.text


@pytest.mark.parametrize(
    "query", [{"tasks": "unfug"}, {"tasks": "housing", "legal_area": "sgb9"}, {"tasks": "housing", "office": "999999"}]
)
def test_nonsense_is_answered_at_its_field(query):
    answer = asked(**query)
    assert (answer.status_code, answer.context["finding"]) == (422, None)
    assert len(answer.context["form"].errors) == 1


@pytest.mark.parametrize("who", ["pankow.admin", "pankow.revision", "pankow.controlling", "pankow.expert"])
def test_who_reads_no_cases_finds_no_such_page(who):
    assert asked(who).status_code == 404
