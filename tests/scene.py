"""One small world in Pankow for tests over all pages: a case in each state, a letter, a document, an Abgabe."""

import hashlib
from copy import deepcopy
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.db import connection
from django.utils import timezone

from cases.access import grant, seal
from cases.deadlines.actions.calendar_change import add_closing
from cases.deadlines.actions.watch import watch
from cases.directives.actions.drafting import draft_directive, present_directive
from cases.documents import add_document
from cases.handling.actions.assign import accept, hand_to_unit
from cases.handling.actions.notes import set_follow_up
from cases.handling.actions.praise import pass_on_praise
from cases.letters.actions.writing import draft_letter
from cases.models import (
    Assignment,
    Case,
    Deadline,
    Directive,
    DirectivePoint,
    Document,
    Letter,
    Mail,
    Notice,
    Statement,
    TextBlock,
    Topic,
    Transfer,
)
from cases.rules.directives import PointData, PointKind
from cases.rules.kinds import Kind
from cases.rules.registration import EmployeeData, UploadedFile
from cases.rules.reminders import Urgency
from cases.rules.transfers import TransferData
from cases.rules.triage import Reason
from cases.statements.actions.asking import request_statement
from cases.statements.actions.way import add_statement_file, edit_statement, hand_on, sign_statement
from cases.transfers.actions.data_protection import ask_lead
from cases.transfers.actions.triage import register_transfer
from krm.demo.letters import submitted
from offices.calendars import next_working_day
from offices.models import Closing, Membership, Office, RuleSet, Substitution, Unit, User
from offices.queries import Actor, actor_for, calendar_for
from offices.roles import Role
from petitions.actions.chain import skip, start_chain
from petitions.actions.opening import open_petition
from petitions.actions.outcome import decide
from petitions.actions.requests import add_request
from petitions.models import (
    ChecklistItem,
    Decision,
    DecisionOption,
    Petition,
    Request,
    RouteSet,
    Station,
    StationNotice,
)
from petitions.rules.vocabulary import AnswerForm, Competence, RequestKind, StationRole
from reporting.actions.beside import SurveyRow, carry_out, enter_surveys, plan_measure
from reporting.actions.reports import approve_report, count_report, present_report, request_report
from reporting.models import Measure, Report
from reporting.rules.periods import Period
from reporting.rules.vocabulary import Audience, ReportKind
from tests import make
from tests.petitions import walk
from tests.snapshot import Snapshot

PDF = b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"
FILE = UploadedFile("Bescheid.pdf", "application/pdf", PDF, hashlib.sha256(PDF).hexdigest())


def person(username: str) -> User:
    return User.objects.get(username=username)


def acting(username: str, today: date) -> Actor:
    return actor_for(person(username), today)


@dataclass(frozen=True)
class Scene:
    """All cases but the one to co-sign complain about the Bereichsleitung.

    `at_unit` lies with team 711, handled by the Mitarbeiterin, whose seat ends in a month. The Abgabe `complaint` is
    about the second officer of the KRM.
    """

    today: date
    new: Case
    working: Case
    at_unit: Case
    answered: Case
    closed: Case
    sealed: Case
    draft: Letter
    issued: Letter
    to_co_sign: Letter
    to_sign: Letter
    document: Document
    deadline: Deadline
    follow_up: Deadline
    transfer: Transfer
    privacy: Transfer
    privacy_asked: Assignment
    complaint: Transfer
    closing: Closing
    rule_set: RuleSet
    route_set: RouteSet
    unit: Unit
    topic: Topic
    text_block: TextBlock
    substitution: Substitution
    membership: Membership
    asked: Case
    conduct: Case
    statement: Statement
    statement_file: Document
    to_approve: Statement
    praise: Case
    to_tick: Assignment
    directive: Directive
    to_issue: Directive
    point: DirectivePoint
    notice: Notice
    mail: Mail
    technical_task: Deadline
    unopened: Case
    petition: Petition
    unbegun: Request
    begun: Request
    files_request: Request
    station: Station
    at_agency: Station
    to_send: Station
    to_receive: Station
    to_draft: Station
    to_check: Station
    checklist_item: ChecklistItem
    station_file: Document
    station_notice: StationNotice
    decision: Decision
    report: Report
    presented: Report
    approved: Report
    measure: Measure
    done_measure: Measure


