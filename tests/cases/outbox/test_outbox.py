"""The outbox against a real mail server: what goes out, what waits, what is refused, and who is told of it."""

from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from pathlib import Path
from threading import Barrier

import pytest
from django.conf import settings as krm_settings
from django.db import connection, connections
from django.urls import reverse
from django.utils import timezone

from cases.administration.actions.people import change_person
from cases.deadlines.actions.watch import watch
from cases.models import Deadline, Heartbeat, Mail, Notice
from cases.outbox.actions.sending import ALARM, REFUSED, SendReport, send_due
from cases.rules.reminders import Urgency
from offices.calendars import next_working_day
from offices.models import Membership, User
from offices.queries import calendar_for
from offices.roles import Role
from tests.cast import TODAY, actor
from tests.krm.running import MANAGE, environment, running, wait_until
from tests.mail_server import HANG, PASSWORD
from tests.services import POSTGRESQL_URL
from tests.sink import Sink

pytestmark = [pytest.mark.both_databases, pytest.mark.usefixtures("house")]

NOW = datetime(2026, 11, 23, 9, tzinfo=timezone.get_default_timezone())
MINUTE = timedelta(minutes=1)
LEASE = timedelta(seconds=krm_settings.MAIL_LEASE_SECONDS)


@pytest.fixture(scope="module")
def one_server(tmp_path_factory) -> Iterator[Sink]:
    sink = Sink(tmp_path_factory.mktemp("sink"))
    yield sink
    sink.kill()


@pytest.fixture
def sink(one_server, settings) -> Sink:
    """A mail server that accepts everything, and KRM set to use it."""
    one_server.behave()
    one_server.forget()
    if one_server.process is None:
        one_server.start()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = "127.0.0.1", one_server.port, 1
    settings.DEFAULT_FROM_EMAIL = "KRM <krm@jobcenter.example>"
    return one_server


def person(name: str) -> User:
    return User.objects.get(username=f"pankow.{name}")


def queue(name: str = "krm", *, at: datetime = NOW, **changes) -> Mail:
    """A mail to somebody in Pankow."""
    to = person(name)
    values = {"to": to, "address": to.email, "subject": "KRM: 2 Fristen", "text": "Abschluss PAN-2026-00042\n"}
    return Mail.objects.create(**values | {"created_at": at, "next_try_at": at} | changes)


def now_of(mail: Mail) -> Mail:
    mail.refresh_from_db()
    return mail


def tasks(label: str) -> list[Deadline]:
    return list(Deadline.objects.open().filter(task=label).order_by("pk"))


# What goes out


def test_a_due_mail_goes_out_once(sink):
    mail = queue()

    assert send_due(NOW) == SendReport(sent=1)
    assert send_due(NOW + MINUTE) == SendReport()

    [received] = sink.received()
    assert (received.to, received.sender) == ("krm@pankow.example", "krm@jobcenter.example")
    assert received.message_id == f"<{mail.message_id}@jobcenter.example>"
    assert received.text.strip() == "Abschluss PAN-2026-00042"
    assert set(received.headers) == {
        "Subject", "From", "To", "Date", "Message-ID", "Auto-Submitted", "MIME-Version", "Content-Type",
        "Content-Transfer-Encoding",
    }  # fmt: skip
    assert received.headers["Auto-Submitted"] == "auto-generated"
    assert now_of(mail).state == Mail.State.SENT
    assert NOW <= mail.sent_at < NOW + MINUTE
    assert (mail.attempts, mail.claim, mail.claim_ends_at, mail.error) == (1, None, None, "")


def test_what_is_not_due_yet_waits(sink):
    queue(next_try_at=NOW + MINUTE)

    assert send_due(NOW) == SendReport()
    assert send_due(NOW + MINUTE) == SendReport(sent=1)


def test_the_mails_of_a_run_go_over_one_connection_the_longest_due_first(sink):
    later, earlier = queue("krm", at=NOW - MINUTE), queue("ma", at=NOW - 2 * MINUTE)

    assert send_due(NOW).sent == 2
    assert [mail.message_id for mail in sink.received()] == [
        f"<{mail.message_id}@jobcenter.example>" for mail in (earlier, later)
    ]
    assert len({mail.connection for mail in sink.received()}) == 1


