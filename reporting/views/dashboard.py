"""Dashboards, the list behind each number, and what every figure means."""

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from cases.paging import page_of
from cases.workplace.reading.groups import day_of
from cases.workplace.reading.rows import rows_of, with_details
from offices.middleware import Request
from reporting.forms.dashboard import EvaluationForm, HousesForm
from reporting.forms.number import NumberForm
from reporting.reading.dashboard import dashboard as dashboard_of
from reporting.reading.evaluating import has_houses_below, houses_below, view_of, views_of
from reporting.reading.houses import houses as houses_of
from reporting.reading.numbers import Part, Scope, has_dimension, is_open_work, narrowed, question_of
from reporting.reading.numbers import number as number_of
from reporting.reading.units import units_of
from reporting.rules.figures import FIGURES
from reporting.rules.vocabulary import Dimension
from reporting.views.tabs import tabs

NEWEST_FIRST = ("-received_on", "-pk")


@require_safe
def dashboard(request: Request) -> HttpResponse:
    """The office chosen, else the first; offices below have a page of their own."""
    actor = request.actor
    views = views_of(actor)
    view = view_of(actor, request.GET.get("dienststelle", ""))
    units = units_of(view.office, request.today)
    form = EvaluationForm(request.GET or None, today=request.today, views=views, units=units if view.is_whole else None)
    scope = Scope(view.office.slug, form.period, form.kind, form.unit_id)
    found = dashboard_of(actor, view, units, question_of(actor, view, units, scope), scope)
    pages = tabs(request)
    context = {
        "form": form,
        "view": view,
        "units": units,
        "board": found,
        "period": form.whole_period,
        "tabs": pages,
        "houses_url": next((page.url for page in pages if page.url == reverse("reporting:houses")), ""),
        "is_filtered": bool(form.kind or form.unit_id),
    }
    return render(request, "reporting/dashboard.html", context)


@require_safe
def houses(request: Request) -> HttpResponse:
    """The offices below the reader's own, in whole months, rounded (H-5)."""
    below = houses_below(request.actor)
    if not below:
        raise Http404
    tops = {office.slug: office for office in below}
    top = tops.get(request.GET.get("dienststelle", ""), next(iter(below)))
    form = HousesForm(request.GET or None, today=request.today, tops=list(below))
    found = houses_of(top, below[top], form.period, form.kind)
    context = {"form": form, "top": top, "found": found, "period": form.whole_period, "tabs": tabs(request)}
    return render(request, "reporting/houses.html", context)


@require_safe
def number(request: Request) -> HttpResponse:
    """The cases that a figure counts, which are those its reader may open."""
    actor = request.actor
    view = view_of(actor, request.GET.get("dienststelle", ""))
    units = units_of(view.office, request.today)
    form = NumberForm(request.GET, view=view, units=units)
    if not form.is_valid():
        raise Http404
    figure = form.cleaned_data["kennzahl"]
    if not view.is_whole and not is_open_work(figure, form.scope, actor.today):
        raise Http404
    question = question_of(actor, view, units, form.scope)
    for dimension, value in form.filters.items():
        if dimension == Dimension.UNIT and view.unit_ids is not None:
            value = value & view.unit_ids
        if not has_dimension(figure, dimension) or value == frozenset():
            raise Http404
        question = narrowed(question, dimension, value)
    data = form.cleaned_data
    part = Part(data["teil"]) if data["teil"] else Part.COUNTED
    found = number_of(actor, question, data["kennzahl"], part, data["monat"], data["stand"])
    context = {"form": form, "view": view, "found": found, "period": form.scope.period, "chips": form.chips}
    if found.cases is not None:
        pages = page_of(found.cases.order_by(*NEWEST_FIRST), request.GET.get("page", ""))
        cases = with_details(pages.page.object_list).order_by(*NEWEST_FIRST)
        context |= {"page": pages.page, "rows": rows_of(cases, day_of(actor))}
    else:
        pages = page_of(found.transfers.order_by(*NEWEST_FIRST), request.GET.get("page", ""))
        context |= {"page": pages.page, "transfers": list(pages.page.object_list)}
    return render(request, "reporting/number.html", context)


@require_safe
def definitions(request: Request) -> HttpResponse:
    """What every figure counts, of what, by which day; for whoever sees figures."""
    if not views_of(request.actor) and not has_houses_below(request.actor):
        raise Http404
    return render(request, "reporting/definitions.html", {"figures": FIGURES.values(), "tabs": tabs(request)})
