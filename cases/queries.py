"""Reading cases: what a page or a rule needs to know, in a fixed number of queries."""

from datetime import date

from django.http import Http404

from cases.models import Case, Deadline, Letter, Note
from cases.rules.completeness import ClosingFacts
from cases.rules.deadlines import Signal, signal
from cases.rules.kinds import Kind
from offices.calendars import Calendar
from offices.models import Office
from offices.queries import Actor, calendar_for


def visible_case(actor: Actor, reference: str) -> Case:
    """The case with what its page shows; Http404 for strangers as for numbers that never were."""
    case = (
        Case.objects.visible_to(actor)
        .filter(reference=reference)
        .select_related("office", "rule_set__instruction", "unit", "handler", "responsible", "registered_by")
        .prefetch_related("persons", "concerns__topic", "concerns__unit", "complained_about__user")
        .first()
    )
    if case is None:
        raise Http404
    return case


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


def closing_facts(
    case: Case, *, outcome: str, outcome_reason: str, settlement: str, repeated_reference: str = ""
) -> ClosingFacts:
    """What rules/completeness.py asks about, with the values somebody is about to enter."""
    letters = list(case.letters.filter(round=case.round))
    return ClosingFacts(
        kind=case.kind,
        is_card=case.is_card,
        is_anonymous=case.is_anonymous,
        outcome=outcome,
        outcome_reason=outcome_reason,
        settlement=settlement,
        final_letter_sent=any(letter.kind == Letter.Kind.FINAL and letter.sent_on for letter in letters),
        contact_noted=case.notes.filter(round=case.round, kind=Note.Kind.CONTACT).exists(),
        repeated_reference=repeated_reference,
        has_concern=case.concerns.exists(),
        is_paused=is_paused(case),
        unsent_letters=any(letter.issued_at and not letter.sent_on for letter in letters),
        ends_not_assessable=case.kind == Kind.CONDUCT_COMPLAINT
        and case.rule_set.parameters.conduct_complaint.closed_as_not_assessable,
    )


def visible_deadline(actor: Actor, pk: int) -> Deadline:
    """A deadline of a case the actor sees; Http404 otherwise."""
    deadline = Deadline.objects.filter(pk=pk).select_related("case").first()
    if deadline is None:
        raise Http404
    deadline.case = visible_case(actor, deadline.case.reference)
    return deadline
