"""What happens to the chain of a request: started, received, passed on, given back, skipped, reopened, withdrawn.

Each asks who may, lets the rules of the chain say what follows, and has the difference written.
"""

from collections.abc import Collection
from datetime import date
from typing import Any

from django.utils import timezone

from cases.models import Document
from cases.recording import record, refresh_next_due, save
from cases.unit_of_work import action
from offices.errors import NotAllowed
from offices.models import User
from offices.queries import Actor
from offices.roles import Permission
from petitions.actions.dates import keep_outside_date
from petitions.actions.joint import check_joint
from petitions.actions.passing import check_passable
from petitions.actions.replanning import planned_anew
from petitions.actions.sampling import is_counted
from petitions.actions.telling import tell_station
from petitions.actions.writing import Act, freeze, write
from petitions.holding import Held, held_at, held_request
from petitions.models import PlanVersion, Request, Station, StationNotice
from petitions.permissions import check_may_act, stands_in_for
from petitions.reading.content import content_of
from petitions.reading.routes import planned
from petitions.rules import chain as steps
from petitions.rules.requests import ENDED, FOREIGN_DOCUMENT, IN_THE_FUTURE, goes_the_route
from petitions.rules.vocabulary import AnswerForm, RequestKind, StationRole

STARTED = "Der Berichtsweg hat schon begonnen."
NO_ROUTE = "Diese Anforderung wird ohne Berichtsweg beantwortet."
BY_DISPATCH = "Bitte den Versand eintragen; damit ist die Station erledigt."
BY_COUNT = "Ob das zentrale KRM die Stellungnahme vorab sieht, ergibt die Zählung (H-8)."
NOTHING_TO_APPROVE = "Bitte die Unterlage angeben, der zugestimmt wird; sie liegt hier noch nicht vor."
ANOTHER_TURN = "Diese Station ist nicht an der Reihe."


@action
def start_chain(*, by: Actor, request: Request) -> PlanVersion:
    """Freezes the plan and gives the first station of the house its turn; every planned date is watched.

    NotAllowed where it has started, the request has ended or needs no route, no routes are in force, or nobody holds
    the function of the first station.
    """
    held = held_request(request, by=by, permission=Permission.TRIAGE)
    current = held.request
    if held.stations:
        raise NotAllowed(STARTED)
    if not current.is_open:
        raise NotAllowed(ENDED)
    if not goes_the_route(RequestKind(current.kind), AnswerForm(current.answer_form)):
        raise NotAllowed(NO_ROUTE)
    found = planned(held.petition, current, by.today)
    version = freeze(held, found, found.plan, "", by=by)
    _record("petition.started", held, by, permission=Permission.TRIAGE, route=found.plan.route.label)
    write(held, None, steps.start(found.plan, current.received_on), on=by.today, by=by)
    return version


@action
def confirm_receipt(*, by: Actor, station: Station, on: date | None = None) -> Station:
    """A body outside has it in hand since `on`, today by default; entered there, or by the last office that has KRM."""
    held, current, on = _held(station, by, on)
    before = held.chain
    after = steps.confirm_receipt(before, current.key, on)
    _record("petition.received", held, by, current, on=on.isoformat())
    write(held, before, after, on=on, by=by, act=_act(held, current, by))
    return current


@action
def pass_on(
    *,
    by: Actor,
    station: Station,
    on: date | None = None,
    asked: Collection[User] = (),
    documents: Collection[Document] | None = None,
    person: str = "",
) -> Station:
    """The station is done with it on `on`, today by default, and the next has its turn.

    `asked`: who of the house is to do what comes next, by default whoever holds that function. `documents`: what is
    passed on to it, by default the same as was passed here; a body outside sees nothing else of the case. `person`: who
    it was at a body that does not use KRM. An approval holds for exactly these files, copies and addressee.

    Two authorisations come from two persons of two Träger (GER-29), KRM has checked its list (PAN-29), and a paper is
    of the text that stands. NotAllowed with the sentence why not.
    """
    held, current, on = _held(station, by, on)
    if current.role == StationRole.DISPATCH and current.desk:
        raise NotAllowed(BY_DISPATCH)
    passed = _documents(held, current, documents)
    return carry_on(held, current, passed, by=by, on=on, asked=asked, person=person)


