"""Every case says when its round began: apart from the filling, which holds back what PostgreSQL checks at the end."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("cases", "0015_rounds"),
    ]

    operations = [
        migrations.AlterField(
            model_name="case",
            name="opened_on",
            field=models.DateField(verbose_name="Durchgang begonnen am"),
        ),
    ]
