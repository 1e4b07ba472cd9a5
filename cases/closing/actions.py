"""The end of a case and its return: answered in conversation, closed and filed, taken up again."""

from collections.abc import Mapping
from datetime import date

from cases.asking import finish, take_back
from cases.closing.reading import closing_facts, was_answered_before, why_not_answer
from cases.deadlines.actions.ending import cancel, meet, meet_by_answer
from cases.directives.actions.drafting import drop_draft
from cases.handling.actions.approval import lay_before
from cases.handling.actions.notes import keep_note, next_look
from cases.handling.actions.talk import NO_WORDS_OF_TALK
from cases.intake.actions.register import set_deadline
from cases.letters.actions.writing import discard, mark_answered
from cases.lookup import case_calendar
from cases.models import Case, Deadline, EarlierRound, Letter, Note
from cases.permissions import check_may_move
from cases.recording import locked, move, record, refresh_next_due, save
from cases.rules.assignments import FOR_INFORMATION, AssignmentKind
from cases.rules.completeness import missing
from cases.rules.deadlines import DeadlineKind, Intake, plan
from cases.rules.kinds import OUTCOME_LABELS, SETTLEMENT_LABELS, Channel, Kind, Outcome, Settlement, Talk
from cases.rules.lifecycle import Status, Step, target_of
from cases.rules.retention import file_reference, retention_until
from cases.rules.signing import consultation
from cases.seams import closing_gaps
from cases.signing.reading.signers import to_consult_before_talk
from cases.statements.actions.asking import withdraw_open
from cases.unit_of_work import action
from offices.calendars import Period, Unit, due
from offices.errors import NotAllowed
from offices.queries import Actor
from offices.roles import Permission

NO_REASON_TO_REOPEN = "Bitte begründen, warum der Vorgang wieder aufgenommen wird."
NO_REASON_TO_GO_ON = "Bitte begründen, warum der Vorgang weiter bearbeitet wird."
LOOK_AGAIN = Period(3, Unit.WORKING_DAYS)  # after going on with an answered case
LOOK_AGAIN_TASK = "weiter bearbeiten: was fehlt noch?"


@action
def answer_orally(*, by: Actor, case: Case, on: date, note_text: str, consulted: bool = False) -> Note:
    """Record the conversation in which the person learnt the result; it ends the deadlines like the final letter.

    `on` lies between Eingang and today; the Gesprächsvermerk is the evidence (GERA-11, GERA-21, PAN-24). `consulted`:
    the Rücksprache is held that the rules ask of the KRM (GERA-5). NotAllowed without it, and while a
    Dienstaufsichtsbeschwerde lacks its judgement or contributions; who would sign the letter to it is asked to approve
    the result (K7). While it lies with the KRM, not by the Fachbereich, unless asked to settle it (GER-15).
    """
    case = locked(case, by=by, permission=Permission.WORK)
    check_may_move(by, Permission.WORK, case)
    if not note_text.strip():
        raise NotAllowed(NO_WORDS_OF_TALK, "note_text")
    if on > by.today:
        raise NotAllowed("Das Gespräch kann nicht in der Zukunft liegen.")
    if on < case.received_on:
        raise NotAllowed("Das Gespräch kann nicht vor dem Eingang liegen.")
    target_of(Step.ANSWER, Status(case.status))
    if reason := why_not_answer(case):
        raise NotAllowed(reason)
    if (roles := to_consult_before_talk(by, case)) and not consulted:
        raise NotAllowed(f"Bitte zuerst bestätigen: {consultation(roles)}.", "consulted")
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
    case.talk, case.talk_on = Talk.HELD, on
    finish(case, AssignmentKind.TAKE_RUNG, by=by)
    meet_by_answer(case, on, by=by)
    lay_before(case, note, by=by)
    mark_answered(case, on, Settlement.CONVERSATION, by=by, permission=Permission.WORK)
    refresh_next_due(case)
    save(case)
    return note


@action
def go_on(*, by: Actor, case: Case, reason: str) -> Case:
    """Work on a case that was answered, where something is still missing; the answer and its day stay.

    What the answer met stays met, no period begins again: the KRM gets a Wiedervorlage in 3 Arbeitstagen instead.
    NotAllowed without a reason, which stays as a note.
    """
    case = locked(case, by=by, permission=Permission.CLOSE)
    target_of(Step.GO_ON, Status(case.status))
    if not reason.strip():
        raise NotAllowed(NO_REASON_TO_GO_ON, "reason")
    move(case, Step.GO_ON, by=by)
    note = keep_note(case, reason, by=by, kind=Note.Kind.REASON)
    record("case.went_on", by=by, permission=Permission.CLOSE, office_id=case.office_id, case=case, note=note)
    look_on = due(case_calendar(case), by.today, LOOK_AGAIN).due_on
    look = next_look(case, by=by, due_on=look_on, task=LOOK_AGAIN_TASK, assignee=by.user)
    look.rule = "Beantwortet und weiter bearbeitet; die Fristen der Antwort sind erfüllt und laufen nicht neu."
    look.save(update_fields=["rule"])
    refresh_next_due(case)
    save(case)
    return case


