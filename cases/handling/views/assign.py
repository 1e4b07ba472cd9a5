"""Who works on a case: taking, handing over, giving back, assigning; and who may open it at all."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.html import format_html
from django.views.decorators.http import require_http_methods, require_POST

from cases import access
from cases.contributing import Contributors
from cases.handling.actions import assign
from cases.handling.reading.conduct import unit_of_the_superior
from cases.lookup import visible_case
from cases.models import Case
from cases.permissions import check_may, check_may_move
from cases.rule_lines import RuleLine, rule_line
from cases.rules.kinds import Channel, Kind
from cases.workplace.forms.case import AssignForm, GrantForm, HandToUnitForm, ReturnForm
from offices.errors import NotAllowed
from offices.forms import try_action
from offices.models import User
from offices.roles import Permission


@require_POST
def accept(request, reference):
    case = visible_case(request.actor, reference)
    assign.accept(by=request.actor, case=case)
    messages.success(request, "Sie haben den Vorgang übernommen.")
    return redirect(case)


@require_http_methods(["GET", "POST"])
def hand_to_unit(request, reference):
    case = visible_case(request.actor, reference, contributors=Contributors.SETTLING)
    check_may_move(request.actor, Permission.ASSIGN, case)
    proposed = unit_of_the_superior(case, request.today) if case.kind == Kind.CONDUCT_COMPLAINT else None
    initial = {"unit": proposed or case.unit_id}
    form = HandToUnitForm(request.POST or None, case=case, actor=request.actor, initial=initial)
    if form.is_valid() and try_action(form, assign.hand_to_unit, by=request.actor, case=case, **form.cleaned_data):
        messages.success(request, f"Der Vorgang liegt jetzt bei {form.cleaned_data['unit']}.")
        return _on(request, case)
    return _form(
        request,
        case,
        form,
        title="An Fachbereich geben",
        lead="Wer die Einheit leitet, wird verantwortlich; das KRM behält den Vorgang in der Wiedervorlage.",
        button="Übergeben",
        rule_line=_way_of(case),
    )


@require_http_methods(["GET", "POST"])
def return_to_krm(request, reference):
    case = visible_case(request.actor, reference, contributors=Contributors.SETTLING)
    check_may(request.actor, Permission.WORK, case)
    form = ReturnForm(request.POST or None)
    if form.is_valid() and try_action(form, assign.return_to_krm, by=request.actor, case=case, **form.cleaned_data):
        messages.success(request, _returned(request, case))
        return _on(request, case)
    return _form(
        request,
        case,
        form,
        title="An KRM zurückgeben",
        lead="Das KRM antwortet der Person und schließt ab. Ihr Vermerk sagt ihm, was geschehen ist.",
        button="Zurückgeben",
        rule_line=rule_line(case, "documentation"),
    )


@require_http_methods(["GET", "POST"])
def assign_handler(request, reference):
    case = visible_case(request.actor, reference, contributors=Contributors.SETTLING)
    check_may_move(request.actor, Permission.ASSIGN, case)
    form = AssignForm(request.POST or None, case=case, actor=request.actor, initial={"handler": case.handler_id})
    if form.is_valid() and try_action(form, assign.assign_handler, by=request.actor, case=case, **form.cleaned_data):
        messages.success(request, f"{form.cleaned_data['handler']} bearbeitet den Vorgang.")
        return _on(request, case)
    return _form(
        request,
        case,
        form,
        title="Bearbeitung zuweisen",
        lead="Wer verantwortlich ist, bleibt es; zugewiesen wird nur die Bearbeitung.",
        button="Zuweisen",
        rule_line=_way_of(case),
    )


@require_http_methods(["GET", "POST"])
def single_access(request, reference):
    case = visible_case(request.actor, reference)
    if reason := access.why_may_not_grant(request.actor, case):
        raise NotAllowed(reason)
    form = GrantForm(request.POST or None, case=case, actor=request.actor)
    if form.is_valid() and try_action(form, access.grant, by=request.actor, case=case, **form.cleaned_data):
        messages.success(request, f"{form.cleaned_data['user']} hat jetzt Zugriff.")
        return redirect("cases:access", reference)
    context = {"case": case, "form": form, "grants": case.caseusergrant_set.select_related("user").order_by("pk")}
    context["rule_line"] = rule_line(case, "visibility")
    return render(request, "handling/access.html", context, status=422 if form.is_bound else 200)


@require_POST
def seal(request, reference):
    case = visible_case(request.actor, reference)
    if request.POST.get("sure") != "yes":
        raise NotAllowed("Bitte bestätigen, dass der Vorgang auf Dauer geschützt werden soll.")
    access.seal(by=request.actor, case=case)
    messages.success(request, "Der Vorgang ist geschützt. Zugriff haben nur die hier genannten Personen.")
    return redirect("cases:access", reference)


@require_POST
def withdraw(request, reference, pk):
    case = visible_case(request.actor, reference)
    if reason := access.why_may_not_grant(request.actor, case):
        raise NotAllowed(reason)  # before it is told who has access
    user = get_object_or_404(User, pk=pk, pk__in=case.caseusergrant_set.values("user"))
    access.withdraw(by=request.actor, case=case, user=user)
    messages.success(request, f"{user} hat keinen Zugriff mehr.")
    if user == request.user:
        return _on(request, case)
    return redirect("cases:access", reference)


def _returned(request, case: Case) -> str:
    """With the Dokumentationsblatt at hand, which goes to the KRM with it (GERA-9)."""
    words = "Der Vorgang liegt wieder beim KRM."
    if not Case.objects.whole_to(request.actor).filter(pk=case.pk).exists():
        return words
    sheet = reverse("cases:documentation_sheet", args=[case.reference])
    return format_html('{} <a href="{}">Dokumentationsblatt (PDF)</a>', words, sheet)


def _way_of(case: Case) -> RuleLine:
    """The rule on who gets it: for written reactions the first stop, for oral ones the ladder (K19, K4)."""
    return rule_line(case, "first_stop" if Channel(case.channel).is_written else "ladder")


def _on(request, case: Case):
    """Back to the case, or to the start page where handing it over ended one's own access."""
    return redirect(case if _still_sees(request, case) else "/")


def _still_sees(request, case: Case) -> bool:
    return Case.objects.visible_to(request.actor).filter(pk=case.pk).exists()


def _form(request, case: Case, form, **words):
    context = {"case": case, "form": form, "rule": "", **words}
    return render(request, "workplace/case_form.html", context, status=422 if form.is_bound else 200)
