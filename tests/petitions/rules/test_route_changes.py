"""What a new version changes: every line that reads differently, and the dates of samples before and after."""

from dataclasses import replace
from datetime import date

import pytest

from offices.calendars import Calendar, Period, Unit
from petitions.rules.presets import load
from petitions.rules.route_changes import Difference, differences, samples
from petitions.rules.routes import Condition, InternalDate, Line, Route, Routes
from petitions.rules.vocabulary import Competence, Direction, LegalArea, StationRole, Topic

PANKOW = load("pankow").routes
BERLIN = Calendar("BE")
FEDERAL = "Weg „Zuständigkeit der BA: erst abstimmen mit AA und RD, dann die Originale an die RD“"
A_DAY = Period(1, Unit.WORKING_DAYS)


def with_route(routes: Routes, key: str, **changes) -> Routes:
    return replace(
        routes, routes=tuple(replace(route, **changes) if route.key == key else route for route in routes.routes)
    )


def federal() -> Route:
    return PANKOW.routes[-1]


def read(new: Routes) -> list[tuple[str, str, str, str]]:
    return [(found.place, found.what, found.old, found.new) for found in differences(PANKOW, new)]


def test_nothing_changed_is_no_difference():
    assert differences(PANKOW, Routes.from_dict(PANKOW.to_dict())) == ()


def test_a_name_differs_once_and_not_in_every_line_that_bears_it():
    bodies = tuple(
        replace(body, name="RD Ost") if body.key == "regional_directorate" else body for body in PANKOW.bodies
    )
    assert differences(PANKOW, replace(PANKOW, bodies=bodies)) == (Difference("Stellen", "Name", "RD BB", "RD Ost"),)


def test_another_time_reads_before_and_after_with_its_place():
    first, *others = federal().agree
    changed = with_route(PANKOW, "federal", agree=(replace(first, period=Period(5, Unit.WORKING_DAYS)), *others))
    assert read(changed) == [
        (
            f"{FEDERAL}, Zustimmung",
            "AA Berlin Nord stimmt zu",
            "3 Arbeitstage, zwingend (PAN-30)",
            "5 Arbeitstage, zwingend (PAN-30)",
        )
    ]


def test_another_condition_of_a_body_and_other_parts_of_a_route_are_said():
    only = Condition(legal_areas=(LegalArea.SGB3,))
    bodies = tuple(replace(body, only=only) if body.key == "agency" else body for body in PANKOW.bodies)
    assert read(replace(PANKOW, bodies=bodies)) == [
        ("Stellen", "AA Berlin Nord ist Station", "immer", "nur bei Rechtskreis: SGB III")
    ]
    ((_, what, was, now),) = read(with_route(PANKOW, "mixed", parts=(Competence.FEDERAL,)))
    assert (what, was.startswith("Bundesagentur für Arbeit, "), now) == ("Teile", True, "Bundesagentur für Arbeit")


def test_a_date_beside_a_line_reads_with_how_it_is_counted():
    first, *others = federal().agree
    date = InternalDate("vor der Sitzung", ("B2-2",), Direction.BACK, Period(2, Unit.WEEKS))
    ((_, _, _, now),) = read(with_route(PANKOW, "federal", agree=(replace(first, dates=(date,)), *others)))
    assert "daneben: vor der Sitzung, 2 Wochen vor der Frist der anfordernden Stelle (B2-2)" in now


def test_a_new_line_says_after_which_it_stands_and_one_that_is_left_out_falls_away():
    line = Line("central", StationRole.NOTE, ("H-7",), A_DAY)
    changed = with_route(PANKOW, "federal", down=(*federal().down[:2], line))
    assert read(changed) == [
        (
            f"{FEDERAL}, abwärts",
            "Zentrales KRM nimmt zur Kenntnis",
            "–",
            "neu nach „RD BB leitet weiter“: 1 Arbeitstag (H-7)",
        ),
        (f"{FEDERAL}, abwärts", "AA Berlin Nord leitet weiter", "am selben Tag (B2-9)", "entfällt"),
    ]


