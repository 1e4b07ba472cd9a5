"""Who takes part in the answer to the Datenschutz: a Führungskraft is asked, and says that she did (K11; PAN-11)."""

from cases.asking import DONE_BEFORE, ask_on_transfer, record_asked
from cases.deadlines.actions.ending import mark_met
from cases.models import Assignment, Transfer
from cases.recording import locked_transfer
from cases.rules.assignments import AssignmentKind
from cases.rules.triage import Reason
from cases.transfers.reading.data_protection import leads_to_ask, why_may_not_ask
from cases.unit_of_work import action
from offices.errors import NotAllowed
from offices.models import User
from offices.queries import Actor


@action
def ask_lead(*, by: Actor, transfer: Transfer, user: User, task: str) -> Assignment:
    """Ask somebody in a role that K11 involves; she sees this one matter and nothing else of the case.

    The same twice is one row. NotAllowed before the matter was handed over and for anybody kept out (B4-8, PAN-7).
    """
    current = locked_transfer(transfer, by=by)
    if current.reason != Reason.DATA_PROTECTION:
        raise NotAllowed("Beteiligt wird hier nur zum Datenschutz.")
    if reason := why_may_not_ask(by, current):
        raise NotAllowed(reason)
    if not leads_to_ask(current, by.today).filter(pk=user.pk).exists():
        raise NotAllowed(f"{user} kann zu dieser Sache nicht beteiligt werden.")
    if not task.strip():
        raise NotAllowed("Bitte angeben, was erbeten wird.")
    if existing := current.assignments.open().filter(user=user, kind=AssignmentKind.TAKE_NOTE).first():
        return existing
    return ask_on_transfer(current, AssignmentKind.TAKE_NOTE, user, by=by, task=task.strip())


@action
def finish_request(*, by: Actor, assignment: Assignment) -> Assignment:
    """Say that one's part is given or the Abgabe taken over, once; also for whom one stands in.

    NotAllowed for somebody else's.
    """
    locked_transfer(assignment.transfer, by=by)
    current = Assignment.objects.select_for_update(of=("self",), no_key=True).get(pk=assignment.pk)
    if current.user_id not in by.holder_ids:
        raise NotAllowed("Das ist jemand anderem aufgetragen.")
    if not current.is_open:
        raise NotAllowed(DONE_BEFORE)
    current.done_on, current.done_by_id = by.today, by.user_id
    current.save(update_fields=["done_on", "done_by"])
    if current.kind == AssignmentKind.TAKE_OVER:
        for deadline in current.transfer.deadlines.open():
            mark_met(deadline, by.today, by=by)
    in_place_of = None if current.user_id == by.user_id else current.user_id
    record_asked("assignment.done", current, by, in_place_of=in_place_of)
    return current
