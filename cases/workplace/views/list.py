"""The list of cases: filters, order and page stand in the URL; htmx refreshes the results only."""

from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_headers
from django_htmx.http import push_url

from cases.paging import page_of
from cases.workplace.forms.filters import ORDER_LABELS, ORDERS, CaseFilter, chips_of, order_for
from cases.workplace.reading.groups import day_of, visible_cases
from cases.workplace.reading.rows import rows_of, with_details
from offices.middleware import Request
from offices.roles import Permission


@require_safe
@vary_on_headers("HX-Request")
def case_list(request: Request) -> HttpResponse:
    """Everybody gets a list; who sees no cases gets an empty one."""
    day = day_of(request.actor)
    found = CaseFilter(request.GET, visible_cases(day), day)
    cases, problems = found.qs, _problems(found)
    sort, refusal = order_for(request.GET.get("sort", ""), found)
    pages = page_of(cases.order_by(*ORDERS[sort]), request.GET.get("page", ""))
    cases = with_details(pages.page.object_list).order_by(*ORDERS[sort])
    context = {
        "filter": found,
        "chips": chips_of(found, request.GET),
        "problems": [*problems, *filter(None, (refusal, pages.problem))],
        "page": pages.page,
        "rows": rows_of(cases, day),
        "sort": sort,
        "sorted_by": ORDER_LABELS[sort.removeprefix("-")],
        "clear_url": reverse("cases:list"),
        "may_register": request.actor.may(Permission.REGISTER),
        "search_url": _everywhere(request, found),
    }
    if request.htmx and not request.htmx.history_restore_request:
        return push_url(render(request, "workplace/_results.html", context), _short_url(request))
    return render(request, "workplace/list.html", context)


def _problems(found: CaseFilter) -> list[str]:
    """What is wrong with the filters of the URL, in sentences; such a filter is left out."""
    return [
        f"Filter „{found.form[name].label if name in found.form.fields else name}“: {' '.join(errors)}"
        for name, errors in found.form.errors.items()
    ]


def _everywhere(request: Request, found: CaseFilter) -> str:
    """Where nothing was found among open cases: the same filters over all of them."""
    if not found.shows_only_open:
        return ""
    query = request.GET.copy()
    query["stand"] = "alle"
    query.pop("mein_tag", None)
    query.pop("page", None)
    return f"?{query.urlencode()}"


def _short_url(request: Request) -> str:
    """The address without the filters that are empty."""
    asked = [(key, value) for key, value in request.GET.items() if value and (key, value) != ("page", "1")]
    return f"{request.path}?{urlencode(asked)}" if asked else request.path
