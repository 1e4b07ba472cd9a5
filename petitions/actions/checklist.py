"""The checklist: what was found at a station that checks, and the office's own list of points (PAN-29)."""

from collections.abc import Mapping

from django.utils import timezone

from cases.permissions import check_may_in
from cases.recording import record
from cases.unit_of_work import action
from offices.actions import save_checked
from offices.errors import NotAllowed
from offices.models import Office
from offices.queries import Actor
from offices.roles import Permission
from petitions.holding import held_at
from petitions.models import CheckedItem, ChecklistItem, Station
from petitions.permissions import check_may_act, stands_in_for
from petitions.reading.checklist import Row, checklist, has_checklist
from petitions.rules.checklist import DEFAULTS, Point

NO_CHECKLIST = "Die Prüfliste füllt das KRM aus, wo es die Stellungnahme prüft."
NOT_ITS_TURN = "Diese Station ist nicht an der Reihe; geprüft wird, wenn die Stellungnahme dort liegt."


@action
def fill_checklist(*, by: Actor, station: Station, found: Mapping[int, Point]) -> list[Row]:
    """What was found of the points, by their ids; those left out or with `is_ok` None are open (again).

    Half a list can be saved: the station does not pass on before all of it is in order or has a note.
    """
    held, current = held_at(station, by=by)
    check_may_act(by, current, held.case)
    if not has_checklist(current):
        raise NotAllowed(NO_CHECKLIST)
    if not current.is_open or held.request.withdrawn_on:
        raise NotAllowed(NOT_ITS_TURN)
    rows, now = checklist(current), timezone.now()
    current.checked_items.all().delete()
    CheckedItem.objects.bulk_create(
        CheckedItem(
            station=current,
            item=row.item,
            text=row.item.text,
            is_ok=point.is_ok,
            note=point.note.strip(),
            checked_at=now,
            checked_by_id=by.user_id,
        )
        for row in rows
        if (point := found.get(row.item.pk)) and point.is_ok is not None
    )
    after = checklist(current)
    record(
        "petition.checked",
        by=by,
        in_place_of=stands_in_for(by, current, held.case),
        office_id=held.case.office_id,
        case=held.case,
        request=held.request.pk,
        done=sum(row.point.is_settled for row in after),
        all=len(after),
    )
    return after


@action
def save_checklist_item(*, by: Actor, item: ChecklistItem) -> ChecklistItem:
    """Add, change, retire or offer again a point; one that reads otherwise is checked anew where it is open.

    NotAllowed for whom the rules of the office are not part of the role, and for a point that is there already.
    """
    check_may_in(by, Permission.CHANGE_RULES, item.office_id)
    is_new = item.pk is None
    save_checked(item)
    record(
        "checklist.added" if is_new else "checklist.changed",
        by=by,
        permission=Permission.CHANGE_RULES,
        office_id=item.office_id,
        item=item.pk,
    )
    return item


def adopt_checklist(office: Office) -> None:
    """The list to begin with, for an office that has none; called with its first routes."""
    ChecklistItem.objects.bulk_create(
        ChecklistItem(office=office, area=area, text=text, position=position)
        for position, (area, text) in enumerate(DEFAULTS, start=1)
    )
