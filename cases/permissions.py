"""Who may do what with a case, and why not: one German sentence that the page shows and the action raises."""

from collections.abc import Iterable
from datetime import date

from django.db.models import prefetch_related_objects

from cases.apart import beneath_named, counts, deputies_of_named
from cases.models import Case, Deadline
from cases.rules.assignments import SETTLING
from cases.rules.lifecycle import Status
from offices.errors import NotAllowed
from offices.models import Unit, User
from offices.queries import Actor, Seat, memberships_on
from offices.roles import NEAR_MANAGEMENT, Permission, Role, Scope

FOREIGN_UNIT = "Diese Einheit gehört nicht zur Dienststelle."

# What a grant on a single case brings with it: reading, and one's own contribution.
GRANTED = frozenset({Permission.READ_CASES, Permission.NOTE, Permission.WORK})
# What comes with something asked of a person by name, wherever the case lies.
CONTRIBUTING = frozenset({Permission.READ_CASES, Permission.NOTE, Permission.SIGN})

AT_THE_DESK = (Status.NEW, Status.WITH_KRM)


def seats_for(actor: Actor, permission: Permission, case: Case, *, asked: bool = True) -> tuple[Seat, ...]:
    """The seats from which the actor may do this with this case, own ones first.

    Without `asked`, what was asked of somebody by name gives nothing.
    """
    unit_ids = {case.unit_id, *(c.unit_id for c in case.concerns.all())} - {None}
    to_work = permission != Permission.READ_CASES
    named = {case.handler_id, case.responsible_id}
    if asked and permission in CONTRIBUTING:
        named |= {a.user_id for a in case.assignments.all() if a.is_open}
    return tuple(
        seat
        for seat in actor.seats_with(permission, case.office_id)
        if counts(seat, case)
        and (
            seat.covers(case.office_id, unit_ids, to_work=to_work)
            or (seat.holder_id in named and seat.scope != Scope.NONE)
        )
    )


def why_kept_out(case: Case, user: User, today: date) -> str | None:
    """The sentence why nothing of this case may be put into somebody's hands; None where it may (B4-8, PAN-7).

    Nobody it complains about; and in a case against the Geschäftsführung nobody who leads or sits before its door.
    """
    is_about = case.complained_about.filter(user=user).exists()
    seats = memberships_on(today).filter(user=user, office=case.office_id)
    return why_kept_out_as(case, user, is_about=is_about, roles=seats.values_list("role", flat=True))


def why_kept_out_as(case: Case, user: User, *, is_about: bool, roles: Iterable[str]) -> str | None:
    """The same where it is known whether the reaction is about them; `roles` are theirs in its office today."""
    if is_about:
        return f"{user} ist von der Kundenreaktion selbst betroffen."
    if case.against_management and NEAR_MANAGEMENT & {Role(role) for role in roles}:
        return f"{user} gehört zur Leitung des Hauses; die Kundenreaktion richtet sich gegen die Geschäftsführung."
    return None


def why_not_opened(case: Case, user: User) -> str | None:
    """The sentence why a sealed case stays shut to somebody; None where they were named for it or it is open (B4-1)."""
    shut = case.is_sealed and not case.caseusergrant_set.filter(user=user).exists()
    return needs_grant(user) if shut else None


def foreign(user: User) -> str:
    return f"{user} gehört nicht zur Dienststelle."


def works_on_nothing(user: User) -> str:
    return f"{user} hat in dieser Dienststelle keine Rolle, die Vorgänge bearbeitet."


def lead_is_concerned(unit: Unit) -> str:
    return f"Die Leitung der Einheit „{unit}“ ist von der Kundenreaktion selbst betroffen."


def needs_grant(user: User) -> str:
    return f"Der Vorgang ist geschützt; {user} braucht zuerst einen Einzelzugriff."


def why_not_decide(case: Case, user: User, today: date) -> str | None:
    """The sentence why somebody neither handles this case nor approves in it; None where they may (B4-8).

    Besides whoever is kept out that is, in a Dienstaufsichtsbeschwerde, who stands in for a person it is about.
    """
    if reason := why_kept_out(case, user, today):
        return reason
    if user.pk in deputies_of_named(case, today):
        return (
            f"{user} vertritt eine betroffene Person oder hat sie seit dem Eingang vertreten; die "
            "Dienstaufsichtsbeschwerde bearbeitet und gibt jemand anders frei (B4-8)."
        )
    return None


