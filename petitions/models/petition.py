"""The petition: the shell around a case, one to one, with who asks under which number and what it is linked to."""

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from cases.models import Case, Document

# layer: who asks is part of every question of what can be seen, and that is a method of the table
from offices.queries import Actor
from petitions.models.routes import DecisionOption
from petitions.rules.routes import Matter
from petitions.rules.vocabulary import Competence, LegalArea, PetitionForm, PetitionKind, Requester, Topic


class PetitionQuerySet(models.QuerySet["Petition"]):
    def visible_to(self, actor: Actor) -> Self:
        """Those whose case the actor sees as a whole; who only has a station of it, or contributes to the case, sees
        that (`Station.objects.visible_to`)."""
        return self.filter(case__in=Case.objects.whole_to(actor).order_by().values("pk"))


class Petition(models.Model):
    """Kind, Rechtskreis, dates and people stand on the case. `number` is the requester's, its form is no condition.

    `parts`: the competences of a mixed one, each with a part. `supporters`: how many have signed or sent the same.
    `joined_to` is the petition with the same text with which it is answered once. A repeated one names the earlier
    petition or, where that is not in KRM, the reference and day of the earlier decision (B2-2). `waiver` is the signed
    paper by which the petitioner gives up a written answer (PAN-32).
    """

    case = models.OneToOneField(Case, verbose_name="Vorgang", on_delete=models.CASCADE, related_name="petition")
    requester = models.CharField("anfordernde Stelle", max_length=24, choices=[(r.value, r.label) for r in Requester])
    requester_name = models.CharField("Name der anfordernden Stelle", max_length=160, blank=True)
    number = models.CharField("Nummer der anfordernden Stelle", max_length=60, blank=True)
    legislative_period = models.PositiveSmallIntegerField("Wahlperiode", null=True, blank=True)
    form = models.CharField(
        "Form", max_length=12, choices=[(f.value, f.label) for f in PetitionForm], default=PetitionForm.SINGLE
    )
    supporters = models.PositiveIntegerField("Zahl der Unterstützenden", default=1)
    competence = models.CharField("Zuständigkeit", max_length=16, choices=[(c.value, c.label) for c in Competence])
    parts = models.JSONField("Teile", default=list, blank=True)
    topic = models.CharField(
        "Gegenstand", max_length=24, choices=[(t.value, t.label) for t in Topic], default=Topic.OTHER
    )
    is_for_other = models.BooleanField("für eine andere Person", default=False)
    power_of_attorney = models.ForeignKey(
        Document, verbose_name="Vollmacht", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    repeats = models.ForeignKey(
        "self", verbose_name="wiederholt", null=True, blank=True, on_delete=models.SET_NULL, related_name="repeated_by"
    )
    repeats_reference = models.CharField("früherer Bescheid, Aktenzeichen", max_length=120, blank=True)
    repeats_decided_on = models.DateField("früherer Bescheid vom", null=True, blank=True)
    joined_to = models.ForeignKey(
        "self", verbose_name="verbunden mit", null=True, blank=True, on_delete=models.SET_NULL, related_name="joined"
    )
    is_immediate = models.BooleanField("Sofortsache", default=True)
    opened_at = models.DateTimeField("als Petition angelegt am")
    opened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="als Petition angelegt von", on_delete=models.PROTECT, related_name="+"
    )
    waiver = models.ForeignKey(
        Document, verbose_name="Verzicht, unterschrieben", null=True, blank=True, on_delete=models.PROTECT,
        related_name="+",
    )  # fmt: skip
    waiver_reasons = models.TextField("Gründe des Verzichts", blank=True)
    waived_on = models.DateField("verzichtet am", null=True, blank=True)

    objects = PetitionQuerySet.as_manager()

    class Meta:
        verbose_name = "Petition"
        verbose_name_plural = "Petitionen"
        ordering = ["-pk"]
        indexes = [models.Index(fields=["number"], name="petition_number", condition=~Q(number=""))]
        constraints = [
            models.CheckConstraint(condition=Q(supporters__gte=1), name="petition_has_somebody"),
            models.CheckConstraint(
                condition=Q(joined_to__isnull=True) | ~Q(joined_to=F("pk")), name="petition_not_joined_to_itself"
            ),
            models.CheckConstraint(
                condition=Q(repeats__isnull=True) | ~Q(repeats=F("pk")), name="petition_does_not_repeat_itself"
            ),
            models.CheckConstraint(
                condition=Q(waived_on__isnull=True) | (~Q(waiver_reasons="") & Q(waiver__isnull=False)),
                name="waiver_has_reasons_and_paper",
            ),
        ]

    class PersonalData:
        erase = ("requester_name", "number", "repeats_reference", "waiver_reasons")
        keep = (
            "case",
            "requester",
            "legislative_period",
            "form",
            "supporters",
            "competence",
            "parts",
            "topic",
            "is_for_other",
            "power_of_attorney",
            "repeats",
            "repeats_decided_on",
            "joined_to",
            "is_immediate",
            "opened_at",
            "opened_by",
            "waiver",
            "waived_on",
        )

    def __str__(self):
        return self.number or self.case.reference

    def get_absolute_url(self) -> str:
        return reverse("petitions:petition", args=[self.case.reference])

    @property
    def kind(self) -> PetitionKind:
        return PetitionKind(self.case.kind)

    @property
    def addressee(self) -> str:
        """Who requested, as an answer is addressed to them."""
        return self.requester_name or self.get_requester_display()

    @property
    def matter(self) -> Matter:
        """What its route depends on."""
        return Matter(
            self.kind,
            Requester(self.requester),
            Competence(self.competence),
            Topic(self.topic),
            LegalArea(self.case.legal_area),
            tuple(Competence(part) for part in self.parts),
        )

    @property
    def decision_options(self) -> models.QuerySet[DecisionOption]:
        """What who requested can decide, as the office of the case lists it."""
        listed = DecisionOption.objects.filter(office=self.case.office_id, requester=self.requester)
        return listed.filter(is_active=True)
