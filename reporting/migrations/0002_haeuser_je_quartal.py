"""The summary of the houses by quarters, rounded; what was counted by months is dropped and made anew at night."""

from django.db import migrations, models


def drop_months(apps, schema_editor):
    apps.get_model("reporting", "HouseMonth").objects.all().delete()


class Migration(migrations.Migration):

    dependencies = [
        ("offices", "0006_last_day_of_absences"),
        ("reporting", "0001_auswertung"),
    ]

    operations = [
        migrations.RunPython(drop_months, migrations.RunPython.noop),
        migrations.RemoveConstraint(model_name="housemonth", name="house_month_once"),
        migrations.RenameModel(old_name="HouseMonth", new_name="HouseQuarter"),
        migrations.RenameField(model_name="housequarter", old_name="month_on", new_name="quarter_on"),
        migrations.AlterModelOptions(
            name="housequarter",
            options={"verbose_name": "Quartal eines Hauses", "verbose_name_plural": "Quartale der Häuser"},
        ),
        migrations.AlterField(
            model_name="housequarter",
            name="quarter_on",
            field=models.DateField(verbose_name="erster Tag des Quartals"),
        ),
        migrations.AlterField(
            model_name="housequarter",
            name="kind",
            field=models.CharField(blank=True, choices=[('complaint', 'Beschwerde'), ('praise', 'Lob'), ('suggestion', 'Anregung'), ('submission', 'Eingabe'), ('petition', 'Petition'), ('conduct_complaint', 'Dienstaufsichtsbeschwerde'), ('opinion_card', 'Meinungskarte')], max_length=24, verbose_name='Art'),
        ),
        migrations.AddField(
            model_name="housequarter",
            name="is_group",
            field=models.BooleanField(default=False, verbose_name="alle Häuser darunter"),
        ),
        migrations.AddIndex(
            model_name="housequarter",
            index=models.Index(fields=["kind", "quarter_on"], name="house_quarter_of_kind"),
        ),
        migrations.AddConstraint(
            model_name="housequarter",
            constraint=models.UniqueConstraint(
                fields=("office", "quarter_on", "kind", "is_group"), name="house_quarter_once"
            ),
        ),
    ]
