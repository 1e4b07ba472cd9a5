"""The nightly summary over all houses: counted once from the facts, so that the centre's page reads a few rows."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime

from django.db.models import Count, F, Q, QuerySet
from django.db.models.functions import TruncQuarter
from django.utils import timezone
from django.utils.crypto import salted_hmac

from cases.unit_of_work import action
from offices.models import Office
from reporting.models import CaseFact, HouseQuarter
from reporting.rules.fact import THE_CASE
from reporting.rules.periods import Period
from reporting.rules.vocabulary import End, ReportKind

BATCH = 2_000
STEP = 5
Key = tuple[int, date, str, bool]  # office, quarter, kind, whether all offices below it; without a kind all of them


@dataclass
class _Quarter:
    received: int = 0
    closed: int = 0
    with_period: int = 0
    in_time: int = 0
    open_now: int = 0
    overdue_now: int = 0
    days: dict[str, int] = field(default_factory=dict)

    def hide(self, place: str) -> None:
        """Round the counts; `place` says which they are, so that the next night rounds them the same way."""
        for name, value in vars(self).items():
            if name != "days":
                setattr(self, name, rounded(value, f"{place} {name}"))

    def add(self, other: "_Quarter") -> None:
        for name, value in vars(other).items():
            if name != "days":
                setattr(self, name, getattr(self, name) + value)
        for took, number in other.days.items():
            self.days[took] = self.days.get(took, 0) + number


@action
def summarise(*, now: datetime) -> int:
    """Make the summary of all houses anew as of `now`; how many rows it has."""
    found: dict[Key, _Quarter] = defaultdict(_Quarter)
    rows = CaseFact.objects.known().filter(position=THE_CASE).order_by()
    today = timezone.localdate(now)
    for office, kind, quarter, number in _by_quarter(rows.filter(round=1), "received_on"):
        found[office, quarter, kind, False].received = number
    closed = rows.filter(end=End.CLOSED).annotate(quarter=TruncQuarter("ended_on"))
    counts = closed.values_list("office_id", "kind", "quarter").annotate(
        closed=Count("pk"),
        with_period=Count("pk", filter=Q(closure_due_on__isnull=False)),
        in_time=Count("pk", filter=Q(decided_on__lte=F("closure_due_on"))),
    )
    for office, kind, quarter, *numbers in counts:
        entry = found[office, quarter, kind, False]
        entry.closed, entry.with_period, entry.in_time = numbers
    took = closed.filter(working_days__isnull=False).values_list("office_id", "kind", "quarter", "working_days")
    for office, kind, quarter, days, number in took.annotate(number=Count("pk")):
        found[office, quarter, kind, False].days[str(days)] = number
    late = Q(closure_due_on__lt=today, decided_on__isnull=True)
    stock = rows.filter(ended_on__isnull=True).values_list("office_id", "kind")
    for office, kind, *numbers in stock.annotate(open=Count("pk"), overdue=Count("pk", filter=late)):
        entry = found[office, Period.around(today, ReportKind.QUARTER).from_on, kind, False]
        entry.open_now, entry.overdue_now = numbers
    _add_up(found)
    HouseQuarter.objects.all().delete()
    HouseQuarter.objects.bulk_create(
        (
            HouseQuarter(office_id=office, quarter_on=quarter, kind=kind, is_group=group, made_at=now, **vars(entry))
            for (office, quarter, kind, group), entry in found.items()
        ),
        batch_size=BATCH,
    )
    return len(found)


def _add_up(found: dict[Key, _Quarter]) -> None:
    """Each count rounded, then over all kinds, and over all offices below one."""
    parents = dict(Office.objects.values_list("pk", "parent"))
    for (office, quarter, kind, _), entry in list(found.items()):
        entry.hide(f"{office} {quarter} {kind}")
        found[office, quarter, "", False].add(entry)
        above = parents.get(office)
        while above:
            found[above, quarter, kind, True].add(entry)
            found[above, quarter, "", True].add(entry)
            above = parents.get(above)


def rounded(number: int, place: str) -> int:
    """A multiple of five beside the number, the nearer one more often, so that sums of many are right on the whole.

    Which of the two follows from the number and its place, by a key that no reader has.
    """
    below, rest = number // STEP * STEP, number % STEP
    draw = int.from_bytes(salted_hmac("reporting.houses", f"{place} {number}").digest()[:4], "big") / 2**32
    return below + STEP if draw < rest / STEP else below


def _by_quarter(rows: QuerySet[CaseFact], day: str) -> Iterable[tuple[int, str, date, int]]:
    counted = rows.annotate(quarter=TruncQuarter(day)).values_list("office_id", "kind", "quarter")
    return counted.annotate(number=Count("pk"))
