"""What people see of notices: their list, the count on every page, and how they want to be told."""

import re
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from cases.access import seal
from cases.deadlines.actions.moving import extend, pause
from cases.deadlines.actions.watch import watch
from cases.handling.actions.assign import accept
from cases.models import Case, Deadline, Notice, NoticeSettings
from cases.notices.actions.settings import mark_all_read, mark_read
from cases.notices.reading.page import COUNTED, in_sight, rows_of, unread_of, with_details
from cases.paging import PAGE_SIZE
from cases.rules.reminders import MailChoice, urgency
from offices.errors import NotAllowed
from offices.models import Office, Substitution, User
from offices.queries import Actor
from offices.roles import Role
from tests import make
from tests.cast import TODAY, actor

pytestmark = pytest.mark.usefixtures("house")
NOW = datetime(2026, 11, 23, 9, tzinfo=ZoneInfo("Europe/Berlin"))


@pytest.fixture(autouse=True)
def today(monkeypatch):
    """The pages ask the clock; these tests are about Monday, 23.11.2026."""
    monkeypatch.setattr(timezone, "now", lambda: NOW)


@pytest.fixture
def krm(house) -> Actor:
    return actor("pankow.krm")


def user(name: str) -> User:
    return User.objects.get(username=f"pankow.{name}")


def client_of(name: str) -> Client:
    client = Client()
    client.force_login(user(name))
    return client


def closure(case: Case) -> Deadline:
    return case.deadlines.get(kind=Deadline.Kind.CLOSURE)


def late_case(krm: Actor, **changes) -> Case:
    """Its closure was due on Tue 17.11., four Arbeitstage ago."""
    return accept(by=krm, case=make.case(krm, received_on=date(2026, 11, 3), **changes))


def tell(deadline: Deadline, who: str = "krm", **changes) -> Notice:
    values = {
        "due_on": deadline.due_on,
        "step": Notice.objects.filter(deadline=deadline).count(),
        "urgency": urgency(deadline.due_on, TODAY),
        "recipient": user(who),
        "created_at": NOW - timedelta(hours=2),
        "mailing": Notice.Mailing.NONE,
    }
    return Notice.objects.create(deadline=deadline, office=deadline.office, **values | changes)


