"""The page of a Stellungnahme: who finds it, what is saved, what is said where it is not."""

from dataclasses import asdict, replace

import pytest
from django.urls import reverse

from cases.recusal.actions.complained_about import name_employee
from offices.models import User
from petitions.actions.chain import pass_on
from petitions.actions.statement import edit_statement_text
from petitions.models import StatementPaper, StatementText, Station
from petitions.rules.vocabulary import Competence, StationRole, Topic
from tests.cast import actor
from tests.petitions import walk
from tests.petitions.actions.test_statement import TEXT, typeset, walk_to_parts

pytestmark = pytest.mark.usefixtures("house")


@pytest.fixture
def draft() -> Station:
    return walk.until(walk.started(), StationRole.DRAFT)


@pytest.fixture
def as_user(client):
    def sign_in(name: str):
        client.force_login(User.objects.get(username=name))
        return client

    return sign_in


def page(station: Station, name: str = "petitions:statement") -> str:
    return reverse(name, args=[station.pk])


def typed(version: int = 0, **changes) -> dict:
    return asdict(replace(TEXT, **changes)) | {"version": version}


@pytest.mark.parametrize(
    ("name", "status", "writes"),
    [
        ("pankow.tl", 200, True),
        ("pankow.krm", 200, False),
        ("pankow.gf", 200, False),
        ("pankow.tl2", 200, False),
        ("pankow.ma", 404, False),
        ("pankow.controlling", 404, False),
        ("gera.krm", 404, False),
        ("rd-bb.krm", 404, False),
        ("berlin-nord.krm", 404, False),
    ],
)
def test_who_writes_finds_the_form_who_sees_the_petition_the_text_and_nobody_else_anything(
    draft, as_user, name, status, writes
):
    answer = as_user(name).get(page(draft))
    assert answer.status_code == status
    assert (b"<textarea" in answer.content) == writes
    for url in (page(draft), page(draft, "petitions:statement_paper")):
        sent = as_user(name).post(url, typed())
        assert sent.status_code == ({True: 302, False: 422}[writes] if status == 200 else 404)
    assert StatementText.objects.exists() == StatementPaper.objects.exists() == writes


def test_whom_it_complains_about_finds_nothing(draft, as_user):
    name_employee(by=actor("pankow.krm"), case=draft.request.petition.case, user=User.objects.get(username="pankow.gf"))
    assert as_user("pankow.gf").get(page(draft)).status_code == 404


def test_the_text_is_saved_and_taken_as_pdf_with_what_the_form_asks_for(draft, as_user):
    client = as_user("pankow.tl")
    answer = client.post(page(draft), typed(summary="Wir haben entschieden."), follow=True)
    assert answer.redirect_chain == [(page(draft), 302)]
    said = answer.content.decode()
    assert "Kurzfassung: Hier steht „wir“" in said
    assert "Der Text ist gespeichert." in said
    answer = client.post(page(draft, "petitions:statement_paper"), typed(1, law=""))
    assert answer.status_code == 422
    assert "Es fehlt noch: Rechtslage." in answer.content.decode()
    assert 'name="version" value="2"' in answer.content.decode()
    answer = client.post(page(draft, "petitions:statement_paper"), typed(2), follow=True)
    assert "Fassung 1 liegt jetzt als PDF bei dem" in answer.content.decode()
    assert [document.name for document in draft.documents.all()] == ["Stellungnahme, Fassung 1.pdf"]


def test_who_saves_after_somebody_else_sees_both_texts_and_loses_nothing(draft, as_user):
    edit_statement_text(by=actor("pankow.tl"), station=draft, expected_version=0, sections=TEXT)
    client = as_user("pankow.tl")
    answer = client.post(page(draft), typed(result="Der Petition wird abgeholfen."))
    said = answer.content.decode()
    assert answer.status_code == 422
    assert "Jemand anders hat diesen Entwurf inzwischen geändert" in said
    assert ("<del>Die Petition ist erledigt.</del>" in said, "Der Petition wird abgeholfen.</textarea>" in said) == (
        True,
        True,
    )
    assert client.post(page(draft), typed(1, result="Der Petition wird abgeholfen.")).status_code == 302


def test_versions_show_what_changed_and_can_be_put_back_without_being_saved(draft, as_user):
    typeset(draft)
    typeset(draft, replace(TEXT, result="Der Petition wird abgeholfen."))
    client = as_user("pankow.tl")
    said = client.get(page(draft)).content.decode()
    assert ("Fassung 2" in said, "<ins>" in said) == (True, True)
    said = client.get(page(draft) + "?fassung=1").content.decode()
    assert "Die Petition ist erledigt.</textarea>" in said
    assert "Sie gilt erst wieder, wenn Sie speichern." in said
    assert StatementText.objects.get().result == "Der Petition wird abgeholfen."
    assert "wird abgeholfen.</textarea>" in client.get(page(draft) + "?fassung=x").content.decode()


def test_the_desk_that_joins_the_parts_finds_the_whole_as_a_proposal(as_user):
    request = walk_to_parts(walk.started(competence=Competence.MIXED, parts=(Competence.FEDERAL, Competence.MUNICIPAL)))
    station = next(s for s in walk.open_stations(request) if s.part == Competence.FEDERAL)
    typeset(station, replace(TEXT, summary="Teil der BA."))
    join = walk.until(request, StationRole.JOIN)
    client = as_user("pankow.krm")
    said = client.get(page(join)).content.decode()
    assert "Aus den freigegebenen Teilen zusammengestellt" in said
    assert "Bundesagentur für Arbeit\n\nTeil der BA.\n\nKommune" in said
    assert not StatementText.objects.filter(part="").exists()
    client.post(page(join), typed())
    said = client.get(page(join)).content.decode()
    assert "Aus den freigegebenen Teilen zusammengestellt" not in said
    assert "Aus den freigegebenen Teilen" in client.get(page(join) + "?fassung=teile").content.decode()
    part = client.get(page(Station.objects.get(pk=station.pk)))
    assert "Teil der BA." in part.content.decode()


def test_a_body_outside_that_drafts_finds_the_request_and_nothing_of_the_case(as_user):
    request = walk.started(topic=Topic.SERVICE_CENTRE)
    forward = walk.until(request, StationRole.FORWARD, "regional_directorate")
    pass_on(by=walk.hand_of(forward), station=forward)
    station, case = walk.the_open(request), request.petition.case
    client = as_user("rd-bb.krm")
    said = client.get(page(station)).content.decode()
    assert (request.petition.number in said, "<textarea" in said) == (True, True)
    assert not [secret for secret in (case.reference, case.subject, case.text, "Öztürk") if secret in said]
    assert client.post(page(station, "petitions:statement_paper"), typed()).status_code == 302
    pass_on(by=actor("rd-bb.krm"), station=station)
    assert client.get(page(station)).status_code == 404
