"""Naming whom a reaction is about after registration: access ends at once (B4-8)."""

import pytest
from django.urls import reverse

from cases.actions.access import grant, seal
from cases.actions.assign import accept, hand_to_unit
from cases.actions.complained_about import name_employee, unname_employee
from cases.actions.notes import set_follow_up
from cases.models import Case, Event
from offices.errors import NotAllowed
from offices.models import Unit, User
from tests import make
from tests.cast import actor

pytestmark = pytest.mark.usefixtures("house")


def person(name: str) -> User:
    return User.objects.get(username=f"pankow.{name}")


def sees(name: str, case: Case) -> bool:
    return Case.objects.visible_to(actor(f"pankow.{name}")).filter(pk=case.pk).exists()


@pytest.fixture
def krm(house):
    return actor("pankow.krm")


@pytest.fixture
def case(krm) -> Case:
    return make.case(krm)


def test_who_is_named_loses_sight_of_the_case_and_the_log_keeps_no_name(krm, case):
    assert sees("bl", case)

    name_employee(by=krm, case=case, user=person("bl"))

    assert not sees("bl", case)
    assert Event.objects.get(case=case, code="case.employee_named").data == {"person": person("bl").pk}


def test_a_mistake_is_taken_back_and_access_by_role_returns(krm, case):
    entry = name_employee(by=krm, case=case, user=person("bl"))

    unname_employee(by=krm, case=case, entry=entry)

    assert sees("bl", case)
    with pytest.raises(NotAllowed, match="schon entfernt"):
        unname_employee(by=krm, case=case, entry=entry)


def test_a_name_from_the_letter_is_enough(krm, case):
    entry = name_employee(by=krm, case=case, name="  Herr Blau vom Empfang ")

    assert str(entry) == "Herr Blau vom Empfang"


def test_single_access_ends_and_follow_ups_go_to_whoever_is_next(krm, case):
    accept(by=krm, case=case)
    grant(by=krm, case=case, user=person("gf"))
    look = set_follow_up(by=actor("pankow.gf"), case=case, working_days=2, task="nachfragen", assignee=person("gf"))

    name_employee(by=krm, case=case, user=person("gf"))

    look.refresh_from_db()
    assert (look.assignee, case.caseusergrant_set.count(), sees("gf", case)) == (None, 0, False)


def test_who_works_on_the_case_has_to_give_it_away_first(krm, case):
    hand_to_unit(by=krm, case=case, unit=Unit.objects.get(office=case.office, number="711"), handler=person("ma"))

    for name in ("ma", "tl"):
        with pytest.raises(NotAllowed, match="bearbeitet oder verantwortet"):
            name_employee(by=krm, case=case, user=person(name))


def test_a_sealed_case_is_never_left_without_anybody(krm, case):
    seal(by=krm, case=case)

    with pytest.raises(NotAllowed, match="sonst niemand Zugriff"):
        name_employee(by=krm, case=case, user=person("krm"))


@pytest.mark.parametrize(
    ("entry", "sentence"),
    [
        ({}, "Bitte eine Person auswählen"),
        ({"name": "  "}, "Bitte eine Person auswählen"),
        ({"user": "gera.tl"}, "gehört nicht zur Dienststelle"),
    ],
)
def test_what_names_nobody_of_the_house_is_refused(krm, case, entry, sentence):
    if "user" in entry:
        entry = {"user": User.objects.get(username=entry["user"])}

    with pytest.raises(NotAllowed, match=sentence):
        name_employee(by=krm, case=case, **entry)


def test_the_same_person_is_named_once(krm, case):
    name_employee(by=krm, case=case, user=person("bl"))

    with pytest.raises(NotAllowed, match="schon eingetragen"):
        name_employee(by=krm, case=case, user=person("bl"))


def test_leaders_do_not_name_anybody(krm, case):
    with pytest.raises(NotAllowed, match="Ihre Rolle umfasst nicht"):
        name_employee(by=actor("pankow.tl"), case=case, user=person("bl"))


def test_an_officer_who_names_herself_is_led_away_from_the_case(client, case):
    client.force_login(person("krm2"))

    response = client.post(reverse("cases:employees", args=[case.reference]), {"user": person("krm2").pk})

    assert (response.status_code, response.url) == (302, "/")


def test_an_empty_form_says_what_is_missing(client, case):
    client.force_login(person("krm"))

    response = client.post(reverse("cases:employees", args=[case.reference]), {"name": ""})

    assert response.status_code == 422
    assert "Bitte eine Person auswählen oder den Namen" in response.content.decode()
