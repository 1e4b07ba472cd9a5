"""What must be there before a case is closed."""

from dataclasses import replace

import pytest

from cases.rules.completeness import REQUIREMENTS, AnswerFacts, ClosingFacts, missing
from cases.rules.kinds import Kind, Outcome, Settlement, Talk
from cases.rules.lifecycle import Step
from cases.rules.statements import StatementKind
from cases.rules.triage import Reason
from offices.roles import Role
from offices.rules.values import ConductComplaint

COMPLETE = ClosingFacts(
    kind=Kind.COMPLAINT,
    is_card=False,
    is_anonymous=False,
    outcome=Outcome.UPHELD,
    outcome_reason="Der Antrag lag zu lange.",
    settlement=Settlement.LETTER,
    final_letter_sent=True,
    contact_noted=False,
    has_concern=True,
    is_paused=False,
    unsent_letters=False,
)


# K7 in the versions of the published rule sets.
GERA = ConductComplaint(
    registered=True, first_to=Role.MANAGEMENT, assessed_by=Role.KRM_OFFICER, handled_by=(Role.TEAM_LEAD,),
    signed_by=Role.MANAGEMENT,
)  # fmt: skip
PANKOW = ConductComplaint(
    registered=True, handled_by=(Role.TEAM_LEAD, Role.DIVISION_LEAD), handed_to="jeweilige Führungskraft",
    signed_by=Role.MANAGEMENT,
)  # fmt: skip
SGB3 = ConductComplaint(registered=True, closed_as_not_assessable=True, handed_to="Interner Service")
BOTH = frozenset({StatementKind.EMPLOYEE, StatementKind.ASSESSMENT})


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
        ({"waits_for_signature": True}, ["signature"]),
        ({"open_statements": ("Stellungnahme (711)",)}, ["statements"]),
        ({"open_handling": ("711 Markt & Integration",)}, ["handling"]),
    ],
)
def test_each_gap_is_named_b1_5_b1_6_blog5(changes, expected):
    assert keys(**changes) == expected


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"outcome": Outcome.NOT_UPHELD}, ["alternatives"]),
        ({"outcome": Outcome.NOT_UPHELD, "alternatives": "  "}, ["alternatives"]),
        ({"outcome": Outcome.NOT_UPHELD, "alternatives": "Ratenzahlung angeboten."}, []),
        ({"outcome": Outcome.PARTLY_UPHELD}, []),
        ({"outcome": Outcome.NOT_UPHELD, "kind": Kind.SUGGESTION}, []),
    ],
)
def test_a_wish_that_is_refused_says_which_alternatives_were_examined_ger22_blog2(changes, expected):
    assert keys(**changes) == expected


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"asks_verbis": True}, ["verbis"]),
        ({"asks_verbis": True, "verbis_noted": True}, []),
        ({"objections": ("PAN-KK-2026-00001",)}, ["objection"]),
        ({"objections": ("PAN-KK-2026-00001",), "objection_settled": True}, []),
        ({"unsigned": ("Geschäftsführung zeichnet die Antwort",)}, ["signed"]),
        ({"asks_praise": True}, ["praise"]),
        ({"asks_praise": True, "praise_arrived": True}, []),
        ({"against_management": True}, ["handed_to_employer"]),
        ({"against_management": True, "handed_over": frozenset({Reason.OBJECTION})}, ["handed_to_employer"]),
        ({"against_management": True, "handed_over": frozenset({Reason.AGAINST_MANAGEMENT})}, []),
    ],
)
def test_what_the_rule_set_asks_at_the_end_is_there_gera16_pan7_pan9_ger24(changes, expected):
    assert keys(**changes) == expected


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, ["talk"]),
        ({"talk": Talk.DECLINED}, []),
        ({"is_anonymous": True}, []),
        ({"is_card": True}, []),
        ({"kind": Kind.PRAISE}, []),
        ({"kind": Kind.SUGGESTION}, []),
        ({"asks_talk": False}, []),
    ],
)
def test_where_the_talk_comes_first_a_complaint_says_what_became_of_it_gera11(changes, expected):
    assert keys(**({"asks_talk": True} | changes)) == expected


