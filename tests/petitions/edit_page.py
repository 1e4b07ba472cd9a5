"""What a browser sends from the page on which routes are laid down."""

from django.http import QueryDict

from petitions.forms.route_editor import Editor


def sent(editor: Editor, **changes) -> QueryDict:
    """What a browser sends for the page as it stands, with some fields changed; None leaves a field out."""
    data = QueryDict(mutable=True)
    for rows in editor.sets:
        for field in rows.management_form:
            data[field.html_name] = str(field.value())
    for form in editor.all:
        for field in form:
            value = field.value()
            if isinstance(value, list) and field.name != "rules":
                data.setlist(field.html_name, value)
            elif value not in (None, False):
                data[field.html_name] = "on" if value is True else str(value)
    data["valid_from"], data["reason"] = "2026-12-01", "Beschluss"
    for name, value in changes.items():
        if value is None:
            data.pop(name, None)
        elif isinstance(value, list):
            data.setlist(name, value)
        else:
            data[name] = str(value)
    return data


def row_of(editor: Editor, place: str, number: int = 0) -> str:
    """The prefix of a line's fields, by its list and its place in it."""
    return [form.prefix for form in editor.rows if form["place"].value() == place][number]


def dates_of(editor: Editor, prefix: str) -> list[str]:
    """The prefixes of the dates beside one line."""
    return next([date.prefix for date in form.dates] for form in editor.rows if form.prefix == prefix)


def way_of(editor: Editor, key: str) -> str:
    return next(form.prefix for form in editor.ways if form["key"].value() == key)