def test_another_order_is_said_in_words():
    assert read(replace(PANKOW, work=PANKOW.work[::-1])) == [
        (
            "Im Haus: Bearbeitung",
            "Reihenfolge",
            "Teamleitung entwirft die Stellungnahme, dann KRM prüft Form und Inhalt",
            "KRM prüft Form und Inhalt, dann Teamleitung entwirft die Stellungnahme",
        )
    ]


@pytest.mark.parametrize(
    ("changes", "what", "old", "new"),
    [
        ({"label": "BA"}, "Name", federal().label, "BA"),
        ({"confirmed": False, "note": "Angenommen."}, "belegt", "belegt", "nicht belegt"),
        ({"rules": ("PAN-30",)}, "Regeln", "PAN-30, K16", "PAN-30"),
        ({"when": Condition(topics=(Topic.OTHER,))}, "gilt", "in allen anderen Fällen", "Gegenstand: Sonstiges"),
        ({"intake": ()}, "im Haus: Eingang", "wie im Haus üblich", "entfällt"),
    ],
)
def test_what_a_route_says_of_itself_reads_before_and_after(changes, what, old, new):
    found = differences(PANKOW, with_route(PANKOW, "federal", **changes))
    assert (found[0].what, found[0].old, found[0].new) == (what, old, new)


def test_a_new_route_one_that_falls_away_and_their_order():
    extra = Route("extra", "Bürgerbeauftragte", ("B2-8",), Condition(topics=(Topic.OTHER,)))
    first, second, *others = PANKOW.routes
    found = read(replace(PANKOW, routes=(second, extra, *others)))
    assert found == [
        ("Weg „Bürgerbeauftragte“", "neuer Weg", "–", "Gegenstand: Sonstiges"),
        (f"Weg „{first.label}“", "Weg", "Zuständigkeit: zugelassener kommunaler Träger", "entfällt"),
    ]
    order = read(replace(PANKOW, routes=(second, first, *others)))
    assert [(place, what) for place, what, *_ in order] == [("Wege", "Reihenfolge, in der gefragt wird")]


def test_samples_show_first_what_gets_other_dates():
    first, *others = federal().agree
    changed = with_route(PANKOW, "federal", agree=(replace(first, period=Period(8, Unit.WORKING_DAYS)), *others))
    found = samples(PANKOW, changed, received_on=date(2026, 11, 30), calendar=BERLIN)
    assert len(found) == 3
    assert [(sample.matter.competence, sample.is_changed) for sample in found[:2]] == [
        (Competence.FEDERAL, True), (Competence.MIXED, True)
    ]  # fmt: skip
    rows = {row.station: row for row in found[0].rows}
    assert not rows["AA Berlin Nord stimmt zu"].is_changed
    assert (
        rows["Teamleitung entwirft die Stellungnahme"].after_on
        < rows["Teamleitung entwirft die Stellungnahme"].before_on
    )


def test_a_sample_shows_stations_that_come_and_go_in_their_place():
    changed = with_route(PANKOW, "federal", agree=federal().agree[:1])
    sample = samples(PANKOW, changed, received_on=date(2026, 11, 30), calendar=BERLIN)[0]
    rows = [row for row in sample.rows if row.station == "RD BB stimmt zu"]
    assert [(row.before_on is not None, row.after_on) for row in rows] == [(True, None)]
    stations = [row.station for row in sample.rows]
    assert stations.index("AA Berlin Nord stimmt zu") + 1 == stations.index("RD BB stimmt zu")


def test_samples_find_what_changes_in_sgb_iii_only():
    up = tuple(
        replace(line, period=Period(9, Unit.WORKING_DAYS)) if line.role == StationRole.SAMPLE else line
        for line in federal().up
    )
    sample = samples(PANKOW, with_route(PANKOW, "federal", up=up), received_on=date(2026, 11, 30), calendar=BERLIN)[0]
    assert (sample.matter.legal_area, sample.is_changed) == (LegalArea.SGB3, True)


def test_samples_beyond_the_calendar_are_refused():
    with pytest.raises(ValueError, match="2100"):
        samples(PANKOW, PANKOW, received_on=date(2100, 12, 20), calendar=BERLIN)
