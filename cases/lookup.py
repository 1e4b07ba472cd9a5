"""Reading cases: what a page or a rule needs to know, in a fixed number of queries."""

from collections.abc import Collection, Iterable
from datetime import date

from django.db.models import Exists, OuterRef, Q, Subquery
from django.http import Http404

from cases.handling.reading.conduct import missing_signature
from cases.models import (
    Assignment,
    Case,
    Concern,
    Deadline,
    DirectivePoint,
    Letter,
    Note,
    Pause,
    Person,
    Statement,
    Transfer,
)
from cases.nested import Part, first_with
from cases.rules.assignments import AssignmentKind
from cases.rules.completeness import AnswerFacts, ClosingFacts, missing
from cases.rules.deadlines import Signal, signal
from cases.rules.directives import PointKind, owed_by_management
from cases.rules.kinds import Channel, Kind, LegalArea
from cases.rules.lifecycle import Step
from cases.rules.statements import StatementKind
from cases.rules.triage import Reason
from offices.calendars import Calendar
from offices.models import Office
from offices.models.units import OfficeType
from offices.queries import Actor, calendar_for

PARTS = (
    Part("office"),
    Part("rule_set", joined=("instruction",)),
    Part("unit", joined=("parent",)),
    Part("handler"),
    Part("responsible"),
    Part("registered_by"),
    Part("persons"),
    Part("concerns", joined=("topic", "unit")),
    Part("complained_about", joined=("user",)),
    Part("assignments", joined=("user",)),
    Part("caseusergrant"),
)


def visible_case(actor: Actor, reference: str, *more: Part) -> Case:
    """The case with PARTS and `more` of them, in one query; Http404 for strangers as for numbers that never were.

    `paused_since` is the day from which it rests, None while it is worked on.
    """
    if "\x00" in reference:  # no database looks for it
        raise Http404
    open_pause = Pause.objects.filter(case=OuterRef("pk"), resumed_on__isnull=True)
    found = (
        Case.objects.visible_to(actor)
        .filter(reference=reference)
        .annotate(paused_since=Subquery(open_pause.values("from_on")[:1]))
    )
    case = first_with(found, *PARTS, *more)
    if case is None:
        raise Http404
    return case


def is_in_sight(actor: Actor, matter: Case | Transfer) -> bool:
    """Whether the actor still sees it: with something that was asked of a person ends the access it gave (K18)."""
    return type(matter).objects.visible_to(actor).filter(pk=matter.pk).exists()


def case_calendar(case: Case) -> Calendar:
    """The office's calendar as this case's rule set counts it."""
    counts = case.rule_set.parameters.closed_days_are_working_days
    return calendar_for(case.office, closed_days_are_working_days=counts)


def office_calendar(office: Office) -> Calendar:
    """The office's calendar for distances such as „noch 2 AT“ on lists."""
    return calendar_for(office)


def deadline_signal(deadline: Deadline, calendar: Calendar, today: date, *, paused: bool = False) -> Signal:
    return signal(calendar, today, deadline.due_on, met_on=deadline.met_on, paused=paused and deadline.is_open)


def is_paused(case: Case) -> bool:
    return case.pauses.filter(resumed_on__isnull=True).exists()


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


def visible_deadline(actor: Actor, pk: int) -> Deadline:
    """A deadline of a case the actor sees; Http404 otherwise."""
    deadline = Deadline.objects.filter(pk=pk).select_related("case").first()
    if deadline is None:
        raise Http404
    deadline.case = visible_case(actor, deadline.case.reference)
    return deadline


EARLIER_CASES = 5
SHORTEST_NAME = 2


def earlier_cases(actor: Actor, search_name: str, customer_number: str = "", exclude: Case | None = None) -> list[Case]:
    """Up to five visible cases of a person with this name or number, newest first; one query, no judgement.

    `search_name` as rules.registration.search_name makes it; a last name alone finds everybody who bears it.
    """
    if "\x00" in search_name + customer_number:  # no database looks for it
        return []
    same = Q()
    if len(search_name.strip()) >= SHORTEST_NAME:
        same |= Q(search_name=search_name) | Q(search_name__startswith=f"{search_name} ")
    if customer_number.strip():
        same |= Q(customer_number=customer_number.strip())
    if not same:
        return []
    persons = Person.objects.filter(same, case=OuterRef("pk"), capacity=Person.Capacity.COMPLAINANT)
    found = Case.objects.visible_to(actor).filter(Exists(persons))
    return list((found.exclude(pk=exclude.pk) if exclude else found)[:EARLIER_CASES])


def own_registration(actor: Actor, reference: str) -> Case:
    """A case this person registered, for telling its number and dates to them even where they may not read it."""
    case = Case.objects.filter(reference=reference, registered_by=actor.user_id).first()
    if case is None:
        raise Http404
    return case


def usual_legal_area(office: Office) -> LegalArea:
    """What most reactions of the office are about: SGB II in a Jobcenter, SGB III elsewhere."""
    jobcenters = (OfficeType.JOBCENTER, OfficeType.MUNICIPAL_JOBCENTER)
    return LegalArea.SGB2 if office.type in jobcenters else LegalArea.SGB3
