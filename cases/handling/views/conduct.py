"""A Dienstaufsichtsbeschwerde: judged by its content, beside its own words."""

from urllib.parse import urlencode

from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from cases.handling.actions import approval
from cases.handling.actions.approval import NOT_ASKED_FOR
from cases.handling.actions.judge import judge_conduct, permission_to_judge, why_may_not_judge
from cases.handling.forms.conduct import CONDUCT, ORDINARY, JudgeForm, PresentResultForm
from cases.handling.reading.conduct import conduct_way, needs_approval
from cases.intake.actions.register import why_no_conduct_case
from cases.lookup import visible_case
from cases.models import Case
from cases.permissions import check_may
from cases.rule_lines import rule_line
from cases.rules.kinds import KIND_LABELS, Kind
from cases.rules.triage import Reason
from offices.errors import NotAllowed
from offices.forms import try_action
from offices.roles import Permission


@require_http_methods(["GET", "POST"])
def judge(request, reference):
    case = visible_case(request.actor, reference)
    check_may(request.actor, permission_to_judge(case), case)
    if reason := why_may_not_judge(request.actor, case):
        raise NotAllowed(reason)
    form = JudgeForm(request.POST or None, initial={"is_conduct": _judged_as(case)})
    if form.is_valid() and (
        judged := try_action(form, judge_conduct, by=request.actor, case=case, **form.cleaned_data)
    ):
        messages.success(request, f"Beurteilt als {KIND_LABELS[Kind(judged.kind)]}.")
        return redirect(case)
    context = {
        "case": case,
        "form": form,
        "rule_line": rule_line(case, "conduct_complaint", words="maßgeblich ist der Inhalt"),
        "way": conduct_way(case),
        **_elsewhere(case),
    }
    return render(request, "handling/judge.html", context, status=422 if form.is_bound else 200)


@require_http_methods(["GET", "POST"])
def present_result(request, reference):
    case = visible_case(request.actor, reference)
    check_may(request.actor, Permission.TRIAGE, case)
    if not needs_approval(case):
        raise NotAllowed(NOT_ASKED_FOR)
    form = PresentResultForm(request.POST or None)
    if form.is_valid() and (
        asked := try_action(form, approval.present_result, by=request.actor, case=case, **form.cleaned_data)
    ):
        messages.success(request, f"Das Ergebnis liegt jetzt bei {asked.user}.")
        return redirect(case)
    context = {
        "case": case,
        "form": form,
        "title": "Ergebnis vorlegen",
        "lead": "Wer die Antwort zeichnen würde, billigt das Ergebnis, wenn es in keinem Schreiben steht.",
        "button": "Vorlegen",
        "rule": "",
        "rule_line": rule_line(case, "conduct_complaint"),
    }
    return render(request, "workplace/case_form.html", context, status=422 if form.is_bound else 200)


def _judged_as(case: Case) -> str:
    if case.judged_on is None:
        return ""
    return CONDUCT if case.kind == Kind.CONDUCT_COMPLAINT else ORDINARY


def _elsewhere(case: Case) -> dict:
    """Where it goes, and the way there, in an office that keeps none as a case, and against the Geschäftsführung."""
    registered = case.rule_set.parameters.conduct_complaint.registered
    reason = Reason.AGAINST_MANAGEMENT if case.against_management else Reason.CONDUCT_COMPLAINT
    query = urlencode({"case": case.reference, "reason": reason.value})
    return {
        "not_here": "" if registered else why_no_conduct_case(case.rule_set, case.against_management),
        "hand_over_url": f"{reverse('cases:transfer_new')}?{query}",
    }
