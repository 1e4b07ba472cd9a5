"""Days that people enter, and what is offered instead (B3-5)."""

from datetime import date

import pytest

from cases.rules.days import why_no_day
from offices.calendars import LAST_YEAR, Calendar

BERLIN = Calendar("BE")
FRIDAY, SATURDAY, SUNDAY, MONDAY = (date(2026, 11, day) for day in (27, 28, 29, 30))


@pytest.mark.parametrize(
    ("day", "earliest", "sentence"),
    [
        (FRIDAY, FRIDAY, None),
        (FRIDAY, SATURDAY, "Der 27.11.2026 liegt in der Vergangenheit."),
        (SATURDAY, FRIDAY, "Der 28.11.2026 ist kein Arbeitstag (Samstag). Möglich wäre: Freitag, 27.11.2026."),
        (SUNDAY, SATURDAY, "Der 29.11.2026 ist kein Arbeitstag (Sonntag). Möglich wäre: Montag, 30.11.2026."),
        (SATURDAY, SATURDAY, "Der 28.11.2026 ist kein Arbeitstag (Samstag). Möglich wäre: Montag, 30.11.2026."),
        (date(LAST_YEAR + 1, 1, 4), MONDAY, f"Möglich sind Tage bis {LAST_YEAR}."),
    ],
)
def test_a_day_that_is_no_arbeitstag_comes_with_one_that_can_be_taken_b3_5(day, earliest, sentence):
    assert why_no_day(BERLIN, day, earliest) == sentence
