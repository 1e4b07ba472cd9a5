"""Hand-overs in bulk: somebody leaves, or a unit is dissolved; what cannot go over stays and is named."""

from collections.abc import Callable
from dataclasses import replace

from django.db.models import Q

from cases.asking import tell_asked
from cases.leaving.reading.occasion import why_not_listed
from cases.leaving.reading.plan import (
    Move,
    WorkList,
    asked_on_transfers,
    cases_of_person,
    cases_of_unit,
    plan_person,
    plan_unit,
    seen,
    slices,
)
from cases.leaving.reading.successor import Successor
from cases.models import Assignment, Case, Concern, Deadline, StatementStation
from cases.permissions import FOREIGN_UNIT, check_may_in, foreign, works_on_nothing
from cases.recording import record_each
from cases.unit_of_work import action
from offices.errors import NotAllowed
from offices.models import Membership, Office, Unit, User
from offices.queries import Actor, nearest_leads
from offices.roles import Permission

SAME_PERSON = "Bitte zwei verschiedene Personen wählen."
SAME_UNIT = "Bitte zwei verschiedene Einheiten wählen."


@action
def hand_on_person(*, by: Actor, office: Office, leaver: User, successor: User) -> WorkList:
    """Give all open work of a person to another today: cases, what was asked, Wiedervorlagen, statements ahead.

    Nothing goes to whom the rules keep from it (B4-8, PAN-7, sealed cases, own texts): that stays and is in the
    result with its reason. Cases that `by` does not see stay untouched. A second time finds nothing left to move.
    NotAllowed for a successor without a role that works on cases, and for a leaver who stays, without a reason that
    was told to them (reading/occasion.py).
    """
    to = successor_of(by, office, leaver, successor)
    cases = cases_of_person(office, leaver)
    moved = _carry_out(by, office, cases, lambda rows: plan_person(rows, leaver, to), person=successor.pk)
    return replace(moved, on_transfers=asked_on_transfers(by, office, leaver))


@action
def hand_on_unit(*, by: Actor, unit: Unit, successor_unit: Unit) -> WorkList:
    """Give all open cases and Anliegen of a unit to another one, whose lead answers for them from today (PAN-12).

    What stays is in the result with its reason, as above. NotAllowed for a unit of another office, an inactive one,
    and one that nobody leads.
    """
    leads = successor_leads(by, unit, successor_unit)
    cases = cases_of_unit(unit)
    return _carry_out(
        by, unit.office, cases, lambda rows: plan_unit(rows, unit, successor_unit, leads, by.today),
        unit=successor_unit.number,
    )  # fmt: skip


def preview_person(*, by: Actor, office: Office, leaver: User, successor: User) -> WorkList:
    """What `hand_on_person` would do now; changes nothing and refuses what it refuses."""
    to = successor_of(by, office, leaver, successor)
    shown = _preview(by, cases_of_person(office, leaver), lambda rows: plan_person(rows, leaver, to))
    return replace(shown, on_transfers=asked_on_transfers(by, office, leaver))


def preview_unit(*, by: Actor, unit: Unit, successor_unit: Unit) -> WorkList:
    """What `hand_on_unit` would do now; changes nothing and refuses what it refuses."""
    leads = successor_leads(by, unit, successor_unit)
    return _preview(by, cases_of_unit(unit), lambda rows: plan_unit(rows, unit, successor_unit, leads, by.today))


def successor_of(by: Actor, office: Office, leaver: User, successor: User) -> Successor:
    check_may_in(by, Permission.HAND_ON, office.pk)
    if leaver.pk == successor.pk:
        raise NotAllowed(SAME_PERSON, "successor")
    check_belongs(office, leaver)
    if reason := why_not_listed(office, leaver, by.today):
        raise NotAllowed(reason, "leaver")
    to = Successor(successor, leaver, office, by.today)
    if not successor.is_active or not to.works:
        raise NotAllowed(works_on_nothing(successor), "successor")
    return to


def check_belongs(office: Office, leaver: User) -> None:
    if not Membership.objects.filter(user=leaver, office=office).exists():
        raise NotAllowed(foreign(leaver), "leaver")


def successor_leads(by: Actor, unit: Unit, successor_unit: Unit) -> list[User]:
    check_may_in(by, Permission.HAND_ON, unit.office_id)
    if unit.pk == successor_unit.pk:
        raise NotAllowed(SAME_UNIT, "successor_unit")
    if successor_unit.office_id != unit.office_id or not successor_unit.is_active:
        raise NotAllowed(FOREIGN_UNIT, "successor_unit")
    leads = nearest_leads(successor_unit, by.today)
    if not leads:
        raise NotAllowed(f"Die Einheit „{successor_unit}“ hat noch keine Leitung.", "successor_unit")
    return leads


def _preview(by: Actor, cases, plan: Callable[[list[Case]], Move]) -> WorkList:
    total = WorkList()
    for ids in slices(seen(by, cases)):
        total += plan(list(_rows(ids))).work_list
    return total


def _carry_out(by: Actor, office: Office, cases, plan: Callable[[list[Case]], Move], **data) -> WorkList:
    """Slice by slice, all or nothing, once all cases are locked: the first slice is recorded before the next."""
    total = WorkList()
    open_cases = Case.objects.open().select_for_update(no_key=True).order_by("pk")
    parts = [
        list(open_cases.filter(pk__in=ids).values_list("pk", flat=True)) for ids in slices(sorted(seen(by, cases)))
    ]
    for ids in parts:
        move = plan(list(_rows(ids)))
        _keep(move, by)
        touched = move.touched
        record_each(
            "case.handed_on", by=by, office_id=office.pk, permission=Permission.HAND_ON, case_ids=touched, **data
        )
        total += move.work_list
    return total


def _rows(ids: list[int]):
    """The cases as they are now; one that was closed meanwhile is no longer among them."""
    rows = Case.objects.open().filter(pk__in=ids).select_related("unit")
    return rows.prefetch_related("complained_about").order_by("pk")


def _keep(move: Move, by: Actor) -> None:
    for case in move.cases:
        case.version += 1
    for double in move.doubles:
        double.cancelled_on = by.today
    Case.objects.bulk_update(move.cases, ["handler", "responsible", "unit", "turn_since", "version"])
    Assignment.objects.bulk_update(move.assignments, ["user"])
    tell_asked(*move.assignments, by=by)
    Assignment.objects.bulk_update(move.doubles, ["cancelled_on"])
    Assignment.objects.bulk_update(move.passing, ["pass_to"])
    Deadline.objects.bulk_update(move.follow_ups, ["assignee"])
    moved = Q(case__in=[case.pk for case in move.cases]) | Q(pk__in=[row.pk for row in move.follow_ups])
    Deadline.objects.open().filter(moved).in_new_hands()
    StatementStation.objects.bulk_update(move.stations, ["user"])
    Concern.objects.bulk_update(move.concerns, ["unit"])
