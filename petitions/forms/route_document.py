"""From the rows of the page on which routes are laid down to plain data, and from its paths back to the rows."""

from collections.abc import Iterable, Iterator
from typing import Any

from django import forms

from offices.rules.parsing import dump
from petitions.forms.route_filling import HOUSE
from petitions.forms.route_rows import Rows, rules_of
from petitions.rules.describing import LIST_LABELS, OF_THE_HOUSE
from petitions.rules.routes import Routes

FIELDS = {"period": "amount"}  # where a rule speaks of something else than the field that is asked
ROWS_WITHOUT_TICK = "Hier stehen eigene Zeilen; bitte den Haken setzen oder bei ihnen „Zeile entfällt“ wählen."
OUT_OF_DATE = "Diese Seite passt nicht mehr zur Fassung; bitte neu laden."


class Document:
    """`data`: what `Routes.from_dict` reads. The rows are valid; what fits none of the lists is said at its row."""

    def __init__(self, base: Routes, bodies: Rows, ways: Rows, rows: Rows):
        self.base, self.ways = base, ways
        self.owners: dict[str, forms.Form] = {}  # by the path of what stands in a row
        self.by_place: dict[str, list[forms.Form]] = {}
        for form in rows.in_order:
            if form.cleaned_data["body"]:
                self.by_place.setdefault(form.cleaned_data["place"], []).append(form)
        used = {form.cleaned_data["body"] for form in rows}
        self.data: dict[str, Any] = {"own_body": base.own_body, "bodies": list(self._bodies(bodies, used))}
        for name in OF_THE_HOUSE:
            self.data[name] = self._list(self.by_place.pop(f"{HOUSE}.{name}", []), name)
        self.data["routes"] = self._routes()
        for forms_left in self.by_place.values():
            forms_left[0].add_error(None, OUT_OF_DATE)

    def put(self, path: str, sentence: str, head: forms.Form) -> None:
        """The sentence at the field it is about; where there is none, with the row, and else with the whole page."""
        steps = path.split(".")
        found = (length for length in range(len(steps), 0, -1) if ".".join(steps[:length]) in self.owners)
        length = next(found, 0)
        if path == "routes" and self.ways.forms:
            self.ways.in_order[-1].add_error(None, sentence)
        elif not length:
            head.add_error(None, sentence)
        else:
            form, field = self.owners[".".join(steps[:length])], "".join(steps[length : length + 1])
            name = FIELDS.get(field, field)
            form.add_error(name if name in form.fields else None, sentence)

    def _bodies(self, rows: Rows, used: set[str]) -> Iterator[dict[str, Any]]:
        """Bodies that are known keep what they are; a new one that nobody named and no line uses falls away."""
        known = {body.key: body for body in self.base.bodies}
        place = 0
        for form in rows:
            data = form.cleaned_data
            if data["key"] not in known and not data["name"] and data["key"] not in used:
                continue
            was = dump(known[data["key"]]) if data["key"] in known else {"desk": data["desk"] or None}
            self.owners[f"bodies.{place}"] = form
            place += 1
            yield was | {"key": data["key"], "name": data["name"], "only": form.condition}

    def _routes(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = []
        for form in self.ways.in_order:
            if form.cleaned_data["is_removed"]:
                for name in LIST_LABELS:
                    self.by_place.pop(f"{form.cleaned_data['key']}.{name}", None)
                continue
            path = f"routes.{len(found)}"
            self.owners[path] = form
            found.append(self._route(form, path))
        return found

    def _route(self, form: forms.Form, path: str) -> dict[str, Any]:
        data = form.cleaned_data
        route: dict[str, Any] = {name: data[name] for name in ("key", "label", "confirmed", "note", "parts")}
        route["rules"] = rules_of(data["rules"])
        route["when"] = form.condition
        for name in LIST_LABELS:
            rows = self.by_place.pop(f"{data['key']}.{name}", [])
            is_own = name not in OF_THE_HOUSE or data[f"own_{name}"]
            if rows and not is_own:
                form.add_error(f"own_{name}", ROWS_WITHOUT_TICK)
            route[name] = self._list(rows, f"{path}.{name}") if is_own else None
        return route

    def _list(self, rows: Iterable[forms.Form], path: str) -> list[dict[str, Any]]:
        lines = []
        for place, form in enumerate(rows):
            self.owners[f"{path}.{place}"] = form
            lines.append(self._line(form, f"{path}.{place}.dates"))
        return lines

    def _line(self, form: forms.Form, path: str) -> dict[str, Any]:
        data = form.cleaned_data
        entered = {name: data[name] for name in ("body", "role", "mandatory")}
        kept = [date for date in form.dates if date.cleaned_data["direction"]]
        self.owners.update({f"{path}.{place}": date for place, date in enumerate(kept)})
        dates = [_timed(date) | {name: date.cleaned_data[name] for name in ("label", "direction")} for date in kept]
        return entered | _timed(form) | {"only": form.condition, "dates": dates}


def _timed(form: forms.Form) -> dict[str, Any]:
    """Period and rules of a line, or of a date beside it; no amount: the day itself."""
    data = form.cleaned_data
    period = {"amount": data["amount"], "unit": data["unit"]} if data["amount"] else None
    return {"period": period, "rules": rules_of(data["rules"])}
