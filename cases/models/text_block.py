"""Text blocks of an office for its letters; their placeholders are a fixed list, an unknown one is never saved."""

from django.db import models

from cases.models.letter import Letter
from offices.models import Office


class TextBlock(models.Model):
    """Offered in letters of its kind, or in all; retired ones are no longer offered."""

    office = models.ForeignKey(
        Office, verbose_name="Dienststelle", on_delete=models.PROTECT, related_name="text_blocks"
    )
    name = models.CharField("Name", max_length=80)
    kind = models.CharField("für", max_length=16, choices=Letter.Kind, blank=True)
    text = models.TextField("Text")
    is_active = models.BooleanField("wird angeboten", default=True)

    class Meta:
        verbose_name = "Textbaustein"
        verbose_name_plural = "Textbausteine"
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(
                fields=["office", "name"],
                name="text_block_once_per_office",
                violation_error_message="Einen Textbaustein mit diesem Namen gibt es schon.",
            )
        ]

    class PersonalData:
        erase = ()
        keep = ("office", "name", "kind", "text", "is_active")

    def __str__(self):
        return self.name
