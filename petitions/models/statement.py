"""The Stellungnahme on a request as text: what stands now, and each version that was typeset to a paper.

The chain passes papers on, not texts: an approval is bound to the checksum of the files it was given.
"""

from typing import Self

from django.conf import settings
from django.db import models

from cases.models import Document
from cases.models.append_only import AppendOnly, AppendOnlyQuerySet
from petitions.models.request import Request
from petitions.rules.statement import Sections
from petitions.rules.vocabulary import Competence, Section


class Sectioned(models.Model):
    """The fixed sections (B2-10)."""

    summary = models.TextField(Section.SUMMARY.label, blank=True)
    facts = models.TextField(Section.FACTS.label, blank=True)
    law = models.TextField(Section.LAW.label, blank=True)
    result = models.TextField(Section.RESULT.label, blank=True)
    closing = models.TextField(Section.CLOSING.label, blank=True)

    class Meta:
        abstract = True

    @property
    def sections(self) -> Sections:
        return Sections(**{section: getattr(self, section) for section in Section})


class StatementText(Sectioned):
    """One text for each part of a mixed statement (`part`), and one for the whole (""); `version` counts every saving,
    so that two people at once lose nothing."""

    request = models.ForeignKey(Request, verbose_name="Anforderung", on_delete=models.CASCADE, related_name="texts")
    part = models.CharField("Teil", max_length=16, blank=True, choices=[(c.value, c.label) for c in Competence])
    version = models.PositiveIntegerField("Fassung", default=0)
    changed_at = models.DateTimeField("geändert am")
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="geändert von", on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        verbose_name = "Text einer Stellungnahme"
        verbose_name_plural = "Texte von Stellungnahmen"
        ordering = ["request", "part"]
        constraints = [models.UniqueConstraint(fields=["request", "part"], name="statement_text_once")]

    class PersonalData:
        erase = ("summary", "facts", "law", "result", "closing")
        keep = ("request", "part", "version", "changed_at", "changed_by")

    def __str__(self):
        return f"Stellungnahme, Teil {self.get_part_display()}" if self.part else "Stellungnahme"


class StatementPaperQuerySet(AppendOnlyQuerySet["StatementPaper"]):
    def of(self, request: Request) -> Self:
        return self.filter(text__request=request)


class StatementPaper(AppendOnly, Sectioned):
    """A version as it was typeset: the text and the file made of it. What changes later is another one."""

    text = models.ForeignKey(StatementText, verbose_name="Text", on_delete=models.PROTECT, related_name="papers")
    number = models.PositiveSmallIntegerField("Nummer")
    document = models.OneToOneField(
        Document, verbose_name="Datei", on_delete=models.PROTECT, related_name="statement_paper"
    )
    made_at = models.DateTimeField("gesetzt am")
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="gesetzt von", on_delete=models.PROTECT, related_name="+"
    )

    objects = StatementPaperQuerySet.as_manager()

    class Meta:
        verbose_name = "Fassung einer Stellungnahme"
        verbose_name_plural = "Fassungen von Stellungnahmen"
        ordering = ["text", "number"]
        constraints = [models.UniqueConstraint(fields=["text", "number"], name="statement_paper_number_once")]

    class PersonalData:
        erase = ("summary", "facts", "law", "result", "closing")
        keep = ("text", "number", "document", "made_at", "made_by")

    def __str__(self):
        return f"Fassung {self.number}"
