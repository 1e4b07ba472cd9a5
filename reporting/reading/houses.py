"""The houses below one: from the nightly summary, rounded there, since their cases are not for these readers."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import QuerySet, Sum
from django.utils import timezone

from offices.models import Office
from reporting.charts import Chart, Series, lines
from reporting.models import HouseQuarter
from reporting.rules.comparing import SMALLEST_BASE
from reporting.rules.disclosure import SMALL_GROUP
from reporting.rules.periods import Period
from reporting.rules.quantiles import median, ninetieth
from reporting.rules.tables import decimal
from reporting.rules.vocabulary import ReportKind

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
    """`offices` are all those below `top`, by name; a period of whole quarters. As many queries for all as for one."""
    rows = HouseQuarter.objects.filter(office__in=[office.pk for office in offices], kind=kind, is_group=False)
    of_all = HouseQuarter.objects.filter(office=top, kind=kind, is_group=True)
    made_at = of_all.values_list("made_at", flat=True).order_by("-quarter_on").first()
    if made_at is None:
        return Houses([], None, None, None, None, None)
    made_on = timezone.localdate(made_at)
    now = _sums(rows, period)
    before = _sums(rows, period.a_year_before()) if period.until_on <= made_on else {}  # a part is no year
    stock = _sums(rows, Period.around(made_on, ReportKind.QUARTER))
    found = [_row(o, now.get(o.pk, {}), before.get(o.pk, {}), stock.get(o.pk, {})) for o in offices]
    total = _row(None, _all(now), _all(before), _all(stock))
    days: dict[int, int] = defaultdict(int)
    for counts in _within(of_all, period).exclude(days={}).values_list("days", flat=True):
        for took, number in counts.items():
            days[int(took)] += number
    enough = sum(days.values()) >= SMALL_GROUP
    chart = _chart(of_all, period, made_on)
    return Houses(found, total, median(days) if enough else None, ninetieth(days) if enough else None, made_at, chart)


def _within(rows: QuerySet[HouseQuarter], period: Period) -> QuerySet[HouseQuarter]:
    return rows.filter(quarter_on__range=(period.from_on, period.until_on))


def _sums(rows: QuerySet[HouseQuarter], period: Period) -> dict[int, dict[str, int]]:
    of_office = _within(rows, period).order_by().values_list("office_id")
    counted = of_office.annotate(**{f"sum_{name}": Sum(name) for name in COUNTED})
    return {office_id: dict(zip(COUNTED, sums, strict=True)) for office_id, *sums in counted}


def _all(sums: dict[int, dict[str, int]]) -> dict[str, int]:
    return {name: sum(row[name] for row in sums.values()) for name in COUNTED}


def _row(office: Office | None, now: dict[str, int], before: dict[str, int], stock: dict[str, int]) -> HouseRow:
    with_period, in_time = now.get("with_period", 0), now.get("in_time", 0)
    return HouseRow(
        office=office,
        received=now.get("received", 0),
        before=before.get("received", 0),
        closed=now.get("closed", 0),
        open_now=stock.get("open_now", 0),
        overdue_now=stock.get("overdue_now", 0),
        share=100 * min(in_time, with_period) / with_period if with_period else None,
    )


def _chart(rows: QuerySet[HouseQuarter], period: Period, made_on: date) -> Chart:
    """Four quarters up to the end of the period, beside the four before."""
    last = Period.around(min(period.until_on, made_on), ReportKind.QUARTER)
    year = Period(last.a_year_before().until_on + timedelta(days=1), last.until_on)
    shown = _within(rows, Period(year.a_year_before().from_on, year.until_on))
    received = dict(shown.values_list("quarter_on", "received"))
    axis = year.month_starts()[::3]
    return lines(
        "Kommen mehr Kundenreaktionen als im Jahr davor?",
        [f"Q{(day.month + 2) // 3} {day:%y}" for day in axis],
        [
            Series("zuletzt", tuple(received.get(day, 0) if day <= made_on else None for day in axis)),
            Series("davor", tuple(received.get(day.replace(year=day.year - 1), 0) for day in axis)),
        ],
        below=f"Vorgänge nach Eingang, auf fünf gerundet, {year.label}",
    )
