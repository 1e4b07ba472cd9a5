"""The changes a mutation run makes, one at a time, each still Python, each in its place; and which tests it tries."""

import ast

import pytest

from tests.mutation.mutants import mutants
from tests.mutation.running import Chosen, run, selection
from tests.mutation.selection import GROUND, Selection

pytestmark = pytest.mark.once


@pytest.mark.parametrize(
    ("source", "changed"),
    [
        ("x = a == b", ["x = (a != b)"]),
        ("x = a < b", ["x = (a <= b)"]),
        ("x = 'ä' in b", ["x = ('ä' not in b)"]),
        ("x = a and b and c", ["x = (b and c)", "x = (a and c)", "x = (a and b)"]),
        ("x = not a", ["x = (a)"]),
        ("x = a if b else c", ["x = (c if b else a)"]),
        ("x = f('ü', 10)", ["x = f('ü', (11))"]),
        ("x: bool = True", ["x: bool = (False)"]),
        ("def f(x: Literal[1]) -> Literal[2]: ...", []),
        ("'Words stay as they are.'", []),
    ],
)
def test_a_mutant_differs_in_one_place(source, changed):
    assert [mutant.source for mutant in mutants(source)] == changed


def test_lines_before_and_after_stay_as_they_are():
    source = "# größer\nx = 1\nif (x ==\n    2):\n    y = 3\n"
    found = list(mutants(source))

    assert [(mutant.line, mutant.before, mutant.after) for mutant in found] == [
        (2, "1", "2"), (3, "x == 2", "x != 2"), (4, "2", "3"), (5, "3", "4"),
    ]  # fmt: skip
    assert [bool(ast.parse(mutant.source)) for mutant in found] == [True] * 4
    assert found[1].source == "# größer\nx = 1\nif (x != 2):\n    y = 3\n".replace("(x != 2)", "((x != 2))")


@pytest.mark.parametrize(
    ("source", "lines"),
    [
        ("x = f(\n    1,\n)\n", [1, 2]),  # coverage may name either
        ("def f():\n    if a == b:\n        return c\n", [2]),
        ("if a:\n    b\nelif c == d:\n    e\n", [3]),
        ("@g(1)\ndef f(): ...\n", [1]),
    ],
)
def test_a_mutant_knows_the_lines_of_its_statement(source, lines):
    assert [list(mutant.lines) for mutant in mutants(source)] == [lines]


SEASON, OF_YEAR, HOUSE = "tests/a/b/test_x.py::season", "tests/a/b/test_x.py::year", "tests/c/test_y.py::house"
KNOWN = Selection(
    {SEASON: 3.0, OF_YEAR: 2.0, HOUSE: 1.0},
    {"a/b/actions/x.py": {1: {GROUND}, 2: {GROUND, HOUSE}, 3: {HOUSE, SEASON, OF_YEAR}, 4: {SEASON}}, "a/z.py": {}},
)


@pytest.mark.parametrize(
    ("lines", "tests"),
    [
        ([3], [OF_YEAR, SEASON, HOUSE]),  # of the same subject first, then by seconds
        ([4], [SEASON]),
        ([4, 5], [SEASON]),
        ([5], []),  # nobody runs it
        ([2], [OF_YEAR, SEASON, HOUSE]),  # also at import: all tests of the subject, too
        ([1], [OF_YEAR, SEASON, HOUSE]),  # only at import: whoever runs anything of the module, too
    ],
)
def test_a_change_is_tried_by_the_tests_that_run_its_lines(lines, tests):
    assert KNOWN.running("a/b/actions/x.py", lines) == tests


def test_the_subject_is_in_the_folder_above_where_the_tests_have_none():
    assert KNOWN.of_subject("a/b/rules/deep/x.py") == {SEASON, OF_YEAR}
    assert KNOWN.of_subject("c/y.py") == {HOUSE}
    assert KNOWN.of_subject("a/z.py") == set()


@pytest.mark.parametrize(("at_most", "parts"), [(60, ["abc", "d", "e"]), (30, ["abc", "d"]), (2, ["ab"]), (0.5, [])])
def test_tests_are_tried_in_growing_parts_until_time_is_up(at_most, parts):
    known = Selection({"a": 1, "b": 1, "c": 1.5, "d": 10, "e": 20}, {})
    assert ["".join(part) for part in known.parts(list("abcde"), at_most)] == parts


TESTED = "def doubled(n):\n    return n * 2\n\n\ndef halved(n):\n    return n / 2\n"
TESTING = """
import pytest, sums
@pytest.mark.parametrize("n", [1, {many}])
def test_doubled(n): assert sums.doubled(n) == 2 * n
def test_halved(): assert sums.halved(2) == 1
"""


def test_lines_are_noted_with_their_tests_and_only_chosen_tests_run(tmp_path):
    (tmp_path / "tests").mkdir()
    (tmp_path / "pytest.ini").write_text("[pytest]\naddopts = -p no:django -p no:playwright\n")  # in use here already
    module, tests = tmp_path / "sums.py", tmp_path / "tests" / "test_sums.py"
    module.write_text(TESTED)
    tests.write_text(TESTING.format(many=10))
    ones, tens, half = (f"tests/test_sums.py::test_{name}" for name in ("doubled[1]", "doubled[10]", "halved"))

    known = selection(tmp_path, ["sums.py"], ["tests"], tmp_path / "noted")

    assert list(known.seconds) == [ones, tens, half]
    assert known.by_line == {"sums.py": {1: {GROUND}, 2: {ones, tens}, 5: {GROUND}, 6: {half}}}

    module.write_text(TESTED.replace("n / 2", "n / 3"))
    assert [run(tmp_path, ["tests"], Chosen(chosen, known.seconds), 20) for chosen in ([half], [ones, tens])] == [0, 1]

    tests.write_text(TESTING.format(many="None"))
    assert not run(tmp_path, ["tests"], Chosen([tens], known.seconds), 20)  # a test that was not known
