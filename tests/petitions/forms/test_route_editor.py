"""The page on which routes are laid down reads back what it shows, and loses nothing."""

import pytest

from petitions.forms.route_editor import Editor
from petitions.models import RouteSet
from petitions.rules import presets
from petitions.rules.routes import Condition, Routes
from petitions.rules.vocabulary import Competence, Direction, LegalArea, PetitionKind, StationRole
from tests.petitions.edit_page import dates_of, row_of, sent, way_of

pytestmark = pytest.mark.usefixtures("house")


def base(slug: str = "pankow") -> RouteSet:
    return RouteSet.objects.get(office__slug=slug)


def read(editor: Editor, slug: str = "pankow", **changes) -> Routes:
    found = Editor(base(slug), sent(editor, **changes))
    assert found.is_valid(), [form.errors for form in found.all if form.errors]
    return found.routes


def errors(editor: Editor, **changes) -> dict[str, list[str]]:
    """Field -> sentences, of everything that is wrong with the page."""
    found = Editor(base(), sent(editor, **changes))
    assert not found.is_valid()
    return {
        f"{form.prefix or ''}-{name}".lstrip("-"): list(sentences)
        for form in found.all
        for name, sentences in form.errors.items()
    }


@pytest.mark.parametrize("slug", presets.offices())
def test_a_page_sent_as_it_stands_gives_the_routes_it_was_made_from(slug):
    assert read(Editor(base(slug)), slug) == base(slug).routes


def test_a_line_with_dates_beside_it_keeps_them_when_its_time_changes_k15():
    editor = Editor(base("germersheim"))
    prefix = row_of(editor, "federal.finish", 1)
    routes = read(editor, "germersheim", **{f"{prefix}-amount": 2, f"{prefix}-unit": "weeks"})
    before, after = base("germersheim").routes.routes[-1].finish[1], routes.routes[-1].finish[1]
    assert after.period.words == "2 Wochen"
    assert (after.dates, after.only) == (before.dates, before.only)


def test_dates_beside_a_line_are_edited_added_and_taken_away_k15():
    found = base("germersheim")
    editor = Editor(found)
    prefix = row_of(editor, "federal.finish", 1)
    weeks, days = dates_of(editor, prefix)
    routes = read(editor, "germersheim", **{f"{weeks}-amount": 3, f"{days}-direction": ""})
    (date,) = routes.routes[-1].finish[1].dates
    assert (date.period.words, date.rules) == ("3 Wochen", ("GER-26", "K15"))

    more = Editor(found, sent(editor), f"date:{prefix}")
    assert [part["key"] for part in more.parts if part["is_open"]] == ["federal"]
    added = dates_of(more, prefix)[-1]
    entered = {f"{added}-label": "vor dem Ausschuss", f"{added}-direction": "back", f"{added}-rules": "B2-2"}
    routes = read(more, "germersheim", **entered, **{f"{added}-amount": 1, f"{added}-unit": "months"})
    date = routes.routes[-1].finish[1].dates[-1]
    assert (date.label, date.direction, date.period.words) == ("vor dem Ausschuss", Direction.BACK, "1 Monat")
    assert read(more, "germersheim", **entered).routes[-1].finish[1].dates[-1].period is None


def test_what_is_wrong_with_a_date_stands_at_its_field():
    editor = Editor(base())
    more = Editor(base(), sent(editor), f"date:{row_of(editor, 'federal.agree')}")
    (added,) = dates_of(more, row_of(more, "federal.agree"))
    assert errors(more) == {f"{added}-label": ["Dieser Text darf nicht leer sein."]}
    assert errors(more, **{f"{added}-label": "vor der Sitzung"}) == {
        f"{added}-rules": ["Jede Zeile nennt mindestens eine Regel, auf der sie steht."]
    }
    assert read(more, **{f"{added}-direction": ""}) == base().routes
    assert errors(more, **{f"{added}-line": "4711"}) == {
        "__all__": ["Diese Seite passt nicht mehr zur Fassung; bitte neu laden."]
    }


