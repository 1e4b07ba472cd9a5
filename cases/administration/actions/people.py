"""People, their roles from-until, and the units of the house: what the technical administration keeps.

Nothing is deleted: a role ends by a date, an account is closed, a unit no longer exists. The log names people by id.
"""

from datetime import date

from django.db.models import Q

from cases.administration.actions.accounts import drop_links, make_link, tell_of_new_address
from cases.leaving.actions.last_seat import end_with_last_seat, record_end
from cases.outbox.actions.sending import address_changed
from cases.permissions import check_may_in
from cases.recording import record
from cases.unit_of_work import action
from offices.actions import save_checked
from offices.errors import NotAllowed
from offices.models import Membership, Office, Substitution, Unit, User
from offices.queries import Actor, upwards
from offices.roles import APART, Permission, Role, are_kept_apart

ELSEWHERE = "Die Person gehört auch zu einer anderen Dienststelle; ihr Konto kann nur gemeinsam geändert werden."
NOT_OWN_ROLES = "Eigene Rollen kann man nicht selbst ändern; bitte eine andere Administration darum bitten."


@action
def create_person(*, by: Actor, person: User, membership: Membership) -> User:
    """A new account with its first role, still without a password; NotAllowed for what the fields do not allow."""
    check_may_in(by, Permission.CHANGE_PEOPLE, membership.office_id)
    person.set_unusable_password()
    save_checked(person)
    _record("person.created", person, by=by, office_id=membership.office_id)
    membership.user = person
    _save_membership(by, membership)
    return person


@action
def change_person(*, by: Actor, person: User, changed: list[str]) -> User:
    """Save name, contact or state of an account; `changed` are the labels of the fields for the log."""
    if person.pk == by.user_id and not person.is_active:
        raise NotAllowed("Das eigene Konto kann man nicht selbst schließen.")
    before = User.objects.select_for_update(no_key=True).get(pk=person.pk)
    office_ids = _check_account(by, person)
    save_checked(person)
    for office_id in office_ids:
        _record("person.changed", person, by=by, office_id=office_id, fields=changed)
    if person.email != before.email:
        drop_links(person)
        if before.email:
            tell_of_new_address(person=person, old_address=before.email)
        address_changed(by=by, person=person)
    return person


@action
def renew_access(*, by: Actor, person: User) -> str:
    """A one-time link for the person's first or another password; "" where it is mailed instead of handed over."""
    return make_link(by=by, person=person, office_ids=_check_account(by, person))


@action
def add_membership(*, by: Actor, membership: Membership) -> Membership:
    """A further role; NotAllowed for oneself, and where it would bring together what is kept apart (B4-12)."""
    check_may_in(by, Permission.CHANGE_PEOPLE, membership.office_id)
    User.objects.select_for_update(no_key=True).get(pk=membership.user_id)
    return _save_membership(by, membership)


@action
def end_membership(*, by: Actor, membership: Membership, until_on: date) -> Membership:
    """Let a role end on a day, which still belongs to it; the role stays on record and is never prolonged this way.

    With the last role ends what it carried, see last_seat.py.
    """
    check_may_in(by, Permission.CHANGE_PEOPLE, membership.office_id)
    if membership.user_id == by.user_id:
        raise NotAllowed(NOT_OWN_ROLES)
    User.objects.select_for_update(no_key=True).get(pk=membership.user_id)
    membership = Membership.objects.get(pk=membership.pk)  # nobody else changes seats of this person meanwhile
    if membership.until_on and until_on >= membership.until_on:
        raise NotAllowed(f"Die Rolle endet schon am {membership.until_on:%d.%m.%Y}.")
    membership.until_on = until_on
    ended = end_with_last_seat(membership, by=by, last_day=until_on)
    save_checked(membership)
    _record(
        "membership.ended",
        membership.user,
        by=by,
        office_id=membership.office_id,
        role=Role(membership.role).label,
        until_on=until_on.isoformat(),
    )
    record_end(ended, by=by)
    return membership


