"""Facts follow the cases: written in the transaction of the action that changed one, checked and made anew here."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time

from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from cases.models import Case, OnTheSpotCount, Transfer
from cases.seams import Changes
from cases.unit_of_work import action
from offices.models import Office
from reporting.models import CaseFact, TallyFact, TransferFact
from reporting.reading.case_rows import Calendars, case_rows, facts_from
from reporting.rules.fact import Fact, is_correction
from reporting.rules.vocabulary import Cause

BATCH = 2_000  # cases read at once
NOON = time(12)


Known = dict[int, dict[tuple[int, int], CaseFact]]  # case id -> key of a fact -> its row


def follow(changes: Changes) -> None:
    """The facts of what an action changed become what they are now; nothing is written where nothing counts.

    Stands at the seam of projections, so it runs at the end of the action and in its transaction.
    """
    now = timezone.now()
    if changes.cases:
        _follow_cases(changes.cases, now, {} if changes.are_new else _known(changes.cases))
    if changes.transfers:
        _follow(TransferFact, "transfer_id", _transfer_values(changes.transfers), now)
    if changes.tallies:
        _follow(TallyFact, "tally_id", _tally_values(changes.tallies), now)


def _follow_cases(case_ids: Sequence[int], now: datetime, known: Known) -> None:
    calendars, ended, begun = Calendars(), [], []
    for rows in case_rows(case_ids):
        before = known.get(rows.case_id, {})
        after = {fact.key: fact for fact in facts_from(rows, calendars, {key: row.fact for key, row in before.items()})}
        for key, fact in after.items():
            row = before.get(key)
            if row is None:
                begun.append(CaseFact.of(fact, known_from=now, cause=Cause.REGISTERED))
            elif (was := row.fact) != fact:
                ended.append(row.pk)
                cause = Cause.CORRECTION if is_correction(was, fact) else Cause.PROGRESS
                begun.append(CaseFact.of(fact, known_from=now, cause=cause))
        ended += [row.pk for key, row in before.items() if key not in after]
    if ended:
        CaseFact.objects.filter(pk__in=ended).update(known_to=now)
    CaseFact.objects.bulk_create(begun)


def _known(case_ids: Sequence[int]) -> Known:
    """What is known now of these cases."""
    found: dict[int, dict[tuple[int, int], CaseFact]] = defaultdict(dict)
    for row in CaseFact.objects.known().filter(case__in=case_ids):
        found[row.case_id or 0][row.round, row.position] = row
    return found


Values = dict[int, dict]  # id of what is counted -> the columns of its fact


def _follow(model: type[TransferFact] | type[TallyFact], key: str, wanted: Values, now: datetime) -> None:
    rows = {getattr(row, key): row for row in model.objects.known().filter(**{f"{key}__in": list(wanted)})}
    ended, begun = [], []
    for pk, values in wanted.items():
        row = rows.get(pk)
        if row and all(getattr(row, name) == value for name, value in values.items()):
            continue
        if row:
            ended.append(row.pk)
        cause = Cause.PROGRESS if row else Cause.REGISTERED
        begun.append(model(known_from=now, cause=cause, **{key: pk}, **values))
    if ended:
        model.objects.filter(pk__in=ended).update(known_to=now)
    model.objects.bulk_create(begun)


def _transfer_values(transfer_ids: Iterable[int]) -> Values:
    rows = Transfer.objects.filter(pk__in=transfer_ids).order_by("pk")
    shown = set(rows.open_to_talk_of().values_list("pk", flat=True))
    return {
        row.pk: {
            "office_id": row.office_id,
            "reason": row.reason,
            "channel": row.channel,
            "received_on": row.received_on,
            "handed_over_on": timezone.localdate(row.handed_over_at) if row.handed_over_at else None,
            "is_hidden": row.pk not in shown,
        }
        for row in rows
    }


def _tally_values(tally_ids: Iterable[int]) -> Values:
    rows = OnTheSpotCount.objects.filter(pk__in=tally_ids).order_by("pk")
    return {
        row.pk: {
            "office_id": row.office_id,
            "unit_id": row.unit_id,
            "on": row.on,
            "channel": row.channel,
            "count": row.count,
        }
        for row in rows
    }


@dataclass(frozen=True)
class Difference:
    """A case, Abgabe or tally whose facts are not what its rows say; without `columns` one is missing."""

    what: str
    pk: int
    key: tuple[int, int]
    columns: tuple[str, ...] = ()


def check(office: Office) -> Iterator[Difference]:
    """Recompute all facts of an office from its rows and name what differs; writes nothing."""
    for case_ids in _batches(Case.objects.filter(office=office)):
        known = _known(case_ids)
        calendars = Calendars()
        for rows in case_rows(case_ids):
            before = {key: row.fact for key, row in known.pop(rows.case_id, {}).items()}
            after = {fact.key: fact for fact in facts_from(rows, calendars, before)}
            for key in sorted(before.keys() | after.keys()):
                if before.get(key) != after.get(key):
                    columns = _differing(before[key], after[key]) if key in before and key in after else ()
                    yield Difference("case", rows.case_id, key, columns)
    yield from _check_others(office, TransferFact, "transfer_id", Transfer, _transfer_values)
    yield from _check_others(office, TallyFact, "tally_id", OnTheSpotCount, _tally_values)


def _differing(before: Fact, after: Fact) -> tuple[str, ...]:
    return tuple(name for name, value in vars(after).items() if getattr(before, name) != value)


def _check_others(office, model, key, source, values_of) -> Iterator[Difference]:
    for ids in _batches(source.objects.filter(office=office)):
        known = {getattr(row, key): row for row in model.objects.known().filter(**{f"{key}__in": ids})}
        for pk, values in values_of(ids).items():
            row = known.get(pk)
            wrong = tuple(name for name, value in values.items() if row and getattr(row, name) != value)
            if row is None or wrong:
                yield Difference(key.removesuffix("_id"), pk, (0, 0), wrong)


def _batches(rows) -> Iterator[list[int]]:
    last = 0
    while ids := list(rows.filter(pk__gt=last).order_by("pk").values_list("pk", flat=True)[:BATCH]):
        yield ids
        last = ids[-1]


@action
def rebuild(office: Office) -> int:
    """Make the facts of an office anew, for an installation from before there were any; the number of its cases.

    What was known when is told as far as the rows tell it: registered at that moment, ended on that day.
    """
    _forget(office)
    number = 0
    for case_ids in _batches(Case.objects.filter(office=office)):
        number += len(case_ids)
        _rebuild_cases(case_ids)
    now = timezone.now()
    for transfer_ids in _batches(Transfer.objects.filter(office=office)):
        registered = dict(Transfer.objects.filter(pk__in=transfer_ids).values_list("pk", "registered_at"))
        TransferFact.objects.bulk_create(
            TransferFact(transfer_id=pk, known_from=registered[pk], cause=Cause.REGISTERED, **values)
            for pk, values in _transfer_values(transfer_ids).items()
        )
    for tally_ids in _batches(OnTheSpotCount.objects.filter(office=office)):
        TallyFact.objects.bulk_create(
            TallyFact(tally_id=pk, known_from=min(now, _noon(values["on"])), cause=Cause.REGISTERED, **values)
            for pk, values in _tally_values(tally_ids).items()
        )
    return number


def rebuild_missing() -> int:
    """Make the facts of offices that have something to count and no facts, as after an update; how many cases."""
    missing = Q()
    for rows, facts in ((Case, CaseFact), (Transfer, TransferFact), (OnTheSpotCount, TallyFact)):
        of_office = {"office": OuterRef("pk")}
        missing |= Exists(rows.objects.filter(**of_office)) & ~Exists(facts.objects.filter(**of_office))
    return sum(rebuild(office) for office in Office.objects.filter(missing).order_by("pk"))


def _forget(office: Office) -> None:
    for model in (CaseFact, TransferFact, TallyFact):
        model.objects.filter(office=office).delete()


def _rebuild_cases(case_ids: Sequence[int]) -> None:
    registered = dict(Case.objects.filter(pk__in=case_ids).values_list("pk", "registered_at"))
    closed = Case.objects.filter(Q(closed_on__isnull=False) | Q(round__gt=1), pk__in=case_ids)
    calendars = Calendars()
    calendars.read(closed.values_list("pk", flat=True))
    rows = (
        row
        for each in case_rows(case_ids)
        for fact in facts_from(each, calendars, {})
        for row in versions_of(fact, registered[each.case_id])
    )
    CaseFact.objects.bulk_create(rows, batch_size=BATCH)


def versions_of(fact: Fact, registered_at: datetime) -> Iterator[CaseFact]:
    """A fact as it was known from the registration on, and, where its round has ended, from that day on."""
    begun = registered_at if fact.round == 1 else _noon(fact.opened_on)
    if fact.ended_on is None:
        yield CaseFact.of(fact, known_from=begun, cause=Cause.REGISTERED)
        return
    ended = max(_noon(fact.ended_on), begun)
    yield CaseFact.of(_while_open(fact), known_from=begun, known_to=ended, cause=Cause.REGISTERED)
    yield CaseFact.of(fact, known_from=ended, cause=Cause.PROGRESS)


def _while_open(fact: Fact) -> Fact:
    return replace(
        fact, ended_on=None, end="", outcome="", reopened_after=None, acknowledged_on=None, interim_on=None,
        decided_on=None, answered_on=None, settlement="", talk="", has_alternatives=False, working_days=None,
    )  # fmt: skip


def _noon(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, NOON))
