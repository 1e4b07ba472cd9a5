"""Who needs relief: on whom difficult matters come together (GER-35). No ranking, no number, nothing to sort by."""

from datetime import date, timedelta

from django.db.models import Count

from cases.models import Case, ConcernedEmployee
from cases.rules.kinds import Kind
from offices.models import Office, User
from offices.queries import Actor

SINCE = timedelta(days=183)  # half a year
COME_TOGETHER = 3  # reactions about the same person from which on relief is worth a talk
DIFFICULT = (Kind.COMPLAINT, Kind.CONDUCT_COMPLAINT)


def needing_relief(actor: Actor, office: Office) -> list[User]:
    """People of the house about whom three or more complaints came in half a year, by name; of what the actor sees."""
    since: date = actor.today - SINCE
    seen = Case.objects.visible_to(actor).filter(office=office, kind__in=DIFFICULT, received_on__gte=since)
    named = ConcernedEmployee.objects.filter(case__in=seen.values("pk"), user__isnull=False).order_by()
    counted = named.values("user").annotate(number=Count("case", distinct=True)).filter(number__gte=COME_TOGETHER)
    return list(User.objects.filter(pk__in=[row["user"] for row in counted]).order_by("last_name", "first_name"))
