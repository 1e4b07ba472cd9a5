"""Deadlines of generated cases: planned by the real rules, once for all cases that share what they depend on."""

from dataclasses import dataclass
from datetime import date

from cases.models import Deadline
from cases.rules.deadlines import Intake, after_pause, plan
from cases.rules.kinds import Channel, Kind
from cases.rules.reminders import look, steps_for
from krm.demo.bulk.days import WorkingDays
from krm.demo.bulk.house import Place
from offices.calendars import Calendar
from offices.rules import presets
from offices.rules.parameters import Parameters


@dataclass(frozen=True)
class Planned:
    """A deadline of K1 to K3 as its row wants it; days as numbers."""

    kind: str
    amount: int
    unit: str
    raw_on: int
    due_on: int
    rule: str
    rule_key: str


class Planner:
    """The rules of all lines and the Arbeitstage of all Länder between `first` and `last`, both as numbers."""

    def __init__(self, places: list[Place], first: int, last: int):
        lines = {rules.line for place in places for rules in place.rules}
        self.parameters: dict[str, Parameters] = {line: presets.load(line).parameters for line in lines}
        states = {place.state for place in places}
        self.days = {state: WorkingDays(Calendar(state), first, last) for state in states}
        self._day = 0
        self._plans: dict[tuple, tuple[Planned, ...]] = {}

    def plan(
        self, state: str, line: str, day: int, channel: Channel, *, is_anonymous: bool, wants: bool
    ) -> tuple[Planned, ...]:
        """What rules.deadlines.plan says, kept for the rest of the day; the kind of reaction plays no part."""
        if day != self._day:
            self._day, self._plans = day, {}
        key = state, line, self._form(line, channel), is_anonymous, wants
        if key not in self._plans:
            intake = Intake(Kind.COMPLAINT, channel, date.fromordinal(day), is_anonymous, wants)
            found = plan(self.parameters[line], intake, self.days[state].calendar)
            self._plans[key] = tuple(
                Planned(
                    p.kind.value, p.due.period.amount, p.due.period.unit.value, p.due.raw_on.toordinal(),
                    p.due.due_on.toordinal(), p.due.sentence, p.rule_key,
                )
                for p in found
            )  # fmt: skip
        return self._plans[key]

    def _form(self, line: str, channel: Channel) -> tuple:
        """Channels that the rules treat alike share a plan."""
        parameters = self.parameters[line]
        return (
            channel == Channel.OPINION_CARD,
            parameters.acknowledgement.duty_for(channel),
            parameters.closure.period_for(channel),
        )

    def after_rest(self, state: str, due_on: int, from_on: int, resumed_on: int) -> int:
        days = (date.fromordinal(day) for day in (due_on, from_on, resumed_on))
        return after_pause(self.days[state].calendar, *days).toordinal()

    def next_step(self, state: str, line: str, kind: str, due_on: int, today: int) -> tuple[int, int | None]:
        """Place and day of the reminder that comes next when those up to `today` are told."""
        steps = steps_for(self.parameters[line].reminders, kind)
        seen = look(steps, self.days[state].calendar, date.fromordinal(due_on), 0, date.fromordinal(today))
        return seen.next_step, seen.next_on.toordinal() if seen.next_on else None


LABELS = {kind.value: kind.label for kind in Deadline.Kind}
