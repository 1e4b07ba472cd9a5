"""What came of the answer: decision, report back, the word to the petitioner; and the waiver."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_http_methods

from cases.permissions import check_may
from offices.forms import try_action
from offices.middleware import Request as HttpRequest
from offices.roles import Permission
from petitions.actions.outcome import decide, report_back, tell_petitioner, waive
from petitions.forms.outcome import DecisionForm, ReportForm, ToldForm, WaiverForm
from petitions.models import Decision
from petitions.reading.lookup import DECISIONS, visible_petition
from petitions.views.requests import show_form

NO_PAPER = "Auf einem Blatt ohne Briefkopf, mit konkreten Gründen und unterschrieben (PAN-32)."


@require_http_methods(["GET", "POST"])
def decision_new(request: HttpRequest, reference: str) -> HttpResponse:
    petition = visible_petition(request.actor, reference)
    check_may(request.actor, Permission.TRIAGE, petition.case)
    form = DecisionForm(request.POST or None, request.FILES or None, petition=petition)
    if form.is_valid() and try_action(form, decide, by=request.actor, petition=petition, **form.cleaned_data):
        messages.success(request, "Die Entscheidung ist eingetragen.")
        return redirect(petition)
    return show_form(request, petition, form, "Entscheidung eintragen", "Eintragen")


@require_http_methods(["GET", "POST"])
def report(request: HttpRequest, pk: int) -> HttpResponse:
    decision = _visible_decision(request, pk)
    form = ReportForm(request.POST or None, initial={"on": request.today})
    if form.is_valid() and try_action(form, report_back, by=request.actor, decision=decision, **form.cleaned_data):
        messages.success(request, "Der Bericht ist eingetragen.")
        return redirect(decision.petition)
    lead = f"Verlangt zur Entscheidung „{decision.option}“" + (
        f" bis {decision.report_due_on:%d.%m.%Y}." if decision.report_due_on else "."
    )
    return show_form(request, decision.petition, form, "Bericht eintragen", "Eintragen", lead=lead)


@require_http_methods(["GET", "POST"])
def told(request: HttpRequest, pk: int) -> HttpResponse:
    decision = _visible_decision(request, pk)
    form = ToldForm(request.POST or None, initial={"on": request.today})
    if form.is_valid() and try_action(form, tell_petitioner, by=request.actor, decision=decision, **form.cleaned_data):
        messages.success(request, "Eingetragen.")
        return redirect(decision.petition)
    lead = "Die Petentin oder der Petent erfährt die Art der Erledigung (B2-2)."
    return show_form(request, decision.petition, form, "Unterrichtung eintragen", "Eintragen", lead=lead)


@require_http_methods(["GET", "POST"])
def waiver(request: HttpRequest, reference: str) -> HttpResponse:
    petition = visible_petition(request.actor, reference)
    check_may(request.actor, Permission.TRIAGE, petition.case)
    form = WaiverForm(request.POST or None, request.FILES or None)
    if form.is_valid() and try_action(form, waive, by=request.actor, petition=petition, **form.cleaned_data):
        messages.success(request, "Der Verzicht ist abgelegt.")
        return redirect(petition)
    return show_form(request, petition, form, "Verzicht ablegen", "Ablegen", lead=NO_PAPER)


def _visible_decision(request: HttpRequest, pk: int) -> Decision:
    found = get_object_or_404(DECISIONS.select_related("option", "petition__case"), pk=pk)
    found.petition = visible_petition(request.actor, found.petition.case.reference)
    check_may(request.actor, Permission.TRIAGE, found.petition.case)
    return found
