"""The case itself, its grants and the counters that number it."""

from datetime import date
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from guardian.models import GroupObjectPermissionBase, UserObjectPermissionBase

# layer: who may see a row is asked of the table, and answered where the same stands in Python
from cases import visibility
from cases.rules.intake import BEFORE_THE_HOUSE, WRITTEN_AFTER_EINGANG
from cases.rules.kinds import (
    CHANNEL_LABELS,
    KIND_LABELS,
    LEGAL_AREA_LABELS,
    OUTCOME_LABELS,
    SETTLEMENT_LABELS,
    TALK_LABELS,
    Channel,
    Kind,
    LegalArea,
    Outcome,
    choices,
)
from cases.rules.lifecycle import OPEN_STATUSES, STATUSES, Status, Turn
from offices.models import Office, RuleSet, Unit

# layer: who asks is part of every question of what can be seen, and that is a method of the table
from offices.queries import Actor

# Beside the key of an index, so that all cases are counted and sorted without reading them (PostgreSQL).
DECIDING_SIGHT = ["unit", "handler", "responsible", "closed_on", "status", "is_sealed", "against_management"]


class CaseQuerySet(models.QuerySet["Case"]):
    def open(self) -> Self:
        return self.filter(closed_on__isnull=True)

    def closed(self) -> Self:
        return self.filter(closed_on__isnull=False)

    def whose_turn(self, turn: Turn) -> Self:
        return self.filter(status__in=[s for s, entry in STATUSES.items() if entry.turn == turn])

    def overdue(self, today: date) -> Self:
        return self.open().filter(next_due_on__lt=today)

    def open_to_talk_of(self) -> Self:
        return self.exclude(visibility.hidden())

    def visible_to(self, actor: Actor) -> Self:
        return visibility.visible_cases(self, actor)

    def whole_to(self, actor: Actor) -> Self:
        return visibility.whole_cases(self, actor)