_kept: dict[tuple[date, bool], tuple[Snapshot, Scene]] = {}


def fresh() -> Scene:
    """What `build` makes, built once per process and put back from then on; expects the demo house and no case yet.

    Once in a transaction and once without, where that matters: only what is committed starts background work.
    """
    if Case.objects.exists():
        raise RuntimeError("The scene replaces all rows: ask for it before anything else is made.")
    key = (timezone.localdate(), connection.in_atomic_block)
    if key in _kept:
        _kept[key][0].put_back()
    else:
        scene = build()
        _kept[key] = (Snapshot.take(), scene)
    return deepcopy(_kept[key][1])


def build() -> Scene:
    """Expects the demo house; everything happens today."""
    today = timezone.localdate()
    krm = acting("pankow.krm", today)
    office = Office.objects.get(slug="pankow")
    unit = office.units.get(number="711")
    about = {"employees": (EmployeeData(user_id=person("pankow.bl").pk),), "unit_id": unit.pk, "received_on": today}

    Membership.objects.filter(user=person("pankow.ma")).update(until_on=today + timedelta(days=30))
    new, working, at_unit, answered, closed, sealed = (make.case(krm, **about) for _ in range(6))
    for case in (working, at_unit, answered, closed):
        accept(by=krm, case=case)
    hand_to_unit(by=krm, case=at_unit, unit=unit, handler=person("pankow.ma"))
    for case in (answered, closed):
        make.answered(krm, case)
    make.closed(krm, closed)
    seal(by=krm, case=sealed)
    grant(by=krm, case=sealed, user=person("pankow.dsb"))
    closing = Closing(office=office, name="Betriebsausflug", kind=Closing.Kind.CLOSED, from_on=today, until_on=today)
    add_closing(by=krm, closing=closing)
    asked = make.case(krm, **about)
    statement, to_approve = (_statement(krm, asked, unit, question) for question in ("Was war?", "Wie lange?"))
    tl = acting("pankow.tl", today)
    enclosed = add_statement_file(by=tl, statement=statement, file=FILE)
    edit_statement(by=tl, statement=to_approve, expected_version=1, text="Sechs Wochen.")
    to_approve = hand_on(by=tl, statement=to_approve, expected_version=2)
    praise = make.case(krm, kind=Kind.PRAISE, **about)
    privacy = TransferData(
        reason=Reason.DATA_PROTECTION, subject="Offene Akten", text="Am Tresen.", received_on=today, person=make.PERSON
    )
    privacy = make.handed_over(krm, register_transfer(by=krm, office=office, data=privacy))
    return Scene(
        today=today,
        new=new,
        working=working,
        at_unit=at_unit,
        answered=answered,
        closed=closed,
        sealed=sealed,
        draft=draft_letter(by=krm, case=working, kind=Letter.Kind.ACKNOWLEDGEMENT),
        issued=make.signed(krm, make.answer(krm, working)),
        to_co_sign=_to_co_sign(krm, make.case(krm, **about | {"employees": ()})),
        to_sign=submitted(krm, make.answer(krm, make.case(krm, **about))),
        document=add_document(by=krm, case=working, file=FILE),
        deadline=working.deadlines.get(kind=Deadline.Kind.CLOSURE),
        follow_up=set_follow_up(by=krm, case=working, working_days=3, task="nachfragen"),
        transfer=register_transfer(
            by=krm,
            office=office,
            data=TransferData(
                reason=Reason.OBJECTION,
                subject="Gegen den Bescheid",
                text="Ich lege Widerspruch ein.",
                received_on=today,
                decision_on=today - timedelta(days=10),
                person=make.PERSON,
            ),
        ),
        closing=closing,
        rule_set=office.rule_sets.get(),
        route_set=office.route_sets.get(),
        unit=unit,
        topic=Topic.objects.filter(office=office)[0],
        text_block=TextBlock.objects.filter(office=office, kind="")[0],
        substitution=Substitution.objects.create(
            absent=person("pankow.tl2"),
            deputy=person("pankow.tl"),
            from_on=today + timedelta(days=30),
            until_on=today + timedelta(days=40),
        ),
        membership=Membership.objects.get(user=person("pankow.ma2")),
        asked=asked,
        conduct=_stated_conduct(krm, make.case(krm, kind=Kind.CONDUCT_COMPLAINT, **about), unit),
        statement=Statement.objects.get(pk=statement.pk),
        statement_file=enclosed,
        to_approve=to_approve,
        privacy=privacy,
        privacy_asked=ask_lead(by=krm, transfer=privacy, user=tl.user, task="zum Datenschutz Stellung nehmen"),
        complaint=_complaint(krm, office),
        praise=praise,
        to_tick=pass_on_praise(by=krm, case=praise, unit=unit),
        directive=draft_directive(by=krm, case=make.case(krm, **about)),
        to_issue=_presented(krm, make.case(krm, **about)),
        point=_to_handle(krm, make.case(krm, **about), unit),
        notice=_told(krm, working.deadlines.get(kind=Deadline.Kind.CLOSURE)),
        mail=_delayed(person("pankow.tl2")),
        technical_task=_technical_task(office, today),
        **_petitions(krm, about),
        **_reports(krm, office),
    )


