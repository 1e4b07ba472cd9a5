"""No told number gives an untold small one away: tried by somebody who calculates, on small offices drawn at random."""

from datetime import date
from itertools import product
from math import ceil, floor

import pytest

from reporting.models import CaseFact
from reporting.reading.attack import Attack, _quiet
from reporting.reading.tables import tables
from reporting.rules import disclosure
from reporting.rules.disclosure import Earlier, protect
from reporting.rules.figures import FIGURES
from reporting.rules.periods import Period
from reporting.rules.tables import TOTAL, Cell, Row, Table, cells_of, specs_for
from reporting.rules.vocabulary import Audience, ReportedKind
from tests.reporting import test_figures
from tests.reporting.test_figures import drawn, kept

pytestmark = pytest.mark.django_db

YEAR = Period(date(2026, 1, 1), date(2026, 12, 31))
HALF = Period(date(2026, 1, 1), date(2026, 6, 30))


def table(figure: str, counts: dict[str, int], *, dimension: str = "kind") -> Table:
    rows = [Row(key, key, (Cell(figure, n, None, n),)) for key, n in counts.items()]
    total = sum(counts.values())
    rows.append(Row(TOTAL, "gesamt", (Cell(figure, total, None, total),)))
    return Table(figure, "", dimension, (figure,), tuple(rows))


def shares(figure: str, counts: dict[str, tuple[int, int]]) -> Table:
    rows = [Row(key, key, (Cell(figure, n, d, 100 * n / d if d else None),)) for key, (n, d) in counts.items()]
    n, d = (sum(column) for column in zip(*counts.values(), strict=True))
    rows.append(Row(TOTAL, "gesamt", (Cell(figure, n, d, 100 * n / d),)))
    return Table(figure, "", "kind", (figure,), tuple(rows))


def told(tables_: list[Table], place: int = 0) -> dict[str, int | None]:
    return {row.key: row.cells[0].numerator for row in tables_[place].rows}


def protected(*tables_: Table, earlier=()) -> list[Table]:
    return protect(list(tables_), "2026", 3, Attack(), earlier)


def test_a_small_number_is_not_told_and_neither_is_a_second_one_that_would_tell_it():
    assert told(protected(table("received", {"complaint": 20, "praise": 9, "petition": 2}))) == {
        "complaint": 20, "praise": None, "petition": None, TOTAL: 31,
    }  # fmt: skip


def test_nothing_and_enough_are_told():
    counts = {"complaint": 20, "praise": 3, "petition": 0}
    assert told(protected(table("received", counts))) == counts | {TOTAL: 23}


def test_the_same_number_is_hidden_in_every_table():
    first = table("received", {"complaint": 20, "praise": 9, "petition": 2})
    second = table("received", {"letter": 29, "phone": 2}, dimension="channel")
    by_kind, by_channel = (told(protected(first, second), place) for place in (0, 1))
    assert by_kind["petition"] is None
    assert by_channel["phone"] is None
    assert by_channel["letter"] is None


def test_a_share_does_not_tell_the_few_on_its_other_side():
    found = protected(shares("closed_in_time", {"complaint": (18, 20), "praise": (30, 60), "petition": (4, 8)}))
    assert told(found)["complaint"] is None
    assert found[0].cell("complaint", "closed_in_time").value is None


def test_none_or_all_of_a_small_group_is_not_told():
    found = protected(shares("upheld", {"complaint": (0, 6), "petition": (12, 30), "suggestion": (11, 31)}))
    assert told(found)["complaint"] is None


def test_the_half_year_and_the_year_do_not_tell_the_rest_of_it():
    """3 in the first half-year and 5 in the year would be 2 in the second."""
    first = protect([table("received", {"complaint": 10, "praise": 3})], "2026-H1", 3, Attack())
    assert told(first)["praise"] == 3
    year = protected(table("received", {"complaint": 25, "praise": 5}), earlier=[Earlier("2026-H1", tuple(first))])
    assert told(year)["praise"] is None
    assert told(year)["complaint"] is None or told(year)[TOTAL] is None


