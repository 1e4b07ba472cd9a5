"""What an answer and the closing ask for: the facts of a case as rules/completeness.py wants them."""

from collections.abc import Collection, Iterable
from datetime import date

from cases.handling.reading.conduct import missing_signature
from cases.lookup import is_paused
from cases.models import (
    Assignment,
    Case,
    Concern,
    DirectivePoint,
    Letter,
    Note,
    Statement,
    Transfer,
)
from cases.rules.assignments import AssignmentKind
from cases.rules.completeness import AnswerFacts, ClosingFacts, missing
from cases.rules.directives import PointKind, owed_by_management
from cases.rules.kinds import Channel, Kind
from cases.rules.lifecycle import Step
from cases.rules.statements import StatementKind
from cases.rules.triage import Reason
from offices.queries import Actor


def answer_facts(case: Case) -> AnswerFacts:
    """What rules/completeness.py asks before an answer; one query for a Dienstaufsichtsbeschwerde, else none."""
    if case.kind != Kind.CONDUCT_COMPLAINT:
        return AnswerFacts(against_management=case.against_management)
    return AnswerFacts(
        conduct=case.rule_set.parameters.conduct_complaint,
        judgement_entered=case.judged_on is not None,
        approved=_approved(statement for statement in case.statements.all() if statement.round == case.round),
        against_management=case.against_management,
    )


def why_not_answer(case: Case) -> str | None:
    """The sentences why the case cannot be answered yet, neither in a talk nor in writing; None where it can (K7)."""
    return " ".join(gap.sentence for gap in missing(Step.ANSWER, answer_facts(case))) or None


def _approved(statements: Iterable[Statement]) -> frozenset[StatementKind]:
    return frozenset(StatementKind(s.kind) for s in statements if s.approved_at and not s.withdrawn_on)


def closing_facts(
    case: Case,
    *,
    outcome: str,
    outcome_reason: str,
    settlement: str,
    answered_before: bool = False,
    alternatives: str = "",
    verbis: bool = False,
    objection_settled: bool = False,
) -> ClosingFacts:
    """What rules/completeness.py asks about, with the values somebody is about to enter; one query a table."""
    parameters = case.rule_set.parameters
    letters = list(case.letters.filter(round=case.round))
    statements = list(case.statements.filter(round=case.round).select_related("unit"))
    transfers = list(case.transfers.all())
    concerns = list(case.concerns.all())
    every = list(case.assignments.all())
    asked = [a for a in every if a.round == case.round]
    conduct = parameters.conduct_complaint if case.kind == Kind.CONDUCT_COMPLAINT else None
    return ClosingFacts(
        kind=case.kind,
        is_card=case.is_card,
        is_anonymous=case.is_anonymous,
        outcome=outcome,
        outcome_reason=outcome_reason,
        settlement=settlement,
        final_letter_sent=any(letter.kind == Letter.Kind.FINAL and letter.sent_on for letter in letters),
        contact_noted=case.notes.filter(round=case.round, kind=Note.Kind.CONTACT).exists(),
        waiver_noted=case.notes.filter(round=case.round, kind=Note.Kind.WAIVER).exists(),
        answered_before=answered_before,
        has_concern=bool(concerns),
        is_paused=is_paused(case),
        unsent_letters=any(letter.issued_at and not letter.sent_on for letter in letters),
        ends_not_assessable=case.kind == Kind.CONDUCT_COMPLAINT
        and parameters.conduct_complaint.closed_as_not_assessable,
        waits_for_signature=any(letter.submitted_at and not letter.issued_at for letter in letters),
        open_statements=tuple(str(statement) for statement in statements if statement.is_open),
        open_handling=_open_handling(case, asked),
        alternatives=alternatives,
        asks_verbis=parameters.documentation.verbis_tick,
        verbis_noted=verbis,
        objections=objections_beside(case, transfers),
        objection_settled=objection_settled,
        asks_talk=parameters.practice.talk_first,
        talk=case.talk,
        conduct=conduct,
        judgement_entered=case.judged_on is not None,
        approved=_approved(statements),
        against_management=case.against_management,
        handed_over=frozenset(Reason(transfer.reason) for transfer in transfers if transfer.handed_over_at),
        unsigned=missing_signature(case),
        asks_praise=_asks_praise(case, concerns),
        praise_arrived=_has_arrived([a for a in asked if a.kind == AssignmentKind.PASS_ON_PRAISE]),
        directive_owed=owes_directive(case),
        unseen_by=_unseen_by([a for a in every if a.kind == AssignmentKind.SEE_FIRST]),
    )


