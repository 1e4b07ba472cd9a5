"""The routes of an office as data: which stations a petition passes, each with its rule and the time it needs.

A document holds the bodies by name, the lines of the house, and routes of which the first whose condition holds is
taken. Written and read as plain data, so that an office can store its own, valid from a date:

    {"bodies": [{"key": "regional_directorate", "name": "RD BB"}, …], "intake": [line, …], "work": …, "finish": …,
     "routes": [{"key": "federal", "label": "…", "rules": ["PAN-30"], "down": [line, …], "agree": …, "up": …}, …]}
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Self

from offices.calendars import Period
from offices.roles import Role
from offices.rules.parsing import Errors, ParameterErrors, dump, join, read_record
from petitions.rules.vocabulary import Competence, Direction, LegalArea, PetitionKind, Requester, StationRole, Topic

__all__ = ["Body", "Condition", "InternalDate", "Line", "Matter", "ParameterErrors", "Route", "Routes"]

Problems = Iterator[tuple[str, str]]
NO_RULE = "Jede Zeile nennt mindestens eine Regel, auf der sie steht."


@dataclass(frozen=True)
class Matter:
    """What the route depends on; `parts` are the competences of a mixed one, without any those of its route."""

    kind: PetitionKind
    requester: Requester
    competence: Competence
    topic: Topic
    legal_area: LegalArea
    parts: tuple[Competence, ...] = ()


@dataclass(frozen=True)
class Condition:
    """For which matters something holds; an empty list leaves it open."""

    kinds: tuple[PetitionKind, ...] = ()
    requesters: tuple[Requester, ...] = ()
    competences: tuple[Competence, ...] = ()
    topics: tuple[Topic, ...] = ()
    legal_areas: tuple[LegalArea, ...] = ()

    def holds_for(self, matter: Matter) -> bool:
        wanted = (
            (self.kinds, matter.kind),
            (self.requesters, matter.requester),
            (self.competences, matter.competence),
            (self.topics, matter.topic),
            (self.legal_areas, matter.legal_area),
        )
        return all(not allowed or value in allowed for allowed, value in wanted)


@dataclass(frozen=True)
class Body:
    """A body by its name here; one with a `desk` is a function of the house, the others are outside it.

    Those who request have the code of the requester as their key. `only`: for other matters it is no station.
    """

    key: str
    name: str
    desk: Role | None = None
    only: Condition = Condition()


@dataclass(frozen=True)
class InternalDate:
    """A date a document lays down beside the plan: forward from the Eingang, back from the date outside.

    Without a `period` it is the day itself.
    """

    label: str
    rules: tuple[str, ...]
    direction: Direction = Direction.FORWARD
    period: Period | None = None

    def problems(self) -> Problems:
        if not self.rules:
            yield "rules", NO_RULE


@dataclass(frozen=True)
class Line:
    """One station: who, what for, how long it needs (not at all: the same day), and by which rules.

    `dates`: what binds it besides; where documents contradict each other all of them stand here and the earliest
    binds. A `mandatory` station cannot be skipped. `only`: for other matters the line is left out.
    """

    body: str
    role: StationRole
    rules: tuple[str, ...]
    period: Period | None = None
    dates: tuple[InternalDate, ...] = ()
    only: Condition = Condition()
    mandatory: bool = False

    def problems(self) -> Problems:
        if not self.rules:
            yield "rules", NO_RULE


@dataclass(frozen=True)
class Route:
    """One way down and up: down, then in the house intake, work, agree, finish, then up.

    Where intake, work or finish is None those of the house hold. With `parts` the work of each competence goes its
    own branch, and `agree` begins when all of them stand. Not `confirmed` where no document says so; the note says
    what is assumed.
    """

    key: str
    label: str
    rules: tuple[str, ...]
    when: Condition = Condition()
    confirmed: bool = True
    note: str = ""
    down: tuple[Line, ...] = ()
    intake: tuple[Line, ...] | None = None
    work: tuple[Line, ...] | None = None
    agree: tuple[Line, ...] = ()
    finish: tuple[Line, ...] | None = None
    up: tuple[Line, ...] = ()
    parts: tuple[Competence, ...] = ()

    def problems(self) -> Problems:
        if not self.rules:
            yield "rules", NO_RULE
        if not self.confirmed and not self.note.strip():
            yield "note", "Ein nicht belegter Weg braucht einen Hinweis, was angenommen ist."
        if Competence.MIXED in self.parts:
            yield "parts", "Ein Teil hat eine einzige Zuständigkeit."


LISTS = ("down", "intake", "work", "agree", "finish", "up")


@dataclass(frozen=True)
class Routes:
    """All routes of an office. `own_body`: the key of the body that the office itself is; it is no station outside."""

    bodies: tuple[Body, ...]
    intake: tuple[Line, ...]
    work: tuple[Line, ...]
    finish: tuple[Line, ...]
    routes: tuple[Route, ...]
    own_body: str = ""

    @classmethod
    def from_dict(cls, raw: Mapping[str, Any]) -> Self:
        """Routes from plain data; raises ParameterErrors with every error found, not only the first."""
        errors: Errors = {}
        found = read_record(cls, raw, "", errors)
        if errors:
            raise ParameterErrors(errors)
        return found

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON data, the inverse of `from_dict`."""
        return dump(self)

    def body(self, key: str) -> Body:
        return next(body for body in self.bodies if body.key == key)

    def route_for(self, matter: Matter) -> Route:
        """The first route whose condition holds; the last one has none, so there always is one."""
        return next(route for route in self.routes if route.when.holds_for(matter))

    def problems(self) -> Problems:
        yield from _twice("bodies", [body.key for body in self.bodies], "Diese Stelle steht schon in der Liste.")
        yield from _twice("routes", [route.key for route in self.routes], "Diesen Weg gibt es schon.")
        keys = [body.key for body in self.bodies]
        for requester in Requester:
            if requester not in keys:
                yield "bodies", f"Es fehlt der Name für: {requester.label} ({requester})."
        for path, line in self._lines():
            if line.body not in keys:
                yield join(path, "body"), f"„{line.body}“ ist keine der Stellen; erlaubt sind: {', '.join(keys)}."
        if self.own_body and self.own_body not in keys:
            yield "own_body", f"„{self.own_body}“ ist keine der Stellen."
        if not any(self.body(line.body).desk for line in self.intake if line.body in keys):
            yield "intake", "Im Haus nimmt mindestens eine Stelle die Petition entgegen."
        if not self.routes or self.routes[-1].when != Condition():
            yield "routes", "Der letzte Weg gilt ohne Bedingung, damit es immer einen gibt."

    def _lines(self) -> Iterator[tuple[str, Line]]:
        holders = [("", self), *((f"routes.{index}", route) for index, route in enumerate(self.routes))]
        for path, holder in holders:
            for name in LISTS:
                for index, line in enumerate(getattr(holder, name, None) or ()):
                    yield join(join(path, name), index), line


def _twice(path: str, keys: list[str], sentence: str) -> Problems:
    for index, key in enumerate(keys):
        if key in keys[:index]:
            yield join(join(path, index), "key"), sentence
