"""The deadline engine against the golden vectors, 5,000 computed vectors and the laws of every calendar."""

import csv
import os
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from offices.calendars import (
    FIRST_YEAR,
    LAST_YEAR,
    STATES,
    Calendar,
    ClosedDay,
    CountedDay,
    Due,
    Period,
    Unit,
    due,
    due_backward,
    next_working_day,
    previous_working_day,
    working_days_until,
)

AT, WT, KT, WEEKS, MONTHS = Unit.WORKING_DAYS, Unit.WEEKDAYS, Unit.CALENDAR_DAYS, Unit.WEEKS, Unit.MONTHS
CHRISTMAS = tuple(
    ClosedDay(name, date(year, 12, day), date(year, 12, day), is_public_holiday=False)
    for year in range(2012, 2032)
    for name, day in (("Heiligabend", 24), ("Silvester", 31))
)
BERLIN, LANDAU = Calendar("BE"), Calendar("RP")


def shared_data() -> Path:
    """The folder with the test data that lies beside the checkout; KRM_SHARED_DATA names another one."""
    beside = Path(__file__).resolve().parents[2].parent / "shared" / "data"
    return Path(os.environ.get("KRM_SHARED_DATA") or beside)


def on(text: str) -> date:
    return datetime.strptime(text, "%d.%m.%Y").replace(tzinfo=UTC).date()


def due_on(state: str, start: str, amount: int, unit: Unit, **options: bool) -> date:
    return due(Calendar(state), on(start), Period(amount, unit), **options).due_on


# Golden vectors of the rulebook, part B3

GOLDEN = [
    ("BE", "07.05.2025", 3, AT, "13.05.2025"),
    ("RP", "07.05.2025", 3, AT, "12.05.2025"),
    ("BE", "30.04.2026", 10, AT, "18.05.2026"),
    ("BE", "18.12.2026", 10, AT, "05.01.2027"),
    ("BE", "19.11.2026", 3, KT, "23.11.2026"),
    ("BE", "19.11.2026", 3, AT, "24.11.2026"),
    ("BE", "20.11.2026", 3, WT, "24.11.2026"),
    ("BE", "20.11.2026", 3, AT, "25.11.2026"),
    ("TH", "06.09.2024", 14, KT, "23.09.2024"),
    ("TH", "06.09.2026", 14, KT, "21.09.2026"),
    ("RP", "22.05.2012", 7, AT, "01.06.2012"),
    ("RP", "22.05.2012", 14, AT, "13.06.2012"),
    ("RP", "22.05.2026", 7, AT, "03.06.2026"),
    ("RP", "22.05.2026", 14, AT, "15.06.2026"),
    ("RP", "10.12.2026", 2, WEEKS, "24.12.2026"),
    ("RP", "10.12.2026", 14, AT, "31.12.2026"),
    ("RP", "11.12.2026", 2, WEEKS, "28.12.2026"),
    ("BE", "20.03.2026", 6, WEEKS, "04.05.2026"),
    ("SN", "16.11.2026", 4, AT, "23.11.2026"),
    ("BE", "16.11.2026", 4, AT, "20.11.2026"),
    ("BE", "31.01.2026", 1, MONTHS, "02.03.2026"),
    ("BE", "31.01.2024", 1, MONTHS, "29.02.2024"),
]
GOLDEN_RAW = [
    ("BE", "19.11.2026", 3, KT, "22.11.2026"),
    ("TH", "06.09.2024", 14, KT, "20.09.2024"),
    ("TH", "06.09.2026", 14, KT, "20.09.2026"),
    ("RP", "11.12.2026", 2, WEEKS, "25.12.2026"),
    ("BE", "20.03.2026", 6, WEEKS, "01.05.2026"),
    ("BE", "31.01.2026", 1, MONTHS, "28.02.2026"),
]
GOLDEN_BACKWARD = [
    ("RP", "15.06.2026", "01.06.2026", "01.06.2026"),
    ("RP", "08.06.2026", "25.05.2026", "22.05.2026"),
]


@pytest.mark.parametrize(("state", "start", "amount", "unit", "expected"), GOLDEN)
def test_golden_vectors_end_on_the_day_of_the_rulebook(state, start, amount, unit, expected):
    assert due_on(state, start, amount, unit) == on(expected)