@action
def save_unit(*, by: Actor, unit: Unit) -> Unit:
    """Add or change a Bereich or Team; NotAllowed where it would lie below itself or in another office."""
    check_may_in(by, Permission.CHANGE_PEOPLE, unit.office_id)
    Office.objects.select_for_update(no_key=True).get(pk=unit.office_id)
    for above in upwards(unit.parent):
        if above.office_id != unit.office_id:
            raise NotAllowed("Die übergeordnete Einheit gehört zu einer anderen Dienststelle.")
        if unit.pk and above.pk == unit.pk:
            raise NotAllowed("Eine Einheit kann nicht zu sich selbst gehören, auch nicht über andere.")
    is_new = unit.pk is None
    save_checked(unit)
    record(
        "unit.created" if is_new else "unit.changed",
        by=by,
        permission=Permission.CHANGE_PEOPLE,
        office_id=unit.office_id,
        unit=unit.number,
    )
    return unit


def _check_account(by: Actor, person: User) -> list[int]:
    """The offices of the person, in all of which `by` must keep the people: one account serves them all.

    Seats that have ended count only where no other is left.
    """
    lasting = person.memberships.filter(Q(until_on__isnull=True) | Q(until_on__gte=by.today))
    office_ids = set((lasting if lasting.exists() else person.memberships).values_list("office_id", flat=True))
    mine = by.office_ids(Permission.CHANGE_PEOPLE)
    if not office_ids & mine:
        raise NotAllowed(f"Ihre Rolle umfasst in dieser Dienststelle nicht: {Permission.CHANGE_PEOPLE.label}.")
    if not office_ids <= mine:
        raise NotAllowed(ELSEWHERE)
    return sorted(office_ids)


def _save_membership(by: Actor, membership: Membership) -> Membership:
    if membership.user_id == by.user_id:
        raise NotAllowed(NOT_OWN_ROLES)
    if membership.unit and membership.unit.office_id != membership.office_id:
        raise NotAllowed("Die Einheit gehört zu einer anderen Dienststelle.")
    _check_roles(membership)
    save_checked(membership)
    _record(
        "membership.added",
        membership.user,
        by=by,
        office_id=membership.office_id,
        role=Role(membership.role).label,
        from_on=membership.from_on.isoformat(),
    )
    return membership


def _check_roles(membership: Membership) -> None:
    others = membership.user.memberships.exclude(pk=membership.pk)
    others = others.filter(Q(until_on__isnull=True) | Q(until_on__gte=membership.from_on))
    if membership.until_on:
        others = others.filter(from_on__lte=membership.until_on)
    same = others.filter(office=membership.office, role=membership.role, unit=membership.unit)
    if same.exists():
        raise NotAllowed("Diese Rolle hat die Person in dieser Zeit schon.")
    held = [Role(role) for role in others.values_list("role", flat=True)]
    if are_kept_apart([*held, *_roles_in_vertretung(membership), Role(membership.role)]):
        raise NotAllowed(APART)


def _roles_in_vertretung(membership: Membership) -> list[Role]:
    """The roles of those the person stands in for, or who stand in for the person, at some time of this membership."""
    user_id, last = membership.user_id, membership.until_on or date.max
    entries = Substitution.objects.filter(
        Q(absent=user_id) | Q(deputy=user_id), from_on__lte=last, until_on__gte=membership.from_on
    )
    roles: set[str] = set()
    for entry in entries:
        other_id = entry.deputy_id if entry.absent_id == user_id else entry.absent_id
        seats = Membership.objects.filter(user=other_id, from_on__lte=min(entry.until_on, last))
        seats = seats.filter(Q(until_on__isnull=True) | Q(until_on__gte=max(entry.from_on, membership.from_on)))
        roles.update(seats.values_list("role", flat=True))
    return [Role(role) for role in roles]


def _record(code: str, person: User, *, by: Actor, office_id: int, **data) -> None:
    record(code, by=by, permission=Permission.CHANGE_PEOPLE, office_id=office_id, user=person.pk, **data)
