"""Which dates a reaction can have, and that it has words."""

from datetime import date

import pytest

from cases.rules.intake import date_problems, missing_text
from cases.rules.kinds import Channel

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
