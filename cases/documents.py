"""Filing documents: stored under random names, with their checksum; they leave only as downloads."""

from collections.abc import Iterable

from django.core.files.base import ContentFile
from django.http import FileResponse
from django.utils import timezone

from cases.models import Case, Document, Transfer
from cases.recording import locked, record
from cases.rules.registration import UploadedFile
from cases.unit_of_work import action, running
from offices.queries import Actor
from offices.roles import Permission


@action
def add_document(*, by: Actor, case: Case, file: UploadedFile, category: str = Document.Category.INCOMING) -> Document:
    """File one checked upload with an open case."""
    case = locked(case, by=by, permission=Permission.NOTE)
    return add_file(file, by=by, case=case, category=category)


@action
def add_documents(*, by: Actor, case: Case, files: Iterable[UploadedFile], category: str) -> None:
    """File all of them or none: a refused one leaves no half of an upload behind."""
    for file in files:
        add_document(by=by, case=case, file=file, category=category)


def add_file(
    file: UploadedFile,
    *,
    by: Actor,
    case: Case | None = None,
    transfer: Transfer | None = None,
    category: str = Document.Category.INCOMING,
) -> Document:
    """Store a file with a case or transfer that the action which is going on has checked."""
    work = running()
    if work is None:
        raise RuntimeError("A file is stored inside an action, which takes it back with its rows.")
    document = Document(
        case=case,
        transfer=transfer,
        category=category,
        name=file.name[:160],
        content_type=file.content_type,
        size=len(file.content),
        sha256=file.sha256,
        added_at=timezone.now(),
        added_by_id=by.user_id,
    )
    document.file.save(file.name, ContentFile(file.content), save=False)
    work.files.append(document.file.name)
    document.save()
    record(
        "document.added",
        by=by,
        office_id=(document.case or document.transfer).office_id,
        case=document.case,
        transfer=document.transfer,
        document=document.pk,
    )
    return document


def as_download(document: Document) -> FileResponse:
    """The file as attachment: no browser ever renders it inside this site. Whether it may be seen was asked before."""
    response = FileResponse(
        document.file.open("rb"), as_attachment=True, filename=document.name, content_type=document.content_type
    )
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return response
