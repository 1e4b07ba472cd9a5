"""Where a closed case is filed and for how long."""

from datetime import date

import pytest

from cases.rules.kinds import Kind
from cases.rules.retention import file_reference, retention_until
from offices.rules.presets import load


@pytest.mark.parametrize("closed_on", [date(2026, 1, 1), date(2026, 12, 31)])
def test_ten_years_run_from_the_end_of_the_year_of_closing_pan37_b4_9(closed_on):
    assert retention_until(closed_on, 10) == date(2036, 12, 31)


def test_the_file_plan_of_pankow_pan37():
    plan = load("pankow").parameters.file_plan
    assert {kind: file_reference(plan, kind, "PAN-2026-00042") for kind in Kind} == {
        Kind.COMPLAINT: "II-6001 PAN-2026-00042",
        Kind.CONDUCT_COMPLAINT: "II-6001.1 PAN-2026-00042",
        Kind.SUBMISSION: "II-6002 PAN-2026-00042",
        Kind.PETITION: "II-6003 PAN-2026-00042",
        Kind.PRAISE: "II-6000 PAN-2026-00042",
        Kind.SUGGESTION: "II-6000 PAN-2026-00042",
    }


def test_an_opinion_card_is_filed_under_its_own_key_whatever_stands_on_it_pan18():
    plan = load("pankow").parameters.file_plan
    assert file_reference(plan, Kind.COMPLAINT, "PAN-2026-00043", is_card=True) == "II-6000 PAN-2026-00043"
