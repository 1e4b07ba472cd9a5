"""What falls when people are kept out of a case from now on: what they signed, wrote or approved for it (B4-8, PAN-7).

Called by actions on a case they have locked and save. What has left the house, and former rounds, stay as they are.
"""

from collections.abc import Collection

from django.db.models import Q
from django.utils import timezone

from cases.asking import ask
from cases.models import Assignment, Case, Letter, Signature, Statement, Transfer
from cases.permissions import why_not_ask
from cases.rules.assignments import AssignmentKind
from cases.signing.actions import back_to_draft
from cases.statements.actions.asking import tell, withdraw
from offices.models import User
from offices.queries import Actor, memberships_on
from offices.roles import Role

BARRED = "signature.barred"
TO_CHECK = "Zeichnungen oder Stellungnahmen gelten nicht mehr: bitte im Verlauf nachsehen"


def let_fall(case: Case, people: Collection[int], *, by: Actor, all_submitted: bool = False) -> bool:
    """Make drafts of the unsent letters these people took part in, and withdraw such statements; whether there were.

    `people` are ids of users. Their own signature counts as much as one in their place. With `all_submitted` every
    letter that waits for a signature is a draft again, whoever was asked.
    """
    of_it = Q(case=case) | Q(transfer__case=case)
    letters = list(_letters(people, all_submitted).filter(of_it))
    for letter in letters:
        if letter.case_id:
            letter.case = case
        back_to_draft(letter, by, voided=BARRED)
    statements = list(_statements(case, people))
    for statement in statements:
        statement.case = case
        _withdraw(statement, by)
    return bool(letters or statements)


def let_fall_on_transfer(transfer: Transfer, people: Collection[int], *, by: Actor) -> None:
    """The same for the unsent letters of an Abgabe that is locked."""
    for letter in _letters(people, all_submitted=False).filter(transfer=transfer):
        back_to_draft(letter, by, voided=BARRED)


def tell_the_desk(case: Case, *, by: Actor) -> None:
    """Whoever works on it at the KRM is asked to look what has to be signed or asked again.

    Where nobody does, everybody there, unless `by` is one of them: the page says it to who acts.
    """
    seats = memberships_on(by.today).filter(office=case.office_id, role=Role.KRM_OFFICER)
    desk = list(User.objects.filter(pk__in=seats.values("user")).order_by("pk"))
    told = [user for user in desk if user.pk == case.handler_id] or ([] if by.user in desk else desk)
    for user in told:
        if user.pk != by.user_id and why_not_ask(case, user, by.today) is None:
            ask(case, AssignmentKind.CHECK_AGAIN, user, by=by, task=TO_CHECK)


def _letters(people: Collection[int], all_submitted: bool):
    theirs = Q(pk__in=_signed_by(people).values("letter"))
    asked = Assignment.objects.open().filter(
        kind__in=(AssignmentKind.AGREE_LETTER, AssignmentKind.SIGN_LETTER), user__in=people, letter__isnull=False
    )
    theirs |= Q(pk__in=asked.values("letter")) | Q(drafted_by__in=people)
    if all_submitted:
        theirs |= Q(issued_at__isnull=True)
    begun = Q(issued_at__isnull=False) | Q(submitted_at__isnull=False)
    return Letter.objects.filter(begun, theirs, sent_on__isnull=True)


def _statements(case: Case, people: Collection[int]):
    theirs = Q(stations__user__in=people) | Q(authors__in=people) | Q(approved_by__in=people)
    theirs |= Q(pk__in=_signed_by(people).values("statement"))
    return case.statements.filter(theirs, round=case.round, withdrawn_on__isnull=True).distinct()


def _signed_by(people: Collection[int]):
    return Signature.objects.valid().filter(Q(by__in=people) | Q(for_user__in=people))


def _withdraw(statement: Statement, by: Actor) -> None:
    """An approved one too: its words or its approval came from somebody who may not take part."""
    for signature in statement.signatures.valid():
        signature.voided_at = timezone.now()
        signature.save(update_fields=["voided_at"])
        tell(statement, BARRED, by)
    statement.approved_at = statement.approved_by = None
    withdraw(statement, by)
