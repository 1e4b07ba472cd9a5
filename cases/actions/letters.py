"""Letters from draft to dispatch: edited while drafts, frozen when issued, sent once."""

from datetime import date
from hashlib import sha256

from django.db import transaction
from django.utils import timezone

from cases.actions.documents import add_file
from cases.actions.duties import meet, meet_by_answer
from cases.actions.letter_content import prefilled
from cases.actions.record import GONE, locked, move, record, refresh_next_due, save
from cases.letters import letter_pdf
from cases.models import Case, Deadline, Document, Letter, Transfer
from cases.permissions import check_may_in
from cases.rules import letter_texts
from cases.rules.kinds import Settlement
from cases.rules.lifecycle import Status, Step
from cases.rules.registration import UploadedFile
from offices.errors import ChangedMeanwhile, NotAllowed
from offices.letterhead import ADDRESS_LINES, LetterError
from offices.queries import Actor
from offices.roles import Permission
from offices.typesetting import CannotTypeset

EDITABLE = ("recipient", "subject", "salutation", "body", "contact_name", "contact_phone", "signature")


@transaction.atomic
def draft_letter(*, by: Actor, kind: str, case: Case | None = None, transfer: Transfer | None = None) -> Letter:
    """A prefilled letter to the Bevollmächtigte/n, else the person (§ 13 SGB X, B4-7); or the one there is already.

    One letter of a kind per round of a case, or per transfer. NotAllowed where nobody can be written to, and while no
    telephone number of the contact person is known (GER-17, GERA-14).
    """
    matter = _locked_matter(case, transfer, by=by, permission=Permission.WRITE_LETTERS)
    on_case = isinstance(matter, Case)
    if (kind == Letter.Kind.TRANSFER) == on_case or kind not in Letter.Kind.values:
        raise NotAllowed("Diese Art von Schreiben gibt es hier nicht.")
    round_number = matter.round if on_case else 1
    if existing := matter.letters.filter(kind=kind, round=round_number).first():
        return existing
    letter = Letter.objects.create(
        case=matter if on_case else None,
        transfer=None if on_case else matter,
        kind=kind,
        round=round_number,
        drafted_at=timezone.now(),
        drafted_by_id=by.user_id,
        **prefilled(matter, Letter.Kind(kind), by=by),
    )
    _record(letter, "letter.drafted", by, Permission.WRITE_LETTERS)
    return letter


@transaction.atomic
def edit_letter(*, by: Actor, letter: Letter, expected_version: int, **fields: str) -> Letter:
    """Save a draft; `fields` are those of EDITABLE.

    ChangedMeanwhile with label -> (stored, submitted) when somebody saved in between; nothing is written then.
    """
    letter = _locked_letter(letter, by=by, permission=Permission.WRITE_LETTERS)
    _check_is_draft(letter)
    submitted = {name: _tidy(fields[name]) for name in EDITABLE if name in fields}
    changed = {name: value for name, value in submitted.items() if value != getattr(letter, name)}
    if not changed:
        return letter
    _check_version(letter, expected_version, changed)
    for name, value in changed.items():
        setattr(letter, name, value)
    letter.version += 1
    letter.save(update_fields=[*changed, "version"])
    return letter


def issue_letter(*, by: Actor, letter: Letter, expected_version: int, dated_on: date) -> Letter:
    """Ausfertigen: from here on the text stands, with its checksum; background work makes the PDF.

    `dated_on` lies between Eingang and today. NotAllowed without contact person and telephone (GER-17, GERA-14),
    without an address of one to six lines, with words still to be added, and for what cannot be printed.
    """
    _check_printable(letter, dated_on, by)
    return _issue(by=by, letter=letter, expected_version=expected_version, dated_on=dated_on)


@transaction.atomic
def _issue(*, by: Actor, letter: Letter, expected_version: int, dated_on: date) -> Letter:
    letter = _locked_letter(letter, by=by, permission=Permission.WRITE_LETTERS)
    _check_is_draft(letter)
    _check_version(letter, expected_version, {})
    letter.dated_on = dated_on
    letter.issued_at = timezone.now()
    letter.issued_by_id = by.user_id
    letter.text_hash = text_hash(letter)
    letter.version += 1
    letter.save()
    _record(letter, "letter.issued", by, Permission.WRITE_LETTERS, dated_on=dated_on.isoformat())
    return letter