@action
def close(
    *,
    by: Actor,
    case: Case,
    outcome: str = "",
    outcome_reason: str = "",
    settlement: str = "",
    repeated_reference: str = "",
    repeated_on: date | None = None,
    alternatives: str = "",
    verbis: bool = False,
    objection_settled: bool = False,
    concern_outcomes: Mapping[int, str] | None = None,
) -> Case:
    """z.d.A.: outcome, Aktenzeichen and end of retention are fixed, its open deadlines end (GER-23, PAN-25, PAN-37).

    Dates that other parts of KRM have watched go on.

    Praise and suggestions are not judged (B1-6). An earlier answer is named by its number, or by where it stands and
    its day, before the Eingang, where it is not in KRM (B2-2). `concern_outcomes` maps a concern's id to its own
    outcome; concerns without one share that of the case. `verbis`: it is documented in VerBIS (GERA-16),
    `objection_settled`: the Widerspruch beside it ends with it (PAN-9). Drafts that were never issued are discarded.
    NotAllowed names everything that rules/completeness.py, and whoever stands at the seam, still misses.
    """
    case = locked(case, by=by, permission=Permission.CLOSE)
    target_of(Step.CLOSE, Status(case.status))
    if not case.is_judged:
        outcome, concern_outcomes = Outcome.NOT_APPLICABLE, {}
    reference, on = repeated_reference.strip(), repeated_on
    if on and on > case.received_on:
        raise NotAllowed("Der frühere Bescheid muss vor dem Eingang ergangen sein.", "repeated_on")
    facts = closing_facts(
        case,
        outcome=outcome,
        outcome_reason=outcome_reason,
        settlement=settlement,
        answered_before=was_answered_before(by, case, reference, on),
        alternatives=alternatives,
        verbis=verbis,
        objection_settled=objection_settled,
    )
    own = [gap.sentence for gap in missing(Step.CLOSE, facts)]
    if sentences := [*own, *(gap.sentence for gap in closing_gaps(case))]:
        raise NotAllowed(" ".join(sentences))
    _set_outcome(case, outcome, outcome_reason, settlement, concern_outcomes or {})
    case.alternatives = alternatives.strip()
    case.verbis_on = by.today if verbis and facts.asks_verbis else None
    case.objection_settled = objection_settled and bool(facts.objections)
    if settlement == Settlement.REPEATED:
        before = f"{reference} vom {on:%d.%m.%Y}" if on else reference.upper()
        case.outcome_reason = f"{case.outcome_reason}\nBereits beschieden: {before}".strip()
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


@action
def reopen(*, by: Actor, case: Case, reason: str) -> Case:
    """Take a closed case up again: next round, first Eingang unchanged, new deadlines counted from today.

    The same rule set holds; nobody is acknowledged twice. Reason and former result stay as a note beside the event.
    """
    case = locked(case, by=by, permission=Permission.CLOSE, must_be_open=False)
    target_of(Step.REOPEN, Status(case.status))
    if not reason.strip():
        raise NotAllowed(NO_REASON_TO_REOPEN, "reason")
    note = keep_note(case, f"{reason.strip()}\n\n{_former_result(case)}", by=by, kind=Note.Kind.REASON)
    _keep_round(case)
    move(case, Step.REOPEN, by=by)
    case.round += 1
    case.opened_on = by.today
    case.closed_on = case.closed_by = case.retention_until = case.answered_on = None
    case.outcome = case.outcome_reason = case.settlement = case.file_reference = case.alternatives = ""
    case.verbis_on, case.objection_settled = None, False
    case.talk, case.talk_on = "", None
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
    withdraw_open(case, by=by)
    drop_draft(case, by=by)
    cancel(case, by=by)
    finish(case, AssignmentKind.TAKE_RUNG, by=by)
    take_back(case, *FOR_INFORMATION, by=by)
    for letter in Letter.objects.filter(case=case, issued_at__isnull=True):
        discard(letter, by=by)
    move(case, Step.CLOSE, by=by)
    case.closed_on = by.today
    case.closed_by_id = by.user_id
    case.file_reference = file_reference(parameters.file_plan, case.kind, case.reference, is_card=case.is_card)
    case.retention_until = retention_until(by.today, parameters.retention_years)
    case.next_due_on = None


def _keep_round(case: Case) -> None:
    """What figures about the time before go on counting."""
    EarlierRound.objects.create(
        case=case,
        number=case.round,
        opened_on=case.opened_on,
        answered_on=case.answered_on,
        ended_on=case.closed_on,
        outcome=case.outcome,
        settlement=case.settlement,
        talk=case.talk,
        has_alternatives=bool(case.alternatives),
        concern_outcomes={str(concern.position): concern.outcome for concern in case.concerns.all()},
    )


def _former_result(case: Case) -> str:
    """The result that re-opening takes back, in words."""
    lines = [
        f"Bisheriges Ergebnis (Durchgang {case.round}): {case.outcome_label}.",
        f"Begründung: {case.outcome_reason}" if case.outcome_reason else "",
        f"Geprüfte Alternativen: {case.alternatives}" if case.alternatives else "",
        f"Erledigung: {SETTLEMENT_LABELS[Settlement(case.settlement)]}.",
        f"In VerBIS vermerkt am {case.verbis_on:%d.%m.%Y}." if case.verbis_on else "",
        "Der Widerspruch wurde einheitlich abgeschlossen." if case.objection_settled else "",
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
