"""Facts as they were known: a row is never changed but for the moment from which on it no longer holds."""

from datetime import datetime
from typing import Self

from django.db import models
from django.db.models import F, Q

from cases.models import Case, OnTheSpotCount, Topic, Transfer
from cases.models.concern import Nature
from cases.rules.kinds import CHANNEL_LABELS, LEGAL_AREA_LABELS, OUTCOME_LABELS, SETTLEMENT_LABELS, TALK_LABELS, choices
from cases.rules.triage import REASON_LABELS
from offices.models import Office, Unit
from reporting.rules.fact import COLUMNS, THE_CASE, Fact
from reporting.rules.vocabulary import Cause, End, ReportedKind

CURRENT = Q(known_to__isnull=True)


class FactQuerySet(models.QuerySet):
    def known(self, at: datetime | None = None) -> Self:
        """What is known now, or what was known at that moment."""
        if at is None:
            return self.filter(CURRENT)
        return self.filter(CURRENT | Q(known_to__gt=at), known_from__lte=at)


class KnownFact(models.Model):
    """Holds from `known_from` until `known_to`, which is not included; empty while it is what is known."""

    office = models.ForeignKey(
        Office, verbose_name="Dienststelle", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    known_from = models.DateTimeField("bekannt seit")
    known_to = models.DateTimeField("bekannt bis", null=True)
    cause = models.CharField("Anlass", max_length=12, choices=[(c.value, c.label) for c in Cause])

    objects = FactQuerySet.as_manager()

    class Meta:
        abstract = True


class CaseFact(KnownFact):
    """What reporting.rules.fact.Fact says, for as long as it was known."""

    case = models.ForeignKey(
        Case, verbose_name="Vorgang", null=True, on_delete=models.SET_NULL, related_name="+", db_index=False
    )
    round = models.PositiveSmallIntegerField("Durchgang")
    position = models.PositiveSmallIntegerField("Anliegen, 0: der Vorgang selbst")
    kind = models.CharField("Art", max_length=24, choices=[(k.value, k.label) for k in ReportedKind])
    channel = models.CharField("Eingangsweg", max_length=24, choices=choices(CHANNEL_LABELS))
    legal_area = models.CharField("Rechtskreis", max_length=8, choices=choices(LEGAL_AREA_LABELS))
    unit = models.ForeignKey(
        Unit, verbose_name="Einheit", null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    topic = models.ForeignKey(
        Topic, verbose_name="Thema", null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    nature = models.CharField("Art des Anliegens", max_length=8, choices=Nature, blank=True)
    received_on = models.DateField("Eingang im Haus")
    opened_on = models.DateField("Durchgang begonnen am")
    ended_on = models.DateField("beendet am", null=True)
    end = models.CharField("Ende", max_length=12, choices=[(e.value, e.label) for e in End], blank=True)
    outcome = models.CharField("Ergebnis", max_length=16, choices=choices(OUTCOME_LABELS), blank=True)
    reopened_after = models.PositiveIntegerField("wieder aufgenommen nach Kalendertagen", null=True)
    is_anonymous = models.BooleanField("anonym", default=False)
    is_hidden = models.BooleanField("geschützt oder gegen die Geschäftsführung", default=False)
    acknowledgement_due_on = models.DateField("Bestätigung fällig am", null=True)
    acknowledged_on = models.DateField("bestätigt am", null=True)
    interim_due_on = models.DateField("Zwischennachricht fällig am", null=True)
    interim_on = models.DateField("Zwischennachricht am", null=True)
    standard_due_on = models.DateField("Abschluss zuerst fällig am", null=True)
    closure_due_on = models.DateField("Abschluss fällig am", null=True)
    decided_on = models.DateField("Abschlussfrist erfüllt am", null=True)
    rests_since_on = models.DateField("ruht seit", null=True)
    answered_on = models.DateField("beantwortet am", null=True)
    settlement = models.CharField("Art der Erledigung", max_length=16, choices=choices(SETTLEMENT_LABELS), blank=True)
    talk = models.CharField("persönliches Gespräch", max_length=12, choices=choices(TALK_LABELS), blank=True)
    has_alternatives = models.BooleanField("Alternativen geprüft", default=False)
    rung = models.PositiveSmallIntegerField("erreichte Stufe", default=0)
    working_days = models.PositiveIntegerField("Arbeitstage bis zum Abschluss", null=True)

    class Meta:
        verbose_name = "Faktum eines Vorgangs"
        verbose_name_plural = "Fakten der Vorgänge"
        indexes = [
            models.Index(fields=["case"], name="fact_of_case", condition=CURRENT),
            models.Index(fields=["office", "ended_on", "received_on"], name="fact_now", condition=CURRENT),
            models.Index(
                fields=["office", "closure_due_on"],
                name="fact_open",
                condition=CURRENT & Q(ended_on__isnull=True, position=THE_CASE),
            ),
            models.Index(fields=["office", "known_from"], name="fact_known"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["case", "round", "position"], name="fact_known_once", condition=CURRENT),
            models.CheckConstraint(
                condition=Q(known_to__isnull=True) | Q(known_to__gte=F("known_from")), name="fact_known_to_after_from"
            ),
        ]

    class PersonalData:
        erase = ("case",)
        keep = (
            "office",
            "known_from",
            "known_to",
            "cause",
            *(name.removesuffix("_id") for name in COLUMNS if name not in ("case_id", "office_id")),
        )

    def __str__(self):
        return f"{self.case_id}, Durchgang {self.round}, {self.position}"

    @classmethod
    def of(cls, fact: Fact, *, known_from: datetime, cause: Cause, known_to: datetime | None = None) -> Self:
        """The row of a fact, not saved."""
        values = {name: getattr(fact, name) for name in COLUMNS}
        return cls(known_from=known_from, known_to=known_to, cause=cause, **values)

    @property
    def fact(self) -> Fact:
        return Fact(**{name: getattr(self, name) for name in COLUMNS})


class TransferFact(KnownFact):
    """An Abgabe (Kein KRM), counted beside the cases."""

    transfer = models.ForeignKey(
        Transfer, verbose_name="Abgabe", null=True, on_delete=models.SET_NULL, related_name="+", db_index=False
    )
    reason = models.CharField("Grund", max_length=24, choices=choices(REASON_LABELS))
    channel = models.CharField("Eingangsweg", max_length=24, choices=choices(CHANNEL_LABELS))
    received_on = models.DateField("Eingang im Haus")
    handed_over_on = models.DateField("abgegeben am", null=True)
    is_hidden = models.BooleanField("geschützt oder gegen die Geschäftsführung", default=False)

    class Meta:
        verbose_name = "Faktum einer Abgabe"
        verbose_name_plural = "Fakten der Abgaben"
        indexes = [
            models.Index(fields=["office", "received_on"], name="transfer_fact_now", condition=CURRENT),
            models.Index(fields=["office", "known_from"], name="transfer_fact_known"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["transfer"], name="transfer_fact_known_once", condition=CURRENT),
        ]

    class PersonalData:
        erase = ("transfer",)
        keep = ("office", "known_from", "known_to", "cause", "reason", "channel", "received_on", "handed_over_on",
                "is_hidden")  # fmt: skip

    def __str__(self):
        return f"{self.transfer_id}"


class TallyFact(KnownFact):
    """A day's tally of what was settled on the spot: a number and nothing else."""

    tally = models.ForeignKey(
        OnTheSpotCount, verbose_name="Zählung", null=True, on_delete=models.SET_NULL, related_name="+", db_index=False
    )
    unit = models.ForeignKey(
        Unit, verbose_name="Einheit", null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    on = models.DateField("Tag")
    channel = models.CharField("Weg", max_length=24, choices=choices(CHANNEL_LABELS))
    count = models.PositiveIntegerField("Anzahl")

    class Meta:
        verbose_name = "Faktum einer Zählung"
        verbose_name_plural = "Fakten der Zählungen"
        indexes = [models.Index(fields=["office", "on"], name="tally_fact_now", condition=CURRENT)]
        constraints = [models.UniqueConstraint(fields=["tally"], name="tally_fact_known_once", condition=CURRENT)]

    class PersonalData:
        erase = ()
        keep = ("office", "known_from", "known_to", "cause", "tally", "unit", "on", "channel", "count")

    def __str__(self):
        return f"{self.on}: {self.count}"
