"""Deadlines at Eingang for the four offices, the move by a rest, and the signal; dates by hand from rulebook B3."""

from dataclasses import replace
from datetime import date

import pytest

from cases.rules.deadlines import Intake, Level, after_pause, check_pause, check_resume, plan, signal
from cases.rules.kinds import Channel, Kind
from offices.calendars import Calendar
from offices.errors import NotAllowed
from offices.rules import presets

STATES = {"pankow": "BE", "germersheim": "RP", "gera": "TH", "sgb3": "BE"}
ACK, INTERIM, CLOSURE = "acknowledgement", "interim", "closure"


def planned(office, received_on, channel=Channel.LETTER, kind=Kind.COMPLAINT, **intake):
    """(kind, due day) of every deadline, in order."""
    parameters = presets.load(office).parameters
    found = plan(parameters, Intake(kind, channel, received_on, **intake), Calendar(STATES[office]))
    return [(p.kind.value, p.due.due_on) for p in found]


@pytest.mark.parametrize(
    ("office", "received_on", "expected"),
    [
        # 8 May 2025 is a holiday in Berlin only
        (
            "pankow",
            date(2025, 5, 7),
            [(ACK, date(2025, 5, 13)), (INTERIM, date(2025, 5, 22)), (CLOSURE, date(2025, 5, 22))],
        ),
        (
            "pankow",
            date(2026, 4, 30),
            [(ACK, date(2026, 5, 6)), (INTERIM, date(2026, 5, 18)), (CLOSURE, date(2026, 5, 18))],
        ),
        (
            "pankow",
            date(2026, 11, 20),
            [(ACK, date(2026, 11, 25)), (INTERIM, date(2026, 12, 4)), (CLOSURE, date(2026, 12, 4))],
        ),
        (
            "pankow",
            date(2026, 12, 18),
            [(ACK, date(2026, 12, 23)), (INTERIM, date(2027, 1, 5)), (CLOSURE, date(2027, 1, 5))],
        ),
        ("germersheim", date(2012, 5, 22), [(ACK, date(2012, 6, 1)), (CLOSURE, date(2012, 6, 13))]),
        ("germersheim", date(2026, 5, 22), [(ACK, date(2026, 6, 3)), (CLOSURE, date(2026, 6, 15))]),
        # 20 September is Weltkindertag in Thüringen
        ("gera", date(2024, 9, 6), [(INTERIM, date(2024, 9, 23)), (CLOSURE, date(2024, 9, 23))]),
        ("gera", date(2026, 9, 6), [(INTERIM, date(2026, 9, 21)), (CLOSURE, date(2026, 9, 21))]),
        ("sgb3", date(2025, 5, 7), [(ACK, date(2025, 5, 13)), (CLOSURE, date(2025, 5, 21))]),
        ("sgb3", date(2026, 11, 20), [(ACK, date(2026, 11, 25)), (CLOSURE, date(2026, 12, 4))]),
    ],
)
def test_a_letter_gets_the_deadlines_of_its_office(office, received_on, expected):
    assert planned(office, received_on) == expected


FRIDAY = date(2026, 11, 20)


@pytest.mark.parametrize(
    ("office", "channel", "wish", "expected"),
    [
        ("pankow", Channel.FAX, False, [ACK, INTERIM, CLOSURE]),
        ("pankow", Channel.EMAIL, False, [INTERIM, CLOSURE]),  # KRM decides (PAN-26)
        ("pankow", Channel.EMAIL, True, [ACK, INTERIM, CLOSURE]),
        ("pankow", Channel.ONLINE_FORM, False, [INTERIM, CLOSURE]),
        ("pankow", Channel.PHONE, False, [INTERIM, CLOSURE]),
        ("pankow", Channel.OPINION_CARD, True, []),  # PAN-18
        ("germersheim", Channel.EMAIL, False, [ACK, CLOSURE]),
        ("germersheim", Channel.IN_PERSON, False, []),  # § 6 is about what is written
        ("germersheim", Channel.OPINION_CARD, False, []),
        ("gera", Channel.LETTER, True, [INTERIM, CLOSURE]),  # „ggf.“, without a period
        ("gera", Channel.PHONE, False, [INTERIM, CLOSURE]),
        ("sgb3", Channel.ONLINE_FORM, False, [ACK, CLOSURE]),
        ("sgb3", Channel.PHONE, False, [CLOSURE]),
    ],
)
def test_the_channel_decides_which_deadlines_are_owed(office, channel, wish, expected):
    found = planned(office, FRIDAY, channel, wants_acknowledgement=wish)
    assert [kind for kind, _ in found] == expected


@pytest.mark.parametrize("office", list(STATES))
def test_somebody_anonymous_is_not_written_to(office):
    assert [kind for kind, _ in planned(office, FRIDAY, is_anonymous=True)] == [CLOSURE]


@pytest.mark.parametrize("kind", list(Kind))
def test_every_kind_is_acknowledged_alike(kind):
    assert planned("pankow", FRIDAY, kind=kind) == planned("pankow", FRIDAY)