def _reports(krm: Actor, office: Office) -> dict[str, Any]:
    """A report with the KRM, one with the Geschäftsführung, one approved; a measure planned, one carried out."""
    period, gf = Period.around(krm.today, ReportKind.QUARTER), acting("pankow.gf", krm.today)

    def counted(recipient: str) -> Report:
        made = request_report(by=krm, office=office, recipient=recipient, audience=Audience.INTERNAL, period=period)
        count_report(made.pk)
        return Report.objects.get(pk=made.pk)

    def planned(what: str) -> Measure:
        return plan_measure(
            by=krm, office=office, unit=None, cause="Beschwerden", what=what, due_on=krm.today, check_on=krm.today
        )

    report, presented, approved = counted("Beirat"), counted("Dienstbesprechung"), counted("Personalrat")
    for each in (presented, approved):
        present_report(by=krm, report=each, expected_version=each.version)
    approved.refresh_from_db()
    approve_report(by=gf, report=approved, expected_version=approved.version)
    enter_surveys(by=krm, office=office, rows=[SurveyRow(krm.today.year - 1, 1, Decimal("2.5"), 100)])
    return {
        "report": report,
        "presented": Report.objects.get(pk=presented.pk),
        "approved": Report.objects.get(pk=approved.pk),
        "measure": planned("Aushang erneuert"),
        "done_measure": carry_out(by=krm, measure=planned("Tür repariert"), on=krm.today),
    }


def _petitions(krm: Actor, about: dict[str, Any]) -> dict[str, Any]:
    """One that is no petition yet, and of petitions: a request not begun, stations in the house and outside it."""
    today = krm.today
    dates = {"dated_on": today, "received_on": today, "due_on": today + timedelta(days=90)}

    def opened(**changes) -> Petition:
        return open_petition(by=krm, case=make.case(krm, kind=Kind.PETITION, **about), data=walk.data(**changes))

    def begun(petition: Petition, **changes) -> Request:
        request = add_request(by=krm, petition=petition, data=walk.request_data(**dates, **changes))
        start_chain(by=krm, request=request)
        concerned = request.stations.get(desk=Role.DIVISION_LEAD)
        skip(by=krm, station=concerned, reason="Die Petition betrifft die Bereichsleitung.")
        return request

    petition, direct, municipal = opened(), opened(), opened(competence=Competence.MUNICIPAL)
    request, agreed, sent = begun(petition), begun(direct), begun(municipal)
    files = {"kind": RequestKind.FILES, "answer_form": AnswerForm.FILES}
    waiting = opened()
    at_agency = walk.until(agreed, StationRole.AGREE, "agency", today=today)
    to_receive = walk.until(sent, StationRole.RECEIVE, today=today)
    to_send = begun(opened(competence=Competence.MUNICIPAL))
    to_draft, to_check = begun(opened()), begun(opened())
    option = DecisionOption.objects.filter(office=petition.case.office_id, requester=petition.requester)[0]
    return {
        "unopened": make.case(krm, kind=Kind.PETITION, **about),
        "petition": petition,
        "unbegun": add_request(by=krm, petition=waiting, data=walk.request_data(**dates)),
        "begun": request,
        "files_request": add_request(by=krm, petition=petition, data=walk.request_data(**dates, **files)),
        "station": walk.until(request, StationRole.REGISTER, today=today),
        "at_agency": at_agency,
        "to_send": walk.until(to_send, StationRole.DISPATCH, today=today),
        "to_receive": to_receive,
        "to_draft": walk.until(to_draft, StationRole.DRAFT, today=today),
        "to_check": walk.until(to_check, StationRole.CHECK, "krm", today=today),
        "checklist_item": ChecklistItem.objects.filter(office=petition.case.office_id)[0],
        "station_file": at_agency.documents.get(),
        "station_notice": StationNotice.objects.create(
            station=to_receive, kind=StationNotice.Kind.REPLANNED, told_on=today
        ),
        "decision": decide(
            by=krm, petition=petition, option=option, decided_on=today, report_due_on=today + timedelta(days=60)
        ),
    }


