"""What must be there before a case is closed."""

from dataclasses import replace

import pytest

from cases.rules.completeness import REQUIREMENTS, ClosingFacts, missing
from cases.rules.kinds import Kind, Outcome, Settlement
from cases.rules.lifecycle import Step

COMPLETE = ClosingFacts(
    kind=Kind.COMPLAINT,
    is_card=False,
    is_anonymous=False,
    outcome=Outcome.UPHELD,
    outcome_reason="Der Antrag lag zu lange.",
    settlement=Settlement.LETTER,
    final_letter_sent=True,
    contact_noted=False,
    repeated_reference="",
    has_concern=True,
    is_paused=False,
    unsent_letters=False,
)


def keys(**changes) -> list[str]:
    return [r.key for r in missing(Step.CLOSE, replace(COMPLETE, **changes))]


def test_nothing_is_missing_when_all_is_there():
    assert keys() == []


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"has_concern": False}, ["concern"]),
        ({"is_paused": True}, ["not_paused"]),
        ({"unsent_letters": True}, ["letters"]),
        ({"outcome": ""}, ["outcome"]),
        ({"outcome": Outcome.NOT_APPLICABLE}, ["outcome_fits"]),
        ({"outcome_reason": "  "}, ["reason"]),
        ({"settlement": ""}, ["settlement"]),
        ({"ends_not_assessable": True}, ["outcome_by_rules"]),
        ({"ends_not_assessable": True, "outcome": Outcome.NOT_ASSESSABLE}, []),
        ({"ends_not_assessable": True, "outcome": ""}, ["outcome"]),
    ],
)
def test_each_gap_is_named_b1_5_b1_6_blog5(changes, expected):
    assert keys(**changes) == expected


@pytest.mark.parametrize("kind", [Kind.PRAISE, Kind.SUGGESTION])
def test_praise_and_suggestions_need_neither_outcome_nor_reason_b1_6(kind):
    assert keys(kind=kind, outcome="", outcome_reason="") == []


@pytest.mark.parametrize(
    ("settlement", "proof"),
    [
        (Settlement.LETTER, {"final_letter_sent": True}),
        (Settlement.CONVERSATION, {"contact_noted": True}),
        (Settlement.WAIVED, {"contact_noted": True}),
        (Settlement.REPEATED, {"repeated_reference": "PAN-2025-00007 vom 03.02.2025"}),
        (Settlement.NONE_NEEDED, {"is_anonymous": True}),
        (Settlement.NONE_NEEDED, {"is_card": True}),
        (Settlement.NONE_NEEDED, {"kind": Kind.PRAISE}),
    ],
)
def test_each_way_of_settling_has_its_proof_b2_2_gera21(settlement, proof):
    without = {"settlement": settlement, "final_letter_sent": False}
    assert keys(**without) == [f"answer_{settlement}"]
    assert keys(**(without | proof)) == []


def test_a_blank_reference_proves_no_earlier_answer():
    assert keys(settlement=Settlement.REPEATED, repeated_reference="  ") == ["answer_repeated"]


def test_everything_missing_is_named_at_once_in_the_order_of_the_table():
    assert keys(has_concern=False, is_paused=True, outcome="", outcome_reason="", settlement="") == [
        "concern",
        "not_paused",
        "outcome",
        "reason",
        "settlement",
    ]


def test_every_way_of_settling_has_its_line_of_evidence():
    proofs = {r.key for r in REQUIREMENTS[Step.CLOSE] if r.key.startswith("answer_")}
    assert proofs == {f"answer_{settlement}" for settlement in Settlement}


def test_every_requirement_has_a_sentence_a_place_and_a_source():
    table = REQUIREMENTS[Step.CLOSE]
    assert len({r.key for r in table}) == len(table)
    assert [
        r.key for r in table if not (r.sentence.endswith(".") and r.source and bool(r.anchor) != bool(r.field))
    ] == []


@pytest.mark.parametrize("step", [s for s in Step if s != Step.CLOSE])
def test_other_steps_ask_for_nothing_yet(step):
    assert missing(step, COMPLETE) == ()