def why_not_co_sign(case: Case, user: User, today: date) -> str | None:
    """The sentence why somebody has no say in the answer to this case; None where they may (B4-8, PAN-7).

    Besides whoever is kept out: nobody decides about their own superior, nor about whom they stand in for.
    """
    if reason := why_kept_out(case, user, today):
        return reason
    if user.pk in beneath_named(case, today):
        return (
            f"{user} ist einer betroffenen Person unterstellt oder vertritt sie; mitzeichnen kann jemand anders (B4-8)."
        )
    return None


def why_not_ask(case: Case, user: User, today: date) -> str | None:
    """The sentence why nothing on this case is asked of this person; None where it can be (B4-8, PAN-7, B4-1)."""
    return why_kept_out(case, user, today) or why_not_opened(case, user)


def why_may_not(actor: Actor, permission: Permission, case: Case) -> str | None:
    """The sentence why this person may not do it with this case; None where they may."""
    if case.is_sealed and not has_grant(actor, case):
        return "Der Vorgang ist geschützt; nur namentlich benannte Personen haben Zugriff."
    if seats_for(actor, permission, case):
        return None
    if permission in GRANTED and has_grant(actor, case):
        return None
    if actor.may(permission, case.office_id):
        return "Der Vorgang liegt bei einer anderen Einheit; Sie können ihn lesen, aber nicht bearbeiten."
    return f"Ihre Rolle umfasst nicht: {permission.label}."


def why_not_move(actor: Actor, permission: Permission, case: Case) -> str | None:
    """The sentence why this person does not take the case along: hand it on, assign it, mark it answered.

    While it lies with the KRM, the KRM or the Geschäftsführung decides its way (GER-15, GERA-10, PAN-20); of the
    Fachbereich only who was asked to settle it, or works on it. None where they may.
    """
    if reason := why_may_not(actor, permission, case):
        return reason
    if case.status not in AT_THE_DESK or case.handler_id in actor.holder_ids:
        return None
    decides = any(seats_for(actor, deciding, case) for deciding in (Permission.TRIAGE, Permission.DIRECT))
    asked = (a for a in case.assignments.all() if a.is_open and a.kind in SETTLING)
    if decides or any(a.user_id in actor.holder_ids for a in asked):
        return None
    return "Der Vorgang liegt beim KRM; den Weg der Bearbeitung legt dort die Verfügung oder das KRM fest."


def why_not_tick_off(actor: Actor, case: Case, look: Deadline) -> str | None:
    """The sentence why a Wiedervorlage is not this person's to tick off; None where it is (B3-5).

    It is whose it is by name or in Vertretung, anybody's while nobody is named, and always the desk's.
    """
    if look.assignee_id is None or look.assignee_id in actor.holder_ids:
        return None
    if why_may_not(actor, Permission.TRIAGE, case) is None:
        return None
    return f"Diese Wiedervorlage ist für {look.assignee}; erledigt wird sie dort oder vom KRM."


def check_may_move(actor: Actor, permission: Permission, case: Case) -> None:
    """Raises NotAllowed with the sentence of `why_not_move`."""
    if reason := why_not_move(actor, permission, case):
        raise NotAllowed(reason)


def check_may(actor: Actor, permission: Permission, case: Case) -> None:
    """Raises NotAllowed with the sentence of `why_may_not`."""
    if reason := why_may_not(actor, permission, case):
        raise NotAllowed(reason)


def check_may_in(actor: Actor, permission: Permission, office_id: int) -> None:
    """The same for what is not about one case: registering, the desk, calendars, rules."""
    if not actor.may(permission, office_id):
        raise NotAllowed(f"Ihre Rolle umfasst in dieser Dienststelle nicht: {permission.label}.")


def roles_to_register(actor: Actor, office_id: int) -> frozenset[Role]:
    """The roles from which somebody registers; who only keeps the files of a seat does not act as it (K23, PAN-14)."""
    seats = actor.seats_with(Permission.REGISTER, office_id)
    return frozenset(seat.role for seat in seats if not seat.administration_only)


def has_grant(actor: Actor, case: Case) -> bool:
    """Whether the actor was named personally for this case and has a seat of their own in its office today."""
    if case.office_id not in actor.offices_granting():
        return False
    prefetch_related_objects([case], "caseusergrant_set")  # once for all the questions a page asks
    return any(grant.user_id == actor.user_id for grant in case.caseusergrant_set.all())