@transaction.atomic
def withdraw_letter(*, by: Actor, letter: Letter) -> Letter:
    """An issued letter that has not left the house becomes a draft again; a PDF already made stays as internal."""
    letter = _locked_letter(letter, by=by, permission=Permission.WRITE_LETTERS)
    if letter.issued_at is None:
        raise NotAllowed("Das Schreiben ist noch ein Entwurf.")
    _check_not_sent(letter)
    if letter.pdf_id:
        Document.objects.filter(pk=letter.pdf_id).update(category=Document.Category.INTERNAL)
    letter.issued_at = letter.issued_by = letter.dated_on = letter.pdf = None
    letter.text_hash = ""
    letter.version += 1
    letter.save()
    _record(letter, "letter.withdrawn", by, Permission.WRITE_LETTERS)
    return letter


@transaction.atomic
def discard_letter(*, by: Actor, letter: Letter) -> None:
    """Delete a draft: it has not become a letter yet."""
    letter = _locked_letter(letter, by=by, permission=Permission.WRITE_LETTERS)
    _check_is_draft(letter)
    discard(letter, by=by)


def discard(letter: Letter, *, by: Actor) -> None:
    """Delete a draft whose case the calling action has locked."""
    _record(letter, "letter.discarded", by, Permission.WRITE_LETTERS)
    letter.delete()


@transaction.atomic
def dispatch_letter(*, by: Actor, letter: Letter, sent_on: date, way: str) -> Letter:
    """Note the dispatch, once; `sent_on` lies between the date of the letter and today.

    The acknowledgement meets its deadline (K1). The final letter meets the closure deadline, ends the others of the
    round and makes the case answered (K2, GER-20, GERA-12, PAN-17).
    """
    letter = _locked_letter(letter, by=by, permission=Permission.DISPATCH)
    _check_not_sent(letter)
    if letter.issued_at is None:
        raise NotAllowed("Das Schreiben ist noch ein Entwurf; bitte zuerst ausfertigen.")
    if way not in Letter.Way.values:
        raise NotAllowed("Bitte den Versandweg wählen.")
    if sent_on > by.today:
        raise NotAllowed("Der Versand kann nicht in der Zukunft liegen.")
    if sent_on < letter.dated_on:
        raise NotAllowed(f"Der Versand kann nicht vor dem Datum des Schreibens ({letter.dated_on:%d.%m.%Y}) liegen.")
    letter.sent_on = sent_on
    letter.sent_by_id = by.user_id
    letter.way = way
    letter.version += 1
    letter.save()
    _record(
        letter,
        "letter.dispatched",
        by,
        Permission.DISPATCH,
        sent_on=sent_on.isoformat(),
        way=letter.get_way_display(),
    )
    if letter.case:
        _take_effect(letter, by)
    return letter


def _take_effect(letter: Letter, by: Actor) -> None:
    case, sent_on = letter.case, letter.sent_on
    if letter.kind == Letter.Kind.ACKNOWLEDGEMENT:
        meet(case, Deadline.Kind.ACKNOWLEDGEMENT, sent_on, by=by)
    elif letter.kind == Letter.Kind.FINAL:
        meet_by_answer(case, sent_on, by=by)
        mark_answered(case, sent_on, Settlement.LETTER, by=by, permission=Permission.DISPATCH)
    refresh_next_due(case)
    save(case)


def mark_answered(case: Case, on: date, settlement: Settlement, *, by: Actor, permission: Permission) -> None:
    """Make a locked case answered, not saved; one that already is keeps its day, for no clock starts again."""
    if case.status == Status.ANSWERED:
        return
    move(case, Step.ANSWER, by=by)
    case.answered_on = on
    case.settlement = settlement
    record(
        "case.answered",
        by=by,
        permission=permission,
        office_id=case.office_id,
        case=case,
        on=on.isoformat(),
        settlement=settlement.value,
    )


