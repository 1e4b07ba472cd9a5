"""From notices to mails: as each person chose, on Arbeitstagen, without personal data, and nothing where nothing is."""

import re
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cases.deadlines.actions.moving import pause
from cases.deadlines.actions.watch import watch
from cases.handling.actions.assign import accept
from cases.models import Deadline, Mail, Notice, NoticeSettings
from cases.notices.actions.sweep import sweep
from cases.notices.reading.mail import compose_mail
from cases.outbox.actions.mailing import ComposeReport, compose
from cases.rules.reminders import MailChoice
from offices.models import Membership, Office, Substitution, User
from offices.roles import Role
from tests.cast import TODAY, actor
from tests.make import PERSON, answered, case, nothing_asked

pytestmark = [pytest.mark.both_databases, pytest.mark.usefixtures("house")]
BERLIN = ZoneInfo("Europe/Berlin")
DUE = date(2026, 12, 7)  # the closure of a Pankow letter of TODAY


def at(day: date, hour: int = 8) -> datetime:
    return datetime(day.year, day.month, day.day, hour, tzinfo=BERLIN)


def run(day: date, hour: int = 8) -> list[tuple[str, str]]:
    """One round; (to whom, subject) of the mails it made."""
    before = list(Mail.objects.values_list("pk", flat=True))
    sweep(at(day, hour))
    compose(at(day, hour))
    made = Mail.objects.exclude(pk__in=before).select_related("to").order_by("to__username")
    return [(mail.to.username, mail.subject) for mail in made]


def choose(username: str, choice: MailChoice) -> None:
    NoticeSettings.objects.create(user=User.objects.get(username=username), mail=choice)


def is_away(absent: str, deputy: str, from_on: date, until_on: date) -> None:
    people = {"absent": User.objects.get(username=absent), "deputy": User.objects.get(username=deputy)}
    Substitution.objects.create(**people, from_on=from_on, until_on=until_on)


def nothing_more_to_tell() -> None:
    Deadline.objects.update(next_step_on=None)


@pytest.fixture
def matter():
    """Only the closure is open; whose it is can be told in a word."""
    desk = actor("pankow.krm")
    matter = accept(by=desk, case=case(desk))
    matter.deadlines.exclude(kind=Deadline.Kind.CLOSURE).update(cancelled_on=TODAY)
    nothing_asked()
    return matter


class TestText:
    def test_it_names_file_reference_and_dates_and_links_to_the_case(self, matter, settings):
        settings.BASE_URL = "https://krm.example"
        assert run(DUE) == [("pankow.krm", f"KRM: Abschluss {matter.reference} heute fällig")]
        mail = Mail.objects.get()
        assert f"- Abschluss {matter.reference}, fällig am 07.12.2026" in mail.text
        assert f"https://krm.example{matter.get_absolute_url()}" in mail.text
        assert mail.address == "krm@pankow.example" or mail.address == User.objects.get(username="pankow.krm").email

    def test_it_holds_no_personal_data_of_anybody(self, matter):
        Substitution.objects.create(
            absent=User.objects.get(username="pankow.krm"),
            deputy=User.objects.get(username="pankow.krm2"),
            from_on=TODAY,
            until_on=DUE,
        )
        run(DUE)
        mail = Mail.objects.get()
        assert "(in Vertretung)" in mail.text
        staff = {name for user in User.objects.all() for name in (user.first_name, user.last_name)}
        words = f"{mail.subject}\n{mail.text}"
        for name in {PERSON.first_name, PERSON.last_name, PERSON.street, matter.subject, *staff}:
            assert name not in words

    def test_several_deadlines_are_one_mail_the_most_urgent_first(self, matter):
        other = accept(by=actor("pankow.krm"), case=case(actor("pankow.krm")))
        Deadline.objects.filter(case=other).update(due_on=DUE - timedelta(days=4))
        subjects = dict(run(DUE))
        assert subjects["pankow.krm"] == "KRM: 4 Fristen, davon 3 überfällig"
        text = Mail.objects.get(to__username="pankow.krm").text
        assert text.index("Überfällig") < text.index(other.reference) < text.index("Heute fällig")


