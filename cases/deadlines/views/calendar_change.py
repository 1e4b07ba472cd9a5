"""The office's holidays and closing days, with a look at what a change would move."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from cases.deadlines.actions.calendar_change import Shift, add_closing, remove_closing, shifts
from cases.deadlines.forms import ClosingForm
from cases.models import Case
from offices.forms import try_action, whole_number
from offices.models import Closing, Office
from offices.queries import calendar_for
from offices.roles import Permission


def _year(request) -> int:
    year = whole_number(request.GET.get("jahr"))
    return year if 1991 <= year <= 2099 else request.today.year


@require_GET
def days(request):
    """Public holidays of the Land and the office's own days for one year."""
    office_ids = request.actor.office_ids(Permission.READ_RULES)
    year = _year(request)
    rows = []
    for office in Office.objects.filter(pk__in=office_ids).prefetch_related("closings"):
        calendar = calendar_for(office)
        own = [c for c in office.closings.all() if c.from_on.year <= year <= c.until_on.year]
        may_change = request.actor.may(Permission.CHANGE_DAYS, office.pk)
        rows.append({"office": office, "holidays": calendar.holidays_in(year), "own": own, "may_change": may_change})
    context = {"rows": rows, "year": year, "may_change": request.actor.may(Permission.CHANGE_DAYS)}
    return render(request, "deadlines/days.html", context)


@require_http_methods(["GET", "POST"])
def day_new(request):
    """First shows which open deadlines would move, then, confirmed, moves them."""
    office_ids = request.actor.office_ids(Permission.CHANGE_DAYS)
    if not office_ids:
        raise Http404
    form = ClosingForm(request.POST or None, offices=office_ids)
    moving = None
    if form.is_valid():
        if "confirmed" in request.POST:
            moved = try_action(form, add_closing, by=request.actor, closing=form.instance)
            if moved is not None:
                messages.success(request, _done("eingetragen", _shown(request, moved)))
                return redirect("cases:days")
        else:
            closing = form.instance
            moving = _shown(request, shifts(closing.office, [*closing.office.closings.all(), closing]))
    return render(request, "deadlines/day_new.html", {"form": form, "moving": moving})


@require_http_methods(["GET", "POST"])
def day_remove(request, pk):
    """The same the other way: what would move back, then, confirmed, the entry goes."""
    office_ids = request.actor.office_ids(Permission.CHANGE_DAYS)
    closing = get_object_or_404(Closing.objects.filter(office__in=office_ids).select_related("office"), pk=pk)
    if request.method == "POST":
        moved = _shown(request, remove_closing(by=request.actor, closing=closing))
        messages.success(request, _done("entfernt", moved))
        return redirect("cases:days")
    moving = _shown(request, shifts(closing.office, [c for c in closing.office.closings.all() if c.pk != closing.pk]))
    return render(request, "deadlines/day_remove.html", {"closing": closing, "moving": moving})


def _shown(request, found) -> tuple[Shift, ...]:
    """Those of cases the person sees: sealed cases and those of others are neither named nor counted (B4-1, B4-8)."""
    found = found if isinstance(found, tuple) else ()  # an action without any says True
    visible = Case.objects.visible_to(request.actor).filter(pk__in={shift.deadline.case_id for shift in found})
    ids = set(visible.values_list("pk", flat=True))
    return tuple(shift for shift in found if shift.deadline.case_id in ids)


def _done(word: str, moved: tuple[Shift, ...]) -> str:
    count = len(moved)
    if not count:
        return f"Der Tag ist {word}; keine offene Frist, die Sie sehen, hat sich verschoben."
    return f"Der Tag ist {word}; {count} offene {'Frist hat' if count == 1 else 'Fristen haben'} sich verschoben."
