"""The table of roles: what K18 makes of it, what is kept apart, and the page that shows it."""

import pytest
from django.test import Client

from offices.models import User
from offices.roles import (
    APART_FROM_CASES,
    LEADERS,
    ROLES,
    Permission,
    Role,
    Scope,
    Visibility,
    are_kept_apart,
    reach,
)


def holders(permission: Permission) -> set[Role]:
    return {role for role, entry in ROLES.items() if permission in entry.permissions}


def test_every_role_has_its_entry_and_every_permission_its_words():
    assert list(ROLES) == list(Role)
    assert len({permission.label for permission in Permission}) == len(Permission)


@pytest.mark.parametrize("role", sorted(LEADERS))
@pytest.mark.parametrize(
    ("visibility", "scope"),
    [
        (Visibility.KRM_AND_ALL_LEADERS, Scope.OFFICE),
        (Visibility.KRM_AND_UNIT_LEADERS, Scope.UNITS),
        (Visibility.KRM_AND_MANAGEMENT_ONLY, Scope.ASSIGNED),
    ],
)
def test_k18_decides_what_leaders_see(role, visibility, scope):
    assert reach(role, visibility) == scope


@pytest.mark.parametrize("visibility", Visibility)
def test_krm_and_management_always_see_the_whole_office_k18(visibility):
    assert {reach(role, visibility) for role in (Role.KRM_OFFICER, Role.MANAGEMENT)} == {Scope.OFFICE}


def test_the_front_office_sees_the_cases_unless_only_krm_and_management_do_k18_ger33():
    assert [reach(Role.FRONT_OFFICE, v) for v in Visibility] == [Scope.ASSIGNED, Scope.OFFICE, Scope.OFFICE]


@pytest.mark.parametrize("visibility", Visibility)
def test_who_runs_checks_or_measures_the_house_reads_no_cases(visibility):
    for role in APART_FROM_CASES:
        assert reach(role, visibility) == Scope.NONE
        assert Permission.READ_CASES not in ROLES[role].permissions


def test_the_expert_decides_nothing_without_a_vertretung_pan14():
    assert reach(Role.EXPERT, Visibility.KRM_AND_ALL_LEADERS) == Scope.NONE
    assert ROLES[Role.EXPERT].permissions.isdisjoint({Permission.READ_CASES, Permission.TRIAGE, Permission.CLOSE})


def test_who_changes_what_in_the_house():
    assert holders(Permission.CHANGE_RULES) == holders(Permission.CHANGE_TOPICS) == {Role.KRM_OFFICER}
    assert holders(Permission.CHANGE_PEOPLE) == {Role.SYSADMIN}
    assert holders(Permission.SUBSTITUTE_OTHERS) == {Role.KRM_OFFICER, Role.MANAGEMENT, Role.SYSADMIN}
    assert holders(Permission.CHANGE_SUBSTITUTIONS) == holders(Permission.READ_RULES) == set(Role)
    assert holders(Permission.READ_LOG) == {Role.AUDIT}


@pytest.mark.parametrize(
    ("roles", "apart"),
    [
        ([], False),
        ([Role.SYSADMIN], False),
        ([Role.SYSADMIN, Role.AUDIT], False),
        ([Role.KRM_OFFICER, Role.MANAGEMENT], False),
        ([Role.SYSADMIN, Role.EMPLOYEE], True),
        ([Role.KRM_OFFICER, Role.CONTROLLING], True),
    ],
)
def test_administration_and_cases_do_not_meet_in_one_person_b4_12(roles, apart):
    assert are_kept_apart(roles) is apart


def test_the_page_shows_the_live_table_and_the_reach_under_the_rules_of_the_office(house):
    client = Client()
    client.force_login(User.objects.get(username="germersheim.ma"))
    response = client.get("/rollen/")

    assert [(row["label"], [may for _, may in row["cells"]]) for row in response.context["rows"]] == [
        (permission.label, [permission in entry.permissions for entry in ROLES.values()]) for permission in Permission
    ]
    assert [row["words"] for row in response.context["offices"]] == ["nur KRM und Geschäftsführung"]
    reaches = {row["role"]: row["cells"][0][1] for row in response.context["reaches"]}
    assert reaches[Role.TEAM_LEAD] == "nur zugewiesene Vorgänge"
    assert response.text.count("<strong>ja</strong>") == sum(len(entry.permissions) for entry in ROLES.values())
