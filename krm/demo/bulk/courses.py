"""How one generated case goes its way: the same steps as the actions take, with what each leaves in rows and log."""

from dataclasses import dataclass, field
from datetime import date
from random import Random
from typing import Any

from cases.models import Deadline
from cases.rules.deadlines import must_present_today
from cases.rules.kinds import TALK_LABELS, Channel, Kind, Outcome, Settlement, Talk
from cases.rules.lifecycle import Status
from cases.rules.reminders import EVEN_WHILE_RESTING
from cases.rules.retention import file_reference, retention_until
from krm.demo.bulk.days import DAY_ENDS, DAY_STARTS, WorkingDays, iso, moment
from krm.demo.bulk.house import Place
from krm.demo.bulk.intake import Draw, Reaction
from krm.demo.bulk.log import Log, data_text
from krm.demo.bulk.plans import LABELS, Planner
from krm.demo.bulk.rows import Rows
from krm.demo.bulk.wording import ALTERNATIVES, EXTENDED_REASON, FINDINGS, REST_REASON, RETURNED, TALKED, WAIVED

RETURN_WATCH = "GERA-19"
_OUTCOMES = Draw(
    {Outcome.UPHELD: 28, Outcome.PARTLY_UPHELD: 24, Outcome.NOT_UPHELD: 36, Outcome.NOT_ASSESSABLE: 12}
)  # fmt: skip
_SETTLEMENTS = Draw({Settlement.LETTER: 72, Settlement.CONVERSATION: 23, Settlement.WAIVED: 5})


@dataclass
class Due:
    """A deadline on its way to a row; days as numbers."""

    pk: int
    kind: str
    start_on: int
    raw_on: int
    due_on: int
    rule: str
    rule_key: str = ""
    amount: int | None = None
    unit: str = ""
    assignee: int | None = None
    task: str = ""
    met_on: int | None = None
    met_by: int | None = None
    cancelled_on: int | None = None

    @property
    def is_open(self) -> bool:
        return self.met_on is None and self.cancelled_on is None


@dataclass(frozen=True)
class Desk:
    """What all courses of one run share; `until` is the last day, as a number."""

    planner: Planner
    rows: Rows
    log: Log
    until: int