class TestWhen:
    def test_nothing_new_is_no_mail(self, matter):
        assert run(DUE) != []
        assert run(DUE, 9) == []
        assert run(TODAY, 9) == []

    def test_what_was_done_meanwhile_is_not_mailed(self, matter):
        sweep(at(DUE))
        answered(actor("pankow.krm", DUE), matter)
        assert compose(at(DUE)).made == 0
        assert set(Notice.objects.values_list("mailing", flat=True)) == {Notice.Mailing.NONE}

    def test_what_went_out_of_sight_meanwhile_is_not_mailed(self, matter):
        sweep(at(DUE))
        matter.complained_about.create(user=User.objects.get(username="pankow.krm"))
        assert compose(at(DUE)).made == 0

    @pytest.mark.parametrize(("day", "hour"), [(date(2026, 12, 5), 9), (date(2026, 12, 25), 9), (DUE, 6)])
    def test_only_on_arbeitstagen_from_the_hour_on(self, matter, day, hour):
        sweep(at(date(2026, 12, 3)))
        assert compose(at(day, hour)).made == 0
        nothing_more_to_tell()
        assert compose(at(DUE, 7)).made == 1

    def test_once_a_day(self, matter):
        choose("pankow.krm", MailChoice.DAILY)
        assert len(run(DUE)) == 1
        case(actor("pankow.krm", DUE), kind="petition", received_on=DUE)  # to be presented today
        assert [who for who, _ in run(DUE, 10)] == ["pankow.krm2"]
        assert "pankow.krm" in [who for who, _ in run(date(2026, 12, 8))]

    def test_once_a_week_but_overdue_in_ones_own_hands_at_once(self, matter):
        choose("pankow.krm", MailChoice.WEEKLY)
        assert len(run(date(2026, 12, 3))) == 1  # the first of the week
        Deadline.objects.filter(case=matter).update(next_step_on=date(2026, 12, 4), due_on=date(2026, 12, 4))
        assert run(date(2026, 12, 4)) == []  # due today: waits for Monday
        monday = dict(run(date(2026, 12, 7)))
        assert "2 Fristen" not in monday["pankow.krm"]
        assert "überfällig" in monday["pankow.krm"]
        assert "pankow.krm" in dict(run(date(2026, 12, 9)))

    def test_not_at_all_but_overdue_in_ones_own_hands(self, matter):
        choose("pankow.krm", MailChoice.NEVER)
        choose("pankow.gf", MailChoice.NEVER)
        assert run(DUE) == []
        assert [who for who, _ in run(date(2026, 12, 10))] == ["pankow.krm"]
        assert Notice.objects.told().filter(recipient__username="pankow.gf", mailing=Notice.Mailing.NONE).exists()


