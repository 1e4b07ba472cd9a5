"""Signing letters: given to signature, co-signed, signed or returned; what was signed stands with its checksum."""

from collections.abc import Collection
from datetime import date

from django.utils import timezone

from cases.asking import ask, ask_on_transfer, finish, take_back
from cases.handling.actions.notes import keep_note
from cases.letters.actions.checks import (
    check_date,
    check_is_draft,
    check_not_issued,
    check_not_sent,
    check_printable,
    check_ready,
    check_version,
    locked_letter,
    record_letter,
)
from cases.models import Assignment, Deadline, Document, Letter, Note, Signature
from cases.permissions import why_not_ask, why_not_co_sign
from cases.recording import move, save
from cases.rules.assignments import AssignmentKind
from cases.rules.lifecycle import Status, Step, target_of
from cases.signing.reading.signers import (
    author_ids,
    co_signers,
    content_hash,
    lines_of,
    matter_of,
    missing_co_signers,
    needs_co_signature,
    open_requests,
    origin_of,
    seat_to_sign,
    signer_of,
    text_hash,
    why_may_not_sign,
    why_not_withdraw,
)
from cases.statements.actions.way import NO_CHANGE_ASKED
from cases.unit_of_work import action
from offices.errors import NotAllowed
from offices.models import User
from offices.queries import Actor, Seat, memberships_on
from offices.roles import Permission

STILL_A_DRAFT = "Das Schreiben ist noch ein Entwurf."
LONGEST_TASK = Assignment._meta.get_field("task").max_length
AGREE, SIGN = AssignmentKind.AGREE_LETTER, AssignmentKind.SIGN_LETTER


def submit_letter(*, by: Actor, letter: Letter, expected_version: int, specialist: User | None = None) -> Letter:
    """Give a draft to signature: its text stands until it is signed, returned or taken back (K21, GER-21).

    First the co-signers are asked, after the last of them who signs. `specialist` is the Fachkraft the answer is
    agreed with, by default the lead of the case's unit. NotAllowed for what cannot be printed, without the Rücksprache
    the rules ask for, and where nobody could sign.
    """
    check_printable(letter)
    return _submit(by=by, letter=letter, expected_version=expected_version, specialist=specialist)


@action
def _submit(*, by: Actor, letter: Letter, expected_version: int, specialist: User | None) -> Letter:
    letter = locked_letter(letter, by=by, permission=Permission.WRITE_LETTERS)
    check_is_draft(letter)
    check_version(letter, expected_version, {})
    check_ready(letter, by.today)
    signer_of(letter, by.today)
    asked = co_signers(letter, specialist, by.today)
    if author := next((user for user in asked if user.pk in author_ids(letter)), None):
        raise NotAllowed(f"{author} hat an dem Schreiben geschrieben und kann es nicht selbst mitzeichnen.")
    letter.submitted_at, letter.submitted_by_id = timezone.now(), by.user_id
    letter.version += 1
    letter.save()
    record_letter(letter, "letter.submitted", by, Permission.WRITE_LETTERS)
    _move(letter, Step.SUBMIT_LETTER, by)
    for user in asked:
        _ask(letter, AGREE, user, by)
    if not asked:
        _ask(letter, SIGN, signer_of(letter, by.today), by)
    return letter


@action
def co_sign_letter(*, by: Actor, letter: Letter, expected_version: int) -> Letter:
    """Mitzeichnen, once, for exactly this text; with the last co-signature the signer is asked (GER-21, B5).

    NotAllowed for whoever was not asked or wrote at it, and about a superior, also in somebody's place (B4-8).
    ChangedMeanwhile where the text is another one than the one that was read.
    """
    letter = locked_letter(letter, by=by, permission=None)
    check_not_issued(letter)
    check_version(letter, expected_version, {})
    mine = [a for a in open_requests(letter, AGREE) if a.user_id in by.holder_ids]
    if not mine:
        raise NotAllowed("Eine Mitzeichnung ist von Ihnen nicht (mehr) erbeten.")
    if by.user_id in author_ids(letter):
        raise NotAllowed("Wer an dem Schreiben geschrieben hat, kann es nicht selbst mitzeichnen.")
    _check_co_signers(letter, {by.user, *(asked.user for asked in mine)}, by.today)
    for asked in mine:
        in_place_of = asked.user_id if asked.user_id != by.user_id else None
        role = _role_of(asked.user_id, letter, by.today)
        _sign(letter, Signature.Kind.CO_SIGNATURE, role, content_hash(letter), in_place_of, by)
        record_letter(letter, "letter.co_signed", by, Permission.READ_CASES, in_place_of=in_place_of)
    finish(matter_of(letter), AGREE, by=by, pk__in=[asked.pk for asked in mine])
    if not open_requests(letter, AGREE):
        _ask(letter, SIGN, signer_of(letter, by.today), by)
    return letter


