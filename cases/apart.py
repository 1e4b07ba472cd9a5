"""Who is kept out of a case as a set of people, and whether the Geschäftsführung is among those it is about.

What follows from `against_management` for sight is asked here, in visibility.py and in permissions.py; what else a
case against the Geschäftsführung does differently (who signs, which way it goes, which letter is written) is a rule of
its own and stands with its subject.
"""

from collections.abc import Iterable
from datetime import date

from django.db.models import Q

from cases.models import Case, ConcernedEmployee, Transfer
from cases.rules.kinds import Kind
from cases.rules.triage import Reason
from offices.models import Membership, Office, Substitution, Unit, User
from offices.queries import Seat, absences_on, actors_for, memberships_on, unit_and_below
from offices.roles import LEADERS, NEAR_MANAGEMENT, ROLES, Permission, Role
from offices.rules.substitution import standing_in_on

DECIDING = tuple(role for role in Role if Permission.TRIAGE in ROLES[role].permissions)
STAYS_AT_THE_DESK = "Die Kundenreaktion richtet sich gegen die Geschäftsführung; sie bleibt beim KRM (PAN-7)."
NOBODY = (
    "Danach könnte niemand mehr diesen Vorgang öffnen: Wer beim KRM arbeitet, gehört zur Leitung des Hauses oder ist "
    "selbst betroffen. Bitte zuerst für das KRM eine Vertretung eintragen lassen, die weder leitet noch betroffen ist "
    "(PAN-7)."
)
NOBODY_KEEPS = (
    "Danach könnte niemand mehr diese Abgabe öffnen: Wer beim KRM arbeitet, ist selbst betroffen. Bitte zuerst für das "
    "KRM eine Vertretung eintragen lassen, die nicht betroffen ist (B4-8)."
)


def kept_out(case: Case, today: date) -> frozenset[int]:
    """Ids of those for whom permissions.why_kept_out has a sentence (B4-8, PAN-7)."""
    named = frozenset(entry.user_id for entry in case.complained_about.all() if entry.user_id)
    return named | near_management(case, today) if case.against_management else named


def counts(seat: Seat, case: Case) -> bool:
    """Whether a seat counts in a case: against the Geschäftsführung only one that is apart from it (PAN-7)."""
    return seat.is_apart or not case.against_management


def why_at_the_desk(case: Case) -> str | None:
    """The sentence why no unit gets a case to work on; None where one may (PAN-7)."""
    return STAYS_AT_THE_DESK if case.against_management else None


def kept_out_of_transfer(transfer: Transfer, today: date) -> frozenset[int]:
    """Ids of those who get nothing of an Abgabe into their hands: whom it or its case is about, and where that is the
    Geschäftsführung all who lead (B4-8, PAN-7)."""
    named = frozenset(entry.user_id for entry in transfer.complained_about.all() if entry.user_id)
    if is_against_management(transfer):
        named |= near_management(transfer, today)
    return named | kept_out(transfer.case, today) if transfer.case else named


def is_against_management(transfer: Transfer) -> bool:
    """By the reason, or because the Abgabe names somebody who sat in the Geschäftsführung since the Eingang (PAN-7)."""
    named = [entry.user_id for entry in transfer.complained_about.all() if entry.user_id]
    by_name = leads_the_house(transfer.office_id, named, transfer.received_on, date.max)
    return by_name or transfer.reason == Reason.AGAINST_MANAGEMENT


def why_nobody_keeps(transfer: Transfer, today: date) -> str | None:
    """The sentence why nobody of the KRM could open an Abgabe; None where somebody can."""
    return None if _reached_by_desk(transfer.office_id, kept_out_of_transfer(transfer, today), today) else NOBODY_KEEPS


def deputies_of_named(case: Case, today: date) -> frozenset[int]:
    """Ids of who stood in for somebody a Dienstaufsichtsbeschwerde is about, on any day from the Eingang to `today`.

    Both days included; nobody for other kinds (B4-8).
    """
    if case.kind != Kind.CONDUCT_COMPLAINT:
        return frozenset()
    named = {entry.user_id for entry in case.complained_about.all() if entry.user_id}
    entries = Substitution.objects.filter(absent__in=named, from_on__lte=today, until_on__gte=case.received_on)
    return frozenset(entries.values_list("deputy", flat=True))


