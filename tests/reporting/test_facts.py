"""Facts are what the cases say, whatever was done; corrected and late ones are told apart, and the past stays."""

from datetime import date, timedelta

import pytest
from django.core.management import call_command
from django.utils import timezone

from cases.closing.actions import reopen
from cases.handling.actions.assign import hand_to_unit
from cases.models import Case, OnTheSpotCount
from cases.rules.kinds import Channel
from cases.transfers.actions.triage import count_on_the_spot
from cases.workplace.actions import edit_case
from krm.demo import cases as demo_cases
from krm.demo import petitions as demo_petitions
from offices.models import Closing, Office
from offices.queries import actor_for
from reporting.actions.facts import check, rebuild, rebuild_missing
from reporting.models import CaseFact, TallyFact, TransferFact
from reporting.rules.vocabulary import Cause
from tests import make
from tests.cast import TODAY
from tests.scene import acting

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(house):
    return acting("pankow.krm", TODAY)


def differences():
    return [found for office in Office.objects.all() for found in check(office)]


def of(case: Case, **more) -> CaseFact:
    return CaseFact.objects.known().get(case=case, **({"position": 0, "round": 1} | more))


def test_the_facts_of_the_scene_are_what_its_cases_say(scene):
    assert CaseFact.objects.count() > Case.objects.count()
    assert differences() == []


def test_the_facts_of_the_demo_are_what_its_cases_say(house):
    today = timezone.localdate()
    for slug in ("pankow", "gera"):
        demo_cases.populate(house[slug], today, lambda: None)
        demo_petitions.populate(house[slug], today, lambda: None)
    assert differences() == []


def test_a_case_and_each_of_its_concerns_have_a_fact(desk):
    case = make.case(desk)

    facts = CaseFact.objects.filter(case=case).order_by("position")
    assert [(f.position, f.received_on, f.cause) for f in facts] == [(0, TODAY, "registered"), (1, TODAY, "registered")]
    assert facts[1].topic_id == case.concerns.get().topic_id


def test_a_correction_closes_one_fact_and_opens_the_next(desk):
    case = make.case(desk)
    edit_case(by=desk, case=case, expected_version=case.version, changes={"kind": "suggestion"})

    first, second = CaseFact.objects.filter(case=case, position=0).order_by("pk")
    assert (first.kind, first.known_to, second.kind, second.cause) == (
        "complaint",
        second.known_from,
        "suggestion",
        Cause.CORRECTION,
    )


def test_a_closed_round_stays_counted_when_the_case_comes_back(desk):
    case = make.seen(desk)
    make.answered(desk, case)
    case.refresh_from_db()
    make.closed(desk, case)
    closed = of(case)
    later = actor_for(desk.user, TODAY + timedelta(days=9))
    case.refresh_from_db()
    reopen(by=later, case=case, reason="Es fehlte etwas.")

    first, second = of(case), of(case, round=2)
    assert (first.end, first.outcome, first.reopened_after) == ("closed", closed.outcome, 9)
    assert (second.opened_on, second.ended_on, second.end) == (TODAY + timedelta(days=9), None, "")
    assert differences() == []


def test_how_long_it_took_stays_when_a_holiday_is_entered_later(desk):
    case = make.seen(desk, received_on=TODAY - timedelta(days=7))
    make.answered(desk, case)
    case.refresh_from_db()
    make.closed(desk, case)
    before = of(case).working_days
    Closing.objects.create(
        office=case.office, name="Umzug", kind="holiday", from_on=TODAY - timedelta(days=3),
        until_on=TODAY - timedelta(days=1), created_at=timezone.now(),
    )  # fmt: skip

    assert before
    assert differences() == []
    case.refresh_from_db()
    assert of(case).working_days == before


def test_a_tally_has_a_fact_with_its_number(desk):
    office = Office.objects.get(slug="germersheim")
    clerk = acting("germersheim.vz", TODAY)
    unit = office.units.get(number="711")
    for count in (2, 3):
        count_on_the_spot(by=clerk, office=office, unit_id=unit.pk, channel=Channel.IN_PERSON, on=TODAY, count=count)

    tally = OnTheSpotCount.objects.get()
    assert list(TallyFact.objects.order_by("pk").values_list("count", flat=True)) == [2, 5]
    assert TallyFact.objects.known().get(tally=tally).count == 5


def test_what_was_known_when_is_told_by_two_columns(desk):
    case = make.case(desk)
    before = timezone.now()
    hand_to_unit(by=desk, case=case, unit=case.office.units.get(number="711"))

    assert CaseFact.objects.known(before).get(case=case, position=0).unit_id is None
    assert of(case).unit.number == "711"


def test_facts_can_be_made_anew(scene):
    now = {f.fact for f in CaseFact.objects.known()}
    for office in Office.objects.all():
        rebuild(office)

    assert {f.fact for f in CaseFact.objects.known()} == now
    assert differences() == []


def test_an_update_makes_the_facts_of_offices_that_have_none_and_leaves_the_others(scene):
    office = Office.objects.get(slug="pankow")
    kept = set(CaseFact.objects.exclude(office=office).values_list("pk", flat=True))
    for model in (CaseFact, TransferFact, TallyFact):
        model.objects.filter(office=office).delete()

    rebuild_missing()

    assert differences() == []
    assert set(CaseFact.objects.exclude(office=office).values_list("pk", flat=True)) == kept
    assert rebuild_missing() == 0


def test_the_command_names_what_differs(desk, capsys):
    case = make.case(desk)
    call_command("facts", "--check")
    assert "stimmen" in capsys.readouterr().out
    CaseFact.objects.filter(case=case, position=0).update(received_on=date(2020, 1, 1))

    with pytest.raises(Exception, match="1 Abweichungen"):
        call_command("facts", "--check", "--office", "pankow")
    assert f"pankow: case {case.pk} (1, 0): received_on" in capsys.readouterr().out
