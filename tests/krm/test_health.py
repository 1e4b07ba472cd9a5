"""What /health/live and /health/ready answer, and to whom: each part sound, worrying and red."""

import os
import shutil
import socket
import sys
from collections import namedtuple
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone

from cases.deadlines.actions import watch
from cases.models import Document, Heartbeat, Mail
from cases.outbox.actions.heartbeat import beat, beat_of_worker, note_reached, note_trouble, note_unreached
from cases.outbox.actions.sending import FAILING, RAN
from cases.tasks import heartbeat
from krm.celery import app
from krm.operations.health import checks
from krm.operations.health import report as reporting
from krm.operations.health.checks import Broker, Database, Disk, Files, Holidays, Mails, Part, Rules, Sweep, Worker
from krm.operations.health.probes import PROBES
from krm.operations.health.report import PARTS, State, examine, report, report_with_database
from offices.models import Office
from offices.queries import Actor
from offices.roles import Role
from tests import make
from tests.cast import TODAY, actor
from tests.krm.running import environment, free_port, page, running, wait_until

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
JUST_UP = timedelta(seconds=20)
MINUTE = timedelta(minutes=1)
ELSEWHERE = {"HTTP_HOST": "10.1.2.3:8000"}  # as container platforms ask: by the address, which no setting knows


def found(part: type[Part], up_for: timedelta = timedelta.max) -> tuple[str, str]:
    finding = examine(part(now=NOW, up_for=up_for))
    return finding.state, finding.sentence


def mail(**changes) -> Mail:
    to = actor("pankow.krm").user
    values = {"to": to, "address": to.email, "subject": "Frist", "text": "…", "created_at": NOW, "next_try_at": NOW}
    return Mail.objects.create(**values | changes)


# To whom they answer


def test_alive_is_answered_without_database_and_login_to_any_host(client: Client) -> None:
    answer = client.get("/health/live", **ELSEWHERE)  # a query would fail: this test asked for no database

    assert (answer.status_code, answer.json()) == (200, {"state": "ok"})


@pytest.mark.django_db
def test_ready_is_answered_without_login_to_any_host_and_never_kept(client: Client, house) -> None:
    answer = client.get("/health/ready", **ELSEWHERE)

    assert list(answer.json()["parts"]) == [part.name for part in PARTS]
    assert "no-store" in answer.headers["Cache-Control"]
    assert (answer.headers["Content-Type"], answer.headers["X-Content-Type-Options"]) == ("application/json", "nosniff")
    assert answer.cookies == {}


@pytest.mark.django_db
def test_https_is_not_asked_of_a_probe(client: Client, settings) -> None:
    settings.SECURE_SSL_REDIRECT = True

    assert [client.get(url).status_code for url in ("/health/live", "/anmelden/")] == [200, 301]


@pytest.mark.parametrize("url", ["/health/live", "/health/ready"])
def test_a_probe_only_reads(client: Client, url: str) -> None:
    assert (client.post(url).status_code, client.head("/health/live").status_code) == (405, 200)


@pytest.mark.django_db
def test_other_addresses_below_go_the_way_of_all(client: Client) -> None:
    assert [client.get(url).status_code for url in ("/health/", "/health/ready/", "/health/other")] == [404] * 3


@pytest.mark.django_db
def test_neither_names_nor_addresses_are_told(client: Client, house) -> None:
    written = client.get("/health/ready").content.decode()
    told = [str(office) for office in Office.objects.all()] + [settings.DATA_DIR.name, socket.gethostname()]

    assert [word for word in told if word in written] == []


def test_the_probes_are_these_two() -> None:
    assert [str(pattern.pattern) for pattern in PROBES.url_patterns] == ["health/live", "health/ready"]


# The parts


@pytest.mark.django_db
def test_database() -> None:
    assert found(Database) == ("ok", "Die Datenbank antwortet.")


def test_broker_is_not_needed_without_one() -> None:
    assert found(Broker) == ("ok", "Nicht nötig: In dieser Betriebsart arbeitet KRM ohne Broker.")


def test_broker_that_answers(settings, redis_url: str) -> None:
    settings.SERVED, settings.REDIS_URL = True, redis_url

    assert found(Broker) == ("ok", "Der Broker antwortet.")


