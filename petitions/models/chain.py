"""The chain of a request as rows: the frozen plans, and each station's turn; `rules.chain` says what they do."""

from collections.abc import Iterable
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from cases.models import Case, ConcernedEmployee, Deadline, Document
from cases.models.append_only import AppendOnly, AppendOnlyQuerySet
from offices.models import Office

# layer: who asks is part of every question of what can be seen, and that is a method of the table
from offices.queries import Actor
from offices.roles import Permission, Role
from petitions.models.request import Request
from petitions.models.routes import RouteSet
from petitions.rules import chain
from petitions.rules.documents import read_plan
from petitions.rules.planning import Plan
from petitions.rules.vocabulary import Competence, Outcome, StationRole


class PlanVersion(AppendOnly):
    """The plan of a request as it was frozen; the last one holds, the earlier ones stay."""

    request = models.ForeignKey(Request, verbose_name="Anforderung", on_delete=models.PROTECT, related_name="plans")
    number = models.PositiveSmallIntegerField("Fassung")
    route_set = models.ForeignKey(RouteSet, verbose_name="Berichtswege", on_delete=models.PROTECT, related_name="+")
    outside_due_on = models.DateField("Frist der anfordernden Stelle")
    document = models.JSONField("Plan")
    reason = models.TextField("Grund der Fassung", blank=True)
    made_at = models.DateTimeField("festgelegt am")
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="festgelegt von", on_delete=models.PROTECT, related_name="+"
    )

    objects = AppendOnlyQuerySet.as_manager()

    class Meta:
        verbose_name = "Fassung des Plans"
        verbose_name_plural = "Fassungen des Plans"
        ordering = ["request", "number"]
        constraints = [models.UniqueConstraint(fields=["request", "number"], name="plan_version_once")]

    class PersonalData:
        erase = ("reason",)
        keep = ("request", "number", "route_set", "outside_due_on", "document", "made_at", "made_by")

    def __str__(self):
        return f"Plan, Fassung {self.number}"

    @property
    def plan(self) -> Plan:
        return read_plan(self.document)


class StationQuerySet(models.QuerySet["Station"]):
    def open(self) -> Self:
        return self.filter(opened_on__isnull=False, outcome="", request__withdrawn_on__isnull=True)

    def visible_to(self, actor: Actor) -> Self:
        """All of a case that is seen as a whole, and in the house what the actor is asked there, as long as it is.
        Of another house's case those outside it that the actor's own office keeps or the actor acts for, once their
        turn has come: what they had stays, and nothing more of the case is seen. Never one that complains about the
        actor (B4-8)."""
        in_sight = Case.objects.whole_to(actor).order_by().values("pk")
        asked = Station.objects.open().filter(people__in=actor.holder_ids).exclude(desk="").order_by().values("pk")
        in_reach = Case.objects.visible_to(actor).order_by().values("pk")
        keeping = frozenset(s.office_id for s in actor.seats_with(Permission.TRIAGE))
        kept = Q(keeper__in=keeping) & ~Q(keeper=F("request__petition__case__office"))
        had = Station.objects.filter(kept | Q(people__in=actor.holder_ids), desk="", opened_on__isnull=False)
        about = ConcernedEmployee.objects.filter(user=actor.user_id, case__isnull=False).values("case")
        mine = had.exclude(request__petition__case__in=about).order_by().values("pk")
        in_house = Q(pk__in=asked, request__petition__case__in=in_reach)
        return self.filter(Q(request__petition__case__in=in_sight) | in_house | Q(pk__in=mine))


