"""One small world in Pankow for tests over all pages: a case in each state, a letter, a document, an Abgabe."""

import hashlib
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils import timezone

from cases.actions.access import grant, seal
from cases.actions.assign import accept, hand_to_unit
from cases.actions.days import add_closing
from cases.actions.documents import add_document
from cases.actions.letters import dispatch_letter, draft_letter, edit_letter, issue_letter
from cases.actions.notes import set_follow_up
from cases.actions.triage import register_transfer
from cases.models import Case, Deadline, Document, Letter, Topic, Transfer
from cases.rules.registration import EmployeeData, UploadedFile
from cases.rules.transfers import TransferData
from cases.rules.triage import Reason
from offices.models import Closing, Membership, Office, RuleSet, Substitution, Unit, User
from offices.queries import Actor, actor_for
from tests import make

PDF = b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"
FILE = UploadedFile("Bescheid.pdf", "application/pdf", PDF, hashlib.sha256(PDF).hexdigest())


def person(username: str) -> User:
    return User.objects.get(username=username)


def acting(username: str, today: date) -> Actor:
    return actor_for(person(username), today)


@dataclass(frozen=True)
class Scene:
    """All cases complain about the Bereichsleitung; `at_unit` lies with team 711, handled by the Mitarbeiterin."""

    today: date
    new: Case
    working: Case
    at_unit: Case
    answered: Case
    closed: Case
    sealed: Case
    draft: Letter
    issued: Letter
    document: Document
    deadline: Deadline
    follow_up: Deadline
    transfer: Transfer
    closing: Closing
    rule_set: RuleSet
    unit: Unit
    topic: Topic
    substitution: Substitution
    membership: Membership


def build() -> Scene:
    """Expects the demo house; everything happens today."""
    today = timezone.localdate()
    krm = acting("pankow.krm", today)
    office = Office.objects.get(slug="pankow")
    unit = office.units.get(number="711")
    about = {"employees": (EmployeeData(user_id=person("pankow.bl").pk),), "unit_id": unit.pk, "received_on": today}

    new, working, at_unit, answered, closed, sealed = (make.case(krm, **about) for _ in range(6))
    for case in (working, at_unit, answered, closed):
        accept(by=krm, case=case)
    hand_to_unit(by=krm, case=at_unit, unit=unit, handler=person("pankow.ma"))
    for case in (answered, closed):
        letter = _issued(krm, case, Letter.Kind.FINAL)
        dispatch_letter(by=krm, letter=letter, sent_on=today, way=Letter.Way.POST)
    make.closed(krm, closed)
    seal(by=krm, case=sealed)
    grant(by=krm, case=sealed, user=person("pankow.dsb"))
    closing = Closing(office=office, name="Betriebsausflug", kind=Closing.Kind.CLOSED, from_on=today, until_on=today)
    add_closing(by=krm, closing=closing)
    return Scene(
        today=today,
        new=new,
        working=working,
        at_unit=at_unit,
        answered=answered,
        closed=closed,
        sealed=sealed,
        draft=draft_letter(by=krm, case=working, kind=Letter.Kind.ACKNOWLEDGEMENT),
        issued=_issued(krm, working, Letter.Kind.FINAL),
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
        unit=unit,
        topic=Topic.objects.filter(office=office)[0],
        substitution=Substitution.objects.create(
            absent=person("pankow.tl2"),
            deputy=person("pankow.tl"),
            from_on=today + timedelta(days=30),
            until_on=today + timedelta(days=40),
        ),
        membership=Membership.objects.get(user=person("pankow.ma2")),
    )


def _issued(by: Actor, case: Case, kind: str) -> Letter:
    letter = draft_letter(by=by, case=case, kind=kind)
    text = "vielen Dank für Ihre Nachricht. Ihr Antrag ist inzwischen bewilligt."
    letter = edit_letter(by=by, letter=letter, expected_version=letter.version, body=text)
    return issue_letter(by=by, letter=letter, expected_version=letter.version, dated_on=by.today)
