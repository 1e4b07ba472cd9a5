"""Registering a reaction as a case: by page, by import, by every channel the same way."""

import secrets
from collections.abc import Iterable
from dataclasses import asdict

from django.db import IntegrityError
from django.utils import timezone
from guardian.shortcuts import assign_perm

from cases.apart import dienstherr, kept_out, leads_the_house
from cases.documents import add_file
from cases.handling.actions.in_advance import tell_in_advance
from cases.intake.actions.presentation import is_presented, set_presentation
from cases.lookup import case_calendar
from cases.models import Case, Concern, ConcernedEmployee, Deadline, Person, RegistrationDraft
from cases.permissions import check_may_in, roles_to_register
from cases.recording import next_number, record, record_all
from cases.recusal.actions.shut_out import shut_out
from cases.rules.deadlines import Intake, PlannedDeadline, plan
from cases.rules.intake import date_problems, front_office_problem, is_front_office, missing_text
from cases.rules.kinds import Channel, Kind
from cases.rules.registration import PersonData, Registration, search_name
from cases.rules.triage import Reason, propose
from cases.unit_of_work import action, project_new
from offices.errors import NotAllowed
from offices.models import Membership, Office, RuleSet, Unit, User
from offices.queries import Actor, memberships_on, rule_set_in_force
from offices.roles import Permission, Role
from offices.rules.parameters import Parameters

NO_PERSON = "Bitte die Person angeben oder „anonym“ wählen."
NO_SUBJECT = "Bitte einen Betreff angeben."
FOREIGN_EMPLOYEE = "Eine betroffene Person gehört nicht zur Dienststelle."
FOREIGN_UNITS = "Eine Einheit gehört nicht zur Dienststelle."


class AlreadyRegistered(NotAllowed):
    """The same entry was registered before: a second click, a second run of an import; `case` is what became of it."""

    def __init__(self, case: Case):
        super().__init__(f"Diese Kundenreaktion ist schon erfasst: {case.reference}.")
        self.case = case


def register(*, by: Actor, office: Office, registration: Registration, with_draft: bool = False) -> Case:
    """A new case with its concerns, persons, files and the deadlines of the rule set in force at Eingang.

    NotAllowed for impossible dates, too many concerns, a foreign topic or unit, somebody anonymous or a kind where
    the office's rules forbid it (K7, K13), and for whom registering is not part of the role. AlreadyRegistered where
    the office has a case with the same `import_key`. What names the Geschäftsführung is out of its sight from the
    start, and out of that of all who lead in the house (PAN-7). `with_draft`: the person's half-filled form goes with
    it.
    """
    try:
        return _register(by, office, registration, with_draft)
    except IntegrityError:
        before = Case.objects.filter(office=office, import_key=registration.import_key).exclude(import_key="").first()
        if before is None:
            raise
        raise AlreadyRegistered(before) from None


@action
def _register(by: Actor, office: Office, registration: Registration, with_draft: bool) -> Case:
    check_may_in(by, Permission.REGISTER, office.pk)
    rule_set = rule_set_in_force(office, registration.received_on)
    unit = _check(registration, rule_set, by)
    case = _create(registration, unit, rule_set, by)
    _add_people(case, registration)
    Concern.objects.bulk_create(
        Concern(case=case, position=number, **asdict(concern))
        for number, concern in enumerate(registration.concerns, start=1)
    )
    record(
        "case.registered",
        by=by,
        permission=Permission.REGISTER,
        office_id=office.pk,
        case=case,
        received_on=case.received_on.isoformat(),
    )
    if _against_management(registration, office, by):
        shut_out(case, by=by, permission=Permission.REGISTER)
    _set_deadlines(case, by)
    if case.is_sealed:
        _open_to_the_desk(case, by)
    else:
        tell_in_advance(case, by=by)
    for file in registration.files:
        add_file(file, by=by, case=case)
    if with_draft:
        RegistrationDraft.objects.filter(user=by.user_id).delete()
    if case.against_management:
        case.save(update_fields=["against_management"])
    project_new(case.pk)
    _number(case, by.today.year)
    return case


