"""The words that came in stay: every correction of a case or an Abgabe is a further version, shown as a difference."""

import html
import re
from collections.abc import Callable
from html.parser import HTMLParser
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from cases.asking import ask
from cases.models import Case, Correction, Transfer
from cases.models.append_only import AppendOnlyError
from cases.rules.assignments import AssignmentKind
from cases.rules.transfers import TransferData
from cases.rules.triage import Reason
from cases.transfers.actions.data_protection import ask_lead
from cases.transfers.actions.edit import edit_transfer
from cases.transfers.actions.triage import hand_over, register_transfer, split_off
from cases.wording import NO_REASON, sees_earlier_wordings, versions
from cases.workplace.actions import edit_case
from offices.errors import ChangedMeanwhile, NotAllowed
from offices.models import User
from tests import make
from tests.cast import actor

pytestmark = pytest.mark.usefixtures("house")

TODAY = timezone.localdate()
WROTE = "Seit drei Wochen warte ich.\nNiemand ruft zurück."
RIGHT = "Seit vier Wochen warte ich.\nNiemand ruft zurück."
WHY = "Beim Abschreiben verlesen."
MARKUP = "<script>alert(1)</script>"


@pytest.fixture
def krm(house):
    return actor("pankow.krm", TODAY)


@pytest.fixture
def case(krm, house) -> Case:
    unit = house["pankow"].units.get(number="711")
    return make.case(krm, received_on=TODAY, unit_id=unit.pk, text=WROTE)


@pytest.fixture
def abgabe(krm, house) -> Transfer:
    data = TransferData(reason=Reason.INQUIRY, subject="Frage", text=WROTE, received_on=TODAY, recipient="Team 711")
    return register_transfer(by=krm, office=house["pankow"], data=data)


@pytest.fixture(params=["case", "abgabe"])
def matter(request) -> Case | Transfer:
    return request.getfixturevalue(request.param)


def correct(by, matter: Case | Transfer, text: str = RIGHT, reason: str = WHY, version: int = 0, **changes) -> None:
    version = version or type(matter).objects.get(pk=matter.pk).version
    shared = {"by": by, "expected_version": version, "changes": {"text": text} | changes, "correction_reason": reason}
    if isinstance(matter, Case):
        edit_case(case=matter, **shared)
    else:
        edit_transfer(transfer=matter, **shared)
    matter.refresh_from_db()


def shown(matter: Case | Transfer) -> list[tuple]:
    """Number, wording, by whom and why, the last version first."""
    return [(one.number, one.text, str(one.by), one.reason) for one in versions(matter)]


def told(matter: Case | Transfer) -> list[tuple[str, dict]]:
    """What the log says of being changed."""
    events = matter.events.filter(code__regex="edited|corrected").order_by("seq")
    return [(event.code.partition(".")[2], event.data) for event in events]


def address(matter: Case | Transfer, name: str) -> str:
    return reverse(f"cases:{name}" if isinstance(matter, Case) else f"cases:transfer_{name}", args=[matter.reference])


def as_(name: str) -> Client:
    client = Client()
    client.force_login(User.objects.get(username=f"pankow.{name}"))
    return client


def words(response) -> str:
    """What a page says, without its markup."""
    main = response.content.decode().partition("<main")[2]
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", main)).split())


