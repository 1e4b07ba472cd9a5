"""The page of a letter: written, issued, sent, and never by the wrong person."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from cases.letters.actions.writing import EDITABLE, draft_letter, edit_letter
from cases.models import Case, Letter, Person
from cases.tasks import render_letters
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
    return make.case(person("pankow.krm"), received_on=timezone.localdate())


@pytest.fixture
def letter(case) -> Letter:
    return draft_letter(by=person("pankow.krm"), case=case, kind=Letter.Kind.ACKNOWLEDGEMENT)


def url(name: str, letter: Letter) -> str:
    return reverse(f"cases:{name}", args=[letter.pk])


def typed(letter: Letter, **changes) -> dict:
    return {name: getattr(letter, name) for name in EDITABLE} | {"version": letter.version} | changes


def primary_buttons(response) -> int:
    return response.content.decode().count("kern-btn--primary")


def test_a_draft_is_made_from_the_case_and_opened(krm, case):
    response = krm.post(reverse("cases:letter_draft", args=[case.reference, "acknowledgement"]))
    assert (response.status_code, response.url) == (302, url("letter", case.letters.get()))


def test_the_page_names_the_rule_that_asks_for_the_acknowledgement_k1(krm, letter):
    deadline = letter.case.deadlines.get(kind="acknowledgement")
    response = krm.get(url("letter", letter))
    assert f"Regelwerk K1: {deadline.rule}" in response.content.decode()


def test_saving_keeps_the_text_and_stays_on_the_page(krm, letter):
    response = krm.post(url("letter", letter), typed(letter, subject="Ihr Anliegen"))
    letter.refresh_from_db()
    assert (response.status_code, response.url, letter.subject) == (302, url("letter", letter), "Ihr Anliegen")


def test_saving_an_older_version_shows_both_texts_and_saves_on_the_next_try(krm, letter):
    edit_letter(by=person("pankow.krm2"), letter=letter, expected_version=1, subject="Von der Kollegin")
    response = krm.post(url("letter", letter), typed(letter, subject="Von mir"))
    page = response.content.decode()
    assert ["<del>Von der Kollegin</del>" in page, "<ins>Von mir</ins>" in page] == [True, True]
    assert response.context["version"] == 2
    krm.post(url("letter", letter), typed(letter, subject="Von mir", version=2))
    letter.refresh_from_db()
    assert letter.subject == "Von mir"


def test_issuing_saves_what_stands_in_the_form(krm, letter):
    today = timezone.localdate().isoformat()
    krm.post(url("letter_issue", letter), typed(letter, subject="Zuletzt getippt", dated_on=today))
    letter.refresh_from_db()
    assert (letter.subject, letter.state) == ("Zuletzt getippt", "ausgefertigt")


def test_what_cannot_be_issued_comes_back_with_the_reason_and_everything_typed(krm, letter):
    response = krm.post(
        url("letter_issue", letter),
        typed(letter, contact_phone="", body="Neuer Text", dated_on=timezone.localdate().isoformat()),
    )
    assert response.context["form"].errors == {
        "contact_phone": ["Das Schreiben nennt noch keine Ansprechperson mit Telefonnummer."]
    }
    assert response.context["form"]["body"].value() == "Neuer Text"
    letter.refresh_from_db()
    assert (letter.state, response.context["version"]) == ("Entwurf", letter.version)


def test_an_impossible_date_is_an_error_of_its_field(krm, letter):
    response = krm.post(url("letter_issue", letter), typed(letter, dated_on="31.02.2026"))
    assert response.context["issue"].errors == {
        "dated_on": ["Dieses Datum gibt es nicht. Bitte als TT.MM.JJJJ angeben."]
    }


def test_exactly_one_button_is_prominent_until_the_letter_is_sent(krm, letter):
    counts = [primary_buttons(krm.get(url("letter", letter)))]
    today = timezone.localdate().isoformat()
    krm.post(url("letter_issue", letter), typed(letter, dated_on=today))
    counts.append(primary_buttons(krm.get(url("letter", letter))))
    response = krm.post(url("letter_dispatch", letter), {"sent_on": today, "way": "post"})
    counts.append(primary_buttons(krm.get(url("letter", letter))))
    assert counts == [1, 1, 0]
    assert response.url == letter.case.get_absolute_url()


def test_sending_twice_from_two_open_pages_happens_once(krm, letter):
    today = timezone.localdate().isoformat()
    krm.post(url("letter_issue", letter), typed(letter, dated_on=today))
    krm.post(url("letter_dispatch", letter), {"sent_on": today, "way": "post"})
    response = krm.post(url("letter_dispatch", letter), {"sent_on": today, "way": "fax"})
    letter.refresh_from_db()
    assert letter.way == "post"
    assert response.context["dispatch"].non_field_errors() == [
        f"Das Schreiben wurde schon am {timezone.localdate():%d.%m.%Y} versandt."
    ]


def test_an_issued_letter_goes_back_to_draft_and_a_draft_can_be_discarded(krm, letter):
    krm.post(url("letter_issue", letter), typed(letter, dated_on=timezone.localdate().isoformat()))
    page = krm.post(url("letter_withdraw", letter))
    assert (page.status_code, list(page.context["take_back"].errors)) == (422, ["note"])
    krm.post(url("letter_withdraw", letter), {"note": "Das Datum stimmt nicht."})
    letter.refresh_from_db()
    assert letter.state == "Entwurf"
    response = krm.post(url("letter_discard", letter))
    assert (response.url, Letter.objects.count()) == (letter.case.get_absolute_url(), 0)


def test_the_preview_shows_what_is_being_typed_and_saves_nothing(krm, letter):
    response = krm.post(url("letter_preview", letter), typed(letter, subject="<b>Noch nicht</b> gespeichert"))
    page = response.content.decode()
    letter.refresh_from_db()
    assert "&lt;b&gt;Noch nicht&lt;/b&gt; gespeichert" in page
    assert letter.version == 1


@pytest.mark.parametrize("is_issued", [False, True])
def test_the_pdf_is_shown_in_the_browser_and_kept_out_of_caches(krm, letter, is_issued):
    if is_issued:
        krm.post(url("letter_issue", letter), typed(letter, dated_on=timezone.localdate().isoformat()))
        render_letters()
    response = krm.get(url("letter_pdf", letter))
    assert response.content[:5] == b"%PDF-"
    assert {name: response[name] for name in ("Content-Type", "X-Content-Type-Options", "Cache-Control")} == {
        "Content-Type": "application/pdf",
        "X-Content-Type-Options": "nosniff",
        "Cache-Control": "no-store",
    }
    assert response["Content-Disposition"].startswith("inline;")


def test_the_chosen_accessible_form_is_shown_with_every_letter_b6_4(krm, letter):
    Person.objects.filter(case=letter.case).update(accessible_form=Person.AccessibleForm.LARGE_PRINT)
    assert "<strong>Großdruck</strong>" in krm.get(url("letter", letter)).content.decode()


@pytest.mark.parametrize("username", ["gera.krm", "pankow.tl2", "pankow.admin", "pankow.revision"])
@pytest.mark.parametrize("name", ["letter", "letter_pdf"])
def test_strangers_find_nothing(client, letter, username, name):
    client.force_login(User.objects.get(username=username))
    Case.objects.filter(pk=letter.case_id).update(is_sealed=username == "pankow.tl2")
    assert client.get(url(name, letter)).status_code == 404


def test_the_front_office_sees_the_draft_but_cannot_write(client, letter):
    client.force_login(User.objects.get(username="pankow.vz"))
    page = client.get(url("letter", letter)).content.decode()
    assert ["Ihre Rolle umfasst nicht: Schreiben entwerfen und ausfertigen." in page, "<textarea" in page] == [
        True,
        False,
    ]
    response = client.post(url("letter", letter), typed(letter, subject="Doch"))
    letter.refresh_from_db()
    assert (response.status_code, letter.subject == "Doch") == (200, False)


def test_a_date_in_the_future_is_refused_on_dispatch(krm, letter):
    today = timezone.localdate()
    krm.post(url("letter_issue", letter), typed(letter, dated_on=today.isoformat()))
    tomorrow = (today + timedelta(days=1)).isoformat()
    response = krm.post(url("letter_dispatch", letter), {"sent_on": tomorrow, "way": "post"})
    assert response.context["dispatch"].non_field_errors() == ["Der Versand kann nicht in der Zukunft liegen."]
