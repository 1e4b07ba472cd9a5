"""Who takes an Abgabe over inside the house, and until when (K7 to K12): the roles stand in the rule set."""

from collections.abc import Iterable
from datetime import date

from django.db.models import OuterRef, QuerySet, Subquery

from cases.apart import kept_out_of_transfer
from cases.lookup import office_calendar
from cases.models import Assignment, Transfer
from cases.rules.assignments import AssignmentKind
from cases.rules.transfers import TIME_TO_TAKE_OVER, may_take_over
from cases.rules.triage import Reason
from cases.transfers.reading.receipt import rule_of
from offices.calendars import due
from offices.models import Membership, User
from offices.queries import leads_of, memberships_on
from offices.roles import Role

ALL_KEPT_OUT = (
    "Alle, an die das Regelwerk diese Sache im Haus gibt, sind davon ausgeschlossen: selbst betroffen oder "
    "Leitung des Hauses. Bitte unter „Angaben ändern“ eine andere Stelle angeben."
)


def why_not_hand_over(transfer: Transfer) -> str | None:
    """The sentence why it is not handed over once more; None while it waits."""
    return f"{transfer.reference} ist schon abgegeben." if transfer.handed_over_at else None


def inside_roles(transfer: Transfer) -> tuple[Role, ...]:
    """The roles of the house that its rules name for this reason; none where it goes to a body outside."""
    reason = Reason(transfer.reason)
    return tuple(role for role in rule_of(transfer).inside if may_take_over(role, reason))


def goes_inside(transfer: Transfer) -> bool:
    """Whether it goes to whom the rules name in the house, as long as nobody entered another recipient."""
    return bool(inside_roles(transfer)) and transfer.recipient == rule_of(transfer).recipient


def receivers(transfer: Transfer, today: date) -> QuerySet[User]:
    """Who can take it over, with the number of their unit; nobody it is about, or kept out with them (B4-8, PAN-7)."""
    seats = _seats(transfer, today)
    number = seats.filter(user=OuterRef("pk")).values("unit__number")
    found = User.objects.filter(pk__in=seats.values("user")).exclude(pk__in=kept_out_of_transfer(transfer, today))
    return found.annotate(unit_number=Subquery(number[:1])).order_by("last_name", "first_name")


def why_nobody_receives(transfer: Transfer, today: date) -> str | None:
    """The sentence why it cannot be handed to those whom the rules name: they are there, and all of them kept out."""
    if goes_inside(transfer) and _seats(transfer, today).exists() and not receivers(transfer, today).exists():
        return ALL_KEPT_OUT
    return None


def usual_receiver(transfer: Transfer, candidates: Iterable[User], today: date) -> User | None:
    """Whom to propose: who leads the unit the case lies with, else the only one there is."""
    found = list(candidates)
    unit = transfer.case.unit if transfer.case else None
    leads = [user for user in (leads_of(unit, today) if unit else []) if user in found]
    return next(iter(leads), found[0] if len(found) == 1 else None)


def usual_day(transfer: Transfer, today: date) -> date:
    """The end of the proposed period, an Arbeitstag."""
    return due(office_calendar(transfer.office), today, TIME_TO_TAKE_OVER).due_on


def role_words(transfer: Transfer, user: User, today: date) -> str:
    """In which of the named roles somebody takes it over, with the unit: „Teamleitung 711“. No name."""
    seat = _seats(transfer, today).filter(user=user).select_related("unit").order_by("from_on", "pk").first()
    if seat is None:
        return ""
    return f"{Role(seat.role).label} {seat.unit.number}" if seat.unit else Role(seat.role).label


def taken_over_by(transfer: Transfer) -> Assignment | None:
    """What was last asked of somebody who takes it over, open or done; None where it went outside or to nobody."""
    asked = transfer.assignments.filter(kind=AssignmentKind.TAKE_OVER, cancelled_on__isnull=True)
    return asked.select_related("user", "done_by").order_by("-pk").first()


def why_not_change_receiver(transfer: Transfer) -> str | None:
    """The sentence why nobody else is asked to take it over; None while it waits in the house."""
    if not transfer.assignments.filter(kind=AssignmentKind.TAKE_OVER).exists():
        return f"{transfer.reference} ist nicht im Haus übergeben."
    asked = taken_over_by(transfer)
    return f"{transfer.reference} ist schon übernommen." if asked and not asked.is_open else None


def _seats(transfer: Transfer, today: date) -> QuerySet[Membership]:
    return memberships_on(today).filter(office=transfer.office_id, role__in=inside_roles(transfer))
