from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("cases", "0007_dropped_mails")]

    operations = [
        migrations.AlterField(
            model_name="note",
            name="kind",
            field=models.CharField(
                choices=[
                    ("internal", "interner Vermerk"),
                    ("contact", "Gespräch oder Kontakt"),
                    ("reason", "Begründung"),
                    ("waiver", "Verzicht auf Antwort"),
                ],
                default="internal",
                max_length=8,
                verbose_name="Art",
            ),
        ),
    ]