def test_a_half_year_after_the_year_tells_no_rest_either():
    year = protect([table("received", {"complaint": 25, "praise": 5})], "2026", 3, Attack())
    half = protect([table("received", {"complaint": 10, "praise": 3})], "2026-H1", 3, Attack(),
                   [Earlier("2026", tuple(year), contains=True)])  # fmt: skip
    assert told(half)["praise"] is None


def test_a_meinungskarte_is_the_same_by_its_kind_and_by_its_way():
    by_kind = table("received", {"complaint": 27, "praise": 9, "opinion_card": 4})
    by_channel = table("received", {"letter": 30, "fax": 2, "phone": 4, "opinion_card": 4}, dimension="channel")
    found = told(protected(by_kind, by_channel), 1)
    assert found["fax"] is None
    assert [key for key in ("letter", "phone") if found[key] is None] != []


def test_the_topics_of_a_nature_do_not_tell_one_of_them():
    topics = table("concerns_received", {"1": 20, "2": 2, "3": 30, "4": 40}, dimension="topic")
    natures = table("concerns_received", {"conduct": 22, "matter": 70}, dimension="nature")
    groups = {("topic", key): ("nature", nature) for key, nature in
              {"1": "conduct", "2": "conduct", "3": "matter", "4": "matter"}.items()}  # fmt: skip
    found = protect([topics, natures], "2026", 3, Attack(), groups=groups)
    assert told(found)["2"] is None
    assert told(found)["1"] is None or told(found, 1)["conduct"] is None


def test_a_median_of_few_is_not_told():
    rows = tuple(Row(key, key, (Cell("median_days", n, None, 7),)) for key, n in {"complaint": 20, "praise": 9}.items())
    found = protected(Table("durations", "", "kind", ("median_days",), rows))
    assert [(row.cells[0].value, row.cells[0].numerator) for row in found[0].rows] == [(7, None), (None, None)]


def small_office(house, seed: int) -> list[Table]:
    """The tables of a year of an office with few cases, as they are."""
    CaseFact.objects.all().delete()
    kept(drawn(house["pankow"], 5 + seed * 7 % 55, seed))
    return tables(specs_for(Audience.ASSEMBLY), test_figures.question(house, period=YEAR, stand=date(2027, 1, 10)))


def is_small(cell: Cell) -> bool:
    figure = FIGURES[cell.figure]
    if figure.of_days or cell.numerator is None:
        return False
    rest = (cell.denominator - cell.numerator) if disclosure._is_part(figure) else 0
    return any(0 < number < 3 for number in (cell.numerator, cell.denominator or 0, rest))


@pytest.mark.parametrize("seed", [*range(4), *(pytest.param(n, marks=pytest.mark.long) for n in range(4, 200))])
def test_who_calculates_learns_no_small_number_of_a_small_office(house, seed):
    before = small_office(house, seed)
    after = protect(before, YEAR.name, 3, Attack())

    for exact, (_, _, cell) in zip(cells_of(before), cells_of(after), strict=True):
        assert not (is_small(exact[2]) and not cell.suppressed)
    assert exposed_by_joint_counts(before, after) == []


OUTCOMES = ("upheld", "partly_upheld", "not_upheld", "not_assessable", "not_applicable", "")
TIMES = ("no period", "standard", "extended", "late")
ATOMS = list(product([k.value for k in ReportedKind], ["sgb2", "sgb3"], OUTCOMES, TIMES))
ASSESSABLE = OUTCOMES[:3]
COUNTED = {  # figure -> which combinations its numerator and its denominator count
    "closed": (lambda o, t: True, None),
    "closed_in_time": (lambda o, t: t in ("standard", "extended"), lambda o, t: t != "no period"),
    "closed_within_standard": (lambda o, t: t == "standard", lambda o, t: t != "no period"),
    "upheld": (lambda o, t: o == "upheld", lambda o, t: o in ASSESSABLE),
    "partly_upheld": (lambda o, t: o == "partly_upheld", lambda o, t: o in ASSESSABLE),
    "remedied": (lambda o, t: o in ASSESSABLE[:2], lambda o, t: o in OUTCOMES[:4]),
}
PLACES = {"kind": 0, "legal_area": 1, "outcome": 2}


