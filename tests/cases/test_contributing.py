"""K18 „nur KRM und GF“: who only contributes to a case sees the reaction, the question and their own part of it.

In Germersheim nobody but the KRM and the Geschäftsführung sees cases (GER-33); here each kind of task is put into
the hands of somebody there, and after it nothing is left.
"""

import re
from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import timedelta

import pytest
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from cases.asking import ask, take_back
from cases.contributing import asked_only, part_of, seeing_who_wrote, sees_whole
from cases.documents import add_document
from cases.handling.actions.assign import accept, hand_to_unit, return_to_krm
from cases.handling.actions.notes import add_note, set_follow_up
from cases.letters.actions.writing import draft_letter, edit_letter
from cases.lookup import earlier_cases
from cases.models import Assignment, Case, Document, Letter, Note, Statement
from cases.rules.assignments import ASSIGNMENTS, GIVING_ACCESS, SETTLING, AssignmentKind
from cases.rules.directives import PointData, PointKind
from cases.rules.registration import EmployeeData, PersonData
from cases.signing.actions import co_sign_letter, submit_letter
from cases.statements.actions.asking import request_statement
from cases.statements.actions.way import add_statement_file, edit_statement, hand_on, sign_statement
from krm.demo.letters import directed
from offices.calendars import next_working_day
from offices.models import Unit, User
from offices.queries import Actor, actor_for, calendar_for
from tests import make
from tests.scene import FILE

pytestmark = pytest.mark.usefixtures("house")

WORDS = "Seit sechs Wochen höre ich nichts zu meinem Antrag."
STREET = "Rheinufer 17"
PERSON = PersonData(
    salutation="ms", first_name="Wilhelmine", last_name="Sonderbar", street=STREET, postcode="76726",
    city="Germersheim", phone="07274 4711", email="w.sonderbar@example.org", customer_number="123D456789",
)  # fmt: skip
REACHING_HER = (STREET, "07274 4711", "w.sonderbar@example.org", "123D456789")
OTHERS = (
    "Das sagt Team 712 dazu", "Anlage-712.pdf", "Interner Vermerk des KRM", "Aktenauszug.pdf", "Frau Betroffen",
    "Wiedervorlage des KRM", "Verlauf", "Kundenreaktion erfasst", "Dokumentationsblatt",
)  # fmt: skip


def person(name: str) -> User:
    return User.objects.get(username=f"germersheim.{name}")


def acting(name: str) -> Actor:
    return actor_for(person(name), timezone.localdate())


def named(name: str):
    return FILE.__class__(name, FILE.content_type, FILE.content + name.encode(), name.ljust(64, "0"))


@pytest.fixture
def as_(client):
    def login(name: str):
        client.force_login(person(name))
        return client

    return login


@dataclass
class Full:
    """A case that has everything: an incoming scan, a file and a note of the KRM, a finished statement of team 712."""

    case: Case
    scan: Document
    internal: Document
    other: Statement
    other_file: Document
    others: dict[str, str] = field(default_factory=dict)


