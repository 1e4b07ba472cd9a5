"""Who acts at a station, and why not: one German sentence that the page shows and the action raises."""

from cases.apart import counts
from cases.models import Case
from offices.errors import NotAllowed
from offices.queries import Actor, Seat
from offices.roles import Permission, Role
from petitions.models import Station


def seats_at(actor: Actor, station: Station, case: Case) -> tuple[Seat, ...]:
    """The seats from which the actor acts at this station, own ones first.

    In the house those of its function that reach the case to work on it; outside those that lead the desk of the
    office which the body is, or which enters what it did.
    """
    if station.desk:
        units = {case.unit_id} - {None}
        return tuple(
            s
            for s in actor.seats
            if s.role == Role(station.desk)
            and not s.administration_only
            and counts(s, case)
            and s.covers(case.office_id, units, to_work=True)
        )
    return actor.seats_with(Permission.TRIAGE, station.keeper_id)


def why_not_act(actor: Actor, station: Station, case: Case) -> str | None:
    """The sentence why this person does not act at this station; None where they do.

    `station.people` are those asked by name in the house, or those who act for a body outside.
    """
    if seats_at(actor, station, case) or in_person(actor, station) is not None:
        return None
    if station.desk:
        return f"Das ist Sache von: {station.body_name}."
    return f"Was „{station.body_name}“ getan hat, trägt ein: {station.keeper}."


def in_person(actor: Actor, station: Station) -> int | None:
    """Id of the person by name as whom the actor acts here: own name first, else whom they stand in for."""
    named = {user.pk for user in station.people.all()} & actor.holder_ids
    if not named:
        return None
    return actor.user_id if actor.user_id in named else min(named)


def stands_in_for(actor: Actor, station: Station, case: Case) -> int | None:
    """Id of whom the actor acts for at this station; None in one's own place."""
    person = in_person(actor, station)
    if person is None:
        seats = seats_at(actor, station, case)
        person = seats[0].holder_id if seats else None
    return None if person == actor.user_id else person


def check_may_act(actor: Actor, station: Station, case: Case) -> None:
    """Raises NotAllowed with the sentence of `why_not_act`."""
    if reason := why_not_act(actor, station, case):
        raise NotAllowed(reason)
