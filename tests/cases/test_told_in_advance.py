"""Who is told of a new reaction before the KRM works on it (K19; PAN-19, GERA-17), and the list in the form of K19."""

import pytest

from cases.forms.rule_sets import RuleSetForm
from cases.models import Assignment, Case
from cases.rules.registration import EmployeeData
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


def test_the_lists_of_k19_are_entered_one_a_line():
    base = RuleSet.objects.get(office__slug="pankow")
    form = RuleSetForm(base=base)
    assert form["lgf_copy_units"].value() == "71\n72\n75\n76\n77\n7BGF"
    assert form.fields["must_present"].clean(" Presse \r\n\r\nPresse\nAbgeordnete") == ["Presse", "Abgeordnete"]