@pytest.mark.parametrize(("state", "start", "amount", "unit", "expected"), GOLDEN_RAW)
def test_golden_vectors_show_the_raw_end_and_keep_it_without_roll_forward(state, start, amount, unit, expected):
    assert due(Calendar(state), on(start), Period(amount, unit)).raw_on == on(expected)
    assert due_on(state, start, amount, unit, roll_forward=False) == on(expected)


@pytest.mark.parametrize(("state", "end", "raw", "expected"), GOLDEN_BACKWARD)
def test_golden_vectors_counted_backward_end_on_the_day_of_the_rulebook(state, end, raw, expected):
    result = due_backward(Calendar(state), on(end), Period(14, KT))
    assert (result.start_on, result.raw_on, result.due_on) == (on(end), on(raw), on(expected))


# 5,000 vectors

UNITS = {"working": AT, "calendar": KT}


def test_engine_agrees_with_every_row_of_the_shared_vectors():
    vectors = shared_data() / "deadline_vectors.csv"
    if not vectors.exists():
        pytest.skip(f"{vectors} is missing: the 5,000 vectors lie beside the checkout, not in it")
    with vectors.open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    wrong = []
    for row in rows:
        closed = CHRISTMAS if row["extra_closed"] == "1" else ()
        calendar = Calendar(row["state"], closed, closed_days_are_working_days=False)
        period = Period(int(row["days"]), UNITS[row["unit"]])
        roll_forward = row["roll_forward"] == "1"
        result = due(calendar, date.fromisoformat(row["received"]), period, roll_forward=roll_forward)
        if result.due_on.isoformat() != row["due"]:
            wrong.append((row, result.due_on))
    assert (len(rows), wrong) == (5000, [])


# By hand: received around a weekend and a holiday (Berlin, 1 May 2026 is a Friday)


@pytest.mark.parametrize(
    ("received", "three_working_days", "fourteen_days"),
    [
        ("24.04.2026", "29.04.2026", "08.05.2026"),  # Friday
        ("25.04.2026", "29.04.2026", "11.05.2026"),  # Saturday; the 14th day is a Saturday
        ("26.04.2026", "29.04.2026", "11.05.2026"),  # Sunday; the 14th day is a Sunday
        ("30.04.2026", "06.05.2026", "15.05.2026"),  # the day before the holiday; 14 May is Himmelfahrt
        ("01.05.2026", "06.05.2026", "15.05.2026"),  # on the holiday
        ("27.03.2026", "01.04.2026", "10.04.2026"),  # clocks go forward on the 29th
        ("23.10.2026", "28.10.2026", "06.11.2026"),  # clocks go back on the 25th
        ("28.02.2028", "02.03.2028", "13.03.2028"),  # leap day counts
        ("30.12.2026", "05.01.2027", "13.01.2027"),  # year change
    ],
)
def test_day_of_receipt_never_counts_whatever_day_it_is(received, three_working_days, fourteen_days):
    assert due_on("BE", received, 3, AT) == on(three_working_days)
    assert due_on("BE", received, 14, KT) == on(fourteen_days)


def test_calendar_deadline_that_ends_before_a_holiday_stays():
    assert due_on("BE", "16.04.2026", 14, KT) == on("30.04.2026")


def test_period_in_leap_year_ends_on_29_february_and_a_year_later_on_the_28th():
    assert due_on("BE", "29.01.2024", 1, MONTHS) == on("29.02.2024")
    assert due_on("BE", "29.02.2024", 12, MONTHS) == on("28.02.2025")


def test_six_months_over_the_year_change_keep_the_number_of_the_day():
    assert due_on("BE", "15.10.2026", 6, MONTHS) == on("15.04.2027")


def test_werktage_count_saturdays_but_end_on_none_unless_told_so():
    assert due_on("BE", "18.11.2026", 3, WT) == on("23.11.2026")
    assert due_on("BE", "18.11.2026", 3, WT, roll_forward=False) == on("21.11.2026")


def test_arbeitstage_end_on_an_arbeitstag_even_without_roll_forward():
    assert due_on("BE", "20.11.2026", 1, AT, roll_forward=False) == on("23.11.2026")
    assert due_on("BE", "21.11.2026", 0, AT, roll_forward=False) == on("23.11.2026")


