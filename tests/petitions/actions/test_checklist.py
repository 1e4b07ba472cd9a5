"""The checklist: filled in where KRM checks, an office's own, and no way past it (PAN-29)."""

import pytest

from cases.models import Event
from offices.errors import NotAllowed
from offices.models import Office
from petitions.actions.chain import give_back, pass_on, skip
from petitions.actions.checklist import fill_checklist, save_checklist_item
from petitions.models import ChecklistItem, Station
from petitions.reading.checklist import checklist, why_not_checked
from petitions.rules.checklist import DEFAULTS, Point
from petitions.rules.vocabulary import CheckArea, StationRole
from tests.cast import actor
from tests.petitions import walk

pytestmark = pytest.mark.usefixtures("house")
DRAFT = "all/house/team_lead/draft"


@pytest.fixture
def check() -> Station:
    """A BA matter of Pankow that lies with the KRM for the check."""
    return walk.until(walk.started(), StationRole.CHECK, "krm")


def refusal(action, **arguments) -> str:
    with pytest.raises(NotAllowed) as refused:
        action(**arguments)
    return refused.value.reason


def found(station: Station, **last) -> dict[int, Point]:
    """Everything in order but the last point, which is as `last` says."""
    rows = checklist(station)
    points = {row.item.pk: Point(row.item.text, is_ok=True) for row in rows}
    return points | {rows[-1].item.pk: Point(rows[-1].item.text, **last)}


def test_an_office_begins_with_the_usual_points(house):
    rows = ChecklistItem.objects.in_use(house["gera"].pk)
    assert [(row.area, row.text) for row in rows] == list(DEFAULTS)


def test_krm_passes_nothing_on_before_all_is_in_order_or_has_a_note(check):
    krm, last = actor("pankow.krm"), DEFAULTS[-1][1].rstrip(".")
    asked = {"by": krm, "station": check}
    assert refusal(pass_on, **asked) == "Die Prüfliste ist noch nicht ausgefüllt (PAN-29)."
    rows = fill_checklist(**asked, found=found(check))
    assert refusal(pass_on, **asked) == f"Prüfliste: Noch nicht geprüft ist „{last}“ (PAN-29)."
    event = Event.objects.get(code="petition.checked")
    assert (event.data["done"], event.data["all"]) == (len(rows) - 1, len(rows))
    fill_checklist(**asked, found=found(check, is_ok=False, note=" "))
    assert refusal(pass_on, **asked).endswith(f"Er fehlt bei „{last}“.")
    fill_checklist(**asked, found=found(check, is_ok=False, note="Anders als 2024, mit Absicht."))
    pass_on(**asked)
    check.refresh_from_db()
    assert [row.point.note for row in checklist(check)][-1] == "Anders als 2024, mit Absicht."
    assert refusal(fill_checklist, **asked, found={}).startswith("Diese Station ist nicht an der Reihe")


def test_a_new_round_is_checked_anew(check):
    walk.checked(check)
    krm = actor("pankow.krm")
    give_back(by=krm, station=check, to=DRAFT, reason="Das Datum fehlt.")
    again = walk.until(check.request, StationRole.CHECK, "krm")
    assert (again.round, why_not_checked(checklist(again))) == (2, "Die Prüfliste ist noch nicht ausgefüllt (PAN-29).")
    assert len(checklist(Station.objects.get(pk=check.pk))) == len(DEFAULTS)


def test_only_whoever_checks_fills_it_in(check):
    assert refusal(fill_checklist, by=actor("pankow.tl"), station=check, found={}) == "Das ist Sache von: KRM."
    assert refusal(fill_checklist, by=actor("gera.krm"), station=check, found={}) == (
        "Die Petition ist nicht (mehr) zugänglich."
    )
    draft = check.request.stations.get(key=DRAFT)
    asked = {"by": walk.hand_of(draft), "station": draft, "found": {}}
    assert refusal(fill_checklist, **asked) == "Die Prüfliste füllt das KRM aus, wo es die Stellungnahme prüft."


def test_a_check_that_is_left_out_needs_no_list(check):
    skip(by=actor("pankow.krm"), station=check, reason="Schon geprüft.")
    assert walk.the_open(check.request).role == StationRole.AGREE


def test_a_body_outside_checks_without_our_list():
    request = walk.started("germersheim")
    station = walk.until(request, StationRole.CHECK, "management_support")
    assert (checklist(station), why_not_checked(checklist(station))) == ([], None)


# The office's own list


def test_a_point_that_reads_otherwise_or_is_new_is_checked_again(check):
    walk.checked(check)
    krm = actor("pankow.krm")
    item = ChecklistItem.objects.in_use(check.keeper_id)[0]
    item.text = "Das Aktenzeichen steht auf jedem Blatt."
    save_checklist_item(by=krm, item=item)
    assert why_not_checked(checklist(check)) == (
        "Prüfliste: Noch nicht geprüft ist „Das Aktenzeichen steht auf jedem Blatt“ (PAN-29)."
    )
    item.is_active = False
    save_checklist_item(by=krm, item=item)
    assert why_not_checked(checklist(check)) is None
    office = check.request.petition.case.office
    new = ChecklistItem(office=office, area=CheckArea.FORM, text="Zwei Unterschriften.", position=2)
    save_checklist_item(by=krm, item=new)
    assert [row.item for row in checklist(check) if not row.point.is_settled] == [new]
    codes = Event.objects.filter(code__startswith="checklist.").values_list("code", flat=True).order_by("pk")
    assert list(codes) == ["checklist.changed", "checklist.changed", "checklist.added"]


def test_only_who_changes_the_rules_changes_the_list_and_no_point_stands_twice():
    office = Office.objects.get(slug="pankow")
    item = ChecklistItem(office=office, area=CheckArea.FORM, text=DEFAULTS[0][1])
    assert refusal(save_checklist_item, by=actor("pankow.krm"), item=item) == (
        "Diesen Punkt gibt es in der Prüfliste schon."
    )
    item.text = "Ein anderer Punkt."
    for name in ("pankow.tl", "gera.krm"):
        refusal(save_checklist_item, by=actor(name), item=item)
    assert not ChecklistItem.objects.filter(text="Ein anderer Punkt.").exists()
