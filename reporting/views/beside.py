"""Survey and households, measures, and who needs relief."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from cases.models import Case
from offices.errors import NotAllowed
from offices.forms import try_action, whole_number
from offices.middleware import Request
from offices.models import Office
from offices.roles import Permission
from reporting.actions.beside import (
    carry_out,
    check_effect,
    drop_measure,
    enter_households,
    enter_surveys,
    look_for_relief,
    plan_measure,
    take_note,
)
from reporting.charts import Series, lines
from reporting.forms.beside import (
    DoneForm,
    EffectForm,
    HouseholdsForm,
    MeasureForm,
    ReliefForm,
    SurveyForm,
    SurveyImportForm,
)
from reporting.models import Households, Measure, ReliefEvaluation, SurveyResult
from reporting.reading.relief import needing_relief
from reporting.rules.tables import decimal
from reporting.views.tabs import may_see_surveys, tabs

SHOWN_HALF_YEARS = 8


def _office(request: Request, *permissions: Permission) -> Office:
    """The office named, else the first with one of these permissions; Http404 without any, NotAllowed for another."""
    ids = {pk for permission in permissions for pk in request.actor.office_ids(permission)}
    offices = sorted((request.actor.offices[pk] for pk in ids), key=lambda office: office.name)
    wanted = request.POST.get("dienststelle") or request.GET.get("dienststelle", "")
    found = [office for office in offices if wanted in ("", office.slug)]
    if not offices:
        raise Http404
    if not found:
        raise NotAllowed("Diese Dienststelle gehört nicht zu Ihren.")
    return found[0]


@require_safe
def surveys(request: Request) -> HttpResponse:
    """The grades of the half-years with their chart, and what figures are set against."""
    if not may_see_surveys(request.actor):
        raise Http404
    office = _office(request, Permission.ENTER_SURVEYS, Permission.EVALUATE)
    results = list(SurveyResult.objects.filter(office=office)[:SHOWN_HALF_YEARS])
    oldest_first = results[::-1]
    chart = lines(
        "Wie zufrieden sind die Befragten?",
        [f"{result.half}/{result.year % 100:02}" for result in oldest_first],
        [Series("Note", tuple(float(result.grade) for result in oldest_first))],
        below="Gesamtnote je Halbjahr, Schulnoten: je niedriger, desto besser",
    )
    context = {
        "office": office,
        "results": results,
        "chart": chart if len(results) > 1 else None,
        "households": Households.objects.filter(office=office),
        "may_enter": request.actor.may(Permission.ENTER_SURVEYS, office.pk),
        "tabs": tabs(request),
    }
    return render(request, "reporting/surveys.html", context)


@require_http_methods(["GET", "POST"])
def survey_new(request: Request) -> HttpResponse:
    office = _office(request, Permission.ENTER_SURVEYS)
    form = SurveyForm(request.POST or None, initial={"year": request.today.year})
    if form.is_valid():
        row = form.row
        before = SurveyResult.objects.filter(office=office, year=row.year, half=row.half).first()
        if try_action(form, enter_surveys, by=request.actor, office=office, rows=[row]):
            instead = f"; es ersetzt {decimal(float(before.grade), 1)} bei {before.answers} Befragten" if before else ""
            messages.success(request, f"Das Ergebnis ist eingetragen{instead}.")
            return redirect("reporting:surveys")
    return _form(request, form, "Ergebnis der Kundenbefragung", "Eintragen", office)


@require_http_methods(["GET", "POST"])
def survey_import(request: Request) -> HttpResponse:
    office = _office(request, Permission.ENTER_SURVEYS)
    form = SurveyImportForm(request.POST or None)
    if form.is_valid():
        number = try_action(form, enter_surveys, by=request.actor, office=office, rows=form.cleaned_data["rows"])
        if number:
            messages.success(
                request, "Ein Halbjahr ist eingetragen." if number == 1 else f"{number} Halbjahre sind eingetragen."
            )
            return redirect("reporting:surveys")
    return _form(request, form, "Mehrere Halbjahre übernehmen", "Übernehmen", office)


@require_http_methods(["GET", "POST"])
def households_new(request: Request) -> HttpResponse:
    office = _office(request, Permission.ENTER_SURVEYS)
    form = HouseholdsForm(request.POST or None, initial={"year": request.today.year - 1})
    if form.is_valid() and try_action(form, enter_households, by=request.actor, office=office, **form.cleaned_data):
        messages.success(request, "Die Zahl ist eingetragen.")
        return redirect("reporting:surveys")
    return _form(request, form, "Zahl der Bedarfsgemeinschaften", "Eintragen", office)


def _form(request: Request, form, title: str, button: str, office: Office) -> HttpResponse:
    context = {"form": form, "title": title, "button": button, "office": office}
    return render(request, "reporting/beside_form.html", context, status=422 if form.errors else 200)


@require_safe
def measures(request: Request) -> HttpResponse:
    """What was planned of what reactions showed, the next day first."""
    office = _office(request, Permission.EVALUATE)
    rows = Measure.objects.filter(office=office).select_related("unit", "case", "report")
    context = {
        "office": office,
        "open": sorted((m for m in rows if not m.checked_on), key=lambda measure: measure.next_on),
        "ended": [m for m in rows if m.checked_on],
        "may_write": request.actor.may(Permission.WRITE_REPORTS, office.pk),
        "tabs": tabs(request),
    }
    return render(request, "reporting/measures.html", context)


@require_http_methods(["GET", "POST"])
def measure_new(request: Request) -> HttpResponse:
    """A measure out of a case or a report, or of its own."""
    office = _office(request, Permission.WRITE_REPORTS)
    cases = Case.objects.visible_to(request.actor).filter(office=office)
    form = MeasureForm(
        request.POST or None, office=office, cases=cases, initial={"case": request.GET.get("vorgang", "")}
    )
    if form.is_valid() and try_action(form, plan_measure, by=request.actor, office=office, **form.cleaned_data):
        messages.success(request, "Die Maßnahme ist geplant.")
        return redirect("reporting:measures")
    return _form(request, form, "Maßnahme planen", "Planen", office)


@require_http_methods(["GET", "POST"])
def measure(request: Request, pk: int) -> HttpResponse:
    """One measure: carried out, checked, or taken back."""
    offices = request.actor.office_ids(Permission.EVALUATE)
    rows = Measure.objects.filter(office__in=offices).select_related("office", "unit", "case", "report", "planned_by")
    found = get_object_or_404(rows, pk=pk)
    may_write = request.actor.may(Permission.WRITE_REPORTS, found.office_id)
    done = DoneForm(request.POST if "on" in request.POST else None, initial={"on": request.today})
    effect = EffectForm(request.POST if "effect" in request.POST else None)
    if done.is_valid() and try_action(done, carry_out, by=request.actor, measure=found, on=done.cleaned_data["on"]):
        messages.success(request, "Die Umsetzung ist eingetragen.")
        return redirect("reporting:measure", pk)
    if effect.is_valid() and try_action(
        effect, check_effect, by=request.actor, measure=found, effect=effect.cleaned_data["effect"]
    ):
        messages.success(request, "Die Wirkung ist eingetragen.")
        return redirect("reporting:measure", pk)
    if "drop" in request.POST:
        drop_measure(by=request.actor, measure=found)
        messages.success(request, "Die Maßnahme ist zurückgenommen.")
        return redirect("reporting:measures")
    is_seen = found.case and Case.objects.visible_to(request.actor).filter(pk=found.case_id).exists()
    context = {"measure": found, "case": found.case if is_seen else None, "done": done, "effect": effect,
               "may_write": may_write}  # fmt: skip
    failed = request.method == "POST"
    return render(request, "reporting/measure.html", context, status=422 if failed else 200)


@require_http_methods(["GET", "POST"])
def relief(request: Request) -> HttpResponse:
    """For the Geschäftsführung, with a reason and for the day; the KRM sees who looked, when and why."""
    office = _office(request, Permission.EVALUATE_RELIEF, Permission.WRITE_REPORTS)
    may_look = any(
        seat.holder_id == request.actor.user_id
        for seat in request.actor.seats_with(Permission.EVALUATE_RELIEF, office.pk)
    )
    looked = ReliefEvaluation.objects.filter(office=office).select_related("by", "deadline")
    if "gelesen" in request.POST:
        take_note(by=request.actor, evaluation=get_object_or_404(looked, pk=whole_number(request.POST["gelesen"])))
        return redirect("reporting:relief")
    form = ReliefForm(request.POST or None)
    if form.is_valid() and try_action(
        form, look_for_relief, by=request.actor, office=office, reason=form.cleaned_data["reason"]
    ):
        return redirect("reporting:relief")
    is_open = may_look and looked.filter(by=request.user, on=request.today).exists()
    context = {
        "office": office,
        "form": form,
        "may_look": may_look,
        "may_take_note": request.actor.may(Permission.WRITE_REPORTS, office.pk),
        "is_open": is_open,
        "people": needing_relief(request.actor, office) if is_open else [],
        "looked": looked[:50],
        "tabs": tabs(request),
    }
    return render(request, "reporting/relief.html", context, status=422 if form.errors else 200)
