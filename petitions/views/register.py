"""The register of petitions, and for bodies outside the house the stations that lie with them."""

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from cases.paging import page_of
from offices.middleware import Request as HttpRequest
from petitions.forms.register import ORDERS, PetitionFilter
from petitions.models import Station
from petitions.reading.register import at_bodies, counted, register_rows, registered, with_chains


@require_safe
def register(request: HttpRequest) -> HttpResponse:
    """Filters, order and page stand in the URL; with ?bei-uns the stations outside the house that are ours."""
    counts = counted(request.actor)
    if "bei-uns" in request.GET:
        return _at_bodies(request, counts)
    found = PetitionFilter(request.GET, registered(request.actor), request.actor)
    problems = [
        f"Filter „{found.form.fields[name].label}“: {' '.join(errors)}" for name, errors in found.form.errors.items()
    ]
    sort = request.GET.get("sort", "")
    order = ORDERS.get(sort, ORDERS["frist"])
    pages = page_of(found.qs.order_by(*order), request.GET.get("page", ""))
    petitions = with_chains(pages.page.object_list)
    context = {
        "filter": found,
        "problems": [*problems, *filter(None, (pages.problem,))],
        "page": pages.page,
        "rows": register_rows(petitions, request.today),
        "is_filtered": any(value for key, value in request.GET.items() if key not in ("page", "sort")),
        "counts": counts,
        "clear_url": reverse("petitions:register"),
    }
    return render(request, "petitions/register.html", context)


def _at_bodies(request: HttpRequest, counts: dict[str, int]) -> HttpResponse:
    show_all = request.GET.get("bei-uns") == "alle"
    rows = at_bodies(request.actor)
    if not show_all:
        rows = rows.filter(pk__in=Station.objects.open().values("pk"))
    related = ("request__petition__case", "keeper", "deadline")
    pages = page_of(rows.select_related(*related).order_by("outcome", "-opened_on", "-pk"), request.GET.get("page", ""))
    context = {
        "page": pages.page,
        "rows": list(pages.page.object_list),
        "problems": list(filter(None, (pages.problem,))),
        "counts": counts,
        "show_all": show_all,
    }
    return render(request, "petitions/at_bodies.html", context)
