"""What single persons are asked to do: the rows behind „wartet auf mich“, and what lets them see the case."""

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse

from cases.models.case import Case
from cases.models.letter import Letter
from cases.models.note import Note
from cases.models.statement import Statement
from cases.models.transfer import Transfer
from cases.rules.assignments import ASSIGNMENTS, GIVING_ACCESS, AssignmentKind

OPEN = Q(done_on__isnull=True, cancelled_on__isnull=True)


class AssignmentQuerySet(models.QuerySet["Assignment"]):
    def open(self) -> Self:
        return self.filter(OPEN)

    def giving_access(self) -> Self:
        """Those that let their person see the case: while they are open, and with the task the access ends (K18)."""
        return self.filter(OPEN, kind__in=sorted(GIVING_ACCESS))


class Assignment(models.Model):
    """`pass_to` is told next when this one is done (Lob through the Geschäftsführung, K14). `path` is the page on
    which it is done, where another part of KRM asked for it."""

    case = models.ForeignKey(
        Case, verbose_name="Vorgang", null=True, blank=True, on_delete=models.CASCADE, related_name="assignments"
    )
    transfer = models.ForeignKey(
        Transfer, verbose_name="Abgabe", null=True, blank=True, on_delete=models.CASCADE, related_name="assignments"
    )
    round = models.PositiveSmallIntegerField("Durchgang", default=1)
    kind = models.CharField(
        "Auftrag", max_length=20, choices=[(k.value, entry.label) for k, entry in ASSIGNMENTS.items()]
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="für", on_delete=models.PROTECT, related_name="assignments"
    )
    task = models.CharField("zu tun", max_length=200, blank=True)
    path = models.CharField("Seite", max_length=200, blank=True)
    directive = models.ForeignKey(
        "cases.Directive",
        verbose_name="Verfügung",
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="assignments",
    )
    statement = models.ForeignKey(
        Statement,
        verbose_name="Stellungnahme",
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="assignments",
    )
    letter = models.ForeignKey(
        Letter, verbose_name="Schreiben", null=True, blank=True, on_delete=models.CASCADE, related_name="assignments"
    )
    note = models.ForeignKey(
        Note, verbose_name="Vermerk", null=True, blank=True, on_delete=models.CASCADE, related_name="assignments"
    )
    pass_to = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="danach an",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    since_on = models.DateField("seit")
    due_on = models.DateField("bis", null=True, blank=True)
    done_on = models.DateField("erledigt am", null=True, blank=True)
    done_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="erledigt von",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    cancelled_on = models.DateField("zurückgenommen am", null=True, blank=True)

    objects = AssignmentQuerySet.as_manager()

    class Meta:
        verbose_name = "Auftrag"
        verbose_name_plural = "Aufträge"
        ordering = ["pk"]
        indexes = [
            models.Index(fields=["user", "due_on"], name="assignment_open_user", condition=OPEN),
            models.Index(fields=["user", "case"], name="assignment_user_case"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(case__isnull=False, transfer__isnull=True) | Q(case__isnull=True, transfer__isnull=False),
                name="assignment_of_case_or_transfer",
            ),
            models.CheckConstraint(
                condition=Q(done_on__isnull=True) | Q(cancelled_on__isnull=True), name="assignment_done_or_cancelled"
            ),
        ]

    class PersonalData:
        erase = ("task",)
        keep = (
            "case",
            "transfer",
            "round",
            "kind",
            "user",
            "path",
            "directive",
            "statement",
            "letter",
            "note",
            "pass_to",
            "since_on",
            "due_on",
            "done_on",
            "done_by",
            "cancelled_on",
        )

    def __str__(self):
        return self.to_do

    def get_absolute_url(self) -> str:
        """Where it is done."""
        if self.path:
            return self.path
        if self.statement_id:
            return reverse("cases:statement", args=[self.statement_id])
        if self.letter_id:
            return reverse("cases:letter", args=[self.letter_id])
        if self.directive_id and self.kind in (AssignmentKind.ISSUE_DIRECTIVE, AssignmentKind.HANDLE):
            return reverse("cases:directive", args=[self.case.reference])
        return (self.case or self.transfer).get_absolute_url()

    @property
    def is_open(self) -> bool:
        return self.done_on is None and self.cancelled_on is None

    @property
    def to_do(self) -> str:
        """What to do, in words of its own where there are some."""
        return self.task or ASSIGNMENTS[AssignmentKind(self.kind)].to_do

    @property
    def ends_by_tick(self) -> bool:
        return ASSIGNMENTS[AssignmentKind(self.kind)].ends_by_tick

    @property
    def is_for_information(self) -> bool:
        """Told of a case, nothing to do; what is asked on an Abgabe is always work."""
        return self.case_id is not None and ASSIGNMENTS[AssignmentKind(self.kind)].for_information