class TestMeanwhile:
    """Between notice and mail something changes."""

    def test_who_went_away_is_represented(self, matter):
        choose("pankow.krm", MailChoice.WEEKLY)
        assert len(run(date(2026, 12, 3))) == 1
        Deadline.objects.filter(case=matter).update(due_on=date(2026, 12, 4), next_step_on=date(2026, 12, 4))
        assert run(date(2026, 12, 4)) == []  # waits for Monday
        is_away("pankow.krm", "pankow.krm2", date(2026, 12, 5), date(2026, 12, 11))
        nothing_more_to_tell()

        compose(at(DUE))

        [mail] = Mail.objects.filter(created_at=at(DUE))
        assert mail.to.username == "pankow.krm2"
        assert "(in Vertretung)" in mail.text
        assert not Notice.objects.to_mail().exists()

    def test_who_is_back_gets_what_waited_for_the_deputy(self, matter):
        choose("pankow.krm2", MailChoice.WEEKLY)
        is_away("pankow.krm", "pankow.krm2", TODAY, date(2026, 12, 4))
        assert [who for who, _ in run(date(2026, 12, 3))] == ["pankow.krm2"]
        Deadline.objects.filter(case=matter).update(due_on=date(2026, 12, 4), next_step_on=date(2026, 12, 4))
        assert run(date(2026, 12, 4)) == []
        nothing_more_to_tell()

        compose(at(DUE))

        [mail] = Mail.objects.filter(created_at=at(DUE))
        assert (mail.to.username, "in Vertretung" in mail.text) == ("pankow.krm", False)

    def test_who_may_not_see_the_case_is_not_put_in_place(self, matter):
        matter.complained_about.create(user=User.objects.get(username="pankow.krm2"))
        choose("pankow.krm", MailChoice.WEEKLY)
        run(date(2026, 12, 3))
        Deadline.objects.filter(case=matter).update(due_on=date(2026, 12, 4), next_step_on=date(2026, 12, 4))
        run(date(2026, 12, 4))
        is_away("pankow.krm", "pankow.krm2", date(2026, 12, 5), date(2026, 12, 11))
        nothing_more_to_tell()

        compose(at(DUE))

        assert [mail.to.username for mail in Mail.objects.filter(created_at=at(DUE))] == ["pankow.krm"]

    def test_what_rests_meanwhile_is_not_mailed(self, matter):
        sweep(at(DUE))
        pause(by=actor("pankow.krm", DUE), case=matter, category="other", reason="Akte beim Gericht", from_on=DUE)
        assert compose(at(DUE)).made == 0

    def test_a_mail_that_nobody_tried_is_replaced_by_one_that_tells_all(self, matter):
        for day in (date(2026, 12, 3), DUE, date(2026, 12, 8)):  # the mail server is away all the time
            run(day)
        [mail] = Mail.objects.filter(to__username="pankow.krm")
        assert mail.subject == f"KRM: Abschluss {matter.reference} überfällig"
        assert mail.text.count(matter.reference) == 2  # the deadline once, and its address
        assert mail.notices.count() == 3

    def test_a_mail_that_was_tried_stays_as_it_is(self, matter):
        run(date(2026, 12, 3))
        tried = Mail.objects.get()
        Mail.objects.update(attempts=1)
        run(DUE)
        assert set(Mail.objects.filter(to__username="pankow.krm").values_list("attempts", flat=True)) == {0, 1}
        assert Mail.objects.get(pk=tried.pk).message_id == tried.message_id

    def test_the_mail_of_the_day_is_not_taken_back_for_what_waits_till_tomorrow(self, matter):
        choose("pankow.krm", MailChoice.DAILY)
        assert len(run(DUE)) == 1
        case(actor("pankow.krm", DUE), kind="petition", received_on=DUE)  # to be presented today
        run(DUE, 10)
        assert [mail.created_at for mail in Mail.objects.filter(to__username="pankow.krm")] == [at(DUE)]


class TestOneMailOfTheDay:
    """It holds what all offices of the person have to tell on that day."""

    def test_it_waits_until_the_sweep_is_done_with_the_office(self, matter):
        choose("pankow.krm", MailChoice.DAILY)
        other = accept(by=actor("pankow.krm"), case=case(actor("pankow.krm")))
        other.deadlines.exclude(kind=Deadline.Kind.CLOSURE).update(cancelled_on=TODAY)
        rows = Deadline.objects.filter(case=other)
        rows.update(next_step_on=None)
        sweep(at(DUE))
        rows.update(next_step_on=DUE)  # as if another worker's sweep had not come to it yet

        assert compose(at(DUE)).made == 0
        assert run(DUE) == [("pankow.krm", "KRM: 2 Fristen")]

    def test_it_does_not_wait_for_a_deadline_that_no_sweep_gets_done_with(self, matter):
        choose("pankow.krm", MailChoice.DAILY)
        broken = case(actor("pankow.krm2"))
        sweep(at(DUE))
        Deadline.objects.filter(case=broken).update(steps=["broken"], next_step_on=DUE)

        report = sweep(at(DUE, 9))

        assert (report.failed > 0, report.troubled) == (True, {matter.office_id})
        assert compose(at(DUE, 9)).made == 0
        assert compose(at(DUE, 9), troubled=report.troubled).made > 0

    def test_it_waits_for_the_office_that_begins_later(self, matter):
        choose("pankow.krm", MailChoice.DAILY)
        gera, krm = Office.objects.get(slug="gera"), User.objects.get(username="pankow.krm")
        Membership.objects.create(user=krm, office=gera, role=Role.KRM_OFFICER, from_on=TODAY)
        for rule_set in gera.rule_sets.all():
            rule_set.document["reminders"]["hour"] = 10
            rule_set.save(update_fields=["document"])

        assert [who for who, _ in run(DUE, 8) if who == "pankow.krm"] == []
        assert [who for who, _ in run(DUE, 10) if who == "pankow.krm"] == ["pankow.krm"]

    def test_what_is_mailed_at_once_does_not_wait_for_another_office(self, matter):
        gera, krm = Office.objects.get(slug="gera"), User.objects.get(username="pankow.krm")
        Membership.objects.create(user=krm, office=gera, role=Role.KRM_OFFICER, from_on=TODAY)
        case(actor("gera.krm"))  # nobody has looked at its deadlines yet

        sweep(at(DUE))
        Deadline.objects.filter(office=gera).update(next_step_on=DUE)
        compose(at(DUE))

        assert f"KRM: Abschluss {matter.reference} heute fällig" in [mail.subject for mail in krm_mails()]


