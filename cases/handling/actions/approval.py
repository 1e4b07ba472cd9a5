"""The result of a Dienstaufsichtsbeschwerde goes to who signs by K7, also where no letter has it (PAN-7, GERA-27)."""

from cases.asking import ask
from cases.closing.reading import why_not_answer
from cases.handling.actions.notes import keep_note
from cases.handling.reading.conduct import approval_asked, conduct_signer, needs_approval
from cases.models import Assignment, Case, Note
from cases.recording import locked, save
from cases.rules.assignments import AssignmentKind
from cases.unit_of_work import action
from offices.errors import NotAllowed
from offices.queries import Actor
from offices.roles import Permission

NO_RESULT = "Bitte mit einem Satz sagen, was das Ergebnis ist."
NOT_ASKED_FOR = "Zu diesem Vorgang muss niemand ein Ergebnis billigen."


@action
def present_result(*, by: Actor, case: Case, note: str) -> Assignment:
    """Lay the result before who would sign the letter, once a round; `note` says what it is and stays as a note.

    NotAllowed where K7 names nobody, before the contributions are there, without a note, where it was laid before
    them already, and where nobody of that role may see the case.
    """
    case = locked(case, by=by, permission=Permission.TRIAGE)
    if not needs_approval(case):
        raise NotAllowed(NOT_ASKED_FOR)
    if reason := why_not_answer(case):
        raise NotAllowed(reason)
    if not note.strip():
        raise NotAllowed(NO_RESULT, "note")
    if approval_asked(case):
        raise NotAllowed("Das Ergebnis liegt dort schon vor.")
    asked = lay_before(case, keep_note(case, note, by=by, kind=Note.Kind.REASON), by=by)
    if asked is None:
        role = case.rule_set.parameters.conduct_complaint.signed_by
        raise NotAllowed(f"Niemand ist da, dem das Ergebnis vorgelegt werden kann: {role.label}.")
    save(case)
    return asked


def lay_before(case: Case, note: Note, *, by: Actor) -> Assignment | None:
    """The same on a case the calling action has locked, where the rules ask for it; None where they do not."""
    signer = conduct_signer(case, by.today) if needs_approval(case) and not approval_asked(case) else None
    return ask(case, AssignmentKind.APPROVE_RESULT, signer, by=by, note=note) if signer else None
