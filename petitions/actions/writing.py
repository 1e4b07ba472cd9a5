"""From the chain as the rules leave it to its rows: what differs is written, watched and asked. Finished rows stay."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from django.utils import timezone

from cases.recording import refresh_next_due, save
from offices.models import Office, User
from offices.queries import Actor
from offices.roles import Role
from petitions.actions.dates import end_at_body, keep_outside_date, kept, watch_at_body
from petitions.actions.sampling import sampled
from petitions.actions.telling import ask_at, no_longer_asked
from petitions.holding import Held
from petitions.models import PlanVersion, Station
from petitions.reading.routes import Planned
from petitions.rules import chain as steps
from petitions.rules.chain import Chain
from petitions.rules.documents import dump_plan
from petitions.rules.planning import Plan
from petitions.rules.vocabulary import Outcome, StationRole


@dataclass(frozen=True)
class Act:
    """What the acting person did: at which row, in whose place, who it was at a body without KRM, over what content.

    `asked` are the people named for the station that comes next, `documents` the ids of what is passed on to it.
    """

    station: Station
    for_user: int | None = None
    person: str = ""
    content_hash: str = ""
    asked: Collection[User] = ()
    documents: Collection[int] = ()


def freeze(held: Held, planned: Planned, plan: Plan, reason: str, *, by: Actor) -> PlanVersion:
    """The plan as a further version, which stays as it is."""
    return PlanVersion.objects.create(
        request=held.request,
        number=held.request.plans.count() + 1,
        route_set=planned.route_set,
        outside_due_on=held.request.due_on,
        document=dump_plan(plan),
        reason=reason.strip(),
        made_at=timezone.now(),
        made_by_id=by.user_id,
    )


def write(held: Held, before: Chain | None, after: Chain, *, on: date, by: Actor, act: Act | None = None) -> Chain:
    """Writes the difference of two chains of a locked request, with its dates, tasks and the state of the request.

    Where the sample of a Regionaldirektion has its turn it is counted first (H-8); the chain returned is after that.
    The case is saved.
    """
    after = sampled(held, after, on=on, by=by)
    had = _having_it(before) if before else set()
    _write_rows(held, before, after, by, act)
    has = _having_it(after)
    for index in sorted(had - has):
        _end_turn(held, after, index, by)
    for index in sorted(has - had):
        _begin_turn(held, after, index, by, act)
    opened = [held.stations[index] for index in sorted(has - had)]
    if act:
        _hand_over(held, after, opened, act)
    else:
        _keep_files(held, opened, [held.stations[index] for index in sorted(had - has)])
    _keep_dates(held, after, by)
    request = held.request
    request.withdrawn_on, request.withdrawn_because = after.withdrawn_on, after.withdrawn_because
    request.answered_on = on if after.is_finished and not after.withdrawn_on else None
    request.save()
    keep_outside_date(request, held.case, by=by)
    refresh_next_due(held.case)
    save(held.case)
    return after


def _having_it(chain: Chain) -> set[int]:
    """The places of the rows whose turn it is; nobody's, where the chain is withdrawn."""
    return set() if chain.withdrawn_on else {index for index, row in enumerate(chain.rows) if row.is_open}


def _write_rows(held: Held, before: Chain | None, after: Chain, by: Actor, act: Act | None) -> None:
    known = len(before.rows) if before else 0
    for index, row in enumerate(after.rows[:known]):
        if row == before.rows[index]:
            continue
        station = held.stations[index]
        _take_over(station, row)
        if act and station.pk == act.station.pk and row.is_done:
            station.done_by_id, station.for_user_id = by.user_id, act.for_user
            station.person, station.content_hash = act.person, act.content_hash
        station.save()
    if new := _new_rows(held, after, known):
        held.stations += Station.objects.bulk_create(new)


def _take_over(station: Station, row: steps.Station) -> None:
    station.opened_on, station.received_on, station.done_on = row.opened_on, row.received_on, row.done_on
    station.outcome, station.returned_to, station.reason = row.outcome or "", row.returned_to, row.reason


