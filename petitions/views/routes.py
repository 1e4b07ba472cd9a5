"""The routes of an office as readable pages: what holds, a plan to try out, a new version, who acts for a body."""

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from offices.errors import NotAllowed
from offices.forms import try_action, whole_number
from offices.middleware import Request
from offices.models import Office
from offices.roles import Permission
from offices.views.rule_sets import state_of
from petitions.actions.routes import change_routes, name_representatives
from petitions.forms.route_editor import Editor
from petitions.forms.routes import MatterForm, RepresentativeForm, matter_form
from petitions.models import RouteSet
from petitions.reading.route_pages import (
    acting_for,
    calendar_by_rules,
    latest_route_set,
    offices_for,
    people_to_act,
    running_chains,
)
from petitions.rules.describing import EVERYTHING_ELSE, describe
from petitions.rules.plan_words import had_it_before, plan_rows
from petitions.rules.planning import Plan
from petitions.rules.route_changes import Sample, differences, samples

NOT_THE_LAST = "Eine neue Fassung entsteht immer aus der letzten; von dieser gibt es schon eine spätere."


@require_safe
def routes(request: Request) -> HttpResponse:
    """The version in force of the office chosen, or of the own one; where none is, what there is instead."""
    offices = offices_for(request.actor, Permission.READ_RULES)
    office = chosen_office(request, offices)
    found = office.route_sets.in_force(request.today).order_by("-valid_from", "-version").first()
    if found:
        return _version(request, found, offices)
    versions = [state_of(entry, request.today) for entry in office.route_sets.all()]
    context = {"office": office, "offices": offices, "versions": versions}
    return render(request, "petitions/routes_none.html", context)


@require_safe
def route_set(request: Request, pk: int) -> HttpResponse:
    found = get_object_or_404(_readable(request, Permission.READ_RULES), pk=pk)
    return _version(request, found, [])


@require_http_methods(["GET", "POST"])
def route_set_new(request: Request, pk: int) -> HttpResponse:
    """The form, with a preview above it once it is valid; only what was shown can be confirmed."""
    base = get_object_or_404(_readable(request, Permission.CHANGE_RULES), pk=pk)
    if latest_route_set(base.office) != base:
        raise NotAllowed(NOT_THE_LAST)
    editor = Editor(base, request.POST if request.method == "POST" else None, request.POST.get("add", ""))
    preview = None
    if editor.is_valid():
        if request.POST.get("confirmed") == editor.fingerprint:
            made = try_action(editor.head, change_routes, by=request.actor, **_arguments(base, editor))
            if made:
                messages.success(request, f"Fassung {made.version} der Berichtswege ist angelegt.")
                return redirect("petitions:route_set", made.pk)
        else:
            preview = _preview(request, base, editor)
    context = {"base": base, "editor": editor, "preview": preview}
    return render(request, "petitions/routes_new.html", context, status=422 if editor.errors else 200)


@require_http_methods(["GET", "POST"])
def representatives(request: Request, body: str) -> HttpResponse:
    """Who acts for one body outside the house from now on."""
    office = chosen_office(request, offices_for(request.actor, Permission.CHANGE_RULES))
    found = office.route_sets.in_force(request.today).order_by("-valid_from", "-version").first()
    bodies = acting_for(office, found.routes) if found else []
    acting = next((entry for entry in bodies if entry.body.key == body), None)
    if acting is None:
        raise Http404
    form = RepresentativeForm(
        request.POST if request.method == "POST" else None,
        office=office,
        people=people_to_act(office, body, request.today),
        initial={"at": acting.at, "users": [user.pk for user in acting.people]},
    )
    if request.method == "POST" and form.is_valid():
        arguments = {"office": office, "body": body, **form.cleaned_data}
        if try_action(form, name_representatives, by=request.actor, **arguments):
            messages.success(request, f"Gespeichert, wer für „{acting.body.name}“ handelt.")
            return redirect(f"{found.get_absolute_url()}#stellen" if found else "petitions:routes")
    context = {"office": office, "acting": acting, "form": form, "route_set": found}
    return render(request, "petitions/representatives.html", context, status=422 if form.errors else 200)


def chosen_office(request: Request, offices: list[Office]) -> Office:
    """That of the address, else the own one; 404 for somebody else's and for whom there is none."""
    wanted = request.GET.get("dienststelle")
    found = [office for office in offices if not wanted or office.pk == whole_number(wanted)]
    if not found:
        raise Http404
    return found[0]


def _readable(request: Request, permission: Permission) -> QuerySet[RouteSet]:
    offices = request.actor.office_ids(permission)
    return RouteSet.objects.filter(office__in=offices).select_related("office", "created_by")


def _version(request: Request, found: RouteSet, offices: list[Office]) -> HttpResponse:
    """One version in words, with the plan for a matter where one was asked for."""
    form = matter_form(request.GET, request.today)
    tried = _tried(found, form) if form.is_valid() else None
    may_change = request.actor.may(Permission.CHANGE_RULES, found.office_id)
    context = {
        "route_set": found,
        **state_of(found, request.today),
        "text": describe(found.routes),
        "everything_else": EVERYTHING_ELSE,
        "bodies": acting_for(found.office, found.routes),
        "versions": [state_of(entry, request.today) for entry in found.office.route_sets.all()],
        "offices": offices,
        "form": form,
        "plan": tried,
        "plan_rows": plan_rows(tried) if tried else [],
        "had_it_before": had_it_before(tried) if tried else [],
        "may_change": may_change,
        "why_not": None if latest_route_set(found.office) == found else NOT_THE_LAST,
    }
    wrong = form.is_bound and form.errors
    return render(request, "petitions/routes.html", context, status=422 if wrong else 200)


def _tried(found: RouteSet, form: MatterForm) -> Plan | None:
    return form.plan(found.routes, calendar_by_rules(found.office, form.cleaned_data["received_on"]))


def _arguments(base: RouteSet, editor: Editor) -> dict:
    return {"office": base.office, "base": base, "routes": editor.routes, **editor.head.cleaned_data}


def _preview(request: Request, base: RouteSet, editor: Editor) -> dict:
    valid_from = editor.head.cleaned_data["valid_from"]
    return {
        "changes": differences(base.routes, editor.routes),
        "samples": _samples(base, editor),
        "valid_from": valid_from,
        "fingerprint": editor.fingerprint,
        "is_too_early": valid_from < request.today,
        "running": running_chains(request.actor, base.office),
    }


def _samples(base: RouteSet, editor: Editor) -> tuple[Sample, ...]:
    """None where the day lies beyond the years whose holidays are known."""
    valid_from = editor.head.cleaned_data["valid_from"]
    try:
        calendar = calendar_by_rules(base.office, valid_from)
        return samples(base.routes, editor.routes, received_on=valid_from, calendar=calendar)
    except ValueError:
        return ()
