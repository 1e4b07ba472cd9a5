"""Which lines of a route a petition passes, in order: down from who requests, through the house, up again."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from offices.calendars import Period, Unit
from petitions.rules.routes import Body, Line, Matter, Route, Routes
from petitions.rules.vocabulary import Competence, StationRole, Way

SAME_DAY = Period(0, Unit.CALENDAR_DAYS)
TYPED_IN = ("B2-7",)  # who requests says by when


@dataclass(frozen=True)
class Stop:
    """A line at its place: who it is, on which way, for which part of a mixed statement.

    `key` is its name within the petition. `arrived`: the petition has passed it when the house gets it.
    """

    line: Line
    body: Body
    way: Way
    part: Competence | None = None
    key: str = ""
    arrived: bool = False

    @property
    def needs(self) -> Period:
        return self.line.period or SAME_DAY


def stops(routes: Routes, route: Route, matter: Matter) -> tuple[Stop, ...]:
    """All stations of a matter on its route; the way begins and ends with who requested."""
    requester = routes.body(matter.requester)
    down = _stops(routes, _after(route.down, requester.key), matter, Way.DOWN)
    finish = routes.finish if route.finish is None else route.finish
    whole = (*route.agree, *finish, *_before(route.up, requester.key))
    found = [
        Stop(Line(requester.key, StationRole.REQUEST, TYPED_IN), requester, Way.DOWN),
        *down,
        *_stops(routes, routes.intake if route.intake is None else route.intake, matter, Way.DOWN),
        *_work(routes, route, matter),
        *_stops(routes, whole, matter, Way.UP),
        Stop(Line(requester.key, StationRole.RECEIVE, TYPED_IN, mandatory=True), requester, Way.UP),
    ]
    before_us = 1 + len(down)
    return tuple(
        replace(stop, key=key, arrived=index < before_us)
        for index, (stop, key) in enumerate(zip(found, _keys(found), strict=True))
    )


def _work(routes: Routes, route: Route, matter: Matter) -> Iterator[Stop]:
    """The work in the house; with parts, for each the work of its competence and everybody who must approve it."""
    if not route.parts:
        yield from _stops(routes, _work_of(routes, route), matter, Way.UP)
    for part in (matter.parts or route.parts) if route.parts else ():
        alone = replace(matter, competence=part, parts=())
        its = routes.route_for(alone)
        approvals = [line for line in _before(its.up, matter.requester) if line.role.is_approval]
        lines = (*_work_of(routes, its), *its.agree, *approvals)
        yield from _stops(routes, lines, alone, Way.UP, part)


def _work_of(routes: Routes, route: Route) -> tuple[Line, ...]:
    return routes.work if route.work is None else route.work


def _stops(
    routes: Routes, lines: Iterable[Line], matter: Matter, outside: Way, part: Competence | None = None
) -> list[Stop]:
    """The lines that hold for the matter; the office itself is no station outside."""
    named = [(line, routes.body(line.body)) for line in lines]
    return [
        Stop(line, body, Way.HOUSE if body.desk else outside, part)
        for line, body in named
        if body.key != routes.own_body and line.only.holds_for(matter) and body.only.holds_for(matter)
    ]


def _after(lines: tuple[Line, ...], requester: str) -> tuple[Line, ...]:
    """The way down begins with who requests, wherever that is on it."""
    bodies = [line.body for line in lines]
    return lines[bodies.index(requester) + 1 :] if requester in bodies else lines


def _before(lines: tuple[Line, ...], requester: str) -> tuple[Line, ...]:
    """The way up ends with who requested."""
    bodies = [line.body for line in lines]
    return lines[: bodies.index(requester)] if requester in bodies else lines


def _keys(found: list[Stop]) -> Iterator[str]:
    """A name for each that tells it from the others and stays the same on another route."""
    seen: Counter[str] = Counter()
    for stop in found:
        name = "/".join((stop.part or "all", stop.way, stop.body.key, stop.line.role))
        seen[name] += 1
        yield name if seen[name] == 1 else f"{name}/{seen[name]}"
