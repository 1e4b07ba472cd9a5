"""No list of anybody's open work without an occasion: a seat that ends, or a reason that the person was told."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils.html import strip_tags

from cases.access import seal
from cases.asking import ask
from cases.handling.actions.assign import accept, assign_handler
from cases.leaving.actions.give_reason import give_reason
from cases.leaving.actions.hand_on import hand_on_person, preview_person
from cases.leaving.reading.occasion import why_not_listed
from cases.models import Case, Event, HandOnReason, Mail
from cases.rules.assignments import AssignmentKind
from offices.errors import NotAllowed
from offices.models import Membership, Office, User
from tests import make
from tests.cast import TODAY, actor

pytestmark = [pytest.mark.both_databases, pytest.mark.usefixtures("house")]
DAY = timedelta(days=1)
LEAVER, TO, REASON = "pankow.ma", "pankow.tl", "Wechselt ins Projekt Familienberatung."


def person(name: str) -> User:
    return User.objects.get(username=name)


@pytest.fixture
def office(house) -> Office:
    return Office.objects.get(slug="pankow")


@pytest.fixture
def people(office) -> dict:
    return {"office": office, "leaver": person(LEAVER), "successor": person(TO)}


@pytest.fixture
def case(house) -> Case:
    krm = actor("pankow.krm")
    return assign_handler(by=krm, case=accept(by=krm, case=make.case(krm)), handler=person(LEAVER))


@pytest.fixture
def client(house) -> Client:
    client = Client()
    client.force_login(person("pankow.krm"))
    return client


def give(by: str = "pankow.krm", **changes):
    asked = {"office": Office.objects.get(slug="pankow"), "leaver": person(LEAVER), "reason": REASON} | changes
    return give_reason(by=actor(by), **asked)


def told() -> list[Mail]:
    return list(Mail.objects.filter(to=person(LEAVER), subject="KRM: Ihre offene Arbeit soll übergeben werden"))


def ids(people: dict) -> dict:
    return {name: row.pk for name, row in people.items()}


@pytest.mark.parametrize("action", [preview_person, hand_on_person])
def test_the_work_of_somebody_who_stays_is_neither_shown_nor_handed_on(case, people, action):
    with pytest.raises(NotAllowed, match="kein Ende der Rolle eingetragen") as refusal:
        action(by=actor("pankow.gf"), **people)

    assert refusal.value.field == "leaver"
    assert Case.objects.get(pk=case.pk).handler == person(LEAVER)


@pytest.mark.parametrize(
    ("days", "is_listed"), [(0, True), (90, True), (91, False), (-1, True), (-400, True)], ids=lambda value: str(value)
)
def test_a_seat_that_ends_opens_the_list(office, days, is_listed):
    Membership.objects.filter(user=person(LEAVER)).update(from_on=TODAY - 500 * DAY, until_on=TODAY + days * DAY)

    assert (why_not_listed(office, person(LEAVER), TODAY) is None) is is_listed


@pytest.mark.parametrize(("days", "is_listed"), [(30, True), (-90, True), (-91, False)], ids=lambda value: str(value))
def test_whoever_is_moved_is_listed_around_the_day(office, days, is_listed):
    Membership.objects.filter(user=person(LEAVER)).update(from_on=TODAY - 500 * DAY, until_on=TODAY + days * DAY)
    Membership.objects.create(user=person(LEAVER), office=office, role="employee", from_on=TODAY + min(days, -1) * DAY)

    assert (why_not_listed(office, person(LEAVER), TODAY) is None) is is_listed


def test_the_end_of_a_seat_elsewhere_opens_nothing_here(office):
    Membership.objects.create(
        user=person(LEAVER), office=Office.objects.get(slug="gera"), role="employee", from_on=TODAY, until_on=TODAY
    )

    assert why_not_listed(office, person(LEAVER), TODAY)


def test_a_reason_opens_the_list_for_two_weeks(case, people):
    given = give()

    assert preview_person(by=actor("pankow.gf"), **people).lines[0].case == case
    assert given.until_on == TODAY + 14 * DAY
    assert why_not_listed(people["office"], person(LEAVER), given.until_on) is None
    assert why_not_listed(people["office"], person(LEAVER), given.until_on + DAY)


def test_a_reason_is_of_one_office_and_one_person(office):
    give()

    assert why_not_listed(office, person("pankow.ma2"), TODAY)
    assert why_not_listed(Office.objects.get(slug="gera"), person("gera.ma"), TODAY)


def test_the_person_is_told_the_reason_and_by_whom(house):
    give()

    (mail,) = told()
    assert REASON in mail.text
    assert "Karin Ahrens" in mail.text
    assert "07.12.2026" in mail.text
    assert mail.is_about_account


def test_the_log_holds_that_a_reason_was_given_without_name_and_words(office):
    given = give()

    event = Event.objects.get(office=office, code="person.hand_on_reason")
    assert event.data == {"user": person(LEAVER).pk, "reason": given.pk, "until_on": "2026-12-07"}
    assert (event.by, given.given_by) == (person("pankow.krm"), person("pankow.krm"))
    assert (str(person(LEAVER)) in event.sentence, REASON in event.sentence) == (False, False)


def test_the_same_twice_is_recorded_and_told_once(house):
    assert give() == give(reason="Noch einmal.", by="pankow.gf")

    assert (HandOnReason.objects.count(), len(told())) == (1, 1)
    assert Event.objects.filter(code="person.hand_on_reason").count() == 1


def test_where_a_seat_ends_no_reason_is_kept(house):
    Membership.objects.filter(user=person(LEAVER)).update(until_on=TODAY)

    assert give() is None
    assert (HandOnReason.objects.exists(), told()) == (False, [])


@pytest.mark.parametrize("name", ["tl", "bl", "vz", "admin", "revision", "ma"])
def test_only_who_hands_on_gives_a_reason(house, name):
    with pytest.raises(NotAllowed, match="Ihre Rolle umfasst"):
        give(by=f"pankow.{name}")


def test_a_reason_says_something(house):
    with pytest.raises(NotAllowed) as refusal:
        give(reason="  \n")
    assert refusal.value.field == "reason"


def test_who_would_not_hear_of_it_is_not_listed(house):
    User.objects.filter(username=LEAVER).update(email="")
    with pytest.raises(NotAllowed, match="würde den Grund nicht erfahren"):
        give()


def test_nobody_is_written_to_about_what_they_say_themselves(house):
    assert give(leaver=person("pankow.krm")).leaver == person("pankow.krm")
    assert not Mail.objects.filter(to=person("pankow.krm")).exists()


def test_people_of_other_houses_are_refused(house):
    with pytest.raises(NotAllowed, match="gehört nicht zur Dienststelle"):
        give(leaver=person("gera.tl"))


class TestPage:
    def test_it_asks_for_the_reason_and_then_opens(self, client, case, people):
        shut = client.get("/uebergaben/", ids(people))
        assert case.reference not in shut.text
        assert "kein Ende der Rolle eingetragen" in shut.text
        assert "Warum wird die Arbeit übergeben?" in shut.text

        opened = client.post("/uebergaben/grund/", ids(people) | {"reason": REASON}, follow=True)
        assert case.reference in opened.text
        assert REASON in opened.text

    def test_what_was_typed_stays_where_something_is_missing(self, client, people):
        for missing in ("reason", "successor"):
            sent = ids(people) | {"reason": REASON}
            refused = client.post("/uebergaben/grund/", sent | {missing: ""})
            assert refused.status_code == 422
            assert (REASON in refused.text) is (missing != "reason")
            assert f'value="{people["leaver"].pk}" selected' in refused.text
        assert not HandOnReason.objects.exists()

    @pytest.mark.parametrize("name", ["tl", "vz", "admin"])
    def test_it_is_not_there_for_others(self, people, name):
        client = Client()
        client.force_login(person(f"pankow.{name}"))
        assert client.post("/uebergaben/grund/", ids(people) | {"reason": REASON}).status_code == 404

    def test_nothing_on_it_is_a_figure_about_the_person(self, client, case, people):
        """Of many cases or few the page says the same but for its lines; what is hidden from the reader is not there.

        Looked for where figures would stand: the heading, the title, what is told, the text beside the table.
        """
        krm = actor("pankow.krm")
        Membership.objects.filter(user=person(LEAVER)).update(until_on=TODAY + DAY)
        said = [self.beside_the_lines(client, people)]
        for number in range(4):
            one = assign_handler(by=krm, case=accept(by=krm, case=make.case(krm)), handler=person(LEAVER))
            ask(one, AssignmentKind.TAKE_NOTE, person(LEAVER), by=krm)
            if number == 3:
                seal(by=actor("pankow.krm2"), case=one)
                hidden = one.reference
        assert hidden not in client.get("/uebergaben/", ids(people)).text
        said.append(self.beside_the_lines(client, people))
        done = client.post("/uebergaben/?art=person", ids(people), follow=True)

        assert said[0] == said[1]
        assert "Die Arbeit von Marta Adler ist übergeben." in done.text
        assert hidden not in done.text

    def beside_the_lines(self, client, people) -> str:
        page = client.get("/uebergaben/", ids(people)).text
        page = re.sub(r"[A-Za-z0-9]{64}|<tbody>.*?</tbody>", "", page, flags=re.DOTALL)
        head, body = re.search(r"<title>.*?</title>", page, re.DOTALL), re.search(r"<main.*</main>", page, re.DOTALL)
        return " ".join(strip_tags(head[0] + body[0]).split())
