"""Absences that begin or end: who acts from now on is told of what lies in the hands of the person, told before or not.

A step is told once, and what is asked when it is asked; so without this who comes back after the last one, or stands in
from then on, would never hear.
"""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, datetime

from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.utils import timezone

from cases.models import Assignment, Case, Deadline, Notice
from cases.notices.reading.recipients import Houses
from cases.rules.reminders import Urgency
from cases.unit_of_work import action
from cases.visibility import Facts, TransferFacts
from offices.models import Substitution
from offices.queries import absences_on
from offices.rules.substitution import leading_to


@action
def follow_absences(now: datetime) -> int:
    """Have the last step of what these people have in hand told once more, and tell who acts for them what is asked of
    them; returns how many notices of the latter there are.

    Of absences that have begun or ended by the day of `now` (aware) since the last call; several may run at once. Who
    knows already is not told again, since a notice is unique.
    """
    today = timezone.localtime(now).date()
    changed = list(_changed(today).order_by("pk").select_for_update(skip_locked=True, no_key=True))
    rows = dict(_in_hand(changed, today).values_list("pk", "case")) if changed else {}
    cases = Case.objects.filter(pk__in={case_id for case_id in rows.values() if case_id}).order_by("pk")
    # Cases before their deadlines, as every action does it: nobody waits for each other.
    list(cases.select_for_update(no_key=True).values_list("pk", flat=True))
    Deadline.objects.open().filter(pk__in=list(rows)).in_new_hands()
    told = Notice.objects.bulk_create(_to_deputies(changed, now), ignore_conflicts=True)
    Substitution.objects.filter(pk__in=[entry.pk for entry in changed]).update(followed_on=today)
    return len(told)


def told_once_more(today: date) -> frozenset[int]:
    """The deadlines whose last step `follow_absences` would have told once more, by id; only reads."""
    changed = list(_changed(today))
    return frozenset(_in_hand(changed, today).values_list("pk", flat=True)) if changed else frozenset()


def told_to_deputies(now: datetime) -> list[Notice]:
    """What `follow_absences` would tell of what is asked; not saved, and only reads."""
    return _to_deputies(list(_changed(timezone.localtime(now).date())), now)


def _to_deputies(changed: Sequence[Substitution], now: datetime) -> list[Notice]:
    """What is open and was told only to those who are away, for who acts for them today and sees it.

    The number of queries is the same however many people and tasks it is.
    """
    houses = Houses(timezone.localtime(now).date())
    people = leading_to({entry.absent_id for entry in changed}, houses.absences, houses.today)
    away = [user_id for user_id in people if houses.present(user_id) not in (None, user_id)]
    if not away:
        return []
    told = Notice.objects.told().filter(assignment=OuterRef("pk"))
    asked = Assignment.objects.open().filter(Exists(told), user__in=away).select_related("case", "transfer")
    rows = list(asked.defer("case__text", "case__outcome_reason", "transfer__text").order_by("pk"))
    known: dict[int, dict[int, int]] = defaultdict(dict)  # assignment -> person -> the latest change they know
    notices = Notice.objects.told().filter(assignment__in=rows).order_by("change")
    for assignment_id, user_id, change in notices.values_list("assignment", "recipient", "change"):
        known[assignment_id][user_id] = change
    houses.look_with({houses.present(one.user_id) for one in rows} - {None})
    cases = Facts({one.case_id for one in rows if one.case_id})
    transfers = TransferFacts({one.transfer_id for one in rows if one.transfer_id})
    found = []
    for one in rows:
        acting, latest = houses.present(one.user_id), max(known[one.pk].values())
        if known[one.pk].get(acting) == latest or (sight := houses.sight_of(acting)) is None:
            continue
        if cases.seen_by(sight, one.case) if one.case else transfers.seen_by(sight, one.transfer_id):
            found.append(_in_place(one, acting, latest, now))
    return found


def _in_place(asked: Assignment, acting: int, change: int, now: datetime) -> Notice:
    return Notice(
        assignment=asked,
        recipient_id=acting,
        in_place_of_id=asked.user_id,
        office_id=(asked.case or asked.transfer).office_id,
        due_on=asked.due_on,
        change=change,
        urgency=Urgency.ASKED,
        created_at=now,
    )


def _changed(today: date) -> QuerySet[Substitution]:
    begun = Q(followed_on__isnull=True, from_on__lte=today)
    ended = Q(until_on__lt=today, followed_on__lte=F("until_on"))
    return Substitution.objects.filter(begun | ended)


def _in_hand(changed: Sequence[Substitution], today: date) -> QuerySet[Deadline]:
    """What people concerned by these absences, or who stood in for them, were told of as in their hands."""
    absences = absences_on(today)
    people = leading_to({entry.absent_id for entry in changed}, absences, today)
    theirs = Q(recipient__in=people) | Q(in_place_of__in=people)
    told = Notice.objects.told().filter(theirs, own_level=True, deadline=OuterRef("pk"), due_on=OuterRef("due_on"))
    return Deadline.objects.open().filter(Exists(told)).order_by("pk")
