"""When the round of a case began, and what its earlier rounds had come to, as the log tells of them."""

import django.db.models.deletion
from django.db import migrations, models
from django.utils import timezone

OUTCOMES = [
    ("upheld", "berechtigt"),
    ("partly_upheld", "teilweise berechtigt"),
    ("not_upheld", "unberechtigt"),
    ("not_assessable", "nicht bewertbar"),
    ("not_applicable", "keine Bewertung (Lob, Anregung)"),
]
SETTLEMENTS = [
    ("letter", "Abschlussschreiben"),
    ("conversation", "Gespräch mit Vermerk"),
    ("waived", "Verzicht auf Antwort"),
    ("repeated", "Wiederholung, bereits beschieden"),
    ("none_needed", "keine Antwort nötig"),
]
TALKS = [
    ("offered", "angeboten, noch nicht geführt"),
    ("held", "hat stattgefunden"),
    ("declined", "angeboten und abgelehnt"),
    ("not_suitable", "nicht möglich oder nicht sinnvoll"),
]


def fill(apps, schema_editor):
    Case, EarlierRound = apps.get_model("cases", "Case"), apps.get_model("cases", "EarlierRound")
    Event = apps.get_model("cases", "Event")
    Case.objects.update(opened_on=models.F("received_on"))
    for case in Case.objects.filter(round__gt=1).only("pk", "received_on", "round"):
        number, opened_on, closed = 1, case.received_on, None
        for event in Event.objects.filter(case=case, code__in=["case.closed", "case.reopened"]).order_by("seq"):
            day = timezone.localtime(event.at).date()
            if event.code == "case.closed":
                closed = (day, event.data.get("outcome", ""), event.data.get("settlement", ""))
            elif closed:
                ended_on, outcome, settlement = closed
                EarlierRound.objects.create(
                    case=case, number=number, opened_on=opened_on, ended_on=ended_on, outcome=outcome,
                    settlement=settlement,
                )
                number, opened_on, closed = number + 1, day, None
        Case.objects.filter(pk=case.pk).update(opened_on=opened_on)


class Migration(migrations.Migration):

    dependencies = [
        ("cases", "0014_page_of_what_is_asked"),
    ]

    operations = [
        migrations.AddField(
            model_name="case",
            name="opened_on",
            field=models.DateField(null=True, verbose_name="Durchgang begonnen am"),
        ),
        migrations.CreateModel(
            name="EarlierRound",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveSmallIntegerField(verbose_name="Durchgang")),
                ("opened_on", models.DateField(verbose_name="begonnen am")),
                ("answered_on", models.DateField(blank=True, null=True, verbose_name="beantwortet am")),
                ("ended_on", models.DateField(verbose_name="abgeschlossen am")),
                ("outcome", models.CharField(blank=True, choices=OUTCOMES, max_length=16, verbose_name="Ergebnis")),
                ("settlement", models.CharField(blank=True, choices=SETTLEMENTS, max_length=16, verbose_name="Art der Erledigung")),
                ("talk", models.CharField(blank=True, choices=TALKS, max_length=12, verbose_name="persönliches Gespräch")),
                ("has_alternatives", models.BooleanField(default=False, verbose_name="Alternativen geprüft")),
                ("concern_outcomes", models.JSONField(default=dict, verbose_name="Ergebnisse der Anliegen")),
                ("case", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="earlier_rounds", to="cases.case", verbose_name="Vorgang")),
            ],
            options={
                "verbose_name": "früherer Durchgang",
                "verbose_name_plural": "frühere Durchgänge",
                "ordering": ["number"],
                "constraints": [models.UniqueConstraint(fields=("case", "number"), name="earlier_round_once")],
            },
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
