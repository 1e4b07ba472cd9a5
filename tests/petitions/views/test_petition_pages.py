"""The page of a petition: opened with its first request, shown with its chain, decided, waived."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from cases.rules.kinds import Kind
from petitions.actions.outcome import decide
from petitions.actions.requests import extend_request
from petitions.models import DecisionOption, Petition
from petitions.rules.vocabulary import Requester, StationRole
from tests.cast import TODAY, actor
from tests.petitions import walk
from tests.scene import PDF, person

pytestmark = pytest.mark.usefixtures("house")
FORM = {
    "requester": "bundestag", "competence": "federal", "topic": "benefits", "form": "single", "supporters": "1",
    "number": "Pet 4-20-11-81501-011345", "is_immediate": "on",
}  # fmt: skip


@pytest.fixture
def krm(client):
    client.force_login(person("pankow.krm"))
    return client


def first_request(**changes) -> dict:
    today = timezone.localdate()
    values = {
        "kind": "first", "answer_form": "full", "dated_on": today.isoformat(), "received_on": today.isoformat(),
        "due_on": (today + timedelta(days=60)).isoformat(), "originals": "3", "text": "Bitte Stellung nehmen.",
    }  # fmt: skip
    return {"with_request": "1"} | {f"first-{name}": value for name, value in (values | changes).items()}


def shown(client, url: str) -> str:
    answer = client.get(url)
    assert answer.status_code == 200
    return answer.content.decode()


def test_a_case_becomes_a_petition_with_its_first_request_and_the_letter_of_it(krm):
    case = walk.case(actor("pankow.krm", timezone.localdate()))
    url = reverse("petitions:open", args=[case.reference])
    assert "Als Petition führen" in shown(krm, case.get_absolute_url())

    answer = krm.post(url, FORM | first_request() | {"first-file": SimpleUploadedFile("anforderung.pdf", PDF)})
    petition = Petition.objects.get(case=case)
    request = petition.requests.get()

    assert answer.headers["Location"] == petition.get_absolute_url()
    assert (petition.requester, request.originals, request.document.name) == ("bundestag", 3, "anforderung.pdf")
    page = shown(krm, petition.get_absolute_url())
    assert "So ginge der Weg" in page
    assert "Berichtsweg beginnen" in page


def test_what_cannot_be_so_stands_at_its_field_and_nothing_typed_is_lost(krm):
    case = walk.case(actor("pankow.krm", timezone.localdate()))
    typed = FORM | first_request(due_on="", text="Wichtig.") | {"requester_name": "Ausschuss 4", "supporters": "7"}
    answer = krm.post(reverse("petitions:open", args=[case.reference]), typed)
    page = answer.content.decode()

    assert answer.status_code == 422
    assert "Hinter einer Einzelpetition steht genau eine Person." in page
    assert "Ausschuss 4" in page
    assert "Wichtig." in page
    assert not Petition.objects.filter(case=case).exists()

    answer = krm.post(reverse("petitions:open", args=[case.reference]), typed | {"supporters": "1"})
    assert "Bitte die Frist aus der Anforderung eintragen; berechnet wird sie nicht (B2-7)." in answer.content.decode()
    assert not Petition.objects.filter(case=case).exists()


def test_a_complaint_is_offered_no_petition(krm):
    case = walk.case(actor("pankow.krm", timezone.localdate()), kind=Kind.COMPLAINT)

    assert "Als Petition führen" not in shown(krm, case.get_absolute_url())
    answer = krm.post(reverse("petitions:open", args=[case.reference]), FORM)
    assert "bitte zuerst die Art ändern (GER-8)" in answer.content.decode()


def test_another_petition_is_named_by_its_number_and_only_one_in_sight(krm):
    earlier, foreign = walk.petition(), walk.petition("gera")
    case = walk.case(actor("pankow.krm", timezone.localdate()))
    url = reverse("petitions:open", args=[case.reference])

    answer = krm.post(url, FORM | {"repeats": foreign.case.reference})
    assert "Diese Petition gibt es hier nicht" in answer.content.decode()
    krm.post(url, FORM | {"repeats": earlier.case.reference.lower()})
    assert Petition.objects.get(case=case).repeats == earlier


def test_the_page_shows_who_has_it_and_what_a_return_cost(krm):
    request = walk.started()
    station = walk.until(request, StationRole.AGREE, "regional_directorate")
    walk.gives_back(station, "all/house/team_lead/draft", "Der Sachverhalt fehlt.")

    page = shown(krm, request.petition.get_absolute_url())
    assert "Tobias Lindner" in page
    table = shown(krm, request.get_absolute_url())
    assert "1. Durchgang" in table
    assert "Der Sachverhalt fehlt." in table


def test_an_extension_keeps_the_old_date_and_the_former_plan_in_sight(krm):
    request = walk.started()
    extend_request(
        by=walk.desk(request.petition), request=request, new_due_on=walk.OUTSIDE + timedelta(days=28), reason="Ferien",
        dated_on=TODAY, received_on=TODAY,
    )  # fmt: skip

    assert "verlängert vom Fr 26.02.2027 auf den Fr 26.03.2027: Ferien" in shown(
        krm, request.petition.get_absolute_url()
    )
    assert "Geplante Tage der Fassung 1" in shown(krm, request.get_absolute_url())


def test_both_dates_of_germersheim_stand_with_their_sources_and_the_earlier_binds(client):
    request = walk.request(walk.petition("germersheim"))
    client.force_login(person("germersheim.krm"))
    page = shown(client, request.get_absolute_url())

    assert "Die Quellen nennen verschiedene Tage; der frühere bindet (K15)." in page
    assert page.count("(GER-26, K15)") == 1
    assert page.count("(GER-27, K15)") == 1


def test_decision_report_and_the_word_to_the_petitioner_are_entered_one_after_the_other(krm):
    request = walk.finished(walk.started())
    petition, today = request.petition, timezone.localdate()
    option = DecisionOption.objects.filter(office=petition.case.office_id, requester=Requester.BUNDESTAG)[0]
    entered = {"option": option.pk, "decided_on": today.isoformat(), "report_due_on": "2027-05-31"}
    krm.post(reverse("petitions:decision_new", args=[petition.case.reference]), entered)
    decision = petition.decisions.get()
    assert "Bericht eintragen" in shown(krm, petition.get_absolute_url())

    krm.post(reverse("petitions:report", args=[decision.pk]), {"on": today.isoformat(), "note": "Es ist abgeholfen."})
    krm.post(reverse("petitions:told", args=[decision.pk]), {"on": today.isoformat(), "settlement": "letter"})
    decision.refresh_from_db()

    assert (decision.reported_on, decision.told_on) == (today, today)
    assert "Es ist abgeholfen." in shown(krm, petition.get_absolute_url())


def test_a_decision_before_the_petition_came_is_refused_at_its_field(krm):
    petition = walk.petition()
    option = DecisionOption.objects.filter(office=petition.case.office_id, requester=Requester.BUNDESTAG)[0]
    url = reverse("petitions:decision_new", args=[petition.case.reference])
    answer = krm.post(url, {"option": option.pk, "decided_on": "2020-01-01", "consequence": "Nachzahlung"})

    assert answer.status_code == 422
    assert "Die Entscheidung kann nicht vor dem Eingang gefallen sein." in answer.content.decode()
    assert "Nachzahlung" in answer.content.decode()


def test_a_waiver_needs_the_signed_paper(krm):
    petition = walk.petition()
    url, today = reverse("petitions:waiver", args=[petition.case.reference]), timezone.localdate().isoformat()
    answer = krm.post(url, {"on": today, "reasons": "Ist umgezogen."})
    assert (answer.status_code, "Ist umgezogen." in answer.content.decode()) == (422, True)

    krm.post(url, {"on": today, "reasons": "Ist umgezogen.", "paper": SimpleUploadedFile("verzicht.pdf", PDF)})
    petition.refresh_from_db()
    assert (petition.waiver.name, petition.waiver_reasons) == ("verzicht.pdf", "Ist umgezogen.")


def test_a_decision_of_another_house_does_not_exist(client):
    petition = walk.petition("gera")
    option = DecisionOption.objects.filter(office=petition.case.office_id, requester=Requester.BUNDESTAG)[0]
    decision = decide(by=actor("gera.krm"), petition=petition, option=option, decided_on=TODAY)
    client.force_login(person("pankow.krm"))

    assert client.get(reverse("petitions:told", args=[decision.pk])).status_code == 404
    assert client.get(petition.get_absolute_url()).status_code == 404
