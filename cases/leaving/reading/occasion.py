"""Whether the open work of somebody is listed to be handed on: they leave, are moved, or a reason was told to them."""

from datetime import date, timedelta

from django.db.models import Q

from cases.models import HandOnReason
from offices.models import Membership, Office, User

# How long before and after the last day of a seat its work is handed on, while another one goes on.
AROUND_THE_END = timedelta(days=90)


def reason_in_force(office: Office, leaver: User, today: date) -> HandOnReason | None:
    """The reason given for somebody's work in this office that still holds on `today`."""
    return HandOnReason.objects.filter(office=office, leaver=leaver, until_on__gte=today).last()


def why_not_listed(office: Office, leaver: User, today: date) -> str | None:
    """The sentence why nobody is shown this person's open work; None while a seat of theirs ends, or a reason holds.

    A seat ends from 90 days before its last day to 90 days after it; of whoever has no seat left there, for good.
    """
    seats = Membership.objects.filter(user=leaver, office=office)
    lasting = seats.filter(Q(until_on__isnull=True) | Q(until_on__gte=today))
    ending = seats.filter(until_on__range=(today - AROUND_THE_END, today + AROUND_THE_END))
    if not lasting.exists() or ending.exists() or reason_in_force(office, leaver, today):
        return None
    return (
        f"Für {leaver} ist kein Ende der Rolle eingetragen. Ohne einen Grund, den {leaver} erfährt, zeigt KRM die "
        "offene Arbeit einer Person nicht."
    )
