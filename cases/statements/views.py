"""Statements: asked for, and one page on which each station sees what it is asked and does its part."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.text import capfirst
from django.views.decorators.http import require_http_methods, require_POST

from cases.contributing import Contributors, is_shown, part_of
from cases.lookup import is_in_sight, visible_case
from cases.models import Statement
from cases.permissions import check_may, why_may_not
from cases.rules.kinds import Kind
from cases.statements.actions import asking
from cases.statements.actions.way import (
    add_statement_file,
    edit_statement,
    hand_on,
    remove_statement_file,
    return_statement,
    sign_statement,
)
from cases.statements.forms import (
    DelegateForm,
    RequestForm,
    ReturnStatementForm,
    SignForm,
    StatementFileForm,
    StatementForm,
    WithdrawStatementForm,
)
from cases.statements.reading.page import (
    return_note,
    return_stations,
    rule_behind,
    sign_button,
    sign_consequence,
    station_rows,
    unsaved_differences,
    version_rows,
)
from cases.statements.reading.way import (
    may_write_instead,
    station_of,
    title_of,
    visible_statement,
    whose_words,
    why_no_delegate,
    why_not_return,
    why_not_sign,
    why_not_write,
)
from offices.errors import DRAFT_CHANGED, ChangedMeanwhile, NotAllowed
from offices.forms import try_action, whole_number
from offices.queries import Actor
from offices.roles import Permission

ONE = "Es schreibt die Leitung der Einheit; freigeben muss jemand anders."
BOTH = (
    "Die Leitung schreibt beides: die Stellungnahme der betroffenen Person, die selbst keinen Zugriff hat, und die "
    "fachliche Abschlusswertung. Beide sollen so stehen, dass sie unverändert in das Schreiben passen."
)
LEADS = {Kind.CONDUCT_COMPLAINT: BOTH}


@require_http_methods(["GET", "POST"])
def statement_request(request, reference):
    case = visible_case(request.actor, reference)
    check_may(request.actor, Permission.DIRECT, case)
    form = RequestForm(request.POST or None, case=case, actor=request.actor, initial={"unit": case.unit_id})
    if form.is_valid() and try_action(form, asking.request_statement, by=request.actor, case=case, **form.cleaned_data):
        messages.success(request, f"Die Stellungnahme ist angefordert bis {form.cleaned_data['due_on']:%d.%m.%Y}.")
        return redirect(case)
    context = {
        "case": case,
        "form": form,
        "title": "Stellungnahme anfordern",
        "lead": LEADS.get(case.kind, ONE),
        "button": "Anfordern",
        "rule_line": rule_behind(case),
    }
    return render(request, "workplace/case_form.html", context, status=422 if form.is_bound else 200)


@require_http_methods(["GET", "POST"])
def statement(request, pk):
    """GET shows it as it stands, POST saves the draft."""
    found = own_statement(request, pk)
    if request.method != "POST":
        return _show(request, found)
    form = StatementForm(request.POST)
    if form.is_valid() and _saved(request, found, form):
        messages.success(request, "Der Entwurf ist gespeichert.")
        return redirect("cases:statement", pk)
    return _show(request, found, form=form)


@require_POST
def statement_hand_on(request, pk):
    """Saves what stands in the form and passes it on."""
    found, form = own_statement(request, pk), StatementForm(request.POST)
    if form.is_valid() and (saved := _saved(request, found, form)):
        version = {"expected_version": saved.version}
        if done := try_action(form, hand_on, by=request.actor, statement=found, **version):
            return _passed(request, done)
    return _show(request, found, form=form)


@require_POST
def statement_sign(request, pk):
    """Co-signs or approves, as the station says."""
    found, form = own_statement(request, pk), SignForm(request.POST)
    asked = {"by": request.actor, "statement": found, "expected_version": _version(request)}
    if form.is_valid() and (done := try_action(form, sign_statement, **asked)):
        return _passed(request, done)
    return _show(request, found, sign=form)


@require_POST
def statement_return(request, pk):
    found = own_statement(request, pk)
    form = ReturnStatementForm(request.POST, stations=return_stations(found))
    asked = {"by": request.actor, "statement": found}
    if form.is_valid() and (done := try_action(form, return_statement, **asked, **form.cleaned_data)):
        return _passed(request, done)
    return _show(request, found, back=form)


@require_POST
def statement_withdraw(request, pk):
    found, form = visible_statement(request.actor, pk), WithdrawStatementForm(request.POST)
    asked = {"by": request.actor, "statement": found}
    if form.is_valid() and try_action(form, asking.withdraw_statement, **asked, **form.cleaned_data):
        messages.success(request, "Die Stellungnahme ist zurückgezogen.")
        return redirect(found.case)
    return _show(request, found, withdraw=form)


@require_POST
def statement_delegate(request, pk):
    found = own_statement(request, pk)
    form = DelegateForm(request.POST, people=may_write_instead(found, request.actor))
    asked = {"by": request.actor, "statement": found}
    if form.is_valid() and (done := try_action(form, asking.delegate, **asked, **form.cleaned_data)):
        return _passed(request, done)
    return _show(request, found, delegate=form)


@require_POST
def statement_file(request, pk):
    """Saves the text beside it too, so that nothing typed is lost."""
    found, form = own_statement(request, pk), StatementForm(request.POST)
    upload = StatementFileForm(request.POST, request.FILES)
    valid = all([form.is_valid(), upload.is_valid()]) and _saved(request, found, form)
    asked = {"by": request.actor, "statement": found}
    if valid and try_action(upload, add_statement_file, **asked, file=upload.cleaned_data["files"]):
        messages.success(request, "Die Anlage liegt der Stellungnahme bei.")
        return redirect("cases:statement", pk)
    return _show(request, found, form=form, upload=upload)


@require_POST
def statement_file_remove(request, pk, document):
    found, form = own_statement(request, pk), StatementForm(request.POST)
    file = get_object_or_404(found.files, pk=document)
    if form.is_valid() and _saved(request, found, form):
        remove_statement_file(by=request.actor, statement=found, document=file)
        messages.success(request, f"„{file.name}“ liegt der Stellungnahme nicht mehr bei.")
        return redirect("cases:statement", pk)
    return _show(request, found, form=form)


def own_statement(request, pk) -> Statement:
    """For who sees the case as a whole, and for those who write, co-sign or approve this one."""
    return visible_statement(request.actor, pk, Contributors.ASKED)


def _saved(request, found, form):
    """The saved draft, or None with the reason in the form; differences stay on it for the page."""
    asked = {"by": request.actor, "statement": found, "expected_version": _version(request)}
    try:
        return edit_statement(**asked, **form.cleaned_data)
    except ChangedMeanwhile as conflict:
        form.add_error(None, DRAFT_CHANGED)
        form.differences, form.seen_version = conflict.differences, conflict.version
    except NotAllowed as refusal:
        form.add_error(None, refusal.reason)
    return None


def _version(request) -> int:
    return whole_number(request.POST.get("version"))


def _passed(request, done: Statement):
    """Says where it lies now; the approved one lies with the KRM."""
    station = station_of(done)
    where = f"liegt jetzt bei {station.user} ({station.get_part_display()})" if done.is_open else "ist freigegeben"
    messages.success(request, f"{capfirst(done.get_kind_display())} {where}.")
    return onward(request.actor, done)


def onward(actor: Actor, done: Statement):
    """To the statement, or to the case or the start page where it is no longer in one's own hands."""
    if not is_in_sight(actor, done.case):
        return redirect("home")
    is_theirs = is_shown(actor, done.case, done)
    return redirect("cases:statement", done.pk) if is_theirs else redirect(done.case)


