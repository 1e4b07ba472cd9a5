"""Deadlines as rows, with raw end, effective end and the rule in words; extensions and pauses beside them."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from cases.models.case import Case


class DeadlineQuerySet(models.QuerySet):
    def open(self):
        return self.filter(met_on__isnull=True, cancelled_on__isnull=True)

    def overdue(self, today):
        return self.open().filter(due_on__lt=today)


class Deadline(models.Model):
    """Due at the end of `due_on`. Overdue is a question (`due_on < today and met_on is null`), never a stored flag."""

    class Kind(models.TextChoices):
        ACKNOWLEDGEMENT = "acknowledgement", "Eingangsbestätigung"
        INTERIM = "interim", "Zwischennachricht"
        CLOSURE = "closure", "Abschluss"
        STATEMENT = "statement", "Stellungnahme"
        FOLLOW_UP = "follow_up", "Wiedervorlage"

    case = models.ForeignKey(Case, verbose_name="Vorgang", on_delete=models.CASCADE, related_name="deadlines")
    round = models.PositiveSmallIntegerField("Durchgang", default=1)
    kind = models.CharField("Art", max_length=16, choices=Kind)
    start_on = models.DateField("Beginn (Tag des Ereignisses)")
    amount = models.PositiveSmallIntegerField("Dauer", null=True, blank=True)
    unit = models.CharField("Einheit der Dauer", max_length=16, blank=True)
    raw_on = models.DateField("rechnerisches Ende")
    due_on = models.DateField("fällig am")
    rule = models.CharField("Regel", max_length=300)
    rule_key = models.CharField("Parameter des Regelwerks", max_length=8, blank=True)
    assignee = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="für", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    task = models.CharField("zu tun", max_length=200, blank=True)
    met_on = models.DateField("erledigt am", null=True, blank=True)
    met_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="erledigt von",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    cancelled_on = models.DateField("entfallen am", null=True, blank=True)

    objects = DeadlineQuerySet.as_manager()

    class Meta:
        verbose_name = "Frist"
        verbose_name_plural = "Fristen"
        ordering = ["due_on", "pk"]
        indexes = [
            models.Index(
                fields=["due_on"], name="deadline_open_due", condition=Q(met_on__isnull=True, cancelled_on__isnull=True)
            ),
            models.Index(
                fields=["assignee", "due_on"],
                name="deadline_open_assignee",
                condition=Q(met_on__isnull=True, cancelled_on__isnull=True, assignee__isnull=False),
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["case", "round", "kind"],
                name="standard_deadline_once_per_round",
                condition=Q(kind__in=["acknowledgement", "interim", "closure"]),
            ),
            models.CheckConstraint(
                condition=Q(met_on__isnull=True) | Q(cancelled_on__isnull=True), name="deadline_met_or_cancelled"
            ),
        ]

    class PersonalData:
        erase = ("task",)
        keep = (
            "case",
            "round",
            "kind",
            "start_on",
            "amount",
            "unit",
            "raw_on",
            "due_on",
            "rule",
            "rule_key",
            "assignee",
            "met_on",
            "met_by",
            "cancelled_on",
        )

    def __str__(self):
        return f"{self.get_kind_display()} bis {self.due_on:%d.%m.%Y}"

    @property
    def is_open(self) -> bool:
        return self.met_on is None and self.cancelled_on is None

    @property
    def was_late(self) -> bool:
        return self.met_on is not None and self.met_on > self.due_on


class DeadlineExtension(models.Model):
    """Who moved which deadline from when to when and why (§ 26 Abs. 7 SGB X); the original date stays readable."""

    deadline = models.ForeignKey(Deadline, verbose_name="Frist", on_delete=models.CASCADE, related_name="extensions")
    old_due_on = models.DateField("bisher")
    new_due_on = models.DateField("neu")
    reason = models.TextField("Begründung")
    at = models.DateTimeField("am")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, verbose_name="von", on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = "Fristverlängerung"
        verbose_name_plural = "Fristverlängerungen"
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(condition=Q(new_due_on__gt=F("old_due_on")), name="extension_is_later"),
        ]

    class PersonalData:
        erase = ("reason",)
        keep = ("deadline", "old_due_on", "new_due_on", "at", "by")

    def __str__(self):
        return f"{self.old_due_on:%d.%m.%Y} → {self.new_due_on:%d.%m.%Y}"


class Pause(models.Model):
    """The case rests from `from_on` until `resumed_on`; open deadlines move by the working days between them."""

    class Category(models.TextChoices):
        AWAITING_PERSON = "awaiting_person", "Rückmeldung der Kundin/des Kunden"
        AWAITING_AUTHORITY = "awaiting_authority", "andere Behörde oder anderer Träger"
        PARALLEL_PROCEEDING = "parallel_proceeding", "laufendes Widerspruchs- oder Klageverfahren"
        OTHER = "other", "anderer Grund"

    case = models.ForeignKey(Case, verbose_name="Vorgang", on_delete=models.CASCADE, related_name="pauses")
    category = models.CharField("Anlass", max_length=24, choices=Category)
    reason = models.TextField("Begründung")
    from_on = models.DateField("ruht ab")
    planned_until = models.DateField("voraussichtlich bis", null=True, blank=True)
    resumed_on = models.DateField("fortgesetzt am", null=True, blank=True)
    at = models.DateTimeField("eingetragen am")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, verbose_name="von", on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = "Ruhen"
        verbose_name_plural = "Ruhen"
        ordering = ["from_on", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["case"], name="one_open_pause_per_case", condition=Q(resumed_on__isnull=True)
            ),
            models.CheckConstraint(
                condition=Q(resumed_on__isnull=True) | Q(resumed_on__gte=F("from_on")), name="pause_ends_after_start"
            ),
        ]

    class PersonalData:
        erase = ("reason",)
        keep = ("case", "category", "from_on", "planned_until", "resumed_on", "at", "by")

    def __str__(self):
        return f"ruht ab {self.from_on:%d.%m.%Y}"
