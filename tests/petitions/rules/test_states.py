"""The tables of states say what happens: every row that a step changes follows one of their arrows."""

from itertools import pairwise

import pytest

from petitions.rules import chain as steps
from petitions.rules.chain import Chain
from petitions.rules.states import (
    REQUEST_MOVES,
    STATION_MOVES,
    RequestState,
    StationState,
    is_possible,
    request_state,
    station_state,
)
from petitions.rules.vocabulary import Competence
from tests.petitions.rules.test_chain import (
    DRAFT,
    MONDAY,
    RD,
    REGISTER,
    open_keys,
    passed_until,
    planned,
    started,
)

BL = "all/house/division_lead/forward"


def ways() -> list[list[Chain]]:
    """Chains step by step: passed to the end, given back, left out, planned anew, taken up again."""
    to_the_end = [started("germersheim")]
    while open_keys(to_the_end[-1]):
        to_the_end.append(steps.pass_on(to_the_end[-1], open_keys(to_the_end[-1])[0], MONDAY))
    at_rd = passed_until(started(), RD)
    returned = [at_rd, steps.give_back(at_rd, RD, DRAFT, "Zahlen fehlen.", MONDAY)]
    skipped = [
        started(),
        steps.skip(started(), BL, "eilt", MONDAY),
        steps.skip(started(), REGISTER, "eilt", MONDAY),
    ]
    other = [at_rd, steps.replan(at_rd, planned(competence=Competence.MUNICIPAL), "nicht zuständig", MONDAY)]
    again = [at_rd, steps.reopen(at_rd, DRAFT, "neu", MONDAY)]
    return [to_the_end, returned, skipped[:2], [skipped[0], skipped[2]], other, again]


@pytest.mark.parametrize(
    "chains", ways(), ids=["to the end", "returned", "skipped", "first skipped", "replanned", "again"]
)
def test_every_row_that_changes_follows_an_arrow_of_the_table(chains):
    changes = {
        (station_state(old), station_state(new))
        for before, after in pairwise(chains)
        for old, new in zip(before.rows, after.rows, strict=False)
        if station_state(old) != station_state(new)
    }

    assert changes
    assert [change for change in changes if not is_possible(*change)] == []


def test_what_is_done_stays_done():
    done = {StationState.PASSED_ON, StationState.NOTED, StationState.RETURNED, StationState.SKIPPED}

    assert done.isdisjoint({source for move in STATION_MOVES for source in move.sources})


@pytest.mark.parametrize(
    ("days", "state"),
    [
        ({}, RequestState.NOT_BEGUN),
        ({"has_begun": True}, RequestState.UNDER_WAY),
        ({"has_begun": True, "answered_on": MONDAY}, RequestState.ANSWERED),
        ({"refused_on": MONDAY}, RequestState.REFUSED),
        ({"has_begun": True, "withdrawn_on": MONDAY}, RequestState.WITHDRAWN),
    ],
)
def test_the_state_of_a_request_follows_from_its_days(days, state):
    nothing = {"has_begun": False, "answered_on": None, "refused_on": None, "withdrawn_on": None}

    assert request_state(**nothing | days) == state


def test_every_state_of_a_request_can_be_reached():
    assert {move.target for move in REQUEST_MOVES} | {RequestState.NOT_BEGUN} == set(RequestState)
