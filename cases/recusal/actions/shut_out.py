"""A complaint against the Geschäftsführung locks out who leads the house, the moment it is known (PAN-7, B4-8)."""

from guardian.shortcuts import remove_perm

from cases.apart import leads_the_house, near_management, why_nobody_reaches
from cases.asking import take_back, withdraw_on_transfer
from cases.models import Case
from cases.recording import move, record, refresh_next_due
from cases.recusal.actions.fallen import let_fall, tell_the_desk
from cases.rules.lifecycle import Status, Step
from cases.rules.triage import Reason
from offices.errors import NotAllowed
from offices.models import User
from offices.queries import Actor
from offices.roles import Permission

SINGLE = "read_single_case"
BACK_TO_THE_DESK = {
    Status.WITH_UNIT: Step.RETURN_TO_KRM,
    Status.WITH_MANAGEMENT: Step.RETURN_DIRECTIVE,
    Status.IN_SIGNATURE: Step.RETURN_LETTER,
}


def follow_names(case: Case, *, by: Actor, permission: Permission) -> None:
    """Shut the leaders of the house out, or let them in again, as the people named on a locked case say; not saved.

    A Geschäftsführung that left after the Eingang still counts. What was handed to its Dienstherr stays apart.
    NotAllowed where nobody of the KRM would reach the case then.
    """
    named = case.complained_about.exclude(user=None).values_list("user", flat=True)
    against = leads_the_house(case.office_id, named, case.received_on, by.today)
    against = against or case.transfers.filter(reason=Reason.AGAINST_MANAGEMENT).exists()
    if against and not case.against_management:
        shut_out(case, by=by, permission=permission)
    elif against:
        _check_somebody_reaches(case, by)
    elif case.against_management and not against:
        case.against_management = False
        record("case.management_let_in", by=by, permission=permission, office_id=case.office_id, case=case)


def shut_out(case: Case, *, by: Actor, permission: Permission) -> None:
    """From now on nobody near the Geschäftsführung reaches the locked case, which lies with the KRM again; not saved.

    Their grants and Wiedervorlagen end, what was asked of them is taken back; what they signed, wrote or approved
    falls, and what waited for a signature is a draft again. NotAllowed where nobody else has access to a sealed case,
    or nobody of the KRM to another one.
    """
    case.against_management = True
    _check_somebody_reaches(case, by)
    barred = near_management(case, by.today)
    withdraw_grants(case, barred)
    fell = let_fall(case, barred, by=by, all_submitted=True)
    withdraw_tasks(case, barred, by=by)
    case.directives.filter(issued_at__isnull=True).update(presented_at=None, presented_by=None)
    if case.responsible_id in barred:
        case.responsible = None
    if case.handler_id in barred or case.status == Status.WITH_UNIT:
        case.handler = None
    if step := BACK_TO_THE_DESK.get(Status(case.status)):
        move(case, step, by=by)
    refresh_next_due(case)
    record("case.management_shut_out", by=by, permission=permission, office_id=case.office_id, case=case)
    if fell:
        tell_the_desk(case, by=by)


def _check_somebody_reaches(case: Case, by: Actor) -> None:
    if reason := why_nobody_reaches(case, by.today):
        raise NotAllowed(reason)


def withdraw_grants(case: Case, people: frozenset[int]) -> None:
    """End the single access of these people; NotAllowed where a sealed case would be left to nobody."""
    granted = {grant.user_id for grant in case.caseusergrant_set.all()}
    if case.is_sealed and granted and granted <= people:
        raise NotAllowed("Auf den geschützten Vorgang hat sonst niemand Zugriff; bitte zuerst jemand anderen benennen.")
    for user in User.objects.filter(pk__in=granted & people):
        remove_perm(SINGLE, user, case)


def withdraw_tasks(case: Case, people: frozenset[int], *, by: Actor) -> None:
    """What these people were asked to do or to look at again is no longer theirs."""
    take_back(case, by=by, user__in=people)
    case.assignments.open().filter(pass_to__in=people).update(pass_to=None)
    for transfer in case.transfers.order_by("pk"):
        withdraw_on_transfer(transfer, people, by=by)
    case.deadlines.open().filter(assignee__in=people).in_new_hands(assignee=None)
