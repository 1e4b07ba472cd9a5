"""Every fifth Stellungnahme of a Regionaldirektion in SGB III goes to the zentrale KRM before the BMAS (H-8)."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from django.db import connections

from cases.models import Event
from offices.errors import NotAllowed
from offices.models import Office
from petitions.actions.chain import give_back, pass_on, skip
from petitions.actions.routes import change_routes
from petitions.models import CountedStatement, FifthCount, Request, Station
from petitions.rules.routes import Line
from petitions.rules.vocabulary import LegalArea, Outcome, StationRole
from tests.cast import TODAY, actor
from tests.petitions import walk

SAMPLE = "all/up/central/sample"
RD = "RD BB"


def short_route() -> None:
    """From today the chain of the AA Berlin Nord is as short as it can be before the sample."""
    office = Office.objects.get(slug="berlin-nord")
    routes = office.route_sets.get().routes
    federal = routes.routes[-1]
    sample = next(line for line in federal.up if line.role == StationRole.SAMPLE)
    short = replace(
        federal,
        down=(),
        intake=(Line("krm", StationRole.REGISTER, ("PAN-28",)),),
        work=(),
        finish=(),
        up=(sample, Line("bmas", StationRole.FORWARD, ("BLOG-7",))),
    )
    changed = replace(routes, routes=(short,))
    change_routes(by=actor("berlin-nord.krm"), office=office, routes=changed, valid_from=TODAY, reason="kurz")


def submitted() -> Request:
    request = walk.started("berlin-nord", legal_area=LegalArea.SGB3)
    pass_on(by=actor("berlin-nord.krm"), station=walk.the_open(request))
    return request


@pytest.fixture
def short(house):
    short_route()


def sample_of(request: Request) -> Station:
    return request.stations.filter(key=SAMPLE).latest("position")


def test_four_are_passed_over_and_the_fifth_stays(short):
    requests = [submitted() for _ in range(5)]
    assert [request.counted.number for request in requests] == [1, 2, 3, 4, 5]
    rows = [sample_of(request) for request in requests]
    assert [(row.outcome, row.reason, row.done_by) for row in rows[:4]] == [
        (Outcome.SKIPPED, "nicht die fünfte Stellungnahme", None)
    ] * 4
    assert rows[4].is_open
    assert [walk.the_open(request).body for request in requests] == ["bmas"] * 4 + ["central"]


def test_one_that_was_returned_is_not_counted_again(short):
    request = [submitted() for _ in range(5)][-1]
    station = walk.the_open(request)
    give_back(by=walk.hand_of(station), station=station, to="all/house/krm/register", reason="Bitte ergänzen.")
    pass_on(by=actor("berlin-nord.krm"), station=walk.the_open(request))
    assert walk.the_open(request).key == SAMPLE
    assert FifthCount.objects.get(regional_directorate=RD).last == 5
    assert submitted().counted.number == 6


def test_nobody_leaves_the_sample_out_before_it_is_counted(short):
    request = walk.started("berlin-nord", legal_area=LegalArea.SGB3)
    with pytest.raises(NotAllowed, match="ergibt die Zählung"):
        skip(by=actor("berlin-nord.krm"), station=sample_of(request), reason="Eilt.")


def test_sgb2_is_not_counted(house):
    request = walk.finished(walk.started("berlin-nord", legal_area=LegalArea.SGB2))
    assert request.answered_on == TODAY
    assert not CountedStatement.objects.exists()


HUNDRED = 100


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_a_hundred_submitted_at_once_give_exactly_twenty_samples():
    short_route()
    with ThreadPoolExecutor(16) as pool:
        requests = list(pool.map(_started, range(HUNDRED)))
        outcomes = list(pool.map(_submit, requests))
    assert outcomes == ["done"] * HUNDRED
    numbers = list(range(1, HUNDRED + 1))
    assert sorted(CountedStatement.objects.values_list("number", flat=True)) == numbers
    rows = Station.objects.filter(key=SAMPLE)
    fifth = CountedStatement.objects.filter(number__in=range(5, HUNDRED + 1, 5)).values_list("request", flat=True)
    assert set(rows.filter(outcome="").values_list("request", flat=True)) == set(fifth)
    assert (rows.filter(outcome="").count(), rows.filter(outcome=Outcome.SKIPPED).count()) == (20, 80)
    logged = [event.data for event in Event.objects.filter(code="petition.counted")]
    counted = dict(CountedStatement.objects.values_list("request", "number"))
    assert {entry["request"]: entry["number"] for entry in logged} == counted
    assert sorted(entry["number"] for entry in logged if entry["is_sample"]) == numbers[4::5]
    assert {entry["regional_directorate"] for entry in logged} == {RD}


def _started(_: int) -> Request:
    try:
        return walk.started("berlin-nord", legal_area=LegalArea.SGB3)
    finally:
        connections.close_all()


def _submit(request: Request) -> str:
    try:
        pass_on(by=actor("berlin-nord.krm"), station=walk.the_open(request))
    except Exception as error:  # noqa: BLE001 - a deadlock, a lock that is not waited for
        return repr(error)
    finally:
        connections.close_all()
    return "done"
