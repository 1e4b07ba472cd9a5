"""Which open case stands in which group of the day, for whom: the conditions behind start page and list.

Every open case that is one's business stands in exactly one of the groups from „überfällig“ to „wartet auf andere“:
for the desk all of the office, for others those of their units or under their names. What was asked of one in
person stands in „wartet auf mich“, and beside that only where it is due. Letters to dispatch and Wiedervorlagen are
tasks of their own and stand beside them, as does what is only „zur Kenntnis“, which is no work at all.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from functools import cached_property

from django.db import models
from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery

from cases.models import Assignment, Case, CaseUserGrant, Deadline, Letter, Pause, Transfer
from cases.models.case import CaseQuerySet
from cases.rules.assignments import FOR_INFORMATION, LISTED_APART
from cases.rules.deadlines import SOON_WORKING_DAYS
from cases.rules.lifecycle import STATUSES, Status, Turn
from offices.calendars import Calendar, next_working_day
from offices.models import Office
from offices.queries import Actor, closed_day
from offices.roles import LEADERS, Permission, Scope

MOST_URGENT_FIRST = (F("my_due_on").asc(nulls_last=True), F("received_on").asc(), F("pk").asc())
UNIT_STATUSES = frozenset(s for s, entry in STATUSES.items() if entry.turn == Turn.UNIT)
KRM_STATUSES = frozenset(s for s, entry in STATUSES.items() if entry.turn == Turn.KRM)


class Group(StrEnum):
    """The groups of the start page in their order; the values stand in URLs."""

    OVERDUE = "ueberfaellig"
    TODAY = "heute"
    ASKED = "auftraege"
    DISPATCH = "versand"
    FOLLOW_UP = "wiedervorlage"
    NEW = "neu"
    SOON = "bald"
    ONGOING = "in-arbeit"
    WAITING = "wartet"
    TO_KNOW = "kenntnis"


GROUP_LABELS = {
    Group.OVERDUE: "überfällig",
    Group.TODAY: "heute fällig",
    Group.ASKED: "wartet auf mich",
    Group.DISPATCH: "zu versenden",
    Group.FOLLOW_UP: "Wiedervorlagen",
    Group.NEW: "neu",
    Group.SOON: "bald fällig",
    Group.ONGOING: "später oder ohne Frist",
    Group.WAITING: "wartet auf andere",
    Group.TO_KNOW: "zur Kenntnis",
}
BESIDE = (Group.ASKED, Group.DISPATCH, Group.FOLLOW_UP, Group.TO_KNOW)  # their cases stand in another group too
# What the KRM owes, wherever the case lies, and what a list calls it
KRM_OWES = {
    Deadline.Kind.ACKNOWLEDGEMENT: "Eingang bestätigen",
    Deadline.Kind.INTERIM: "Zwischennachricht geben",
    Deadline.Kind.REST: "Fortsetzung prüfen",
    Deadline.Kind.PRESENTATION: "der Geschäftsführung vorlegen",
}


@dataclass(frozen=True)
class Day:
    """An actor's day: the offices in which cases can be seen, with their calendars."""

    actor: Actor
    offices: Mapping[int, Office]
    calendars: Mapping[int, Calendar]

    @property
    def today(self) -> date:
        return self.actor.today

    @cached_property
    def soon_until(self) -> dict[int, date]:
        """Office id -> the last day, included, for which the signal still says at most „noch 2 AT“."""
        return {pk: self._soon_until(calendar) for pk, calendar in self.calendars.items()}

    def _soon_until(self, calendar: Calendar) -> date:
        day = self.today
        for _ in range(SOON_WORKING_DAYS + 1):
            day = next_working_day(calendar, day)
        return day - timedelta(days=1)

    @cached_property
    def desks(self) -> frozenset[int]:
        """Offices whose every case the actor watches: KRM-Beauftragte and Geschäftsführung."""
        return frozenset(
            s.office_id
            for s in self.actor.seats_with(Permission.READ_CASES)
            if s.scope == Scope.OFFICE and (s.may(Permission.TRIAGE) or s.may(Permission.EXTEND))
        )

    @property
    def watches_all(self) -> bool:
        """Whether the actor watches every case that can be seen at all."""
        return self.desks.issuperset(self.offices)

    @cached_property
    def own_desks(self) -> frozenset[int]:
        """Those of the desks at which the actor decides; the Geschäftsführung watches, it does not take cases over."""
        return frozenset(
            s.office_id
            for s in self.actor.seats_with(Permission.READ_CASES)
            if s.scope == Scope.OFFICE and s.may(Permission.TRIAGE)
        )

    @cached_property
    def own_units(self) -> frozenset[int]:
        return frozenset(u for s in self.actor.seats_with(Permission.WORK) if s.role in LEADERS for u in s.unit_ids)

    @cached_property
    def groups(self) -> tuple[Group, ...]:
        """What the start page of this actor shows; empty for roles that read no cases."""
        actor = self.actor
        shown = {Group.ASKED, Group.FOLLOW_UP, Group.TO_KNOW} if actor.may(Permission.READ_CASES) else set()
        if any(s.may(Permission.WORK) or s.scope == Scope.NONE for s in actor.seats_with(Permission.READ_CASES)):
            shown |= {Group.OVERDUE, Group.TODAY, Group.SOON, Group.ONGOING, Group.WAITING}
        if self.own_desks:
            shown.add(Group.NEW)
        if actor.may(Permission.DISPATCH):
            shown.add(Group.DISPATCH)
        return tuple(group for group in Group if group in shown)


