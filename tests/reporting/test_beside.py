"""What stands beside the figures: survey, households, measures whose days are watched, and the look for relief."""

import re
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from cases.models import Deadline, Event
from cases.rules.registration import EmployeeData
from offices.errors import NotAllowed
from reporting.actions.beside import (
    SurveyRow,
    carry_out,
    check_effect,
    drop_measure,
    enter_households,
    enter_surveys,
    look_for_relief,
    plan_measure,
    take_note,
)
from reporting.forms.beside import SurveyImportForm
from reporting.management.commands.figures_doc import TARGET, text
from reporting.models import Households, Measure, ReliefEvaluation, SurveyResult
from reporting.reading.relief import needing_relief
from tests import make
from tests.cast import TODAY
from tests.scene import acting, person

pytestmark = pytest.mark.django_db


@pytest.fixture
def krm(house):
    return acting("pankow.krm", TODAY)


def planned(krm, office, **changes) -> Measure:
    asked = {
        "cause": "Beschwerden", "what": "Aushang erneuert", "unit": None, "due_on": TODAY + timedelta(days=9),
        "check_on": TODAY + timedelta(days=60),
    }  # fmt: skip
    return plan_measure(by=krm, office=office, **asked | changes)


# The survey


def test_results_of_the_survey_are_entered_one_by_one_or_as_a_table(house):
    """PAN-41: by the Controlling, a grade with one decimal a half-year; a second entry corrects the first."""
    controlling, office = acting("pankow.controlling", TODAY), house["pankow"]
    enter_surveys(by=controlling, office=office, rows=[SurveyRow(2026, 1, Decimal("2.4"), 100)])
    form = SurveyImportForm({"rows": "Jahr;Halbjahr;Note;Befragte\n2025;2;2,7;100\n2026; H1 ;2,5;1.000\n\n"})
    assert form.is_valid(), form.errors
    enter_surveys(by=controlling, office=office, rows=form.cleaned_data["rows"])

    found = SurveyResult.objects.values_list("year", "half", "grade", "answers")
    assert list(found) == [(2026, 1, Decimal("2.5"), 1000), (2025, 2, Decimal("2.7"), 100)]


@pytest.mark.parametrize(
    ("row", "field"),
    [
        (SurveyRow(1999, 1, Decimal(2), 100), "year"),
        (SurveyRow(2026, 3, Decimal(2), 100), "half"),
        (SurveyRow(2026, 2, Decimal("0.9"), 100), "grade"),
        (SurveyRow(2026, 2, Decimal("2.45"), 100), "grade"),
        (SurveyRow(2026, 2, Decimal("6.1"), 100), "grade"),
        (SurveyRow(2026, 2, Decimal(2), 0), "answers"),
    ],
)
def test_what_cannot_be_is_refused_at_its_field(house, row, field):
    with pytest.raises(NotAllowed) as refusal:
        enter_surveys(by=acting("pankow.controlling", TODAY), office=house["pankow"], rows=[row])
    assert refusal.value.field == field


def test_of_a_table_all_rows_are_taken_or_none_and_the_wrong_one_is_named(house):
    rows = [SurveyRow(2026, 1, Decimal(2), 100), SurveyRow(2026, 1, Decimal(9), 100)]
    with pytest.raises(NotAllowed, match="Zeile 2"):
        enter_surveys(by=acting("pankow.controlling", TODAY), office=house["pankow"], rows=rows)
    assert not SurveyResult.objects.exists()


@pytest.mark.parametrize("rows", ["2026;1;zwei;100", "2026;1;2,4", "", ";;;", "2026;1;2,4;viele"])
def test_a_line_that_is_not_understood_is_shown(rows):
    assert not SurveyImportForm({"rows": rows}).is_valid()


def test_leaders_enter_no_survey(house):
    with pytest.raises(NotAllowed):
        enter_surveys(by=acting("pankow.tl", TODAY), office=house["pankow"], rows=[])


def test_the_number_of_households_is_entered_for_a_year(house):
    controlling = acting("pankow.controlling", TODAY)
    for number in (9_000, 9_100):
        enter_households(by=controlling, office=house["pankow"], year=2025, number=number)
    assert Households.objects.get().number == 9_100
    with pytest.raises(NotAllowed):
        enter_households(by=controlling, office=house["pankow"], year=2030, number=1)


# Measures