def test_a_line_holds_for_some_matters_only_once_a_condition_is_ticked():
    editor = Editor(base())
    prefix = row_of(editor, "federal.agree")
    assert f"{prefix}-legal_areas" not in sent(editor)
    more = Editor(base(), sent(editor), f"condition:{prefix}")
    assert read(more) == base().routes
    routes = read(more, **{f"{prefix}-legal_areas": ["sgb3"]})
    assert routes.routes[-1].agree[0].only == Condition(legal_areas=(LegalArea.SGB3,))
    sample = row_of(editor, "federal.up", 1)
    opened = read(editor, **{f"{sample}-legal_areas": None, f"{sample}-requesters": None})
    assert (base().routes.routes[-1].up[1].only == Condition(), opened.routes[-1].up[1].only) == (False, Condition())


def test_a_body_is_a_station_for_some_matters_only_once_a_condition_is_ticked():
    editor = Editor(base())
    prefix = next(form.prefix for form in editor.bodies if form["key"].value() == "agency")
    more = Editor(base(), sent(editor), f"condition:{prefix}")
    assert more.is_list_of_bodies_open
    routes = read(more, **{f"{prefix}-kinds": ["petition"]})
    assert routes.body("agency").only == Condition(kinds=(PetitionKind.PETITION,))


def test_the_parts_of_a_mixed_matter_are_ticked_on_its_route():
    editor = Editor(base())
    prefix = way_of(editor, "mixed")
    routes = read(editor, **{f"{prefix}-parts": ["federal", "municipal"]})
    assert next(r for r in routes.routes if r.key == "mixed").parts == (Competence.FEDERAL, Competence.MUNICIPAL)


@pytest.mark.parametrize("more", ["condition:zeile-4711", "condition:weg-0", "condition:", "date:stelle-1"])
def test_a_row_that_is_not_there_gets_nothing(more):
    assert read(Editor(base(), sent(Editor(base())), more)) == base().routes


def test_numbers_give_the_order_and_zeile_entfaellt_takes_a_line_away():
    editor = Editor(base())
    first, second = row_of(editor, "haus.work"), row_of(editor, "haus.work", 1)
    swapped = read(editor, **{f"{first}-position": 2, f"{second}-position": 1})
    assert [line.body for line in swapped.work] == ["krm", "team_lead"]
    assert [line.body for line in read(editor, **{f"{first}-body": ""}).work] == ["krm"]


def test_without_an_amount_a_station_is_done_the_same_day():
    editor = Editor(base())
    prefix = row_of(editor, "haus.work")
    assert read(editor, **{f"{prefix}-amount": None}).work[0].period is None


def test_one_row_more_stands_at_the_end_of_its_list_and_what_was_typed_stays():
    editor = Editor(base())
    data = sent(editor, **{f"{row_of(editor, 'haus.work')}-amount": "vier", "reason": ""})
    more = Editor(base(), data, "federal.up")
    assert (more.is_bound, more.is_valid(), more.errors) == (False, False, False)
    assert next(row for row in more.rows if row["place"].value() == "haus.work")["amount"].value() == "vier"
    assert more.head["valid_from"].value() == "2026-12-01"
    assert [part["key"] for part in more.parts if part["is_open"]] == ["federal"]
    prefix = row_of(more, "federal.up", 3)
    data = {f"{prefix}-body": "land", f"{prefix}-role": "note", f"{prefix}-rules": "B2-9", "reason": "Neu"}
    routes = read(more, **data, **{f"{row_of(more, 'haus.work')}-amount": 4})
    assert (routes.routes[-1].up[-1].body, routes.routes[-1].up[-1].role) == ("land", StationRole.NOTE)
    assert routes.work[0].period.words == "4 Arbeitstage"


def test_a_line_that_is_added_is_not_lost_because_its_body_was_forgotten():
    more = Editor(base(), sent(Editor(base())), "federal.up")
    prefix = row_of(more, "federal.up", 3)
    assert read(more) == base().routes
    assert errors(more, **{f"{prefix}-rules": "B2-9"}) == {
        f"{prefix}-body": ["Bitte die Stelle wählen; eine Zeile ohne alle Angaben fällt weg."]
    }


def test_a_first_own_line_in_the_house_sets_the_tick_of_its_list():
    more = Editor(base(), sent(Editor(base())), "federal.intake")
    assert next(form for form in more.ways if form["key"].value() == "federal")["own_intake"].value() is True


