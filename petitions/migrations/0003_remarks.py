from django.conf import settings
import django.db.models.deletion
from django.db import migrations, models


def keep_dates(apps, schema_editor):
    """The one date of a body becomes the first of several."""
    for station in apps.get_model("petitions", "Station").objects.filter(body_deadline__isnull=False).iterator():
        station.body_deadlines.add(station.body_deadline_id)


class Migration(migrations.Migration):
    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("cases", "0014_page_of_what_is_asked"),
        ("petitions", "0002_stellungnahme_und_pruefliste"),
    ]

    operations = [
        migrations.AddField(
            model_name="station",
            name="body_deadlines",
            field=models.ManyToManyField(
                blank=True, related_name="+", to="cases.deadline", verbose_name="Termine der Stelle"
            ),
        ),
        migrations.RunPython(keep_dates, migrations.RunPython.noop, elidable=True),
        migrations.RemoveField(model_name="station", name="body_deadline"),
        migrations.CreateModel(
            name="Remark",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("text", models.TextField(verbose_name="Anmerkung")),
                ("at", models.DateTimeField(verbose_name="vom")),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="von",
                    ),
                ),
                (
                    "station",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="remarks",
                        to="petitions.station",
                        verbose_name="Station",
                    ),
                ),
            ],
            options={"verbose_name": "Anmerkung", "verbose_name_plural": "Anmerkungen", "ordering": ["pk"]},
        ),
    ]
