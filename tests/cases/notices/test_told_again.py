"""Told again: a date that was changed, to whom it was asked of; and what is open, to whoever stands in from today."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cases.administration.actions.substitutions import enter_substitution
from cases.asking import ask, tick
from cases.deadlines.actions.calendar_change import add_closing, remove_closing
from cases.deadlines.actions.moving import extend, pause, resume
from cases.models import Assignment, Case, Deadline, Mail, Notice
from cases.notices.actions.preview import preview
from cases.notices.actions.standing_in import follow_absences
from cases.notices.actions.sweep import sweep
from cases.notices.reading.page import in_sight, rows_of, with_details
from cases.outbox.actions.mailing import compose
from cases.outbox.actions.sending import send_due
from cases.recusal.actions.complained_about import name_employee
from cases.rules.assignments import AssignmentKind
from cases.rules.directives import PointData, PointKind
from cases.rules.kinds import Channel
from cases.signing.actions import submit_letter
from cases.statements.actions.asking import request_statement
from krm.demo.letters import FILE, directed
from offices.models import Closing, Unit, User
from tests import make
from tests.cast import TODAY, actor

pytestmark = pytest.mark.usefixtures("house")
DUE, LATER, LATEST = date(2026, 11, 30), date(2026, 12, 2), date(2026, 12, 4)
TOMORROW = TODAY + timedelta(days=1)


def at(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 10, tzinfo=ZoneInfo("Europe/Berlin"))


NOW = at(TODAY)


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


@pytest.fixture
def statement(krm, case):
    unit = Unit.objects.get(office__slug="pankow", number="711")
    (made,) = request_statement(by=krm, case=case, unit=unit, question="Warum?", due_on=DUE)
    case.assignments.filter(kind=AssignmentKind.TAKE_NOTE).delete()
    return made


def person(name: str) -> User:
    return User.objects.get(username=f"pankow.{name}")


def mails(now: datetime = NOW) -> list[tuple[str, str]]:
    """What is new for the outbox; nothing is due."""
    last = Mail.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    Deadline.objects.update(next_step_on=None)
    compose(now)
    return list(Mail.objects.filter(pk__gt=last).order_by("pk").values_list("to__username", "subject"))


def asked_of(name: str) -> Assignment:
    return Assignment.objects.open().get(user=person(name))


# A changed date


def test_an_extension_is_told_once_with_both_dates(krm, case, statement):
    assert mails() == [("pankow.tl", f"KRM: Stellungnahme schreiben {case.reference} erbeten")]
    send_due(NOW)

    extend(by=krm, deadline=statement.deadline, new_due_on=LATER, reason="Urlaub")

    assert mails() == [("pankow.tl", f"KRM: Stellungnahme schreiben {case.reference} Datum geändert")]
    assert mails() == []
    text = Mail.objects.latest("pk").text
    assert f"- Stellungnahme schreiben {case.reference}, jetzt bis 02.12.2026, vorher bis 30.11.2026" in text
    rows = rows_of(with_details(in_sight(actor("pankow.tl"))), TODAY)
    assert [(row.notice.due_on, row.formerly_due_on) for row in rows] == [(LATER, DUE), (DUE, DUE)]


def test_each_change_is_told(krm, case, statement):
    mails()
    for day in (LATER, LATEST):
        send_due(NOW)
        extend(by=krm, deadline=Deadline.objects.get(pk=statement.deadline_id), new_due_on=day, reason="Urlaub")
        assert len(mails()) == 1
    assert list(Notice.objects.order_by("pk").values_list("change", "formerly_on", "due_on")) == [
        (0, None, DUE), (1, DUE, LATER), (2, LATER, LATEST),
    ]  # fmt: skip


def test_a_mail_that_waits_does_not_go_out_with_the_old_date(krm, case, statement):
    mails()
    extend(by=krm, deadline=statement.deadline, new_due_on=LATER, reason="Urlaub")
    assert send_due(NOW).dropped == 1


def test_what_else_such_a_mail_tells_goes_out_without_it(krm, case, statement):
    ask(case, AssignmentKind.HANDLE, person("tl"), by=krm)
    mails()
    Mail.objects.update(attempts=1)  # refused once: it is not put together anew
    extend(by=krm, deadline=statement.deadline, new_due_on=LATER, reason="Urlaub")

    send_due(NOW)

    mail = Mail.objects.get(state=Mail.State.SENT)
    assert mail.subject == f"KRM: nach Verfügung bearbeiten {case.reference} erbeten"
    assert "30.11.2026" not in mail.text
    assert mails() == [("pankow.tl", f"KRM: Stellungnahme schreiben {case.reference} Datum geändert")]


def test_a_calendar_change_there_and_back_is_told_both_times(krm, case):
    letter = make.answer(krm, case)
    submit_letter(by=krm, letter=letter, expected_version=letter.version)
    asked = Assignment.objects.open().get(letter=letter)
    before = asked.due_on
    by, office = actor("pankow.admin"), case.office
    day = Closing(office=office, name="Feiertag", kind=Closing.Kind.HOLIDAY, from_on=before, until_on=before)

    add_closing(by=by, closing=day)
    asked.refresh_from_db()
    moved = asked.due_on
    remove_closing(by=by, closing=Closing.objects.get(name="Feiertag"))

    asked.refresh_from_db()
    assert (moved > before, asked.due_on) == (True, before)
    told = Notice.objects.filter(assignment=asked).order_by("change")
    assert list(told.values_list("formerly_on", "due_on")) == [(None, before), (before, moved), (moved, before)]


def test_a_rest_that_moves_the_day_is_told(krm, case, statement):
    pause(by=krm, case=case, category="other", reason="Gericht", from_on=TODAY)
    later = actor("pankow.krm", TODAY + timedelta(days=2))
    resume(by=later, case=case, resumed_on=later.today)
    assert list(Notice.objects.filter(change=1).values_list("recipient__username", "formerly_on")) == [
        ("pankow.tl", DUE)
    ]


def test_a_verfuegung_with_several_days_is_until_the_first_of_them(krm, case):
    unit = Unit.objects.get(office__slug="pankow", number="711")
    handle = [PointData(PointKind.HANDLE, "anrufen", unit_id=unit.pk, due_on=day) for day in (DUE, LATER)]
    directive = directed(krm, case, points=[*handle, FILE], unit=unit)
    first, second = Deadline.objects.filter(kind=Deadline.Kind.DIRECTIVE).order_by("due_on")
    asked = directive.assignments.get(kind=AssignmentKind.HANDLE)

    extend(by=krm, deadline=first, new_due_on=LATEST, reason="Urlaub")

    asked.refresh_from_db()
    assert (asked.due_on, second.due_on) == (LATER, LATER)
    assert asked.notices.get(change=1).formerly_on == DUE


def test_whoever_moves_their_own_date_is_not_told(krm, case):
    letter = make.answer(krm, case)
    asked = ask(case, AssignmentKind.SIGN_LETTER, krm.user, by=krm, letter=letter, due_on=_closure(case).due_on)
    extend(by=krm, deadline=_closure(case), new_due_on=date(2027, 1, 15), reason="Gericht")
    asked.refresh_from_db()
    assert (asked.due_on, asked.notices.count()) == (date(2027, 1, 15), 0)


def _closure(case: Case) -> Deadline:
    return case.deadlines.get(kind=Deadline.Kind.CLOSURE)


def test_what_ended_is_not_told_again(krm, case, statement):
    Assignment.objects.update(done_on=TODAY, done_by=person("tl"))
    extend(by=krm, deadline=statement.deadline, new_due_on=LATER, reason="Urlaub")
    assert not Notice.objects.filter(change=1).exists()


# A Vertretung that begins later


def away(absent: str, deputy: str, from_on: date, until_on: date = LATEST) -> None:
    enter_substitution(
        by=actor(f"pankow.{absent}"), absent=person(absent), deputy=person(deputy), from_on=from_on, until_on=until_on
    )


def look(day: date) -> list[tuple[str, str | None]]:
    """A sweep on this day that the preview foresees: (who is told, for whom)."""
    Deadline.objects.update(next_step_on=None)
    last = Notice.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    foreseen = [(n.recipient_id, n.in_place_of_id) for n in preview(at(day)).notices if n.assignment_id]
    assert sweep(at(day)).told == len(foreseen)
    found = Notice.objects.filter(pk__gt=last, assignment__isnull=False).order_by("pk")
    assert list(found.values_list("recipient", "in_place_of")) == foreseen
    return list(found.values_list("recipient__username", "in_place_of__username"))


def test_who_stands_in_from_tomorrow_is_told_tomorrow_and_once(krm, case):
    ask(case, AssignmentKind.HANDLE, person("tl"), by=krm, due_on=DUE)
    mails()
    send_due(NOW)
    away("tl", "tl2", TOMORROW)

    assert [look(TODAY), look(TOMORROW), look(TOMORROW), look(DUE)] == [[], [("pankow.tl2", "pankow.tl")], [], []]

    assert mails(at(TOMORROW)) == [("pankow.tl2", f"KRM: nach Verfügung bearbeiten {case.reference} erbeten")]
    assert f"{case.reference}, bis 30.11.2026 (in Vertretung)" in Mail.objects.latest("pk").text


def test_days_without_a_run_change_nothing(krm, case):
    ask(case, AssignmentKind.HANDLE, person("tl"), by=krm)
    away("tl", "tl2", TOMORROW)
    assert look(LATER) == [("pankow.tl2", "pankow.tl")]


def test_what_is_done_or_taken_back_is_not_told(krm, case):
    tick(by=actor("pankow.tl"), assignment=ask(case, AssignmentKind.TAKE_NOTE, person("tl"), by=krm))
    away("tl", "tl2", TOMORROW)
    assert look(TOMORROW) == []


def test_what_still_waits_for_its_mail_goes_to_the_deputy_alone(krm, case):
    ask(case, AssignmentKind.HANDLE, person("tl"), by=krm)
    away("tl", "tl2", TOMORROW)
    assert look(TOMORROW) == [("pankow.tl2", "pankow.tl")]
    assert [to for to, _ in mails(at(TOMORROW))] == ["pankow.tl2"]
    assert mails(at(TOMORROW)) == []


def test_who_knows_of_an_earlier_vertretung_is_told_only_what_is_new(krm, case, statement):
    away("tl", "tl2", TOMORROW, TOMORROW)
    assert look(TOMORROW) == [("pankow.tl2", "pankow.tl")]
    away("tl", "tl2", LATER)
    assert look(LATER) == []

    extend(by=krm, deadline=statement.deadline, new_due_on=LATER, reason="Urlaub")
    away("tl", "ma", LATEST + timedelta(days=1), LATEST + timedelta(days=5))
    assert look(LATEST + timedelta(days=3)) == [("pankow.ma", "pankow.tl")]


def test_a_chain_of_deputies_ends_with_who_is_there(krm, case):
    ask(case, AssignmentKind.HANDLE, person("tl"), by=krm)
    away("tl", "tl2", TOMORROW)
    away("tl2", "expert", TOMORROW)
    assert look(TOMORROW) == [("pankow.expert", "pankow.tl")]


def test_a_deputy_the_case_is_about_is_not_told(krm, case):
    ask(case, AssignmentKind.HANDLE, person("tl"), by=krm)
    name_employee(by=krm, case=case, user=person("tl2"))
    away("tl", "tl2", TOMORROW)
    assert look(TOMORROW) == []


def test_what_nobody_was_told_of_is_not_told_to_the_deputy(krm, case):
    ask(case, AssignmentKind.HANDLE, krm.user, by=krm)
    away("krm", "krm2", TOMORROW)
    assert look(TOMORROW) == []


def test_the_number_of_queries_is_the_same_for_one_and_for_many(krm, house):
    counts = []
    for number, absent in ((1, ["tl"]), (4, ["ma", "bl"])):
        for name in absent:
            for _ in range(number):
                made = make.case(krm, channel=Channel.PHONE)
                ask(made, AssignmentKind.HANDLE, person(name), by=krm)
            away(name, "tl2", TODAY)
        with CaptureQueriesContext(connection) as queries:
            assert follow_absences(NOW) == number * len(absent)
        counts.append(len(queries))
    assert counts[0] == counts[1]