class Case(models.Model):
    """A Kundenreaktion. `rule_set` is the version in force at Eingang and stays; `received_on` never changes.

    `opened_on` is when the current round began: the Eingang, or the day on which the case was taken up again.
    """

    office = models.ForeignKey(Office, verbose_name="Dienststelle", on_delete=models.PROTECT, related_name="cases")
    rule_set = models.ForeignKey(RuleSet, verbose_name="Regelwerk", on_delete=models.PROTECT, related_name="+")
    reference = models.CharField("Vorgangsnummer", max_length=24, unique=True)
    import_key = models.CharField("Herkunft der Übernahme", max_length=80, blank=True)
    kind = models.CharField("Art", max_length=24, choices=choices(KIND_LABELS), default=Kind.COMPLAINT)
    channel = models.CharField("Eingangsweg", max_length=24, choices=choices(CHANNEL_LABELS), default=Channel.LETTER)
    legal_area = models.CharField(
        "Rechtskreis", max_length=8, choices=choices(LEGAL_AREA_LABELS), default=LegalArea.SGB2
    )
    status = models.CharField(
        "Stand", max_length=16, choices=[(s.value, e.label) for s, e in STATUSES.items()], default=Status.NEW
    )
    round = models.PositiveSmallIntegerField("Durchgang", default=1)
    version = models.PositiveIntegerField("Fassung", default=1)

    written_on = models.DateField("Schreiben vom", null=True, blank=True)
    received_on = models.DateField("Eingang im Haus")
    opened_on = models.DateField("Durchgang begonnen am")
    reached_krm_on = models.DateField("Eingang beim KRM")
    subject = models.CharField("Betreff", max_length=200)
    text = models.TextField("Wortlaut oder Gesprächsnotiz")
    is_anonymous = models.BooleanField("anonym", default=False)
    wants_acknowledgement = models.BooleanField("Eingangsbestätigung gewünscht", default=False)

    unit = models.ForeignKey(
        Unit,
        verbose_name="federführende Einheit",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="cases",
    )
    handler = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="bearbeitet",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="handled_cases",
    )
    responsible = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="verantwortlich",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="responsible_for_cases",
    )
    is_sealed = models.BooleanField("geschützt", default=False)
    against_management = models.BooleanField("gegen die Geschäftsführung", default=False)
    turn_since = models.DateField("am Zug seit")
    next_due_on = models.DateField("nächste Frist", null=True, blank=True)

    registered_at = models.DateTimeField("erfasst am")
    registered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="erfasst von", null=True, on_delete=models.PROTECT, related_name="+"
    )
    unit_dealt_on = models.DateField("Fachbereich befasst am", null=True, blank=True)
    judged_on = models.DateField("als Dienstaufsichtsbeschwerde beurteilt am", null=True, blank=True)
    judged_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="beurteilt von",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    talk = models.CharField("persönliches Gespräch", max_length=12, choices=choices(TALK_LABELS), blank=True)
    talk_on = models.DateField("Gespräch angeboten oder geführt am", null=True, blank=True)
    alternatives = models.TextField("geprüfte Alternativen", blank=True)
    verbis_on = models.DateField("in VerBIS vermerkt am", null=True, blank=True)
    objection_settled = models.BooleanField("Widerspruch einheitlich abgeschlossen", default=False)
    outcome = models.CharField("Ergebnis", max_length=16, choices=choices(OUTCOME_LABELS), blank=True)
    outcome_reason = models.TextField("Begründung des Ergebnisses", blank=True)
    settlement = models.CharField("Art der Erledigung", max_length=16, choices=choices(SETTLEMENT_LABELS), blank=True)
    answered_on = models.DateField("beantwortet am", null=True, blank=True)
    closed_on = models.DateField("abgeschlossen am", null=True, blank=True)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="abgeschlossen von",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    file_reference = models.CharField("Aktenzeichen", max_length=60, blank=True)
    retention_until = models.DateField("aufzubewahren bis", null=True, blank=True)

    objects = CaseQuerySet.as_manager()

    # Looked up beside the case: the first by `queries.visible_case`, the rest by `rows.with_details`
    paused_since: date | None
    next_kind: str | None
    unit_kind: str | None
    issued_kind: str | None
    rests: bool
    rests_until: date | None
    first_name: str | None
    last_name: str | None
    organisation: str | None

    class Meta:
        verbose_name = "Vorgang"
        verbose_name_plural = "Vorgänge"
        ordering = ["-received_on", "-id"]
        permissions = [("read_single_case", "diesen einzelnen Vorgang lesen")]
        indexes = [
            models.Index(fields=["office", "-received_on", "-id"], name="case_office_received", include=DECIDING_SIGHT),
            models.Index(fields=["unit", "-received_on", "-id"], name="case_unit_received"),
            models.Index(
                fields=["office", "status", "next_due_on"],
                name="case_open_worklist",
                condition=Q(closed_on__isnull=True),
            ),
            models.Index(fields=["handler"], name="case_open_handler", condition=Q(closed_on__isnull=True)),
            models.Index(fields=["office", "id"], name="case_office_number", include=DECIDING_SIGHT),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["office", "import_key"], name="case_imported_once", condition=~Q(import_key="")
            ),
            models.CheckConstraint(
                condition=Q(reached_krm_on__gte=F("received_on")),
                name="case_reaches_krm_after_the_house",
                violation_error_message=BEFORE_THE_HOUSE,
            ),
            models.CheckConstraint(
                condition=Q(written_on__isnull=True) | Q(written_on__lte=F("received_on")),
                name="case_is_written_before_it_arrives",
                violation_error_message=WRITTEN_AFTER_EINGANG,
            ),
            models.CheckConstraint(
                condition=Q(closed_on__isnull=True, closed_by__isnull=True)
                | Q(closed_on__isnull=False, closed_by__isnull=False),
                name="case_closed_on_with_closed_by",
            ),
            models.CheckConstraint(
                condition=Q(closed_on__isnull=True, status__in=sorted(OPEN_STATUSES))
                | (Q(closed_on__isnull=False) & ~Q(status__in=sorted(OPEN_STATUSES))),
                name="case_closed_on_with_status",
            ),
        ]

    class PersonalData:
        erase = ("subject", "text", "outcome_reason", "alternatives", "import_key")
        keep = (
            "office",
            "rule_set",
            "reference",
            "kind",
            "channel",
            "legal_area",
            "status",
            "round",
            "version",
            "written_on",
            "received_on",
            "opened_on",
            "reached_krm_on",
            "is_anonymous",
            "wants_acknowledgement",
            "unit",
            "handler",
            "responsible",
            "is_sealed",
            "against_management",
            "unit_dealt_on",
            "judged_on",
            "judged_by",
            "talk",
            "talk_on",
            "verbis_on",
            "objection_settled",
            "turn_since",
            "next_due_on",
            "registered_at",
            "registered_by",
            "outcome",
            "settlement",
            "answered_on",
            "closed_on",
            "closed_by",
            "file_reference",
            "retention_until",
        )

    def __str__(self):
        return self.reference

    def get_absolute_url(self) -> str:
        return reverse("cases:detail", args=[self.reference])

    @property
    def is_open(self) -> bool:
        return self.closed_on is None

    @property
    def turn(self) -> Turn:
        return STATUSES[Status(self.status)].turn

    @property
    def next_step(self) -> str:
        return STATUSES[Status(self.status)].next_step

    @property
    def in_hand_of(self) -> frozenset[int]:
        """Ids of those in whose hands it is; `visibility.in_hand_of` says it of many cases."""
        handler = self.handler_id if self.is_open else None
        lead = self.responsible_id if self.status == Status.WITH_UNIT else None
        return frozenset(pk for pk in (handler, lead) if pk)

    @property
    def wording_label(self) -> str:
        """What its wording is: noted in a conversation, or written by the person."""
        return "Gesprächsnotiz" if Channel(self.channel).is_oral else "Was geschrieben wurde"

    @property
    def is_card(self) -> bool:
        return self.channel == Channel.OPINION_CARD

    @property
    def is_judged(self) -> bool:
        """Praise and suggestions carry no outcome (B1-6)."""
        return self.kind not in (Kind.PRAISE, Kind.SUGGESTION)

    @property
    def outcome_label(self) -> str:
        return OUTCOME_LABELS[Outcome(self.outcome)] if self.outcome else ""


