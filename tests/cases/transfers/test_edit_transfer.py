"""Completing an Abgabe: what was forgotten at the desk, until it has left; the person also after."""

from datetime import date

import pytest
from django.urls import reverse
from django.utils import timezone

from cases.models import Transfer
from cases.recording import record
from cases.rules.transfers import TransferData
from cases.rules.triage import Reason
from cases.transfers.actions.edit import edit_transfer
from cases.transfers.actions.triage import hand_over, register_transfer
from offices.errors import ChangedMeanwhile, NotAllowed
from offices.models import User
from offices.queries import actor_for
from tests.cast import TODAY, actor

BESCHEID = date(2026, 11, 6)
ENDS_ON = date(2026, 12, 10)  # known on Tue 10.11.2026, a month on is Thu 10.12.2026


@pytest.fixture
def krm(house):
    return actor("pankow.krm")


@pytest.fixture
def transfer(house, krm) -> Transfer:
    data = TransferData(reason=Reason.OBJECTION, subject="Widerspruch", received_on=date(2026, 11, 19))
    return register_transfer(by=krm, office=house["pankow"], data=data)


def stored_version(transfer: Transfer) -> int:
    return Transfer.objects.values_list("version", flat=True).get(pk=transfer.pk)


def edit(by, transfer: Transfer, **changes) -> Transfer:
    return edit_transfer(by=by, transfer=transfer, expected_version=stored_version(transfer), changes=changes)


def test_a_bescheid_entered_later_gives_the_widerspruchsfrist(krm, transfer):
    assert transfer.objection_until is None
    edited = edit(krm, transfer, decision_on=BESCHEID)
    assert (edited.decision_on, edited.objection_until) == (BESCHEID, ENDS_ON)
    assert edited.events.order_by("seq").last().sentence == "Angaben geändert: Bescheid vom"


def test_another_reason_than_widerspruch_has_no_bescheid_and_no_period(krm, transfer):
    edit(krm, transfer, decision_on=BESCHEID)
    edited = edit(krm, transfer, reason=Reason.INQUIRY, recipient="Team 721")
    assert (edited.decision_on, edited.objection_until, edited.recipient) == (None, None, "Team 721")


def test_the_address_is_entered_later_also_for_what_has_left(krm, transfer):
    hand_over(by=krm, transfer=transfer, way="Hauspost")
    edit(krm, transfer, last_name="Öztürk", street="Lindenstraße 7", postcode="13187", city="Berlin")
    person = transfer.persons.get()
    assert (person.last_name, person.search_name, person.has_address) == ("Öztürk", "öztürk", True)
    with pytest.raises(NotAllowed, match="ist schon abgegeben; ergänzt wird nur noch die Person"):
        edit(krm, transfer, decision_on=BESCHEID)


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"decision_on": date(2026, 11, 20)}, "nach dem Eingang des Widerspruchs"),
        ({"subject": " "}, "gehören zu jeder Abgabe"),
        ({"recipient": ""}, "gehören zu jeder Abgabe"),
        ({"first_name": "Erika"}, "Nachnamen oder eine Organisation"),
    ],
)
def test_what_the_desk_would_refuse_is_refused_here_too_and_nothing_is_written(krm, transfer, changes, sentence):
    with pytest.raises(NotAllowed, match=sentence):
        edit(krm, transfer, **changes)
    assert stored_version(transfer) == 1


def test_the_second_of_two_sees_the_difference_and_nothing_is_lost(krm, transfer):
    seen = stored_version(transfer)
    edit(krm, transfer, subject="Erstattung")
    with pytest.raises(ChangedMeanwhile) as refusal:
        edit_transfer(by=krm, transfer=transfer, expected_version=seen, changes={"subject": "Rückforderung"})
    assert refusal.value.differences == {"Betreff": ("Erstattung", "Rückforderung")}
    transfer.refresh_from_db()
    assert transfer.subject == "Erstattung"


def test_what_only_stands_in_the_log_disturbs_nobody_who_edits(krm, transfer):
    seen = stored_version(transfer)
    record("transfer.edited", by=krm, office_id=transfer.office_id, transfer=transfer, fields="nichts")
    edit_transfer(by=krm, transfer=transfer, expected_version=seen, changes={"subject": "Erstattung"})
    assert stored_version(transfer) == seen + 1


def test_who_edits_while_it_leaves_is_told(krm, transfer):
    seen = stored_version(transfer)
    hand_over(by=krm, transfer=transfer, way="Hauspost")
    with pytest.raises(ChangedMeanwhile):
        edit_transfer(by=krm, transfer=transfer, expected_version=seen, changes={"last_name": "Öztürk"})


def test_nothing_changed_writes_nothing(krm, transfer):
    edit(krm, transfer, subject="Widerspruch", decision_on=None, last_name="")
    assert stored_version(transfer) == 1


def test_only_the_desk_completes(house, transfer):
    with pytest.raises(NotAllowed, match="Ihre Rolle umfasst"):
        edit(actor("pankow.vz"), transfer, subject="Anders")
    with pytest.raises(NotAllowed, match="nicht .mehr. zugänglich"):
        edit(actor("gera.krm"), transfer, subject="Anders")


def test_the_page_offers_it_saves_it_and_shows_the_period(client, house):
    by = actor_for(User.objects.get(username="pankow.krm"), timezone.localdate())
    data = TransferData(reason=Reason.OBJECTION, subject="Widerspruch", received_on=by.today)
    transfer = register_transfer(by=by, office=house["pankow"], data=data)
    client.force_login(by.user)
    url = reverse("cases:transfer_edit", args=[transfer.reference])
    assert (
        f'<a href="{url}#id_decision_on">Bescheid nachtragen</a>'
        in client.get(transfer.get_absolute_url()).content.decode()
    )

    sent = {"version": "1", "reason": "objection", "recipient": transfer.recipient, "subject": "Widerspruch"}
    late = client.post(url, sent | {"version": "0", "decision_on": TODAY.replace(year=2025).isoformat()})
    assert (late.status_code, "Inzwischen geändert" in late.content.decode()) == (422, True)
    saved = client.post(url, sent | {"decision_on": by.today.isoformat(), "last_name": "Muster"}, follow=True)
    assert "Die Angaben sind gespeichert." in saved.content.decode()
    assert "Widerspruchsfrist läuft bis" in saved.content.decode()
