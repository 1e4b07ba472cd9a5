import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("cases", "0005_office_of_deadline")]

    operations = [
        migrations.AlterField(
            model_name="deadline",
            name="office",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="offices.office",
                verbose_name="Dienststelle",
            ),
        ),
    ]
