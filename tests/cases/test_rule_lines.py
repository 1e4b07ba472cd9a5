"""Every page of a step says which rule of the office asks for it, and leads to its place in the rule set."""

import re

import pytest
from django.urls import reverse
from django.utils import timezone

from cases.closing.actions import answer_orally, close
from cases.deadlines.actions.moving import extend, pause
from cases.handling.actions.assign import accept, hand_to_unit
from cases.letters.actions.writing import draft_letter
from cases.lookup import visible_case
from cases.models import Case, Deadline, Letter
from cases.rules.transfers import TransferData
from cases.rules.triage import Reason
from cases.transfers.actions.triage import register_transfer
from cases.workplace.reading import steps
from offices.calendars import Period, Unit, due
from offices.models import Office, User
from offices.queries import actor_for, calendar_for
from tests import make

pytestmark = pytest.mark.usefixtures("house")

RULE_LINK = re.compile(r'href="(/regelwerke/\d+/)#([\w-]+)"')


def krm():
    return actor_for(User.objects.get(username="pankow.krm"), timezone.localdate())


def case(**changes) -> Case:
    return make.case(krm(), received_on=timezone.localdate(), **changes)


def at_unit() -> Case:
    found = case()
    hand_to_unit(by=krm(), case=found, unit=found.office.units.get(number="711"))
    return found


def resting() -> Case:
    found = case()
    pause(by=krm(), case=found, category="other", reason="Akte fehlt", from_on=krm().today)
    return found


def closed() -> Case:
    found = case(channel="phone")
    answer_orally(by=krm(), case=found, on=krm().today, note_text="Besprochen.")
    return close(by=krm(), case=found, outcome="upheld", outcome_reason="Ja.", settlement="conversation")


def closure() -> Deadline:
    return case().deadlines.get(kind=Deadline.Kind.CLOSURE)


def transfer():
    data = TransferData(reason=Reason.INQUIRY, subject="Wohngeld?", received_on=krm().today, recipient="Team 711")
    return register_transfer(by=krm(), office=Office.objects.get(slug="pankow"), data=data)


PAGES = {
    "hand_to_unit": (case, "K19"),
    "hand_to_unit, oral": (lambda: case(channel="in_person"), "K4"),
    "return_to_krm": (at_unit, "K22"),
    "assign": (case, "K19"),
    "access": (case, "K18"),
    "answer": (case, "K2"),
    "close": (case, "K22"),
    "reopen": (closed, "K2"),
    "case_pause": (case, "K2"),
    "case_resume": (resting, "K2"),
    "transfer": (transfer, "K9"),
    "transfer_edit": (transfer, "K9"),
    "edit": (case, "K6"),
    "employees": (case, "K7"),
}


def rule_links(client, address: str) -> list[tuple[str, str]]:
    client.force_login(User.objects.get(username="pankow.krm"))
    page = client.get(address)
    assert page.status_code == 200
    return RULE_LINK.findall(page.content.decode().partition("<main")[2])


def anchors(client, rule_set: str) -> set[str]:
    return set(re.findall(r'id="([\w-]+)"', client.get(rule_set).content.decode()))


@pytest.mark.parametrize("name", PAGES)
def test_the_page_of_a_step_has_one_rule_line_that_leads_to_its_paragraph(client, name):
    build, key = PAGES[name]
    links = rule_links(client, reverse(f"cases:{name.partition(',')[0]}", args=[build().reference]))
    assert [anchor for _, anchor in links] == [key]
    assert key in anchors(client, links[0][0])


@pytest.mark.parametrize(
    ("address", "key"),
    [
        ("/erfassen/", "K6"),
        ("/vor-ort-erledigt/", "K5"),
        ("/kein-krm/neu/?reason=objection", "K10"),
    ],
)
def test_so_has_a_page_that_is_about_no_case_yet(client, address, key):
    links = rule_links(client, address)
    assert [anchor for _, anchor in links] == [key]
    assert key in anchors(client, links[0][0])


def test_a_part_of_a_case_leaves_under_the_rule_set_of_the_case(client):
    found = case()
    links = rule_links(client, f"{reverse('cases:transfer_new')}?case={found.reference}&reason=data_protection")
    assert links == [(reverse("offices:rule_set", args=[found.rule_set_id]), "K11")]


@pytest.mark.parametrize(("channel", "key"), [("letter", "K19"), ("phone", "K22")])
def test_an_answered_case_names_the_rule_on_what_is_still_owed(channel, key):
    found = case(channel=channel)
    answer_orally(by=krm(), case=found, on=krm().today, note_text="Besprochen.")
    assert steps.rule_line(visible_case(krm(), found.reference)).anchor == key


@pytest.mark.parametrize(
    ("slug", "words"), [("pankow", "spätestens mit Ablauf der Abschlussfrist"), ("gera", "14 Kalendertage")]
)
def test_once_the_closure_is_extended_the_interim_letter_is_the_next_duty_with_its_rule(client, slug, words):
    desk = actor_for(User.objects.get(username=f"{slug}.krm"), timezone.localdate())
    found = make.case(desk, received_on=desk.today)
    found.deadlines.exclude(kind__in=("interim", "closure")).update(met_on=desk.today)
    closure = found.deadlines.get(kind=Deadline.Kind.CLOSURE)
    later = due(calendar_for(found.office), closure.due_on, Period(3, Unit.WORKING_DAYS)).due_on
    extend(by=desk, deadline=closure, new_due_on=later, reason="Akte fehlt.")

    read = visible_case(desk, found.reference)
    assert steps.next_duty(read).kind == Deadline.Kind.INTERIM
    assert steps.rule_line(read).anchor == "K3"
    assert words in steps.rule_line(read).text
    client.force_login(desk.user)
    assert client.get(found.get_absolute_url()).status_code == 200


def test_an_extension_names_the_rule_of_its_deadline(client):
    found = case()
    rules = {kind: found.deadlines.get(kind=kind).pk for kind in ("acknowledgement", "closure")}
    keys = {k: rule_links(client, reverse("cases:deadline_extend", args=[pk]))[0][1] for k, pk in rules.items()}
    assert keys == {"acknowledgement": "K1", "closure": "K2"}


@pytest.mark.parametrize(("kind", "key"), [(Letter.Kind.ACKNOWLEDGEMENT, "K1"), (Letter.Kind.FINAL, "K2")])
def test_the_page_of_a_letter_says_why_it_is_due_and_who_signs(client, kind, key):
    found = case()
    accept(by=krm(), case=found)
    letter = draft_letter(by=krm(), case=found, kind=kind)
    links = rule_links(client, reverse("cases:letter", args=[letter.pk]))
    assert [anchor for _, anchor in links] == [key, "K21"]
    assert {key, "K21"} <= anchors(client, links[0][0])
