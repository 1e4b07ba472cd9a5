"""The Verfügung: numbered points that say who does what until when (GER-39, GERA-10, GERA-19, PAN-20 to PAN-23)."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from cases.models.case import Case
from cases.models.deadline import Deadline
from cases.models.statement import Statement
from cases.rules.directives import POINT_LABELS, PointKind
from cases.rules.kinds import choices
from offices.models import Unit
from offices.roles import Role


class Directive(models.Model):
    """A draft until it is issued (abverfügt); the last one issued in a round is the one that holds.

    `signature_level` is the role that signs the final letter (K21, PAN-23), `must_present` the entry of the office's
    list because of which the Geschäftsführung sees it whatever the channel (K19, PAN-26).
    """

    case = models.ForeignKey(Case, verbose_name="Vorgang", on_delete=models.CASCADE, related_name="directives")
    round = models.PositiveSmallIntegerField("Durchgang", default=1)
    number = models.PositiveSmallIntegerField("Nummer", default=1)
    version = models.PositiveIntegerField("Fassung", default=1)
    lead_unit = models.ForeignKey(
        Unit, verbose_name="Federführung", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    signature_level = models.CharField(
        "Schlusszeichnung", max_length=16, choices=[(role.value, role.label) for role in Role], blank=True
    )
    must_present = models.CharField("vorlagepflichtig wegen", max_length=200, blank=True)
    drafted_at = models.DateTimeField("entworfen am")
    drafted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="entworfen von", on_delete=models.PROTECT, related_name="+"
    )
    presented_at = models.DateTimeField("vorgelegt am", null=True, blank=True)
    presented_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="vorgelegt von",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    issued_at = models.DateTimeField("abverfügt am", null=True, blank=True)
    issued_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="abverfügt von",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    issued_for = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="in Vertretung für",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )

    class Meta:
        verbose_name = "Verfügung"
        verbose_name_plural = "Verfügungen"
        ordering = ["round", "number"]
        constraints = [
            models.UniqueConstraint(fields=["case", "round", "number"], name="directive_number_once"),
            models.UniqueConstraint(
                fields=["case", "round"], name="one_draft_directive_per_round", condition=Q(issued_at__isnull=True)
            ),
            models.CheckConstraint(
                condition=Q(presented_at__isnull=True, presented_by__isnull=True)
                | Q(presented_at__isnull=False, presented_by__isnull=False),
                name="directive_presented_at_with_by",
            ),
            models.CheckConstraint(
                condition=Q(issued_at__isnull=True, issued_by__isnull=True)
                | Q(issued_at__isnull=False, issued_by__isnull=False),
                name="directive_issued_at_with_by",
            ),
        ]

    class PersonalData:
        erase = ()
        keep = (
            "case",
            "round",
            "number",
            "version",
            "lead_unit",
            "signature_level",
            "must_present",
            "drafted_at",
            "drafted_by",
            "presented_at",
            "presented_by",
            "issued_at",
            "issued_by",
            "issued_for",
        )

    def __str__(self):
        return f"Verfügung {self.number}" if self.number > 1 else "Verfügung"

    @property
    def state(self) -> str:
        if self.issued_at:
            return "abverfügt"
        return "vorgelegt" if self.presented_at else "Entwurf"


class DirectivePoint(models.Model):
    """One numbered point. Its unit or person is who has to do it; `deadline` stands once the Verfügung is issued."""

    directive = models.ForeignKey(Directive, verbose_name="Verfügung", on_delete=models.CASCADE, related_name="points")
    position = models.PositiveSmallIntegerField("Nummer")
    kind = models.CharField("Punkt", max_length=12, choices=choices(POINT_LABELS), default=PointKind.NOTE)
    text = models.TextField("Text", blank=True)
    unit = models.ForeignKey(
        Unit, verbose_name="Einheit", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="Person",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    due_on = models.DateField("bis", null=True, blank=True)
    deadline = models.ForeignKey(
        Deadline, verbose_name="Frist", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    statement = models.ForeignKey(
        Statement, verbose_name="Stellungnahme", null=True, blank=True, on_delete=models.SET_NULL, related_name="points"
    )
    done_on = models.DateField("erledigt am", null=True, blank=True)
    done_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="erledigt von",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )

    class Meta:
        verbose_name = "Punkt der Verfügung"
        verbose_name_plural = "Punkte der Verfügung"
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["directive", "position"], name="directive_point_once")]

    class PersonalData:
        erase = ("text",)
        keep = (
            "directive",
            "position",
            "kind",
            "unit",
            "person",
            "due_on",
            "deadline",
            "statement",
            "done_on",
            "done_by",
        )

    def __str__(self):
        return f"{self.position}. {self.get_kind_display()}"

    @property
    def is_done(self) -> bool:
        """A Stellungnahme is done with its approval, everything else when it is ticked off."""
        return self.done_on is not None or bool(self.statement_id and self.statement.approved_at)
