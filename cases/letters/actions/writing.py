"""Letters from draft to dispatch: written while drafts, discarded, sent once; between lies actions/signing.py."""

from datetime import date
from hashlib import sha256

from django.utils import timezone

from cases.deadlines.actions.ending import meet, meet_by_answer
from cases.deadlines.actions.moving import lengthen
from cases.documents import add_file
from cases.letters.actions.checks import (
    check_is_draft,
    check_may_be_answered,
    check_not_sent,
    check_signer,
    check_version,
    locked_letter,
    locked_matter,
    record_letter,
)
from cases.letters.actions.content import prefilled
from cases.letters.reading.paper import WHO_ANSWERS_DATA_PROTECTION
from cases.models import Case, Deadline, Document, Letter, Transfer
from cases.recording import hold_still, move, record, refresh_next_due, save
from cases.rules.kinds import Settlement
from cases.rules.lifecycle import Status, Step
from cases.rules.registration import UploadedFile
from cases.rules.triage import Reason
from cases.signing.reading.signers import WRITTEN
from cases.unit_of_work import action
from offices.errors import NotAllowed
from offices.queries import Actor
from offices.roles import Permission, Role

NO_WAY = "Bitte den Versandweg wählen."
EDITABLE = WRITTEN
BESIDE = ("expected_on", "consulted")  # saved with the text, not printed by themselves
ON_TRANSFERS = (Letter.Kind.TRANSFER, Letter.Kind.DATA_PROTECTION)
DATA_PROTECTION_WRITERS = (Role.DPO, Role.KRM_OFFICER)


@action
def draft_letter(*, by: Actor, kind: str, case: Case | None = None, transfer: Transfer | None = None) -> Letter:
    """A prefilled letter to the Bevollmächtigte/n, else the person (§ 13 SGB X, B4-7); or the one there is already.

    One letter of a kind per round of a case, or per transfer; interim letters one after the other, and a further
    answer once an answered case is worked on again. NotAllowed where
    nobody can be written to, and while no telephone number of the contact person is known (GER-17, GERA-14).
    """
    matter = locked_matter(case, transfer, kind, by=by, permission=Permission.WRITE_LETTERS)
    _check_kind(matter, kind, by)
    round_number = matter.round if isinstance(matter, Case) else 1
    drafted = matter.letters.filter(kind=kind, round=round_number)
    if existing := drafted.filter(sent_on__isnull=True).first() or (not _may_follow(matter, kind) and drafted.first()):
        return existing
    letter = Letter.objects.create(
        case=matter if isinstance(matter, Case) else None,
        transfer=None if isinstance(matter, Case) else matter,
        kind=kind,
        round=round_number,
        drafted_at=timezone.now(),
        drafted_by_id=by.user_id,
        **prefilled(matter, Letter.Kind(kind), by=by),
    )
    record_letter(letter, "letter.drafted", by, Permission.WRITE_LETTERS)
    return letter


def _may_follow(matter: Case | Transfer, kind: str) -> bool:
    """Whether another letter of this kind follows one that was sent."""
    if kind == Letter.Kind.INTERIM:
        return True
    closing = (Status.ANSWERED, Status.CLOSED)
    return kind == Letter.Kind.FINAL and isinstance(matter, Case) and matter.status not in closing


@action
def edit_letter(*, by: Actor, letter: Letter, expected_version: int, **fields: str | date | bool | None) -> Letter:
    """Save a draft; `fields` are those of EDITABLE and BESIDE.

    Who changes what is printed is one of its authors, and co-signs it no more (GER-21). The Rücksprache was about the
    text as it stood: with another body it is to be confirmed again (GERA-5, PAN-17).
    ChangedMeanwhile with label -> (stored, submitted) when somebody saved in between; nothing is written then.
    """
    letter = locked_letter(letter, by=by, permission=Permission.WRITE_LETTERS)
    check_is_draft(letter)
    submitted = {name: _tidy(fields[name]) for name in EDITABLE if name in fields}
    submitted |= {name: fields[name] for name in BESIDE if name in fields}
    _carry_day(letter, submitted)
    if letter.consulted and submitted.get("body", letter.body) != letter.body:
        submitted["consulted"] = False
    changed = {name: value for name, value in submitted.items() if value != getattr(letter, name)}
    if not changed:
        return letter
    check_version(letter, expected_version, changed)
    for name, value in changed.items():
        setattr(letter, name, value)
    letter.version += 1
    letter.save(update_fields=[*changed, "version"])
    if not changed.keys().isdisjoint(EDITABLE):
        letter.authors.add(by.user)
    return letter


def _carry_day(letter: Letter, submitted: dict) -> None:
    """Another day promised in an interim letter replaces the former one in its text."""
    old, new, body = letter.expected_on, submitted.get("expected_on"), submitted.get("body", letter.body)
    if old and new and old != new and f"{new:%d.%m.%Y}" not in body:
        submitted["body"] = body.replace(f"{old:%d.%m.%Y}", f"{new:%d.%m.%Y}")


