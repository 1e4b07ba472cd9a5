"""What a new version of the routes changes: line by line in words, and by the dates of matters taken as samples."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from offices.calendars import Calendar
from petitions.rules.describing import (
    LIST_LABELS,
    OF_THE_HOUSE,
    body_words,
    condition_words,
    line_words,
    lines_of,
    station_words,
)
from petitions.rules.planning import Plan, PlannedStation, plan
from petitions.rules.routes import Body, Line, Matter, Route, Routes
from petitions.rules.vocabulary import Competence, LegalArea, PetitionKind, Requester, Topic

SAMPLES = 3
SAMPLE_PERIOD = timedelta(weeks=8)  # between Eingang and the day due outside: room for every route that is shipped
AS_USUAL = "wie im Haus üblich"
NOT_THERE = "–"
ROUTE = "Weg „{}“"


@dataclass(frozen=True)
class Difference:
    """Where it stands, what it is, and how it read before and reads now."""

    place: str
    what: str
    old: str
    new: str


@dataclass(frozen=True)
class SampleRow:
    """A station of a sample with its planned day before and after; None where it is no station then."""

    station: str
    before_on: date | None
    after_on: date | None

    @property
    def is_changed(self) -> bool:
        return self.before_on != self.after_on


@dataclass(frozen=True)
class Sample:
    """A matter as it goes by the version before and by the new one; `words`: what matter it is."""

    matter: Matter
    words: str
    received_on: date
    outside_due_on: date
    before: Plan
    after: Plan

    @property
    def rows(self) -> tuple[SampleRow, ...]:
        """Every station of either from the house on, in the order of the new plan; what goes stands where it stood."""
        before = {station.key: station for station in self.before.stations if not station.arrived}
        after = {station.key: station for station in self.after.stations if not station.arrived}
        keys = list(after)
        for index, key in enumerate(before):
            if key not in after:
                keys.insert(min(index, len(keys)), key)
        return tuple(_row(before.get(key), after.get(key)) for key in keys)

    @property
    def changed_rows(self) -> list[SampleRow]:
        return [row for row in self.rows if row.is_changed]

    @property
    def kept(self) -> int:
        """How many stations keep their day."""
        return len(self.rows) - len(self.changed_rows)

    @property
    def is_changed(self) -> bool:
        return self.before.route.label != self.after.route.label or bool(self.changed_rows)


def differences(old: Routes, new: Routes) -> tuple[Difference, ...]:
    """Everything that reads differently: bodies, the house, then route by route."""
    return (*_bodies(old, new), *_house(old, new), *_routes(old, new))


def samples(
    old: Routes, new: Routes, *, received_on: date, calendar: Calendar, most: int = SAMPLES
) -> tuple[Sample, ...]:
    """Matters that came on this day, planned by both versions; those with other dates first.

    Raises ValueError where the years with known holidays end.
    """
    due_on = received_on + SAMPLE_PERIOD
    found = []
    for matter in dict.fromkeys((*_typical(new), *_typical(old))):
        before, after = (
            plan(routes, matter, received_on=received_on, outside_due_on=due_on, calendar=calendar)
            for routes in (old, new)
        )
        found.append(Sample(matter, matter_words(matter), received_on, due_on, before, after))
    return tuple(sorted(found, key=lambda sample: not sample.is_changed)[:most])


def matter_words(matter: Matter) -> str:
    """„Petition, BMAS, Bundesagentur für Arbeit, Sonstiges, SGB II“."""
    words = (matter.kind, matter.requester, matter.competence, matter.topic, matter.legal_area)
    return ", ".join(word.label for word in words)


def _typical(routes: Routes) -> Iterator[Matter]:
    """For each route a matter that goes it, from the last one, which most matters go; then the same in SGB III."""
    for legal_area in LegalArea:
        for route in reversed(routes.routes):
            when = route.when
            matter = Matter(
                kind=(*when.kinds, PetitionKind.PETITION)[0],
                requester=(*when.requesters, Requester.BUNDESTAG)[0],
                competence=(*when.competences, Competence.FEDERAL)[0],
                topic=(*when.topics, Topic.BENEFITS)[0],
                legal_area=legal_area,
            )
            if routes.route_for(matter) == route:
                yield matter


def _row(before: PlannedStation | None, after: PlannedStation | None) -> SampleRow:
    station = after or before
    words = f"{station.body} {station.role.label}" if station else ""
    words += f" (Teil: {station.part.label})" if station and station.part else ""
    return SampleRow(words, before.planned_on if before else None, after.planned_on if after else None)


def _bodies(old: Routes, new: Routes) -> Iterator[Difference]:
    before, after = ({body.key: body for body in routes.bodies} for routes in (old, new))
    for key in dict.fromkeys((*before, *after)):
        was, now = before.get(key), after.get(key)
        pairs = [("Name", _named(was), _named(now))]
        if now:
            pairs += [(f"{now.name} ist Station", _limited(was), _limited(now))]
        yield from (Difference("Stellen", what, *words) for what, *words in pairs if words[0] != words[1])


def _named(body: Body | None) -> str:
    return body.name if body else NOT_THERE


def _limited(body: Body | None) -> str:
    only = body_words(body) if body else ""
    return f"nur bei {only}" if only else "immer"


def _house(old: Routes, new: Routes) -> Iterator[Difference]:
    for name in OF_THE_HOUSE:
        label = LIST_LABELS[name].replace("im Haus", "Im Haus")
        yield from _lines(label, getattr(old, name), getattr(new, name), old, new)


def _routes(old: Routes, new: Routes) -> Iterator[Difference]:
    before, after = ({route.key: route for route in routes.routes} for routes in (old, new))
    for key, route in after.items():
        if key not in before:
            yield Difference(ROUTE.format(route.label), "neuer Weg", NOT_THERE, condition_words(route.when))
            yield from _of_route(None, route, old, new)
        elif before[key] != route:
            yield from _of_route(before[key], route, old, new)
    for key, route in before.items():
        if key not in after:
            yield Difference(ROUTE.format(route.label), "Weg", condition_words(route.when), "entfällt")
    kept = [[key for key in keys if key in before and key in after] for keys in (before, after)]
    if kept[0] != kept[1]:
        orders = (
            ", dann ".join(which[key].label for key in keys) for which, keys in zip((before, after), kept, strict=True)
        )
        yield Difference("Wege", "Reihenfolge, in der gefragt wird", *orders)


def _of_route(before: Route | None, after: Route, old: Routes, new: Routes) -> Iterator[Difference]:
    place = ROUTE.format(after.label)
    if before:
        pairs = (
            ("Name", before.label, after.label),
            ("gilt", condition_words(before.when), condition_words(after.when)),
            ("Teile", _parts(before), _parts(after)),
            ("belegt", _confirmed(before), _confirmed(after)),
            ("Hinweis", before.note or "keiner", after.note or "keiner"),
            ("Regeln", ", ".join(before.rules), ", ".join(after.rules)),
        )
        yield from (Difference(place, what, was, now) for what, was, now in pairs if was != now)
    for name, label in LIST_LABELS.items():
        was: tuple[Line, ...] | None = lines_of(before, name) if before else ()
        now = lines_of(after, name)
        if (was is None) != (now is None) and before:
            yield Difference(place, label, _own(was), _own(now))
        yield from _lines(f"{place}, {label}", was or (), now or (), old, new)


def _parts(route: Route) -> str:
    return ", ".join(part.label for part in route.parts) or "keine"


def _confirmed(route: Route) -> str:
    return "belegt" if route.confirmed else "nicht belegt"


def _own(lines: tuple[Line, ...] | None) -> str:
    return AS_USUAL if lines is None else "eigene Zeilen" if lines else "entfällt"


def _lines(
    place: str, old: tuple[Line, ...], new: tuple[Line, ...], before: Routes, after: Routes
) -> Iterator[Difference]:
    """By who does what: lines that are new, fall away, or read differently, and another order of those that stay."""
    was, now = _keyed(old), _keyed(new)
    for key, line in now.items():
        station = station_words(after, line)
        if key not in was:
            yield Difference(place, station, NOT_THERE, f"{_where(now, key, after)}: {line_words(line)}")
        elif was[key] != line:
            yield Difference(place, station, line_words(was[key]), line_words(line))
    for key, line in was.items():
        if key not in now:
            yield Difference(place, station_words(before, line), line_words(line), "entfällt")
    orders = [[key for key in keys if key in was and key in now] for keys in (was, now)]
    if orders[0] != orders[1]:
        order, later = (", dann ".join(station_words(after, now[key]) for key in keys) for keys in orders)
        yield Difference(place, "Reihenfolge", order, later)


Key = tuple[str, str, int]


def _keyed(lines: tuple[Line, ...]) -> dict[Key, Line]:
    """The lines by body and role; of two that say the same the second has its own number."""
    seen: Counter[tuple[str, str]] = Counter()
    found: dict[Key, Line] = {}
    for line in lines:
        seen[line.body, line.role] += 1
        found[line.body, line.role, seen[line.body, line.role]] = line
    return found


def _where(lines: dict[Key, Line], key: Key, routes: Routes) -> str:
    keys = list(lines)
    place = keys.index(key)
    return f"neu nach „{station_words(routes, lines[keys[place - 1]])}“" if place else "neu als erste"