@transaction.atomic
def store_pdf(*, by: Actor, letter: Letter, pdf: bytes) -> bool:
    """Keep the PDF of an issued letter; False, and nothing kept, where it has one already or is a draft again.

    `letter` is the row the PDF was made from: only a PDF of the very text that was frozen is kept.
    """
    current = Letter.objects.select_for_update(of=("self",)).filter(pk=letter.pk).first()
    if current is None or current.pdf_id or not current.issued_at or current.text_hash != letter.text_hash:
        return False
    matter = current.case or current.transfer
    file = UploadedFile(
        name=f"{current.get_kind_display()} {matter.reference}.pdf",
        content_type="application/pdf",
        content=pdf,
        sha256=sha256(pdf).hexdigest(),
    )
    current.pdf = add_file(
        file, by=by, case=current.case, transfer=current.transfer, category=Document.Category.OUTGOING
    )
    current.save(update_fields=["pdf"])
    return True


def text_hash(letter: Letter) -> str:
    """SHA-256 over everything that is printed and was written for this letter."""
    parts = [getattr(letter, name) for name in EDITABLE] + [letter.dated_on.isoformat()]
    return sha256("\x1f".join(parts).encode()).hexdigest()


def _locked_matter(
    case: Case | None, transfer: Transfer | None, *, by: Actor, permission: Permission
) -> Case | Transfer:
    if case is not None:
        return locked(case, by=by, permission=permission)
    current = Transfer.objects.visible_to(by).select_for_update(of=("self",)).filter(pk=transfer.pk).first()
    if current is None:
        raise NotAllowed(GONE)
    check_may_in(by, permission, current.office_id)
    return current


def _locked_letter(letter: Letter, *, by: Actor, permission: Permission) -> Letter:
    """The letter as it is now, behind the lock of its case or transfer."""
    matter = _locked_matter(letter.case, letter.transfer, by=by, permission=permission)
    current = Letter.objects.select_for_update().filter(pk=letter.pk).first()
    if current is None:
        raise NotAllowed("Der Entwurf wurde inzwischen verworfen.")
    if isinstance(matter, Case):
        current.case = matter
    else:
        current.transfer = matter
    return current


def _check_is_draft(letter: Letter) -> None:
    if letter.issued_at is not None:
        raise NotAllowed(f"Das Schreiben ist schon {letter.state} und kann nicht mehr geändert werden.")


def _check_not_sent(letter: Letter) -> None:
    if letter.sent_on is not None:
        raise NotAllowed(f"Das Schreiben wurde schon am {letter.sent_on:%d.%m.%Y} versandt.")


def _check_version(letter: Letter, expected_version: int, submitted: dict[str, str]) -> None:
    if letter.version == expected_version:
        return
    labels = {name: Letter._meta.get_field(name).verbose_name for name in submitted}
    differences = {labels[name]: (getattr(letter, name), value) for name, value in submitted.items()}
    raise ChangedMeanwhile(differences, letter.version)


def _check_printable(letter: Letter, dated_on: date, by: Actor) -> None:
    """Before any lock, because making a PDF takes a moment; `_issue` then checks that the text is still this one."""
    matter = letter.case or letter.transfer
    if dated_on > by.today:
        raise NotAllowed("Das Schreiben kann kein Datum in der Zukunft tragen.")
    if dated_on < matter.received_on:
        raise NotAllowed("Das Schreiben kann kein Datum vor dem Eingang tragen.")
    if not 1 <= len(letter.recipient.splitlines()) <= ADDRESS_LINES:
        raise NotAllowed(f"Die Anschrift braucht eine bis {ADDRESS_LINES} Zeilen.", "recipient")
    if not letter.contact_name or not letter.contact_phone:
        field = "contact_phone" if letter.contact_name else "contact_name"
        raise NotAllowed("Das Schreiben nennt noch keine Ansprechperson mit Telefonnummer.", field)
    if not letter.signature:
        raise NotAllowed("Die Unterschriftszeilen fehlen.", "signature")
    if letter_texts.GAP in letter.body:
        raise NotAllowed(f"Im Text ist noch etwas zu ergänzen; dort steht „{letter_texts.GAP} …]“.", "body")
    try:
        letter_pdf(letter)
    except (LetterError, CannotTypeset) as error:
        raise NotAllowed(str(error)) from error


def _tidy(text: str) -> str:
    return "\n".join(line.rstrip() for line in text.strip().splitlines())


def _record(letter: Letter, code: str, by: Actor, permission: Permission, **data: str) -> None:
    record(
        code,
        by=by,
        permission=permission,
        office_id=(letter.case or letter.transfer).office_id,
        case=letter.case,
        transfer=letter.transfer,
        kind=letter.get_kind_display(),
        **data,
    )