def beneath_named(case: Case, today: date) -> frozenset[int]:
    """Ids of those who have their superior among the people complained about, or stood in for one of them (B4-8).

    Of whoever leads a unit that is everybody with a seat in it who does not lead it, and in the units below; and who
    stood in on any day from the Eingang to `today`, both included.
    """
    named = {entry.user_id for entry in case.complained_about.all() if entry.user_id}
    if not named:
        return frozenset()
    here = memberships_on(today).filter(office=case.office_id, unit__isnull=False)
    units = Unit.objects.filter(pk__in=here.filter(user__in=named, role__in=LEADERS).values("unit"))
    below: set[int] = set()
    for unit in units:
        under = Q(unit__in=unit_and_below(unit) - {unit.pk}) | Q(unit=unit) & ~Q(role__in=LEADERS)
        below.update(here.filter(under).values_list("user", flat=True))
    entries = Substitution.objects.filter(absent__in=named, from_on__lte=today, until_on__gte=case.received_on)
    return frozenset(below | set(entries.values_list("deputy", flat=True)))


def near_management(case: Case | Transfer, today: date) -> frozenset[int]:
    """Ids of those who lead in the office of the case or Abgabe today or sit before the leaders' door."""
    seats = memberships_on(today).filter(office=case.office_id, role__in=NEAR_MANAGEMENT)
    return frozenset(seats.values_list("user", flat=True))


def why_nobody_reaches(case: Case, today: date) -> str | None:
    """The sentence why nobody of the KRM could open a case against the Geschäftsführung; None where somebody can.

    That is who sits at the desk or stands in there today and is not kept out; what is sealed goes by names (B4-1).
    """
    if case.is_sealed or not case.against_management:
        return None
    return None if _reached_by_desk(case.office_id, kept_out(case, today), today) else NOBODY


def _reached_by_desk(office_id: int, out: frozenset[int], today: date) -> bool:
    """Whether somebody sits at the desk or stands in there today who is not among those kept `out`."""
    desk = memberships_on(today).filter(office=office_id, role=Role.KRM_OFFICER)
    if frozenset(desk.values_list("user", flat=True)) - out:
        return True
    absences = absences_on(today)
    standing_in = standing_in_on(absences, today)
    seats = Membership.objects.filter(office=office_id, role__in=DECIDING, user__in=standing_in)
    acting = {standing_in[user_id] for user_id in seats.values_list("user", flat=True)} - {None, *out}
    actors = actors_for(User.objects.filter(pk__in=acting, is_active=True), today, absences).values()
    return any(seat.is_apart for actor in actors for seat in actor.seats_with(Permission.TRIAGE, office_id))


def leads_the_house(office: Office | int, users: Iterable[int], from_on: date, until_on: date) -> bool:
    """Whether one of these people sits in the Geschäftsführung on one of the days, both included."""
    seats = Membership.objects.filter(office=office, user__in=list(users), role=Role.MANAGEMENT)
    return seats.filter(Q(until_on__isnull=True) | Q(until_on__gte=from_on), from_on__lte=until_on).exists()


def needs_a_second(entry: ConcernedEmployee, case: Case, today: date) -> bool:
    """Whether two people take this entry back: that of somebody who led here on a day since the Eingang (PAN-7)."""
    if entry.user_id is None:
        return False
    seats = Membership.objects.filter(user=entry.user_id, office=case.office_id, role__in=LEADERS | {Role.MANAGEMENT})
    since = Q(until_on__isnull=True) | Q(until_on__gte=case.received_on)
    return seats.filter(since, from_on__lte=today).exists()


def dienstherr(office: Office) -> str:
    """The Dienstherr of the Geschäftsführung in words, as rules/triage.py asks for it."""
    return office.get_management_employer_display()
