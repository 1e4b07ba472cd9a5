"""What a case is about: topics, concerns, employees complained about, and the tally of what was settled on the spot."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from cases.models.case import Case
from cases.models.transfer import Transfer
from cases.rules.kinds import CHANNEL_LABELS, OUTCOME_LABELS, choices
from offices.models import Office, Unit


class Nature(models.TextChoices):
    """The top split of every evaluation (B1-1)."""

    MATTER = "matter", "Sachanliegen"
    CONDUCT = "conduct", "Verhalten"


class Topic(models.Model):
    """An entry of the office's editable catalogue (B1-13); retired ones stay on old cases and are no longer offered."""

    office = models.ForeignKey(Office, verbose_name="Dienststelle", on_delete=models.PROTECT, related_name="topics")
    group = models.CharField("Gruppe", max_length=60)
    name = models.CharField("Thema", max_length=80)
    nature = models.CharField("Art des Anliegens", max_length=8, choices=Nature, default=Nature.MATTER)
    is_active = models.BooleanField("wird angeboten", default=True)

    class Meta:
        verbose_name = "Thema"
        verbose_name_plural = "Themenkatalog"
        ordering = ["group", "name"]
        constraints = [
            models.UniqueConstraint(
                fields=["office", "group", "name"],
                name="topic_once_per_office",
                violation_error_message="Dieses Thema gibt es in der Gruppe schon.",
            )
        ]

    class PersonalData:
        erase = ()
        keep = ("office", "group", "name", "nature", "is_active")

    def __str__(self):
        return f"{self.group}: {self.name}"


class Concern(models.Model):
    """One Anliegen of a case; the office's rule set says how many a case may have (B1-1)."""

    case = models.ForeignKey(Case, verbose_name="Vorgang", on_delete=models.CASCADE, related_name="concerns")
    position = models.PositiveSmallIntegerField("Nummer")
    nature = models.CharField("Art", max_length=8, choices=Nature, default=Nature.MATTER)
    topic = models.ForeignKey(Topic, verbose_name="Thema", on_delete=models.PROTECT, related_name="+")
    unit = models.ForeignKey(
        Unit, verbose_name="betroffene Einheit", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    summary = models.CharField("Kurzfassung", max_length=200, blank=True)
    outcome = models.CharField("Ergebnis", max_length=16, choices=choices(OUTCOME_LABELS), blank=True)

    class Meta:
        verbose_name = "Anliegen"
        verbose_name_plural = "Anliegen"
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["case", "position"], name="concern_position_once")]

    class PersonalData:
        erase = ("summary",)
        keep = ("case", "position", "nature", "topic", "unit", "outcome")

    def __str__(self):
        return f"{self.get_nature_display()}: {self.topic}"


class ConcernedEmployee(models.Model):
    """Somebody of the house whom a case or an Abgabe is about: never sees it, and is no dimension of figures (B4-10).

    Of somebody who leads the entry is taken back by two people: `removal_asked_by` (for
    `removal_asked_for` where that was „i. V.“) is the first of them (PAN-7).
    """

    case = models.ForeignKey(
        Case, verbose_name="Vorgang", null=True, blank=True, on_delete=models.CASCADE, related_name="complained_about"
    )
    transfer = models.ForeignKey(
        Transfer,
        verbose_name="Abgabe",
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="complained_about",
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="Person",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    name = models.CharField("Name laut Schreiben", max_length=120, blank=True)
    removal_asked_on = models.DateField("Rücknahme erbeten am", null=True, blank=True)
    removal_asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="Rücknahme erbeten von",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    removal_asked_for = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="Rücknahme erbeten in Vertretung von",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )

    class Meta:
        verbose_name = "betroffene Mitarbeiterin, betroffener Mitarbeiter"
        verbose_name_plural = "betroffene Beschäftigte"
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(case__isnull=False, transfer__isnull=True) | Q(case__isnull=True, transfer__isnull=False),
                name="concerned_employee_of_case_or_transfer",
            ),
        ]

    class PersonalData:
        erase = ("user", "name")
        keep = ("case", "transfer", "removal_asked_on", "removal_asked_by", "removal_asked_for")

    def __str__(self):
        return str(self.user) if self.user_id else self.name


class OnTheSpotCount(models.Model):
    """Settled on the spot: an anonymous tally and nothing else (GER-10, GER-31)."""

    office = models.ForeignKey(Office, verbose_name="Dienststelle", on_delete=models.PROTECT, related_name="+")
    unit = models.ForeignKey(
        Unit, verbose_name="Einheit", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    on = models.DateField("Tag")
    channel = models.CharField("Weg", max_length=24, choices=choices(CHANNEL_LABELS))
    count = models.PositiveIntegerField("Anzahl", default=0)

    class Meta:
        verbose_name = "vor Ort Erledigtes"
        verbose_name_plural = "vor Ort Erledigtes"
        ordering = ["-on"]
        constraints = [
            models.UniqueConstraint(fields=["office", "unit", "on", "channel"], name="on_the_spot_once_per_unit"),
            models.UniqueConstraint(
                fields=["office", "on", "channel"], name="on_the_spot_once_per_office", condition=Q(unit__isnull=True)
            ),
        ]

    class PersonalData:
        erase = ()
        keep = ("office", "unit", "on", "channel", "count")

    def __str__(self):
        return f"{self.on}: {self.count}"


class OnTheSpotException(models.Model):
    """Why something that reached a Führungskraft is only counted: it brought nothing new (K5, GERA-8, B1-9)."""

    tally = models.ForeignKey(
        OnTheSpotCount, verbose_name="Zählung", on_delete=models.CASCADE, related_name="exceptions"
    )
    reason = models.TextField("Begründung: ohne neuen Sachvortrag, weil")
    at = models.DateTimeField("am")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, verbose_name="von", on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = "Ausnahme von der Erfassung"
        verbose_name_plural = "Ausnahmen von der Erfassung"
        ordering = ["pk"]

    class PersonalData:
        erase = ("reason",)
        keep = ("tally", "at", "by")

    def __str__(self):
        return f"{self.tally}: ohne neuen Sachvortrag"
