"""The ladder, the personal talk, the Lob on its way, and ticking off what one was asked to take note of."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from cases.asking import take_note, tick
from cases.contributing import Contributors, is_shown
from cases.handling.actions.escalate import climb
from cases.handling.actions.praise import check_is_praise, pass_on_praise
from cases.handling.actions.talk import note_talk
from cases.handling.forms.ladder import EscalateForm, PraiseForm, TalkForm
from cases.handling.reading.ladder import LadderRow, LadderView, ladder
from cases.lookup import is_in_sight, visible_case
from cases.models import Assignment, Case
from cases.permissions import check_may, why_may_not
from cases.rule_lines import rule_line
from cases.rules.escalation import in_one_line
from cases.rules.lifecycle import Status, check_is_open
from offices.forms import try_action, whole_number
from offices.roles import Permission

TALK_FIRST = "das persönliche Gespräch kommt zuerst, der Fachbereich prüft es vor jedem Schreiben"


@require_http_methods(["GET", "POST"])
def escalate(request, reference):
    """Everybody who sees the case reads its ladder; who works on it enters the next rung."""
    case = visible_case(request.actor, reference, contributors=Contributors.SETTLING)
    view = ladder(case, request.today)
    why_not = view.why_not or why_may_not(request.actor, Permission.WORK, case)
    row = _chosen(view, (request.POST or request.GET).get("number"))
    form = None
    if request.method == "POST" or (row and not why_not):
        form = EscalateForm(request.POST or None, case=case, rung=row.rung, actor=request.actor)
    if form and form.is_valid() and try_action(form, climb, by=request.actor, case=case, **form.arguments):
        messages.success(request, f"Stufe {row.rung.number} ist eingetragen.")
        return onward(request, case)
    context = {
        "case": case,
        "ladder": view,
        "why_not": why_not,
        "chosen": row,
        "others": [other for other in view.rows if other.is_possible and other != row],
        "form": form,
        "rule_line": rule_line(case, "ladder", in_one_line(case.rule_set.parameters.ladder)),
    }
    return render(request, "handling/escalate.html", context, status=422 if form and form.is_bound else 200)


def _chosen(view: LadderView, number: str | None) -> LadderRow:
    """The rung that was asked for, else the next one, else the last: the action says why it is not possible."""
    wanted = next((row for row in view.rows if row.rung.number == whole_number(number)), None)
    return wanted or view.next or view.rows[-1]


@require_http_methods(["GET", "POST"])
def talk(request, reference):
    case = visible_case(request.actor, reference, contributors=Contributors.SETTLING)
    check_may(request.actor, Permission.WORK, case)
    check_is_open(Status(case.status))
    form = TalkForm(request.POST or None, initial={"talk": case.talk, "on": request.today})
    if form.is_valid() and try_action(form, note_talk, by=request.actor, case=case, **form.cleaned_data):
        messages.success(request, f"Vermerkt: {case.reference}, persönliches Gespräch.")
        return onward(request, case)
    first = case.rule_set.parameters.practice.talk_first
    context = {
        "case": case,
        "form": form,
        "title": "Persönliches Gespräch",
        "lead": "Ob der Person ein Gespräch angeboten wurde und ob es stattgefunden hat.",
        "rule": "Erfährt sie im Gespräch das Ergebnis, wird es stattdessen als Antwort vermerkt.",
        "button": "Vermerken",
        "rule_line": rule_line(case, "practice", TALK_FIRST) if first else None,
    }
    return render(request, "workplace/case_form.html", context, status=422 if form.is_bound else 200)


@require_http_methods(["GET", "POST"])
def praise(request, reference):
    case = visible_case(request.actor, reference)
    check_may(request.actor, Permission.ASSIGN, case)
    check_is_open(Status(case.status))
    check_is_praise(case)
    form = PraiseForm(request.POST or None, case=case)
    asked = form.is_valid() and try_action(form, pass_on_praise, by=request.actor, case=case, **form.cleaned_data)
    if asked:
        messages.success(request, f"Das Lob liegt jetzt bei {asked.user}.")
        return onward(request, case)
    context = {
        "case": case,
        "form": form,
        "title": "Lob weitergeben",
        "lead": "Die Führungskraft sieht den Vorgang und nimmt das Lob zur Kenntnis.",
        "rule": "",
        "button": "Weitergeben",
        "rule_line": rule_line(case, "praise"),
    }
    return render(request, "workplace/case_form.html", context, status=422 if form.is_bound else 200)


@require_POST
def assignment_done(request, pk):
    visible = Assignment.objects.filter(case__in=Case.objects.visible_to(request.actor)).select_related("case")
    asked = get_object_or_404(visible, pk=pk)
    if not is_shown(request.actor, asked.case, asked):
        raise Http404
    tick(by=request.actor, assignment=asked)
    messages.success(request, f"Erledigt: {asked}.")
    return onward(request, asked.case)


@require_POST
def assignments_noted(request):
    """What was chosen on „Mein Tag“ is taken note of; what is no longer in sight has ended already."""
    chosen = [whole_number(pk) for pk in request.POST.getlist("auftrag")]
    visible = Assignment.objects.filter(case__in=Case.objects.visible_to(request.actor)).select_related("case")
    count = take_note(by=request.actor, assignments=list(visible.filter(pk__in=chosen)))
    if count:
        messages.success(request, f"{count} zur Kenntnis genommen.")
    else:
        messages.info(request, "Es war nichts ausgewählt, das noch offen ist.")
    return redirect("home")


def onward(request, case: Case):
    """Back to the case, or to the start page where one's own access has ended with the step."""
    return redirect(case) if is_in_sight(request.actor, case) else redirect("home")
