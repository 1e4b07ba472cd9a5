"""The start page: the groups of the day with their counts and most urgent rows, in a fixed number of queries."""

from collections import defaultdict
from dataclasses import dataclass, replace
from datetime import date
from typing import NamedTuple

from django.db.models import BooleanField, ExpressionWrapper

from cases.models import Assignment, Case, Deadline, Letter
from cases.rules.lifecycle import TURN_LABELS, Turn
from cases.workplace.reading.groups import (
    GROUP_LABELS,
    MOST_URGENT_FIRST,
    UNIT_STATUSES,
    Day,
    Group,
    asked_of,
    follow_ups,
    grouped,
    in_sight,
    to_dispatch,
    visible_cases,
)
from cases.workplace.reading.rows import AskedRow, Row, asked_row, row_of, signal_on, with_details

ROWS_A_GROUP = 20
RELATED, LONG_TEXTS = ("case__unit", "transfer", "letter", "user"), ("case__text", "transfer__text", "letter__body")


@dataclass(frozen=True)
class GroupOfDay:
    group: Group
    count: int
    rows: tuple[Row | AskedRow, ...]

    @property
    def is_asked(self) -> bool:
        """Its rows are what was asked of a person, not cases."""
        return self.group in (Group.ASKED, Group.TO_KNOW)

    @property
    def is_work(self) -> bool:
        return self.group != Group.TO_KNOW

    @property
    def label(self) -> str:
        return GROUP_LABELS[self.group]

    @property
    def is_capped(self) -> bool:
        return self.count > len(self.rows)


class Look(NamedTuple):
    """The next Wiedervorlage of a case."""

    due_on: date
    case_id: int
    task: str
    assignee_id: int | None


def start_page(day: Day) -> tuple[GroupOfDay, ...]:
    """The actor's groups with counts and their most urgent rows, at most ROWS_A_GROUP each, in five queries."""
    if not day.groups:
        return ()
    counts, first, letters = _open_cases(day)
    every, looks = _asked_and_to_look_at(day)
    asked, to_know = [a for a in every if not a.is_for_information], [a for a in every if a.is_for_information]
    counts |= {Group.ASKED: len(asked), Group.DISPATCH: len(letters), Group.FOLLOW_UP: len(looks)}
    counts[Group.TO_KNOW] = len(to_know)
    letters, looks = letters[:ROWS_A_GROUP], looks[:ROWS_A_GROUP]
    shown = {*(pk for pks in first.values() for pk, _ in pks), *letters, *(look.case_id for look in looks)}
    found = with_details(Case.objects.filter(pk__in=shown)).in_bulk()
    rows = {group: [_group_row(found[pk], day, due_on) for pk, due_on in pks] for group, pks in first.items()}
    rows[Group.ASKED] = [asked_row(entry, day) for entry in asked[:ROWS_A_GROUP]]
    rows[Group.TO_KNOW] = [asked_row(entry, day) for entry in to_know[:ROWS_A_GROUP]]
    rows[Group.DISPATCH] = [_dispatch_row(found[pk], day) for pk in letters]
    rows[Group.FOLLOW_UP] = [_follow_up_row(found[look.case_id], day, look) for look in looks]
    return tuple(GroupOfDay(group, counts.get(group, 0), tuple(rows.get(group, ()))) for group in day.groups)


def _open_cases(day: Day) -> tuple[dict[Group, int], dict[Group, list[tuple[int, date | None]]], list[int]]:
    """Group -> how many cases it has; group -> its most urgent ones with the date that counts for the actor; letters.

    Reads a few values of each open case in sight. A window over the groups would read as many, and for Django to
    write it takes ten times as long as to count here. The last are the ids of the cases with a letter to send.
    """
    cases = grouped(visible_cases(day).open(), day).order_by(*MOST_URGENT_FIRST)
    to_send = ExpressionWrapper(to_dispatch(day), BooleanField())
    groups, letters = defaultdict(list), []
    for pk, group, my_due_on, due_on, has_letter in cases.annotate(to_send=to_send).values_list(
        "pk", "day_group", "my_due_on", "next_due_on", "to_send"
    ):
        if group:  # else it is the business of others
            groups[Group(group)].append((pk, my_due_on))
        if has_letter:
            letters.append((due_on or date.max, pk))
    counts = {group: len(rows) for group, rows in groups.items()}
    first = {group: rows[:ROWS_A_GROUP] for group, rows in groups.items()}
    return counts, first, [pk for _, pk in sorted(letters)]


def _asked_and_to_look_at(day: Day) -> tuple[list[Assignment], list[Look]]:
    """What is asked of the actor, and the next Wiedervorlage of each case, as far as both can be seen."""
    asked = list(asked_of(day).select_related(*RELATED).defer(*LONG_TEXTS))
    looks = [Look(*row) for row in follow_ups(day).values_list("due_on", "case", "task", "assignee")]
    seen = in_sight(day, {a.case_id for a in asked} | {k.case_id for k in looks}, {a.transfer_id for a in asked})
    # A Wiedervorlage for nobody by name is for whoever is next.
    own = [k for k in looks if k.case_id in (seen.cases if k.assignee_id else seen.own_turn)]
    next_of_each = {k.case_id: k for k in reversed(own)}
    return (
        [a for a in asked if a.case_id in seen.cases or a.transfer_id in seen.transfers],
        sorted(next_of_each.values(), key=lambda k: (k.due_on, k.case_id)),
    )


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
