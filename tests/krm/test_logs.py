"""What the log says about a request or an error, and what it keeps to itself."""

import json
import logging
import logging.config
import sys
from collections.abc import Callable, Iterator
from datetime import datetime
from uuid import uuid4

import pytest
from django.core.exceptions import SuspiciousOperation
from django.db import IntegrityError
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import include, path, reverse
from django.utils import timezone

from cases.letters.actions.writing import draft_letter
from cases.models import Case, Letter, Mail, Topic
from cases.tasks import render_letters
from krm.celery import app
from krm.operations.logs import JsonLine, Line
from offices.models import User
from tests import make
from tests.cast import actor
from tests.krm.running import manage
from tests.sink import Sink

WORDS = ("Erika", "Öztürk", "%C3%96", "Lindenstra", "13187", "Weiterbewilligung", "sechs Wochen", "Geheim")


def broken(request: HttpRequest, reference: str) -> HttpResponse:
    """A bug that has a person in its hands: in a variable, in the words of the error and in its cause."""
    person = make.PERSON
    try:
        int(person.last_name)
    except ValueError as error:
        raise KeyError(f"{person.first_name} {reference}") from error


def suspicious(request: HttpRequest) -> HttpResponse:
    raise SuspiciousOperation(make.PERSON.last_name)


urlpatterns = [
    path("kaputt/<str:reference>/", broken),
    path("verdaechtig/", suspicious),
    path("", include("krm.urls")),
]


@pytest.fixture
def log(settings, tmp_path):
    """The JSON log of this test: everything that any logger says; call for the lines so far."""
    app.loader.import_default_modules()  # it configures Django, and with it the logs
    file = tmp_path / "log"
    handler = {"class": "logging.FileHandler", "filename": str(file), "formatter": "json", "encoding": "utf-8"}
    configuration = settings.LOGGING | {"handlers": {"stdout": handler}}
    logging.config.dictConfig(configuration)
    yield lambda: [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]
    logging.config.dictConfig(settings.LOGGING)


@pytest.fixture
def desk(house, settings) -> Client:
    settings.ROOT_URLCONF = __name__
    client = Client(raise_request_exception=False)
    client.force_login(actor("pankow.krm").user)
    return client


def test_a_working_day_leaves_no_person_in_the_log(desk, log, tmp_path):
    krm = actor("pankow.krm")
    case = make.case(krm, text="Geheim: seit sechs Wochen höre ich nichts.")
    draft_letter(by=krm, case=case, kind=Letter.Kind.ACKNOWLEDGEMENT)
    with_name = {"suche": "Erika Öztürk-Groß", "q": "Erika"}
    answers = [
        desk.get(case.get_absolute_url()),
        desk.get(reverse("cases:list"), with_name),
        desk.post(reverse("cases:note", args=[case.reference]), {"text": "Geheim " * 20, "kind": "Erika"}),
        desk.get("/vorgaenge/Erika Öztürk-Groß/"),
        desk.get("/vorgaenge/PAN-2026-99999/", with_name),
        desk.get("/Erika/Lindenstraße 7/13187/"),
        desk.delete(case.get_absolute_url()),
        desk.get(f"/kaputt/{case.reference}/", with_name),
        desk.get("/kaputt/Erika Öztürk/", with_name),
        desk.get("/verdaechtig/"),
        Client(enforce_csrf_checks=True).post("/anmelden/", {"username": "Erika"}),
    ]
    written = (tmp_path / "log").read_text(encoding="utf-8")

    assert [answer.status_code for answer in answers] == [200, 200, 422, 404, 404, 404, 405, 500, 500, 400, 403]
    assert [word for word in WORDS if word in written] == []
    assert [(line["level"], line["message"]) for line in log() if line["logger"] != "django.security.csrf"] == [
        ("WARNING", "Unprocessable Entity: /vorgaenge/PAN-2026-00001/vermerk/"),
        ("WARNING", "Not Found: /vorgaenge/…/"),
        ("WARNING", "Not Found: /vorgaenge/PAN-2026-99999/"),
        ("WARNING", "Not Found: (keine Adresse von KRM)"),
        ("WARNING", "Method Not Allowed (DELETE): /vorgaenge/PAN-2026-00001/"),
        ("ERROR", "Internal Server Error: /kaputt/PAN-2026-00001/"),
        ("ERROR", "Internal Server Error: /kaputt/…/"),
        ("ERROR", "SuspiciousOperation"),
    ]


