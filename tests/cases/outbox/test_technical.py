"""The page of the technical administration, and what can be done there: mails once more, tasks ticked off."""

from datetime import timedelta

import pytest
from django.core import mail as django_mail
from django.urls import reverse
from django.utils import timezone

from cases.administration.actions.people import change_person
from cases.deadlines.actions.watch import watch
from cases.models import Deadline, Event, Mail
from cases.outbox.actions.heartbeat import beat
from cases.outbox.actions.queue import try_again, try_all_again
from cases.outbox.actions.sending import send_due
from offices.errors import NotAllowed
from offices.models import Office, User
from offices.queries import Actor
from offices.roles import Role
from tests.cast import TODAY, actor

pytestmark = pytest.mark.usefixtures("house")
REFUSED = {"state": Mail.State.REFUSED, "attempts": 1, "error": "SMTPRecipientsRefused 550"}


@pytest.fixture
def admin() -> Actor:
    return actor("pankow.admin")


@pytest.fixture
def desk(client, admin):
    client.force_login(admin.user)
    return client


def person(username: str) -> User:
    return User.objects.get(username=username)


def queued(username: str = "pankow.krm", *, minutes: int = 20, **changes) -> Mail:
    """A mail that waits for its next try in so many minutes."""
    now = timezone.now()
    values = {"to": person(username), "address": "alt@krm.example", "subject": "Betreff 4711", "text": "Wortlaut 4712"}
    later = {"created_at": now, "next_try_at": now + timedelta(minutes=minutes), "attempts": 2}
    return Mail.objects.create(**values | later | changes)


def task(office, **changes) -> Deadline:
    values = {"label": "Adresse abgewiesen", "subject": "Person Nr. 9", "path": "/personen/9/", "role": Role.SYSADMIN}
    return watch(by=Actor(user=None, today=TODAY), office=office, due_on=TODAY, **values | changes)


def text_of(desk) -> str:
    return " ".join(desk.get(reverse("technical")).content.decode().split())


class TestPage:
    def test_each_part_stands_there_with_state_meaning_and_remedy(self, desk):
        beat("sweep", timezone.now())
        Office.objects.create(slug="zentrale", name="Zentrale", code="ZEN", state="BY")
        text = text_of(desk)
        parts = text.split('class="krm-health__part"')

        assert [part.partition("<h3>")[2].partition("</h3>")[0] for part in parts[1:]] == [
            "Datenbank", "Broker", "Hintergrundarbeit", "Fristenlauf", "E-Mails", "Regelwerke", "Feiertage",
            "Speicherplatz", "Dateien",
        ]  # fmt: skip
        assert "in Ordnung" in parts[4]
        assert "Jede Minute sieht KRM nach" in parts[4]
        assert "Was tun, wenn hier etwas gestört ist?" in parts[4]
        assert "Achtung" in parts[6]
        assert "Regionaldirektion Berlin-Brandenburg" in parts[6]  # its rules have expired
        assert "Zentrale" not in parts[6]  # never had any: registers nothing itself

    def test_a_mail_is_told_by_name_state_and_error_but_never_by_its_words_or_address(self, desk):
        queued(error="Mailserver: ConnectionRefusedError 111")
        queued("pankow.gf", **REFUSED)
        text = text_of(desk)
        cells = [row.count("<td") for row in text.partition('id="mails"')[2].split("<tr>")[2:]]

        assert [word for word in ("Karin Ahrens", "verzögert", "ConnectionRefusedError 111") if word not in text] == []
        assert [word for word in ("Gudrun Falk", "abgewiesen", "SMTPRecipientsRefused 550") if word not in text] == []
        assert cells == [6, 6]
        assert [word for word in ("alt@", "4711", "4712", person("pankow.krm").email) if word in text] == []

    def test_sent_mails_and_those_of_other_offices_are_not_there(self, desk):
        queued("gera.krm")
        queued(state=Mail.State.SENT, sent_at=timezone.now())

        assert "Alles versandt" in text_of(desk)

    def test_tasks_of_the_own_office_are_there_until_they_are_done(self, desk, house):
        task(house["gera"], subject="Person Nr. 8")
        own = task(house["pankow"])
        before = text_of(desk)
        done = desk.post(reverse("task_done", args=[own.pk]))
        own.refresh_from_db()

        assert ("Person Nr. 9" in before, "Person Nr. 8" in before) == (True, False)
        assert (done.headers["Location"], own.met_by) == (reverse("technical"), person("pankow.admin"))
        assert "Person Nr. 9" not in text_of(desk)

    def test_only_tasks_of_the_technical_administration_can_be_ticked_off_here(self, desk, house):
        others = task(house["pankow"], role=Role.KRM_OFFICER), task(house["gera"])
        answers = [desk.post(reverse("task_done", args=[other.pk])).status_code for other in others]

        assert answers == [404, 404]
        assert Deadline.objects.open().filter(case=None).count() == 2

    def test_many_mails_cost_no_more_queries(self, desk, django_assert_max_num_queries):
        for minutes in range(40):
            queued(minutes=minutes)
        with django_assert_max_num_queries(30):
            desk.get(reverse("technical"))