def test_each_deadline_names_the_parameter_it_comes_from():
    parameters = presets.load("pankow").parameters
    found = plan(parameters, Intake(Kind.COMPLAINT, Channel.LETTER, FRIDAY), Calendar("BE"))
    assert [(p.kind.value, p.rule_key) for p in found] == [(ACK, "K1"), (INTERIM, "K3"), (CLOSURE, "K2")]


def test_the_other_reading_of_k1_counts_calendar_days():
    parameters = presets.load("pankow").parameters
    reading = next(r for r in parameters.provenance["acknowledgement"].readings if r.key == "dritter-tag")
    changed = replace(parameters, acknowledgement=reading.value)
    first = plan(changed, Intake(Kind.COMPLAINT, Channel.LETTER, date(2026, 11, 19)), Calendar("BE"))[0]
    assert (first.due.raw_on, first.due.due_on) == (date(2026, 11, 22), date(2026, 11, 23))


BERLIN = Calendar("BE")


@pytest.mark.parametrize(
    ("from_on", "resumed_on", "expected"),
    [
        (date(2026, 11, 23), date(2026, 11, 23), date(2026, 12, 4)),  # no day of rest
        (date(2026, 11, 23), date(2026, 11, 30), date(2026, 12, 11)),  # five Arbeitstage
        (date(2026, 11, 28), date(2026, 11, 30), date(2026, 12, 4)),  # a week-end
        (date(2026, 12, 4), date(2026, 12, 7), date(2026, 12, 7)),  # began on the last day
        (date(2026, 12, 7), date(2026, 12, 14), date(2026, 12, 4)),  # had ended before
    ],
)
def test_a_deadline_moves_by_the_working_days_of_the_rest(from_on, resumed_on, expected):
    assert after_pause(BERLIN, date(2026, 12, 4), from_on, resumed_on) == expected


MONDAY = date(2026, 11, 23)


@pytest.mark.parametrize(
    ("from_on", "last_resumed_on", "sentence"),
    [
        (date(2026, 11, 24), None, "Das Ruhen kann nicht in der Zukunft beginnen."),
        (date(2026, 11, 1), None, "Das Ruhen kann nicht vor dem Eingang beginnen."),
        (date(2026, 11, 10), date(2026, 11, 12), "Das Ruhen kann nicht vor dem Ende des vorigen Ruhens beginnen."),
    ],
)
def test_a_rest_begins_between_eingang_and_today(from_on, last_resumed_on, sentence):
    with pytest.raises(NotAllowed) as refusal:
        check_pause(from_on, MONDAY, date(2026, 11, 2), last_resumed_on)
    assert refusal.value.reason == sentence


def test_a_rest_may_begin_today_and_where_the_last_one_ended():
    check_pause(MONDAY, MONDAY, date(2026, 11, 2), MONDAY)


@pytest.mark.parametrize(
    ("resumed_on", "sentence"),
    [
        (date(2026, 11, 24), "Die Fortsetzung kann nicht in der Zukunft liegen."),
        (date(2026, 11, 9), "Die Fortsetzung kann nicht vor dem Beginn des Ruhens liegen."),
    ],
)
def test_a_rest_ends_between_its_beginning_and_today(resumed_on, sentence):
    with pytest.raises(NotAllowed) as refusal:
        check_resume(resumed_on, MONDAY, date(2026, 11, 10))
    assert refusal.value.reason == sentence


@pytest.mark.parametrize(
    ("due_on", "level", "text"),
    [
        (date(2026, 11, 18), Level.OVERDUE, "überfällig seit 3 AT"),
        (date(2026, 11, 20), Level.OVERDUE, "überfällig seit 1 AT"),
        (date(2026, 11, 23), Level.TODAY, "heute"),
        (date(2026, 11, 24), Level.SOON, "noch 1 AT"),
        (date(2026, 11, 25), Level.SOON, "noch 2 AT"),
        (date(2026, 11, 26), Level.LATER, "noch 3 AT"),
    ],
)
def test_the_signal_counts_the_working_days_of_the_office(due_on, level, text):
    found = signal(BERLIN, MONDAY, due_on)
    assert (found.level, found.text) == (level, text)


def test_a_rest_silences_the_signal_and_a_met_deadline_says_how_it_was_met():
    assert signal(BERLIN, MONDAY, FRIDAY, paused=True).text == "ruht"
    assert signal(BERLIN, MONDAY, FRIDAY, met_on=FRIDAY, paused=True).text == "rechtzeitig erledigt"
    assert signal(BERLIN, MONDAY, FRIDAY, met_on=MONDAY).text == "verspätet erledigt"


def test_every_level_has_a_symbol_of_its_own():
    days = {Level.OVERDUE: FRIDAY, Level.TODAY: MONDAY, Level.SOON: date(2026, 11, 24), Level.LATER: date(2026, 12, 4)}
    found = [signal(BERLIN, MONDAY, day) for day in days.values()]
    found += [signal(BERLIN, MONDAY, FRIDAY, paused=True), signal(BERLIN, MONDAY, FRIDAY, met_on=FRIDAY)]
    assert {s.level for s in found} == set(Level)
    assert len({s.symbol for s in found}) == len(Level)
