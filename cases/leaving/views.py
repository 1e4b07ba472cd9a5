"""Hand-overs in bulk: choose, see what would change hands and what stays, confirm, see what stayed."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from cases.leaving.actions.give_reason import give_reason
from cases.leaving.actions.hand_on import hand_on_person, hand_on_unit, preview_person, preview_unit
from cases.leaving.forms import PersonHandOnForm, ReasonForm, UnitHandOnForm
from cases.leaving.reading.occasion import reason_in_force, why_not_listed
from offices.forms import try_action
from offices.roles import Permission


@dataclass(frozen=True)
class Way:
    label: str
    form: type[PersonHandOnForm | UnitHandOnForm]
    preview: Any
    carry_out: Any


WAYS = {
    "person": Way("Eine Person", PersonHandOnForm, preview_person, hand_on_person),
    "einheit": Way("Eine Einheit", UnitHandOnForm, preview_unit, hand_on_unit),
}


@require_http_methods(["GET", "POST"])
def hand_on(request):
    """GET shows the choice and, once chosen, what would change hands; POST carries it out."""
    actor = _actor(request)
    chosen = request.GET.get("art")
    chosen = chosen if chosen in WAYS else "person"
    way = WAYS[chosen]
    if request.method == "POST":
        form = way.form(request.POST, actor=actor)
        if form.is_valid() and (moved := try_action(form, way.carry_out, by=actor, **form.cleaned_data)):
            told = f"Die Arbeit von {form.names[0]} ist übergeben." if moved.lines else "Es war nichts zu übergeben."
            messages.success(request, told)
            return redirect(_address(form, art=chosen, fertig="1"))
        return _show(request, chosen, form, status=422)
    asked = set(way.form.base_fields) & set(request.GET)
    form = way.form(request.GET if asked else None, actor=actor)
    context = {"is_done": "fertig" in request.GET}
    if form.is_valid():
        people, entered = form.names, dict(form.cleaned_data)
        context["work"] = try_action(form, way.preview, by=actor, **entered)
        context |= {"names": people} | (_occasion(request, entered) if chosen == "person" else {})
    return _show(request, chosen, form, **context)


@require_POST
def hand_on_reason(request):
    """Say why the work of somebody who stays is handed on; then the list opens."""
    actor = _actor(request)
    form, reason = PersonHandOnForm(request.POST, actor=actor), ReasonForm(request.POST)
    if all([form.is_valid(), reason.is_valid()]):
        office, leaver = form.cleaned_data["office"], form.cleaned_data["leaver"]
        if try_action(reason, give_reason, by=actor, office=office, leaver=leaver, **reason.cleaned_data):
            return redirect(_address(form, art="person"))
    return _show(request, "person", form, reason_form=reason, status=422)


def _actor(request):
    if not request.actor.may(Permission.HAND_ON):
        raise Http404
    return request.actor


def _occasion(request, entered: dict) -> dict:
    """The reason that opened the list, or the form that asks for one."""
    whose = entered["office"], entered["leaver"], request.today
    return {
        "reason": reason_in_force(*whose),
        "reason_form": ReasonForm() if why_not_listed(*whose) else None,
    }


def _address(form, **query: str) -> str:
    return reverse("cases:hand_on", query=query | {name: form.data[name] for name in form.fields})


def _show(request, chosen: str, form, *, status: int = 200, **context):
    context |= {"ways": WAYS, "chosen": chosen, "form": form, "forms": [form, context.get("reason_form")]}
    return render(request, "leaving/hand_on.html", context, status=status)
