"""What a page hides an action refuses: rules that once stood in views and templates, asked without any page."""

from datetime import timedelta

import pytest
from django.http import Http404
from django.utils import timezone

from cases.deadlines.actions.moving import extend
from cases.handling.actions.notes import set_follow_up
from cases.lookup import earlier_of_the_person, own_registration
from cases.models import Deadline
from cases.outbox.actions.queue import finish_task
from offices.errors import NotAllowed
from offices.models import Membership, Office
from offices.roles import Role
from tests import make
from tests.cast import TODAY, actor

pytestmark = pytest.mark.usefixtures("house")


@pytest.fixture
def krm(house):
    return actor("pankow.krm")


@pytest.fixture
def case(krm):
    return make.case(krm, received_on=TODAY)


def test_a_wiedervorlage_is_not_extended(krm, case):
    """It is done and set anew by whose it is, not moved by others (B3-5)."""
    look = set_follow_up(by=krm, case=case, working_days=2, task="nachfragen", assignee=krm.user)
    before = look.due_on

    with pytest.raises(NotAllowed, match="Wiedervorlage"):
        extend(by=actor("pankow.gf"), deadline=look, new_due_on=TODAY.replace(day=30), reason="später")
    look.refresh_from_db()
    assert look.due_on == before


def test_the_page_to_extend_a_wiedervorlage_says_so_at_once(client, krm, case):
    today = timezone.localdate()
    look = set_follow_up(by=actor("pankow.krm", today), case=case, working_days=2, task="nachfragen")
    client.force_login(krm.user)

    answer = client.get(f"/fristen/{look.pk}/verlaengern/")
    assert answer.status_code == 409
    assert "Wiedervorlage" in answer.text


def test_a_registration_is_told_to_who_registered_it_while_they_may_register(krm, case):
    assert own_registration(krm, case.reference) == case

    Membership.objects.filter(user=krm.user).update(until_on=TODAY - timedelta(days=1))
    with pytest.raises(Http404):
        own_registration(actor("pankow.krm"), case.reference)


@pytest.mark.parametrize(
    ("who", "may"),
    [("pankow.admin", True), ("gera.admin", False), ("pankow.krm", False), ("pankow.gf", False)],
)
def test_a_task_of_the_technical_administration_is_finished_by_that_of_the_office(krm, who, may):
    task = Deadline.objects.create(
        office=Office.objects.get(slug="pankow"), kind=Deadline.Kind.OTHER, role=Role.SYSADMIN, subject="E-Mail",
        task="gestört", start_on=TODAY, raw_on=TODAY, due_on=TODAY,
    )  # fmt: skip
    if may:
        finish_task(by=actor(who), deadline=task)
    else:
        with pytest.raises(NotAllowed):
            finish_task(by=actor(who), deadline=task)
    task.refresh_from_db()
    assert task.is_open is not may


def test_a_deadline_of_a_case_is_no_task_of_the_technical_administration(case):
    closure = case.deadlines.get(kind=Deadline.Kind.CLOSURE)
    Deadline.objects.filter(pk=closure.pk).update(role=Role.SYSADMIN)

    with pytest.raises(NotAllowed):
        finish_task(by=actor("pankow.admin"), deadline=closure)


@pytest.mark.parametrize(
    ("who", "is_shown"), [("krm", True), ("krm2", True), ("gf", False), ("tl", False), ("vz", False)]
)
def test_other_matters_of_the_person_are_for_the_desk_alone(krm, case, who, is_shown):
    """Nobody else needs them for this one (§ 35 SGB I)."""
    other = make.case(krm, received_on=TODAY)

    assert earlier_of_the_person(actor(f"pankow.{who}"), case) == ([other] if is_shown else None)


def test_of_whom_nothing_is_known_there_is_nothing_earlier(krm, case):
    case.persons.all().delete()
    assert earlier_of_the_person(krm, case) is None
