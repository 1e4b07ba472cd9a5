"""What is entered when something leaves as Kein KRM, which dates it can have, and how its running period shows."""

from dataclasses import dataclass
from datetime import date

from cases.rules.deadlines import SYMBOLS, Level, Signal
from cases.rules.intake import DAY_TO_COME, EARLIEST, IN_THE_FUTURE, date_problems
from cases.rules.kinds import Channel
from cases.rules.registration import EmployeeData, PersonData, UploadedFile
from cases.rules.triage import Reason
from offices.calendars import Period, Unit
from offices.roles import ROLES, Role, Scope
from offices.rules.values import ReminderStep
from offices.rules.vocabulary import Moment, Recipient

PRESSING_DAYS = 5
LARGEST_TALLY = 99
TALLY_DAYS_BACK = 31
TIME_TO_TAKE_OVER = Period(3, Unit.WORKING_DAYS)  # proposed to the desk; no rule names a day
# Who took it over late is reminded, and the desk that handed it over is told; nobody else knows of an Abgabe.
TAKE_OVER_STEPS = (
    ReminderStep(Moment.BEFORE, (Recipient.RESPONSIBLE,), 1),
    ReminderStep(Moment.ON_THE_DAY, (Recipient.RESPONSIBLE,)),
    *(ReminderStep(Moment.AFTER, (Recipient.RESPONSIBLE, Recipient.KRM_OFFICER), days) for days in (1, 3)),
)


@dataclass(frozen=True)
class TransferData:
    """Fields of cases.models.Transfer by the same names; without a recipient the office's rules name it.

    `employees`: whom it is about (B4-8).
    """

    reason: Reason
    subject: str
    received_on: date
    recipient: str = ""
    text: str = ""
    channel: Channel = Channel.LETTER
    written_on: date | None = None
    decision_on: date | None = None
    person: PersonData | None = None
    files: tuple[UploadedFile, ...] = ()
    employees: tuple[EmployeeData, ...] = ()


def transfer_problems(
    *, written_on: date | None, received_on: date | None, decision_on: date | None, today: date
) -> dict[str, str]:
    """Field name -> German sentence for every date that cannot be; the dates of a case and that of the Bescheid."""
    problems = date_problems(written_on=written_on, received_on=received_on, reached_krm_on=None, today=today)
    if decision_on and decision_on > today:
        problems["decision_on"] = IN_THE_FUTURE
    elif decision_on and decision_on < EARLIEST:
        problems["decision_on"] = f"Das Datum liegt vor dem {EARLIEST:%d.%m.%Y}."
    elif decision_on and received_on and decision_on > received_on:
        problems["decision_on"] = "Der Bescheid trägt ein Datum nach dem Eingang des Widerspruchs."
    return problems


def tally_problem(on: date, count: int, today: date) -> str | None:
    """Why this cannot be tallied; None if it can. Up to 31 Kalendertage back, at most 99 at once."""
    if on > today:
        return DAY_TO_COME
    if (today - on).days > TALLY_DAYS_BACK:
        return f"Nachgetragen werden höchstens {TALLY_DAYS_BACK} Tage."
    if not 1 <= count <= LARGEST_TALLY:
        return f"Auf einmal werden 1 bis {LARGEST_TALLY} gezählt."
    return None


def may_take_over(role: Role, reason: Reason) -> bool:
    """Whether somebody in this role can be given an Abgabe by name: who sees what they are asked about.

    Who sees cases only after a Freigabe does not; the Datenschutz sees what it is about (K11).
    """
    return ROLES[role].scope != Scope.NONE or (role == Role.DPO and reason == Reason.DATA_PROTECTION)


def objection_signal(until_on: date, today: date) -> Signal:
    """How long a Widerspruchsfrist still runs, in Kalendertage; pressing from five days before its end."""
    days = (until_on - today).days
    if days < 0:
        level, text = Level.OVERDUE, f"seit {-days} {'Tag' if days == -1 else 'Tagen'} abgelaufen"
    elif days == 0:
        level, text = Level.TODAY, "endet heute"
    else:
        level, text = (
            (Level.SOON if days <= PRESSING_DAYS else Level.LATER),
            f"noch {days} {'Tag' if days == 1 else 'Tage'}",
        )
    return Signal(level, SYMBOLS[level], text)


def is_pressing(until_on: date, today: date) -> bool:
    return (until_on - today).days <= PRESSING_DAYS
