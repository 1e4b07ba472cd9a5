"""Extending a deadline, letting a case rest, going on."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from cases.deadlines.actions import moving
from cases.deadlines.forms import ExtendForm, PauseForm, ResumeForm
from cases.lookup import visible_case, visible_deadline
from cases.models import Deadline
from cases.permissions import check_may
from cases.rule_lines import rule_line
from offices.forms import try_action
from offices.roles import Permission
from offices.templatetags.krm_ui import day, distance

RULES = {Deadline.Kind.ACKNOWLEDGEMENT: "acknowledgement", Deadline.Kind.INTERIM: "interim"}


@require_http_methods(["GET", "POST"])
def extend(request, pk):
    deadline = visible_deadline(request.actor, pk)
    check_may(request.actor, Permission.EXTEND, deadline.case)
    moving.check_may_be_extended(deadline)
    form = ExtendForm(request.POST or None)
    if form.is_valid() and try_action(form, moving.extend, by=request.actor, deadline=deadline, **form.cleaned_data):
        messages.success(request, "Die Frist ist verlängert.")
        return redirect(deadline.case)
    context = {
        "case": deadline.case,
        "deadline": deadline,
        "form": form,
        "title": f"{deadline.get_kind_display()}: Frist verlängern",
        "lead": f"Bisher fällig am {day(deadline.due_on)}, {distance(deadline.due_on, request.today)}. "
        "Das bisherige Datum bleibt im Vorgang sichtbar.",
        "rule": "§ 26 Abs. 7 SGB X: Fristen können verlängert werden, auch nachträglich.",
        "button": "Frist verlängern",
        "rule_line": rule_line(deadline.case, RULES.get(deadline.kind, "closure")),
    }
    return render(request, "workplace/case_form.html", context)


@require_http_methods(["GET", "POST"])
def pause(request, reference):
    case = visible_case(request.actor, reference)
    check_may(request.actor, Permission.EXTEND, case)
    form = PauseForm(request.POST or None, initial={"from_on": request.today})
    if form.is_valid() and try_action(form, moving.pause, by=request.actor, case=case, **form.cleaned_data):
        messages.success(request, "Der Vorgang ruht; seine Fristen stehen still.")
        return redirect(case)
    context = {
        "case": case,
        "form": form,
        "title": "Bearbeitung ruhen lassen",
        "lead": "Solange der Vorgang ruht, laufen seine Fristen nicht. Alles andere bleibt möglich.",
        "rule": "Anlass, Begründung und Daten stehen danach im Verlauf.",
        "button": "Ruhen lassen",
        "rule_line": rule_line(case, "closure"),
    }
    return render(request, "workplace/case_form.html", context)


@require_http_methods(["GET", "POST"])
def resume(request, reference):
    case = visible_case(request.actor, reference)
    check_may(request.actor, Permission.EXTEND, case)
    form = ResumeForm(request.POST or None, initial={"resumed_on": request.today})
    if form.is_valid() and try_action(form, moving.resume, by=request.actor, case=case, **form.cleaned_data):
        messages.success(request, "Die Bearbeitung geht weiter; offene Fristen sind um die Ruhezeit verschoben.")
        return redirect(case)
    context = {
        "case": case,
        "form": form,
        "title": "Bearbeitung fortsetzen",
        "lead": "Offene Fristen verschieben sich um die Arbeitstage, die der Vorgang geruht hat.",
        "rule": "",
        "button": "Fortsetzen",
        "rule_line": rule_line(case, "closure"),
    }
    return render(request, "workplace/case_form.html", context)
