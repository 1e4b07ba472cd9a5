"""The page of the technical administration: what works and what does not, mails that wait, tasks to be done."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from cases.models import Mail
from cases.outbox.actions.queue import finish_task, try_again, try_all_again
from cases.outbox.reading import mails_of, offices_without_rules, tasks_of
from cases.paging import page_of
from krm.operations.health.checks import uptime
from krm.operations.health.report import WORDS, State, report_with_database
from offices.middleware import Request
from offices.roles import Permission

BADGES = {State.OK: "success", State.WARN: "warning", State.RED: "danger", State.UNKNOWN: "neutral"}


@require_safe
def technical(request: Request) -> HttpResponse:
    """The same checks as /health/ready, with words; then tasks and mails of the actor's offices."""
    _check(request)
    now = timezone.now()
    found = report_with_database(now, uptime())
    mails = mails_of(request.actor)
    context = {
        "rows": [
            {"finding": finding, "word": WORDS[finding.state], "badge": BADGES[finding.state]}
            for finding in found.findings
        ],
        "without_rules": offices_without_rules(request.today),
        "tasks": tasks_of(request.actor),
        "page": page_of(mails, request.GET.get("page", "")).page,
        "may_hurry": mails.filter(state=Mail.State.QUEUED, next_try_at__gt=now).exists(),
        "now": now,
    }
    return render(request, "technical.html", context)


@require_POST
def mail_again(request: Request, pk: int) -> HttpResponse:
    _check(request)
    mail = try_again(by=request.actor, mail=get_object_or_404(mails_of(request.actor), pk=pk))
    messages.success(request, f"Die E-Mail an {mail.to} wird gleich noch einmal versucht.")
    return redirect("technical")


@require_POST
def mails_again(request: Request) -> HttpResponse:
    _check(request)
    count = try_all_again(by=request.actor)
    word = "Eine E-Mail wird" if count == 1 else f"{count} E-Mails werden"
    messages.success(request, f"{word} gleich noch einmal versucht.")
    return redirect("technical")


@require_POST
def task_done(request: Request, pk: int) -> HttpResponse:
    _check(request)
    finish_task(by=request.actor, deadline=get_object_or_404(tasks_of(request.actor), pk=pk))
    messages.success(request, "Die Aufgabe ist erledigt.")
    return redirect("technical")


def _check(request: Request) -> None:
    if not request.actor.may(Permission.READ_HEALTH):
        raise Http404
