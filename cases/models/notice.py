"""What people are told about deadlines and of what they are asked: notices, how each wants them, and the mails."""

import uuid
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from cases.models.assignment import Assignment
from cases.models.deadline import Deadline
from cases.rules.reminders import MailChoice, Urgency
from offices.models import Office


class Mail(models.Model):
    """One e-mail to one person, kept until it is sent; a row before it is a mail.

    `claim` marks the process that is sending it until `claim_ends_at`; if that process dies, the same mail with the
    same Message-ID is sent again. Holds no personal data of people who wrote to the office.

    `is_about_account`: of the person's own account or Vertretung; its text is erased once it went out. `ends_at`: it
    carries a one-time link that holds until then, and goes out no later.
    """

    class State(models.TextChoices):
        QUEUED = "queued", "wartet"
        SENT = "sent", "versandt"
        REFUSED = "refused", "abgewiesen"
        DROPPED = "dropped", "entfallen"  # when its turn came, all it told of was done

    message_id = models.UUIDField("Kennung", default=uuid.uuid4, unique=True, editable=False)
    to = models.ForeignKey(settings.AUTH_USER_MODEL, verbose_name="an", on_delete=models.PROTECT, related_name="+")
    address = models.EmailField("Adresse")
    subject = models.CharField("Betreff", max_length=200)
    text = models.TextField("Text")
    state = models.CharField("Stand", max_length=8, choices=State, default=State.QUEUED)
    created_at = models.DateTimeField("angelegt am")
    next_try_at = models.DateTimeField("nächster Versuch")
    attempts = models.PositiveSmallIntegerField("Versuche", default=0)
    claim = models.UUIDField("in Arbeit bei", null=True, blank=True, editable=False)
    claim_ends_at = models.DateTimeField("in Arbeit bis", null=True, blank=True)
    sent_at = models.DateTimeField("versandt am", null=True, blank=True)
    error = models.CharField("letzter Fehler", max_length=200, blank=True)
    is_about_account = models.BooleanField("betrifft das eigene Konto", default=False)
    ends_at = models.DateTimeField("gilt bis", null=True, blank=True)

    class Meta:
        verbose_name = "E-Mail"
        verbose_name_plural = "E-Mails"
        ordering = ["pk"]
        indexes = [
            models.Index(fields=["next_try_at"], name="mail_queued", condition=Q(state="queued")),
            models.Index(fields=["to"], name="mail_refused", condition=Q(state="refused")),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(state="sent", sent_at__isnull=False) | (~Q(state="sent") & Q(sent_at__isnull=True)),
                name="mail_sent_at_when_sent",
            )
        ]

    class PersonalData:
        erase = ()
        keep = (
            "message_id",
            "to",
            "address",
            "subject",
            "text",
            "state",
            "created_at",
            "next_try_at",
            "attempts",
            "claim",
            "claim_ends_at",
            "sent_at",
            "error",
            "is_about_account",
            "ends_at",
        )

    def __str__(self):
        return f"{self.get_state_display()}: {self.subject}"


class NoticeQuerySet(models.QuerySet["Notice"]):
    def told(self) -> Self:
        """What was told, without the steps that were passed over."""
        return self.filter(was_skipped=False)

    def unread(self) -> Self:
        """Told, not yet read, and still to be done."""
        return self.told().filter(
            read_at__isnull=True,
            deadline__met_on__isnull=True,
            deadline__cancelled_on__isnull=True,
            assignment__done_on__isnull=True,
            assignment__cancelled_on__isnull=True,
        )

    def to_mail(self) -> Self:
        return self.filter(mailing=Notice.Mailing.WAITING)


