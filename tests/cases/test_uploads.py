"""What may be uploaded, by content, and under which name it is kept."""

import hashlib
import io
import zipfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from cases.uploads import DOCX, ODT, XLSX, parse
from offices.errors import NotAllowed

PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"
PNG = b"\x89PNG\r\n\x1a\n" + b"\x00" * 32
JPEG = b"\xff\xd8\xff\xe0\x00\x10JFIF\x00" + b"\x00" * 32
TIFF = b"II*\x00\x08\x00\x00\x00" + b"\x00" * 32
MAIL = (
    b"Received: from a by b\r\nFrom: a@example.org\r\nSubject: =?utf-8?q?Gr=C3=BC=C3=9Fe?=\r\n\r\n<html>Text</html>\r\n"
)
KINDS = "Möglich sind PDF, PNG, JPEG, TIFF, TXT, EML, DOCX, XLSX und ODT."


def packed(**entries):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, content in entries.items():
            archive.writestr(name.replace("__", "/").replace("_x", ".x").replace("_b", ".b"), content)
    return buffer.getvalue()


def deflated(**entries):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in entries.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def upload(content, name="schreiben"):
    return SimpleUploadedFile(name, content)


def refusal(content, name="schreiben"):
    with pytest.raises(NotAllowed) as refused:
        parse(upload(content, name))
    return refused.value.reason


@pytest.mark.parametrize(
    ("content", "content_type", "name"),
    [
        (PDF, "application/pdf", "schreiben.pdf"),
        (PNG, "image/png", "schreiben.png"),
        (JPEG, "image/jpeg", "schreiben.jpg"),
        (TIFF, "image/tiff", "schreiben.tif"),
        ("Grüße aus Köln\n".encode(), "text/plain", "schreiben.txt"),
        ("Grüße aus Köln\n".encode("cp1252"), "text/plain", "schreiben.txt"),
        ("Grüße aus Köln\n".encode("utf-16"), "text/plain", "schreiben.txt"),
        (b"Vorher: schlecht\nNachher: gut\n", "text/plain", "schreiben.txt"),
        (b"2 < 3 und <b>fett</b>", "text/plain", "schreiben.txt"),
        (MAIL, "message/rfc822", "schreiben.eml"),
        (packed(word__document_xml="<w/>"), DOCX, "schreiben.docx"),
        (packed(xl__workbook_xml="<w/>"), XLSX, "schreiben.xlsx"),
        (packed(mimetype=ODT, content_xml="<o/>"), ODT, "schreiben.odt"),
    ],
)
def test_the_content_decides_what_a_file_is(content, content_type, name):
    file = parse(upload(content))
    assert (file.content_type, file.name, file.content) == (content_type, name, content)
    assert file.sha256 == hashlib.sha256(content).hexdigest()


@pytest.mark.parametrize(
    "content",
    [
        b"<!DOCTYPE html><html><script>alert(1)</script></html>",
        b"\xef\xbb\xbf \n<HTML>",
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        b"<?xml version='1.0'?><svg/>",
        b"MZ\x90\x00\x03\x00\x00\x00",
        b"GIF89a" + b"\x00" * 20,
        b"#!/bin/sh\n\x00",
        b"a\x07b",
        packed(harmlos_x="text"),
        packed(word__document_xml="<w/>", word__vbaProject_bin="macro"),
        packed(mimetype="application/vnd.oasis.opendocument.base"),
        b"PK\x03\x04 kaputt",
        packed(word__document_xml="<w/>", ä="").replace("ä".encode(), b"\xff\xfe"),
        deflated(mimetype=ODT),
    ],
)
def test_everything_else_is_refused_whatever_its_name_says(content):
    assert refusal(content, "brief.pdf") == f"„brief.pdf“ ist keine zulässige Datei. {KINDS}"


def test_an_empty_file_is_refused():
    assert refusal(b"", "leer.txt") == "„leer.txt“ ist leer."


def test_a_file_may_be_as_large_as_the_limit_and_no_larger(settings):
    settings.UPLOAD_MAX_BYTES = 1024 * 1024
    assert len(parse(upload(b"a" * 1024 * 1024)).content) == 1024 * 1024
    assert refusal(b"a" * (1024 * 1024 + 1), "gross.txt") == (
        "„gross.txt“ ist zu groß; möglich sind höchstens 1 MB je Datei."
    )


class Named(SimpleUploadedFile):
    """Keeps the name as the browser sent it; Django cuts paths off on its own."""

    def _set_name(self, name):
        self._name = name

    name = property(lambda self: self._name, _set_name)


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("brief.pdf", "brief.pdf"),
        ("BRIEF.PDF", "BRIEF.PDF"),
        ("../../etc/passwd", "passwd.pdf"),
        ("C:\\Eigene Dateien\\Brief vom 1. Mai.pdf", "Brief vom 1. Mai.pdf"),
        ("..\\..\\evil\x01.pdf", "evil.pdf"),
        ("zeile\r\nSet-Cookie: x.pdf", "zeile Set-Cookie: x.pdf"),
        ("rechnung\u202efdp.exe", "rechnungfdp.exe.pdf"),
        ("a\u0308rger.pdf", "ärger.pdf"),
        ("...", "Anlage.pdf"),
        ("", "Anlage.pdf"),
        ("x" * 300 + ".pdf", "x" * 116 + ".pdf"),
    ],
)
def test_a_name_loses_paths_and_control_characters_and_gains_the_ending_of_its_type(sent, kept):
    assert parse(Named(sent, PDF)).name == kept