class Station(models.Model):
    """A station's turn in one round, as `rules.chain.Station` has it; a finished row never changes.

    `body` is the key of the body in the routes, `body_name` how it is called there. `desk`: the role in the house, ""
    outside it. `office`: the body uses KRM itself and is that office; `keeper`: the office that acts for it or enters
    what it did. `people` are the single persons who act there: asked in the house, or acting for a body outside.
    `person`: who did it at a body that does not use KRM. `for_user`: whom `done_by` stood in for. `documents`: what was
    passed to it. `content_hash` is of what it approved. `deadline` is the planned day as the case's office watches it,
    `body_deadlines` as the office does that the body is, or the persons who act for it.
    """

    request = models.ForeignKey(Request, verbose_name="Anforderung", on_delete=models.CASCADE, related_name="stations")
    position = models.PositiveSmallIntegerField("Reihenfolge")
    key = models.CharField("Station", max_length=120)
    round = models.PositiveSmallIntegerField("Durchgang", default=1)
    body = models.CharField("Stelle", max_length=40)
    body_name = models.CharField("Name der Stelle", max_length=160)
    role = models.CharField("Aufgabe", max_length=12, choices=[(r.value, r.label) for r in StationRole])
    part = models.CharField("Teil", max_length=16, blank=True, choices=[(c.value, c.label) for c in Competence])
    desk = models.CharField("im Haus", max_length=16, blank=True, choices=[(r.value, r.label) for r in Role])
    office = models.ForeignKey(
        Office, verbose_name="ist die Dienststelle", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    keeper = models.ForeignKey(Office, verbose_name="geführt von", on_delete=models.PROTECT, related_name="+")
    people = models.ManyToManyField(
        settings.AUTH_USER_MODEL, verbose_name="wer dort handelt", blank=True, related_name="+"
    )
    deadline = models.ForeignKey(
        Deadline, verbose_name="Termin", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    body_deadlines = models.ManyToManyField(Deadline, verbose_name="Termine der Stelle", blank=True, related_name="+")
    documents = models.ManyToManyField(Document, verbose_name="übergebene Unterlagen", blank=True, related_name="+")
    opened_on = models.DateField("an der Reihe seit", null=True, blank=True)
    received_on = models.DateField("Empfang bestätigt am", null=True, blank=True)
    done_on = models.DateField("erledigt am", null=True, blank=True)
    done_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="erledigt von",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    for_user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="in Vertretung für",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    person = models.CharField("wer dort", max_length=160, blank=True)
    outcome = models.CharField("Ergebnis", max_length=12, blank=True, choices=[(o.value, o.label) for o in Outcome])
    returned_to = models.CharField("zurück an Station", max_length=120, blank=True)
    reason = models.TextField("Grund", blank=True)
    content_hash = models.CharField("Prüfsumme des Inhalts", max_length=64, blank=True)

    objects = StationQuerySet.as_manager()

    class Meta:
        verbose_name = "Station"
        verbose_name_plural = "Stationen"
        ordering = ["request", "position"]
        indexes = [
            models.Index(
                fields=["keeper", "opened_on"],
                name="station_open",
                condition=Q(opened_on__isnull=False, outcome=""),
            ),
        ]
        constraints = [
            models.UniqueConstraint(fields=["request", "position"], name="station_position_once"),
            models.UniqueConstraint(fields=["request", "key", "round"], name="station_once_per_round"),
            models.CheckConstraint(
                condition=Q(done_on__isnull=True, outcome="") | (Q(done_on__isnull=False) & ~Q(outcome="")),
                name="station_done_with_outcome",
            ),
            models.CheckConstraint(
                condition=Q(outcome="returned") & ~Q(returned_to="") | ~Q(outcome="returned") & Q(returned_to=""),
                name="station_returned_to_a_station",
            ),
            models.CheckConstraint(
                condition=Q(received_on__isnull=True) | Q(opened_on__isnull=False, received_on__gte=F("opened_on")),
                name="station_received_after_opening",
            ),
            models.CheckConstraint(
                condition=Q(done_on__isnull=True) | Q(opened_on__isnull=True) | Q(done_on__gte=F("opened_on")),
                name="station_done_after_opening",
            ),
        ]

    class PersonalData:
        erase = ("person", "reason", "content_hash")
        keep = (
            "request",
            "position",
            "key",
            "round",
            "body",
            "body_name",
            "role",
            "part",
            "desk",
            "office",
            "keeper",
            "people",
            "deadline",
            "body_deadlines",
            "documents",
            "opened_on",
            "received_on",
            "done_on",
            "done_by",
            "for_user",
            "outcome",
            "returned_to",
        )

    def __str__(self):
        return f"{self.body_name} {self.get_role_display()}"

    def get_absolute_url(self) -> str:
        return reverse("petitions:station", args=[self.pk])

    @property
    def is_open(self) -> bool:
        return self.opened_on is not None and not self.outcome

    @property
    def to_do(self) -> str:
        """What is to be done at it, told from every other station of the petition."""
        part = f" ({self.get_part_display()})" if self.part else ""
        return f"Petition, Anforderung {self.request.position}: {self}{part}"[:200]

    @property
    def as_rule(self) -> chain.Station:
        """The row as the rules of the chain know it."""
        return chain.Station(
            self.key,
            self.round,
            self.opened_on,
            self.received_on,
            self.done_on,
            Outcome(self.outcome) if self.outcome else None,
            self.returned_to,
            self.reason,
        )


def chain_of(request: Request, stations: Iterable[Station]) -> chain.Chain | None:
    """The chain of a request from its rows in the order they came to be; None before it was started."""
    plans = tuple(version.plan for version in sorted(request.plans.all(), key=lambda version: version.number))
    if not plans:
        return None
    rows = tuple(station.as_rule for station in stations)
    return chain.Chain(plans, rows, request.withdrawn_on, request.withdrawn_because)


class Remark(AppendOnly):
    """What somebody says at a station about what lies there; read in the house and at that station."""

    station = models.ForeignKey(Station, verbose_name="Station", on_delete=models.PROTECT, related_name="remarks")
    text = models.TextField("Anmerkung")
    at = models.DateTimeField("vom")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, verbose_name="von", on_delete=models.PROTECT, related_name="+")

    objects = AppendOnlyQuerySet.as_manager()

    class Meta:
        verbose_name = "Anmerkung"
        verbose_name_plural = "Anmerkungen"
        ordering = ["pk"]

    class PersonalData:
        erase = ("text",)
        keep = ("station", "at", "by")

    def __str__(self):
        return f"Anmerkung von {self.by}"


class StationNotice(models.Model):
    """What a body outside that has a station in KRM is told of the chain besides its turn."""

    class Kind(models.TextChoices):
        SKIPPED = "skipped", "Ihre Station wurde übersprungen"
        BEFORE_SKIPPED = "before_skipped", "Die Station vor Ihrer wurde übersprungen"
        REPLANNED = "replanned", "Der Berichtsweg oder seine Termine haben sich geändert"
        WITHDRAWN = "withdrawn", "Es geht ohne Antwort zu Ende"

    station = models.ForeignKey(Station, verbose_name="Station", on_delete=models.CASCADE, related_name="notices")
    kind = models.CharField("Hinweis", max_length=16, choices=Kind)
    told_on = models.DateField("vom")
    read_at = models.DateTimeField("gelesen am", null=True, blank=True)
    read_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="gelesen von",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )

    class Meta:
        verbose_name = "Hinweis an eine Stelle"
        verbose_name_plural = "Hinweise an Stellen"
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(read_at__isnull=True, read_by__isnull=True)
                | Q(read_at__isnull=False, read_by__isnull=False),
                name="station_notice_read_at_with_by",
            ),
        ]

    class PersonalData:
        erase = ()
        keep = ("station", "kind", "told_on", "read_at", "read_by")

    def __str__(self):
        return self.get_kind_display()
