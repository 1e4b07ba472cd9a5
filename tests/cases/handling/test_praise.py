"""A Lob on its way to the Führungskraft: by the office's rule, through the Geschäftsführung where it says so."""

from datetime import date

import pytest

from cases.asking import tick
from cases.closing.reading import closing_facts
from cases.handling.actions.praise import pass_on_praise
from cases.lookup import visible_case
from cases.models import Assignment, Case, Event
from cases.rules.completeness import missing
from cases.rules.kinds import Kind
from cases.rules.lifecycle import Step
from cases.rules.registration import EmployeeData
from offices.errors import NotAllowed
from offices.models import Membership, Substitution, Unit, User
from tests import make
from tests.cast import TODAY, actor

pytestmark = pytest.mark.usefixtures("house")


def person(username: str) -> User:
    return User.objects.get(username=username)


def unit(slug: str, number: str) -> Unit:
    return Unit.objects.get(office__slug=slug, number=number)


def praise(slug: str, **changes) -> Case:
    return make.case(actor(f"{slug}.krm"), kind=Kind.PRAISE, unit_id=unit(slug, "711").pk, **changes)


def pass_on(case: Case, number: str = "711", who: str = "krm") -> Assignment:
    slug = case.office.slug
    return pass_on_praise(by=actor(f"{slug}.{who}"), case=case, unit=unit(slug, number))


def way(case: Case) -> list[tuple]:
    """(who, whether done) in order."""
    rows = case.assignments.filter(kind="pass_on_praise").order_by("pk")
    return [(row.user.username.partition(".")[2], not row.is_open) for row in rows]


def praise_arrived(case: Case) -> bool:
    """Whether closing no longer waits for the Führungskraft."""
    facts = closing_facts(
        visible_case(actor(f"{case.office.slug}.krm"), case.reference), outcome="", outcome_reason="", settlement=""
    )
    return "praise" not in {gap.key for gap in missing(Step.CLOSE, facts)}


def test_in_pankow_it_goes_to_the_team_lead():
    case = praise("pankow")
    pass_on(case)
    assert way(case) == [("tl", False)]
    tick(by=actor("pankow.tl"), assignment=case.assignments.get(kind="pass_on_praise"))
    assert way(case) == [("tl", True)]


def test_in_germersheim_the_management_reads_it_first_and_passes_it_on():
    case = praise("germersheim")
    first = pass_on(case)
    assert (first.user, first.pass_to, praise_arrived(case)) == (
        person("germersheim.gf"), person("germersheim.tl"), False,
    )  # fmt: skip
    assert not Case.objects.visible_to(actor("germersheim.tl")).filter(pk=case.pk).exists()

    tick(by=actor("germersheim.gf"), assignment=first)

    assert way(case) == [("gf", True), ("tl", False)]
    assert praise_arrived(case) is False
    assert Case.objects.visible_to(actor("germersheim.tl")).filter(pk=case.pk).exists()
    assert not Case.objects.visible_to(actor("germersheim.tl2")).filter(pk=case.pk).exists()


def test_who_ticks_for_somebody_absent_is_shown_to_have_done_so_in_their_place():
    case = praise("pankow")
    asked = pass_on(case)
    absent, deputy = person("pankow.tl"), person("pankow.bl")
    Substitution.objects.create(absent=absent, deputy=deputy, from_on=TODAY, until_on=TODAY)

    tick(by=actor("pankow.bl"), assignment=asked)

    event = Event.objects.get(case=case, code="assignment.done")
    assert (event.by, event.for_user) == (deputy, absent)


def test_what_the_management_passes_on_herself_went_through_her():
    case = praise("germersheim")
    pass_on(case, who="gf")
    assert way(case) == [("tl", False)]


def test_where_the_rules_name_nobody_the_lead_of_the_unit_is_told_and_closing_does_not_wait():
    case = praise("gera")
    assert praise_arrived(case) is True
    pass_on(case, "71")
    assert way(case) == [("bl", False)]


def test_a_unit_without_a_lead_of_its_own_is_led_by_the_one_above():
    case = praise("pankow")
    Membership.objects.filter(user=person("pankow.tl")).update(until_on=date(2026, 11, 22))
    pass_on(case)
    assert way(case) == [("bl", False)]


def test_where_nobody_leads_the_sentence_says_so():
    with pytest.raises(NotAllowed) as refusal:
        pass_on(praise("pankow"), "721")
    assert (refusal.value.reason, refusal.value.field) == (
        "Für die Einheit „721 Team Leistung A“ ist keine Führungskraft eingetragen, die davon erfahren kann.",
        "unit",
    )


def test_who_the_reaction_also_complains_about_does_not_get_it():
    case = praise("pankow", employees=(EmployeeData(user_id=person("pankow.tl").pk),))
    pass_on(case)
    assert way(case) == [("bl", False)]


@pytest.mark.parametrize(
    ("slug", "sentence"),
    [
        ("pankow", "Tobias Lindner hat das Lob seit dem 23.11.2026."),
        ("germersheim", "Das Lob liegt seit dem 23.11.2026 bei Gudrun Falk und geht dann an Tobias Lindner."),
    ],
)
def test_a_second_click_passes_on_nothing(slug, sentence):
    case = praise(slug)
    pass_on(case)
    with pytest.raises(NotAllowed) as refusal:
        pass_on(case)
    assert refusal.value.reason == sentence
    assert len(way(case)) == 1


def test_two_teams_may_share_one_lob():
    case = praise("pankow")
    pass_on(case)
    pass_on(case, "712")
    assert way(case) == [("tl", False), ("tl2", False)]


def test_only_a_lob_goes_this_way_and_only_to_units_of_the_office():
    complaint = make.case(actor("pankow.krm"))
    with pytest.raises(NotAllowed, match="nur ein Lob"):
        pass_on(complaint)
    with pytest.raises(NotAllowed, match="gehört nicht zur Dienststelle"):
        pass_on_praise(by=actor("pankow.krm"), case=praise("pankow"), unit=unit("gera", "711"))


def test_who_assigns_nothing_passes_on_nothing():
    with pytest.raises(NotAllowed, match="zuweisen und übergeben"):
        pass_on(praise("pankow"), who="vz")


def test_closing_waits_for_the_lead_only_where_the_lob_belongs_to_a_unit():
    belongs, belongs_to_nobody = praise("pankow"), make.case(actor("pankow.krm"), kind=Kind.PRAISE)
    assert [praise_arrived(belongs), praise_arrived(belongs_to_nobody)] == [False, True]
    assert praise_arrived(make.case(actor("pankow.krm"))) is True
    pass_on(belongs)
    assert praise_arrived(belongs) is False
    tick(by=actor("pankow.tl"), assignment=belongs.assignments.get(kind="pass_on_praise"))
    assert praise_arrived(belongs) is True


def test_what_was_taken_back_has_not_arrived():
    case = praise("pankow")
    pass_on(case)
    case.assignments.update(cancelled_on=TODAY)
    assert praise_arrived(case) is False
