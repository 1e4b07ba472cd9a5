"""A letter from draft to dispatch: one page on which exactly one button is the next step."""

from csp.constants import SELF
from csp.decorators import csp_update
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cases.actions import letters
from cases.forms.letters import DispatchForm, IssueForm, LetterForm
from cases.letters import addressee, letter_page, letter_pdf, rule_behind, visible_letters, why_not
from cases.queries import visible_case
from offices.errors import ChangedMeanwhile, NotAllowed
from offices.forms import try_action, whole_number
from offices.letterhead import LetterError
from offices.roles import Permission


@require_POST
def letter_draft(request, reference, kind):
    case = visible_case(request.actor, reference)
    letter = letters.draft_letter(by=request.actor, case=case, kind=kind)
    return redirect("cases:letter", letter.pk)


@require_http_methods(["GET", "POST"])
def letter(request, pk):
    """GET shows the letter as it stands, POST saves the draft."""
    letter = _visible(request, pk)
    if request.method != "POST":
        return _show(request, letter)
    form = LetterForm(request.POST)
    if form.is_valid() and _save(request, letter, form):
        messages.success(request, "Der Entwurf ist gespeichert.")
        return redirect("cases:letter", letter.pk)
    return _show(request, letter, form=form)


@require_POST
def letter_issue(request, pk):
    """Saves what stands in the form and issues it."""
    letter = _visible(request, pk)
    form, issue = LetterForm(request.POST), IssueForm(request.POST)
    if all([form.is_valid(), issue.is_valid()]) and (saved := _save(request, letter, form)):
        letter = _visible(request, pk)
        if try_action(
            form, letters.issue_letter, by=request.actor, letter=letter, expected_version=saved.version,
            **issue.cleaned_data,
        ):  # fmt: skip
            messages.success(request, "Das Schreiben ist ausgefertigt. Bitte versenden und den Versand vermerken.")
            return redirect("cases:letter", pk)
    return _show(request, letter, form=form, issue=issue)


@require_POST
def letter_dispatch(request, pk):
    letter = _visible(request, pk)
    form = DispatchForm(request.POST)
    if form.is_valid() and try_action(
        form, letters.dispatch_letter, by=request.actor, letter=letter, **form.cleaned_data
    ):
        messages.success(request, f"{letter.get_kind_display()}: Der Versand ist vermerkt.")
        return redirect(letter.case or letter.transfer)
    return _show(request, letter, dispatch=form)


@require_POST
def letter_withdraw(request, pk):
    letters.withdraw_letter(by=request.actor, letter=_visible(request, pk))
    messages.success(request, "Das Schreiben ist wieder ein Entwurf.")
    return redirect("cases:letter", pk)


@require_POST
def letter_discard(request, pk):
    letter = _visible(request, pk)
    letters.discard_letter(by=request.actor, letter=letter)
    messages.success(request, "Der Entwurf ist verworfen.")
    return redirect(letter.case or letter.transfer)


@require_POST
def letter_preview(request, pk):
    """The page as it would look with what is being typed; nothing is saved."""
    letter = _visible(request, pk)
    for name in letters.EDITABLE:
        setattr(letter, name, request.POST.get(name, getattr(letter, name)))
    return render(request, "cases/_letter_paper.html", {"page": letter_page(letter)})


@require_safe
@csp_update({"object-src": [SELF]})  # Chromium shows a PDF as an object inside a page of its own
def letter_file(request, pk):
    """The PDF: the one that was kept, or made at once from what stands there now."""
    letter = _visible(request, pk)
    try:
        content = _kept(letter) if letter.pdf else letter_pdf(letter)
    except LetterError as error:
        raise NotAllowed(str(error)) from error
    name = f"{letter.get_kind_display()} {(letter.case or letter.transfer).reference}.pdf"
    headers = {"Content-Disposition": content_disposition_header(as_attachment=False, filename=name)}
    return HttpResponse(content, content_type="application/pdf", headers=headers)


def _visible(request, pk):
    return get_object_or_404(visible_letters(request.actor), pk=pk)


def _kept(letter) -> bytes:
    with letter.pdf.file.open("rb") as file:
        return file.read()


def _save(request, letter, form):
    """The saved letter, or None with the reason in the form; differences stay on it for the page."""
    try:
        return letters.edit_letter(
            by=request.actor, letter=letter, expected_version=_version(request), **form.cleaned_data
        )
    except ChangedMeanwhile as conflict:
        form.add_error(None, "Jemand anders hat diesen Entwurf inzwischen geändert. Bitte vergleichen Sie unten.")
        form.differences, form.seen_version = conflict.differences, conflict.version
    except NotAllowed as refusal:
        form.add_error(None, refusal.reason)
    return None


def _version(request) -> int:
    return whole_number(request.POST.get("version"))


def _show(request, letter, *, form=None, issue=None, dispatch=None):
    """The page; forms that were refused come back with what was typed."""
    why_not_write = why_not(request.actor, Permission.WRITE_LETTERS, letter)
    initial = {name: getattr(letter, name) for name in letters.EDITABLE}
    matter = letter.case or letter.transfer
    context = {
        "letter": letter,
        "matter": matter,
        "page": letter_page(letter),
        "person": addressee(matter),
        "rule": rule_behind(letter),
        "version": getattr(form, "seen_version", None) or letter.version,
        "form": form or LetterForm(initial=initial),
        "issue": issue or IssueForm(initial={"dated_on": request.today}),
        "dispatch": dispatch or DispatchForm(initial={"sent_on": request.today}),
        "can_write": letter.issued_at is None and why_not_write is None,
        "why_not_write": why_not_write,
        "why_not_send": why_not(request.actor, Permission.DISPATCH, letter),
    }
    return render(request, "cases/letter.html", context)
