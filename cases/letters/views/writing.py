"""A letter from draft to dispatch: one page on which exactly one button is the next step."""

from csp.constants import SELF
from csp.decorators import csp_update
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cases.contributing import ANSWERS, Contributors, part_of
from cases.letters.actions.blocks import insert_statement, insert_text_block
from cases.letters.actions.writing import BESIDE, EDITABLE, discard_letter, dispatch_letter, draft_letter, edit_letter
from cases.letters.forms.blocks import ChooseBlockForm
from cases.letters.forms.writing import DispatchForm, IssueForm, LetterForm, ReturnLetterForm, WithdrawLetterForm
from cases.letters.reading.paper import addressee, letter_in_sight, letter_page, letter_pdf, rule_behind, why_not
from cases.lookup import visible_case
from cases.models import Letter, Statement
from cases.signing.actions import issue_letter, withdraw_letter
from cases.signing.reading.sign_desk import as_it_will_look, choices, rule_of_signing, stations
from cases.signing.reading.signers import why_not_withdraw
from cases.statements.reading.way import approved_texts
from offices.errors import DRAFT_CHANGED, ChangedMeanwhile, NotAllowed
from offices.forms import try_action, whole_number
from offices.letterhead import LetterError
from offices.roles import Permission


@require_POST
def letter_draft(request, reference, kind):
    answering = Contributors.SETTLING if kind in ANSWERS else None
    case = visible_case(request.actor, reference, contributors=answering)
    letter = draft_letter(by=request.actor, case=case, kind=kind)
    return redirect("cases:letter", letter.pk)


@require_http_methods(["GET", "POST"])
def letter(request, pk):
    """GET shows the letter as it stands, POST saves the draft."""
    letter = visible_letter(request, pk)
    if request.method != "POST":
        return show_letter(request, letter)
    form = LetterForm(request.POST, letter=letter, actor=request.actor)
    if form.is_valid() and save_draft(request, letter, form):
        messages.success(request, "Der Entwurf ist gespeichert.")
        return redirect("cases:letter", letter.pk)
    return show_letter(request, letter, form=form)


@require_POST
def letter_block(request, pk):
    """Saves what stands in the form, with the chosen text block in it."""
    letter = visible_letter(request, pk)
    form = LetterForm(request.POST, letter=letter, actor=request.actor)
    choose = ChooseBlockForm(request.POST, letter=letter)
    if all([form.is_valid(), choose.is_valid()]) and save_draft(
        request, letter, form, insert_text_block, block=choose.cleaned_data["block"]
    ):
        messages.success(request, "Der Textbaustein ist eingefügt, der Entwurf gespeichert.")
        return redirect("cases:letter", pk)
    return show_letter(request, letter, form=form, choose=choose)


@require_POST
def letter_statement(request, pk, statement):
    """Saves what stands in the form, with an approved statement in it word for word."""
    letter = letter_in_sight(request.actor, pk, contributors=False)
    form, approved = LetterForm(request.POST, letter=letter, actor=request.actor), _statement(letter, statement)
    if form.is_valid() and save_draft(request, letter, form, insert_statement, statement=approved):
        messages.success(request, "Die Stellungnahme ist wörtlich eingefügt, der Entwurf gespeichert.")
        return redirect("cases:letter", pk)
    return show_letter(request, letter, form=form)


def _statement(letter, pk):
    return get_object_or_404(Statement, pk=pk, case=letter.case_id)


@require_POST
def letter_issue(request, pk):
    """Saves what stands in the form and issues it."""
    letter = visible_letter(request, pk)
    form, issue = LetterForm(request.POST, letter=letter, actor=request.actor), IssueForm(request.POST)
    if all([form.is_valid(), issue.is_valid()]) and (saved := save_draft(request, letter, form)):
        letter = visible_letter(request, pk)
        if try_action(
            form, issue_letter, by=request.actor, letter=letter, expected_version=saved.version,
            **issue.cleaned_data,
        ):  # fmt: skip
            messages.success(request, "Das Schreiben ist ausgefertigt. Bitte versenden und den Versand vermerken.")
            return redirect("cases:letter", pk)
    return show_letter(request, letter, form=form, issue=issue)


@require_POST
def letter_dispatch(request, pk):
    letter = letter_in_sight(request.actor, pk, contributors=False)
    form = DispatchForm(request.POST)
    if form.is_valid() and try_action(form, dispatch_letter, by=request.actor, letter=letter, **form.cleaned_data):
        messages.success(request, f"{letter.get_kind_display()}: Der Versand ist vermerkt.")
        return redirect(letter.case or letter.transfer)
    return show_letter(request, letter, dispatch=form)


