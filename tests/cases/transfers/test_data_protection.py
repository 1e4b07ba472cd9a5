"""Datenschutz inside the house: a part goes to the DPO, who answers; the Geschäftsführung signs (K11; PAN-11)."""

import pytest
from django.urls import reverse
from django.utils import timezone

from cases.letters.actions.writing import discard_letter, dispatch_letter, draft_letter, edit_letter
from cases.models import Case, Event, Letter, Transfer
from cases.recusal.actions.complained_about import name_employee
from cases.rules.registration import EmployeeData
from cases.rules.transfers import TransferData
from cases.rules.triage import Reason
from cases.signing.actions import issue_letter, submit_letter
from cases.transfers.actions.data_protection import ask_lead, finish_request
from cases.transfers.actions.triage import hand_over, register_transfer, split_off
from cases.transfers.reading.data_protection import leads_to_ask, taking_part, transfers_for_dpo
from cases.transfers.reading.receivers import usual_day
from offices.errors import NotAllowed
from offices.models import Membership, Office, Substitution, User
from tests import make
from tests.cast import actor as actor_on

pytestmark = pytest.mark.usefixtures("house")

TODAY = timezone.localdate()
PART = "Meine Kontoauszüge lagen offen auf dem Tresen."


def acting(username: str):
    return actor_on(username if "." in username else f"pankow.{username}", TODAY)


def person(username: str) -> User:
    return User.objects.get(username=username if "." in username else f"pankow.{username}")


def deputise(absent: str, deputy: str) -> None:
    Substitution.objects.create(absent=person(absent), deputy=person(deputy), from_on=TODAY, until_on=TODAY)


def sees(name: str, transfer: Transfer) -> bool:
    return Transfer.objects.visible_to(acting(name)).filter(pk=transfer.pk).exists()


@pytest.fixture
def krm(house):
    return acting("krm")


@pytest.fixture
def case(krm, house) -> Case:
    unit = house["pankow"].units.get(number="711")
    return make.case(krm, received_on=TODAY, unit_id=unit.pk, text=f"Mein Antrag dauert. {PART}")


@pytest.fixture
def pending(krm, case) -> Transfer:
    return split_off(by=krm, case=case, reason=Reason.DATA_PROTECTION, text=PART)


@pytest.fixture
def transfer(krm, pending) -> Transfer:
    return make.handed_over(krm, pending)


# What the DPO sees


def test_the_dpo_sees_it_once_it_was_handed_over_and_never_the_case(krm, case, pending):
    assert not sees("dsb", pending)

    make.handed_over(krm, pending)

    assert sees("dsb", pending)
    assert not Case.objects.visible_to(acting("dsb")).filter(pk=case.pk).exists()
    assert Case.objects.get(pk=case.pk).is_open


def test_who_stands_in_for_the_dpo_sees_it_on_these_days(transfer):
    assert not sees("traeger", transfer)
    deputise("dsb", "traeger")

    assert sees("traeger", transfer)


def test_no_other_reason_reaches_the_dpo(krm, house):
    data = TransferData(reason=Reason.OBJECTION, subject="Widerspruch", received_on=TODAY)
    other = hand_over(by=krm, transfer=register_transfer(by=krm, office=house["pankow"], data=data), way="Hauspost")

    assert not sees("dsb", other)


def test_a_matter_that_never_was_a_case_reaches_the_dpo_too(krm, house):
    data = TransferData(reason=Reason.DATA_PROTECTION, subject="Auskunft", text=PART, received_on=TODAY)
    alone = make.handed_over(krm, register_transfer(by=krm, office=house["pankow"], data=data))

    assert [row.transfer for row in transfers_for_dpo(acting("dsb"))] == [alone]


def test_a_dpo_whom_the_case_complains_about_does_not_see_it(krm, case, transfer):
    name_employee(by=krm, case=case, user=person("dsb"))

    assert not sees("dsb", transfer)
    assert transfers_for_dpo(acting("dsb")) == []


def test_the_dpo_of_another_office_sees_nothing(transfer):
    assert not sees("gera.dsb", transfer)


def test_in_a_case_against_the_geschaeftsfuehrung_the_dpo_still_gets_it_unless_she_leads(krm, house):
    about = (EmployeeData(user_id=person("gf").pk),)
    against = make.case(krm, received_on=TODAY, employees=about)
    part = split_off(by=krm, case=against, reason=Reason.DATA_PROTECTION, text=PART)
    make.handed_over(krm, part)
    assert [sees(name, part) for name in ("dsb", "gf")] == [True, False]

    unit = house["pankow"].units.get(number="72")
    Membership.objects.create(user=person("dsb"), office=house["pankow"], role="lgf", unit=unit, from_on=TODAY)

    assert not sees("dsb", part)


