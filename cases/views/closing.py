"""The end of a case: oral answer, closing, re-opening."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from cases.actions import close as actions
from cases.forms.close import AnswerForm, CloseForm, ReopenForm
from cases.permissions import check_may
from cases.queries import closing_facts, visible_case
from cases.rules.completeness import missing
from cases.rules.kinds import Kind, Settlement
from cases.rules.lifecycle import Status, Step, target_of
from offices.forms import try_action
from offices.roles import Permission


@require_http_methods(["GET", "POST"])
def answer(request, reference):
    case = _case_for(request, reference, Step.ANSWER, Permission.WORK)
    form = AnswerForm(request.POST or None, initial={"on": request.today})
    if form.is_valid() and try_action(form, actions.answer_orally, by=request.actor, case=case, **form.cleaned_data):
        messages.success(request, "Das Gespräch ist vermerkt; der Vorgang gilt als beantwortet.")
        return redirect(case)
    context = {
        "case": case,
        "form": form,
        "title": "Im Gespräch beantworten",
        "lead": "Für den Fall, dass die Person das Ergebnis persönlich oder am Telefon erfahren hat.",
        "rule": "Der Vermerk ist der Nachweis der Erledigung. Die Frist für den Abschluss gilt damit als erledigt.",
        "button": "Gespräch vermerken",
    }
    return render(request, "cases/case_form.html", context)


@require_http_methods(["GET", "POST"])
def close(request, reference):
    case = _case_for(request, reference, Step.CLOSE, Permission.CLOSE)
    form = CloseForm(request.POST or None, case=case, initial={"settlement": _likely_settlement(case)})
    if form.is_valid() and try_action(
        form, actions.close, by=request.actor, case=case, concern_outcomes=form.concern_outcomes, **form.entered
    ):
        messages.success(request, f"{case.reference} ist abgeschlossen (z.d.A.).")
        return redirect(case)
    context = {
        "case": case,
        "form": form,
        "gaps": _gaps(case, form),
        "drafts": case.letters.filter(issued_at__isnull=True),
        "retention_years": case.rule_set.parameters.retention_years,
    }
    return render(request, "cases/close.html", context)


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
    }
    return render(request, "cases/case_form.html", context)


def _case_for(request, reference, step, permission):
    """The case, if this step is possible for it and open to this person; the reason stands on the page otherwise."""
    case = visible_case(request.actor, reference)
    check_may(request.actor, permission, case)
    target_of(step, Status(case.status))
    return case


def _gaps(case, form) -> list[dict[str, str]]:
    """What is still missing, each with a link to where it is entered: a field of this page or a part of the case's."""
    found = missing(Step.CLOSE, closing_facts(case, **form.entered))
    return [
        {
            "key": gap.key,
            "sentence": gap.sentence,
            "url": f"#id_{gap.field}" if gap.field else f"{case.get_absolute_url()}#{gap.anchor}",
        }
        for gap in found
    ]


def _likely_settlement(case) -> str:
    """A proposal for the form: what was already noted, or that nobody waits for an answer."""
    nobody_waits = case.is_anonymous or case.is_card or case.kind == Kind.PRAISE
    return case.settlement or (Settlement.NONE_NEEDED if nobody_waits else "")
