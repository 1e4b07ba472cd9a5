"""The end of a case: oral answer, closing, re-opening."""

from urllib.parse import urlencode

from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from cases.closing import actions
from cases.closing.forms import AnswerForm, CloseForm, GoOnForm, ReopenForm
from cases.closing.reading import closing_facts, objections_beside, owes_directive, was_answered_before, why_not_answer
from cases.contributing import Contributors
from cases.lookup import is_in_sight, visible_case
from cases.models import Transfer
from cases.permissions import check_may, why_not_move
from cases.rule_lines import rule_line
from cases.rules.completeness import missing
from cases.rules.kinds import Kind, Settlement
from cases.rules.lifecycle import Status, Step, target_of
from cases.rules.signing import consultation
from cases.seams import closing_gaps
from cases.signing.reading.signers import to_consult_before_talk
from offices.errors import NotAllowed
from offices.forms import try_action
from offices.roles import Permission, Role

ANSWERED = "Der Vermerk ist der Nachweis der Erledigung. Die Frist für den Abschluss gilt damit als erledigt."
STILL_OWED = "Abgeschlossen wird der Vorgang erst nach der Verfügung der Geschäftsführung (K19); sie fehlt noch."


@require_http_methods(["GET", "POST"])
def answer(request, reference):
    case = _case_for(request, reference, Step.ANSWER, Permission.WORK, Contributors.SETTLING)
    if reason := why_not_move(request.actor, Permission.WORK, case) or why_not_answer(case):
        raise NotAllowed(reason)
    to_consult = to_consult_before_talk(request.actor, case)
    form = AnswerForm(request.POST or None, initial={"on": request.today}, to_consult=to_consult)
    if form.is_valid() and try_action(form, actions.answer_orally, by=request.actor, case=case, **form.cleaned_data):
        messages.success(request, "Das Gespräch ist vermerkt; der Vorgang gilt als beantwortet.")
        return redirect(case) if is_in_sight(request.actor, case) else redirect("home")
    context = {
        "case": case,
        "form": form,
        "title": "Im Gespräch beantworten",
        "lead": "Für den Fall, dass die Person das Ergebnis persönlich oder am Telefon erfahren hat.",
        "rule": f"{ANSWERED} {STILL_OWED}" if owes_directive(case) else ANSWERED,
        "button": "Gespräch vermerken",
        "rule_line": rule_line(case, *_rule_of_answer(to_consult)),
    }
    return render(request, "workplace/case_form.html", context)


@require_http_methods(["GET", "POST"])
def close(request, reference):
    case = _case_for(request, reference, Step.CLOSE, Permission.CLOSE)
    objections = objections_beside(case)
    initial = {"settlement": _likely_settlement(case)}
    form = CloseForm(request.POST or None, case=case, objections=objections, initial=initial)
    if form.is_valid() and try_action(
        form, actions.close, by=request.actor, case=case, concern_outcomes=form.concern_outcomes, **form.entered
    ):
        messages.success(request, f"{case.reference} ist abgeschlossen (z.d.A.).")
        return redirect(case)
    context = {
        "case": case,
        "form": form,
        "gaps": _gaps(request.actor, case, form),
        "drafts": case.letters.filter(issued_at__isnull=True),
        "objections": Transfer.objects.visible_to(request.actor).filter(case=case, reference__in=objections),
        "retention_years": case.rule_set.parameters.retention_years,
        "rule_line": rule_line(case, "documentation"),
    }
    return render(request, "closing/close.html", context)


