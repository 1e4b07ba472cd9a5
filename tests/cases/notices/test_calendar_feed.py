"""The calendar of one's own dates: what stands in it, for whom, and how long its address holds."""

import logging
from datetime import date, datetime, timedelta
from hashlib import sha256
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from icalendar import Calendar

from cases.access import seal
from cases.deadlines.actions.moving import pause
from cases.deadlines.actions.watch import watch
from cases.handling.actions.assign import accept, hand_to_unit
from cases.handling.actions.notes import set_follow_up
from cases.models import Case, Deadline, NoticeSettings
from cases.notices.actions.settings import new_calendar_address, revoke_calendar_address
from cases.notices.reading import calendar_feed
from cases.notices.reading.calendar_feed import holder_of
from cases.notices.reading.own_dates import own_dates
from cases.notices.reading.recipients import Houses, Recipients
from krm.operations.logs import JsonLine
from offices.models import Office, Substitution, Unit, User
from offices.queries import Actor
from offices.roles import Role
from offices.rules.values import ReminderStep
from offices.rules.vocabulary import Moment, Recipient
from tests import make
from tests.cast import TODAY, actor

pytestmark = pytest.mark.usefixtures("house")
NOW = datetime(2026, 11, 23, 9, tzinfo=ZoneInfo("Europe/Berlin"))


@pytest.fixture(autouse=True)
def today(monkeypatch):
    """The feed asks the clock; these tests are about Monday, 23.11.2026."""
    monkeypatch.setattr(timezone, "now", lambda: NOW)


@pytest.fixture
def krm(house) -> Actor:
    return actor("pankow.krm")


def user(name: str) -> User:
    return User.objects.get(username=f"pankow.{name}")


def unit(number: str) -> Unit:
    return Unit.objects.get(office__slug="pankow", number=number)


def answer(token: str):
    return Client().get(reverse("cases:calendar_feed", args=[token]))


def subscribed(name: str) -> Calendar:
    """What a calendar program of this person reads."""
    return Calendar.from_ical(answer(new_calendar_address(by=actor(f"pankow.{name}"))).content)


def summaries(name: str) -> list[str]:
    return [str(event["SUMMARY"]) for event in subscribed(name).walk("VEVENT")]


class TestAddress:
    def test_is_long_random_and_kept_as_its_hash_only(self, krm):
        token = new_calendar_address(by=krm)
        kept = NoticeSettings.objects.get(user=krm.user)

        assert len(token) == 43
        assert (kept.calendar_hash, kept.calendar_made_at) == (sha256(token.encode()).hexdigest(), NOW)
        assert token not in str(NoticeSettings.objects.values())
        assert holder_of(token) == krm.user

    def test_new_one_ends_the_one_before(self, krm):
        old, new = new_calendar_address(by=krm), new_calendar_address(by=krm)

        assert [answer(token).status_code for token in (old, new)] == [404, 200]

    def test_revoked_one_is_unknown(self, krm):
        token = new_calendar_address(by=krm)
        revoke_calendar_address(by=krm)
        revoke_calendar_address(by=actor("pankow.krm2"))

        assert answer(token).status_code == 404
        assert NoticeSettings.objects.get(user=krm.user).calendar_made_at is None

    def test_of_a_closed_account_is_unknown(self, krm):
        token = new_calendar_address(by=krm)
        User.objects.filter(pk=krm.user_id).update(is_active=False)

        assert answer(token).status_code == 404

    @pytest.mark.parametrize("token", ["x" * 43, "0", "ä" * 43, "%00", "x" * 5000, "..%2F", "%ED%A0%80"])
    def test_made_up_ones_are_unknown_and_teach_nothing(self, krm, token):
        new_calendar_address(by=krm)
        response = Client().get(f"/kalender/{token}.ics")

        assert (response.status_code, response.headers["Content-Type"]) in [
            (404, "text/plain; charset=utf-8"),
            (404, "text/html; charset=utf-8"),  # no such address at all
        ]

    def test_hash_itself_opens_nothing(self, krm):
        new_calendar_address(by=krm)

        assert answer(NoticeSettings.objects.get().calendar_hash).status_code == 404

    @pytest.mark.parametrize("known", [True, False])
    def test_answer_is_private_and_sets_no_cookie(self, krm, known):
        response = answer(new_calendar_address(by=krm) if known else "unbekannt")

        assert response.headers["Cache-Control"] == "private, no-store"
        assert response.headers["X-Robots-Tag"] == "noindex"
        assert not response.cookies

    def test_nothing_is_done_by_it(self, krm):
        token = new_calendar_address(by=krm)

        assert Client().post(reverse("cases:calendar_feed", args=[token])).status_code == 405

    def test_log_names_the_route_and_never_the_secret(self, krm, caplog):
        token = new_calendar_address(by=krm)
        revoke_calendar_address(by=krm)
        with caplog.at_level(logging.INFO):
            answer(token)
        written = [JsonLine().format(record) for record in caplog.records]

        assert ["/kalender/….ics" in line for line in written] == [True]
        assert token not in "".join(written)