def carry_on(
    held: Held,
    station: Station,
    documents: Collection[Document],
    *,
    by: Actor,
    on: date,
    asked: Collection[User] = (),
    person: str = "",
) -> Station:
    """The same on what the calling action has locked and checked."""
    before = held.chain
    after = steps.pass_on(before, station.key, on)
    if is_approval(station) and not documents:
        raise NotAllowed(NOTHING_TO_APPROVE, "documents")
    check_passable(station, documents)
    act = _act(held, station, by, asked=asked, documents=documents, person=person)
    if station.role == StationRole.AUTHORISE:
        check_joint(held, station, act, by=by)
    _record("petition.passed_on", held, by, station, on=on.isoformat(), documents=sorted(act.documents))
    write(held, before, after, on=on, by=by, act=act)
    return station


@action
def give_back(
    *, by: Actor, station: Station, to: str, reason: str, on: date | None = None, person: str = ""
) -> Station:
    """Back to any station before it, named by its key, with the reason; a new round begins there.

    Returns the row that has its turn now.
    """
    held, current, on = _held(station, by, on)
    before = held.chain
    after = steps.give_back(before, current.key, to, reason, on)
    target = next(entry for entry in after.planned if entry.key == to)
    _record("petition.returned", held, by, current, on=on.isoformat(), to=f"{target.body} {target.role.label}")
    passed = [document.pk for document in current.documents.all()]
    act = _act(held, current, by, person=person)
    write(held, before, after, on=on, by=by, act=Act(current, act.for_user, act.person, documents=passed))
    return _latest(held, to)


@action
def skip(*, by: Actor, station: Station, reason: str) -> Station:
    """Leaves a station out for good; who was skipped and who comes next are told. By the KRM of the case's office.

    NotAllowed for what may not be left out, for what is done, and for the sample before it is counted (H-8).
    """
    held = held_request(station.request, by=by, permission=Permission.TRIAGE)
    current = _current(held, station)
    if current.role == StationRole.SAMPLE and not is_counted(held):
        raise NotAllowed(BY_COUNT)
    before = held.chain
    after = steps.skip(before, current.key, reason, by.today)
    _record("petition.skipped", held, by, current, permission=Permission.TRIAGE)
    passed = [document.pk for document in current.documents.all()]
    after = write(held, before, after, on=by.today, by=by, act=Act(current, documents=passed))
    tell_station(current, held.case, StationNotice.Kind.SKIPPED, by=by)
    for entry in steps.open_next(after):
        if entry in after.after(after.station(current.key)):
            tell_station(_latest(held, entry.key), held.case, StationNotice.Kind.BEFORE_SKIPPED, by=by)
    return current


@action
def reopen(*, by: Actor, request: Request, key: str, reason: str) -> Station:
    """Takes a withdrawn or finished chain, or one under way, up again at a station that had its turn (by its key)."""
    held = held_request(request, by=by, permission=Permission.TRIAGE)
    before = held.chain
    after = steps.reopen(before, key, reason, by.today)
    _record("petition.reopened", held, by, _latest(held, key), permission=Permission.TRIAGE)
    write(held, before, after, on=by.today, by=by)
    return _latest(held, key)


@action
def withdraw(*, by: Actor, request: Request, reason: str) -> Request:
    """A request ends without an answer, also before its chain was started; whoever had it has it no longer."""
    held = held_request(request, by=by, permission=Permission.TRIAGE)
    current = held.request
    if not current.is_open:
        raise NotAllowed(ENDED)
    _record("petition.withdrawn", held, by, permission=Permission.TRIAGE, kind=current.get_kind_display())
    if not held.stations:
        return _withdrawn_before_the_start(held, reason, by)
    had = [s for s in held.stations if s.is_open and not s.desk]
    write(held, held.chain, steps.withdraw(held.chain, reason, by.today), on=by.today, by=by)
    for station in had:
        tell_station(station, held.case, StationNotice.Kind.WITHDRAWN, by=by)
    return current