@require_POST
def letter_withdraw(request, pk):
    letter = visible_letter(request, pk)
    form = WithdrawLetterForm(request.POST)
    if form.is_valid() and try_action(form, withdraw_letter, by=request.actor, letter=letter, **form.cleaned_data):
        messages.success(request, "Das Schreiben ist wieder ein Entwurf.")
        return redirect("cases:letter", pk)
    return show_letter(request, letter, take_back=form, status=422)


@require_POST
def letter_discard(request, pk):
    letter = visible_letter(request, pk)
    discard_letter(by=request.actor, letter=letter)
    messages.success(request, "Der Entwurf ist verworfen.")
    return redirect(letter.case or letter.transfer)


@require_POST
def letter_preview(request, pk):
    """The page as it would look with what is being typed; nothing is saved."""
    letter = visible_letter(request, pk)
    for name in EDITABLE:
        setattr(letter, name, request.POST.get(name, getattr(letter, name)))
    return render(request, "letters/_letter_paper.html", {"page": letter_page(as_it_will_look(request.actor, letter))})


@require_safe
@csp_update({"object-src": [SELF]})  # Chromium shows a PDF as an object inside a page of its own
def letter_file(request, pk):
    """The PDF: the one that was kept, or made at once from what stands there now."""
    letter = visible_letter(request, pk)
    try:
        content = _kept(letter) if letter.pdf else letter_pdf(as_it_will_look(request.actor, letter))
    except LetterError as error:
        raise NotAllowed(str(error)) from error
    name = f"{letter.get_kind_display()} {(letter.case or letter.transfer).reference}.pdf"
    headers = {"Content-Disposition": content_disposition_header(as_attachment=False, filename=name)}
    return HttpResponse(content, content_type="application/pdf", headers=headers)


def visible_letter(request, pk):
    return letter_in_sight(request.actor, pk)


def _kept(letter) -> bytes:
    with letter.pdf.file.open("rb") as file:
        return file.read()


def save_draft(request, letter, form, action=edit_letter, **arguments):
    """The saved letter, or None with the reason in the form; differences stay on it for the page."""
    try:
        saved = action(
            by=request.actor, letter=letter, expected_version=version_seen(request), **form.entered, **arguments
        )
    except ChangedMeanwhile as conflict:
        form.add_error(None, DRAFT_CHANGED)
        form.differences, form.seen_version = conflict.differences, conflict.version
    except NotAllowed as refusal:
        form.add_error(None, refusal.reason)
    else:
        _ask_for_another_talk(request, form, saved)
        return saved
    return None


def _ask_for_another_talk(request, form, saved) -> None:
    """The Rücksprache was about the former text: the box comes back empty, and it says why."""
    if form.cleaned_data.get("consulted") and not saved.consulted:
        messages.warning(request, "Der Text ist seit der Rücksprache geändert; bitte bestätigen Sie sie neu.")
        form.data = {name: value for name, value in form.data.items() if name != "consulted"}


def version_seen(request) -> int:
    return whole_number(request.POST.get("version"))


def show_letter(
    request, letter, *, form=None, issue=None, dispatch=None, choose=None, send_back=None, take_back=None, status=200
):
    """The page; forms that were refused come back with what was typed."""
    why_not_write = why_not(request.actor, Permission.WRITE_LETTERS, letter)
    initial = {name: getattr(letter, name) for name in (*EDITABLE, *BESIDE)}
    matter = letter.case or letter.transfer
    can_write = letter.state == "Entwurf" and why_not_write is None
    part = part_of(request.actor, letter.case) if letter.case else None
    quotes = can_write and letter.kind == Letter.Kind.FINAL and part is None
    context = {
        "letter": letter,
        "matter": matter,
        "back_label": "Zum Vorgang" if letter.case else "Zur Abgabe",
        "page": letter_page(as_it_will_look(request.actor, letter)),
        "person": addressee(matter),
        "rule": rule_behind(letter),
        "rule_line": rule_of_signing(letter),
        "version": getattr(form, "seen_version", None) or letter.version,
        "form": form or LetterForm(initial=initial, letter=letter, actor=request.actor),
        "issue": issue or IssueForm(initial={"dated_on": request.today}),
        "choose": choose or ChooseBlockForm(letter=letter),
        "dispatch": dispatch or DispatchForm(initial={"sent_on": request.today}),
        "send_back": send_back or ReturnLetterForm(),
        "take_back": take_back or WithdrawLetterForm(),
        "why_not_withdraw": why_not_write or why_not_withdraw(request.actor, letter),
        "stations": stations(letter, request.today),
        "may": choices(request.actor, letter),
        "can_write": can_write,
        "approved": approved_texts(letter.case) if quotes else [],
        "in_part": part is not None,
        "why_not_write": why_not_write,
        "why_not_send": why_not(request.actor, Permission.DISPATCH, letter),
    }
    return render(request, "letters/letter.html", context, status=status)
