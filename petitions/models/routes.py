"""The routes of an office as versioned data, who acts for the bodies on them, and what committees decide."""

from datetime import date
from functools import cached_property
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from offices.models import Office
from petitions.rules.routes import Routes
from petitions.rules.vocabulary import Requester


class RouteSetQuerySet(models.QuerySet["RouteSet"]):
    def in_force(self, day: date) -> Self:
        """Versions that hold on `day`; both ends included."""
        return self.filter(Q(valid_until__isnull=True) | Q(valid_until__gte=day), valid_from__lte=day)


class RouteSet(models.Model):
    """One version of the routes of an office; never edited once in force, a change is a new version."""

    office = models.ForeignKey(Office, verbose_name="Dienststelle", on_delete=models.PROTECT, related_name="route_sets")
    version = models.PositiveIntegerField("Fassung")
    title = models.CharField("Titel", max_length=200)
    source = models.CharField("Grundlage", max_length=200, blank=True)
    note = models.TextField("Hinweis", blank=True)
    valid_from = models.DateField("gültig ab")
    valid_until = models.DateField("gültig bis", null=True, blank=True)
    document = models.JSONField("Wege")
    reason = models.TextField("Anlass der Fassung", blank=True)
    created_at = models.DateTimeField("angelegt am")
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="angelegt von",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )

    objects = RouteSetQuerySet.as_manager()

    class Meta:
        verbose_name = "Fassung der Berichtswege"
        verbose_name_plural = "Fassungen der Berichtswege"
        ordering = ["office", "-valid_from", "-version"]
        constraints = [
            models.UniqueConstraint(fields=["office", "version"], name="route_set_version_once_per_office"),
            models.CheckConstraint(
                condition=Q(valid_until__isnull=True) | Q(valid_until__gte=F("valid_from")),
                name="route_set_ends_after_start",
            ),
        ]

    class PersonalData:
        erase = ()
        keep = (
            "office",
            "version",
            "title",
            "source",
            "note",
            "valid_from",
            "valid_until",
            "document",
            "reason",
            "created_at",
            "created_by",
        )

    def __str__(self):
        return f"{self.title}, Fassung {self.version}"

    def get_absolute_url(self) -> str:
        return reverse("petitions:route_set", args=[self.pk])

    @cached_property
    def routes(self) -> Routes:
        return Routes.from_dict(self.document)


class Representative(models.Model):
    """Who acts here for a body of the routes outside the house: an office that uses KRM itself, or a single person.

    `body` is the key of the body in the routes of `office`. A body that has neither is kept by the last office before
    it on the way that uses KRM.
    """

    office = models.ForeignKey(
        Office, verbose_name="Dienststelle", on_delete=models.PROTECT, related_name="representatives"
    )
    body = models.CharField("Stelle", max_length=40)
    at = models.ForeignKey(
        Office,
        verbose_name="Dienststelle, die sie ist",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="Person, die für sie handelt",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )

    class Meta:
        verbose_name = "Vertretung einer Stelle"
        verbose_name_plural = "Vertretungen von Stellen"
        ordering = ["office", "body", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(at__isnull=False, user__isnull=True) | Q(at__isnull=True, user__isnull=False),
                name="representative_is_office_or_person",
            ),
            models.CheckConstraint(
                condition=Q(at__isnull=True) | ~Q(at=F("office")), name="representative_is_another_office"
            ),
            models.UniqueConstraint(
                fields=["office", "body"], condition=Q(at__isnull=False), name="body_is_one_office"
            ),
            models.UniqueConstraint(
                fields=["office", "body", "user"], condition=Q(user__isnull=False), name="person_once_for_body"
            ),
        ]

    class PersonalData:
        erase = ()
        keep = ("office", "body", "at", "user")

    def __str__(self):
        return f"{self.body}: {self.at or self.user}"


class DecisionOption(models.Model):
    """What a committee can decide; each parliament has its own list (B2-8). Without any, none is waited for."""

    office = models.ForeignKey(
        Office, verbose_name="Dienststelle", on_delete=models.PROTECT, related_name="decision_options"
    )
    requester = models.CharField("anfordernde Stelle", max_length=24, choices=[(r.value, r.label) for r in Requester])
    label = models.CharField("Entscheidung", max_length=120)
    position = models.PositiveSmallIntegerField("Reihenfolge", default=1)
    is_active = models.BooleanField("wählbar", default=True)

    class Meta:
        verbose_name = "mögliche Entscheidung"
        verbose_name_plural = "mögliche Entscheidungen"
        ordering = ["requester", "position", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["office", "requester", "label"], name="decision_option_once"),
        ]

    class PersonalData:
        erase = ()
        keep = ("office", "requester", "label", "position", "is_active")

    def __str__(self):
        return self.label
