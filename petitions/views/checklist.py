"""The checklist: filled in where KRM checks, and the office's own list."""

from collections.abc import Iterator

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from offices.forms import try_action
from offices.roles import Permission
from petitions.actions.checklist import fill_checklist, save_checklist_item
from petitions.forms.checklist import ChecklistItemForm, FoundForm
from petitions.models import ChecklistItem
from petitions.permissions import why_not_act
from petitions.reading.checklist import checklist as checklist_of
from petitions.reading.checklist import has_checklist, why_not_checked
from petitions.reading.lookup import visible_station
from petitions.reading.statement import sees_whole
from petitions.rules.vocabulary import CheckArea


@require_http_methods(["GET", "POST"])
def checklist(request, pk):
    """For who sees the petition as a whole; whoever acts at the station fills it in."""
    station = visible_station(request.actor, pk)
    case = station.request.petition.case
    why_not = why_not_act(request.actor, station, case) if station.is_open else "Hier ist geprüft."
    if not has_checklist(station) or (why_not and not sees_whole(request.actor, case)):
        raise Http404
    rows = checklist_of(station)
    forms = [FoundForm(request.POST or None, row=row) for row in rows]
    if forms and all([form.is_bound and form.is_valid() for form in forms]):
        found = {form.row.item.pk: form.point for form in forms}
        if after := try_action(forms[0], fill_checklist, by=request.actor, station=station, found=found):
            still_open = why_not_checked(after)
            messages.add_message(
                request, messages.INFO if still_open else messages.SUCCESS, still_open or "Alles ist geprüft."
            )
            return redirect("petitions:checklist", pk)
    context = {
        "station": station,
        "petition": station.request.petition,
        "case": case,
        "rows": rows,
        "settled": sum(row.point.is_settled for row in rows),
        "areas": list(_by_area(forms)),
        "refused": [form for form in forms if form.is_bound and form.errors],
        "why_not_fill": why_not,
        "why_not_pass": why_not_checked(rows),
    }
    return render(request, "petitions/checklist.html", context, status=422 if request.method == "POST" else 200)


def _by_area(forms: list[FoundForm]) -> Iterator[tuple[str, list[FoundForm]]]:
    for area in CheckArea:
        if found := [form for form in forms if form.row.item.area == area]:
            yield area.label, found


@require_safe
def checklist_items(request):
    """Every point of the actor's offices in the order of the list, retired ones marked."""
    entries = _own(request).select_related("office").order_by("office__name", "position", "pk")
    return render(request, "petitions/checklist_items.html", {"items": entries})


@require_http_methods(["GET", "POST"])
def checklist_item_new(request):
    _own(request)
    return _form(request, ChecklistItemForm(request.POST or None, actor=request.actor))


@require_http_methods(["GET", "POST"])
def checklist_item(request, pk):
    """Say a point otherwise, move it, retire it or offer it again."""
    found = get_object_or_404(_own(request), pk=pk)
    return _form(request, ChecklistItemForm(request.POST or None, instance=found, actor=request.actor), found)


def _own(request):
    office_ids = request.actor.office_ids(Permission.CHANGE_RULES)
    if not office_ids:
        raise Http404
    return ChecklistItem.objects.filter(office__in=office_ids)


def _form(request, form: ChecklistItemForm, found: ChecklistItem | None = None):
    if form.is_valid() and try_action(form, save_checklist_item, by=request.actor, item=form.instance):
        messages.success(request, "Der Punkt ist gespeichert.")
        return redirect("petitions:checklist_items")
    context = {"form": form, "item": found}
    return render(request, "petitions/checklist_item.html", context, status=422 if form.errors else 200)
