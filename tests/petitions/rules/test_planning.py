"""From routes to dates, where the office has days of its own, and on the general routes."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from offices.calendars import Calendar, ClosedDay
from petitions.rules.planning import Plan, plan
from petitions.rules.presets import GENERAL, load, offices
from petitions.rules.routes import Matter
from petitions.rules.vocabulary import Competence, LegalArea, PetitionKind, Requester, Topic

MATTER = Matter(PetitionKind.PETITION, Requester.BUNDESTAG, Competence.FEDERAL, Topic.BENEFITS, LegalArea.SGB2)


def closed(*days: date) -> tuple[ClosedDay, ...]:
    return tuple(ClosedDay("dienstfrei", day, day, is_public_holiday=False) for day in days)


CHRISTMAS = closed(*(date(year, 12, day) for year in range(2025, 2035) for day in (24, 31)))


def planned(slug: str, received_on: date, outside_due_on: date, calendar: Calendar, **changes) -> Plan:
    matter = replace(MATTER, **changes)
    return plan(load(slug).routes, matter, received_on=received_on, outside_due_on=outside_due_on, calendar=calendar)


def on(found: Plan, key: str) -> date:
    return next(station.planned_on for station in found.stations if station.key == key)


DISPATCH = "all/house/krm/dispatch"


@pytest.mark.parametrize("they_count", [True, False])
def test_date_that_ends_on_a_dienstfreier_tag_is_kept_the_day_before(they_count):
    """Two weeks from 10.12.2026 end on 24.12. whatever the office does (B3-8); nobody is there to dispatch it."""
    calendar = Calendar("RP", CHRISTMAS, closed_days_are_working_days=they_count)
    found = planned("germersheim", date(2026, 12, 10), date(2027, 3, 1), calendar)
    laid_down = {binding.label[:8]: binding.counted.on for binding in found.internal_dates}
    assert laid_down["2 Wochen"] == date(2026, 12, 24)
    assert on(found, DISPATCH) == date(2026, 12, 23)
    assert on(found, "all/house/management/sign") == date(2026, 12, 22)


def test_what_comes_on_a_day_nobody_works_is_presented_on_the_next():
    calendar = Calendar("BE", CHRISTMAS, closed_days_are_working_days=False)
    found = planned("pankow", date(2026, 12, 24), date(2027, 3, 1), calendar)
    assert on(found, "all/house/management/direct") == date(2026, 12, 28)


def test_committee_date_on_new_years_eve_is_kept_the_day_before():
    calendar = Calendar("RP", CHRISTMAS, closed_days_are_working_days=True)
    found = planned("germersheim", date(2026, 9, 1), date(2026, 12, 31), calendar)
    assert on(found, "all/up/bundestag/receive") == date(2026, 12, 30)


def test_general_route_goes_by_agency_and_regional_directorate_to_the_ministry_b2_9():
    found = planned(GENERAL, date(2026, 5, 4), date(2026, 7, 15), Calendar("HE"))
    assert [(s.body, s.role.value) for s in found.stations] == [
        ("Petitionsausschuss des Deutschen Bundestages", "request"),
        ("BMAS", "forward"),
        ("Regionaldirektion", "forward"),
        ("Agentur für Arbeit", "forward"),
        ("KRM", "register"),
        ("Geschäftsführung", "note"),
        ("Teamleitung", "draft"),
        ("KRM", "check"),
        ("Geschäftsführung", "sign"),
        ("KRM", "dispatch"),
        ("Agentur für Arbeit", "check"),
        ("Regionaldirektion", "check"),
        ("BMAS", "forward"),
        ("Petitionsausschuss des Deutschen Bundestages", "receive"),
    ]


@pytest.mark.parametrize("slug", [*offices(), GENERAL])
def test_rechtskreis_changes_nothing_but_the_sample_of_the_regional_directorates_h6_h8(slug):
    two, three = (
        planned(slug, date(2026, 5, 4), date(2026, 7, 15), Calendar("BE"), legal_area=area) for area in LegalArea
    )
    more = [s for s in three.stations if s.key not in {s.key for s in two.stations}]
    assert [(s.body, s.role.value, s.rules) for s in more] == [("Zentrales KRM", "sample", ("H-8",))]
    assert [s.key for s in two.stations] == [s.key for s in three.stations if s not in more]


def test_both_owners_authorise_one_after_the_other_and_nobody_may_leave_them_out_ger29():
    found = planned(
        "germersheim",
        date(2026, 4, 20),
        date(2026, 6, 8),
        Calendar("RP"),
        competence=Competence.OWNERS_ASSEMBLY,
    )
    both = [s for s in found.stations if s.role == "authorise"]
    assert [(s.body, s.mandatory) for s in both] == [
        ("Vorsitz der Geschäftsführung der AA Landau", True),
        ("Landrat des Landkreises Germersheim", True),
    ]


def test_due_outside_before_the_eingang_is_refused():
    with pytest.raises(ValueError, match="nicht vor dem Eingang"):
        planned("gera", date(2026, 5, 4), date(2026, 5, 3), Calendar("TH"))


matters = st.builds(
    Matter,
    st.sampled_from(PetitionKind),
    st.sampled_from(Requester),
    st.sampled_from(Competence),
    st.sampled_from(Topic),
    st.sampled_from(LegalArea),
)


@settings(deadline=None)
@given(
    st.sampled_from([*offices(), GENERAL]),
    matters,
    st.dates(date(2025, 1, 1), date(2034, 1, 1)),
    st.integers(0, 120),
    st.integers(0, 60),
    st.booleans(),
)
def test_later_date_outside_never_makes_a_station_earlier(slug, matter, received_on, days, more, they_count):
    calendar = Calendar("BE", CHRISTMAS, closed_days_are_working_days=they_count)
    first, second = (
        plan(
            load(slug).routes,
            matter,
            received_on=received_on,
            outside_due_on=date.fromordinal(received_on.toordinal() + length),
            calendar=calendar,
        )
        for length in (days, days + more)
    )
    assert [s.key for s in first.stations] == [s.key for s in second.stations]
    assert len({s.key for s in first.stations}) == len(first.stations)
    for early, late in zip(first.stations, second.stations, strict=True):
        assert early.planned_on <= late.planned_on
        assert calendar.why_nobody_works(early.planned_on) is None


@settings(deadline=None)
@given(matters)
def test_every_matter_goes_out_to_who_requested_it_and_through_the_house(matter):
    for slug in (*offices(), GENERAL):
        found = plan(
            load(slug).routes,
            matter,
            received_on=date(2026, 5, 4),
            outside_due_on=date(2026, 12, 1),
            calendar=Calendar("BE"),
        )
        first, last = found.stations[0], found.stations[-1]
        assert (first.role, last.role, first.body) == ("request", "receive", last.body)
        assert [s.arrived for s in found.stations] == sorted((s.arrived for s in found.stations), reverse=True)
        assert any(s.desk for s in found.stations)
        assert sum(s.role in ("request", "receive") for s in found.stations) == 2
