"""The pages of the evaluation that somebody has, as tabs."""

from dataclasses import dataclass

from django.urls import reverse

from offices.middleware import Request
from offices.queries import Actor
from offices.roles import Permission
from reporting.reading.evaluating import has_houses_below, views_of

EVERY = (
    ("Überblick", "reporting:dashboard", lambda actor: bool(views_of(actor))),
    ("Häuser", "reporting:houses", lambda actor: has_houses_below(actor)),
    ("Berichte", "reporting:reports", lambda actor: actor.may(Permission.EVALUATE)),
    ("Maßnahmen", "reporting:measures", lambda actor: actor.may(Permission.EVALUATE)),
    ("Kundenbefragung", "reporting:surveys", lambda actor: may_see_surveys(actor)),
    ("Kennzahlen", "reporting:definitions", lambda actor: bool(views_of(actor)) or has_houses_below(actor)),
    ("Entlastung", "reporting:relief", lambda actor: actor.may(Permission.EVALUATE_RELIEF)),
)


@dataclass(frozen=True)
class Tab:
    label: str
    url: str
    active: bool


def may_see_surveys(actor: Actor) -> bool:
    return actor.may(Permission.ENTER_SURVEYS) or actor.may(Permission.EVALUATE)


def tabs(request: Request) -> list[Tab]:
    """None where there is only one page: then there is nothing to choose."""
    found = [Tab(label, reverse(name), False) for label, name, is_for in EVERY if is_for(request.actor)]
    best = max((tab.url for tab in found if request.path.startswith(tab.url)), key=len, default="")
    found = [Tab(tab.label, tab.url, tab.url == best) for tab in found]
    return found if len(found) > 1 else []