class EarlierRound(models.Model):
    """What a round of a case had come to before the case was taken up again; `concern_outcomes` by position."""

    case = models.ForeignKey(Case, verbose_name="Vorgang", on_delete=models.CASCADE, related_name="earlier_rounds")
    number = models.PositiveSmallIntegerField("Durchgang")
    opened_on = models.DateField("begonnen am")
    answered_on = models.DateField("beantwortet am", null=True, blank=True)
    ended_on = models.DateField("abgeschlossen am")
    outcome = models.CharField("Ergebnis", max_length=16, choices=choices(OUTCOME_LABELS), blank=True)
    settlement = models.CharField("Art der Erledigung", max_length=16, choices=choices(SETTLEMENT_LABELS), blank=True)
    talk = models.CharField("persönliches Gespräch", max_length=12, choices=choices(TALK_LABELS), blank=True)
    has_alternatives = models.BooleanField("Alternativen geprüft", default=False)
    concern_outcomes = models.JSONField("Ergebnisse der Anliegen", default=dict)

    class Meta:
        verbose_name = "früherer Durchgang"
        verbose_name_plural = "frühere Durchgänge"
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["case", "number"], name="earlier_round_once")]

    class PersonalData:
        erase = ()
        keep = (
            "case",
            "number",
            "opened_on",
            "answered_on",
            "ended_on",
            "outcome",
            "settlement",
            "talk",
            "has_alternatives",
            "concern_outcomes",
        )

    def __str__(self):
        return f"{self.case}, Durchgang {self.number}"


class CaseUserGrant(UserObjectPermissionBase):
    """A single person's grant on a single case: sealed cases, data protection officer, hand-overs."""

    content_object = models.ForeignKey(Case, on_delete=models.CASCADE)

    class PersonalData:
        erase = ()
        keep = ("permission", "content_object", "user")


class CaseGroupGrant(GroupObjectPermissionBase):
    """The group side that guardian asks for beside the user side; roles reach cases through seats instead."""

    content_object = models.ForeignKey(Case, on_delete=models.CASCADE)

    class PersonalData:
        erase = ()
        keep = ("permission", "content_object", "group")


class Counter(models.Model):
    """The last number given out in an office, a year and a series."""

    office = models.ForeignKey(Office, on_delete=models.PROTECT, related_name="+")
    year = models.PositiveSmallIntegerField()
    series = models.CharField(max_length=8, blank=True)
    last = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = "Zähler"
        verbose_name_plural = "Zähler"
        constraints = [models.UniqueConstraint(fields=["office", "year", "series"], name="counter_once")]

    class PersonalData:
        erase = ()
        keep = ("office", "year", "series", "last")

    def __str__(self):
        return f"{self.office_id}/{self.year}/{self.series}: {self.last}"
