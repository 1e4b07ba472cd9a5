"""The embedded worker runs Celery's schedule without a broker."""

import threading
from collections.abc import Iterator

import pytest
from celery import Celery
from celery.schedules import crontab

from krm.operations.schedule import Timetable, run_until

pytestmark = pytest.mark.django_db


@pytest.fixture
def app() -> Iterator[Celery]:
    app = Celery("tests", set_as_current=False, fixups=[])  # that of Django sets logging up anew
    yield app
    app.close()


def provide(app: Celery, name: str, ran: list[str]) -> None:
    """A task that notes in `ran` that it ran."""

    def note() -> None:
        ran.append(name)

    app.task(name=name)(note)


def test_every_task_runs_once_at_the_start_and_then_when_it_is_due(app: Celery) -> None:
    ran: list[str] = []
    provide(app, "often", ran)
    provide(app, "yearly", ran)
    timetable = Timetable(
        app,
        {
            "a": {"task": "often", "schedule": 0.0},
            "b": {"task": "yearly", "schedule": crontab(minute="0", hour="0", day_of_month="1", month_of_year="1")},
        },
    )
    timetable.run_all()
    timetable.run_due()
    assert ran == ["often", "yearly", "often"]


def test_the_wait_is_the_time_until_the_next_task_is_due(app: Celery) -> None:
    provide(app, "a", [])
    timetable = Timetable(app, {"a": {"task": "a", "schedule": 3600.0}, "b": {"task": "a", "schedule": 60.0}})
    assert timetable.run_due() == pytest.approx(60, abs=1)


def test_a_task_that_fails_is_logged_and_the_others_go_on(app: Celery, caplog: pytest.LogCaptureFixture) -> None:
    ran: list[str] = []

    def broken() -> None:
        raise ValueError

    app.task(name="broken")(broken)
    provide(app, "sound", ran)
    timetable = Timetable(app, {"a": {"task": "broken", "schedule": 0.0}, "b": {"task": "sound", "schedule": 0.0}})
    timetable.run_all()
    timetable.run_due()
    assert ran == ["sound", "sound"]
    errors = [record.getMessage() for record in caplog.records if record.levelname == "ERROR"]
    assert [(error.startswith("Task broken["), "ValueError" in error) for error in errors] == [(True, True)] * 2


def test_a_schedule_with_an_unknown_task_is_refused(app: Celery) -> None:
    with pytest.raises(LookupError, match="Aufgaben, die es nicht gibt: nowhere"):
        Timetable(app, {"a": {"task": "nowhere", "schedule": 1.0}})


def test_the_running_task_is_finished_before_the_worker_stops(app: Celery) -> None:
    stop = threading.Event()
    ran: list[str] = []

    def stopped_meanwhile() -> None:
        stop.set()
        ran.append("finished")

    app.task(name="long")(stopped_meanwhile)
    run_until(stop, Timetable(app, {"a": {"task": "long", "schedule": 0.0}}))
    assert ran == ["finished"]
