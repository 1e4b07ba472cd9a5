"""Two people at the same moment: one of them succeeds, the other is told, and the chain of the log stays whole."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from io import StringIO
from threading import Barrier
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connections

from cases.actions.assign import accept
from cases.actions.close import close
from cases.actions.days import add_closing
from cases.actions.letters import dispatch_letter
from cases.actions.notes import add_note
from cases.actions.register import register
from cases.actions.triage import hand_over, split_off
from cases.models import Case, Deadline, Event, Letter, Note
from cases.rules.kinds import Outcome, Settlement
from cases.rules.triage import Reason
from offices.errors import NotAllowed
from offices.models import Closing
from tests import make
from tests import scene as scenes
from tests.scene import Scene

pytestmark = pytest.mark.django_db(transaction=True)
AT_ONCE = 4


@pytest.fixture
def scene(house) -> Scene:
    return scenes.build()


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