def test_broker_that_is_not_there(settings) -> None:
    settings.SERVED, settings.REDIS_URL = True, f"redis://127.0.0.1:{free_port()}/0"

    assert found(Broker) == ("red", "Der Broker antwortet nicht.")


@pytest.fixture
def deaf() -> Iterator[int]:
    """The port of a server that accepts connections and never says a word."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


def test_broker_that_hangs(settings, deaf: int) -> None:
    settings.SERVED, settings.REDIS_URL = True, f"redis://127.0.0.1:{deaf}/0"

    assert found(Broker) == ("red", "Der Broker antwortet nicht.")


SIGNS = [(Worker, "worker host", 5), (Sweep, "sweep", 15), (Mails, "mail", 15)]


@pytest.mark.django_db
@pytest.mark.parametrize(("part", "name", "minutes"), SIGNS)
def test_sign_of_life(part: type[Part], name: str, minutes: int, house) -> None:
    never = found(part)
    beat(name, NOW - minutes * MINUTE)
    in_time = found(part)
    beat(name, NOW - (minutes + 1) * MINUTE)

    assert never == ("red", "Kein Lebenszeichen: noch nie.")
    assert in_time[0] == "ok"
    assert found(part) == ("red", f"Kein Lebenszeichen: zuletzt vor {minutes + 1} Minuten.")


@pytest.mark.django_db
@pytest.mark.parametrize(("part", "name", "minutes"), SIGNS)
def test_nothing_is_red_before_it_could_have_run(part: type[Part], name: str, minutes: int, house) -> None:
    never = found(part, JUST_UP)
    beat(name, NOW - timedelta(days=3))

    assert never == ("warn", "Wartet auf das erste Lebenszeichen seit dem Start von KRM (noch nie).")
    assert found(part, JUST_UP)[0] == "warn"


@pytest.mark.django_db
def test_single_rows_that_give_trouble_are_no_reason_to_start_anything_anew() -> None:
    beat("sweep", NOW)
    note_trouble("sweep", NOW, is_there=True)
    in_trouble = found(Sweep)
    note_trouble("sweep", NOW, is_there=False)

    assert in_trouble[0] == "warn"
    assert "einzelne Fristen oder Personen machten im letzten Lauf Schwierigkeiten" in in_trouble[1]
    assert found(Sweep)[0] == "ok"


@pytest.mark.django_db
def test_a_deadline_that_reaches_nobody_is_said_until_a_later_day_finds_somebody() -> None:
    beat("sweep", NOW)
    states = []
    for moment, is_there in ((NOW, True), (NOW + MINUTE, False), (NOW + timedelta(days=1), False)):
        note_unreached(17, moment) if is_there else note_reached([17], moment)
        states.append(found(Sweep)[0])

    assert states == ["warn", "warn", "ok"]


@pytest.mark.django_db
def test_of_several_workers_the_latest_counts() -> None:
    for host, minutes in (("one", 1), ("two", 3), ("gone", 50)):
        beat_of_worker(host, NOW - minutes * MINUTE)
    finding = examine(Worker(now=NOW))

    assert (finding.sentence, finding.figures) == ("Zuletzt vor einer Minute.", {"seconds": 60, "workers": 2})


@pytest.mark.django_db
def test_a_worker_that_is_gone_is_forgotten_after_a_day() -> None:
    for name in ("worker gone", "sweep", "outage"):
        beat(name, NOW - timedelta(hours=25))
    beat("worker asleep", NOW - timedelta(hours=23))
    for moment in (NOW - MINUTE, NOW):
        beat_of_worker("here", moment)

    assert list(Heartbeat.objects.values_list("name", flat=True)) == ["outage", "sweep", "worker asleep", "worker here"]
    assert Heartbeat.objects.get(name="worker here").at == NOW


@pytest.mark.django_db
def test_the_task_of_the_schedule_leaves_the_sign_of_a_worker() -> None:
    entry = app.conf.beat_schedule["heartbeat"]
    app.tasks[entry["task"]].apply()
    [left] = Heartbeat.objects.all()

    assert (app.tasks[entry["task"]], entry["schedule"] < 60) == (heartbeat, True)
    assert left.name.startswith("worker ")
    assert timezone.now() - left.at < MINUTE


@pytest.fixture
def sender(house) -> None:
    """Somebody sends mails."""
    beat(RAN, NOW)


@pytest.mark.django_db
@pytest.mark.usefixtures("sender")
def test_mails_that_go_out() -> None:
    empty = found(Mails)
    mail(next_try_at=NOW - 14 * MINUTE)
    mail(state=Mail.State.SENT, sent_at=NOW, next_try_at=NOW - timedelta(days=1))

    assert empty == ("ok", "Der Versand läuft; keine E-Mail wartet.")
    assert found(Mails) == ("ok", "Der Versand läuft; eine E-Mail wartet.")


@pytest.mark.django_db
@pytest.mark.usefixtures("sender")
def test_a_mail_that_nobody_sends() -> None:
    mail(next_try_at=NOW + MINUTE)
    mail(next_try_at=NOW - 16 * MINUTE)

    assert found(Mails) == ("red", "Eine E-Mail ist seit 16 Minuten fällig, und niemand versendet sie.")


@pytest.mark.django_db
@pytest.mark.usefixtures("sender")
def test_a_mail_server_that_takes_nothing(settings) -> None:
    mail(next_try_at=NOW + MINUTE, attempts=4)
    beat(FAILING, NOW - 2 * MINUTE)
    at_first = found(Mails)
    beat(FAILING, NOW - timedelta(seconds=settings.MAIL_ALARM_SECONDS))

    assert at_first == ("warn", "Der Mailserver nimmt seit 2 Minuten nichts an; eine E-Mail wartet.")
    assert found(Mails) == ("red", "Der Mailserver nimmt seit 30 Minuten nichts an; eine E-Mail wartet.")


@pytest.mark.django_db
@pytest.mark.usefixtures("sender")
def test_a_delayed_mail_and_an_open_task_are_worth_a_look(house) -> None:
    task = {"label": "Adresse", "subject": "Person Nr. 1", "due_on": TODAY, "role": Role.SYSADMIN}
    watch.watch(by=Actor(user=None, today=TODAY), office=house["pankow"], **task)
    with_task = found(Mails)
    delayed = mail(next_try_at=NOW + MINUTE, attempts=1)
    with_delay = found(Mails)
    Mail.objects.filter(pk=delayed.pk).update(state=Mail.State.REFUSED)
    figures = examine(Mails(now=NOW)).figures

    assert with_task == ("warn", "Für die technische Administration ist eine Aufgabe offen, siehe Seite „Technik“.")
    assert with_delay == ("warn", "Verzögert: eine E-Mail wartet, 1 davon schon vergeblich versucht.")
    assert figures == {
        "waiting": 0, "delayed": 0, "refused": 1, "late_seconds": 0, "outage_seconds": 0, "open_tasks": 1,
    }  # fmt: skip


@pytest.mark.django_db
def test_offices_without_rules(house) -> None:
    [without] = [office for office in house.values() if not office.rule_sets.in_force(TODAY).exists()]
    with_one = found(Rules)
    without.rule_sets.update(valid_until=None)
    with_none = found(Rules)
    house["gera"].rule_sets.update(valid_until=TODAY - timedelta(days=1))
    house["pankow"].rule_sets.update(valid_until=TODAY - timedelta(days=1))

    assert with_one == ("warn", "Für eine Dienststelle ist heute kein Regelwerk in Kraft.")
    assert with_none == ("ok", "In jeder Dienststelle ist ein Regelwerk in Kraft.")
    assert found(Rules) == ("warn", "Für 2 Dienststellen ist heute kein Regelwerk in Kraft.")


@pytest.mark.parametrize(
    ("last_year", "expected"),
    [
        (2028, ("ok", "Die Feiertage sind bis 2028 bekannt.")),
        (2027, ("warn", "Die Feiertage sind nur noch bis 2027 bekannt.")),
        (2026, ("red", "Die Feiertage sind nur bis 2026 bekannt.")),
    ],
)
def test_reach_of_the_holidays(last_year: int, expected: tuple[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Holidays, "last_year", last_year)

    assert found(Holidays) == expected


Usage = namedtuple("Usage", "total used free")
GIGABYTE = 1024**3


@pytest.mark.parametrize(
    ("free", "expected"),
    [
        (5.0, ("ok", "5,0\xa0GB sind frei (5 %).")),
        (1.5, ("warn", "Knapp: 1,5\xa0GB sind frei (1 %).")),
        (0.25, ("red", "Fast voll: 256,0\xa0MB sind frei (0 %).")),
    ],
)
def test_room_on_the_disk(free: float, expected: tuple[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    usage = Usage(100 * GIGABYTE, 0, int(free * GIGABYTE))
    monkeypatch.setattr(checks.shutil, "disk_usage", {settings.DATA_DIR: usage, settings.MEDIA_ROOT: usage}.get)

    assert found(Disk) == expected


def test_room_is_that_of_the_disk_of_the_data() -> None:
    free = examine(Disk(now=NOW)).figures["free_bytes"]

    assert free == pytest.approx(shutil.disk_usage(settings.DATA_DIR).free, rel=0.05)


@pytest.fixture
def documents(house, settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder of documents that nobody has looked at, and a database that names none."""
    Document.objects.all().delete()
    settings.MEDIA_ROOT = tmp_path / "documents"
    monkeypatch.setattr(Files, "looked", None)
    return settings.MEDIA_ROOT


