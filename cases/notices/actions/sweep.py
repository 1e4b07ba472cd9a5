"""The sweep: finds the deadlines whose next step has come and tells the people, once.

It reads what is due from the database, so a run more, later, or at the same time does no harm: each batch is one
transaction that locks its cases and deadlines (PostgreSQL passes over what somebody else holds; SQLite lets one
writer in at a time), and a notice has a unique key.
"""

import logging
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import InterfaceError, OperationalError
from django.db.models import QuerySet
from django.utils import timezone

from cases.models import Case, Deadline, Notice, Pause
from cases.notices.actions.standing_in import follow_absences
from cases.notices.reading.office_hours import at_work
from cases.notices.reading.recipients import Houses, Recipients, Told
from cases.outbox.actions.heartbeat import note_reached, note_unreached
from cases.recording import record_in_offices
from cases.rules.reminders import EVEN_WHILE_RESTING, Round, look, steps_for, urgency
from cases.unit_of_work import action
from offices.calendars import Calendar, next_working_day
from offices.models import Office, RuleSet
from offices.queries import Actor
from offices.rules.values import Reminders, ReminderStep

log = logging.getLogger(__name__)
BATCH = 200  # rows locked at once
Batch = list[tuple[int, int, int | None]]  # (office, deadline, case) by id
Rounds = dict[int, tuple[tuple[ReminderStep, ...], Round]]  # by the id of the deadline


@dataclass(frozen=True)
class SweepReport:
    """What one run did: deadlines looked at, notices told and passed over, deadlines that nobody could be told of.

    The latter lie in the offices `unreached_in` (by id). `failed` deadlines of the `troubled` offices could not be
    worked on; the log says why, and the next run
    tries them again.
    """

    looked_at: int = 0
    told: int = 0
    passed: int = 0
    unreached: int = 0
    failed: int = 0
    troubled: frozenset[int] = frozenset()
    unreached_in: frozenset[int] = frozenset()

    def __add__(self, other: "SweepReport") -> "SweepReport":
        return SweepReport(
            self.looked_at + other.looked_at,
            self.told + other.told,
            self.passed + other.passed,
            self.unreached + other.unreached,
            self.failed + other.failed,
            self.troubled | other.troubled,
            self.unreached_in | other.unreached_in,
        )


@dataclass(frozen=True)
class Run:
    """One run at `now`: the offices at work, by id with the days they are there, and the people of their houses."""

    now: datetime
    calendars: Mapping[int, Calendar]
    houses: Houses

    @property
    def today(self) -> date:
        return self.houses.today


Tell = Callable[[Batch, Run], SweepReport]


def sweep(now: datetime) -> SweepReport:
    """Tell what has come due in every office that is at work at `now` (aware); nobody else is woken."""
    today, report = timezone.localtime(now).date(), SweepReport(told=follow_absences(now))
    run = run_at(now, offices_with_due(today))
    for found in look_through(run, due_steps(today), _tell_batch):
        for office_id in found.unreached_in:
            note_unreached(office_id, now)
        report += found
    note_reached(run.calendars.keys() - report.unreached_in, now)
    return report


def run_at(now: datetime, offices: QuerySet[Office]) -> Run:
    """A run over those of the offices that are at work."""
    calendars = {office.pk: calendar for office, calendar in at_work(offices, now)}
    return Run(now, calendars, Houses(timezone.localtime(now).date()))


def look_through(run: Run, due: QuerySet[Deadline], tell: Tell) -> Iterator[SweepReport]:
    """What is due in the offices of a run, batch by batch; an error in one ends nothing for the others."""
    for batch in _batches(due.filter(office__in=list(run.calendars))):
        yield _tell(batch, run, tell)


def offices_with_due(today: date) -> QuerySet[Office]:
    """The offices that have something to tell, or a new or moved deadline nobody has looked at yet."""
    return offices_of(due_steps(today))


def offices_of(due: QuerySet[Deadline]) -> QuerySet[Office]:
    return Office.objects.filter(pk__in=due.order_by().values("office")).order_by("pk")


def due_steps(today: date) -> QuerySet[Deadline]:
    return Deadline.objects.open().filter(next_step_on__isnull=False, next_step_on__lte=today)


