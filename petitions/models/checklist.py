"""What an office has its KRM check in a Stellungnahme, and what was found at a station (PAN-29)."""

from typing import Self

from django.conf import settings
from django.db import models

from offices.models import Office
from petitions.models.chain import Station
from petitions.rules.vocabulary import CheckArea


class ChecklistItemQuerySet(models.QuerySet["ChecklistItem"]):
    def in_use(self, office_id: int) -> Self:
        return self.filter(office=office_id, is_active=True)


class ChecklistItem(models.Model):
    """One point of an office's list; what is no longer checked is retired, and what was checked by it stays."""

    office = models.ForeignKey(
        Office, verbose_name="Dienststelle", on_delete=models.PROTECT, related_name="checklist_items"
    )
    area = models.CharField("Worum es geht", max_length=16, choices=[(a.value, a.label) for a in CheckArea])
    text = models.CharField("Was stimmen muss", max_length=200)
    position = models.PositiveSmallIntegerField("Reihenfolge", default=1)
    is_active = models.BooleanField("wird geprüft", default=True)

    objects = ChecklistItemQuerySet.as_manager()

    class Meta:
        verbose_name = "Punkt der Prüfliste"
        verbose_name_plural = "Punkte der Prüfliste"
        ordering = ["office", "position", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["office", "text"],
                name="checklist_item_once",
                violation_error_message="Diesen Punkt gibt es in der Prüfliste schon.",
            ),
        ]

    class PersonalData:
        erase = ()
        keep = ("office", "area", "text", "position", "is_active")

    def __str__(self):
        return self.text


class CheckedItem(models.Model):
    """What was found of one point at one station; `text` is how the point read then, and it counts for no other."""

    station = models.ForeignKey(Station, verbose_name="Station", on_delete=models.CASCADE, related_name="checked_items")
    item = models.ForeignKey(
        ChecklistItem, verbose_name="Punkt der Prüfliste", on_delete=models.PROTECT, related_name="+"
    )
    text = models.CharField("Was stimmen muss", max_length=200)
    is_ok = models.BooleanField("in Ordnung")
    note = models.TextField("Hinweis", blank=True)
    checked_at = models.DateTimeField("geprüft am")
    checked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="geprüft von", on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        verbose_name = "geprüfter Punkt"
        verbose_name_plural = "geprüfte Punkte"
        ordering = ["station", "item__position", "item"]
        constraints = [models.UniqueConstraint(fields=["station", "item"], name="item_checked_once_at_station")]

    class PersonalData:
        erase = ("note",)
        keep = ("station", "item", "text", "is_ok", "checked_at", "checked_by")

    def __str__(self):
        return self.text