def put(folder: Path, name: str, *, age: timedelta) -> None:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"%PDF")
    os.utime(path, times=((NOW - age).timestamp(),) * 2)


def row(name: str) -> None:
    values = {"name": "Erika.pdf", "content_type": "application/pdf", "size": 4, "sha256": "0" * 64}
    Document.objects.create(case=make.case(actor("pankow.krm")), file=name, added_at=NOW, **values)


def test_files_and_rows_that_belong_together(documents: Path) -> None:
    assert found(Files)[0] == "ok"  # not even a folder yet
    row("ab/abc")
    row("")  # erased
    put(documents, "ab/abc", age=timedelta(days=9))
    put(documents, ".restoring/cd/cde", age=timedelta(days=9))
    Files.looked = None

    assert found(Files) == ("ok", "Zu jeder Unterlage gibt es die Datei und zu jeder Datei die Unterlage.")


def test_rows_without_a_file_and_files_without_a_row(documents: Path, log_lines) -> None:
    row("ab/abc")
    put(documents, "cd/cde", age=timedelta(hours=1))
    put(documents, "ef/efg", age=timedelta(hours=2))

    assert found(Files) == (
        "warn",
        "Im Ordner der Unterlagen fehlt eine Datei, obwohl die Datenbank sie nennt. "
        "Im Ordner der Unterlagen liegen 2 Dateien ohne Eintrag in der Datenbank.",
    )
    assert examine(Files(now=NOW)).figures == {"files": 2, "missing": 1, "extra": 2}
    assert [line.getMessage() for line in log_lines()] == [
        "In documents/ fehlen 1 Dateien, zum Beispiel ab/abc.",
        "In documents/ haben 2 Dateien keinen Eintrag, zum Beispiel cd/cde, ef/efg.",
    ]