def _batches(due: QuerySet[Deadline]) -> Iterator[Batch]:
    """(office, deadline, case) ids, office by office in the order they were made, each once.

    All ids at once: asked for in pieces by id, PostgreSQL reads the deadlines of all years to find the next piece.
    """
    rows = sorted(due.order_by().values_list("office", "pk", "case"))
    yield from (rows[first : first + BATCH] for first in range(0, len(rows), BATCH))


def _tell(batch: Batch, run: Run, tell: Tell) -> SweepReport:
    """A batch; where it fails, each of its offices alone, and there each deadline: one broken row holds up nobody."""
    offices = sorted({office_id for office_id, *_ in batch})
    try:
        return tell(batch, run)
    except (InterfaceError, OperationalError):  # the database is away: the next run finds it all again
        raise
    except Exception:
        log.exception("Eine Runde über %s Fristen der Dienststellen %s ist gescheitert.", len(batch), offices)
    if len(batch) == 1:
        return SweepReport(failed=1, troubled=frozenset(offices))
    by_office = [[row for row in batch if row[0] == office_id] for office_id in offices]
    report = SweepReport()
    for part in by_office if len(offices) > 1 else [[row] for row in batch]:
        report += _tell(part, run, tell)
    return report


@action
def _tell_batch(batch: Batch, run: Run) -> SweepReport:
    """Cases are locked before their deadlines, as every action does it, so nobody waits for each other."""
    free = Case.objects.filter(pk__in={case_id for *_, case_id in batch if case_id}).order_by("pk")
    cases = {
        case.pk: case for case in free.select_for_update(skip_locked=True, no_key=True).defer("text", "outcome_reason")
    }
    ids = [pk for _, pk, case_id in batch if case_id is None or case_id in cases]
    claimed = (
        due_steps(run.today)
        .filter(pk__in=ids)
        .order_by("office", "pk")
        .select_for_update(skip_locked=True, of=("self",), no_key=True)
    )
    found = work_out(list(claimed), cases, run)
    for deadline in found.unreached:
        log.error("Von der Frist %s lässt sich niemand unterrichten.", deadline.pk)
    Notice.objects.bulk_create(found.notices)
    _save_steps(found.deadlines)
    _record(found.deadlines, found.rounds, found.notices, run.today)
    return found.report()


def _save_steps(deadlines: list[Deadline]) -> None:
    """The next steps of locked deadlines in one statement; a row that is there is changed, and no other comes."""
    Deadline.objects.bulk_create(
        deadlines, update_conflicts=True, unique_fields=["id"], update_fields=["next_step", "next_step_on"]
    )


@dataclass(frozen=True)
class Found:
    """What a batch has to tell: nothing of it is saved, neither the notices nor the next steps of the deadlines."""

    deadlines: list[Deadline]
    rounds: Rounds
    notices: list[Notice]
    unreached: list[Deadline]

    def report(self) -> SweepReport:
        told = sum(not notice.was_skipped for notice in self.notices)
        return SweepReport(
            len(self.deadlines),
            told,
            len(self.notices) - told,
            len(self.unreached),
            unreached_in=frozenset(deadline.office_id for deadline in self.unreached),
        )


def work_out(deadlines: list[Deadline], cases: dict[int, Case], run: Run) -> Found:
    for deadline in deadlines:
        deadline.case = cases.get(deadline.case_id)
    rounds = _rounds(deadlines, set(cases), run)
    notices = _new_notices(deadlines, rounds, Recipients(run.houses, deadlines), run)
    unreached = _unreached(deadlines, rounds, notices)
    for deadline in unreached:  # again tomorrow: somebody may be there then
        deadline.next_step = rounds[deadline.pk][1].told
        deadline.next_step_on = next_working_day(run.calendars[deadline.office_id], run.today)
    return Found(deadlines, rounds, notices, unreached)


def _unreached(
    deadlines: Sequence[Deadline],
    rounds: Rounds,
    notices: Sequence[Notice],
) -> list[Deadline]:
    """Those that have something to tell and of which nobody is told, now or before."""
    reached = {notice.deadline_id for notice in notices if not notice.was_skipped}
    to_tell = [d for d in deadlines if d.pk in rounds and rounds[d.pk][1].told is not None]
    missed = [d for d in to_tell if d.pk not in reached]
    if not missed:
        return []
    before = set(Notice.objects.told().filter(deadline__in=missed).values_list("deadline", flat=True))
    return [d for d in missed if d.pk not in before]


