"""The „Kein KRM“ desk: what is not a case, to whom it was handed, when and why; counted apart, never lost."""

from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.urls import reverse

from cases.models.case import Case, desk_offices
from cases.rules.kinds import CHANNEL_LABELS, Channel, choices
from cases.rules.triage import REASON_LABELS, Reason
from offices.models import Membership, Office, RuleSet

# layer: who asks is part of every question of what can be seen, and that is a method of the table
from offices.queries import Actor
from offices.roles import Permission, Role, Scope


def dpo_offices(actor: Actor) -> frozenset[int]:
    """Ids of the offices in which the actor is Datenschutzbeauftragte/r, own or „i. V.“."""
    return frozenset(s.office_id for s in actor.seats if s.role == Role.DPO)


class TransferQuerySet(models.QuerySet["Transfer"]):
    def pending(self) -> Self:
        return self.filter(handed_over_at__isnull=True)

    def open_to_talk_of(self) -> Self:
        """Those that are neither against the Geschäftsführung nor out of a sealed case or one against it."""
        hidden = Q(case__is_sealed=True) | Q(case__against_management=True)
        return self.exclude(hidden).exclude(_against_management())

    def visible_to(self, actor: Actor) -> Self:
        """The desks this actor sits at, and what was put into their hands.

        At the desk, what came out of a case is seen only by those who see the case (B4-8), and what goes against the
        Geschäftsführung only from seats apart from it (PAN-7). The DPO sees what was handed over about data
        protection, whoever was asked about it by name that one matter (K11). Whom the matter or its case is about
        never sees it (B4-8).
        """
        seen = Case.objects.visible_to(actor).filter(pk=OuterRef("case"))  # row by row: a set would be the whole house
        from_visible_case = Q(case__isnull=True) | Exists(seen)
        against = _against_management()
        not_against = ~against | Q(office__in=desk_offices(actor, apart=True))
        at_the_desk = from_visible_case & not_against & Q(office__in=desk_offices(actor))
        to_the_dpo = Q(reason=Reason.DATA_PROTECTION, handed_over_at__isnull=False, office__in=dpo_offices(actor))
        in_hand = (to_the_dpo | _asked(actor)) & ~Exists(_closed_to(actor))
        if led := actor.offices_led():
            in_hand &= ~(against & Q(office__in=led))
        about = _named().filter(user=actor.user_id, transfer=OuterRef("pk"))
        return self.filter(at_the_desk | in_hand).exclude(Exists(about)) if actor.user_id else self.none()


def _named() -> models.QuerySet:
    """Whom Abgaben are about; the rows stand in a module that imports this one."""
    concerned: Any = Transfer._meta.get_field("complained_about").related_model
    return concerned.objects.filter(transfer__isnull=False)


def _against_management() -> Q:
    """Against the Geschäftsführung: by the reason, or because it names who sat there on a day since the Eingang."""
    named = _named().filter(transfer=OuterRef(OuterRef("pk"))).values("user")
    since = Q(until_on__isnull=True) | Q(until_on__gte=OuterRef("received_on"))
    led = Membership.objects.filter(since, role=Role.MANAGEMENT, office=OuterRef("office"), user__in=named)
    return Q(reason=Reason.AGAINST_MANAGEMENT) | Q(Exists(led))


def _asked(actor: Actor) -> Q:
    """What people were asked about by name, from the seats of those people that reach cases."""
    seats = [s for s in actor.seats_with(Permission.READ_CASES) if s.scope != Scope.NONE]
    assignment: Any = Transfer._meta.get_field("assignments").related_model  # of a module that imports this one
    asked = assignment.objects.giving_access()
    apart = {s.holder_id for s in seats if s.is_apart}
    by_all = Q(pk__in=asked.filter(user__in={s.holder_id for s in seats}, transfer__isnull=False).values("transfer"))
    by_apart = Q(pk__in=asked.filter(user__in=apart, transfer__isnull=False).values("transfer"))
    against = Exists(Case.objects.filter(pk=OuterRef("case"), against_management=True))
    return by_apart | by_all & ~against & ~_against_management()