# Her pages


def test_her_list_shows_what_is_unanswered_and_nothing_of_the_desk(client, krm, transfer, house):
    data = TransferData(reason=Reason.INQUIRY, subject="Eine Frage", received_on=TODAY)
    register_transfer(by=krm, office=house["pankow"], data=data)
    client.force_login(person("dsb"))

    response = client.get(reverse("cases:transfers"))

    assert [row.transfer for row in response.context["page_obj"]] == [transfer]
    assert "noch keine Antwort" in response.content.decode()
    assert "Eine Frage" not in response.content.decode()


def test_her_page_shows_the_part_and_not_the_rest(client, case, transfer):
    client.force_login(person("dsb"))

    content = client.get(transfer.get_absolute_url()).content.decode()

    assert PART in content
    assert "Mein Antrag dauert" not in content
    assert case.reference in content
    assert case.get_absolute_url() not in content
    assert "Antwort schreiben" in content
    assert "Abgabenachricht" not in content
    assert "Beteiligt: Teamleitung. Schlusszeichnung: Geschäftsführung." in content


def test_the_desk_gets_the_link_to_the_case(client, case, transfer):
    client.force_login(person("krm"))

    assert case.get_absolute_url() in client.get(transfer.get_absolute_url()).content.decode()


def test_splitting_takes_two_clicks_and_says_that_the_rest_goes_on(client, case):
    client.force_login(person("krm"))
    url = f"{reverse('cases:transfer_new')}?case={case.reference}&reason=data_protection"
    page = client.get(url)
    assert page.context["form"]["extent"].value() == "part"
    assert f"Das Übrige bleibt der Vorgang {case.reference} und läuft mit seinen Fristen weiter." in (
        page.content.decode()
    )

    sent = {
        "proposed_for": "data_protection", "reason": "data_protection", "recipient": "Datenschutzbeauftragte/r",
        "extent": "part", "text": PART,
    }  # fmt: skip
    split = client.post(url, sent)
    given = {"way": "Hauspost", "receiver": person("dsb").pk, "due_on": usual_day(Transfer.objects.get(), TODAY)}
    client.post(reverse("cases:transfer_hand_over", args=[split.url.split("/")[-2]]), given)

    transfer = Transfer.objects.get(case=case)
    assert transfer.handed_over_at
    assert Case.objects.get(pk=case.pk).is_open
    story = client.get(case.get_absolute_url()).content.decode()
    assert f"Teil abgetrennt als {transfer.reference}" in story


# Her answer


def test_the_dpo_drafts_the_geschaeftsfuehrung_signs_the_krm_sends(krm, transfer):
    dpo, gf = acting("dsb"), acting("gf")
    letter = draft_letter(by=dpo, transfer=transfer, kind=Letter.Kind.DATA_PROTECTION)
    body = "Ihre Unterlagen liegen jetzt verschlossen."
    letter = edit_letter(by=dpo, letter=letter, expected_version=letter.version, body=body)
    letter = submit_letter(by=dpo, letter=letter, expected_version=letter.version)
    with pytest.raises(NotAllowed):
        issue_letter(by=dpo, letter=letter, expected_version=letter.version, dated_on=TODAY)
    letter = issue_letter(by=gf, letter=letter, expected_version=letter.version, dated_on=TODAY)
    with pytest.raises(NotAllowed, match="Ihre Rolle umfasst"):
        dispatch_letter(by=dpo, letter=letter, sent_on=TODAY, way=Letter.Way.POST)
    dispatch_letter(by=krm, letter=letter, sent_on=TODAY, way=Letter.Way.POST)

    (row,) = transfers_for_dpo(dpo)
    assert (row.is_answered, row.state) == (True, "Antwort: versandt")


def test_the_dpo_writes_no_other_letter(krm, case, transfer):
    dpo = acting("dsb")
    notice = draft_letter(by=krm, transfer=transfer, kind=Letter.Kind.TRANSFER)
    attempts = [
        lambda: draft_letter(by=dpo, transfer=transfer, kind=Letter.Kind.TRANSFER),
        lambda: draft_letter(by=dpo, case=case, kind=Letter.Kind.FINAL),
        lambda: edit_letter(by=dpo, letter=notice, expected_version=notice.version, body="anders"),
        lambda: discard_letter(by=dpo, letter=notice),
        lambda: submit_letter(by=dpo, letter=notice, expected_version=notice.version),
    ]

    for attempt in attempts:
        with pytest.raises(NotAllowed):
            attempt()
    assert Letter.objects.get() == notice