def _rounds(deadlines: Sequence[Deadline], case_ids: set[int], run: Run) -> Rounds:
    """What each deadline has to tell today, by id; sets the place and the day of its next step (not saved).

    What rests has no step until it goes on.
    """
    resting = set(Pause.objects.filter(case__in=case_ids, resumed_on__isnull=True).values_list("case", flat=True))
    reminders = _reminders_of({d.case.rule_set_id for d in deadlines if d.case})
    found = {}
    for deadline in deadlines:
        if deadline.case_id in resting and deadline.kind not in EVEN_WHILE_RESTING:
            deadline.next_step_on = None
            continue
        of_case = reminders[deadline.case.rule_set_id] if deadline.case else Reminders()
        steps = steps_for(of_case, deadline.kind, deadline.steps)
        calendar = run.calendars[deadline.office_id]
        seen = look(steps, calendar, deadline.due_on, deadline.next_step, run.today)
        deadline.next_step, deadline.next_step_on = seen.next_step, seen.next_on
        found[deadline.pk] = steps, seen
    return found


def _reminders_of(rule_set_ids: set[int]) -> dict[int, Reminders]:
    return {pk: rule_set.parameters.reminders for pk, rule_set in RuleSet.objects.in_bulk(rule_set_ids).items()}


def _new_notices(
    deadlines: Sequence[Deadline],
    rounds: Rounds,
    recipients: Recipients,
    run: Run,
) -> list[Notice]:
    """A notice for everybody the told step names, and one without a mail for whom a passed step would have named."""
    known = set(Notice.objects.filter(deadline__in=list(rounds)).values_list("deadline", "due_on", "step", "recipient"))
    notices = []
    for deadline in deadlines:
        if deadline.pk not in rounds or rounds[deadline.pk][1].told is None:
            continue
        steps, seen = rounds[deadline.pk]
        for place in (*seen.passed, seen.told):
            for told in recipients.of(deadline, steps[place]):
                notice = _notice(deadline, steps[place], told, run, was_skipped=place != seen.told)
                if (notice.deadline_id, notice.due_on, notice.step, notice.recipient_id) not in known:
                    notices.append(notice)
    return notices


def _notice(deadline: Deadline, step: ReminderStep, told: Told, run: Run, *, was_skipped: bool) -> Notice:
    return Notice(
        deadline=deadline,
        office_id=deadline.office_id,
        due_on=deadline.due_on,
        step=step.offset,
        urgency=urgency(deadline.due_on, run.today),
        recipient_id=told.user_id,
        in_place_of_id=told.in_place_of,
        own_level=told.own_level,
        was_skipped=was_skipped,
        created_at=run.now,
        mailing=Notice.Mailing.NONE if was_skipped else Notice.Mailing.WAITING,
    )


def _record(
    deadlines: Sequence[Deadline],
    rounds: Rounds,
    notices: Sequence[Notice],
    today: date,
) -> None:
    """One entry on the story of each case: which step, how many people, how many of them for somebody absent."""
    people = Counter(n.deadline_id for n in notices if not n.was_skipped)
    deputies = Counter(n.deadline_id for n in notices if not n.was_skipped and n.in_place_of_id)
    rows = []
    for deadline in deadlines:
        if not people[deadline.pk]:
            continue
        steps, seen = rounds[deadline.pk]
        data = {
            "kind": deadline.label,
            "due_on": deadline.due_on.isoformat(),
            "step": steps[seen.told].words,
            "told": _how_many(people[deadline.pk], deputies[deadline.pk]),
            "passed": [steps[place].words for place in seen.passed],
        }
        rows.append((deadline.office_id, deadline.case_id, data))
    record_in_offices("deadline.told", by=Actor(user=None, today=today), rows=rows)


def _how_many(people: int, deputies: int) -> str:
    """„3 Personen, davon 1 in Vertretung“; the log holds no names."""
    words = "1 Person" if people == 1 else f"{people} Personen"
    if not deputies:
        return words
    return f"{words} in Vertretung" if deputies == people else f"{words}, davon {deputies} in Vertretung"
