"""The end of a case and its return: answered in conversation, closed and filed, taken up again."""

from collections.abc import Mapping
from datetime import date

from django.db import transaction

from cases.actions.duties import cancel, meet, meet_by_answer
from cases.actions.letters import discard, mark_answered
from cases.actions.notes import keep_note
from cases.actions.record import locked, move, record, refresh_next_due, save
from cases.actions.register import set_deadline
from cases.models import Case, Deadline, Letter, Note
from cases.queries import case_calendar, closing_facts
from cases.rules.completeness import missing
from cases.rules.deadlines import DeadlineKind, Intake, plan
from cases.rules.kinds import OUTCOME_LABELS, SETTLEMENT_LABELS, Channel, Kind, Outcome, Settlement
from cases.rules.lifecycle import Status, Step, target_of
from cases.rules.retention import file_reference, retention_until
from offices.errors import NotAllowed
from offices.queries import Actor
from offices.roles import Permission


@transaction.atomic
def answer_orally(*, by: Actor, case: Case, on: date, note_text: str) -> Note:
    """Record the conversation in which the person learnt the result; it ends the deadlines like the final letter.

    `on` lies between Eingang and today; the Gesprächsvermerk is the evidence (GERA-11, GERA-21, PAN-24).
    """
    case = locked(case, by=by, permission=Permission.WORK)
    if not note_text.strip():
        raise NotAllowed("Bitte kurz festhalten, was besprochen wurde.")
    if on > by.today:
        raise NotAllowed("Das Gespräch kann nicht in der Zukunft liegen.")
    if on < case.received_on:
        raise NotAllowed("Das Gespräch kann nicht vor dem Eingang liegen.")
    target_of(Step.ANSWER, Status(case.status))
    note = keep_note(case, note_text, by=by, kind=Note.Kind.CONTACT)
    record(
        "note.contact",
        by=by,
        permission=Permission.WORK,
        office_id=case.office_id,
        case=case,
        note=note,
        on=on.isoformat(),
    )
    meet_by_answer(case, on, by=by)
    mark_answered(case, on, Settlement.CONVERSATION, by=by, permission=Permission.WORK)
    refresh_next_due(case)
    save(case)
    return note


@transaction.atomic
def close(
    *,
    by: Actor,
    case: Case,
    outcome: str = "",
    outcome_reason: str = "",
    settlement: str = "",
    repeated_reference: str = "",
    concern_outcomes: Mapping[int, str] | None = None,
) -> Case:
    """z.d.A.: outcome, Aktenzeichen and end of retention are fixed, every open deadline ends (GER-23, PAN-25, PAN-37).

    Praise and suggestions are not judged (B1-6). `concern_outcomes` maps a concern's id to its own outcome; concerns
    without one share that of the case. Drafts that were never issued are discarded. NotAllowed names everything that
    rules/completeness.py still misses.
    """
    case = locked(case, by=by, permission=Permission.CLOSE)
    target_of(Step.CLOSE, Status(case.status))
    if not case.is_judged:
        outcome, concern_outcomes = Outcome.NOT_APPLICABLE, {}
    facts = closing_facts(
        case,
        outcome=outcome,
        outcome_reason=outcome_reason,
        settlement=settlement,
        repeated_reference=repeated_reference.strip(),
    )
    if gaps := missing(Step.CLOSE, facts):
        raise NotAllowed(" ".join(gap.sentence for gap in gaps))
    _set_outcome(case, outcome, outcome_reason, settlement, concern_outcomes or {})
    if settlement == Settlement.REPEATED:
        case.outcome_reason = f"{case.outcome_reason}\nBereits beschieden: {repeated_reference.strip()}".strip()
    _file(case, by)
    record(
        "case.closed",
        by=by,
        permission=Permission.CLOSE,
        office_id=case.office_id,
        case=case,
        file_reference=case.file_reference,
        retention_until=case.retention_until.isoformat(),
        outcome=case.outcome,
        settlement=case.settlement,
    )
    save(case)
    return case


@transaction.atomic
def reopen(*, by: Actor, case: Case, reason: str) -> Case:
    """Take a closed case up again: next round, first Eingang unchanged, new deadlines counted from today.

    The same rule set holds; nobody is acknowledged twice. Reason and former result stay as a note beside the event.
    """
    case = locked(case, by=by, permission=Permission.CLOSE, must_be_open=False)
    target_of(Step.REOPEN, Status(case.status))
    if not reason.strip():
        raise NotAllowed("Bitte begründen, warum der Vorgang wieder aufgenommen wird.")
    note = keep_note(case, f"{reason.strip()}\n\n{_former_result(case)}", by=by, kind=Note.Kind.REASON)
    move(case, Step.REOPEN, by=by)
    case.round += 1
    case.closed_on = case.closed_by = case.retention_until = case.answered_on = None
    case.outcome = case.outcome_reason = case.settlement = case.file_reference = ""
    case.concerns.update(outcome="")
    record(
        "case.reopened", by=by, permission=Permission.CLOSE, office_id=case.office_id, case=case, note=note,
        round=case.round,
    )  # fmt: skip
    _set_deadlines_again(case, by)
    refresh_next_due(case)
    save(case)
    return case


def _set_outcome(
    case: Case, outcome: str, outcome_reason: str, settlement: str, concern_outcomes: Mapping[int, str]
) -> None:
    if outcome not in OUTCOME_LABELS or settlement not in SETTLEMENT_LABELS:
        raise NotAllowed("Dieses Ergebnis oder diese Art der Erledigung gibt es nicht.")
    case.outcome = outcome
    case.outcome_reason = outcome_reason.strip()
    case.settlement = settlement
    for concern in case.concerns.all():
        own = concern_outcomes.get(concern.pk) or outcome
        if own not in OUTCOME_LABELS or (case.is_judged and own == Outcome.NOT_APPLICABLE):
            raise NotAllowed(f"„{concern}“ braucht eine Bewertung aus der Liste.")
        concern.outcome = own
        concern.save(update_fields=["outcome"])


def _file(case: Case, by: Actor) -> None:
    parameters = case.rule_set.parameters
    meet(case, Deadline.Kind.CLOSURE, by.today, by=by)
    cancel(case, by=by)
    for letter in Letter.objects.filter(case=case, issued_at__isnull=True):
        discard(letter, by=by)
    move(case, Step.CLOSE, by=by)
    case.closed_on = by.today
    case.closed_by_id = by.user_id
    case.file_reference = file_reference(parameters.file_plan, case.kind, case.reference, is_card=case.is_card)
    case.retention_until = retention_until(by.today, parameters.retention_years)
    case.next_due_on = None


def _former_result(case: Case) -> str:
    """The result that re-opening takes back, in words."""
    lines = [
        f"Bisheriges Ergebnis (Durchgang {case.round}): {case.outcome_label}.",
        f"Begründung: {case.outcome_reason}" if case.outcome_reason else "",
        f"Erledigung: {SETTLEMENT_LABELS[Settlement(case.settlement)]}.",
        f"Abgeschlossen am {case.closed_on:%d.%m.%Y}, Aktenzeichen {case.file_reference}.",
    ]
    return "\n".join(line for line in lines if line)


def _set_deadlines_again(case: Case, by: Actor) -> None:
    intake = Intake(
        kind=Kind(case.kind),
        channel=Channel(case.channel),
        received_on=by.today,
        is_anonymous=case.is_anonymous,
    )
    for planned in plan(case.rule_set.parameters, intake, case_calendar(case)):
        if planned.kind != DeadlineKind.ACKNOWLEDGEMENT:
            set_deadline(case, planned, by=by)
