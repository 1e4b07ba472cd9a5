"""Statements (Stellungnahmen): the question, the stations they pass, the versions that were handed on."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from cases.models.case import Case
from cases.models.deadline import Deadline
from cases.rules.kinds import choices
from cases.rules.statements import PART_LABELS, STATEMENT_KIND_LABELS, StatementKind
from offices.models import Unit


class Statement(models.Model):
    """`text` is what stands now, `position` the station it lies with; approved ones lie with the KRM.

    `version` counts every saving, so that two people at once lose nothing. `authors` is everybody who changed text or
    files or handed them on; none of them may approve.
    """

    case = models.ForeignKey(Case, verbose_name="Vorgang", on_delete=models.CASCADE, related_name="statements")
    round = models.PositiveSmallIntegerField("Durchgang", default=1)
    kind = models.CharField(
        "Art", max_length=12, choices=choices(STATEMENT_KIND_LABELS), default=StatementKind.STATEMENT
    )
    unit = models.ForeignKey(Unit, verbose_name="Einheit", on_delete=models.PROTECT, related_name="+")
    question = models.TextField("Frage")
    text = models.TextField("Text", blank=True)
    version = models.PositiveIntegerField("Fassung", default=1)
    position = models.PositiveSmallIntegerField("liegt bei Station", default=1)
    deadline = models.ForeignKey(
        Deadline, verbose_name="Frist", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    requested_at = models.DateTimeField("angefordert am")
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="angefordert von", on_delete=models.PROTECT, related_name="+"
    )
    approved_at = models.DateTimeField("freigegeben am", null=True, blank=True)
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="freigegeben von",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    withdrawn_on = models.DateField("zurückgezogen am", null=True, blank=True)
    authors = models.ManyToManyField(
        settings.AUTH_USER_MODEL, verbose_name="geschrieben von", blank=True, related_name="+"
    )

    class Meta:
        verbose_name = "Stellungnahme"
        verbose_name_plural = "Stellungnahmen"
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(approved_at__isnull=True, approved_by__isnull=True)
                | Q(approved_at__isnull=False, approved_by__isnull=False),
                name="statement_approved_at_with_by",
            ),
        ]

    class PersonalData:
        erase = ("question", "text")
        keep = (
            "case",
            "round",
            "kind",
            "unit",
            "version",
            "position",
            "deadline",
            "requested_at",
            "requested_by",
            "approved_at",
            "approved_by",
            "withdrawn_on",
            "authors",
        )

    def __str__(self):
        return f"{self.get_kind_display()} ({self.unit.number})"

    @property
    def is_open(self) -> bool:
        return self.approved_at is None and self.withdrawn_on is None


class StatementStation(models.Model):
    """Who drafts, co-signs and approves, in order; position 1 drafts."""

    statement = models.ForeignKey(
        Statement, verbose_name="Stellungnahme", on_delete=models.CASCADE, related_name="stations"
    )
    position = models.PositiveSmallIntegerField("Nummer")
    part = models.CharField("Beitrag", max_length=8, choices=choices(PART_LABELS))
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="Person", on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        verbose_name = "Station der Stellungnahme"
        verbose_name_plural = "Stationen der Stellungnahme"
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["statement", "position"], name="statement_station_once")]

    class PersonalData:
        erase = ()
        keep = ("statement", "position", "part", "user")

    def __str__(self):
        return f"{self.position}. {self.get_part_display()}: {self.user}"


class StatementVersion(models.Model):
    """The text as one person handed it on; `text_hash` covers the files too."""

    statement = models.ForeignKey(
        Statement, verbose_name="Stellungnahme", on_delete=models.CASCADE, related_name="versions"
    )
    number = models.PositiveSmallIntegerField("Nummer")
    text = models.TextField("Text")
    text_hash = models.CharField("Prüfsumme", max_length=64)
    at = models.DateTimeField("am")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, verbose_name="von", on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = "Fassung der Stellungnahme"
        verbose_name_plural = "Fassungen der Stellungnahme"
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["statement", "number"], name="statement_version_once")]

    class PersonalData:
        erase = ("text", "text_hash")
        keep = ("statement", "number", "at", "by")

    def __str__(self):
        return f"Fassung {self.number}"