def test_period_of_zero_ends_on_the_day_itself_or_the_next_possible_one():
    assert due_on("BE", "20.11.2026", 0, AT) == on("20.11.2026")
    assert due_on("BE", "21.11.2026", 0, KT) == on("23.11.2026")
    assert due_on("BE", "21.11.2026", 0, KT, roll_forward=False) == on("21.11.2026")


def test_period_of_zero_arbeitstage_leaves_a_dienstfreier_tag_where_these_are_skipped():
    office = Calendar("BE", CHRISTMAS, closed_days_are_working_days=False)
    assert due(office, on("24.12.2026"), Period(0, AT)).due_on == on("28.12.2026")
    assert due_backward(office, on("24.12.2026"), Period(0, AT)).due_on == on("23.12.2026")


# Holidays: state, municipality, office


def test_liberation_day_2025_is_a_holiday_in_berlin_only():
    name = "80. Jahrestag der Befreiung vom Nationalsozialismus und der Beendigung des Zweiten Weltkriegs in Europa"
    found = {state: Calendar(state).holiday_on(date(2025, 5, 8)) for state in STATES}
    assert found == dict.fromkeys(STATES) | {"BE": name}


@pytest.mark.parametrize(
    ("day", "states"),
    [
        ("06.01.2026", {"BW", "BY", "ST"}),
        ("08.03.2023", {"BE", "MV"}),
        ("04.06.2026", {"BW", "BY", "HE", "NW", "RP", "SL"}),
        ("15.08.2026", {"SL"}),
        ("20.09.2026", {"TH"}),
        ("31.10.2017", set(STATES)),
        ("31.10.2026", {"BB", "MV", "SN", "ST", "TH", "HB", "HH", "NI", "SH"}),
        ("01.11.2026", {"BW", "BY", "NW", "RP", "SL"}),
        ("18.11.2026", {"SN"}),
        ("17.06.2028", {"BE"}),
        ("05.04.2026", {"BB"}),
        ("03.10.2026", set(STATES)),
        ("24.12.2026", set()),
        ("31.12.2026", set()),
    ],
)
def test_holidays_are_those_of_the_state_laws(day, states):
    assert {state for state in STATES if Calendar(state).holiday_on(on(day))} == states


def own_day(name: str, day: str, *, public: bool) -> ClosedDay:
    return ClosedDay(name, on(day), on(day), is_public_holiday=public)


def test_municipal_holiday_of_augsburg_moves_its_deadlines_and_not_those_of_munich():
    augsburg = Calendar("BY", (own_day("Augsburger Friedensfest", "08.08.2025", public=True),))
    period = Period(14, KT)
    assert due(augsburg, on("25.07.2025"), period).due_on == on("11.08.2025")
    assert due(Calendar("BY"), on("25.07.2025"), period).due_on == on("08.08.2025")
    assert augsburg.holiday_on(on("08.08.2025")) == "Augsburger Friedensfest"
    assert not augsburg.is_working_day(on("08.08.2025"))


def test_corpus_christi_moves_deadlines_in_eichsfeld_and_not_in_gera():
    eichsfeld = Calendar("TH", (own_day("Fronleichnam", "04.06.2026", public=True),))
    assert due(eichsfeld, on("01.06.2026"), Period(3, AT)).due_on == on("05.06.2026")
    assert due(Calendar("TH"), on("01.06.2026"), Period(3, AT)).due_on == on("04.06.2026")


def test_assumption_day_in_bavaria_is_left_to_the_municipality():
    assert Calendar("BY").holiday_on(on("15.08.2025")) is None


def test_dienstfreie_tage_count_as_arbeitstage_by_default_and_are_skipped_where_the_office_says_so():
    counted = Calendar("BE", CHRISTMAS)
    skipped = replace(counted, closed_days_are_working_days=False)
    assert due(counted, on("18.12.2026"), Period(10, AT)).due_on == on("05.01.2027")
    assert due(skipped, on("18.12.2026"), Period(10, AT)).due_on == on("07.01.2027")
    assert counted.is_working_day(on("24.12.2026"))
    assert not skipped.is_working_day(on("24.12.2026"))
    assert (skipped.closed_on(on("24.12.2026")), skipped.closed_on(on("23.12.2026"))) == ("Heiligabend", None)
    assert skipped.holiday_on(on("24.12.2026")) is None


