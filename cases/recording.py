"""What every action stands on: the locked case, the next number, and the entry in the event log.

Every action takes its locks in this order: case, what belongs to it, counter of numbers, event chain. After the
first entry in the log nothing more is locked: whoever waits for the chain would be waited for.
"""

import secrets
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from functools import partial
from typing import Any

from django.utils import timezone

from cases.models import Case, Counter, Event, EventChain, Note, Transfer
from cases.permissions import check_may, seats_for
from cases.rules.chain import digest
from cases.rules.events import EVENTS
from cases.rules.lifecycle import Status, Step, check_is_open, target_of
from cases.rules.numbering import skipped
from offices.errors import NotAllowed
from offices.models import Office
from offices.queries import Actor
from offices.roles import Permission

coin = partial(secrets.randbelow, 2)  # which nobody foresees
GONE = "Der Vorgang ist nicht (mehr) zugänglich."
GONE_TRANSFER = "Die Abgabe ist nicht (mehr) zugänglich."
_held_back: ContextVar[list[Event] | None] = ContextVar("held_back", default=None)


def locked(case: Case, *, by: Actor, permission: Permission, must_be_open: bool = True) -> Case:
    """The case as it is now, row-locked, after asking whether `by` sees it and may do this; else NotAllowed.

    Call inside `transaction.atomic()`.
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
    """One entry for the office's log. `permission` tells whether `by` acted for somebody („i. V.“).

    `in_place_of` says it outright, where something was asked of a person by name and somebody else does it.
    `data` holds dates (ISO), codes and ids; never names or free text. An unknown code is a KeyError.
    """
    record_many(
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
    """The same entry for many cases of an office in a fixed number of queries; `data` as `record` takes it."""
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
    """One entry for each row of (case id, data) in a fixed number of queries; `data` as `record` takes it."""
    record_in_offices(code, by=by, rows=[(office_id, *row) for row in rows], for_user_id=for_user_id)


def record_in_offices(
    code: str,
    *,
    by: Actor,
    rows: Sequence[tuple[int, int | None, dict[str, Any]]],
    for_user_id: int | None = None,
) -> None:
    """The same for rows of (office id, case id, data)."""
    record_many(
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


@contextmanager
def recording_at_the_end() -> Iterator[None]:
    """What is recorded in this block is written when it ends, all in one insert, so that the chain is locked briefly.

    Call inside the transaction. Nothing in the block may be rolled back on its own once something is recorded in it.
    """
    if _held_back.get() is not None:
        yield
        return
    entries: list[Event] = []
    token = _held_back.set(entries)
    try:
        yield
    finally:
        _held_back.reset(token)
    _append(entries)


def record_many(*entries: Event) -> None:
    """Entries (not saved) for the logs of their offices, in this order, in a fixed number of queries."""
    for entry in entries:
        EVENTS[entry.code]
    held_back = _held_back.get()
    if held_back is None:
        _append(entries)
    else:
        held_back += entries


def _append(entries: Sequence[Event]) -> None:
    """Give entries their places and save them; the offices' chains are locked in the order of their ids."""
    if not entries:
        return
    chains = _locked_chains({entry.office_id for entry in entries})
    now = timezone.now()
    for entry in entries:
        chain = chains[entry.office_id]
        chain.seq += 1
        entry.at, entry.seq, entry.previous = now, chain.seq, chain.head
        entry.hash = chain.head = digest(chain.head, entry.content())
    Event.objects.bulk_create(entries)
    EventChain.objects.bulk_create(
        chains.values(), update_conflicts=True, unique_fields=["office"], update_fields=["seq", "head"]
    )


def _locked_chains(office_ids: set[int]) -> dict[int, EventChain]:
    """By office; what is not there yet is made first, in the order of the ids as well."""
    chains = EventChain.objects.filter(office__in=office_ids).order_by("office_id").select_for_update(no_key=True)
    found = {chain.office_id: chain for chain in chains}
    if missing := office_ids - found.keys():
        EventChain.objects.bulk_create((EventChain(office_id=pk) for pk in sorted(missing)), ignore_conflicts=True)
        found = {chain.office_id: chain for chain in chains.all()}
    return found
