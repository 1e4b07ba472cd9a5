"""The technical administration hurries mails that wait, and gives refused ones another try."""

from django.utils import timezone

from cases.deadlines.actions import watch
from cases.models import Deadline, Mail
from cases.outbox.reading import mails_of, tasks_of
from cases.recording import record
from cases.unit_of_work import action
from offices.errors import NotAllowed
from offices.queries import Actor
from offices.roles import Permission


@action
def try_again(*, by: Actor, mail: Mail) -> Mail:
    """Have the sender take up this mail in its next run; one that was refused goes to the person's present address.

    NotAllowed for mails of other offices, sent ones, and people whom no mail reaches any more.
    """
    current = mails_of(by).select_for_update(of=("self",), no_key=True).filter(pk=mail.pk).first()
    if current is None:
        raise NotAllowed("Diese E-Mail wartet nicht mehr.")
    changes = {"next_try_at": timezone.now()}
    if current.state == Mail.State.REFUSED:
        if current.is_about_account:
            raise NotAllowed("Was darin stand, gilt nicht mehr; bitte unter „Personen“ einen neuen Zugangslink senden.")
        if not (current.to.is_active and current.to.email):
            raise NotAllowed(f"{current.to} hat kein offenes Konto mit einer E-Mail-Adresse.")
        changes |= {"state": Mail.State.QUEUED, "address": current.to.email, "attempts": 0, "error": ""}
    Mail.objects.filter(pk=current.pk).update(**changes)
    office_ids = by.office_ids(Permission.READ_HEALTH) & set(current.to.memberships.values_list("office", flat=True))
    for office_id in sorted(office_ids):
        record("mail.again", by=by, permission=Permission.READ_HEALTH, office_id=office_id, mail=current.pk)
    return current


@action
def finish_task(*, by: Actor, deadline: Deadline) -> None:
    """Say that a task of the technical administration is done; NotAllowed for those of other offices and of others."""
    if not tasks_of(by).filter(pk=deadline.pk).exists():
        raise NotAllowed("Diese Aufgabe ist nicht (mehr) offen.")
    watch.done(by=by, deadline=deadline)


@action
def try_all_again(*, by: Actor) -> int:
    """The same for all that wait for a later try in the actor's offices; how many. NotAllowed where nothing waits."""
    now = timezone.now()
    waiting = mails_of(by).filter(state=Mail.State.QUEUED, next_try_at__gt=now).order_by("pk")
    found = waiting.select_for_update(of=("self",), no_key=True).values_list("pk", flat=True)
    count = Mail.objects.filter(pk__in=list(found)).update(next_try_at=now)
    if not count:
        raise NotAllowed("Keine E-Mail wartet auf einen späteren Versuch.")
    for office_id in sorted(by.office_ids(Permission.READ_HEALTH)):
        record("mail.all_again", by=by, permission=Permission.READ_HEALTH, office_id=office_id, mails=count)
    return count
