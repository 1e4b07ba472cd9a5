"""What an app above hands in appears on the page of a case and holds its closing back; without it nothing is there."""

import pytest
from django.urls import reverse

from cases import seams
from cases.closing.actions import close
from cases.handling.actions.assign import accept
from cases.lookup import visible_case
from cases.models import Case
from cases.rules.kinds import Outcome, Settlement
from cases.workplace.reading.steps import steps
from offices.errors import NotAllowed
from tests import make
from tests.cast import actor

pytestmark = pytest.mark.usefixtures("house")
TRAVEL = seams.AddedStep("route", "Berichtsweg festlegen", "/weg/", why_not="Die Anforderung fehlt.")
GAP = seams.Gap("route", "Der Berichtsweg ist noch nicht zu Ende.", "PAN-29", "/weg/")


@pytest.fixture
def krm(house):
    return actor("pankow.krm")


@pytest.fixture
def case(krm):
    case = accept(by=krm, case=make.case(krm))
    make.answered(krm, case)
    return Case.objects.get(pk=case.pk)


@pytest.fixture
def hand_in():
    """Hands functions in and takes them out again after the test."""
    handed = []

    def add(seam, function):
        seam.add(function)
        handed.append((seam, function))

    yield add
    for seam, function in handed:
        seam.remove(function)


def test_a_step_handed_in_stands_among_the_others_with_its_reason(krm, case, hand_in):
    before = [step.label for step in steps(krm, visible_case(krm, case.reference))]
    hand_in(seams.STEPS, lambda by, of: [TRAVEL] if of.reference == case.reference else [])
    after = {step.label: step.why_not for step in steps(krm, visible_case(krm, case.reference))}
    assert [label for label in after if label not in before] == ["Berichtsweg festlegen"]
    assert after["Berichtsweg festlegen"] == "Die Anforderung fehlt."


def test_a_panel_handed_in_is_a_card_on_the_page(client, krm, case, hand_in):
    client.force_login(krm.user)
    assert 'id="weg-karte"' not in client.get(case.get_absolute_url()).content.decode()
    panel = seams.Panel("weg-karte", "Berichtsweg", "_partials/empty.html", {"title": "Noch keine Station"})
    hand_in(seams.PANELS, lambda by, of: [panel])
    page = client.get(case.get_absolute_url()).content.decode()
    assert 'id="weg-karte"' in page
    assert "Berichtsweg" in page


def test_a_gap_handed_in_blocks_closing_and_leads_to_where_it_is_mended(client, krm, case, hand_in):
    hand_in(seams.CLOSING_GAPS, lambda of: [GAP])
    client.force_login(krm.user)
    page = client.get(reverse("cases:close", args=[case.reference])).content.decode()
    assert f'<a href="/weg/">{GAP.sentence}</a>' in page
    entered = {"outcome": Outcome.UPHELD, "outcome_reason": "So war es.", "settlement": Settlement.LETTER}
    with pytest.raises(NotAllowed, match=r"Der Berichtsweg ist noch nicht zu Ende\."):
        close(by=krm, case=case, **entered)


def test_the_same_function_cannot_be_handed_in_twice(hand_in):
    def nothing(by, of):
        return []

    hand_in(seams.PANELS, nothing)
    with pytest.raises(ValueError, match="is there already"):
        seams.PANELS.add(nothing)
