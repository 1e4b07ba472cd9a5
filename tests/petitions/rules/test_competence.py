"""Who answers for a matter, with the paragraphs that say so (B2-9)."""

import pytest

from petitions.rules.competence import BASIS, Reason, Task, competence
from petitions.rules.vocabulary import Competence, LegalArea

FEDERAL, MUNICIPAL, ASSEMBLY = Competence.FEDERAL, Competence.MUNICIPAL, Competence.OWNERS_ASSEMBLY
BA = Reason(
    "§ 44b Abs. 3, § 47 Abs. 1 SGB II",
    "Die Bundesagentur verantwortet ihre Leistungen und kann Weisungen geben; die Aufsicht führt das BMAS.",
)
LAND = Reason(
    "§ 44b Abs. 3, § 47 Abs. 2 SGB II",
    "Die Kommune verantwortet ihre Leistungen und kann Weisungen geben; die Aufsicht führt das Land.",
)


def asked(*tasks, legal_area=LegalArea.SGB2, is_licensed=False):
    return competence(tasks, legal_area=legal_area, is_licensed=is_licensed)


@pytest.mark.parametrize(
    ("tasks", "expected"),
    [
        ([Task.BENEFITS], FEDERAL),
        ([Task.INTEGRATION, Task.BENEFITS], FEDERAL),
        ([Task.HOUSING], MUNICIPAL),
        ([Task.SOCIAL_SERVICES, Task.EDUCATION, Task.FIRST_EQUIPMENT], MUNICIPAL),
        ([Task.ORGANISATION], ASSEMBLY),
        ([Task.ORDER, Task.STAFFING_PLAN], ASSEMBLY),
        ([Task.BENEFITS, Task.HOUSING], Competence.MIXED),
        ([Task.ORGANISATION, Task.BENEFITS], Competence.MIXED),
        ([], None),
    ],
)
def test_tasks_say_who_answers_for_them(tasks, expected):
    assert asked(*tasks).competence == expected


def test_every_task_has_its_paragraph_and_those_of_the_assembly_are_numbered_as_in_the_law():
    assert list(BASIS) == list(Task)
    numbered = [paragraph for answers_for, paragraph in BASIS.values() if answers_for == ASSEMBLY]
    assert numbered == [f"§ 44c Abs. 2 S. 2 Nr. {n} SGB II" for n in range(1, 10)]


def test_reasons_name_the_task_and_who_supervises():
    assert asked(Task.HOUSING).reasons == (
        Reason("§ 6 Abs. 1 S. 1 Nr. 2, § 22 SGB II", "Unterkunft und Heizung: Kommune."),
        LAND,
    )


def test_mixed_matter_has_a_part_for_each_competence_in_the_order_of_the_law():
    found = asked(Task.ORGANISATION, Task.HOUSING, Task.BENEFITS)
    assert found.parts == (FEDERAL, MUNICIPAL, ASSEMBLY)
    assert [reason.paragraph for reason in found.reasons] == [
        "§ 6 Abs. 1 S. 1 Nr. 1 SGB II",
        "§ 6 Abs. 1 S. 1 Nr. 2, § 22 SGB II",
        "§ 44c Abs. 2 S. 2 Nr. 2 SGB II",
        BA.paragraph,
        LAND.paragraph,
        "§ 44b Abs. 3, § 44c, § 47 Abs. 3 SGB II",
        "§ 44b Abs. 3 SGB II",
    ]


def test_licensed_office_answers_for_everything_under_the_supervision_of_the_land():
    found = asked(Task.BENEFITS, Task.HOUSING, is_licensed=True)
    assert (found.competence, [r.paragraph for r in found.reasons]) == (Competence.LICENSED, ["§§ 6a, 6b, 48 SGB II"])


@pytest.mark.parametrize("is_licensed", [True, False])
def test_sgb_iii_is_the_matter_of_the_federal_agency_alone(is_licensed):
    found = asked(Task.HOUSING, legal_area=LegalArea.SGB3, is_licensed=is_licensed)
    assert (found.competence, [r.paragraph for r in found.reasons]) == (FEDERAL, ["§ 368 SGB III"])


def test_tasks_that_are_read_but_once_are_all_asked_for():
    found = competence(iter([Task.BENEFITS, Task.HOUSING]), legal_area=LegalArea.SGB2, is_licensed=False)
    assert (found.competence, found.parts) == (Competence.MIXED, (FEDERAL, MUNICIPAL))
