"""The Verfügung: drafted by the KRM, presented where K19 asks for it, issued; from then on its points are duties."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date

from django.utils import timezone

from cases.asking import ask, finish, take_back
from cases.deadlines.actions.ending import meet
from cases.directives.actions.points import record_directive, take_effect
from cases.directives.reading.directive import (
    differences,
    issuer_of,
    lead_for,
    levels_of,
    managers,
    point_data,
    problems_of,
    proposal,
    seat_as,
    why_not_change,
    why_not_issue,
    with_lgf_copies,
)
from cases.handling.actions.assign import watch_return
from cases.handling.actions.notes import keep_note
from cases.intake.actions.register import FOREIGN_UNITS
from cases.models import Case, Deadline, Directive, DirectivePoint, Letter
from cases.permissions import foreign, why_kept_out, why_not_ask, why_not_co_sign, why_not_decide, works_on_nothing
from cases.recording import locked, move, refresh_next_due, save
from cases.rules.assignments import AssignmentKind
from cases.rules.directives import UNIT_TASKS, PointData, PointKind
from cases.rules.lifecycle import Status, Step, target_of
from cases.unit_of_work import action
from offices.errors import ChangedMeanwhile, NotAllowed
from offices.models import Unit, User
from offices.queries import Actor, memberships_on
from offices.roles import WORKING_ROLES, Permission, Role

NOTHING_TO_CHANGE = "Bitte sagen, was an der Verfügung zu ändern ist."
POINT_FIELDS = ("kind", "text", "unit_id", "person_id", "due_on")


@action
def draft_directive(*, by: Actor, case: Case) -> Directive:
    """A new Verfügung with the points the rules propose, or the draft there is; another one follows an issued one.

    NotAllowed in a state in which it could not be issued.
    """
    case = locked(case, by=by, permission=Permission.DIRECT)
    if draft := case.directives.filter(round=case.round, issued_at__isnull=True).first():
        return draft
    target_of(Step.DIRECT_TO_UNIT, Status(case.status))
    proposed = proposal(case, by.today)
    directive = Directive.objects.create(
        case=case,
        round=case.round,
        number=case.directives.filter(round=case.round).count() + 1,
        lead_unit=proposed.lead_unit,
        signature_level=proposed.signature_level,
        drafted_at=timezone.now(),
        drafted_by_id=by.user_id,
    )
    _keep_points(directive, proposed.points)
    record_directive("directive.drafted", directive, by)
    return directive


@action
def save_directive(
    *,
    by: Actor,
    directive: Directive,
    expected_version: int,
    points: Sequence[PointData],
    lead_unit: Unit | None,
    signature_level: str,
    must_present: str,
) -> Directive:
    """Keep a draft as it stands on the page; what is not complete yet is asked when it is presented or issued.

    `must_present` is an entry of the office's list (K19) or empty. ChangedMeanwhile where somebody saved in between;
    NotAllowed for units and people of other offices, a level that K21 does not know, and somebody kept out (B4-8).
    """
    directive = _locked_draft(directive, by)
    case = directive.case
    entered = {"lead_unit": lead_unit, "signature_level": signature_level, "must_present": must_present}
    if directive.version != expected_version:
        raise ChangedMeanwhile(differences(directive, points, **entered), directive.version)
    if signature_level and signature_level not in levels_of(case):
        raise NotAllowed("Diese Schlusszeichnung sieht das Regelwerk nicht vor (K21).", "signature_level")
    if must_present and must_present not in case.rule_set.parameters.first_stop.must_present:
        raise NotAllowed("Dieser Grund steht nicht auf der Liste der vorlagepflichtigen Fälle (K19).", "must_present")
    _check_people(case, points, lead_unit, by.today)
    for name, value in entered.items():
        setattr(directive, name, value)
    directive.version += 1
    directive.save(update_fields=[*entered, "version"])
    directive.points.all().delete()
    _keep_points(directive, with_lgf_copies(case, tuple(points), lead_unit, by.today))
    return directive


@action
def present_directive(*, by: Actor, directive: Directive, expected_version: int) -> Directive:
    """Lay a complete draft before the Geschäftsführung, which signs it (PAN-20, PAN-26).

    NotAllowed where the KRM issues it itself, while something is missing, and while a signed answer waits to be sent.
    """
    directive = _locked_draft(directive, by)
    case = directive.case
    _check_version(directive, expected_version)
    _check_nothing_signed(case)
    if issuer_of(directive, by.today) != Role.MANAGEMENT:
        raise NotAllowed("Diese Verfügung zeichnet das KRM selbst; sie muss nicht vorgelegt werden (K19).")
    if directive.presented_at:
        raise NotAllowed("Die Verfügung ist schon vorgelegt.")
    _check_complete(directive, by.today)
    manager = _free_manager(case, by.today)
    move(case, Step.PRESENT_DIRECTIVE, by=by)
    directive.presented_at, directive.presented_by_id = timezone.now(), by.user_id
    directive.version += 1
    directive.save(update_fields=["presented_at", "presented_by", "version"])
    meet(case, Deadline.Kind.PRESENTATION, by.today, by=by)
    refresh_next_due(case)
    ask(case, AssignmentKind.ISSUE_DIRECTIVE, manager, by=by, due_on=by.today, directive=directive)
    save(case)
    record_directive("directive.presented", directive, by)
    return directive


@action
def return_directive(*, by: Actor, directive: Directive, note: str) -> Directive:
    """The Geschäftsführung gives the draft back to the KRM and says why."""
    directive = _locked_draft(directive, by)
    case = directive.case
    if not directive.presented_at:
        raise NotAllowed("Die Verfügung ist nicht vorgelegt.")
    if reason := why_not_issue(by, directive):
        raise NotAllowed(reason)
    if not note.strip():
        raise NotAllowed(NOTHING_TO_CHANGE, "note")
    move(case, Step.RETURN_DIRECTIVE, by=by)
    directive.presented_at = directive.presented_by = None
    directive.version += 1
    directive.save(update_fields=["presented_at", "presented_by", "version"])
    finish(case, AssignmentKind.ISSUE_DIRECTIVE, by=by, directive=directive)
    save(case)
    record_directive("directive.returned", directive, by, note=keep_note(case, note, by=by))
    return directive


@action
def issue_directive(*, by: Actor, directive: Directive, expected_version: int) -> Directive:
    """Abverfügen, once: from now on the points are requests, dates and copies (GER-15, GERA-19, PAN-21).

    The leading unit gets the case where one is asked for something, and its lead is responsible (PAN-12). NotAllowed
    for whoever K19 does not name, for what is incomplete, for dates that are past or no Arbeitstag, and while an answer
    signed as the former Verfügung says waits to be sent (PAN-23).
    """
    directive = _locked_draft(directive, by)
    case = directive.case
    _check_version(directive, expected_version)
    _check_nothing_signed(case)
    if reason := why_not_issue(by, directive):
        raise NotAllowed(reason)
    points, role = _check_complete(directive, by.today), issuer_of(directive, by.today)
    unit = _unit_asked(directive, points)
    if unit:
        _give_to_unit(case, unit, by)
    elif case.status != Status.WITH_KRM:
        move(case, Step.DIRECT_TO_KRM, by=by)
    directive.issued_at, directive.issued_by_id = timezone.now(), by.user_id
    holder_id = seat_as(by, role, case).holder_id
    directive.issued_for_id = None if holder_id == by.user_id else holder_id
    directive.version += 1
    directive.save()
    meet(case, Deadline.Kind.PRESENTATION, by.today, by=by)
    finish(case, AssignmentKind.ISSUE_DIRECTIVE, by=by, directive=directive)
    save(case)
    record_directive("directive.issued", directive, by)
    for point in points:
        take_effect(case, directive, point, by)
    if unit and not any(point.kind == PointKind.FOLLOW_UP for point in points):
        watch_return(case, by)
    refresh_next_due(case)
    case.save(update_fields=["next_due_on"])
    return directive


@action
def discard_directive(*, by: Actor, directive: Directive) -> None:
    """Delete a draft that nobody has before them."""
    directive = _locked_draft(directive, by)
    if directive.presented_at:
        raise NotAllowed("Die Verfügung liegt der Geschäftsführung vor.")
    record_directive("directive.discarded", directive, by)
    directive.delete()


def drop_draft(case: Case, *, by: Actor) -> None:
    """A case that ends takes its unfinished Verfügung with it; called by actions that have locked the case."""
    for draft in case.directives.filter(issued_at__isnull=True):
        take_back(case, by=by, directive=draft)
        record_directive("directive.discarded", draft, by)
        draft.delete()


def _unit_asked(directive: Directive, points: Sequence[DirectivePoint]) -> Unit | None:
    """The unit that gets the case: the leading one, else the first one asked; what a person does needs none."""
    asked = [point for point in points if point.kind in UNIT_TASKS]
    return directive.lead_unit or next((p.unit for p in asked if p.unit), None) if asked else None


def _give_to_unit(case: Case, unit: Unit, by: Actor) -> None:
    if case.status != Status.WITH_UNIT:
        move(case, Step.DIRECT_TO_UNIT, by=by)
        case.handler = None
    else:
        target_of(Step.DIRECT_TO_UNIT, Status(case.status))
    case.responsible = lead_for(case, unit, by.today)
    if case.unit_id != unit.pk:
        case.unit, case.handler, case.turn_since = unit, None, by.today
        case.deadlines.open().in_new_hands()


def _free_manager(case: Case, today: date) -> User:
    free = [user for user in managers(case, today) if why_not_ask(case, user, today) is None]
    if not free:
        raise NotAllowed(
            "Niemand aus der Geschäftsführung kann diese Verfügung zeichnen; bitte Zugriff und Rollen prüfen."
        )
    return free[0]


def _locked_draft(directive: Directive, by: Actor) -> Directive:
    """The draft as it is now, behind the lock of its case."""
    case = locked(directive.case, by=by, permission=Permission.DIRECT)
    current = Directive.objects.select_for_update(of=("self",), no_key=True).filter(pk=directive.pk).first()
    if current is None:
        raise NotAllowed("Der Entwurf der Verfügung wurde inzwischen verworfen.")
    if current.issued_at:
        raise NotAllowed("Die Verfügung ist schon abverfügt; Weiteres regelt eine neue.")
    current.case = case
    if reason := why_not_change(by, current):
        raise NotAllowed(reason)
    return current


def _check_version(directive: Directive, expected_version: int) -> None:
    if directive.version != expected_version:
        raise ChangedMeanwhile({}, directive.version)


def _check_nothing_signed(case: Case) -> None:
    """What is signed either leaves the house as it was directed, or is taken back before something else is."""
    if case.letters.filter(round=case.round, kind=Letter.Kind.FINAL, issued_at__isnull=False, sent_on=None).exists():
        raise NotAllowed(
            "Das Abschlussschreiben ist gezeichnet, aber nicht versandt; bitte erst versenden oder zurücknehmen."
        )


def _check_complete(directive: Directive, today: date) -> list[DirectivePoint]:
    """The points of a Verfügung that lacks nothing; NotAllowed with all that is missing."""
    points = list(directive.points.select_related("unit", "person"))
    data = point_data(directive)
    if missing := problems_of(directive.case, data, directive.lead_unit, directive.signature_level, today):
        raise NotAllowed(" ".join(map(str, missing)))
    _check_people(directive.case, data, directive.lead_unit, today)
    return points


def _check_people(case: Case, points: Sequence[PointData], lead_unit: Unit | None, today: date) -> None:
    units = {p.unit_id for p in points} | {lead_unit.pk if lead_unit else None}
    units.discard(None)
    if case.office.units.filter(pk__in=units, is_active=True).count() != len(units):
        raise NotAllowed(FOREIGN_UNITS)
    people = User.objects.in_bulk({p.person_id for p in points} - {None})
    handling = {p.person_id for p in points if p.kind == PointKind.HANDLE}
    signing = {p.person_id for p in points if p.kind == PointKind.CO_SIGN}
    working = handling | signing
    roles = defaultdict(set)
    seats = memberships_on(today).filter(user__in=people, office=case.office_id)
    for user_id, role in seats.values_list("user", "role"):
        roles[user_id].add(role)
    for user in people.values():
        if not roles[user.pk]:
            raise NotAllowed(foreign(user))
        if user.pk in working and WORKING_ROLES.isdisjoint(roles[user.pk]):
            raise NotAllowed(works_on_nothing(user))
        reason = why_not_decide(case, user, today) if user.pk in handling else why_kept_out(case, user, today)
        if user.pk in signing:
            reason = reason or why_not_co_sign(case, user, today)
        if reason:
            raise NotAllowed(reason)


def _keep_points(directive: Directive, points: Sequence[PointData]) -> None:
    DirectivePoint.objects.bulk_create(
        DirectivePoint(directive=directive, position=number, **{name: getattr(point, name) for name in POINT_FIELDS})
        for number, point in enumerate(points, start=1)
    )
