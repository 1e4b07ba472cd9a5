"""What the houses of a Regionaldirektion or of the whole Bundesagentur did, month by month: made anew every night."""

from django.db import models

from offices.models import Office
from reporting.rules.vocabulary import ReportedKind


class HouseMonth(models.Model):
    """Counts of one office and month, for each kind and, without one, for all; with `is_group` those of all offices
    below it together. `days` counts closed rounds per Arbeitstag. What is open stands in the month of the last night.
    """

    office = models.ForeignKey(Office, verbose_name="Dienststelle", on_delete=models.CASCADE, related_name="+")
    month_on = models.DateField("erster Tag des Monats")
    kind = models.CharField("Art", max_length=24, choices=[(k.value, k.label) for k in ReportedKind], blank=True)
    is_group = models.BooleanField("alle Häuser darunter", default=False)
    received = models.PositiveIntegerField("eingegangen", default=0)
    closed = models.PositiveIntegerField("abgeschlossen", default=0)
    with_period = models.PositiveIntegerField("mit Abschlussfrist", default=0)
    in_time = models.PositiveIntegerField("in der Frist", default=0)
    open_now = models.PositiveIntegerField("offen", default=0)
    overdue_now = models.PositiveIntegerField("überfällig", default=0)
    days = models.JSONField("Abschlüsse je Arbeitstag", default=dict)
    made_at = models.DateTimeField("Stand")

    class Meta:
        verbose_name = "Monat eines Hauses"
        verbose_name_plural = "Monate der Häuser"
        constraints = [
            models.UniqueConstraint(fields=["office", "month_on", "kind", "is_group"], name="house_month_once"),
        ]
        indexes = [models.Index(fields=["kind", "month_on"], name="house_month_of_kind")]

    class PersonalData:
        erase = ()
        keep = ("office", "month_on", "kind", "is_group", "received", "closed", "with_period", "in_time", "open_now",
                "overdue_now", "days", "made_at")  # fmt: skip

    def __str__(self):
        return f"{self.office_id}, {self.month_on:%m.%Y}"
