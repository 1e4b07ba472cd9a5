"""What the page of one station shows to whoever acts there, in the house or outside it, and what they can do."""

from dataclasses import dataclass
from datetime import date
from functools import cached_property

from cases.lookup import case_calendar
from cases.models import Case, Document
from cases.permissions import why_may_not
from cases.rules.deadlines import Signal, signal
from offices.calendars import Calendar
from offices.models import User
from offices.queries import Actor
from offices.roles import Permission, Role
from petitions.models import Petition, Request, Station, StationNotice, chain_of
from petitions.permissions import why_not_act
from petitions.reading.checklist import checklist, has_checklist, why_not_checked
from petitions.reading.lookup import PICTURED
from petitions.reading.people import may_be_asked
from petitions.reading.statement import is_written_at, sees_whole
from petitions.rules import chain as steps
from petitions.rules.chain import Chain
from petitions.rules.planning import PlannedStation
from petitions.rules.timing import dates
from petitions.rules.vocabulary import Outcome, StationRole

PASSING = {
    StationRole.FORWARD: "Weiterleiten",
    StationRole.REGISTER: "Erfasst, weitergeben",
    StationRole.NOTE: "Zur Kenntnis genommen",
    StationRole.DIRECT: "Verfügen und weitergeben",
    StationRole.DRAFT: "Entwurf weitergeben",
    StationRole.WRITE: "Stellungnahme weitergeben",
    StationRole.CHECK: "Geprüft, weitergeben",
    StationRole.AGREE: "Zustimmen und weitergeben",
    StationRole.AUTHORISE: "Autorisieren und weitergeben",
    StationRole.RELEASE: "Fachlich freigeben",
    StationRole.JOIN: "Zusammengeführt, weitergeben",
    StationRole.SIGN: "Zeichnen und weitergeben",
    StationRole.DISPATCH: "Versand eintragen",
    StationRole.SAMPLE: "Gesehen, weitergeben",
    StationRole.OWN: "Erledigt, weitergeben",
    StationRole.RECEIVE: "Empfang eintragen",
}


@dataclass(eq=False)
class Desk:
    """A station as somebody finds it: its place in the chain, what they may do there, and why not.

    `sees_case`: the house, which sees everything; whoever is outside sees the request and what was passed here.
    `targets` are the stations it can go back to, by key. `asked` may get it next; empty where that is none of the
    house.
    """

    actor: Actor
    station: Station
    chain: Chain
    entry: PlannedStation | None
    sees_case: bool
    why_not: str | None
    targets: list[tuple[str, str]]
    next_desk: Role | None
    asked: list[User]

    @property
    def request(self) -> Request:
        return self.station.request

    @property
    def petition(self) -> Petition:
        return self.request.petition

    @property
    def case(self) -> Case:
        return self.petition.case

    @cached_property
    def calendar(self) -> Calendar:
        return case_calendar(self.case)

    @property
    def is_turn(self) -> bool:
        """Whether the station has the matter now."""
        return self.station.is_open and not self.request.withdrawn_on and self.case.is_open and self.is_current

    @property
    def is_current(self) -> bool:
        return self.chain.current(self.station.key).round == self.station.round

    @property
    def acts(self) -> bool:
        return self.is_turn and self.why_not is None

    @property
    def is_dispatch(self) -> bool:
        return self.station.role == StationRole.DISPATCH and bool(self.station.desk)

    @property
    def awaits_receipt(self) -> bool:
        return not self.station.desk and self.station.received_on is None

    @property
    def is_kept_for_others(self) -> bool:
        """Whether a body without KRM is behind it, and somebody here enters what it did."""
        station = self.station
        return not station.desk and station.office_id is None and not station.people.all()

    @property
    def passing(self) -> str:
        return PASSING.get(StationRole(self.station.role), "Weitergeben")

    @property
    def returned(self) -> list[Station]:
        """The returns that gave this row its turn: who gave it back, and why."""
        rows = [s for s in self.request.stations.all() if s.outcome == Outcome.RETURNED]
        return [s for s in rows if s.returned_to == self.station.key and s.round == self.station.round - 1]

    @property
    def signal(self) -> Signal | None:
        if not self.is_turn or self.entry is None:
            return None
        return signal(self.calendar, self.actor.today, self.entry.planned_on)

    @property
    def possible_on(self) -> date | None:
        """The earliest day the station can be done, as things stand; None once it is."""
        found = dates(self.chain, self.actor.today, self.calendar)
        return next((entry.possible_on for entry in found if entry.key == self.station.key), None)

    @property
    def after(self) -> list[PlannedStation]:
        return list(self.chain.after(self.entry)) if self.entry else []

    @property
    def unread(self) -> list[StationNotice]:
        return [notice for notice in self.station.notices.all() if notice.read_at is None]

    @property
    def may_skip(self) -> bool:
        may_be_left_out = self.entry is not None and not self.entry.mandatory
        return self.may_steer and not self.station.outcome and may_be_left_out

    @property
    def may_steer(self) -> bool:
        """Whether the desk of the house decides about the chain here."""
        return (
            self.sees_case
            and self.is_current
            and not self.request.withdrawn_on
            and self.case.is_open
            and not why_may_not(self.actor, Permission.TRIAGE, self.case)
        )

    @property
    def is_written_here(self) -> bool:
        return self.acts and is_written_at(self.station)

    @property
    def has_checklist(self) -> bool:
        return has_checklist(self.station) and (self.acts or self.sees_case)

    @cached_property
    def why_not_checked(self) -> str | None:
        """What of the checklist is still to be looked at before it is passed on (PAN-29)."""
        return why_not_checked(checklist(self.station)) if self.acts and self.has_checklist else None

    @property
    def may_remark(self) -> bool:
        if self.acts:
            return True
        return self.sees_case and self.case.is_open and not why_may_not(self.actor, Permission.NOTE, self.case)


