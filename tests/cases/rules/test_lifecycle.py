"""States, whose turn they are, and the steps between them."""

import pytest

from cases.rules.lifecycle import (
    OPEN_STATUSES,
    STATUSES,
    TRANSITIONS,
    TURN_LABELS,
    Status,
    Step,
    Turn,
    check_is_open,
    target_of,
    why_not,
)
from offices.errors import NotAllowed

DIRECTING = {Step.PRESENT_DIRECTIVE, Step.DIRECT_TO_UNIT, Step.DIRECT_TO_KRM}
POSSIBLE = {
    Status.NEW: {
        Step.ACCEPT, Step.HAND_TO_UNIT, *DIRECTING, Step.SUBMIT_LETTER, Step.ANSWER, Step.CLOSE, Step.HAND_OVER,
    },
    Status.WITH_KRM: {
        Step.HAND_TO_UNIT, *DIRECTING, Step.SUBMIT_LETTER, Step.ANSWER, Step.CLOSE, Step.HAND_OVER,
    },
    Status.WITH_MANAGEMENT: {Step.RETURN_DIRECTIVE, Step.DIRECT_TO_UNIT, Step.DIRECT_TO_KRM, Step.HAND_OVER},
    Status.WITH_UNIT: {
        Step.HAND_TO_UNIT, Step.RETURN_TO_KRM, *DIRECTING, Step.SUBMIT_LETTER, Step.ANSWER, Step.HAND_OVER,
    },
    Status.IN_SIGNATURE: {Step.SIGN_LETTER, Step.RETURN_LETTER},
    Status.ANSWERED: {Step.GO_ON, Step.CLOSE},
    Status.CLOSED: {Step.REOPEN},
    Status.TRANSFERRED: set(),
}  # fmt: skip


def test_every_state_has_its_turn_and_every_step_its_transition():
    assert (set(STATUSES), set(TRANSITIONS), set(TURN_LABELS)) == (set(Status), set(Step), set(Turn))


@pytest.mark.parametrize("status", Status)
def test_which_steps_lead_out_of_each_state(status):
    assert {step for step in Step if why_not(step, status) is None} == POSSIBLE[status]


def test_nobody_has_the_turn_exactly_when_the_case_is_over():
    over = {s for s, entry in STATUSES.items() if entry.turn == Turn.NOBODY}
    assert (over, OPEN_STATUSES) == (
        {Status.CLOSED, Status.TRANSFERRED},
        {
            Status.NEW,
            Status.WITH_KRM,
            Status.WITH_MANAGEMENT,
            Status.WITH_UNIT,
            Status.IN_SIGNATURE,
            Status.ANSWERED,
        },
    )


def test_every_state_can_be_reached_from_new():
    reached, todo = set(), [Status.NEW]
    while todo:
        status = todo.pop()
        reached.add(status)
        todo += [TRANSITIONS[s].target for s in POSSIBLE[status] if TRANSITIONS[s].target not in reached]
    assert reached == set(Status)


def test_a_step_that_is_not_in_the_table_is_refused_with_the_sentence_of_the_page():
    with pytest.raises(NotAllowed) as refused:
        target_of(Step.CLOSE, Status.WITH_UNIT)
    assert refused.value.reason == why_not(Step.CLOSE, Status.WITH_UNIT)
    assert refused.value.reason == "„Abschließen“ ist nicht möglich: Der Vorgang hat den Stand „Beim Fachbereich“."


@pytest.mark.parametrize("status", [Status.CLOSED, Status.TRANSFERRED])
def test_a_case_that_is_over_cannot_be_changed(status):
    with pytest.raises(NotAllowed, match="kann nicht mehr geändert werden"):
        check_is_open(status)
