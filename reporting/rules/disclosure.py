"""What of tables may leave the house: small cells are not told, nor what would give them away (B4-10).

Everything that is published is a count, or a share of two counts, of people's cases. Counts are linked: rows add up to
the row of all, a share and its complement to the whole, what was open, came and went to what is open, the half-years
to the year. A cell is told only where nobody who knows all other told cells, and these links, can work out a small one.

Small is 1 up to the office's minimum; of a share also what is left of the whole, and none or all of a small group,
which would say something of each member. `Bounds` tells what somebody who calculates knows of each number
(reporting/reading/attack.py); it is given, so that this module stands on the standard library.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import product
from typing import NamedTuple

from reporting.rules.figures import FIGURES, OPEN_AT_END, STOCK, AnyOf, Condition, Figure, Where
from reporting.rules.tables import TOTAL, Cell, Row, Table

DEFAULT_MINIMUM = 3  # as in the published statistics of the Bundesagentur
SMALL_GROUP = 10  # none or all of fewer than so many says something of each
SMALLEST_FOR_DAYS = 10  # rounds from which a median says nothing of one
KINDS_OF_VALUES = ("outcome", "settlement", "kind")  # columns that are dimensions too, so one count has two names
PARTS = {"outcome": ("upheld", "partly_upheld", "not_upheld", "not_assessable", "not_applicable", "")}


class Node(NamedTuple):
    """A count: of which period, of which rows, restricted to which values."""

    period: str
    subject: str
    where: Where
    restrictions: frozenset[tuple[str, str]]


Groups = Mapping[tuple[str, str], tuple[str, str]]
CARD_BY_CHANNEL, CARD_BY_KIND = ("channel", "opinion_card"), ("kind", "opinion_card")
Relation = frozenset[tuple[Node, int]]  # the sum of coefficient × count is 0
Sums = tuple[tuple[tuple[int, int], ...], ...]  # of each the sum of coefficient × count is 0, counts by number
Bounds = Callable[
    [Mapping[int, int], Sums, Mapping[int, int], Iterable[int]], Mapping[int, tuple[float, float]]
]  # told counts, links, at least so many, wanted -> the least and the most of each that is wanted


@dataclass
class Links:
    """Counts with what is known of them: `values` as they are, `told` by which cells, `sensitive` in themselves."""

    minimum: int
    values: dict[Node, int] = field(default_factory=dict)
    relations: dict[Relation, None] = field(default_factory=dict)
    cells: dict[tuple[str, str, str], tuple[Node, ...]] = field(default_factory=dict)  # (table, row, figure)
    sensitive: dict[Node, None] = field(default_factory=dict)
    before: dict[Node, int | None] = field(default_factory=dict)  # told in earlier reports; None: hidden there

    def add(self, node: Node, value: int) -> None:
        self.values[node] = value

    def relate(self, *parts: tuple[Node, int]) -> None:
        """One more link; where all of it is counted and does not hold, there is none."""
        if all(node in self.values for node, _ in parts) and sum(self.values[n] * f for n, f in parts):
            return
        self.relations[frozenset(parts)] = None

    def guard(self, node: Node) -> None:
        """Remember it as one that nobody may work out where it is small."""
        if 0 < self.values.get(node, 0) < self.minimum:
            self.sensitive[node] = None


def protect(
    tables: list[Table],
    period: str,
    minimum: int,
    bounds: Bounds,
    earlier: Iterable["Earlier"] = (),
    groups: Groups | None = None,
) -> list[Table]:
    """The tables as they may leave the house: cells that would tell a small one are hidden.

    `earlier` are tables that have left it before; what they told stays told. `groups`: value of a dimension -> the
    value of another one to which it belongs, as a topic to its nature.
    """
    links = Links(minimum)
    for table in tables:
        _link(links, table, period)
    _link_stock(links, period)
    _link_groups(links, {CARD_BY_CHANNEL: CARD_BY_KIND, **(groups or {})})
    _link_unjudged(links)
    _link_subsets(links)
    for each in earlier:
        _link_earlier(links, each, period)
    net = Net.of(links)
    hidden = _hidden(net, bounds)
    return [_published(table, net, hidden) for table in tables]


@dataclass(frozen=True)
class Earlier:
    """Tables of an earlier report as they left the house; `contains` where its period has the present one within it.

    What is open on a day is the same count in every report that tells of that day: where both begin or end with the
    same day, and where one ends the day before the other begins. Without `overlaps` nothing else is shared.
    """

    period: str
    tables: tuple[Table, ...]
    contains: bool = False
    overlaps: bool = True
    same_start: bool = False
    same_end: bool = False
    ends_before: bool = False  # the day before the present one begins
    begins_after: bool = False  # the day after the present one ends


AT_START, AT_END = FIGURES["open_at_start"].numerator, FIGURES["open_at_end"].numerator

# Which counts there are, and how they are linked


def _link(links: Links, table: Table, period: str) -> None:
    for row in table.rows:
        for cell in row.cells:
            nodes = nodes_of(links, table, row, cell, period)
            links.cells[table.key, row.key, cell.figure] = nodes
    if table.total:
        for place, figure in enumerate(table.figures):
            for side in ("numerator", "denominator"):
                _link_sum(links, table, place, figure, side, period)


def nodes_of(links: Links, table: Table, row: Row, cell: Cell, period: str) -> tuple[Node, ...]:
    """The counts that a cell tells."""
    figure = FIGURES[cell.figure]
    if cell.numerator is None:
        return ()
    whole = _node(links, figure, figure.numerator, table, row, cell.numerator, period)
    if figure.denominator is None:
        links.guard(whole)
        return (whole,)
    of = _node(links, figure, figure.denominator, table, row, cell.denominator or 0, period)
    rest = Node(period, figure.subject, (*figure.numerator, *REST), whole.restrictions | of.restrictions)
    if _is_part(figure):
        links.add(rest, (cell.denominator or 0) - cell.numerator)
        links.relate((whole, 1), (rest, 1), (of, -1))
        if 0 < (cell.denominator or 0) < SMALL_GROUP and cell.numerator in (0, cell.denominator):
            links.sensitive |= {whole: None, rest: None}
        links.guard(rest)
    links.guard(whole)
    links.guard(of)
    return (whole, of)


REST: Where = (Condition("rest", "has"),)


def _is_part(figure: Figure) -> bool:
    """Whether what is counted is a part of that of which it is a share (not so of Lob je Beschwerde)."""
    return figure.denominator is not None and figure.numerator[: len(figure.denominator)] == figure.denominator


def _node(links: Links, figure: Figure, where: Where, table: Table, row: Row, value: int, period: str) -> Node:
    """The count of a condition in a row; of several values of a column it is the sum of one for each."""
    base, fixed, choices = _parts(where)
    restrictions = frozenset(fixed) | ({(table.dimension, row.key)} if row.key != TOTAL else frozenset())
    if not choices:
        node = Node(period, figure.subject, base, restrictions)
        links.add(node, value)
        return node
    node = Node(period, figure.subject, where, restrictions)
    links.add(node, value)
    columns = [column for column, _ in choices]
    of_row = dict(restrictions)
    choices = [(column, [v for v in values if of_row.get(column, v) == v]) for column, values in choices]
    parts = [
        Node(period, figure.subject, base, restrictions | set(zip(columns, values, strict=True)))
        for values in product(*(values for _, values in choices))
    ]
    links.relate((node, 1), *((part, -1) for part in parts))
    return node


def _parts(where: Where) -> tuple[Where, list[tuple[str, str]], list[tuple[str, tuple[str, ...]]]]:
    """The condition without the values of columns that are dimensions, those values, and lists of values."""
    base, fixed, choices = [], [], {}
    for condition in where:
        if isinstance(condition, AnyOf) or condition.column not in KINDS_OF_VALUES:
            base.append(condition)
            continue
        column = condition.column
        if condition.op == "=":
            fixed.append((column, str(condition.value)))
        elif condition.op == "in":
            values = tuple(str(value) for value in condition.value)
            choices[column] = tuple(value for value in choices.get(column, values) if value in values)
        else:
            base.append(condition)
    return tuple(base), fixed, list(choices.items())


def _link_sum(links: Links, table: Table, place: int, figure: Figure, side: str, period: str) -> None:
    """The rows of a table add up to the row of all."""
    where = getattr(figure, side)
    if where is None or figure.of_days or table.total is None or not table.body:
        return
    parts = []
    for row in table.body:
        value = getattr(row.cells[place], side)
        node = _node(links, figure, where, table, row, value or 0, period) if value is not None else None
        if node is None:
            return
        parts.append((node, 1))
    whole = _node(links, figure, where, table, table.total, getattr(table.total.cells[place], side) or 0, period)
    if sum(links.values[node] for node, _ in parts) == links.values[whole]:
        links.relate(*parts, (whole, -1))


def _link_stock(links: Links, period: str) -> None:
    """What was open, came and went is what is open, for each group of which all six are counted."""
    wheres = {key: (_parts(FIGURES[key].numerator)[0], FIGURES[key].subject) for key in STOCK}
    groups = {node.restrictions for node in links.values if node.period == period}
    for restrictions in groups:
        nodes = {key: Node(period, subject, where, restrictions) for key, (where, subject) in wheres.items()}
        if all(node in links.values for node in nodes.values()):
            links.relate(*((nodes[key], sign) for key, sign in STOCK.items()))


def _link_groups(links: Links, groups: Groups) -> None:
    """All counted topics of a nature are what is counted of the nature; a Meinungskarte is one by way and by kind."""
    members: dict[tuple[Node, tuple[str, str]], list[Node]] = defaultdict(list)
    for node in list(links.values):
        for value in node.restrictions:
            if value in groups:
                members[node._replace(restrictions=node.restrictions - {value}), groups[value]].append(node)
    for (rest, group), parts in members.items():
        whole = rest._replace(restrictions=rest.restrictions | {group})
        if whole in links.values:
            links.relate(*((part, 1) for part in parts), (whole, -1))


def _link_unjudged(links: Links) -> None:
    """Lob and Anregungen are not judged, nor a part of the Meinungskarten: they are the ends without a judgement."""
    for whole in [node for node in links.values if node.restrictions == frozenset({("outcome", "not_applicable")})]:
        kinds = [whole._replace(restrictions=frozenset({("kind", kind)})) for kind in ("praise", "suggestion")]
        card = whole._replace(restrictions=frozenset({CARD_BY_KIND}))
        if any(node in links.values for node in kinds):
            part, rest = (card._replace(where=(*card.where, *mark)) for mark in (REST, OUTSIDE))
            absent = [node for node in (*kinds, card) if node not in links.values]
            for node in absent:
                links.add(node, 0)
            links.relate(*((kind, 1) for kind in kinds), (part, 1), (whole, -1))
            links.relate((part, 1), (rest, 1), (card, -1))


def _link_subsets(links: Links) -> None:
    """What is counted under more conditions is a part of what is counted under fewer; the rest is not negative."""
    by_group: dict[tuple, list[Node]] = defaultdict(list)
    for node in list(links.values):
        by_group[node.period, node.subject, node.restrictions].append(node)
    for nodes in by_group.values():
        for whole, part in product(nodes, nodes):
            is_part = len(part.where) > len(whole.where) and part.where[: len(whole.where)] == whole.where
            if is_part and REST[0] not in part.where and not _parts(part.where)[2]:
                rest = Node(part.period, part.subject, (*part.where, *OUTSIDE, *whole.where), part.restrictions)
                links.add(rest, links.values[whole] - links.values[part])
                links.relate((part, 1), (rest, 1), (whole, -1))
    _link_outcomes(links)


OUTSIDE: Where = (Condition("outside", "has"),)


def _link_outcomes(links: Links) -> None:
    """Every counted end has one outcome: they add up."""
    for column, values in PARTS.items():
        groups = set()
        for relation in list(links.relations):
            for node, _ in relation:
                rest = frozenset(r for r in node.restrictions if r[0] != column)
                if rest != node.restrictions:
                    groups.add(node._replace(restrictions=rest))
        for whole in groups:
            if whole in links.values:
                parts = [whole._replace(restrictions=whole.restrictions | {(column, value)}) for value in values]
                links.relate(*((part, 1) for part in parts), (whole, -1))


def _link_earlier(links: Links, earlier: Earlier, period: str) -> None:
    """The counts of an earlier report, told or hidden, and that its period is a part of this one, or has it within."""
    then = Links(links.minimum)
    for table in earlier.tables:
        _link_told(then, table, earlier.period)
    _link_stock(then, earlier.period)
    links.relations |= then.relations
    for node, told in then.before.items():
        links.before[node] = told
        if told is None:
            links.sensitive[node] = None
    for node in [node for node in links.values if node.period == period and not is_flow(node)]:
        for other in _on_the_same_day(node, earlier):
            if then.before.get(other, links.values[node]) in (None, links.values[node]) and other in then.before:
                links.relate((node, 1), (other, -1))
    for node in [node for node in links.values if node.period == period and is_flow(node) and earlier.overlaps]:
        other = node._replace(period=earlier.period)
        if other not in then.before:
            continue
        whole, part = (other, node) if earlier.contains else (node, other)
        rest = node._replace(period=f"{whole.period} ohne {part.period}")
        if then.before[other] is not None:
            value = links.values[node] - (then.before[other] or 0)
            value = -value if earlier.contains else value
            if value < 0:
                continue  # corrected in between: the two do not add up
            links.add(rest, value)
            links.guard(rest)
        links.relate((part, 1), (rest, 1), (whole, -1))


def _on_the_same_day(node: Node, earlier: Earlier) -> Iterator[Node]:
    """The counts of an earlier report of what was open on the day of which this one tells."""
    other = node._replace(period=earlier.period)
    if (earlier.same_start and node.where == AT_START) or (earlier.same_end and OPEN_AT_END[0] in node.where):
        yield other
    if earlier.ends_before and node.where == AT_START:
        yield other._replace(where=AT_END)
    if earlier.begins_after and node.where == AT_END:
        yield other._replace(where=AT_START)


def is_flow(node: Node) -> bool:
    """Whether it adds up over periods: what came and went does, what is open on a day does not."""
    return OPEN_AT_END[0] not in node.where and Condition("opened_on", "<", "from") not in node.where


def _link_told(links: Links, table: Table, period: str) -> None:
    """The counts of a table that left the house: those of hidden cells are known by name only."""
    for row in table.rows:
        for cell in row.cells:
            figure = FIGURES[cell.figure]
            for side, where in (("numerator", figure.numerator), ("denominator", figure.denominator)):
                if where is None or figure.of_days:
                    continue
                value = getattr(cell, side)
                node = _node(links, figure, where, table, row, value or 0, period)
                if value is not None or node not in links.before:
                    links.before[node] = value
    if table.total and table.body:
        for figure in table.figures:
            if not figure.of_days:
                whole = _node(links, figure, figure.numerator, table, table.total, 0, period)
                parts = [_node(links, figure, figure.numerator, table, row, 0, period) for row in table.body]
                links.relate(*((part, 1) for part in parts), (whole, -1))
    assert all(len(row.cells) == len(table.columns) for row in table.rows)  # noqa: S101


# Which of them stay untold


@dataclass(frozen=True)
class Net:
    """The counts by number instead of by name, which is quicker to look up."""

    values: dict[int, int]
    relations: tuple[tuple[tuple[int, int], ...], ...]
    cells: dict[tuple[str, str, str], tuple[int, ...]]
    sensitive: tuple[int, ...]
    before: dict[int, int | None]
    of_all: frozenset[int]
    near: dict[int, tuple[int, ...]]  # a count -> those that a link has with it

    @classmethod
    def of(cls, links: Links) -> "Net":
        names = {node for relation in links.relations for node, _ in relation} | links.values.keys()
        names |= links.before.keys() | links.sensitive.keys()
        number = {node: place for place, node in enumerate(sorted(names, key=str))}
        relations = tuple(
            tuple(sorted((number[node], factor) for node, factor in relation)) for relation in links.relations
        )
        near: dict[int, set[int]] = defaultdict(set)
        for relation in relations:
            for one, _ in relation:
                near[one] |= {other for other, _ in relation}
        return cls(
            values={number[node]: value for node, value in links.values.items()},
            relations=tuple(sorted(relations)),
            cells={key: tuple(number[node] for node in nodes) for key, nodes in links.cells.items()},
            sensitive=tuple(sorted(number[node] for node in links.sensitive)),
            before={number[node]: told for node, told in links.before.items()},
            of_all=frozenset(place for node, place in number.items() if not node.restrictions),
            near={one: tuple(sorted(others - {one})) for one, others in near.items()},
        )

    def tellable(self) -> set[int]:
        return {node for nodes in self.cells.values() for node in nodes}


def _hidden(net: Net, bounds: Bounds) -> set[int]:
    """Small counts, and one after the other what still lets somebody work out one of them; no more than is needed."""
    tellable, same = net.tellable(), _same(net)
    hidden = {other for node in net.sensitive if node in tellable for other in same.get(node, {node})}
    small = frozenset(hidden)
    while exposed := _exposed(net, hidden, bounds):
        more = _next_to_hide(exposed[0], net, hidden)
        if more is None:
            return tellable  # nothing of it can be told
        hidden |= same.get(more, {more})
    for node in sorted(hidden - small, key=lambda node: (-net.values.get(node, 0), node)):
        fewer = hidden - same.get(node, {node})
        if node in hidden and small <= fewer and not _exposed(net, fewer, bounds):
            hidden = fewer  # what was hidden later protects it as well
    return hidden


def _same(net: Net) -> dict[int, set[int]]:
    """Counts that are one and the same, as the only row of a table and the row of all: told or hidden together."""
    groups: dict[int, set[int]] = {}
    for relation in net.relations:
        if len(relation) == 2:
            (one, first), (other, second) = relation
            if first == -second:
                group = groups.get(one, {one}) | groups.get(other, {other})
                groups |= {node: group for node in group}
    return groups


def _known(net: Net, hidden: set[int]) -> dict[int, int]:
    known = {node: told for node, told in net.before.items() if told is not None}
    for nodes in net.cells.values():
        if not any(node in hidden for node in nodes):
            known |= {node: net.values[node] for node in nodes}
    return known


def _exposed(net: Net, hidden: set[int], bounds: Bounds) -> list[int]:
    """Sensitive counts of which somebody who calculates knows the value, though no cell tells it."""
    known = _known(net, hidden)
    told = [node for node in net.sensitive if node in known]
    least = {node: 1 for node, value in net.values.items() if value > 0 and node not in known}
    wanted = [node for node in net.sensitive if node not in known and node in net.near]
    found = bounds(known, net.relations, least, wanted)
    return told + [node for node, (lowest, highest) in found.items() if highest - lowest < 1]


DEPTH = 3  # links from one count to another, over which a count with rows is hidden rather than one of all


def _next_to_hide(exposed: int, net: Net, hidden: set[int]) -> int | None:
    """The told count that is linked with it most closely, of several the smallest; a count of all comes last."""
    tellable = net.tellable() - hidden
    if exposed in tellable:
        return exposed
    seen, level, distance = {exposed}, {exposed}, 0
    of_all: list[int] = []
    while level:
        distance += 1
        near = {other for node in level for other in net.near.get(node, ()) if other not in seen}
        candidates = [node for node in near if node in tellable and net.values.get(node, 0) > 0]
        if in_rows := [node for node in candidates if node not in net.of_all]:
            return min(in_rows, key=lambda node: (net.values[node], node))
        of_all += candidates
        if of_all and distance >= DEPTH:
            break
        seen |= near
        level = near
    return min(of_all, key=lambda node: (net.values[node], node), default=None)


def _published(table: Table, net: Net, hidden: set[int]) -> Table:
    rows = []
    for row in table.rows:
        cells = []
        for cell in row.cells:
            figure = FIGURES[cell.figure]
            nodes = net.cells[table.key, row.key, cell.figure]
            few = bool(figure.of_days) and 0 < (cell.numerator or 0) < SMALLEST_FOR_DAYS
            is_hidden = few if figure.of_days else any(node in hidden for node in nodes)
            shown = Cell(cell.figure, None, None, cell.value) if figure.of_days else cell
            cells.append(cell.hidden() if is_hidden else shown)
        rows.append(Row(row.key, row.label, tuple(cells)))
    return Table(table.key, table.title, table.dimension, table.columns, tuple(rows), table.note)


def nearest(number: int, step: int = 5) -> int:
    """A count as those are told who may not open the cases: to the nearest five."""
    return (number + step // 2) // step * step
