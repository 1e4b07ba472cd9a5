"""The outbox: sends queued mails until the mail server has taken each, and says so when it cannot.

A mail is claimed for a while, sent outside of any transaction, and marked by whoever still holds the claim. If the
sender dies, somebody else sends the mail again under the same Message-ID. While the server takes nothing all mails
wait together, longer each time, and one alarm is raised; a refused address becomes a task for the technical
administration.
"""

import logging
import smtplib
import time
import uuid
from collections import defaultdict
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from email.utils import parseaddr
from random import SystemRandom

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.mail import EmailMessage, get_connection
from django.core.validators import validate_email
from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.urls import reverse
from django.utils import timezone

from cases.deadlines.actions import watch
from cases.models import Deadline, Heartbeat, Mail, Notice
from cases.notices.reading.office_hours import work_begins
from cases.outbox.actions.heartbeat import beat
from cases.outbox.actions.mailing import MATTERS, still_true, worded
from cases.rules.delivery import Fault, fault_of, is_put_off_for_good, name_of, pause, pause_of_outage
from cases.unit_of_work import action
from offices.models import Office, User
from offices.queries import Actor, memberships_on
from offices.roles import Role
from offices.rules.values import ONE_S_OWN

log = logging.getLogger(__name__)

LONGEST_RUN = timedelta(minutes=2)  # the next run goes on
LEAST_OF_PAUSE = 0.75  # a pause is this part of itself or more, so that senders do not all come back at once
ALARM = "E-Mail-Versand gestört"
REFUSED = "Dienstliche E-Mail-Adresse wird abgewiesen"
OF_SERVER = "Mailserver: "  # how `error` begins where a mail waits for the server, not for itself

# Signs of life: the last run, the last mail that was taken; while nothing is taken also since when, and its alarm
RAN, DELIVERED, FAILING, ALARMED = "mail", "delivery", "outage", "outage alarm"


@dataclass(frozen=True)
class SendReport:
    """What became of the mails of a run; `delayed` also counts those that wait because the server takes nothing,
    `dropped` are those that had nothing to tell any more.
    """

    sent: int = 0
    delayed: int = 0
    refused: int = 0
    dropped: int = 0


def send_due(now: datetime, *, limit: int = 1000) -> SendReport:
    """Send what is due at `now` (aware), at most `limit` mails and two minutes long; several may run at once."""
    _hold_till_work(now)
    run = Run(now)
    try:
        while run.goes_on(limit) and (mail := _claim_next(run.moment())):
            run.take(mail)
    finally:
        run.end()
    beat(RAN, run.moment())
    return SendReport(run.sent, run.delayed, run.refused, run.dropped)


def message_of(mail: Mail) -> EmailMessage:
    """The mail as it is sent; its Message-ID is always the same."""
    domain = parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2]
    headers = {"Message-ID": f"<{mail.message_id}@{domain}>", "Auto-Submitted": "auto-generated"}
    subject = " ".join(mail.subject.split())
    return EmailMessage(subject, mail.text, settings.DEFAULT_FROM_EMAIL, [mail.address], headers=headers)


def address_changed(*, by: Actor, person: User) -> None:
    """What waits for this person goes to the new address; what the old one refused goes out once more if it is open.

    The task about the refused address is done. Nothing happens where there is no address now. Call inside
    a transaction.
    """
    if not person.email:
        return
    mails = Mail.objects.filter(to=person)
    mails.filter(state=Mail.State.QUEUED, is_about_account=False).update(address=person.email)
    refused = mails.filter(state=Mail.State.REFUSED, notices__in=Notice.objects.unread())
    Mail.objects.filter(pk__in=refused.values("pk")).update(
        state=Mail.State.QUEUED, address=person.email, next_try_at=timezone.now(), attempts=0, error=""
    )
    for deadline in _open_tasks(REFUSED).filter(path=_page_of(person.pk)):
        watch.done(by=by, deadline=deadline)


