"""Reading signatures: who signs and co-signs a letter, from which seat, and which signatures still hold."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from hashlib import sha256

from cases.apart import beneath_named, is_against_management, kept_out_of_transfer
from cases.directives.reading.directive import lead_for
from cases.models import Assignment, Case, Directive, DirectivePoint, Letter, Signature, Transfer
from cases.permissions import seats_for, why_kept_out, why_may_not, why_not_co_sign
from cases.rules import signing
from cases.rules.assignments import AssignmentKind
from cases.rules.directives import PointKind
from cases.rules.kinds import Kind
from cases.rules.signing import LetterKind, Matter
from offices.errors import NotAllowed
from offices.models import User
from offices.queries import Actor, Seat, leads_of, memberships_on, unit_and_below, upwards
from offices.roles import LEADERS, Permission, Role
from offices.rules.parameters import Parameters

WRITTEN = ("recipient", "subject", "salutation", "body", "contact_name", "contact_phone")
SPECIALISTS = (Role.EMPLOYEE, Role.TEAM_LEAD, Role.DIVISION_LEAD)
NO_SPECIALIST = "Bitte die Fachkraft wählen, mit der die Antwort abgestimmt wird (GER-21)."


def matter_of(letter: Letter) -> Case | Transfer:
    return letter.case or letter.transfer


def origin_of(letter: Letter) -> Case | None:
    """The case it is about; of an Abgabe the one it was split off from."""
    return letter.case or letter.transfer.case


def parameters_of(letter: Letter) -> Parameters:
    return matter_of(letter).rule_set.parameters


def content_hash(letter: Letter) -> str:
    """SHA-256 over what was written for this letter; a co-signature holds for exactly this."""
    return _hash(getattr(letter, name) for name in WRITTEN)


def text_hash(letter: Letter) -> str:
    """SHA-256 over everything that is printed and was written for this letter, the signature and the date with it."""
    return _hash([*(getattr(letter, name) for name in WRITTEN), letter.signature, letter.dated_on.isoformat()])


def _hash(parts: Iterable[str]) -> str:
    return sha256("\x1f".join(parts).encode()).hexdigest()


# Who signs


def signer_roles(letter: Letter) -> tuple[Role, ...]:
    """The roles that may sign this letter; NotAllowed while the Verfügung has not named one (K21)."""
    directive = directive_of(letter)
    level = Role(directive.signature_level) if directive and directive.signature_level else None
    return signing.who_signs(parameters_of(letter), replace(_facts(letter), level=level))


def _facts(letter: Letter) -> Matter:
    """What the rules ask about the letter, without what a Verfügung says."""
    case = origin_of(letter)
    by_reason = letter.transfer is not None and is_against_management(letter.transfer)
    return Matter(
        letter=LetterKind(letter.kind),
        case_kind=Kind(letter.case.kind) if letter.case else None,
        against_management=by_reason or (case is not None and case.against_management),
    )


def in_words(roles: Iterable[Role]) -> str:
    return " oder ".join(role.label for role in roles)


def seat_to_sign(actor: Actor, letter: Letter) -> Seat | None:
    """The seat from which the actor may sign, own ones first; leaders sign for their own unit only.

    Nobody signs from the seat of somebody the reaction is about (B4-8). NotAllowed as `signer_roles`.
    """
    roles, case = signer_roles(letter), letter.case
    if case is None:
        out = kept_out_of_transfer(letter.transfer, actor.today)
        seats = [s for s in actor.seats_with(Permission.SIGN, letter.transfer.office_id) if s.holder_id not in out]
    else:
        concerned = {e.user_id for e in case.complained_about.all()}
        seats = [s for s in seats_for(actor, Permission.SIGN, case) if s.holder_id not in concerned]
        seats = [s for s in seats if s.role not in LEADERS or s.covers(case.office_id, {case.unit_id}, to_work=True)]
    fitting = [seat for seat in seats if seat.role in roles]
    return min(fitting, key=lambda s: (s.holder_id != actor.user_id, roles.index(s.role)), default=None)


def why_may_not_sign(actor: Actor, letter: Letter) -> str | None:
    """The sentence why the actor does not sign this letter; None where they may."""
    try:
        seat = seat_to_sign(actor, letter)
    except NotAllowed as refusal:
        return refusal.reason
    return None if seat else f"Dieses Schreiben zeichnet: {in_words(signer_roles(letter))}."


def signer_of(letter: Letter, today: date) -> User:
    """Who is asked to sign: the lead of the case's unit, the Geschäftsführung, or who at the KRM works on it.

    Whoever is kept out of the case is passed over; NotAllowed where nobody is left.
    """
    roles, case = signer_roles(letter), origin_of(letter)
    out = kept_out_of_transfer(letter.transfer, today) if letter.transfer else frozenset()
    for role in roles:
        for user in _holders(role, letter, today):
            if user.pk not in out and (case is None or _is_free(case, user, today)):
                return user
    raise NotAllowed(f"Für die Schlusszeichnung ({in_words(roles)}) ist niemand da, der hier zeichnen darf.")


def _holders(role: Role, letter: Letter, today: date) -> list[User]:
    matter = matter_of(letter)
    seats = memberships_on(today).filter(office=matter.office_id, role=role).select_related("user")
    seats = list(seats.order_by("from_on", "pk"))
    if role in LEADERS:
        above = upwards(letter.case.unit) if letter.case else []
        return [seat.user for unit in above for seat in seats if seat.unit_id == unit.pk]
    handler_id = getattr(matter, "handler_id", None)
    return sorted((seat.user for seat in seats), key=lambda user: user.pk != handler_id)


def _is_free(case: Case, user: User, today: date) -> bool:
    if why_kept_out(case, user, today):
        return False
    return not case.is_sealed or case.caseusergrant_set.filter(user=user).exists()


# What stands above the name


def lines_of(actor: Actor, seat: Seat, letter: Letter) -> str:
    """The signature lines as the actor signs from this seat; the mark as the office writes it (B5)."""
    deputises = seat.holder_id != actor.user_id
    practice = parameters_of(letter).practice
    return signing.signature_lines(practice, seat.role, str(actor.user), actor.user.function, deputises=deputises)


# Who co-signs


def directive_of(letter: Letter) -> Directive | None:
    """The Verfügung that holds in the letter's round; None for an Abgabe and where none was issued."""
    if letter.case is None:
        return None
    issued = letter.case.directives.filter(round=letter.round, issued_at__isnull=False)
    return issued.order_by("-number").first()


