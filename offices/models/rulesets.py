"""Rule sets as versioned data, and the register of the instructions they come from."""

import json
from functools import cached_property
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from offices.models.units import Office
from offices.rules.parameters import Parameters, parameters_from


class Instruction(models.Model):
    """An entry of the Weisungsregister; expired and revoked ones stay (H-1, H-2, H-3, H-15)."""

    class Force(models.TextChoices):
        BINDING = "binding", "verbindlich"
        RECOMMENDED = "recommended", "empfohlen"

    reference = models.CharField("Geschäftszeichen", max_length=120)
    title = models.CharField("Titel", max_length=200)
    issuer = models.CharField("herausgegeben von", max_length=120)
    valid_from = models.DateField("gültig ab", null=True, blank=True)
    valid_until = models.DateField("gültig bis", null=True, blank=True)
    legal_areas = models.CharField("Rechtskreise", max_length=40, blank=True)
    force = models.CharField("Verbindlichkeit", max_length=12, choices=Force, default=Force.BINDING)
    note = models.TextField("Hinweis", blank=True)
    revokes = models.ManyToManyField(
        "self", verbose_name="hebt auf", symmetrical=False, blank=True, related_name="revoked_by"
    )

    class Meta:
        verbose_name = "Weisung"
        verbose_name_plural = "Weisungsregister"
        ordering = ["-valid_from", "reference"]
        constraints = [
            models.UniqueConstraint(fields=["issuer", "reference", "title"], name="instruction_once_in_register"),
        ]

    def __str__(self):
        return f"{self.reference} {self.title}".strip()

    def is_expired(self, today) -> bool:
        return self.valid_until is not None and self.valid_until < today


class RuleSetQuerySet(models.QuerySet["RuleSet"]):
    def in_force(self, day) -> Self:
        """Versions that hold on `day`; both ends included."""
        return self.filter(Q(valid_until__isnull=True) | Q(valid_until__gte=day), valid_from__lte=day)


class RuleSet(models.Model):
    """One version of an office's rules, the parameters K1-K24; never edited, a change is a new version."""

    office = models.ForeignKey(Office, verbose_name="Dienststelle", on_delete=models.PROTECT, related_name="rule_sets")
    instruction = models.ForeignKey(
        Instruction, verbose_name="Grundlage", null=True, blank=True, on_delete=models.PROTECT, related_name="rule_sets"
    )
    version = models.PositiveIntegerField("Fassung")
    title = models.CharField("Titel", max_length=200)
    preset = models.CharField("Vorlage", max_length=40, blank=True)
    valid_from = models.DateField("gültig ab")
    valid_until = models.DateField("gültig bis", null=True, blank=True)
    review_on = models.DateField("zu überprüfen am", null=True, blank=True)
    participation = models.JSONField("Beteiligung", default=list, blank=True)
    document = models.JSONField("Regeln")
    reason = models.TextField("Anlass der Fassung", blank=True)
    created_at = models.DateTimeField("angelegt am")
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="angelegt von",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )

    objects = RuleSetQuerySet.as_manager()

    class Meta:
        verbose_name = "Regelwerk"
        verbose_name_plural = "Regelwerke"
        ordering = ["office", "-valid_from", "-version"]
        constraints = [
            models.UniqueConstraint(fields=["office", "version"], name="rule_set_version_once_per_office"),
            models.CheckConstraint(
                condition=Q(valid_until__isnull=True) | Q(valid_until__gte=F("valid_from")),
                name="rule_set_ends_after_start",
            ),
        ]

    def __str__(self):
        return f"{self.title}, Fassung {self.version}"

    @cached_property
    def parameters(self) -> Parameters:
        return parameters_from(json.dumps(self.document, sort_keys=True))

    def is_expired(self, today) -> bool:
        return self.valid_until is not None and self.valid_until < today
