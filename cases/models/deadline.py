"""Deadlines as rows, with raw end, effective end and the rule in words; extensions and pauses beside them."""

from datetime import date
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from cases.models.case import Case
from cases.models.transfer import Transfer
from offices.models import Office
from offices.roles import Role

OPEN = Q(met_on__isnull=True, cancelled_on__isnull=True)
UNPLANNED = date.min  # a new or moved deadline: the next sweep looks at it and finds its next step


class DeadlineQuerySet(models.QuerySet["Deadline"]):
    def open(self) -> Self:
        return self.filter(OPEN)

    def overdue(self, today: date) -> Self:
        return self.open().filter(due_on__lt=today)

    def replan(self, **changes) -> int:
        """Have the next sweep find the next step anew; `changes` are saved with it."""
        return self.update(next_step_on=UNPLANNED, **changes)

    def in_new_hands(self, **changes) -> int:
        """Have the next sweep tell the last step once more: who holds it now may not know of it.

        Who was told of that step already is not told again, since a notice is unique.
        """
        last = models.Case(models.When(next_step__gt=0, then=F("next_step") - 1), default=0)
        return self.replan(next_step=last, **changes)


class Deadline(models.Model):
    """Due at the end of `due_on`. Overdue is a question (`due_on < today and met_on is null`), never a stored flag.

    Of a case, or of anything else that names itself by `subject` (without personal data) and `path`; that of an Abgabe
    is known only to those who see the `transfer`. Who has it in
    hand is `assignee`, else the holders of `role`, else who works on the case. `steps` are reminder steps as data
    where the rule set of the case does not name them. `next_step` is the first step not yet told, `next_step_on` the
    day on which the sweep looks again; none while the case rests or when all steps are told.
    """

    class Kind(models.TextChoices):
        ACKNOWLEDGEMENT = "acknowledgement", "Eingangsbestätigung"
        INTERIM = "interim", "Zwischennachricht"
        CLOSURE = "closure", "Abschluss"
        STATEMENT = "statement", "Stellungnahme"
        DIRECTIVE = "directive", "Punkt der Verfügung"
        FOLLOW_UP = "follow_up", "Wiedervorlage"
        REST = "rest", "Ende des Ruhens"
        PRESENTATION = "presentation", "Vorlage bei der Geschäftsführung"
        OTHER = "other", "Termin"
        TRANSFER = "transfer", "Übernahme der Abgabe"

    office = models.ForeignKey(Office, verbose_name="Dienststelle", on_delete=models.PROTECT, related_name="+")
    case = models.ForeignKey(
        Case, verbose_name="Vorgang", null=True, blank=True, on_delete=models.CASCADE, related_name="deadlines"
    )
    transfer = models.ForeignKey(
        Transfer, verbose_name="Abgabe", null=True, blank=True, on_delete=models.CASCADE, related_name="deadlines"
    )
    subject = models.CharField("worum es geht", max_length=120, blank=True)
    path = models.CharField("wo es zu tun ist", max_length=200, blank=True)
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
    role = models.CharField("für die Rolle", max_length=16, blank=True, choices=[(r.value, r.label) for r in Role])
    task = models.CharField("zu tun", max_length=200, blank=True)
    steps = models.JSONField("Erinnerungsstufen", null=True, blank=True)
    next_step = models.PositiveSmallIntegerField("nächste Stufe", default=0)
    next_step_on = models.DateField("nächste Erinnerung", null=True, blank=True, default=UNPLANNED)
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
            models.Index(fields=["office", "due_on"], name="deadline_open_office", condition=OPEN),
            models.Index(
                fields=["office", "next_step_on"],
                name="deadline_to_be_told",
                condition=OPEN & Q(next_step_on__isnull=False),
            ),
            models.Index(
                fields=["assignee", "due_on"],
                name="deadline_open_assignee",
                condition=OPEN & Q(assignee__isnull=False),
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
            models.CheckConstraint(condition=Q(case__isnull=False) | ~Q(subject=""), name="deadline_of_case_or_named"),
        ]

    class PersonalData:
        erase = ("task",)
        keep = (
            "office",
            "case",
            "transfer",
            "subject",
            "path",
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
            "role",
            "steps",
            "next_step",
            "next_step_on",
            "met_on",
            "met_by",
            "cancelled_on",
        )

    def __str__(self):
        return f"{self.label} bis {self.due_on:%d.%m.%Y}"

    def get_absolute_url(self) -> str:
        return self.case.get_absolute_url() if self.case_id else self.path

    @property
    def label(self) -> str:
        """What is due, in a word or two; deadlines of other parts of KRM bring their own in `task`."""
        own = self.task if self.kind == self.Kind.OTHER else ""
        return own or self.get_kind_display()

    @property
    def is_open(self) -> bool:
        return self.met_on is None and self.cancelled_on is None


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
