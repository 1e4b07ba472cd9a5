"""What is asked for under the number of a petition: each request with its date, its form and its deadline."""

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from cases.models import Deadline, Document
from petitions.models.petition import Petition
from petitions.rules.vocabulary import AnswerForm, RequestKind

OPEN = Q(answered_on__isnull=True, withdrawn_on__isnull=True, refused_on__isnull=True) & ~Q(kind="extension")


class RequestQuerySet(models.QuerySet["Request"]):
    def open(self) -> Self:
        return self.filter(OPEN)


class Request(models.Model):
    """`due_on` is typed in from the request (B2-7). An extension is a request of its own: it names the one it
    `extends`, whose former day stays with it as `old_due_on`. `originals`: how many are to be sent (PAN-30).

    Files may be refused, with who decided it and why (B2-5: the oberste Aufsichtsbehörde).
    """

    petition = models.ForeignKey(Petition, verbose_name="Petition", on_delete=models.CASCADE, related_name="requests")
    position = models.PositiveSmallIntegerField("Nummer")
    kind = models.CharField("Art", max_length=16, choices=[(k.value, k.label) for k in RequestKind])
    answer_form = models.CharField(
        "Form der Antwort", max_length=8, choices=[(f.value, f.label) for f in AnswerForm], default=AnswerForm.FULL
    )
    dated_on = models.DateField("Schreiben vom")
    received_on = models.DateField("Eingang")
    due_on = models.DateField("Frist der anfordernden Stelle", null=True, blank=True)
    originals = models.PositiveSmallIntegerField("Zahl der Originale", default=1)
    text = models.TextField("was angefordert ist", blank=True)
    document = models.ForeignKey(
        Document, verbose_name="Anforderung", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    extends = models.ForeignKey(
        "self", verbose_name="verlängert", null=True, blank=True, on_delete=models.CASCADE, related_name="extensions"
    )
    old_due_on = models.DateField("bisherige Frist", null=True, blank=True)
    deadline = models.ForeignKey(
        Deadline, verbose_name="Termin", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    entered_at = models.DateTimeField("eingetragen am")
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="eingetragen von", on_delete=models.PROTECT, related_name="+"
    )
    answered_on = models.DateField("beantwortet am", null=True, blank=True)
    answer_note = models.TextField("wie beantwortet", blank=True)
    withdrawn_on = models.DateField("erledigt ohne Antwort am", null=True, blank=True)
    withdrawn_because = models.TextField("warum ohne Antwort", blank=True)
    refused_on = models.DateField("abgelehnt am", null=True, blank=True)
    refusal_authority = models.CharField("Ablehnung entschieden von", max_length=160, blank=True)
    refusal_reason = models.TextField("Grund der Ablehnung", blank=True)

    objects = RequestQuerySet.as_manager()

    class Meta:
        verbose_name = "Anforderung"
        verbose_name_plural = "Anforderungen"
        ordering = ["petition", "position"]
        constraints = [
            models.UniqueConstraint(fields=["petition", "position"], name="request_number_once"),
            models.CheckConstraint(condition=Q(dated_on__lte=F("received_on")), name="request_dated_before_receipt"),
            models.CheckConstraint(
                condition=Q(due_on__isnull=True) | Q(due_on__gte=F("received_on")), name="request_due_after_receipt"
            ),
            models.CheckConstraint(condition=Q(originals__gte=1), name="request_has_an_original"),
            models.CheckConstraint(
                condition=Q(kind="extension", extends__isnull=False, old_due_on__isnull=False, due_on__isnull=False)
                | (~Q(kind="extension") & Q(extends__isnull=True, old_due_on__isnull=True)),
                name="extension_names_request_and_old_date",
            ),
            models.CheckConstraint(
                condition=Q(refused_on__isnull=True) | (~Q(refusal_authority="") & ~Q(refusal_reason="")),
                name="refusal_names_authority_and_reason",
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_on__isnull=True) | ~Q(withdrawn_because=""), name="request_withdrawn_with_reason"
            ),
        ]

    class PersonalData:
        erase = ("text", "answer_note", "withdrawn_because", "refusal_reason")
        keep = (
            "petition",
            "position",
            "kind",
            "answer_form",
            "dated_on",
            "received_on",
            "due_on",
            "originals",
            "document",
            "extends",
            "old_due_on",
            "deadline",
            "entered_at",
            "entered_by",
            "answered_on",
            "withdrawn_on",
            "refused_on",
            "refusal_authority",
        )

    def __str__(self):
        return f"{self.get_kind_display()} vom {self.dated_on:%d.%m.%Y}"

    def get_absolute_url(self) -> str:
        return reverse("petitions:request", args=[self.pk])

    @property
    def is_open(self) -> bool:
        """Whether an answer is still owed."""
        ended = self.answered_on or self.withdrawn_on or self.refused_on
        return self.kind != RequestKind.EXTENSION and not ended
