"""What the houses of a Regionaldirektion or of the whole Bundesagentur did, quarter by quarter: made every night."""

from django.db import models

from offices.models import Office
from reporting.rules.vocabulary import ReportedKind


class HouseQuarter(models.Model):
    """Counts of one office, quarter and kind, each rounded to five; the others are sums of these: without a kind all
    kinds, with `is_group` all offices below it. So no two of them together tell more than one of them (B4-10).

    `days` counts closed rounds per Arbeitstag. What is open stands in the quarter of the last night.
    """

    office = models.ForeignKey(Office, verbose_name="Dienststelle", on_delete=models.CASCADE, related_name="+")
    quarter_on = models.DateField("erster Tag des Quartals")
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
        verbose_name = "Quartal eines Hauses"
        verbose_name_plural = "Quartale der Häuser"
        constraints = [
            models.UniqueConstraint(fields=["office", "quarter_on", "kind", "is_group"], name="house_quarter_once"),
        ]
        indexes = [models.Index(fields=["kind", "quarter_on"], name="house_quarter_of_kind")]

    class PersonalData:
        erase = ()
        keep = ("office", "quarter_on", "kind", "is_group", "received", "closed", "with_period", "in_time", "open_now",
                "overdue_now", "days", "made_at")  # fmt: skip

    def __str__(self):
        return f"{self.office_id}, ab {self.quarter_on:%m.%Y}"
