"""The routes as data: what is shipped, what an office may write, and what is refused."""

from copy import deepcopy

import pytest

from petitions.rules import presets
from petitions.rules.presets import GENERAL, load
from petitions.rules.routes import LISTS, ParameterErrors, Routes
from petitions.rules.vocabulary import Requester
from tests.test_docs import RULES

ALL = (*presets.offices(), GENERAL)
OUTSIDE = [f"B2-{n}" for n in range(1, 11)] + [f"B3-{n}" for n in range(1, 15)]  # part B of the rulebook


def lines(routes: Routes):
    for holder in (routes, *routes.routes):
        for name in LISTS:
            yield from getattr(holder, name, None) or ()


def test_every_office_of_the_demo_has_routes_and_beside_them_stands_the_general_one():
    assert presets.offices() == ("berlin-nord", "gera", "germersheim", "pankow", "rd-bb")


@pytest.mark.parametrize("slug", ALL)
def test_every_line_route_and_date_names_rules_that_the_rulebook_has(slug):
    routes = load(slug).routes
    named = {rule for route in routes.routes for rule in route.rules}
    for line in lines(routes):
        named |= {*line.rules, *(rule for entry in line.dates for rule in entry.rules)}
    assert sorted(named - {*RULES, *OUTSIDE}) == []


@pytest.mark.parametrize("slug", ALL)
def test_routes_come_back_from_plain_data_as_they_were(slug):
    routes = load(slug).routes
    assert Routes.from_dict(routes.to_dict()) == routes


def test_only_the_way_of_child_benefit_is_not_confirmed_h12():
    found = {(slug, route.key) for slug in ALL for route in load(slug).routes.routes if not route.confirmed}
    assert found == {(slug, "child_benefit") for slug in ALL}


def test_own_routes_stand_where_the_general_ones_of_the_same_name_stood():
    general = [route.key for route in load(GENERAL).routes.routes]
    assert [route.key for route in load("germersheim").routes.routes] == general
    without_conduct = [key for key in general if key != "staff_conduct"]  # H-13 is about the gE
    assert [route.key for route in load("berlin-nord").routes.routes] == without_conduct


def test_route_that_only_the_office_has_goes_before_the_general_ones():
    own = {"title": "T", "source": "S", "valid_from": "2026-01-01", "document": {}}
    own["document"]["routes"] = [
        {"key": "own", "label": "Eigener Weg", "rules": ["K16"], "when": {"kinds": ["petition"]}}
    ]
    found = presets.parse("own", own, load(GENERAL).routes.to_dict())
    assert [route.key for route in found.routes.routes][:2] == ["own", "licensed"]


def test_broken_head_of_a_file_is_refused():
    with pytest.raises(ParameterErrors) as refusal:
        presets.parse("own", {"title": "T", "valid_from": "gestern"}, load(GENERAL).routes.to_dict())
    assert refusal.value.errors == {
        "source": "Diese Angabe fehlt.",
        "valid_from": "„gestern“ ist kein Datum (JJJJ-MM-TT).",
    }


def test_unknown_office_has_no_preset():
    with pytest.raises(KeyError):
        load("nirgends")


@pytest.fixture
def document():
    return deepcopy(load(GENERAL).routes.to_dict())


def refused(document) -> dict[str, str]:
    with pytest.raises(ParameterErrors) as refusal:
        Routes.from_dict(document)
    return refusal.value.errors


def test_what_is_wrong_with_values_is_said_at_their_place(document):
    document["work"][0]["role"] = "sign_off"
    document["work"][1]["period"] = {"amount": 0, "unit": "working_days"}
    document["routes"][0]["when"]["topics"] = ["weather"]
    document["routes"][0]["colour"] = "red"
    assert refused(document) == {
        "work.0.role": "„sign_off“ ist hier nicht möglich; erlaubt sind: request, forward, register, note, direct, "
        "draft, write, check, agree, authorise, release, join, sign, dispatch, sample, own, receive.",
        "work.1.period.amount": "Die Zahl muss zwischen 1 und 365 liegen.",
        "routes.0.colour": "Diese Angabe ist unbekannt.",
        "routes.0.when.topics.0": "„weather“ ist hier nicht möglich; erlaubt sind: benefits, placement, "
        "housing_costs, organisation, staff_conduct, service_centre, collection, labour_market_admission, "
        "child_benefit, fundamental, other.",
    }


def test_line_route_and_date_without_a_rule_are_refused(document):
    document["work"][0]["rules"] = []
    document["intake"][1]["dates"][0]["rules"] = []
    document["routes"][2]["rules"] = []
    sentence = "Jede Zeile nennt mindestens eine Regel, auf der sie steht."
    assert refused(document) == dict.fromkeys(["intake.1.dates.0.rules", "work.0.rules", "routes.2.rules"], sentence)


def test_unconfirmed_route_without_a_note_is_refused(document):
    document["routes"][0]["confirmed"] = False
    assert refused(document) == {"routes.0.note": "Ein nicht belegter Weg braucht einen Hinweis, was angenommen ist."}


def test_part_of_several_competences_is_refused(document):
    document["routes"][0]["parts"] = ["federal", "mixed"]
    assert refused(document) == {"routes.0.parts": "Ein Teil hat eine einzige Zuständigkeit."}


def test_body_nobody_knows_is_refused_where_it_stands(document):
    document["routes"][-1]["up"][0]["body"] = "moon"
    document["own_body"] = "sun"
    errors = refused(document)
    assert list(errors) == ["routes.10.up.0.body", "own_body"]
    assert errors["routes.10.up.0.body"].startswith("„moon“ ist keine der Stellen; erlaubt sind: krm, management, ")


def test_body_and_route_stand_in_their_lists_once(document):
    document["bodies"].append({"key": "krm", "name": "noch einmal"})
    document["routes"].insert(0, document["routes"][0])
    assert refused(document) == {
        "bodies.21.key": "Diese Stelle steht schon in der Liste.",
        "routes.1.key": "Diesen Weg gibt es schon.",
    }


@pytest.mark.parametrize("requester", Requester)
def test_everybody_who_may_request_needs_a_name(document, requester):
    document["bodies"] = [body for body in document["bodies"] if body["key"] != requester]
    assert refused(document)["bodies"] == f"Es fehlt der Name für: {requester.label} ({requester})."


def test_the_last_route_holds_for_everything(document):
    document["routes"].pop()
    assert refused(document) == {"routes": "Der letzte Weg gilt ohne Bedingung, damit es immer einen gibt."}


def test_somebody_in_the_house_takes_it_in(document):
    document["intake"] = [{"body": "agency", "role": "register", "rules": ["K16"]}]
    assert refused(document) == {"intake": "Im Haus nimmt mindestens eine Stelle die Petition entgegen."}
