"""How many queries a page may ask, for every role and in every state: 30 for a case, 38 for one that is a petition,
13 for a list, 17 for a start page, where petitions come first.

Everything counts: session, person, seats, the header.
"""

import re
import uuid
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from cases.access import grant
from cases.deadlines.actions.moving import extend
from cases.directives.actions.drafting import draft_directive
from cases.documents import add_document
from cases.handling.actions.assign import accept
from cases.handling.actions.escalate import climb
from cases.handling.actions.notes import add_note, set_follow_up
from cases.letters.actions.writing import draft_letter
from cases.lookup import PARTS, case_calendar, visible_case
from cases.models import Case, Deadline, Escalation, Letter
from cases.notices.actions.sweep import sweep
from cases.recusal.actions.complained_about import name_employee
from cases.rules.kinds import Channel
from cases.rules.triage import Reason
from cases.statements.actions.asking import request_statement
from cases.transfers.actions.triage import split_off
from cases.workplace.actions import edit_case
from cases.workplace.reading.story import PARTS as STORY
from krm.demo import cases as demo_cases
from krm.demo.house import PEOPLE
from offices.calendars import next_working_day
from offices.models import Office, Substitution, User
from offices.queries import Actor
from petitions.models import Petition
from tests import make, scene
from tests.cast import actor
from tests.scene import acting, person

pytestmark = pytest.mark.usefixtures("house")
BERLIN = ZoneInfo("Europe/Berlin")
DETAIL, OF_A_PETITION, LIST, START = 30, 38, 13, 17
REGISTERING, SENDING = 20, 35  # the action alone, and the whole request of the page around it
SWEEP_OF_A_BATCH = 40
LISTS = (
    "", "?stand=alle&q=öztürk", "?stand=erledigt&sort=-nummer", "?mein_tag=wartet", "?einheit=1&sort=frist",
    "?stand=quatsch&page=x&sort=y",
)  # fmt: skip
READERS = ("krm", "gf", "bl", "tl", "vz")  # who is sure to see cases of the demo


def counts(user: User, urls: Iterable[str]) -> dict[str, int]:
    """Address -> number of queries, of the pages that this person may open."""
    client, found = Client(), {}
    client.force_login(user)
    for url in urls:
        with CaptureQueriesContext(connection) as queries:
            answer = client.get(url)
        if answer.status_code == 200:
            found[url] = len(queries)
    return found


def details(user: User) -> dict[str, int]:
    return counts(user, [case.get_absolute_url() for case in Case.objects.only("reference")])


def lists(user: User) -> dict[str, int]:
    return counts(user, [reverse("home"), *(reverse("cases:list") + query for query in LISTS)])


def too_many(found: dict[str, int], most: int) -> dict[str, int]:
    petitions = {petition.case.get_absolute_url() for petition in Petition.objects.select_related("case")}
    at_most = dict.fromkeys(petitions, OF_A_PETITION) | {reverse("home"): START}
    return {url: count for url, count in found.items() if count > at_most.get(url, most)}


def test_no_page_of_the_scene_asks_more_than_it_may():
    scene.build()
    people = [person(f"pankow.{name}") for name, *_ in PEOPLE]
    of_cases = {user: details(user) for user in people}
    assert {user.username: wrong for user in people if (wrong := too_many(of_cases[user], DETAIL))} == {}
    assert {user.username: wrong for user in people if (wrong := too_many(lists(user), LIST))} == {}
    assert min(len(of_cases[person(f"pankow.{name}")]) for name in ("krm", "tl", "dsb")) > 0


@pytest.mark.parametrize("slug", ["pankow", pytest.param("gera", marks=pytest.mark.long)])
def test_no_page_of_the_demo_asks_more_than_it_may(house, slug):
    today = scene.timezone.localdate()
    demo_cases.populate(house[slug], today, lambda: None)
    absent = person(f"{slug}.krm2")
    day = timedelta(days=1)
    Substitution.objects.create(absent=absent, deputy=person(f"{slug}.tl"), from_on=today - day, until_on=today + day)
    found = {name: details(person(f"{slug}.{name}")) for name in READERS}
    assert {name: wrong for name, urls in found.items() if (wrong := too_many(urls, DETAIL))} == {}
    assert all(found.values())
    wrong = {name: too_many(lists(person(f"{slug}.{name}")), LIST) for name in found}
    assert not any(wrong.values()), wrong


def test_a_case_with_everything_in_it_asks_no_more(house):
    """Seen by a Teamleitung that stands in for the KRM: units of its own, and the desk."""
    today = scene.timezone.localdate()
    krm, tl = acting("pankow.krm", today), person("pankow.tl")
    Substitution.objects.create(absent=krm.user, deputy=tl, from_on=today, until_on=today)
    case = _with_everything(krm, house["pankow"])
    for count in (1, 29):
        _fill(krm, case, count)
        pages = {name: counts(person(f"pankow.{name}"), [case.get_absolute_url()]) for name in ("krm2", "tl", "dsb")}
        assert [len(found) for found in pages.values()] == [1, 1, 1]
        assert all(not too_many(found, DETAIL) for found in pages.values()), pages
    seen = visible_case(acting("pankow.tl", today), case.reference, *STORY)
    lists = [getattr(part, "prefetch_to", part) for part in (*PARTS, *STORY)]
    assert {name for name in lists if not getattr(seen, name).all()} == set()


