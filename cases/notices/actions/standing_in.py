"""Absences that begin or end: who acts from now on is told of what lies in the hands of the person, told before or not.

A step is told once, so without this who comes back after the last one, or stands in from then on, would never hear.
"""

from collections.abc import Sequence
from datetime import date

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from cases.models import Case, Deadline, Notice
from cases.unit_of_work import action
from offices.models import Substitution
from offices.queries import absences_on
from offices.rules.substitution import leading_to


@action
def follow_absences(today: date) -> int:
    """Have the last step of what these people have in hand told once more; returns how many absences that were.

    Those that have begun or ended by `today` since the last call; several may run at once. Who knows already is not
    told again, since a notice is unique.
    """
    changed = list(_changed(today).order_by("pk").select_for_update(skip_locked=True, no_key=True))
    rows = dict(_in_hand(changed, today).values_list("pk", "case")) if changed else {}
    cases = Case.objects.filter(pk__in={case_id for case_id in rows.values() if case_id}).order_by("pk")
    # Cases before their deadlines, as every action does it: nobody waits for each other.
    list(cases.select_for_update(no_key=True).values_list("pk", flat=True))
    Deadline.objects.open().filter(pk__in=list(rows)).in_new_hands()
    return Substitution.objects.filter(pk__in=[entry.pk for entry in changed]).update(followed_on=today)


def told_once_more(today: date) -> frozenset[int]:
    """The deadlines whose last step `follow_absences` would have told once more, by id; only reads."""
    changed = list(_changed(today))
    return frozenset(_in_hand(changed, today).values_list("pk", flat=True)) if changed else frozenset()


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
