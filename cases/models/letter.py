"""Letters: drafted, issued (text frozen), dispatched; a letter without PDF waits for the background work to make it."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from cases.models.case import Case
from cases.models.document import Document
from cases.models.transfer import Transfer


class Letter(models.Model):
    """Text and addressee as they will be printed; frozen with its hash when issued.

    `authors` is everybody who changed what is printed; neither they nor who drafted it co-sign it (GER-21).
    """

    class Kind(models.TextChoices):
        ACKNOWLEDGEMENT = "acknowledgement", "Eingangsbestätigung"
        INTERIM = "interim", "Zwischennachricht"
        FINAL = "final", "Abschlussschreiben"
        TRANSFER = "transfer", "Abgabenachricht"
        DATA_PROTECTION = "data_protection", "Antwort zum Datenschutz"

    class Way(models.TextChoices):
        POST = "post", "Post"
        HANDED = "handed", "persönlich übergeben"
        FAX = "fax", "Fax"

    case = models.ForeignKey(
        Case, verbose_name="Vorgang", null=True, blank=True, on_delete=models.CASCADE, related_name="letters"
    )
    transfer = models.ForeignKey(
        Transfer, verbose_name="Abgabe", null=True, blank=True, on_delete=models.CASCADE, related_name="letters"
    )
    kind = models.CharField("Art", max_length=16, choices=Kind)
    round = models.PositiveSmallIntegerField("Durchgang", default=1)
    version = models.PositiveIntegerField("Fassung", default=1)
    recipient = models.TextField("Anschrift", help_text="eine Zeile je Angabe, höchstens sechs")
    subject = models.CharField("Betreff", max_length=200)
    salutation = models.CharField("Anrede", max_length=160)
    body = models.TextField("Text", help_text="Absätze durch eine Leerzeile trennen")
    contact_name = models.CharField("Ansprechperson", max_length=120)
    contact_phone = models.CharField("Telefon der Ansprechperson", max_length=40)
    signature = models.TextField("Unterschriftszeilen")
    drafted_at = models.DateTimeField("entworfen am")
    drafted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="entworfen von", on_delete=models.PROTECT, related_name="+"
    )
    authors = models.ManyToManyField(
        settings.AUTH_USER_MODEL, verbose_name="geschrieben von", blank=True, related_name="+"
    )
    expected_on = models.DateField("Antwort voraussichtlich bis", null=True, blank=True)
    consulted = models.BooleanField("Rücksprache ist gehalten", default=False)
    submitted_at = models.DateTimeField("zur Zeichnung gegeben am", null=True, blank=True)
    submitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="zur Zeichnung gegeben von",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    issued_at = models.DateTimeField("ausgefertigt am", null=True, blank=True)
    issued_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="ausgefertigt von",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    dated_on = models.DateField("Datum des Schreibens", null=True, blank=True)
    text_hash = models.CharField("Prüfsumme des Textes", max_length=64, blank=True)
    pdf = models.ForeignKey(
        Document, verbose_name="PDF", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    sent_on = models.DateField("versandt am", null=True, blank=True)
    sent_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="versandt von",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    way = models.CharField("Versandweg", max_length=8, choices=Way, blank=True)

    class Meta:
        verbose_name = "Schreiben"
        verbose_name_plural = "Schreiben"
        ordering = ["pk"]
        indexes = [
            models.Index(
                fields=["issued_at"], name="letter_without_pdf", condition=Q(issued_at__isnull=False, pdf__isnull=True)
            ),
            models.Index(
                fields=["case"], name="letter_to_send", condition=Q(issued_at__isnull=False, sent_on__isnull=True)
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(case__isnull=False, transfer__isnull=True) | Q(case__isnull=True, transfer__isnull=False),
                name="letter_of_case_or_transfer",
            ),
            models.UniqueConstraint(
                fields=["case", "round", "kind"],
                name="letter_once_per_case_round_and_kind",
                condition=~Q(kind__in=["interim", "final"]),
            ),
            models.UniqueConstraint(
                fields=["case", "round", "kind"],
                name="one_unsent_letter_of_a_kind",
                condition=Q(kind__in=["interim", "final"], sent_on__isnull=True),
            ),
            models.CheckConstraint(
                condition=Q(submitted_at__isnull=True, submitted_by__isnull=True)
                | Q(submitted_at__isnull=False, submitted_by__isnull=False),
                name="letter_submitted_at_with_by",
            ),
            models.UniqueConstraint(fields=["transfer", "kind"], name="letter_once_per_transfer_and_kind"),
            models.CheckConstraint(
                condition=Q(issued_at__isnull=True, issued_by__isnull=True, dated_on__isnull=True)
                | Q(issued_at__isnull=False, issued_by__isnull=False, dated_on__isnull=False),
                name="letter_issued_at_with_by",
            ),
            models.CheckConstraint(
                condition=Q(sent_on__isnull=True, sent_by__isnull=True)
                | Q(sent_on__isnull=False, sent_by__isnull=False, issued_at__isnull=False),
                name="letter_sent_after_issue",
            ),
        ]

    class PersonalData:
        erase = ("recipient", "subject", "salutation", "body", "text_hash")
        keep = (
            "case",
            "transfer",
            "kind",
            "round",
            "version",
            "contact_name",
            "contact_phone",
            "signature",
            "drafted_at",
            "drafted_by",
            "authors",
            "expected_on",
            "consulted",
            "submitted_at",
            "submitted_by",
            "issued_at",
            "issued_by",
            "dated_on",
            "pdf",
            "sent_on",
            "sent_by",
            "way",
        )

    def __str__(self):
        return self.get_kind_display()

    @property
    def state(self) -> str:
        if self.sent_on:
            return "versandt"
        if self.issued_at:
            return "ausgefertigt"
        return "zur Zeichnung" if self.submitted_at else "Entwurf"
