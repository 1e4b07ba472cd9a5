"""The changes a mutation run makes: one at a time, each still Python, each in its place."""

import ast

import pytest

from tests.mutation.mutants import mutants

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
