"""Reports: what is owed, one report from draft to approval, and its two files."""

from csp.constants import SELF
from csp.decorators import csp_update
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cases.paging import page_of
from offices.errors import NotAllowed
from offices.forms import try_action, whole_number
from offices.letterhead import LetterError
from offices.middleware import Request
from offices.roles import Permission
from reporting.actions.reports import (
    approve_report,
    count_anew,
    discard_report,
    edit_texts,
    move_report,
    note_sent,
    present_report,
    request_report,
    return_report,
    stop_counting,
)
from reporting.forms.reports import DueForm, RequestForm, ReturnForm, SentForm, TextsForm
from reporting.models import Report
from reporting.reading.content import differences
from reporting.reading.plan import plan_of
from reporting.reading.report_files import report_pdf, report_xlsx
from reporting.reading.report_page import page_of_report
from reporting.rules.vocabulary import Audience, ReportKind, ReportState
from reporting.views.tabs import tabs

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def _offices(request: Request, permission: Permission = Permission.EVALUATE):
    found = [request.actor.offices[pk] for pk in sorted(request.actor.office_ids(permission))]
    if not found:
        raise Http404
    return found


def _report(request: Request, pk: int) -> Report:
    return get_object_or_404(Report.objects.visible_to(request.actor).select_related("office", "deadline"), pk=pk)


@require_safe
def reports(request: Request) -> HttpResponse:
    """The plan of what is owed, and the reports that are there."""
    offices = _offices(request)
    pages = page_of(
        Report.objects.visible_to(request.actor).select_related("office").defer("content"), request.GET.get("page", "")
    )
    context = {
        "plan": [entry for office in offices for entry in plan_of(office, request.today)],
        "page": pages.page,
        "several": len(offices) > 1,
        "may_write": request.actor.may(Permission.WRITE_REPORTS),
        "tabs": tabs(request),
    }
    return render(request, "reporting/reports.html", context)


@require_http_methods(["GET", "POST"])
def report_new(request: Request) -> HttpResponse:
    """A report on request; the address may bring recipient and audience along."""
    offices = _offices(request, Permission.WRITE_REPORTS)
    initial = {name: request.GET.get(name, "") for name in ("recipient", "via", "audience")}
    form = RequestForm(request.POST or None, offices=offices, initial=initial)
    if form.is_valid():
        data = form.cleaned_data
        try:
            period = form.period
        except NotAllowed as refusal:
            form.add_error("until_on", refusal.reason)
        else:
            made = try_action(
                form, request_report, by=request.actor, office=data["office"], recipient=data["recipient"],
                audience=Audience(data["audience"]), period=period, due_on=data["due_on"], via=data["via"],
            )  # fmt: skip
            if made:
                messages.success(request, "Der Bericht ist angelegt; seine Zahlen werden jetzt gezählt.")
                return redirect(made)
    return render(request, "reporting/report_new.html", {"form": form}, status=422 if form.errors else 200)


@require_safe
def report(request: Request, pk: int) -> HttpResponse:
    """Figures and words, what is to be done next, and, once approved, what would be counted otherwise today."""
    return _page(request, _report(request, pk))


def _page(request: Request, found: Report, status: int = 200, **forms) -> HttpResponse:
    may_write = request.actor.may(Permission.WRITE_REPORTS, found.office_id)
    may_approve = request.actor.may(Permission.APPROVE_REPORTS, found.office_id)
    is_draft, is_presented = found.state == ReportState.DRAFT, found.state == ReportState.PRESENTED
    context = {
        "report": found,
        "page": page_of_report(found),
        "content": found.content,
        "later": differences(found, timezone.now()) if found.is_frozen else [],
        "may_write": may_write and is_draft,
        "may_present": may_write and is_draft and bool(found.content) and not found.work,
        "may_approve": may_approve and is_presented,
        "may_send": may_write and found.is_frozen and not found.sent_on,
        "may_move": may_write and not found.sent_on,
        "may_discard": may_write and is_draft and found.kind == ReportKind.ON_REQUEST,
        "return_form": forms.get("return_form") or ReturnForm(),
        "sent_form": forms.get("sent_form") or SentForm(today=request.today),
        "due_form": forms.get("due_form") or DueForm(initial={"due_on": found.due_on}),
        "problem": forms.get("problem", ""),
    }
    return render(request, "reporting/report.html", context, status=status)


