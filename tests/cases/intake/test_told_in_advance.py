"""Who is told of a new reaction before the KRM works on it (K19; PAN-19, GERA-17), and the list in the form of K19."""

import pytest

from cases.administration.forms.rule_sets import RuleSetForm
from cases.handling.actions.assign import accept
from cases.models import Assignment, Case
from cases.rules.registration import EmployeeData
from cases.rules.triage import forbids_telling, hints
from offices.models import RuleSet, Unit, User
from tests import make
from tests.cast import actor

pytestmark = pytest.mark.usefixtures("house")


def told(case: Case) -> list[str]:
    found = Assignment.objects.filter(case=case, kind__in=["take_note", "see_first"])
    return list(found.values_list("user__username", flat=True))


def unit(office: str) -> Unit:
    return Unit.objects.get(office__slug=office, number="711")


def test_the_bereichsleitung_is_told_in_advance_where_a_unit_is_named_pan19():
    krm = actor("pankow.krm")
    assert told(make.case(krm, unit_id=unit("pankow").pk)) == ["pankow.bl"]
    assert told(make.case(krm)) == []


def test_the_geschaeftsfuehrung_takes_note_first_in_gera_only_gera17():
    assert told(make.case(actor("gera.krm"), unit_id=unit("gera").pk)) == ["gera.gf"]
    assert told(make.case(actor("germersheim.krm"))) == []


def test_nobody_is_told_whom_it_is_about_and_of_a_sealed_case_nobody_b4_8():
    krm, about = actor("pankow.krm"), User.objects.get(username="pankow.bl")
    number = unit("pankow").pk
    assert told(make.case(krm, unit_id=number, employees=(EmployeeData(user_id=about.pk),))) == []
    assert told(make.case(krm, unit_id=number, is_sealed=True)) == []


CONFIDENTIAL = {
    "K12 Korruption": "Der Sachbearbeiter nimmt Schmiergeld.",
    "K12 Leistungsmissbrauch": "Mein Nachbar begeht Sozialbetrug.",
    "K12 Ordnungswidrigkeit": "Hier ist ein Bußgeld fällig.",
    "K11 Datenschutz": "Das verstößt gegen den Datenschutz.",
}


@pytest.mark.parametrize("text", CONFIDENTIAL.values(), ids=CONFIDENTIAL)
@pytest.mark.parametrize(("office", "first"), [("pankow", "pankow.bl"), ("gera", "gera.gf")])
def test_while_a_hint_to_a_confidential_matter_stands_nobody_is_told(office, first, text):
    krm = actor(f"{office}.krm")
    case = make.case(krm, unit_id=unit(office).pk, text=text)
    assert told(case) == []

    accept(by=krm, case=case)

    assert told(case) == [first]


def test_a_complaint_about_conduct_that_the_office_does_not_keep_is_told_to_nobody():
    shouted = "Ich wurde angeschrien."
    of = {office: RuleSet.objects.get(office__slug=office).parameters for office in ("pankow", "germersheim")}

    assert {office: forbids_telling(hints(shouted, p)) for office, p in of.items()} == {
        "pankow": False,
        "germersheim": True,
    }
    assert told(make.case(actor("pankow.krm"), unit_id=unit("pankow").pk, text=shouted)) == ["pankow.bl"]


def test_a_reaction_of_the_second_round_is_told_to_nobody_again():
    krm = actor("pankow.krm")
    case = make.case(krm, unit_id=unit("pankow").pk)

    accept(by=krm, case=case)

    assert told(case) == ["pankow.bl"]


def test_the_lists_of_k19_are_entered_one_a_line():
    base = RuleSet.objects.get(office__slug="pankow")
    form = RuleSetForm(base=base)
    assert form["lgf_copy_units"].value() == "71\n72\n75\n76\n77\n7BGF"
    assert form.fields["must_present"].clean(" Presse \r\n\r\nPresse\nAbgeordnete") == ["Presse", "Abgeordnete"]
