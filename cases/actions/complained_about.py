"""Whom a reaction is about, named or taken back after registration; who is named loses all access at once (B4-8)."""

from django.db import transaction
from guardian.shortcuts import remove_perm

from cases.actions.access import SINGLE
from cases.actions.record import locked, record, save
from cases.models import Case, ConcernedEmployee
from offices.errors import NotAllowed
from offices.models import User
from offices.queries import Actor, memberships_on
from offices.roles import Permission


@transaction.atomic
def name_employee(*, by: Actor, case: Case, user: User | None = None, name: str = "") -> ConcernedEmployee:
    """Note that the reaction is about somebody of the house, or about a name from the letter.

    A single grant ends, and Wiedervorlagen of that person go to whoever is next. NotAllowed for somebody who still
    works on the case or answers for it, for the last person with access to a sealed case, and for a name twice.
    """
    case = locked(case, by=by, permission=Permission.EDIT)
    name = "" if user else name.strip()
    if user is None and not name:
        raise NotAllowed("Bitte eine Person auswählen oder den Namen aus dem Schreiben angeben.")
    if case.complained_about.filter(user=user, name=name).exists():
        raise NotAllowed(f"{user or name} ist schon eingetragen.")
    if user:
        _withdraw_everything(case, user, by)
    entry = ConcernedEmployee.objects.create(case=case, user=user, name=name)
    save(case)
    _record("case.employee_named", case, by, entry)
    return entry


@transaction.atomic
def unname_employee(*, by: Actor, case: Case, entry: ConcernedEmployee) -> None:
    """Take an entry back that was a mistake; access that the person has by role returns with it."""
    case = locked(case, by=by, permission=Permission.EDIT)
    current = case.complained_about.filter(pk=entry.pk).first()
    if current is None:
        raise NotAllowed("Der Eintrag ist schon entfernt.")
    _record("case.employee_unnamed", case, by, current)
    current.delete()
    save(case)


def _withdraw_everything(case: Case, user: User, by: Actor) -> None:
    if not memberships_on(by.today).filter(user=user, office=case.office_id).exists():
        raise NotAllowed(f"{user} gehört nicht zur Dienststelle.")
    if user.pk in (case.handler_id, case.responsible_id):
        raise NotAllowed(f"{user} bearbeitet oder verantwortet den Vorgang; bitte ihn zuerst jemand anderem geben.")
    named = {grant.user_id for grant in case.caseusergrant_set.all()}
    if case.is_sealed and named == {user.pk}:
        raise NotAllowed("Auf den geschützten Vorgang hat sonst niemand Zugriff; bitte zuerst jemand anderen benennen.")
    if user.pk in named:
        remove_perm(SINGLE, user, case)
    case.deadlines.open().filter(assignee=user).update(assignee=None)


def _record(code: str, case: Case, by: Actor, entry: ConcernedEmployee) -> None:
    record(code, by=by, permission=Permission.EDIT, office_id=case.office_id, case=case, person=entry.user_id)
