"""Giving a letter to signature, co-signing, signing, returning it; and the desk where one signs after the other."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from cases.contributing import is_shown, part_of
from cases.letters.forms.writing import LetterForm, ReturnLetterForm
from cases.letters.reading.paper import letter_page, visible_letters
from cases.letters.views.writing import save_draft, show_letter, version_seen, visible_letter
from cases.models import Case
from cases.signing.actions import co_sign_letter, issue_letter, return_letter, submit_letter
from cases.signing.reading.sign_desk import (
    approvals,
    as_it_will_look,
    choices,
    in_five_lines,
    in_two_lines,
    rule_of_signing,
    stations,
    waiting_for,
)
from offices.forms import try_action, whole_number

SIGNED = "Das Schreiben ist gezeichnet. Das KRM versendet es und vermerkt den Versand."


@require_POST
def letter_submit(request, pk):
    """Saves what stands in the form and gives it to signature."""
    letter = visible_letter(request, pk)
    form = LetterForm(request.POST, letter=letter, actor=request.actor)
    if form.is_valid() and (saved := save_draft(request, letter, form)):
        letter = visible_letter(request, pk)
        if try_action(
            form, submit_letter, by=request.actor, letter=letter, expected_version=saved.version,
            specialist=form.cleaned_data.get("specialist"),
        ):  # fmt: skip
            messages.success(request, "Das Schreiben ist zur Zeichnung gegeben; der Text steht solange fest.")
            return _next(request, letter)
    return show_letter(request, letter, form=form, status=422)


@require_POST
def letter_co_sign(request, pk):
    letter = visible_letter(request, pk)
    co_sign_letter(by=request.actor, letter=letter, expected_version=version_seen(request))
    messages.success(request, "Sie haben das Schreiben mitgezeichnet.")
    return _next(request, letter)


@require_POST
def letter_sign(request, pk):
    """The Schlusszeichnung of what was given to signature, dated today."""
    letter = visible_letter(request, pk)
    issue_letter(by=request.actor, letter=letter, expected_version=version_seen(request), dated_on=request.today)
    messages.success(request, SIGNED)
    return _next(request, letter)


@require_POST
def letter_return(request, pk):
    letter = visible_letter(request, pk)
    form = ReturnLetterForm(request.POST)
    if form.is_valid() and try_action(form, return_letter, by=request.actor, letter=letter, **form.cleaned_data):
        messages.success(request, "Das Schreiben ist mit Ihrem Hinweis zurück beim Entwurf.")
        return _next(request, letter)
    return show_letter(request, letter, send_back=form, status=422)


@require_safe
def sign_desk(request):
    """One after the other: the letter as it will look, the case in five lines, who has approved and co-signed."""
    waiting = waiting_for(request.actor)
    count = len(waiting)
    number = min(max(whole_number(request.GET.get("nr")), 1), count or 1)
    context = {"count": count, "number": number, "next_number": number % count + 1 if count else 1}
    if waiting:
        letter = waiting[number - 1]
        part = part_of(request.actor, letter.case) if letter.case else None
        context |= {
            "letter": letter,
            "place": f"{number} von {count}",
            "matter": letter.case or letter.transfer,
            "page": letter_page(as_it_will_look(request.actor, letter)),
            "may": choices(request.actor, letter),
            "lines": in_two_lines(letter) if part else in_five_lines(letter),
            "approvals": [] if part else approvals(letter),
            "stations": stations(letter, request.today),
            "rule_line": rule_of_signing(letter),
            "send_back": ReturnLetterForm(),
        }
    return render(request, "signing/sign_desk.html", context)


def _next(request, letter):
    """From the desk to what waits next there, else back to the letter, the case or home, what of it is in sight."""
    if request.POST.get("desk"):
        return redirect("cases:sign_desk")
    if not visible_letters(request.actor).filter(pk=letter.pk).exists():
        return redirect("home")
    case = Case.objects.get(pk=letter.case_id) if letter.case_id else None  # as it is since
    return redirect("cases:letter", letter.pk) if is_shown(request.actor, case, letter) else redirect(letter.case)
