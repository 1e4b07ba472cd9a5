"""Hostile input on every URL: whatever is sent, nothing fails, nothing is executed, and everything stays text."""

import os
import random
import re
from collections.abc import Callable, Iterable, Iterator
from html.parser import HTMLParser
from typing import Any

import pytest
from django.db import transaction
from django.urls import reverse

from cases.models import Letter
from tests import scene as scenes
from tests.scene import Scene
from tests.test_permissions import ROWS

PEOPLE = ("pankow.krm", "pankow.admin", "pankow.revision")
VALUES = {
    "nothing": "",
    "NUL": "a\x00b",
    "control characters": "\x01\x1b[31m\x7f\x85\u2028",
    "direction marks": "\u202etxt.exe\u2066\ufeff",
    "markup": "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>",
    "template": "{{ 7|add:7 }}{% load static %}{% now 'Y' %}",
    "path": "../../../../etc/passwd",
    "long": "ß" * 1_000,
    "many words": "a " * 1_400,
    "emoji": "👩‍👩‍👧🏳️‍🌈",
    "superscript": "²",
    "digits of elsewhere": "١٢٣",
    "negative": "-1",
    "float": "1e9",
    "beyond 64 bits": "9" * 25,
    "beyond int()": "9" * 5_000,
    "no month": "0000-00-00",
    "first day": "0001-01-01",
    "last day": "9999-12-31",
    "no such day": "29.02.2023",
}
TRIED_OF_EACH = 8  # of what could be sent to one form or address in the ordinary run
IN_ADDRESSES = (
    "NUL", "markup", "many words", "superscript", "beyond 64 bits", "beyond int()", "no month", "first day", "last day",
)  # fmt: skip
PARAMETERS = (
    "page", "sort", "q", "mein_tag", "stand", "frist", "zug", "meine", "art", "weg", "rechtskreis", "dienststelle",
    "einheit", "thema", "von", "bis", "ergebnis", "anonym", "grund", "case", "reason", "office", "jahr", "suche",
    "nummer", "ereignis", "vor", "verlauf", "start_on", "amount", "unit", "direction", "roll", "next", "channel",
    "last_name", "customer_number", "received_on", "on", "stelle", "requester", "kind", "competence",
    "parts", "topic", "legal_area", "outside_due_on", "tasks",
)  # fmt: skip


class Forms(HTMLParser):
    """The forms of a page that are sent by POST: address -> field name -> value."""

    def __init__(self, url: str):
        super().__init__()
        self.url, self.found, self.fields, self.select = url, {}, None, ""

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        given = dict(attributes)
        if tag == "form":
            is_post = given.get("method") == "post"
            self.fields = self.found.setdefault(given.get("action") or self.url, {}) if is_post else None
        if self.fields is None:
            return
        name = given.get("name")
        if tag == "option" and "selected" in given:
            self.fields[self.select] = given.get("value") or ""
        if not name or name == "csrfmiddlewaretoken":
            return
        if tag == "select":
            self.select = name
            self.fields.setdefault(name, "")
        elif tag == "textarea":
            self.fields.setdefault(name, "Text")
        elif tag == "input" and given.get("type") != "file":
            if given.get("type") in ("radio", "checkbox") and "checked" not in given:
                self.fields.setdefault(name, "")
            else:
                self.fields[name] = given.get("value") or ""

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self.fields = None


@pytest.fixture(scope="module")
def one_scene(django_db_setup, django_db_blocker) -> Iterator[Scene]:
    """Built once: every test here undoes what it did."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield scenes.fresh()
        transaction.set_rollback(True)


@pytest.fixture
def scene(one_scene, db) -> Scene:
    return one_scene


@pytest.fixture
def send(client) -> Callable[..., str]:
    """A request whose effect is undone; returns what was wrong with the answer, or nothing."""

    def request(method: str, url: str, data: dict[str, Any]) -> str:
        with transaction.atomic():
            try:
                response = getattr(client, method)(url, data)
                body = b"".join(response.streaming_content) if response.streaming else response.content
            except Exception as error:  # noqa: BLE001 - whatever a view lets through is what this test looks for
                return f"{type(error).__name__}: {str(error)[:200]}"
            finally:
                transaction.set_rollback(True)
        if response.status_code >= 500:
            return str(response.status_code)
        if b"<script>alert(1)" in body or b"<img src=x" in body:
            return "markup came back as markup"
        return ""

    return request


def forms_of(client, scene: Scene, *, of_all: bool = True) -> dict[str, dict[str, str]]:
    """Every form that the signed-in person is shown, with what it holds; `of_all` adds those that others are shown."""
    found: dict[str, dict[str, str]] = {}
    for name, row in ROWS.items():
        url = reverse(name, args=row.args(scene))
        response = client.get(url)
        if response.streaming:
            list(response.streaming_content)  # which closes the file
        elif response.status_code == 200 and "html" in response.headers["Content-Type"]:
            parser = Forms(url)
            parser.feed(response.content.decode())
            for address, fields in parser.found.items():
                found.setdefault(address, {}).update(fields)
    for name, row in ROWS.items():
        if of_all and row.data(scene):
            found.setdefault(reverse(name, args=row.args(scene)), {}).update(row.data(scene))
    found.pop(reverse("logout"))
    return found


def some(url: str, everything: Iterable[Any]) -> list[Any]:
    """A few of them, the same in each run and others for each address; all of them in `make test-long`."""
    everything = list(everything)
    if os.environ.get("KRM_TEST_PART") == "long":
        return everything
    chosen = random.Random(re.sub(r"\d", "", url))  # noqa: S311 - is to be foreseen
    return chosen.sample(everything, min(TRIED_OF_EACH, len(everything)))


def attempts(fields: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Each field meets each kind of nonsense once, beside other kinds; then NUL in one field among sound ones."""
    kinds = list(VALUES)
    for turn in range(len(kinds)):
        mixed = {name: kinds[(turn + place) % len(kinds)] for place, name in enumerate(fields)}
        yield f"{mixed}", {name: VALUES[kind] for name, kind in mixed.items()}
    for name in fields:
        yield f"NUL in {name}", fields | {name: VALUES["NUL"]}
    yield "lists", {name: [value, value, VALUES["markup"]] for name, value in fields.items()}


