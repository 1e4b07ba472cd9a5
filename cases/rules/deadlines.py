"""Which deadlines a case gets at Eingang, what a pause does to them, and the signal they show (K1, K2, K3).

The day of Eingang never counts. Everything is computed from the rule set in force at Eingang and the office's calendar.
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from cases.rules.kinds import Channel, Kind
from offices.calendars import Calendar, Due, Period, Unit, due, working_days_until
from offices.errors import NotAllowed
from offices.rules.parameters import Parameters
from offices.rules.vocabulary import Duty


class DeadlineKind(StrEnum):
    ACKNOWLEDGEMENT = "acknowledgement"
    INTERIM = "interim"
    CLOSURE = "closure"


@dataclass(frozen=True)
class Intake:
    """What the deadlines of a new case depend on; `received_on` is the Eingang in the house (B3-12)."""

    kind: Kind
    channel: Channel
    received_on: date
    is_anonymous: bool = False
    wants_acknowledgement: bool = False


@dataclass(frozen=True)
class PlannedDeadline:
    kind: DeadlineKind
    due: Due
    rule_key: str


def plan(parameters: Parameters, intake: Intake, calendar: Calendar) -> tuple[PlannedDeadline, ...]:
    """The deadlines of a new case in the order they fall due.

    Opinion cards get none (PAN-18). Somebody anonymous cannot be written to: closure only. Praise is acknowledged like
    any written reaction. The interim letter is due with the closure unless the rule set names a period (K3).
    """
    if intake.channel == Channel.OPINION_CARD:
        return ()
    planned = []
    if not intake.is_anonymous and (period := acknowledgement_period(parameters, intake)):
        planned.append(_planned(DeadlineKind.ACKNOWLEDGEMENT, period, "K1", intake, calendar))
    closure = parameters.closure.period_for(intake.channel)
    interim = parameters.interim.period or closure
    if parameters.interim.required and interim and not intake.is_anonymous:
        planned.append(_planned(DeadlineKind.INTERIM, interim, "K3", intake, calendar))
    if closure:
        planned.append(_planned(DeadlineKind.CLOSURE, closure, "K2", intake, calendar))
    return tuple(sorted(planned, key=lambda p: p.due.due_on))


def acknowledgement_period(parameters: Parameters, intake: Intake) -> Period | None:
    """The period in which an acknowledgement is owed; None where none is owed or the rule set names no period.

    Where the duty is „auf Wunsch“ or left to the KRM, the wish recorded at registration decides (B1-10, PAN-26).
    """
    duty = parameters.acknowledgement.duty_for(intake.channel)
    owed = duty in (Duty.ALWAYS, Duty.USUALLY) or (duty is not None and intake.wants_acknowledgement)
    return parameters.acknowledgement.period if owed else None


def must_present_today(parameters: Parameters, kind: Kind) -> bool:
    """Whether the Geschäftsführung sees this kind on the very day (K15, PAN-28)."""
    return kind == Kind.PETITION and parameters.petition_deadline.same_day_to_management


def _planned(kind: DeadlineKind, period: Period, rule_key: str, intake: Intake, calendar: Calendar) -> PlannedDeadline:
    return PlannedDeadline(kind, due(calendar, intake.received_on, period), rule_key)


def after_pause(calendar: Calendar, due_on: date, from_on: date, resumed_on: date) -> date:
    """The new end of a deadline that was open while the case rested from `from_on` until `resumed_on`.

    It moves by the Arbeitstage of the rest: the first day of resting counts, the day of resuming does not. A deadline
    that had already ended before the rest began keeps its date.
    """
    if due_on < from_on:
        return due_on
    rested = sum(
        calendar.is_working_day(date.fromordinal(day)) for day in range(from_on.toordinal(), resumed_on.toordinal())
    )
    return due(calendar, due_on, Period(rested, Unit.WORKING_DAYS)).due_on if rested else due_on


def check_pause(from_on: date, today: date, received_on: date, last_resumed_on: date | None) -> None:
    """Raises NotAllowed for a start in the future, before Eingang, or before the case was last resumed."""
    if from_on > today:
        raise NotAllowed("Das Ruhen kann nicht in der Zukunft beginnen.")
    if from_on < received_on:
        raise NotAllowed("Das Ruhen kann nicht vor dem Eingang beginnen.")
    if last_resumed_on and from_on < last_resumed_on:
        raise NotAllowed("Das Ruhen kann nicht vor dem Ende des vorigen Ruhens beginnen.")


def check_resume(resumed_on: date, today: date, from_on: date) -> None:
    """Raises NotAllowed for an end in the future or before the rest began."""
    if resumed_on > today:
        raise NotAllowed("Die Fortsetzung kann nicht in der Zukunft liegen.")
    if resumed_on < from_on:
        raise NotAllowed("Die Fortsetzung kann nicht vor dem Beginn des Ruhens liegen.")


class Level(StrEnum):
    OVERDUE = "overdue"
    TODAY = "today"
    SOON = "soon"
    LATER = "later"
    PAUSED = "paused"
    MET = "met"


@dataclass(frozen=True)
class Signal:
    """How a deadline stands, by symbol and words; colour only repeats it."""

    level: Level
    symbol: str
    text: str


SYMBOLS = {
    Level.OVERDUE: "▲",
    Level.TODAY: "◆",
    Level.SOON: "●",
    Level.LATER: "○",
    Level.PAUSED: "‖",
    Level.MET: "✓",
}
SOON_WORKING_DAYS = 2


def signal(
    calendar: Calendar, today: date, due_on: date, *, met_on: date | None = None, paused: bool = False
) -> Signal:
    """„noch 2 AT“, „heute“ or „überfällig seit 3 AT“; distances in Arbeitstage of the office."""
    if met_on:
        late = met_on > due_on
        return Signal(Level.MET, SYMBOLS[Level.MET], "verspätet erledigt" if late else "rechtzeitig erledigt")
    if paused:
        return Signal(Level.PAUSED, SYMBOLS[Level.PAUSED], "ruht")
    distance = working_days_until(calendar, today, due_on)
    if distance < 0:
        return Signal(Level.OVERDUE, SYMBOLS[Level.OVERDUE], f"überfällig seit {-distance} AT")
    if distance == 0:
        return Signal(Level.TODAY, SYMBOLS[Level.TODAY], "heute")
    level = Level.SOON if distance <= SOON_WORKING_DAYS else Level.LATER
    return Signal(level, SYMBOLS[level], f"noch {distance} AT")
