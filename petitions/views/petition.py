"""One petition: opened around a case, shown with its chain, corrected."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from cases.lookup import visible_case
from cases.permissions import check_may, why_may_not
from offices.errors import NotAllowed
from offices.forms import try_action
from offices.middleware import Request as HttpRequest
from offices.roles import Permission
from petitions.actions.opening import edit_petition, open_petition
from petitions.forms.petition import PetitionDataForm, RequestForm
from petitions.models import Petition
from petitions.reading.gaps import closing_gaps
from petitions.reading.lookup import DECISIONS, petition_of, visible_petition
from petitions.reading.page import request_rows
from petitions.rules.requests import number_warning
from petitions.rules.vocabulary import Requester, RequestKind

ALREADY = "Der Vorgang wird schon als Petition geführt."


@require_safe
def petition(request: HttpRequest, reference: str) -> HttpResponse:
    found = visible_petition(request.actor, reference)
    case = found.case
    rows = request_rows(request.actor, found)
    why_not = why_may_not(request.actor, Permission.TRIAGE, case)
    context = {
        "petition": found,
        "case": case,
        "rows": rows,
        "shown": next((row for row in rows if row.request.is_open), rows[-1] if rows else None),
        "decisions": list(DECISIONS.filter(petition=found)),
        "may_decide": why_not is None and case.is_open and found.decision_options.exists(),
        "joined": list(found.joined.select_related("case")) if not found.joined_to_id else [],
        "may_change": why_not is None and case.is_open,
        "why_not": why_not,
        "gaps": closing_gaps(case) if case.is_open else [],
        "warning": number_warning(Requester(found.requester), found.number),
    }
    return render(request, "petitions/petition.html", context)


@require_http_methods(["GET", "POST"])
def open_new(request: HttpRequest, reference: str) -> HttpResponse:
    """The shell and, where it came with it, the first request: one page, one letter in hand."""
    case = visible_case(request.actor, reference)
    check_may(request.actor, Permission.TRIAGE, case)
    if petition_of(case.pk):
        messages.info(request, ALREADY)
        return redirect("petitions:petition", reference)
    data = request.POST or None
    form = PetitionDataForm(data, case=case, actor=request.actor)
    has_first = data is None or bool(data.get("with_request"))
    initial = {"kind": RequestKind.FIRST, "received_on": case.received_on, "dated_on": case.written_on}
    first = RequestForm(
        data if has_first else None, request.FILES or None, prefix="first", initial=initial, is_first=True
    )
    if data is not None and all([form.is_valid(), not has_first or first.is_valid()]):
        asked = {"first": first.entered["data"], "file": first.entered["file"]} if has_first else {}
        if opened := _opened(request, form, first, case=case, **form.entered, **asked):
            messages.success(request, f"Die {case.get_kind_display()} ist angelegt. {_told(opened)}")
            return redirect(opened)
    context = {
        "case": case,
        "form": form,
        "first": first,
        "has_first": has_first,
        "is_new": True,
        "all_forms": [form, first],
    }
    return render(request, "petitions/petition_form.html", context, status=422 if data is not None else 200)


def _opened(request: HttpRequest, data_form: PetitionDataForm, request_form: RequestForm, **asked) -> Petition | None:
    """The petition; None where it was refused, with the sentence at the field of either form."""
    try:
        return open_petition(by=request.actor, **asked)
    except NotAllowed as refusal:
        of_request = request_form.is_bound and refusal.field in request_form.fields
        form = request_form if of_request else data_form
        form.add_error(refusal.field if refusal.field in form.fields else None, refusal.reason)
        return None


def _told(opened: Petition) -> str:
    warning = number_warning(Requester(opened.requester), opened.number)
    told = "Geschäftsführung und Bereichsleitung sind unterrichtet." if opened.is_immediate else ""
    return " ".join(filter(None, (told, warning)))


@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, reference: str) -> HttpResponse:
    found = visible_petition(request.actor, reference)
    check_may(request.actor, Permission.TRIAGE, found.case)
    data = request.POST or None
    initial = PetitionDataForm.initial_of(found)
    form = PetitionDataForm(data, case=found.case, actor=request.actor, initial=initial)
    if form.is_valid() and try_action(form, edit_petition, by=request.actor, petition=found, **form.entered):
        messages.success(request, "Die Angaben zur Petition sind gespeichert.")
        return redirect(found)
    context = {"case": found.case, "petition": found, "form": form, "is_new": False}
    return render(request, "petitions/petition_form.html", context, status=422 if data is not None else 200)
