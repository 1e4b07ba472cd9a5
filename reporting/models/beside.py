"""What stands beside the figures: the survey, the number of households, measures, and evaluations for relief."""

from datetime import date

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q

from cases.models import Case, Deadline
from offices.models import Office, Unit
from reporting.models.report import Report


class SurveyResult(models.Model):
    """The Kundenzufriedenheitsindex of a half-year: a school grade with one decimal of so many answers (PAN-41)."""

    office = models.ForeignKey(Office, verbose_name="Dienststelle", on_delete=models.PROTECT, related_name="+")
    year = models.PositiveSmallIntegerField("Jahr")
    half = models.PositiveSmallIntegerField("Halbjahr", choices=[(1, "1. Halbjahr"), (2, "2. Halbjahr")])
    grade = models.DecimalField(
        "Gesamtnote", max_digits=2, decimal_places=1, validators=[MinValueValidator(1), MaxValueValidator(6)]
    )
    answers = models.PositiveIntegerField("Befragte", validators=[MinValueValidator(1)])
    entered_at = models.DateTimeField("eingetragen am")
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="eingetragen von", on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        verbose_name = "Ergebnis der Kundenbefragung"
        verbose_name_plural = "Ergebnisse der Kundenbefragung"
        ordering = ["-year", "-half"]
        constraints = [models.UniqueConstraint(fields=["office", "year", "half"], name="survey_once")]

    class PersonalData:
        erase = ()
        keep = ("office", "year", "half", "grade", "answers", "entered_at", "entered_by")

    def __str__(self):
        return f"{self.half}. Halbjahr {self.year}"


class Households(models.Model):
    """How many Bedarfsgemeinschaften an office had in a year: what complaints are set against (B7-4)."""

    office = models.ForeignKey(Office, verbose_name="Dienststelle", on_delete=models.PROTECT, related_name="+")
    year = models.PositiveSmallIntegerField("Jahr")
    number = models.PositiveIntegerField(
        "Bedarfsgemeinschaften im Jahresdurchschnitt", validators=[MinValueValidator(1)]
    )
    entered_at = models.DateTimeField("eingetragen am")
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="eingetragen von", on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        verbose_name = "Zahl der Bedarfsgemeinschaften"
        verbose_name_plural = "Zahlen der Bedarfsgemeinschaften"
        ordering = ["-year"]
        constraints = [models.UniqueConstraint(fields=["office", "year"], name="households_once")]

    class PersonalData:
        erase = ()
        keep = ("office", "year", "number", "entered_at", "entered_by")

    def __str__(self):
        return f"{self.year}: {self.number}"


class Measure(models.Model):
    """What is changed because of reactions, by which unit, until when, and what came of it (GER-3).

    `done_on` when it was carried out, `effect` with its day once somebody looked whether it helped.
    """

    office = models.ForeignKey(Office, verbose_name="Dienststelle", on_delete=models.PROTECT, related_name="measures")
    case = models.ForeignKey(
        Case, verbose_name="aus Vorgang", null=True, blank=True, on_delete=models.SET_NULL, related_name="measures"
    )
    report = models.ForeignKey(
        Report, verbose_name="aus Bericht", null=True, blank=True, on_delete=models.SET_NULL, related_name="measures"
    )
    cause = models.TextField("Anlass")
    what = models.TextField("Maßnahme")
    unit = models.ForeignKey(
        Unit, verbose_name="verantwortliche Einheit", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    due_on = models.DateField("umzusetzen bis")
    check_on = models.DateField("Wirkung prüfen am")
    deadline = models.ForeignKey(
        Deadline, verbose_name="Termin", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    done_on = models.DateField("umgesetzt am", null=True, blank=True)
    effect = models.TextField("Wirkung", blank=True)
    checked_on = models.DateField("Wirkung geprüft am", null=True, blank=True)
    planned_at = models.DateTimeField("geplant am")
    planned_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="geplant von", on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        verbose_name = "Maßnahme"
        verbose_name_plural = "Maßnahmen"
        ordering = ["due_on", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(check_on__gte=models.F("due_on")),
                name="measure_is_checked_after_it_is_due",
                violation_error_message="Geprüft wird die Wirkung nach der Umsetzung.",
            ),
        ]

    class PersonalData:
        erase = ("cause", "what", "effect")
        keep = ("office", "case", "report", "unit", "due_on", "check_on", "deadline", "done_on", "checked_on",
                "planned_at", "planned_by")  # fmt: skip

    def __str__(self):
        return self.what[:80]

    @property
    def next_on(self) -> date:
        """By when something is to be done: carried out, or its effect looked at; at the end the day on which it was."""
        if self.checked_on:
            return self.checked_on
        return self.check_on if self.done_on else self.due_on

    @property
    def next_step(self) -> str:
        if self.checked_on:
            return "geprüft"
        return "Wirkung prüfen" if self.done_on else "umsetzen"

    @property
    def state(self) -> str:
        if self.checked_on:
            return "Wirkung geprüft"
        return "umgesetzt, Wirkung noch zu prüfen" if self.done_on else "geplant"


class ReliefEvaluation(models.Model):
    """The Geschäftsführung looked who needs relief, and why; the KRM is told (GER-35)."""

    office = models.ForeignKey(Office, verbose_name="Dienststelle", on_delete=models.PROTECT, related_name="+")
    reason = models.TextField("Grund")
    at = models.DateTimeField("am")
    on = models.DateField("gilt für den")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, verbose_name="von", on_delete=models.PROTECT, related_name="+")
    deadline = models.ForeignKey(
        Deadline, verbose_name="zur Kenntnis des KRM", null=True, blank=True, on_delete=models.SET_NULL,
        related_name="+",
    )  # fmt: skip

    class Meta:
        verbose_name = "Auswertung zur Entlastung"
        verbose_name_plural = "Auswertungen zur Entlastung"
        ordering = ["-pk"]

    class PersonalData:
        erase = ("reason",)
        keep = ("office", "at", "on", "by", "deadline")

    def __str__(self):
        return f"{self.on:%d.%m.%Y}"

    @property
    def is_unread(self) -> bool:
        """Whether the KRM has not taken note of it yet."""
        return self.deadline is not None and self.deadline.is_open