def test_a_file_younger_than_an_hour_may_belong_to_an_open_transaction(documents: Path) -> None:
    put(documents, "ab/abc", age=timedelta(minutes=59))

    assert found(Files)[0] == "ok"


def test_all_files_are_looked_at_every_quarter_of_an_hour(documents: Path) -> None:
    assert found(Files)[0] == "ok"
    put(documents, "ab/abc", age=timedelta(days=1))
    states = [examine(Files(now=NOW + minutes * MINUTE)).state for minutes in (14, 15)]

    assert states == ["ok", "warn"]


def test_a_hundred_thousand_files_cost_one_question_and_one_look(
    documents: Path, django_assert_num_queries, monkeypatch: pytest.MonkeyPatch
) -> None:
    names = [f"{number % 256:02x}/{number:032x}" for number in range(100_000)]
    monkeypatch.setattr(checks, "names_in_rows", lambda: iter(names))
    monkeypatch.setattr(checks, "names_in", lambda _folder: iter(names))
    monkeypatch.setattr(Path, "stat", lambda *_args, **_kwargs: pytest.fail("looks at single files"))

    assert found(Files)[0] == "ok"
    monkeypatch.undo()
    monkeypatch.setattr(Files, "looked", None)
    with django_assert_num_queries(1):
        found(Files)


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (-5, "einem Augenblick"), (1, "einer Sekunde"), (59, "59 Sekunden"), (60, "einer Minute"), (3599, "59 Minuten"),
        (7200, "2 Stunden"), (86_400, "einem Tag"), (200_000, "2 Tagen"),
    ],
)  # fmt: skip
def test_spans_in_words(seconds: int, words: str) -> None:
    assert checks.in_words(timedelta(seconds=seconds)) == words


