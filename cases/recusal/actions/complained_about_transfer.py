"""Whom an Abgabe is about, named at registration or later; who is named loses all access at once (B4-8, PAN-7)."""

from collections.abc import Iterable

from cases.apart import kept_out_of_transfer, why_nobody_keeps
from cases.asking import withdraw_on_transfer
from cases.intake.actions.register import FOREIGN_EMPLOYEE
from cases.models import ConcernedEmployee, Transfer
from cases.permissions import check_may_in
from cases.recording import GONE_ENTRY, GONE_TRANSFER, record
from cases.recusal.actions.complained_about import NOBODY_NAMED, named_before
from cases.recusal.actions.fallen import let_fall_on_transfer
from cases.rules.registration import EmployeeData
from cases.unit_of_work import action
from offices.errors import NotAllowed
from offices.models import Membership, User
from offices.queries import Actor
from offices.roles import Permission


def add_employees(transfer: Transfer, employees: Iterable[EmployeeData], *, by: Actor) -> None:
    """Whom a new Abgabe is about; NotAllowed for strangers, and where nobody of the KRM could open it then."""
    rows = [ConcernedEmployee(transfer=transfer, user_id=e.user_id, name=e.name) for e in employees]
    _check_belongs(transfer, {row.user_id for row in rows} - {None})
    ConcernedEmployee.objects.bulk_create(rows)
    if rows:
        _check_somebody_keeps(transfer, by)


@action
def name_on_transfer(*, by: Actor, transfer: Transfer, user: User | None = None, name: str = "") -> ConcernedEmployee:
    """Note that an Abgabe is about somebody of the house, or about a name from the letter.

    What was asked of them is taken back; what they signed or wrote for it and is not sent is a draft again. Where it
    is the Geschäftsführung, the same happens to all who lead (PAN-7). NotAllowed for strangers, for a name twice,
    where nobody of the KRM could open it then, and while the case it came from is open: there it is entered.
    """
    current = _locked(transfer, by)
    name = "" if user else name.strip()
    if user is None and not name:
        raise NotAllowed(NOBODY_NAMED)
    if current.case and current.case.is_open:
        raise NotAllowed(f"Bitte am Vorgang {current.case.reference} eintragen; es gilt dann auch hier.")
    if current.complained_about.filter(user=user, name=name).exists():
        raise NotAllowed(named_before(user or name))
    _check_belongs(current, {user.pk} if user else set())
    before = kept_out_of_transfer(current, by.today)
    entry = ConcernedEmployee.objects.create(transfer=current, user=user, name=name)
    _check_somebody_keeps(current, by)
    _record("transfer.employee_named", current, by, entry)
    _withdraw(current, kept_out_of_transfer(current, by.today) - before, by)
    return entry


@action
def unname_on_transfer(*, by: Actor, transfer: Transfer, entry: ConcernedEmployee) -> None:
    """Take an entry back that was a mistake; access by role returns."""
    current = _locked(transfer, by)
    found = current.complained_about.filter(pk=entry.pk).first()
    if found is None:
        raise NotAllowed(GONE_ENTRY)
    _record("transfer.employee_unnamed", current, by, found)
    found.delete()


def _locked(transfer: Transfer, by: Actor) -> Transfer:
    found = Transfer.objects.visible_to(by).select_related("case").filter(pk=transfer.pk)
    current = found.select_for_update(of=("self",), no_key=True).first()
    if current is None:
        raise NotAllowed(GONE_TRANSFER)
    check_may_in(by, Permission.TRIAGE, current.office_id)
    return current


def _check_belongs(transfer: Transfer, people: set[int]) -> None:
    of_house = Membership.objects.filter(office=transfer.office_id, user__in=people).values("user").distinct()
    if of_house.count() != len(people):
        raise NotAllowed(FOREIGN_EMPLOYEE)


def _check_somebody_keeps(transfer: Transfer, by: Actor) -> None:
    if reason := why_nobody_keeps(transfer, by.today):
        raise NotAllowed(reason)


def _withdraw(transfer: Transfer, people: frozenset[int], by: Actor) -> None:
    let_fall_on_transfer(transfer, people, by=by)
    withdraw_on_transfer(transfer, people, by=by)


def _record(code: str, transfer: Transfer, by: Actor, entry: ConcernedEmployee) -> None:
    record(
        code, by=by, permission=Permission.TRIAGE, office_id=transfer.office_id, transfer=transfer, person=entry.user_id
    )
