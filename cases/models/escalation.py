"""The rungs of the office's ladder a case has reached: who, when, told how (K4, GER-10 to GER-12, GERA-7, PAN-16)."""

from django.conf import settings
from django.db import models

from cases.models.case import Case
from cases.models.note import Note
from offices.models import Unit


class Escalation(models.Model):
    """`number` and `label` as the case's rule set had them; without `person` the rung lies outside the house."""

    class Way(models.TextChoices):
        IN_PERSON = "in_person", "persönlich"
        PHONE = "phone", "telefonisch"
        WRITTEN = "written", "schriftlich"

    case = models.ForeignKey(Case, verbose_name="Vorgang", on_delete=models.CASCADE, related_name="escalations")
    round = models.PositiveSmallIntegerField("Durchgang", default=1)
    number = models.PositiveSmallIntegerField("Stufe")
    label = models.CharField("Bezeichnung", max_length=200)
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="wer",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    unit = models.ForeignKey(
        Unit, verbose_name="Einheit", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    on = models.DateField("am")
    way = models.CharField("wie die Person es erfuhr", max_length=12, choices=Way)
    note = models.ForeignKey(Note, verbose_name="Vermerk", null=True, on_delete=models.PROTECT, related_name="+")
    entered_at = models.DateTimeField("eingetragen am")
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="eingetragen von", on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        verbose_name = "Eskalationsstufe"
        verbose_name_plural = "Eskalationsstufen"
        ordering = ["round", "number"]
        constraints = [models.UniqueConstraint(fields=["case", "round", "number"], name="escalation_rung_once")]

    class PersonalData:
        erase = ()
        keep = ("case", "round", "number", "label", "person", "unit", "on", "way", "note", "entered_at", "entered_by")

    def __str__(self):
        return f"Stufe {self.number}: {self.label}"