def test_a_server_that_hangs_up_after_some_mails_gets_the_rest_over_another_connection(sink):
    sink.behave(closes_after=2)
    for _ in range(5):
        queue()

    assert send_due(NOW) == SendReport(sent=5)
    assert sorted(Counter(mail.connection for mail in sink.received()).values()) == [1, 2, 2]


def test_a_run_ends_at_its_limit_and_the_next_goes_on(sink):
    for _ in range(3):
        queue()

    assert [send_due(NOW, limit=2).sent, send_due(NOW, limit=2).sent] == [2, 1]
    assert len(sink.received()) == 3


def test_signs_in_where_the_server_wants_it(sink, settings):
    settings.EMAIL_HOST_USER, settings.EMAIL_HOST_PASSWORD = "krm", PASSWORD
    queue()

    assert send_due(NOW).sent == 1


# Who is sending


def test_a_claimed_mail_is_left_alone_until_its_sender_counts_as_dead(sink):
    mail = queue(claim="5a7d4e0e-9f55-4b0a-8a55-0d5f0c7b2f11", claim_ends_at=NOW + LEASE, attempts=1)

    assert send_due(NOW + LEASE - timedelta(seconds=5)) == SendReport()
    assert send_due(NOW + LEASE) == SendReport(sent=1)
    assert now_of(mail).attempts == 2


@pytest.mark.django_db(transaction=True)
def test_several_senders_at_once_send_each_mail_once(sink):
    senders, mails = 4, 40
    for _ in range(mails):
        queue()
    start = Barrier(senders)

    def send(_number: int) -> SendReport:
        start.wait()
        try:
            return send_due(NOW)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(senders) as pool:
        reports = list(pool.map(send, range(senders)))

    assert sum(report.sent for report in reports) == mails
    assert set(Counter(mail.message_id for mail in sink.received()).values()) == {1}
    assert Mail.objects.filter(state=Mail.State.SENT, attempts=1).count() == mails


@pytest.mark.django_db(transaction=True)
def test_a_mail_whose_sender_was_killed_is_sent_again_under_its_id(sink, tmp_path):
    began_at = timezone.now()
    mail = queue(at=began_at)
    sink.behave(accepted=HANG)

    with running([*MANAGE, "shell", "-c", SEND], tmp_path / "log", same_database(tmp_path, sink)) as sender:
        wait_until(sink.received, "mail accepted")
        sender.kill()
        sender.wait()
    sink.behave()
    killed_at = timezone.now()

    assert now_of(mail).state == Mail.State.QUEUED
    assert began_at + LEASE < mail.claim_ends_at < killed_at + LEASE
    assert send_due(began_at + LEASE) == SendReport()
    assert send_due(killed_at + LEASE) == SendReport(sent=1)
    assert [received.message_id for received in sink.received()] == [f"<{mail.message_id}@jobcenter.example>"] * 2
    assert now_of(mail).state == Mail.State.SENT


SEND = "from cases.tasks import send_mail; send_mail()"


def same_database(data_dir: Path, sink: Sink) -> dict[str, str]:
    """The environment of a process of KRM on the database of this test."""
    name = connection.settings_dict["NAME"]
    mail = {"EMAIL_HOST": "127.0.0.1", "EMAIL_PORT": str(sink.port), "DEFAULT_FROM_EMAIL": "krm@jobcenter.example"}
    if connection.vendor == "postgresql":
        return environment(data_dir, DATABASE_URL=f"{POSTGRESQL_URL.rpartition('/')[0]}/{name}", **mail)
    (data_dir / "krm.sqlite3").symlink_to(name)
    return environment(data_dir, **mail)


# The server takes nothing


def no_server(sink: Sink, settings) -> None:
    sink.kill()


def wrong_password(sink: Sink, settings) -> None:
    settings.EMAIL_HOST_USER, settings.EMAIL_HOST_PASSWORD = "krm", "das falsche"


def no_tls(sink: Sink, settings) -> None:
    settings.EMAIL_USE_TLS = True