@dataclass
class Course:
    """A case from Eingang on; steps are called in the order of time, none after `desk.until`."""

    desk: Desk
    rng: Random
    place: Place
    received_on: int
    reaction: Reaction
    dues: list[Due] = field(default_factory=list)
    status: Status = Status.NEW
    version: int = 1
    handler: int | None = None
    responsible: int | None = None
    unit: int | None = None
    settlement: str = ""
    waived: bool = False
    outcome: str = ""
    outcome_reason: str = ""
    alternatives: str = ""
    file_reference: str = ""
    talk: str = ""
    talk_on: int | None = None
    answered_on: int | None = None
    closed_on: int | None = None
    rests_since: int | None = None
    registered_by: int | None = None
    registered_at: str = ""
    kept_until: str | None = None
    _pause: list[Any] = field(default_factory=list)  # the row of a rest; its end comes later
    _day: int = 0
    _second: int = 0

    def __post_init__(self) -> None:
        self.days: WorkingDays = self.desk.planner.days[self.place.state]
        rules = self.place.rules_on(date.fromordinal(self.received_on))
        self.rule_set_id, self.line = rules.rule_set_id, rules.line
        self.parameters = self.desk.planner.parameters[self.line]
        self.officer = self.rng.choice(self.place.officers)
        self.registered_on = self.turn_since = self.on_or_before_the_end(self.days.after(self.received_on, 0))
        self.pk = self.desk.rows.next_case()
        self.unit = self.reaction.team.unit_id if self.reaction.team else None
        year = date.fromordinal(self.registered_on).year
        number = self.desk.rows.next_number(self.place.office_id, year)
        self.reference = f"{self.place.code}-{year}-{number:05}"

    def on_or_before_the_end(self, day: int) -> int:
        return min(day, self.desk.until)

    def due(self, kind: str) -> Due | None:
        """The open deadline of this kind."""
        return next((due for due in self.dues if due.kind == kind and due.is_open), None)

    # Steps

    def register(self) -> None:
        written = self.reaction.channel.is_written
        clerk = self.place.front_office_id if written and self.rng.random() < 0.1 else self.officer
        self.registered_by = clerk
        self._happens(self.registered_on, "case.registered", clerk, received_on=iso(self.received_on))
        self.registered_at = moment(self._day, self._second)
        reaction = self.reaction
        for planned in self.desk.planner.plan(
            self.place.state, self.line, self.received_on, reaction.channel, is_anonymous=reaction.is_anonymous,
            wants=reaction.wants_acknowledgement,
        ):  # fmt: skip
            self.dues.append(
                Due(self.desk.rows.next_deadline(), planned.kind, self.received_on, planned.raw_on, planned.due_on,
                    planned.rule, planned.rule_key, planned.amount, planned.unit)
            )  # fmt: skip
            self._log("deadline.set", clerk, kind=LABELS[planned.kind], due_on=iso(planned.due_on))
        if must_present_today(self.parameters, reaction.kind):
            self._present(clerk)

    def _present(self, clerk: int) -> None:
        """The day on which the Geschäftsführung is to see it."""
        day = self.days.after(self.registered_on, 0)
        self.dues.append(
            Due(self.desk.rows.next_deadline(), "presentation", self.registered_on, self.registered_on, day,
                "Taggleich der Geschäftsführung vorzulegen.", "K15",
                task="Mit Verfügungsblatt der Geschäftsführung vorlegen")
        )  # fmt: skip
        self._log("deadline.set", clerk, kind=LABELS["presentation"], due_on=iso(day))

    def accept(self, day: int) -> None:
        self.status, self.handler, self.version = Status.WITH_KRM, self.officer, self.version + 1
        self._happens(day, "case.accepted", self.officer)
        self.meet("presentation", day)

    def meet(self, kind: str, day: int) -> None:
        """The open deadline of this kind is met; nothing happens where there is none."""
        if due := self.due(kind):
            due.met_on, due.met_by = day, self.officer
            self._happens(day, "deadline.met", self.officer, kind=LABELS[kind], due_on=iso(due.due_on), met_on=iso(day))

    def send_interim(self, day: int) -> None:
        """A Zwischennachricht that promises no later day than the one that is due."""
        self.meet("interim", day)
        if self.parameters.acknowledgement.interim_counts:
            self.meet("acknowledgement", day)

    def hand_to_unit(self, day: int) -> None:
        """To the team that is named already; the desk looks again before the closure is due (GERA-19)."""
        team = self.reaction.team
        self.status, self.turn_since, self.version = Status.WITH_UNIT, day, self.version + 1
        self.handler, self.responsible = None, team.lead_id
        self._happens(day, "case.handed_to_unit", self.officer, unit=team.number, person=None)
        closure = self.due("closure")
        look_on = self.days.last_until(closure.due_on - 1)
        look_on = look_on if look_on > day else self.days.after(day, 1)
        watch = Due(self.desk.rows.next_deadline(), "follow_up", day, look_on, look_on,
                    "Der Vorgang liegt beim Fachbereich; das KRM sieht vor Ablauf der Abschlussfrist nach.",
                    RETURN_WATCH, assignee=self.officer, task=f"Rücklauf von {team.number} prüfen")  # fmt: skip
        self.dues.append(watch)
        self._log("follow_up.set", self.officer, due_on=iso(look_on), deadline=watch.pk)

    def give_back(self, day: int) -> None:
        by = self.responsible
        self.status, self.turn_since, self.version, self.handler = Status.WITH_KRM, day, self.version + 1, None
        self._happens(day, "case.returned_to_krm", by, note=self._note(day, "internal", RETURNED, by))
        watch = self.due("follow_up")
        watch.met_on, watch.met_by = day, by
        self._log("follow_up.done", by, due_on=iso(watch.due_on))

    def look(self, day: int) -> None:
        """The desk has looked after what lies with the unit."""
        watch = self.due("follow_up")
        watch.met_on, watch.met_by = day, self.officer
        self._happens(day, "follow_up.done", self.officer, due_on=iso(watch.due_on), deadline=watch.pk)

    def rest(self, day: int, planned_until: int) -> None:
        self.rests_since, self.version = day, self.version + 1
        category = self.rng.choice(("awaiting_person", "awaiting_authority", "parallel_proceeding"))
        self._happens(day, "case.paused", self.officer, from_on=iso(day), category=category)
        self._pause = [self.pk, category, REST_REASON, iso(day), iso(planned_until), None,
                       moment(self._day, self._second), self.officer]  # fmt: skip
        self.dues.append(
            Due(self.desk.rows.next_deadline(), "rest", day, planned_until, planned_until,
                "Voraussichtliches Ende des Ruhens.", task="Ruhen prüfen und Bearbeitung fortsetzen")
        )  # fmt: skip

    def go_on(self, day: int) -> None:
        from_on, self.rests_since, self.version = self.rests_since, None, self.version + 1
        self._happens(day, "case.resumed", self.officer, resumed_on=iso(day))
        self._pause[5] = iso(day)
        self.desk.rows.pauses.rows.append(tuple(self._pause))
        self.meet("rest", day)
        for due in self.dues:
            if due.is_open and due.kind != "follow_up":
                self._move(due, self.desk.planner.after_rest(self.place.state, due.due_on, from_on, day),
                           "deadline.resumed")  # fmt: skip

    def extend(self, day: int, new_due_on: int) -> None:
        """The closure gets a later day, with a reason."""
        due, self.version = self.due("closure"), self.version + 1
        old = due.due_on
        self._happens(day, "deadline.extended", self.officer, kind=LABELS["closure"], old=iso(old), new=iso(new_due_on))
        due.due_on = new_due_on
        self.desk.rows.extensions.rows.append(
            (due.pk, iso(old), iso(new_due_on), EXTENDED_REASON, moment(self._day, self._second), self.officer)
        )

    def _move(self, due: Due, new_due_on: int, code: str) -> None:
        if new_due_on != due.due_on:
            self._log(code, self.officer, kind=LABELS[due.kind], old=iso(due.due_on), new=iso(new_due_on))
            due.due_on = new_due_on

    def answer(self, day: int) -> None:
        """The person learns the result: by letter, in conversation, or wants no answer."""
        settlement = _SETTLEMENTS.of(self.rng)
        if settlement == Settlement.WAIVED:
            self._waive(day)
            return
        if settlement == Settlement.CONVERSATION:
            self._talk(day)
        self.meet("closure", day)
        self.meet("acknowledgement", day)
        self.cancel(day, "interim")
        self.status, self.answered_on, self.settlement = Status.ANSWERED, day, settlement.value
        self.version += 1
        self._happens(day, "case.answered", self.officer, on=iso(day), settlement=self.settlement)

    def _waive(self, day: int) -> None:
        """No deadline ends with it; they do when the case is closed."""
        self.waived = True
        self._happens(day, "note.waiver", self.officer, note=self._note(day, "waiver", WAIVED, self.officer))

    def _talk(self, day: int) -> None:
        note = self._note(day, "contact", TALKED, self.officer)
        self._happens(day, "note.contact", self.officer, note=note, on=iso(day))
        self.talk, self.talk_on = Talk.HELD.value, day

    def cancel(self, day: int, *kinds: str) -> None:
        for due in self.dues:
            if due.is_open and (not kinds or due.kind in kinds):
                due.cancelled_on = day
                self._happens(day, "deadline.cancelled", self.officer, kind=LABELS[due.kind], due_on=iso(due.due_on))

    def close(self, day: int) -> None:
        """z.d.A.: outcome, Aktenzeichen and end of retention, every open deadline ends."""
        reaction, parameters = self.reaction, self.parameters
        self._judge(day)
        unanswered = Settlement.WAIVED if self.waived else Settlement.NONE_NEEDED
        self.settlement = self.settlement or unanswered.value
        self.meet("closure", day)
        self.cancel(day)
        self.file_reference = file_reference(
            parameters.file_plan, reaction.kind, self.reference, is_card=reaction.channel == Channel.OPINION_CARD
        )
        self.kept_until = retention_until(date.fromordinal(day), parameters.retention_years).isoformat()
        self._happens(day, "case.closed", self.officer, file_reference=self.file_reference,
                      retention_until=self.kept_until, outcome=self.outcome, settlement=self.settlement)  # fmt: skip
        self.status, self.closed_on, self.turn_since, self.version = Status.CLOSED, day, day, self.version + 1

    def _judge(self, day: int) -> None:
        if self.reaction.kind in (Kind.PRAISE, Kind.SUGGESTION):
            self.outcome = Outcome.NOT_APPLICABLE.value
            return
        self.outcome = _OUTCOMES.of(self.rng).value
        self.outcome_reason = self.rng.choice(FINDINGS[self.outcome])
        self.alternatives = ALTERNATIVES if self.outcome == Outcome.NOT_UPHELD else ""
        if self.parameters.practice.talk_first and self.reaction.needs_answer and not self.talk:
            self.talk, self.talk_on = Talk.DECLINED.value, day
            self._happens(day, "case.talk", self.officer, talk=TALK_LABELS[Talk.DECLINED], on=iso(day))

    # Rows

    def store(self) -> None:
        """Everything about the case as rows, once nothing more happens to it."""
        rows, reaction, closed = self.desk.rows, self.reaction, self.closed_on
        verbis = iso(closed) if closed and self.parameters.documentation.verbis_tick else None
        rows.cases.rows.append(
            (
                self.pk, self.place.office_id, self.rule_set_id, self.reference, reaction.kind.value,
                reaction.channel.value, self.place.legal_area.value, self.status.value, self.version,
                iso(self.received_on), iso(self.received_on), iso(self.registered_on), reaction.subject, reaction.text,
                reaction.is_anonymous, reaction.wants_acknowledgement, self.unit, self.handler, self.responsible,
                iso(self.turn_since), self._next_due_on(), self.registered_at, self.registered_by, self.talk,
                _iso(self.talk_on), self.alternatives, verbis, self.outcome, self.outcome_reason, self.settlement,
                _iso(self.answered_on), _iso(closed), self.officer if closed else None, self.file_reference,
                self.kept_until,
            )
        )  # fmt: skip
        rows.persons.rows.extend((self.pk, *person) for person in reaction.persons)
        rows.concerns.rows.extend(
            (self.pk, place, c.nature, c.topic_id, c.unit_id, self.outcome)
            for place, c in enumerate(reaction.concerns, start=1)
        )
        if reaction.names:
            rows.employees.rows.append((self.pk, *reaction.names))
        if self.rests_since:
            rows.pauses.rows.append(tuple(self._pause))
        rows.deadlines.rows.extend(self._deadline_row(due) for due in self.dues)

    def _next_due_on(self) -> str | None:
        if self.closed_on or self.rests_since:
            return None
        open_days = [due.due_on for due in self.dues if due.is_open and due.kind != Deadline.Kind.FOLLOW_UP]
        return iso(min(open_days)) if open_days else None

    def _deadline_row(self, due: Due) -> tuple:
        next_step, next_on = 0, None
        if due.is_open:
            planner, until = self.desk.planner, self.rests_since or self.desk.until
            stands_still = self.rests_since and due.kind not in EVEN_WHILE_RESTING
            next_step, next_on = planner.next_step(
                self.place.state, self.line, due.kind, due.due_on, until if stands_still else self.desk.until
            )
            next_on = None if stands_still else next_on
        return (
            due.pk, self.place.office_id, self.pk, due.kind, iso(due.start_on), due.amount, due.unit, iso(due.raw_on),
            iso(due.due_on), due.rule, due.rule_key, due.assignee, due.task, next_step, _iso(next_on),
            _iso(due.met_on), due.met_by, _iso(due.cancelled_on),
        )  # fmt: skip

    def _note(self, day: int, kind: str, text: str, by: int) -> int:
        self._pass_to(day)
        pk = self.desk.rows.next_note()
        self.desk.rows.notes.rows.append((pk, self.pk, kind, text, moment(self._day, self._second), by))
        return pk

    def _happens(self, day: int, code: str, by: int, *, note: int | None = None, **data: str | int | None) -> None:
        """An entry of the log some time after the one before; the very moment of a note that comes with it."""
        if note is None:
            self._pass_to(day)
        self._log(code, by, note=note, **data)

    def _log(self, code: str, by: int, *, note: int | None = None, **data: str | int | None) -> None:
        entry = (self._second, self.place.office_id, self.pk, code, by, note, data_text(data))
        self.desk.log.add(self._day, entry)

    def _pass_to(self, day: int) -> None:
        if day > self._day:
            self._day, self._second = day, DAY_STARTS + int(self.rng.random() * (DAY_ENDS - DAY_STARTS))
        else:
            self._second += 20 + int(self.rng.random() * 400)


def _iso(day: int | None) -> str | None:
    return iso(day) if day else None
