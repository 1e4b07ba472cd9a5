"""What one case is, counted: a fact for each of its rounds and for each concern in it.

The one function from a case's rows to its facts. Facts are what figures read; cases are not read for them.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, fields
from datetime import date

from reporting.rules.vocabulary import End, ReportedKind

THE_CASE = 0  # position of the fact about the case itself; its concerns follow from 1


@dataclass(frozen=True)
class Dates:
    """A deadline of a round: until when at first, until when as it stands, met on which day."""

    first_due_on: date
    due_on: date
    met_on: date | None = None
    cancelled_on: date | None = None


@dataclass(frozen=True)
class ConcernRow:
    position: int
    nature: str
    topic_id: int
    unit_id: int | None
    outcome: str


@dataclass(frozen=True)
class RoundRow:
    """A round of a case; `end` is empty while it goes on. `rung` is the highest rung of the ladder it reached."""

    number: int
    opened_on: date
    ended_on: date | None = None
    end: str = ""
    answered_on: date | None = None
    outcome: str = ""
    settlement: str = ""
    talk: str = ""
    has_alternatives: bool = False
    concern_outcomes: Mapping[int, str] = field(default_factory=dict)
    acknowledgement: Dates | None = None
    interim: Dates | None = None
    closure: Dates | None = None
    rung: int = 0
    rests_since: date | None = None


@dataclass(frozen=True)
class CaseRows:
    """A case as its tables have it; `rounds` in order, the last is the current one."""

    office_id: int
    case_id: int
    kind: str
    channel: str
    legal_area: str
    unit_id: int | None
    received_on: date
    is_anonymous: bool
    is_hidden: bool
    concerns: tuple[ConcernRow, ...]
    rounds: tuple[RoundRow, ...]


@dataclass(frozen=True)
class Fact:
    """One row of figures: of a round of a case (`position` 0), or of a concern in it.

    All deadlines and ends are those of the round; what belongs to the case alone is empty for a concern.
    `working_days` from Eingang (not counted) to the end (counted), in Arbeitstagen of the office as it worked then;
    `reopened_after` so many Kalendertage the case was taken up again.
    """

    office_id: int
    case_id: int | None
    round: int
    position: int
    kind: str
    channel: str
    legal_area: str
    unit_id: int | None
    received_on: date
    opened_on: date
    is_hidden: bool
    topic_id: int | None = None
    nature: str = ""
    ended_on: date | None = None
    end: str = ""
    outcome: str = ""
    reopened_after: int | None = None
    is_anonymous: bool = False
    acknowledgement_due_on: date | None = None
    acknowledged_on: date | None = None
    interim_due_on: date | None = None
    interim_on: date | None = None
    standard_due_on: date | None = None
    closure_due_on: date | None = None
    decided_on: date | None = None
    rests_since_on: date | None = None
    answered_on: date | None = None
    settlement: str = ""
    talk: str = ""
    has_alternatives: bool = False
    rung: int = 0
    working_days: int | None = None

    @property
    def key(self) -> tuple[int, int]:
        return self.round, self.position


COLUMNS = tuple(entry.name for entry in fields(Fact))
# What a case is from the start: another value is the correction of an error, not the course of things
FROM_THE_START = ("kind", "channel", "legal_area", "received_on", "topic_id", "nature")


def facts_of(rows: CaseRows, working_days: Callable[[RoundRow], int]) -> Iterator[Fact]:
    """The facts of a case; `working_days` says how long an ended round took, counted once and then kept."""
    kind = ReportedKind.of(rows.kind, rows.channel).value
    following = [*rows.rounds[1:], None]
    for each, after in zip(rows.rounds, following, strict=True):
        yield Fact(
            office_id=rows.office_id,
            case_id=rows.case_id,
            round=each.number,
            position=THE_CASE,
            kind=kind,
            channel=rows.channel,
            legal_area=rows.legal_area,
            unit_id=rows.unit_id,
            received_on=rows.received_on,
            opened_on=each.opened_on,
            is_hidden=rows.is_hidden,
            ended_on=each.ended_on,
            end=each.end,
            outcome=each.outcome,
            reopened_after=(after.opened_on - each.ended_on).days if after and each.ended_on else None,
            is_anonymous=rows.is_anonymous,
            **_deadlines(each),
            rests_since_on=each.rests_since,
            answered_on=each.answered_on,
            settlement=each.settlement,
            talk=each.talk,
            has_alternatives=each.has_alternatives,
            rung=each.rung,
            working_days=working_days(each) if each.end == End.CLOSED else None,
        )
        for concern in rows.concerns:
            yield Fact(
                office_id=rows.office_id,
                case_id=rows.case_id,
                round=each.number,
                position=concern.position,
                kind=kind,
                channel=rows.channel,
                legal_area=rows.legal_area,
                unit_id=concern.unit_id or rows.unit_id,
                received_on=rows.received_on,
                opened_on=each.opened_on,
                is_hidden=rows.is_hidden,
                topic_id=concern.topic_id,
                nature=concern.nature,
                ended_on=each.ended_on,
                end=each.end,
                outcome=each.concern_outcomes.get(concern.position, each.outcome if after else concern.outcome),
            )


def _deadlines(each: RoundRow) -> dict[str, date | None]:
    """The three deadlines of a round; one that fell away unmet while it was not late was not owed."""
    acknowledgement, interim, closure = _owed(each.acknowledgement), _owed(each.interim), _owed(each.closure)
    return {
        "acknowledgement_due_on": acknowledgement.due_on if acknowledgement else None,
        "acknowledged_on": acknowledgement.met_on if acknowledgement else None,
        "interim_due_on": interim.due_on if interim else None,
        "interim_on": interim.met_on if interim else None,
        "standard_due_on": closure.first_due_on if closure else None,
        "closure_due_on": closure.due_on if closure else None,
        "decided_on": closure.met_on if closure else None,
    }


def _owed(dates: Dates | None) -> Dates | None:
    if dates is None or dates.met_on or dates.cancelled_on is None:
        return dates
    return dates if dates.cancelled_on > dates.due_on else None


def is_correction(before: Fact, after: Fact) -> bool:
    """Whether the later fact puts something right that was wrong from the start."""
    return any(getattr(before, name) != getattr(after, name) for name in FROM_THE_START)
