"""A statement on its way: written, handed on, co-signed, approved, returned. Signatures fall with the text (B5)."""

from datetime import date

from django.db.models import Max
from django.utils import timezone

from cases.asking import finish
from cases.deadlines.actions.ending import mark_met
from cases.documents import add_file
from cases.handling.actions.notes import keep_note
from cases.lookup import case_calendar
from cases.models import Document, Signature, Statement, StatementVersion
from cases.recording import move, record, refresh_next_due, save
from cases.rules.lifecycle import Status, Step
from cases.rules.registration import UploadedFile
from cases.rules.statements import Part, asked_again, earlier_positions, next_position
from cases.statements.actions.asking import (
    ASKED_OF,
    MAY_STAY,
    ask_station,
    locked_statement,
    new_deadline,
    return_when_all_are_in,
    tell,
)
from cases.statements.reading.way import (
    SIGNATURE_OF,
    hash_of,
    parts_of,
    signature_at,
    signed_positions,
    station_of,
    why_not_return,
    why_not_sign,
    why_not_write,
)
from cases.unit_of_work import action
from offices.calendars import next_working_day
from offices.errors import ChangedMeanwhile, NotAllowed
from offices.queries import Actor
from offices.roles import WORKING_ROLES, Role

NO_CHANGE_ASKED = "Bitte schreiben, was zu ändern ist."


@action
def edit_statement(*, by: Actor, statement: Statement, expected_version: int, text: str) -> Statement:
    """Save the draft; signatures for another text become void.

    By who is to write or stands in for them, as long as it is a draft. ChangedMeanwhile with the stored and the
    submitted text when somebody saved in between; nothing is written then.
    """
    statement = _locked_draft(statement, by)
    text = _tidy(text)
    if text == statement.text:
        return statement
    if statement.version != expected_version:
        raise ChangedMeanwhile({"Text": (statement.text, text)}, statement.version)
    statement.text = text
    _changed(statement, by)
    return statement


@action
def add_statement_file(*, by: Actor, statement: Statement, file: UploadedFile) -> Document:
    """File a checked upload with the draft; it belongs to what is signed."""
    statement = _locked_draft(statement, by)
    if statement.files.filter(sha256=file.sha256).exists():
        raise NotAllowed(f"„{file.name}“ liegt der Stellungnahme schon bei.", "files")
    document = add_file(file, by=by, case=statement.case, category=Document.Category.INTERNAL)
    document.statement = statement
    document.save(update_fields=["statement"])
    _changed(statement, by)
    return document


@action
def remove_statement_file(*, by: Actor, statement: Statement, document: Document) -> None:
    """Take a file out of the draft; it stays among the documents of the case."""
    statement = _locked_draft(statement, by)
    if not statement.files.filter(pk=document.pk).update(statement=None):
        raise NotAllowed("Die Datei liegt der Stellungnahme nicht (mehr) bei.")
    tell(statement, "statement.file_removed", by, document=document.pk)
    _changed(statement, by)


@action
def hand_on(*, by: Actor, statement: Statement, expected_version: int) -> Statement:
    """Freeze what stands as the next version and pass it to whoever has not signed exactly this yet (PAN-22)."""
    statement = _locked_draft(statement, by)
    _check_version(statement, expected_version)
    if not statement.text:
        raise NotAllowed("Die Stellungnahme ist noch leer.", "text")
    statement.authors.add(by.user)
    version = _frozen(statement, by)
    _pass_on(statement, by)
    tell(statement, "statement.handed_on", by, in_place_of=_in_place_of(statement, by, 1), number=version.number)
    refresh_next_due(statement.case)
    save(statement.case)
    return statement


@action
def sign_statement(*, by: Actor, statement: Statement, expected_version: int) -> Statement:
    """Co-sign or approve, as the station says; the signature belongs to exactly this text and these files.

    NotAllowed for everybody who wrote at it, also in somebody's place (GER-16, B4-8). With the approval its deadline
    is met, and when nothing else is open the case returns to the KRM (PAN-13).
    """
    statement = locked_statement(statement, by=by)
    if reason := why_not_sign(by, statement):
        raise NotAllowed(reason)
    _check_version(statement, expected_version)
    station = station_of(statement)
    part, in_place_of = Part(station.part), _in_place_of(statement, by, station.position)
    _sign(statement, by, part, in_place_of)
    number = statement.versions.aggregate(last=Max("number"))["last"]
    if part == Part.APPROVE:
        _approve(statement, by)
        tell(statement, "statement.approved", by, in_place_of=in_place_of, number=number)
        return_when_all_are_in(statement.case, by=by)
    else:
        _pass_on(statement, by)
        tell(statement, "statement.co_signed", by, in_place_of=in_place_of, number=number)
        save(statement.case)
    return statement


