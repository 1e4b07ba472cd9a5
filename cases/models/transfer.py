"""The „Kein KRM“ desk: what is not a case, to whom it was handed, when and why; counted apart, never lost."""

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse

# layer: who may see a row is asked of the table, and answered where the same stands in Python
from cases import visibility
from cases.models.case import Case
from cases.rules.intake import WRITTEN_AFTER_EINGANG
from cases.rules.kinds import CHANNEL_LABELS, Channel, choices
from cases.rules.triage import REASON_LABELS
from offices.models import Office, RuleSet

# layer: who asks is part of every question of what can be seen, and that is a method of the table
from offices.queries import Actor


class TransferQuerySet(models.QuerySet["Transfer"]):
    def pending(self) -> Self:
        return self.filter(handed_over_at__isnull=True)

    def open_to_talk_of(self) -> Self:
        """Those that are neither against the Geschäftsführung nor out of a hidden case."""
        return self.exclude(visibility.hidden("case__")).exclude(visibility.transfers_against_management())

    def visible_to(self, actor: Actor) -> Self:
        return visibility.visible_transfers(self, actor)


class Transfer(models.Model):
    """Something that came in and is no case. `received_on` is the original Eingangsdatum and goes onto the Beleg.

    `version` counts every change of what is told of it, so that two people at once lose nothing.
    """

    office = models.ForeignKey(Office, verbose_name="Dienststelle", on_delete=models.PROTECT, related_name="transfers")
    rule_set = models.ForeignKey(RuleSet, verbose_name="Regelwerk", on_delete=models.PROTECT, related_name="+")
    reference = models.CharField("Abgabenummer", max_length=24, unique=True)
    case = models.ForeignKey(
        Case, verbose_name="aus Vorgang", null=True, blank=True, on_delete=models.PROTECT, related_name="transfers"
    )
    reason = models.CharField("Grund", max_length=24, choices=choices(REASON_LABELS))
    channel = models.CharField("Eingangsweg", max_length=24, choices=choices(CHANNEL_LABELS), default=Channel.LETTER)
    written_on = models.DateField("Schreiben vom", null=True, blank=True)
    received_on = models.DateField("Eingang im Haus")
    subject = models.CharField("Betreff", max_length=200)
    text = models.TextField("Wortlaut oder Gesprächsnotiz", blank=True)
    decision_on = models.DateField("Bescheid vom", null=True, blank=True)
    objection_until = models.DateField("Widerspruchsfrist bis", null=True, blank=True)
    recipient = models.CharField("Empfänger", max_length=200)
    handed_over_at = models.DateTimeField("abgegeben am", null=True, blank=True)
    handed_over_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="abgegeben von",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    way = models.CharField("Weg der Abgabe", max_length=80, blank=True)
    version = models.PositiveIntegerField("Fassung", default=1)
    registered_at = models.DateTimeField("erfasst am")
    registered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="erfasst von", null=True, on_delete=models.PROTECT, related_name="+"
    )

    objects = TransferQuerySet.as_manager()

    class Meta:
        verbose_name = "Abgabe (Kein KRM)"
        verbose_name_plural = "Abgaben (Kein KRM)"
        ordering = ["-received_on", "-id"]
        indexes = [
            models.Index(fields=["office", "-received_on", "-id"], name="transfer_office_received"),
            models.Index(fields=["office"], name="transfer_pending", condition=Q(handed_over_at__isnull=True)),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(handed_over_at__isnull=True, handed_over_by__isnull=True)
                | Q(handed_over_at__isnull=False, handed_over_by__isnull=False),
                name="transfer_handed_over_at_with_by",
            ),
            models.CheckConstraint(
                condition=Q(written_on__isnull=True) | Q(written_on__lte=models.F("received_on")),
                name="transfer_is_written_before_it_arrives",
                violation_error_message=WRITTEN_AFTER_EINGANG,
            ),
        ]

    class PersonalData:
        erase = ("subject", "text", "recipient")  # which is often a person
        keep = (
            "office",
            "rule_set",
            "reference",
            "case",
            "reason",
            "channel",
            "written_on",
            "received_on",
            "decision_on",
            "objection_until",
            "handed_over_at",
            "handed_over_by",
            "way",
            "version",
            "registered_at",
            "registered_by",
        )

    def __str__(self):
        return self.reference

    def get_absolute_url(self) -> str:
        return reverse("cases:transfer", args=[self.reference])