def test_own_lines_without_their_tick_are_asked_about():
    editor = Editor(base())
    prefix = way_of(editor, "federal")
    assert errors(editor, **{f"{prefix}-own_finish": None}) == {
        f"{prefix}-own_finish": [
            "Hier stehen eigene Zeilen; bitte den Haken setzen oder bei ihnen „Zeile entfällt“ wählen."
        ]
    }


def test_a_new_body_is_named_and_used_at_once():
    more = Editor(base(), sent(Editor(base())), "body")
    added = more.bodies.forms[-1]
    assert (added.is_new, added["key"].value(), more.is_list_of_bodies_open) == (True, "stelle-1", True)
    prefix = row_of(more, "federal.up", 1)
    routes = read(more, **{f"{added.prefix}-name": "KRM der RD", f"{prefix}-body": "stelle-1"})
    assert routes.body("stelle-1").name == "KRM der RD"
    assert routes.routes[-1].up[1].body == "stelle-1"
    assert read(more) == base().routes  # unnamed and unused it falls away
    assert errors(more, **{f"{prefix}-body": "stelle-1"}) == {
        f"{added.prefix}-name": ["Dieser Text darf nicht leer sein."]
    }


def test_a_new_route_is_asked_before_the_one_for_everything_else():
    more = Editor(base(), sent(Editor(base())), "route")
    (opened,) = [part for part in more.parts if part["is_open"]]
    prefix = opened["form"].prefix
    routes = read(
        more,
        **{f"{prefix}-label": "Bürgerbeauftragte", f"{prefix}-rules": "B2-8", f"{prefix}-requesters": ["ombudsperson"]},
    )
    assert [route.key for route in routes.routes[-2:]] == ["weg-1", "federal"]
    assert routes.routes[-2].when.requesters == ("ombudsperson",)
    assert routes.routes[-2].intake is None


def test_a_route_that_falls_away_takes_its_lines_with_it():
    editor = Editor(base())
    routes = read(editor, **{f"{way_of(editor, 'child_benefit')}-is_removed": "on"})
    assert "child_benefit" not in [route.key for route in routes.routes]
    assert len(routes.routes) == len(base().routes.routes) - 1


def test_what_the_rules_refuse_stands_at_the_field_it_is_about():
    editor = Editor(base())
    line, last = row_of(editor, "federal.agree"), way_of(editor, "federal")
    confirmed = way_of(editor, "municipal")
    assert errors(editor, **{f"{line}-rules": " , "}) == {
        f"{line}-rules": ["Jede Zeile nennt mindestens eine Regel, auf der sie steht."]
    }
    assert errors(editor, **{f"{confirmed}-confirmed": None}) == {
        f"{confirmed}-note": ["Ein nicht belegter Weg braucht einen Hinweis, was angenommen ist."]
    }
    assert errors(editor, **{f"{last}-topics": ["other"]}) == {
        f"{last}-__all__": ["Der letzte Weg gilt ohne Bedingung, damit es immer einen gibt."]
    }
    assert list(errors(editor, **{f"{line}-amount": 366, f"{line}-position": 0})) == [
        f"{line}-position",
        f"{line}-amount",
    ]
    taken = {f"{row_of(editor, 'haus.intake', number)}-body": "" for number in range(3)}
    assert errors(editor, **taken) == {"__all__": ["Im Haus nimmt mindestens eine Stelle die Petition entgegen."]}


def test_a_line_of_no_list_of_the_page_is_not_lost_in_silence():
    editor = Editor(base())
    line = row_of(editor, "federal.agree")
    assert errors(editor, **{f"{line}-place": "fremd.up"}) == {
        f"{line}-__all__": ["Diese Seite passt nicht mehr zur Fassung; bitte neu laden."]
    }


def test_the_fingerprint_is_that_of_the_answers():
    editor = Editor(base())
    found = [Editor(base(), sent(editor, **changes)) for changes in ({}, {}, {"reason": "Anderes"})]
    assert all(each.is_valid() for each in found)
    assert found[0].fingerprint == found[1].fingerprint != found[2].fingerprint
