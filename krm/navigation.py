"""What every page shows around its content: navigation, office, role, and for whom somebody stands in."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.functional import SimpleLazyObject

from offices.queries import Actor
from offices.roles import Permission, Role, Scope
from reporting.reading.evaluating import views_of


@dataclass(frozen=True)
class Place:
    """A page of the navigation: for whom it is there, and what one finds there (shown on the start page)."""

    label: str
    url_name: str
    text: str
    is_for: Callable[[Actor], bool]


@dataclass(frozen=True)
class NavItem:
    label: str
    url: str
    text: str
    active: bool


def _may(permission: Permission) -> Callable[[Actor], bool]:
    return lambda actor: actor.may(permission)


def _sits_at_the_desk(actor: Actor) -> bool:
    """As Transfer.objects.visible_to: whoever decides about Kein KRM or keeps its files, and the Datenschutz."""
    return actor.has_role(Role.DPO) or any(
        seat.scope == Scope.OFFICE
        and (seat.may(Permission.TRIAGE) or seat.may(Permission.DISPATCH) or seat.may(Permission.EXTEND))
        for seat in actor.seats_with(Permission.READ_CASES)
    )


def _sees_a_part_of_the_house(actor: Actor) -> bool:
    return any(seat.scope != Scope.NONE for seat in actor.seats_with(Permission.READ_CASES))


PLACES = (
    Place("Mein Tag", "home", "Was heute zu tun ist", lambda actor: True),
    Place("Mitteilungen", "cases:notices", "Woran KRM Sie erinnert hat", lambda actor: True),
    Place("Vorgänge", "cases:list", "Suchen und filtern", _may(Permission.READ_CASES)),
    Place(
        "Petitionen",
        "petitions:register",
        "Wer sie hat, seit wann, bis wann",
        _sees_a_part_of_the_house,
    ),
    Place("Auswertung", "reporting:dashboard", "Zahlen, Berichte, Maßnahmen", lambda actor: bool(views_of(actor))),
    Place(
        "Kundenbefragung",
        "reporting:surveys",
        "Noten je Halbjahr und Bezugsgrößen eintragen",
        lambda actor: actor.may(Permission.ENTER_SURVEYS) and not actor.may(Permission.EVALUATE),
    ),
    Place("Erfassen", "cases:register", "Eine Kundenreaktion aufnehmen", _may(Permission.REGISTER)),
    Place("Zeichnen", "cases:sign_desk", "Schreiben, die auf Ihre Unterschrift warten", _may(Permission.SIGN)),
    Place("Kein KRM", "cases:transfers", "Was an andere Stellen abzugeben ist", _sits_at_the_desk),
    Place(
        "Vor Ort erledigt", "cases:on_the_spot", "Sofort Erledigtes anonym zählen", _may(Permission.COUNT_ON_THE_SPOT)
    ),
    Place("Protokoll", "cases:log", "Wer wann was getan hat, mit Prüfsumme", _may(Permission.READ_LOG)),
    Place("Fristenrechner", "offices:due_dates", "Wann eine Frist endet und warum", _may(Permission.READ_RULES)),
    Place("Kalender", "cases:days", "Feiertage und dienstfreie Tage", _may(Permission.READ_RULES)),
    Place("Regelwerke", "offices:rule_sets", "Welche Regel seit wann gilt, mit Quelle", _may(Permission.READ_RULES)),
    Place("Berichtswege", "petitions:routes", "Welche Stellen eine Petition passiert", _may(Permission.READ_RULES)),
    Place("Rollen", "offices:roles", "Wer was darf", _may(Permission.READ_RULES)),
    Place(
        "Vertretungen",
        "cases:substitutions",
        "Wer für wen handelt, von wann bis wann",
        _may(Permission.CHANGE_SUBSTITUTIONS),
    ),
    Place("Themen", "cases:topics", "Unter welchen Themen Anliegen erfasst werden", _may(Permission.CHANGE_TOPICS)),
    Place("Übergaben", "cases:hand_on", "Offene Arbeit in andere Hände geben", _may(Permission.HAND_ON)),
    Place(
        "Textbausteine",
        "cases:text_blocks",
        "Absätze, die in mehreren Schreiben gleich lauten",
        _may(Permission.CHANGE_TEXT_BLOCKS),
    ),
    Place(
        "Prüfliste",
        "petitions:checklist_items",
        "Was an jeder Stellungnahme geprüft wird",
        _may(Permission.CHANGE_RULES),
    ),
    Place("Personen", "cases:people", "Konten, Rollen von-bis, Einheiten", _may(Permission.CHANGE_PEOPLE)),
    Place("Technik", "technical", "Zustand von KRM, wartende E-Mails, Aufgaben", _may(Permission.READ_HEALTH)),
)


def navigation(request: HttpRequest) -> dict[str, object]:
    """Context for base.html; nothing is worked out on answers that do not show it."""
    actor = getattr(request, "actor", None)
    if actor is None or not request.user.is_authenticated:
        return {}
    return {
        "nav": SimpleLazyObject(lambda: _nav(actor, request.path)),  # stands twice on the page
        "office_name": SimpleLazyObject(lambda: ", ".join(sorted(o.name for o in actor.offices.values()))),
        "user_role": SimpleLazyObject(lambda: ", ".join(dict.fromkeys(_own_roles(actor)))),
        "deputy_for": SimpleLazyObject(
            lambda: sorted(str(u) for pk, u in actor.holders.items() if pk != actor.user_id)
        ),
    }


def _nav(actor: Actor, path: str) -> str:
    return render_to_string("_partials/nav.html", {"nav_items": list(places_for(actor, path))})


def places_for(actor: Actor, path: str) -> Iterator[NavItem]:
    """The pages that are there for this person, in their order; the one that `path` belongs to is active."""
    for place in PLACES:
        if place.is_for(actor):
            url = reverse(place.url_name)
            yield NavItem(place.label, url, place.text, path == url or (url != "/" and path.startswith(url)))


def _own_roles(actor: Actor) -> Iterator[str]:
    for seat in actor.seats:
        if seat.holder_id == actor.user_id:
            yield Role(seat.role).label
