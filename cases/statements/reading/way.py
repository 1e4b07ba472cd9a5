"""Reading statements: who writes and approves them, where one lies, what was approved."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet
from django.http import Http404

from cases.contributing import Contributors, is_shown
from cases.lookup import visible_case
from cases.models import Case, DirectivePoint, Signature, Statement, StatementStation
from cases.permissions import (
    why_kept_out,
    why_may_not,
    why_not_co_sign,
    why_not_decide,
    why_not_opened,
    works_on_nothing,
)
from cases.rules.assignments import AssignmentKind
from cases.rules.directives import PointKind
from cases.rules.statements import DRAFT_POSITION, STATEMENT_KIND_LABELS, Part, StatementKind, content_hash
from offices.errors import NotAllowed
from offices.models import Unit, User
from offices.queries import Actor, leads_above, memberships_on, unit_and_below
from offices.roles import LEADERS, WORKING_ROLES, Permission, Role

STILL_A_DRAFT = "Die Stellungnahme ist noch ein Entwurf."
SIGNATURE_OF = {Part.CO_SIGN: Signature.Kind.CO_SIGNATURE, Part.APPROVE: Signature.Kind.APPROVAL}
UNIT_LEADS = frozenset({Role.TEAM_LEAD, Role.DIVISION_LEAD})
APPROVING_ROLES = LEADERS | {Role.MANAGEMENT, Role.KRM_OFFICER}


def visible_statement(actor: Actor, pk: int, contributors: Contributors | None = None) -> Statement:
    """A statement of a case the actor sees, with its stations; Http404 otherwise.

    `contributors` as `visible_case` takes it; who contributes sees their own statements only (K18).
    """
    found = (
        Statement.objects.filter(pk=pk)
        .select_related("case", "unit", "deadline", "requested_by", "approved_by")
        .prefetch_related("stations__user", "signatures__by", "signatures__for_user", "versions__by", "files")
        .first()
    )
    if found is None:
        raise Http404
    found.case = visible_case(actor, found.case.reference, contributors=contributors)
    if not is_shown(actor, found.case, found):
        raise Http404
    return found


def station_of(statement: Statement) -> StatementStation:
    """The station the statement lies with, or lay with last."""
    return next(s for s in statement.stations.all() if s.position == statement.position)


def parts_of(statement: Statement) -> list[Part]:
    return [Part(station.part) for station in statement.stations.all()]


def hash_of(statement: Statement) -> str:
    """The checksum of what stands now, to which signatures are bound."""
    return content_hash(statement.text, [file.sha256 for file in statement.files.all()])


def signature_at(station: StatementStation, signatures: Iterable[Signature], text_hash: str) -> Signature | None:
    """The valid signature of a station, by its person or in their place, for exactly this text."""
    for signature in signatures:
        person = signature.for_user_id or signature.by_id
        matches = person == station.user_id and signature.text_hash == text_hash and signature.voided_at is None
        if matches and signature.kind == SIGNATURE_OF.get(Part(station.part)):
            return signature
    return None


def signed_positions(statement: Statement) -> frozenset[int]:
    """The positions that have signed exactly what stands now."""
    text_hash, signatures = hash_of(statement), list(statement.signatures.all())
    return frozenset(s.position for s in statement.stations.all() if signature_at(s, signatures, text_hash))


def why_no_station(case: Case, user: User, today: date) -> str | None:
    """The sentence why somebody cannot write, co-sign or approve in this case; None where they can (B4-8, PAN-7)."""
    if reason := why_kept_out(case, user, today):
        return reason
    roles = memberships_on(today).filter(user=user, office=case.office_id).values_list("role", flat=True)
    if WORKING_ROLES.isdisjoint(roles):
        return works_on_nothing(user)
    return why_not_opened(case, user)


def signs_it(user: User) -> str:
    return f"{user} zeichnet die Stellungnahme und kann sie deshalb nicht schreiben."


def why_no_approver(case: Case, user: User, today: date) -> str | None:
    """The sentence why somebody cannot approve in this case; None where they can (B4-8)."""
    return why_no_station(case, user, today) or why_not_decide(case, user, today) or why_not_co_sign(case, user, today)


def drafter_for(case: Case, unit: Unit, today: date) -> User:
    """Who leads the unit, else the next one above who is not complained about (GER-16, PAN-22, B4-8).

    NotAllowed where nobody is left; in a complaint against the Geschäftsführung that is nobody of the leaders.
    """
    for lead in _leads_from(unit, today):
        if not why_no_station(case, lead, today):
            return lead
    raise NotAllowed(f"Für „{unit}“ ist keine Leitung da, die in diesem Vorgang Stellung nehmen kann.", "unit")


def usual_approver(case: Case, unit: Unit, drafter: User, today: date) -> User:
    """Who leads above the unit, else the Geschäftsführung, else somebody of the KRM; never the drafter."""
    seats = memberships_on(today).filter(office=case.office_id).select_related("user").order_by("from_on", "pk")
    above = _leads_from(unit.parent, today)
    management = (seat.user for seat in seats.filter(role=Role.MANAGEMENT))
    desk = (seat.user for seat in seats.filter(role=Role.KRM_OFFICER))
    for candidate in (*above, *management, *desk):
        if candidate != drafter and not why_no_approver(case, candidate, today):
            return candidate
    raise NotAllowed("In der Dienststelle ist niemand, der diese Stellungnahme freigeben kann.", "approver")


def _leads_from(unit: Unit | None, today: date) -> Iterable[User]:
    for _, leads in leads_above(unit, today):
        yield from leads


def still_working(case: Case, today: date) -> bool:
    """Whether the Fachbereich has the case for more than the contributions that are in (PAN-13, PAN-21, K4).

    That is an open statement or order of a Verfügung in this round, somebody on a rung of the ladder, or the unit
    itself: where nothing was asked of it and its lead answers for the case, the case was given to it as a whole. It
    was not where it took over from a unit that was dissolved.
    """
    open_ones = case.statements.filter(round=case.round, approved_at__isnull=True, withdrawn_on__isnull=True)
    kinds = (AssignmentKind.HANDLE, AssignmentKind.TAKE_RUNG)
    asked = case.assignments.open().filter(round=case.round, kind__in=kinds)
    if open_ones.exists() or asked.exists():
        return True
    asked = _units_asked(case)
    if case.unit is None or case.unit_id in asked or Unit.objects.filter(pk__in=asked, is_active=False).exists():
        return False
    return case.responsible in _leads_from(case.unit, today)


def _units_asked(case: Case) -> set[int | None]:
    """Ids of the units that had something to contribute, or to put together, in this round."""
    issued = case.directives.filter(round=case.round, issued_at__isnull=False)
    to_handle = DirectivePoint.objects.filter(directive__in=issued, kind=PointKind.HANDLE)
    found = set(case.statements.filter(round=case.round).values_list("unit", flat=True))
    return found.union(issued.values_list("lead_unit", flat=True), to_handle.values_list("unit", flat=True))


@dataclass(frozen=True)
class ApprovedText:
    """An approved statement as it goes into a letter unedited; `title` says whose words they are."""

    title: str
    text: str
    statement: Statement


def approved_texts(case: Case) -> list[ApprovedText]:
    """The approved statements of this round, word for word (GERA-27)."""
    rows = case.statements.filter(round=case.round, approved_at__isnull=False).select_related("unit")
    return [ApprovedText(title_of(row, case), row.text, row) for row in rows]


def title_of(statement: Statement, case: Case) -> str:
    """Kind and unit; for the employee's own statement whose words it gives."""
    label = STATEMENT_KIND_LABELS[StatementKind(statement.kind)]
    if statement.kind == StatementKind.EMPLOYEE and (people := whose_words(case)):
        label = f"Stellungnahme von {people}"
    return f"{label[:1].upper()}{label[1:]}, {statement.unit}"


