"""Why the open work of somebody who stays is looked at and handed on: said once, told to the person, for a time."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from offices.models import Office


class HandOnReason(models.Model):
    """Opens the list of somebody's open work in an office until the end of `until_on`."""

    office = models.ForeignKey(Office, verbose_name="Dienststelle", on_delete=models.PROTECT, related_name="+")
    leaver = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="wessen Arbeit", on_delete=models.PROTECT, related_name="+"
    )
    reason = models.CharField("Grund", max_length=300)
    given_on = models.DateField("angegeben am")
    given_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="angegeben von", on_delete=models.PROTECT, related_name="+"
    )
    until_on = models.DateField("gilt bis")

    class Meta:
        verbose_name = "Grund einer Übergabe"
        verbose_name_plural = "Gründe von Übergaben"
        ordering = ["pk"]
        indexes = [models.Index(fields=["leaver", "office"], name="hand_on_reason_of_person")]
        constraints = [
            models.CheckConstraint(condition=Q(until_on__gte=F("given_on")), name="hand_on_reason_holds_a_day")
        ]

    class PersonalData:
        erase = ("reason",)
        keep = ("office", "leaver", "given_on", "given_by", "until_on")

    def __str__(self):
        return f"{self._meta.verbose_name} Nr. {self.pk}"