def test_a_measure_is_planned_carried_out_and_its_effect_looked_at(krm, house):
    """GER-3: cause, measure, unit, date; both days are watched, and end with what was done."""
    case = make.case(krm)
    measure = planned(krm, house["pankow"], case=case)
    first = Deadline.objects.open().get(subject=f"Maßnahme Nr. {measure.pk}")
    assert (first.due_on, first.role) == (TODAY + timedelta(days=9), "krm_officer")
    with pytest.raises(NotAllowed, match="umgesetzt"):
        check_effect(by=krm, measure=measure, effect="hilft")

    carry_out(by=krm, measure=measure, on=TODAY)
    assert Deadline.objects.open().get(subject=first.subject).due_on == TODAY + timedelta(days=60)
    done = check_effect(by=krm, measure=measure, effect="Seitdem keine Beschwerde mehr.")
    assert (done.state, done.checked_on) == ("Wirkung geprüft", TODAY)
    assert not Deadline.objects.open().filter(subject=first.subject).exists()


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"cause": " "}, "cause"),
        ({"what": ""}, "what"),
        ({"due_on": TODAY - timedelta(days=1)}, "due_on"),
        ({"check_on": TODAY}, "check_on"),
    ],
)
def test_a_measure_needs_a_cause_words_and_days_in_their_order(krm, house, changes, field):
    with pytest.raises(NotAllowed) as refusal:
        planned(krm, house["pankow"], **changes)
    assert refusal.value.field == field


def test_a_measure_that_was_never_carried_out_can_be_taken_back(krm, house):
    drop_measure(by=krm, measure=planned(krm, house["pankow"]))
    assert not Measure.objects.exists()
    assert not Deadline.objects.open().exists()
    done = carry_out(by=krm, measure=planned(krm, house["pankow"]), on=TODAY)
    with pytest.raises(NotAllowed):
        drop_measure(by=krm, measure=done)


def test_a_measure_is_not_out_of_a_case_that_its_planner_does_not_see(house):
    foreign = make.case(acting("gera.krm", TODAY))
    with pytest.raises(NotAllowed):
        planned(acting("pankow.krm", TODAY), house["pankow"], case=foreign)


# Relief


def test_only_the_management_looks_who_needs_relief_with_a_reason_that_the_krm_reads(client, house):
    """GER-35."""
    today = timezone.localdate()
    krm, gf = acting("pankow.krm", today), acting("pankow.gf", today)
    with pytest.raises(NotAllowed, match="GER-35"):
        look_for_relief(by=krm, office=house["pankow"], reason="neugierig")
    with pytest.raises(NotAllowed) as refusal:
        look_for_relief(by=gf, office=house["pankow"], reason=" ")
    assert refusal.value.field == "reason"

    look_for_relief(by=gf, office=house["pankow"], reason="Hinweis der Teamleitung")
    assert Event.objects.filter(code="evaluation.relief").count() == 1
    told = Deadline.objects.open().get(task__startswith="Auswertung zur Entlastung")
    assert (told.role, told.due_on) == ("krm_officer", today)
    client.force_login(person("pankow.krm"))
    page = client.get("/auswertung/entlastung/").content.decode()
    assert "Hinweis der Teamleitung" in page
    assert "Wo ein Gespräch sinnvoll ist" not in page

    entry = ReliefEvaluation.objects.get()
    client.post("/auswertung/entlastung/", {"gelesen": entry.pk})
    assert not Deadline.objects.open().filter(pk=told.pk).exists()
    assert "Zur Kenntnis genommen" in page
    assert "Zur Kenntnis genommen" not in client.get("/auswertung/entlastung/").content.decode()
    with pytest.raises(NotAllowed):
        take_note(by=gf, evaluation=entry)


def test_who_is_named_in_several_complaints_is_shown_by_name_without_a_number(client, house):
    today = timezone.localdate()
    krm = acting("pankow.krm", today)
    for about, times in (("ma", 3), ("ma2", 2)):
        for _ in range(times):
            make.case(krm, received_on=today, employees=(EmployeeData(user_id=person(f"pankow.{about}").pk),))
    old = today - timedelta(days=400)
    make.case(krm, received_on=old, employees=(EmployeeData(user_id=person("pankow.ma2").pk),))

    gf = acting("pankow.gf", today)
    assert [user.username for user in needing_relief(gf, house["pankow"])] == ["pankow.ma"]
    client.force_login(person("pankow.gf"))
    assert b"Adler" not in client.get("/auswertung/entlastung/").content
    client.post("/auswertung/entlastung/", {"reason": "Hinweis"})
    page = client.get("/auswertung/entlastung/").content.decode()
    section = page[page.index("Wo ein Gespräch sinnvoll ist") : page.index("Wer nachgesehen hat")]
    assert "Marta Adler" in section
    assert re.findall(r"<li>(.*?)</li>", section) == ["Marta Adler"]
    ReliefEvaluation.objects.update(on=date(2026, 1, 1))
    assert b"Marta Adler" not in client.get("/auswertung/entlastung/").content


def test_the_page_of_definitions_is_that_of_the_figures(settings):
    assert (settings.BASE_DIR / TARGET).read_text(encoding="utf-8") == text()
