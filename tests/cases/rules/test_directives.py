"""What a Verfügung proposes, lacks and allows: its points, days, levels and who issues it (B5, K19, K21)."""

from datetime import date

import pytest

from cases.rules import directives
from cases.rules.directives import PointData, PointKind, ProposalFacts, point_problems, proposed_points
from cases.rules.kinds import Channel, Kind
from offices.calendars import Calendar
from offices.roles import Role
from offices.rules.parameters import Parameters
from offices.rules.presets import load

BERLIN = Calendar("BE")
MONDAY, SATURDAY = date(2026, 11, 23), date(2026, 11, 28)
FRIDAY = date(2026, 11, 27)
KRM, TL, BL, GF = Role.KRM_OFFICER, Role.TEAM_LEAD, Role.DIVISION_LEAD, Role.MANAGEMENT
FILE = PointData(PointKind.FILE)


def rules(office: str) -> Parameters:
    return load(office).parameters


def problems(*points: PointData) -> list[tuple[int, str]]:
    return [(p.index, p.field) for p in point_problems(points, BERLIN, MONDAY)]


@pytest.mark.parametrize(
    ("point", "missing"),
    [
        (PointData(PointKind.NOTE), ["text"]),
        (PointData(PointKind.STATEMENT), ["text", "to", "due_on"]),
        (PointData(PointKind.STATEMENT, "Was war?", person_id=1, due_on=FRIDAY), ["to"]),
        (PointData(PointKind.HANDLE, "klären", due_on=FRIDAY), ["to"]),
        (PointData(PointKind.HANDLE, "klären", person_id=1, due_on=FRIDAY), []),
        (PointData(PointKind.COPY), ["to"]),
        (PointData(PointKind.CO_SIGN, unit_id=1), []),
        (PointData(PointKind.FOLLOW_UP, "nachsehen"), ["due_on"]),
        (PointData(PointKind.FOLLOW_UP, "nachsehen", due_on=MONDAY), []),
        (PointData(PointKind.FOLLOW_UP, "nachsehen", due_on=SATURDAY), ["due_on"]),
        (PointData(PointKind.FOLLOW_UP, "nachsehen", due_on=date(2026, 11, 20)), ["due_on"]),
        (PointData(PointKind.SIGN), []),
    ],
)
def test_each_point_says_what_it_lacks_at_its_field(point, missing):
    assert problems(point, FILE) == [(0, field) for field in missing]


@pytest.mark.parametrize(
    ("kinds", "wrong"),
    [
        ("sign file", []),
        ("sign", [0]),
        ("", [0]),
        ("file sign", [0, 1]),
        ("sign sign file", [1]),
        ("sign co_sign file", [1]),
        ("co_sign sign file", []),
    ],
)
def test_the_order_ends_with_the_file_and_co_signs_before_the_signature_b5(kinds, wrong):
    points = [PointData(PointKind(kind), unit_id=1) for kind in kinds.split()]
    assert [p.index for p in point_problems(points, BERLIN, MONDAY) if p.field == "kind"] == wrong


@pytest.mark.parametrize(
    ("closure_on", "days"),
    [
        (date(2026, 12, 7), (date(2026, 12, 2), date(2026, 12, 4))),
        (date(2026, 11, 24), (date(2026, 11, 24), date(2026, 11, 24))),
        (date(2026, 10, 1), (date(2026, 11, 24), date(2026, 11, 24))),
        (None, (date(2026, 11, 24), date(2026, 11, 25))),
    ],
)
def test_the_unit_answers_before_the_wiedervorlage_one_arbeitstag_before_closure_gera19(closure_on, days):
    assert directives.usual_days(BERLIN, closure_on, MONDAY) == days


@pytest.mark.parametrize(("numbers", "copied"), [(["711", "71"], True), (["722", "72"], True), (["791", "79"], False)])
def test_the_lgf_gets_a_copy_for_the_bereiche_of_the_list_only_pan21(numbers, copied):
    assert directives.gets_lgf_copy(rules("pankow"), numbers) is copied
    assert directives.gets_lgf_copy(rules("gera"), numbers) is False


