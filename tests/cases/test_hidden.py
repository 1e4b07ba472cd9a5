"""What somebody does not see is neither named nor counted on what they do see (B4-1, B4-8, PAN-7)."""

import pytest
from django.template.loader import render_to_string
from django.urls import reverse

from cases.access import seal
from cases.deadlines.actions.calendar_change import add_closing
from cases.directives.reading.sheets import documentation
from cases.leaving.reading.plan import still_open
from cases.models import Assignment, Case, Event, Transfer
from cases.recusal.actions.complained_about_transfer import name_on_transfer
from cases.rules.registration import EmployeeData
from cases.rules.transfers import TransferData
from cases.rules.triage import Reason
from cases.transfers.actions.triage import hand_over, register_transfer, split_off
from offices.errors import NotAllowed
from offices.models import Closing, Office, User
from tests import make
from tests.cast import TODAY, actor

pytestmark = [pytest.mark.both_databases, pytest.mark.usefixtures("house")]


def person(name: str) -> User:
    return User.objects.get(username=f"pankow.{name}")


@pytest.fixture
def krm(house):
    return actor("pankow.krm")


@pytest.fixture
def office(house) -> Office:
    return Office.objects.get(slug="pankow")


@pytest.fixture
def case(krm) -> Case:
    return make.case(krm, received_on=TODAY)


@pytest.fixture
def parted(krm, case) -> Transfer:
    """What left the case, handed over, is about the second officer of the KRM; the case itself is not."""
    given = {"reason": Reason.DATA_PROTECTION, "text": "Offene Akten", "recipient": "Aufsicht über den Datenschutz"}
    parted = hand_over(by=krm, transfer=split_off(by=krm, case=case, **given), way="Post")
    Case.objects.filter(pk=case.pk).update(closed_on=TODAY, closed_by=krm.user, status="closed")
    name_on_transfer(by=krm, transfer=parted, user=person("krm2"), name="")
    Case.objects.filter(pk=case.pk).update(closed_on=None, closed_by=None, status="new")
    assert not Transfer.objects.visible_to(actor("pankow.krm2")).exists()
    assert Case.objects.visible_to(actor("pankow.krm2")).filter(pk=case.pk).exists()
    return parted


def page_of(client, name: str, url: str) -> str:
    client.force_login(person(name))
    return client.get(url).text


@pytest.mark.parametrize("filtered", ["", "?verlauf=kontakt", "?verlauf=intern"])
def test_the_story_of_a_case_names_no_abgabe_that_is_hidden(client, case, parted, filtered):
    for name, is_told in (("krm", True), ("krm2", False)):
        pages = [page_of(client, name, case.get_absolute_url() + each) for each in {filtered, ""}]
        assert any(parted.reference in page for page in pages) is is_told, name
        assert any("An die zuständige Stelle abgegeben" in page for page in pages) is is_told, name


def test_the_documentation_sheet_names_no_abgabe_that_is_hidden(case, parted):
    sheets = {
        name: render_to_string("letters/documentation_sheet.html", documentation(case, actor(f"pankow.{name}")))
        for name in ("krm", "krm2")
    }
    assert {name: parted.reference in sheet for name, sheet in sheets.items()} == {"krm": True, "krm2": False}


def test_what_is_split_off_twice_is_refused_without_a_number(case, parted):
    with pytest.raises(NotAllowed, match="schon abgetrennt") as refusal:
        split_off(by=actor("pankow.krm2"), case=case, reason=Reason.DATA_PROTECTION, text="Offene Akten")
    assert parted.reference not in refusal.value.reason


@pytest.mark.parametrize("url", ["cases:transfer", "cases:transfer_receipt"])
@pytest.mark.parametrize(("how", "is_told"), [("open", True), ("sealed", False), ("against", False)])
def test_an_abgabe_names_no_case_that_is_hidden(client, monkeypatch, krm, case, url, how, is_told):
    """Whoever was handed a matter of Datenschutz sees that matter alone (K11), with the number of an ordinary case."""
    shown = []
    monkeypatch.setattr(
        "cases.transfers.reading.receipt.render_sheet",
        lambda template, context: shown.append(render_to_string(template, context)) or b"%PDF",
    )
    parted = split_off(by=krm, case=case, reason=Reason.DATA_PROTECTION, text="Offene Akten")
    parted = make.handed_over(krm, parted)
    if how == "sealed":
        seal(by=krm, case=case)
    Case.objects.filter(pk=case.pk).update(against_management=how == "against")
    assert not Case.objects.visible_to(actor("pankow.dsb")).exists()

    page = page_of(client, "dsb", reverse(url, args=[parted.reference]))
    assert (case.reference in (shown[0] if shown else page)) is is_told


@pytest.mark.parametrize("reason", [Reason.OBJECTION, Reason.AGAINST_MANAGEMENT])
def test_the_administration_is_told_of_no_abgabe_against_the_geschaeftsfuehrung(krm, office, reason):
    data = TransferData(reason=reason, recipient="Träger", subject="s", text="t", received_on=TODAY)
    transfer = register_transfer(by=krm, office=office, data=data)
    Assignment.objects.create(transfer=transfer, kind="take_note", user=person("ma"), since_on=TODAY)

    assert still_open(office, person("ma")) == (["Aufträge"] if reason == Reason.OBJECTION else [])


def test_the_administration_is_told_of_no_abgabe_that_names_the_geschaeftsfuehrung(krm, office):
    about = (EmployeeData(user_id=person("gf").pk),)
    data = TransferData(
        reason=Reason.CONDUCT_COMPLAINT, recipient="IS", subject="s", text="t", received_on=TODAY, employees=about
    )
    transfer = register_transfer(by=krm, office=office, data=data)
    Assignment.objects.create(transfer=transfer, kind="take_note", user=person("ma"), since_on=TODAY)

    assert still_open(office, person("ma")) == []


@pytest.mark.parametrize("hidden", ["is_sealed", "against_management"])
def test_the_administration_is_told_of_no_abgabe_out_of_a_hidden_case(krm, office, case, hidden):
    parted = split_off(by=krm, case=case, reason=Reason.DATA_PROTECTION, text="Offene Akten")
    Assignment.objects.create(transfer=parted, kind="take_note", user=person("ma"), since_on=TODAY)
    assert still_open(office, person("ma")) == ["Aufträge"]

    Case.objects.filter(pk=case.pk).update(**{hidden: True})
    assert still_open(office, person("ma")) == []


def test_the_log_of_a_calendar_change_counts_no_cases(krm, office, case):
    closing = Closing(office=office, name="Betriebsausflug", kind=Closing.Kind.CLOSED, from_on=TODAY, until_on=TODAY)
    add_closing(by=krm, closing=closing)

    event = Event.objects.get(code="days.added")
    assert (event.data, event.sentence) == ({}, "Feiertag oder dienstfreier Tag eingetragen")