def _closed_to(actor: Actor) -> models.QuerySet[Case]:
    """The case of a transfer, if it complains about the acting person or the Geschäftsführung of a house they lead."""
    against = Q(against_management=True, office__in=actor.offices_led())
    return Case.objects.filter(Q(complained_about__user=actor.user_id) | against, pk=OuterRef("case"))


class Transfer(models.Model):
    """Something that came in and is no case. `received_on` is the original Eingangsdatum and goes onto the Beleg.

    `version` counts every change of what is told of it, so that two people at once lose nothing.
    """

    office = models.ForeignKey(Office, verbose_name="Dienststelle", on_delete=models.PROTECT, related_name="transfers")
    rule_set = models.ForeignKey(RuleSet, verbose_name="Regelwerk", on_delete=models.PROTECT, related_name="+")
    reference = models.CharField("Abgabenummer", max_length=24, unique=True)
    case = models.ForeignKey(
        Case, verbose_name="aus Vorgang", null=True, blank=True, on_delete=models.PROTECT, related_name="transfers"
    )
    reason = models.CharField("Grund", max_length=24, choices=choices(REASON_LABELS))
    channel = models.CharField("Eingangsweg", max_length=24, choices=choices(CHANNEL_LABELS), default=Channel.LETTER)
    written_on = models.DateField("Schreiben vom", null=True, blank=True)
    received_on = models.DateField("Eingang im Haus")
    subject = models.CharField("Betreff", max_length=200)
    text = models.TextField("Wortlaut oder Gesprächsnotiz", blank=True)
    decision_on = models.DateField("Bescheid vom", null=True, blank=True)
    objection_until = models.DateField("Widerspruchsfrist bis", null=True, blank=True)
    recipient = models.CharField("Empfänger", max_length=200)
    handed_over_at = models.DateTimeField("abgegeben am", null=True, blank=True)
    handed_over_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="abgegeben von",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    way = models.CharField("Weg der Abgabe", max_length=80, blank=True)
    version = models.PositiveIntegerField("Fassung", default=1)
    registered_at = models.DateTimeField("erfasst am")
    registered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="erfasst von", null=True, on_delete=models.PROTECT, related_name="+"
    )

    objects = TransferQuerySet.as_manager()

    class Meta:
        verbose_name = "Abgabe (Kein KRM)"
        verbose_name_plural = "Abgaben (Kein KRM)"
        ordering = ["-received_on", "-id"]
        indexes = [
            models.Index(fields=["office", "-received_on", "-id"], name="transfer_office_received"),
            models.Index(fields=["office"], name="transfer_pending", condition=Q(handed_over_at__isnull=True)),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(handed_over_at__isnull=True, handed_over_by__isnull=True)
                | Q(handed_over_at__isnull=False, handed_over_by__isnull=False),
                name="transfer_handed_over_at_with_by",
            ),
            models.CheckConstraint(
                condition=Q(written_on__isnull=True) | Q(written_on__lte=models.F("received_on")),
                name="transfer_is_written_before_it_arrives",
                violation_error_message="Das Schreiben trägt ein Datum nach dem Eingang im Haus.",
            ),
        ]

    class PersonalData:
        erase = ("subject", "text", "recipient")  # which is often a person
        keep = (
            "office",
            "rule_set",
            "reference",
            "case",
            "reason",
            "channel",
            "written_on",
            "received_on",
            "decision_on",
            "objection_until",
            "handed_over_at",
            "handed_over_by",
            "way",
            "version",
            "registered_at",
            "registered_by",
        )

    def __str__(self):
        return self.reference

    def get_absolute_url(self) -> str:
        return reverse("cases:transfer", args=[self.reference])
