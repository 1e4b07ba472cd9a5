"""Days as numbers (date.toordinal) with quick steps between Arbeitstagen; moments of a day as the tables want them."""

from bisect import bisect_right
from datetime import date, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo

from offices.calendars import Calendar

BERLIN = ZoneInfo("Europe/Berlin")
DAY_STARTS, DAY_ENDS = 8 * 3600, 16 * 3600  # seconds after midnight
MARGIN = 500  # days beyond the period for which Arbeitstage are known

_TIMES = [f"{second // 3600:02}:{second // 60 % 60:02}:{second % 60:02}" for second in range(24 * 3600)]


class WorkingDays:
    """The Arbeitstage of a Land from shortly before `first` to well after `last`, both as numbers."""

    def __init__(self, calendar: Calendar, first: int, last: int):
        self.calendar = calendar
        days = range(first - MARGIN, last + MARGIN)
        self.days = [day for day in days if calendar.is_working_day(date.fromordinal(day))]

    def after(self, day: int, number: int) -> int:
        """The Arbeitstag so many after `day`, which does not count; with 0 the day itself or the next Arbeitstag."""
        if number:
            return self.days[bisect_right(self.days, day) + number - 1]
        return self.days[bisect_right(self.days, day - 1)]

    def last_until(self, day: int) -> int:
        """The day itself or the last Arbeitstag before it."""
        return self.days[bisect_right(self.days, day) - 1]

    def between(self, day: int, later: int) -> int:
        """How many Arbeitstage lie after `day` up to `later`."""
        return bisect_right(self.days, later) - bisect_right(self.days, day)


@cache
def iso(day: int) -> str:
    return date.fromordinal(day).isoformat()


@cache
def _midnight(day: int) -> tuple[int, int]:
    """Seconds since 1970 at which the day begins in Berlin, and how far its noon is ahead of UTC."""
    at = date.fromordinal(day)
    noon = datetime(at.year, at.month, at.day, 12, tzinfo=BERLIN)
    ahead = int((noon.utcoffset() or timedelta()).total_seconds())
    return int(noon.timestamp()) - 12 * 3600, ahead


def timestamp(day: int, second: int) -> int:
    """Seconds since 1970 of a second between 03:00 and 22:00 of the day in Berlin."""
    return _midnight(day)[0] + second


def moment(day: int, second: int) -> str:
    """The same as both databases store it: in UTC, without a zone."""
    return f"{iso(day)} {_TIMES[second - _midnight(day)[1]]}"
