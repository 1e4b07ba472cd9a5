"""The floor: generic views of Django over the rows of KRM's list and case page, for anybody who is signed in.

No rules of visibility, no filters, no navigation; the same columns, page size and related rows. This module is the
URL configuration of `bench.floor_settings` and no part of the application.
"""

from django.contrib.auth import views as auth
from django.contrib.auth.mixins import LoginRequiredMixin
from django.db.models import Prefetch, QuerySet, Sum
from django.urls import path
from django.utils import timezone
from django.views.generic import DetailView, ListView

from cases.models import Case, Event, Person
from cases.paging import PAGE_SIZE
from reporting.models import HouseQuarter


class Cases(LoginRequiredMixin, ListView):
    """One office's cases in one page after the other: open ones, all of them, a unit's closed ones, or one number."""

    template_name = "list.html"
    paginate_by = PAGE_SIZE

    def get_queryset(self) -> QuerySet[Case]:
        asked = self.request.GET
        found = Case.objects.filter(office=asked["office"]).select_related("unit").prefetch_related("persons")
        if "number" in asked:
            return found.filter(reference=asked["number"])
        if "unit" in asked:
            return found.filter(unit__in=asked["unit"].split(","), closed_on__isnull=False)
        return found if "all" in asked else found.filter(closed_on__isnull=True)


class OneCase(LoginRequiredMixin, DetailView):
    """One case with what the case page of KRM shows beside it."""

    template_name = "detail.html"
    slug_field = slug_url_kwarg = "reference"
    queryset = Case.objects.select_related("unit", "office", "handler", "responsible").prefetch_related(
        Prefetch("persons", Person.objects.order_by("pk")),
        "concerns__topic",
        "deadlines",
        "letters",
        "documents",
        Prefetch("events", Event.objects.select_related("by").order_by("-seq")),
    )


class Houses(LoginRequiredMixin, ListView):
    """The houses of this year so far, by name, from the nightly summary."""

    template_name = "houses.html"

    def get_queryset(self) -> QuerySet:
        rows = HouseQuarter.objects.filter(kind="", is_group=False, quarter_on__year=timezone.localdate().year)
        names = ("received", "closed", "with_period", "in_time", "open_now", "overdue_now")
        counts = {f"sum_{name}": Sum(name) for name in names}
        return rows.order_by("office__name").values("office__name").annotate(**counts)


urlpatterns = [
    path("anmelden/", auth.LoginView.as_view(), name="login"),
    path("houses/", Houses.as_view()),
    path("list/", Cases.as_view()),
    path("case/<str:reference>/", OneCase.as_view()),
]