def words(html: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


def lines(client: Client, **query) -> list[dict[str, str]]:
    """The rows of the page as one reads them, by column."""
    page = client.get(reverse("cases:notices"), query)
    assert page.status_code == 200
    body = page.content.decode().partition("<tbody>")[2].partition("</tbody>")[0]
    cells = [
        re.findall(r'<t[dh][^>]* data-label="([^"]+)"[^>]*>(.*?)</t[dh]>', row, re.DOTALL)
        for row in body.split("</tr>")
        if row.strip()
    ]
    return [{label: words(cell) for label, cell in row} for row in cells]


class TestList:
    def test_row_says_what_is_due_when_of_which_case_and_no_name(self, krm):
        case = late_case(krm)
        tell(closure(case))

        assert lines(client_of("krm")) == [
            {
                "Worum": f"Ungelesen: Abschluss {case.reference}",
                "Fällig am": "Di 17.11.2026",
                "Frist": "▲ überfällig seit 4 AT",
                "Hinweis": "",
                "Mitgeteilt": "Mo 23.11.2026, 07:00 Uhr",
            }
        ]
        assert make.PERSON.last_name not in client_of("krm").get(reverse("cases:notices")).content.decode()

    def test_raised_notice_for_somebody_absent_says_both(self, krm):
        tell(closure(late_case(krm)), "gf", own_level=False, in_place_of=user("lgf"))

        assert [line["Hinweis"] for line in lines(client_of("gf"))] == [
            f"eine Ebene höher gemeldet in Vertretung von {user('lgf')}"
        ]

    def test_moved_deadline_stands_with_its_new_day_and_names_the_old_one(self, krm):
        case = accept(by=krm, case=make.case(krm))
        tell(closure(case))
        extend(by=krm, deadline=closure(case), new_due_on=date(2026, 12, 11), reason="Rückfrage")
        line = lines(client_of("krm"))[0]

        assert (line["Fällig am"], line["Hinweis"]) == ("Fr 11.12.2026", "verschoben, vorher Mo 07.12.2026")

    def test_newest_comes_first(self, krm):
        cases = [late_case(krm) for _ in range(3)]
        for case in cases:
            tell(closure(case))

        assert [line["Worum"] for line in lines(client_of("krm"))] == [
            f"Ungelesen: Abschluss {case.reference}" for case in reversed(cases)
        ]

    @pytest.mark.parametrize(
        ("ended", "sentence"), [("met_on", "✓ inzwischen erledigt"), ("cancelled_on", "✓ inzwischen entfallen")]
    )
    def test_what_has_ended_says_so_and_is_unread_no_more(self, krm, ended, sentence):
        deadline = closure(late_case(krm))
        tell(deadline)
        Deadline.objects.filter(pk=deadline.pk).update(**{ended: TODAY})
        krm_officer = client_of("krm")

        assert lines(krm_officer) == []
        assert [line["Frist"] for line in lines(krm_officer, zeige="alle")] == [sentence]
        assert unread_of(krm).count == 0

    def test_resting_case_shows_that_it_rests_and_its_follow_up_goes_on(self, krm):
        case = late_case(krm)
        follow_up = watch(by=krm, office=case.office, label="x", due_on=TODAY, case=case)
        Deadline.objects.filter(pk=follow_up.pk).update(kind=Deadline.Kind.FOLLOW_UP)
        tell(closure(case))
        tell(follow_up)
        pause(by=krm, case=case, category="other", reason="Akte beim Gericht", from_on=TODAY)

        assert [line["Frist"] for line in lines(client_of("krm"))] == ["◆ heute", "‖ ruht"]

    def test_deadline_without_a_case_names_its_subject(self, krm):
        office = Office.objects.get(slug="pankow")
        deadline = watch(
            by=krm, office=office, label="E-Mail-Adresse berichtigen", subject="Konto Nr. 17", path="/personen/17/",
            due_on=TODAY, role=Role.SYSADMIN,
        )  # fmt: skip
        tell(deadline, "admin")

        assert [line["Worum"] for line in lines(client_of("admin"))] == [
            "Ungelesen: E-Mail-Adresse berichtigen Konto Nr. 17"
        ]

    def test_nothing_there_says_what_would_be(self):
        page = client_of("krm").get(reverse("cases:notices"))
        everything = client_of("krm").get(reverse("cases:notices"), {"zeige": "alle"})

        assert "Nichts Ungelesenes" in page.content.decode()
        assert "Noch keine Mitteilungen" in everything.content.decode()

    def test_long_list_has_pages(self, krm):
        deadline = closure(late_case(krm))
        for _ in range(PAGE_SIZE + 1):
            tell(deadline)

        assert [len(lines(client_of("krm"), page=n)) for n in (1, 2)] == [PAGE_SIZE, 1]

    def test_page_asks_as_many_queries_for_one_row_as_for_twenty(
        self, krm, django_assert_max_num_queries, django_assert_num_queries
    ):
        tell(closure(late_case(krm)))
        krm_officer = client_of("krm")
        krm_officer.get(reverse("cases:notices"))
        with django_assert_max_num_queries(11) as first:
            krm_officer.get(reverse("cases:notices"))
        for _ in range(19):
            tell(closure(late_case(krm)), in_place_of=user("krm2"))
        with django_assert_num_queries(len(first)):
            krm_officer.get(reverse("cases:notices"))


class TestWhoSeesWhat:
    def test_only_the_person_told_sees_it(self, krm):
        notice = tell(closure(late_case(krm)))

        assert list(in_sight(krm)) == [notice]
        assert list(in_sight(actor("pankow.krm2"))) == []
        assert client_of("krm2").post(reverse("cases:notice_open", args=[notice.pk])).status_code == 404

    def test_steps_passed_over_were_not_told(self, krm):
        tell(closure(late_case(krm)), was_skipped=True)

        assert (list(in_sight(krm)), unread_of(krm).count) == ([], 0)

    def test_notice_of_a_case_that_was_sealed_since_is_gone(self, krm):
        case = late_case(krm)
        notice = tell(closure(case), "krm2")
        seal(by=krm, case=case)
        colleague = client_of("krm2")

        assert lines(colleague, zeige="alle") == []
        assert colleague.post(reverse("cases:notice_open", args=[notice.pk])).status_code == 404
        assert "krm-unread" not in colleague.get("/").content.decode()

    def test_deputy_sees_it_as_long_as_she_stands_in(self, krm):
        deadline, expert = closure(late_case(krm)), user("expert")
        stands_in = Substitution.objects.create(absent=user("krm"), deputy=expert, from_on=TODAY, until_on=TODAY)
        tell(deadline, "expert", in_place_of=user("krm"))
        during = [line["Hinweis"] for line in lines(client_of("expert"))]
        stands_in.delete()

        assert (during, lines(client_of("expert"))) == (["in Vertretung von Karin Ahrens"], [])


class TestReading:
    def test_click_opens_the_case_and_marks_it_read_once(self, krm, monkeypatch):
        case = late_case(krm)
        notice = tell(closure(case))
        krm_officer = client_of("krm")
        response = krm_officer.post(reverse("cases:notice_open", args=[notice.pk]))
        monkeypatch.setattr(timezone, "now", lambda: NOW + timedelta(hours=1))
        krm_officer.post(reverse("cases:notice_open", args=[notice.pk]))
        notice.refresh_from_db()

        assert (response.url, notice.read_at) == (case.get_absolute_url(), NOW)
        assert lines(krm_officer) == []
        assert [line["Worum"] for line in lines(krm_officer, zeige="alle")] == [f"Abschluss {case.reference}"]

    def test_with_it_goes_what_was_told_of_the_deadline_before_and_nothing_else(self, krm):
        deadline = closure(late_case(krm))
        before, notice, after = tell(deadline), tell(deadline), tell(deadline)
        other, of_colleague = tell(closure(late_case(krm))), tell(deadline, "krm2")
        mark_read(by=krm, notice=notice)

        assert set(Notice.objects.filter(read_at=NOW)) == {before, notice}
        assert set(Notice.objects.filter(read_at__isnull=True)) == {after, other, of_colleague}

    @pytest.mark.parametrize(("path", "leads_to"), [("/personen/", "/personen/"), ("", "/mitteilungen/")])
    def test_deadline_without_a_case_leads_to_its_page(self, krm, path, leads_to):
        office = Office.objects.get(slug="pankow")
        deadline = watch(
            by=krm, office=office, label="Prüfen", subject="Adresse", path=path, due_on=TODAY, role=Role.SYSADMIN
        )
        notice = tell(deadline, "admin")

        assert client_of("admin").post(reverse("cases:notice_open", args=[notice.pk])).url == leads_to

    def test_looking_at_the_list_reads_nothing(self, krm):
        notice = tell(closure(late_case(krm)))
        krm_officer = client_of("krm")
        lines(krm_officer)
        answer = krm_officer.get(reverse("cases:notice_open", args=[notice.pk]))
        notice.refresh_from_db()

        assert (answer.status_code, notice.read_at) == (405, None)

    def test_all_are_read_but_what_came_in_since_and_what_others_were_told(self, krm):
        deadline = closure(late_case(krm))
        first, second, others = tell(deadline), tell(deadline), tell(deadline, "krm2")
        krm_officer = client_of("krm")
        page = krm_officer.get(reverse("cases:notices"))
        later = tell(deadline)
        response = krm_officer.post(reverse("cases:notices_read"), {"bis": page.context["newest"]}, follow=True)

        assert "2 Mitteilungen sind als gelesen vermerkt." in response.content.decode()
        assert set(Notice.objects.filter(read_at__isnull=True)) == {others, later}
        assert set(Notice.objects.filter(read_at=NOW)) == {first, second}

    def test_nonsense_reads_nothing(self, krm):
        tell(closure(late_case(krm)))
        client_of("krm").post(reverse("cases:notices_read"), {"bis": "alle"})

        assert unread_of(krm).count == 1

    def test_nobody_reads_for_others(self, krm):
        notice = tell(closure(late_case(krm)))

        with pytest.raises(NotAllowed, match="an jemand anderen"):
            mark_read(by=actor("pankow.krm2"), notice=notice)
        assert mark_all_read(by=actor("pankow.krm2"), until=notice.pk) == 0


class TestCount:
    def header(self, client: Client, path: str = "/rollen/") -> str:
        return words(client.get(path).content.decode().partition("<header")[2].partition("</header>")[0])

    def test_every_page_shows_how_many_are_unread_and_nothing_for_none(self, krm):
        krm_officer = client_of("krm")
        before = self.header(krm_officer)
        tell(closure(late_case(krm)))
        one = self.header(krm_officer)
        tell(closure(late_case(krm)))
        two = self.header(krm_officer)

        assert "Mitteilungen" not in before.partition("Regelwerke")[2]
        assert "1 1 ungelesene Mitteilung Karin Ahrens" in one
        assert "2 2 ungelesene Mitteilungen Karin Ahrens" in two

    def test_many_are_told_as_many(self, krm):
        deadline = closure(late_case(krm))
        some = [tell(deadline) for _ in range(COUNTED)]
        exactly = unread_of(krm)
        tell(deadline)
        tell(deadline)

        assert (len(some), exactly.label, exactly.words) == (COUNTED, "99", "99 ungelesene Mitteilungen")
        assert "99+ mehr als 99 ungelesene Mitteilungen" in self.header(client_of("krm"))

    def test_count_is_one_query(self, krm, django_assert_num_queries):
        tell(closure(late_case(krm)))

        with django_assert_num_queries(1):
            assert unread_of(krm).count == 1

    def test_who_is_not_signed_in_sees_none(self, client):
        page = client.get(reverse("login"))

        assert "unread_notices" not in page.context
        assert "krm-unread" not in page.content.decode()

    def test_rows_cost_one_query_beside_their_own(self, krm, django_assert_num_queries):
        stands_in_for = user("krm2")
        for _ in range(3):
            tell(closure(late_case(krm)), in_place_of=stands_in_for)

        with django_assert_num_queries(2):
            rows = rows_of(with_details(in_sight(krm)), TODAY)
            shown = [(row.matter[:4], row.signal.text, str(row.notice.in_place_of)) for row in rows]
        assert shown == [("PAN-", "überfällig seit 4 AT", str(stands_in_for))] * 3


class TestSettings:
    URL = "/mitteilungen/einstellungen/"

    def test_without_a_choice_mails_come_at_once(self):
        form = client_of("krm").get(self.URL).context["form"]

        assert form["mail"].value() == MailChoice.AT_ONCE
        assert not NoticeSettings.objects.exists()

    @pytest.mark.parametrize("choice", list(MailChoice))
    def test_choice_is_kept(self, choice):
        krm_officer = client_of("krm")
        response = krm_officer.post(self.URL, {"mail": choice}, follow=True)

        assert "Gespeichert." in response.content.decode()
        assert NoticeSettings.objects.get(user=user("krm")).mail == choice
        assert response.context["form"]["mail"].value() == choice

    @pytest.mark.parametrize("sent", [{}, {"mail": "stündlich"}, {"mail": ""}])
    def test_anything_else_is_refused_at_the_field(self, sent):
        response = client_of("krm").post(self.URL, sent or {"x": "1"})

        assert (response.status_code, list(response.context["form"].errors)) == (422, ["mail"])
        assert not NoticeSettings.objects.exists()

    def test_page_says_where_mails_go(self):
        User.objects.filter(username="pankow.krm").update(email="k.ahrens@pankow.example")

        assert "E-Mails gehen an <strong>k.ahrens@pankow.example</strong>" in self.page("krm")

    def test_missing_address_is_said_with_what_to_do(self):
        User.objects.filter(username="pankow.krm").update(email="")
        page = self.page("krm")

        assert "In Ihrem Konto steht keine E-Mail-Adresse." in page
        assert "von der technischen Administration unter „Personen“ eintragen" in page

    def test_what_cannot_be_switched_off_is_said(self):
        assert "Was in Ihrer eigenen Hand liegt und überfällig ist, kommt immer per E-Mail" in self.page("krm")

    def page(self, name: str) -> str:
        return client_of(name).get(self.URL).content.decode()