@pytest.fixture
def sink(tmp_path, settings) -> Iterator[Sink]:
    """A mail server, and KRM set to use it."""
    sink = Sink(tmp_path)
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = "127.0.0.1", sink.port, 5
    yield sink
    sink.kill()


@pytest.fixture
def clock(monkeypatch) -> Callable[[datetime], None]:
    """Call to say what time it is from then on."""
    return lambda moment: monkeypatch.setattr("django.utils.timezone.now", lambda: moment)


def at(day: int, month: int, hour: int = 9) -> datetime:
    return datetime(2026, month, day, hour, tzinfo=timezone.get_default_timezone())


def registered(desk: Client) -> Case:
    topic = Topic.objects.filter(office__slug="pankow")[0]
    answer = desk.post(
        reverse("cases:register"),
        {
            "office": "pankow", "entry": str(uuid4()), "channel": "letter", "kind": "complaint", "legal_area": "sgb2",
            "received_on": "2026-11-20", "reached_krm_on": "2026-11-23", "last_name": make.PERSON.last_name,
            "first_name": make.PERSON.first_name, "street": make.PERSON.street, "postcode": make.PERSON.postcode,
            "city": make.PERSON.city, "subject": "Weiterbewilligung", "text": "Geheim: seit sechs Wochen nichts.",
            "concern-0-topic": str(topic.pk), "then": "case",
        },
    )  # fmt: skip
    assert answer.status_code == 302
    return Case.objects.get()


def acknowledged(desk: Client, case: Case) -> None:
    """The first letter, from the draft to the post, by the pages."""
    desk.post(reverse("cases:letter_draft", args=[case.reference, "acknowledgement"]))
    letter = case.letters.get()
    fields = ("version", "recipient", "subject", "salutation", "body", "contact_name", "contact_phone", "signature")
    typed = {field: getattr(letter, field) for field in fields} | {"subject": "Geheim", "dated_on": "2026-11-23"}
    desk.post(reverse("cases:letter_issue", args=[letter.pk]), typed)
    render_letters.apply()
    desk.post(reverse("cases:letter_dispatch", args=[letter.pk]), {"sent_on": "2026-11-23", "way": "post"})
    assert desk.get(reverse("cases:letter_pdf", args=[letter.pk])).getvalue().startswith(b"%PDF")
    assert case.letters.get().sent_on


def work() -> None:
    """Every task of the schedule once."""
    for entry in app.conf.beat_schedule.values():
        app.tasks[entry["task"]].apply()


def test_a_case_from_its_letter_to_the_reminders_leaves_no_person_in_the_log(house, log, sink, clock, tmp_path):
    """Registered, answered, forgotten, reminded of, with a mail server that is down and then refuses an address."""
    krm, people = actor("pankow.krm").user, list(User.objects.filter(username__startswith="pankow."))
    clock(at(23, 11))
    desk = Client()
    desk.force_login(krm)
    case = registered(desk)
    acknowledged(desk, case)
    desk.post(reverse("cases:note", args=[case.reference]), {"text": "Geheim " * 20, "kind": "Erika"})
    desk.get("/vorgaenge/Erika Öztürk-Groß/", {"suche": "Erika"})
    clock(at(10, 12))
    work()
    queued = Mail.objects.filter(state=Mail.State.QUEUED).count()
    sink.behave(recipients={krm.email: f"550 5.1.1 <{krm.email}> {krm} is unknown"})
    sink.start()
    clock(at(10, 12, hour=11))
    work()
    written = (tmp_path / "log").read_text(encoding="utf-8")
    of_requests = [line for line in log() if "request_id" in line]
    of_tasks = [line for line in log() if "task_id" in line]
    forbidden = {word for person in people for word in (str(person), person.last_name, person.email, person.username)}

    refused = Mail.objects.filter(state=Mail.State.REFUSED)
    assert {mail.to for mail in refused} == {krm}
    assert len(sink.received()) >= queued - refused.count()
    assert [word for word in (*WORDS, *sorted(forbidden)) if word in written] == []
    assert [(line["level"], line["message"]) for line in of_requests] == [
        ("WARNING", f"Unprocessable Entity: /vorgaenge/{case.reference}/vermerk/"),
        ("WARNING", "Not Found: /vorgaenge/…/"),
    ]
    assert {line["user"] for line in of_requests} == {krm.pk}
    assert {line["task"] for line in of_tasks if line["level"] == "WARNING"} == {"cases.tasks.send_mail"}
    assert any("Der Mailserver nimmt nichts an" in line["message"] for line in of_tasks)
    assert any("ist abgewiesen: SMTPRecipientsRefused 550" in line["message"] for line in of_tasks)
    assert [line for line in log() if line not in of_requests and line not in of_tasks] == []