@require_http_methods(["GET", "POST"])
def go_on(request, reference):
    case = _case_for(request, reference, Step.GO_ON, Permission.CLOSE)
    form = GoOnForm(request.POST or None)
    if form.is_valid() and try_action(form, actions.go_on, by=request.actor, case=case, **form.cleaned_data):
        messages.success(request, "Der Vorgang liegt wieder beim KRM; in drei Arbeitstagen wird er vorgelegt.")
        return redirect(case)
    context = {
        "case": case,
        "form": form,
        "title": "Weiter bearbeiten",
        "lead": "Für einen beantworteten Vorgang, zu dem noch etwas fehlt, etwa ein Beitrag oder eine Zeichnung.",
        "rule": "Was geantwortet wurde, bleibt, mit seinem Tag. Erfüllte Fristen laufen nicht neu.",
        "button": "Weiter bearbeiten",
        "rule_line": rule_line(case, "conduct_complaint" if case.kind == Kind.CONDUCT_COMPLAINT else "closure"),
    }
    return render(request, "workplace/case_form.html", context)


@require_http_methods(["GET", "POST"])
def reopen(request, reference):
    case = _case_for(request, reference, Step.REOPEN, Permission.CLOSE)
    form = ReopenForm(request.POST or None)
    if form.is_valid() and try_action(form, actions.reopen, by=request.actor, case=case, **form.cleaned_data):
        messages.success(request, "Der Vorgang ist wieder aufgenommen; neue Fristen laufen ab heute.")
        return redirect(case)
    context = {
        "case": case,
        "form": form,
        "title": "Vorgang wieder aufnehmen",
        "lead": "Der Eingang im Haus bleibt der erste. Neue Fristen zählen ab heute.",
        "rule": "Das bisherige Ergebnis bleibt zusammen mit Ihrer Begründung im Verlauf stehen.",
        "button": "Wieder aufnehmen",
        "rule_line": rule_line(case, "closure"),
    }
    return render(request, "workplace/case_form.html", context)


def _rule_of_answer(to_consult: tuple[Role, ...]) -> tuple[str, ...]:
    """What the office asks before the talk; else the period that ends with it."""
    return ("signature", consultation(to_consult)) if to_consult else ("closure",)


def _case_for(request, reference, step, permission, contributors=None):
    """The case, if this step is possible for it and open to this person; the reason stands on the page otherwise."""
    case = visible_case(request.actor, reference, contributors=contributors)
    check_may(request.actor, permission, case)
    target_of(step, Status(case.status))
    return case


def _gaps(actor, case, form) -> list[dict[str, str]]:
    """What is still missing, each with its source and a link to where it is entered."""
    entered = form.entered
    before = (entered.pop("repeated_reference"), entered.pop("repeated_on"))
    facts = closing_facts(case, answered_before=was_answered_before(actor, case, *before), **entered)
    found = missing(Step.CLOSE, facts)
    own = [{"key": g.key, "sentence": g.sentence, "source": g.source, "url": _place(actor, case, g)} for g in found]
    added = [{"key": g.key, "sentence": g.sentence, "source": g.source, "url": g.url} for g in closing_gaps(case)]
    return own + added


def _place(actor, case, gap) -> str:
    """A field of this page, a part of the case's page, a page of its own, or the Abgabe that has to leave."""
    if gap.done_by_work and case.status == Status.ANSWERED:
        return reverse("cases:go_on", args=[case.reference])
    if gap.field:
        return f"#id_{gap.field}"
    if gap.url_name:
        return reverse(f"cases:{gap.url_name}", args=[case.reference])
    if gap.reason:
        return _transfer_page(actor, case, gap.reason)
    return f"{case.get_absolute_url()}#{gap.anchor}"


def _transfer_page(actor, case, reason) -> str:
    """Where it is handed over; before that, where it is split off the case."""
    if waiting := Transfer.objects.visible_to(actor).pending().filter(case=case, reason=reason).first():
        return waiting.get_absolute_url()
    return f"{reverse('cases:transfer_new')}?{urlencode({'case': case.reference, 'reason': reason})}"


def _likely_settlement(case) -> str:
    """A proposal for the form: what was already noted, or that nobody waits for an answer."""
    nobody_waits = case.is_anonymous or case.is_card or case.kind == Kind.PRAISE
    return case.settlement or (Settlement.NONE_NEEDED if nobody_waits else "")