def desk(actor: Actor, station: Station) -> Desk:
    """The station as the actor finds it; `station` is as `visible_station` gives it."""
    request = Request.objects.filter(pk=station.request_id).prefetch_related(*PICTURED).get()
    request.petition = station.request.petition
    station.request = request
    case = request.petition.case
    chain = chain_of(request, request.stations.all())
    assert chain is not None  # noqa: S101 - there is a station
    entry = next((found for found in chain.planned if found.key == station.key), None)
    is_turn = chain.current(station.key).is_open and station.is_open and not request.withdrawn_on and case.is_open
    next_desk = _next_desk(chain, entry, actor.today) if is_turn and entry else None
    return Desk(
        actor=actor,
        station=station,
        chain=chain,
        entry=entry,
        sees_case=sees_whole(actor, case),
        why_not=why_not_act(actor, station, case),
        targets=_targets(chain, entry) if is_turn and entry else [],
        next_desk=next_desk,
        asked=may_be_asked(case, next_desk, actor.today) if next_desk else [],
    )


def _targets(chain: Chain, entry: PlannedStation) -> list[tuple[str, str]]:
    """The stations before it that had it, nearest first; one that was left out stays so."""
    before = [s for s in chain.before(entry) if chain.current(s.key).outcome != Outcome.SKIPPED]
    return [(s.key, f"{s.body}: {s.role.label}") for s in reversed(before)]


def _next_desk(chain: Chain, entry: PlannedStation, today: date) -> Role | None:
    """The function of the house that has it next if it is passed on today, to ask a certain person there."""
    had = {s.key for s in steps.open_next(chain)}
    opened = [s for s in steps.open_next(steps.pass_on(chain, entry.key, today)) if s.key not in had]
    return next((s.desk for s in opened if s.desk), None)


def to_pass(found: Desk) -> list[Document]:
    """The files that can be passed on: in the house all of the case, outside those that were passed there."""
    if found.sees_case and found.station.keeper_id == found.case.office_id:
        return list(found.case.documents.order_by("-pk"))
    return list(found.station.documents.all())
