"""Hand-overs in bulk: everything open changes hands at once, except what the rules keep from the successor."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from cases.access import grant, seal
from cases.asking import ask
from cases.handling.actions.assign import accept, assign_handler, hand_to_unit
from cases.handling.actions.notes import add_note, set_follow_up
from cases.leaving.actions.hand_on import hand_on_person, hand_on_unit, preview_person, preview_unit
from cases.leaving.reading.plan import SLICE, WorkList, slices
from cases.models import Assignment, Case, Event, Letter, Statement, StatementStation
from cases.rules.assignments import AssignmentKind
from cases.rules.chain import GENESIS
from cases.rules.registration import EmployeeData
from cases.rules.statements import Part
from cases.rules.transfers import TransferData
from cases.rules.triage import Reason
from cases.transfers.actions.triage import register_transfer
from offices.errors import NotAllowed
from offices.models import Membership, Office, Unit, User
from tests import make
from tests.cast import TODAY, actor

pytestmark = [pytest.mark.both_databases, pytest.mark.usefixtures("house")]


def person(name: str) -> User:
    return User.objects.get(username=f"pankow.{name}")


def unit(number: str) -> Unit:
    return Unit.objects.get(office__slug="pankow", number=number)


@pytest.fixture(autouse=True)
def seats_that_end(house) -> None:
    """Everybody here leaves in a month; tests/cases/leaving/test_occasion.py asks about those who stay."""
    Membership.objects.filter(office__slug="pankow").update(until_on=TODAY + timedelta(days=30))


@pytest.fixture
def krm(house):
    return actor("pankow.krm")


@pytest.fixture
def office(house) -> Office:
    return Office.objects.get(slug="pankow")


@pytest.fixture
def from_ma_to_tl(krm, office) -> dict:
    return {"by": krm, "office": office, "leaver": person("ma"), "successor": person("tl")}


def at_unit(krm, **changes) -> Case:
    """A case with team 711: Marta Adler works on it, Tobias Lindner answers for it."""
    case = accept(by=krm, case=make.case(krm, **changes))
    return hand_to_unit(by=krm, case=case, unit=unit("711"), handler=person("ma"))


def in_hand(krm, **changes) -> Case:
    """A case the KRM keeps, on which Marta Adler works."""
    return assign_handler(by=krm, case=accept(by=krm, case=make.case(krm, **changes)), handler=person("ma"))


def about(name: str) -> dict:
    return {"employees": (EmployeeData(user_id=person(name).pk),)}


def both(*names: str) -> tuple[EmployeeData, ...]:
    return tuple(EmployeeData(user_id=person(name).pk) for name in names)


def handed_on(case: Case) -> int:
    return Event.objects.filter(case=case, code="case.handed_on").count()


def words(done: WorkList) -> list[tuple[str, ...]]:
    """What is handed on, case by case."""
    return [line.what for line in done.lines]


def statement(case: Case, krm, *stations: tuple[Part, str], position: int = 1) -> Statement:
    """A statement with its stations in order."""
    found = Statement.objects.create(
        case=case, unit=unit("711"), question="Was war?", position=position, requested_at=case.registered_at,
        requested_by=krm.user,
    )  # fmt: skip
    for number, (part, name) in enumerate(stations, start=1):
        StatementStation.objects.create(statement=found, position=number, part=part, user=person(name))
    return found


def people_of(found: Statement) -> list[str]:
    return [station.user.username.split(".")[1] for station in found.stations.all()]


class TestPerson:
    def test_all_open_work_changes_hands(self, krm, from_ma_to_tl):
        case = at_unit(krm)
        look = set_follow_up(by=krm, case=case, working_days=3, task="nachfragen", assignee=person("ma"))
        asked = ask(case, AssignmentKind.HANDLE, person("ma"), by=krm)
        mine = statement(case, krm, (Part.DRAFT, "ma"), (Part.APPROVE, "bl"))

        done = hand_on_person(**from_ma_to_tl)

        assert done.left == done.on_transfers == ()
        assert [(line.case, line.what) for line in done.lines] == [
            (case, ("Vorgang", "Bearbeitung nach Verfügung", "Entwurf einer Stellungnahme", "Wiedervorlage"))
        ]
        case.refresh_from_db()
        look.refresh_from_db()
        asked.refresh_from_db()
        assert (case.handler, case.responsible, look.assignee, asked.user) == (person("tl"),) * 4
        assert people_of(mine) == ["tl", "bl"]
        event = Event.objects.get(case=case, code="case.handed_on")
        assert (event.data, event.by) == ({"person": person("tl").pk}, krm.user)

    def test_who_answers_for_a_case_is_replaced_too(self, krm, office):
        case = at_unit(krm)
        hand_on_person(by=krm, office=office, leaver=person("tl"), successor=person("bl"))
        case.refresh_from_db()
        assert (case.handler, case.responsible) == (person("ma"), person("bl"))

    def test_done_work_and_closed_cases_stay_with_their_person(self, krm, from_ma_to_tl):
        closed = accept(by=krm, case=make.case(krm))
        make.answered(krm, closed)
        make.closed(krm, closed)
        Case.objects.filter(pk=closed.pk).update(handler=person("ma"))
        case = at_unit(krm)
        read = ask(case, AssignmentKind.TAKE_NOTE, person("ma"), by=krm)
        Assignment.objects.filter(pk=read.pk).update(done_on=TODAY, done_by=person("ma"))
        passed = statement(case, krm, (Part.DRAFT, "ma"), (Part.APPROVE, "bl"), position=2)

        assert words(hand_on_person(**from_ma_to_tl)) == [("Vorgang",)]
        closed.refresh_from_db()
        read.refresh_from_db()
        assert (closed.handler, read.user, people_of(passed)) == (person("ma"), person("ma"), ["ma", "bl"])

    def test_the_second_time_finds_nothing(self, krm, from_ma_to_tl):
        case = at_unit(krm)
        ask(case, AssignmentKind.HANDLE, person("ma"), by=krm)
        hand_on_person(**from_ma_to_tl)
        version = Case.objects.get(pk=case.pk).version

        assert hand_on_person(**from_ma_to_tl) == WorkList()
        assert (Case.objects.get(pk=case.pk).version, handed_on(case)) == (version, 1)

    def test_what_the_successor_has_already_is_not_there_twice(self, krm, from_ma_to_tl):
        case = at_unit(krm)
        for name in ("ma", "tl"):
            ask(case, AssignmentKind.TAKE_NOTE, person(name), by=krm, task="Lesen")

        assert words(hand_on_person(**from_ma_to_tl)) == [("Vorgang", "zur Kenntnis")]
        assert [row.user for row in case.assignments.open().filter(task="Lesen")] == [person("tl")]

    def test_nobody_gets_a_complaint_about_themselves(self, krm, from_ma_to_tl):
        case = accept(by=krm, case=make.case(krm, **about("tl")))
        case = assign_handler(by=krm, case=case, handler=person("ma"))
        set_follow_up(by=krm, case=case, working_days=3, task="nachfragen", assignee=person("ma"))

        done = hand_on_person(**from_ma_to_tl)

        assert [(left.case, left.reason) for left in done.left] == [
            (case, "Tobias Lindner ist von der Kundenreaktion selbst betroffen.")
        ]
        case.refresh_from_db()
        assert (done.lines, case.handler, handed_on(case)) == ((), person("ma"), 0)

    def test_leaders_get_nothing_of_a_complaint_against_the_management(self, krm, from_ma_to_tl):
        case = assign_handler(by=krm, case=accept(by=krm, case=make.case(krm)), handler=person("ma"))
        Case.objects.filter(pk=case.pk).update(against_management=True)

        (left,) = hand_on_person(**from_ma_to_tl).left
        assert left.reason.startswith("Tobias Lindner gehört zur Leitung des Hauses")
        assert words(hand_on_person(**from_ma_to_tl | {"successor": person("krm2")})) == [("Vorgang",)]

    def test_sealed_cases_need_a_grant_of_the_successors_own(self, krm, from_ma_to_tl):
        case = at_unit(krm)
        seal(by=krm, case=case)
        (left,) = hand_on_person(**from_ma_to_tl).left
        assert left.reason == "Der Vorgang ist geschützt; Tobias Lindner braucht zuerst einen Einzelzugriff."

        grant(by=krm, case=case, user=person("tl"))
        assert words(hand_on_person(**from_ma_to_tl)) == [("Vorgang",)]

    def test_while_a_unit_has_the_case_somebody_of_it_takes_over(self, krm, from_ma_to_tl):
        at_unit(krm)
        (left,) = hand_on_person(**from_ma_to_tl | {"successor": person("ma2")}).left
        assert left.reason == "Milan Arndt gehört nicht zur Einheit „711 Team Vermittlung A“."
        assert words(hand_on_person(**from_ma_to_tl | {"successor": person("bl")})) == [("Vorgang",)]

    @pytest.mark.parametrize(
        ("stations", "leaver", "successor", "reason"),
        [
            ([(Part.DRAFT, "tl"), (Part.APPROVE, "bl")], "bl", "tl", "geschrieben und kann sie nicht selbst zeichnen"),
            ([(Part.DRAFT, "tl"), (Part.CO_SIGN, "tl2"), (Part.APPROVE, "bl")], "tl2", "tl", "nicht selbst zeichnen"),
            ([(Part.DRAFT, "tl"), (Part.APPROVE, "bl")], "tl", "bl", "kann sie deshalb nicht schreiben"),
            ([(Part.DRAFT, "tl"), (Part.APPROVE, "bl")], "bl", "ma", "keine Rolle, die Stellungnahmen freigibt"),
        ],
    )
    def test_nobody_comes_to_sign_their_own_text(self, krm, office, stations, leaver, successor, reason):
        case = make.case(krm)
        found = statement(case, krm, *stations)
        kinds = {Part.DRAFT: "write_statement", Part.CO_SIGN: "co_sign_statement", Part.APPROVE: "approve_statement"}
        part = next(part for part, name in stations if name == leaver)
        asked = ask(case, AssignmentKind(kinds[part]), person(leaver), by=krm, statement=found)
        before = people_of(found)

        done = hand_on_person(by=krm, office=office, leaver=person(leaver), successor=person(successor))

        asked.refresh_from_db()
        assert len(done.left) == 1
        assert reason in done.left[0].reason
        assert (people_of(found), asked.user) == (before, person(leaver))

    def test_whoever_wrote_at_the_text_does_not_come_to_approve_it(self, krm, office):
        found = statement(make.case(krm), krm, (Part.DRAFT, "tl"), (Part.APPROVE, "bl"), position=2)
        found.authors.add(person("tl2"))
        done = hand_on_person(by=krm, office=office, leaver=person("bl"), successor=person("tl2"))
        assert "geschrieben" in done.left[0].reason

    @pytest.mark.parametrize(
        ("kind", "reason"),
        [
            ("issue_directive", "Die Rolle von Tobias Lindner umfasst nicht: Verfügungen entwerfen"),
            ("sign_letter", "Tobias Lindner zeichnet nicht auf dieser Ebene"),
        ],
    )
    def test_signatures_stay_on_their_level(self, krm, office, kind, reason):
        asked = ask(make.case(krm), AssignmentKind(kind), person("gf"), by=krm)
        done = hand_on_person(by=krm, office=office, leaver=person("gf"), successor=person("tl"))
        asked.refresh_from_db()
        assert reason in done.left[0].reason
        assert asked.user == person("gf")

    def test_nobody_comes_to_agree_to_a_letter_of_their_own(self, krm, office):
        case = make.case(krm)
        letter = Letter.objects.create(case=case, kind="final", drafted_at=case.registered_at, drafted_by=krm.user)
        ask(case, AssignmentKind.AGREE_LETTER, person("gf"), by=krm, letter=letter)
        done = hand_on_person(by=krm, office=office, leaver=person("gf"), successor=krm.user)
        assert "Karin Ahrens hat an dem Schreiben selbst geschrieben" in done.left[0].reason

    def test_a_mention_and_a_follow_up_go_along_only_where_the_successor_sees_the_case(self, krm, office):
        seen, other = make.case(krm), make.case(krm)
        for case in (seen, other):
            add_note(by=krm, case=case, kind="internal", text="Bitte lesen", mentions=[person("gf")])
            set_follow_up(by=krm, case=case, working_days=3, task="nachfragen", assignee=person("gf"))
        assign_handler(by=krm, case=accept(by=krm, case=seen), handler=person("ma"))

        done = hand_on_person(by=krm, office=office, leaver=person("gf"), successor=person("ma"))

        assert words(done) == [("Hinweis an Sie", "Wiedervorlage")]
        assert [left.case for left in done.left] == [other, other]
        assert {left.reason for left in done.left} == {
            "Hinweis an Sie: Marta Adler sieht diesen Vorgang nicht.",
            "Wiedervorlage: Marta Adler sieht diesen Vorgang nicht.",
        }

    def test_cases_the_acting_person_does_not_see_stay_and_are_not_named(self, krm, office):
        sealed, about_krm2, against = at_unit(krm), at_unit(krm, **about("krm2")), in_hand(krm, **about("gf"))
        seal(by=krm, case=sealed)
        assert Case.objects.get(pk=against.pk).against_management
        everything = {"office": office, "leaver": person("ma"), "successor": person("krm")}

        assert words(hand_on_person(by=actor("pankow.gf"), **everything | {"successor": person("tl")})) == [
            ("Vorgang",)
        ]
        Case.objects.filter(pk=about_krm2.pk).update(handler=person("ma"))
        assert words(hand_on_person(by=actor("pankow.krm2"), **everything)) == [("Vorgang",)]
        owners = [Case.objects.get(pk=case.pk).handler for case in (sealed, about_krm2, against)]
        assert owners == [person("ma"), person("ma"), krm.user]

    @pytest.mark.parametrize("name", ["tl", "bl", "vz", "admin", "revision", "ma"])
    def test_only_the_desk_and_the_management_hand_on(self, office, name):
        with pytest.raises(NotAllowed, match="Ihre Rolle umfasst"):
            hand_on_person(by=actor(f"pankow.{name}"), office=office, leaver=person("ma"), successor=person("tl"))

    @pytest.mark.parametrize(
        ("leaver", "successor", "field"),
        [
            ("ma", "ma", "successor"),
            ("ma", "vz", "successor"),
            ("ma", "dsb", "successor"),
            ("ma", "admin", "successor"),
        ],
    )
    def test_the_successor_is_somebody_else_who_works_on_cases(self, krm, office, leaver, successor, field):
        with pytest.raises(NotAllowed) as refusal:
            hand_on_person(by=krm, office=office, leaver=person(leaver), successor=person(successor))
        assert refusal.value.field == field

    def test_people_of_other_offices_neither_give_nor_take(self, krm, office):
        stranger = User.objects.get(username="gera.tl")
        for leaver, successor, field in [(stranger, person("tl"), "leaver"), (person("ma"), stranger, "successor")]:
            with pytest.raises(NotAllowed) as refusal:
                hand_on_person(by=krm, office=office, leaver=leaver, successor=successor)
            assert refusal.value.field == field

    def test_what_was_asked_on_an_abgabe_stays_and_is_named(self, krm, office, from_ma_to_tl):
        data = TransferData(
            reason=Reason.OBJECTION, subject="Bescheid", text="Widerspruch", received_on=TODAY, person=make.PERSON
        )
        transfer = register_transfer(by=krm, office=office, data=data)
        Assignment.objects.create(transfer=transfer, kind="take_note", user=person("ma"), since_on=TODAY)

        assert preview_person(**from_ma_to_tl) == hand_on_person(**from_ma_to_tl) == WorkList(on_transfers=(transfer,))
        assert Assignment.objects.get(transfer=transfer).user == person("ma")

    def test_somebody_who_is_gone_already_still_hands_on(self, krm, from_ma_to_tl):
        case = at_unit(krm)
        Membership.objects.filter(user=person("ma")).update(until_on=TODAY - timedelta(days=1))
        User.objects.filter(pk=person("ma").pk).update(is_active=False)

        assert words(hand_on_person(**from_ma_to_tl)) == [("Vorgang",)]
        assert Case.objects.get(pk=case.pk).handler == person("tl")

    def test_the_preview_says_what_then_happens_and_changes_nothing(self, krm, from_ma_to_tl):
        case = at_unit(krm)
        at_unit(krm, **about("bl"))
        ask(case, AssignmentKind.HANDLE, person("ma"), by=krm)
        before = list(Case.objects.order_by("pk").values())

        shown = preview_person(**from_ma_to_tl)

        assert list(Case.objects.order_by("pk").values()) == before
        assert hand_on_person(**from_ma_to_tl) == shown


class TestUnit:
    def test_cases_and_concerns_go_to_the_new_unit_and_its_lead(self, krm):
        case = at_unit(krm)
        done = hand_on_unit(by=krm, unit=unit("711"), successor_unit=unit("712"))

        case.refresh_from_db()
        assert words(done) == [("Vorgang",)]
        assert (case.unit, case.responsible, case.handler) == (unit("712"), person("tl2"), None)
        assert Event.objects.get(case=case, code="case.handed_on").data == {"unit": "712"}
        assert hand_on_unit(by=krm, unit=unit("711"), successor_unit=unit("712")) == WorkList()

    def test_a_concern_goes_though_the_case_lies_elsewhere(self, krm):
        case = hand_to_unit(by=krm, case=make.case(krm), unit=unit("712"))
        case.concerns.update(unit=unit("711"))

        assert words(hand_on_unit(by=krm, unit=unit("711"), successor_unit=unit("71"))) == [("Anliegen",)]
        assert (case.concerns.get().unit, Case.objects.get(pk=case.pk).unit) == (unit("71"), unit("712"))

    def test_the_desk_keeps_working_on_what_is_back_with_it(self, krm):
        case = accept(by=krm, case=make.case(krm, unit_id=unit("711").pk))
        hand_on_unit(by=krm, unit=unit("711"), successor_unit=unit("712"))
        case.refresh_from_db()
        assert (case.unit, case.handler) == (unit("712"), krm.user)

    def test_a_lead_complained_about_gets_nothing(self, krm):
        case = at_unit(krm, **about("tl2"))
        (left,) = hand_on_unit(by=krm, unit=unit("711"), successor_unit=unit("712")).left
        assert "selbst betroffen" in left.reason
        assert Case.objects.get(pk=case.pk).unit == unit("711")

    def test_a_sealed_case_waits_for_a_grant_of_the_new_lead(self, krm):
        case = at_unit(krm)
        seal(by=krm, case=case)
        (left,) = hand_on_unit(by=krm, unit=unit("711"), successor_unit=unit("712")).left
        assert "Tanja Liebig braucht zuerst einen Einzelzugriff" in left.reason

        grant(by=krm, case=case, user=person("tl2"))
        hand_on_unit(by=krm, unit=unit("711"), successor_unit=unit("712"))
        assert Case.objects.get(pk=case.pk).handler == person("tl2")

    def test_a_complaint_against_the_management_goes_to_no_unit(self, krm):
        case = at_unit(krm)
        Case.objects.filter(pk=case.pk).update(against_management=True)
        (left,) = preview_unit(by=krm, unit=unit("711"), successor_unit=unit("712")).left
        assert "bleibt beim KRM" in left.reason

    @pytest.mark.parametrize("number", ["711", "721"])
    def test_the_new_unit_is_another_one_with_a_lead(self, krm, number):
        with pytest.raises(NotAllowed) as refusal:
            hand_on_unit(by=krm, unit=unit("711"), successor_unit=unit(number))
        assert refusal.value.field == "successor_unit"

    def test_a_unit_of_another_office_takes_nothing(self, krm):
        gera = Unit.objects.get(office__slug="gera", number="711")
        with pytest.raises(NotAllowed):
            hand_on_unit(by=krm, unit=unit("711"), successor_unit=gera)
        with pytest.raises(NotAllowed):
            hand_on_unit(by=krm, unit=gera, successor_unit=unit("711"))


class TestMany:
    def test_the_number_of_queries_does_not_grow_with_the_number_of_cases(self, krm, from_ma_to_tl):
        counts = []
        for number in (2, 6):
            for case in [at_unit(krm) for _ in range(number)]:
                ask(case, AssignmentKind.HANDLE, person("ma"), by=krm)
                set_follow_up(by=krm, case=case, working_days=3, task="nachfragen", assignee=person("ma"))
                statement(case, krm, (Part.DRAFT, "ma"), (Part.APPROVE, "bl"))
            with CaptureQueriesContext(connection) as queries:
                assert len(hand_on_person(**from_ma_to_tl).lines) == number
            counts.append(len(queries))
        assert counts[0] == counts[1]

    def test_the_chain_of_the_log_holds(self, krm, office, from_ma_to_tl):
        for _ in range(3):
            at_unit(krm)
        hand_on_person(**from_ma_to_tl)
        head = GENESIS
        for event in Event.objects.filter(office=office).order_by("seq"):
            assert event.previous == head
            head = event.hash

    def test_slices_lose_no_case(self):
        ids = list(range(2 * SLICE + 3))
        assert [pk for part in slices(ids) for pk in part] == ids
        assert [len(part) for part in slices(ids)] == [SLICE, SLICE, 3]


class TestPage:
    @pytest.fixture
    def client(self, krm) -> Client:
        client = Client()
        client.force_login(krm.user)
        return client

    def test_choose_look_confirm_and_see_what_stayed(self, client, krm, office):
        case, kept = at_unit(krm), at_unit(krm)
        seal(by=actor("pankow.krm2"), case=kept)
        data = {"office": office.pk, "leaver": person("ma").pk, "successor": person("tl").pk}

        shown = client.get("/uebergaben/", {"art": "person", **data})
        assert words(shown.context["work"]) == [("Vorgang",)]
        assert Case.objects.get(pk=case.pk).handler == person("ma")

        after = client.post("/uebergaben/?art=person", data, follow=True)
        page = after.content.decode()
        assert Case.objects.get(pk=case.pk).handler == person("tl")
        assert "Die Arbeit von Marta Adler ist übergeben." in page
        assert "geschützt" not in page

    def test_a_double_click_hands_on_once(self, client, krm, office):
        case = at_unit(krm)
        data = {"office": office.pk, "leaver": person("ma").pk, "successor": person("tl").pk}
        pages = [client.post("/uebergaben/?art=person", data, follow=True).content.decode() for _ in range(2)]
        assert "Es war nichts zu übergeben." in pages[1]
        assert handed_on(case) == 1

    def test_a_unit_is_handed_on(self, client, krm):
        case = at_unit(krm)
        data = {"unit": unit("711").pk, "successor_unit": unit("712").pk}
        assert words(client.get("/uebergaben/", {"art": "einheit", **data}).context["work"]) == [("Vorgang",)]
        client.post("/uebergaben/?art=einheit", data)
        assert Case.objects.get(pk=case.pk).unit == unit("712")

    def test_what_is_refused_stands_at_its_field(self, client, office):
        data = {"office": office.pk, "leaver": person("ma").pk, "successor": person("ma").pk}
        for response in (client.get("/uebergaben/", data), client.post("/uebergaben/", data)):
            assert response.context["form"].errors["successor"] == ["Bitte zwei verschiedene Personen wählen."]

    def test_the_reasons_are_listed_for_cases_one_sees_only(self, client, krm, office):
        case, unseen = in_hand(krm, **about("tl")), in_hand(krm, employees=both("tl", "krm2"))
        url = f"/uebergaben/?office={office.pk}&leaver={person('ma').pk}&successor={person('tl').pk}"
        assert case.reference in client.get(url).content.decode()
        client.force_login(person("krm2"))
        page = client.get(url).content.decode()
        assert case.reference in page
        assert unseen.reference not in page

    @pytest.mark.parametrize("name", ["tl", "vz", "admin"])
    def test_the_page_is_not_there_for_others(self, name):
        client = Client()
        client.force_login(person(name))
        assert client.get("/uebergaben/").status_code == 404
