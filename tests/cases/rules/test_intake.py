"""Which dates a reaction can have, and that it has words."""

from datetime import date

import pytest

from cases.rules.intake import date_problems, front_office_problem, is_front_office, missing_text
from cases.rules.kinds import Channel, Kind
from offices.roles import Role
from offices.rules import presets

TODAY = date(2026, 11, 23)


def problems(written_on=None, received_on=TODAY, reached_krm_on=TODAY):
    return date_problems(written_on=written_on, received_on=received_on, reached_krm_on=reached_krm_on, today=TODAY)


def test_a_letter_may_be_written_arrive_and_reach_the_krm_on_one_day():
    assert problems(written_on=TODAY) == {}


def test_three_dates_in_their_order_fit_together():
    assert problems(date(2026, 11, 18), date(2026, 11, 20), date(2026, 11, 23)) == {}


def test_missing_dates_are_the_business_of_the_form():
    assert problems(received_on=None, reached_krm_on=None) == {}


@pytest.mark.parametrize("name", ["written_on", "received_on", "reached_krm_on"])
def test_no_date_lies_in_the_future(name):
    assert problems(**{"received_on": None, "reached_krm_on": None, name: date(2026, 11, 24)}) == {
        name: "Das Datum liegt in der Zukunft."
    }


@pytest.mark.parametrize("name", ["written_on", "received_on", "reached_krm_on"])
def test_no_date_lies_before_the_holidays_are_known(name):
    days = {"received_on": None, "reached_krm_on": None, name: date(1990, 12, 31)}
    assert problems(**days) == {name: "Das Datum liegt vor dem 01.01.1991."}
    assert problems(**(days | {name: date(1991, 1, 1)})) == {}


def test_a_letter_is_not_written_after_it_arrived():
    assert problems(date(2026, 11, 21), date(2026, 11, 20)) == {
        "written_on": "Das Schreiben trägt ein Datum nach dem Eingang im Haus."
    }


def test_nothing_reaches_the_krm_before_the_house():
    assert problems(None, date(2026, 11, 20), date(2026, 11, 19)) == {
        "reached_krm_on": "Der Eingang beim KRM liegt vor dem Eingang im Haus."
    }


def test_each_impossible_date_is_named_once():
    assert problems(date(2026, 12, 1), date(2026, 11, 20), date(2026, 11, 19)) == {
        "written_on": "Das Datum liegt in der Zukunft.",
        "reached_krm_on": "Der Eingang beim KRM liegt vor dem Eingang im Haus.",
    }


@pytest.mark.parametrize("channel", [Channel.PHONE, Channel.IN_PERSON, Channel.SERVICE_CENTER])
def test_of_a_conversation_a_note_is_mandatory(channel):
    assert missing_text(channel) == "Bitte den Inhalt des Gesprächs festhalten; die Gesprächsnotiz ist Pflicht."


def test_of_a_letter_the_words_are_asked_for():
    assert missing_text(Channel.LETTER) == "Bitte den Wortlaut oder eine kurze Zusammenfassung eintragen."


PANKOW = presets.load("pankow").parameters


@pytest.mark.parametrize(
    ("office", "roles", "expected"),
    [
        ("pankow", {Role.FRONT_OFFICE}, True),
        ("pankow", {Role.FRONT_OFFICE, Role.KRM_OFFICER}, False),
        ("pankow", {Role.EMPLOYEE}, False),
        ("pankow", set(), False),
        ("gera", {Role.FRONT_OFFICE}, False),
    ],
)
def test_the_vorzimmer_is_who_sits_only_there_in_an_office_with_a_rule_for_it(office, roles, expected):
    assert is_front_office(roles, presets.load(office).parameters) is expected


YESTERDAY = date(2026, 11, 22)


@pytest.mark.parametrize(
    ("kind", "channel", "unit_dealt_on", "is_taken"),
    [
        (Kind.COMPLAINT, Channel.IN_PERSON, None, False),
        (Kind.COMPLAINT, Channel.PHONE, YESTERDAY, False),
        (Kind.COMPLAINT, Channel.PHONE, TODAY, True),
        (Kind.CONDUCT_COMPLAINT, Channel.IN_PERSON, None, False),
        (Kind.CONDUCT_COMPLAINT, Channel.IN_PERSON, TODAY, True),
        (Kind.PRAISE, Channel.IN_PERSON, None, True),
        (Kind.SUGGESTION, Channel.PHONE, None, True),
        (Kind.COMPLAINT, Channel.LETTER, None, True),
        (Kind.COMPLAINT, Channel.OPINION_CARD, None, True),
    ],
)
def test_the_vorzimmer_takes_negative_ones_when_the_unit_dealt_with_them_that_day(
    kind, channel, unit_dealt_on, is_taken
):
    assert (front_office_problem(kind, channel, TODAY, unit_dealt_on, PANKOW) is None) is is_taken


def test_the_sentence_says_what_to_do_first():
    assert front_office_problem(Kind.COMPLAINT, Channel.PHONE, TODAY, None, PANKOW) == (
        "Das Vorzimmer nimmt negative Kundenreaktionen nur auf, wenn der Fachbereich noch am selben Tag damit befasst "
        "war (K5, Konzept März 2019, 1.2, 4.6 und 4.7). Bitte zuerst den Fachbereich einschalten."
    )