@pytest.mark.parametrize("period", [Period(14, KT), Period(2, WEEKS), Period(12, WT)])
def test_dienstfreie_tage_never_move_the_end_of_another_period(period):
    office = Calendar("RP", CHRISTMAS, closed_days_are_working_days=False)
    assert due(office, on("10.12.2026"), period).due_on == on("24.12.2026")


@pytest.mark.parametrize("they_count", [True, False])
@pytest.mark.parametrize("period", [Period(14, KT), Period(2, WEEKS), Period(9, WT)])
def test_backward_end_falls_on_no_dienstfreier_tag_whether_these_count_or_not(period, they_count):
    """The office is closed: nobody can keep the date on that day (B3-11)."""
    office = Calendar("RP", CHRISTMAS, closed_days_are_working_days=they_count)
    result = due_backward(office, on("07.01.2027"), period)
    assert (result.raw_on, result.raw_end_is) == (on("24.12.2026"), "dienstfrei: Heiligabend")
    assert result.due_on == on("23.12.2026")


def test_dienstfreier_tag_that_counts_as_arbeitstag_is_counted_backward_but_no_end():
    """29.12. is the third Arbeitstag before Monday 04.01., 31.12. the first; of these only the end must be worked."""
    counting, skipping = (Calendar("RP", CHRISTMAS, closed_days_are_working_days=they) for they in (True, False))
    third, first = Period(3, AT), Period(1, AT)
    assert [due_backward(c, on("04.01.2027"), third).due_on for c in (counting, skipping)] == [
        on("29.12.2026"),
        on("28.12.2026"),
    ]
    assert [due_backward(c, on("04.01.2027"), first).due_on for c in (counting, skipping)] == [on("30.12.2026")] * 2


def test_closing_from_until_covers_both_ends_and_the_year_change():
    closing = ClosedDay("Betriebsruhe", on("28.12.2026"), on("04.01.2027"), is_public_holiday=False)
    office = Calendar("BE", (closing,), closed_days_are_working_days=False)
    days = ["27.12.2026", "28.12.2026", "04.01.2027", "05.01.2027"]
    assert [office.closed_on(on(day)) for day in days] == [None, "Betriebsruhe", "Betriebsruhe", None]
    assert due(office, on("23.12.2026"), Period(2, AT)).due_on == on("05.01.2027")


# Explanations


def test_day_list_names_every_day_with_its_number_or_its_reason():
    office = Calendar("BE", CHRISTMAS, closed_days_are_working_days=False)
    assert due(office, on("23.12.2026"), Period(2, AT)).days == (
        CountedDay(on("23.12.2026"), None, "Tag des Eingangs zählt nicht"),
        CountedDay(on("24.12.2026"), None, "dienstfrei: Heiligabend"),
        CountedDay(on("25.12.2026"), None, "Erster Weihnachtstag"),
        CountedDay(on("26.12.2026"), None, "Samstag"),
        CountedDay(on("27.12.2026"), None, "Sonntag"),
        CountedDay(on("28.12.2026"), 1, None),
        CountedDay(on("29.12.2026"), 2, None),
    )


def test_day_list_shows_where_a_moved_end_went():
    assert due(BERLIN, on("20.03.2026"), Period(6, WEEKS)).days[-4:] == (
        CountedDay(on("01.05.2026"), 6, None),
        CountedDay(on("02.05.2026"), None, "Samstag"),
        CountedDay(on("03.05.2026"), None, "Sonntag"),
        CountedDay(on("04.05.2026"), None, "Ende rückt auf diesen Tag"),
    )


def test_day_list_of_werktage_skips_sundays_and_holidays_only():
    days = due(BERLIN, on("30.04.2026"), Period(2, WT)).days
    assert [(day.number, day.skipped_because) for day in days] == [
        (None, "Tag des Eingangs zählt nicht"),
        (None, "Erster Mai"),
        (1, None),
        (None, "Sonntag"),
        (2, None),
    ]


def test_day_list_counted_backward_runs_backward():
    assert due_backward(LANDAU, on("27.05.2026"), Period(2, KT)).days == (
        CountedDay(on("27.05.2026"), None, "Tag des Fristendes zählt nicht"),
        CountedDay(on("26.05.2026"), 1, None),
        CountedDay(on("25.05.2026"), 2, None),
        CountedDay(on("24.05.2026"), None, "Sonntag"),
        CountedDay(on("23.05.2026"), None, "Samstag"),
        CountedDay(on("22.05.2026"), None, "Ende rückt auf diesen Tag"),
    )


