"""The ladder of K4 as the published rule sets have it: for whom, in which order, and why not another rung."""

import pytest

from cases.rules.escalation import in_one_line, next_rungs, task_of, why_no_ladder, why_not_now, why_not_rung
from cases.rules.kinds import Channel, Kind
from cases.rules.lifecycle import Status
from offices.rules import presets
from offices.rules.values import Rung

OFFICES = ("pankow", "germersheim", "gera", "sgb3")
RULES = {slug: presets.load(slug).parameters for slug in OFFICES}


@pytest.mark.parametrize(
    ("office", "reached", "barred", "numbers"),
    [
        ("pankow", (), (), [1]),
        ("pankow", (1,), (), [2]),
        ("pankow", (1, 2), (), [3]),
        ("pankow", (1, 2, 3), (), []),
        ("pankow", (), (1,), [2]),  # the Teamleitung is complained about
        ("pankow", (), (1, 2, 3), []),  # a complaint against the Geschäftsführung
        ("gera", (), (), [1]),
        ("gera", (1, 2), (), [3]),
        ("gera", (1, 2, 3), (), [4]),
        ("germersheim", (), (), [1, 2, 3]),
        ("germersheim", (2,), (), [3]),
        ("germersheim", (1,), (2,), [3]),
        ("sgb3", (), (), [1, 2]),
        ("sgb3", (1,), (), [2]),
    ],
)
def test_which_rungs_may_come_now(office, reached, barred, numbers):
    assert [rung.number for rung in next_rungs(RULES[office].ladder, reached, barred)] == numbers


PANKOW = "K4, Konzept März 2019, 4.1 und 4.6"
GERA = "K4, Rundbrief vom 16.02.2012, 3"
NO_SKIPPING = "Die Eskalationsleiter dieser Dienststelle erlaubt kein Überspringen: "


@pytest.mark.parametrize(
    ("office", "number", "reached", "sentence"),
    [
        ("pankow", 1, (), None),
        ("pankow", 2, (1,), None),
        ("pankow", 3, (1,), f"{NO_SKIPPING}Zuerst kommt Stufe 2, Bereichsleitung ({PANKOW})."),
        (
            "pankow",
            3,
            (),
            f"{NO_SKIPPING}Zuerst kommt Stufe 1, Teamleitung als unmittelbare/r Vorgesetzte/r ({PANKOW}).",
        ),
        ("pankow", 1, (1,), "Stufe 1 ist schon erreicht."),
        ("pankow", 4, (1,), "Diese Stufe gibt es auf der Eskalationsleiter der Dienststelle nicht."),
        ("gera", 3, (1,), f"{NO_SKIPPING}Zuerst kommt Stufe 2, Teamleitung oder Vertretung ({GERA})."),
        ("germersheim", 3, (), None),
        ("germersheim", 1, (2,), "Die Eskalationsleiter führt nur aufwärts; erreicht ist schon Stufe 2."),
        ("sgb3", 2, (), None),
    ],
)
def test_why_a_rung_does_not_come_now(office, number, reached, sentence):
    assert why_not_rung(number, reached, RULES[office]) == sentence


def test_a_rung_on_which_nobody_may_see_the_case_is_passed_over_and_says_so():
    assert why_not_rung(1, (), RULES["pankow"], barred=(1,)) == (
        "Auf Stufe 1 ist niemand, der den Vorgang übernehmen darf; sie wird übergangen (B4-8)."
    )
    assert why_not_rung(2, (), RULES["pankow"], barred=(1,)) is None


@pytest.mark.parametrize(
    ("office", "channel", "applies"),
    [
        ("pankow", Channel.LETTER, True),
        ("pankow", Channel.PHONE, True),
        ("pankow", Channel.OPINION_CARD, True),
        ("germersheim", Channel.IN_PERSON, True),
        ("germersheim", Channel.LETTER, False),
        ("gera", Channel.PHONE, True),
        ("gera", Channel.SERVICE_CENTER, True),
        ("gera", Channel.EMAIL, False),
        ("sgb3", Channel.EMAIL, True),
    ],
)
def test_the_ladder_is_for_oral_reactions_where_the_office_says_so(office, channel, applies):
    assert (why_no_ladder(Kind.COMPLAINT, channel, RULES[office]) is None) == applies


def test_the_sentence_names_the_channel_and_the_source():
    assert why_no_ladder(Kind.COMPLAINT, Channel.LETTER, RULES["gera"]) == (
        "Die Eskalationsleiter dieser Dienststelle gilt für persönlich oder telefonisch vorgetragene Kundenreaktionen; "
        f"der Eingangsweg war: Brief ({GERA})."
    )


def test_a_lob_climbs_no_ladder():
    assert why_no_ladder(Kind.PRAISE, Channel.IN_PERSON, RULES["pankow"]).startswith(
        "Ein Lob braucht keine Eskalationsleiter"
    )


@pytest.mark.parametrize("status", Status)
def test_a_rung_is_entered_while_the_case_is_worked_on(status):
    possible = status in (Status.NEW, Status.WITH_KRM, Status.WITH_UNIT)
    assert (why_not_now(status) is None) == possible


@pytest.mark.parametrize(
    ("office", "words"),
    [
        ("pankow", "für alle Kundenreaktionen; keine Stufe darf übersprungen werden"),
        (
            "germersheim",
            "für persönlich oder telefonisch vorgetragene Kundenreaktionen; Stufen dürfen übersprungen werden",
        ),
    ],
)
def test_what_holds_for_the_whole_ladder(office, words):
    assert in_one_line(RULES[office].ladder) == words


def test_the_task_fits_the_worklist():
    assert task_of(RULES["pankow"].ladder.rungs[1]) == "Stufe 2: Bereichsleitung"
    assert len(task_of(Rung(1, "x" * 400))) == 200