def _show(request, found, *, form=None, upload=None, sign=None, back=None, withdraw=None, delegate=None):
    """The page; forms that were refused come back with what was typed."""
    refused = [it for it in (form, upload, sign, back, withdraw, delegate) if it and it.is_bound and it.errors]
    actor, current = request.actor, own_statement(request, found.pk)
    people = may_write_instead(current, actor)
    context = {
        "statement": current,
        "case": current.case,
        "title": title_of(current, current.case),
        "words_of": whose_words(current.case) if current.kind == "employee" else "",
        "station": station_of(current),
        "stations": station_rows(current),
        "versions": version_rows(current),
        "unsaved": unsaved_differences(current),
        "note": return_note(current),
        "rule_line": rule_behind(current.case),
        "version": getattr(form, "seen_version", None) or current.version,
        "form": form or StatementForm(initial={"text": current.text}),
        "upload": upload or StatementFileForm(),
        "sign_button": sign_button(current),
        "sign_consequence": sign_consequence(current),
        "sign": sign or SignForm(),
        "back": back or ReturnStatementForm(stations=return_stations(current)),
        "withdraw": withdraw or WithdrawStatementForm(),
        "delegate": delegate or DelegateForm(people=people),
        "refused": refused,
        "in_part": part_of(actor, current.case) is not None,
        "why_not_write": why_not_write(actor, current),
        "why_not_sign": why_not_sign(actor, current),
        "why_not_return": why_not_return(actor, current),
        "why_not_delegate": why_no_delegate(actor, current) or ("" if people.exists() else "niemand"),
        "why_not_withdraw": why_may_not(actor, Permission.DIRECT, current.case),
    }
    return render(request, "statements/statement.html", context, status=422 if refused else 200)