def test_an_error_is_found_by_the_number_of_its_request(desk, log):
    number = "0123456789abcdef0123456789abcdef"
    answer = desk.get("/kaputt/PAN-2026-00001/", headers={"X-Request-ID": number})
    [line] = log()
    traceback = line["exception"].splitlines()

    assert answer.headers["X-Request-ID"] == number
    assert (line["request_id"], line["user"], line["logger"]) == (number, actor("pankow.krm").user_id, "django.request")
    assert [text for text in traceback if not text.startswith(" ")] == ["ValueError", "KeyError"]
    assert any("in broken" in text for text in traceback)


@pytest.mark.parametrize("sent", ["", "Erika-Öztürk", "Erika-Mustermann-1", "0" * 65, "a b", "{}"])
def test_a_number_that_is_none_is_replaced(sent, client, db):
    first, second = (client.get("/anmelden/", headers={"X-Request-ID": sent}) for _ in range(2))
    numbers = {first.headers["X-Request-ID"], second.headers["X-Request-ID"]}

    assert len(numbers) == 2
    assert {len(number) for number in numbers} == {32}


def test_a_task_is_named_and_its_error_has_no_words(log):
    @app.task(name="tests.broken_task")
    def broken_task() -> None:
        logging.getLogger("krm").info("Arbeit beginnt")
        raise ValueError(make.PERSON.first_name)

    result = broken_task.apply()
    own, of_celery = log()

    assert own["message"] == "Arbeit beginnt"
    assert of_celery["message"].endswith("raised unexpected: ValueError")
    assert {(line["task"], line["task_id"]) for line in (own, of_celery)} == {("tests.broken_task", result.id)}
    assert "Erika" not in json.dumps([own, of_celery])


def test_no_task_outside_of_tasks(log, db):
    render_letters()
    logging.getLogger("krm").info("Zeile eins\nZeile zwei")
    [line] = log()

    assert set(line) == {"time", "level", "logger", "message"}


def record_of(error: Exception) -> logging.LogRecord:
    try:
        raise error
    except type(error):
        return logging.LogRecord("krm", logging.ERROR, __file__, 1, "Fehler", None, sys.exc_info())


def test_error_of_the_database_is_logged_without_the_row_it_failed_on():
    message = 'null value violates constraint "x"\nDETAIL:  Failing row contains (Erika Öztürk-Groß).\nCONTEXT:  row'
    record = record_of(IntegrityError(message))
    lines = Line("{levelname} {message}", style="{").format(record).splitlines()

    assert (lines[0], lines[-1]) == ("ERROR Fehler", 'IntegrityError: null value violates constraint "x"')
    assert json.loads(JsonLine().format(record))["exception"].splitlines()[-1] == lines[-1]


def test_an_error_that_may_repeat_a_value_is_logged_by_its_kind():
    lines = Line("{message}", style="{").format(record_of(ValueError("Erika"))).splitlines()

    assert (lines[0], lines[-1]) == ("Fehler", "ValueError")


@pytest.mark.once
@pytest.mark.parametrize(
    ("variables", "form"), [({}, "text"), ({"KRM_LOG": "json"}, "json"), ({"KRM_LOG": "text"}, "text")]
)
def test_form_of_the_log_is_chosen_by_the_environment(variables, form, tmp_path):
    done = manage("diffsettings", "--output", "unified", data_dir=tmp_path, **variables)

    assert f"'formatter': '{form}'" in done.stdout
