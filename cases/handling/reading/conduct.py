"""Reading a Dienstaufsichtsbeschwerde: how far it is on the office's way, whose Führungskraft deals with it (K7)."""

from collections.abc import Iterable
from datetime import date

from cases.apart import dienstherr, kept_out
from cases.models import Assignment, Case, Letter, Signature
from cases.permissions import why_may_not, why_not_ask
from cases.rules.assignments import AssignmentKind
from cases.rules.conduct import ConductFacts, Station, Stop, still_required, way
from cases.rules.kinds import Kind
from cases.rules.lifecycle import Status
from cases.rules.statements import StatementKind
from cases.rules.triage import Reason, propose
from offices.models import Unit, User
from offices.queries import Actor, leads_above, memberships_on
from offices.roles import Permission

CONTRIBUTIONS = {Stop.EMPLOYEE: StatementKind.EMPLOYEE, Stop.ASSESSMENT: StatementKind.ASSESSMENT}
NOTED_BY = (AssignmentKind.TAKE_NOTE, AssignmentKind.SEE_FIRST, AssignmentKind.APPROVE_RESULT)
TO_BE_JUDGED = (Kind.COMPLAINT, Kind.CONDUCT_COMPLAINT)
BY_JUDGEMENT = (
    "Ob es eine Dienstaufsichtsbeschwerde ist, wird nach dem Inhalt beurteilt (K7); "
    "bitte am Vorgang „Beurteilen: Verhalten oder Sache“ wählen."
)


def conduct_way(case: Case) -> tuple[Station, ...]:
    """The stations of the office's way with those that this case has reached; empty for what is no such complaint."""
    if case.kind != Kind.CONDUCT_COMPLAINT and not (case.against_management and case.kind == Kind.COMPLAINT):
        return ()
    return way(case.rule_set.parameters.conduct_complaint, _facts(case))


def _facts(case: Case) -> ConductFacts:
    employer = propose(Reason.AGAINST_MANAGEMENT, case.rule_set.parameters, dienstherr(case.office)).recipient
    return ConductFacts(done=_done(case), against_management=case.against_management, employer=employer)


def _done(case: Case) -> frozenset[Stop]:
    statements = [statement for statement in case.statements.all() if statement.round == case.round]
    approved = {statement.kind for statement in statements if statement.approved_at}
    letters = [letter for letter in case.letters.all() if letter.round == case.round]
    handed_over = any(transfer.reason in REASONS and transfer.handed_over_at for transfer in case.transfers.all())
    reached = {
        Stop.JUDGED: case.judged_on is not None or handed_over,  # as what it was handed over
        Stop.NOTED: _is_noted(case),
        Stop.HANDLED: case.status == Status.WITH_UNIT or case.unit_dealt_on is not None or bool(approved),
        Stop.HANDED_TO: handed_over,
        Stop.SIGNED: _is_signed(case, letters),
        Stop.CLOSED: case.status == Status.CLOSED,
    } | {stop: kind in approved for stop, kind in CONTRIBUTIONS.items()}
    return frozenset(stop for stop, is_reached in reached.items() if is_reached)


REASONS = (Reason.CONDUCT_COMPLAINT, Reason.AGAINST_MANAGEMENT)


def _is_signed(case: Case, letters: Iterable[Letter]) -> bool:
    """By the role that K7 names: under the answer of this round, or by the tick under the result of a talk (PAN-7)."""
    role = case.rule_set.parameters.conduct_complaint.signed_by
    answers = [letter.pk for letter in letters if letter.kind == Letter.Kind.FINAL and letter.issued_at]
    signed = Signature.objects.valid().filter(letter__in=answers, kind=Signature.Kind.FINAL, role=role or "")
    asked = approval_asked(case)
    return bool(asked and asked.done_on) or (bool(answers) and signed.exists())


def needs_approval(case: Case) -> bool:
    """Whether somebody of the house has to sign the result, in a letter or without one (K7, PAN-7, GERA-27)."""
    k7 = case.rule_set.parameters.conduct_complaint
    is_one = case.kind == Kind.CONDUCT_COMPLAINT and not case.against_management
    return is_one and k7.registered and k7.signed_by is not None


def approval_asked(case: Case) -> Assignment | None:
    """What asks for the tick under the result in this round, open or done."""
    asked = (a for a in case.assignments.all() if a.kind == AssignmentKind.APPROVE_RESULT and not a.cancelled_on)
    return next((a for a in asked if a.round == case.round), None)


def conduct_signer(case: Case, today: date) -> User | None:
    """Who is asked for that tick: of the role that K7 names, longest in office, as far as they may be asked."""
    role = case.rule_set.parameters.conduct_complaint.signed_by
    seats = memberships_on(today).filter(office=case.office_id, role=role).select_related("user")
    people = (seat.user for seat in seats.order_by("from_on", "pk"))
    return next((user for user in people if not why_not_ask(case, user, today)), None)


def missing_signature(case: Case) -> tuple[str, ...]:
    """The station of the office's way at which the result is signed, in words, while it is not reached."""
    if not needs_approval(case):
        return ()
    left = still_required(case.rule_set.parameters.conduct_complaint, _facts(case))
    return tuple(station.text for station in left if station.stop == Stop.SIGNED)


def _is_noted(case: Case) -> bool:
    """The Geschäftsführung issued a Verfügung on it, or ticked it off."""
    if any(directive.round == case.round and directive.issued_at for directive in case.directives.all()):
        return True
    asked = case.assignments.all()
    told = {entry.user_id for entry in asked if entry.kind in NOTED_BY and entry.done_on}
    first = case.rule_set.parameters.conduct_complaint.first_to
    return bool(first and told) and case.office.memberships.filter(role=first, user__in=told).exists()


def why_not_retype(actor: Actor, case: Case) -> str | None:
    """The sentence why this person does not enter another kind; None where they do (GER-7, GERA-27, K23).

    It takes who decides about KRM and Kein KRM, and never undoes that something is a Dienstaufsichtsbeschwerde.
    """
    if reason := why_may_not(actor, Permission.TRIAGE, case):
        return reason
    return BY_JUDGEMENT if case.kind == Kind.CONDUCT_COMPLAINT else None


def unit_of_the_superior(case: Case, today: date) -> Unit | None:
    """The nearest unit of the people complained about whose lead is not kept out: there it belongs (PAN-7).

    None where nobody of the house is named, where no such unit is found, and against the Geschäftsführung.
    """
    if case.against_management:
        return None
    out = kept_out(case, today)
    seats = memberships_on(today).filter(office=case.office_id, user__in=out, unit__isnull=False)
    for seat in seats.select_related("unit__parent").order_by("from_on", "pk"):
        for unit, leads in leads_above(seat.unit, today):
            if any(lead.pk not in out for lead in leads):
                return unit
    return None