@require_http_methods(["GET", "POST"])
def report_texts(request: Request, pk: int) -> HttpResponse:
    """Write beside the figures; what can be cited stands with its value, and the last report's text beside it."""
    found = _report(request, pk)
    if not request.actor.may(Permission.WRITE_REPORTS, found.office_id):
        raise Http404
    page = page_of_report(found)
    form = TextsForm(request.POST or None, report=found, written=page.written)
    if form.is_valid() and try_action(
        form,
        edit_texts,
        by=request.actor,
        report=found,
        expected_version=form.cleaned_data["version"],
        texts=form.texts,
    ):
        messages.success(request, "Die Texte sind gespeichert.")
        return redirect(found)
    before = _before(found)
    context = {
        "report": found,
        "form": form,
        "names": page.names,
        "before": before,
        "before_written": [w for w in page_of_report(before).written if w.text] if before else [],
    }
    return render(request, "reporting/report_texts.html", context, status=422 if form.errors else 200)


def _before(found: Report) -> Report | None:
    """The last report of this kind to the same recipient."""
    rows = Report.objects.filter(office=found.office, kind=found.kind, recipient=found.recipient)
    return rows.filter(until_on__lt=found.from_on).order_by("-until_on").first()


def _act(request: Request, pk: int, action, said: str, **more) -> HttpResponse:
    """An action without a form: done, or refused with its sentence on the page of the report."""
    found = _report(request, pk)
    try:
        action(by=request.actor, report=found, **more)
    except NotAllowed as refusal:
        return _page(request, found, status=422, problem=refusal.reason)
    messages.success(request, said)
    return redirect(found)


@require_POST
def report_count(request: Request, pk: int) -> HttpResponse:
    return _act(request, pk, count_anew, "Die Zahlen werden neu gezählt.")


@require_POST
def report_stop(request: Request, pk: int) -> HttpResponse:
    return _act(request, pk, stop_counting, "Das Zählen ist abgebrochen; es gelten die Zahlen davor.")


@require_POST
def report_present(request: Request, pk: int) -> HttpResponse:
    version = whole_number(request.POST.get("version"))
    return _act(request, pk, present_report, "Der Bericht liegt der Geschäftsführung vor.", expected_version=version)


@require_POST
def report_approve(request: Request, pk: int) -> HttpResponse:
    version = whole_number(request.POST.get("version"))
    said = "Der Bericht ist freigegeben und ändert sich nicht mehr."
    return _act(request, pk, approve_report, said, expected_version=version)


@require_POST
def report_discard(request: Request, pk: int) -> HttpResponse:
    found = _report(request, pk)
    try:
        discard_report(by=request.actor, report=found)
    except NotAllowed as refusal:
        return _page(request, found, status=422, problem=refusal.reason)
    messages.success(request, "Der Entwurf ist verworfen.")
    return redirect("reporting:reports")


@require_POST
def report_return(request: Request, pk: int) -> HttpResponse:
    found, form = _report(request, pk), ReturnForm(request.POST)
    if form.is_valid() and try_action(
        form, return_report, by=request.actor, report=found, note=form.cleaned_data["note"]
    ):
        messages.success(request, "Der Bericht ist mit Ihrem Hinweis zurückgegeben.")
        return redirect(found)
    return _page(request, found, status=422, return_form=form)


@require_POST
def report_sent(request: Request, pk: int) -> HttpResponse:
    found, form = _report(request, pk), SentForm(request.POST, today=request.today)
    if form.is_valid() and try_action(form, note_sent, by=request.actor, report=found, **form.cleaned_data):
        messages.success(request, "Die Abgabe ist vermerkt.")
        return redirect(found)
    return _page(request, found, status=422, sent_form=form)


@require_POST
def report_due(request: Request, pk: int) -> HttpResponse:
    found, form = _report(request, pk), DueForm(request.POST)
    if form.is_valid() and try_action(
        form, move_report, by=request.actor, report=found, due_on=form.cleaned_data["due_on"]
    ):
        messages.success(request, "Der Termin ist geändert.")
        return redirect(found)
    return _page(request, found, status=422, due_form=form)


@require_safe
@csp_update({"object-src": [SELF]})  # Chromium shows a PDF as an object inside a page of its own
def report_pdf_file(request: Request, pk: int) -> HttpResponse:
    return _file(request, pk, "pdf")


@require_safe
def report_xlsx_file(request: Request, pk: int) -> HttpResponse:
    return _file(request, pk, "xlsx")


def _file(request: Request, pk: int, ending: str) -> HttpResponse:
    found = _report(request, pk)
    if not found.content:
        raise Http404
    try:
        content = report_pdf(found) if ending == "pdf" else report_xlsx(found)
    except LetterError as error:
        raise NotAllowed(str(error)) from error
    kind = "application/pdf" if ending == "pdf" else XLSX
    name = content_disposition_header(as_attachment=ending == "xlsx", filename=f"{found.file_name}.{ending}")
    return HttpResponse(content, content_type=kind, headers={"Content-Disposition": name})
