"""Reports: figures as data, the words of the KRM beside them, and the approval that freezes both."""

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from cases.models import Deadline
from offices.models import Office

# layer: who asks is part of every question of what can be seen, and that is a method of the table
from offices.queries import Actor
from offices.roles import Permission
from reporting.rules.periods import Period
from reporting.rules.vocabulary import Audience, ReportKind, ReportState, Work


def labelled(words) -> list[tuple[str, str]]:
    return [(word.value, word.label) for word in words]


class ReportQuerySet(models.QuerySet["Report"]):
    def visible_to(self, actor: Actor) -> Self:
        """Those of the offices whose figures the person evaluates (GER-32, GER-33)."""
        return self.filter(office__in=actor.office_ids(Permission.EVALUATE))

    def frozen(self) -> Self:
        return self.filter(state=ReportState.APPROVED)


class Report(models.Model):
    """One report about a period of an office to one recipient.

    `content` holds figures as they were known at `stand_at`, and what else is printed; it is made in the background
    (`work`), and after the approval neither it nor a text changes. `digest` covers both.
    """

    office = models.ForeignKey(Office, verbose_name="Dienststelle", on_delete=models.PROTECT, related_name="reports")
    kind = models.CharField("Art", max_length=12, choices=labelled(ReportKind))
    recipient = models.CharField("Empfänger", max_length=200)
    via = models.CharField("über", max_length=200, blank=True)
    audience = models.CharField("Leserkreis", max_length=12, choices=labelled(Audience))
    from_on = models.DateField("erster Tag")
    until_on = models.DateField("letzter Tag")
    asked = models.CharField("Inhalt laut Regelwerk", max_length=300, blank=True)
    due_on = models.DateField("abzugeben bis", null=True, blank=True)
    deadline = models.ForeignKey(
        Deadline, verbose_name="Termin", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    state = models.CharField("Stand", max_length=12, choices=labelled(ReportState), default=ReportState.DRAFT)
    version = models.PositiveIntegerField("Fassung", default=1)
    content = models.JSONField("Zahlen und was dazu gehört", default=dict)
    stand_at = models.DateTimeField("Zahlen vom", null=True)
    work = models.CharField("Hintergrundarbeit", max_length=8, choices=labelled(Work), blank=True)
    work_since_at = models.DateTimeField("Arbeit seit", null=True)
    progress = models.PositiveSmallIntegerField("Fortschritt in %", default=0)
    created_at = models.DateTimeField("angelegt am")
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="angelegt von", null=True, on_delete=models.PROTECT, related_name="+"
    )
    presented_at = models.DateTimeField("vorgelegt am", null=True)
    presented_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="vorgelegt von", null=True, on_delete=models.PROTECT, related_name="+"
    )
    returned_note = models.TextField("Hinweis der Geschäftsführung", blank=True)
    approved_at = models.DateTimeField("freigegeben am", null=True)
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="freigegeben von", null=True, on_delete=models.PROTECT, related_name="+"
    )
    digest = models.CharField("Prüfsumme", max_length=64, blank=True)
    sent_on = models.DateField("abgegeben am", null=True)
    sent_way = models.CharField("abgegeben auf dem Weg", max_length=120, blank=True)

    objects = ReportQuerySet.as_manager()

    class Meta:
        verbose_name = "Bericht"
        verbose_name_plural = "Berichte"
        ordering = ["-until_on", "recipient", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["office", "recipient", "kind", "from_on", "until_on"],
                name="report_once",
                condition=~Q(kind=ReportKind.ON_REQUEST),
            ),
            models.CheckConstraint(condition=Q(until_on__gte=F("from_on")), name="report_ends_after_start"),
            models.CheckConstraint(
                condition=Q(presented_at__isnull=True, presented_by__isnull=True)
                | Q(presented_at__isnull=False, presented_by__isnull=False),
                name="report_presented_at_with_by",
            ),
            models.CheckConstraint(
                condition=Q(approved_at__isnull=True, approved_by__isnull=True)
                | Q(approved_at__isnull=False, approved_by__isnull=False),
                name="report_approved_at_with_by",
            ),
        ]

    class PersonalData:
        erase = ("returned_note",)
        keep = (
            "office", "kind", "recipient", "via", "audience", "from_on", "until_on", "asked", "due_on", "deadline",
            "state", "version", "content", "stand_at", "work", "work_since_at", "progress", "created_at", "created_by",
            "presented_at", "presented_by", "approved_at", "approved_by", "digest", "sent_on", "sent_way",
        )  # fmt: skip

    def __str__(self):
        return f"{self.get_kind_display()} {self.period.label}, {self.recipient}"

    def get_absolute_url(self) -> str:
        return reverse("reporting:report", args=[self.pk])

    @property
    def period(self) -> Period:
        return Period(self.from_on, self.until_on)

    @property
    def is_frozen(self) -> bool:
        return self.state == ReportState.APPROVED

    @property
    def file_name(self) -> str:
        """Of its files, without ending."""
        return f"{self.get_kind_display()} {self.office.code} {self.period.name}"


class ReportText(models.Model):
    """What the KRM writes beside the figures; placeholders in it are filled with the figures of the report."""

    report = models.ForeignKey(Report, verbose_name="Bericht", on_delete=models.CASCADE, related_name="texts")
    section = models.CharField("Abschnitt", max_length=24)
    text = models.TextField("Text", blank=True)
    edited_at = models.DateTimeField("geändert am")
    edited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="geändert von", on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        verbose_name = "Text eines Berichts"
        verbose_name_plural = "Texte der Berichte"
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["report", "section"], name="report_text_once")]

    class PersonalData:
        erase = ("text",)
        keep = ("report", "section", "edited_at", "edited_by")

    def __str__(self):
        return f"{self.report}: {self.section}"
