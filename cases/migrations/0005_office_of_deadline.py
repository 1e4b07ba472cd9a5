"""Every deadline that stood before knows the office of its case."""

from django.db import migrations
from django.db.models import OuterRef, Subquery


def fill_office(apps, schema_editor):
    case, deadline = apps.get_model("cases", "Case"), apps.get_model("cases", "Deadline")
    office = case.objects.filter(pk=OuterRef("case")).values("office")
    deadline.objects.filter(office__isnull=True).update(office=Subquery(office))


class Migration(migrations.Migration):
    dependencies = [("cases", "0004_fristenwaechter")]

    operations = [migrations.RunPython(fill_office, migrations.RunPython.noop)]
