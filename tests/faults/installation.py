"""The installation of a trial, worked on in a process of its own: `python -m tests.faults.installation WORK …`.

`fill COUNT SEED FILE` makes offices, people and deadlines in an empty database and writes down who has to be told of
what; `told` prints what is there afterwards. Which database it is says the environment.
"""

import json
import random
import sys
from collections.abc import Iterator
from itertools import cycle, islice
from pathlib import Path

import django

django.setup()

from django.core.management import call_command  # noqa: E402 - from here on there are models
from django.db.models import QuerySet  # noqa: E402

from cases.models import Deadline, Event, Mail, Notice  # noqa: E402
from cases.notices.reading.recipients import Houses, Recipients  # noqa: E402
from cases.rules.reminders import look, step_day, steps_for  # noqa: E402
from krm.demo import house as demo_house  # noqa: E402
from offices.calendars import Calendar  # noqa: E402
from offices.models import Membership, Office, Substitution, Unit, User  # noqa: E402
from offices.queries import Actor, calendars_for  # noqa: E402
from offices.roles import Role  # noqa: E402
from offices.rules.values import Reminders  # noqa: E402
from reporting.actions.reports import draft_owed  # noqa: E402
from tests import make  # noqa: E402
from tests.cast import TODAY, actor  # noqa: E402
from tests.krm.another import empty  # noqa: E402

OFFICES = ("germersheim", "pankow", "gera")
DUE = (1, 0, -1, -3, -5)  # Arbeitstage from today; the first is told ahead, the last has four steps behind it
IN_EACH_CASE = 5
FOR_EACH_PERSON = 3


def fill(count: int, seed: int, file: Path) -> None:
    """`count` due deadlines: most in the hands of a person, some of a role, some of a case."""
    empty()
    demo_house.build(OFFICES)
    chance = random.Random(seed)  # noqa: S311 - the same deadlines for the same seed
    people = _people(count // FOR_EACH_PERSON)
    _absences(people, chance)
    offices = list(Office.objects.order_by("pk"))
    for office in offices:  # the schedule would do it at once, and tell of their days too
        draft_owed(by=Actor(user=None, today=TODAY), office=office)
    calendars = calendars_for(offices, closed_days_are_working_days=False)
    deadlines = list(_of_cases(count // 10, calendars, chance))
    for person, office_id in islice(cycle(people), count - len(deadlines)):
        in_hand = {"role": Role.SYSADMIN} if chance.random() < 0.05 else {"assignee_id": person.pk}
        due_on = step_day(calendars[office_id], TODAY, chance.choice(DUE))
        subject = f"Auftrag {person.pk}"
        deadlines.append(_deadline(due_on, office_id=office_id, subject=subject, path="/", task="Bericht", **in_hand))
    Deadline.objects.bulk_create(deadlines, batch_size=500)
    expected = [row for office in offices for row in _expected(office, calendars[office.pk])]
    file.write_text(json.dumps(expected), encoding="utf-8")


def _people(count: int) -> list[tuple[User, int]]:
    """So many, evenly over the offices; (person, office id)."""
    teams = {team.office_id: team for team in Unit.objects.filter(number="711")}
    office_ids = sorted(teams)
    users = User.objects.bulk_create(
        [User(username=f"person.{n}", password="!", email=f"person.{n}@haus.example") for n in range(count)],
        batch_size=500,
    )
    seats = [(user, office_ids[n % len(office_ids)]) for n, user in enumerate(users)]
    Membership.objects.bulk_create(
        [
            Membership(user=user, office_id=pk, unit=teams[pk], role=Role.EMPLOYEE, from_on=demo_house.SINCE)
            for user, pk in seats
        ],
        batch_size=500,
    )
    return seats


def _absences(people: list[tuple[User, int]], chance: random.Random) -> None:
    """One of twenty is away, and somebody else of the house stands in."""
    for (absent, office_id), (deputy, other_id) in zip(people, people[len(OFFICES) :], strict=False):
        if office_id == other_id and chance.random() < 0.05:
            Substitution.objects.create(absent=absent, deputy=deputy, from_on=TODAY, until_on=TODAY)


def _of_cases(count: int, calendars: dict[int, Calendar], chance: random.Random) -> Iterator[Deadline]:
    for number in range(0, count, IN_EACH_CASE):
        case = make.case(actor(f"{OFFICES[number // IN_EACH_CASE % len(OFFICES)]}.krm"))
        for _ in range(IN_EACH_CASE):
            due_on = step_day(calendars[case.office_id], TODAY, chance.choice(DUE))
            yield _deadline(due_on, office_id=case.office_id, case=case, task="Rückfrage")


def _deadline(due_on, **values) -> Deadline:
    return Deadline(kind=Deadline.Kind.OTHER, start_on=TODAY, raw_on=due_on, due_on=due_on, **values)


def _expected(office: Office, calendar: Calendar) -> Iterator[list]:
    """What has to be told today, as `_row` writes it."""
    deadlines = list(Deadline.objects.filter(office=office).select_related("case__rule_set").order_by("pk"))
    recipients = Recipients(Houses(TODAY), deadlines)
    for deadline in deadlines:
        of_case = deadline.case.rule_set.parameters.reminders if deadline.case else Reminders()
        steps = steps_for(of_case, deadline.kind, deadline.steps)
        seen = look(steps, calendar, deadline.due_on, 0, TODAY)
        for place in () if seen.told is None else (*seen.passed, seen.told):
            for told in recipients.of(deadline, steps[place]):
                skipped = place != seen.told
                yield _row(deadline.pk, deadline.due_on, steps[place].offset, told.user_id, was_skipped=skipped)


def _row(deadline_id: int, due_on, step: int, user_id: int, *, was_skipped: bool) -> list:
    return [deadline_id, due_on.isoformat(), step, user_id, was_skipped]


def told() -> None:
    """Notices, mails and entries of the log as JSON; fails where the log's chain is broken."""
    call_command("verify_events", stdout=sys.stderr)
    of_deadlines = Notice.objects.filter(
        deadline__isnull=False
    )  # what was asked at the beginning is no part of the trial
    notices = of_deadlines.order_by("pk").values_list("deadline", "due_on", "step", "recipient", "was_skipped")
    facts = {
        "notices": [_row(*row[:4], was_skipped=row[4]) for row in notices],
        "without mail": _count(of_deadlines.told().exclude(mailing=Notice.Mailing.MAILED, mail__isnull=False)),
        "mailed to others": sum(
            mail_to != recipient for mail_to, recipient in of_deadlines.told().values_list("mail__to", "recipient")
        ),
        "mails": {str(m.message_id): [m.state, m.address] for m in Mail.objects.all()},
        "mails about nothing": _count(Mail.objects.filter(notices__isnull=True)),
        "entries": _count(Event.objects.filter(code="deadline.told")),
    }
    sys.stdout.write(json.dumps(facts))


def _count(rows: QuerySet) -> int:
    return rows.count()


if __name__ == "__main__":
    if sys.argv[1] == "fill":
        fill(int(sys.argv[2]), int(sys.argv[3]), Path(sys.argv[4]))
    else:
        told()