@pytest.mark.parametrize(("who", "part"), [("krm", 0), ("krm", 1), ("krm", 2), ("admin", 0), ("revision", 0)])
def test_no_form_fails_whatever_is_sent(client, scene, send, who, part):
    """The many forms of the desk in three parts, so that they can be tried side by side."""
    client.force_login(scenes.person(f"pankow.{who}"))
    found = forms_of(client, scene, of_all=who == "krm")
    parts = 3 if who == "krm" else 1
    wrong = {}
    for url in sorted(found)[part::parts]:
        for what, data in some(url, attempts(found[url])):
            if problem := send("post", url, data):
                wrong[f"{url}: {what}"] = problem

    assert wrong == {}
    assert len(found) > {"krm": 35, "admin": 5, "revision": 0}[who]


def test_no_page_fails_whatever_stands_in_its_address(client, scene, send):
    wrong = {}
    for name, row in ROWS.items():
        who = next((person for person in PEOPLE if person.split(".")[1] in row.reads), None)
        if who is None:
            continue
        client.force_login(scenes.person(who))
        url = reverse(name, args=row.args(scene))
        for kind in some(url, IN_ADDRESSES):
            if problem := send("get", url, dict.fromkeys(PARAMETERS, VALUES[kind][:3_000])):
                wrong[f"{url}: {kind}"] = problem

    assert wrong == {}


@pytest.mark.parametrize("value", VALUES.values(), ids=VALUES)
def test_no_case_and_no_reason_can_be_made_up(client, scene, value):
    """Alone, because each of them decides what the page is about."""
    client.force_login(scenes.person("pankow.krm"))
    url = reverse("cases:transfer_new")
    answers = [
        client.get(url, query)
        for query in (
            {"case": value[:3_000]},
            {"case": scene.working.reference, "reason": value[:3_000]},
            {"reason": "objection", "office": value[:3_000]},
        )
    ]

    assert [answer.status_code for answer in answers] == [404, 200, 200]


PLACES = (
    "/vorgaenge/{}/", "/vorgaenge/{}/bearbeiten/", "/kein-krm/{}/", "/erfassen/erfasst/{}/", "/unterlagen/{}/",
    "/schreiben/{}/", "/fristen/{}/verlaengern/", "/personen/{}/", "/regelwerke/{}/", "/kalender/{}/entfernen/",
    "/berichtswege/{}/", "/berichtswege/{}/neue-fassung/", "/berichtswege/stelle/{}/",
)  # fmt: skip
NO_SUCH = (
    "%00", "a%00b", "%ED%A0%80", "%FF%FE", "..%2F..%2Fetc", "%3Cscript%3E", "0", "-1", "9" * 19, "9" * 25, "9" * 5_000,
    "%C2%B2", "1e9", "%E2%80%AE", "%0d%0aSet-Cookie:x=1",
)  # fmt: skip


@pytest.mark.parametrize("who", ["pankow.krm", "pankow.admin"])
@pytest.mark.parametrize("place", PLACES)
def test_addresses_that_never_were_are_not_found(client, house, place, who):
    client.force_login(scenes.person(who))

    assert {it: client.get(place.format(it)).status_code for it in NO_SUCH} == dict.fromkeys(NO_SUCH, 404)


BROKEN = (
    b"text=%ED%A0%80&kind=internal",
    b"text=%FF%FE%80&kind=internal",
    b"text=%00&kind=%00",
    b"=&&&==&kind",
    b"\xff\xfe\x00\x00",
    b"text[]=a&kind[0]=internal&text.x=1",
)


@pytest.mark.parametrize("body", BROKEN)
@pytest.mark.parametrize("kind", ["application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "text/plain"])
def test_broken_bodies_are_refused_or_kept_as_text(client, scene, body, kind):
    client.force_login(scenes.person("pankow.krm"))
    response = client.post(reverse("cases:note", args=[scene.working.reference]), body, content_type=kind)

    assert response.status_code in (302, 400, 422)


LONG = "x" * 1_000_000


def test_a_million_letters_are_a_note(client, scene):
    client.force_login(scenes.person("pankow.krm"))
    url = reverse("cases:note", args=[scene.working.reference])

    assert client.post(url, {"kind": "internal", "text": LONG}).status_code == 302
    assert client.get(scene.working.get_absolute_url()).status_code == 200


def test_a_million_letters_are_no_letter(client, scene):
    client.force_login(scenes.person("pankow.krm"))
    url = reverse("cases:letter_issue", args=[scene.draft.pk])
    sent = {"body": LONG, "version": scene.draft.version, "dated_on": scene.today.isoformat()}
    response = client.post(url, sent)

    assert "body" in response.context["form"].errors
    assert Letter.objects.get(pk=scene.draft.pk).issued_at is None
