"""Kein KRM: what is no case is registered apart, leaves a case or a part of one, and is handed over with proof."""

from dataclasses import asdict, replace
from datetime import date, timedelta

from django.db.models import F
from django.utils import timezone

from cases.apart import dienstherr
from cases.asking import take_back
from cases.deadlines.actions.ending import cancel
from cases.directives.actions.drafting import drop_draft
from cases.documents import add_file
from cases.letters.actions.writing import discard
from cases.lookup import office_calendar
from cases.models import Case, OnTheSpotCount, OnTheSpotException, Person, RegistrationDraft, Transfer
from cases.permissions import check_may_in
from cases.recording import counted, locked, locked_transfer, move, next_number, record, refresh_next_due, save
from cases.recusal.actions.complained_about_transfer import add_employees
from cases.recusal.actions.shut_out import shut_out
from cases.rules.kinds import Channel
from cases.rules.lifecycle import Step
from cases.rules.registration import search_name
from cases.rules.transfers import TransferData, tally_problem, transfer_problems
from cases.rules.triage import REASON_LABELS, Reason, may_be_tallied, objection_period, propose, reaches_leader
from cases.statements.actions.asking import withdraw_open
from cases.transfers.actions.inside import check_receiver, give, record_inside
from cases.transfers.reading.receivers import (
    goes_inside,
    inside_roles,
    receivers,
    role_words,
    why_nobody_receives,
    why_not_hand_over,
)
from cases.unit_of_work import action
from offices.errors import NotAllowed
from offices.models import Office, RuleSet, User
from offices.queries import Actor, rule_set_in_force
from offices.roles import Permission, Role
from offices.rules.parameters import Parameters

NO_RECIPIENT = "Bitte angeben, an wen abgegeben wird."
NO_PART = "Bitte angeben, welcher Teil abgetrennt wird."
SAME_TWICE = timedelta(minutes=1)


@action
def register_transfer(*, by: Actor, office: Office, data: TransferData) -> Transfer:
    """Something that came in and is no case, with its original Eingang and where it goes (K7 to K12; PAN-8, PAN-10).

    For a Widerspruch with a known Bescheid the end of the Widerspruchsfrist is computed and kept (B3-13). NotAllowed
    for impossible dates, without anybody to hand it to, and when the same was sent twice in a row.
    """
    check_may_in(by, Permission.TRIAGE, office.pk)
    transfer = _create(by, office, rule_set_in_force(office, data.received_on), data)
    if data.person:
        name = search_name(data.person.last_name, data.person.first_name, data.person.organisation)
        Person.objects.create(transfer=transfer, search_name=name, **asdict(data.person))
    add_employees(transfer, data.employees, by=by)
    for file in data.files:
        add_file(file, by=by, transfer=transfer)
    RegistrationDraft.objects.filter(user=by.user_id).delete()
    return transfer


@action
def hand_over_case(
    *, by: Actor, case: Case, reason: Reason, recipient: str = "", decision_on: date | None = None
) -> Transfer:
    """A registered case turns out to be none: it ends as handed over, its deadlines fall away, the matter leaves whole.

    From then on the desk alone sees it: what was asked of people is taken back, as is what was only to be taken note
    of; drafts are discarded. A case that rests no longer rests. NotAllowed where the lifecycle has no such step, and
    while a
    letter is signed and not sent, or waits for a signature.
    """
    case = locked(case, by=by, permission=Permission.TRIAGE)
    _check_no_letter_waits(case)
    transfer = _create_from(case, by, reason, case.text, recipient, decision_on)
    if reason == Reason.AGAINST_MANAGEMENT and not case.against_management:
        shut_out(case, by=by, permission=Permission.TRIAGE)
    move(case, Step.HAND_OVER, by=by)
    withdraw_open(case, by=by)
    drop_draft(case, by=by)
    for draft in case.letters.filter(issued_at__isnull=True):
        discard(draft, by=by)
    take_back(case, by=by)
    cancel(case, by=by)
    if case.pauses.filter(resumed_on__isnull=True).update(resumed_on=by.today):
        record("case.resumed", by=by, office_id=case.office_id, case=case, resumed_on=by.today.isoformat())
    case.closed_on, case.closed_by_id = by.today, by.user_id
    refresh_next_due(case)
    save(case)
    _record_on("case.handed_over", case, transfer, by)
    return transfer


