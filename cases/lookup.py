"""Reading cases: what a page or a rule needs to know, in a fixed number of queries."""

from datetime import date

from django.db.models import Exists, OuterRef, Prefetch, Q, Subquery
from django.http import Http404

from cases.contributing import Contributors, is_open_to
from cases.models import (
    Assignment,
    Case,
    Concern,
    ConcernedEmployee,
    Deadline,
    Pause,
    Person,
    Transfer,
)
from cases.rules.deadlines import Signal, signal
from cases.rules.kinds import LegalArea
from offices.calendars import Calendar
from offices.models import Office
from offices.models.units import OfficeType
from offices.queries import Actor, calendar_for
from offices.roles import Permission

JOINED = ("office", "rule_set__instruction", "unit__parent", "handler", "responsible", "registered_by")
PARTS: tuple[str | Prefetch, ...] = (
    "persons",
    Prefetch("concerns", Concern.objects.select_related("topic", "unit")),
    Prefetch("complained_about", ConcernedEmployee.objects.select_related("user")),
    Prefetch("assignments", Assignment.objects.select_related("user")),
    "caseusergrant_set",
)


def visible_case(actor: Actor, reference: str, *more: str | Prefetch, contributors: Contributors | None = None) -> Case:
    """The case with PARTS and `more` of them, one query each; Http404 for strangers as for numbers that never were.

    For those who see the case as a whole; `contributors` names who else may ask for it at this address (K18).
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
    case = found.select_related(*JOINED).prefetch_related(*PARTS, *more).first()
    if case is None or not is_open_to(actor, case, contributors):
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
    """Up to five cases of a person with this name or number, newest first; one query, no judgement.

    Only such as the actor sees as a whole: a name leads nobody to what does not show them the name (K18).

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
    found = Case.objects.whole_to(actor).filter(Exists(persons))
    return list((found.exclude(pk=exclude.pk) if exclude else found)[:EARLIER_CASES])


def earlier_of_the_person(actor: Actor, case: Case) -> list[Case] | None:
    """What who complains here wrote before; None for everybody but the desk, and where nobody is known.

    Nobody else needs other matters of the person for this one (§ 35 SGB I).
    """
    person = next((p for p in case.persons.all() if p.capacity == Person.Capacity.COMPLAINANT), None)
    if person is None or not actor.may(Permission.TRIAGE, case.office_id):
        return None
    return earlier_cases(actor, person.search_name, person.customer_number, case)


def own_registration(actor: Actor, reference: str) -> Case:
    """A case this person registered, for telling its number and dates to them even where they may not read it.

    Only while they may register in its office; Http404 otherwise.
    """
    offices = actor.office_ids(Permission.REGISTER)
    case = Case.objects.filter(reference=reference, registered_by=actor.user_id, office__in=offices).first()
    if case is None:
        raise Http404
    return case


def usual_legal_area(office: Office) -> LegalArea:
    """What most reactions of the office are about: SGB II in a Jobcenter, SGB III elsewhere."""
    jobcenters = (OfficeType.JOBCENTER, OfficeType.MUNICIPAL_JOBCENTER)
    return LegalArea.SGB2 if office.type in jobcenters else LegalArea.SGB3