# All together


@pytest.mark.django_db
def test_an_error_nobody_foresaw_is_red_and_the_rest_is_told(monkeypatch: pytest.MonkeyPatch, log_lines) -> None:
    def broken(_self: Sweep) -> None:
        raise ValueError("Erika")

    monkeypatch.setattr(Sweep, "run", broken)
    findings = {finding.part: finding for finding in report_with_database(NOW, JUST_UP).findings}

    assert findings[Sweep].sentence == "Die Prüfung ist gescheitert; das Protokoll nennt den Grund."
    assert findings[Sweep].state == State.RED
    assert findings[Holidays].state == State.OK
    assert [record.getMessage() for record in log_lines()] == ["Die Prüfung von sweep ist gescheitert."]


@pytest.fixture
def log_lines(caplog: pytest.LogCaptureFixture) -> Callable[[], list]:
    return lambda: [record for record in caplog.records if record.name.startswith("krm")]


def test_what_hangs_is_named_and_holds_up_nobody_not_even_the_next_probe(monkeypatch: pytest.MonkeyPatch) -> None:
    """The database is out of bounds here, so that lane answers at once; the broker answers much too late."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        monkeypatch.setattr(reporting, "PATIENCE_SECONDS", 1.0)
        monkeypatch.setattr(Broker, "run", lambda _self: server.accept()[0].close())
        answers = [{finding.part: finding for finding in report(NOW, JUST_UP).findings} for _ in range(2)]
        with socket.create_connection(server.getsockname()):
            pass  # which ends the wait of the thread

    late = ("red", "Antwortet nicht innerhalb von 1 Sekunden.")
    assert [(answer[Broker].state, answer[Broker].sentence) for answer in answers] == [late] * 2
    assert [answer[Disk].state for answer in answers] == [State.OK] * 2
    assert {answer[Database].state for answer in answers} == {State.RED}
    assert {answer[Worker].state for answer in answers} == {State.UNKNOWN}


@pytest.mark.once
def test_a_database_that_hangs_is_named_within_seconds(deaf: int, tmp_path: Path) -> None:
    """A whole installation whose database accepts connections and then says nothing."""
    port = free_port()
    url = f"postgresql://krm@127.0.0.1:{deaf}/krm"
    variables = environment(tmp_path, PORT=str(port), DATABASE_URL=url)
    with running([sys.executable, "-m", "gunicorn", "krm.wsgi"], tmp_path / "log", variables):
        wait_until(lambda: page(port, "/health/live")[0] == 200, "live")
        for _ in range(3):
            status, body = page(port, "/health/ready")
            assert (status, '"broken": ["database"]' in body) == (503, True)
        assert page(port, "/health/live")[0] == 200
    written = (tmp_path / "log").read_text(encoding="utf-8")
    assert "Service Unavailable: /health/ready" in written


@pytest.mark.django_db
def test_the_command_prints_the_same_and_fails_on_red(house, capsys) -> None:
    with pytest.raises(CommandError, match="Gestört: .*Fristenlauf"):
        call_command("health", "sweep")
    call_command("health", "database", "holidays")
    lines = [f"in Ordnung  {line}" for line in ("Datenbank: Die Datenbank antwortet.", "Feiertage: Die Feiertage sind")]

    assert capsys.readouterr().out.splitlines()[-2:] == [lines[0], f"{lines[1]} bis 2100 bekannt."]


# What the documentation says


@pytest.mark.parametrize("part", PARTS, ids=lambda part: part.name)
def test_the_documentation_says_the_same(part: type[Part]) -> None:
    text = (settings.BASE_DIR / "docs" / "betrieb.md").read_text(encoding="utf-8")
    row = f"| {part.label} (`{part.name}`) | {part.meaning} | {part.remedy} |"

    assert row in text
