"""Saying why the work of somebody who stays is handed on, so that it is listed for a time and the person knows."""

from datetime import timedelta

from cases.administration.actions.accounts import write_to
from cases.leaving.actions.hand_on import check_belongs
from cases.leaving.reading.occasion import reason_in_force, why_not_listed
from cases.models import HandOnReason
from cases.permissions import check_may_in
from cases.recording import record
from cases.unit_of_work import action
from offices.actions import save_checked
from offices.errors import NotAllowed
from offices.models import Office, User
from offices.queries import Actor
from offices.roles import Permission

NO_REASON_TO_HAND_ON = "Bitte angeben, warum die Arbeit übergeben wird."
HOLDS_FOR = timedelta(days=14)
SUBJECT = "KRM: Ihre offene Arbeit soll übergeben werden"


@action
def give_reason(*, by: Actor, office: Office, leaver: User, reason: str) -> HandOnReason | None:
    """Open the list of somebody's work for all who may hand it on, today and 14 calendar days more.

    The person is told at once by mail, with the reason and who gave it; nobody of their own. Where the list is open
    already nothing is written or told again. NotAllowed without a reason, for somebody of another house, and for
    somebody without an address, who would not hear of it.
    """
    check_may_in(by, Permission.HAND_ON, office.pk)
    User.objects.select_for_update(no_key=True).get(pk=leaver.pk)
    check_belongs(office, leaver)
    if why_not_listed(office, leaver, by.today) is None:
        return reason_in_force(office, leaver, by.today)
    if not reason.strip():
        raise NotAllowed(NO_REASON_TO_HAND_ON, "reason")
    if not leaver.email and leaver.pk != by.user_id:
        raise NotAllowed(
            f"{leaver} hat keine E-Mail-Adresse und würde den Grund nicht erfahren; bitte die Administration, sie "
            "einzutragen.",
            "reason",
        )
    given = HandOnReason(
        office=office,
        leaver=leaver,
        reason=reason.strip(),
        given_on=by.today,
        given_by=by.user,
        until_on=by.today + HOLDS_FOR,
    )
    save_checked(given)
    if leaver.pk != by.user_id:
        write_to(person=leaver, subject=SUBJECT, template="emails/hand_on_reason.txt", context={"given": given})
    record(
        "person.hand_on_reason",
        by=by,
        permission=Permission.HAND_ON,
        office_id=office.pk,
        user=leaver.pk,
        reason=given.pk,
        until_on=given.until_on.isoformat(),
    )
    return given
