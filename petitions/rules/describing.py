"""Routes in German words: for whom they hold, who does what on them, how long it takes, and what binds it besides."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from offices.rules.vocabulary import Labelled
from petitions.rules.routes import Body, Condition, InternalDate, Line, Route, Routes
from petitions.rules.vocabulary import Direction

SAME_DAY = "am selben Tag"
EVERYTHING_ELSE = "in allen anderen Fällen"
IN_THE_HOUSE = "im Haus"
# The lists of a route in the order they are passed; None: those of the house hold where it has none of its own.
LIST_LABELS: dict[str, str] = {
    "down": "abwärts",
    "intake": "im Haus: Eingang",
    "work": "im Haus: Bearbeitung",
    "agree": "Zustimmung",
    "finish": "im Haus: Abschluss",
    "up": "aufwärts",
}
OF_THE_HOUSE = ("intake", "work", "finish")


@dataclass(frozen=True)
class DateText:
    """A date laid down beside a line; `counted`: how it is counted, in words."""

    label: str
    counted: str
    rules: tuple[str, ...]


@dataclass(frozen=True)
class LineText:
    """`body`: its name, or that it is in the house.

    `contradicts`: several of its dates are counted the same way, so that documents say different things (K15).
    """

    body: str
    station: str
    needs: str
    only: str
    mandatory: bool
    rules: tuple[str, ...]
    dates: tuple[DateText, ...]
    contradicts: bool


@dataclass(frozen=True)
class ListText:
    """One of the lists of a route; `as_usual`: the lines of the house, which stand elsewhere."""

    name: str
    label: str
    lines: tuple[LineText, ...]
    as_usual: bool = False

    @property
    def bodies(self) -> list[str]:
        return [line.body for line in self.lines]


@dataclass(frozen=True)
class RouteText:
    key: str
    label: str
    when: str
    rules: tuple[str, ...]
    confirmed: bool
    note: str
    parts: tuple[str, ...]
    lists: tuple[ListText, ...]

    @property
    def contradicts(self) -> bool:
        """Whether documents contradict each other on a line of its own."""
        return any(line.contradicts for part in self.lists if not part.as_usual for line in part.lines)

    @property
    def chain(self) -> tuple[str, ...]:
        """The way at a glance: the bodies of its own lines, the house for those of the house."""
        names = [name for part in self.lists for name in ([IN_THE_HOUSE] if part.as_usual else part.bodies)]
        return tuple(name for place, name in enumerate(names) if not place or names[place - 1] != name)


@dataclass(frozen=True)
class RoutesText:
    house: tuple[ListText, ...]
    routes: tuple[RouteText, ...]


def describe(routes: Routes) -> RoutesText:
    """All of it as a page shows it, in the order in which it is asked and passed."""
    house = tuple(_list_text(routes, name, getattr(routes, name), prefix=IN_THE_HOUSE) for name in OF_THE_HOUSE)
    return RoutesText(house, tuple(_route_text(routes, route) for route in routes.routes))


def condition_words(condition: Condition, nothing: str = EVERYTHING_ELSE) -> str:
    """„Zuständigkeit: Kommune; Rechtskreis: SGB II“; `nothing` where it is open."""
    wanted: tuple[tuple[str, tuple[Labelled, ...]], ...] = (
        ("Art", condition.kinds),
        ("angefordert von", condition.requesters),
        ("Zuständigkeit", condition.competences),
        ("Gegenstand", condition.topics),
        ("Rechtskreis", condition.legal_areas),
    )
    return "; ".join(f"{name}: {either(words)}" for name, words in wanted if words) or nothing


def either(words: Iterable[Labelled]) -> str:
    """„BMAS, Bundespräsident oder MdB“."""
    *others, last = (word.label for word in words)
    return f"{', '.join(others)} oder {last}" if others else last


def station_words(routes: Routes, line: Line) -> str:
    return f"{routes.body(line.body).name} {line.role.label}"


def needs_words(line: Line) -> str:
    return line.period.words if line.period else SAME_DAY


def line_words(line: Line) -> str:
    """What may change of a line while who does what stays: „3 Arbeitstage, zwingend (PAN-30)“."""
    said = [needs_words(line)]
    said += ["zwingend"] if line.mandatory else []
    said += [f"nur {only}"] if (only := condition_words(line.only, "")) else []
    said += [f"daneben: {entry.label}, {date_words(entry)} ({', '.join(entry.rules)})" for entry in line.dates]
    return f"{', '.join(said)} ({', '.join(line.rules)})"


def date_words(entry: InternalDate) -> str:
    """How a date laid down beside the plan is counted."""
    end = "der Frist der anfordernden Stelle" if entry.direction == Direction.BACK else "dem Eingang"
    if entry.period is None:
        return "am Tag der Frist" if entry.direction == Direction.BACK else "am Tag des Eingangs"
    return f"{entry.period.words} {'vor' if entry.direction == Direction.BACK else 'nach'} {end}"


def body_words(body: Body) -> str:
    """For which matters a body is a station at all; empty for all."""
    return condition_words(body.only, "")


def lines_of(route: Route, name: str) -> tuple[Line, ...] | None:
    """The lines of one list of a route; None where those of the house hold."""
    found: tuple[Line, ...] | None = getattr(route, name)
    return found


def _route_text(routes: Routes, route: Route) -> RouteText:
    lists = []
    for name in LIST_LABELS:
        own = lines_of(route, name)
        if own is None:
            lists.append(_list_text(routes, name, getattr(routes, name), as_usual=True))
        elif own or name in OF_THE_HOUSE:
            lists.append(_list_text(routes, name, own))
    return RouteText(
        key=route.key,
        label=route.label,
        when=condition_words(route.when),
        rules=route.rules,
        confirmed=route.confirmed,
        note=route.note,
        parts=tuple(part.label for part in route.parts),
        lists=tuple(lists),
    )


def _list_text(
    routes: Routes, name: str, lines: tuple[Line, ...], *, as_usual: bool = False, prefix: str = ""
) -> ListText:
    """`prefix`: what its label need not say again where it stands."""
    label = LIST_LABELS[name].removeprefix(f"{prefix}: ")
    return ListText(name, label, tuple(_line_text(routes, line) for line in lines), as_usual)


def _line_text(routes: Routes, line: Line) -> LineText:
    return LineText(
        body=IN_THE_HOUSE if routes.body(line.body).desk else routes.body(line.body).name,
        station=station_words(routes, line),
        needs=needs_words(line),
        only=condition_words(line.only, ""),
        mandatory=line.mandatory,
        rules=line.rules,
        dates=tuple(DateText(entry.label, date_words(entry), entry.rules) for entry in line.dates),
        contradicts=any(count > 1 for count in Counter(entry.direction for entry in line.dates).values()),
    )
