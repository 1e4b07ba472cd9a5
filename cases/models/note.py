"""Notes on a case: internal ones, and records of contacts with the person."""

from django.conf import settings
from django.db import models

from cases.models.case import Case


class Note(models.Model):
    """`INTERNAL` never leaves the house; `CONTACT` records a talk or call with the person (GERA-21, PAN-24).

    `WAIVER` records that the person wants no answer, and proves it at closing (B2-2).
    """

    class Kind(models.TextChoices):
        INTERNAL = "internal", "interner Vermerk"
        CONTACT = "contact", "Gespräch oder Kontakt"
        REASON = "reason", "Begründung"
        WAIVER = "waiver", "Verzicht auf Antwort"

    case = models.ForeignKey(Case, verbose_name="Vorgang", on_delete=models.CASCADE, related_name="notes")
    round = models.PositiveSmallIntegerField("Durchgang", default=1)
    kind = models.CharField("Art", max_length=8, choices=Kind, default=Kind.INTERNAL)
    text = models.TextField("Text")
    at = models.DateTimeField("am")
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="von", null=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        verbose_name = "Vermerk"
        verbose_name_plural = "Vermerke"
        ordering = ["pk"]

    class PersonalData:
        erase = ("text",)
        keep = ("case", "round", "kind", "at", "by")

    def __str__(self):
        return self.get_kind_display()