@pytest.mark.parametrize(
    ("result", "sentence"),
    [
        (
            due(BERLIN, on("19.11.2026"), Period(3, KT)),
            "3 Kalendertage ab dem Tag nach dem Eingang (Donnerstag, 19.11.2026); das Ende fiel auf "
            "Sonntag, 22.11.2026, und rückt auf Montag, 23.11.2026 (§ 26 Abs. 3 SGB X).",
        ),
        (
            due(BERLIN, on("19.11.2026"), Period(3, KT), roll_forward=False),
            "3 Kalendertage ab dem Tag nach dem Eingang (Donnerstag, 19.11.2026); das Ende fällt auf "
            "Sonntag, 22.11.2026, und bleibt dort.",
        ),
        (
            due(Calendar("TH"), on("06.09.2024"), Period(14, KT)),
            "14 Kalendertage ab dem Tag nach dem Eingang (Freitag, 06.09.2024); das Ende fiel auf "
            "Freitag, 20.09.2024 (Weltkindertag), und rückt auf Montag, 23.09.2024 (§ 26 Abs. 3 SGB X).",
        ),
        (
            due(BERLIN, on("30.04.2026"), Period(10, AT)),
            "10 Arbeitstage ab dem Tag nach dem Eingang (Donnerstag, 30.04.2026); das Ende fällt auf "
            "Montag, 18.05.2026.",
        ),
        (
            due(BERLIN, on("21.11.2026"), Period(0, AT)),
            "0 Arbeitstage ab dem Eingang (Samstag, 21.11.2026); das Ende fiel auf Samstag, 21.11.2026, "
            "und rückt auf Montag, 23.11.2026.",
        ),
        (
            due(BERLIN, on("18.05.2026"), Period(5, AT), counted_from="dem bisherigen Ende der Frist"),
            "5 Arbeitstage ab dem Tag nach dem bisherigen Ende der Frist (Montag, 18.05.2026); das Ende "
            "fällt auf Dienstag, 26.05.2026.",
        ),
        (
            due_backward(LANDAU, on("08.06.2026"), Period(14, KT)),
            "14 Kalendertage vor Montag, 08.06.2026; das Ende fiel auf Montag, 25.05.2026 (Pfingstmontag), "
            "und wird vorgezogen auf Freitag, 22.05.2026.",
        ),
    ],
)
def test_result_tells_its_rule_in_one_sentence(result: Due, sentence: str):
    assert result.sentence == sentence


def test_period_that_does_not_begin_with_the_eingang_does_not_speak_of_it():
    first = due(BERLIN, on("18.05.2026"), Period(5, AT), counted_from="der Verfügung").days[0]
    assert first == CountedDay(on("18.05.2026"), None, "Der Anfangstag zählt nicht")


@pytest.mark.parametrize(
    ("period", "words"),
    [
        (Period(10, AT), "10 Arbeitstage"),
        (Period(1, AT), "1 Arbeitstag"),
        (Period(3, WT), "3 Werktage"),
        (Period(1, KT), "1 Kalendertag"),
        (Period(2, WEEKS), "2 Wochen"),
        (Period(1, MONTHS), "1 Monat"),
        (Period(0, MONTHS), "0 Monate"),
    ],
)
def test_period_reads_as_a_person_would_say_it(period, words):
    assert period.words == words


# Distances and neighbours


@pytest.mark.parametrize(
    ("today", "due_day", "distance"),
    [
        ("20.11.2026", "20.11.2026", 0),
        ("21.11.2026", "21.11.2026", 0),
        ("19.11.2026", "20.11.2026", 1),
        ("20.11.2026", "23.11.2026", 1),
        ("30.04.2026", "18.05.2026", 10),
        ("23.11.2026", "20.11.2026", -1),
        ("24.11.2026", "20.11.2026", -2),
        ("21.11.2026", "20.11.2026", -1),  # overdue on the very next day, though it is a Saturday
        ("21.11.2026", "22.11.2026", 1),  # not today, though no Arbeitstag lies between
    ],
)
def test_distance_is_signed_and_zero_only_today(today, due_day, distance):
    assert working_days_until(BERLIN, on(today), on(due_day)) == distance


