"""Reading Verfügungen: which one holds, what a new one proposes, who may issue it, how far its points are."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from django.db.models import QuerySet
from django.http import Http404

from cases.apart import beneath_named
from cases.contributing import Contributors, is_shown
from cases.letters.reading.paper import addressee
from cases.lookup import case_calendar, visible_case
from cases.models import Case, Deadline, Directive, DirectivePoint
from cases.permissions import seats_for, why_kept_out, why_may_not, why_not_ask, why_not_decide
from cases.rules.deadlines import must_present_today
from cases.rules.directives import (
    LGF_COPY,
    NEEDS_SOMEBODY,
    POINT_LABELS,
    PointData,
    PointKind,
    PointProblem,
    ProposalFacts,
    gets_lgf_copy,
    head_problems,
    issued_by,
    point_problems,
    proposed_points,
    signature_levels,
    usual_days,
)
from cases.rules.kinds import Channel, Kind
from cases.rules.retention import file_reference
from offices.models import Unit, User
from offices.queries import Actor, Seat, leads_above, leads_of, memberships_on, upwards
from offices.roles import Permission, Role

EMPLOYER = "Dienstherr der Geschäftsführung"


def directives_of(case: Case) -> QuerySet[Directive]:
    """The Verfügungen of a case, oldest first, with what their sheets show."""
    people = ("drafted_by", "presented_by", "issued_by", "issued_for", "lead_unit")
    points = ("points__unit", "points__person", "points__deadline", "points__statement", "points__done_by")
    return case.directives.select_related(*people).prefetch_related(*points)


def visible_directive(actor: Actor, pk: int, contributors: Contributors | None = None) -> Directive:
    """A Verfügung of a case the actor sees; Http404 otherwise. `contributors` as `visible_case` takes it."""
    found = Directive.objects.filter(pk=pk).select_related("case").first()
    if found is None:
        raise Http404
    case = visible_case(actor, found.case.reference, contributors=contributors)
    found = directives_of(case).get(pk=pk)
    found.case = case
    return found


def visible_point(actor: Actor, pk: int) -> DirectivePoint:
    """A point of a Verfügung of a case the actor sees, for who contributes one of their own; Http404 otherwise."""
    found = DirectivePoint.objects.filter(pk=pk).select_related("directive", "deadline").first()
    if found is None:
        raise Http404
    found.directive = visible_directive(actor, found.directive_id, Contributors.ASKED)
    if not is_shown(actor, found.directive.case, found):
        raise Http404
    return found


def open_draft(case: Case) -> Directive | None:
    """The Verfügung of the current round that is not issued yet."""
    return case.directives.filter(round=case.round, issued_at__isnull=True).first()


@dataclass(frozen=True)
class Proposal:
    lead_unit: Unit | None
    signature_level: str
    points: tuple[PointData, ...]


def proposal(case: Case, today: date) -> Proposal:
    """What a new Verfügung of this case says before anybody has changed it (B5, GERA-10, PAN-21)."""
    units = _units_concerned(case, today)
    closure = case.deadlines.filter(round=case.round, kind=Deadline.Kind.CLOSURE).first()
    answer_on, look_again_on = usual_days(case_calendar(case), closure.due_on if closure else None, today)
    levels, parameters = levels_of(case), case.rule_set.parameters
    has_answer = addressee(case) is not None
    against = parameters.conduct_complaint.against_management or EMPLOYER
    facts = ProposalFacts(
        summary=_summary(case),
        kind=Kind(case.kind),
        unit_ids=tuple(unit.pk for unit in units),
        answer_on=answer_on,
        look_again_on=look_again_on,
        file_reference=file_reference(parameters.file_plan, case.kind, case.reference, is_card=case.is_card),
        copy_to=tuple(user.pk for user in lgf_copies(case, units, today)),
        has_answer=has_answer,
        dismissed_to=against if case.against_management else "",
    )
    level = levels[0].value if levels and has_answer else ""
    nobody = {unit.pk for unit in units if co_signer_for(case, unit, today) is None}
    points = (p for p in proposed_points(facts) if p.kind != PointKind.CO_SIGN or p.unit_id not in nobody)
    return Proposal(units[0] if units else None, level, tuple(points))


def _summary(case: Case) -> str:
    written = f" vom {case.written_on:%d.%m.%Y}" if case.written_on else ""
    came = f"{case.get_channel_display()}, eingegangen am {case.received_on:%d.%m.%Y}"
    return f"{case.get_kind_display()}{written} ({came}): {case.subject}"


def _units_concerned(case: Case, today: date) -> list[Unit]:
    """The unit of the case first, which has the Federführung, then those of its concerns (GERA-10).

    A unit whose lead is kept out is replaced by the one above it; in a complaint against the Geschäftsführung nobody
    of the house's leaders is asked, so there is none.
    """
    if case.against_management:
        return []
    found: dict[int, Unit] = {}
    for unit in (case.unit, *(concern.unit for concern in case.concerns.select_related("unit"))):
        free = (
            above
            for above, leads in leads_above(unit, today)
            if not any(why_kept_out(case, lead, today) for lead in leads)
        )
        if (nearest := next(free, None)) and nearest.is_active:
            found.setdefault(nearest.pk, nearest)
    return list(found.values())


def lgf_copies(case: Case, units: list[Unit], today: date) -> list[User]:
    """Who of the LGF stands above these units, where the office lists their Bereich; nobody kept out (K19, PAN-21)."""
    above = {
        higher.pk
        for unit in units
        if gets_lgf_copy(case.rule_set.parameters, [u.number for u in upwards(unit)])
        for higher in upwards(unit)
    }
    seats = memberships_on(today).filter(office=case.office_id, role=Role.LGF, unit__in=above)
    people = {seat.user_id: seat.user for seat in seats.select_related("user").order_by("from_on", "pk")}
    return [user for user in people.values() if not why_not_ask(case, user, today)]


def lead_for(case: Case, unit: Unit, today: date, besides: Collection[int] = ()) -> User | None:
    """Who leads the unit, else the next one above it of whom something may be asked; None where there is nobody.

    `besides` are the ids of people who are passed over.
    """
    leads = (lead for higher in upwards(unit) for lead in leads_of(higher, today) if lead.pk not in besides)
    return next((lead for lead in leads if not why_not_ask(case, lead, today)), None)


def handler_for(case: Case, unit: Unit, today: date) -> User | None:
    """The same for what is handled: nobody either who stands in for a person complained about (B4-8)."""
    leads = (lead for higher in upwards(unit) for lead in leads_of(higher, today))
    free = (lead for lead in leads if not why_not_ask(case, lead, today))
    return next((lead for lead in free if not why_not_decide(case, lead, today)), None)


def co_signer_for(case: Case, unit: Unit, today: date) -> User | None:
    """The same for the Mitzeichnung: nobody either about their superior, nor who stands in for them (B4-8)."""
    return lead_for(case, unit, today, besides=beneath_named(case, today))


def levels_of(case: Case) -> tuple[Role, ...]:
    """The levels the Verfügung of this case may name for the final letter."""
    return signature_levels(case.rule_set.parameters, Kind(case.kind), against_management=case.against_management)


def managers(case: Case, today: date) -> list[User]:
    """The Geschäftsführung as far as it may see the case, longest in office first."""
    seats = memberships_on(today).filter(office=case.office_id, role=Role.MANAGEMENT)
    people = [seat.user for seat in seats.select_related("user").order_by("from_on", "pk")]
    return [user for user in people if not why_kept_out(case, user, today)]


def issuer_of(directive: Directive, today: date) -> Role:
    """Who issues it: as K19 says, or the Geschäftsführung once it was presented; petitions as PAN-28 says.

    Where the Geschäftsführung is kept out it is always the KRM (PAN-7, B4-8).
    """
    case, parameters = directive.case, directive.case.rule_set.parameters
    if case.against_management or not managers(case, today):
        return Role.KRM_OFFICER
    to_be_seen = must_present_today(parameters, Kind(case.kind))
    must = bool(directive.must_present or directive.presented_at or to_be_seen)
    return issued_by(parameters, Channel(case.channel), must_present=must)


def seat_as(actor: Actor, role: Role, case: Case) -> Seat | None:
    """The actor's seat of this role for this case, an own one first; none held for somebody it complains about."""
    concerned = {entry.user_id for entry in case.complained_about.all()}
    seats = seats_for(actor, Permission.DIRECT, case)
    return next((seat for seat in seats if seat.role == role and seat.holder_id not in concerned), None)


