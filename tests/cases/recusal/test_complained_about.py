"""Naming whom a reaction is about after registration: access ends at once (B4-8)."""

import pytest
from django.urls import reverse

from cases.access import grant, seal
from cases.handling.actions.assign import accept, hand_to_unit
from cases.handling.actions.notes import set_follow_up
from cases.letters.actions.writing import dispatch_letter
from cases.models import Case, Event, Letter, Statement
from cases.recusal.actions.complained_about import name_employee, unname_employee
from cases.rules.directives import PointData, PointKind
from cases.rules.lifecycle import Status
from cases.signing.actions import co_sign_letter, issue_letter
from cases.statements.actions.asking import request_statement
from cases.statements.actions.way import edit_statement, hand_on, sign_statement
from krm.demo.letters import directed, submitted
from offices.errors import NotAllowed
from offices.models import Substitution, Unit, User
from offices.roles import Role
from tests import make
from tests.cast import TODAY, actor

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
    unname_employee(by=actor("pankow.krm2"), case=case, entry=entry)

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


# What was signed, written or approved


def unit() -> Unit:
    return Unit.objects.get(office__slug="pankow", number="711")


def stated(krm, case: Case) -> Statement:
    """A statement by the Teamleitung, approved by the Bereichsleitung."""
    (statement,) = request_statement(by=krm, case=case, unit=unit(), question="Was war?", due_on=TODAY)
    tl, bl = actor("pankow.tl"), actor("pankow.bl")
    statement = edit_statement(by=tl, statement=statement, expected_version=statement.version, text="So war es.")
    statement = hand_on(by=tl, statement=statement, expected_version=statement.version)
    return sign_statement(by=bl, statement=statement, expected_version=statement.version)


def signed_by(krm, case: Case, who: str, level: Role) -> Letter:
    directed(krm, case, level)
    letter = submitted(krm, make.answer(krm, case))
    return issue_letter(by=actor(f"pankow.{who}"), letter=letter, expected_version=letter.version, dated_on=TODAY)


def fallen(case: Case) -> list[str]:
    codes = ("letter.withdrawn", "statement.withdrawn", "signature.barred")
    return list(Event.objects.filter(case=case, code__in=codes).order_by("seq").values_list("code", flat=True))


def told(case: Case) -> list[str]:
    return [a.user.username for a in case.assignments.open() if a.task.startswith("Zeichnungen oder Stellungnahmen")]


def test_an_unsent_letter_is_a_draft_again_when_its_signer_is_named_and_the_krm_is_told(krm):
    case = make.case(krm, unit_id=unit().pk)
    letter = signed_by(krm, case, "tl", Role.TEAM_LEAD)
    Case.objects.filter(pk=case.pk).update(handler=person("krm2"))

    name_employee(by=krm, case=case, user=person("tl"))

    letter.refresh_from_db()
    assert (letter.state, letter.signature, letter.signatures.valid().count()) == ("Entwurf", "", 0)
    assert fallen(case) == ["signature.barred", "letter.withdrawn"]
    assert told(case) == ["pankow.krm2"]
    with pytest.raises(NotAllowed, match="noch ein Entwurf"):
        dispatch_letter(by=krm, letter=letter, sent_on=TODAY, way=Letter.Way.POST)


def test_what_a_deputy_signed_in_place_of_who_is_named_falls_too(krm):
    case = make.case(krm, unit_id=unit().pk)
    Substitution.objects.create(absent=person("tl"), deputy=person("tl2"), from_on=TODAY, until_on=TODAY)
    letter = signed_by(krm, case, "tl2", Role.TEAM_LEAD)

    name_employee(by=krm, case=case, user=person("tl"))

    letter.refresh_from_db()
    assert letter.state == "Entwurf"


def test_a_letter_that_waits_for_who_is_named_comes_back_with_all_its_co_signatures(krm):
    case = make.case(krm, unit_id=unit().pk)
    points = (PointData(PointKind.CO_SIGN, person_id=person("ma").pk), PointData(PointKind.FILE))
    directed(krm, case, Role.TEAM_LEAD, points=points)
    letter = submitted(krm, make.answer(krm, case))
    letter = co_sign_letter(by=actor("pankow.ma"), letter=letter, expected_version=letter.version)

    name_employee(by=krm, case=case, user=person("tl"))

    letter.refresh_from_db()
    assert (letter.state, letter.signatures.valid().count()) == ("Entwurf", 0)
    assert Case.objects.get(pk=case.pk).status == Status.WITH_KRM


def test_what_has_left_the_house_stays_signed(krm):
    case = make.case(krm, unit_id=unit().pk)
    letter = signed_by(krm, case, "tl", Role.TEAM_LEAD)
    letter = dispatch_letter(by=krm, letter=letter, sent_on=TODAY, way=Letter.Way.POST)

    name_employee(by=krm, case=case, user=person("tl"))

    letter.refresh_from_db()
    assert (letter.state, letter.signatures.valid().count(), fallen(case), told(case)) == ("versandt", 1, [], [])


@pytest.mark.parametrize("who", ["tl", "bl"])
def test_a_statement_falls_with_who_wrote_or_approved_it(krm, case, who):
    statement = stated(krm, case)
    case = Case.objects.get(pk=case.pk)

    name_employee(by=krm, case=case, user=person(who))

    statement.refresh_from_db()
    assert (statement.approved_at, statement.withdrawn_on) == (None, TODAY)
    assert statement.signatures.valid().count() == 0
    assert fallen(case) == ["signature.barred", "statement.withdrawn"]


def test_nothing_falls_with_who_took_no_part(krm, case):
    statement = stated(krm, case)

    name_employee(by=krm, case=Case.objects.get(pk=case.pk), user=person("tl2"))

    statement.refresh_from_db()
    assert (statement.approved_at is None, fallen(case), told(case)) == (False, [], [])


def test_naming_the_geschaeftsfuehrung_takes_down_what_any_leader_did(krm):
    case = make.case(krm, unit_id=unit().pk)
    statement = stated(krm, case)
    letter = signed_by(krm, Case.objects.get(pk=case.pk), "tl", Role.TEAM_LEAD)

    name_employee(by=krm, case=case, user=person("gf"))

    letter.refresh_from_db()
    statement.refresh_from_db()
    assert (letter.state, statement.withdrawn_on) == ("Entwurf", TODAY)


def test_the_page_says_what_naming_somebody_means(client, krm, case):
    client.force_login(person("krm"))

    page = client.post(reverse("cases:employees", args=[case.reference]), {"user": person("tl").pk}, follow=True)

    assert "gezeichnet, geschrieben oder freigegeben hat, gilt nicht mehr" in page.content.decode()