def author_ids(letter: Letter) -> frozenset[int]:
    """Ids of those who wrote at the letter; none of them co-signs it (GER-21)."""
    return frozenset({letter.drafted_by_id, *letter.authors.values_list("pk", flat=True)})


def co_signers_by_directive(letter: Letter, today: date) -> list[User]:
    """The people, and leads of units, whom the Verfügung names for the Mitzeichnung of the answer.

    For a unit the next lead above who may be asked and did not write at it (B4-8, GER-21). Against the
    Geschäftsführung a Verfügung from before that was known asks nobody who leads (PAN-7).
    """
    points, case = _points_to_co_sign(letter, today), letter.case
    authors = author_ids(letter) | beneath_named(case, today) if points else frozenset()
    found = [point.person or lead_for(case, point.unit, today, besides=authors) for point in points]
    return [user for user in found if user and not why_not_co_sign(case, user, today)]


def _points_to_co_sign(letter: Letter, today: date) -> list[DirectivePoint]:
    directive = directive_of(letter) if letter.kind == Letter.Kind.FINAL else None
    if directive is None:
        return []
    points = directive.points.filter(kind=PointKind.CO_SIGN).select_related("person", "unit")
    if letter.case.against_management:
        return [point for point in points if point.person and not why_kept_out(letter.case, point.person, today)]
    return [point for point in points if point.person or point.unit]


def is_agreed_with_specialist(letter: Letter) -> bool:
    return signing.is_agreed_with_specialist(parameters_of(letter), _facts(letter))


def needs_co_signature(letter: Letter, today: date) -> bool:
    return is_agreed_with_specialist(letter) or bool(_points_to_co_sign(letter, today))


