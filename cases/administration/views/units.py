"""The units of the house, kept by the technical administration."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from cases.administration.actions.people import save_unit
from cases.administration.forms.people import UnitForm
from offices.forms import try_action
from offices.models import Unit
from offices.roles import Permission


@require_GET
def units(request):
    entries = _visible(request).select_related("office", "parent").order_by("office__name", "number")
    return render(request, "administration/units.html", {"units": entries})


@require_http_methods(["GET", "POST"])
def unit_new(request):
    _visible(request)
    return _form(request, UnitForm(request.POST or None, actor=request.actor))


@require_http_methods(["GET", "POST"])
def unit(request, pk):
    """Rename a unit, move it below another, or note that it no longer exists."""
    found = get_object_or_404(_visible(request).select_related("office"), pk=pk)
    return _form(request, UnitForm(request.POST or None, instance=found, actor=request.actor), found=found)


def _visible(request):
    office_ids = request.actor.office_ids(Permission.CHANGE_PEOPLE)
    if not office_ids:
        raise Http404
    return Unit.objects.filter(office__in=office_ids)


def _form(request, form: UnitForm, found: Unit | None = None):
    if form.is_valid() and try_action(form, save_unit, by=request.actor, unit=form.instance):
        messages.success(request, f"Gespeichert: {form.instance}.")
        return redirect("cases:units")
    context = {"form": form, "unit": found}
    return render(request, "administration/unit.html", context, status=422 if form.errors else 200)