@pytest.fixture(scope="module")
def built(django_db_setup, django_db_blocker) -> Iterator[Full]:
    """Built once: every test here undoes what it did."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield everything()
        transaction.set_rollback(True)


@pytest.fixture
def full(built, db) -> Full:
    return deepcopy(built)


def everything() -> Full:
    krm, today = acting("krm"), timezone.localdate()
    about = {"text": WORDS, "person": PERSON, "employees": (EmployeeData(name="Frau Betroffen"),)}
    case = accept(by=krm, case=make.case(krm, received_on=today, **about))
    unit = Unit.objects.get(office=case.office, number="712")
    due_on = next_working_day(calendar_for(case.office), today)
    (other,) = request_statement(by=krm, case=case, unit=unit, question="Was sagt 712?", due_on=due_on)
    lead = acting("tl2")
    other_file = add_statement_file(by=lead, statement=other, file=named("Anlage-712.pdf"))
    other = edit_statement(by=lead, statement=other, expected_version=2, text="Das sagt Team 712 dazu")
    other = hand_on(by=lead, statement=other, expected_version=other.version)
    approver = actor_for(other.assignments.open().get().user, today)
    sign_statement(by=approver, statement=other, expected_version=other.version)
    case.refresh_from_db()
    scan = add_document(by=krm, case=case, file=named("Brief-Scan.pdf"), category=Document.Category.INCOMING)
    internal = add_document(by=krm, case=case, file=named("Aktenauszug.pdf"), category=Document.Category.INTERNAL)
    add_note(by=krm, case=case, kind=Note.Kind.INTERNAL, text="Interner Vermerk des KRM")
    set_follow_up(by=krm, case=case, task="Wiedervorlage des KRM", working_days=3, assignee=krm.user)
    return Full(Case.objects.get(pk=case.pk), scan, internal, other, other_file)


def words_of(client, url: str) -> str:
    response = client.get(url)
    assert response.status_code == 200, url
    return re.sub(r"\s+", " ", re.sub(r"<(script|style).*?</\1>", "", response.content.decode(), flags=re.DOTALL))


def shown(page: str, *words: str) -> list[str]:
    return [word for word in words if word in page]


def asked_for(full: Full, kind: AssignmentKind, who: str) -> Assignment:
    return ask(full.case, kind, person(who), by=acting("krm"))


def states(client, urls: list[str]) -> set[int]:
    found = set()
    for url in urls:
        response = client.get(url)
        if response.streaming:
            list(response.streaming_content)
        found.add(response.status_code)
    return found


@pytest.mark.parametrize("who", ["ma", "vz", "tl", "lgf"])
@pytest.mark.parametrize("kind", sorted(GIVING_ACCESS))
def test_each_kind_of_task_opens_the_reaction_and_nothing_of_others(as_, full, kind, who):
    asked = asked_for(full, kind, who)
    page = words_of(as_(who), full.case.get_absolute_url())

    assert f"weil Sie {ASSIGNMENTS[kind].asked_for} gebeten wurden" in page
    assert WORDS in page
    assert shown(page, *OTHERS) == []
    settles = kind in SETTLING
    assert shown(page, *REACHING_HER) == (list(REACHING_HER) if settles else [])
    assert ("Sonderbar" in page, "Brief-Scan.pdf" in page) == (settles, settles)
    files = {doc: reverse("cases:document", args=[doc.pk]) for doc in (full.scan, full.internal, full.other_file)}
    assert {doc.name for doc, url in files.items() if states(as_(who), [url]) == {200}} == (
        {"Brief-Scan.pdf"} if settles else set()
    )
    take_back(full.case, kind, by=acting("krm"), pk=asked.pk)
    assert states(as_(who), [full.case.get_absolute_url(), *files.values()]) == {404}


def test_who_writes_a_statement_sees_the_question_and_their_own_statement_only(as_, full):
    krm, today = acting("krm"), timezone.localdate()
    unit = Unit.objects.get(office=full.case.office, number="711")
    due_on = next_working_day(calendar_for(full.case.office), today)
    (mine,) = request_statement(by=krm, case=full.case, unit=unit, question="Warum so lange?", due_on=due_on)
    own = add_statement_file(by=acting("tl"), statement=mine, file=named("Meine-Anlage.pdf"))
    tl, url = as_("tl"), reverse("cases:statement", args=[mine.pk])
    page = words_of(tl, full.case.get_absolute_url())

    assert "weil Sie um eine Stellungnahme gebeten wurden" in page
    assert shown(page, "Warum so lange?", f"{today:%d.%m.%Y}", url, "Meine-Anlage.pdf") == [
        "Warum so lange?", f"{today:%d.%m.%Y}", url, "Meine-Anlage.pdf",
    ]  # fmt: skip
    assert shown(page, *OTHERS, *REACHING_HER, "Sonderbar") == []
    assert shown(words_of(tl, url), *OTHERS, *REACHING_HER, "Sonderbar") == []
    assert states(tl, [reverse("cases:document", args=[own.pk])]) == {200}
    closed = [
        reverse("cases:statement", args=[full.other.pk]), reverse("cases:document", args=[full.other_file.pk]),
        reverse("cases:document", args=[full.internal.pk]), reverse("cases:documentation_sheet", args=[full.case]),
        reverse("cases:directive", args=[full.case]),
    ]  # fmt: skip
    assert states(tl, closed) == {404}
    assert tl.get(full.case.get_absolute_url(), headers={"HX-Request": "true"}).status_code == 404
    written = edit_statement(by=acting("tl"), statement=mine, expected_version=2, text="Die Akte fehlte.")
    answer = tl.post(
        reverse("cases:statement_hand_on", args=[mine.pk]), {"text": "Die Akte fehlte.", "version": written.version}
    )
    assert (answer.status_code, answer.url) == (302, "/")
    assert states(tl, [full.case.get_absolute_url(), url, reverse("cases:document", args=[own.pk])]) == {404}

    bl = as_("bl")
    approving = words_of(bl, url)
    assert shown(approving, "Die Akte fehlte.", "Meine-Anlage.pdf", WORDS) == [
        "Die Akte fehlte.", "Meine-Anlage.pdf", WORDS,
    ]  # fmt: skip
    not_theirs = [word for word in OTHERS if "712" not in word]  # what they approved before is their own part too
    assert shown(approving + words_of(bl, full.case.get_absolute_url()), *not_theirs, *REACHING_HER) == []


def test_who_co_signs_a_letter_sees_it_with_its_address_and_no_other(as_, full):
    krm = acting("krm")
    other = draft_letter(by=krm, case=full.case, kind=Letter.Kind.ACKNOWLEDGEMENT)
    letter = draft_letter(by=krm, case=full.case, kind=Letter.Kind.FINAL)
    letter = edit_letter(by=krm, letter=letter, expected_version=1, body="wir helfen Ihnen.", consulted=True)
    letter = submit_letter(by=krm, letter=letter, expected_version=letter.version, specialist=person("ma2"))
    ma, url = as_("ma2"), reverse("cases:letter", args=[letter.pk])
    page = words_of(ma, full.case.get_absolute_url())

    assert "weil Sie um die Mitzeichnung eines Schreibens gebeten wurden" in page
    assert shown(page, url, *OTHERS, *REACHING_HER) == [url]
    assert STREET in words_of(ma, url)
    desk = words_of(ma, reverse("cases:sign_desk"))
    assert shown(desk, STREET, "Das sagt Team 712 dazu", "Stellungnahme", "Zuständig") == [STREET]
    assert states(ma, [reverse("cases:letter_pdf", args=[letter.pk])]) == {200}
    assert states(ma, [reverse(f"cases:{name}", args=[other.pk]) for name in ("letter", "letter_pdf")]) == {404}
    co_sign_letter(by=acting("ma2"), letter=letter, expected_version=letter.version)
    assert states(ma, [url, reverse("cases:letter_pdf", args=[letter.pk]), full.case.get_absolute_url()]) == {404}


def test_who_handles_by_the_verfuegung_sees_their_point_and_ticks_it_off(as_, full):
    krm, today = acting("krm"), timezone.localdate()
    unit, due_on = Unit.objects.get(office=full.case.office, number="711"), today + timedelta(days=7)
    while due_on.weekday() > 4:
        due_on += timedelta(days=1)
    points = (
        PointData(PointKind.HANDLE, "mit der Kundin sprechen", person_id=person("ma").pk, due_on=due_on),
        PointData(PointKind.HANDLE, "die Akte suchen", person_id=person("ma2").pk, due_on=due_on),
        PointData(PointKind.FILE),
    )
    directive = directed(krm, full.case, level=person("krm").memberships.get().role, points=points, unit=unit)
    mine, other = directive.points.filter(kind=PointKind.HANDLE).order_by("position")
    ma = as_("ma")
    page = words_of(ma, full.case.get_absolute_url())
    link = ma.get(mine.directive.assignments.get(user=person("ma")).get_absolute_url())

    assert (link.status_code, link.url) == (302, full.case.get_absolute_url())
    assert shown(page, "mit der Kundin sprechen", *REACHING_HER) == ["mit der Kundin sprechen", *REACHING_HER]
    assert shown(page, "die Akte suchen", *OTHERS) == []
    assert ma.post(reverse("cases:point_done", args=[other.pk])).status_code == 404
    assert states(ma, [reverse("cases:directive_sheet", args=[directive.pk])]) == {404}
    assert ma.post(reverse("cases:point_done", args=[mine.pk])).status_code == 302
    assert states(ma, [full.case.get_absolute_url()]) == {404}


def test_the_unit_that_has_the_case_settles_it_and_then_sees_it_no_more(as_, full):
    krm = acting("krm")
    unit = Unit.objects.get(office=full.case.office, number="711")
    hand_to_unit(by=krm, case=full.case, unit=unit, handler=person("ma"))
    draft_letter(by=krm, case=full.case, kind=Letter.Kind.ACKNOWLEDGEMENT)
    answer = draft_letter(by=krm, case=full.case, kind=Letter.Kind.FINAL)
    url = full.case.get_absolute_url()
    for who, letters in (("ma", 404), ("tl", 200)):  # who writes no letters sees none
        client = as_(who)
        page = words_of(client, url)
        assert "weil Sie um die Bearbeitung gebeten wurden" in page
        assert shown(page, *REACHING_HER, "An KRM zurückgeben") == [*REACHING_HER, "An KRM zurückgeben"]
        assert shown(page, *OTHERS, "Eingangsbestätigung") == []
        assert states(client, [reverse("cases:letter", args=[answer.pk])]) == {letters}
        assert "Das sagt Team 712 dazu" not in client.get(reverse("cases:letter", args=[answer.pk])).content.decode()
    add_note(by=acting("ma"), case=full.case, kind=Note.Kind.CONTACT, text="Mit ihr gesprochen.")
    assert "Mit ihr gesprochen." in words_of(as_("ma"), url)
    assert "Mit ihr gesprochen." not in words_of(as_("tl"), url)
    return_to_krm(by=acting("ma"), case=full.case, note="Alles erläutert.")
    assert [states(as_(who), [url]) for who in ("ma", "tl")] == [{404}, {404}]


def test_own_notes_and_files_are_kept_and_a_refused_note_comes_back_on_the_reduced_page(as_, full):
    asked_for(full, AssignmentKind.TAKE_NOTE, "vz")
    vz, url = as_("vz"), reverse("cases:note", args=[full.case])
    assert vz.post(url, {"kind": "internal", "text": "Anruf der Kundin"}).status_code == 302
    refused = vz.post(url, {"kind": "falsch", "text": "Noch ein Satz"})

    assert refused.status_code == 422
    page = refused.content.decode()
    assert shown(page, "Noch ein Satz", "Anruf der Kundin", WORDS) == ["Noch ein Satz", "Anruf der Kundin", WORDS]
    assert shown(page, *OTHERS, *REACHING_HER) == []
    assert vz.post(reverse("cases:follow_up", args=[full.case]), {"task": "x", "working_days": 2}).status_code == 404


def test_list_and_search_say_no_more_than_the_page(as_, full):
    asked_for(full, AssignmentKind.TAKE_NOTE, "tl")
    asked_for(full, AssignmentKind.TAKE_RUNG, "ma")
    found = {}
    for who in ("tl", "ma", "krm"):
        client = as_(who)
        table = words_of(client, f"{reverse('cases:list')}?stand=alle")
        hits = ("Sonderbar", "123D456789", full.case.reference)
        by_search = [full.case.get_absolute_url() in words_of(client, f"{reverse('cases:list')}?q={q}") for q in hits]
        unit = f"{reverse('cases:list')}?einheit={Unit.objects.get(office=full.case.office, number='712').pk}"
        by_unit = full.case.get_absolute_url() in words_of(client, unit)
        day = words_of(client, reverse("home"))
        found[who] = ("Sonderbar" in table, by_search, by_unit, shown(day, "Sonderbar", STREET))

    assert found == {
        "tl": (False, [False, False, True], False, []),
        "ma": (True, [True, True, True], True, []),
        "krm": (True, [True, True, True], True, []),
    }
    by_name = [bool(earlier_cases(acting(who), "sonderbar wilhelmine")) for who in ("tl", "ma", "krm")]
    assert by_name == [False, False, True]


def test_one_case_and_many_are_judged_alike(full):
    """`sees_whole` and `CaseQuerySet.whole_to`, `part_of` of one case and `asked_only` of many."""
    krm = acting("krm")
    mine = make.case(krm, received_on=timezone.localdate())
    hand_to_unit(by=krm, case=mine, unit=Unit.objects.get(office=mine.office, number="711"), handler=person("ma"))
    asked_for(full, AssignmentKind.TAKE_NOTE, "ma")
    answers = set()
    for user in User.objects.filter(username__startswith="germersheim."):
        by = actor_for(user, timezone.localdate())
        seen = list(Case.objects.visible_to(by))
        whole = set(Case.objects.whole_to(by))
        assert {case for case in seen if sees_whole(by, case)} == whole
        parts = {case.pk: part for case in seen if (part := part_of(by, case))}
        settled = {case.pk for case in seen if case.pk not in parts or parts[case.pk].settles}
        assert {pk: tuple(tasks) for pk, tasks in asked_only(by, seen).items()} == {
            pk: part.tasks for pk, part in parts.items() if not part.settles
        }
        assert {case.pk for case in seeing_who_wrote(by, Case.objects.visible_to(by))} == settled
        answers.add((len(seen), len(whole), len(settled)))
    assert answers == {(0, 0, 0), (2, 2, 2), (2, 0, 1), (1, 0, 1)}
