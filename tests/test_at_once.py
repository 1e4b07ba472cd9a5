"""Two people at the same moment: one of them succeeds, the other is told, and the chain of the log stays whole."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from io import StringIO
from threading import Barrier
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.core.management import call_command
from django.db import connections

from cases.closing.actions import close
from cases.deadlines.actions.calendar_change import add_closing
from cases.handling.actions.assign import accept
from cases.handling.actions.notes import add_note
from cases.intake.actions.register import register
from cases.letters.actions.writing import dispatch_letter
from cases.models import Case, Deadline, Event, Letter, Mail, Note, Notice
from cases.notices.actions.sweep import sweep
from cases.outbox.actions.mailing import compose
from cases.rules.kinds import Outcome, Settlement
from cases.rules.triage import Reason
from cases.statements.actions.way import edit_statement, sign_statement
from cases.transfers.actions.triage import hand_over, split_off
from offices.calendars import Calendar, next_working_day
from offices.errors import NotAllowed
from offices.models import Closing
from tests import make
from tests import scene as scenes
from tests.scene import Scene

pytestmark = [pytest.mark.both_databases, pytest.mark.django_db(transaction=True)]
AT_ONCE = 4


def all_at_once(*attempts: Callable[[], Any]) -> list[str]:
    """What became of each: „done“, „refused“, or the error that nobody should see."""
    start = Barrier(len(attempts))

    def one(attempt: Callable[[], Any]) -> str:
        try:
            start.wait()
            attempt()
        except NotAllowed:
            return "refused"
        except Exception as error:  # noqa: BLE001 - a deadlock, a lock that is not waited for
            return repr(error)
        finally:
            connections.close_all()
        return "done"

    with ThreadPoolExecutor(len(attempts)) as pool:
        found = sorted(pool.map(one, attempts))
    told = StringIO()
    call_command("verify_events", stdout=told)
    assert told.getvalue().count("unversehrt") == 5
    return found


def once(action: Callable[..., Any], **arguments: Any) -> list[str]:
    return all_at_once(*[lambda: action(**arguments)] * AT_ONCE)


ONE = ["done", *["refused"] * (AT_ONCE - 1)]


def krm(scene: Scene):
    return scenes.acting("pankow.krm", scene.today)


def test_a_case_is_accepted_once(scene):
    assert once(accept, by=krm(scene), case=scene.new) == ONE
    assert Event.objects.filter(case=scene.new, code="case.accepted").count() == 1


def test_a_letter_is_dispatched_once(scene):
    sent = {"letter": scene.issued, "sent_on": scene.today, "way": Letter.Way.POST}

    assert once(dispatch_letter, by=krm(scene), **sent) == ONE
    assert Event.objects.filter(case=scene.working, code="letter.dispatched").count() == 1
    assert Event.objects.filter(case=scene.working, code="case.answered").count() == 1


def test_a_statement_is_approved_once(scene):
    signing = {"statement": scene.to_approve, "expected_version": scene.to_approve.version}

    assert once(sign_statement, by=scenes.acting("pankow.gf", scene.today), **signing) == ONE
    assert scene.to_approve.signatures.count() == 1
    assert Event.objects.filter(case=scene.asked, code="statement.approved").count() == 1


def test_a_draft_saved_by_several_at_once_keeps_one_text_and_shows_it_to_the_others(scene):
    tl, version = scenes.acting("pankow.tl", scene.today), scene.statement.version

    def save(number: int) -> Callable[[], Any]:
        draft = {"statement": scene.statement, "expected_version": version, "text": f"Fassung {number}"}
        return lambda: edit_statement(by=tl, **draft)

    assert all_at_once(*[save(number) for number in range(AT_ONCE)]) == ONE
    scene.statement.refresh_from_db()
    assert (scene.statement.version, scene.statement.text[:7]) == (version + 1, "Fassung")


def test_a_case_is_closed_once(scene):
    result = {"outcome": Outcome.UPHELD, "outcome_reason": "zu lange gedauert", "settlement": Settlement.LETTER}

    assert once(close, by=krm(scene), case=scene.answered, **result) == ONE
    assert Event.objects.filter(case=scene.answered, code="case.closed").count() == 1


def test_a_matter_is_handed_over_once(scene):
    assert once(hand_over, by=krm(scene), transfer=scene.transfer, way="Hauspost") == ONE
    assert Event.objects.filter(transfer=scene.transfer, code="transfer.handed_over").count() == 1


def test_a_part_is_split_off_once(scene):
    part = {"reason": Reason.DATA_PROTECTION, "text": "Meine Daten wurden weitergegeben."}

    assert once(split_off, by=krm(scene), case=scene.working, **part) == ONE
    assert scene.working.transfers.count() == 1


def test_an_entry_sent_many_times_is_one_case(scene):
    entry = make.registration(scene.unit.office, received_on=scene.today, reached_krm_on=scene.today, import_key="e:1")

    assert once(register, by=krm(scene), office=scene.unit.office, registration=entry) == ONE
    assert Case.objects.filter(import_key="e:1").count() == 1


def test_numbers_of_cases_have_no_gap_and_no_double(scene):
    entry = make.registration(scene.unit.office, received_on=scene.today, reached_krm_on=scene.today)
    before = Case.objects.count()

    assert once(register, by=krm(scene), office=scene.unit.office, registration=entry) == ["done"] * AT_ONCE
    numbers = [int(reference[-5:]) for reference in Case.objects.values_list("reference", flat=True)]
    assert sorted(numbers) == list(range(1, before + AT_ONCE + 1))


def test_notes_and_a_new_day_of_the_calendar_do_not_wait_for_each_other(scene):
    by, office = krm(scene), scene.unit.office
    day = scene.working.deadlines.get(kind=Deadline.Kind.CLOSURE).due_on

    def note(case: Case) -> Callable[[], Any]:
        return lambda: [add_note(by=by, case=case, kind=Note.Kind.INTERNAL, text=f"{n}") for n in range(5)]

    def new_day(days: int) -> Callable[[], Any]:
        on = day + timedelta(days=days)
        closing = Closing(office=office, name=f"Feiertag {days}", kind=Closing.Kind.HOLIDAY, from_on=on, until_on=on)
        return lambda: add_closing(by=by, closing=closing)

    attempts = [note(scene.new), new_day(0), note(scene.working), new_day(1), note(scene.at_unit), note(scene.sealed)]
    assert all_at_once(*attempts) == ["done"] * len(attempts)
    assert Note.objects.filter(case__in=[scene.new, scene.working, scene.at_unit, scene.sealed]).count() == 20


def much_later(scene: Scene) -> datetime:
    """Eight in the morning of an Arbeitstag some weeks on, when much is due."""
    day = next_working_day(Calendar("BE"), scene.today + timedelta(days=28))
    return datetime(day.year, day.month, day.day, 8, tzinfo=ZoneInfo("Europe/Berlin"))


def test_several_sweeps_tell_each_person_once(scene):
    late = much_later(scene)
    sweeps = [lambda: sweep(late)] * AT_ONCE

    assert all_at_once(*sweeps) == ["done"] * AT_ONCE
    sweep(late)  # what one of them passed over because another held it
    keys = list(Notice.objects.filter(deadline__isnull=False).values_list("deadline", "due_on", "step", "recipient"))
    assert len(keys) == len(set(keys)) > 0
    assert Event.objects.filter(code="deadline.told").count() == len({key[0] for key in keys})
    assert not Deadline.objects.open().filter(next_step_on__lte=late.date()).exists()


def test_several_at_once_make_one_mail_for_each_person(scene):
    late = much_later(scene)
    sweep(late)
    people = set(Notice.objects.to_mail().values_list("recipient", flat=True))

    assert all_at_once(*[lambda: compose(late)] * AT_ONCE) == ["done"] * AT_ONCE
    made = Mail.objects.exclude(pk=scene.mail.pk).values_list("to", flat=True)
    assert sorted(made) == sorted(people)
    assert not Notice.objects.to_mail().exists()


def test_the_sweep_and_the_people_at_work_do_not_wait_for_each_other(scene):
    late = much_later(scene)
    texts = [f"Vermerk {number}" for number in range(AT_ONCE)]
    notes = [
        lambda text=text: add_note(by=krm(scene), case=scene.working, kind=Note.Kind.INTERNAL, text=text)
        for text in texts
    ]

    assert all_at_once(lambda: sweep(late), *notes) == ["done"] * (AT_ONCE + 1)
