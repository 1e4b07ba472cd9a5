"""The append-only event log, one hash chain per office."""

from typing import Self

from django.conf import settings
from django.db import models

from cases.models.append_only import AppendOnly, AppendOnlyQuerySet
from cases.models.case import Case
from cases.models.note import Note
from cases.models.transfer import Transfer
from cases.rules.chain import GENESIS
from cases.rules.events import EVENTS, Category, sentence
from offices.models import Office

# layer: who asks is part of every question of what can be seen, and that is a method of the table
from offices.queries import Actor
from offices.roles import Permission


class EventQuerySet(AppendOnlyQuerySet["Event"]):
    def visible_to(self, actor: Actor) -> Self:
        """The log of the offices whose log the actor may read (Revision); a case's own story comes with the case."""
        return self.filter(office__in=actor.office_ids(Permission.READ_LOG))


class EventChain(models.Model):
    """Head of an office's chain; its row lock gives each event its place."""

    office = models.OneToOneField(Office, on_delete=models.PROTECT, related_name="+")
    seq = models.PositiveBigIntegerField(default=0)
    head = models.CharField(max_length=64, default=GENESIS)

    class Meta:
        verbose_name = "Kopf der Ereigniskette"
        verbose_name_plural = "Köpfe der Ereignisketten"

    class PersonalData:
        erase = ()
        keep = ("office", "seq", "head")

    def __str__(self):
        return f"{self.office_id}: {self.seq}"


class Event(AppendOnly):
    """What happened: code, ids, dates. `for_user` is the person represented where `by` acted „i. V.“."""

    office = models.ForeignKey(Office, verbose_name="Dienststelle", on_delete=models.PROTECT, related_name="+")
    seq = models.PositiveBigIntegerField("Nummer")
    case = models.ForeignKey(Case, verbose_name="Vorgang", null=True, on_delete=models.PROTECT, related_name="events")
    transfer = models.ForeignKey(
        Transfer, verbose_name="Abgabe", null=True, on_delete=models.PROTECT, related_name="events"
    )
    at = models.DateTimeField("am")
    code = models.CharField("Ereignis", max_length=40)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="von", null=True, on_delete=models.PROTECT, related_name="+"
    )
    for_user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="in Vertretung für",
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    note = models.ForeignKey(Note, verbose_name="Vermerk", null=True, on_delete=models.PROTECT, related_name="+")
    data = models.JSONField("Angaben", default=dict)
    previous = models.CharField("Prüfsumme davor", max_length=64)
    hash = models.CharField("Prüfsumme", max_length=64)

    objects = EventQuerySet.as_manager()

    person_name: str | None  # looked up by `story.timeline`

    class Meta:
        verbose_name = "Ereignis"
        verbose_name_plural = "Ereignisse"
        ordering = ["office", "seq"]
        indexes = [models.Index(fields=["case", "-seq"], name="event_case")]
        constraints = [models.UniqueConstraint(fields=["office", "seq"], name="event_place_once")]

    class PersonalData:
        erase = ()
        keep = ("office", "seq", "case", "transfer", "at", "code", "by", "for_user", "note", "data", "previous", "hash")

    def __str__(self):
        return self.code

    @property
    def category(self) -> Category:
        return EVENTS[self.code].category if self.code in EVENTS else Category.SYSTEM

    @property
    def sentence(self) -> str:
        return sentence(self.code, self.data)

    def content(self) -> dict:
        """What the hash covers, in a form that every database gives back the same."""
        return {
            "office": self.office_id,
            "seq": self.seq,
            "case": self.case_id,
            "transfer": self.transfer_id,
            "at": self.at.timestamp(),
            "code": self.code,
            "by": self.by_id,
            "for_user": self.for_user_id,
            "note": self.note_id,
            "data": self.data,
        }