def exposed_by_joint_counts(before: list[Table], after: list[Table]) -> list:
    """Another calculation than that of the rules: unknown is how many closed cases there are of each combination of
    kind, Rechtskreis, outcome and time; every told number is a sum of such combinations, every small one is tried."""
    model = _quiet()()
    model.silent()
    for _ in ATOMS:
        model.addVar(0.0, 1e6)
    wanted = []
    for (table_, row, exact), (_, _, cell) in zip(cells_of(before), cells_of(after), strict=True):
        if exact.figure not in COUNTED or table_.dimension not in (*PLACES, ""):
            continue
        sums = sums_of(table_.dimension, row.key, exact.figure)
        numbers = [exact.numerator, exact.denominator]
        if len(sums) == 2:
            sums.append([place for place in sums[1] if place not in set(sums[0])])
            numbers.append(exact.denominator - exact.numerator)
        for places, number in zip(sums, numbers, strict=False):
            if not cell.suppressed:
                model.addRow(number, number, len(places), places, [1.0] * len(places))
            elif 0 < number < 3:
                wanted.append((table_.key, row.key, exact.figure, number, places))
    return [each[:4] for each in wanted if is_exact(model, each[4])]


def sums_of(dimension: str, key: str, figure: str) -> list[list[int]]:
    """Places of the combinations that a cell counts."""
    chosen = [n for n, atom in enumerate(ATOMS) if key == TOTAL or atom[PLACES[dimension]] == key]
    tests = [test for test in COUNTED[figure] if test]
    return [[n for n in chosen if test(ATOMS[n][2], ATOMS[n][3])] for test in tests]


def is_exact(model, places: list[int]) -> bool:
    ends = []
    for sign in (1.0, -1.0):
        for place in range(len(ATOMS)):
            model.changeColCost(place, 0.0)
        for place in places:
            model.changeColCost(place, sign)
        model.run()
        solution = model.getSolution().col_value
        ends.append(sum(solution[place] for place in places))
    return floor(ends[1] + 1e-6) - ceil(ends[0] - 1e-6) < 1


def stock(start: dict[str, int], received: dict[str, int], closed: dict[str, int]) -> Table:
    """A Bestandsrechnung in which nothing came back or went elsewhere."""
    figures = ("open_at_start", "received", "reopened", "closed", "handed_over", "open_at_end")
    counts = {key: (start[key], received[key], 0, closed[key], 0, start[key] + received[key] - closed[key])
              for key in start}  # fmt: skip
    counts[TOTAL] = tuple(sum(column) for column in zip(*counts.values(), strict=True))
    rows = tuple(Row(key, key, tuple(Cell(f, n, None, n) for f, n in zip(figures, values, strict=True)))
                 for key, values in counts.items())  # fmt: skip
    return Table("stock", "", "kind", figures, rows)


def test_what_was_hidden_at_the_end_of_a_year_is_not_told_at_the_beginning_of_the_next():
    start = {"complaint": 14, "praise": 1, "suggestion": 0, "submission": 1}
    received = {"complaint": 350, "praise": 25, "suggestion": 19, "submission": 12}
    end = {"complaint": 13, "praise": 0, "suggestion": 2, "submission": 1}
    year = stock(start, received, {kind: start[kind] + received[kind] - end[kind] for kind in start})
    half = stock(end, {"complaint": 190, "praise": 12, "suggestion": 20, "submission": 10},
                 {"complaint": 191, "praise": 8, "suggestion": 10, "submission": 6})  # fmt: skip
    first = protect([year], "2025", 3, Attack())
    assert first[0].cell("complaint", "open_at_end").numerator is None
    assert protect([half], "2026-H1", 3, Attack())[0].cell("complaint", "open_at_start").numerator == 13

    earlier = Earlier("2025", tuple(first), overlaps=False, ends_before=True)
    assert protect([half], "2026-H1", 3, Attack(), [earlier])[0].cell("complaint", "open_at_start").numerator is None