def _new_rows(held: Held, after: Chain, known: int) -> list[Station]:
    if len(after.rows) == known:
        return []
    entries = {entry.key: entry for plan in after.plans for entry in plan.stations}
    offices = {r.body: r.at for r in held.representatives if r.at}
    keeping = _keeping(held, after, offices)
    found = []
    for index, row in enumerate(after.rows[known:], start=known):
        entry = entries[row.key]
        station = Station(
            request=held.request,
            position=index + 1,
            key=row.key,
            round=row.round,
            body=entry.body_key,
            body_name=entry.body,
            role=entry.role,
            part=entry.part or "",
            desk=entry.desk or "",
            office=None if entry.desk else offices.get(entry.body_key),
            keeper=keeping[row.key],
        )
        _take_over(station, row)
        found.append(station)
    return found


def _keeping(held: Held, after: Chain, offices: dict[str, Office]) -> dict[str, Office]:
    """Key of each station -> the office that acts there: for a body without KRM the last one before it that has it."""
    found: dict[str, Office] = {}
    for plan in after.plans:
        last = held.case.office
        for entry in plan.stations:
            last = held.case.office if entry.desk else offices.get(entry.body_key, last)
            found[entry.key] = held.case.office if entry.arrived else last
    return found


def _begin_turn(held: Held, chain: Chain, index: int, by: Actor, act: Act | None) -> None:
    station, case = held.stations[index], held.case
    due_on = chain.station(station.key).planned_on
    if station.desk:
        is_next = act is not None and station.pk != act.station.pk
        ask_at(station, case, act.asked if is_next else (), due_on=due_on, by=by)
        return
    people: dict[str, list[User]] = defaultdict(list)
    for representative in held.representatives:
        if representative.user:
            people[representative.body].append(representative.user)
    station.people.set(people[station.body])
    if station.office_id or people[station.body]:
        watch_at_body(station, case, due_on, by=by)


def _keep_files(held: Held, opened: list[Station], ended: list[Station]) -> None:
    """Where nobody passes anything on: a station has what it had in its former round, or what others lose."""
    for station in opened:
        former = [row for row in held.stations if row.key == station.key and row.position < station.position]
        for row in former[-1:] or ended:
            station.documents.add(*row.documents.all())


def _hand_over(held: Held, chain: Chain, opened: list[Station], act: Act) -> None:
    """What is passed on goes to whoever has its turn now, and to the joint station that still waits for other parts."""
    to = {station.pk: station for station in opened}
    entry = next((entry for entry in chain.planned if entry.key == act.station.key), None)
    later = chain.after(entry) if entry else ()
    if joint := next((e for e in later if not chain.current(e.key).is_done), None):
        waiting = next(station for station in reversed(held.stations) if station.key == joint.key)
        to[waiting.pk] = waiting
    for station in to.values():
        if station.pk != act.station.pk:
            station.documents.add(*act.documents)


def _end_turn(held: Held, chain: Chain, index: int, by: Actor) -> None:
    station, row = held.stations[index], chain.rows[index]
    if station.desk:
        no_longer_asked(station, held.case, by=by)
    else:
        end_at_body(station, by=by, is_done=_is_carried_out(row, station))


def _is_carried_out(row: steps.Station, station: Station) -> bool:
    """Whether it did what it was for; who gives back, or loses its turn by another route, did not."""
    noted = row.outcome == Outcome.NOTED and station.role == StationRole.NOTE
    return row.outcome == Outcome.PASSED_ON or noted


def _keep_dates(held: Held, chain: Chain, by: Actor) -> None:
    """Every planned date of what is still to come is watched in the office of the case, and none of anything else."""
    planned = {entry.key: entry for entry in chain.planned}
    latest = {row.key: index for index, row in enumerate(chain.rows)}
    for index, (row, station) in enumerate(zip(chain.rows, held.stations, strict=True)):
        is_to_come = not row.is_done and not chain.withdrawn_on and latest[row.key] == index and row.key in planned
        entry = planned.get(row.key)
        found = kept(
            station.deadline,
            held.case,
            station.to_do,
            entry.planned_on if is_to_come and entry else None,
            by=by,
            is_done=_is_carried_out(row, station),
            role=Role(station.desk) if station.desk else Role.KRM_OFFICER,
            rule=", ".join(entry.rules) if entry else "",
        )
        if found != station.deadline:
            station.deadline = found
            station.save(update_fields=["deadline"])
