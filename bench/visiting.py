"""Somebody with a browser that keeps cookies: asks, fills in forms, and takes the time of each answer."""

from dataclasses import dataclass
from html.parser import HTMLParser
from http.client import HTTPConnection
from http.cookies import SimpleCookie
from time import perf_counter
from urllib.parse import urlencode

from bench.counting import CPU_HEADER, HEADER

LOGIN = "/anmelden/"
PASSWORD = "krm-demo-2026"  # noqa: S105 - that of krm.demo_house, which needs a database to be imported
FORM = "application/x-www-form-urlencoded"
PATIENCE_SECONDS = 120


class Refused(RuntimeError):
    """An answer that is not the page asked for."""


@dataclass(frozen=True)
class Answer:
    """`milliseconds` from sending the request to the last byte; `queries` and `cpu` (ms) as the server counted them."""

    status: int
    milliseconds: float
    queries: int
    cpu: float
    text: str
    location: str


class Visitor:
    """One person at one server."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.cookies: dict[str, str] = {}

    def get(self, path: str) -> Answer:
        return self._ask("GET", path, None)

    def post(self, path: str, fields: dict[str, str]) -> Answer:
        return self._ask("POST", path, urlencode(fields))

    def sign_in(self, username: str) -> None:
        """Through the page for it. Refused where that does not work."""
        fields = form_fields(self.get(LOGIN).text, "username")
        answer = self.post(LOGIN, fields | {"username": username, "password": PASSWORD})
        if answer.status != 302:
            raise Refused(f"{username} cannot sign in: status {answer.status}")

    def _ask(self, method: str, path: str, body: str | None) -> Answer:
        own = f"http://127.0.0.1:{self.port}"
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items()), "Origin": own}
        if body is not None:
            headers["Content-Type"] = FORM
        connection = HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE_SECONDS)
        try:
            start = perf_counter()
            connection.request(method, path, body=body, headers=headers)
            response = connection.getresponse()
            content = response.read()
            milliseconds = (perf_counter() - start) * 1000
        finally:
            connection.close()
        for line in response.headers.get_all("Set-Cookie", []):
            self.cookies |= {name: morsel.value for name, morsel in SimpleCookie(line).items()}
        return Answer(
            status=response.status,
            milliseconds=milliseconds,
            queries=int(response.headers.get(HEADER, 0)),
            cpu=float(response.headers.get(CPU_HEADER, 0)),
            text=content.decode(),
            location=response.headers.get("Location", ""),
        )


def form_fields(page: str, having: str) -> dict[str, str]:
    """What a browser would send of the form that has a field of this name, with nothing typed. Refused without one."""
    reader = _Forms()
    reader.feed(page)
    found = next((form for form in reader.forms if having in form.values), None)
    if found is None:
        raise Refused(f"the page has no form with {having}")
    return found.values


def first_choice(page: str, name: str) -> str:
    """The first value that a selection offers. Refused without one."""
    reader = _Forms()
    reader.feed(page)
    offered = [value for form in reader.forms for value in form.choices.get(name, []) if value]
    if not offered:
        raise Refused(f"the page offers nothing for {name}")
    return offered[0]


class _Form:
    def __init__(self) -> None:
        self.values: dict[str, str] = {}
        self.choices: dict[str, list[str]] = {}


class _Forms(HTMLParser):
    """Forms of a page with the values their fields have."""

    def __init__(self) -> None:
        super().__init__()
        self.forms: list[_Form] = []
        self.inside: _Form | None = None
        self.select = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "form":
            self.inside = _Form()
            self.forms.append(self.inside)
        elif self.inside is None:
            return
        elif tag == "option" and self.select:
            value = given.get("value") or ""
            self.inside.choices.setdefault(self.select, []).append(value)
            if "selected" in given or self.select not in self.inside.values:
                self.inside.values[self.select] = value
        elif tag == "select":
            self.select = given.get("name") or ""
        elif tag in ("input", "textarea"):
            self._take(given)

    def handle_endtag(self, tag: str) -> None:
        if tag == "select":
            self.select = ""
        elif tag == "form":
            self.inside = None

    def _take(self, given: dict[str, str | None]) -> None:
        kind, name = given.get("type"), given.get("name")
        is_sent = kind not in ("checkbox", "radio") or "checked" in given
        if self.inside and name and is_sent and kind not in ("file", "submit", "button"):
            self.inside.values[name] = given.get("value") or ""
