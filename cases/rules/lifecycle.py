"""States of a case, whose turn each one is, and which step leads where; what is not in the table is not possible.

`docs/zustaende.md` is generated from these tables.
"""

from dataclasses import dataclass
from enum import StrEnum

from offices.errors import NotAllowed


class Status(StrEnum):
    NEW = "new"
    WITH_KRM = "with_krm"
    WITH_MANAGEMENT = "with_management"
    WITH_UNIT = "with_unit"
    IN_SIGNATURE = "in_signature"
    ANSWERED = "answered"
    CLOSED = "closed"
    TRANSFERRED = "transferred"


class Turn(StrEnum):
    """Whose turn it is; one table drives worklists, permissions and, later, reminders."""

    KRM = "krm"
    MANAGEMENT = "management"
    UNIT = "unit"
    SIGNER = "signer"
    NOBODY = "nobody"


@dataclass(frozen=True)
class StatusEntry:
    label: str
    turn: Turn
    next_step: str


STATUSES: dict[Status, StatusEntry] = {
    Status.NEW: StatusEntry("Neu", Turn.KRM, "prüfen und übernehmen"),
    Status.WITH_KRM: StatusEntry("In Bearbeitung beim KRM", Turn.KRM, "beantworten"),
    Status.WITH_MANAGEMENT: StatusEntry("Bei der Geschäftsführung", Turn.MANAGEMENT, "Verfügung prüfen und abverfügen"),
    Status.WITH_UNIT: StatusEntry("Beim Fachbereich", Turn.UNIT, "bearbeiten und zurückgeben"),
    Status.IN_SIGNATURE: StatusEntry("Zur Zeichnung", Turn.SIGNER, "Schreiben mitzeichnen und zeichnen"),
    Status.ANSWERED: StatusEntry("Beantwortet", Turn.KRM, "abschließen"),
    Status.CLOSED: StatusEntry("Abgeschlossen (z.d.A.)", Turn.NOBODY, "nichts mehr zu tun"),
    Status.TRANSFERRED: StatusEntry("Abgegeben (Kein KRM)", Turn.NOBODY, "nichts mehr zu tun"),
}

OPEN_STATUSES = frozenset(s for s, entry in STATUSES.items() if entry.turn != Turn.NOBODY)
TURN_LABELS = {
    Turn.KRM: "KRM",
    Turn.MANAGEMENT: "Geschäftsführung",
    Turn.UNIT: "Fachbereich",
    Turn.SIGNER: "Zeichnende",
    Turn.NOBODY: "niemand",
}


class Step(StrEnum):
    ACCEPT = "accept"
    HAND_TO_UNIT = "hand_to_unit"
    RETURN_TO_KRM = "return_to_krm"
    PRESENT_DIRECTIVE = "present_directive"
    RETURN_DIRECTIVE = "return_directive"
    DIRECT_TO_UNIT = "direct_to_unit"
    DIRECT_TO_KRM = "direct_to_krm"
    SUBMIT_LETTER = "submit_letter"
    SIGN_LETTER = "sign_letter"
    RETURN_LETTER = "return_letter"
    ANSWER = "answer"
    GO_ON = "go_on"
    CLOSE = "close"
    REOPEN = "reopen"
    HAND_OVER = "hand_over"


@dataclass(frozen=True)
class Transition:
    label: str
    sources: frozenset[Status]
    target: Status


TRANSITIONS: dict[Step, Transition] = {
    Step.ACCEPT: Transition("Übernehmen", frozenset({Status.NEW}), Status.WITH_KRM),
    Step.HAND_TO_UNIT: Transition(
        "An Fachbereich geben", frozenset({Status.NEW, Status.WITH_KRM, Status.WITH_UNIT}), Status.WITH_UNIT
    ),
    Step.RETURN_TO_KRM: Transition("An KRM zurückgeben", frozenset({Status.WITH_UNIT}), Status.WITH_KRM),
    Step.PRESENT_DIRECTIVE: Transition(
        "Verfügung vorlegen", frozenset({Status.NEW, Status.WITH_KRM, Status.WITH_UNIT}), Status.WITH_MANAGEMENT
    ),
    Step.RETURN_DIRECTIVE: Transition("Verfügung zurückgeben", frozenset({Status.WITH_MANAGEMENT}), Status.WITH_KRM),
    Step.DIRECT_TO_UNIT: Transition(
        "An den Fachbereich verfügen",
        frozenset({Status.NEW, Status.WITH_KRM, Status.WITH_MANAGEMENT, Status.WITH_UNIT}),
        Status.WITH_UNIT,
    ),
    Step.DIRECT_TO_KRM: Transition(
        "Ohne Fachbereich verfügen",
        frozenset({Status.NEW, Status.WITH_KRM, Status.WITH_MANAGEMENT, Status.WITH_UNIT}),
        Status.WITH_KRM,
    ),
    Step.SUBMIT_LETTER: Transition(
        "Zur Zeichnung geben", frozenset({Status.NEW, Status.WITH_KRM, Status.WITH_UNIT}), Status.IN_SIGNATURE
    ),
    Step.SIGN_LETTER: Transition("Zeichnen", frozenset({Status.IN_SIGNATURE}), Status.WITH_KRM),
    Step.RETURN_LETTER: Transition("Schreiben zurückgeben", frozenset({Status.IN_SIGNATURE}), Status.WITH_KRM),
    Step.ANSWER: Transition(
        "Als beantwortet vermerken", frozenset({Status.NEW, Status.WITH_KRM, Status.WITH_UNIT}), Status.ANSWERED
    ),
    Step.GO_ON: Transition("Weiter bearbeiten", frozenset({Status.ANSWERED}), Status.WITH_KRM),
    Step.CLOSE: Transition("Abschließen", frozenset({Status.NEW, Status.WITH_KRM, Status.ANSWERED}), Status.CLOSED),
    Step.REOPEN: Transition("Wieder aufnehmen", frozenset({Status.CLOSED}), Status.WITH_KRM),
    Step.HAND_OVER: Transition(
        "Abgeben (Kein KRM)",
        frozenset({Status.NEW, Status.WITH_KRM, Status.WITH_MANAGEMENT, Status.WITH_UNIT}),
        Status.TRANSFERRED,
    ),
}


def why_not(step: Step, status: Status) -> str | None:
    """The German sentence why `step` is not possible in `status`; None when it is."""
    transition = TRANSITIONS[step]
    if status in transition.sources:
        return None
    return f"„{transition.label}“ ist nicht möglich: Der Vorgang hat den Stand „{STATUSES[status].label}“."


def target_of(step: Step, status: Status) -> Status:
    """The state that `step` leads to; NotAllowed with the same sentence that the page shows."""
    if reason := why_not(step, status):
        raise NotAllowed(reason)
    return TRANSITIONS[step].target


def check_is_open(status: Status) -> None:
    """Raises NotAllowed for a case that is closed or handed over; everything but reading waits for re-opening."""
    if status not in OPEN_STATUSES:
        raise NotAllowed(f"Der Vorgang hat den Stand „{STATUSES[status].label}“ und kann nicht mehr geändert werden.")
