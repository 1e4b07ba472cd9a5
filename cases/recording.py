"""What every action stands on: the locked case, the next number, and the entry in the event log.

Every action takes its locks in this order: case, what belongs to it, counter of numbers. The event chain comes last
by itself: entries are written when the action ends (`unit_of_work`).
"""

import secrets
from collections.abc import Sequence
from functools import partial
from typing import Any

from cases.log import append
from cases.models import Case, Counter, Event, Note, OnTheSpotCount, Transfer
from cases.permissions import check_may, seats_for
from cases.rules.events import EVENTS
from cases.rules.lifecycle import Status, Step, check_is_open, target_of
from cases.rules.numbering import skipped
from cases.unit_of_work import running
from offices.errors import NotAllowed
from offices.models import Office
from offices.queries import Actor
from offices.roles import Permission

GONE_ENTRY = "Der Eintrag ist schon entfernt."

coin = partial(secrets.randbelow, 2)  # which nobody foresees
GONE = "Der Vorgang ist nicht (mehr) zugänglich."
GONE_TRANSFER = "Die Abgabe ist nicht (mehr) zugänglich."


def locked(case: Case, *, by: Actor, permission: Permission, must_be_open: bool = True) -> Case:
    """The case as it is now, row-locked, after asking whether `by` sees it and may do this; else NotAllowed.

    Call inside an action.
    """
    current = Case.objects.visible_to(by).select_for_update(of=("self",), no_key=True).filter(pk=case.pk).first()
    if current is None:
        raise NotAllowed(GONE)
    check_may(by, permission, current)
    if must_be_open:
        check_is_open(Status(current.status))
    return current


def hold_still(case_id: int | None) -> None:
    """Lock the row of a case that stays as it is, before anything that belongs to it; nothing where there is none."""
    list(Case.objects.select_for_update(no_key=True).filter(pk=case_id).values_list("pk") if case_id else ())


def locked_transfer(transfer: Transfer, *, by: Actor) -> Transfer:
    """The Abgabe as it is now, row-locked behind the case it came out of; NotAllowed where `by` does not see it."""
    hold_still(transfer.case_id)
    seen = Transfer.objects.visible_to(by).select_related("case", "rule_set", "office")
    current = seen.select_for_update(of=("self",), no_key=True).filter(pk=transfer.pk).first()
    if current is None:
        raise NotAllowed(GONE_TRANSFER)
    return current


def move(case: Case, step: Step, *, by: Actor) -> None:
    """Take a step of the lifecycle table on a locked case (not saved); NotAllowed where the table has no such step."""
    before = case.turn
    case.status = target_of(step, Status(case.status))
    if case.turn != before:
        case.turn_since = by.today


def save(case: Case) -> None:
    """Save a locked case as its next version, so that an older page notices."""
    case.version += 1
    case.save()
    if work := running():
        work.case_ids[case.pk] = None


def counted(tally: OnTheSpotCount) -> None:
    """A tally of what was settled on the spot has another number."""
    if work := running():
        work.tally_ids[tally.pk] = None


def refresh_next_due(case: Case) -> None:
    """Keep `next_due_on` equal to the earliest open deadline; none while the case rests or is closed. Not saved."""
    if not case.is_open or case.pauses.filter(resumed_on__isnull=True).exists():
        case.next_due_on = None
        return
    open_dates = case.deadlines.open().exclude(kind="follow_up").order_by("due_on")
    case.next_due_on = open_dates.values_list("due_on", flat=True).first()


def next_number(office: Office, year: int, series: str = "") -> int:
    """A number above all given out before in the office's series and year, with gaps that tell nothing (ADR 18)."""
    counters = Counter.objects.select_for_update(no_key=True).filter(office=office, year=year, series=series)
    if (counter := counters.first()) is None:
        Counter.objects.get_or_create(office=office, year=year, series=series)
        counter = counters.get()
    counter.last += 1 + skipped(coin)
    counter.save(update_fields=["last"])
    return counter.last


def record(
    code: str,
    *,
    by: Actor,
    office_id: int,
    permission: Permission | None = None,
    in_place_of: int | None = None,
    case: Case | None = None,
    transfer: Transfer | None = None,
    note: Note | None = None,
    **data: Any,
) -> None:
    """One entry for the office's log, written when the action ends.

    `permission` tells whether `by` acted for somebody („i. V.“). `in_place_of` says it outright, where something was
    asked of a person by name and somebody else does it.
    `data` holds dates (ISO), codes and ids; never names or free text. An unknown code is a KeyError.
    """
    _keep(
        Event(
            office_id=office_id,
            case=case,
            transfer=transfer,
            note=note,
            code=code,
            by_id=by.user_id,
            for_user_id=in_place_of or (represented(by, permission, office_id, case) if permission else None),
            data=data,
        )
    )


def represented(by: Actor, permission: Permission, office_id: int, case: Case | None) -> int | None:
    """Id of whom `by` acts for; None where it is one's own. An own seat counts only where it reaches this very case.

    A step that takes the case out of the reach of `by` asks before it, and tells `record` as `in_place_of`.
    """
    is_deputy = by.holder_ids != {by.user_id}
    seats = seats_for(by, permission, case) if case and is_deputy else ()
    if not seats:
        return by.acts_for(permission, office_id)
    return None if seats[0].holder_id == by.user_id else seats[0].holder_id


def record_each(
    code: str, *, by: Actor, office_id: int, permission: Permission, case_ids: Sequence[int], **data: Any
) -> None:
    """The same entry for many cases of an office; `data` as `record` takes it."""
    rows = [(case_id, data) for case_id in case_ids]
    record_all(code, by=by, office_id=office_id, rows=rows, for_user_id=by.acts_for(permission, office_id))


def record_all(
    code: str,
    *,
    by: Actor,
    office_id: int,
    rows: Sequence[tuple[int | None, dict[str, Any]]],
    for_user_id: int | None = None,
) -> None:
    """One entry for each row of (case id, data); `data` as `record` takes it."""
    record_in_offices(code, by=by, rows=[(office_id, *row) for row in rows], for_user_id=for_user_id)


def record_in_offices(
    code: str,
    *,
    by: Actor,
    rows: Sequence[tuple[int, int | None, dict[str, Any]]],
    for_user_id: int | None = None,
) -> None:
    """The same for rows of (office id, case id, data)."""
    _keep(
        *(
            Event(
                office_id=office_id,
                case_id=case_id,
                code=code,
                by_id=by.user_id,
                for_user_id=for_user_id,
                data=data,
            )
            for office_id, case_id, data in rows
        )
    )


def _keep(*entries: Event) -> None:
    """For the end of the action that is going on; a part of none writes at once."""
    for entry in entries:
        EVENTS[entry.code]
    work = running()
    if work is None:
        append(entries)
        return
    work.entries += entries
    work.case_ids |= {entry.case_id: None for entry in entries if entry.case_id}
    work.transfer_ids |= {entry.transfer_id: None for entry in entries if entry.transfer_id}