def why_not_issue(actor: Actor, directive: Directive) -> str | None:
    """The sentence why this person does not issue the Verfügung; None where they do, also „i. V.“."""
    if reason := why_may_not(actor, Permission.DIRECT, directive.case):
        return reason
    role = issuer_of(directive, actor.today)
    if seat_as(actor, role, directive.case):
        return None
    if role == Role.MANAGEMENT:
        return "Abverfügt wird hier von der Geschäftsführung (K19)."
    return "Abverfügt wird hier vom KRM (K19)."


def why_not_change(actor: Actor, directive: Directive) -> str | None:
    """The sentence why this person does not change the draft: once presented, only the Geschäftsführung does."""
    if directive.issued_at:
        return "Die Verfügung ist schon abverfügt und wird nicht mehr geändert."
    with_management = directive.presented_at and issuer_of(directive, actor.today) == Role.MANAGEMENT
    if with_management and not seat_as(actor, Role.MANAGEMENT, directive.case):
        return "Die Verfügung liegt bei der Geschäftsführung; ändern kann sie jetzt nur diese."
    return why_may_not(actor, Permission.DIRECT, directive.case)


def why_not_tick(actor: Actor, point: DirectivePoint, case: Case) -> str | None:
    """The sentence why this person does not tick off the point; None where they do, once it is issued."""
    if not point.directive.issued_at:
        return "Die Verfügung ist noch nicht abverfügt."
    if point.done_on:
        return "Dieser Punkt ist schon erledigt."
    if point.kind == PointKind.STATEMENT:
        return "Eine Stellungnahme endet mit ihrer Freigabe."
    return None if _is_for(point, actor, case) else "Diesen Punkt erledigt, wer darin genannt ist, oder das KRM."


