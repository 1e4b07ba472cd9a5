"""What stands in the rows at first: a version of the routes, or what was sent, and a row more where one is wanted."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.http import QueryDict

from offices.calendars import Unit
from offices.forms import whole_number
from petitions.forms.route_rows import (
    CONDITIONS,
    MORE,
    MOST_BODIES,
    MOST_LINES,
    MOST_ROUTES,
    BodyForm,
    HeadForm,
    LineForm,
    RouteForm,
)
from petitions.rules.describing import LIST_LABELS, OF_THE_HOUSE
from petitions.rules.routes import Line, Route, Routes
from petitions.rules.vocabulary import StationRole

Row = dict[str, Any]
HOUSE = "haus"  # the lists of the house, where a route has its key
NEW_BODY, NEW_ROUTE = "stelle-", "weg-"


@dataclass
class Filling:
    """The values of all fields, row by row."""

    head: Row
    bodies: list[Row]
    routes: list[Row]
    lines: list[Row]


def of_routes(routes: Routes) -> Filling:
    return Filling({}, _bodies(routes), _routes(routes), _rows(routes))


def of_request(data: QueryDict, more: str) -> Filling:
    """What was sent, as it was typed, and a row more: `more` is „body“, „route“ or the place of a list."""
    found = Filling(
        head=_values(HeadForm(), data),
        bodies=_all_values(BodyForm, data, "stelle", MOST_BODIES),
        routes=_all_values(RouteForm, data, "weg", MOST_ROUTES),
        lines=_all_values(LineForm, data, "zeile", MOST_LINES, bodies=[]),
    )
    if more == "body":
        found.bodies.append({"key": _next(found.bodies, NEW_BODY), "name": "", "desk": ""})
    elif more == "route":
        _add_route(found.routes)
    elif more:
        _add_line(found, more)
    return found


def lines_of_routes(routes: Routes) -> Iterator[tuple[str, Line]]:
    """Every line under the name of its place: „federal.up.2“."""
    for key, holder in ((HOUSE, routes), *((route.key, route) for route in routes.routes)):
        for name in LIST_LABELS:
            for place, line in enumerate(getattr(holder, name, None) or ()):
                yield f"{key}.{name}.{place}", line


def _bodies(routes: Routes) -> list[Row]:
    return [{"key": body.key, "name": body.name, "desk": body.desk or ""} for body in routes.bodies]


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
        **{name: [str(word) for word in getattr(route.when, name)] for name in CONDITIONS},
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
            }
        )
    return found


def _all_values(form: type[forms.Form], data: QueryDict, prefix: str, most: int, **kwargs: Any) -> list[Row]:
    total = min(whole_number(data.get(f"{prefix}-TOTAL_FORMS")), most + MORE)
    return [_values(form(prefix=f"{prefix}-{place}", **kwargs), data) for place in range(total)]


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


def _position(row: Row) -> int:
    return whole_number(str(row["position"] or ""))


def _next(rows: Iterable[Mapping[str, Any]], stem: str) -> str:
    return f"{stem}{max((serial(row['key'], stem) for row in rows), default=0) + 1}"


def serial(key: str | None, stem: str) -> int:
    """The number in the key of a body or route that was added on this page; 0 for every other."""
    return whole_number(key.removeprefix(stem)) if key and key.startswith(stem) else 0
