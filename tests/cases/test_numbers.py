"""Numbers of cases and Abgaben rise with gaps, so that a missing one tells of no hidden case (B4-1, PAN-7)."""

from cases import recording
from cases.models import Case
from cases.rules.transfers import TransferData
from cases.rules.triage import Reason
from cases.transfers.actions.triage import register_transfer
from tests import make
from tests.cast import TODAY, actor


def test_numbers_rise_with_gaps_as_the_coin_falls(house, monkeypatch):
    monkeypatch.setattr(recording, "coin", iter([0, 1, 1, 0, 1, 0]).__next__)
    krm = actor("pankow.krm")

    numbers = [make.case(krm).reference for _ in range(2)]
    data = TransferData(reason=Reason.OBJECTION, subject="Widerspruch", received_on=TODAY)
    numbers.append(register_transfer(by=krm, office=house["pankow"], data=data).reference)

    assert numbers == ["PAN-2026-00001", "PAN-2026-00004", "PAN-KK-2026-00002"]


def test_a_hidden_case_leaves_nothing_but_a_gap(house, monkeypatch):
    krm, fall = actor("pankow.krm"), iter([0, 0, 0]).__next__
    monkeypatch.setattr(recording, "coin", fall)

    first, hidden, last = make.case(krm), make.case(krm, is_sealed=True), make.case(krm)

    seen = Case.objects.visible_to(actor("pankow.tl")).order_by("pk")
    assert list(seen.values_list("reference", flat=True)) == [first.reference, last.reference]
    assert hidden not in seen
