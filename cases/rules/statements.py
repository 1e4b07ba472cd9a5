"""Stations of a statement (Stellungnahme), and what its approvals are bound to (GER-16, GERA-27, PAN-13, PAN-22)."""

from collections.abc import Collection, Iterable, Sequence
from enum import StrEnum
from hashlib import sha256

from cases.rules.kinds import Kind
from offices.errors import NotAllowed


class StatementKind(StrEnum):
    STATEMENT = "statement"
    EMPLOYEE = "employee"
    ASSESSMENT = "assessment"


class Part(StrEnum):
    """What a station of a statement does, in the order in which it passes them."""

    DRAFT = "draft"
    CO_SIGN = "co_sign"
    APPROVE = "approve"


STATEMENT_KIND_LABELS = {
    StatementKind.STATEMENT: "Stellungnahme",
    StatementKind.EMPLOYEE: "Stellungnahme der betroffenen Person",
    StatementKind.ASSESSMENT: "fachliche Abschlusswertung",
}
PART_LABELS = {Part.DRAFT: "Entwurf", Part.CO_SIGN: "Mitzeichnung", Part.APPROVE: "Freigabe"}
DRAFT_POSITION = 1


def content_hash(text: str, files: Iterable[str]) -> str:
    """SHA-256 over the text and the checksums of its files in any order; a changed comma gives another one (B5)."""
    checksums = [sha256(text.encode()).hexdigest(), *sorted(files)]
    return sha256("\x1f".join(checksums).encode()).hexdigest()


def kinds_for(kind: Kind) -> tuple[StatementKind, ...]:
    """What a unit writes: for a Dienstaufsichtsbeschwerde both contributions, else one statement (GERA-27)."""
    if kind == Kind.CONDUCT_COMPLAINT:
        return StatementKind.EMPLOYEE, StatementKind.ASSESSMENT
    return (StatementKind.STATEMENT,)


def way(drafter: int, co_signers: Iterable[int], approver: int) -> tuple[tuple[Part, int], ...]:
    """What each station does and the id of its person, from position 1 on; nobody stands in it twice.

    NotAllowed where one person would approve what they write.
    """
    if approver == drafter:
        raise NotAllowed("Wer die Stellungnahme schreibt, kann sie nicht selbst freigeben.", "approver")
    between = [user for user in dict.fromkeys(co_signers) if user not in (drafter, approver)]
    return (Part.DRAFT, drafter), *((Part.CO_SIGN, user) for user in between), (Part.APPROVE, approver)


def next_position(parts: Sequence[Part], signed: Collection[int]) -> int:
    """Where a text goes that leaves a station: to the first co-signature that is missing, else to the approval.

    `parts` belong to the positions from 1 on, `signed` are the positions whose valid signature is for exactly this
    text. Who has signed it is not asked again; the approval is never skipped.
    """
    for position, part in enumerate(parts, DRAFT_POSITION):
        if part == Part.CO_SIGN and position not in signed:
            return position
    return len(parts)


def earlier_positions(position: int, *, stations: int, is_approved: bool) -> range:
    """The positions to which a statement may be returned: all before the own; from the KRM, when approved, all."""
    return range(DRAFT_POSITION, stations + 1 if is_approved else position)


def asked_again(parts: Sequence[Part], to_position: int) -> frozenset[int]:
    """The positions whose signature ends with a return although the text stays: where it goes, and the approval."""
    return frozenset({to_position, len(parts)})