class TestSettingsPage:
    def post(self, name: str, **kwargs):
        client = Client()
        client.force_login(user("krm"))
        return client.post(reverse(f"cases:{name}"), **kwargs)

    def test_address_is_shown_once_and_works(self, krm):
        made = self.post("calendar_new")
        address = made.context["address"]
        client = Client()
        client.force_login(krm.user)
        again = client.get(reverse("cases:notice_settings")).content.decode()

        assert address.startswith("http://testserver/kalender/")
        assert f'value="{address}" readonly' in made.content.decode()
        assert Client().get(address).status_code == 200
        assert address not in again
        assert "Sie haben eine Kalenderadresse seit Mo 23.11.2026, 09:00 Uhr." in again

    def test_revoking_ends_it_and_offers_a_new_one(self):
        address = self.post("calendar_new").context["address"]
        page = self.post("calendar_revoke", follow=True).content.decode()

        assert Client().get(address).status_code == 404
        assert "Die Kalenderadresse ist widerrufen" in page
        assert "Kalenderadresse anlegen" in page
        assert "Adresse widerrufen" not in page

    def test_choice_of_mails_stays(self, krm):
        NoticeSettings.objects.create(user=krm.user, mail="weekly")
        self.post("calendar_new")
        self.post("calendar_revoke")

        assert NoticeSettings.objects.get(user=krm.user).mail == "weekly"


class TestContent:
    def test_event_is_a_day_with_reference_and_address_and_nothing_personal(self, krm):
        case = accept(by=krm, case=make.case(krm))
        deadline = case.deadlines.get(kind="closure")
        token = new_calendar_address(by=krm)
        raw = answer(token).content
        calendar = Calendar.from_ical(raw)
        event = next(e for e in calendar.walk("VEVENT") if "Abschluss" in e["SUMMARY"])

        assert (calendar["VERSION"], calendar["METHOD"]) == ("2.0", "PUBLISH")
        assert calendar["PRODID"]
        assert raw.startswith(b"BEGIN:VCALENDAR\r\n")
        assert event["SUMMARY"] == f"Frist Abschluss {case.reference}"
        assert (event["DTSTART"].dt, event["DTEND"].dt) == (deadline.due_on, deadline.due_on + timedelta(days=1))
        assert event["DTSTART"].params["VALUE"] == "DATE"
        assert event["DTSTAMP"].dt == NOW
        assert event["UID"] == f"frist-{deadline.pk}@testserver"
        assert event["URL"] == f"http://testserver{case.get_absolute_url()}"
        assert str(event["URL"]) in event["DESCRIPTION"]
        assert event["TRANSP"] == "TRANSPARENT"
        for word in (make.PERSON.last_name, make.PERSON.street, case.subject, "Karin", "Ahrens"):
            assert word not in raw.decode()

    def test_ids_stay_the_same_from_one_look_to_the_next(self, krm):
        accept(by=krm, case=make.case(krm))
        token = new_calendar_address(by=krm)
        first, second = (
            [str(e["UID"]) for e in Calendar.from_ical(answer(token).content).walk("VEVENT")] for _ in range(2)
        )

        assert first == second
        assert len(set(first)) == len(first) == 3

    def test_file_is_for_calendar_programs(self, krm):
        response = answer(new_calendar_address(by=krm))

        assert response.headers["Content-Type"] == "text/calendar; charset=utf-8"
        assert "X-WR-CALNAME:KRM-Fristen\r\n" in response.content.decode()
        for line in ("X-PUBLISHED-TTL:PT1H\r\n", "REFRESH-INTERVAL;VALUE=DURATION:PT1H\r\n"):
            assert line in response.content.decode()

    def test_follow_up_is_called_so_without_what_is_to_be_done(self, krm):
        case = accept(by=krm, case=make.case(krm))
        set_follow_up(by=krm, case=case, working_days=2, task="Frau Öztürk anrufen")

        assert f"Wiedervorlage {case.reference}" in summaries("krm")
        assert "anrufen" not in answer(new_calendar_address(by=krm)).content.decode()

    def test_date_without_a_case_names_its_subject_and_page(self, krm):
        office = Office.objects.get(slug="pankow")
        watch(
            by=krm, office=office, label="Adresse berichtigen", subject="Konto Nr. 17", path="/personen/17/",
            due_on=TODAY, role=Role.SYSADMIN,
        )  # fmt: skip
        (event,) = subscribed("admin").walk("VEVENT")

        assert event["SUMMARY"] == "Frist Adresse berichtigen: Konto Nr. 17"
        assert event["URL"] == "http://testserver/personen/17/"

    def test_number_of_dates_is_bounded_and_those_to_come_go_first(self, krm, monkeypatch):
        monkeypatch.setattr(calendar_feed, "MOST", 3)
        office = Office.objects.get(slug="pankow")
        for days in (-9, -2, 4, 1, 0):
            watch(
                by=krm, office=office, label="Prüfen", subject=f"{days}", due_on=TODAY + timedelta(days),
                assignee=krm.user,
            )  # fmt: skip

        assert summaries("krm") == [f"Frist Prüfen: {days}" for days in (0, 1, 4)]

    def test_asks_as_many_queries_for_one_case_as_for_twenty(
        self, krm, django_assert_max_num_queries, django_assert_num_queries
    ):
        accept(by=krm, case=make.case(krm))
        token = new_calendar_address(by=krm)
        with django_assert_max_num_queries(6) as first:
            answer(token)
        for _ in range(19):
            accept(by=krm, case=make.case(krm))
        with django_assert_num_queries(len(first)):
            assert len(Calendar.from_ical(answer(token).content).walk("VEVENT")) == 60