def krm_mails() -> list[Mail]:
    return list(Mail.objects.filter(to__username="pankow.krm"))


class TestFaults:
    def test_a_person_for_whom_it_fails_holds_up_nobody_else(self, matter, monkeypatch, caplog):
        other = accept(by=actor("pankow.krm2"), case=case(actor("pankow.krm2")))
        other.deadlines.exclude(kind=Deadline.Kind.CLOSURE).update(cancelled_on=TODAY)

        def composed(notices, today):
            if notices[0].recipient.username == "pankow.krm":
                raise ValueError("broken")
            return compose_mail(notices, today)

        monkeypatch.setattr("cases.outbox.actions.mailing.compose_mail", composed)
        sweep(at(DUE))

        assert compose(at(DUE)) == ComposeReport(made=1, failed=1)
        assert "lässt sich keine E-Mail zusammenstellen" in caplog.text

    def test_a_long_label_of_another_part_is_cut_in_the_subject(self, matter):
        office = matter.office
        label, subject = "Termin " * 25, "Bericht " * 14
        watch(by=actor("pankow.krm"), office=office, label=label, subject=subject, due_on=DUE, role=Role.KRM_OFFICER)
        run(DUE)
        assert max(len(mail.subject) for mail in Mail.objects.all()) <= 200


class TestCommand:
    def test_a_dry_run_shows_it_and_does_nothing(self, matter, capsys):
        call_command("sweep", at="2026-12-07T08:00", dry_run=True)
        shown = capsys.readouterr().out
        assert f"pankow.krm: Abschluss {matter.reference}, fällig 07.12.2026, heute fällig" in shown
        assert f"E-Mail an pankow.krm: KRM: Abschluss {matter.reference} heute fällig" in shown
        assert "nichts davon ist geschehen" in shown
        assert not Notice.objects.exists()
        assert not Mail.objects.exists()

    def test_a_dry_run_says_what_the_run_does_then_and_locks_and_writes_nothing(self, matter, capsys):
        choose("pankow.krm2", MailChoice.DAILY)
        run(date(2026, 12, 3))  # its mail waits, untried
        for _ in range(2):
            case(actor("pankow.krm2", date(2026, 12, 4)), kind="petition", received_on=date(2026, 12, 4))
        sweep(at(date(2026, 12, 4)))  # waits for a mail
        is_away("pankow.krm", "pankow.krm2", DUE, DUE)

        with CaptureQueriesContext(connection) as queries:
            call_command("sweep", at="2026-12-07T08:00", dry_run=True)
        *foreseen, last = capsys.readouterr().out.splitlines()
        call_command("sweep", at="2026-12-07T08:00")

        writing = re.compile(r"^(INSERT|UPDATE|DELETE)|FOR (NO KEY )?UPDATE")
        assert [query["sql"] for query in queries if writing.search(query["sql"])] == []
        assert last == "Nur gezeigt: nichts davon ist geschehen."
        assert foreseen == capsys.readouterr().out.splitlines()
        assert (
            f"pankow.krm2 i. V. pankow.krm: Abschluss {matter.reference}, fällig 07.12.2026, heute fällig" in foreseen
        )

    def test_what_fails_is_said_by_a_dry_run_too(self, matter):
        Deadline.objects.filter(case=matter).update(steps=["broken"])
        with pytest.raises(CommandError, match="1 Fristen und 0 E-Mails ließen sich nicht bearbeiten"):
            call_command("sweep", at="2026-12-07T08:00", dry_run=True)

    def test_a_run_by_hand_does_it(self, matter, capsys):
        call_command("sweep", at="2026-12-07T08:00")
        assert "1 Fristen angesehen, 1 Mitteilungen, 1 übersprungen, 1 E-Mails" in capsys.readouterr().out
        assert Mail.objects.count() == 1

    def test_a_time_that_is_none_is_refused(self):
        with pytest.raises(CommandError, match="kein Zeitpunkt"):
            call_command("sweep", at="morgen")