def day_of(actor: Actor) -> Day:
    """The actor's day, in two queries: the own offices and those of single grants, with their calendars."""
    granted = CaseUserGrant.objects.filter(user=actor.user_id).values("content_object__office")
    offices = list(
        Office.objects.filter(Q(pk__in=list(actor.offices)) | Q(pk__in=granted)).prefetch_related("closings")
    )
    return Day(actor, {office.pk: office for office in offices}, {o.pk: _calendar(o) for o in offices})


def _calendar(office: Office) -> Calendar:
    return Calendar(office.state, tuple(closed_day(closing) for closing in office.closings.all()))


def visible_cases(day: Day) -> CaseQuerySet:
    """What the actor sees; naming the offices besides changes nothing and lets the index of an office be used."""
    return Case.objects.visible_to(day.actor).filter(office__in=list(day.offices))


def in_group(cases: CaseQuerySet, group: Group, day: Day) -> CaseQuerySet:
    """Those of the visible `cases` that stand in a group of the start page."""
    if group == Group.ASKED:
        here = asked(day).exclude(kind__in=LISTED_APART)
        return cases.filter(pk__in=here.order_by().values("case").distinct())
    if group == Group.TO_KNOW:
        return cases.filter(pk__in=to_know(day).order_by().values("case").distinct())
    if group == Group.DISPATCH:
        return cases.filter(to_dispatch(day))
    if group == Group.FOLLOW_UP:
        return cases.filter(_to_look_at(day))
    return grouped(cases.open(), day).filter(day_group=group)


def grouped(open_cases: CaseQuerySet, day: Day) -> CaseQuerySet:
    """Open cases with `my_due_on` and `day_group`: the one group each of them stands in, None for others' business.

    A unit is not late with what the desk owes the person: its date is the next one beyond confirmation and interim.
    """
    mine = _mine(day)
    watched = Q() if day.watches_all else Q(office__in=day.desks) | mine
    concerned = Q() if day.watches_all else watched | _named(day)
    soon = _any(Q(office=pk, my_due_on__lte=until) for pk, until in day.soon_until.items())
    whens = [
        models.When(concerned & Exists(open_pauses()), then=models.Value(Group.WAITING.value)),
        models.When(watched & Q(my_due_on__lt=day.today), then=models.Value(Group.OVERDUE.value)),
        models.When(watched & Q(my_due_on=day.today), then=models.Value(Group.TODAY.value)),
        models.When(Q(pk__in=asked(day).values("case")), then=models.Value(None)),
        models.When(mine & Q(status=Status.NEW), then=models.Value(Group.NEW.value)),
        models.When(watched & soon, then=models.Value(Group.SOON.value)),
        models.When(mine, then=models.Value(Group.ONGOING.value)),
    ]
    rest = models.Value(Group.WAITING.value)
    if not day.watches_all:
        whens, rest = [*whens, models.When(concerned, then=rest)], None
    group = models.Case(*whens, default=rest, output_field=models.CharField())
    return with_my_date(open_cases, day).annotate(day_group=group)


def with_my_date(cases: CaseQuerySet, day: Day) -> CaseQuerySet:
    if day.watches_all:
        return cases.annotate(my_due_on=F("next_due_on"))
    of_the_unit = models.When(
        Q(status__in=UNIT_STATUSES, closed_on__isnull=True) & ~Q(office__in=day.desks) & ~Exists(open_pauses()),
        then=Subquery(open_dates().exclude(kind__in=list(KRM_OWES)).values("due_on")[:1]),
    )
    return cases.annotate(my_due_on=models.Case(of_the_unit, default=F("next_due_on")))


def open_dates() -> QuerySet[Deadline]:
    """Open deadlines of the case, Wiedervorlagen apart, earliest first; the interim letter after what it replaces."""
    dates = Deadline.objects.open().filter(case=OuterRef("pk")).exclude(kind=Deadline.Kind.FOLLOW_UP)
    is_interim = models.Case(models.When(kind=Deadline.Kind.INTERIM, then=1), default=0)
    return dates.order_by("due_on", is_interim, "pk")


