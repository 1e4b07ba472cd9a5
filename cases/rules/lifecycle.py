"""States of a case, whose turn each one is, and which step leads where; what is not in the table is not possible.

`docs/zustaende.md` is generated from these tables.
"""

from dataclasses import dataclass
from enum import StrEnum

from offices.errors import NotAllowed


class Status(StrEnum):
    NEW = "new"
    WITH_KRM = "with_krm"
    WITH_UNIT = "with_unit"
    ANSWERED = "answered"
    CLOSED = "closed"
    TRANSFERRED = "transferred"


class Turn(StrEnum):
    """Whose turn it is; one table drives worklists, permissions and, later, reminders."""

    KRM = "krm"
    UNIT = "unit"
    NOBODY = "nobody"


@dataclass(frozen=True)
class StatusEntry:
    label: str
    turn: Turn
    next_step: str


STATUSES: dict[Status, StatusEntry] = {
    Status.NEW: StatusEntry("Neu", Turn.KRM, "prüfen und übernehmen"),
    Status.WITH_KRM: StatusEntry("In Bearbeitung beim KRM", Turn.KRM, "beantworten"),
    Status.WITH_UNIT: StatusEntry("Beim Fachbereich", Turn.UNIT, "bearbeiten und zurückgeben"),
    Status.ANSWERED: StatusEntry("Beantwortet", Turn.KRM, "abschließen"),
    Status.CLOSED: StatusEntry("Abgeschlossen (z.d.A.)", Turn.NOBODY, "nichts mehr zu tun"),
    Status.TRANSFERRED: StatusEntry("Abgegeben (Kein KRM)", Turn.NOBODY, "nichts mehr zu tun"),
}

OPEN_STATUSES = frozenset(s for s, entry in STATUSES.items() if entry.turn != Turn.NOBODY)
TURN_LABELS = {Turn.KRM: "KRM", Turn.UNIT: "Fachbereich", Turn.NOBODY: "niemand"}


class Step(StrEnum):
    ACCEPT = "accept"
    HAND_TO_UNIT = "hand_to_unit"
    RETURN_TO_KRM = "return_to_krm"
    ANSWER = "answer"
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
    Step.ANSWER: Transition(
        "Als beantwortet vermerken", frozenset({Status.NEW, Status.WITH_KRM, Status.WITH_UNIT}), Status.ANSWERED
    ),
    Step.CLOSE: Transition("Abschließen", frozenset({Status.NEW, Status.WITH_KRM, Status.ANSWERED}), Status.CLOSED),
    Step.REOPEN: Transition("Wieder aufnehmen", frozenset({Status.CLOSED}), Status.WITH_KRM),
    Step.HAND_OVER: Transition(
        "Abgeben (Kein KRM)", frozenset({Status.NEW, Status.WITH_KRM, Status.WITH_UNIT}), Status.TRANSFERRED
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
