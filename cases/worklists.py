"""Whose turn it is today: the groups of the start page and the rows of lists, in a fixed number of queries.

Every open case that is one's business stands in exactly one of the groups from „überfällig“ to „wartet auf andere“:
for the desk all of the office, for others those of their units or under their names. Letters to dispatch and
Wiedervorlagen are tasks of their own and stand beside them. The list filters by the same groups.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from functools import cached_property

from django.db import models
from django.db.models import Exists, F, FilteredRelation, OuterRef, Q, QuerySet, Subquery, Window
from django.db.models.functions import RowNumber

from cases.models import Case, CaseUserGrant, Deadline, Letter, Pause, Person
from cases.rules.deadlines import SOON_WORKING_DAYS, Signal, signal
from cases.rules.lifecycle import STATUSES, TURN_LABELS, Status, Turn
from offices.calendars import Calendar, next_working_day
from offices.models import Office
from offices.queries import Actor, Seat, calendars_for
from offices.roles import LEADERS, Permission, Scope

ROWS_A_GROUP = 20
MOST_URGENT_FIRST = (F("my_due_on").asc(nulls_last=True), F("received_on").asc(), F("pk").asc())
UNIT_STATUSES = frozenset(s for s, entry in STATUSES.items() if entry.turn == Turn.UNIT)


class Group(StrEnum):
    """The groups of the start page in their order; the values stand in URLs."""

    OVERDUE = "ueberfaellig"
    TODAY = "heute"
    DISPATCH = "versand"
    FOLLOW_UP = "wiedervorlage"
    NEW = "neu"
    SOON = "bald"
    ONGOING = "in-arbeit"
    WAITING = "wartet"


GROUP_LABELS = {
    Group.OVERDUE: "überfällig",
    Group.TODAY: "heute fällig",
    Group.DISPATCH: "zu versenden",
    Group.FOLLOW_UP: "Wiedervorlagen",
    Group.NEW: "neu",
    Group.SOON: f"in {SOON_WORKING_DAYS} Arbeitstagen fällig",
    Group.ONGOING: "später fällig",
    Group.WAITING: "wartet auf andere",
}
STATUS_KINDS = {Status.NEW: "info", Status.ANSWERED: "success"}
KRM_VERBS = {  # what the desk owes the person, wherever the case lies
    Deadline.Kind.ACKNOWLEDGEMENT: "Eingang bestätigen",
    Deadline.Kind.INTERIM: "Zwischennachricht geben",
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

    @cached_property
    def own_units(self) -> frozenset[int]:
        return frozenset(u for s in self.actor.seats_with(Permission.WORK) if s.role in LEADERS for u in s.unit_ids)

    @cached_property
    def groups(self) -> tuple[Group, ...]:
        """What the start page of this actor shows; empty for roles that read no cases."""
        actor = self.actor
        shown = {Group.FOLLOW_UP} if actor.may(Permission.READ_CASES) else set()
        if any(s.may(Permission.WORK) or s.scope == Scope.NONE for s in actor.seats_with(Permission.READ_CASES)):
            shown |= {Group.OVERDUE, Group.TODAY, Group.SOON, Group.ONGOING, Group.WAITING}
        if self.desks:
            shown.add(Group.NEW)
        if actor.may(Permission.DISPATCH):
            shown.add(Group.DISPATCH)
        return tuple(group for group in Group if group in shown)


def day_of(actor: Actor) -> Day:
    """The actor's day, in two queries: offices of single grants beyond the own ones, and all calendars."""
    granted = CaseUserGrant.objects.filter(user=actor.user_id).values("content_object__office")
    offices = dict(actor.offices)
    offices |= {o.pk: o for o in Office.objects.filter(pk__in=granted).exclude(pk__in=offices)}
    return Day(actor, offices, calendars_for(offices.values()))


def visible_cases(day: Day) -> QuerySet[Case]:
    """What the actor sees; naming the offices besides changes nothing and lets the index of an office be used."""
    return Case.objects.visible_to(day.actor).filter(office__in=list(day.offices))


def in_group(cases: QuerySet[Case], group: Group, day: Day) -> QuerySet[Case]:
    """Those of the visible `cases` that stand in a group of the start page."""
    if group == Group.DISPATCH:
        return cases.filter(_to_dispatch(day))
    if group == Group.FOLLOW_UP:
        return cases.filter(_to_look_at(day))
    return grouped(cases.open(), day).filter(day_group=group)


