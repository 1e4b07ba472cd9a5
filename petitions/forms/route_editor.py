"""The page on which an office lays down its next routes: bodies, routes, every line in its list, dates beside a line.

All lines of the page are rows of one set and say themselves in which list they stand, and all dates beside which line,
so that a row can be added anywhere without losing what was typed: the page is built anew from what was sent.
"""

from typing import Any

from django import forms
from django.http import QueryDict

from offices.forms.base import fingerprint
from offices.rules.parsing import ParameterErrors
from petitions.forms.route_document import OUT_OF_DATE, Document
from petitions.forms.route_filling import (
    BODY_ROW,
    DATE_ROW,
    HOUSE,
    LINE_ROW,
    NEW_ROUTE,
    ROUTE_ROW,
    of_request,
    of_routes,
    serial,
)
from petitions.forms.route_rows import BodyRows, DateRows, HeadForm, LineRows, RouteRows
from petitions.models import RouteSet
from petitions.rules.describing import LIST_LABELS, OF_THE_HOUSE
from petitions.rules.routes import Routes

UNNAMED = "neue Stelle (oben benennen)"


class Editor:
    """The whole page. After `is_valid`, `routes` are those of the next version, read back by the rules themselves."""

    routes: Routes

    def __init__(self, base: RouteSet, data: QueryDict | None = None, more: str = ""):
        """`data`: what was sent; with `more`, the page as it was sent and one row more, a body, a route or a line."""
        self.base = base.routes
        self.is_bound = data is not None and not more
        start = of_routes(self.base) if data is None else of_request(data, more)
        sent, shared = (data if self.is_bound else None), {"empty_permitted": False}
        self.head = HeadForm(sent, initial=start.head)
        self.bodies = BodyRows(sent, initial=start.bodies, prefix=BODY_ROW, form_kwargs=shared)
        self.ways = RouteRows(sent, initial=start.routes, prefix=ROUTE_ROW, form_kwargs=shared)
        bodies = [(row["key"], row["name"] or UNNAMED) for row in start.bodies]
        self.rows = LineRows(sent, initial=start.lines, prefix=LINE_ROW, form_kwargs=shared | {"bodies": bodies})
        self.dates = DateRows(sent, initial=start.dates, prefix=DATE_ROW, form_kwargs=shared)
        for form in self.bodies:
            form.is_new = form["key"].value() not in [body.key for body in self.base.bodies]
        self.dates_of_no_line = [form for form in self.dates if not self._hang(form)]
        self.added = self._place_of(more.partition(":")[2]) or more

    @property
    def all(self) -> list[forms.Form]:
        """Every form of the page, for the summary of what is wrong."""
        return [self.head, *self.bodies.forms, *self.ways.forms, *self.rows.forms, *self.dates.forms]

    @property
    def sets(self) -> list[forms.BaseFormSet]:
        return [self.bodies, self.ways, self.rows, self.dates]

    @property
    def problems_of_sets(self) -> list[str]:
        """What is wrong with none of the rows: too many of them."""
        return [problem for rows in self.sets for problem in rows.non_form_errors()] if self.is_bound else []

    @property
    def errors(self) -> bool:
        return self.is_bound and (any(form.errors for form in self.all) or bool(self.problems_of_sets))

    def is_valid(self) -> bool:
        if not self.is_bound:
            return False
        if not all([self.head.is_valid(), *(rows.is_valid() for rows in self.sets)]):
            return False
        if self.dates_of_no_line:
            self.head.add_error(None, OUT_OF_DATE)
        document = Document(self.base, self.bodies, self.ways, self.rows)
        if self.errors:
            return False
        try:
            self.routes = Routes.from_dict(document.data)
        except ParameterErrors as problems:
            for path, sentence in problems.errors.items():
                document.put(path, sentence, self.head)
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
            wrong = self.is_bound and (form.errors or any(row.is_wrong for each in lists for row in each["rows"]))
            is_open = bool(wrong) or self.added.startswith(f"{key}.") or self.added == "route" and form is self._newest
            has_condition = any(field.value() for field in form.conditions)
            found.append({"form": form, "key": key, "lists": lists, "is_open": is_open, "has_condition": has_condition})
        return found

    @property
    def is_house_open(self) -> bool:
        wrong = self.is_bound and any(row.is_wrong for each in self.house for row in each["rows"])
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

    def _hang(self, date: forms.Form) -> bool:
        """Put a date to the line it stands beside; whether there is such a line."""
        owners = [line for line in self.rows if line.prefix == date["line"].value()]
        for line in owners:
            line.dates.append(date)
        return bool(owners)

    def _place_of(self, row: str) -> str:
        """Where the row with this prefix stands, so that what was added to it is seen."""
        if row.startswith(BODY_ROW):
            return "body"
        return next((form["place"].value() for form in self.rows if form.prefix == row), "")
