"""The routes of an office as versions, who acts for the bodies on them, and what committees can decide."""

from collections.abc import Iterable
from datetime import date, timedelta

from django.utils import timezone

from cases.permissions import check_may_in
from cases.recording import record
from cases.unit_of_work import action
from offices.actions import NO_OCCASION
from offices.errors import NotAllowed
from offices.models import Office, User
from offices.queries import Actor, memberships_on
from offices.roles import APART_FROM_CASES, Permission
from petitions.actions.checklist import adopt_checklist
from petitions.models import DecisionOption, Representative, RouteSet
from petitions.reading.routes import routes_in_force
from petitions.rules.presets import GENERAL, load, offices
from petitions.rules.routes import Routes
from petitions.rules.vocabulary import Requester

# The list of the Land's Bürgerbeauftragte (B2-8); parliaments have their own, kept as data of the office.
DECISIONS = (
    "Berücksichtigung",
    "Erwägung",
    "Material",
    "Kenntnisnahme",
    "nicht abhelfbar",
    "erledigt",
    "keine sachliche Prüfung",
)
DECIDING = (Requester.BUNDESTAG, Requester.LANDTAG, Requester.OMBUDSPERSON)


@action
def adopt_routes(*, office: Office) -> RouteSet:
    """The office's first routes, taken from those shipped for it or the general ones, with what committees decide
    and what KRM checks."""
    preset = load(office.slug if office.slug in offices() else GENERAL)
    DecisionOption.objects.bulk_create(
        DecisionOption(office=office, requester=requester, label=label, position=position)
        for requester in DECIDING
        for position, label in enumerate(DECISIONS, start=1)
    )
    adopt_checklist(office)
    return RouteSet.objects.create(
        office=office,
        version=1,
        title=preset.about.title,
        source=preset.about.source,
        note=preset.about.note,
        valid_from=preset.about.valid_from,
        document=preset.routes.to_dict(),
        reason="Übernahme der veröffentlichten Regelung",
        created_at=timezone.now(),
    )


@action
def change_routes(
    *, by: Actor, office: Office, routes: Routes, valid_from: date, reason: str, base: RouteSet | None = None
) -> RouteSet:
    """A later version of the routes; the one before ends the day before, what is in force is never edited.

    `base`: the version it was made from. NotAllowed where that is no longer the last one, for a version that begins in
    the past, changes nothing, or has no reason.
    """
    check_may_in(by, Permission.CHANGE_RULES, office.pk)
    if not reason.strip():
        raise NotAllowed(NO_OCCASION, "reason")
    if valid_from < by.today:
        raise NotAllowed("Eine neue Fassung kann nicht rückwirkend gelten; bitte heute oder später.", "valid_from")
    Office.objects.select_for_update(no_key=True).get(pk=office.pk)
    versions = list(office.route_sets.order_by("valid_from", "version"))
    last = versions[-1] if versions else None
    if base and base != last:
        raise NotAllowed("Inzwischen gibt es eine spätere Fassung; eine neue entsteht immer aus der letzten.")
    if last and valid_from <= last.valid_from:
        raise NotAllowed(f"Die neue Fassung muss nach dem {last.valid_from:%d.%m.%Y} beginnen.", "valid_from")
    if last and routes.to_dict() == last.document:
        raise NotAllowed("Es wurde nichts geändert.")
    if last and (last.valid_until is None or last.valid_until >= valid_from):
        last.valid_until = valid_from - timedelta(days=1)
        last.save(update_fields=["valid_until"])
    made = RouteSet.objects.create(
        office=office,
        version=max((found.version for found in versions), default=0) + 1,
        title=last.title if last else f"Berichtswege: {office}",
        source=last.source if last else "",
        note=last.note if last else "",
        valid_from=valid_from,
        document=routes.to_dict(),
        reason=reason.strip(),
        created_at=timezone.now(),
        created_by_id=by.user_id,
    )
    record(
        "routes.changed",
        by=by,
        permission=Permission.CHANGE_RULES,
        office_id=office.pk,
        valid_from=valid_from.isoformat(),
    )
    return made


@action
def name_representatives(
    *, by: Actor, office: Office, body: str, at: Office | None = None, users: Iterable[User] = ()
) -> None:
    """From now on this office that uses KRM, or these persons, act for a body of the routes; nobody where both are
    left out. Chains that run keep whom they have until the station's next turn.

    NotAllowed for a body of the house or an unknown one, the office itself, an office and persons together, and for
    people who run, check or measure a house (B4-12).
    """
    check_may_in(by, Permission.CHANGE_RULES, office.pk)
    people = list(users)
    known = {found.key: found for found in routes_in_force(office, by.today).routes.bodies}
    if body not in known or known[body].desk:
        raise NotAllowed("Diese Stelle gibt es außerhalb des Hauses nicht.", "body")
    if at and people:
        raise NotAllowed("Für eine Stelle handelt eine Dienststelle oder es handeln Personen, nicht beides.", "at")
    if at == office:
        raise NotAllowed("Die Dienststelle selbst ist keine Stelle außerhalb.", "at")
    apart = memberships_on(by.today).filter(user__in=people, role__in=APART_FROM_CASES)
    if people and apart.exists():
        raise NotAllowed("Wer das Haus technisch betreut, prüft oder auswertet, handelt für keine Stelle.", "users")
    Representative.objects.filter(office=office, body=body).delete()
    Representative.objects.bulk_create(
        [Representative(office=office, body=body, at=at)]
        if at
        else [Representative(office=office, body=body, user=user) for user in people]
    )
    record("routes.body_named", by=by, permission=Permission.CHANGE_RULES, office_id=office.pk, body=known[body].name)