def grouped(open_cases: QuerySet[Case], day: Day) -> QuerySet[Case]:
    """Open cases with `my_due_on` and `day_group`: the one group each of them stands in, None for others' business.

    A unit is not late with what the desk owes the person: its date is the next one beyond confirmation and interim.
    """
    watched, mine = Q(office__in=day.desks) | _mine(day), _mine(day)
    soon = _any(Q(office=pk, my_due_on__lte=until) for pk, until in day.soon_until.items())
    group = models.Case(
        models.When((watched | _named(day)) & Exists(_open_pauses()), then=models.Value(Group.WAITING.value)),
        models.When(watched & Q(my_due_on__lt=day.today), then=models.Value(Group.OVERDUE.value)),
        models.When(watched & Q(my_due_on=day.today), then=models.Value(Group.TODAY.value)),
        models.When(mine & Q(status=Status.NEW), then=models.Value(Group.NEW.value)),
        models.When(watched & soon, then=models.Value(Group.SOON.value)),
        models.When(mine, then=models.Value(Group.ONGOING.value)),
        models.When(watched | _named(day), then=models.Value(Group.WAITING.value)),
        default=None,
        output_field=models.CharField(),
    )
    return _with_my_date(open_cases, day).annotate(day_group=group)


def _with_my_date(cases: QuerySet[Case], day: Day) -> QuerySet[Case]:
    of_the_unit = models.When(
        Q(status__in=UNIT_STATUSES, closed_on__isnull=True) & ~Q(office__in=day.desks) & ~Exists(_open_pauses()),
        then=Subquery(_dates().exclude(kind__in=KRM_VERBS).values("due_on")[:1]),
    )
    return cases.annotate(my_due_on=models.Case(of_the_unit, default=F("next_due_on")))


def _dates() -> QuerySet[Deadline]:
    """Open deadlines of the case, Wiedervorlagen apart, earliest first; the interim letter after what it replaces."""
    dates = Deadline.objects.open().filter(case=OuterRef("pk")).exclude(kind=Deadline.Kind.FOLLOW_UP)
    is_interim = models.Case(models.When(kind=Deadline.Kind.INTERIM, then=1), default=0)
    return dates.order_by("due_on", is_interim, "pk")


def _mine(day: Day) -> Q:
    """Whose turn it is, from the table of states: the desk's, or that of the unit and the people named."""
    with_unit = Q(status__in=UNIT_STATUSES)
    return (~with_unit & Q(office__in=day.desks)) | (with_unit & _named(day))


def _named(day: Day) -> Q:
    """Cases that are the actor's own business: by name, by the unit in charge, by a grant."""
    people = day.actor.holder_ids
    granted = CaseUserGrant.objects.filter(user=day.actor.user_id).values("content_object")
    return Q(handler__in=people) | Q(responsible__in=people) | Q(unit__in=day.own_units) | Q(pk__in=granted)


def _to_dispatch(day: Day) -> Q:
    """Letters that are issued and not sent, where the actor may note the dispatch."""
    waiting = Letter.objects.filter(issued_at__isnull=False, sent_on__isnull=True, case__isnull=False)
    return Q(office__in=day.actor.office_ids(Permission.DISPATCH), pk__in=waiting.values("case"))


def _to_look_at(day: Day) -> Q:
    """Wiedervorlagen of the actor, and those for „whoever is next“ where that is the actor."""
    looks = _follow_ups(day)
    return Q(pk__in=looks.filter(assignee__in=day.actor.holder_ids).values("case")) | (
        _mine(day) & Q(pk__in=looks.filter(assignee__isnull=True).values("case"))
    )


def _follow_ups(day: Day) -> QuerySet[Deadline]:
    due = _any(Q(case__office=pk, due_on__lte=until) for pk, until in day.soon_until.items())
    return Deadline.objects.open().filter(due, kind=Deadline.Kind.FOLLOW_UP)


def _open_pauses() -> QuerySet[Pause]:
    return Pause.objects.filter(case=OuterRef("pk"), resumed_on__isnull=True)


def _any(conditions: Iterable[Q]) -> Q:
    whole = Q(pk__in=[])
    for condition in conditions:
        whole |= condition
    return whole


