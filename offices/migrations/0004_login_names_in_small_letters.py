"""Login names are stored in small letters, so that „Pankow.KRM“ and „pankow.krm“ can only ever be one account."""

from collections import defaultdict

from django.db import migrations


def lower(apps, schema_editor):
    users = apps.get_model("offices", "User")
    found = defaultdict(list)
    for pk, username in users.objects.values_list("pk", "username"):
        found[username.lower()].append(pk)  # Python's own: SQLite's LOWER knows no umlauts
    if doubles := sorted(pk for pks in found.values() if len(pks) > 1 for pk in pks):
        raise ValueError(
            "Diese Konten haben denselben Anmeldenamen in anderer Schreibung; bitte vorher eines umbenennen: "
            f"Nummern {', '.join(map(str, doubles))}."
        )
    for name, (pk,) in found.items():
        users.objects.filter(pk=pk).exclude(username=name).update(username=name)


class Migration(migrations.Migration):
    dependencies = [("offices", "0003_followed_absences")]

    operations = [migrations.RunPython(lower, migrations.RunPython.noop)]
