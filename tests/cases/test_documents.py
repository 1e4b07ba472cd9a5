"""Documents: filed with a case, handed out only as downloads to those who see it."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from cases.actions.access import seal
from cases.models import Case, Document
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
