"""Who signs a letter, who co-signs it, what comes before, and what stands above the name (K1, K3, K7, K11, K21; B5)."""

from dataclasses import dataclass
from enum import StrEnum

from cases.rules.kinds import Kind
from offices.errors import NotAllowed
from offices.roles import Role
from offices.rules.parameters import Parameters
from offices.rules.values import Practice

NO_LEVEL = "Die Verfügung muss nennen, wer zeichnet (K21)."
DESK = "Kundenreaktionsmanagement"


class LetterKind(StrEnum):
    ACKNOWLEDGEMENT = "acknowledgement"
    INTERIM = "interim"
    FINAL = "final"
    TRANSFER = "transfer"
    DATA_PROTECTION = "data_protection"


@dataclass(frozen=True)
class Matter:
    """What the signature depends on. `case_kind` is None for an Abgabe, `level` what the Verfügung in force names."""

    letter: LetterKind
    case_kind: Kind | None = None
    against_management: bool = False
    level: Role | None = None


def who_signs(parameters: Parameters, matter: Matter) -> tuple[Role, ...]:
    """The roles that may sign, first whom the house asks first; NotAllowed where the Verfügung has to name one.

    Complaints against the Geschäftsführung are signed by nobody who leads in the house (PAN-7). The level that the
    Verfügung names wins among those allowed (PAN-23).
    """
    if matter.against_management:
        return (Role.KRM_OFFICER,)
    usual = parameters.signature.acknowledgement
    match matter.letter:
        case LetterKind.INTERIM:
            return (parameters.interim.author,) if parameters.interim.author else usual
        case LetterKind.DATA_PROTECTION:
            return (parameters.data_protection.signed_by or Role.MANAGEMENT,)
        case LetterKind.FINAL:
            return _who_signs_the_answer(parameters, matter)
    return usual


def _who_signs_the_answer(parameters: Parameters, matter: Matter) -> tuple[Role, ...]:
    signature = parameters.signature
    own = {
        Kind.CONDUCT_COMPLAINT: parameters.conduct_complaint.signed_by,
        Kind.PETITION: signature.petition,
        Kind.SUBMISSION: signature.petition,
    }.get(matter.case_kind)
    if own:
        return (own,)
    if matter.level in signature.final_letter:
        return (matter.level,)
    if signature.final_by_directive:
        raise NotAllowed(NO_LEVEL)
    return signature.final_letter


def rule_of(letter: LetterKind, case_kind: Kind | None) -> str:
    """The parameter of the rule set that says who signs this letter."""
    if letter == LetterKind.FINAL and case_kind == Kind.CONDUCT_COMPLAINT:
        return "conduct_complaint"
    return {LetterKind.INTERIM: "interim", LetterKind.DATA_PROTECTION: "data_protection"}.get(letter, "signature")


def is_agreed_with_specialist(parameters: Parameters, matter: Matter) -> bool:
    """Whether somebody of the unit co-signs the answer before the signature (GER-21).

    Never against the Geschäftsführung: no unit learns of it (PAN-7).
    """
    if matter.against_management:
        return False
    return matter.letter == LetterKind.FINAL and parameters.signature.agreed_with_specialist


def to_consult(parameters: Parameters, matter: Matter, *, has_statement: bool) -> tuple[Role, ...]:
    """Whom the KRM talks to before the signature; an approved statement stands for it (GERA-5, PAN-17).

    Nobody where the reaction is against the Geschäftsführung: who leads in the house is out of it (PAN-7).
    """
    letter = matter.letter
    if matter.against_management:
        return ()
    if letter == LetterKind.INTERIM:
        return parameters.interim.consults
    if letter == LetterKind.FINAL and not has_statement:
        return parameters.signature.consults
    return ()


def consultation(roles: tuple[Role, ...]) -> str:
    """„Rücksprache mit Teamleitung und Bereichsleitung ist gehalten“."""
    return f"Rücksprache mit {' und '.join(role.label for role in roles)} ist gehalten"


def mark_of(practice: Practice, role: Role, *, deputises: bool) -> str:
    """What stands before the name: the Geschäftsführung signs without, who stands in „i. V.“, others „i. A.“ (B5)."""
    if deputises:
        return practice.deputy_mark
    return "" if role == Role.MANAGEMENT else practice.by_order_mark


def signature_lines(practice: Practice, role: Role, name: str, function: str, *, deputises: bool) -> str:
    """The lines above which somebody signs; without an own `function` the seat tells it."""
    marked = f"{mark_of(practice, role, deputises=deputises)} {name}".strip()
    return f"{marked}\n{function or (DESK if role == Role.KRM_OFFICER else role.label)}"
