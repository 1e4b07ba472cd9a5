"""The seats from which somebody acts on one case: by the part of the house, and by what is asked of them by name."""

import pytest

from cases.asking import ask, finish, take_back
from cases.models import Case
from cases.permissions import check_may, seats_for, why_may_not
from cases.rules.assignments import AssignmentKind
from offices.errors import NotAllowed
from offices.models import Unit, User
from offices.roles import Permission, Role
from tests import make
from tests.cast import actor

pytestmark = pytest.mark.usefixtures("house")


@pytest.fixture
def krm(house):
    return actor("pankow.krm")


@pytest.fixture
def case(krm) -> Case:
    """A case of team 711, so that nobody of team 712 works on it for being there."""
    return make.case(krm, unit_id=Unit.objects.get(office__slug="pankow", number="711").pk)


def asked_of(who: str, case: Case, krm, state: str) -> None:
    """Something asked of this person that is now open, done or taken back."""
    kind = AssignmentKind.TAKE_NOTE
    ask(case, kind, User.objects.get(username=f"pankow.{who}"), by=krm)
    if state == "done":
        finish(case, kind, by=krm)
    elif state == "taken back":
        take_back(case, kind, by=krm)


def roles(who: str, permission: Permission, case: Case) -> list[Role]:
    return [seat.role for seat in seats_for(actor(f"pankow.{who}"), permission, Case.objects.get(pk=case.pk))]


@pytest.mark.parametrize("state", ["never", "open", "done", "taken back"])
@pytest.mark.parametrize(
    ("who", "permission", "role"),
    [("ma2", Permission.NOTE, Role.EMPLOYEE), ("tl2", Permission.NOTE, Role.TEAM_LEAD),
     ("tl2", Permission.SIGN, Role.TEAM_LEAD)],
)  # fmt: skip
def test_who_was_asked_by_name_contributes_while_it_is_open(krm, case, who, permission, role, state):
    if state != "never":
        asked_of(who, case, krm, state)

    assert roles(who, permission, case) == ([role] if state == "open" else [])


@pytest.mark.parametrize("state", ["never", "open", "done", "taken back"])
def test_who_was_asked_by_name_reads_what_the_lists_show_them(krm, case, state):
    if state != "never":
        asked_of("ma2", case, krm, state)
    is_listed = Case.objects.visible_to(actor("pankow.ma2")).filter(pk=case.pk).exists()

    assert roles("ma2", Permission.READ_CASES, case) == ([Role.EMPLOYEE] if is_listed else [])
    assert is_listed or state != "open"


def test_what_is_asked_of_somebody_does_not_let_them_work_on_it(krm, case):
    asked_of("ma2", case, krm, "open")

    assert roles("ma2", Permission.WORK, case) == []


@pytest.mark.parametrize("permission", [Permission.READ_CASES, Permission.NOTE, Permission.WRITE_LETTERS])
@pytest.mark.parametrize("named_as", ["asked", "handler", "responsible"])
def test_a_seat_without_cases_reads_none_for_being_named_on_it(krm, case, named_as, permission):
    """Der Datenschutzbeauftragte liest nach Freigabe im Einzelfall, sonst nichts (B4-12)."""
    officer = User.objects.get(username="pankow.dsb")
    if named_as == "asked":
        asked_of("dsb", case, krm, "open")
    else:
        Case.objects.filter(pk=case.pk).update(**{named_as: officer})
    case = Case.objects.get(pk=case.pk)

    assert actor("pankow.dsb").may(permission, case.office_id)
    assert seats_for(actor("pankow.dsb"), permission, case) == ()
    assert why_may_not(actor("pankow.dsb"), permission, case) is not None
    with pytest.raises(NotAllowed):
        check_may(actor("pankow.dsb"), permission, case)