def test_neighbouring_working_days_exclude_the_day_itself():
    assert previous_working_day(BERLIN, on("04.05.2026")) == on("30.04.2026")
    assert next_working_day(BERLIN, on("30.04.2026")) == on("04.05.2026")
    assert next_working_day(BERLIN, on("01.05.2026")) == on("04.05.2026")


# Refusals


@pytest.mark.parametrize(
    ("make", "sentence"),
    [
        (lambda: Period(-1, AT), "Eine Frist hat 0 bis 9999 Einheiten, nicht -1."),
        (lambda: Period(10_000, KT), "Eine Frist hat 0 bis 9999 Einheiten, nicht 10000."),
        (lambda: Period(1, "stunden"), "„stunden“ ist keine Einheit für eine Frist."),
        (
            lambda: Calendar("Augsburg"),
            "„Augsburg“ ist kein Bundesland (erwartet: BB, BE, BW, BY, HB, HE, HH, MV, NI, NW, RP, SH, SL, "
            "SN, ST, TH).",
        ),
        (
            lambda: ClosedDay("Betriebsruhe", date(2027, 1, 2), date(2026, 12, 28), is_public_holiday=False),
            "„Betriebsruhe“ endet vor dem Beginn.",
        ),
        (
            lambda: due(BERLIN, datetime(2026, 11, 19, 23, 30, tzinfo=UTC), Period(3, AT)),
            "Fristen rechnen mit einem Tag ohne Uhrzeit.",
        ),
        (
            lambda: due(BERLIN, date(FIRST_YEAR - 1, 6, 1), Period(3, AT)),
            f"Fristen werden für {FIRST_YEAR} bis {LAST_YEAR} berechnet, nicht für {FIRST_YEAR - 1}.",
        ),
        (
            lambda: due(BERLIN, date(LAST_YEAR, 12, 31), Period(5, AT)),
            f"Für das Jahr {LAST_YEAR + 1} sind keine Feiertage bekannt ({FIRST_YEAR} bis {LAST_YEAR}).",
        ),
        (
            lambda: due_backward(BERLIN, date(FIRST_YEAR, 1, 2), Period(1, MONTHS)),
            f"Für das Jahr {FIRST_YEAR - 1} sind keine Feiertage bekannt ({FIRST_YEAR} bis {LAST_YEAR}).",
        ),
    ],
)
def test_impossible_input_is_refused_with_a_sentence(make, sentence):
    with pytest.raises(ValueError, match=r"\S") as refusal:
        make()
    assert str(refusal.value) == sentence


# Laws that hold for every calendar