def specialists(letter: Letter, today: date) -> list[User]:
    """The Fachkräfte the answer can be agreed with: of the case's unit, its lead first; without a unit of the house.

    Never who wrote at it, nobody kept out of the case, nobody about their superior; where the unit has nobody left
    then, the lead of the next unit above (B4-8).
    """
    case = letter.case
    barred = author_ids(letter) | beneath_named(case, today)
    seats = memberships_on(today).filter(office=case.office_id, role__in=SPECIALISTS).select_related("user")
    if case.unit:
        seats = seats.filter(unit__in=unit_and_below(case.unit))
    leads = leads_of(case.unit, today) if case.unit else []
    people = sorted({seat.user for seat in seats}, key=lambda u: (u not in leads, u.last_name, u.first_name))
    found = [user for user in people if user.pk not in barred and _is_free(case, user, today)]
    if not found and case.unit and (above := lead_for(case, case.unit, today, besides=barred)):
        found = [above]
    return found


def co_signers(letter: Letter, specialist: User | None, today: date) -> list[User]:
    """Who has to co-sign before the signature.

    NotAllowed where a Fachkraft is needed and none fits (GER-21), and where a unit of the Verfügung has nobody left.
    """
    found = co_signers_by_directive(letter, today)
    if len(found) < len(_points_to_co_sign(letter, today)):
        raise NotAllowed("Für eine Mitzeichnung der Verfügung ist in der Einheit niemand mehr da; bitte neu verfügen.")
    if is_agreed_with_specialist(letter):
        people = specialists(letter, today)
        if specialist is None and letter.case.unit and people:
            specialist = people[0]
        if specialist is None:
            raise NotAllowed(NO_SPECIALIST, "specialist")
        if specialist not in people:
            raise NotAllowed(f"Mit {specialist} kann diese Antwort nicht abgestimmt werden.", "specialist")
        found.append(specialist)
    return list(dict.fromkeys(found))


def open_requests(letter: Letter, *kinds: AssignmentKind) -> list[Assignment]:
    """What is asked of single persons on this letter and not yet done."""
    return list(letter.assignments.open().filter(kind__in=kinds).select_related("user"))


def missing_co_signers(letter: Letter, today: date) -> list[User]:
    """Who still has to co-sign the text as it stands; a signature under another text does not count."""
    current = content_hash(letter)
    valid = letter.signatures.valid().filter(kind=Signature.Kind.CO_SIGNATURE, text_hash=current)
    signed = {s.for_user_id or s.by_id for s in valid}
    asked = [a.user for a in open_requests(letter, AssignmentKind.AGREE_LETTER)]
    owed = [user for user in co_signers_by_directive(letter, today) if user.pk not in signed]
    if is_agreed_with_specialist(letter) and not signed and not asked:
        raise NotAllowed(NO_SPECIALIST, "specialist")
    return list(dict.fromkeys([*asked, *owed]))


# Who takes it back


def why_not_withdraw(actor: Actor, letter: Letter) -> str | None:
    """The sentence why this person does not take back what is signed or waits for it; None where they do (PAN-23)."""
    signed_for = letter.signatures.valid().filter(kind=Signature.Kind.FINAL).values_list("for_user", flat=True)
    if not actor.holder_ids.isdisjoint({letter.submitted_by_id, letter.issued_by_id, *signed_for}):
        return None
    if letter.case:
        is_desk = why_may_not(actor, Permission.TRIAGE, letter.case) is None
    else:
        is_desk = actor.may(Permission.TRIAGE, letter.transfer.office_id)
    return None if is_desk else "Zurück nimmt ein Schreiben, wer es gezeichnet oder dazu gegeben hat, oder das KRM."


# What comes before


def to_consult(letter: Letter) -> tuple[Role, ...]:
    """Whom the KRM has to talk to before this letter goes out (GERA-5, PAN-17)."""
    has_statement = letter.case is not None and _has_statement(letter.case, letter.round)
    return signing.to_consult(parameters_of(letter), _facts(letter), has_statement=has_statement)


def to_consult_before_talk(actor: Actor, case: Case) -> tuple[Role, ...]:
    """Whom the actor has to talk to before telling a person the result: the KRM only, as before a letter (GERA-5)."""
    if why_may_not(actor, Permission.TRIAGE, case):
        return ()
    facts = Matter(LetterKind.FINAL, Kind(case.kind), against_management=case.against_management)
    return signing.to_consult(case.rule_set.parameters, facts, has_statement=_has_statement(case, case.round))


def _has_statement(case: Case, round_number: int) -> bool:
    approved = case.statements.filter(round=round_number, approved_at__isnull=False, withdrawn_on__isnull=True)
    return approved.exists()
