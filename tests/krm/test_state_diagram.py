"""docs/zustaende.md cannot be wrong: it is made from the table of states."""

from django.conf import settings

from cases.rules.lifecycle import TRANSITIONS
from krm.management.commands.state_diagram import TARGET, document
from petitions.rules.states import REQUEST_MOVES, STATION_MOVES


def test_the_state_diagram_is_up_to_date():
    assert (settings.BASE_DIR / TARGET).read_text(encoding="utf-8") == document()


def test_the_diagram_has_one_arrow_for_each_state_from_which_a_step_is_possible():
    arrows = [line for line in document().splitlines() if "-->" in line and "[*]" not in line]
    steps = [*TRANSITIONS.values(), *REQUEST_MOVES, *STATION_MOVES]

    assert len(arrows) == sum(len(step.sources) for step in steps)
