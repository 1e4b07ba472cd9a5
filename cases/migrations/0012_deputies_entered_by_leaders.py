"""Which running Vertretungen the leadership entered is read from the log; what is only to be known ends with its case.

In doubt an entry counts as the leadership's: it then reaches no case against the Geschäftsführung (PAN-7).
"""

from django.db import migrations
from django.db.models import F, Q
from django.utils import timezone

NEAR_MANAGEMENT = ("team_lead", "division_lead", "lgf", "management", "front_office")
CHECK_AGAIN = "Zeichnungen oder Stellungnahmen gelten nicht mehr: bitte im Verlauf nachsehen"


def mark(apps, schema_editor):
    events = apps.get_model("cases", "Event")
    memberships = apps.get_model("offices", "Membership")
    substitutions = apps.get_model("offices", "Substitution")
    for entry in substitutions.objects.filter(until_on__gte=timezone.localdate()):
        entered = [
            event
            for event in events.objects.filter(code="substitution.entered", at__date__lte=entry.from_on)
            if event.data.get("absent") == entry.absent_id
            and event.data.get("deputy") == entry.deputy_id
            and event.data.get("from_on") == entry.from_on.isoformat()
        ]
        for event in entered:
            day = timezone.localtime(event.at).date()
            people = [pk for pk in (event.by_id, event.for_user_id) if pk]
            seats = memberships.objects.filter(
                Q(until_on__isnull=True) | Q(until_on__gte=day),
                user__in=people,
                office=event.office_id,
                from_on__lte=day,
                role__in=NEAR_MANAGEMENT,
            )
            if seats.exists():
                substitutions.objects.filter(pk=entry.pk).update(by_leaders=True)


def end_what_is_only_to_be_known(apps, schema_editor):
    assignments = apps.get_model("cases", "Assignment").objects.filter(done_on=None, cancelled_on=None)
    assignments.filter(kind="take_note", task=CHECK_AGAIN).update(kind="check_again")
    told = assignments.filter(kind__in=["take_note", "read_mention"], case__closed_on__isnull=False)
    for assignment in told.annotate(ended_on=F("case__closed_on")):
        type(assignment).objects.filter(pk=assignment.pk).update(cancelled_on=assignment.ended_on)


class Migration(migrations.Migration):
    dependencies = [("cases", "0011_doors"), ("offices", "0005_doors")]

    operations = [
        migrations.RunPython(mark, migrations.RunPython.noop),
        migrations.RunPython(end_what_is_only_to_be_known, migrations.RunPython.noop),
    ]
