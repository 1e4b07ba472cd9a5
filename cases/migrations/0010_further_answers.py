from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("cases", "0009_authors_of_letters")]

    operations = [
        migrations.RemoveConstraint(model_name="letter", name="letter_once_per_case_round_and_kind"),
        migrations.RemoveConstraint(model_name="letter", name="one_unsent_interim_letter"),
        migrations.AddConstraint(
            model_name="letter",
            constraint=models.UniqueConstraint(
                condition=models.Q(("kind__in", ["interim", "final"]), _negated=True),
                fields=("case", "round", "kind"),
                name="letter_once_per_case_round_and_kind",
            ),
        ),
        migrations.AddConstraint(
            model_name="letter",
            constraint=models.UniqueConstraint(
                condition=models.Q(("kind__in", ["interim", "final"]), ("sent_on__isnull", True)),
                fields=("case", "round", "kind"),
                name="one_unsent_letter_of_a_kind",
            ),
        ),
    ]
