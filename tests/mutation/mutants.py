"""The single changes that are made to a module: a condition turned around, a part of it left out, a number moved."""

import ast
from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass

TURNED: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Eq: ast.NotEq, ast.NotEq: ast.Eq, ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt,
    ast.In: ast.NotIn, ast.NotIn: ast.In, ast.Is: ast.IsNot, ast.IsNot: ast.Is,
}  # fmt: skip


@dataclass(frozen=True)
class Mutant:
    """A module with one change: in which line, and how the changed expression read before and reads now."""

    line: int
    lines: range  # from the beginning of its statement to the end of the expression
    before: str
    after: str
    source: str

    def __str__(self) -> str:
        return f"{self.line}: {self.before}  →  {self.after}"


def mutants(source: str) -> Iterator[Mutant]:
    """One after the other in the order of the lines; annotations, imports and words stay as they are."""
    tree = ast.parse(source)
    untouched = {id(part) for node in ast.walk(tree) for kept in _annotations(node) for part in ast.walk(kept)}
    first = {id(part): it.lineno for it in ast.walk(tree) if isinstance(it, ast.stmt) for part in ast.walk(it)}
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.expr) and id(node) not in untouched:
            found += [(node, changed) for changed in _changes(node)]
    for node, changed in sorted(found, key=lambda pair: (pair[0].lineno, pair[0].col_offset)):
        before, after = ast.unparse(node), ast.unparse(changed)
        lines = range(min(first[id(node)], node.lineno), node.end_lineno + 1)  # a decorator stands above its function
        yield Mutant(node.lineno, lines, before, after, _put_in_place(source, node, after))


def _annotations(node: ast.AST) -> list[ast.AST]:
    return [kept for name in ("annotation", "returns") if (kept := getattr(node, name, None)) is not None]


def _changes(node: ast.expr) -> Iterator[ast.expr]:
    if isinstance(node, ast.Compare) and len(node.ops) == 1 and type(node.ops[0]) in TURNED:
        changed = deepcopy(node)
        changed.ops = [TURNED[type(node.ops[0])]()]
        yield changed
    elif isinstance(node, ast.BoolOp):
        for left_out in range(len(node.values)):
            rest = [value for place, value in enumerate(node.values) if place != left_out]
            yield rest[0] if len(rest) == 1 else ast.BoolOp(node.op, rest)
    elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
        yield node.operand
    elif isinstance(node, ast.IfExp):
        yield ast.IfExp(node.test, node.orelse, node.body)
    elif isinstance(node, ast.Constant) and isinstance(node.value, bool):
        yield ast.Constant(not node.value)
    elif isinstance(node, ast.Constant) and isinstance(node.value, int):
        yield ast.Constant(node.value + 1)


def _put_in_place(source: str, node: ast.expr, text: str) -> str:
    """The source with other text where the node stands; columns of syntax trees count bytes."""
    lines = source.encode().splitlines(keepends=True)
    start = sum(map(len, lines[: node.lineno - 1])) + node.col_offset
    end = sum(map(len, lines[: node.end_lineno - 1])) + node.end_col_offset
    raw = source.encode()
    return (raw[:start] + f"({text})".encode() + raw[end:]).decode()
