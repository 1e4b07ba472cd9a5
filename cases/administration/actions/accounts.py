"""How people come to their password: a one-time link, a password of their own, and what they are told of it.

The administration never knows a password. Where the person has an address the link goes there and nobody else sees it;
without one it is handed over on paper. What is mailed about an account is erased once it is sent.
"""

from datetime import timedelta

from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone

from cases.access_links import LINKS, path_for
from cases.models import Mail, NoticeSettings
from cases.notices.reading.mail import full_address
from cases.recording import record
from cases.unit_of_work import action
from offices.errors import NotAllowed
from offices.models import Membership, User
from offices.queries import Actor
from offices.roles import Permission

NO_LONGER = "Dieser Link gilt nicht mehr. Bitte lassen Sie sich einen neuen geben."
WRONG = "Das bisherige Passwort stimmt nicht."


def make_link(*, by: Actor, person: User, office_ids: list[int], is_shown: bool = False) -> str:
    """Let `person` choose a password anew; the link itself where they have no address, else nothing and it is mailed.

    `is_shown`: it is handed over in any case, where nothing can be mailed yet.
    The password until now, every link made before, all sessions and the secret address of the person's calendar end
    at once. Whether `by` may do this is the business of the caller; call inside an action.
    """
    person = User.objects.select_for_update(no_key=True).get(pk=person.pk)
    if not person.is_active:
        raise NotAllowed("Das Konto ist geschlossen; bitte zuerst öffnen.")
    is_new = not person.has_usable_password()
    person.set_unusable_password()
    person.save(update_fields=["password"])
    drop_links(person)
    had_calendar = end_calendar_address(person)
    for office_id in office_ids:
        record("person.link_made", by=by, permission=Permission.CHANGE_PEOPLE, office_id=office_id, user=person.pk)
    link = full_address(path_for(person))
    if is_shown or not person.email:
        return link
    now = timezone.now()
    ends_at = now + timedelta(seconds=settings.PASSWORD_RESET_TIMEOUT)
    subject = "KRM: Ihr Zugang" if is_new else "KRM: Ihr Passwort wurde zurückgesetzt"
    context = {"person": person, "link": link, "ends_at": ends_at, "is_new": is_new, "had_calendar": had_calendar}
    _mail(person, person.email, subject, "emails/access_link.txt", context, ends_at=ends_at)
    return ""


@action
def use_link(*, by: Actor, token: str, password: str) -> None:
    """The person of a link chooses a password; NotAllowed where the link was used meanwhile or the password is weak."""
    person = User.objects.select_for_update(no_key=True).get(pk=by.user_id)
    if not LINKS.check_token(person, token):
        raise NotAllowed(NO_LONGER)
    _set(person, password, by=by, code="person.password_set")


@action
def change_password(*, by: Actor, old: str, new: str) -> User:
    """Somebody changes their own password, knowing the one until now; their other sessions end.

    The address of their calendar is a secret of its own and stays; the mail says so and how to end it.
    """
    person = User.objects.select_for_update(no_key=True).get(pk=by.user_id)
    if not person.check_password(old):
        raise NotAllowed(WRONG, field="old_password")
    _set(person, new, by=by, code="person.password_changed")
    return person


def end_calendar_address(person: User) -> bool:
    """The secret address of somebody's calendar holds no longer; whether there was one."""
    address = NoticeSettings.objects.filter(user=person, calendar_hash__isnull=False)
    return bool(address.update(calendar_hash=None, calendar_made_at=None))


def drop_links(person: User) -> None:
    """Links that wait to be mailed hold no longer and go nowhere. Call inside an action."""
    waiting = Mail.objects.filter(to=person, state=Mail.State.QUEUED, ends_at__isnull=False)
    waiting.update(state=Mail.State.DROPPED, text="", claim=None, claim_ends_at=None)


def tell_of_new_address(*, person: User, old_address: str) -> None:
    """Whoever had this address hears that mail about the account goes elsewhere now. Call inside an action."""
    _mail(person, old_address, "KRM: Ihre E-Mail-Adresse wurde geändert", "emails/address_changed.txt", {})


def write_to(*, person: User, subject: str, template: str, context: dict) -> None:
    """Mail about somebody's own seats or account, at once; nothing without an address. Call inside an action."""
    if person.email:
        _mail(person, person.email, subject, template, context)


def _set(person: User, password: str, *, by: Actor, code: str) -> None:
    try:
        validate_password(password, person)
    except ValidationError as error:
        raise NotAllowed(" ".join(error.messages)) from error
    person.set_password(password)
    person.save(update_fields=["password"])
    seats = Membership.objects.filter(Q(until_on__isnull=True) | Q(until_on__gte=by.today), user=person)
    for office_id in sorted(set(seats.values_list("office_id", flat=True))):
        record(code, by=by, office_id=office_id, user=person.pk)
    if person.email:
        _mail(
            person, person.email, "KRM: Ihr Passwort wurde geändert", "emails/password_changed.txt", _calendar(person)
        )


def _calendar(person: User) -> dict:
    """For the mail: whether an address of the calendar goes on, and where it is ended."""
    goes_on = NoticeSettings.objects.filter(user=person, calendar_hash__isnull=False).exists()
    return {"has_calendar": goes_on, "choice": full_address(reverse("cases:notice_settings"))}


def _mail(person: User, address: str, subject: str, template: str, context: dict, **fields) -> None:
    now = timezone.now()
    text = render_to_string(template, context | {"now": now})
    Mail.objects.create(
        to=person,
        address=address,
        subject=subject,
        text=text,
        is_about_account=True,
        created_at=now,
        next_try_at=now,
        **fields,
    )
