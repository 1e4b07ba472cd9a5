"""Appending to the offices' logs: each entry takes its place behind the last, and carries the hash of that."""

from collections.abc import Sequence

from django.utils import timezone

from cases.models import Event, EventChain
from cases.rules.chain import digest


def append(entries: Sequence[Event]) -> None:
    """Give entries (not saved) their moment and places and save them, in a fixed number of queries.

    The offices' chains are locked in the order of their ids and until the transaction ends, so nothing is locked
    after this.
    """
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
