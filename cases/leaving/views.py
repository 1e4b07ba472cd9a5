"""Hand-overs in bulk: choose, see what would change hands and what stays, confirm, see what stayed."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from cases.leaving.actions import hand_on as actions
from cases.leaving.forms import PersonHandOnForm, UnitHandOnForm
from offices.forms import try_action
from offices.roles import Permission


@dataclass(frozen=True)
class Way:
    label: str
    form: type[PersonHandOnForm | UnitHandOnForm]
    preview: Any
    carry_out: Any


WAYS = {
    "person": Way("Eine Person", PersonHandOnForm, actions.preview_person, actions.hand_on_person),
    "einheit": Way("Eine Einheit", UnitHandOnForm, actions.preview_unit, actions.hand_on_unit),
}


@require_http_methods(["GET", "POST"])
def hand_on(request):
    """GET shows the choice and, once chosen, what would change hands; POST carries it out."""
    actor = request.actor
    if not actor.may(Permission.HAND_ON):
        raise Http404
    chosen = request.GET.get("art")
    chosen = chosen if chosen in WAYS else "person"
    way, context = WAYS[chosen], {"ways": WAYS, "chosen": chosen}
    if request.method == "POST":
        form = way.form(request.POST, actor=actor)
        if form.is_valid() and (moved := try_action(form, way.carry_out, by=actor, **form.cleaned_data)):
            messages.success(request, _in_words(moved))
            query = {"art": chosen, "fertig": "1"} | {name: form.data[name] for name in form.fields}
            return redirect(reverse("cases:hand_on", query=query))
        return render(request, "leaving/hand_on.html", {**context, "form": form}, status=422)
    asked = set(way.form.base_fields) & set(request.GET)
    form = way.form(request.GET if asked else None, actor=actor)
    balance = form.is_valid() and try_action(form, way.preview, by=actor, **form.cleaned_data)
    context |= {"form": form, "balance": balance or None, "is_done": "fertig" in request.GET}
    return render(request, "leaving/hand_on.html", context)


def _in_words(moved) -> str:
    parts = (
        (moved.cases, "Vorgang", "Vorgänge"),
        (moved.concerns, "Anliegen", "Anliegen"),
        (moved.assignments, "Auftrag", "Aufträge"),
        (moved.follow_ups, "Wiedervorlage", "Wiedervorlagen"),
        (moved.stations, "Station einer Stellungnahme", "Stationen von Stellungnahmen"),
    )
    told = [f"{count} {one if count == 1 else many}" for count, one, many in parts if count]
    return f"Übergeben: {', '.join(told)}." if told else "Es war nichts (mehr) zu übergeben."