@dataclass(frozen=True)
class Row:
    """One case on a list: what to do next, whose turn it is, until when. `in_place_of` is whom the actor represents."""

    case: Case
    to_do: str
    turn: str
    due_on: date | None
    due_for: str
    signal: Signal | None
    in_place_of: str
    rests: bool
    group: str = ""

    @property
    def turn_beside(self) -> str:
        """Whose turn it is, as far as the state beside it does not say so."""
        if self.case.turn == Turn.UNIT and self.case.unit:
            return self.case.unit.number
        says_so = TURN_LABELS[self.case.turn] in self.stand or not self.case.is_open
        return "" if says_so else f"{TURN_LABELS[self.case.turn]} am Zug"

    @property
    def stand(self) -> str:
        return "Ruht" if self.rests else STATUSES[Status(self.case.status)].label

    @property
    def stand_kind(self) -> str:
        return "neutral" if self.rests else STATUS_KINDS.get(self.case.status, "neutral")

    @property
    def person(self) -> str:
        if self.case.is_anonymous:
            return "anonym"
        name = f"{self.case.last_name or ''}, {self.case.first_name or ''}".strip(", ")
        return name or self.case.organisation or "ohne Angabe"


@dataclass(frozen=True)
class GroupOfDay:
    group: Group
    count: int
    rows: tuple[Row, ...]

    @property
    def label(self) -> str:
        return GROUP_LABELS[self.group]

    @property
    def is_capped(self) -> bool:
        return self.count > len(self.rows)


def start_page(day: Day) -> tuple[GroupOfDay, ...]:
    """The actor's groups with their counts and their most urgent rows (at most ROWS_A_GROUP each), in six queries."""
    if not day.groups:
        return ()
    cases = visible_cases(day)
    counts = _counts(cases, day)
    rows: dict[str, list[Row]] = {group: [] for group in Group}
    for row in rows_of(_first_of_each_group(cases, day), day):
        rows[row.group].append(row)
    rows[Group.DISPATCH] = [_dispatch_row(case, day) for case in _first_to_dispatch(cases, day)]
    rows[Group.FOLLOW_UP] = [_follow_up_row(case, day) for case in _first_to_look_at(cases, day)]
    return tuple(GroupOfDay(group, counts[group], tuple(rows[group])) for group in day.groups)


def _counts(cases: QuerySet[Case], day: Day) -> dict[str, int]:
    open_cases = grouped(cases.open(), day)
    counts = {
        group: models.Count("pk", filter=Q(day_group=group))
        for group in Group
        if group not in (Group.DISPATCH, Group.FOLLOW_UP)
    }
    found = open_cases.aggregate(**{group.name: count for group, count in counts.items()})
    beside = {
        group.name: in_group(cases, group, day).order_by().values("pk").count()
        for group in (Group.DISPATCH, Group.FOLLOW_UP)
    }
    return {group: (found | beside)[group.name] for group in Group}


def _first_of_each_group(cases: QuerySet[Case], day: Day) -> QuerySet[Case]:
    """The most urgent cases of every group at once."""
    place = Window(RowNumber(), partition_by=[F("day_group")], order_by=MOST_URGENT_FIRST)
    grouped_cases = grouped(cases.open(), day).filter(day_group__isnull=False).order_by()
    ranked = grouped_cases.annotate(place=place).filter(place__lte=ROWS_A_GROUP)
    first = Case.objects.filter(pk__in=ranked.values("pk"))
    return with_details(grouped(first, day)).order_by(*MOST_URGENT_FIRST)


def _first_to_dispatch(cases: QuerySet[Case], day: Day) -> QuerySet[Case]:
    order = (F("next_due_on").asc(nulls_last=True), "pk")
    first = in_group(cases, Group.DISPATCH, day).order_by(*order)[:ROWS_A_GROUP]
    return _with_my_date(with_details(first), day).order_by(*order)


def _first_to_look_at(cases: QuerySet[Case], day: Day) -> QuerySet[Case]:
    first = _with_looks(in_group(cases, Group.FOLLOW_UP, day), day).order_by("look_on", "pk")[:ROWS_A_GROUP]
    return _with_looks(with_details(first), day).order_by("look_on", "pk")