OUTAGES = [
    (no_server, "ConnectionRefusedError 111"),
    (wrong_password, "SMTPAuthenticationError 535"),
    (no_tls, "SMTPNotSupportedError"),
    ({"greeting": "421 4.3.2 busy"}, "SMTPConnectError 421"),
    ({"greeting": "554 5.7.1 not you"}, "SMTPConnectError 554"),
    ({"greeting": HANG}, "SMTPServerDisconnected"),
    ({"sender": "451 4.3.0 later"}, "SMTPSenderRefused 451"),
    ({"sender": "554 5.7.1 not you"}, "SMTPSenderRefused 554"),
    ({"sender": HANG}, "SMTPServerDisconnected"),
    ({"recipients": {"*": "421 4.4.2 closing"}}, "SMTPRecipientsRefused 421"),
    ({"data": "421 4.4.2 closing"}, "SMTPDataError 421"),
]


@pytest.mark.parametrize(("outage", "error"), OUTAGES, ids=[error for _, error in OUTAGES])
def test_while_the_server_takes_nothing_all_mails_wait_and_one_tries(sink, settings, outage, error):
    tried, other, later = queue(), queue("ma"), queue("tl", next_try_at=NOW + 10 * MINUTE)
    outage(sink, settings) if callable(outage) else sink.behave(**outage)

    assert send_due(NOW) == SendReport(delayed=2)

    assert sink.received() == []
    for mail in (now_of(tried), now_of(other)):
        assert (mail.state, mail.error, mail.claim) == (Mail.State.QUEUED, f"Mailserver: {error}", None)
        assert NOW + 0.75 * MINUTE <= mail.next_try_at <= NOW + 1.2 * MINUTE  # with the seconds it took
    assert [tried.attempts, other.attempts] == [1, 0]
    assert tried.next_try_at == other.next_try_at
    assert (now_of(later).next_try_at, later.error) == (NOW + 10 * MINUTE, "")
    assert tasks(REFUSED) == []


@pytest.mark.django_db(transaction=True)
def test_an_outage_needs_no_transaction_around_it(sink):
    """As a worker sends: every statement stands for itself unless the sender says otherwise."""
    sink.behave(greeting="421 4.3.2 busy")
    tried, other = queue(), queue("ma")

    assert send_due(NOW) == SendReport(delayed=2)

    assert now_of(tried).next_try_at == now_of(other).next_try_at > NOW
    assert set(Heartbeat.objects.values_list("name", flat=True)) == {"mail", "outage"}


@pytest.mark.parametrize("behaviour", [{"recipients": {"*": "550 5.1.1 nobody"}}, {}], ids=["refuses", "takes"])
def test_a_server_that_answers_has_no_outage_any_more(sink, behaviour):
    sink.behave(greeting="421 4.3.2 busy")
    queue()
    send_due(NOW)
    sink.behave(**behaviour)

    send_due(NOW + 2 * MINUTE)

    assert not Heartbeat.objects.filter(name="outage").exists()


def test_the_pauses_grow_with_the_outage_and_one_alarm_is_raised(sink):
    sink.behave(greeting="421 4.3.2 busy")
    mail, now, pauses = queue(), NOW, []
    admins = list(Membership.objects.filter(role=Role.SYSADMIN).order_by("office").values_list("office", flat=True))

    while now < NOW + timedelta(hours=6):
        queue("ma", at=now)
        assert send_due(now).sent == 0
        lasted, pause = now - NOW, Mail.objects.get(pk=mail.pk).next_try_at - now
        assert (
            0.75 * max(MINUTE, min(lasted, 30 * MINUTE)) <= pause <= max(MINUTE, min(lasted, 30 * MINUTE)) + MINUTE / 6
        )
        assert len(tasks(ALARM)) == (len(admins) if lasted >= 30 * MINUTE else 0)
        pauses.append(pause)
        now += pause

    assert max(pauses) > 22 * MINUTE
    assert len(pauses) < 30
    assert sorted(task.office_id for task in tasks(ALARM)) == admins
    assert {(task.role, task.due_on, task.subject) for task in tasks(ALARM)} == {
        (Role.SYSADMIN, TODAY, "keine E-Mail geht hinaus seit 23.11.2026, 09:00 Uhr")
    }


