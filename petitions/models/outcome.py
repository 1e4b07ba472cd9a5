"""What leaves the house and what comes of it: dispatched versions, decisions, and the count of every fifth one."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from cases.models import Deadline, Document
from cases.models.append_only import AppendOnly, AppendOnlyQuerySet
from cases.rules.kinds import SETTLEMENT_LABELS, choices
from petitions.models.petition import Petition
from petitions.models.request import Request
from petitions.models.routes import DecisionOption
from petitions.rules.sampling import is_sample
from petitions.rules.vocabulary import DispatchWay


class Dispatch(AppendOnly):
    """A version as it went out: its files, `content_hash` over them, the copies and the addressee; it never changes."""

    request = models.ForeignKey(
        Request, verbose_name="Anforderung", on_delete=models.PROTECT, related_name="dispatches"
    )
    number = models.PositiveSmallIntegerField("Nummer")
    addressee = models.CharField("an", max_length=200)
    copies = models.PositiveSmallIntegerField("Zahl der Ausfertigungen")
    way = models.CharField("Versandweg", max_length=12, choices=[(w.value, w.label) for w in DispatchWay])
    sent_on = models.DateField("versandt am")
    content_hash = models.CharField("Prüfsumme", max_length=64)
    documents = models.ManyToManyField(Document, verbose_name="Dateien", related_name="+")
    entered_at = models.DateTimeField("eingetragen am")
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="versandt von", on_delete=models.PROTECT, related_name="+"
    )

    objects = AppendOnlyQuerySet.as_manager()

    class Meta:
        verbose_name = "Versand"
        verbose_name_plural = "Versand"
        ordering = ["request", "number"]
        constraints = [
            models.UniqueConstraint(fields=["request", "number"], name="dispatch_number_once"),
            models.CheckConstraint(condition=Q(copies__gte=1), name="dispatch_has_a_copy"),
        ]

    class PersonalData:
        erase = ("addressee", "content_hash")
        keep = ("request", "number", "copies", "way", "sent_on", "documents", "entered_at", "entered_by")

    def __str__(self):
        return f"versandt am {self.sent_on:%d.%m.%Y}"


class Decision(models.Model):
    """What was decided about a petition, what follows from it, and how the petitioner learnt of it (B2-2).

    `report_due_on`: a report back is asked for until then, a deadline of its own.
    """

    petition = models.ForeignKey(Petition, verbose_name="Petition", on_delete=models.CASCADE, related_name="decisions")
    option = models.ForeignKey(DecisionOption, verbose_name="Entscheidung", on_delete=models.PROTECT, related_name="+")
    decided_on = models.DateField("entschieden am")
    consequence = models.TextField("was daraus folgt", blank=True)
    document = models.ForeignKey(
        Document, verbose_name="Beschluss", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    report_due_on = models.DateField("Bericht bis", null=True, blank=True)
    reported_on = models.DateField("berichtet am", null=True, blank=True)
    report_note = models.TextField("was berichtet wurde", blank=True)
    deadline = models.ForeignKey(
        Deadline, verbose_name="Termin", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    told_on = models.DateField("Petent/in unterrichtet am", null=True, blank=True)
    settlement = models.CharField("Art der Erledigung", max_length=16, choices=choices(SETTLEMENT_LABELS), blank=True)
    entered_at = models.DateTimeField("eingetragen am")
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="eingetragen von", on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        verbose_name = "Entscheidung"
        verbose_name_plural = "Entscheidungen"
        ordering = ["decided_on", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(report_due_on__isnull=True) | Q(report_due_on__gte=F("decided_on")),
                name="report_due_after_decision",
            ),
            models.CheckConstraint(
                condition=Q(reported_on__isnull=True) | Q(report_due_on__isnull=False), name="report_that_was_asked_for"
            ),
            models.CheckConstraint(
                condition=Q(told_on__isnull=True, settlement="") | (Q(told_on__isnull=False) & ~Q(settlement="")),
                name="told_with_kind_of_settlement",
            ),
        ]

    class PersonalData:
        erase = ("consequence", "report_note")
        keep = (
            "petition",
            "option",
            "decided_on",
            "document",
            "report_due_on",
            "reported_on",
            "deadline",
            "told_on",
            "settlement",
            "entered_at",
            "entered_by",
        )

    def __str__(self):
        return f"{self.option} vom {self.decided_on:%d.%m.%Y}"


class FifthCount(models.Model):
    """How many Stellungnahmen of a Regionaldirektion in SGB III were submitted so far (H-8); one row, locked."""

    regional_directorate = models.CharField("Regionaldirektion", max_length=160, unique=True)
    last = models.PositiveIntegerField("bisher eingereicht", default=0)

    class Meta:
        verbose_name = "Zählung der Stellungnahmen"
        verbose_name_plural = "Zählungen der Stellungnahmen"

    class PersonalData:
        erase = ()
        keep = ("regional_directorate", "last")

    def __str__(self):
        return f"{self.regional_directorate}: {self.last}"


class CountedStatement(AppendOnly):
    """The Stellungnahme on a request at its first submission, with its number; a returned one is not counted again."""

    count = models.ForeignKey(FifthCount, verbose_name="Zählung", on_delete=models.PROTECT, related_name="statements")
    number = models.PositiveIntegerField("Nummer")
    request = models.OneToOneField(
        Request, verbose_name="Anforderung", on_delete=models.PROTECT, related_name="counted"
    )
    counted_on = models.DateField("gezählt am")

    objects = AppendOnlyQuerySet.as_manager()

    class Meta:
        verbose_name = "gezählte Stellungnahme"
        verbose_name_plural = "gezählte Stellungnahmen"
        ordering = ["count", "number"]
        constraints = [models.UniqueConstraint(fields=["count", "number"], name="statement_counted_once")]

    class PersonalData:
        erase = ()
        keep = ("count", "number", "request", "counted_on")

    def __str__(self):
        return f"{self.count.regional_directorate}, Nr. {self.number}"

    @property
    def is_sample(self) -> bool:
        return is_sample(self.number)
