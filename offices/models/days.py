"""Days on which an office is closed beyond the public holidays of its Land."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from offices.models.units import Office

ENDS_BEFORE_START = "Das Ende liegt vor dem Beginn."


class Closing(models.Model):
    """A municipal holiday or a dienstfreier Tag of one office, both days included (B3-7, B3-8)."""

    class Kind(models.TextChoices):
        HOLIDAY = "holiday", "gesetzlicher Feiertag am Ort"
        CLOSED = "closed", "dienstfreier Tag"

    office = models.ForeignKey(Office, verbose_name="Dienststelle", on_delete=models.PROTECT, related_name="closings")
    name = models.CharField("Bezeichnung", max_length=80)
    kind = models.CharField("Art", max_length=8, choices=Kind)
    from_on = models.DateField("von")
    until_on = models.DateField("bis")
    created_at = models.DateTimeField("eingetragen am")
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="eingetragen von", null=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        verbose_name = "Feiertag oder dienstfreier Tag"
        verbose_name_plural = "Feiertage und dienstfreie Tage"
        ordering = ["from_on"]
        constraints = [
            models.CheckConstraint(
                condition=Q(until_on__gte=F("from_on")),
                name="closing_ends_after_start",
                violation_error_message=ENDS_BEFORE_START,
            ),
        ]

    def __str__(self):
        return self.name
