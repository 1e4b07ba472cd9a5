"""What every answer carries, and what a browser may do with it."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from offices.models import User
from tests import scene as scenes


def headers(response) -> dict[str, bool]:
    policy = response.headers["Content-Security-Policy"]
    if response.streaming:
        list(response.streaming_content)  # which closes the file
    return {
        "nothing inline": "unsafe" not in policy and "default-src 'none'" in policy,
        "kept nowhere": "no-store" in response.headers["Cache-Control"],
        "taken as it is": response.headers["X-Content-Type-Options"] == "nosniff",
        "in no frame": response.headers["X-Frame-Options"] == "DENY",
        "tells no one": response.headers["Referrer-Policy"] == "same-origin",
    }


def test_every_answer_is_locked_down(client, scene):
    client.force_login(scenes.person("pankow.krm"))
    case = scene.working
    answers = {
        "page": client.get(case.get_absolute_url()),
        "not found": client.get("/vorgaenge/PAN-1/"),
        "no such page": client.get("/admin/"),
        "refused": client.post(reverse("cases:accept", args=[case.reference])),
        "invalid": client.post(reverse("cases:note", args=[case.reference]), {}),
        "redirect": client.post(reverse("cases:note", args=[case.reference]), {"kind": "internal", "text": "x"}),
        "wrong method": client.get(reverse("logout")),
        "file": client.get(reverse("cases:document", args=[scene.document.pk])),
        "letter": client.get(reverse("cases:letter_pdf", args=[scene.issued.pk])),
        "too many": client.post(reverse("cases:document_add", args=[case.reference]), many(21)),
    }
    statuses = {name: answer.status_code for name, answer in answers.items()}

    assert list(statuses.values()) == [200, 404, 404, 409, 422, 302, 405, 200, 200, 400]
    assert {name for name, answer in answers.items() if not all(headers(answer).values())} == set()


def many(count: int) -> dict:
    return {"category": "incoming", "files": [SimpleUploadedFile(f"{n}.txt", b"Text") for n in range(count)]}


def test_too_many_files_are_answered_in_german_and_not_kept(client, scene):
    client.force_login(scenes.person("pankow.krm"))
    before = scene.working.documents.count()
    response = client.post(reverse("cases:document_add", args=[scene.working.reference]), many(21))

    assert "Möglich sind 20 Dateien" in response.content.decode()
    assert scene.working.documents.count() == before


def test_a_file_is_only_ever_downloaded(client, scene):
    client.force_login(scenes.person("pankow.krm"))
    response = client.get(reverse("cases:document", args=[scene.document.pk]))
    list(response.streaming_content)  # which closes the file

    assert response.headers["Content-Disposition"] == 'attachment; filename="Bescheid.pdf"'
    assert response.headers["Content-Security-Policy"] == "sandbox; default-src 'none'"


@pytest.mark.parametrize("target", ["https://example.org/", "//example.org", "javascript:alert(1)", "/\\example.org"])
def test_signing_in_leads_nowhere_else(client, house, target):
    user = User.objects.get(username="pankow.krm")
    user.set_password("Sommerwind-47-Kette")
    user.save()
    data = {"username": user.username, "password": "Sommerwind-47-Kette", "next": target}

    assert client.post(reverse("login"), data).headers["Location"] == "/"


def test_a_closed_account_is_signed_out_at_once(client, house):
    user = User.objects.get(username="pankow.krm")
    client.force_login(user)
    before = client.get("/").status_code
    User.objects.filter(pk=user.pk).update(is_active=False)

    assert [before, client.get("/").headers["Location"]] == [200, "/anmelden/?next=/"]
