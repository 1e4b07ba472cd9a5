"""The start page: the groups of the day with their counts and most urgent rows, in a fixed number of queries."""

from collections import defaultdict
from dataclasses import dataclass, replace
from datetime import date
from typing import NamedTuple

from django.db.models import Count, F, OuterRef, Q, QuerySet, Subquery, Window
from django.db.models.functions import RowNumber

from cases.groups import GROUP_LABELS, UNIT_STATUSES, Day, Group, follow_ups, grouped, in_group, visible_cases
from cases.models import Case, Deadline, Letter
from cases.rows import Row, row_of, signal_on, with_details
from cases.rules.lifecycle import TURN_LABELS, Turn

ROWS_A_GROUP = 20
BESIDE = (Group.DISPATCH, Group.FOLLOW_UP)  # tasks of their own; their cases stand in another group too
MOST_URGENT_FIRST = (F("my_due_on").asc(nulls_last=True), F("received_on").asc(), F("pk").asc())


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


class Look(NamedTuple):
    """The next Wiedervorlage of a case."""

    case_id: int
    due_on: date
    task: str
    assignee_id: int | None


def start_page(day: Day) -> tuple[GroupOfDay, ...]:
    """The actor's groups with their counts and their most urgent rows (at most ROWS_A_GROUP each), in five queries."""
    if not day.groups:
        return ()
    cases = visible_cases(day)
    counts, first = _counts(cases, day), _first_of_each_group(cases, day)
    letters, looks = _to_dispatch(cases, day), _to_look_at(cases, day)
    counts |= {Group.DISPATCH: len(letters), Group.FOLLOW_UP: len(looks)}
    letters, looks = letters[:ROWS_A_GROUP], looks[:ROWS_A_GROUP]
    shown = {*(pk for pks in first.values() for pk, _ in pks), *letters, *(look.case_id for look in looks)}
    found = with_details(Case.objects.filter(pk__in=shown)).in_bulk()
    rows = {group: [_group_row(found[pk], day, due_on) for pk, due_on in pks] for group, pks in first.items()}
    rows[Group.DISPATCH] = [_dispatch_row(found[pk], day) for pk in letters]
    rows[Group.FOLLOW_UP] = [_follow_up_row(found[look.case_id], day, look) for look in looks]
    return tuple(GroupOfDay(group, counts[group], tuple(rows.get(group, ()))) for group in day.groups)


def _counts(cases: QuerySet[Case], day: Day) -> dict[Group, int]:
    counts = {group.name: Count("pk", filter=Q(day_group=group)) for group in Group if group not in BESIDE}
    found = grouped(cases.open(), day).aggregate(**counts)
    return {Group[name]: count for name, count in found.items()}


def _first_of_each_group(cases: QuerySet[Case], day: Day) -> dict[Group, list[tuple[int, date | None]]]:
    """Group -> its most urgent cases with the date that counts for the actor."""
    place = Window(RowNumber(), partition_by=[F("day_group")], order_by=MOST_URGENT_FIRST)
    ranked = grouped(cases.open(), day).filter(day_group__isnull=False).annotate(place=place)
    first = ranked.filter(place__lte=ROWS_A_GROUP).order_by("place").values_list("pk", "day_group", "my_due_on")
    groups = defaultdict(list)
    for pk, group, due_on in first:
        groups[Group(group)].append((pk, due_on))
    return groups


def _to_dispatch(cases: QuerySet[Case], day: Day) -> list[int]:
    """Ids of the cases with a letter to send; few enough to be counted by looking at them."""
    most_urgent_first = (F("next_due_on").asc(nulls_last=True), "pk")
    return list(in_group(cases, Group.DISPATCH, day).order_by(*most_urgent_first).values_list("pk", flat=True))


def _to_look_at(cases: QuerySet[Case], day: Day) -> list[Look]:
    look = follow_ups(day).filter(case=OuterRef("pk"))
    found = in_group(cases, Group.FOLLOW_UP, day).annotate(
        look_on=Subquery(look.values("due_on")[:1]),
        look_task=Subquery(look.values("task")[:1]),
        look_by=Subquery(look.values("assignee")[:1]),
    )
    rows = found.order_by("look_on", "pk").values_list("pk", "look_on", "look_task", "look_by")
    return [Look(*row) for row in rows]


def _group_row(case: Case, day: Day, due_on: date | None) -> Row:
    is_of_unit = case.status in UNIT_STATUSES and case.office_id not in day.desks
    return row_of(case, day, due_on, case.unit_kind if is_of_unit else case.next_kind)


def _dispatch_row(case: Case, day: Day) -> Row:
    to_do = f"{Letter.Kind(case.issued_kind).label} versenden"
    return row_of(case, day, case.next_due_on, case.next_kind, to_do=to_do, turn=TURN_LABELS[Turn.KRM])


def _follow_up_row(case: Case, day: Day, look: Look) -> Row:
    changes = {
        "to_do": look.task or "Wiedervorlage ansehen",
        "due_on": look.due_on,
        "due_for": Deadline.Kind.FOLLOW_UP.label,
        "signal": signal_on(case, day, look.due_on),
        "rests": False,
    }
    if look.assignee_id and look.assignee_id != day.actor.user_id:
        changes["in_place_of"] = str(day.actor.holders[look.assignee_id])
    return replace(row_of(case, day, look.due_on, None), **changes)