@action
def replan(*, by: Actor, request: Request, reason: str) -> PlanVersion:
    """Another route, by what is known of the petition and the routes in force today; a new version of the plan.

    Bodies outside that had it are told.
    """
    held = held_request(request, by=by, permission=Permission.TRIAGE)
    return planned_anew(held, reason, by=by)


@action
def read_notice(*, by: Actor, notice: StationNotice) -> StationNotice:
    """A body outside has read what it was told."""
    held, station = held_at(notice.station, by=by)
    check_may_act(by, station, held.case)
    current = StationNotice.objects.select_for_update(no_key=True).get(pk=notice.pk)
    if current.read_at is None:
        current.read_at, current.read_by_id = timezone.now(), by.user_id
        current.save(update_fields=["read_at", "read_by"])
    return current


# How


def _withdrawn_before_the_start(held: Held, reason: str, by: Actor) -> Request:
    if not reason.strip():
        raise NotAllowed("Bitte sagen, warum es nicht weitergeht.", "reason")
    held.request.withdrawn_on, held.request.withdrawn_because = by.today, reason.strip()
    held.request.save()
    keep_outside_date(held.request, held.case, by=by)
    refresh_next_due(held.case)
    save(held.case)
    return held.request


def _held(station: Station, by: Actor, on: date | None) -> tuple[Held, Station, date]:
    """The chain, the row and the day, after asking whether `by` acts there now."""
    held, current = held_at(station, by=by)
    check_may_act(by, current, held.case)
    if held.chain.current(current.key) != current.as_rule or _latest(held, current.key) != current:
        raise NotAllowed(ANOTHER_TURN)
    if on and on > by.today:
        raise NotAllowed(IN_THE_FUTURE, "on")
    return held, current, on or by.today


def _current(held: Held, station: Station) -> Station:
    current = next((row for row in held.stations if row.pk == station.pk), None)
    if current is None or _latest(held, current.key) != current:
        raise NotAllowed(ANOTHER_TURN)
    return current


def _latest(held: Held, key: str) -> Station:
    """The row of the latest round of a station; NotAllowed where there is none of this key."""
    found = [row for row in held.stations if row.key == key]
    if not found:
        raise NotAllowed("Diese Station gehört nicht zum Weg dieser Petition.")
    return found[-1]


def _act(
    held: Held,
    station: Station,
    by: Actor,
    *,
    asked: Collection[User] = (),
    documents: Collection[Document] | None = None,
    person: str = "",
) -> Act:
    passed = list(station.documents.all()) if documents is None else list(documents)
    return Act(
        station,
        for_user=stands_in_for(by, station, held.case),
        person="" if station.desk else person.strip(),
        content_hash=content_of(held.request, passed) if is_approval(station) else "",
        asked=asked,
        documents=[document.pk for document in passed],
    )


def is_approval(station: Station) -> bool:
    """Whether it says yes to a version, which it then names."""
    return StationRole(station.role).is_approval or station.role == StationRole.SIGN


def _documents(held: Held, station: Station, documents: Collection[Document] | None) -> list[Document]:
    """What is passed on; from the house any file of the case, from outside only what was passed there."""
    here = list(station.documents.all())
    if documents is None:
        return here
    strange = [document for document in documents if document.case_id != held.case.pk]
    if strange or (station.keeper_id != held.case.office_id and not set(documents) <= set(here)):
        raise NotAllowed(FOREIGN_DOCUMENT, "documents")
    return list(documents)


def _record(
    code: str, held: Held, by: Actor, station: Station | None = None, permission: Permission | None = None, **data: Any
) -> None:
    about = {"station": str(station), "key": station.key, "round": station.round} if station else {}
    record(
        code,
        by=by,
        permission=permission,
        in_place_of=stands_in_for(by, station, held.case) if station and permission is None else None,
        office_id=held.case.office_id,
        case=held.case,
        request=held.request.pk,
        **about,
        **data,
    )