@action
def discard_letter(*, by: Actor, letter: Letter) -> None:
    """Delete a draft: it has not become a letter yet."""
    letter = locked_letter(letter, by=by, permission=Permission.WRITE_LETTERS)
    check_is_draft(letter)
    discard(letter, by=by)


def discard(letter: Letter, *, by: Actor) -> None:
    """Delete a draft whose case the calling action has locked."""
    record_letter(letter, "letter.discarded", by, Permission.WRITE_LETTERS)
    letter.delete()


@action
def dispatch_letter(*, by: Actor, letter: Letter, sent_on: date, way: str) -> Letter:
    """Note the dispatch, once; `sent_on` lies between the date of the letter and today.

    The acknowledgement meets its deadline (K1). The interim letter meets its own, stands for the acknowledgement
    where K1 says so and moves the closure to the day it promises (K3, GER-18, GERA-13). The final letter meets the
    closure deadline, ends the others of the round and makes the case answered (K2, GER-20, GERA-12, PAN-17).
    NotAllowed where a judgement or a Verfügung since then wants another signature, or contributions first (K7, K21).
    """
    letter = locked_letter(letter, by=by, permission=Permission.DISPATCH)
    check_not_sent(letter)
    if letter.issued_at is None:
        raise NotAllowed("Das Schreiben ist noch ein Entwurf; bitte zuerst ausfertigen.")
    if way not in Letter.Way.values:
        raise NotAllowed(NO_WAY)
    if sent_on > by.today:
        raise NotAllowed("Der Versand kann nicht in der Zukunft liegen.")
    if sent_on < letter.dated_on:
        raise NotAllowed(f"Der Versand kann nicht vor dem Datum des Schreibens ({letter.dated_on:%d.%m.%Y}) liegen.")
    check_may_be_answered(letter)
    check_signer(letter)
    letter.sent_on = sent_on
    letter.sent_by_id = by.user_id
    letter.way = way
    letter.version += 1
    letter.save()
    record_letter(
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
    elif letter.kind == Letter.Kind.INTERIM:
        _keep_waiting(case, letter, by)
    elif letter.kind == Letter.Kind.FINAL:
        meet_by_answer(case, sent_on, by=by)
        mark_answered(case, sent_on, Settlement.LETTER, by=by, permission=Permission.DISPATCH)
    refresh_next_due(case)
    save(case)


def _keep_waiting(case: Case, letter: Letter, by: Actor) -> None:
    meet(case, Deadline.Kind.INTERIM, letter.sent_on, by=by)
    if case.rule_set.parameters.acknowledgement.interim_counts:
        meet(case, Deadline.Kind.ACKNOWLEDGEMENT, letter.sent_on, by=by)
    closure = case.deadlines.open().filter(round=case.round, kind=Deadline.Kind.CLOSURE).first()
    if closure and letter.expected_on and letter.expected_on > closure.due_on:
        reason = f"Zwischennachricht vom {letter.dated_on:%d.%m.%Y}"
        lengthen(closure, letter.expected_on, reason, by=by, permission=Permission.DISPATCH)


def mark_answered(case: Case, on: date, settlement: Settlement, *, by: Actor, permission: Permission) -> None:
    """Make a locked case answered, not saved; the day of the first answer stays, for no clock starts again."""
    if case.status == Status.ANSWERED:
        return
    move(case, Step.ANSWER, by=by)
    case.answered_on = case.answered_on or on
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


@action
def store_pdf(*, by: Actor, letter: Letter, pdf: bytes) -> bool:
    """Keep the PDF of an issued letter; False, and nothing kept, where it has one already or is a draft again.

    `letter` is the row the PDF was made from: only a PDF of the very text that was frozen is kept.
    """
    hold_still(letter.case_id or letter.transfer.case_id)
    current = Letter.objects.select_for_update(of=("self",), no_key=True).filter(pk=letter.pk).first()
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


def _tidy(text: str) -> str:
    return "\n".join(line.rstrip() for line in text.strip().splitlines())


def _check_kind(matter: Case | Transfer, kind: str, by: Actor) -> None:
    """Which letters a case or an Abgabe has, and who writes them."""
    if kind not in Letter.Kind.values or (kind in ON_TRANSFERS) == isinstance(matter, Case):
        raise NotAllowed("Diese Art von Schreiben gibt es hier nicht.")
    if kind == Letter.Kind.INTERIM and isinstance(matter, Case) and matter.status == Status.ANSWERED:
        raise NotAllowed("Der Vorgang ist beantwortet; eine Zwischennachricht wird nicht mehr gebraucht.")
    if kind == Letter.Kind.DATA_PROTECTION:
        if isinstance(matter, Case) or matter.reason != Reason.DATA_PROTECTION:
            raise NotAllowed("Dieses Schreiben gibt es nur zu einer Abgabe wegen Datenschutz.")
        roles = {seat.role for seat in by.seats_with(Permission.WRITE_LETTERS, matter.office_id)}
        if roles.isdisjoint(DATA_PROTECTION_WRITERS):
            raise NotAllowed(WHO_ANSWERS_DATA_PROTECTION)
