"""Sealed cases and single access."""

import pytest
from django.urls import reverse

from cases.access import grant, seal, withdraw
from cases.models import Case, Event
from cases.rules.registration import EmployeeData
from cases.workplace.forms.case import GrantForm
from offices.errors import NotAllowed
from offices.models import User
from tests import make
from tests.cast import actor

pytestmark = pytest.mark.usefixtures("house")


@pytest.fixture
def krm(house):
    return actor("pankow.krm")


@pytest.fixture
def case(krm) -> Case:
    return make.case(krm)


def person(name: str) -> User:
    return User.objects.get(username=f"pankow.{name}")


def who_sees(case: Case) -> list[str]:
    names = ("krm", "krm2", "gf", "tl", "ma", "vz", "dsb", "admin")
    return [n for n in names if Case.objects.visible_to(actor(f"pankow.{n}")).filter(pk=case.pk).exists()]


def test_a_sealed_case_is_left_to_whoever_sealed_it(krm, case):
    assert who_sees(case) == ["krm", "krm2", "gf", "tl", "vz"]
    seal(by=krm, case=case)
    assert who_sees(case) == ["krm"]
    with pytest.raises(NotAllowed, match="schon geschützt"):
        seal(by=krm, case=case)


def test_access_is_granted_and_withdrawn_person_by_person(krm, case):
    seal(by=krm, case=case)
    grant(by=krm, case=case, user=person("gf"))
    assert who_sees(case) == ["krm", "gf"]

    grant(by=actor("pankow.gf"), case=case, user=person("dsb"))
    withdraw(by=krm, case=case, user=person("gf"))

    assert who_sees(case) == ["krm", "dsb"]
    events = Event.objects.filter(case=case, code__startswith="case.access").order_by("seq")
    assert [(e.code, e.data) for e in events] == [
        ("case.access_granted", {"person": person("gf").pk}),
        ("case.access_granted", {"person": person("dsb").pk}),
        ("case.access_withdrawn", {"person": person("gf").pk}),
    ]


def test_the_last_access_to_a_sealed_case_stays(krm, case):
    seal(by=krm, case=case)
    with pytest.raises(NotAllowed, match="letzte Zugriff"):
        withdraw(by=krm, case=case, user=krm.user)
    assert who_sees(case) == ["krm"]


def test_an_open_case_gives_single_access_too(krm, case):
    grant(by=krm, case=case, user=person("dsb"))
    assert who_sees(case) == ["krm", "krm2", "gf", "tl", "vz", "dsb"]
    with pytest.raises(NotAllowed, match="hat schon Zugriff"):
        grant(by=krm, case=case, user=person("dsb"))
    with pytest.raises(NotAllowed, match="hat keinen Einzelzugriff"):
        withdraw(by=krm, case=case, user=person("ma"))


def test_who_is_complained_about_gets_no_access(krm):
    case = make.case(krm, employees=(EmployeeData(user_id=person("tl").pk),))
    with pytest.raises(NotAllowed, match="bekommt keinen Zugriff"):
        grant(by=krm, case=case, user=person("tl"))


def test_nobody_of_another_office_gets_access(krm, case):
    with pytest.raises(NotAllowed, match="gehört nicht zur Dienststelle"):
        grant(by=krm, case=case, user=User.objects.get(username="gera.krm"))


@pytest.mark.parametrize("name", ["vz", "gf"])
def test_who_may_not_edit_decides_about_no_access(case, name):
    by = actor(f"pankow.{name}")
    with pytest.raises(NotAllowed, match="Ihre Rolle umfasst nicht"):
        seal(by=by, case=case)
    with pytest.raises(NotAllowed, match="Ihre Rolle umfasst nicht"):
        grant(by=by, case=case, user=person("tl"))


def test_single_access_to_an_open_case_does_not_allow_passing_it_on(krm, case):
    grant(by=krm, case=case, user=person("dsb"))
    with pytest.raises(NotAllowed, match="Ihre Rolle umfasst nicht"):
        grant(by=actor("pankow.dsb"), case=case, user=person("tl"))


@pytest.mark.parametrize("name", ["admin", "revision", "controlling"])
def test_roles_apart_from_cases_get_no_single_access(krm, case, name):
    with pytest.raises(NotAllowed, match="bleiben von den Vorgängen getrennt"):
        grant(by=krm, case=case, user=person(name))
    names = [user.username for user in GrantForm(case=case, actor=krm).fields["user"].queryset]
    assert f"pankow.{name}" not in names
    assert "pankow.dsb" in names


def test_only_who_decides_about_access_learns_who_has_it(client, krm, case):
    grant(by=krm, case=case, user=person("dsb"))
    client.force_login(person("gf"))
    urls = [reverse("cases:access_withdraw", args=[case.reference, person(who).pk]) for who in ("dsb", "ma")]

    assert [client.post(url).status_code for url in urls] == [409, 409]