# How long an example takes says something about the machine, nothing about the engine.
settings.register_profile("any machine", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("any machine")

days = st.dates(date(2010, 1, 1), date(2040, 12, 31))
units = st.sampled_from(list(Unit))
periods = st.builds(Period, st.integers(0, 40), units)
whole_periods = st.builds(Period, st.integers(1, 40), units)
closed_days = st.builds(
    lambda start, length, public: ClosedDay("eigener Tag", start, start + timedelta(days=length), public),
    days,
    st.integers(0, 12),
    st.booleans(),
)
calendars = st.builds(
    Calendar, st.sampled_from(sorted(STATES)), st.lists(closed_days, max_size=4).map(tuple), st.booleans()
)


@given(calendars, days, periods)
def test_forward_end_lies_on_no_weekend_or_holiday_and_arbeitstage_on_an_arbeitstag(calendar, start, period):
    end = due(calendar, start, period).due_on
    assert end.weekday() < 5
    assert calendar.holiday_on(end) is None
    assert calendar.is_working_day(end) or period.unit != AT


@given(calendars, days, st.integers(0, 60), periods, st.booleans())
def test_later_start_never_ends_earlier(calendar, start, later, period, roll_forward):
    ends = [
        due(calendar, day, period, roll_forward=roll_forward).due_on for day in (start, start + timedelta(days=later))
    ]
    assert ends == sorted(ends)


@given(calendars, days, whole_periods)
def test_one_more_arbeitstag_ends_later_and_one_more_of_any_unit_never_earlier(calendar, start, period):
    shorter = due(calendar, start, period).due_on
    longer = due(calendar, start, replace(period, amount=period.amount + 1)).due_on
    assert longer > shorter if period.unit == AT else longer >= shorter


@given(calendars, days, st.integers(1, 40))
def test_distance_undoes_counting_arbeitstage_in_both_directions(calendar, start, amount):
    period = Period(amount, AT)
    assert working_days_until(calendar, start, due(calendar, start, period).due_on) == amount
    # Backward the end itself does not count, so the way there is one Arbeitstag longer unless it is one.
    begin = due_backward(calendar, start, period).raw_on
    assert working_days_until(calendar, begin, start) == max(1, amount - 1 + calendar.is_working_day(start))


@given(calendars, days, days)
def test_distance_has_the_sign_of_the_calendar(calendar, today, end):
    distance = working_days_until(calendar, today, end)
    assert (distance > 0, distance < 0) == (end > today, end < today)
    assert working_days_until(calendar, end, today) == -distance


@given(calendars, days, periods)
def test_backward_end_is_a_possible_end_and_never_later_than_the_mirrored_day(calendar, end, period):
    result = due_backward(calendar, end, period)
    assert result.due_on <= result.raw_on <= end
    assert result.due_on.weekday() < 5
    assert calendar.holiday_on(result.due_on) is None
    assert calendar.closed_on(result.due_on) is None
    if period.unit == KT:
        assert result.raw_on == end - timedelta(days=period.amount)


@given(calendars, days, st.integers(0, 60), periods)
def test_later_end_never_begins_earlier(calendar, end, later, period):
    begins = [due_backward(calendar, day, period).due_on for day in (end, end + timedelta(days=later))]
    assert begins == sorted(begins)


@given(calendars, days, periods)
def test_period_counted_back_and_then_forward_again_is_over_by_the_end(calendar, end, period):
    """Whoever begins on the day counted back has the whole period left; one of Arbeitstagen ends on such a day."""
    begin = due_backward(calendar, end, period).due_on
    unit, last = period.unit, end
    while calendar.why_not_counted(last, unit):
        last += timedelta(days=1)
    assert due(calendar, begin, period, roll_forward=False).raw_on <= last


@given(calendars, days, whole_periods)
def test_one_more_arbeitstag_counted_back_begins_no_later(calendar, end, period):
    shorter = due_backward(calendar, end, period).due_on
    assert due_backward(calendar, end, replace(period, amount=period.amount + 1)).due_on <= shorter


@given(calendars, days, periods, closed_days, st.booleans())
def test_another_closed_day_never_makes_a_deadline_earlier(calendar, start, period, closed, roll_forward):
    more = replace(calendar, closed_days=(*calendar.closed_days, closed))
    before = due(calendar, start, period, roll_forward=roll_forward).due_on
    assert due(more, start, period, roll_forward=roll_forward).due_on >= before
    backward = due_backward(calendar, start, period).due_on
    assert due_backward(more, start, period).due_on <= backward


@given(calendars, days, periods, st.booleans())
def test_day_list_explains_the_count(calendar, start, period, is_backward):
    result = due_backward(calendar, start, period) if is_backward else due(calendar, start, period)
    numbers = [day.number for day in result.days if day.number is not None]
    assert numbers == list(range(1, period.amount + 1))
    assert all((day.number is None) == bool(day.skipped_because) for day in result.days)
    assert (result.days[0].on, result.days[-1].on) == (start, result.due_on)
    listed = [day.on for day in result.days]
    assert listed == sorted(set(listed), reverse=is_backward)


@given(calendars, days, periods)
def test_results_are_values_that_can_be_compared_and_hashed(calendar, start, period):
    same_office = replace(calendar)
    assert due(calendar, start, period) == due(same_office, start, period)
    assert len({due(calendar, start, period), due(same_office, start, period)}) == 1
    assert hash(calendar) == hash(same_office)


@given(calendars, days)
def test_neighbouring_working_days_are_the_nearest_ones(calendar, day):
    before, after = previous_working_day(calendar, day), next_working_day(calendar, day)
    between = [before + timedelta(days=n) for n in range((after - before).days + 1)]
    expected = {before, after} | ({day} if calendar.is_working_day(day) else set())
    assert {other for other in between if calendar.is_working_day(other)} == expected