class Run:
    """One run of a sender, with one connection to the mail server as long as that holds."""

    def __init__(self, now: datetime) -> None:
        self.began_at, self.clock = now, time.monotonic()
        self.connection = get_connection()
        self.carried = 0  # mails over this connection
        self.sent = self.delayed = self.refused = self.dropped = 0
        self.server_takes_nothing = False

    def moment(self) -> datetime:
        """`now` of the run and what has passed since: a claim must not begin in the past."""
        return self.began_at + timedelta(seconds=time.monotonic() - self.clock)

    def goes_on(self, limit: int) -> bool:
        in_time = self.moment() - self.began_at < LONGEST_RUN
        return not self.server_takes_nothing and in_time and self.sent + self.delayed + self.refused < limit

    def take(self, mail: Mail) -> None:
        """Send a claimed mail, or put it back with the reason."""
        today = timezone.localtime(self.moment()).date()
        notices = list(mail.notices.select_related(*MATTERS))
        true = still_true(mail.to, notices, today) if notices else []
        if not _still_tells(mail, notices, true, self.moment()):
            self.dropped += _settle(mail, state=Mail.State.DROPPED, error="")
            log.info("E-Mail %s entfällt: Nichts, wovon sie spricht, steht noch aus.", mail.pk)
            return
        if any(notice.about.is_open and notice.due_on != notice.about.due_on for notice in notices):
            _say_anew(mail, true, today)
        if not _is_address(mail.address):
            self.refuse(mail, "keine gültige Adresse")
            return
        try:
            self.send(mail)
        except Exception as error:  # noqa: BLE001 - whatever stops one mail must not stop the others
            self.put_back(mail, error)
        else:
            self.mark_sent(mail)

    def send(self, mail: Mail) -> None:
        """Hand it to the server; a server may close a connection that has carried some mails, then a new one is made.

        Raises what smtplib raises.
        """
        self.connection.open()
        try:
            self.connection.send_messages([message_of(mail)])
        except smtplib.SMTPServerDisconnected:
            if not self.carried:
                raise
            self.hang_up()
            self.connection.open()
            self.connection.send_messages([message_of(mail)])
        self.carried += 1

    def mark_sent(self, mail: Mail) -> None:
        moment = self.moment()
        if not _settle(mail, state=Mail.State.SENT, sent_at=moment, error=""):
            log.warning("E-Mail %s ging hinaus, als ihre Zeit um war; sie kann doppelt ankommen.", mail.pk)
        if not self.sent:
            beat(DELIVERED, moment)
            _server_works(moment)
        self.sent += 1

    def put_back(self, mail: Mail, error: Exception) -> None:
        fault, moment = fault_of(error), self.moment()
        if _is_of_address(mail, error, moment):
            _server_works(moment)  # it answers, and speaks of this address alone
            self.refuse(mail, name_of(error))
        elif fault == Fault.SERVER:
            self.wait_for_server(mail, name_of(error), moment)
        else:
            if not isinstance(error, OSError):
                log.exception("E-Mail %s ließ sich nicht senden.", mail.pk)
            self.delayed += 1
            _settle(mail, next_try_at=moment + _spread(pause(mail.attempts, *_pauses())), error=name_of(error))
            if not self.sent and not _delivered_since(mail.created_at):
                _failing_since(moment)

    # transaction: counts in itself what it did, which a second try would count twice
    @transaction.atomic
    def refuse(self, mail: Mail, reason: str) -> None:
        """Nobody is reached there. Where the person has another address by now, the mail goes there.

        What is about the account itself goes nowhere but where it was meant to.
        """
        person, moment = User.objects.select_for_update(no_key=True).get(pk=mail.to_id), self.moment()
        if person.email not in ("", mail.address) and not mail.is_about_account:
            self.delayed += 1
            _settle(mail, address=person.email, next_try_at=moment)
            return
        if mail.is_about_account and person.email != mail.address:
            self.dropped += _settle(mail, state=Mail.State.DROPPED, error=reason)
            return
        self.refused += 1
        if _settle(mail, state=Mail.State.REFUSED, error=reason):
            _have_address_corrected(person, mail, moment)
        log.warning("E-Mail %s ist abgewiesen: %s.", mail.pk, reason)

    # transaction: counts in itself what it did, which a second try would count twice
    @transaction.atomic
    def wait_for_server(self, mail: Mail, reason: str, moment: datetime) -> None:
        """Nothing goes now: all mails wait, longer the longer it lasts."""
        self.server_takes_nothing = True
        since = _failing_since(moment)
        next_try_at = moment + _spread(pause_of_outage(moment - since, *_pauses()))
        _settle(mail, next_try_at=next_try_at, error=OF_SERVER + reason)
        others = (
            _free(moment)
            .filter(next_try_at__lt=next_try_at)
            .select_for_update(skip_locked=True, no_key=True)
            .values("pk")
        )
        held = Mail.objects.filter(pk__in=others).update(next_try_at=next_try_at, error=OF_SERVER + reason)
        self.delayed += 1 + held
        log.warning("Der Mailserver nimmt nichts an: %s. Es warten %d E-Mails.", reason, self.delayed)

    def hang_up(self) -> None:
        """Every mail is decided by now, so how the server takes the goodbye does not matter."""
        with suppress(OSError):
            self.connection.close()
        self.carried = 0

    def end(self) -> None:
        self.hang_up()
        if self.sent:
            beat(DELIVERED, self.moment())


