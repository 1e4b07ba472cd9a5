"""Who is asked or told at a station. Called by actions on a chain they have locked."""

from collections.abc import Collection, Iterable
from datetime import date

from guardian.shortcuts import assign_perm

from cases.asking import ask, ask_each, finish, take_back
from cases.models import Case
from cases.permissions import why_not_ask
from cases.recording import record
from cases.rules.assignments import AssignmentKind
from offices.errors import NotAllowed
from offices.models import User
from offices.queries import Actor, memberships_on
from offices.roles import ROLES, Role, Scope
from petitions.models import Station, StationNotice
from petitions.reading.people import may_be_asked, usual_people

OF_THE_UNIT = (Role.TEAM_LEAD, Role.DIVISION_LEAD)


def ask_at(station: Station, case: Case, asked: Collection[User], *, due_on: date, by: Actor) -> None:
    """A station of the house has its turn: `asked`, else whoever holds its function, gets it into their hands.

    NotAllowed where nobody does, for whoever does not hold it, and for those who are kept out of the case (B4-8).
    """
    desk = Role(station.desk)
    if asked:
        holders = memberships_on(by.today).filter(office=case.office_id, role=desk, user__in=asked)
        strangers = {user.pk for user in asked} - set(holders.values_list("user", flat=True))
        if strangers:
            raise NotAllowed(f"Dort handelt nur, wer diese Funktion hat: {desk.label}.", "asked")
        people = list(asked)
        for user in people:
            if reason := why_not_ask(case, user, by.today):
                raise NotAllowed(reason, "asked")
    else:
        people = [user for user in usual_people(case, desk, by.today) if not why_not_ask(case, user, by.today)]
    if not people:
        raise NotAllowed(_why_nobody(station, desk, case, by.today), "asked")
    station.people.set(people)
    for user in people:
        _let_in(case, desk, user, by)
        ask(
            case,
            AssignmentKind.PASS_STATION,
            user,
            by=by,
            task=station.to_do,
            due_on=due_on,
            path=station.get_absolute_url(),
        )


def no_longer_asked(station: Station, case: Case, *, by: Actor) -> None:
    """The station's turn is over: done for whoever did it, taken back from the others."""
    which = {"task": station.to_do}
    finish(case, AssignmentKind.PASS_STATION, by=by, user__in=by.holder_ids, **which)
    take_back(case, AssignmentKind.PASS_STATION, by=by, **which)


def tell(case: Case, people: Iterable[User], task: str, *, by: Actor) -> None:
    """Leave word „zur Kenntnis“ with these people, but not with who is kept out or does it themselves."""
    wanted = [user for user in dict.fromkeys(people) if user.pk != by.user_id and not why_not_ask(case, user, by.today)]
    ask_each(case, [(AssignmentKind.TAKE_NOTE, user, task[:200]) for user in wanted], by=by)


def tell_station(station: Station, case: Case, kind: StationNotice.Kind, *, by: Actor) -> None:
    """Leave word with a station: people of the house „zur Kenntnis“, a body outside that is in KRM as a notice there;
    of a body that is not, whoever enters what it does is told to let it know."""
    if station.desk:
        people = station.people.all() or usual_people(case, Role(station.desk), by.today)
        tell(case, people, f"{kind.label}: {station.to_do}", by=by)
    elif station.keeper_id != case.office_id or station.people.exists():
        StationNotice.objects.create(station=station, kind=kind, told_on=by.today)
    else:
        desk = usual_people(case, Role.KRM_OFFICER, by.today)
        tell(case, desk, f"Bitte dort unterrichten ({kind.label}): {station.to_do}", by=by)


def _why_nobody(station: Station, desk: Role, case: Case, today: date) -> str:
    if desk in OF_THE_UNIT and case.unit is None:
        return f"Als Nächstes: {station}. Bitte die Person angeben oder die federführende Einheit eintragen."
    if may_be_asked(case, desk, today):
        return (
            f"Als Nächstes: {station}. Wer das in dieser Einheit ist, kann nicht gefragt werden; bitte jemanden wählen."
        )
    return (
        f"Als Nächstes: {station}. Diese Funktion hat hier niemand, der gefragt werden kann. Das KRM kann die Station "
        "überspringen, oder jemand wird als Vertretung eingetragen."
    )


def _let_in(case: Case, desk: Role, user: User, by: Actor) -> None:
    """Whose function reaches no cases by itself gets this one, as the Fachexperte BGF does (PAN-33)."""
    if ROLES[desk].scope != Scope.NONE or case.caseusergrant_set.filter(user=user).exists():
        return
    assign_perm("read_single_case", user, case)
    record("case.access_granted", by=by, office_id=case.office_id, case=case, person=user.pk)