def whose_words(case: Case) -> str:
    """The people complained about, for the contribution that gives their words (GERA-27)."""
    return ", ".join(str(person) for person in case.complained_about.all())


def why_over(statement: Statement) -> str | None:
    """The sentence why nothing changes at it any more: its case or its round is over."""
    if not statement.case.is_open:
        return "Der Vorgang ist beendet."
    if statement.round != statement.case.round:
        return "Die Stellungnahme gehört zu einem früheren Durchgang und wird nicht mehr geändert."
    return None


def why_ended(statement: Statement) -> str | None:
    """The sentence why nobody has it before them any more; None while it is open."""
    if statement.withdrawn_on:
        return "Die Stellungnahme wurde zurückgezogen."
    return "Die Stellungnahme ist schon freigegeben." if statement.approved_at else None


def why_not_here(actor: Actor, statement: Statement) -> str | None:
    """The sentence why this person has nothing to do with it now: it lies with others, or is over.

    None for the person of the station and for who stands in for them today.
    """
    if reason := why_over(statement):
        return reason
    if reason := why_ended(statement):
        return reason
    station = station_of(statement)
    if station.user_id in actor.holder_ids:
        return why_kept_out(statement.case, actor.user, actor.today)
    return f"Die Stellungnahme liegt bei {station.user} ({station.get_part_display()})."


