"""Whom a reaction is about, named or taken back after registration; who is named loses all access at once (B4-8).

Where that is the Geschäftsführung, everybody who leads the house loses it too (PAN-7).
"""

from cases.apart import leads_the_house, needs_a_second
from cases.models import Case, ConcernedEmployee
from cases.permissions import foreign
from cases.recording import GONE_ENTRY, locked, record, refresh_next_due, represented, save
from cases.recusal.actions.fallen import let_fall, tell_the_desk
from cases.recusal.actions.shut_out import follow_names, withdraw_grants, withdraw_tasks
from cases.unit_of_work import action
from offices.errors import NotAllowed
from offices.models import User
from offices.queries import Actor, memberships_on
from offices.roles import Permission

NOBODY_NAMED = "Bitte eine Person auswählen oder den Namen aus dem Schreiben angeben."


@action
def name_employee(*, by: Actor, case: Case, user: User | None = None, name: str = "") -> ConcernedEmployee:
    """Note that the reaction is about somebody of the house, or about a name from the letter.

    A single grant ends, Wiedervorlagen of that person go to whoever is next, what was asked of them is taken back;
    what they signed, wrote or approved in this round and is not sent falls, and the KRM is told.
    Where it is the Geschäftsführung, the same happens to all who lead, and the case comes back to the KRM (PAN-7).
    NotAllowed for others who still work on the case or answer for it, for the last person with access to a sealed
    case, and for a name twice.
    """
    case = locked(case, by=by, permission=Permission.EDIT)
    name = "" if user else name.strip()
    if user is None and not name:
        raise NotAllowed(NOBODY_NAMED)
    if case.complained_about.filter(user=user, name=name).exists():
        raise NotAllowed(named_before(user or name))
    fell = _withdraw_everything(case, user, by) if user else False
    entry = ConcernedEmployee.objects.create(case=case, user=user, name=name)
    _record("case.employee_named", case, by, entry)
    follow_names(case, by=by, permission=Permission.EDIT)
    if fell:
        tell_the_desk(case, by=by)
    refresh_next_due(case)
    save(case)
    return entry


@action
def unname_employee(*, by: Actor, case: Case, entry: ConcernedEmployee) -> bool:
    """Take an entry back that was a mistake; access by role returns, to the leaders of the house with the last entry
    of somebody of the Geschäftsführung.

    Of somebody who leads it is taken back by a second person who may do this here; until then False, and all stays
    as it is. Who acts for the first, or for whom the first acted, is no second person (PAN-7).
    """
    case = locked(case, by=by, permission=Permission.EDIT)
    current = case.complained_about.filter(pk=entry.pk).first()
    if current is None:
        raise NotAllowed(GONE_ENTRY)
    in_place_of = represented(by, Permission.EDIT, case.office_id, case)
    first = {current.removal_asked_by_id, current.removal_asked_for_id} - {None}
    is_second = first and first.isdisjoint({by.user_id, in_place_of})
    if needs_a_second(current, case, by.today) and not is_second:
        if not first:
            current.removal_asked_by, current.removal_asked_for_id = by.user, in_place_of
            current.removal_asked_on = by.today
            current.save(update_fields=["removal_asked_on", "removal_asked_by", "removal_asked_for"])
            _record("case.employee_removal_asked", case, by, current)
        return False
    _record("case.employee_unnamed", case, by, current)
    current.delete()
    follow_names(case, by=by, permission=Permission.EDIT)
    save(case)
    return True


def named_before(who: User | str) -> str:
    return f"{who} ist schon eingetragen."


def _withdraw_everything(case: Case, user: User, by: Actor) -> bool:
    """Whether something they signed, wrote or approved fell with it."""
    if not memberships_on(by.today).filter(user=user, office=case.office_id).exists():
        raise NotAllowed(foreign(user))
    works_on_it = user.pk in (case.handler_id, case.responsible_id)
    if works_on_it and not leads_the_house(case.office_id, [user.pk], case.received_on, by.today):
        raise NotAllowed(f"{user} bearbeitet oder verantwortet den Vorgang; bitte ihn zuerst jemand anderem geben.")
    withdraw_grants(case, frozenset({user.pk}))
    fell = let_fall(case, frozenset({user.pk}), by=by)
    withdraw_tasks(case, frozenset({user.pk}), by=by)
    return fell


def _record(code: str, case: Case, by: Actor, entry: ConcernedEmployee) -> None:
    record(code, by=by, permission=Permission.EDIT, office_id=case.office_id, case=case, person=entry.user_id)
