"""What the pages of routes show besides the routes themselves: versions, who acts for a body, what a change touches."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date

from cases.models import Case
from offices.calendars import Calendar
from offices.models import Office, User
from offices.queries import Actor, calendar_for, memberships_on
from offices.roles import APART_FROM_CASES, ROLES, Permission, Role
from petitions.models import Decision, DecisionOption, PlanVersion, Representative, Request, RouteSet
from petitions.rules.describing import condition_words
from petitions.rules.routes import Body, Routes
from petitions.rules.vocabulary import Requester


@dataclass(frozen=True)
class ActingFor:
    """A body outside the house and who acts for it here: an office that uses KRM, or single persons, or neither."""

    body: Body
    only: str
    at: Office | None
    people: tuple[User, ...]


@dataclass(frozen=True)
class Listed:
    """How many entries there are to be chosen for what a requester decides."""

    requester: Requester
    count: int


def latest_route_set(office: Office) -> RouteSet | None:
    """The version that begins last, which may still lie ahead; a new version is made from it."""
    return office.route_sets.order_by("-valid_from", "-version").first()


def calendar_by_rules(office: Office, day: date) -> Calendar:
    """The office's calendar as the rules count that hold on that day."""
    rule_set = office.rule_sets.in_force(day).order_by("-valid_from", "-version").first()
    counts = rule_set.parameters.closed_days_are_working_days if rule_set else True
    return calendar_for(office, closed_days_are_working_days=counts)


def acting_for(office: Office, routes: Routes) -> list[ActingFor]:
    """The bodies of the routes outside the house, in their order; the office itself is none of them."""
    by_body: dict[str, list[Representative]] = defaultdict(list)
    for entry in Representative.objects.filter(office=office).select_related("at", "user"):
        by_body[entry.body].append(entry)
    return [
        ActingFor(
            body=body,
            only=condition_words(body.only, ""),
            at=next((entry.at for entry in by_body[body.key] if entry.at), None),
            people=tuple(entry.user for entry in by_body[body.key] if entry.user),
        )
        for body in routes.bodies
        if not body.desk and body.key != routes.own_body
    ]


def running_chains(actor: Actor, office: Office) -> int:
    """Requests of petitions in sight whose chain has begun and is not over: they keep their plan."""
    cases = Case.objects.visible_to(actor).filter(office=office).open().order_by().values("pk")
    begun = PlanVersion.objects.values("request")
    return Request.objects.open().filter(petition__case__in=cases, pk__in=begun).count()


def people_to_act(office: Office, body: str, today: date) -> list[tuple[str, list[User]]]:
    """Who of the house can be named for a body, by role, representatives of the Träger first; and who is named now."""
    seats = memberships_on(today).filter(office=office).exclude(role__in=APART_FROM_CASES)
    found: dict[str, dict[int, User]] = defaultdict(dict)
    for seat in seats.select_related("user").order_by("user__last_name", "user__first_name", "pk"):
        found[seat.role].setdefault(seat.user_id, seat.user)
    named = Representative.objects.filter(office=office, body=body, user__isnull=False).select_related("user")
    known = {pk for people in found.values() for pk in people}
    others = [entry.user for entry in named if entry.user_id not in known]
    roles = sorted(ROLES, key=lambda role: role != Role.OWNER_REP)
    groups = [(role.label, list(found[role].values())) for role in roles if role in found]
    return [*groups, *([("ohne Rolle in dieser Dienststelle", others)] if others else [])]


def offices_for(actor: Actor, permission: Permission) -> list[Office]:
    """The offices in which somebody may do this, that of their own seat first."""
    ids = [seat.office_id for seat in actor.seats_with(permission)]
    found = {office.pk: office for office in Office.objects.filter(pk__in=ids)}
    return [found[pk] for pk in dict.fromkeys(ids)]


def listed_decisions(office: Office) -> list[Listed]:
    """Every requester with the number of decisions that can be entered for it."""
    active = office.decision_options.filter(is_active=True).values_list("requester", flat=True)
    counts: dict[str, int] = defaultdict(int)
    for requester in active:
        counts[requester] += 1
    return [Listed(requester, counts[requester]) for requester in Requester]


def decided_with(options: list[DecisionOption]) -> set[int]:
    """Ids of those that have been decided at least once; their words stay."""
    return set(Decision.objects.filter(option__in=options).values_list("option", flat=True))
