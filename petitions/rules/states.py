"""The states of a request and of a station's turn, and the steps between them: what is not here is not possible.

docs/zustaende.md is made from these tables, and a test walks random chains along them.
"""

from dataclasses import dataclass
from datetime import date

from offices.rules.vocabulary import Labelled
from petitions.rules.chain import Station
from petitions.rules.vocabulary import Outcome


class StationState(Labelled):
    WAITING = "waiting", "kommt noch"
    OPEN = "open", "an der Reihe"
    PASSED_ON = "passed_on", "weitergegeben"
    NOTED = "noted", "zur Kenntnis genommen"
    RETURNED = "returned", "zurückgegeben"
    SKIPPED = "skipped", "übersprungen"


class RequestState(Labelled):
    NOT_BEGUN = "not_begun", "eingetragen"
    UNDER_WAY = "under_way", "auf dem Berichtsweg"
    ANSWERED = "answered", "beantwortet"
    REFUSED = "refused", "abgelehnt"
    WITHDRAWN = "withdrawn", "ohne Antwort beendet"


@dataclass(frozen=True)
class Move:
    """A step, from where it can be taken, and where it leads."""

    label: str
    sources: tuple[StationState, ...] | tuple[RequestState, ...]
    target: StationState | RequestState


STATION_MOVES = (
    Move("alle davor sind fertig", (StationState.WAITING,), StationState.OPEN),
    Move("weitergeben", (StationState.OPEN,), StationState.PASSED_ON),
    Move("zur Kenntnis nehmen", (StationState.OPEN,), StationState.NOTED),
    Move("zurückgeben", (StationState.OPEN,), StationState.RETURNED),
    Move("überspringen", (StationState.WAITING, StationState.OPEN), StationState.SKIPPED),
    Move("anderer Weg", (StationState.OPEN,), StationState.NOTED),
)
REQUEST_MOVES = (
    Move("Berichtsweg beginnen", (RequestState.NOT_BEGUN,), RequestState.UNDER_WAY),
    Move("neu planen", (RequestState.UNDER_WAY,), RequestState.UNDER_WAY),
    Move("alle Stationen sind erledigt", (RequestState.UNDER_WAY,), RequestState.ANSWERED),
    Move("Antwort ohne Berichtsweg eintragen", (RequestState.NOT_BEGUN,), RequestState.ANSWERED),
    Move("Akten ablehnen", (RequestState.NOT_BEGUN,), RequestState.REFUSED),
    Move("ohne Antwort beenden", (RequestState.NOT_BEGUN, RequestState.UNDER_WAY), RequestState.WITHDRAWN),
    Move(
        "Station noch einmal öffnen",
        (RequestState.UNDER_WAY, RequestState.ANSWERED, RequestState.WITHDRAWN),
        RequestState.UNDER_WAY,
    ),
)
_OUTCOMES = {
    Outcome.PASSED_ON: StationState.PASSED_ON,
    Outcome.NOTED: StationState.NOTED,
    Outcome.RETURNED: StationState.RETURNED,
    Outcome.SKIPPED: StationState.SKIPPED,
}


def station_state(row: Station) -> StationState:
    """The state of one row of the chain."""
    if row.outcome:
        return _OUTCOMES[row.outcome]
    return StationState.OPEN if row.opened_on else StationState.WAITING


def request_state(
    *, has_begun: bool, answered_on: date | None, refused_on: date | None, withdrawn_on: date | None
) -> RequestState:
    """The state of a request, from its days and whether its chain was started."""
    if withdrawn_on:
        return RequestState.WITHDRAWN
    if refused_on:
        return RequestState.REFUSED
    if answered_on:
        return RequestState.ANSWERED
    return RequestState.UNDER_WAY if has_begun else RequestState.NOT_BEGUN


def is_possible(before: StationState | RequestState, after: StationState | RequestState) -> bool:
    """Whether one step of the tables leads from one to the other."""
    moves = (*STATION_MOVES, *REQUEST_MOVES)
    return any(before in move.sources and after == move.target for move in moves)