def _with_everything(krm: Actor, office: Office) -> Case:
    unit, today = office.units.get(number="711"), krm.today
    make.case(krm, received_on=today)  # something the same person wrote before
    case = accept(by=krm, case=make.case(krm, unit_id=unit.pk, channel=Channel.LETTER, received_on=today))
    name_employee(by=krm, case=case, user=person("pankow.ma2"))
    grant(by=krm, case=case, user=person("pankow.dsb"))
    split_off(by=krm, case=case, reason=Reason.DATA_PROTECTION, text="Offene Akten am Tresen.")
    request_statement(by=krm, case=case, unit=unit, question="Was war?", due_on=today + timedelta(days=3))
    draft_directive(by=krm, case=case)
    draft_letter(by=krm, case=case, kind=Letter.Kind.ACKNOWLEDGEMENT)
    rung = case.rule_set.parameters.ladder.rungs[0]
    climb(by=krm, case=case, number=rung.number, on=today, way=Escalation.Way.PHONE, note="Im Team nicht geklärt.")
    case.refresh_from_db()
    return case


def _fill(krm: Actor, case: Case, count: int) -> None:
    closure = case.deadlines.get(kind=Deadline.Kind.CLOSURE)
    version = Case.objects.values_list("version", flat=True).get(pk=case.pk)
    changes, reason = {"text": f"{count} Wochen warte ich."}, "Beim Abschreiben verlesen."
    edit_case(by=krm, case=case, expected_version=version, changes=changes, correction_reason=reason)
    for number in range(count):
        add_note(by=krm, case=case, kind="internal", text=f"Vermerk {number}")
        set_follow_up(by=krm, case=case, working_days=number + 1, task=f"Aufgabe {number}", assignee=krm.user)
        add_document(by=krm, case=case, file=scene.FILE)
        closure.refresh_from_db()
        later = next_working_day(case_calendar(case), closure.due_on)
        extend(by=krm, deadline=closure, new_due_on=later, reason="Akte fehlt.")


def test_registering_asks_no_more_than_it_may():
    by = actor("pankow.krm")
    make.case(by)
    with CaptureQueriesContext(connection) as queries:
        make.case(by)
    assert len(queries) <= REGISTERING


@pytest.mark.parametrize("slug", ["pankow", pytest.param("gera", marks=pytest.mark.long)])
def test_an_office_waits_for_a_number_no_longer_than_the_last_queries_of_a_registration(slug):
    """From the lock on the counter: number, case, chain and its entries; the rest of the office registers meanwhile."""
    by = actor(f"{slug}.krm")
    make.case(by)
    with CaptureQueriesContext(connection) as queries:
        make.case(by, files=(scene.FILE,))
    asked = [query["sql"] for query in queries if "SAVEPOINT" not in query["sql"]]
    first = next(place for place, sql in enumerate(asked) if '"cases_counter"' in sql)
    tables = [re.search(r'(?:FROM|INTO|UPDATE) "(\w+)"', sql).group(1) for sql in asked[first:]]
    chain = ["cases_eventchain", "cases_event", "cases_eventchain"]
    assert tables == ["cases_counter", "cases_counter", "cases_case", *chain]


@pytest.mark.parametrize("slug", ["pankow", "gera", "germersheim", "berlin-nord"])
@pytest.mark.parametrize("entry", ["plain", "unit", "sealed", "petition", "employee"])
def test_sending_the_page_for_registering_asks_no_more_than_it_may(house, slug, entry):
    """All of it, from the session to the redirect; the first of an office makes its counter and chain besides."""
    today = scene.timezone.localdate()
    typed = {
        "office": slug,
        "channel": "letter",
        "kind": "complaint",
        "legal_area": "sgb2",
        "received_on": today.isoformat(),
        "reached_krm_on": today.isoformat(),
        "last_name": "Öztürk-Groß",
        "subject": "Lange Bearbeitung",
        "text": "Seit sechs Wochen höre ich nichts.",
        "concern-0-topic": house[slug].topics.first().pk,
        "then": "case",
    }
    further = {
        "plain": {},
        "unit": {"unit": house[slug].units.get(number="711").pk},
        "sealed": {"is_sealed": "on"},
        "petition": {"kind": "petition"},
        "employee": {"employee-0-user": person(f"{slug}.ma").pk},
    }
    typed |= further[entry]
    client, counts = Client(), []
    client.force_login(person(f"{slug}.krm"))
    for _ in range(2):
        with CaptureQueriesContext(connection) as queries:
            answer = client.post(reverse("cases:register"), typed | {"entry": str(uuid.uuid4())})
        assert answer.status_code == 302
        counts.append(len(queries))
    assert counts[-1] <= SENDING


def test_the_sweep_asks_the_same_for_one_office_and_for_all():
    """10,000 due are 50 batches of 200, so 1,500 queries are 30 for each; of few rows the reads once a sweep count."""
    day = date(2026, 12, 7)
    found = []
    for slugs in (["pankow"], ["gera", "germersheim", "pankow"]):
        for slug in slugs:
            make.case(actor(f"{slug}.krm"))
        with CaptureQueriesContext(connection) as queries:
            assert sweep(datetime(day.year, day.month, day.day, 12, tzinfo=BERLIN)).told > len(slugs)
        found.append(len(queries))
    assert max(found) <= SWEEP_OF_A_BATCH
    assert found[1] <= found[0] + 2  # the chains of offices that had none
