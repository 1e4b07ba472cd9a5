"""The checklist at a station: which points KRM has to look at, and what was found (PAN-29)."""

from collections.abc import Collection
from dataclasses import dataclass

from offices.roles import Role
from petitions.models import CheckedItem, ChecklistItem, Station
from petitions.rules.checklist import Point, why_not_passed
from petitions.rules.vocabulary import StationRole


@dataclass(frozen=True)
class Row:
    """A point of the list with what was found of it here, if it still reads as it did then."""

    item: ChecklistItem
    checked: CheckedItem | None = None

    @property
    def point(self) -> Point:
        if self.checked is None:
            return Point(self.item.text)
        return Point(self.item.text, self.checked.is_ok, self.checked.note)


def has_checklist(station: Station) -> bool:
    """Whether it is the KRM desk of the petition's own house that checks here."""
    return station.role == StationRole.CHECK and station.desk == Role.KRM_OFFICER


def checklist(station: Station) -> list[Row]:
    """The points of the office's list in order; at a station that is done those that were checked there."""
    if not has_checklist(station):
        return []
    checked = {found.item_id: found for found in station.checked_items.select_related("item", "checked_by")}
    if not station.is_open:
        return [Row(_as_it_read(found), found) for found in checked.values()]
    rows = []
    for item in ChecklistItem.objects.in_use(station.keeper_id):
        found = checked.get(item.pk)
        rows.append(Row(item, found if found and found.text == item.text else None))
    return rows


def why_not_checked(rows: Collection[Row]) -> str | None:
    """The sentence why the station does not pass it on yet; None where the check is done."""
    return why_not_passed([row.point for row in rows])


def _as_it_read(found: CheckedItem) -> ChecklistItem:
    found.item.text = found.text
    return found.item
