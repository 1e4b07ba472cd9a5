"""When the check of a Stellungnahme is done, and which sentence says what is missing (PAN-29)."""

import pytest

from petitions.rules.checklist import DEFAULTS, Point, why_not_passed
from petitions.rules.vocabulary import CheckArea

OK, NOTED, BARE, BLANK, OPEN = (
    Point("A.", is_ok=True),
    Point("B.", is_ok=False, note="Anlage 2 folgt."),
    Point("C.", is_ok=False),
    Point("D.", is_ok=False, note=" "),
    Point("E."),
)


@pytest.mark.parametrize(
    ("points", "reason"),
    [
        ([], None),
        ([OK, OK], None),
        ([OK, NOTED], None),
        ([OPEN, OPEN], "Die Prüfliste ist noch nicht ausgefüllt (PAN-29)."),
        ([OK, OPEN], "Prüfliste: Noch nicht geprüft ist „E“ (PAN-29)."),
        ([OK, *[OPEN] * 5], "Prüfliste: Noch nicht geprüft ist „E“, „E“, „E“ und 2 weiteren (PAN-29)."),
        ([BARE, OPEN], "Prüfliste: Was nicht in Ordnung ist, braucht einen Hinweis. Er fehlt bei „C“."),
        ([OK, BLANK], "Prüfliste: Was nicht in Ordnung ist, braucht einen Hinweis. Er fehlt bei „D“."),
    ],
)
def test_it_is_done_when_every_point_is_in_order_or_has_a_note(points, reason):
    assert why_not_passed(points) == reason


def test_the_list_to_begin_with_has_every_area_and_no_point_twice():
    assert {area for area, _ in DEFAULTS} == set(CheckArea)
    assert len({text for _, text in DEFAULTS}) == len(DEFAULTS)
