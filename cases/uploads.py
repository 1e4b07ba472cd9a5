"""Uploads at the edge: Django's file in, a checked and named file with its checksum out."""

import hashlib
import io
import re
import unicodedata
import zipfile
from pathlib import PurePosixPath

import filetype
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile as Upload

from cases.rules.registration import UploadedFile
from offices.errors import NotAllowed

__all__ = ["ACCEPT", "ALLOWED", "parse"]

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
ODT = "application/vnd.oasis.opendocument.text"
# Type by content -> the endings it may carry; the first is added where the name carries none of them.
ALLOWED: dict[str, tuple[str, ...]] = {
    "application/pdf": (".pdf",),
    "image/png": (".png",),
    "image/jpeg": (".jpg", ".jpeg"),
    "image/tiff": (".tif", ".tiff"),
    "text/plain": (".txt",),
    "message/rfc822": (".eml",),
    DOCX: (".docx",),
    XLSX: (".xlsx",),
    ODT: (".odt",),
}
ACCEPT = ",".join(ending for endings in ALLOWED.values() for ending in endings)
_KINDS = "Möglich sind PDF, PNG, JPEG, TIFF, TXT, EML, DOCX, XLSX und ODT."
_BINARY = frozenset({"application/pdf", "image/png", "image/jpeg", "image/tiff"})
_MARKUP = re.compile(r"\s*<(?:!doctype|\?xml|!--|html|head|body|svg|script|iframe|meta|style|math)", re.IGNORECASE)
_HEADER = re.compile(r"^([A-Za-z][A-Za-z0-9-]*):", re.MULTILINE)
_MAIL_HEADERS = frozenset({"date", "to", "subject", "message-id", "received", "mime-version", "return-path"})
_LONGEST_NAME = 120


def parse(upload: Upload) -> UploadedFile:
    """The file as it may be stored: what it is by content, under a name without paths and control characters.

    NotAllowed for empty or too large files and for every kind that is not on the list, whatever its name says.
    """
    name = clean_name(upload.name or "")
    if not upload.size:
        raise NotAllowed(f"„{name}“ ist leer.")
    if upload.size > settings.UPLOAD_MAX_BYTES:
        limit = settings.UPLOAD_MAX_BYTES // (1024 * 1024)
        raise NotAllowed(f"„{name}“ ist zu groß; möglich sind höchstens {limit} MB je Datei.")
    upload.seek(0)
    content = upload.read()
    content_type = _content_type(content)
    if content_type is None:
        raise NotAllowed(f"„{name}“ ist keine zulässige Datei. {_KINDS}")
    return UploadedFile(
        name=_with_ending(name, content_type),
        content_type=content_type,
        content=content,
        sha256=hashlib.sha256(content).hexdigest(),
    )


def clean_name(name: str) -> str:
    """The last part of the path, without control and direction marks, short enough to keep its ending."""
    name = unicodedata.normalize("NFC", name).replace("\\", "/").rsplit("/", 1)[-1]
    name = "".join(" " if c.isspace() else c for c in name if c.isspace() or unicodedata.category(c)[0] != "C")
    name = " ".join(name.split()).strip(". ")
    ending = PurePosixPath(name).suffix[:10]
    return name if len(name) <= _LONGEST_NAME else name[: _LONGEST_NAME - len(ending)] + ending


def _with_ending(name: str, content_type: str) -> str:
    endings = ALLOWED[content_type]
    name = name or "Anlage"
    return name if name.lower().endswith(endings) else name + endings[0]


def _content_type(content: bytes) -> str | None:
    """One of ALLOWED by what the bytes are; None for everything else."""
    if content.startswith(b"PK\x03\x04"):
        return _office_type(content)
    guessed = filetype.guess_mime(content)
    if guessed:
        return guessed if guessed in _BINARY else None
    text = _as_text(content)
    if text is None or _MARKUP.match(text):
        return None
    return "message/rfc822" if _is_mail(text) else "text/plain"


def _office_type(content: bytes) -> str | None:
    """Which office document a zip is; those with macros are none we take."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            names = set(archive.namelist())
            if any(name.endswith("vbaProject.bin") for name in names):
                return None
            if "word/document.xml" in names:
                return DOCX
            if "xl/workbook.xml" in names:
                return XLSX
            if "mimetype" in names and _is_plain(archive.getinfo("mimetype")):
                return ODT if archive.read("mimetype") == ODT.encode() else None
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, OSError, ValueError):
        return None  # damaged, encrypted or packed in a way nobody here can open
    return None


def _is_plain(entry: zipfile.ZipInfo) -> bool:
    """Whether it may be the type of an ODT, which stands there unpacked; nothing packed is ever unpacked here."""
    return entry.compress_type == zipfile.ZIP_STORED and entry.file_size == len(ODT)


def _as_text(content: bytes) -> str | None:
    """The text of UTF-8, of UTF-16 with its mark, or of Windows-1252; None where there are bytes no text has."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        candidates = ("utf-16",)
    elif b"\x00" in content:
        return None
    else:
        candidates = ("utf-8-sig", "cp1252")
    for encoding in candidates:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        return None if re.search(r"[\x00-\x08\x0e-\x1a\x1c-\x1f]", text) else text
    return None


def _is_mail(text: str) -> bool:
    """Whether it begins with the header of a message: a sender and another field of one."""
    head = re.split(r"\r?\n\r?\n", text, maxsplit=1)[0]
    if not _HEADER.match(head):
        return False
    found = {field.lower() for field in _HEADER.findall(head)}
    return "from" in found and bool(found & _MAIL_HEADERS)