def _open_to_the_desk(case: Case, by: Actor) -> None:
    """A sealed case is reached by name only (B4-1): by the officer who registers it, else by all officers of the KRM,
    else by the Geschäftsführung; never by those it is about, nor by leaders where it is about the Geschäftsführung
    (B4-8, PAN-7). NotAllowed where nobody would reach it."""
    out = kept_out(case, by.today)
    readers = [by.user] if by.may(Permission.TRIAGE, case.office_id) and by.user_id not in out else []
    for role in (Role.KRM_OFFICER, Role.MANAGEMENT):
        holders = memberships_on(by.today).filter(office=case.office_id, role=role).exclude(user__in=out)
        readers = readers or list(User.objects.filter(pk__in=holders.values("user")))
    if not readers:
        raise NotAllowed("Einen geschützten Vorgang, der KRM und Geschäftsführung betrifft, könnte niemand öffnen.")
    assign_perm("read_single_case", readers, case)
    record("case.sealed", by=by, office_id=case.office_id, case=case)


def _check(registration: Registration, rule_set: RuleSet, by: Actor) -> Unit | None:
    """NotAllowed with the sentence why this cannot be registered; else the unit it names."""
    problems = date_problems(
        written_on=registration.written_on,
        received_on=registration.received_on,
        reached_krm_on=registration.reached_krm_on,
        today=by.today,
    )
    if problems:
        raise NotAllowed(next(iter(problems.values())))
    if not registration.subject.strip():
        raise NotAllowed(NO_SUBJECT, "subject")
    if not registration.text.strip():
        raise NotAllowed(missing_text(registration.channel))
    parameters, office = rule_set.parameters, rule_set.office
    _check_front_office(registration, office, parameters, by)
    if not registration.concerns:
        raise NotAllowed("Bitte mindestens ein Anliegen mit Thema angeben.")
    if len(registration.concerns) > parameters.max_concerns:
        raise NotAllowed(f"Das Regelwerk lässt höchstens {parameters.max_concerns} Anliegen je Vorgang zu.")
    if registration.is_anonymous and not parameters.anonymous.registered:
        raise NotAllowed("Das Regelwerk sieht keine anonymen Kundenreaktionen vor (K13).", "is_anonymous")
    if not registration.is_anonymous and registration.channel != Channel.OPINION_CARD and not registration.person:
        raise NotAllowed(NO_PERSON)
    if registration.kind == Kind.CONDUCT_COMPLAINT and not parameters.conduct_complaint.registered:
        raise NotAllowed(why_no_conduct_case(rule_set, _against_management(registration, office, by)), "kind")
    topics = {c.topic_id for c in registration.concerns}
    if office.topics.filter(pk__in=topics, is_active=True).count() != len(topics):
        raise NotAllowed("Ein Thema gehört nicht zum Katalog der Dienststelle.")
    named = {registration.unit_id, *(c.unit_id for c in registration.concerns)} - {None}
    units = office.units.select_related("parent").in_bulk(named)
    if len(units) != len(named):
        raise NotAllowed(FOREIGN_UNITS)
    employees = {e.user_id for e in registration.employees} - {None}
    if Membership.objects.filter(office=office, user__in=employees).values("user").distinct().count() != len(employees):
        raise NotAllowed(FOREIGN_EMPLOYEE)
    return units.get(registration.unit_id)


def why_no_conduct_case(rule_set: RuleSet, against_management: bool) -> str:
    """Where a Dienstaufsichtsbeschwerde goes that the office does not register, in one sentence (K7; GER-7, PAN-7)."""
    reason = Reason.AGAINST_MANAGEMENT if against_management else Reason.CONDUCT_COMPLAINT
    recipient = propose(reason, rule_set.parameters, dienstherr(rule_set.office)).recipient
    return (
        "Dienstaufsichtsbeschwerden werden hier nicht als Vorgang geführt (K7); bitte als Kein KRM abgeben an: "
        f"{recipient}."
    )


def _against_management(registration: Registration, office: Office, by: Actor) -> bool:
    named = [e.user_id for e in registration.employees if e.user_id]
    return leads_the_house(office, named, registration.received_on, by.today)


