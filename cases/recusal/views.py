"""Whom a reaction is about, named after registration."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from cases.lookup import visible_case
from cases.models import Case
from cases.permissions import check_may
from cases.recusal.actions.complained_about import name_employee, unname_employee
from cases.rule_lines import rule_line
from cases.workplace.forms.case import NameEmployeeForm
from offices.forms import try_action
from offices.roles import Permission

FALLS = (
    " und hat keinen Zugriff auf diesen Vorgang. Was diese Person dafür gezeichnet, geschrieben oder freigegeben hat, "
    "gilt nicht mehr, soweit es das Haus noch nicht verlassen hat; der Verlauf nennt es."
)


@require_http_methods(["GET", "POST"])
def employees(request, reference):
    case = visible_case(request.actor, reference)
    check_may(request.actor, Permission.EDIT, case)
    form = NameEmployeeForm(request.POST or None, case=case, actor=request.actor)
    if form.is_valid() and (entry := try_action(form, name_employee, by=request.actor, case=case, **form.cleaned_data)):
        messages.success(request, f"{entry} ist eingetragen{FALLS if entry.user_id else '.'}")
        still_mine = Case.objects.visible_to(request.actor).filter(pk=case.pk).exists()
        return redirect("cases:employees", reference) if still_mine else redirect("home")
    context = {"case": case, "form": form, "entries": case.complained_about.select_related("user")}
    context["rule_line"] = rule_line(case, "conduct_complaint")
    return render(request, "recusal/employees.html", context, status=422 if form.is_bound else 200)


@require_POST
def employee_remove(request, reference, pk):
    case = visible_case(request.actor, reference)
    entry = get_object_or_404(case.complained_about.select_related("user"), pk=pk)
    if unname_employee(by=request.actor, case=case, entry=entry):
        messages.success(request, f"Der Eintrag „{entry}“ ist zurückgenommen.")
    else:
        messages.warning(request, f"{entry} gehört zur Leitung: Eine zweite Person muss die Rücknahme bestätigen.")
    return redirect("cases:employees", reference)
