"""Corrections of a wording: what stood there before, and who changed it, when and why."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from cases.models.append_only import AppendOnly, AppendOnlyQuerySet
from cases.models.case import Case
from cases.models.transfer import Transfer


class Correction(AppendOnly):
    """The wording of a case or an Abgabe gave way to version `number`, from 2; `text` is version `number` - 1.

    The last version stands in `Case.text` or `Transfer.text`, where pages and searches find it.
    """

    case = models.ForeignKey(
        Case, verbose_name="Vorgang", null=True, blank=True, on_delete=models.PROTECT, related_name="corrections"
    )
    transfer = models.ForeignKey(
        Transfer, verbose_name="Abgabe", null=True, blank=True, on_delete=models.PROTECT, related_name="corrections"
    )
    number = models.PositiveSmallIntegerField("Fassung")
    text = models.TextField("Wortlaut davor", blank=True)
    reason = models.TextField("Grund der Berichtigung")
    at = models.DateTimeField("berichtigt am")
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="berichtigt von", on_delete=models.PROTECT, related_name="+"
    )

    objects = AppendOnlyQuerySet["Correction"].as_manager()

    class Meta:
        verbose_name = "Berichtigung"
        verbose_name_plural = "Berichtigungen"
        ordering = ["number"]
        constraints = [
            models.CheckConstraint(
                condition=Q(case__isnull=False, transfer__isnull=True) | Q(case__isnull=True, transfer__isnull=False),
                name="correction_of_case_or_transfer",
            ),
            models.UniqueConstraint(fields=["case", "number"], name="correction_of_case_once"),
            models.UniqueConstraint(fields=["transfer", "number"], name="correction_of_transfer_once"),
        ]

    class PersonalData:
        erase = ("text", "reason")
        keep = ("case", "transfer", "number", "at", "by")

    def __str__(self):
        return f"Fassung {self.number}"
