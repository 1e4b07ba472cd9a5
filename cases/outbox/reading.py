"""What the technical administration looks after: signs of life, the mail queue, its open tasks. Never a case."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Count, Max, Min, Q, QuerySet

from cases.models import Deadline, Heartbeat, Mail
from offices.models import Membership, Office, RuleSet
from offices.queries import Actor
from offices.roles import Permission, Role

TROUBLE = " trouble"  # ends the names of signs that single rows of a part could not be worked on
UNREACHED = "unreached "  # begins the names of signs that an office has a deadline that reaches nobody; its id follows
WORKER = "worker "  # begins the names of workers' signs of life; the machine follows


@dataclass(frozen=True)
class MailQueue:
    """Mails that are not sent: `waiting` of which `delayed` have failed before, and `refused`.

    `late`: for how long one has been due that nobody took up.
    """

    waiting: int
    delayed: int
    refused: int
    late: timedelta


def mail_queue(now: datetime) -> MailQueue:
    """The queue of the whole installation at `now`."""
    found = Mail.objects.filter(state=Mail.State.QUEUED).aggregate(
        waiting=Count("pk"),
        delayed=Count("pk", filter=Q(attempts__gt=0)),
        next_try_at=Min("next_try_at"),
    )
    return MailQueue(
        waiting=found["waiting"],
        delayed=found["delayed"],
        refused=Mail.objects.filter(state=Mail.State.REFUSED).count(),
        late=max(timedelta(0), now - (found["next_try_at"] or now)),
    )


def last_beat(name: str) -> datetime | None:
    """When the part of this name last gave a sign of life."""
    return Heartbeat.objects.filter(name=name).values_list("at", flat=True).first()


def last_beat_of_workers() -> datetime | None:
    """The latest sign of life of any worker."""
    return Heartbeat.objects.filter(name__startswith=WORKER).aggregate(at=Max("at"))["at"]


def offices_with_unreached() -> int:
    """How many offices have a deadline of which nobody could be told when it was last looked at."""
    return Heartbeat.objects.filter(name__startswith=UNREACHED).count()


def workers_since(moment: datetime) -> int:
    """How many workers gave a sign of life since then."""
    return Heartbeat.objects.filter(name__startswith=WORKER, at__gte=moment).count()


def offices_without_rules(today: date) -> QuerySet[Office]:
    """Offices that had a rule set and have none in force: there nothing can be registered.

    One that never had any is a body above the others, which registers nothing itself.
    """
    with_rules = Office.objects.filter(pk__in=RuleSet.objects.values("office"))
    return with_rules.exclude(pk__in=RuleSet.objects.in_force(today).values("office")).order_by("name")


def tasks_open() -> QuerySet[Deadline]:
    """What other parts of KRM ask of the technical administration: dates without a case."""
    return Deadline.objects.open().filter(case__isnull=True, role=Role.SYSADMIN)


def tasks_of(actor: Actor) -> QuerySet[Deadline]:
    """Those of the actor's offices, the most urgent first."""
    offices = actor.office_ids(Permission.READ_HEALTH)
    return tasks_open().filter(office__in=offices).select_related("office").order_by("due_on", "pk")


def mails_of(actor: Actor) -> QuerySet[Mail]:
    """Unsent mails to people of the actor's offices, those that have waited longest first."""
    people = Membership.objects.filter(office__in=actor.office_ids(Permission.READ_HEALTH)).values("user")
    unsent = Mail.objects.filter(state__in=(Mail.State.QUEUED, Mail.State.REFUSED), to__in=people)
    return unsent.select_related("to").defer("subject", "text").order_by("created_at", "pk")