def _check_no_letter_waits(case: Case) -> None:
    unsent = case.letters.filter(sent_on__isnull=True)
    if unsent.filter(issued_at__isnull=False).exists():
        raise NotAllowed(
            "Ein Schreiben ist ausgefertigt, aber nicht versandt; bitte zuerst versenden oder zurücknehmen."
        )
    if unsent.filter(submitted_at__isnull=False).exists():
        raise NotAllowed("Ein Schreiben wartet noch auf die Zeichnung; bitte zuerst zurücknehmen.")


@action
def split_off(
    *, by: Actor, case: Case, reason: Reason, text: str, recipient: str = "", decision_on: date | None = None
) -> Transfer:
    """Only the part told in `text` leaves; the case goes on (K11; PAN-9, PAN-11).

    A Dienstaufsichtsbeschwerde leaves with its whole wording for the Interner Service or, against the
    Geschäftsführung, for its Dienstherr, and its leaders are shut out of the case at once (BLOG-5, PAN-7).
    NotAllowed without a text and for a part that has been split off already.
    """
    case = locked(case, by=by, permission=Permission.TRIAGE)
    if not text.strip():
        raise NotAllowed(NO_PART)
    if case.transfers.filter(reason=reason, text=text).exists():
        raise NotAllowed("Dieser Teil ist schon abgetrennt.")
    transfer = _create_from(case, by, reason, text, recipient, decision_on)
    _record_on("case.split", case, transfer, by)
    if reason == Reason.AGAINST_MANAGEMENT and not case.against_management:
        shut_out(case, by=by, permission=Permission.TRIAGE)
        save(case)
    return transfer


@action
def hand_over(
    *, by: Actor, transfer: Transfer, way: str, receiver: User | None = None, due_on: date | None = None
) -> Transfer:
    """Note that the matter left, now and this way; once and never again (the proof of GER-4, PAN-10, B3-13).

    What the rules give to somebody of the house does not leave it: `receiver` takes it over until the end of `due_on`,
    an Arbeitstag. NotAllowed without them as long as the recipient is that of the rules and such people are there.
    """
    current = locked_transfer(transfer, by=by)
    check_may_in(by, Permission.TRIAGE, current.office_id)
    if not way.strip():
        raise NotAllowed("Bitte den Weg der Abgabe angeben.")
    if reason := why_not_hand_over(current):
        raise NotAllowed(reason)
    if receiver:
        check_receiver(current, receiver, due_on, by.today)
    elif goes_inside(current) and receivers(current, by.today).exists():
        raise NotAllowed("Bitte angeben, wer die Abgabe im Haus übernimmt.", "receiver")
    elif reason := why_nobody_receives(current, by.today):
        raise NotAllowed(reason)
    current.handed_over_at, current.handed_over_by_id, current.way = timezone.now(), by.user_id, way
    current.version += 1
    current.save(update_fields=["handed_over_at", "handed_over_by", "way", "version"])
    if receiver and due_on:
        record_inside(current, role_words(current, receiver, by.today), by=by)
        give(current, receiver, due_on, by=by)
        return current
    if goes_inside(current):
        record_inside(current, ", ".join(role.label for role in inside_roles(current)), by=by)
        return current
    record(
        "transfer.handed_over",
        by=by,
        permission=Permission.TRIAGE,
        office_id=current.office_id,
        case=current.case,
        transfer=current,
    )
    return current


@action
def count_on_the_spot(
    *,
    by: Actor,
    office: Office,
    unit_id: int | None,
    channel: Channel,
    on: date,
    count: int = 1,
    settled_by: Role = Role.EMPLOYEE,
    nothing_new: str = "",
) -> OnTheSpotCount:
    """Add to the anonymous tally of what was settled on the spot; nothing about anybody is kept (GER-10, GER-31).

    `on` lies at most 31 Kalendertage back. What reached a Führungskraft is counted only with a reason why it brought
    nothing new, which is kept (GERA-8). NotAllowed for written reactions, where K5 has them registered, and for a
    foreign unit.
    """
    check_may_in(by, Permission.COUNT_ON_THE_SPOT, office.pk)
    if problem := tally_problem(on, count, by.today):
        raise NotAllowed(problem)
    parameters = rule_set_in_force(office, on).parameters
    _check_tally(channel, unit_id, parameters, settled_by, nothing_new)
    if unit_id and not office.units.filter(pk=unit_id, is_active=True).exists():
        raise NotAllowed("Die Einheit gehört nicht zur Dienststelle.")
    tally, _ = OnTheSpotCount.objects.get_or_create(office=office, unit_id=unit_id, on=on, channel=channel)
    OnTheSpotCount.objects.filter(pk=tally.pk).update(count=F("count") + count)
    if reaches_leader(settled_by, parameters):
        OnTheSpotException.objects.create(tally=tally, reason=nothing_new.strip(), at=timezone.now(), by_id=by.user_id)
    counted(tally)
    record("tally.counted", by=by, office_id=office.pk, tally=tally.pk, count=count)
    tally.refresh_from_db()
    return tally


