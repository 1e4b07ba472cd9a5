"""Whom an Abgabe is about is kept out of it as out of a case: no page, letter, file, signature (B4-8, PAN-7)."""

import pytest
from django.urls import reverse

from cases.letters.actions.writing import draft_letter, edit_letter
from cases.letters.reading.paper import visible_letters
from cases.models import Case, Event, Letter, Transfer
from cases.recusal.actions.complained_about_transfer import name_on_transfer, unname_on_transfer
from cases.rules.registration import EmployeeData
from cases.rules.transfers import TransferData
from cases.rules.triage import Reason
from cases.signing.actions import submit_letter
from cases.signing.reading.signers import why_may_not_sign
from cases.transfers.actions.data_protection import ask_lead
from cases.transfers.actions.edit import edit_transfer
from cases.transfers.actions.triage import hand_over, register_transfer, split_off
from cases.transfers.reading.data_protection import leads_to_ask
from offices.errors import NotAllowed
from offices.models import Membership, User
from tests import make
from tests.cast import TODAY, actor
from tests.scene import FILE

EVERYBODY = ["krm", "krm2", "gf", "lgf", "bl", "tl", "tl2", "ma", "vz", "dsb", "admin"]
pytestmark = pytest.mark.usefixtures("house")


def person(name: str) -> User:
    return User.objects.get(username=f"pankow.{name}")


def register(house, *, about: tuple[EmployeeData, ...] = (), by: str = "krm", **changes) -> Transfer:
    values = {
        "reason": Reason.CONDUCT_COMPLAINT, "subject": "Frau Ahrens hat mich angeschrien", "text": "Am Tresen.",
        "received_on": TODAY, "recipient": "Interner Service", "person": make.PERSON, "employees": about,
    }  # fmt: skip
    data = TransferData(**values | changes)
    return register_transfer(by=actor(f"pankow.{by}"), office=house["pankow"], data=data)


def readers(transfer: Transfer) -> set[str]:
    return {
        who for who in EVERYBODY if Transfer.objects.visible_to(actor(f"pankow.{who}")).filter(pk=transfer.pk).exists()
    }


def about(*names: str) -> tuple[EmployeeData, ...]:
    return tuple(EmployeeData(user_id=person(name).pk) for name in names)


def test_who_is_named_at_registration_never_sees_it(house):
    assert readers(register(house)) == {"krm", "krm2", "gf", "vz"}
    assert readers(register(house, about=about("krm"), by="krm2")) == {"krm2", "gf", "vz"}


def test_a_name_from_the_letter_keeps_nobody_out(house):
    transfer = register(house, about=(EmployeeData(name="Herr Blau vom Empfang"),))

    assert [str(entry) for entry in transfer.complained_about.all()] == ["Herr Blau vom Empfang"]
    assert readers(transfer) == {"krm", "krm2", "gf", "vz"}


def test_a_person_of_another_house_is_refused(house):
    stranger = User.objects.get(username="gera.krm")

    with pytest.raises(NotAllowed, match="gehört nicht zur Dienststelle"):
        register(house, about=(EmployeeData(user_id=stranger.pk),))
    assert not Transfer.objects.exists()


def test_rows_of_an_abgabe_hide_no_case(house):
    case = make.case(actor("pankow.krm2"))
    register(house, about=about("krm"), by="krm2")

    assert Case.objects.visible_to(actor("pankow.krm")).filter(pk=case.pk).exists()


def test_where_it_is_about_the_geschaeftsfuehrung_nobody_near_it_sees_it_whatever_the_reason(house):
    transfer = register(house, about=about("gf"), reason=Reason.DATA_PROTECTION)
    hand_over(by=actor("pankow.krm"), transfer=transfer, way="Hauspost")

    assert readers(transfer) == {"krm", "krm2", "dsb"}


def test_the_officer_it_is_about_neither_opens_rewrites_nor_misdirects_it(house, client):
    transfer = register(house, about=about("krm"), by="krm2")
    officer = actor("pankow.krm")
    version = transfer.version

    with pytest.raises(NotAllowed, match="nicht .mehr. zugänglich"):
        edit_transfer(by=officer, transfer=transfer, expected_version=version, changes={"recipient": "Ablage"})
    with pytest.raises(NotAllowed, match="nicht .mehr. zugänglich"):
        hand_over(by=officer, transfer=transfer, way="Hauspost")
    client.force_login(officer.user)
    for name in ("transfer", "transfer_edit", "transfer_receipt", "transfer_employees"):
        assert client.get(reverse(f"cases:{name}", args=[transfer.reference])).status_code == 404, name
    transfer.refresh_from_db()
    assert (transfer.recipient, transfer.handed_over_at) == ("Interner Service", None)


def test_files_and_letters_of_it_are_closed_to_them_too(house, client):
    transfer = register(house, about=about("krm"), by="krm2", files=(FILE,))
    draft_letter(by=actor("pankow.krm2"), transfer=transfer, kind=Letter.Kind.TRANSFER)
    officer = actor("pankow.krm")
    client.force_login(officer.user)

    assert not visible_letters(officer).exists()
    assert client.get(reverse("cases:document", args=[transfer.documents.get().pk])).status_code == 404


