"""Whoever is asked for something by name or role is told: one notice, and as they chose a mail (PAN-19, PAN-21)."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from cases.asking import ask, take_back, tick
from cases.models import Assignment, Deadline, Mail, Notice, NoticeSettings
from cases.notices.reading.page import in_sight, unread_of
from cases.outbox.actions.mailing import compose
from cases.rules.assignments import AssignmentKind
from cases.rules.kinds import Channel
from cases.rules.reminders import MailChoice
from cases.statements.actions.asking import request_statement
from offices.models import Substitution, Unit, User
from tests import make
from tests.cast import TODAY, actor

pytestmark = pytest.mark.usefixtures("house")
NOW = datetime(TODAY.year, TODAY.month, TODAY.day, 10, tzinfo=ZoneInfo("Europe/Berlin"))
DUE = date(2026, 11, 30)


@pytest.fixture
def krm(house):
    return actor("pankow.krm")


@pytest.fixture
def case(krm):
    """Nobody was asked for anything on it yet, and nothing on it is due."""
    made = make.case(krm, channel=Channel.PHONE)
    made.assignments.all().delete()
    Deadline.objects.update(next_step_on=None)
    return made


def person(name: str) -> User:
    return User.objects.get(username=f"pankow.{name}")


def mails() -> list[tuple[str, str]]:
    compose(NOW)
    return list(Mail.objects.order_by("pk").values_list("to__username", "subject"))


def test_a_statement_is_asked_for_by_mail_with_reference_until_when_and_link(krm, case, settings):
    settings.BASE_URL = "https://krm.example"
    unit = Unit.objects.get(office__slug="pankow", number="711")
    (statement,) = request_statement(by=krm, case=case, unit=unit, question="Warum, Frau Öztürk?", due_on=DUE)
    Deadline.objects.update(next_step_on=None)

    assert mails() == [
        ("pankow.lgf", f"KRM: zur Kenntnis nehmen {case.reference} erbeten"),
        ("pankow.tl", f"KRM: Stellungnahme schreiben {case.reference} erbeten"),
    ]

    text = Mail.objects.get(to=person("tl")).text
    assert f"- Stellungnahme schreiben {case.reference}, bis 30.11.2026" in text
    assert f"https://krm.example/stellungnahmen/{statement.pk}/" in text
    assert "Öztürk" not in text


def test_the_words_of_a_task_stay_out_of_the_mail(krm, case):
    ask(case, AssignmentKind.TAKE_NOTE, person("tl"), by=krm, task="Anruf bei Frau Öztürk-Groß")
    assert mails() == [("pankow.tl", f"KRM: zur Kenntnis nehmen {case.reference} erbeten")]
    assert "Öztürk" not in Mail.objects.get().text


def test_the_bereichsleitung_is_told_in_advance_of_a_letter(krm):
    unit = Unit.objects.get(office__slug="pankow", number="711")
    case = make.case(krm, unit_id=unit.pk)
    asked = case.assignments.filter(kind=AssignmentKind.TAKE_NOTE)
    assert asked
    Deadline.objects.update(next_step_on=None)
    for row in asked:
        assert Notice.objects.get(assignment=row).recipient == row.user
        assert row.user.username in [to for to, _ in mails()]


@pytest.mark.parametrize("kind", AssignmentKind)
def test_whatever_is_asked_leaves_one_notice(krm, case, kind):
    asked = ask(case, kind, person("tl"), by=krm, due_on=DUE)
    ask(case, kind, person("tl"), by=krm, due_on=DUE)
    notice = Notice.objects.get()
    assert (notice.assignment, notice.recipient, notice.due_on) == (asked, person("tl"), DUE)
    with pytest.raises(IntegrityError), transaction.atomic():
        Notice.objects.create(
            assignment=asked, recipient=asked.user, office=case.office, urgency="asked", created_at=NOW
        )


def test_nobody_is_told_of_what_they_ask_of_themselves(krm, case):
    ask(case, AssignmentKind.TAKE_NOTE, person("krm"), by=krm)
    assert not Notice.objects.exists()


def test_it_is_mailed_once(krm, case):
    ask(case, AssignmentKind.HANDLE, person("tl"), by=krm)
    assert len(mails()) == 1
    assert len(mails()) == 1


@pytest.mark.parametrize("ends", [take_back, None])
def test_what_has_ended_before_the_mail_is_not_told(krm, case, ends):
    asked = ask(case, AssignmentKind.TAKE_NOTE, person("tl"), by=krm)
    if ends:
        take_back(case, AssignmentKind.TAKE_NOTE, by=krm)
    else:
        tick(by=actor("pankow.tl"), assignment=asked)
    assert mails() == []
    assert unread_of(actor("pankow.tl")).count == 0


def test_whoever_wants_no_mails_finds_it_among_the_notices(krm, case):
    NoticeSettings.objects.create(user=person("tl"), mail=MailChoice.NEVER)
    ask(case, AssignmentKind.HANDLE, person("tl"), by=krm)
    assert mails() == []
    assert unread_of(actor("pankow.tl")).count == 1


def test_who_stands_in_gets_it_in_place_of_who_is_away(krm, case):
    Substitution.objects.create(absent=person("tl"), deputy=person("tl2"), from_on=TODAY, until_on=TODAY)
    ask(case, AssignmentKind.HANDLE, person("tl"), by=krm)
    assert [to for to, _ in mails()] == ["pankow.tl2"]
    assert Notice.objects.get(recipient=person("tl2")).in_place_of == person("tl")


def test_a_mention_of_who_does_not_see_the_case_is_told_nowhere(krm, case):
    ask(case, AssignmentKind.READ_MENTION, person("ma"), by=krm)
    assert mails() == []
    assert not in_sight(actor("pankow.ma")).exists()


def test_reading_one_leaves_the_others_unread_and_leads_to_where_it_is_done(krm, case, client):
    first = ask(case, AssignmentKind.HANDLE, person("tl"), by=krm)
    ask(case, AssignmentKind.TAKE_NOTE, person("tl"), by=krm)
    client.force_login(person("tl"))
    page = client.get(reverse("cases:notices")).content.decode()
    assert f"Nach Verfügung bearbeiten {case.reference}" in page

    notice = Notice.objects.get(assignment__kind=AssignmentKind.TAKE_NOTE)
    answer = client.post(reverse("cases:notice_open", args=[notice.pk]))

    assert answer.url == case.get_absolute_url()
    assert Notice.objects.get(assignment=first).read_at is None
    assert Assignment.objects.open().filter(user=person("tl")).count() == 2
