"""Counting the Stellungnahmen of a Regionaldirektion in SGB III: every fifth is looked at before the BMAS (H-8)."""

from datetime import date

from cases.recording import record
from offices.queries import Actor
from petitions.holding import Held
from petitions.models import CountedStatement, FifthCount
from petitions.rules import chain as steps
from petitions.rules.chain import Chain, open_next
from petitions.rules.sampling import NOT_THE_FIFTH, is_sample
from petitions.rules.vocabulary import Requester, StationRole


def sampled(held: Held, chain: Chain, *, on: date, by: Actor) -> Chain:
    """The chain after counting: where the sample has its turn for the first time, it stays for a fifth one only.

    A returned Stellungnahme is not counted again. The count of the Regionaldirektion is locked from here on.
    """
    for station in open_next(chain):
        if station.role == StationRole.SAMPLE and not is_counted(held) and not is_sample(_count(held, by)):
            chain = steps.skip(chain, station.key, NOT_THE_FIFTH, on)
    return chain


def is_counted(held: Held) -> bool:
    return CountedStatement.objects.filter(request=held.request).exists()


def _count(held: Held, by: Actor) -> int:
    """The next number of the Regionaldirektion that the routes of this request name, without a gap."""
    routes = held.request.plans.select_related("route_set").latest("number").route_set.routes
    name = routes.body(Requester.REGIONAL_DIRECTORATE).name
    counts = FifthCount.objects.select_for_update(no_key=True).filter(regional_directorate=name)
    if (count := counts.first()) is None:
        FifthCount.objects.get_or_create(regional_directorate=name)
        count = counts.get()
    count.last += 1
    count.save(update_fields=["last"])
    CountedStatement.objects.create(count=count, number=count.last, request=held.request, counted_on=by.today)
    record(
        "petition.counted",
        by=by,
        office_id=held.case.office_id,
        case=held.case,
        request=held.request.pk,
        regional_directorate=name,
        number=count.last,
        is_sample=is_sample(count.last),
    )
    return count.last
