"""Routes and plans in the words that people read."""

from datetime import date

import pytest

from offices.calendars import Calendar
from petitions.rules import presets
from petitions.rules.describing import condition_words, describe, line_words
from petitions.rules.plan_words import had_it_before, plan_rows
from petitions.rules.planning import plan
from petitions.rules.presets import GENERAL, load
from petitions.rules.routes import Condition, Matter, Route
from petitions.rules.vocabulary import Competence, LegalArea, PetitionKind, Requester, Topic

ALL = (*presets.offices(), GENERAL)


def route(slug: str, key: str):
    return next(text for text in describe(load(slug).routes).routes if text.key == key)


def test_condition_says_for_which_matters_a_route_holds():
    condition = Condition(
        kinds=(PetitionKind.PETITION,),
        requesters=(Requester.BMAS, Requester.PRESIDENT, Requester.OTHER),
        legal_areas=(LegalArea.SGB3,),
    )
    assert condition_words(condition) == (
        "Art: Petition; angefordert von: BMAS, Bundespräsident oder andere anfordernde Stelle; Rechtskreis: SGB III"
    )
    assert condition_words(Condition()) == "in allen anderen Fällen"


@pytest.mark.parametrize("slug", ALL)
def test_every_list_of_every_route_reads_in_the_order_it_is_passed(slug):
    texts = describe(load(slug).routes)
    assert [part.label for part in texts.house] == ["Eingang", "Bearbeitung", "Abschluss"]
    for text in texts.routes:
        names = [part.name for part in text.lists]
        assert names == [name for name in ("down", "intake", "work", "agree", "finish", "up") if name in names]
        assert all(line.rules and line.station for part in text.lists for line in part.lines)


def test_two_dates_of_germersheim_contradict_each_other_and_both_name_their_source_k15():
    text = route("germersheim", "federal")
    (line,) = [line for part in text.lists for line in part.lines if line.contradicts]
    assert text.contradicts
    assert [(entry.counted, entry.rules) for entry in line.dates] == [
        ("2 Wochen nach dem Eingang", ("GER-26", "K15")),
        ("14 Arbeitstage nach dem Eingang", ("GER-27", "K15")),
    ]


def test_one_date_beside_a_line_is_no_contradiction():
    text = route("germersheim", "owners_assembly")
    dates = [entry for part in text.lists if not part.as_usual for line in part.lines for entry in line.dates]
    assert [entry.counted for entry in dates] == ["14 Kalendertage vor der Frist der anfordernden Stelle"]
    assert not text.contradicts


def test_the_way_at_a_glance_names_the_bodies_and_the_house_between_them():
    assert route("pankow", "federal").chain == (
        "BMAS", "RD BB", "AA Berlin Nord", "im Haus", "AA Berlin Nord", "RD BB", "im Haus", "RD BB", "Zentrales KRM",
        "BMAS",
    )  # fmt: skip


def test_a_route_that_no_document_confirms_says_what_is_assumed_h12():
    text = route("gera", "child_benefit")
    assert (text.confirmed, text.note.startswith("Die HEGA sagt nur")) == (False, True)
    assert [part.lines for part in text.lists if part.name == "finish"] == [()]


def test_a_line_says_how_long_it_takes_what_binds_it_and_for_what_it_holds():
    federal = load("pankow").routes.routes[-1]
    assert isinstance(federal, Route)
    assert [line_words(line) for line in federal.agree] == ["3 Arbeitstage, zwingend (PAN-30)"] * 2
    assert line_words(federal.up[1]) == (
        "2 Arbeitstage, nur angefordert von: Petitionsausschuss des Deutschen Bundestages, BMAS, Bundespräsident oder "
        "MdB oder MdL; Rechtskreis: SGB III (H-8)"
    )


def test_a_plan_says_of_every_day_how_it_was_counted():
    matter = Matter(
        PetitionKind.PETITION, Requester.BUNDESTAG, Competence.OWNERS_ASSEMBLY, Topic.ORGANISATION, LegalArea.SGB2
    )
    found = plan(
        load("germersheim").routes,
        matter,
        received_on=date(2026, 4, 1),
        outside_due_on=date(2026, 6, 8),
        calendar=Calendar("RP"),
    )
    rows = {row.station: row for row in plan_rows(found)}
    assert had_it_before(found) == ["Petitionsausschuss des Deutschen Bundestages", "BMAS"]
    sending = rows["Geschäftsführung versendet"]
    assert (sending.planned_on, sending.how) == (date(2026, 5, 22), "14 Kalendertage vor dem 08.06.2026")
    assert [(entry.on, entry.binds) for entry in sending.dates] == [(date(2026, 5, 22), True)]
    taking_note = rows["Geschäftsführung nimmt zur Kenntnis"]
    assert (taking_note.planned_on, taking_note.how) == (date(2026, 4, 1), "am Tag des Eingangs")
    assert rows["BMAS leitet weiter"].how == "spätestens am 08.06.2026"