@pytest.mark.parametrize(
    ("office", "channel", "must_present", "issuer"),
    [
        ("pankow", Channel.LETTER, False, GF),
        ("pankow", Channel.FAX, False, GF),
        ("pankow", Channel.EMAIL, False, KRM),
        ("pankow", Channel.EMAIL, True, GF),
        ("pankow", Channel.PHONE, False, KRM),
        ("gera", Channel.LETTER, False, KRM),
        ("germersheim", Channel.LETTER, False, KRM),
        ("germersheim", Channel.LETTER, True, GF),
    ],
)
def test_who_issues_the_verfuegung_k19(office, channel, must_present, issuer):
    assert directives.issued_by(rules(office), channel, must_present=must_present) == issuer


@pytest.mark.parametrize(
    ("office", "kind", "against_management", "levels"),
    [
        ("pankow", Kind.COMPLAINT, False, (TL, BL, GF)),
        ("pankow", Kind.PETITION, False, (GF,)),
        ("pankow", Kind.CONDUCT_COMPLAINT, False, (GF,)),
        ("pankow", Kind.CONDUCT_COMPLAINT, True, (KRM,)),
        ("gera", Kind.COMPLAINT, False, (KRM, TL)),
        ("germersheim", Kind.PETITION, False, (KRM,)),
    ],
)
def test_the_levels_a_verfuegung_may_name_k21_k7(office, kind, against_management, levels):
    assert directives.signature_levels(rules(office), kind, against_management=against_management) == levels


def facts(**changes) -> ProposalFacts:
    values = {
        "summary": "Beschwerde",
        "kind": Kind.COMPLAINT,
        "unit_ids": (711,),
        "answer_on": FRIDAY,
        "look_again_on": date(2026, 12, 4),
        "file_reference": "II-6001 PAN-2026-00001",
    }
    return ProposalFacts(**values | changes)


@pytest.mark.parametrize(
    ("changes", "kinds"),
    [
        ({}, "note statement sign follow_up file"),
        ({"copy_to": (5,)}, "note statement copy sign follow_up file"),
        ({"unit_ids": (711, 721)}, "note statement statement co_sign sign follow_up file"),
        ({"unit_ids": ()}, "note sign follow_up file"),
        ({"kind": Kind.PRAISE, "has_answer": False}, "note copy follow_up file"),
        ({"kind": Kind.SUGGESTION}, "note handle sign follow_up file"),
        ({"unit_ids": (), "dismissed_to": "Dienstherr"}, "note letter sign follow_up file"),
    ],
)
def test_a_new_verfuegung_proposes_the_points_of_the_sheet_in_order_b5(changes, kinds):
    points = proposed_points(facts(**changes))

    assert [point.kind.value for point in points] == kinds.split()
    assert list(point_problems(points, BERLIN, MONDAY)) == []


def test_of_several_units_the_first_has_the_federfuehrung_gera10():
    texts = [p.text for p in proposed_points(facts(unit_ids=(711, 721))) if p.kind == PointKind.STATEMENT]
    assert [text.startswith("Federführung") for text in texts] == [True, False]


@pytest.mark.parametrize(
    ("numbers", "leads", "level", "by_directive", "wrong"),
    [
        ((1, 2), False, "team_lead", True, ["lead_unit"]),
        ((1, 2), True, "team_lead", True, []),
        ((1, 1), False, "team_lead", True, []),
        ((1,), False, "", True, ["signature_level"]),
        ((1,), False, "", False, []),
    ],
)
def test_the_head_names_who_leads_several_units_and_who_signs_gera10_k21(numbers, leads, level, by_directive, wrong):
    points = [PointData(PointKind.STATEMENT, "Was war?", unit_id=number, due_on=FRIDAY) for number in numbers]
    found = directives.head_problems(points, leads=leads, level=level, by_directive=by_directive)
    assert [(problem.index, problem.field) for problem in found] == [(None, field) for field in wrong]