def _is_for(point: DirectivePoint, actor: Actor, case: Case) -> bool:
    """Whether it is the desk's, that of the person named or asked, or that of who leads the unit today."""
    if any(seat.role == Role.KRM_OFFICER for seat in actor.seats_with(Permission.DIRECT, case.office_id)):
        return True
    asked = point.deadline.assignee_id if point.deadline else None
    leads = [*leads_of(point.unit, actor.today), lead_for(case, point.unit, actor.today)] if point.unit else []
    return not actor.holder_ids.isdisjoint({point.person_id, asked, *(lead.pk for lead in leads if lead)})


def point_data(directive: Directive) -> tuple[PointData, ...]:
    """The points as they were entered."""
    return tuple(PointData(PointKind(p.kind), p.text, p.unit_id, p.person_id, p.due_on) for p in directive.points.all())


def differences(
    directive: Directive,
    points: Sequence[PointData],
    *,
    lead_unit: Unit | None,
    signature_level: str,
    must_present: str,
) -> dict[str, tuple[str, str]]:
    """What is stored and what was entered, in words, where the two differ; by the label of the field."""
    entered = {
        "Federführung": (directive.lead_unit, lead_unit),
        "Schlusszeichnung": (directive.get_signature_level_display(), signature_level and Role(signature_level).label),
        "Vorlagepflichtig wegen": (directive.must_present, must_present),
        "Punkte": (in_words(point_data(directive)), in_words(points)),
    }
    in_both = {label: (str(stored or ""), str(mine or "")) for label, (stored, mine) in entered.items()}
    return {label: (stored, mine) for label, (stored, mine) in in_both.items() if stored != mine}


def in_words(points: Sequence[PointData]) -> str:
    """The points as lines: number, kind, who, until when, text."""
    units = Unit.objects.in_bulk({point.unit_id for point in points} - {None})
    people = User.objects.in_bulk({point.person_id for point in points} - {None})
    lines = []
    for number, point in enumerate(points, start=1):
        until = f"bis {point.due_on:%d.%m.%Y}" if point.due_on else ""
        parts = (POINT_LABELS[point.kind], people.get(point.person_id), units.get(point.unit_id), until)
        lines.append(f"{number}. {', '.join(str(part) for part in parts if part)}: {point.text}".rstrip(": "))
    return "\n".join(lines)


def problems_of(
    case: Case, points: Sequence[PointData], lead_unit: Unit | None, signature_level: str, today: date
) -> list[PointProblem]:
    """What a Verfügung lacks before it can be presented or issued, head first, each with the field it belongs to."""
    by_directive = case.rule_set.parameters.signature.final_by_directive
    head = head_problems(points, leads=lead_unit is not None, level=signature_level, by_directive=by_directive)
    return [*head, *point_problems(points, case_calendar(case), today), *_without_lead(case, points, today)]


def _without_lead(case: Case, points: Sequence[PointData], today: date) -> Iterator[PointProblem]:
    """Points for units in which nobody could take them on."""
    units = Unit.objects.in_bulk({point.unit_id for point in points} - {None})
    for index, point in enumerate(points):
        by_unit = point.kind == PointKind.STATEMENT or (point.kind in NEEDS_SOMEBODY and not point.person_id)
        unit = units.get(point.unit_id)
        found = TAKEN_ON_BY.get(point.kind, lead_for)
        if by_unit and unit and found(case, unit, today) is None:
            yield PointProblem(index, "to", f"„{unit}“ hat keine Leitung, die das übernehmen könnte.")


TAKEN_ON_BY = {PointKind.HANDLE: handler_for, PointKind.CO_SIGN: co_signer_for}


def with_lgf_copies(case: Case, points: tuple[PointData, ...], lead: Unit | None, today: date) -> tuple[PointData, ...]:
    """The points with the copies for the LGF that K19 asks for and nobody entered, before co-signature and Wv."""
    asked = {point.unit_id for point in points if point.kind in (PointKind.STATEMENT, PointKind.HANDLE)}
    units = list(Unit.objects.filter(pk__in=asked | ({lead.pk} if lead else set()), office=case.office_id))
    told = {point.person_id for point in points if point.kind == PointKind.COPY}
    missing = [user.pk for user in lgf_copies(case, units, today) if user.pk not in told]
    copy = PointData(PointKind.COPY, LGF_COPY)
    later = (PointKind.CO_SIGN, PointKind.SIGN, PointKind.FOLLOW_UP, PointKind.FILE)
    place = next((index for index, point in enumerate(points) if point.kind in later), len(points))
    return (*points[:place], *(replace(copy, person_id=pk) for pk in missing), *points[place:])
