"""Filing documents: stored under random names, with their checksum."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import Error, transaction
from django.utils import timezone

from cases.models import Case, Document, Transfer
from cases.recording import locked, record
from cases.rules.registration import UploadedFile
from offices.queries import Actor
from offices.roles import Permission

_stored: ContextVar[list[str] | None] = ContextVar("stored", default=None)  # names, by the filing that is going on


@contextmanager
def filing() -> Iterator[None]:
    """A transaction, as block or decorator, whose files go with its rows: what is rolled back leaves none behind.

    Within another one it is a savepoint. Rows are asked once more before a file goes: where the connection broke at
    the commit nobody knows whether they are there. If they cannot be asked either, the file stays.
    """
    outer = _stored.get()
    names: list[str] = []
    token = _stored.set(names)
    is_kept = False
    try:
        with transaction.atomic():
            yield
            is_rolled_back = transaction.get_rollback()  # by `set_rollback`, without an error
        is_kept = not is_rolled_back
    finally:
        _stored.reset(token)
        if not is_kept:
            _remove(names)
        elif outer is not None:
            outer.extend(names)


def _remove(names: list[str]) -> None:
    """Remove those of the files that no row names."""
    if not names:
        return
    try:
        with transaction.atomic():
            named = set(Document.objects.filter(file__in=names).values_list("file", flat=True))
    except Error:
        return
    for name in set(names) - named:
        default_storage.delete(name)


@filing()
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
    """Store a file with a case or transfer that the calling action has checked; call inside its `filing()`."""
    stored = _stored.get()
    if stored is None:
        raise RuntimeError("A file is stored inside filing(), which takes it back with its row.")
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
    stored.append(document.file.name)
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
