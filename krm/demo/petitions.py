"""Believable petitions for the demo offices, walked along their chains by the hands of each station.

All persons are invented.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from cases.handling.actions.assign import accept
from cases.intake.actions.register import register
from cases.models import Topic as CaseTopic
from cases.rules.kinds import Channel, Kind
from cases.rules.registration import ConcernData, PersonData, Registration
from offices.calendars import previous_working_day
from offices.models import Membership, Office, User
from offices.queries import Actor, actor_for, calendar_for
from offices.roles import Role
from petitions.actions.chain import confirm_receipt, give_back, pass_on, start_chain
from petitions.actions.checklist import fill_checklist
from petitions.actions.opening import open_petition
from petitions.actions.outcome import decide, dispatch
from petitions.actions.requests import add_request
from petitions.actions.statement import edit_statement_text, take_as_paper
from petitions.models import DecisionOption, Representative, Request, Station
from petitions.reading.checklist import checklist
from petitions.reading.statement import approved_parts, is_written_at, proposal, text_of
from petitions.rules.checklist import Point
from petitions.rules.planning import first_worked
from petitions.rules.requests import PetitionData, RequestData
from petitions.rules.statement import Sections
from petitions.rules.vocabulary import (
    AnswerForm,
    Competence,
    DispatchWay,
    LegalArea,
    Requester,
    RequestKind,
    StationRole,
    Topic,
)

STEPS_AT_MOST = 60


@dataclass(frozen=True)
class Story:
    """One petition and how far it has come: `until` a station of this role (and body), then `state` more.

    `age` is in Arbeitstagen before today, `due_in` in Kalendertagen after it.
    """

    subject: str
    text: str
    name: tuple[str, str, str]
    age: int
    due_in: int
    until: StationRole | None
    body: str = ""
    state: str = ""
    kind: Kind = Kind.PETITION
    legal_area: LegalArea = LegalArea.SGB2
    data: dict[str, Any] = field(default_factory=dict)


SECTIONS = Sections(
    summary="Dem Anliegen ist entsprochen. Der Antrag ist bewilligt, die Nachzahlung angewiesen.",
    facts="Der Antrag ging am Ersten des Monats ein. Die Unterlagen waren vollständig. Wegen eines Wechsels in der "
    "Sachbearbeitung blieb er drei Wochen liegen.",
    law="Über Anträge ist zügig zu entscheiden (§ 17 Abs. 1 Nr. 1 SGB I). Das ist hier nicht gelungen.",
    result="Der Bescheid ist ergangen. Das Team hat seine Vertretung neu geregelt.",
)
STORIES: dict[str, tuple[Story, ...]] = {
    "pankow": (
        Story("Antrag seit Monaten ohne Antwort", "Ich bitte den Petitionsausschuss um Hilfe. Seit drei Monaten höre "
              "ich nichts.", ("ms", "Renate", "Kuhlmann"), 2, 60, StationRole.DRAFT),
        Story("Umschulung abgelehnt", "Die Umschulung wurde ohne Gespräch abgelehnt.", ("mr", "Sven", "Albrecht"), 12,
              34, StationRole.AGREE, "regional_directorate"),
        Story("Miete und Heizung", "Meine Heizkosten werden seit dem Umzug nicht anerkannt.", ("ms", "Halina", "Zając"),
              9, 40, StationRole.DRAFT, state="returned", data={"number": "Pet 4-20-11-81501-013377"}),
        Story("Drei Stellen, keine Auskunft", "Jede Stelle verweist auf die andere.", ("mr", "Omar", "Haddad"), 6, 45,
              StationRole.CHECK, data={"competence": Competence.MIXED, "topic": Topic.OTHER}),
        Story("Räume im dritten Stock ohne Aufzug", "Mit dem Rollstuhl komme ich nicht hinauf.",
              ("ms", "Gerda", "Wiese"), 1, 50, None, kind=Kind.SUBMISSION,
              data={"requester": Requester.STATE_CHANCELLERY, "competence": Competence.MUNICIPAL,
                    "topic": Topic.ORGANISATION, "number": ""}),
        Story("Vorschuss nicht gezahlt", "Ohne Vorschuss konnte ich die Miete nicht zahlen.", ("mr", "Jan", "Petersen"),
              30, 1, StationRole.RECEIVE, state="finished",
              data={"competence": Competence.MUNICIPAL, "topic": Topic.HOUSING_COSTS}),
        Story("Bildungspaket für drei Kinder", "Der Antrag ging zweimal verloren.", ("ms", "Leyla", "Aydın"), 40, 1,
              StationRole.RECEIVE, state="decided",
              data={"competence": Competence.MUNICIPAL, "topic": Topic.BENEFITS}),
    ),
    "germersheim": (
        Story("Öffnungszeiten der Außenstelle", "Die Außenstelle hat nur noch zwei Tage geöffnet.",
              ("mr", "Walter", "Kuntz"), 8, 40, StationRole.AUTHORISE, "district",
              data={"competence": Competence.OWNERS_ASSEMBLY, "topic": Topic.ORGANISATION}),
        Story("Fahrkosten nicht erstattet", "Zu drei Terminen gab es keine Fahrkosten.", ("ms", "Elif", "Kaya"), 5, 45,
              StationRole.WRITE),
    ),
    "gera": (
        Story("Ton im Beratungsgespräch", "In der Beratung wurde ich angefahren.", ("ms", "Heike", "Vogel"), 4, 30,
              StationRole.SIGN, kind=Kind.SUBMISSION,
              data={"requester": Requester.OMBUDSPERSON, "competence": Competence.MUNICIPAL, "number": ""}),
    ),
    "berlin-nord": (
        Story("Arbeitslosengeld zu spät gezahlt", "Das Arbeitslosengeld kam sieben Wochen zu spät.",
              ("mr", "Piotr", "Nowicki"), 7, 40, StationRole.CHECK, "regional_directorate",
              legal_area=LegalArea.SGB3),
    ),
}  # fmt: skip
# Bodies of Germersheim's routes for which a person acts with an account of her own
TRAEGER = (
    ("agency_chair", "agentur", "Angela", "Tiedemann"),
    ("district", "landrat", "Ludger", "Reinhardt"),
)


def populate(office: Office, today: date, progress: Callable[[], None]) -> None:
    """Register and walk the petitions of one office; `progress` is called after each."""
    if office.slug == "germersheim":
        _name_traeger(office)
    for story in STORIES.get(office.slug, ()):
        _walk(office, story, today)
        progress()


def traeger_logins() -> list[tuple[str, str, str]]:
    """Username, what they are, and the office, for the start-up message."""
    return [(f"germersheim.{part}", "Träger", f"{first} {last}") for _, part, first, last in TRAEGER]


def _name_traeger(office: Office) -> None:
    password = User.objects.get(username=f"{office.slug}.krm").password
    for body, part, first_name, last_name in TRAEGER:
        user = User.objects.create(
            username=f"{office.slug}.{part}", password=password, first_name=first_name, last_name=last_name,
            email=f"{part}@traeger.example",
        )  # fmt: skip
        Membership.objects.create(user=user, office=office, role=Role.OWNER_REP, from_on=date(2010, 1, 1))
        Representative.objects.create(office=office, body=body, user=user)


def _walk(office: Office, story: Story, today: date) -> None:
    day = _days_before(office, today, story.age)
    krm = _acting(office, "krm", day)
    case = register(by=krm, office=office, registration=_registration(office, story, day))
    case = accept(by=krm, case=case)
    values = {
        "requester": Requester.BUNDESTAG,
        "competence": Competence.FEDERAL,
        "topic": Topic.BENEFITS,
        "number": f"Pet 4-20-11-81501-{10_000 + case.pk:06}",
    }
    petition = open_petition(by=krm, case=case, data=PetitionData(**values | story.data))
    asked = RequestData(
        RequestKind.FIRST, dated_on=day - timedelta(days=3), received_on=day,
        due_on=today + timedelta(days=story.due_in), answer_form=AnswerForm.FULL, originals=3,
        text="Um Stellungnahme zum Sachverhalt und zur Rechtslage wird gebeten.",
    )  # fmt: skip
    request = add_request(by=krm, petition=petition, data=asked)
    if story.until is None:
        return
    start_chain(by=krm, request=request)
    calendar = calendar_for(office)
    for number in range(STEPS_AT_MOST):
        on = min(first_worked(calendar, day + timedelta(days=number // 2)), today)
        stations = list(Station.objects.open().filter(request=request).order_by("position"))
        if not stations or any(_is_goal(story, station) for station in stations):
            break
        _one_step(stations[0], on)
    if end := ENDS.get(story.state):
        end(request, today)


def _is_goal(story: Story, station: Station) -> bool:
    return station.role == story.until and story.body in ("", station.body)


def _one_step(station: Station, on: date) -> None:
    """The station does what it is for, by whoever acts there."""
    by, request = _hand_of(station, on), station.request
    if station.role == StationRole.JOIN or (is_written_at(station) and not station.documents.exists()):
        _write(station, by)
    files = list(station.documents.all())
    if station.role == StationRole.DISPATCH and station.desk:
        dispatch(by=by, station=station, documents=files, copies=request.originals, way=DispatchWay.POST, sent_on=on)
        return
    if rows := checklist(station):
        found = {row.item.pk: Point(row.item.text, is_ok=True) for row in rows}
        fill_checklist(by=by, station=station, found=found)
    if not station.desk and station.office_id:
        confirm_receipt(by=by, station=station, on=on)
    person = "Dr. Paula Brandt" if station.role == StationRole.AUTHORISE else ""
    pass_on(by=by, station=station, on=on, person=person)


def _write(station: Station, by: Actor) -> None:
    written = text_of(station.request, station.part)
    sections = proposal(approved_parts(station)) if station.role == StationRole.JOIN else SECTIONS
    text = edit_statement_text(
        by=by, station=station, expected_version=written.version if written else 0, sections=sections
    )
    take_as_paper(by=by, station=station, expected_version=text.version)


def _hand_of(station: Station, day: date) -> Actor:
    user = station.people.order_by("pk").first()
    return actor_for(user or User.objects.get(username=f"{station.keeper.slug}.krm"), day)


def _returned(request: Request, today: date) -> None:
    """The Regionaldirektion gave it back: the Teamleitung has it a second time."""
    for _ in range(STEPS_AT_MOST):
        station = Station.objects.open().filter(request=request).order_by("position")[0]
        if (station.role, station.body) == (StationRole.AGREE, "regional_directorate"):
            break
        _one_step(station, today)
    reason = "Zum Sachverhalt fehlt, wann die Unterlagen vollständig waren. Bitte ergänzen."
    give_back(by=_hand_of(station, today), station=station, to="all/house/team_lead/draft", reason=reason)


def _finished(request: Request, today: date) -> None:
    while station := Station.objects.open().filter(request=request).order_by("position").first():
        _one_step(station, today)


def _decided(request: Request, today: date) -> None:
    """The committee has decided and wants a report back."""
    _finished(request, today)
    office = request.petition.case.office
    option = DecisionOption.objects.filter(office=office, requester=request.petition.requester)[0]
    decide(
        by=_acting(office, "krm", today), petition=request.petition, option=option, decided_on=today,
        consequence="Das Jobcenter soll den Ablauf prüfen und berichten.", report_due_on=today + timedelta(days=42),
    )  # fmt: skip


ENDS: dict[str, Callable[[Request, date], None]] = {
    "returned": _returned,
    "finished": _finished,
    "decided": _decided,
}


def _registration(office: Office, story: Story, day: date) -> Registration:
    salutation, first_name, last_name = story.name
    unit, topic = office.units.get(number="711"), CaseTopic.objects.get(office=office, name="Bearbeitungsdauer")
    return Registration(
        subject=story.subject,
        text=story.text,
        received_on=day,
        reached_krm_on=day,
        kind=story.kind,
        channel=Channel.LETTER,
        legal_area=story.legal_area,
        unit_id=unit.pk,
        concerns=(ConcernData(nature=topic.nature, topic_id=topic.pk, unit_id=unit.pk),),
        person=PersonData(
            salutation=salutation, first_name=first_name, last_name=last_name, street="Am Markt 4",
            postcode=office.postcode, city=office.city,
        ),
    )  # fmt: skip


def _days_before(office: Office, today: date, age: int) -> date:
    calendar = calendar_for(office)
    day = today if calendar.is_working_day(today) else previous_working_day(calendar, today)
    for _ in range(age):
        day = previous_working_day(calendar, day)
    return day


def _acting(office: Office, part: str, day: date) -> Actor:
    return actor_for(User.objects.get(username=f"{office.slug}.{part}"), day)
