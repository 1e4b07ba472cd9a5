"""Documents: filed with a case, handed out only as downloads to those who see it."""

from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import OperationalError, connection, transaction
from django.urls import reverse
from django.utils import timezone

from cases import documents
from cases.access import seal
from cases.letters.actions.writing import draft_letter, store_pdf
from cases.models import Case, Document, Letter, Statement
from cases.rules.registration import UploadedFile
from cases.statements.actions import way
from cases.unit_of_work import unit_of_work
from offices.errors import NotAllowed
from offices.models import User
from tests import make
from tests.cast import actor

pytestmark = pytest.mark.usefixtures("house")
PDF = b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"


@pytest.fixture
def case(house) -> Case:
    return make.case(actor("pankow.krm"))


@pytest.fixture
def sign_in_as(client):
    def login(name: str) -> None:
        client.force_login(User.objects.get(username=name))

    return login


def upload(client, case, *files, category="evidence"):
    url = reverse("cases:document_add", args=[case.reference])
    return client.post(url, {"files": list(files), "category": category})


def test_a_file_comes_back_as_attachment_that_no_browser_runs(client, sign_in_as, case):
    sign_in_as("pankow.krm")
    answer = upload(client, case, SimpleUploadedFile("Bescheid März.pdf", PDF, "text/html"))
    assert (answer.status_code, answer.url) == (302, f"{case.get_absolute_url()}#unterlagen")

    document = Document.objects.get(case=case)
    assert (document.category, document.content_type) == ("evidence", "application/pdf")
    download = client.get(reverse("cases:document", args=[document.pk]))
    headers = ("Content-Type", "Content-Disposition", "X-Content-Type-Options", "Content-Security-Policy")
    assert [download[name] for name in headers] == [
        "application/pdf",
        "attachment; filename*=utf-8''Bescheid%20M%C3%A4rz.pdf",
        "nosniff",
        "sandbox; default-src 'none'",
    ]
    assert b"".join(download.streaming_content) == PDF


def test_strangers_and_the_excluded_get_404(client, sign_in_as, case):
    sign_in_as("pankow.krm")
    upload(client, case, SimpleUploadedFile("Brief.pdf", PDF))
    url = reverse("cases:document", args=[Document.objects.get(case=case).pk])
    seal(by=actor("pankow.krm"), case=case)

    statuses = {}
    for name in ("pankow.krm", "pankow.krm2", "pankow.ma", "gera.krm", "pankow.revision", "pankow.admin"):
        sign_in_as(name)
        answer = client.get(url)
        statuses[name] = answer.status_code
        if answer.streaming:
            list(answer.streaming_content)  # read to the end, so that the file is closed
    assert statuses == {
        "pankow.krm": 200, "pankow.krm2": 404, "pankow.ma": 404, "gera.krm": 404, "pankow.revision": 404,
        "pankow.admin": 404,
    }  # fmt: skip


def test_one_refused_file_keeps_the_whole_upload_out_and_says_why(client, sign_in_as, case):
    sign_in_as("pankow.krm")
    answer = upload(
        client,
        case,
        SimpleUploadedFile("Brief.pdf", PDF),
        SimpleUploadedFile("Programm.pdf", b"MZ\x90\x00" + b"\0" * 99),
    )
    assert answer.status_code == 422
    assert "ist keine zulässige Datei" in answer.content.decode()
    assert Document.objects.count() == 0


def test_several_files_are_filed_at_once(client, sign_in_as, case):
    sign_in_as("pankow.vz")
    upload(client, case, *(SimpleUploadedFile(f"Blatt {n}.pdf", PDF) for n in (1, 2)))
    assert list(Document.objects.values_list("name", flat=True)) == ["Blatt 1.pdf", "Blatt 2.pdf"]


def test_without_a_file_the_field_says_so(client, sign_in_as, case):
    sign_in_as("pankow.krm")
    answer = upload(client, case)
    assert (answer.status_code, answer.context["document_form"].errors["files"]) == (
        422, ["Bitte mindestens eine Datei auswählen."],
    )  # fmt: skip


# What is rolled back leaves no file behind