def _complaint(by: Actor, office: Office) -> Transfer:
    about = (EmployeeData(user_id=person("pankow.krm2").pk), EmployeeData(name="Herr Blau"))
    matter = {"subject": "Ton am Tresen", "text": "Er hat geschrien.", "received_on": by.today, "employees": about}
    data = TransferData(reason=Reason.CONDUCT_COMPLAINT, recipient="Interner Service", files=(FILE,), **matter)
    return register_transfer(by=by, office=office, data=data)


def _delayed(to: User) -> Mail:
    """A mail that the mail server did not take at the first try."""
    now = timezone.now()
    error = "Mailserver: ConnectionRefusedError 111"
    later = {"created_at": now, "next_try_at": now + timedelta(minutes=20), "attempts": 1, "error": error}
    return Mail.objects.create(to=to, address=to.email, subject="Frist", text="Eine Frist läuft ab.", **later)


def _technical_task(office: Office, today: date) -> Deadline:
    nobody = Actor(user=None, today=today)
    task = {"label": "E-Mail-Versand gestört", "subject": "keine E-Mail geht hinaus", "role": Role.SYSADMIN}
    return watch(by=nobody, office=office, due_on=today, **task)


def _told(of: Actor, deadline: Deadline) -> Notice:
    """What a sweep tells the KRM officer of this deadline two Arbeitstage before."""
    return Notice.objects.create(
        deadline=deadline,
        office=deadline.office,
        due_on=deadline.due_on,
        step=-2,
        urgency=Urgency.AHEAD,
        recipient=of.user,
        created_at=timezone.now(),
    )


def _statement(by: Actor, case: Case, unit: Unit, question: str) -> Statement:
    due_on = next_working_day(calendar_for(unit.office), by.today)
    return request_statement(by=by, case=case, unit=unit, question=question, due_on=due_on)[0]


def _stated_conduct(by: Actor, case: Case, unit: Unit) -> Case:
    """A Dienstaufsichtsbeschwerde with the Teamleitung's contributions, approved by the Geschäftsführung."""
    due_on = next_working_day(calendar_for(unit.office), by.today)
    tl, gf = acting("pankow.tl", by.today), acting("pankow.gf", by.today)
    for asked in request_statement(by=by, case=case, unit=unit, question="Was geschah?", due_on=due_on):
        written = edit_statement(by=tl, statement=asked, expected_version=asked.version, text="So war es.")
        handed = hand_on(by=tl, statement=written, expected_version=written.version)
        sign_statement(by=gf, statement=handed, expected_version=handed.version)
    return Case.objects.get(pk=case.pk)


def _to_co_sign(by: Actor, case: Case) -> Letter:
    co_sign = PointData(PointKind.CO_SIGN, person_id=person("pankow.tl").pk)
    make.directed(by, case, points=(co_sign, PointData(PointKind.FILE)))
    return submitted(by, make.answer(by, case))


def _presented(by: Actor, case: Case) -> Directive:
    return present_directive(by=by, directive=draft_directive(by=by, case=case), expected_version=1)


def _to_handle(by: Actor, case: Case, unit: Unit) -> DirectivePoint:
    due_on = next_working_day(calendar_for(unit.office), by.today)
    handle = PointData(PointKind.HANDLE, "mit der Kundin sprechen", unit_id=unit.pk, due_on=due_on)
    directive = make.directed(by, case, points=(handle, PointData(PointKind.FILE)), unit=unit)
    return directive.points.get(kind=PointKind.HANDLE)
