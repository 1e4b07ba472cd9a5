"""Sealed cases and single persons' access to them (B4-1, K18)."""

from guardian.shortcuts import assign_perm, remove_perm

from cases.models import Case
from cases.permissions import check_may, foreign, has_grant, why_kept_out
from cases.recording import locked, record, save
from cases.unit_of_work import action
from offices.errors import NotAllowed
from offices.models import User
from offices.queries import Actor, memberships_on
from offices.roles import APART, APART_FROM_CASES, Permission

SINGLE = "read_single_case"


@action
def seal(*, by: Actor, case: Case) -> Case:
    """From now on only persons named one by one reach the case; whoever seals it is the first of them."""
    case = locked(case, by=by, permission=Permission.EDIT, must_be_open=False)
    if case.is_sealed:
        raise NotAllowed("Der Vorgang ist schon geschützt.")
    case.is_sealed = True
    save(case)
    assign_perm(SINGLE, by.user, case)
    record("case.sealed", by=by, permission=Permission.EDIT, office_id=case.office_id, case=case)
    return case


@action
def grant(*, by: Actor, case: Case, user: User) -> None:
    """Let one person of the office read and contribute.

    Never somebody the reaction is about (B4-8), nor a leader where it is about the Geschäftsführung (PAN-7), nor
    who runs, checks or measures the house (B4-12).
    """
    case = _locked(case, by)
    if reason := why_kept_out(case, user, by.today):
        raise NotAllowed(f"{reason} Diese Person bekommt keinen Zugriff.")
    roles = set(memberships_on(by.today).filter(user=user, office=case.office_id).values_list("role", flat=True))
    if not roles:
        raise NotAllowed(foreign(user))
    if roles & APART_FROM_CASES:
        raise NotAllowed(f"{user} bekommt keinen Zugriff. {APART}")
    if case.caseusergrant_set.filter(user=user).exists():
        raise NotAllowed(f"{user} hat schon Zugriff.")
    assign_perm(SINGLE, user, case)
    _record("case.access_granted", case, by, user)


@action
def withdraw(*, by: Actor, case: Case, user: User) -> None:
    """Take a person's access back; the last one of a sealed case stays, else nobody could open it again."""
    case = _locked(case, by)
    grants = case.caseusergrant_set.all()
    if not any(entry.user_id == user.pk for entry in grants):
        raise NotAllowed(f"{user} hat keinen Einzelzugriff.")
    if case.is_sealed and len(grants) == 1:
        raise NotAllowed("Der letzte Zugriff auf einen geschützten Vorgang bleibt bestehen.")
    if case.is_sealed and case.is_open and case.handler_id == user.pk:
        raise NotAllowed(f"{user} bearbeitet den Vorgang; bitte ihn zuerst jemand anderem zuweisen.")
    remove_perm(SINGLE, user, case)
    _record("case.access_withdrawn", case, by, user)


def why_may_not_grant(actor: Actor, case: Case) -> str | None:
    """The sentence why this person does not decide about single access; the desk does, or who has access to it."""
    try:
        _check(actor, case)
    except NotAllowed as refusal:
        return refusal.reason
    return None


def _check(actor: Actor, case: Case) -> None:
    if not (case.is_sealed and has_grant(actor, case)):
        check_may(actor, Permission.EDIT, case)


def _locked(case: Case, by: Actor) -> Case:
    case = locked(case, by=by, permission=Permission.READ_CASES, must_be_open=False)
    _check(by, case)
    return case


def _record(code: str, case: Case, by: Actor, user: User) -> None:
    record(code, by=by, permission=Permission.EDIT, office_id=case.office_id, case=case, person=user.pk)