def _check_co_signers(letter: Letter, people: Collection[User], today: date) -> None:
    """NotAllowed for who acts, and for in whose place, where one of them has no say in the answer (B4-8)."""
    case = origin_of(letter)
    for user in people if case else ():
        if reason := why_not_co_sign(case, user, today):
            raise NotAllowed(reason)


def issue_letter(*, by: Actor, letter: Letter, expected_version: int, dated_on: date) -> Letter:
    """Schlusszeichnung: from here on the text stands, with its checksum; background work makes the PDF (K21, B5).

    Who may sign and needs no co-signature signs straight from the draft. `dated_on` lies between Eingang and today.
    NotAllowed for every other role than rules/signing.py names, before all have co-signed this very text, and for
    what cannot be printed (GER-17, GERA-14).
    """
    check_date(letter, dated_on, by)
    check_printable(letter)
    return _issue(by=by, letter=letter, expected_version=expected_version, dated_on=dated_on)


@action
def _issue(*, by: Actor, letter: Letter, expected_version: int, dated_on: date) -> Letter:
    letter = locked_letter(letter, by=by, permission=Permission.SIGN)
    check_not_issued(letter)
    check_version(letter, expected_version, {})
    seat = _check_may_sign(letter, by)
    check_ready(letter, by.today)
    letter.signature = lines_of(by, seat, letter)
    letter.dated_on, letter.issued_at, letter.issued_by_id = dated_on, timezone.now(), by.user_id
    letter.text_hash = text_hash(letter)
    letter.version += 1
    letter.save()
    in_place_of = seat.holder_id if seat.holder_id != by.user_id else None
    _sign(letter, Signature.Kind.FINAL, seat.role, letter.text_hash, in_place_of, by)
    finish(matter_of(letter), SIGN, by=by, letter=letter)
    record_letter(letter, "letter.issued", by, Permission.SIGN, in_place_of=in_place_of, dated_on=dated_on.isoformat())
    _move(letter, Step.SIGN_LETTER, by)
    return letter


@action
def return_letter(*, by: Actor, letter: Letter, note: str) -> Letter:
    """Instead of signing: back to the draft with an internal note that says why; all signatures fall."""
    letter = locked_letter(letter, by=by, permission=None)
    check_not_issued(letter)
    if letter.submitted_at is None:
        raise NotAllowed(STILL_A_DRAFT)
    asked = open_requests(letter, AGREE, SIGN)
    if not any(a.user_id in by.holder_ids for a in asked) and (reason := why_may_not_sign(by, letter)):
        raise NotAllowed(reason)
    if not note.strip():
        raise NotAllowed(NO_CHANGE_ASKED, "note")
    submitted_by = letter.submitted_by
    _unsign(letter, by)
    kept = keep_note(letter.case, note, by=by) if letter.case else None
    record_letter(letter, "letter.returned", by, Permission.READ_CASES, note=kept)
    if kept is None:
        _tell_on_transfer(letter, submitted_by, note.strip(), by)
    elif submitted_by.pk != by.user_id:
        ask(letter.case, AssignmentKind.READ_MENTION, submitted_by, by=by, note=kept)
    return letter


def _tell_on_transfer(letter: Letter, user: User, note: str, by: Actor) -> None:
    """An Abgabe has no Vermerke: what is to be changed becomes a task of whoever gave the letter to signature."""
    if len(note) > LONGEST_TASK:
        raise NotAllowed(f"Zu einer Abgabe hat der Hinweis höchstens {LONGEST_TASK} Zeichen.", "note")
    ask_on_transfer(letter.transfer, AssignmentKind.TAKE_NOTE, user, by=by, task=note, letter=letter)