class Notice(models.Model):
    """Somebody is told once about one step of one deadline as it stood then (`due_on`), or that they are asked.

    What is asked stands in `assignment`, told once to each person and once more for each `change` of its date, counted
    from 1, with the date that held before; its `due_on` is None where there is no date.

    `in_place_of` is the absent person for whom the recipient stands in. `own_level`: the deadline lies in the
    recipient's own hands (or in those of the absent person), it was not raised to them.
    """

    class Mailing(models.TextChoices):
        WAITING = "waiting", "wartet"
        MAILED = "mailed", "in einer E-Mail"
        NONE = "none", "keine E-Mail"

    deadline = models.ForeignKey(
        Deadline, verbose_name="Frist", null=True, blank=True, on_delete=models.CASCADE, related_name="notices"
    )
    assignment = models.ForeignKey(
        Assignment, verbose_name="Auftrag", null=True, blank=True, on_delete=models.CASCADE, related_name="notices"
    )
    office = models.ForeignKey(Office, verbose_name="Dienststelle", on_delete=models.PROTECT, related_name="+")
    due_on = models.DateField("fällig am", null=True, blank=True)
    step = models.SmallIntegerField("Arbeitstage vom Tag der Fälligkeit", default=0)
    change = models.PositiveSmallIntegerField("Änderung des Datums", default=0)
    formerly_on = models.DateField("vorher fällig am", null=True, blank=True)
    urgency = models.CharField("Dringlichkeit", max_length=8, choices=[(u.value, u.label) for u in Urgency])
    recipient = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="für", on_delete=models.PROTECT, related_name="notices"
    )
    in_place_of = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="in Vertretung von",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    own_level = models.BooleanField("in eigener Hand", default=True)
    was_skipped = models.BooleanField("übersprungen", default=False)
    created_at = models.DateTimeField("mitgeteilt am")
    read_at = models.DateTimeField("gelesen am", null=True, blank=True)
    mailing = models.CharField("Versand", max_length=8, choices=Mailing, default=Mailing.WAITING)
    mail = models.ForeignKey(
        Mail, verbose_name="E-Mail", null=True, blank=True, on_delete=models.SET_NULL, related_name="notices"
    )

    objects = NoticeQuerySet.as_manager()

    rests: bool  # whether its case rests, looked up by `notices.with_details`

    class Meta:
        verbose_name = "Mitteilung"
        verbose_name_plural = "Mitteilungen"
        ordering = ["-pk"]
        indexes = [
            models.Index(fields=["recipient", "-id"], name="notice_of_recipient", condition=Q(was_skipped=False)),
            models.Index(
                fields=["recipient"], name="notice_unread", condition=Q(read_at__isnull=True, was_skipped=False)
            ),
            models.Index(fields=["recipient"], name="notice_to_mail", condition=Q(mailing="waiting")),
        ]
        constraints = [
            models.UniqueConstraint(fields=["deadline", "due_on", "step", "recipient"], name="notice_once"),
            models.UniqueConstraint(fields=["assignment", "change", "recipient"], name="notice_asked_once"),
            models.CheckConstraint(
                condition=Q(deadline__isnull=False, assignment__isnull=True, due_on__isnull=False)
                | Q(deadline__isnull=True, assignment__isnull=False),
                name="notice_of_deadline_or_assignment",
            ),
            models.CheckConstraint(
                condition=Q(was_skipped=False) | ~Q(mailing="waiting"), name="skipped_notice_is_not_mailed"
            ),
            models.CheckConstraint(
                condition=Q(in_place_of__isnull=True) | ~Q(in_place_of=F("recipient")), name="notice_in_place_of_other"
            ),
        ]

    class PersonalData:
        erase = ()
        keep = (
            "deadline",
            "assignment",
            "office",
            "due_on",
            "step",
            "change",
            "formerly_on",
            "urgency",
            "recipient",
            "in_place_of",
            "own_level",
            "was_skipped",
            "created_at",
            "read_at",
            "mailing",
            "mail",
        )

    def __str__(self):
        return f"{self.about}: {self.get_urgency_display()}"

    @property
    def about(self) -> Deadline | Assignment:
        """What it tells of; both say whether it is open, until when, of which case and where it is done."""
        return self.deadline or self.assignment


class NoticeSettings(models.Model):
    """How a person wants notices by mail, and the secret address of the person's calendar; no row means defaults.

    Of the calendar's token only the SHA-256 is kept; the address is shown once.
    """

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, verbose_name="Person", on_delete=models.CASCADE, related_name="notice_settings"
    )
    mail = models.CharField(
        "E-Mail", max_length=8, choices=[(c.value, c.label) for c in MailChoice], default=MailChoice.AT_ONCE
    )
    last_digest_on = models.DateField("letzte Sammelmail", null=True, blank=True)
    calendar_hash = models.CharField("Prüfsumme der Kalenderadresse", max_length=64, unique=True, null=True, blank=True)
    calendar_made_at = models.DateTimeField("Kalenderadresse seit", null=True, blank=True)

    class Meta:
        verbose_name = "Einstellung der Mitteilungen"
        verbose_name_plural = "Einstellungen der Mitteilungen"

    class PersonalData:
        erase = ()
        keep = ("user", "mail", "last_digest_on", "calendar_hash", "calendar_made_at")

    def __str__(self):
        return f"{self.user}: {self.get_mail_display()}"


class Heartbeat(models.Model):
    """When a part of the background work last did its round: „sweep“, „mail“, „worker HOST“.

    The outbox also keeps here since when the mail server takes nothing, and that the alarm was raised.
    """

    name = models.CharField("Teil", max_length=120, unique=True)
    at = models.DateTimeField("zuletzt")

    class Meta:
        verbose_name = "Lebenszeichen"
        verbose_name_plural = "Lebenszeichen"
        ordering = ["name"]

    class PersonalData:
        erase = ()
        keep = ("name", "at")

    def __str__(self):
        return f"{self.name}: {self.at:%d.%m.%Y %H:%M}"