@pytest.fixture
def stored(settings, tmp_path):
    """The files that are stored from now on."""
    settings.MEDIA_ROOT = tmp_path / "documents"
    return lambda: [path for path in settings.MEDIA_ROOT.rglob("*") if path.is_file()]


def fails_at(number: int, error: Exception):
    """Nothing happens until so many calls; then the error."""
    calls = []

    def fails(*args, **kwargs):
        calls.append(args)
        if len(calls) == number:
            raise error

    return fails


FILE = UploadedFile("Brief.pdf", "application/pdf", PDF, "0" * 64)


def test_a_file_refused_later_takes_the_stored_ones_of_its_upload_along(client, sign_in_as, case, stored, monkeypatch):
    sign_in_as("pankow.krm")
    monkeypatch.setattr(documents, "record", fails_at(2, NotAllowed("Der Vorgang ist inzwischen abgeschlossen.")))
    answer = upload(client, case, *(SimpleUploadedFile(f"Blatt {n}.pdf", PDF) for n in (1, 2)))

    assert "inzwischen abgeschlossen" in answer.content.decode()
    assert (answer.status_code, Document.objects.count(), stored()) == (422, 0, [])


def test_a_registration_that_fails_at_its_second_file_leaves_neither(house, stored, monkeypatch):
    monkeypatch.setattr(documents, "record", fails_at(2, OperationalError("deadlock detected")))
    with pytest.raises(OperationalError):
        make.case(actor("pankow.krm"), files=(FILE, FILE))

    assert (Case.objects.count(), stored()) == (0, [])


def test_a_statement_that_fails_after_its_file_was_stored_leaves_none(case, stored, monkeypatch):
    by, unit = actor("pankow.krm"), case.office.units.first()
    statement = Statement.objects.create(case=case, unit=unit, requested_at=timezone.now(), requested_by=by.user)
    monkeypatch.setattr(way, "_locked_draft", lambda statement, _by: statement)
    monkeypatch.setattr(way, "_changed", fails_at(1, OperationalError("deadlock detected")))
    with pytest.raises(OperationalError):
        way.add_statement_file(by=by, statement=statement, file=FILE)

    assert stored() == []


def test_a_letter_that_cannot_keep_its_pdf_leaves_none(case, stored, monkeypatch):
    by = actor("pankow.krm")
    letter = make.signed(by, draft_letter(by=by, case=case, kind=Letter.Kind.ACKNOWLEDGEMENT))
    monkeypatch.setattr(Letter, "save", fails_at(1, OperationalError("deadlock detected")))
    with pytest.raises(OperationalError):
        store_pdf(by=by, letter=letter, pdf=PDF)

    assert stored() == []


def test_what_goes_on_without_a_refused_part_keeps_its_own_file_alone(case, stored, monkeypatch):
    by = actor("pankow.krm")
    monkeypatch.setattr(documents, "record", fails_at(2, NotAllowed("Nein.")))
    with unit_of_work():
        kept = documents.add_document(by=by, case=case, file=FILE)
        with pytest.raises(NotAllowed):
            documents.add_document(by=by, case=case, file=FILE)

    assert [path.name for path in stored()] == [Path(kept.file.name).name]


def test_a_dry_run_leaves_no_file(case, stored):
    with unit_of_work():
        documents.add_document(by=actor("pankow.krm"), case=case, file=FILE)
        transaction.set_rollback(True)

    assert stored() == []


@pytest.mark.django_db(transaction=True)
def test_a_commit_that_succeeded_unheard_keeps_its_file(house, case, stored, monkeypatch):
    """The connection broke after the commit and before its answer: the row is there, and so stays the file."""
    commit = connection.commit

    def unheard() -> None:
        commit()
        monkeypatch.undo()
        raise OperationalError("server closed the connection unexpectedly")

    monkeypatch.setattr(connection, "commit", unheard)
    with pytest.raises(OperationalError):
        documents.add_document(by=actor("pankow.krm"), case=case, file=FILE)

    assert Document.objects.filter(case=case).count() == len(stored()) == 1


def test_a_file_outside_of_an_action_is_a_mistake_of_the_caller(case, stored):
    with pytest.raises(RuntimeError, match="inside an action"):
        documents.add_file(FILE, by=actor("pankow.krm"), case=case)

    assert stored() == []
