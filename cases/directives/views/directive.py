"""The Verfügung on a page that looks like the sheet it prints to: drafted, presented, issued, ticked off."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cases.contributing import Contributors, part_of
from cases.directives.actions.drafting import (
    discard_directive,
    draft_directive,
    issue_directive,
    present_directive,
    return_directive,
    save_directive,
)
from cases.directives.actions.points import finish_point
from cases.directives.forms import DirectiveForms, ReturnDirectiveForm
from cases.directives.reading.directive import (
    directives_of,
    issuer_of,
    levels_of,
    open_draft,
    visible_directive,
    visible_point,
    why_not_change,
    why_not_issue,
    why_not_tick,
)
from cases.directives.reading.sheets import directive_pdf
from cases.lookup import case_calendar, is_in_sight, visible_case
from cases.models import Case, DirectivePoint
from cases.permissions import check_may, why_may_not
from cases.rule_lines import rule_line
from cases.rules.kinds import Channel
from cases.rules.lifecycle import Status, Step
from cases.rules.lifecycle import why_not as why_not_step
from offices.errors import ChangedMeanwhile, NotAllowed
from offices.forms import try_action, whole_number
from offices.roles import Permission, Role

CHANGED = "Jemand anders hat diese Verfügung inzwischen geändert. Bitte vergleichen Sie unten."


@require_http_methods(["GET", "POST"])
def directive(request, reference):
    """GET shows draft and issued ones, POST saves the draft; without a version it starts one where there is none."""
    if request.method != "POST":
        return _page(request, reference)
    case = visible_case(request.actor, reference)
    check_may(request.actor, Permission.DIRECT, case)
    if "version" not in request.POST:
        draft_directive(by=request.actor, case=case)
        return redirect("cases:directive", reference)
    case, draft = _draft(request, reference)
    forms = _forms(request, case, draft, request.POST)
    if _save(request, draft, forms):
        messages.success(request, "Der Entwurf der Verfügung ist gespeichert.")
        return redirect("cases:directive", reference)
    return _show(request, case, draft, forms=forms)


def _page(request, reference):
    """The page; who is asked by a point and contributes only finds that point on the page of the case (K18)."""
    case = visible_case(request.actor, reference, contributors=Contributors.ASKED)
    part = part_of(request.actor, case)
    if part is None:
        return _show(request, case, open_draft(case))
    if DirectivePoint.objects.filter(part.points).exists():
        return redirect(case)
    raise Http404


@require_POST
def directive_present(request, reference):
    return _finish(request, reference, present_directive, "Die Verfügung liegt jetzt der Geschäftsführung vor.")


@require_POST
def directive_issue(request, reference):
    return _finish(request, reference, issue_directive, "Die Verfügung ist abverfügt.")


@require_POST
def directive_return(request, reference):
    case, draft = _draft(request, reference)
    form = ReturnDirectiveForm(request.POST)
    if form.is_valid() and try_action(form, return_directive, by=request.actor, directive=draft, **form.cleaned_data):
        messages.success(request, "Die Verfügung liegt mit Ihrem Hinweis wieder beim KRM.")
        return redirect(case)
    return _show(request, case, draft, return_form=form)


@require_POST
def directive_discard(request, reference):
    case, draft = _draft(request, reference)
    discard_directive(by=request.actor, directive=draft)
    messages.success(request, "Der Entwurf der Verfügung ist verworfen.")
    return redirect(case)


@require_POST
def point_done(request, pk):
    point = visible_point(request.actor, pk)
    finish_point(by=request.actor, point=point)
    messages.success(request, f"Punkt {point.position} ist erledigt.")
    case = point.directive.case
    if not is_in_sight(request.actor, case):
        return redirect("home")
    return redirect("cases:directive", case.reference) if part_of(request.actor, case) is None else redirect(case)


@require_safe
def directive_sheet(request, pk):
    found = visible_directive(request.actor, pk)
    name = f"Verfügung {found.case.reference}.pdf"
    headers = {"Content-Disposition": content_disposition_header(as_attachment=False, filename=name)}
    return HttpResponse(directive_pdf(found), content_type="application/pdf", headers=headers)


def _way_of(case: Case) -> str:
    """The stations of this case's channel in one line, instead of those of all."""
    stops = case.rule_set.parameters.first_stop.stops_for(Channel(case.channel))
    return f"{case.get_channel_display()}: {' → '.join(role.label for role in stops) or 'nicht geregelt'}"


def _finish(request, reference, action, told):
    """Save what stands on the page, then present or issue it; what is missing comes back with the page."""
    case, draft = _draft(request, reference)
    forms = _forms(request, case, draft, request.POST)
    saved = _save(request, draft, forms)
    details = {"by": request.actor, "directive": saved, "expected_version": saved.version if saved else 0}
    if saved and forms.are_complete() and try_action(forms.head, action, **details):
        messages.success(request, told)
        return redirect(case)
    return _show(request, case, open_draft(case), forms=forms)


def _draft(request, reference):
    """The draft for who works on Verfügungen: whoever only reads the case is refused before the page is read."""
    case = visible_case(request.actor, reference)
    check_may(request.actor, Permission.DIRECT, case)
    draft = open_draft(case)
    if draft is None:
        raise NotAllowed("Es gibt keinen Entwurf einer Verfügung; vielleicht ist sie schon abverfügt.")
    return case, draft


def _save(request, draft, forms: DirectiveForms):
    """The saved draft, or None with the reason on the page."""
    if not forms.are_valid():
        return None
    try:
        return save_directive(
            by=request.actor,
            directive=draft,
            expected_version=whole_number(request.POST.get("version")),
            **forms.entered,
        )
    except ChangedMeanwhile as conflict:
        forms.head.add_error(None, CHANGED)
        forms.differences, forms.seen_version = conflict.differences, conflict.version
    except NotAllowed as refusal:
        forms.head.add_error(refusal.field if refusal.field in forms.head.fields else None, refusal.reason)
    return None


def _forms(request, case: Case, draft, data=None) -> DirectiveForms:
    draft.case = case
    return DirectiveForms(draft, actor=request.actor, levels=levels_of(case), calendar=case_calendar(case), data=data)


def _show(request, case: Case, draft, *, forms=None, return_form=None):
    if draft:
        draft.case = case
    why_not = why_not_change(request.actor, draft) if draft else why_may_not(request.actor, Permission.DIRECT, case)
    why_not = why_not or why_not_step(Step.DIRECT_TO_UNIT, Status(case.status))
    if draft and why_not is None and forms is None:
        forms = _forms(request, case, draft)
    issued = directives_of(case).filter(round=case.round, issued_at__isnull=False).order_by("-number")
    context = {
        "case": case,
        "draft": draft,
        "forms": forms,
        "version": getattr(forms, "seen_version", None) or (draft.version if draft else 0),
        "differences": getattr(forms, "differences", {}),
        "issued": issued,
        "earlier": case.directives.filter(round__lt=case.round, issued_at__isnull=False).order_by("round", "number"),
        "to_tick": [p.pk for one in issued for p in one.points.all() if not why_not_tick(request.actor, p, case)],
        "why_not": why_not,
        "issues": draft is not None and why_not_issue(request.actor, draft) is None,
        "goes_to_management": draft is not None and issuer_of(draft, request.today) == Role.MANAGEMENT,
        "return_form": return_form or ReturnDirectiveForm(),
        "may_draft": why_not is None and draft is None,
        "rule_line": rule_line(case, "first_stop", _way_of(case)),
    }
    refused = (forms and forms.head.is_bound) or (return_form and return_form.is_bound)
    return render(request, "directives/directive.html", context, status=422 if refused else 200)
