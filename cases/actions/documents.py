"""Filing documents: stored under random names, with their checksum."""

from django.core.files.base import ContentFile
from django.db import transaction
from django.utils import timezone

from cases.actions.record import locked, record
from cases.models import Case, Document, Transfer
from cases.rules.registration import UploadedFile
from offices.queries import Actor
from offices.roles import Permission


@transaction.atomic
def add_document(*, by: Actor, case: Case, file: UploadedFile, category: str = Document.Category.INCOMING) -> Document:
    """File one checked upload with an open case."""
    case = locked(case, by=by, permission=Permission.NOTE)
    return add_file(file, by=by, case=case, category=category)


def add_file(
    file: UploadedFile,
    *,
    by: Actor,
    case: Case | None = None,
    transfer: Transfer | None = None,
    category: str = Document.Category.INCOMING,
) -> Document:
    """Store a file with a case or transfer that the calling action has checked; call inside its transaction.

    After its last refusal: what is rolled back later leaves the file behind, without a row.
    """
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
    try:
        _keep(document, by)
    except Exception:
        document.file.delete(save=False)
        raise
    return document


def _keep(document: Document, by: Actor) -> None:
    document.save()
    record(
        "document.added",
        by=by,
        office_id=(document.case or document.transfer).office_id,
        case=document.case,
        transfer=document.transfer,
        document=document.pk,
    )