def was_answered_before(actor: Actor, case: Case, reference: str, on: date | None) -> bool:
    """Whether something else proves that the same was answered before (B2-2).

    `reference` is the number of a closed case or an Abgabe of the office that the actor sees; what is not in KRM is
    proved by where it stands and its date `on`.
    """
    number = reference.strip().upper()
    if not number or "\x00" in number:  # no database looks for it
        return False
    if on:
        return True
    cases = Case.objects.visible_to(actor).filter(office=case.office_id, reference=number, closed_on__isnull=False)
    left = {"office": case.office_id, "reference": number, "handed_over_at__isnull": False}
    return cases.exclude(pk=case.pk).exists() or Transfer.objects.visible_to(actor).filter(**left).exists()


def objections_beside(case: Case, transfers: Iterable[Transfer] | None = None) -> tuple[str, ...]:
    """The numbers of the Widersprüche that left this case and are to be concluded together with it (K10, PAN-9)."""
    if not case.rule_set.parameters.objection.concluded_with_case:
        return ()
    beside = case.transfers.all() if transfers is None else transfers
    return tuple(transfer.reference for transfer in beside if transfer.reason == Reason.OBJECTION)


def _asks_praise(case: Case, concerns: Iterable[Concern]) -> bool:
    """Whether a leader must have learnt of it (K14), as far as it belongs to a unit (PAN-18)."""
    informs = case.kind == Kind.PRAISE and case.rule_set.parameters.praise.informs
    return bool(informs) and any([case.unit_id, *(concern.unit_id for concern in concerns)])


def _has_arrived(praise: Collection[Assignment]) -> bool:
    """Passed on and taken note of by the last person, with nobody left who has it still to read."""
    done = [a for a in praise if a.done_on]
    return any(a.pass_to_id is None for a in done) and not any(a.is_open for a in praise)


def owes_directive(case: Case) -> bool:
    """Whether the Geschäftsführung has still to issue a Verfügung: by K19, or because the draft is theirs to issue.

    By K19 once in all rounds, for it is about what came in; never against the Geschäftsführung (PAN-7).
    """
    if case.against_management:
        return False
    directives = list(case.directives.all())
    drafts = [d for d in directives if d.round == case.round and not d.issued_at]
    if any(draft.must_present or draft.presented_at for draft in drafts):
        return True
    owed = owed_by_management(case.rule_set.parameters, Kind(case.kind), Channel(case.channel))
    return owed and not any(directive.issued_at for directive in directives)


def _unseen_by(asked: Collection[Assignment]) -> tuple[str, ...]:
    """Who of the Geschäftsführung was shown the reaction first, as long as none of them has seen it (GERA-17)."""
    return () if any(a.done_on for a in asked) else tuple(str(a.user) for a in asked if a.is_open)


def _open_handling(case: Case, asked: Iterable[Assignment]) -> tuple[str, ...]:
    """Who still has to handle the case: what is asked of persons, and the points of the last Verfügung in force."""
    people = {f"{a.user}" for a in asked if a.kind == AssignmentKind.HANDLE and a.is_open}
    points = DirectivePoint.objects.filter(
        directive__case=case, directive__round=case.round, directive__issued_at__isnull=False
    ).select_related("directive", "unit", "person", "deadline")
    last = max((point.directive.number for point in points), default=0)
    undone = (p for p in points if p.directive.number == last and p.kind == PointKind.HANDLE and not p.done_on)
    owed = (p for p in undone if p.deadline is None or p.deadline.is_open)
    return tuple(sorted(people) or [str(p.person or p.unit or f"Punkt {p.position}") for p in owed])