def fail_for(minutes: int, *, since: datetime) -> datetime:
    """Try at the beginning of an outage and when it has lasted so long; when that was."""
    send_due(since)
    now = since + minutes * MINUTE
    Mail.objects.filter(state=Mail.State.QUEUED).update(next_try_at=now)
    send_due(now)
    return now


def test_the_first_mail_taken_ends_the_outage_and_lets_go_what_waited(sink):
    sink.behave(greeting="421 4.3.2 busy")
    for _ in range(3):
        queue()
    now = fail_for(31, since=NOW)
    alarms = tasks(ALARM)
    sink.behave()
    first = queue("ma", at=now + MINUTE)

    assert send_due(now + MINUTE) == SendReport(sent=4)

    assert sink.received()[0].message_id == f"<{first.message_id}@jobcenter.example>"
    assert tasks(ALARM) == []
    assert {now_of(alarm).met_on for alarm in alarms} == {TODAY}


def test_each_outage_has_its_own_alarm(sink):
    queue()
    sink.behave(greeting="421 4.3.2 busy")
    now = fail_for(31, since=NOW)
    first = tasks(ALARM)
    sink.behave()
    send_due(now + timedelta(hours=1))
    sink.behave(greeting="421 4.3.2 busy")
    queue(at=now + timedelta(hours=2))

    fail_for(31, since=now + timedelta(hours=2))

    assert len(first) == len(tasks(ALARM)) == 5
    assert set(first).isdisjoint(tasks(ALARM))


def test_an_alarm_that_somebody_has_ended_by_hand_is_not_raised_again(sink):
    queue()
    sink.behave(greeting="421 4.3.2 busy")
    now = fail_for(31, since=NOW)
    Deadline.objects.filter(task=ALARM).update(met_on=TODAY)

    fail_for(60, since=now)

    assert tasks(ALARM) == []


def test_who_keeps_several_offices_is_alarmed_once(sink, house):
    queue()
    sink.behave(greeting="421 4.3.2 busy")
    pankow = person("admin")
    Membership.objects.filter(role=Role.SYSADMIN).exclude(office=house["gera"]).update(user=pankow)

    fail_for(31, since=NOW)

    assert [task.office.slug for task in tasks(ALARM)] == ["pankow", "gera"]


def test_a_server_that_refuses_every_recipient_for_now_is_an_outage(sink):
    sink.behave(recipients={"*": "450 4.3.2 not now"})
    mails = [queue(), queue("ma")]

    fail_for(31, since=NOW)

    assert [(now_of(mail).state, mail.error) for mail in mails] == [("queued", "SMTPRecipientsRefused 450")] * 2
    assert len(tasks(ALARM)) == 5


def test_a_server_that_relays_nothing_is_an_outage_and_refuses_no_address(sink):
    sink.behave(recipients={"*": "554 5.7.1 relay access denied"})
    mails = [queue(), queue("ma")]

    fail_for(31, since=NOW)

    assert [now_of(mail).state for mail in mails] == ["queued", "queued"]
    assert (len(tasks(ALARM)), tasks(REFUSED)) == (5, [])


def test_a_mail_that_cannot_be_written_waits_and_stops_nobody(sink, settings):
    settings.DEFAULT_FROM_EMAIL = "KRM\n <krm@jobcenter.example>"
    mails = [queue(), queue("ma")]

    assert send_due(NOW) == SendReport(delayed=2)
    assert {(now_of(mail).state, mail.error, mail.attempts) for mail in mails} == {("queued", "ValueError", 1)}


# One mail that is not taken


def test_one_that_is_not_taken_now_waits_longer_each_time_and_the_others_go(sink):
    sink.behave(recipients={"ma@pankow.example": "450 4.2.0 greylisted"})
    slow, now, pauses = queue("ma"), NOW, []
    for _ in range(8):
        queue("krm", at=now)
        assert send_due(now) == SendReport(sent=1, delayed=1)
        pauses.append((now_of(slow).next_try_at - now) / MINUTE)
        now = slow.next_try_at
    sink.behave()

    assert send_due(now) == SendReport(sent=1)
    assert all(0.75 * p <= found <= p + 0.1 for p, found in zip([1, 2, 4, 8, 16, 30, 30, 30], pauses, strict=True))
    assert (now_of(slow).attempts, slow.error, tasks(ALARM)) == (9, "", [])


