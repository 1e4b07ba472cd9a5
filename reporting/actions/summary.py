"""The nightly summary over all houses: counted once from the facts, so that the centre's page reads a few rows."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime

from django.db.models import Count, F, Q, QuerySet
from django.db.models.functions import TruncMonth
from django.utils import timezone

from cases.unit_of_work import action
from offices.models import Office
from reporting.models import CaseFact, HouseMonth
from reporting.rules.fact import THE_CASE
from reporting.rules.vocabulary import End

BATCH = 2_000
Key = tuple[int, date, str, bool]  # office, month, kind, whether all offices below it; without a kind all of them


@dataclass
class _Month:
    received: int = 0
    closed: int = 0
    with_period: int = 0
    in_time: int = 0
    open_now: int = 0
    overdue_now: int = 0
    days: dict[str, int] = field(default_factory=dict)

    def add(self, other: "_Month") -> None:
        for name, value in vars(other).items():
            if name != "days":
                setattr(self, name, getattr(self, name) + value)
        for took, number in other.days.items():
            self.days[took] = self.days.get(took, 0) + number


@action
def summarise(*, now: datetime) -> int:
    """Make the summary of all houses anew as of `now`; how many rows it has."""
    found: dict[Key, _Month] = defaultdict(_Month)
    rows = CaseFact.objects.known().filter(position=THE_CASE).order_by()
    today = timezone.localdate(now)
    for office, kind, month, number in _by_month(rows.filter(round=1), "received_on"):
        found[office, month, kind, False].received = number
    closed = rows.filter(end=End.CLOSED).annotate(month=TruncMonth("ended_on"))
    counts = closed.values_list("office_id", "kind", "month").annotate(
        closed=Count("pk"),
        with_period=Count("pk", filter=Q(closure_due_on__isnull=False)),
        in_time=Count("pk", filter=Q(decided_on__lte=F("closure_due_on"))),
    )
    for office, kind, month, *numbers in counts:
        entry = found[office, month, kind, False]
        entry.closed, entry.with_period, entry.in_time = numbers
    took = closed.filter(working_days__isnull=False).values_list("office_id", "kind", "month", "working_days")
    for office, kind, month, days, number in took.annotate(number=Count("pk")):
        found[office, month, kind, False].days[str(days)] = number
    late = Q(closure_due_on__lt=today, decided_on__isnull=True)
    stock = rows.filter(ended_on__isnull=True).values_list("office_id", "kind")
    for office, kind, *numbers in stock.annotate(open=Count("pk"), overdue=Count("pk", filter=late)):
        entry = found[office, today.replace(day=1), kind, False]
        entry.open_now, entry.overdue_now = numbers
    _add_up(found)
    HouseMonth.objects.all().delete()
    HouseMonth.objects.bulk_create(
        (
            HouseMonth(office_id=office, month_on=month, kind=kind, is_group=group, made_at=now, **vars(entry))
            for (office, month, kind, group), entry in found.items()
        ),
        batch_size=BATCH,
    )
    return len(found)


def _add_up(found: dict[Key, _Month]) -> None:
    """Over all kinds, and over all offices below one."""
    parents = dict(Office.objects.values_list("pk", "parent"))
    for (office, month, kind, _), entry in list(found.items()):
        found[office, month, "", False].add(entry)
        above = parents.get(office)
        while above:
            found[above, month, kind, True].add(entry)
            found[above, month, "", True].add(entry)
            above = parents.get(above)


def _by_month(rows: QuerySet[CaseFact], day: str) -> Iterable[tuple[int, str, date, int]]:
    counted = rows.annotate(month=TruncMonth(day)).values_list("office_id", "kind", "month")
    return counted.annotate(number=Count("pk"))
