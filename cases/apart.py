"""Who is kept out of a case as a set of people, and whether the Geschäftsführung is among those it is about."""

from collections.abc import Iterable
from datetime import date

from django.db.models import Q

from cases.models import Case
from cases.rules.kinds import Kind
from offices.models import Membership, Office, Substitution, User
from offices.queries import acting_on, actors_for, memberships_on
from offices.roles import NEAR_MANAGEMENT, Permission, Role

NOBODY = (
    "Danach könnte niemand mehr diesen Vorgang öffnen: Wer beim KRM arbeitet, gehört zur Leitung des Hauses oder ist "
    "selbst betroffen. Bitte zuerst für das KRM eine Vertretung eintragen lassen, die weder leitet noch betroffen ist "
    "(PAN-7)."
)


def kept_out(case: Case, today: date) -> frozenset[int]:
    """Ids of those for whom permissions.why_kept_out has a sentence (B4-8, PAN-7)."""
    named = frozenset(entry.user_id for entry in case.complained_about.all() if entry.user_id)
    return named | near_management(case, today) if case.against_management else named


def deputies_of_named(case: Case, today: date) -> frozenset[int]:
    """Ids of who stood in for somebody a Dienstaufsichtsbeschwerde is about, on any day from the Eingang to `today`.

    Both days included; nobody for other kinds (B4-8).
    """
    if case.kind != Kind.CONDUCT_COMPLAINT:
        return frozenset()
    named = {entry.user_id for entry in case.complained_about.all() if entry.user_id}
    entries = Substitution.objects.filter(absent__in=named, from_on__lte=today, until_on__gte=case.received_on)
    return frozenset(entries.values_list("deputy", flat=True))


def near_management(case: Case, today: date) -> frozenset[int]:
    """Ids of those who lead in the case's office today or sit before the leaders' door."""
    seats = memberships_on(today).filter(office=case.office_id, role__in=NEAR_MANAGEMENT)
    return frozenset(seats.values_list("user", flat=True))


def why_nobody_reaches(case: Case, today: date) -> str | None:
    """The sentence why nobody of the KRM could open a case against the Geschäftsführung; None where somebody can.

    That is who sits at the desk or stands in there today and is not kept out; what is sealed goes by names (B4-1).
    """
    if case.is_sealed or not case.against_management:
        return None
    out = kept_out(case, today)
    desk = memberships_on(today).filter(office=case.office_id, role=Role.KRM_OFFICER)
    holders = frozenset(desk.values_list("user", flat=True))
    if holders - out:
        return None
    standing_in = acting_on(today)
    deputies = User.objects.filter(pk__in={*standing_in.values()} - {None, *out}, is_active=True)
    actors = actors_for(deputies, today, standing_in).values()
    return None if any(actor.may(Permission.TRIAGE, case.office_id) for actor in actors) else NOBODY


def leads_the_house(office: Office | int, users: Iterable[int], from_on: date, until_on: date) -> bool:
    """Whether one of these people sits in the Geschäftsführung on one of the days, both included."""
    seats = Membership.objects.filter(office=office, user__in=list(users), role=Role.MANAGEMENT)
    return seats.filter(Q(until_on__isnull=True) | Q(until_on__gte=from_on), from_on__lte=until_on).exists()


def dienstherr(office: Office) -> str:
    """The Dienstherr of the Geschäftsführung in words, as rules/triage.py asks for it."""
    return office.get_management_employer_display()