def _check_tally(
    channel: Channel, unit_id: int | None, parameters: Parameters, settled_by: Role, nothing_new: str
) -> None:
    if problem := may_be_tallied(channel, parameters):
        raise NotAllowed(problem)
    if problem := may_be_tallied(channel, parameters, settled_by, nothing_new):
        raise NotAllowed(problem, "nothing_new")
    if channel == Channel.PHONE and unit_id is None and parameters.oral_registration.always_when_received_by_krm:
        raise NotAllowed(
            "Anrufe beim KRM werden immer erfasst (K5). Bitte die Einheit wählen, die den Anruf angenommen hat."
        )


def _create_from(
    case: Case, by: Actor, reason: Reason, text: str, recipient: str, decision_on: date | None
) -> Transfer:
    """A transfer out of a case: with its dates, its rule set and copies of its persons."""
    data = TransferData(
        reason=reason,
        recipient=recipient,
        subject=case.subject,
        text=text,
        channel=Channel(case.channel),
        written_on=case.written_on,
        received_on=case.received_on,
        decision_on=decision_on,
    )
    transfer = _create(by, case.office, case.rule_set, data, case)
    for person in case.persons.all():
        person.pk, person.case, person.transfer = None, None, transfer
        person._state.adding = True
        person.save()
    return transfer


def _create(by: Actor, office: Office, rule_set: RuleSet, data: TransferData, case: Case | None = None) -> Transfer:
    data = _checked(data, rule_set.parameters, by.today, dienstherr(office))
    year = by.today.year
    number = next_number(office, year, "KK")  # locks the series, so that two of the same cannot overtake each other
    _check_not_twice(by, office, data, case)
    transfer = Transfer.objects.create(
        office=office,
        rule_set=rule_set,
        case=case,
        reference=f"{office.code}-KK-{year}-{number:05}",
        objection_until=_objection_until(office, data),
        registered_at=timezone.now(),
        registered_by_id=by.user_id,
        **{name: value for name, value in vars(data).items() if name not in ("person", "files", "employees")},
    )
    record(
        "transfer.registered",
        by=by,
        permission=Permission.TRIAGE,
        office_id=office.pk,
        transfer=transfer,
        reason=REASON_LABELS[data.reason],
        received_on=data.received_on.isoformat(),
    )
    return transfer


def _checked(data: TransferData, parameters: Parameters, today: date, employer: str) -> TransferData:
    """The data with the recipient of the rules where none was given; a Bescheid matters for a Widerspruch only."""
    problems = transfer_problems(
        written_on=data.written_on, received_on=data.received_on, decision_on=data.decision_on, today=today
    )
    if problems:
        raise NotAllowed(next(iter(problems.values())))
    recipient = data.recipient.strip() or propose(data.reason, parameters, employer).recipient
    if not recipient:
        raise NotAllowed(NO_RECIPIENT)
    decision_on = data.decision_on if data.reason == Reason.OBJECTION else None
    return replace(data, recipient=recipient, decision_on=decision_on)


def _objection_until(office: Office, data: TransferData) -> date | None:
    if data.decision_on is None:
        return None
    return objection_period(data.decision_on, office_calendar(office)).ends_on


def _check_not_twice(by: Actor, office: Office, data: TransferData, case: Case | None) -> None:
    """Refuses the second of two equal entries by the same hand within a minute: a button pressed twice."""
    same = Transfer.objects.filter(
        office=office,
        case=case,
        reason=data.reason,
        channel=data.channel,
        received_on=data.received_on,
        subject=data.subject,
        text=data.text,
        registered_by=by.user_id,
        registered_at__gte=timezone.now() - SAME_TWICE,
    )
    if data.person:
        same = same.filter(
            persons__search_name=search_name(data.person.last_name, data.person.first_name, data.person.organisation)
        )
    if earlier := same.first():
        raise NotAllowed(f"Das ist soeben schon erfasst worden: {earlier.reference}.")


def _record_on(code: str, case: Case, transfer: Transfer, by: Actor) -> None:
    """On the case's own story, with the number under which the matter goes on."""
    record(
        code,
        by=by,
        permission=Permission.TRIAGE,
        office_id=case.office_id,
        case=case,
        transfer_reference=transfer.reference,
    )
