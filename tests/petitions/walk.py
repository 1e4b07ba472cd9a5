"""Walks petitions to a state through the actions, by the hands of every station."""

import hashlib
from datetime import date

from cases.documents import add_document
from cases.models import Case, Document
from cases.rules.kinds import Kind
from cases.rules.registration import UploadedFile
from offices.models import Office, Unit, User
from offices.queries import Actor, actor_for
from petitions.actions.chain import give_back, pass_on, start_chain
from petitions.actions.checklist import fill_checklist
from petitions.actions.opening import open_petition
from petitions.actions.outcome import dispatch
from petitions.actions.requests import add_request
from petitions.models import Petition, Request, Station
from petitions.reading.checklist import checklist
from petitions.rules.checklist import Point
from petitions.rules.requests import PetitionData, RequestData
from petitions.rules.vocabulary import (
    Competence,
    DispatchWay,
    LegalArea,
    Requester,
    RequestKind,
    StationRole,
    Topic,
)
from tests import make
from tests.cast import TODAY, actor

OUTSIDE = date(2027, 2, 26)


WRITING = (StationRole.DRAFT, StationRole.WRITE)


def file(name: str = "papier.pdf") -> UploadedFile:
    content = f"%PDF-1.7 {name}".encode()
    return UploadedFile(name, "application/pdf", content, hashlib.sha256(content).hexdigest())


def data(**changes) -> PetitionData:
    values = {
        "requester": Requester.BUNDESTAG,
        "competence": Competence.FEDERAL,
        "topic": Topic.BENEFITS,
        "number": "Pet 4-20-11-81501-011345",
    } | changes
    return PetitionData(**values)


def request_data(**changes) -> RequestData:
    values = {"kind": RequestKind.FIRST, "dated_on": TODAY, "received_on": TODAY, "due_on": OUTSIDE} | changes
    return RequestData(**values)


def case(by: Actor, **changes) -> Case:
    """A registered petition that a unit of the house answers for."""
    unit = Unit.objects.get(office=min(by.office_ids()), number="711")
    return make.case(by, **({"kind": Kind.PETITION, "unit_id": unit.pk} | changes))


def petition(slug: str = "pankow", **changes) -> Petition:
    return petition_on(TODAY, slug, **changes)


def petition_on(
    today: date,
    slug: str = "pankow",
    *,
    legal_area: LegalArea = LegalArea.SGB2,
    kind: Kind = Kind.PETITION,
    **changes,
) -> Petition:
    krm = actor(f"{slug}.krm", today)
    return open_petition(by=krm, case=case(krm, legal_area=legal_area, kind=kind), data=data(**changes))


def request(of: Petition, **changes) -> Request:
    return request_on(TODAY, of, **changes)


def request_on(today: date, of: Petition, **changes) -> Request:
    dates = {"dated_on": today, "received_on": today}
    return add_request(by=desk(of, today), petition=of, data=request_data(**dates | changes))


def started(slug: str = "pankow", **changes) -> Request:
    """A first request whose chain has begun; `changes` as `petition` takes them."""
    found = request(petition(slug, **changes))
    start_chain(by=desk(found.petition), request=found)
    return found


def desk(of: Petition, today: date = TODAY) -> Actor:
    return actor(f"{Office.objects.get(pk=of.case.office_id).slug}.krm", today)


def paper(of: Petition, name: str = "stellungnahme.pdf", today: date = TODAY) -> Document:
    return add_document(by=desk(of, today), case=of.case, file=file(name), category=Document.Category.OUTGOING)


def open_stations(of: Request) -> list[Station]:
    return list(Station.objects.open().filter(request=of).order_by("position"))


def the_open(of: Request) -> Station:
    (found,) = open_stations(of)
    return found


def hand_of(station: Station, today: date = TODAY) -> Actor:
    """Somebody who acts at this station: asked by name, else the desk of the office that keeps it."""
    user = station.people.order_by("pk").first()
    return actor_for(user or User.objects.get(username=f"{station.keeper.slug}.krm"), today)


def gives_back(station: Station, to: str, reason: str, *, today: date = TODAY) -> Station:
    """The station returns it; the row that has its turn now."""
    return give_back(by=hand_of(station, today), station=station, to=to, reason=reason)


def checked(station: Station, *, today: date = TODAY) -> None:
    """KRM finds everything in order; nothing happens where there is no list to fill in."""
    if rows := checklist(station):
        found = {row.item.pk: Point(row.item.text, is_ok=True) for row in rows}
        fill_checklist(by=hand_of(station, today), station=station, found=found)


def one_step(station: Station, *, today: date = TODAY) -> None:
    """The station does what it is for."""
    by, of = hand_of(station, today), station.request.petition
    files = list(station.documents.all())
    if not files and station.role in WRITING:
        files = [paper(of, f"{station.part or 'ganz'}.pdf", today)]
    if station.role == StationRole.DISPATCH and station.desk:
        copies = station.request.originals
        dispatch(by=by, station=station, documents=files, copies=copies, way=DispatchWay.POST, sent_on=today)
        return
    checked(station, today=today)
    person = f"Person {station.pk}" if station.role == StationRole.AUTHORISE else ""
    pass_on(by=by, station=station, documents=files, person=person)


def until(of: Request, role: StationRole, body: str = "", *, today: date = TODAY) -> Station:
    """Passes whatever is open until this station is."""
    for _ in range(60):
        stations = open_stations(of)
        for station in stations:
            if station.role == role and body in ("", station.body):
                return station
        one_step(stations[0], today=today)
    raise AssertionError(f"{role} was never open")


def finished(of: Request, *, today: date = TODAY) -> Request:
    for _ in range(60):
        stations = open_stations(of)
        if not stations:
            break
        one_step(stations[0], today=today)
    of.refresh_from_db()
    return of