def _claim_next(moment: datetime) -> Mail | None:
    """The longest due mail, claimed by us; None when nothing is due. Committed before anything is sent."""
    claim = uuid.uuid4()
    until = moment + timedelta(seconds=settings.MAIL_LEASE_SECONDS)
    while True:
        # transaction: has to be committed before the mail goes, so it is never a part of another
        with transaction.atomic(durable=True):
            due = _free(moment).filter(next_try_at__lte=moment).order_by("next_try_at", "pk")
            pk = due.select_for_update(skip_locked=True, no_key=True).values_list("pk", flat=True).first()
            if pk is None:
                return None
            if due.filter(pk=pk).update(claim=claim, claim_ends_at=until, attempts=F("attempts") + 1):
                return Mail.objects.get(pk=pk)


def _hold_till_work(now: datetime) -> None:
    """What fell due while no office of its notices is at work waits until the first of them is."""
    due = _free(now).filter(next_try_at__lte=now).order_by()
    offices = Office.objects.filter(pk__in=Notice.objects.filter(mail__in=due).values("office")).order_by("pk")
    begins = work_begins(offices, now)
    if not any(begins_at > now for begins_at in begins.values()):
        return
    till = defaultdict(list)
    for mail_id, office_ids in _offices_of(due).items():
        till[min(begins[pk] for pk in office_ids)].append(mail_id)
    for begins_at, mail_ids in till.items():
        if begins_at > now:
            _free(now).filter(pk__in=mail_ids).update(next_try_at=begins_at)


def _offices_of(mails: QuerySet[Mail]) -> dict[int, set[int]]:
    found = defaultdict(set)
    for mail_id, office_id in Notice.objects.filter(mail__in=mails).order_by().values_list("mail", "office"):
        found[mail_id].add(office_id)
    return found


def _still_tells(mail: Mail, notices: Sequence[Notice], true: Sequence[Notice], moment: datetime) -> bool:
    """Whether anything it tells of is still to be done; a mail about nothing in particular always goes.

    One about an account is told as long as that is open and a link in it holds.
    """
    if mail.is_about_account:
        return mail.to.is_active and (mail.ends_at is None or moment < mail.ends_at)
    return bool(true) or not notices


def _say_anew(mail: Mail, true: Sequence[Notice], today: date) -> None:
    """A date in it was moved since: it goes out without that; the new date is told by a mail of its own."""
    words = worded(true, today)
    Mail.objects.filter(pk=mail.pk, claim=mail.claim).update(**words)
    mail.subject, mail.text = words["subject"], words["text"]


def _free(moment: datetime) -> QuerySet[Mail]:
    """Queued mails that nobody is sending at `moment`."""
    nobody = Q(claim__isnull=True) | Q(claim_ends_at__lte=moment)
    return Mail.objects.filter(nobody, state=Mail.State.QUEUED)


def _settle(mail: Mail, **changes) -> bool:
    """Write what became of a claimed mail and let go of it; False where somebody else has claimed it since.

    With its end the text of a mail about an account is erased: a link in it is nobody's to find later.
    """
    if mail.is_about_account and "state" in changes:
        changes["text"] = ""
    held = Mail.objects.filter(pk=mail.pk, claim=mail.claim, state=Mail.State.QUEUED)
    return bool(held.update(claim=None, claim_ends_at=None, **changes))


def _is_address(text: str) -> bool:
    try:
        validate_email(text)
    except ValidationError:
        return False
    return True


def _pauses() -> tuple[timedelta, timedelta]:
    return tuple(timedelta(seconds=seconds) for seconds in settings.MAIL_PAUSE_SECONDS)


def _spread(length: timedelta) -> timedelta:
    return length * SystemRandom().uniform(LEAST_OF_PAUSE, 1)


# What is known of the server


def _delivered_since(moment: datetime) -> bool:
    return Heartbeat.objects.filter(name=DELIVERED, at__gt=moment).exists()


def _is_of_address(mail: Mail, error: Exception, moment: datetime) -> bool:
    """Whether only this address is at fault, so that somebody has to correct it."""
    fault = fault_of(error)
    if fault == Fault.UNCLEAR and _others_got_through(mail, moment):
        return True
    return fault == Fault.ADDRESS or (fault == Fault.LATER and _is_put_off_for_good(mail, error, moment))


def _others_got_through(mail: Mail, moment: datetime) -> bool:
    """Whether the server took another mail between two refusals of this one: then it is not the server."""
    if mail.attempts < 2:
        return False
    return _delivered_since(moment - LEAST_OF_PAUSE * pause(mail.attempts - 1, *_pauses()))