class TestWhose:
    @pytest.fixture
    def at_unit(self, krm) -> Case:
        return hand_to_unit(by=krm, case=accept(by=krm, case=make.case(krm)), unit=unit("711"), handler=user("ma"))

    def test_unit_has_what_ends_the_case_and_the_desk_all_of_it(self, at_unit):
        assert summaries("ma") == [f"Frist Abschluss {at_unit.reference}"]
        assert summaries("krm2") == [
            f"Frist {kind} {at_unit.reference}" for kind in ("Eingangsbestätigung", "Zwischennachricht", "Abschluss")
        ]
        assert summaries("tl2") == []

    def test_what_is_done_or_fell_away_is_no_date(self, krm):
        case = accept(by=krm, case=make.case(krm))
        case.deadlines.filter(kind="acknowledgement").update(met_on=TODAY, met_by=krm.user)
        case.deadlines.exclude(kind="acknowledgement").update(cancelled_on=TODAY)

        assert summaries("krm") == []

    def test_resting_case_has_only_the_date_on_which_it_goes_on(self, krm):
        case = accept(by=krm, case=make.case(krm))
        pause(
            by=krm, case=case, category="other", reason="Akte beim Gericht", from_on=TODAY,
            planned_until=date(2026, 12, 14),
        )  # fmt: skip

        assert summaries("krm") == [f"Frist Ende des Ruhens {case.reference}"]

    def test_sealed_case_is_never_in_it_not_even_for_those_named(self, krm):
        case = accept(by=krm, case=make.case(krm))
        seal(by=krm, case=case)

        assert own_dates(actor("pankow.krm")).count() == 3
        assert (summaries("krm"), summaries("krm2")) == ([], [])

    def test_case_out_of_sight_is_not_in_it(self, krm):
        case = accept(by=krm, case=make.case(krm))
        asked = watch(by=krm, office=case.office, label="Stellung nehmen", due_on=TODAY, case=case, assignee=user("gf"))
        before = summaries("gf")
        Case.objects.filter(pk=case.pk).update(against_management=True)

        assert (before, summaries("gf")) == ([f"Frist {asked.label} {case.reference}"], [])

    def test_deputy_has_them_as_long_as_she_stands_in(self, krm):
        case = accept(by=krm, case=make.case(krm))
        stands_in = Substitution.objects.create(absent=krm.user, deputy=user("expert"), from_on=TODAY, until_on=TODAY)
        during = summaries("expert")
        stands_in.delete()

        assert f"Frist Abschluss {case.reference}" in during
        assert summaries("expert") == []

    def test_other_offices_have_nothing_of_it(self, at_unit):
        assert not own_dates(actor("gera.krm")).exists()
        assert not own_dates(Actor(user=None, today=TODAY)).exists()

    def test_own_dates_are_those_of_which_one_is_reminded_first(self, krm, at_unit):
        """The same question put to the database at once and to each deadline alone."""
        taken = accept(by=krm, case=make.case(krm))
        Case.objects.filter(pk=taken.pk).update(handler=user("krm2"))
        left = accept(by=krm, case=make.case(krm, unit_id=unit("711").pk))
        Case.objects.filter(pk=left.pk).update(responsible=user("tl"))
        set_follow_up(by=krm, case=at_unit, working_days=2, task="nachfragen")
        watch(by=krm, office=at_unit.office, label="Prüfen", subject="Konto", due_on=TODAY, role=Role.SYSADMIN)
        watch(by=krm, office=at_unit.office, label="Fragen", due_on=TODAY, case=at_unit, assignee=user("tl"))
        watch(by=krm, office=at_unit.office, label="Sehen", due_on=TODAY, case=at_unit, role=Role.MANAGEMENT)
        deadlines = list(Deadline.objects.open().select_related("case"))
        first = ReminderStep(Moment.ON_THE_DAY, (Recipient.RESPONSIBLE,))
        asked = Recipients(Houses(TODAY), deadlines)
        reminded = {(told.user_id, deadline.pk) for deadline in deadlines for told in asked.of(deadline, first)}
        people = User.objects.filter(username__startswith="pankow.")
        dated = {(u.pk, d.pk) for u in people for d in own_dates(actor(u.username))}

        assert dated == reminded
        assert len({user_id for user_id, _ in dated}) == 6
