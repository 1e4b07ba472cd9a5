"""Days that people enter: whether something can be due at the end of one, and which to take instead (B3-5)."""

from datetime import date

from offices.calendars import LAST_YEAR, WEEKDAYS, Calendar, next_working_day, previous_working_day


def in_words(day: date) -> str:
    return f"{WEEKDAYS[day.weekday()]}, {day:%d.%m.%Y}"


def why_no_day(calendar: Calendar, day: date, earliest: date) -> str | None:
    """The sentence why nothing can be due at the end of `day`; None where it can.

    Of a day that is no Arbeitstag it offers the Arbeitstag before, or the next one where that is before `earliest`.
    """
    if day < earliest:
        return f"Der {day:%d.%m.%Y} liegt in der Vergangenheit."
    if day.year > LAST_YEAR:
        return f"Möglich sind Tage bis {LAST_YEAR}."
    if why := calendar.why_not_counted(day):
        offer = previous_working_day(calendar, day)
        offer = offer if offer >= earliest else next_working_day(calendar, day)
        return f"Der {day:%d.%m.%Y} ist kein Arbeitstag ({why}). Möglich wäre: {in_words(offer)}."
    return None