def _is_put_off_for_good(mail: Mail, error: Exception, moment: datetime) -> bool:
    """Whether this mailbox takes nothing, day after day, while others do; not right after an outage of the server."""
    waited_for_server = mail.error.startswith(OF_SERVER)
    others_do = _delivered_since(moment - timedelta(days=1))
    return not waited_for_server and others_do and is_put_off_for_good(error, mail.attempts, moment - mail.created_at)


def _failing_since(moment: datetime) -> datetime:
    """Since when nothing is taken; raises the alarm once it has lasted long enough."""
    failing, _ = Heartbeat.objects.get_or_create(name=FAILING, defaults={"at": moment})
    if moment - failing.at >= timedelta(seconds=settings.MAIL_ALARM_SECONDS):
        _raise_alarm(failing.at, moment)
    return failing.at


@action
def _server_works(moment: datetime) -> None:
    """The server answers again: what waited for it is due now, and the alarm is over."""
    ended, _ = Heartbeat.objects.filter(name__in=[FAILING, ALARMED]).delete()
    if not ended:
        return
    held = Mail.objects.filter(state=Mail.State.QUEUED, claim__isnull=True, error__startswith=OF_SERVER)
    locked = held.filter(next_try_at__gt=moment).select_for_update(skip_locked=True, no_key=True).values("pk")
    Mail.objects.filter(pk__in=locked).update(next_try_at=moment)
    for deadline in _open_tasks(ALARM):
        watch.done(by=_nobody(moment), deadline=deadline)
    log.info("Der Mailserver nimmt wieder E-Mails an.")


@action
def _raise_alarm(since: datetime, moment: datetime) -> None:
    """Tell the technical administration, once for each outage."""
    _, is_new = Heartbeat.objects.get_or_create(name=ALARMED, defaults={"at": moment})
    if not is_new:
        return
    log.error("Der Mailserver nimmt seit %s nichts an.", since.isoformat(timespec="minutes"))
    by = _nobody(moment)
    for office in _offices_to_alarm(by):
        watch.watch(
            by=by,
            office=office,
            label=ALARM,
            subject=f"keine E-Mail geht hinaus seit {timezone.localtime(since):%d.%m.%Y, %H:%M} Uhr",
            due_on=by.today,
            role=Role.SYSADMIN,
            steps=ONE_S_OWN,
        )


def _offices_to_alarm(by: Actor) -> list[Office]:
    """As few offices as tell every technical administrator: who keeps several is told in one of them."""
    administrators: dict[int, set[int]] = defaultdict(set)
    seats = memberships_on(by.today).filter(role=Role.SYSADMIN, user__is_active=True)
    for office_id, user_id in seats.values_list("office", "user"):
        administrators[office_id].add(user_id)
    told: set[int] = set()
    chosen = []
    for office_id in sorted(administrators, key=lambda pk: (-len(administrators[pk]), pk)):
        if not administrators[office_id] <= told:
            chosen.append(office_id)
            told |= administrators[office_id]
    return list(Office.objects.filter(pk__in=chosen).order_by("pk"))


# What is known of an address


def _have_address_corrected(person: User, mail: Mail, moment: datetime) -> None:
    """A task for the technical administration of the person's office, unless there is one; the person is locked."""
    by, path = _nobody(moment), _page_of(person.pk)
    if _open_tasks(REFUSED).filter(path=path).exists():
        return
    office = _office_of(person, mail, by)
    if office is None:
        log.error("Für die abgewiesene Adresse von Person Nr. %s ist keine Dienststelle zuständig.", person.pk)
        return
    watch.watch(
        by=by,
        office=office,
        label=REFUSED,
        subject=f"Person Nr. {person.pk}",
        due_on=by.today,
        path=path,
        role=Role.SYSADMIN,
        steps=ONE_S_OWN,
    )


def _office_of(person: User, mail: Mail, by: Actor) -> Office | None:
    """Where somebody keeps this account: an office of the person with a technical administration comes first."""
    seats = memberships_on(by.today)
    own = seats.filter(user=person).order_by("from_on", "pk").values_list("office", flat=True)
    of_notices = mail.notices.order_by("pk").values_list("office", flat=True)
    candidates = [*own, *of_notices]
    kept = set(seats.filter(role=Role.SYSADMIN, office__in=candidates).values_list("office", flat=True))
    chosen = next((pk for pk in candidates if pk in kept), next(iter(candidates), None))
    return Office.objects.filter(pk=chosen).first()


def _open_tasks(label: str) -> QuerySet[Deadline]:
    return Deadline.objects.open().filter(kind=Deadline.Kind.OTHER, role=Role.SYSADMIN, task=label)


def _page_of(person_id: int) -> str:
    return reverse("cases:person", args=[person_id])


def _nobody(moment: datetime) -> Actor:
    """KRM itself, on the day of the moment."""
    return Actor(user=None, today=timezone.localtime(moment).date())