@action
def withdraw_letter(*, by: Actor, letter: Letter, note: str = "") -> Letter:
    """A letter that has not left the house becomes a draft again; its signatures fall, a later text needs new ones.

    By who signed it, who gave it to signature, or the KRM; what is signed needs a `note` that says why, which reaches
    the signer. A PDF already made stays as internal.
    """
    letter = locked_letter(letter, by=by, permission=Permission.WRITE_LETTERS)
    if letter.issued_at is None and letter.submitted_at is None:
        raise NotAllowed(STILL_A_DRAFT)
    check_not_sent(letter)
    if reason := why_not_withdraw(by, letter):
        raise NotAllowed(reason)
    signer = letter.issued_by
    if signer and not note.strip():
        raise NotAllowed("Bitte schreiben, warum das gezeichnete Schreiben zurückgenommen wird.", "note")
    kept = keep_note(letter.case, note, by=by) if letter.case and note.strip() else None
    back_to_draft(letter, by, note=kept)
    if signer and signer.pk != by.user_id:
        _tell_signer(letter, signer, note.strip(), kept, by)
    return letter


def _tell_signer(letter: Letter, signer: User, text: str, note: Note | None, by: Actor) -> None:
    if note is None:
        _tell_on_transfer(letter, signer, text, by)
    elif why_not_ask(letter.case, signer, by.today) is None:
        ask(letter.case, AssignmentKind.READ_MENTION, signer, by=by, note=note)


def back_to_draft(letter: Letter, by: Actor, voided: str = "signature.voided", *, note: Note | None = None) -> None:
    """Take an unsent letter back on a matter that is locked; `voided` is the event that says why signatures fall."""
    if letter.pdf_id:
        Document.objects.filter(pk=letter.pdf_id).update(category=Document.Category.INTERNAL)
    _unsign(letter, by, voided)
    record_letter(letter, "letter.withdrawn", by, Permission.WRITE_LETTERS, note=note)


def _unsign(letter: Letter, by: Actor, voided: str = "signature.voided") -> None:
    if fallen := letter.signatures.valid().update(voided_at=timezone.now()):
        record_letter(letter, voided, by, Permission.WRITE_LETTERS, count=fallen)
    take_back(matter_of(letter), AGREE, SIGN, by=by, letter=letter)
    letter.issued_at = letter.issued_by = letter.dated_on = letter.pdf = None
    letter.submitted_at = letter.submitted_by = None
    letter.text_hash = letter.signature = ""
    letter.version += 1
    letter.save()
    _move(letter, Step.RETURN_LETTER, by)


def _check_may_sign(letter: Letter, by: Actor) -> Seat:
    """The seat from which `by` signs now; NotAllowed with what is missing."""
    seat = seat_to_sign(by, letter)
    if seat is None:
        raise NotAllowed(why_may_not_sign(by, letter))
    if letter.submitted_at is None:
        if needs_co_signature(letter, by.today):
            raise NotAllowed("Das Schreiben braucht eine Mitzeichnung; bitte zuerst zur Zeichnung geben.")
        if letter.kind == Letter.Kind.FINAL and letter.case.status != Status.ANSWERED:
            target_of(Step.SUBMIT_LETTER, Status(letter.case.status))
    elif missing := missing_co_signers(letter, by.today):
        raise NotAllowed(f"Es fehlt noch die Mitzeichnung: {', '.join(str(user) for user in missing)}.")
    return seat


def _move(letter: Letter, step: Step, by: Actor) -> None:
    """Take the case along where the letter is its answer; one that is answered stays so."""
    case = letter.case
    if case is None or letter.kind != Letter.Kind.FINAL or case.status == Status.ANSWERED:
        return
    if step == Step.SUBMIT_LETTER or case.status == Status.IN_SIGNATURE:
        move(case, step, by=by)
        save(case)


def _ask(letter: Letter, kind: AssignmentKind, user: User, by: Actor) -> None:
    """Put the letter into somebody's hands, until the answer is due."""
    if letter.case:
        closure = letter.case.deadlines.open().filter(round=letter.round, kind=Deadline.Kind.CLOSURE).first()
        ask(letter.case, kind, user, by=by, letter=letter, due_on=closure.due_on if closure else None)
        return
    ask_on_transfer(letter.transfer, kind, user, by=by, letter=letter)


def _sign(letter: Letter, kind: str, role: str, checksum: str, in_place_of: int | None, by: Actor) -> None:
    Signature.objects.create(
        letter=letter,
        kind=kind,
        role=role,
        text_hash=checksum,
        at=timezone.now(),
        by_id=by.user_id,
        for_user_id=in_place_of,
    )


def _role_of(user_id: int, letter: Letter, today: date) -> str:
    seat = memberships_on(today).filter(user=user_id, office=matter_of(letter).office_id).order_by("pk").first()
    return seat.role if seat else ""
