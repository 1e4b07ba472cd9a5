"""Files of a case; stored outside the web root under random names, only ever downloaded through a checked view."""

import uuid
from pathlib import PurePath

from django.conf import settings
from django.db import models
from django.db.models import Q

from cases.models.case import Case
from cases.models.statement import Statement
from cases.models.transfer import Transfer


def random_path(document: "Document", filename: str) -> str:
    """A name that says nothing: the original name stays in the table."""
    name = uuid.uuid4().hex
    return str(PurePath(name[:2], name))


class Document(models.Model):
    class Category(models.TextChoices):
        INCOMING = "incoming", "Eingang"
        OUTGOING = "outgoing", "Ausgang"
        EVIDENCE = "evidence", "Nachweis der Erledigung"
        INTERNAL = "internal", "intern"

    case = models.ForeignKey(
        Case, verbose_name="Vorgang", null=True, blank=True, on_delete=models.CASCADE, related_name="documents"
    )
    transfer = models.ForeignKey(
        Transfer, verbose_name="Abgabe", null=True, blank=True, on_delete=models.CASCADE, related_name="documents"
    )
    statement = models.ForeignKey(
        Statement,
        verbose_name="zur Stellungnahme",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="files",
    )
    category = models.CharField("Einordnung", max_length=12, choices=Category, default=Category.INCOMING)
    name = models.CharField("Dateiname", max_length=160)
    content_type = models.CharField("Dateityp", max_length=100)
    size = models.PositiveBigIntegerField("Größe in Byte")
    sha256 = models.CharField("Prüfsumme", max_length=64)
    file = models.FileField("Datei", upload_to=random_path, max_length=120)
    added_at = models.DateTimeField("abgelegt am")
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="abgelegt von", null=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        verbose_name = "Unterlage"
        verbose_name_plural = "Unterlagen"
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(case__isnull=False, transfer__isnull=True) | Q(case__isnull=True, transfer__isnull=False),
                name="document_of_case_or_transfer",
            ),
        ]

    class PersonalData:
        erase = ("name", "file", "sha256")
        keep = ("case", "transfer", "statement", "category", "content_type", "size", "added_at", "added_by")

    def __str__(self):
        return self.name
