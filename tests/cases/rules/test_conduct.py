"""The way of a Dienstaufsichtsbeschwerde in the four offices, and what is still required on it (K7)."""

import pytest

from cases.rules.conduct import ConductFacts, Stop, still_required, way
from offices.rules import presets

RULES = {slug: presets.load(slug).parameters.conduct_complaint for slug in ("pankow", "germersheim", "gera", "sgb3")}
WAYS = {
    "pankow": [
        (Stop.JUDGED, "Beurteilung nach dem Inhalt durch das KRM"),
        (Stop.HANDLED, "Bearbeitung durch: jeweilige Führungskraft (Teamleitung oder Bereichsleitung)"),
        (Stop.SIGNED, "Geschäftsführung zeichnet die Antwort oder billigt das Ergebnis"),
    ],
    "germersheim": [
        (Stop.JUDGED, "Beurteilung nach dem Inhalt durch das KRM"),
        (Stop.HANDED_TO, "kein Vorgang des KRM: Abgabe an Geschäftsführung"),
    ],
    "gera": [
        (Stop.NOTED, "Geschäftsführung nimmt Kenntnis"),
        (Stop.JUDGED, "Beurteilung nach dem Inhalt durch KRM-Beauftragte/r"),
        (Stop.EMPLOYEE, "Stellungnahme der betroffenen Person"),
        (Stop.ASSESSMENT, "fachliche Abschlusswertung: Teamleitung"),
        (Stop.SIGNED, "Geschäftsführung zeichnet die Antwort oder billigt das Ergebnis"),
    ],
    "sgb3": [
        (Stop.JUDGED, "Beurteilung nach dem Inhalt durch das KRM"),
        (Stop.HANDED_TO, "Abgabe an: Interner Service"),
        (Stop.CLOSED, "Abschluss als „nicht bewertbar“"),
    ],
}
AGAINST = ConductFacts(against_management=True, employer="Kommune als Dienstherr der Geschäftsführung")


@pytest.mark.parametrize("office", WAYS)
def test_each_office_has_its_own_way(office):
    assert [(station.stop, station.text) for station in way(RULES[office], ConductFacts())] == WAYS[office]


@pytest.mark.parametrize("office", WAYS)
def test_against_the_geschaeftsfuehrung_it_goes_to_the_dienstherr_everywhere(office):
    stations = way(RULES[office], AGAINST)

    assert [station.stop for station in stations] == [Stop.JUDGED, Stop.HANDED_TO]
    assert stations[-1].text == "Abgabe an: Kommune als Dienstherr der Geschäftsführung"


@pytest.mark.parametrize(
    ("office", "done", "required"),
    [
        ("gera", [], [Stop.NOTED, Stop.JUDGED, Stop.EMPLOYEE, Stop.ASSESSMENT, Stop.SIGNED]),
        ("gera", [Stop.NOTED, Stop.JUDGED, Stop.ASSESSMENT], [Stop.EMPLOYEE, Stop.SIGNED]),
        ("pankow", [Stop.JUDGED, Stop.HANDLED], [Stop.SIGNED]),
        ("sgb3", [Stop.JUDGED, Stop.HANDED_TO], [Stop.CLOSED]),
        ("germersheim", [Stop.JUDGED, Stop.HANDED_TO], []),
    ],
)
def test_what_is_still_required(office, done, required):
    found = still_required(RULES[office], ConductFacts(done=frozenset(done)))

    assert [station.stop for station in found] == required
