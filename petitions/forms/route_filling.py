"""What stands in the rows at first: a version of the routes, or what was sent, and a row more where one is wanted."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from django import forms
from django.http import QueryDict

from offices.calendars import Unit
from offices.forms import whole_number
from petitions.forms.route_rows import (
    CONDITIONS,
    MORE,
    MOST_BODIES,
    MOST_DATES,
    MOST_LINES,
    MOST_ROUTES,
    BodyForm,
    DateForm,
    HeadForm,
    LineForm,
    RouteForm,
)
from petitions.rules.describing import LIST_LABELS, OF_THE_HOUSE
from petitions.rules.routes import Condition, Line, Route, Routes
from petitions.rules.vocabulary import Direction, StationRole

Row = dict[str, Any]
T = TypeVar("T")
HOUSE = "haus"  # the lists of the house, where a route has its key
NEW_BODY, NEW_ROUTE = "stelle-", "weg-"
BODY_ROW, ROUTE_ROW, LINE_ROW, DATE_ROW = "stelle", "weg", "zeile", "termin"  # the prefixes of the rows
A_DATE, A_CONDITION = "date", "condition"  # what may be added to one row, named by its prefix: „date:zeile-7“


@dataclass
class Filling:
    """The values of all fields, row by row."""

    head: Row
    bodies: list[Row]
    routes: list[Row]
    lines: list[Row]
    dates: list[Row]


def of_routes(routes: Routes) -> Filling:
    return Filling({}, _bodies(routes), _routes(routes), _rows(routes), _dates(routes))


def of_request(data: QueryDict, more: str) -> Filling:
    """What was sent, as it was typed, and a row more.

    `more`: „body“, „route“, the place of a list, or a date or a condition for one row: „date:zeile-7“.
    """
    found = Filling(
        head=_values(HeadForm(), data),
        bodies=_all_values(BodyForm, data, BODY_ROW, MOST_BODIES),
        routes=_all_values(RouteForm, data, ROUTE_ROW, MOST_ROUTES),
        lines=_all_values(LineForm, data, LINE_ROW, MOST_LINES, bodies=[]),
        dates=_all_values(DateForm, data, DATE_ROW, MOST_DATES),
    )
    what, _, row = more.partition(":")
    if more == "body":
        found.bodies.append({"key": _next(found.bodies, NEW_BODY), "name": "", "desk": ""})
    elif more == "route":
        _add_route(found.routes)
    elif what == A_DATE and row in _prefixes(LINE_ROW, found.lines):
        found.dates.append(_new_date(row))
    elif what == A_CONDITION:
        _limit(found, row)
    elif more and ":" not in more:
        _add_line(found, more)
    return found


def lines_of_routes(routes: Routes) -> Iterator[tuple[str, Line]]:
    """Every line under the name of its place: „federal.up.2“."""
    for key, holder in ((HOUSE, routes), *((route.key, route) for route in routes.routes)):
        for name in LIST_LABELS:
            for place, line in enumerate(getattr(holder, name, None) or ()):
                yield f"{key}.{name}.{place}", line


def _bodies(routes: Routes) -> list[Row]:
    return [
        {"key": body.key, "name": body.name, "desk": body.desk or "", **_condition(body.only)} for body in routes.bodies
    ]


def _routes(routes: Routes) -> list[Row]:
    return [_route(route, place) for place, route in enumerate(routes.routes, start=1)]


def _route(route: Route, place: int) -> Row:
    return {
        "key": route.key,
        "position": place,
        "label": route.label,
        "rules": route.rules,
        "confirmed": route.confirmed,
        "note": route.note,
        "parts": [str(part) for part in route.parts],
        **_condition(route.when),
        **{f"own_{name}": getattr(route, name) is not None for name in OF_THE_HOUSE},
    }


def _rows(routes: Routes) -> list[Row]:
    found = []
    for was, line in lines_of_routes(routes):
        place, number_in_list = was.rsplit(".", 1)
        found.append(
            {
                "was": was,
                "place": place,
                "position": int(number_in_list) + 1,
                "body": line.body,
                "role": line.role.value,
                "amount": line.period.amount if line.period else None,
                "unit": (line.period.unit if line.period else Unit.WORKING_DAYS).value,
                "mandatory": line.mandatory,
                "rules": line.rules,
                **_condition(line.only),
            }
        )
    return found


def _condition(condition: Condition) -> Row:
    ticked = {name: [str(word) for word in getattr(condition, name)] for name in CONDITIONS}
    return {**ticked, "is_limited": any(ticked.values())}


def _dates(routes: Routes) -> list[Row]:
    """Those beside all lines; each names its line by the prefix of the row."""
    return [
        {
            "line": prefix,
            "label": entry.label,
            "amount": entry.period.amount if entry.period else None,
            "unit": (entry.period.unit if entry.period else Unit.WORKING_DAYS).value,
            "direction": entry.direction.value,
            "rules": entry.rules,
        }
        for prefix, line in _prefixes(LINE_ROW, (line for _, line in lines_of_routes(routes))).items()
        for entry in line.dates
    ]


def _new_date(line: str) -> Row:
    return {"line": line, "label": "", "unit": Unit.WORKING_DAYS.value, "direction": Direction.FORWARD.value}


def _all_values(form: type[forms.Form], data: QueryDict, prefix: str, most: int, **kwargs: Any) -> list[Row]:
    total = min(whole_number(data.get(f"{prefix}-TOTAL_FORMS")), most + MORE)
    prefixes = [f"{prefix}-{place}" for place in range(total)]
    limited = [{"is_limited": data.get(f"{each}-is_limited")} for each in prefixes]  # says which fields there are
    return [
        _values(form(prefix=each, initial=initial, **kwargs), data)
        for each, initial in zip(prefixes, limited, strict=True)
    ]


def _values(form: forms.Form, data: QueryDict) -> Row:
    files: Row = {}
    widgets = {name: field.widget for name, field in form.fields.items()}
    return {name: widget.value_from_datadict(data, files, form.add_prefix(name)) for name, widget in widgets.items()}


def _add_route(routes: list[Row]) -> None:
    """Before the last one, which goes for everything else."""
    key, last = _next(routes, NEW_ROUTE), max(routes, key=_position, default=None)
    place = _position(last) if last else 1
    if last:
        last["position"] = place + 1
    routes.insert(routes.index(last) if last else 0, _route(Route(key, "", ()), place))


def _add_line(filling: Filling, place: str) -> None:
    """At the end of its list; a list of its own gets its tick."""
    key, _, name = place.rpartition(".")
    count = sum(row["place"] == place for row in filling.lines)
    filling.lines.append(
        {"place": place, "position": count + 1, "role": StationRole.FORWARD.value, "unit": Unit.WORKING_DAYS.value}
    )
    for row in filling.routes:
        if row["key"] == key and name in OF_THE_HOUSE:
            row[f"own_{name}"] = True


def _limit(filling: Filling, row: str) -> None:
    """Give one row the fields of a condition; a row that is not there is left alone."""
    rows = _prefixes(BODY_ROW, filling.bodies) | _prefixes(LINE_ROW, filling.lines)
    if row in rows:
        rows[row]["is_limited"] = True


def _prefixes(stem: str, rows: Iterable[T]) -> dict[str, T]:
    """The rows by the prefixes of their fields."""
    return {f"{stem}-{place}": row for place, row in enumerate(rows)}


def _position(row: Row) -> int:
    return whole_number(str(row["position"] or ""))


def _next(rows: Iterable[Mapping[str, Any]], stem: str) -> str:
    return f"{stem}{max((serial(row['key'], stem) for row in rows), default=0) + 1}"


def serial(key: str | None, stem: str) -> int:
    """The number in the key of a body or route that was added on this page; 0 for every other."""
    return whole_number(key.removeprefix(stem)) if key and key.startswith(stem) else 0
