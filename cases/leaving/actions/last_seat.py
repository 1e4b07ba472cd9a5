"""What ends with the last seat of somebody: single access, Vertretungen, calendar address, draft and sessions (B4-1).

Single access is of one office and ends with the last seat there; all else is of the person and ends with the last seat
anywhere. A Vertretung has a last day and gets that of the seat. What has none ends at once where the seat ends today
or has ended, and opens nothing after a seat that ends later (offices.queries.Actor.offices_granting).
"""

from dataclasses import dataclass, field
from datetime import date

from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.models import Session
from django.db.models import Q, QuerySet
from django.utils import timezone

from cases.administration.actions.accounts import end_calendar_address
from cases.administration.actions.substitutions import end_with_seat, lock_lasting, record_ends
from cases.models import Case, CaseUserGrant, RegistrationDraft
from cases.recording import record, record_each
from offices.models import Membership, Substitution, User
from offices.queries import Actor
from offices.roles import Permission


@dataclass
class Ended:
    """What ended with a seat and is still to be recorded, in the office of that seat."""

    person: User
    office_id: int
    case_ids: list[int] = field(default_factory=list)
    substitutions: list[tuple[str, Substitution]] = field(default_factory=list)
    is_signed_off: bool = False


def seats_after(seat: Membership, last_day: date) -> QuerySet[Membership]:
    """The other seats of the same person that go on or begin after this day."""
    others = Membership.objects.filter(Q(until_on__isnull=True) | Q(until_on__gt=last_day), user=seat.user_id)
    return others.exclude(pk=seat.pk)


def end_with_last_seat(seat: Membership, *, by: Actor, last_day: date) -> Ended:
    """End what this seat, ending on `last_day`, was the last to carry; nothing else. `seat` may end as it likes.

    Locks cases before all else but the person, so call it in the transaction, with the person locked and nothing in
    the log yet; then `record_end`.
    """
    ended, others = Ended(seat.user, seat.office_id), list(seats_after(seat, last_day))
    is_now = last_day <= by.today
    if is_now and all(other.office_id != seat.office_id for other in others):
        ended.case_ids = _end_grants(seat.user, seat.office_id)
    if not others:
        ended.substitutions = end_with_seat(lock_lasting(seat.user, last_day), by=by, last_day=last_day)
        ended.is_signed_off = is_now
        if is_now:
            _sign_off(seat.user)
    return ended


def record_end(ended: Ended, *, by: Actor) -> None:
    record_each(
        "case.access_withdrawn",
        by=by,
        office_id=ended.office_id,
        permission=Permission.CHANGE_PEOPLE,
        case_ids=ended.case_ids,
        person=ended.person.pk,
    )
    record_ends(ended.substitutions, by=by, office_id=ended.office_id)
    if ended.is_signed_off:
        record(
            "membership.last_ended",
            by=by,
            permission=Permission.CHANGE_PEOPLE,
            office_id=ended.office_id,
            user=ended.person.pk,
        )


def _end_grants(person: User, office_id: int) -> list[int]:
    """Ids of the cases to which the person had access; the only access to a sealed case stays, and opens nothing.

    Without it nobody could ever be let in again, should the person come back.
    """
    mine = CaseUserGrant.objects.filter(user=person)
    cases = Case.objects.select_for_update(no_key=True).filter(
        pk__in=mine.values("content_object"), office_id=office_id
    )
    sealed = {pk: is_sealed for pk, is_sealed in cases.order_by("pk").values_list("pk", "is_sealed")}
    others = CaseUserGrant.objects.filter(content_object__in=sealed).exclude(user=person)
    shared = set(others.values_list("content_object", flat=True))
    ending = [pk for pk, is_sealed in sealed.items() if not is_sealed or pk in shared]
    mine.filter(content_object__in=ending).delete()
    return ending


def _sign_off(person: User) -> None:
    end_calendar_address(person)
    RegistrationDraft.objects.filter(user=person).delete()
    running = Session.objects.filter(expire_date__gt=timezone.now()).iterator()
    mine = [session.pk for session in running if session.get_decoded().get(SESSION_KEY) == str(person.pk)]
    Session.objects.filter(pk__in=mine).delete()
