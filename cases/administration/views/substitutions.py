"""Vertretungen: who is away until when, who acts „i. V.“, and where a circle leaves nobody."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from cases.administration.actions.substitutions import cancel_substitution, end_substitution, enter_substitution
from cases.administration.forms.substitutions import EndSubstitutionForm, SubstitutionForm, colleagues
from offices.forms import try_action
from offices.models import Membership, Substitution
from offices.queries import Actor
from offices.roles import Permission
from offices.rules.substitution import Absence, first_circles

PAST_SHOWN = 20


@dataclass(frozen=True)
class Row:
    """One entry with what the page says about it; `circle` is the warning in words or empty."""

    entry: Substitution
    circle: str
    may_end: bool


@require_GET
def substitutions(request):
    """Current and coming ones of the house for everybody; past ones for oneself and for those who keep them."""
    actor = request.actor
    if not actor.seats:
        raise Http404
    open_entries = list(_of_my_house(actor).filter(until_on__gte=actor.today).order_by("from_on", "pk"))
    mine = set(_mine(actor).filter(until_on__gte=actor.today).values_list("pk", flat=True))
    circles = _circles(actor.today, open_entries, among=open_entries)
    rows = [Row(entry, circle, entry.pk in mine) for entry, circle in zip(open_entries, circles, strict=True)]
    past = _mine(actor).filter(until_on__lt=actor.today).order_by("-until_on", "pk")
    context = {
        "warnings": dict.fromkeys(row.circle for row in rows if row.circle),
        "current": [row for row in rows if row.entry.from_on <= actor.today],
        "coming": [row for row in rows if row.entry.from_on > actor.today],
        "past": past[:PAST_SHOWN],
        "past_shown": PAST_SHOWN,
        "may_enter": actor.may(Permission.CHANGE_SUBSTITUTIONS),
    }
    return render(request, "administration/substitutions.html", context)


@require_http_methods(["GET", "POST"])
def substitution_new(request):
    """Enter one; a circle is saved all the same and said aloud, so that somebody can step in."""
    if not request.actor.may(Permission.CHANGE_SUBSTITUTIONS):
        raise Http404
    form = SubstitutionForm(request.POST or None, actor=request.actor)
    if form.is_valid():
        entry = try_action(form, enter_substitution, by=request.actor, **form.cleaned_data)
        if entry:
            messages.success(request, f"Eingetragen: {entry}.")
            open_entries = list(_of_my_house(request.actor).filter(until_on__gte=request.today))
            for circle in filter(None, _circles(request.today, [entry], among=open_entries)):
                messages.warning(request, circle)
            return redirect("cases:substitutions")
    status = 422 if form.errors else 200
    return render(request, "administration/substitution_new.html", {"form": form}, status=status)


@require_http_methods(["GET", "POST"])
def substitution_end(request, pk):
    """End a running one early by date, or take back one that has not begun."""
    entry = get_object_or_404(_mine(request.actor).filter(until_on__gte=request.today), pk=pk)
    has_begun = entry.from_on <= request.today
    form = EndSubstitutionForm(request.POST if has_begun and request.method == "POST" else None)
    if request.method == "POST" and not has_begun:
        cancel_substitution(by=request.actor, entry=entry)
        messages.success(request, "Die Vertretung ist zurückgenommen.")
        return redirect("cases:substitutions")
    if form.is_valid() and try_action(form, end_substitution, by=request.actor, entry=entry, **form.cleaned_data):
        messages.success(request, "Die Vertretung ist verkürzt.")
        return redirect("cases:substitutions")
    context = {"entry": entry, "form": form, "has_begun": has_begun}
    return render(request, "administration/substitution_end.html", context, status=422 if form.errors else 200)


def _of_my_house(actor: Actor) -> QuerySet[Substitution]:
    people = Membership.objects.filter(office__in=actor.office_ids()).values("user")
    return Substitution.objects.filter(absent__in=people).select_related("absent", "deputy")


def _mine(actor: Actor) -> QuerySet[Substitution]:
    """The entries the actor may end: the own ones, and those of the offices where it is part of the role."""
    people = colleagues(actor, actor.office_ids(Permission.SUBSTITUTE_OTHERS))
    own = Substitution.objects.filter(absent=actor.user_id)
    return (own | Substitution.objects.filter(absent__in=people)).select_related("absent", "deputy")


def _circles(today: date, entries: Sequence[Substitution], *, among: Sequence[Substitution]) -> list[str]:
    """For each entry the warning in words, empty where somebody is there on all its days from today."""
    absences = [Absence(e.absent_id, e.deputy_id, e.from_on, e.until_on) for e in among]
    spans = [(entry.absent_id, max(today, entry.from_on), entry.until_on) for entry in entries]
    names = {e.absent_id: str(e.absent) for e in among}
    return [_in_words(*found, names) if found else "" for found in first_circles(spans, absences)]


def _in_words(day: date, circle: tuple[int, ...], names: Mapping[int, str]) -> str:
    start = circle.index(min(circle))  # the same circle reads the same from whoever in it one looks
    people = circle[start:] + circle[:start]
    return (
        f"Ringvertretung ab {day:%d.%m.%Y}: {' → '.join(names[p] for p in (*people, people[0]))}. "
        "Niemand ist da; bitte eine weitere Person eintragen."
    )