def with_details(cases: QuerySet[Case]) -> QuerySet[Case]:
    """The given cases with all that `rows_of` reads; a slice is taken first, and the caller orders again."""
    if cases.query.is_sliced:
        cases = Case.objects.filter(pk__in=cases.values("pk"))
    return (
        cases.select_related("unit")
        .defer("text", "outcome_reason", "file_reference", "import_key")
        .annotate(
            complainant=FilteredRelation("persons", condition=Q(persons__capacity=Person.Capacity.COMPLAINANT)),
            first_name=F("complainant__first_name"),
            last_name=F("complainant__last_name"),
            organisation=F("complainant__organisation"),
            next_kind=Subquery(_dates().values("kind")[:1]),
            unit_kind=Subquery(_dates().exclude(kind__in=KRM_VERBS).values("kind")[:1]),
            rests=Exists(_open_pauses()),
            rests_until=Subquery(_open_pauses().values("planned_until")[:1]),
            issued_kind=Subquery(
                Letter.objects.filter(case=OuterRef("pk"), issued_at__isnull=False, sent_on__isnull=True)
                .order_by("pk")
                .values("kind")[:1]
            ),
        )
    )


def rows_of(cases: Iterable[Case], day: Day) -> list[Row]:
    """A row for each case that comes from `with_details`."""
    return [_row(case, day) for case in cases]


def _row(case: Case, day: Day, **changes) -> Row:
    calendar = day.calendars[case.office_id]
    due_on = getattr(case, "my_due_on", case.next_due_on) if case.is_open else None
    is_of_unit = case.status in UNIT_STATUSES and case.office_id not in day.desks
    due_kind = case.unit_kind if is_of_unit and hasattr(case, "my_due_on") else case.next_kind
    owed = case.is_open and not case.rests and case.status != Status.NEW and due_kind in KRM_VERBS
    shown = signal(calendar, day.today, due_on or day.today, paused=case.rests) if due_on or case.rests else None
    values = {
        "to_do": KRM_VERBS[due_kind] if owed else _to_do(case),
        "turn": TURN_LABELS[Turn.KRM] if owed else turn_of(case),
        "due_on": case.rests_until if case.rests else due_on,
        "due_for": Deadline.Kind(due_kind).label if due_on and due_kind and not case.rests else "",
        "signal": shown,
        "in_place_of": _in_place_of(case, day),
        "rests": case.rests,
        "group": getattr(case, "day_group", ""),
    }
    return Row(case=case, **values | changes)


def _to_do(case: Case) -> str:
    return "ruht, Fortsetzung prüfen" if case.is_open and case.rests else case.next_step


def turn_of(case: Case) -> str:
    """Whose turn it is: „KRM“, or the unit by number and name."""
    if case.turn == Turn.UNIT and case.unit:
        return str(case.unit)
    return TURN_LABELS[case.turn]


def _dispatch_row(case: Case, day: Day) -> Row:
    kind = Letter.Kind(case.issued_kind).label
    return _row(case, day, to_do=f"{kind} versenden", turn=TURN_LABELS[Turn.KRM])


def _with_looks(cases: QuerySet[Case], day: Day) -> QuerySet[Case]:
    mine = Q(assignee__in=day.actor.holder_ids) | Q(assignee__isnull=True)
    look = _follow_ups(day).filter(mine, case=OuterRef("pk")).order_by("due_on", "pk")
    return cases.annotate(
        look_on=Subquery(look.values("due_on")[:1]),
        look_task=Subquery(look.values("task")[:1]),
        look_by=Subquery(look.values("assignee")[:1]),
    )


def _follow_up_row(case: Case, day: Day) -> Row:
    calendar, represented = day.calendars[case.office_id], ""
    if case.look_by and case.look_by != day.actor.user_id:
        represented = str(day.actor.holders[case.look_by])
    return _row(
        case,
        day,
        to_do=case.look_task or "Wiedervorlage ansehen",
        due_on=case.look_on,
        due_for=Deadline.Kind.FOLLOW_UP.label,
        signal=signal(calendar, day.today, case.look_on),
        in_place_of=represented or _in_place_of(case, day),
    )


def _in_place_of(case: Case, day: Day) -> str:
    """Name of the person for whom the actor stands in with this case; empty where an own seat will do."""
    seats = [s for s in day.actor.seats_with(Permission.READ_CASES, case.office_id) if _reaches(s, case)]
    if not seats or any(s.holder_id == day.actor.user_id for s in seats):
        return ""
    return str(day.actor.holders[seats[0].holder_id])


def _reaches(seat: Seat, case: Case) -> bool:
    named = seat.holder_id in (case.handler_id, case.responsible_id)
    return named or seat.covers(case.office_id, {case.unit_id} - {None}, to_work=True)