@pytest.mark.parametrize(
    ("k7", "changes", "expected"),
    [
        (GERA, {}, ["judgement", "contributions"]),
        (GERA, {"judgement_entered": True, "approved": BOTH - {StatementKind.EMPLOYEE}}, ["contributions"]),
        (GERA, {"judgement_entered": True, "approved": frozenset({StatementKind.STATEMENT})}, ["contributions"]),
        (GERA, {"judgement_entered": True, "approved": BOTH}, []),
        (PANKOW, {}, ["contributions"]),
        (PANKOW, {"approved": frozenset({StatementKind.EMPLOYEE})}, ["contributions"]),
        (PANKOW, {"approved": frozenset({StatementKind.ASSESSMENT})}, []),
        (PANKOW, {"approved": frozenset({StatementKind.STATEMENT})}, []),
        (PANKOW, {"against_management": True, "handed_over": frozenset({Reason.AGAINST_MANAGEMENT})}, []),
        (SGB3, {}, ["handed_to_service"]),
        (SGB3, {"handed_over": frozenset({Reason.CONDUCT_COMPLAINT})}, []),
        (None, {}, []),
    ],
)
def test_a_conduct_complaint_ends_as_the_rule_set_says_gera27_pan7_blog5(k7, changes, expected):
    assert keys(kind=Kind.CONDUCT_COMPLAINT, conduct=k7, **changes) == expected


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"open_statements": ("Stellungnahme (711)", "Stellungnahme (712)")},
         "Eine Stellungnahme ist noch offen: Stellungnahme (711), Stellungnahme (712)."),
        ({"objections": ("PAN-KK-2026-00001",)},
         "Daneben läuft ein Widerspruch (PAN-KK-2026-00001); beides wird zusammen abgeschlossen."),
        ({"conduct": GERA, "judgement_entered": True},
         "Zur Dienstaufsichtsbeschwerde fehlen noch freigegebene Beiträge: die Stellungnahme der betroffenen Person, "
         "die fachliche Abschlusswertung."),
        ({"conduct": PANKOW},
         "Zur Dienstaufsichtsbeschwerde fehlen noch freigegebene Beiträge: die Stellungnahme der Führungskraft."),
    ],
)  # fmt: skip
def test_the_sentence_names_what_still_waits(changes, sentence):
    assert [r.sentence for r in missing(Step.CLOSE, replace(COMPLETE, **changes))] == [sentence]


@pytest.mark.parametrize("kind", [Kind.PRAISE, Kind.SUGGESTION])
def test_praise_and_suggestions_need_neither_outcome_nor_reason_b1_6(kind):
    assert keys(kind=kind, outcome="", outcome_reason="") == []


@pytest.mark.parametrize(
    ("settlement", "proof"),
    [
        (Settlement.LETTER, {"final_letter_sent": True}),
        (Settlement.CONVERSATION, {"contact_noted": True}),
        (Settlement.WAIVED, {"waiver_noted": True}),
        (Settlement.REPEATED, {"answered_before": True}),
        (Settlement.NONE_NEEDED, {"is_anonymous": True}),
        (Settlement.NONE_NEEDED, {"is_card": True}),
        (Settlement.NONE_NEEDED, {"kind": Kind.PRAISE}),
    ],
)
def test_each_way_of_settling_has_its_proof_b2_2_gera21(settlement, proof):
    without = {"settlement": settlement, "final_letter_sent": False}
    assert keys(**without) == [f"answer_{settlement}"]
    assert keys(**(without | proof)) == []


def test_a_talk_is_no_waiver_and_a_waiver_no_talk():
    for settlement, other in ((Settlement.WAIVED, "contact_noted"), (Settlement.CONVERSATION, "waiver_noted")):
        assert keys(settlement=settlement, **{other: True}) == [f"answer_{settlement}"]


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
    assert [r.key for r in table if not (r.sentence.endswith(".") and r.source)] == []
    places = {r.key: [p for p in (r.anchor, r.field, r.url_name, r.reason) if p] for r in table}
    assert {key: found for key, found in places.items() if len(found) != 1} == {}


@pytest.mark.parametrize(
    ("k7", "changes", "expected"),
    [
        (GERA, {}, ["judgement", "contributions"]),
        (GERA, {"approved": BOTH}, ["judgement"]),
        (GERA, {"judgement_entered": True, "approved": frozenset({StatementKind.EMPLOYEE})}, ["contributions"]),
        (GERA, {"judgement_entered": True, "approved": BOTH}, []),
        (GERA, {"judgement_entered": True, "against_management": True}, []),
        (PANKOW, {}, ["contributions"]),
        (PANKOW, {"approved": frozenset({StatementKind.STATEMENT})}, []),
        (SGB3, {}, []),
        (None, {}, []),
    ],
)
def test_a_conduct_complaint_is_answered_from_what_was_written_about_it_gera27_pan7(k7, changes, expected):
    assert [r.key for r in missing(Step.ANSWER, AnswerFacts(conduct=k7, **changes))] == expected


@pytest.mark.parametrize("step", [s for s in Step if s not in (Step.ANSWER, Step.CLOSE)])
def test_other_steps_ask_for_nothing_yet(step):
    assert missing(step, COMPLETE) == ()
