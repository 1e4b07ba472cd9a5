"""Three dates a station, days left, squeezed stations, and what a round cost."""

from datetime import date

from hypothesis import given, settings
from hypothesis import strategies as st

from offices.calendars import Calendar
from petitions.rules import chain as steps
from petitions.rules.chain import Chain, open_next
from petitions.rules.timing import Dates, Round, dates, rounds
from tests.petitions.rules.test_chain import AGENCY, CHECK, DISPATCH, DRAFT, RD, SIGN, passed_until, planned

BERLIN = Calendar("BE")
MONDAY = date(2026, 5, 4)
OUTSIDE = date(2026, 7, 15)
FORWARD = "all/house/division_lead/forward"


def started(outside_due_on: date = OUTSIDE) -> Chain:
    return steps.start(planned(outside_due_on=outside_due_on), MONDAY)


def of(chain: Chain, key: str, today: date) -> Dates:
    return next(entry for entry in dates(chain, today, BERLIN) if entry.key == key)


def test_done_station_has_its_planned_day_and_the_day_it_was_done():
    chain = passed_until(started(), DRAFT, on=date(2026, 5, 6))
    assert of(chain, FORWARD, date(2026, 5, 7)) == Dates(FORWARD, date(2026, 6, 15), done_on=date(2026, 5, 6))


def test_open_station_can_be_done_when_it_had_the_time_it_needs_and_the_others_follow():
    """Teamleitung 5 AT from Wed 06.05.: Wed 13.05.; KRM 2 AT, without Himmelfahrt: Mon 18.05.; AA 3 AT: Thu 21.05."""
    chain, today = passed_until(started(), DRAFT, on=date(2026, 5, 6)), date(2026, 5, 6)
    assert [of(chain, key, today).possible_on for key in (DRAFT, CHECK, AGENCY)] == [
        date(2026, 5, 13),
        date(2026, 5, 18),
        date(2026, 5, 21),
    ]


def test_who_is_late_moves_what_is_possible_and_never_what_is_planned():
    chain = passed_until(started(), DRAFT, on=date(2026, 5, 6))
    for today, possible in ((date(2026, 5, 20), date(2026, 5, 20)), (date(2026, 6, 29), date(2026, 6, 29))):
        found = of(chain, DRAFT, today)
        assert (found.planned_on, found.possible_on) == (date(2026, 6, 22), possible)
        assert found.is_squeezed == (today > date(2026, 6, 22))


def test_days_left_count_from_the_day_a_station_gets_its_turn():
    """On 26.06. the Teamleitung is 4 AT over; then KRM could begin that day, planned for 24.06.

    AA on 30.06. for 29.06., RD on 03.07. for 02.07., Geschäftsführung on Wed 08.07. for Fri 03.07.
    """
    chain, today = passed_until(started(), DRAFT, on=date(2026, 5, 6)), date(2026, 6, 26)
    found = {key: of(chain, key, today) for key in (DRAFT, CHECK, AGENCY, RD, SIGN, DISPATCH)}
    assert {key: entry.days_left for key, entry in found.items()} == {
        DRAFT: -4,
        CHECK: -2,
        AGENCY: -1,
        RD: -1,
        SIGN: -3,
        DISPATCH: -3,
    }
    assert all(entry.is_squeezed for entry in found.values())


def test_station_with_less_time_than_it_needs_is_squeezed():
    """Today is 18.06.: the Teamleitung is in time until 22.06.; had KRM it then, 2 AT would remain, as it needs."""
    chain = passed_until(started(), DRAFT, on=date(2026, 6, 17))
    found = {key: of(chain, key, date(2026, 6, 18)) for key in (DRAFT, CHECK)}
    assert (found[DRAFT].possible_on, found[DRAFT].days_left, found[DRAFT].is_squeezed) == (date(2026, 6, 24), 2, True)
    assert (found[CHECK].days_left, found[CHECK].is_squeezed) == (0, True)


def test_finished_and_withdrawn_chains_leave_nobody_any_days():
    finished = passed_until(started())
    assert {(e.possible_on, e.days_left) for e in dates(finished, MONDAY, BERLIN)} == {(None, None)}
    withdrawn = steps.withdraw(started(), "Zurückgenommen.", MONDAY)
    assert {(e.possible_on, e.days_left, e.is_squeezed) for e in dates(withdrawn, MONDAY, BERLIN)} == {
        (None, None, False)
    }


def test_extension_gives_the_days_of_the_plan_that_holds():
    chain = passed_until(started(), DRAFT)
    chain = steps.replan(chain, planned(outside_due_on=date(2026, 7, 22)), "Verlängert.", MONDAY)
    assert of(chain, DRAFT, MONDAY).planned_on == date(2026, 6, 29)


def test_each_round_says_what_it_cost_and_the_last_one_lasts():
    chain = passed_until(started(), RD, on=date(2026, 5, 11))
    chain = steps.give_back(chain, RD, DRAFT, "Bitte kürzen.", date(2026, 5, 18))
    first, second = rounds(chain, date(2026, 5, 20))
    assert first == Round(1, MONDAY, date(2026, 5, 18))
    assert (first.days, second.days) == (14, 2)


def test_round_of_a_withdrawn_chain_ends_with_it():
    chain = steps.withdraw(started(), "Zurückgenommen.", date(2026, 5, 11))
    assert rounds(chain, date(2026, 5, 20)) == (Round(1, MONDAY, date(2026, 5, 11)),)


@settings(deadline=None)
@given(st.integers(0, 15), st.integers(0, 90), st.integers(0, 10))
def test_what_is_possible_never_lies_in_the_past_or_before_what_comes_first(passed, waited, more):
    chain = started()
    for _ in range(passed):
        if ready := open_next(chain):
            chain = steps.pass_on(chain, ready[0].key, MONDAY)
    today = date.fromordinal(MONDAY.toordinal() + waited)
    later = date.fromordinal(today.toordinal() + more)
    now = [e.possible_on for e in dates(chain, today, BERLIN) if e.possible_on]
    then = [e.possible_on for e in dates(chain, later, BERLIN) if e.possible_on]
    assert now == sorted(now)
    assert all(BERLIN.is_working_day(day) and day >= today for day in now)
    assert all(early <= late for early, late in zip(now, then, strict=True))