class TestTryAgain:
    def test_a_mail_that_waits_is_due_now_and_goes_out_with_the_next_run(self, admin):
        mail = queued()
        before = send_due(timezone.now())
        try_again(by=admin, mail=mail)
        after = send_due(timezone.now())
        [event] = Event.objects.filter(code="mail.again")

        assert (before.sent, after.sent, [sent.to for sent in django_mail.outbox]) == (0, 1, [["alt@krm.example"]])
        assert (event.by, event.data, event.office.slug) == (admin.user, {"mail": mail.pk}, "pankow")

    def test_a_refused_one_goes_to_the_present_address_of_the_person(self, admin):
        mail = try_again(by=admin, mail=queued(**REFUSED))
        mail.refresh_from_db()

        assert (mail.state, mail.address, mail.attempts, mail.error) == (
            Mail.State.QUEUED, person("pankow.krm").email, 0, "",
        )  # fmt: skip
        assert send_due(timezone.now()).sent == 1

    @pytest.mark.parametrize("change", [{"is_active": False}, {"email": ""}])
    def test_nobody_is_written_to_who_cannot_be_reached(self, admin, change):
        mail = queued(**REFUSED)
        ahrens = person("pankow.krm")
        for field, value in change.items():
            setattr(ahrens, field, value)
        change_person(by=admin, person=ahrens, changed=[])
        with pytest.raises(NotAllowed, match="Karin Ahrens hat kein offenes Konto mit einer E-Mail-Adresse"):
            try_again(by=admin, mail=mail)

    @pytest.mark.parametrize("username", ["gera.admin", "pankow.krm", "pankow.gf", "pankow.revision"])
    def test_only_the_technical_administration_of_the_office_may(self, username):
        mail = queued()
        with pytest.raises(NotAllowed, match="wartet nicht mehr"):
            try_again(by=actor(username), mail=mail)
        with pytest.raises(NotAllowed, match="Keine E-Mail wartet"):
            try_all_again(by=actor(username))

    def test_a_mail_that_was_sent_meanwhile_stays_as_it_is(self, admin):
        mail = queued()
        Mail.objects.filter(pk=mail.pk).update(state=Mail.State.SENT, sent_at=timezone.now())
        with pytest.raises(NotAllowed, match="Diese E-Mail wartet nicht mehr"):
            try_again(by=admin, mail=mail)

    def test_all_that_wait_can_be_hurried_at_once_but_nothing_refused(self, desk):
        mails = [queued(), queued("pankow.gf"), queued(minutes=-1), queued("gera.krm"), queued(**REFUSED)]
        answer = desk.post(reverse("mails_again"), follow=True)
        due = Mail.objects.filter(state=Mail.State.QUEUED, next_try_at__lte=timezone.now())

        assert "2 E-Mails werden gleich noch einmal versucht." in answer.content.decode()
        assert set(due) == set(mails[:3])
        assert [event.data for event in Event.objects.filter(code="mail.all_again")] == [{"mails": 2}]

    def test_a_single_one_by_its_button(self, desk):
        mail = queued()
        answer = desk.post(reverse("mail_again", args=[mail.pk]), follow=True)

        assert "Die E-Mail an Karin Ahrens wird gleich noch einmal versucht." in answer.content.decode()
