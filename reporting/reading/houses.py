"""The houses below one: from the nightly summary, rounded to five, since their cases are not for these readers."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import QuerySet, Sum
from django.utils import timezone

from offices.models import Office
from reporting.charts import Chart, Series, lines
from reporting.models import HouseMonth
from reporting.rules.comparing import SMALLEST_BASE
from reporting.rules.disclosure import SMALL_GROUP, nearest
from reporting.rules.periods import MONTHS, Period
from reporting.rules.quantiles import median, ninetieth
from reporting.rules.tables import decimal

COUNTED = ("received", "closed", "with_period", "in_time", "open_now", "overdue_now")


@dataclass(frozen=True)
class HouseRow:
    """One house, or all of them; counts to the nearest five, the share of what is rounded."""

    office: Office | None
    received: int
    before: int
    closed: int
    open_now: int
    overdue_now: int
    share: float | None

    @property
    def share_words(self) -> str:
        return "–" if self.share is None else f"{decimal(self.share)} %"

    @property
    def change_words(self) -> str:
        """In per cent to the year before, where the base is large enough."""
        if self.before < SMALLEST_BASE:
            return "–"
        change = 100 * (self.received - self.before) / self.before
        return f"{'+' if change > 0 else '−' if change < 0 else '±'}{decimal(abs(change))} %"


@dataclass(frozen=True)
class Houses:
    rows: list[HouseRow]
    total: HouseRow | None
    median: int | None
    ninetieth: int | None
    made_at: datetime | None
    chart: Chart | None


def houses(top: Office, offices: Sequence[Office], period: Period, kind: str = "") -> Houses:
    """`offices` are all those below `top`, by name; whole months of a period. A fixed number of queries and of rows."""
    rows = HouseMonth.objects.filter(office__in=[office.pk for office in offices], kind=kind, is_group=False)
    of_all = HouseMonth.objects.filter(office=top, kind=kind, is_group=True)
    made_at = of_all.values_list("made_at", flat=True).order_by("-month_on").first()
    if made_at is None:
        return Houses([], None, None, None, None, None)
    made_on = timezone.localdate(made_at)
    now, before = _sums(rows, period), _sums(rows, period.a_year_before())
    stock = _sums(rows, Period.of_months(made_on.year, made_on.month, 1))
    found = [_row(o, now.get(o.pk, {}), before.get(o.pk, {}), stock.get(o.pk, {})) for o in offices]
    total = _row(None, _all(now), _all(before), _all(stock))
    days: dict[int, int] = defaultdict(int)
    for counts in _within(of_all, period).exclude(days={}).values_list("days", flat=True):
        for took, number in counts.items():
            days[int(took)] += number
    enough = sum(days.values()) >= SMALL_GROUP
    chart = _chart(of_all, period, made_on)
    return Houses(found, total, median(days) if enough else None, ninetieth(days) if enough else None, made_at, chart)


def _within(rows: QuerySet[HouseMonth], period: Period) -> QuerySet[HouseMonth]:
    return rows.filter(month_on__range=(period.from_on, period.until_on))


def _sums(rows: QuerySet[HouseMonth], period: Period) -> dict[int, dict[str, int]]:
    of_office = _within(rows, period).order_by().values_list("office_id")
    counted = of_office.annotate(**{f"sum_{name}": Sum(name) for name in COUNTED})
    return {office_id: dict(zip(COUNTED, sums, strict=True)) for office_id, *sums in counted}


def _all(sums: dict[int, dict[str, int]]) -> dict[str, int]:
    return {name: sum(row[name] for row in sums.values()) for name in COUNTED}


def _row(office: Office | None, now: dict[str, int], before: dict[str, int], stock: dict[str, int]) -> HouseRow:
    with_period, in_time = nearest(now.get("with_period", 0)), nearest(now.get("in_time", 0))
    return HouseRow(
        office=office,
        received=nearest(now.get("received", 0)),
        before=nearest(before.get("received", 0)),
        closed=nearest(now.get("closed", 0)),
        open_now=nearest(stock.get("open_now", 0)),
        overdue_now=nearest(stock.get("overdue_now", 0)),
        share=100 * min(in_time, with_period) / with_period if with_period else None,
    )


def _chart(rows: QuerySet[HouseMonth], period: Period, made_on: date) -> Chart:
    """Twelve months up to the end of the period, beside the twelve before."""
    year = Period.year_up_to(period.until_on)
    shown = _within(rows, Period(year.a_year_before().from_on, year.until_on))
    received = {month: nearest(number) for month, number in shown.values_list("month_on", "received")}
    axis = year.month_starts()
    return lines(
        "Kommen mehr Kundenreaktionen als im Jahr davor?",
        [MONTHS[day.month - 1][:3] for day in axis],
        [
            Series("zuletzt", tuple(received.get(day, 0) if day <= made_on else None for day in axis)),
            Series("davor", tuple(received.get(day.replace(year=day.year - 1), 0) for day in axis)),
        ],
        below=f"Vorgänge nach Eingang, auf fünf gerundet, {year.label}",
    )
