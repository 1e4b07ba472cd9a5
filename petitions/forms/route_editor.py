"""The page on which an office lays down its next routes: bodies, routes, and every line in its list.

All lines of the page are rows of one set and say themselves in which list they stand, so that a row can be added to any
list without losing what was typed: the page is built anew from what was sent.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from django import forms
from django.http import QueryDict

from offices.forms.base import fingerprint
from offices.rules.parsing import ParameterErrors, dump
from petitions.forms.route_filling import HOUSE, NEW_ROUTE, lines_of_routes, of_request, of_routes, serial
from petitions.forms.route_rows import CONDITIONS, BodyRows, HeadForm, LineRows, RouteRows, rules_of
from petitions.models import RouteSet
from petitions.rules.describing import LIST_LABELS, OF_THE_HOUSE
from petitions.rules.routes import Routes

FIELDS = {"period": "amount"}  # where a rule speaks of something else than the field that is asked
UNNAMED = "neue Stelle (oben benennen)"
ROWS_WITHOUT_TICK = "Hier stehen eigene Zeilen; bitte den Haken setzen oder bei ihnen „Zeile entfällt“ wählen."
OUT_OF_DATE = "Diese Seite passt nicht mehr zur Fassung; bitte neu laden."

Owners = dict[str, forms.Form]


class Editor:
    """The whole page. After `is_valid`, `routes` are those of the next version, read back by the rules themselves."""

    routes: Routes

    def __init__(self, base: RouteSet, data: QueryDict | None = None, more: str = ""):
        """`data`: what was sent; with `more`, the page as it was sent and one row more, a body, a route or a line."""
        self.base = base.routes
        self.added = more
        self.lines_of_base = dict(lines_of_routes(self.base))
        self.is_bound = data is not None and not more
        start = of_routes(self.base) if data is None else of_request(data, more)
        sent, shared = (data if self.is_bound else None), {"empty_permitted": False}
        self.head = HeadForm(sent, initial=start.head)
        self.bodies = BodyRows(sent, initial=start.bodies, prefix="stelle", form_kwargs=shared)
        self.ways = RouteRows(sent, initial=start.routes, prefix="weg", form_kwargs=shared)
        bodies = [(row["key"], row["name"] or UNNAMED) for row in start.bodies]
        self.rows = LineRows(sent, initial=start.lines, prefix="zeile", form_kwargs=shared | {"bodies": bodies})
        for form in self.rows:
            form.base = self.lines_of_base.get(form["was"].value() or "")
        for form in self.bodies:
            form.is_new = form["key"].value() not in [body.key for body in self.base.bodies]

    @property
    def all(self) -> list[forms.Form]:
        """Every form of the page, for the summary of what is wrong."""
        return [self.head, *self.bodies.forms, *self.ways.forms, *self.rows.forms]

    @property
    def problems_of_sets(self) -> list[str]:
        """What is wrong with none of the rows: too many of them."""
        sets = (self.bodies, self.ways, self.rows)
        return [problem for rows in sets for problem in rows.non_form_errors()] if self.is_bound else []

    @property
    def errors(self) -> bool:
        return self.is_bound and (any(form.errors for form in self.all) or bool(self.problems_of_sets))

    def is_valid(self) -> bool:
        if not self.is_bound:
            return False
        if not all([self.head.is_valid(), *(s.is_valid() for s in (self.bodies, self.ways, self.rows))]):
            return False
        document, owners = self._document()
        if self.errors:
            return False
        try:
            self.routes = Routes.from_dict(document)
        except ParameterErrors as problems:
            for path, sentence in problems.errors.items():
                self._put(path, sentence, owners)
            return False
        return True

    @property
    def fingerprint(self) -> str:
        return fingerprint({**self.head.cleaned_data, "routes": self.routes.to_dict()})

    # How the page groups the rows

    @property
    def house(self) -> list[dict[str, Any]]:
        return [self._list(HOUSE, name) for name in OF_THE_HOUSE]

    @property
    def parts(self) -> list[dict[str, Any]]:
        """Each route with its lists, in the order they are passed; `is_open`: something on it is to be seen at once."""
        found = []
        for form in self.ways:
            key = form["key"].value() or ""
            lists = [self._list(key, name, form) for name in LIST_LABELS]
            wrong = self.is_bound and (form.errors or any(row.errors for each in lists for row in each["rows"]))
            is_open = bool(wrong) or self.added.startswith(f"{key}.") or self.added == "route" and form is self._newest
            has_condition = any(field.value() for field in form.conditions)
            found.append({"form": form, "key": key, "lists": lists, "is_open": is_open, "has_condition": has_condition})
        return found

    @property
    def is_house_open(self) -> bool:
        wrong = self.is_bound and any(row.errors for each in self.house for row in each["rows"])
        return wrong or self.added.startswith(f"{HOUSE}.")

    @property
    def is_list_of_bodies_open(self) -> bool:
        return self.added == "body" or (self.is_bound and any(form.errors for form in self.bodies))

    @property
    def _newest(self) -> forms.Form:
        return max(self.ways.forms, key=lambda form: serial(form["key"].value(), NEW_ROUTE))

    def _list(self, key: str, name: str, form: forms.Form | None = None) -> dict[str, Any]:
        place = f"{key}.{name}"
        return {
            "place": place,
            "label": LIST_LABELS[name].replace("im Haus", "Im Haus") if form is None else LIST_LABELS[name],
            "own": form[f"own_{name}"] if form and name in OF_THE_HOUSE else None,
            "rows": [row for row in self.rows if row["place"].value() == place],
        }

    # From the rows to plain data, and from its paths back to the rows

    def _document(self) -> tuple[dict[str, Any], Owners]:
        owners: Owners = {}
        by_place: dict[str, list[forms.Form]] = {}
        for form in self.rows.in_order:
            if form.cleaned_data["body"]:
                by_place.setdefault(form.cleaned_data["place"], []).append(form)
        document: dict[str, Any] = {"own_body": self.base.own_body, "bodies": list(self._bodies(owners)), "routes": []}
        for name in OF_THE_HOUSE:
            document[name] = self._list_of(by_place.pop(f"{HOUSE}.{name}", []), name, owners)
        for form in self.ways.in_order:
            if form.cleaned_data["is_removed"]:
                for name in LIST_LABELS:
                    by_place.pop(f"{form.cleaned_data['key']}.{name}", None)
                continue
            path = f"routes.{len(document['routes'])}"
            owners[path] = form
            document["routes"].append(self._route(form, path, by_place, owners))
        for forms_left in by_place.values():
            forms_left[0].add_error(None, OUT_OF_DATE)
        return document, owners

    def _bodies(self, owners: Owners) -> Iterator[dict[str, Any]]:
        """Bodies that are known keep what they are; a new one that nobody named and no line uses falls away."""
        known = {body.key: body for body in self.base.bodies}
        used = {form.cleaned_data["body"] for form in self.rows}
        place = 0
        for form in self.bodies:
            data = form.cleaned_data
            if data["key"] not in known and not data["name"] and data["key"] not in used:
                continue
            was = dump(known[data["key"]]) if data["key"] in known else {"desk": data["desk"] or None}
            owners[f"bodies.{place}"] = form
            place += 1
            yield was | {"key": data["key"], "name": data["name"]}

    def _route(
        self, form: forms.Form, path: str, by_place: dict[str, list[forms.Form]], owners: Owners
    ) -> dict[str, Any]:
        data = form.cleaned_data
        was = next((route for route in self.base.routes if route.key == data["key"]), None)
        route: dict[str, Any] = {name: data[name] for name in ("key", "label", "confirmed", "note")}
        route["rules"] = rules_of(data["rules"])
        route["when"] = {name: data[name] for name in CONDITIONS}
        route["parts"] = [str(part) for part in was.parts] if was else []
        for name in LIST_LABELS:
            rows = by_place.pop(f"{data['key']}.{name}", [])
            is_own = name not in OF_THE_HOUSE or data[f"own_{name}"]
            if rows and not is_own:
                form.add_error(f"own_{name}", ROWS_WITHOUT_TICK)
            route[name] = self._list_of(rows, f"{path}.{name}", owners) if is_own else None
        return route

    def _list_of(self, rows: Iterable[forms.Form], path: str, owners: Owners) -> list[dict[str, Any]]:
        lines = []
        for place, form in enumerate(rows):
            owners[f"{path}.{place}"] = form
            lines.append(self._line(form))
        return lines

    def _line(self, form: forms.Form) -> dict[str, Any]:
        data = form.cleaned_data
        was = self.lines_of_base.get(data["was"])
        kept = {"dates": dump(was.dates), "only": dump(was.only)} if was else {}
        period = {"amount": data["amount"], "unit": data["unit"]} if data["amount"] else None
        entered = {name: data[name] for name in ("body", "role", "mandatory")}
        return kept | entered | {"period": period, "rules": rules_of(data["rules"])}

    def _put(self, path: str, sentence: str, owners: Mapping[str, forms.Form]) -> None:
        """The sentence at the field it is about; where there is none, with the row, and else with the whole page."""
        steps = path.split(".")
        found = (length for length in range(len(steps), 0, -1) if ".".join(steps[:length]) in owners)
        length = next(found, 0)
        if path == "routes" and self.ways.forms:
            self.ways.in_order[-1].add_error(None, sentence)
        elif not length:
            self.head.add_error(None, sentence)
        else:
            form, field = owners[".".join(steps[:length])], "".join(steps[length : length + 1])
            name = FIELDS.get(field, field)
            form.add_error(name if name in form.fields else None, sentence)