@pytest.mark.parametrize(
    ("changes", "state"),
    [
        ({}, "refused"),
        ({"created_at": NOW - timedelta(days=4)}, "queued"),
        ({"attempts": 20}, "queued"),
        ({"error": "Mailserver: ConnectionRefusedError 111"}, "queued"),  # it was the server, until now
    ],
    ids=["for good", "four days", "seldom asked", "after an outage"],
)
def test_a_mailbox_that_takes_nothing_for_days_has_its_address_looked_at(sink, changes, state):
    sink.behave(recipients={"ma@pankow.example": "452 4.2.2 mailbox full"})
    queue("krm", at=NOW - MINUTE)
    values = {"created_at": NOW - timedelta(days=6), "attempts": 200, "error": "SMTPRecipientsRefused 452"} | changes
    full = queue("ma", **values)

    send_due(NOW)

    assert (now_of(full).state, len(tasks(REFUSED))) == (state, int(state == "refused"))


def test_where_no_mailbox_takes_anything_for_days_no_address_is_suspected(sink):
    sink.behave(recipients={"*": "452 4.3.1 disk full"})
    mail = queue(created_at=NOW - timedelta(days=6), attempts=200, error="SMTPRecipientsRefused 452")

    send_due(NOW)

    assert (now_of(mail).state, tasks(REFUSED)) == ("queued", [])


ADDRESS_REFUSED = [
    {"recipients": {"ma@pankow.example": "550 5.1.1 ma@pankow.example: unknown"}},
    {"recipients": {"ma@pankow.example": "550 no such user"}},
    {"recipients": {"ma@pankow.example": "553 not allowed"}},
]


@pytest.mark.parametrize("behaviour", ADDRESS_REFUSED)
def test_a_refused_address_becomes_a_task_for_the_technical_administration(sink, house, behaviour):
    sink.behave(**behaviour)
    refused, _ = queue("ma"), queue("krm")

    assert send_due(NOW) == SendReport(sent=1, refused=1)

    assert (now_of(refused).state, refused.error[:22], refused.claim) == ("refused", "SMTPRecipientsRefused ", None)
    [task] = tasks(REFUSED)
    assert (task.office, task.role, task.due_on) == (house["pankow"], Role.SYSADMIN, TODAY)
    assert task.subject == f"Person Nr. {person('ma').pk}"
    assert task.get_absolute_url() == reverse("cases:person", args=[person("ma").pk])
    assert tasks(ALARM) == []


@pytest.mark.parametrize("address", ["", "ma@pankow", "ma@pankow.example\nBcc: x@y.example", "Frau Meier"])
def test_an_address_that_is_none_is_not_tried(sink, address):
    User.objects.filter(username="pankow.ma").update(email=address)
    mail = queue("ma", address=address)

    assert send_due(NOW) == SendReport(refused=1)
    assert (now_of(mail).state, mail.error, len(tasks(REFUSED))) == ("refused", "keine gültige Adresse", 1)


def test_there_is_one_task_for_each_person(sink):
    sink.behave(recipients={"*": "550 5.1.1 unknown"})
    for name in ("ma", "ma", "krm"):
        queue(name)
    send_due(NOW)
    queue("ma", at=NOW + MINUTE)

    assert send_due(NOW + MINUTE) == SendReport(refused=1)
    assert len(tasks(REFUSED)) == 2


def test_what_is_refused_for_good_while_others_get_through_is_the_address(sink):
    sink.behave(recipients={"ma@pankow.example": "554 5.7.1 rejected"})
    mail = queue("ma")
    assert send_due(NOW) == SendReport(delayed=1)
    queue("krm", at=NOW + MINUTE / 3)
    assert send_due(NOW + MINUTE / 3) == SendReport(sent=1)

    assert send_due(NOW + MINUTE) == SendReport(refused=1)
    assert (now_of(mail).state, len(tasks(REFUSED))) == ("refused", 1)