def why_not_write(actor: Actor, statement: Statement) -> str | None:
    """The sentence why this person does not write at it now; None where they do."""
    if reason := why_not_here(actor, statement):
        return reason
    if statement.position != DRAFT_POSITION:
        return "Die Stellungnahme ist schon weitergegeben; geändert wird sie erst nach einer Rückgabe."
    if any(s.user_id == actor.user_id for s in statement.stations.all() if s.position != DRAFT_POSITION):
        return (
            "Sie zeichnen diese Stellungnahme selbst und können sie deshalb nicht in Vertretung schreiben. "
            "Bitte übertragen Sie das Schreiben an jemanden der Einheit."
        )
    return None


def why_not_sign(actor: Actor, statement: Statement) -> str | None:
    """The sentence why this person neither co-signs nor approves it now.

    Four eyes: never who wrote it, and never in whose place it was written, whoever did so. What the person of the
    station may not sign nobody signs in their place (B4-8).
    """
    if reason := why_not_here(actor, statement):
        return reason
    if statement.position == DRAFT_POSITION:
        return STILL_A_DRAFT
    station = station_of(statement)
    for user in {actor.user, station.user}:
        if reason := why_not_co_sign(statement.case, user, actor.today):
            return reason
        if station.part == Part.APPROVE and (reason := why_not_decide(statement.case, user, actor.today)):
            return reason
    if any(author.pk == actor.user_id for author in statement.authors.all()):
        return (
            "Sie haben an diesem Text geschrieben; zeichnen kann ihn nur jemand anders, auch nicht Sie in Vertretung."
        )
    if any(s.user_id == actor.user_id for s in statement.stations.all() if s.position == DRAFT_POSITION):
        return (
            "Dieser Text wurde für Sie geschrieben; zeichnen kann ihn nur jemand anders, auch nicht Sie in Vertretung."
        )
    return None


def why_not_return(actor: Actor, statement: Statement) -> str | None:
    """The sentence why this person does not return it now; an approved one is returned by the desk (PAN-13)."""
    if statement.approved_at:
        return why_over(statement) or why_may_not(actor, Permission.DIRECT, statement.case)
    if reason := why_not_here(actor, statement):
        return reason
    if statement.position == DRAFT_POSITION:
        return STILL_A_DRAFT
    return None


def why_no_delegate(actor: Actor, statement: Statement) -> str | None:
    """The sentence why this person does not choose who writes: it does who is to write, or who leads the unit."""
    if not statement.is_open or statement.position != DRAFT_POSITION:
        return "Wer schreibt, lässt sich nur ändern, solange die Stellungnahme im Entwurf ist."
    leads = (s for s in actor.seats if s.role in UNIT_LEADS and s.office_id == statement.case.office_id)
    if any(statement.unit_id in seat.unit_ids for seat in leads):
        return why_kept_out(statement.case, actor.user, actor.today)
    return why_not_here(actor, statement)


def may_write_instead(statement: Statement, actor: Actor) -> QuerySet[User]:
    """Who works in the unit or below it today, besides those who co-sign, approve or are complained about."""
    seats = memberships_on(actor.today).filter(unit__in=unit_and_below(statement.unit), role__in=WORKING_ROLES)
    about = statement.case.complained_about.exclude(user=None).values("user")
    people = User.objects.filter(pk__in=seats.values("user")).exclude(pk__in=about)
    return people.exclude(pk__in=statement.stations.values("user")).order_by("last_name", "first_name")
