"""Signatures on letters and statements: each belongs to one exact text and falls with it (K21, B5)."""

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q

from cases.models.letter import Letter
from cases.models.statement import Statement
from offices.roles import Role


class SignatureQuerySet(models.QuerySet["Signature"]):
    def valid(self) -> Self:
        return self.filter(voided_at__isnull=True)


class Signature(models.Model):
    """`role` is the seat from which `by` signed, `for_user` whom `by` stood in for („i. V.“)."""

    class Kind(models.TextChoices):
        CO_SIGNATURE = "co_signature", "Mitzeichnung"
        APPROVAL = "approval", "Freigabe"
        FINAL = "final", "Schlusszeichnung"

    letter = models.ForeignKey(
        Letter, verbose_name="Schreiben", null=True, blank=True, on_delete=models.CASCADE, related_name="signatures"
    )
    statement = models.ForeignKey(
        Statement,
        verbose_name="Stellungnahme",
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="signatures",
    )
    kind = models.CharField("Art", max_length=12, choices=Kind)
    role = models.CharField("als", max_length=16, choices=[(role.value, role.label) for role in Role], blank=True)
    text_hash = models.CharField("Prüfsumme des Textes", max_length=64)
    at = models.DateTimeField("am")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, verbose_name="von", on_delete=models.PROTECT, related_name="+")
    for_user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="in Vertretung für",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    voided_at = models.DateTimeField("hinfällig seit", null=True, blank=True)

    objects = SignatureQuerySet.as_manager()

    class Meta:
        verbose_name = "Zeichnung"
        verbose_name_plural = "Zeichnungen"
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(letter__isnull=False, statement__isnull=True)
                | Q(letter__isnull=True, statement__isnull=False),
                name="signature_of_letter_or_statement",
            ),
            models.UniqueConstraint(
                fields=["letter"], name="one_final_signature", condition=Q(kind="final", voided_at__isnull=True)
            ),
        ]

    class PersonalData:
        erase = ("text_hash",)
        keep = ("letter", "statement", "kind", "role", "at", "by", "for_user", "voided_at")

    def __str__(self):
        return f"{self.get_kind_display()} {self.by}"