# The address is corrected


def change_address(name: str, address: str) -> None:
    changed = person(name)
    changed.email = address
    change_person(by=actor("pankow.admin"), person=changed, changed=["E-Mail"])


def notice_of(mail: Mail, **changes) -> Notice:
    office = Membership.objects.get(user=mail.to).office
    deadline = watch(
        by=actor("pankow.admin"), office=office, label="Bericht", subject="K", due_on=TODAY, assignee=mail.to
    )
    values = {
        "step": 0,
        "urgency": Urgency.TODAY,
        "recipient": mail.to,
        "created_at": NOW,
        "mailing": "mailed",
    } | changes
    return Notice.objects.create(deadline=deadline, office=office, due_on=TODAY, mail=mail, **values)


def test_a_new_address_ends_the_task_and_gets_what_is_still_open(sink, house):
    sink.behave(recipients={"ma@pankow.example": "550 5.1.1 unknown"})
    unread, read, without = queue("ma"), queue("ma"), queue("ma")
    notice_of(unread)
    notice_of(read, read_at=NOW)
    send_due(NOW)
    waiting = queue("ma")

    change_address("ma", "neu@pankow.example")

    assert tasks(REFUSED) == []
    assert [now_of(mail).state for mail in (unread, read, without)] == ["queued", "refused", "refused"]
    day = next_working_day(calendar_for(house["pankow"]), timezone.localdate())
    assert send_due(NOW.replace(day.year, day.month, day.day)).sent == 2
    assert {(mail.to, mail.message_id) for mail in sink.received()} == {
        ("neu@pankow.example", f"<{mail.message_id}@jobcenter.example>") for mail in (unread, waiting)
    }


def test_what_was_done_before_its_turn_does_not_go_out(sink):
    done, open_one = queue(), queue()
    notice_of(done)
    notice_of(open_one)
    Deadline.objects.filter(pk=done.notices.get().deadline_id).update(met_on=TODAY)

    assert send_due(NOW) == SendReport(sent=1, dropped=1)

    assert [now_of(mail).state for mail in (done, open_one)] == ["dropped", "sent"]
    assert [mail.message_id for mail in sink.received()] == [f"<{open_one.message_id}@jobcenter.example>"]


@pytest.mark.parametrize(
    ("queued", "goes_out"),
    [
        ("2026-11-28T22:00", "2026-11-30T07:00"),  # Saturday evening: Monday
        ("2026-12-25T00:10", "2026-12-28T07:00"),
        ("2026-11-30T05:00", "2026-11-30T07:00"),
    ],
)
def test_it_waits_until_the_office_is_at_work(sink, queued, goes_out):
    queued, goes_out = (timezone.make_aware(datetime.fromisoformat(moment)) for moment in (queued, goes_out))
    mail = queue(at=queued)
    notice_of(mail)

    assert send_due(queued) == SendReport()
    assert now_of(mail).next_try_at == goes_out
    assert send_due(goes_out - MINUTE) == SendReport()
    assert send_due(goes_out) == SendReport(sent=1)


@pytest.mark.parametrize("change", ["name", "address removed"])
def test_without_a_new_address_the_task_stays(sink, change):
    sink.behave(recipients={"*": "550 5.1.1 unknown"})
    queue("ma")
    send_due(NOW)

    if change == "address removed":
        change_address("ma", "")
    else:
        changed = person("ma")
        changed.first_name = "Mara"
        change_person(by=actor("pankow.admin"), person=changed, changed=["Vorname"])

    assert len(tasks(REFUSED)) == 1


def test_an_address_corrected_during_the_attempt_gets_the_mail_and_is_no_task(sink):
    sink.behave(recipients={"ma@pankow.example": "550 5.1.1 unknown"})
    mail = queue("ma")
    User.objects.filter(username="pankow.ma").update(email="neu@pankow.example")  # the mail still has the old one

    assert send_due(NOW) == SendReport(sent=1, delayed=1)
    assert (now_of(mail).state, mail.address, tasks(REFUSED)) == ("sent", "neu@pankow.example", [])