def test_who_is_named_later_loses_sight_tasks_and_signatures(house):
    krm, dsb = actor("pankow.krm"), actor("pankow.dsb")
    transfer = register(house, reason=Reason.DATA_PROTECTION, recipient="")
    make.handed_over(krm, transfer)
    asked = ask_lead(by=dsb, transfer=transfer, user=person("tl"), task="Stellung nehmen")
    assert "tl" in readers(transfer)

    name_on_transfer(by=krm, transfer=transfer, user=person("tl"))

    asked.refresh_from_db()
    assert (asked.cancelled_on, "tl" in readers(transfer)) == (TODAY, False)
    assert person("tl") not in leads_to_ask(transfer, TODAY)
    entry = Event.objects.get(transfer=transfer, code="transfer.employee_named")
    assert entry.data == {"person": person("tl").pk}


def test_a_letter_that_waits_for_their_signature_is_a_draft_again(house):
    krm = actor("pankow.krm")
    transfer = register(house, by="krm2", reason=Reason.DATA_PROTECTION, recipient="")
    make.handed_over(krm, transfer)
    letter = draft_letter(by=krm, transfer=transfer, kind=Letter.Kind.DATA_PROTECTION)
    changes = {"body": "Die Akten liegen jetzt im Schrank."}
    letter = edit_letter(by=krm, letter=letter, expected_version=letter.version, **changes)
    letter = submit_letter(by=krm, letter=letter, expected_version=letter.version)
    signer = letter.assignments.open().get().user

    name_on_transfer(by=krm, transfer=transfer, user=signer)

    letter.refresh_from_db()
    assert (letter.submitted_at, letter.assignments.open().exists()) == (None, False)
    assert why_may_not_sign(actor(signer.username), letter)


def test_a_mistake_is_taken_back(house):
    krm = actor("pankow.krm")
    transfer = register(house)
    entry = name_on_transfer(by=krm, transfer=transfer, user=person("krm2"))
    assert readers(transfer) == {"krm", "gf", "vz"}

    unname_on_transfer(by=krm, transfer=transfer, entry=entry)

    assert readers(transfer) == {"krm", "krm2", "gf", "vz"}
    with pytest.raises(NotAllowed, match="schon entfernt"):
        unname_on_transfer(by=krm, transfer=transfer, entry=entry)


def test_naming_twice_nobody_or_a_stranger_is_refused(house):
    krm, transfer = actor("pankow.krm"), register(house)
    name_on_transfer(by=krm, transfer=transfer, user=person("ma"))

    for arguments, sentence in (
        ({"user": person("ma")}, "schon eingetragen"),
        ({"name": "  "}, "Person auswählen"),
        ({"user": User.objects.get(username="gera.ma")}, "gehört nicht zur Dienststelle"),
    ):
        with pytest.raises(NotAllowed, match=sentence):
            name_on_transfer(by=krm, transfer=transfer, **arguments)


def test_somebody_of_the_desk_always_keeps_it(house):
    with pytest.raises(NotAllowed, match="niemand mehr diese Abgabe öffnen"):
        register(house, about=about("krm", "krm2"))
    transfer = register(house, about=about("krm2"))
    with pytest.raises(NotAllowed, match="niemand mehr diese Abgabe öffnen"):
        name_on_transfer(by=actor("pankow.krm"), transfer=transfer, user=person("krm"))
    Membership.objects.filter(user=person("krm2")).delete()
    assert "krm" in readers(transfer)


def test_what_left_an_open_case_follows_the_names_of_the_case(house):
    krm = actor("pankow.krm")
    case = make.case(krm, employees=about("bl"))
    transfer = split_off(by=krm, case=case, reason=Reason.DATA_PROTECTION, text="Offene Akten.")

    with pytest.raises(NotAllowed, match=case.reference):
        name_on_transfer(by=krm, transfer=transfer, user=person("tl"))


def test_the_page_names_and_takes_back(house, client):
    transfer = register(house)
    client.force_login(person("krm"))
    url = reverse("cases:transfer_employees", args=[transfer.reference])

    assert client.post(url, {"user": person("krm2").pk}).status_code == 302
    assert "ohne Zugriff" in client.get(transfer.get_absolute_url()).content.decode()
    entry = transfer.complained_about.get()
    client.post(reverse("cases:transfer_employee_remove", args=[transfer.reference, entry.pk]))
    assert not transfer.complained_about.exists()


def test_the_page_for_kein_krm_asks_whom_it_is_about(house, client):
    client.force_login(person("krm"))
    sent = {
        "reason": "conduct_complaint", "proposed_for": "conduct_complaint", "recipient": "Interner Service",
        "channel": "letter", "received_on": TODAY.isoformat(), "subject": "Ton am Tresen",
        "employee-0-user": person("krm2").pk, "employee-1-name": "Frau Grün",
    }  # fmt: skip

    client.post(reverse("cases:transfer_new"), sent)

    assert {str(e) for e in Transfer.objects.get().complained_about.all()} == {str(person("krm2")), "Frau Grün"}