def _check_front_office(registration: Registration, office: Office, parameters: Parameters, by: Actor) -> None:
    """The Vorzimmer takes negative ones only where the Fachbereich was there that day (PAN-35)."""
    if not is_front_office(roles_to_register(by, office.pk), parameters):
        return
    kind, channel = registration.kind, registration.channel
    if problem := front_office_problem(kind, channel, registration.received_on, registration.unit_dealt_on, parameters):
        raise NotAllowed(problem, "unit_dealt")


def _create(registration: Registration, unit: Unit | None, rule_set: RuleSet, by: Actor) -> Case:
    fields = (
        "kind", "channel", "legal_area", "written_on", "received_on", "reached_krm_on", "subject", "text",
        "is_anonymous", "wants_acknowledgement", "is_sealed", "unit_dealt_on", "import_key",
    )  # fmt: skip
    case = Case(
        office=rule_set.office,
        unit=unit,
        rule_set=rule_set,
        opened_on=registration.received_on,
        reference=secrets.token_hex(8),  # until `_number`; nobody else sees it
        registered_at=timezone.now(),
        registered_by_id=by.user_id,
        turn_since=by.today,
        **{name: getattr(registration, name) for name in fields},
    )
    case.save()  # who sends the same entry at the same moment waits here, and is refused by the key of the table
    return case


def _number(case: Case, year: int) -> None:
    """Give a new case its number and save it; last of all, since the whole office waits until the transaction ends."""
    case.reference = f"{case.office.code}-{year}-{next_number(case.office, year):05}"
    case.save(update_fields=["reference", "against_management", "next_due_on"])


def _add_people(case: Case, registration: Registration) -> None:
    if registration.person and not registration.is_anonymous:
        _add_person(case, registration.person, Person.Capacity.COMPLAINANT)
        if registration.representative:
            _add_person(case, registration.representative, Person.Capacity.REPRESENTATIVE)
    ConcernedEmployee.objects.bulk_create(
        ConcernedEmployee(case=case, user_id=e.user_id, name=e.name) for e in registration.employees
    )


def _add_person(case: Case, data: PersonData, capacity: Person.Capacity) -> None:
    Person.objects.create(
        case=case,
        capacity=capacity,
        search_name=search_name(data.last_name, data.first_name, data.organisation),
        **asdict(data),
    )


def _set_deadlines(case: Case, by: Actor) -> None:
    """The deadlines of K1 to K3 as rows, each with its explanation in words, and the day of presentation (K15).

    The case is not saved.
    """
    intake = Intake(
        kind=Kind(case.kind),
        channel=Channel(case.channel),
        received_on=case.received_on,
        is_anonymous=case.is_anonymous,
        wants_acknowledgement=case.wants_acknowledgement,
    )
    calendar = case_calendar(case)
    deadlines = set_deadlines(case, plan(case.rule_set.parameters, intake, calendar), by=by)
    if is_presented(case):
        deadlines.append(set_presentation(case, calendar, on=case.reached_krm_on, by=by))
    case.next_due_on = min((deadline.due_on for deadline in deadlines), default=None)


def set_deadline(case: Case, planned: PlannedDeadline, *, by: Actor) -> Deadline:
    """One computed deadline as a row of the case's current round."""
    return set_deadlines(case, [planned], by=by)[0]


def set_deadlines(case: Case, several: Iterable[PlannedDeadline], *, by: Actor) -> list[Deadline]:
    """Computed deadlines as rows of the case's current round, with an entry each, in a fixed number of queries."""
    deadlines = Deadline.objects.bulk_create(
        Deadline(
            office_id=case.office_id,
            case=case,
            round=case.round,
            kind=planned.kind,
            start_on=planned.due.start_on,
            amount=planned.due.period.amount,
            unit=planned.due.period.unit,
            raw_on=planned.due.raw_on,
            due_on=planned.due.due_on,
            rule=planned.due.sentence,
            rule_key=planned.rule_key,
        )
        for planned in several
    )
    rows = [(case.pk, {"kind": d.get_kind_display(), "due_on": d.due_on.isoformat()}) for d in deadlines]
    record_all("deadline.set", by=by, office_id=case.office_id, rows=rows)
    return deadlines