def _mine(day: Day) -> Q:
    """Whose turn it is, from the table of states: the desk's, or that of the unit and the people named."""
    return Q(status__in=KRM_STATUSES, office__in=day.own_desks) | (Q(status__in=UNIT_STATUSES) & _named(day))


def _named(day: Day) -> Q:
    """Cases that are the actor's own business: by name, by the unit in charge, by a grant."""
    people = day.actor.holder_ids
    granted = CaseUserGrant.objects.filter(user=day.actor.user_id).values("content_object")
    return Q(handler__in=people) | Q(responsible__in=people) | Q(unit__in=day.own_units) | Q(pk__in=granted)


def asked(day: Day) -> QuerySet[Assignment]:
    """What is asked on cases of the actor in person, or of somebody the actor stands in for."""
    return _of_cases(day).exclude(kind__in=FOR_INFORMATION)


def to_know(day: Day) -> QuerySet[Assignment]:
    """What the actor, or somebody the actor stands in for, is told „zur Kenntnis“."""
    return _of_cases(day).filter(kind__in=FOR_INFORMATION)


def _of_cases(day: Day) -> QuerySet[Assignment]:
    return Assignment.objects.open().filter(case__isnull=False, user__in=day.actor.holder_ids)


def asked_of(day: Day) -> QuerySet[Assignment]:
    """Both, with what concerns Abgaben, in sight or not, the most urgent first; without what has a list of its own."""
    mine = Assignment.objects.open().filter(user__in=day.actor.holder_ids).exclude(kind__in=LISTED_APART)
    return mine.order_by(F("due_on").asc(nulls_last=True), "since_on", "pk")


@dataclass(frozen=True)
class InSight:
    """Ids of what the actor sees, and of the cases among it those where it is the actor's turn."""

    cases: frozenset[int] = frozenset()
    transfers: frozenset[int] = frozenset()
    own_turn: frozenset[int] = frozenset()


def in_sight(day: Day, case_ids: Iterable[int | None], transfer_ids: Iterable[int | None]) -> InSight:
    """Which of these cases and Abgaben the actor sees, in one query at most.

    Asked of the few that matter: a set of all that are visible would be as large as the house.
    """
    case_ids, transfer_ids, parts = set(case_ids) - {None}, set(transfer_ids) - {None}, []
    if case_ids:
        cases = visible_cases(day).filter(pk__in=case_ids).order_by()
        parts.append(_marked(cases, True, models.ExpressionWrapper(_mine(day), models.BooleanField())))
    if transfer_ids:
        transfers = Transfer.objects.visible_to(day.actor).filter(pk__in=transfer_ids).order_by()
        parts.append(_marked(transfers, False, models.Value(False)))
    found = list(parts[0].union(*parts[1:], all=True)) if parts else []
    return InSight(
        cases=frozenset(pk for pk, is_case, _ in found if is_case),
        transfers=frozenset(pk for pk, is_case, _ in found if not is_case),
        own_turn=frozenset(pk for pk, _, own in found if own),
    )


def _marked(rows: QuerySet, is_case: bool, own_turn: models.Expression) -> QuerySet:
    return rows.annotate(is_case=models.Value(is_case), own=own_turn).values_list("pk", "is_case", "own")


def to_dispatch(day: Day) -> Q:
    """Letters that are issued and not sent, where the actor may note the dispatch."""
    waiting = Letter.objects.filter(issued_at__isnull=False, sent_on__isnull=True, case__isnull=False)
    # A few cases: said to be distinct, PostgreSQL looks each of them up instead of reading all cases beside them.
    ids = waiting.order_by().values("case").distinct()
    return Q(office__in=day.actor.office_ids(Permission.DISPATCH), pk__in=ids)


def _to_look_at(day: Day) -> Q:
    """Wiedervorlagen of the actor, and those for „whoever is next“ where that is the actor."""
    looks = follow_ups(day)
    own = looks.filter(case=OuterRef("pk"), assignee__isnull=False)
    # The first condition is what an index finds; the second only sorts out.
    return Q(pk__in=looks.order_by().values("case").distinct()) & (_mine(day) | Exists(own))


def follow_ups(day: Day) -> QuerySet[Deadline]:
    """Open Wiedervorlagen due within the next days, for the actor by name or for nobody by name."""
    due = _any(Q(office=pk, due_on__lte=until) for pk, until in day.soon_until.items())
    mine = Q(assignee__in=day.actor.holder_ids) | Q(assignee__isnull=True)
    return Deadline.objects.open().filter(due & mine, kind=Deadline.Kind.FOLLOW_UP).order_by("due_on", "pk")


def open_pauses() -> QuerySet[Pause]:
    """Of the case that a surrounding query is about."""
    return Pause.objects.filter(case=OuterRef("pk"), resumed_on__isnull=True)


def _any(conditions: Iterable[Q]) -> Q:
    whole = Q(pk__in=[])
    for condition in conditions:
        whole |= condition
    return whole
