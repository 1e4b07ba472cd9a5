"""Absences that begin or end after the last step was told: who acts from then on hears of what is open (PAN-14)."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from cases.administration.actions.substitutions import end_substitution, enter_substitution
from cases.handling.actions.assign import accept
from cases.models import Deadline, Notice
from cases.notices.actions.sweep import sweep
from offices.models import Substitution, User
from tests.cast import TODAY, actor
from tests.make import case

pytestmark = pytest.mark.usefixtures("house")
ALL_TOLD = date(2026, 12, 14)  # fünf Arbeitstage after the closure was due
THURSDAY, FRIDAY, MONDAY = date(2026, 12, 17), date(2026, 12, 18), date(2026, 12, 21)


@pytest.fixture
def closure() -> Deadline:
    """In the hands of pankow.krm, overdue, all its steps told."""
    matter = accept(by=actor("pankow.krm"), case=case(actor("pankow.krm")))
    matter.deadlines.exclude(kind=Deadline.Kind.CLOSURE).update(cancelled_on=TODAY)
    for ordinal in range((ALL_TOLD - TODAY).days + 1):
        look(TODAY + timedelta(days=ordinal))
    deadline = matter.deadlines.get(kind=Deadline.Kind.CLOSURE)
    assert deadline.next_step_on is None
    return deadline


def look(day: date) -> list[tuple[str, str | None]]:
    """A sweep on this day; (who was told, for whom)."""
    last = Notice.objects.order_by("pk").values_list("pk", flat=True).last() or 0
    sweep(datetime(day.year, day.month, day.day, 8, tzinfo=ZoneInfo("Europe/Berlin")))
    told = Notice.objects.told().filter(pk__gt=last, deadline__isnull=False).order_by("pk")
    return list(told.values_list("recipient__username", "in_place_of__username"))


def away(deputy: str, from_on: date, until_on: date, *, absent: str = "krm", entered_on: date = ALL_TOLD):
    people = {
        name: User.objects.get(username=f"pankow.{who}") for name, who in (("absent", absent), ("deputy", deputy))
    }
    return enter_substitution(by=actor(f"pankow.{absent}", entered_on), from_on=from_on, until_on=until_on, **people)


def test_the_deputy_hears_on_the_first_day_of_what_is_open(closure):
    away("krm2", THURSDAY, FRIDAY)
    assert [look(THURSDAY - timedelta(days=1)), look(THURSDAY), look(FRIDAY), look(MONDAY)] == [
        [],
        [("pankow.krm2", "pankow.krm")],
        [],
        [],  # pankow.krm was told before going away
    ]


def test_who_is_back_hears_of_what_only_the_deputy_was_told(closure):
    Notice.objects.filter(deadline=closure, recipient__username="pankow.krm").update(
        recipient=User.objects.get(username="pankow.krm2"), in_place_of=User.objects.get(username="pankow.krm")
    )
    Substitution.objects.create(
        absent=User.objects.get(username="pankow.krm"),
        deputy=User.objects.get(username="pankow.krm2"),
        from_on=TODAY,
        until_on=FRIDAY,
        followed_on=TODAY,
    )
    assert [look(FRIDAY), look(MONDAY)] == [[], [("pankow.krm", None)]]


def test_a_deputy_who_goes_away_too_is_represented(closure):
    away("krm2", THURSDAY, MONDAY)
    look(THURSDAY)
    away("expert", FRIDAY, MONDAY, absent="krm2", entered_on=THURSDAY)
    assert look(FRIDAY) == [("pankow.expert", "pankow.krm")]


def test_days_without_a_run_change_nothing(closure):
    away("krm2", THURSDAY, date(2027, 1, 8))
    assert look(date(2026, 12, 28)) == [("pankow.krm2", "pankow.krm")]


def test_an_absence_that_ends_early_ends_for_the_sweep_too(closure):
    entry = away("krm2", THURSDAY, date(2027, 1, 8))
    look(FRIDAY)
    Notice.objects.filter(deadline=closure, recipient__username="pankow.krm").delete()
    end_substitution(by=actor("pankow.krm", FRIDAY), entry=entry, last_day=THURSDAY)
    assert look(FRIDAY) == [("pankow.krm", None)]


def test_what_is_done_is_not_told_again(closure):
    Deadline.objects.filter(pk=closure.pk).update(met_on=ALL_TOLD)
    away("krm2", THURSDAY, FRIDAY)
    assert look(THURSDAY) == []


def test_each_absence_is_followed_once(closure):
    away("krm2", THURSDAY, MONDAY)
    look(THURSDAY)
    assert list(Substitution.objects.values_list("followed_on", flat=True)) == [THURSDAY]
    look(FRIDAY)
    assert list(Substitution.objects.values_list("followed_on", flat=True)) == [THURSDAY]
