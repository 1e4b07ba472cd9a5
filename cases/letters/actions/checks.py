"""What every action on a letter stands on: the letter behind the lock of its matter, and what it may still be."""

from datetime import date, timedelta
from typing import Any

from cases.closing.reading import why_not_answer
from cases.letters.reading.paper import check_on_transfer, letter_pdf
from cases.lookup import case_calendar
from cases.models import Case, Letter, Signature, Transfer
from cases.recording import GONE, locked, locked_transfer, record
from cases.rules import letter_texts
from cases.rules.days import why_no_day
from cases.rules.signing import consultation
from cases.signing.reading.signers import in_words, parameters_of, signer_roles, to_consult
from offices.errors import ChangedMeanwhile, NotAllowed
from offices.letterhead import ADDRESS_LINES, LetterError
from offices.queries import Actor
from offices.roles import Permission, Role
from offices.typesetting import CannotTypeset


def locked_matter(
    case: Case | None, transfer: Transfer | None, kind: str, *, by: Actor, permission: Permission
) -> Case | Transfer:
    """The case or Abgabe, row-locked; NotAllowed for strangers and for who may not do this with such a letter."""
    if case is not None:
        return locked(case, by=by, permission=permission)
    current = locked_transfer(transfer, by=by)
    check_on_transfer(by, permission, current, kind)
    return current


def locked_letter(letter: Letter, *, by: Actor, permission: Permission | None) -> Letter:
    """The letter as it is now, behind the lock of its case or transfer.

    Without `permission` for whoever sees it: what was asked of them by name is for the action to look up.
    """
    if permission is None:
        matter = _in_sight(letter.case, by) if letter.case else locked_transfer(letter.transfer, by=by)
    else:
        matter = locked_matter(letter.case, letter.transfer, letter.kind, by=by, permission=permission)
    current = Letter.objects.select_for_update(no_key=True).filter(pk=letter.pk).first()
    if current is None:
        raise NotAllowed("Der Entwurf wurde inzwischen verworfen.")
    if isinstance(matter, Case):
        current.case = matter
    else:
        current.transfer = matter
    return current


def _in_sight(case: Case, by: Actor) -> Case:
    current = Case.objects.visible_to(by).select_for_update(of=("self",), no_key=True).filter(pk=case.pk).first()
    if current is None:
        raise NotAllowed(GONE)
    return current


def check_is_draft(letter: Letter) -> None:
    """Raises NotAllowed for a letter that lies for signature or was signed: its text stands."""
    if letter.issued_at is not None:
        raise NotAllowed(f"Das Schreiben ist schon {letter.state} und kann nicht mehr geändert werden.")
    if letter.submitted_at is not None:
        raise NotAllowed("Das Schreiben liegt schon zur Zeichnung und kann so nicht mehr geändert werden.")


def check_not_issued(letter: Letter) -> None:
    if letter.issued_at is not None:
        raise NotAllowed(f"Das Schreiben ist schon {letter.state}.")


def check_not_sent(letter: Letter) -> None:
    if letter.sent_on is not None:
        raise NotAllowed(f"Das Schreiben wurde schon am {letter.sent_on:%d.%m.%Y} versandt.")


def check_version(letter: Letter, expected_version: int, submitted: dict) -> None:
    """ChangedMeanwhile with label -> (stored, submitted) where somebody saved in between."""
    if letter.version == expected_version:
        return
    columns: dict[str, Any] = {name: Letter._meta.get_field(name) for name in submitted}
    differences = {columns[name].verbose_name: (getattr(letter, name), value) for name, value in submitted.items()}
    raise ChangedMeanwhile(differences, letter.version)


def check_date(letter: Letter, dated_on: date, by: Actor) -> None:
    """The date of a letter lies between Eingang and today."""
    if dated_on > by.today:
        raise NotAllowed("Das Schreiben kann kein Datum in der Zukunft tragen.")
    if dated_on < (letter.case or letter.transfer).received_on:
        raise NotAllowed("Das Schreiben kann kein Datum vor dem Eingang tragen.")


def check_printable(letter: Letter) -> None:
    """Before any lock, because making a PDF takes a moment; the action then checks that the text is still this one."""
    if not 1 <= len(letter.recipient.splitlines()) <= ADDRESS_LINES:
        raise NotAllowed(f"Die Anschrift braucht eine bis {ADDRESS_LINES} Zeilen.", "recipient")
    if not letter.contact_name or not letter.contact_phone:
        field = "contact_phone" if letter.contact_name else "contact_name"
        raise NotAllowed("Das Schreiben nennt noch keine Ansprechperson mit Telefonnummer.", field)
    if letter_texts.GAP in letter.body:
        raise NotAllowed(f"Im Text ist noch etwas zu ergänzen; dort steht „{letter_texts.GAP} …]“.", "body")
    try:
        letter_pdf(letter)
    except (LetterError, CannotTypeset) as error:
        raise NotAllowed(str(error)) from error


def check_ready(letter: Letter, today: date) -> None:
    """What the rules ask for before a letter is signed: Rücksprache, and how long it will take (GERA-5, GERA-13).

    The answer to a Dienstaufsichtsbeschwerde rests on its judgement and its contributions (K7).
    """
    check_may_be_answered(letter)
    if (roles := to_consult(letter)) and not letter.consulted:
        raise NotAllowed(f"Bitte zuerst bestätigen: {consultation(roles)}.", "consulted")
    if letter.kind == Letter.Kind.INTERIM:
        _check_expected(letter, today)


def check_may_be_answered(letter: Letter) -> None:
    """Raises NotAllowed for an answer that has nothing to rest on yet (K7)."""
    if letter.case and letter.kind == Letter.Kind.FINAL and (reason := why_not_answer(letter.case)):
        raise NotAllowed(reason)


def check_signer(letter: Letter) -> None:
    """Raises NotAllowed where another level would have to sign by now: judged anew, or directed anew (K7, K21)."""
    signature = letter.signatures.valid().filter(kind=Signature.Kind.FINAL).first()
    if signature and signature.role not in (roles := signer_roles(letter)):
        raise NotAllowed(
            f"Gezeichnet hat: {Role(signature.role).label}. Inzwischen zeichnet dieses Schreiben: {in_words(roles)}. "
            "Bitte zum Entwurf zurücknehmen und neu zeichnen lassen."
        )


def _check_expected(letter: Letter, today: date) -> None:
    expected_on = letter.expected_on
    if expected_on is None:
        if parameters_of(letter).interim.must_state_duration:
            raise NotAllowed("Bitte angeben, bis wann die Antwort voraussichtlich kommt (GERA-13).", "expected_on")
        return
    if expected_on <= today:
        raise NotAllowed("Die Antwort kann erst nach dem heutigen Tag zugesagt werden.", "expected_on")
    if reason := why_no_day(case_calendar(letter.case), expected_on, today + timedelta(days=1)):
        raise NotAllowed(reason, "expected_on")
    if f"{expected_on:%d.%m.%Y}" not in letter.body:
        raise NotAllowed(f"Der Text nennt den {expected_on:%d.%m.%Y} nicht, bis zu dem Antwort zugesagt wird.", "body")


def record_letter(
    letter: Letter, code: str, by: Actor, permission: Permission, *, in_place_of: int | None = None, **data
) -> None:
    """One entry about a letter; `in_place_of` is whom `by` signed for."""
    record(
        code,
        by=by,
        permission=permission,
        in_place_of=in_place_of,
        office_id=(letter.case or letter.transfer).office_id,
        case=letter.case,
        transfer=letter.transfer,
        kind=letter.get_kind_display(),
        **data,
    )
