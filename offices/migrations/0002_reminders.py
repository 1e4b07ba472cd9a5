"""Stored rule sets get the reminder steps that were the same for all before they became part of the rules."""

from django.db import migrations

REMINDERS = {
    "source": "Vorgabe von KRM",
    "note": "Das Dokument nennt Fristen, aber nicht, wer wann erinnert wird. Vorgegeben: 2 Arbeitstage vorher, am Tag, "
    "dann nach 1, 3 und 5 Arbeitstagen jeweils eine Ebene höher; über dem KRM steht die Geschäftsführung.",
    "confirmed": False,
}


def add_reminders(apps, schema_editor):
    for rule_set in apps.get_model("offices", "RuleSet").objects.order_by("pk"):
        rule_set.document.setdefault("reminders", REMINDERS)
        rule_set.save(update_fields=["document"])


class Migration(migrations.Migration):
    dependencies = [("offices", "0001_initial")]

    operations = [migrations.RunPython(add_reminders, migrations.RunPython.noop)]