class Sent(HTMLParser):
    """What a browser sends of the page's form as it stands: name -> value."""

    def __init__(self, page: str):
        super().__init__()
        self.values, self.inside = {}, ""
        self.feed(page.partition('<form method="post" class="krm-form"')[2].partition("</form>")[0])

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        name = given.get("name") or ""
        if tag in ("textarea", "select"):
            self.inside = name
            self.values[name] = ""
        elif tag == "option" and "selected" in given:
            self.values[self.inside] = given["value"]
        elif tag == "input" and (given["type"] not in ("checkbox", "radio") or "checked" in given):
            self.values[name] = given.get("value") or ""

    def handle_data(self, data: str) -> None:
        if self.inside and self.lasttag == "textarea":
            self.values[self.inside] = data.removeprefix("\r\n").removeprefix("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag in ("textarea", "select"):
            self.inside = ""


def form_in(response) -> dict[str, str]:
    return Sent(response.content.decode()).values


def form_of(client: Client, url: str) -> dict[str, str]:
    return form_in(client.get(url))


# What is kept


def test_what_came_in_is_the_first_version(matter):
    assert shown(matter) == [(1, WROTE, "Karin Ahrens", "")]
    assert (matter.corrections.count(), versions(matter)[0].at) == (0, matter.registered_at)


def test_a_correction_leaves_what_was_there_with_who_when_and_why(krm, matter):
    correct(krm, matter)
    correct(actor("pankow.krm2", TODAY), matter, "Seit fünf Wochen warte ich.", "  Rückfrage am Telefon.\n")

    assert matter.text == "Seit fünf Wochen warte ich."
    assert shown(matter) == [
        (3, "Seit fünf Wochen warte ich.", "Jonas Beck", "Rückfrage am Telefon."),
        (2, RIGHT, "Karin Ahrens", WHY),
        (1, WROTE, "Karin Ahrens", ""),
    ]
    pieces = [(piece.kind, piece.text) for piece in versions(matter)[1].differences]
    assert pieces == [
        ("same", "Seit "), ("removed", "drei"), ("added", "vier"),
        ("same", " Wochen warte ich.\nNiemand ruft zurück."),
    ]  # fmt: skip
    assert told(matter) == [("wording_corrected", {"number": 2}), ("wording_corrected", {"number": 3})]


def test_the_log_names_the_other_fields_apart_and_neither_wording_nor_reason(krm, matter):
    correct(krm, matter, subject="Neuer Betreff")
    assert told(matter) == [("wording_corrected", {"number": 2}), ("edited", {"fields": "Betreff"})]
    assert matter.events.get(code__endswith="corrected").sentence == "Wortlaut berichtigt (Fassung 2)"


@pytest.mark.parametrize("reason", ["", " \n"])
def test_without_a_reason_nothing_is_corrected(krm, matter, reason):
    with pytest.raises(NotAllowed) as refusal:
        correct(krm, matter, reason=reason, subject="Neuer Betreff")
    matter.refresh_from_db()
    assert (refusal.value.reason, refusal.value.field) == (NO_REASON, "correction_reason")
    assert (matter.text, matter.version, shown(matter), told(matter)) == (
        WROTE, 1, [(1, WROTE, "Karin Ahrens", "")], [],
    )  # fmt: skip


@pytest.mark.parametrize("text", [WROTE, WROTE.replace("\n", "\r\n"), f"  {WROTE}\n"])
def test_the_same_wording_is_no_correction_and_needs_no_reason(krm, matter, text):
    correct(krm, matter, text, reason="", subject="Neuer Betreff")
    assert (matter.text, told(matter)) == (WROTE, [("edited", {"fields": "Betreff"})])


def test_other_line_ends_are_no_difference(krm, matter):
    correct(krm, matter, RIGHT.replace("\n", "\r\n"))
    changed = [piece.text for piece in versions(matter)[0].differences if piece.kind != "same"]
    assert changed == ["drei", "vier"]


def test_who_corrects_second_is_told_and_then_makes_a_further_version(krm, matter):
    correct(krm, matter)
    other = actor("pankow.krm2", TODAY)
    with pytest.raises(ChangedMeanwhile) as refusal:
        correct(other, matter, "Seit fünf Wochen.", "Anders gelesen.", version=1)
    assert refusal.value.differences == {"Wortlaut oder Gesprächsnotiz": (RIGHT, "Seit fünf Wochen.")}
    assert [number for number, *_ in shown(matter)] == [2, 1]

    correct(other, matter, "Seit fünf Wochen.", "Anders gelesen.", version=refusal.value.version)
    assert [text for _, text, *_ in shown(matter)] == ["Seit fünf Wochen.", RIGHT, WROTE]


def test_what_was_split_off_begins_with_its_own_first_version(krm, case):
    correct(krm, case)
    transfer = split_off(by=krm, case=case, reason=Reason.DATA_PROTECTION, text="Ein Teil.")
    assert (shown(transfer), len(versions(case))) == ([(1, "Ein Teil.", "Karin Ahrens", "")], 2)


def test_once_an_abgabe_has_left_its_wording_stays(krm, abgabe):
    hand_over(by=krm, transfer=abgabe, way="Hauspost")
    with pytest.raises(NotAllowed, match="ergänzt wird nur noch die Person"):
        correct(krm, abgabe)
    assert len(versions(abgabe)) == 1


def test_a_wording_that_was_forgotten_at_the_desk_is_added_with_a_reason(krm, abgabe):
    correct(krm, abgabe, "", "Gehört zu einer anderen Sache.")
    correct(krm, abgabe, RIGHT, "Nachgetragen.")
    assert [text for _, text, *_ in shown(abgabe)] == [RIGHT, "", WROTE]


def test_corrections_are_neither_changed_nor_deleted(krm, matter):
    correct(krm, matter)
    correction = Correction.objects.get()
    attempts: list[Callable] = [
        correction.save,
        correction.delete,
        Correction.objects.all().delete,
        matter.corrections.all().delete,
        lambda: matter.corrections.update(text=""),
        lambda: Correction.objects.bulk_update([correction], ["text"]),
    ]
    for attempt in attempts:
        with pytest.raises(AppendOnlyError), transaction.atomic():
            attempt()
    assert Correction.objects.get().text == WROTE


@pytest.mark.parametrize("both", [True, False])
def test_a_correction_belongs_to_a_case_or_to_an_abgabe(krm, case, abgabe, both):
    of = {"case": case, "transfer": abgabe} if both else {}
    with pytest.raises(IntegrityError), transaction.atomic():
        Correction.objects.create(number=2, text="x", reason="x", at=timezone.now(), by=krm.user, **of)


def test_what_a_list_brought_is_the_first_version(krm, tmp_path):
    path = tmp_path / "liste.csv"
    header = "ID,Gemeldet-am,Kategorie,Gruppe,Stadtteil,Text"
    path.write_text(f"{header}\n11,2020-01-07,Ampel > Ampel defekt,,,Die Ampel ist aus.\n")
    call_command("import_list", str(path), office="pankow", map="citizen_reports", stdout=StringIO())
    case = Case.objects.get()
    correct(krm, case, "Die Ampel blinkt.")
    assert [text for _, text, *_ in shown(case)] == ["Die Ampel blinkt.", "Die Ampel ist aus."]


# The pages


def test_the_page_asks_for_the_reason_where_the_wording_changed_and_keeps_what_was_typed(matter):
    client, url = as_("krm"), address(matter, "edit")
    sent = form_of(client, url) | {"text": RIGHT, "subject": "Neuer Betreff"}

    refused = client.post(url, sent)
    assert (refused.status_code, refused.content.decode().count(html.escape(NO_REASON))) == (422, 2)  # field, summary
    again = form_in(refused)
    assert (again["text"], again["subject"], again["initial-text"]) == (RIGHT, "Neuer Betreff", WROTE)

    assert client.post(url, again | {"correction_reason": WHY}).status_code == 302
    matter.refresh_from_db()
    assert [(text, why) for _, text, _, why in shown(matter)] == [(RIGHT, WHY), (WROTE, "")]


def test_without_a_changed_wording_no_reason_is_asked(matter):
    client, url = as_("krm"), address(matter, "edit")
    assert client.post(url, form_of(client, url) | {"subject": "Neuer Betreff"}).status_code == 302
    matter.refresh_from_db()
    assert (matter.subject, matter.corrections.count()) == ("Neuer Betreff", 0)


def test_a_reason_alone_is_not_swallowed(matter):
    client, url = as_("krm"), address(matter, "edit")
    refused = client.post(url, form_of(client, url) | {"correction_reason": WHY})
    assert (refused.status_code, form_in(refused)["correction_reason"]) == (422, WHY)
    assert "Der Wortlaut ist nicht geändert" in words(refused)


def test_whoever_changes_something_else_meanwhile_does_not_take_the_correction_back(krm, matter):
    client, url = as_("krm2"), address(matter, "edit")
    sent = form_of(client, url) | {"subject": "Von Jonas"}
    correct(krm, matter)

    refused = client.post(url, sent)
    assert (refused.status_code, form_in(refused)["text"]) == (422, RIGHT)
    assert client.post(url, form_in(refused)).status_code == 302
    matter.refresh_from_db()
    assert (matter.subject, matter.text, matter.corrections.count()) == ("Von Jonas", RIGHT, 1)


def test_the_page_says_who_corrected_when_and_why_and_leads_to_the_differences(krm, matter):
    client = as_("krm")
    before = client.get(matter.get_absolute_url())
    assert address(matter, "wording") not in before.content.decode()
    assert "berichtigt" not in words(before)

    correct(krm, matter)
    page = client.get(matter.get_absolute_url())
    assert re.search(rf"berichtigt am .{{5,40}} von Karin Ahrens – {re.escape(WHY)}", words(page))
    assert f'href="{address(matter, "wording")}"' in page.content.decode()

    compared = client.get(address(matter, "wording"))
    assert (
        "Fassung 2 " in words(compared),
        "Seit entfallen: drei neu: vier Wochen warte ich." in words(compared),
        "Fassung 1, wie erfasst" in words(compared),
    ) == (True, True, True)
    assert "<del><span" in compared.content.decode()
    assert "<ins><span" in compared.content.decode()


def test_hostile_words_stay_text(krm, matter):
    correct(krm, matter, f"{WROTE} {MARKUP}", MARKUP)
    for url in (matter.get_absolute_url(), address(matter, "wording"), address(matter, "edit")):
        page = as_("krm").get(url)
        assert (MARKUP in page.content.decode(), page.status_code) == (False, 200)
    assert MARKUP in words(as_("krm").get(address(matter, "wording"))).replace(" neu: ", "")


def test_long_wordings_are_compared_in_time(krm, matter):
    correct(krm, matter, "a " * 40_000, "Erst so.")
    correct(krm, matter, "b a " * 40_000, "Dann so.")
    assert as_("krm").get(address(matter, "wording")).status_code == 200


# Who sees what stood there before


def pages_of(name: str, matter: Case | Transfer) -> tuple[int, bool, int]:
    """Status of the page, whether it tells of the correction, status of the page of the versions."""
    client = as_(name)
    page = client.get(matter.get_absolute_url())
    return page.status_code, "berichtigt am" in words(page), client.get(address(matter, "wording")).status_code


def test_who_was_asked_for_a_part_of_a_case_is_shown_what_stands_now(krm, case):
    correct(krm, case)
    ask(case, AssignmentKind.TAKE_NOTE, User.objects.get(username="pankow.ma2"), by=krm)

    found = {name: pages_of(name, case) for name in ("krm2", "tl", "vz", "ma2", "ma", "dsb")}
    assert found == {
        "krm2": (200, True, 200), "tl": (200, True, 200), "vz": (200, True, 200),
        "ma2": (200, False, 404), "ma": (404, False, 404), "dsb": (404, False, 404),
    }  # fmt: skip
    assert RIGHT.splitlines()[0] in words(as_("ma2").get(case.get_absolute_url()))


def test_who_handles_a_case_works_with_what_stands_now(krm, case):
    correct(krm, case)
    Case.objects.filter(pk=case.pk).update(handler=User.objects.get(username="pankow.ma2"))
    assert pages_of("ma2", case) == (200, False, 404)


def test_of_an_abgabe_the_desk_alone_sees_earlier_wordings(krm, case):
    transfer = split_off(by=krm, case=case, reason=Reason.DATA_PROTECTION, text="Ein Teil von Frau Grün.")
    correct(krm, transfer, "Ein Teil.", "Name einer Nachbarin.")
    make.handed_over(krm, transfer)
    ask_lead(by=krm, transfer=transfer, user=User.objects.get(username="pankow.tl"), task="Bitte Stellung nehmen")

    found = {name: pages_of(name, transfer) for name in ("krm2", "vz", "tl", "dsb", "ma")}
    assert found == {
        "krm2": (200, True, 200), "vz": (200, True, 200),
        "tl": (200, False, 404), "dsb": (200, False, 404), "ma": (404, False, 404),
    }  # fmt: skip


def test_other_houses_see_nothing_of_it(krm, matter):
    correct(krm, matter)
    stranger = actor("gera.krm", TODAY)
    assert not sees_earlier_wordings(stranger, matter)
    client = Client()
    client.force_login(stranger.user)
    assert [client.get(address(matter, name)).status_code for name in ("wording", "edit")] == [404, 404]