def test_the_dpo_writes_nothing_before_it_was_handed_over(pending):
    with pytest.raises(NotAllowed, match="nicht \\(mehr\\) zugänglich"):
        draft_letter(by=acting("dsb"), transfer=pending, kind=Letter.Kind.DATA_PROTECTION)


# Who takes part


def test_k11_says_who_takes_part(house):
    said = {slug: taking_part(Office.objects.get(slug=slug).rule_sets.get().parameters) for slug in ("pankow", "gera")}

    assert said == {"pankow": "Beteiligt: Teamleitung. Schlusszeichnung: Geschäftsführung.", "gera": ""}


def test_a_teamleitung_who_is_asked_sees_this_matter_and_says_that_she_gave_her_part(transfer):
    assert not sees("tl", transfer)

    asked = ask_lead(by=acting("dsb"), transfer=transfer, user=person("tl"), task="zum Tresen Stellung nehmen")
    again = ask_lead(by=acting("krm"), transfer=transfer, user=person("tl"), task="noch einmal")
    assert (again, sees("tl", transfer), sees("tl2", transfer)) == (asked, True, False)
    finish_request(by=acting("tl"), assignment=asked)

    asked.refresh_from_db()
    codes = Event.objects.filter(transfer=transfer, data__assignment=asked.pk).order_by("seq")
    assert [event.code for event in codes] == ["assignment.made", "assignment.done"]
    assert (asked.done_by, sees("tl", transfer)) == (person("tl"), False)
    with pytest.raises(NotAllowed, match="zugänglich"):
        finish_request(by=acting("tl"), assignment=asked)


def test_who_stands_in_gives_the_part_in_her_place(transfer):
    asked = ask_lead(by=acting("dsb"), transfer=transfer, user=person("tl"), task="Stellung nehmen")
    with pytest.raises(NotAllowed, match="zugänglich"):
        finish_request(by=acting("ma"), assignment=asked)
    deputise("tl", "ma")

    finish_request(by=acting("ma"), assignment=asked)

    assert Event.objects.get(code="assignment.done").for_user == person("tl")


def test_only_roles_that_k11_involves_are_asked_and_nobody_kept_out(krm, case, transfer):
    name_employee(by=krm, case=case, user=person("tl"))
    transfer = Transfer.objects.get(pk=transfer.pk)

    assert list(leads_to_ask(transfer, TODAY)) == [person("tl2")]
    for name in ("tl", "bl", "ma"):
        with pytest.raises(NotAllowed, match="nicht beteiligt werden"):
            ask_lead(by=krm, transfer=transfer, user=person(name), task="Stellung nehmen")


def test_naming_her_as_complained_about_takes_the_request_back(krm, case, transfer):
    asked = ask_lead(by=krm, transfer=transfer, user=person("tl"), task="Stellung nehmen")

    name_employee(by=krm, case=case, user=person("tl"))

    asked.refresh_from_db()
    assert (asked.is_open, sees("tl", transfer)) == (False, False)


def test_the_geschaeftsfuehrung_does_not_ask_and_nobody_does_before_the_hand_over(krm, case, transfer):
    with pytest.raises(NotAllowed, match="oder vom KRM"):
        ask_lead(by=acting("gf"), transfer=transfer, user=person("tl"), task="Stellung nehmen")
    other = split_off(by=krm, case=case, reason=Reason.DATA_PROTECTION, text="Noch etwas")
    with pytest.raises(NotAllowed, match="zuerst die Abgabe"):
        ask_lead(by=krm, transfer=other, user=person("tl"), task="Stellung nehmen")


def test_an_asked_teamleitung_writes_no_letter_about_it(krm, transfer):
    ask_lead(by=krm, transfer=transfer, user=person("tl"), task="Stellung nehmen")

    for kind in (Letter.Kind.TRANSFER, Letter.Kind.DATA_PROTECTION):
        with pytest.raises(NotAllowed):
            draft_letter(by=acting("tl"), transfer=transfer, kind=kind)


def test_the_asked_teamleitung_finds_her_button_on_the_page(client, krm, transfer):
    asked = ask_lead(by=krm, transfer=transfer, user=person("tl"), task="zum Tresen Stellung nehmen")
    client.force_login(person("tl"))

    content = client.get(transfer.get_absolute_url()).content.decode()
    client.post(reverse("cases:transfer_asked_done", args=[transfer.reference, asked.pk]))

    asked.refresh_from_db()
    assert "Mein Beitrag ist gegeben" in content
    assert not asked.is_open