@action
def return_statement(*, by: Actor, statement: Statement, to_position: int, note: str) -> Statement:
    """Give it back to any earlier station, with a note that says why.

    Who has signed the same text is not asked again on the way back, except the station it goes to and the approval.
    An approved statement is returned by the desk, which checks form, completeness and plausibility (PAN-13): the
    case goes back to the Fachbereich, with the former day or, where that is past, the next Arbeitstag.
    """
    statement = locked_statement(statement, by=by)
    if reason := why_not_return(by, statement):
        raise NotAllowed(reason)
    if not note.strip():
        raise NotAllowed(NO_CHANGE_ASKED, "note")
    parts, was_approved = parts_of(statement), statement.approved_at is not None
    if to_position not in earlier_positions(statement.position, stations=len(parts), is_approved=was_approved):
        raise NotAllowed("Zurückgegeben wird an eine frühere Station.", "to_position")
    kept, in_place_of = keep_note(statement.case, note, by=by), None
    if was_approved:
        _reopen(statement, by)
    else:
        in_place_of = _in_place_of(statement, by, statement.position)
        finish(statement.case, *ASKED_OF.values(), by=by, statement=statement)
    _ask_signatures_again(statement, asked_again(parts, to_position), by)
    statement.position = to_position
    _save(statement)
    ask_station(statement, by=by, note=kept)
    tell(statement, "statement.returned", by, note=kept, in_place_of=in_place_of, to=to_position)
    refresh_next_due(statement.case)
    save(statement.case)
    return statement


def _locked_draft(statement: Statement, by: Actor) -> Statement:
    statement = locked_statement(statement, by=by)
    if reason := why_not_write(by, statement):
        raise NotAllowed(reason)
    return statement


def _check_version(statement: Statement, expected_version: int) -> None:
    if statement.version != expected_version:
        raise ChangedMeanwhile({}, statement.version)


def _save(statement: Statement) -> None:
    statement.version += 1
    statement.save()


def _changed(statement: Statement, by: Actor) -> None:
    """The text or a file is another one: whoever wrote is an author, and signatures for anything else are void."""
    statement.authors.add(by.user)
    _save(statement)
    text_hash = hash_of(statement)
    for signature in statement.signatures.valid().exclude(text_hash=text_hash):
        _void(statement, signature, "signature.voided", by)


def _void(statement: Statement, signature: Signature, code: str, by: Actor) -> None:
    signature.voided_at = timezone.now()
    signature.save(update_fields=["voided_at"])
    case, kind = statement.case, signature.get_kind_display()
    record(code, by=by, office_id=case.office_id, case=case, kind=kind, statement=statement.pk)


def _frozen(statement: Statement, by: Actor) -> StatementVersion:
    """The version of what stands: the last one, where nothing changed since."""
    text_hash, last = hash_of(statement), statement.versions.order_by("number").last()
    if last and last.text_hash == text_hash:
        return last
    return StatementVersion.objects.create(
        statement=statement,
        number=last.number + 1 if last else 1,
        text=statement.text,
        text_hash=text_hash,
        at=timezone.now(),
        by=by.user,
    )


def _pass_on(statement: Statement, by: Actor) -> None:
    finish(statement.case, *ASKED_OF.values(), by=by, statement=statement)
    statement.position = next_position(parts_of(statement), signed_positions(statement))
    _save(statement)
    ask_station(statement, by=by)


def _in_place_of(statement: Statement, by: Actor, position: int) -> int | None:
    """Id of the station's person where somebody else acts for them („i. V.“)."""
    user_id = statement.stations.get(position=position).user_id
    return None if user_id == by.user_id else user_id


def _sign(statement: Statement, by: Actor, part: Part, in_place_of: int | None) -> None:
    """One signature for one text, from the seat of the person whose station it is."""
    text_hash, station = hash_of(statement), station_of(statement)
    if signature_at(station, statement.signatures.valid(), text_hash):
        return
    Signature.objects.create(
        statement=statement,
        kind=SIGNATURE_OF[part],
        role=_role(by, station.user_id, statement.case.office_id),
        text_hash=text_hash,
        at=timezone.now(),
        by=by.user,
        for_user_id=in_place_of,
    )


def _role(by: Actor, holder_id: int, office_id: int) -> Role | str:
    roles = (s.role for s in by.seats if s.holder_id == holder_id and s.office_id == office_id)
    return next((role for role in roles if role in WORKING_ROLES), "")


def _approve(statement: Statement, by: Actor) -> None:
    finish(statement.case, *ASKED_OF.values(), by=by, statement=statement)
    statement.approved_at, statement.approved_by = timezone.now(), by.user
    _save(statement)
    if statement.deadline:
        mark_met(statement.deadline, by.today, by=by)


def _reopen(statement: Statement, by: Actor) -> None:
    """An approved statement is open again; the day it was due stays, or becomes the next Arbeitstag."""
    case = statement.case
    if Status(case.status) not in MAY_STAY:
        move(case, Step.DIRECT_TO_UNIT, by=by)
        case.unit = case.unit or statement.unit
    statement.approved_at = statement.approved_by = None
    former = statement.deadline.due_on if statement.deadline else by.today
    due_on = former if former >= by.today else _next_day(statement, by.today)
    statement.deadline = new_deadline(case, statement.unit, station_of(statement).user, due_on, by=by)


def _next_day(statement: Statement, today: date) -> date:
    return next_working_day(case_calendar(statement.case), today)


def _ask_signatures_again(statement: Statement, positions: frozenset[int], by: Actor) -> None:
    text_hash, signatures = hash_of(statement), list(statement.signatures.valid())
    for station in statement.stations.all():
        if station.position in positions and (signature := signature_at(station, signatures, text_hash)):
            _void(statement, signature, "signature.asked_again", by)


def _tidy(text: str) -> str:
    return "\n".join(line.rstrip() for line in text.strip().splitlines())
